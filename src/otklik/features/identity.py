"""Identity: we, our and home; the own language; appeals to share and belong."""

from __future__ import annotations

from otklik.content.reading import Reading
from otklik.content.taxonomy import IDENTITIES
from otklik.features.catalog import Columns, Context, Feature
from otklik.features.readings import Facts, columns_of, in_title

FEATURES = (
    *(
        Feature(f"identity__{name}", "1", f"Expressions of belonging of the class {name}, at most 3.")
        for name in IDENTITIES
    ),
    Feature("identity__has", "0/1", "The text appeals to belonging."),
    Feature("identity__n_classes", "classes", "Different ways in which it does."),
    Feature("identity__in_title", "0/1", "It does so in the title."),
    Feature("identity__own_language_share", "0..1", "Share of the words that are Tatar or Bashkir."),
    Feature("identity__is_own_language", "0/1", "The text is Tatar or Bashkir."),
    Feature("identity__with_pride", "0/1", "Belonging together with pride."),
)


def facts(reading: Reading, title_length: int) -> Facts:
    """What a reading says of belonging."""
    spans = reading.of("identity")
    n = {name: float(min(3, sum(span.name == name for span in spans))) for name in IDENTITIES}
    own = sum(reading.word_languages.get(language, 0) for language in ("tt", "ba"))
    return {
        **{f"identity__{name}": value for name, value in n.items()},
        "identity__has": float(reading.has_identity),
        "identity__n_classes": float(sum(value > 0 for value in n.values())),
        "identity__in_title": in_title(spans, title_length),
        "identity__own_language_share": own / max(reading.n_words, 1),
        "identity__is_own_language": float(reading.language in ("tt", "ba")),
        "identity__with_pride": float(reading.has_identity and "pride" in reading.emotions),
    }


def compute(context: Context) -> Columns:
    """Identity features of each example."""
    return columns_of(context, FEATURES, facts)
