"""Style: how a picture is made and what it looks like, as the text tells; the local told in a global language."""

from __future__ import annotations

from otklik.content.reading import Reading
from otklik.content.taxonomy import FOREIGN_FRAMES, STYLES
from otklik.features.catalog import Columns, Context, Feature
from otklik.features.readings import Facts, columns_of, in_title

FEATURES = (
    *(Feature(f"style__{name}", "1", f"Words of the style {name}, at most 3.") for name in STYLES),
    Feature("style__in_title", "0/1", "A word of style stands in the title."),
    Feature("style__local_global", "0/1", "A place or sign of Russia together with a global style or trend."),
    Feature("style__synthetic_media", "0/1", "The platform's own label: made with AI."),
)
_TOLD = FEATURES[:-1]


def facts(reading: Reading, title_length: int) -> Facts:
    """What a reading says of style."""
    spans = reading.of("style")
    is_local = bool(reading.regions) or bool(reading.of("sign"))
    is_global = any(span.name in FOREIGN_FRAMES for span in spans)
    return {
        **{f"style__{name}": float(min(3, sum(span.name == name for span in spans))) for name in STYLES},
        "style__in_title": in_title(spans, title_length),
        "style__local_global": float(is_local and is_global),
    }


def compute(context: Context) -> Columns:
    """Style features of each example."""
    label = context.column("synthetic_media").astype("Float64").to_numpy(dtype=float, na_value=float("nan"))
    return {**columns_of(context, _TOLD, facts), "style__synthetic_media": label}
