"""Signs: what a place and its people are recognised by, and their transformation into a futuristic or global frame."""

from __future__ import annotations

from functools import lru_cache

from otklik.content.reading import Reading, Span
from otklik.content.taxonomy import FOREIGN_FRAMES, HISTORIC, SIGNS
from otklik.dataset.corpus import Corpus
from otklik.features.catalog import Columns, Context, Feature
from otklik.features.prestige import prestige
from otklik.features.readings import Facts, columns_of, in_title, readings, share_of_words

FEATURES = (
    Feature("sign__n_classes", "classes", "Different classes of sign in the title, text and tags."),
    Feature("sign__n", "1", "Mentions of signs."),
    Feature("sign__share", "0..1", "Share of the words that name a sign."),
    Feature("sign__in_title", "0/1", "A sign is named in the title."),
    Feature(
        "sign__n_historic",
        "classes",
        "Classes of sign that carry the past: mosque, church, kremlin, dress and the like.",
    ),
    Feature(
        "sign__transformation",
        "0..1",
        "A local or historic sign beside words of a futuristic or global style: 1 side by side.",
    ),
    Feature("sign__dissonance", "0..1", "The same for signs that carry the past in a futuristic, neon or AI frame."),
    *(Feature(f"sign__{name}", "1", f"Mentions of signs of the class {name}, at most 3.") for name in SIGNS),
    Feature(
        "sign__prestige_lift",
        "log",
        "Mean lift of the author's earlier posts with the same classes of sign, drawn to 0.",
    ),
    Feature(
        "sign__n_prestige", "posts", "Earlier posts of the author with the same classes of sign, summed over classes."
    ),
)
HISTORY = ("sign__prestige_lift", "sign__n_prestige")
"""Features that need the author's earlier posts."""
NEAR = 120.0
"""Characters over which a style word's hold on a sign falls to a half: about two sentences of a post."""


def facts(reading: Reading, title_length: int) -> Facts:
    """What a reading says of signs."""
    spans = reading.of("sign")
    n = {name: float(min(3, sum(span.name == name for span in spans))) for name in SIGNS}
    return {
        "sign__n_classes": float(len(reading.signs)),
        "sign__n": float(len(spans)),
        "sign__share": share_of_words(spans, reading.n_words),
        "sign__in_title": in_title(spans, title_length),
        "sign__n_historic": float(sum(n[name] > 0 for name in HISTORIC)),
        "sign__transformation": transformation(reading),
        "sign__dissonance": dissonance(reading),
        **{f"sign__{name}": value for name, value in n.items()},
    }


def transformation(reading: Reading) -> float:
    """How closely a local place or a sign stands to words of a global or futuristic style, 0 to 1.

    ``max over pairs of 1 / (1 + d / NEAR)`` where ``d`` is the gap between the two in characters.

    >>> from otklik.content.reader import read
    >>> transformation(read("Кремль в неоне")) > 0.9, transformation(read("Кремль зимой"))
    (True, 0.0)
    """
    local = [*reading.of("sign"), *(span for span in reading.of("place") if span.regions)]
    return _nearest(local, reading, FOREIGN_FRAMES)


def dissonance(reading: Reading) -> float:
    """The same for signs that carry the past, in a frame of the future, neon or AI.

    >>> from otklik.content.reader import read
    >>> dissonance(read("Мечеть Кул-Шариф в неоне")) > 0.9, dissonance(read("Завод в неоне"))
    (True, 0.0)
    """
    return _nearest([span for span in reading.of("sign") if span.name in HISTORIC], reading, FOREIGN_FRAMES[:3])


def _nearest(local: list[Span], reading: Reading, frames: tuple[str, ...]) -> float:
    styles = [span for span in reading.of("style") if span.name in frames]
    gaps = [max(0, one.start - other.end, other.start - one.end) for one in local for other in styles]
    return max((1 / (1 + gap / NEAR) for gap in gaps), default=0.0)


def compute(context: Context) -> Columns:
    """Sign features of each example."""
    found = prestige(context, _classes(context.corpus))
    return {
        **columns_of(context, [one for one in FEATURES if one.name not in HISTORY], facts),
        "sign__prestige_lift": found.lift,
        "sign__n_prestige": found.n,
    }


@lru_cache(maxsize=3)
def _classes(corpus: Corpus) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(one.signs) if one is not None else frozenset() for one in readings(corpus))
