"""Outcome memory as recipes: remember a forecast, link a draft to its post, tell how good the forecasts were."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, replace
from datetime import datetime, timedelta

import pandas as pd

from otklik.errors import ConfigurationError
from otklik.memory.drift import Drift, drift
from otklik.memory.figures import TrackRecord, summed_up
from otklik.memory.linking import matches, titles
from otklik.memory.outcomes import Entry, joined, posts_about, target_of
from otklik.models.card import read_card
from otklik.models.forecast import Forecast
from otklik.records import Draft
from otklik.settings import Settings
from otklik.store import NATURE, SIMULATED, ForecastLink, Forecasts, Logged, Store, Tracks, is_there
from otklik.store.forecasts import HAND, TITLE


def log(forecast: Forecast, chosen: Settings, *, draft: Draft | None = None, post: str | None = None) -> int | None:
    """Remember a forecast in the store of the workspace, where there is one.

    Args:
        forecast: as it was told.
        chosen: where the store and the model are.
        draft: what was forecast, for a draft.
        post: ``platform:post_id``, for a post.

    Returns:
        The number of the forecast; ``None`` when there is no store, or when the outcome was there already: what is
        said after the event is no forecast.
    """
    if (draft is None) == (post is None):
        raise ConfigurationError("a forecast is of a draft or of a post: give one of them")
    if not is_there(chosen.store):
        return None
    checksum = str(read_card(chosen.model)["checksum"])
    with Store.open(chosen.store) as store:
        told = logged(forecast, checksum, draft=draft, post=post)
        if Tracks(store).mark(NATURE) == SIMULATED:
            # Simulated time is not the machine's: such a forecast was made when its last look was taken.
            told = replace(told, made_at=told.cutoff_at)
        return None if _is_over(told) else Forecasts(store).add(told)[0]


def _is_over(told: Logged) -> bool:
    """Whether the outcome was there when the forecast was made, or its last look was taken."""
    over = told.published_at + timedelta(hours=target_of(told.horizon_h).wait_h)
    return over <= told.made_at or (told.post_id is not None and over <= told.cutoff_at)


def logged(forecast: Forecast, checksum: str, *, draft: Draft | None = None, post: str | None = None) -> Logged:
    """A forecast in the form in which it is remembered, without a key.

    Args:
        forecast: as it was told.
        checksum: of the card of its model.
        draft: what was forecast, for a draft.
        post: ``platform:post_id``, for a post.
    """
    cutoff = forecast.published_at + timedelta(seconds=round(forecast.prediction_age_h * 3600))
    chances, reactions = forecast.chances, forecast.reactions
    return Logged(
        subject=post or fingerprint(draft),
        platform=forecast.platform,
        kind=forecast.kind,
        author_id=draft.author.author_id if draft else None,
        post_id=post.partition(":")[2] if post else None,
        title=draft.title if draft else None,
        model=forecast.model,
        checksum=checksum,
        made_at=forecast.made_at,
        published_at=forecast.published_at,
        cutoff_at=forecast.published_at if draft else cutoff,
        horizon_h=forecast.horizon_h,
        views=(forecast.views.p10, forecast.views.p50, forecast.views.p90),
        curve=tuple(forecast.curve),
        reactions=None if reactions is None else (reactions.p10, reactions.p50, reactions.p90),
        baseline=forecast.baseline.value,
        baseline_source=forecast.baseline.source,
        baseline_n=forecast.baseline.n_posts,
        naive_views=forecast.naive_views,
        naive_reactions=forecast.naive_reactions,
        beats_usual=chances.beats_usual if chances else None,
        hit=chances.hit if chances else None,
        hit_views=chances.hit_views if chances else None,
        calibrated=forecast.calibrated,
    )


def fingerprint(draft: Draft | None) -> str:
    """What tells one draft from another: a checksum of all that it says but the hour.

    >>> from datetime import UTC
    >>> one, other = (Draft("Казань", datetime(2026, 1, 1, hour, tzinfo=UTC)) for hour in (9, 18))
    >>> fingerprint(one) == fingerprint(other) != fingerprint(replace(one, text="в неоне"))
    True
    """
    plain = {} if draft is None else {name: value for name, value in asdict(draft).items() if name != "publish_at"}
    text = json.dumps(plain, ensure_ascii=True, sort_keys=True, default=str)
    return "draft:" + hashlib.sha256(text.encode()).hexdigest()[:16]


def link(store_url: str, key: int, post: str, now: datetime) -> ForecastLink:
    """Say which post came of a draft that was forecast.

    Args:
        store_url: where both are.
        key: number of the forecast.
        post: ``platform:post_id``.
        now: when this is said.

    Raises:
        ConfigurationError: when there is no such forecast or post, the forecast is of a post, or it was made when
            the outcome was there already.
    """
    platform, colon, post_id = post.partition(":")
    if not (platform and colon and post_id):
        raise ConfigurationError("expected a post such as youtube:dQw4w9WgXcQ or vk:-1_42, but got {post!r}", post=post)
    with Store.open(store_url) as store:
        _check(_draft(store, key), _published(store, platform, post_id), platform, post)
        made = ForecastLink(key, platform, post_id, HAND, now)
        Forecasts(store).link([made])
    return made


def _published(store: Store, platform: str, post_id: str) -> datetime:
    found = store.published_at(pd.DataFrame({"platform": [platform], "post_id": [post_id]}))
    if found.isna().all():
        raise ConfigurationError(
            "the post {post} is not in the store: import or collect it first, or check the id",
            post=f"{platform}:{post_id}",
        )
    return found.iloc[0].to_pydatetime()


def _check(forecast: Logged, published: datetime, platform: str, post: str) -> None:
    """A post of another platform, or one whose outcome was there, cannot have been forecast."""
    if platform != forecast.platform:
        raise ConfigurationError(
            "forecast {n} is of a draft for {platform}, and the post {post} is not there",
            n=forecast.key,
            platform=forecast.platform,
            post=post,
        )
    if published + timedelta(hours=target_of(forecast.horizon_h).wait_h) <= forecast.made_at:
        raise ConfigurationError(
            "forecast {n} was made when the outcome of {post} was there already: it is no forecast of it",
            n=forecast.key,
            post=post,
        )


def unlink(store_url: str, key: int, now: datetime) -> None:
    """Take the link of a draft back; it is not linked by its title again.

    Raises:
        ConfigurationError: when there is no such forecast, or it is of a post.
    """
    with Store.open(store_url) as store:
        _draft(store, key)
        Forecasts(store).link([ForecastLink(key, None, None, HAND, now)])


def _draft(store: Store, key: int) -> Logged:
    forecast = Forecasts(store).get(key)
    if forecast is None:
        raise ConfigurationError("there is no forecast {n}: `otklik track-record --json -` lists them", n=key)
    if forecast.post_id is not None:
        raise ConfigurationError(
            "forecast {n} is of the post {post} itself: only a draft is linked", n=key, post=forecast.subject
        )
    return forecast


def track_record(store_url: str, now: datetime) -> TrackRecord:
    """How good the remembered forecasts were, as far as their posts have matured by an instant."""
    with Store.open(store_url) as store:
        return summed_up(entries(store, _clock(store, now)))


def recent_coverage(store_url: str, now: datetime) -> Drift:
    """The drift alarm: whether the intervals of the last weeks' forecasts held what they promised."""
    with Store.open(store_url) as store:
        at = _clock(store, now)
        return drift(entries(store, at), at)


def _clock(store: Store, now: datetime) -> datetime:
    """The machine's time, or that of a simulated store: it stands at its last look."""
    is_simulated = Tracks(store).mark(NATURE) == SIMULATED
    return (Forecasts(store).last_look() or now) if is_simulated else now


def entries(store: Store, now: datetime) -> list[Entry]:
    """Every remembered forecast with what became of it; drafts get their posts where these have come to be known."""
    kept = Forecasts(store)
    forecasts, links = kept.all(), kept.links()
    if not forecasts:
        return []
    posts = posts_about(store, forecasts, now)
    found = matches(forecasts, links, titles(store, posts))
    fresh = {key: ForecastLink(key, *post, TITLE, now) for key, post in found.items()}
    kept.link(list(fresh.values()))
    return joined(store, forecasts, links | fresh, posts, now)
