"""From a store to a teardown: one post, those that it is compared with, and the sections in their order."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd

from otklik.dataset.corpus import Corpus, Media
from otklik.dataset.targets import REACTIONS_24H, labels
from otklik.errors import ConfigurationError, DataError
from otklik.store import NATURE, SIMULATED, PostFiles, Store, Tracks
from otklik.store.upserts import CONTENT
from otklik.teardown.counters import examine
from otklik.teardown.evidence import evidence
from otklik.teardown.likeness import comparables
from otklik.teardown.limits import unknown
from otklik.teardown.measures import rarity, signals
from otklik.teardown.rivals import Ground, rivals
from otklik.teardown.series import Series, series_of
from otklik.teardown.story import tell
from otklik.teardown.usual import Peers, at_age, log_rates, usual
from otklik.teardown.values import Rule, Subject, Teardown
from otklik.units import DAY, age_h, utc, zone
from otklik.view_rules import CHANGES, ORIGINAL, view_rule

MOST_AUTHORS = 100
"""Other authors who posted within a day whose posts are read."""
BACK_DAYS = 60
"""Days of their earlier posts that say what is usual for them."""


def split_post(post: str) -> tuple[str, str]:
    """Platform and post id of a post as it is written on the command line.

    Raises:
        ConfigurationError: when it is not written so.

    >>> split_post("vk:-1_42")
    ('vk', '-1_42')
    """
    platform, _, post_id = post.strip().partition(":")
    if not platform or not post_id:
        raise ConfigurationError("expected a post such as youtube:dQw4w9WgXcQ or vk:-1_42, but got {post!r}", post=post)
    return platform, post_id


def tear_down(store: Store, post: str, at: datetime | None = None, zone_name: str = "UTC") -> Teardown:
    """Take a published post of a store apart.

    Args:
        store: where the post, its looks and the author's other posts are.
        post: ``platform:id``.
        at: as of when; later looks and posts are not used (default: now).
        zone_name: the audience's time zone.

    Raises:
        ConfigurationError: when the post or the zone is not written as it must be.
        DataError: when the post is not in the store, was not out yet, or was never looked at by then.
    """
    zone(zone_name)
    subject, as_of = split_post(post), utc(at or datetime.now(UTC))
    posts = store.posts(as_of=as_of)
    mine = posts[(posts["platform"] == subject[0]) & (posts["post_id"] == subject[1])]
    if mine.empty:
        raise _not_there(store, post, subject, as_of)
    author = (subject[0], str(mine["author_id"].iloc[0]))
    own = posts[(posts["platform"] == author[0]) & (posts["author_id"] == author[1])]
    files = PostFiles(store).facts()
    corpus = _corpus(store, own, as_of, files)
    row = int(np.flatnonzero((corpus.posts["post_id"] == subject[1]).to_numpy())[0])
    if corpus.looks.start[row] == corpus.looks.start[row + 1]:
        raise DataError(
            "the post {post} was not looked at by then: there are no counters to take apart; collect or import them",
            post=post,
        )
    versions, corpus = _versions(store, corpus, row, as_of)
    others = _others(store, posts, mine.iloc[0], as_of)
    names = _name_of(store, author)
    is_simulated = Tracks(store).mark(NATURE) == SIMULATED or _said_simulated(store, subject, as_of)
    return _assembled(corpus, row, as_of, zone_name, versions, others, names, files.get(subject), is_simulated)


def _not_there(store: Store, post: str, subject: tuple[str, str], as_of: datetime) -> DataError:
    """Unknown, or not out by the cutoff."""
    every = store.posts()
    mine = every[(every["platform"] == subject[0]) & (every["post_id"] == subject[1])]
    if mine.empty:
        text = "the post {post} is not in the store: import or collect it first, or check the id"
        return DataError(text, post=post)
    text = "the post {post} came out at {out}, after {at}: name a later --at"
    return DataError(text, post=post, out=mine["published_at"].iloc[0].to_pydatetime(), at=as_of)


def _corpus(store: Store, posts: pd.DataFrame, as_of: datetime, files: Media | None) -> Corpus:
    keys = list(posts[["platform", "post_id"]].itertuples(index=False, name=None))
    return Corpus.of(posts, store.snapshots(as_of=as_of, posts=keys), files)


def _said_simulated(store: Store, subject: tuple[str, str], as_of: datetime) -> bool:
    return bool((store.snapshots(as_of=as_of, posts=[subject])["source"] == SIMULATED).any())


def _name_of(store: Store, author: tuple[str, str]) -> str | None:
    authors = store.authors()
    mine = authors[(authors["platform"] == author[0]) & (authors["author_id"] == author[1])]
    for name in ("name", "handle"):
        if len(mine) and isinstance(mine[name].iloc[0], str):
            return str(mine[name].iloc[0])
    return None


def _versions(store: Store, corpus: Corpus, row: int, as_of: datetime) -> tuple[pd.DataFrame, Corpus]:
    """The versions of a post up to an instant, the one that stood then last, which the corpus is given too."""
    post = corpus.posts.iloc[row]
    found = store.post_versions()
    found = found[(found["platform"] == post["platform"]) & (found["post_id"] == post["post_id"])]
    now = pd.DataFrame([{**{name: post[name] for name in CONTENT}, "replaced_at": pd.NaT}], dtype=object)
    all_of_them = [*found.to_dict("records"), *now.to_dict("records")]
    kept = [one for one in all_of_them if not pd.isna(one["replaced_at"]) and one["replaced_at"] <= as_of]
    standing = all_of_them[len(kept)]
    posts = corpus.posts.copy()
    for name in CONTENT:
        posts[name] = posts[name].where(np.arange(len(posts)) != row, standing[name])
    frame = pd.DataFrame([*kept, standing])[[*CONTENT, "replaced_at"]]
    return frame, replace(corpus, posts=posts)


def _others(store: Store, posts: pd.DataFrame, mine: pd.Series, as_of: datetime) -> Corpus | None:
    """Posts of other authors of the platform who posted within a day of this one."""
    published = mine["published_at"]
    elsewhere = posts[(posts["platform"] == mine["platform"]) & (posts["author_id"] != mine["author_id"])]
    days = elsewhere["published_at"]
    near = elsewhere[(days - published).abs() <= timedelta(hours=DAY)]
    authors = sorted(near["author_id"].unique())[:MOST_AUTHORS]
    since = published - timedelta(days=BACK_DAYS)
    chosen = elsewhere[elsewhere["author_id"].isin(authors) & (days >= since) & (days <= published + timedelta(1))]
    return _corpus(store, chosen, as_of, None) if len(chosen) else None


def _assembled(
    corpus: Corpus,
    row: int,
    as_of: datetime,
    zone_name: str,
    versions: pd.DataFrame,
    others: Corpus | None,
    author: str | None,
    facts: dict[str, float | None] | None,
    is_simulated: bool,
) -> Teardown:
    """The sections, each from what those before it need."""
    peers, series = Peers.of(corpus, row), series_of(corpus, row)
    level, reached = usual(peers)
    published = corpus.posts["published_at"].iloc[row].to_pydatetime()
    subject = _subject(corpus, row, series, as_of, reached, author, is_simulated)
    compare_h = DAY if reached is not None else _compare_h(series)
    own = reached if reached is not None else _at(series, compare_h)
    views = at_age(corpus.curves["views"], peers.same, compare_h)
    rare = rarity(peers, series, compare_h, own)
    first = signals(peers, series, compare_h)
    clean = examine(series, published, zone_name, log_rates(peers, _compare_h(series)))
    multiple = level.multiple or (rare.views.multiple if rare.views is not None else None)
    ground = Ground(peers, views, compare_h, multiple, zone_name, others)
    found = Teardown(
        subject=subject,
        zone=zone_name,
        compare_h=compare_h,
        counters=clean,
        usual=level,
        rule=_rule(peers, published, subject.last_look_at),
        story=tell(peers, series, versions, published),
        rarity=rare,
        signals=first,
        evidence=evidence(peers, facts),
        rivals=rivals(ground, clean, first),
        comparables=comparables(corpus, row, peers.same, views, rare.views.usual if rare.views else None),
        unknown=(),
    )
    return replace(found, unknown=unknown(found))


def _compare_h(series: Series) -> float:
    """The age of the last look with views, or of the last look where all views were hidden."""
    seen = series.known("views")
    return float(seen.age_h[-1]) if len(seen) else float(series.age_h[-1])


def _at(series: Series, age: float) -> float | None:
    seen = series.known("views")
    return float(np.interp(age, seen.age_h, seen.views)) if len(seen) else None


def _subject(
    corpus: Corpus, row: int, series: Series, as_of: datetime, reached: float | None, author: str | None, made: bool
) -> Subject:
    post = corpus.posts.iloc[row]
    likes = float(labels(corpus, REACTIONS_24H)["value"].iloc[row])
    published = post["published_at"].to_pydatetime()
    last = float(series.age_h[-1])
    text = {name: post[name] if isinstance(post[name], str) else None for name in ("title", "text", "url")}
    named = next((" ".join(one.split())[:200] for one in (text["title"], text["text"]) if one and one.strip()), None)
    return Subject(
        platform=str(post["platform"]),
        post_id=str(post["post_id"]),
        kind=str(post["kind"]),
        title=named or f"{post['platform']}:{post['post_id']}",
        text=text["text"] or "",
        author_id=str(post["author_id"]),
        author=author,
        url=text["url"],
        published_at=published,
        as_of=as_of,
        last_look_at=published + timedelta(hours=last),
        age_h=age_h(published, published + timedelta(hours=last)),
        n_looks=len(series),
        views=series.last("views"),
        likes=series.last("likes"),
        comments=series.last("comments"),
        shares=series.last("shares"),
        views_24h=reached,
        likes_24h=likes if np.isfinite(likes) else None,
        is_simulated=made,
    )


def _rule(peers: Peers, published: datetime, last: datetime) -> Rule:
    """The counting rule at publication, and a change of it until the last look."""
    post = peers.corpus.posts.iloc[peers.row]
    platform, kind = str(post["platform"]), str(post["kind"])
    name = view_rule(platform, kind, published)
    mine = [one for one in CHANGES if one.platform == platform and (one.kinds is None or kind in one.kinds)]
    since = next((one.since for one in mine if one.name == name), None) if name != ORIGINAL else None
    changed = next((one.since for one in mine if published < one.since <= last), None)
    return Rule(name, since, len(peers.same), len(peers.kind) - len(peers.same), changed)
