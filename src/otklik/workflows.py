"""The verbs as recipes: each reads like what it does and has no logic of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import otklik
from otklik import evaluate as judge
from otklik.ablation import Ablation, ablation
from otklik.dataset.cohorts import attrition
from otklik.dataset.corpus import Corpus
from otklik.dataset.growth import learn_growth
from otklik.dataset.importing import ImportReport
from otklik.dataset.importing import import_tables as import_into
from otklik.dataset.reading import author_history, read_corpus
from otklik.dataset.targets import Target, labels, reactions_beside, shares_beside, target_named
from otklik.errors import ConfigurationError, DataError, StorageError
from otklik.evaluate import Evaluation
from otklik.features.media import Facts
from otklik.models.card import Card, ModelFolder, author_checksum, load, read_card, save
from otklik.models.forecast import Forecast
from otklik.models.forecaster import Forecaster
from otklik.records import Draft
from otklik.scoring import forecast_one, from_store, score_draft
from otklik.store import NATURE, SIMULATED, PostFiles, Store, Tracks
from otklik.tracking.retention import oldest

Progress = Callable[[str, int, int | None], None]
MIN_EXAMPLES = 100
"""A target with fewer labelled posts is not trained."""
MUST_NOT = (
    "ranking people or channels: it says what a post may reach, not what it is worth",
    "counting on views where the platform counts them by another rule than in the training data",
    "proving causes: contributions describe the model",
    "posts picked because they succeeded (trending lists): it learned from ordinary uploads",
)
CARD_STRATA = ("all", "known_authors", "unseen_authors", "last_weeks")


@dataclass(frozen=True)
class Built:
    """What ``build`` wrote."""

    n_posts: int
    n_rows: int
    attrition: pd.DataFrame
    out: Path


@dataclass(frozen=True)
class Status:
    """What a workspace holds."""

    store: str
    counts: dict[str, int]
    platforms: tuple[dict[str, Any], ...]
    model: str | None
    trained_until: datetime | None
    is_simulated: bool = False


def quiet(stage: str, done: int, total: int | None) -> None:
    """Progress that nobody watches."""


def init(workspace: Path) -> Path:
    """Make a workspace: a folder with ``otklik.toml`` and an empty store; an existing one is left as it is."""
    settings = workspace / "otklik.toml"
    try:
        workspace.mkdir(parents=True, exist_ok=True)
        if not settings.exists():
            settings.write_text(
                '# Settings of this otklik workspace; `otklik --help` lists them.\nzone = "Europe/Moscow"\n',
                "utf-8",
            )
    except OSError as error:
        raise StorageError(
            "the workspace {path} cannot be written: {why}", path=workspace, why=error.strerror
        ) from None
    Store.open(workspace / "store.sqlite").close()
    return settings


def import_tables(
    source: list[Path], store_url: str, on_progress: Progress = quiet, skip_bad_rows: bool = False
) -> ImportReport:
    """Files in the import format into the store, all or nothing."""
    with Store.open(store_url) as store:
        return import_into(source, store, on_progress=on_progress, skip_bad_rows=skip_bad_rows)


def build(data: Path | None, store_url: str, target: str, zone: str, out: Path) -> Built:
    """Features and labels of every labelled post, as a draft and at its looks, to a Parquet file."""
    corpus, goal = read_corpus([data] if data else [], store_url), target_named(target)
    label = labels(corpus, goal)
    labelled = label["value"].notna().to_numpy()
    if not labelled.any():
        raise DataError("no post has a label for {target}: there is nothing to build", target=target)
    drafts, looks, _ = judge.tables(corpus, goal, labelled, zone)
    table = judge.concatenate([drafts, looks])
    ids = corpus.posts[["platform", "post_id", "author_id"]].take(table.meta["row"]).reset_index(drop=True)
    meta = table.meta.drop(columns=["row", "author", "platform"])
    try:
        pd.concat([ids, meta, table.X], axis=1).to_parquet(out)
    except OSError as error:
        raise StorageError("the table cannot be written to {path}: {why}", path=out, why=error.strerror) from None
    if data is None:
        _note_export(store_url, out)
    return Built(int(labelled.sum()), len(table), attrition(corpus, goal, label), out)


def _note_export(store_url: str, out: Path) -> None:
    """Retention reaches files written from the store: they carry the oldest observation's date."""
    with Store.open(store_url) as store:
        first = oldest(store)
        if first is not None:
            Tracks(store).add_export(str(out.resolve()), datetime.now(UTC), first)


def train(data: list[Path], store_url: str, target: str, zone: str, out: Path, on_progress: Progress = quiet) -> Card:
    """A model of the target, and of reactions and shares beside it, with its backtest in the card."""
    corpus, goal = read_corpus(data, store_url), target_named(target)
    goals = [goal, reactions_beside(goal), shares_beside(goal)] if goal.counter == "views" else [goal]
    forecasters: dict[str, Forecaster] = {}
    for number, one in enumerate(goals):
        on_progress("train", number, len(goals))
        label = labels(corpus, one)
        labelled = label["value"].notna().to_numpy()
        if labelled.sum() >= MIN_EXAMPLES:
            growth = learn_growth(corpus, one, label, labelled)
            drafts, looks, _ = judge.tables(replace(corpus, growth=growth), one, labelled, zone)
            judge.audit(drafts)
            forecasters[one.name] = Forecaster(one, growth=growth).fit(judge.concatenate([drafts, looks]))
    on_progress("train", len(goals), len(goals))
    if goal.name not in forecasters:
        raise DataError(
            "{n} posts have a label for {target}: a model needs at least {least}",
            n=int(labels(corpus, goal)["value"].notna().sum()),
            target=goal.name,
            least=MIN_EXAMPLES,
        )
    names = ", ".join(_names(data, store_url))
    metrics = judge.backtest(corpus, goal, data=names, zone=zone, on_progress=on_progress)
    card = _card(corpus, forecasters, names, zone, out.name, metrics)
    save(out, ModelFolder(card, forecasters))
    return card


def backtest(data: Path, target: str, zone: str, on_progress: Progress = quiet) -> Evaluation:
    """Train and test at a rolling origin on one data set."""
    return judge.backtest(read_corpus([data]), target_named(target), data=data.name, zone=zone, on_progress=on_progress)


def ablate(data: Path, target: str, zone: str, on_progress: Progress = quiet) -> Ablation:
    """What each group of text features adds on one data set."""
    return ablation(read_corpus([data]), target_named(target), data=data.name, zone=zone, on_progress=on_progress)


def evaluate(model: Path, data: Path, target: str | None = None, zone: str | None = None) -> Evaluation:
    """A trained model on a data set that it never saw."""
    folder = load(model)
    goal = target_named(target or next(iter(folder.forecasters)))
    return judge.evaluate(folder, read_corpus([data]), goal, data=data.name, zone=zone)


def score(draft: Draft, model: Path, store_url: str | None, zone: str, facts: Facts | None = None) -> Forecast:
    """The forecast of a draft; its author's history comes from the draft, or from the store by the author's id.

    Args:
        draft: the post that is not out yet.
        model: folder of the model.
        store_url: the store with the author's history, where the draft names an author.
        zone: the audience's time zone.
        facts: what its file shows and sounds like (:func:`otklik.looking.facts_of`).
    """
    author = from_store(draft, store_url)
    history = author_history(store_url, author) if author and store_url else None
    return score_draft(load(model), draft, history, zone, facts)


def forecast(post: str, model: Path, store_url: str, at: datetime | None, zone: str) -> Forecast:
    """The forecast of a post in the store, at any age, from what was seen of it by then."""
    platform, _, post_id = post.partition(":")
    if not post_id:
        raise ConfigurationError("expected a post such as youtube:dQw4w9WgXcQ or vk:-1_42, but got {post!r}", post=post)
    as_of = at or datetime.now(UTC)
    folder = load(model)
    with Store.open(store_url) as store:
        posts = store.posts(as_of=as_of)
        mine = posts[(posts["platform"] == platform) & (posts["post_id"] == post_id)]
        if len(mine):
            posts = posts[(posts["platform"] == platform) & (posts["author_id"] == mine["author_id"].iloc[0])]
        keys = list(posts[["platform", "post_id"]].itertuples(index=False, name=None))
        snapshots, files = store.snapshots(as_of=as_of, posts=keys), PostFiles(store).facts()
    return forecast_one(folder, posts, snapshots, (platform, post_id), as_of, zone=zone, files=files)


def status(store_url: str, model: Path | None) -> Status:
    """What the store holds, and which model forecasts."""
    with Store.open(store_url) as store:
        posts, snapshots = store.posts(), store.snapshots(as_of=datetime.now(UTC))
        counts, url, nature = store.counts(), store.url, Tracks(store).mark(NATURE)
    corpus = Corpus.of(posts, snapshots)
    matured = labels(corpus, target_named("views_24h"))["value"].notna()
    platforms = []
    for name, group in corpus.posts.groupby("platform", sort=True):
        looks = snapshots[snapshots["platform"] == name]
        platforms.append(
            {
                "platform": name,
                "n_authors": int(group["author_id"].nunique()),
                "n_posts": len(group),
                "n_snapshots": len(looks),
                "first": looks["observed_at"].min().to_pydatetime() if len(looks) else None,
                "last": looks["observed_at"].max().to_pydatetime() if len(looks) else None,
                "n_matured": int(matured[group.index].sum()),
            }
        )
    card = Card.from_dict(read_card(model)) if model else None
    name, until = (card.name, card.trained_until) if card else (None, None)
    return Status(url, counts, tuple(platforms), name, until, nature == SIMULATED)


def coverage_of(model: Path, found: Forecast) -> tuple[float, int] | None:
    """How many outcomes of the newest test weeks lay inside the 80 % interval, and of how many posts; from the card.

    Of drafts, or of live posts at the judged age nearest to the forecast's; ``None`` where the card has no such test.
    """
    rows = [
        row
        for row in read_card(model)["metrics"]
        if row["stratum"] == "last_weeks" and row["model"] == judge.OURS and row["coverage_80"] is not None
        if (row["task"] == "live") == (found.prediction_age_h > 0)
    ]
    if not rows:
        return None
    best = min(rows, key=lambda row: abs(row["prediction_age_h"] - found.prediction_age_h))
    return float(best["coverage_80"]), int(best["n"])


def _names(data: list[Path], store_url: str) -> list[str]:
    """What a model was trained on, as its card tells it; a simulated store says so."""
    if data:
        return [folder.resolve().name for folder in data]
    with Store.open(store_url) as store:
        return ["the store (simulated)" if Tracks(store).mark(NATURE) == SIMULATED else "the store"]


def _card(
    corpus: Corpus,
    forecasters: dict[str, Forecaster],
    names: str,
    zone: str,
    name: str,
    metrics: Evaluation,
) -> Card:
    goals = {key: one.target for key, one in forecasters.items()}
    main = labels(corpus, next(iter(goals.values())))["value"].notna().to_numpy()
    taught = corpus.posts[main]
    entry = {
        "data": names,
        "n_posts": len(corpus),
        "n_authors": int(corpus.posts["author_id"].nunique()),
        "n_labelled": int(main.sum()),
        "first": taught["published_at"].min().isoformat(),
        "last": taught["published_at"].max().isoformat(),
    }
    authors = taught[["platform", "author_id"]].drop_duplicates()
    return Card(
        name=name,
        made_at=datetime.now(UTC).replace(microsecond=0),
        trained_until=taught["published_at"].max().to_pydatetime(),
        zone=zone,
        trained_on=(entry,),
        reference={key: _reference(corpus, goal) for key, goal in goals.items()},
        authors=frozenset(author_checksum(*author) for author in authors.itertuples(index=False, name=None)),
        metrics=tuple(row for row in metrics.to_dict()["rows"] if row["stratum"] in CARD_STRATA),
        must_not=MUST_NOT,
        version=otklik.__version__,
        targets=tuple(forecasters),
    )


def _reference(corpus: Corpus, target: Target) -> dict[str, list[float]]:
    """Median log outcome by platform and kind, and over all posts."""
    outcome = np.log1p(labels(corpus, target)["value"])
    groups = (corpus.posts["platform"] + "/" + corpus.posts["kind"])[outcome.notna()]
    known = outcome.dropna()
    by_kind = {str(name): [float(part.median()), len(part)] for name, part in known.groupby(groups)}
    return {**by_kind, "all": [float(known.median()), len(known)]}
