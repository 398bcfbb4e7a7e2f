"""The verb ``evidence`` as a recipe: claims and posts in, a trial out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from otklik.dataset.corpus import Corpus
from otklik.dataset.reading import read_corpus
from otklik.dataset.targets import TARGETS, target_named
from otklik.errors import ConfigurationError
from otklik.evidence import Trial, put_on_trial, read_claims
from otklik.store import NATURE, SIMULATED, Store, Tracks

Progress = Callable[[str, int, int | None], None]


@dataclass(frozen=True, slots=True)
class Tried:
    """A trial, and whether its posts were made up."""

    trial: Trial
    is_simulated: bool


def evidence(
    data: Path | None,
    store_url: str,
    target: str,
    zone: str,
    claims: Path | None = None,
    *,
    seed: int = 0,
    quick: bool = False,
    on_progress: Progress = lambda *_: None,
) -> Tried:
    """Put claims on trial on the posts of a folder, or of the store when none is named.

    Args:
        data: folder in the import format.
        store_url: the store that is read otherwise.
        target: ``views_24h`` or ``mature``.
        zone: the audience's time zone.
        claims: a file of the user's own claims; those of the article unless given.
        seed: of everything drawn.
        quick: later rungs only for claims that stand.
        on_progress: called with a stage, how much is done and of how much.

    Raises:
        ConfigurationError: when a file, the target or a library is not as it must be.
        DataError: when the posts are bad or too few.
    """
    goal = target_named(target)
    if goal.counter != "views":
        raise ConfigurationError(
            "claims are tried on views, not on {target}: choose one of {names}",
            target=target,
            names=", ".join(one.name for one in TARGETS.values() if one.counter == "views"),
        )
    listed = None if claims is None else read_claims(claims)
    on_progress("posts", 0, None)
    corpus, name, is_simulated = _posts(data, store_url)
    trial = put_on_trial(corpus, goal, zone, listed, seed=seed, quick=quick, data=name, on_progress=on_progress)
    return Tried(trial, is_simulated)


def _posts(data: Path | None, store_url: str) -> tuple[Corpus, str, bool]:
    """All posts and looks, the name of the data, and whether they are simulated."""
    corpus = read_corpus([data] if data else [], store_url)
    if data is not None:
        return corpus, data.resolve().name, False
    with Store.open(store_url) as store:
        return corpus, "the store", Tracks(store).mark(NATURE) == SIMULATED
