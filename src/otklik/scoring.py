"""One post through a trained model: a draft (age 0) or a live post, with baseline, reasons and what is not known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np
import pandas as pd

from otklik.dataset.corpus import US_PER_H, Corpus, Ints, Media, microseconds
from otklik.dataset.examples import Examples
from otklik.dataset.targets import Target, labels, reactions_beside, shares_beside
from otklik.errors import DataError
from otklik.features import NEEDS_HISTORY, Table, assemble
from otklik.features.author import N_HISTORY, OWN_SOURCES, SOURCES
from otklik.features.likeness import own_posts
from otklik.models.base import LEVELS, Floats, Prediction, is_live
from otklik.models.card import Card, ModelFolder
from otklik.models.chances import chance_above
from otklik.models.explain import explain, feature_effects
from otklik.models.forecast import Baseline, Chances, Forecast, Note, Quantity
from otklik.models.forecaster import Forecaster
from otklik.models.precedents import precedents
from otklik.models.remarks import FEW_POSTS, remarks
from otklik.models.unknowns import unknowns
from otklik.records import Draft
from otklik.schema import POSTS, SNAPSHOTS, conform
from otklik.units import age_h

DRAFT_ID = "draft"
"""Post id that a draft has among its author's posts."""
P10, P50, P90 = (int(np.flatnonzero(np.isclose(LEVELS, level))[0]) for level in (0.1, 0.5, 0.9))


@dataclass(frozen=True)
class Given:
    """What a person says of the author instead of a history; ``None`` where nothing is said."""

    median_views: float | None = None
    median_reactions: float | None = None
    n_posts: int | None = None


def draft_frames(draft: Draft) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A draft and its author's past posts as frames in the import format.

    The past posts have one snapshot each, exactly at 24 h: that is what the person told of them.
    """
    author = draft.author.author_id or "author of the draft"
    common = {"platform": draft.platform, "author_id": author, "followers": draft.author.followers}
    posts = [
        {
            **common,
            "post_id": DRAFT_ID,
            "kind": draft.kind,
            "published_at": draft.publish_at,
            "title": draft.title,
            "text": draft.text,
            "tags": ",".join(draft.tags) or None,
            "language": draft.language,
            "duration_s": draft.duration_s,
            "synthetic_media": draft.synthetic_media,
        }
    ]
    looks = []
    for number, past in enumerate(draft.author.history):
        name = f"past {number + 1}"
        posts.append(
            {
                **common,
                "post_id": name,
                "kind": past.kind or draft.kind,
                "published_at": past.published_at,
                "title": past.title,
                "duration_s": past.duration_s,
            }
        )
        looks.append(
            {
                "platform": draft.platform,
                "post_id": name,
                "observed_at": past.published_at + pd.Timedelta(hours=24),
                "views": past.views_24h,
                "likes": past.reactions_24h,
            }
        )
    snapshots = conform(_utc(pd.DataFrame(looks), "observed_at"), SNAPSHOTS) if looks else SNAPSHOTS.empty()
    return conform(_utc(pd.DataFrame(posts), "published_at"), POSTS), snapshots


def _utc(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    return frame.assign(**{column: pd.to_datetime(frame[column], utc=True).astype("datetime64[us, UTC]")})


def from_store(draft: Draft, store_url: str | None) -> tuple[str, str] | None:
    """The author whose history the store is to give: of a draft that names one and holds no history of its own."""
    author = draft.author
    return (str(draft.platform), author.author_id) if author.author_id and store_url and not author.history else None


def score_draft(
    model: ModelFolder,
    draft: Draft,
    history: tuple[pd.DataFrame, pd.DataFrame] | None,
    zone: str,
    facts: Mapping[str, float | None] | None = None,
) -> Forecast:
    """The forecast of a draft.

    Args:
        model: a trained model.
        draft: the post that is not out yet.
        history: its author's posts and looks from the store, beside those that the draft tells; later looks than
            the planned publication change nothing.
        zone: the audience's time zone.
        facts: what its file shows and sounds like.
    """
    posts, looks = draft_frames(draft)
    if history is not None:
        posts, looks = (pd.concat(pair, ignore_index=True) for pair in zip((posts, looks), history, strict=True))
    author, subject = draft.author, (str(draft.platform), DRAFT_ID)
    given = Given(author.median_views, author.median_reactions, author.n_posts)
    files = {subject: facts} if facts is not None else None
    return forecast_one(model, posts, looks, subject, draft.publish_at, zone=zone, given=given, files=files)


def forecast_one(
    model: ModelFolder,
    posts: pd.DataFrame,
    snapshots: pd.DataFrame,
    subject: tuple[str, str],
    at: datetime,
    *,
    zone: str,
    given: Given | None = None,
    files: Media | None = None,
) -> Forecast:
    """The forecast of one post of a frame as of an instant.

    Args:
        model: a trained model.
        posts: the post and the others of its author (others may be among them), in the import format.
        snapshots: looks at them; those after ``at`` change nothing.
        subject: platform and post id of the post.
        at: the cutoff: the planned publication for a draft.
        zone: the audience's time zone.
        given: what is said of the author in place of a history.
        files: what the files of these posts show, the subject's among them, where they were looked at.

    Raises:
        DataError: when the post is not among the posts, or the model forecasts no views.
    """
    given = given or Given()
    corpus = Corpus.of(posts, snapshots, files)
    row = _row(corpus, subject)
    forecaster = views_forecaster(model)
    corpus = replace(corpus, growth=forecaster.growth)
    examples = Examples(np.array([row]), _cutoff(corpus, row, at, forecaster.target))
    reached = _reached(corpus, row, at, forecaster.target)
    table = assemble(corpus, examples, target=forecaster.target, zone=zone)
    table, base = _with_baseline(table, model.card, forecaster.target.name, given.median_views, given.n_posts)
    said = forecaster.predict_by(forecaster.ours, table)
    views = _quantity(said.quantiles[0]) if reached is None else Quantity(reached, reached, reached)
    post, made_at = corpus.posts.iloc[row], datetime.now(UTC).replace(microsecond=0)
    whole = Forecast(
        subject=_subject(post, subject),
        made_at=made_at,
        platform=post["platform"],
        kind=post["kind"],
        published_at=post["published_at"].to_pydatetime(),
        prediction_age_h=max(age_h(post["published_at"].to_pydatetime(), at), 0.0),
        horizon_h=forecaster.target.horizon_h,
        views=views,
        reactions=None,
        multiple=views.scaled(1 / base.value) if has_multiple(base) else None,
        baseline=base,
        naive_views=_naive(forecaster, table),
        naive_reactions=None,
        seen_views=_seen(corpus, row, at, forecaster.target),
        contributions=(),
        start_log=0.0,
        notes=(
            Note("The post is past {hours} h: this is what it had reached then, not a forecast.", _hours(forecaster)),
        ),
        model=model.card.name,
        model_trained_until=model.card.trained_until,
        calibrated=bool(said.n_calibration[0] > 0),
        n_calibration=int(said.n_calibration[0]),
    )
    whole = _with_responses(whole, model, corpus, examples, zone, table, given, at)
    return whole if reached is not None else _with_reasons(whole, model, forecaster, corpus, table, said, zone)


def _with_reasons(
    whole: Forecast,
    model: ModelFolder,
    forecaster: Forecaster,
    corpus: Corpus,
    table: Table,
    said: Prediction,
    zone: str,
) -> Forecast:
    """The forecast with its curve, its chances, what moves it, its precedents, and what is not known."""
    target = forecaster.target
    why = explain(forecaster.ours, table, said.point)[0]
    own = own_posts(corpus, table, target=target, zone=zone)
    notes = [
        *remarks(model.card, forecaster, whole.baseline, table, whole.n_calibration),
        *unknowns(model.card, target.name, corpus, table, made_at=whole.made_at),
    ]
    return replace(
        whole,
        contributions=why.contributions,
        start_log=why.start_log,
        features=feature_effects(forecaster.ours, table, own, point=said.point),
        precedents=precedents(corpus, own, table, target),
        curve=tuple(float(max(np.expm1(value), 0.0)) for value in said.quantiles[0]),
        chances=_chances(said, whole.baseline, table),
        notes=tuple(notes),
    )


def views_forecaster(model: ModelFolder) -> Forecaster:
    """The forecaster of views that drafts and posts are scored by.

    Raises:
        DataError: when the model has none.
    """
    for name in ("views_24h", "mature"):
        if name in model.forecasters:
            return model.forecasters[name]
    raise DataError(
        "the model {model} forecasts {targets} and no views: train one with --target views_24h",
        model=model.card.name,
        targets=", ".join(model.forecasters),
    )


def has_multiple(base: Baseline) -> bool:
    """Whether a usual is known well enough for a multiple of it: the author's own, over ten posts or more.

    A usual that a person gives without saying over how many posts is taken at its word.

    >>> has_multiple(Baseline(4000.0, "author", 9)), has_multiple(Baseline(4000.0, "given", None))
    (False, True)
    """
    is_enough = base.n_posts >= FEW_POSTS if base.n_posts is not None else base.source == "given"
    return base.source != "reference" and is_enough and base.value >= 1


def _chances(said: Prediction, base: Baseline, table: Table) -> Chances:
    """Probabilities from the quantile curve: they agree with the interval, and with each other."""
    hit_log = float(table.meta["hit_log"].iloc[0]) if base.source in OWN_SOURCES else np.nan
    hit = float(chance_above(said.quantiles, np.array([hit_log]))[0])
    usual = float(chance_above(said.quantiles, np.array([np.log1p(base.value)]))[0])
    return Chances(
        beats_usual=usual if base.source != "reference" else None,
        hit=hit if np.isfinite(hit) else None,
        hit_views=float(np.expm1(hit_log)) if np.isfinite(hit_log) else None,
    )


def _subject(post: pd.Series, key: tuple[str, str]) -> str:
    """What to call a post: its title, the beginning of its text, or its id."""
    for name in ("title", "text"):
        if pd.notna(post[name]) and str(post[name]).strip():
            return " ".join(str(post[name]).split())[:100]
    return ":".join(key)


def _hours(forecaster: Forecaster) -> dict[str, float]:
    return {"hours": round(forecaster.target.horizon_h or 0)}


def _cutoff(corpus: Corpus, row: int, at: datetime, target: Target) -> Ints:
    """The instant in microseconds, but never past the horizon: beyond it there is nothing to forecast."""
    cutoff = int(microseconds(pd.Series([pd.Timestamp(at)]))[0])
    if target.horizon_h is not None:
        cutoff = min(cutoff, int(corpus.published_us[row]) + int(target.horizon_h * US_PER_H))
    return np.array([cutoff])


def _reached(corpus: Corpus, row: int, at: datetime, target: Target) -> float | None:
    """What a post past the horizon had reached there, where looks near enough tell it."""
    published = corpus.posts["published_at"].iloc[row].to_pydatetime()
    if target.horizon_h is None or age_h(published, at) < target.horizon_h:
        return None
    value = float(labels(corpus, target)["value"].iloc[row])
    return value if np.isfinite(value) else None


def _seen(corpus: Corpus, row: int, at: datetime, target: Target) -> float | None:
    """The counter at the last look before an instant."""
    age = age_h(corpus.posts["published_at"].iloc[row].to_pydatetime(), at)
    value = float(corpus.curves[target.counter].last(row, age).value[0])
    return value if np.isfinite(value) else None


def _row(corpus: Corpus, subject: tuple[str, str]) -> int:
    posts = corpus.posts
    found = np.flatnonzero((posts["platform"] == subject[0]) & (posts["post_id"] == subject[1]))
    if len(found) == 0:
        raise DataError(
            "the post {post} is not in the store: import or collect it first, or check the id",
            post=":".join(subject),
        )
    return int(found[0])


def _quantity(quantiles: Floats) -> Quantity:
    """Counts at 10, 50 and 90 % from quantiles of log counts; a count is never below 0."""
    return Quantity(*(float(max(np.expm1(quantiles[i]), 0.0)) for i in (P10, P50, P90)))


def _with_baseline(
    table: Table, card: Card, target: str, median: float | None, n_posts: int | None
) -> tuple[Table, Baseline]:
    """The table of one example with the baseline that is told or, without any history, the card's reference."""
    source = SOURCES[int(table.meta["baseline_source"].iloc[0])]
    if median is not None:
        return _rebased(table, np.log1p(median), n_posts, is_summary=True), Baseline(median, "given", n_posts)
    if source in OWN_SOURCES:
        value, low, high = (
            float(np.expm1(table.meta[name].iloc[0]))
            for name in ("baseline_log", "baseline_p25_log", "baseline_p75_log")
        )
        n = int(table.meta["baseline_n"].iloc[0])
        return table, Baseline(value, source, n, _finite(low), _finite(high))
    level, n = _reference(card, target, table)
    return _rebased(table, level), Baseline(float(np.expm1(level)), "reference", n)


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None


def _rebased(table: Table, base_log: float, n_posts: int | None = None, *, is_summary: bool = False) -> Table:
    """The same example relative to another baseline.

    A summary (a median over ``n_posts``) stands in for a history: what goes beyond it is not known.
    """
    old = table.meta["baseline_log"].to_numpy()
    raw = {name: table.X[name].to_numpy() + old for name in _LIFTS_OF_THE_POST}
    X = table.X.assign(**{name: values - base_log for name, values in raw.items()})
    X["author__followers_lift"] = table.meta["followers_log"].to_numpy() - base_log
    if is_summary:
        X[list(NEEDS_HISTORY)] = np.nan
        X["author__n_history"] = np.nan if n_posts is None else float(min(n_posts, N_HISTORY))
        X["author__has_own_baseline"] = 1.0
        X["author__has_looks_baseline"] = 0.0
    return Table(X, table.meta.assign(baseline_log=base_log, hit_log=np.nan), table.vectors)


_LIFTS_OF_THE_POST = (
    "early__size_lift",
    "early__pace_lift",
    "early__velocity_lift",
    "early__carried_lift",
)


def _reference(card: Card, target: str, table: Table) -> tuple[float, int]:
    """Median log outcome of the training posts of the same platform and kind, else of all, and how many there are."""
    known = card.reference[target]
    level, n = known.get(f"{table.meta['platform'].iloc[0]}/{table.meta['kind'].iloc[0]}", known["all"])
    return float(level), int(n)


def _with_responses(
    whole: Forecast,
    model: ModelFolder,
    corpus: Corpus,
    examples: Examples,
    zone: str,
    views: Table,
    given: Given,
    at: datetime,
) -> Forecast:
    """The forecast with those of reactions and shares beside it, where the model was trained for them.

    Nobody reacts without a view: no quantile of theirs lies above that of views.
    """
    found: dict[str, Quantity | float | None] = {}
    beside = ((reactions_beside, "reactions", given.median_reactions), (shares_beside, "shares", None))
    for target_beside, name, median in beside:
        target = target_beside(model.forecasters[next(iter(model.forecasters))].target)
        forecaster = model.forecasters.get(target.name)
        if forecaster is None:
            continue
        reached = _reached(corpus, int(examples.rows[0]), at, target)
        if reached is not None:
            found[name] = Quantity(reached, reached, reached)
            continue
        table = assemble(replace(corpus, growth=forecaster.growth), examples, target=target, zone=zone)
        table = _response_rebased(table, model.card, target.name, views, given, median)
        said = _quantity(forecaster.predict_by(forecaster.ours, table).quantiles[0])
        top = whole.views
        found[name] = Quantity(min(said.p10, top.p10), min(said.p50, top.p50), min(said.p90, top.p90))
        found[f"naive_{name}"] = _naive(forecaster, table)
    return replace(whole, **found)  # type: ignore[arg-type]


def _response_rebased(table: Table, card: Card, target: str, views: Table, given: Given, median: float | None) -> Table:
    """The example relative to the usual number of reactions or shares, which may be given, known, or taken by rate."""
    source = SOURCES[int(table.meta["baseline_source"].iloc[0])]
    if median is not None:
        return _rebased(table, np.log1p(median), given.n_posts, is_summary=True)
    if source in OWN_SOURCES:
        return table
    # Nothing is known of this author's reactions: take as many a view as the reference group has.
    views_name = next(iter(card.reference))
    rate = _reference(card, target, table)[0] - _reference(card, views_name, table)[0]
    level = max(float(views.meta["baseline_log"].iloc[0]) + rate, 0.0)
    return _rebased(table, level, given.n_posts, is_summary=given.median_views is not None)


def _naive(forecaster: Forecaster, table: Table) -> float:
    """What the naive forecast says: constant scaling of what was seen, or the baseline of a draft."""
    model = forecaster.named("szabo_huberman" if is_live(table)[0] else "author_median")
    return float(np.expm1(model.point(table)[0]))


def with_summary(draft: Draft, *, median: float | None, n_posts: int | None, followers: int | None) -> Draft:
    """The draft with what a person says of the author on the command line in place of what it says itself."""
    old = draft.author
    author = replace(
        old,
        median_views=old.median_views if median is None else median,
        n_posts=old.n_posts if n_posts is None else n_posts,
        followers=old.followers if followers is None else followers,
    )
    return replace(draft, author=author)
