"""Cohorts whose truth is known, to see which rungs find it: strong authors use signs more, and emotion mediates.

Of a post by author ``a`` with level ``u_a``, week ``t`` and hour ``h``: the chance of a sign, an emotion and an appeal
to belonging rises with ``u_a``, with the length of the text and with ``t`` and ``h``; so do log views and the rate of
sharing. Followers follow the level with noise. A sign makes an emotion more likely by :data:`STEP`, and half of its
effect runs through that, so that the total effect of a sign is ``log(1 + effect)`` on both outcomes.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from otklik.dataset.corpus import US_PER_H
from otklik.evidence.exposure import Floats
from otklik.units import WEEK

STEP = 0.2
"""How much more likely an emotion is with a sign."""
N_WEEKS = 60
N_TOPICS = 6
POSTS_AN_AUTHOR = 24
START_US = 1_700_000_000_000_000
RARE = {"people__n": 0.08, "style__local_global": 0.06, "sign__dissonance": 0.05, "place__has_foreign": 0.12}
"""Share of posts that have what never has an effect."""


def simulated_frame(
    n_posts: int,
    *,
    effect: float = 0.0,
    seed: int = 0,
    n_authors: int | None = None,
    topic_confounding: float = 0.0,
    uneven: bool = False,
    luck: float = 0.6,
) -> pd.DataFrame:
    """A frame as :func:`otklik.evidence.frame.analysis_frame` makes it.

    Args:
        n_posts: how many posts.
        effect: total effect of a sign on views and on shares a view, as a share; emotion takes half of it on. With 0
            nothing has an effect on anything.
        seed: equal seeds give equal rows.
        n_authors: one for every :data:`POSTS_AN_AUTHOR` posts unless given.
        topic_confounding: how much the first topic of a text moves both the chance of a sign (log odds) and the
            outcomes (log); it can be seen in the topics only.
        uneven: authors of very unequal numbers of posts.
        luck: standard deviation of log views that nobody can know.
    """
    rng = np.random.default_rng(seed)
    G = n_authors or max(4, n_posts // POSTS_AN_AUTHOR)
    author = np.sort(rng.choice(G, n_posts, p=_shares(rng, G, uneven)))
    u = rng.normal(0, 1, G)[author]
    week, hour = rng.integers(0, N_WEEKS, n_posts), rng.integers(0, 168, n_posts)
    length = rng.normal(5, 1, n_posts)
    topics = rng.normal(0, 1, (n_posts, N_TOPICS))
    moment = rng.normal(0, 0.3, N_WEEKS)[week] + rng.normal(0, 0.3, 168)[hour]
    pull = 0.9 * u + 0.4 * (length - 5) + moment + topic_confounding * topics[:, 0]
    drawn = _content(rng, pull, u)
    moved = moment + 0.1 * (length - 5) + 0.03 * (length - 5) ** 2 + topic_confounding * topics[:, 0]
    total = float(np.log1p(effect))
    moved = moved + total / 2 * drawn["sign"] + total / 2 / STEP * drawn["emotion"]
    log_views = 7.0 + 0.9 * u + moved + rng.normal(0, luck, n_posts)
    rate = np.exp(-5.0 + 0.3 * u + 0.3 * rng.normal(0, 1, G)[author] + moved) * rng.gamma(2.0, 0.5, n_posts)
    views = np.maximum(np.floor(np.exp(log_views)), 1.0)
    base = pd.DataFrame(
        {
            "row": np.arange(n_posts),
            "published_us": START_US + (week * int(WEEK) + hour) * US_PER_H + rng.integers(0, US_PER_H, n_posts),
            "author": author,
            "unit": author,
            "week": week,
            "hour_of_week": hour,
            "followers_log": 8 + 0.9 * u + rng.normal(0, 0.5, n_posts),
            "reach": np.log1p(views),
            "first_hour": np.nan,
            "shares": rng.poisson(views * rate).astype(np.float64),
            "log_views": np.log(views),
        }
    )
    features = _features(rng, drawn, length)
    return pd.concat([base, features, _named(topics)], axis=1)


def _shares(rng: np.random.Generator, n: int, uneven: bool) -> Floats:
    weight = rng.lognormal(0, 1.3 if uneven else 0.3, n)
    return np.asarray(weight / weight.sum())


def _content(rng: np.random.Generator, pull: Floats, u: Floats) -> dict[str, NDArray[np.bool_]]:
    def chance(log_odds: Floats) -> Floats:
        return np.asarray(1 / (1 + np.exp(-log_odds)))

    n = len(pull)
    sign = rng.random(n) < chance(pull - 0.3)
    identity = rng.random(n) < chance(0.5 * u - 1.2)
    # Kept between 0.15 and 0.65, so that a sign adds the same step for everybody.
    emotion = rng.random(n) < np.clip(0.4 + 0.1 * u, 0.15, 0.65) + STEP * sign
    return {"sign": sign, "identity": identity, "emotion": emotion}


def _features(rng: np.random.Generator, drawn: dict[str, NDArray[np.bool_]], length: Floats) -> pd.DataFrame:
    n = len(length)
    emotion = drawn["emotion"].astype(np.float64)
    return pd.DataFrame(
        {
            "sign__n_classes": drawn["sign"] * rng.integers(1, 4, n).astype(np.float64),
            "emotion__total": emotion * rng.uniform(0.5, 2.0, n),
            "emotion__pride": emotion * (rng.random(n) < 0.3),
            "identity__has": drawn["identity"].astype(np.float64),
            **{name: (rng.random(n) < share).astype(np.float64) for name, share in RARE.items()},
            "text__text_n_chars_log": length,
            "text__text_n_links": rng.poisson(0.3, n).astype(np.float64),
            "text__text_n_hashtags": rng.poisson(1.0, n).astype(np.float64),
            "author__hours_since_last_log": rng.normal(3, 1, n),
        }
    )


def _named(topics: Floats) -> pd.DataFrame:
    return pd.DataFrame(topics, columns=[f"topic__{number:02d}" for number in range(topics.shape[1])])


_SIGN = "На снимке древний кремль и мечеть, рядом старинная башня."
_PLAIN = "Сегодня обычный день, идём по делам и пишем заметки."
_MORE = ("Читайте подробности завтра.", "Фото сделано утром на улице.", "Вопросы пишите ниже.", "Продолжение следует.")


def simulated_tables(n_posts: int, *, effect: float = 0.0, seed: int = 0) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The same as posts and snapshots in the import format, with texts that otklik reads itself.

    Every post is seen once, 40 days after it came out: for the target ``mature``.
    """
    frame = simulated_frame(n_posts, effect=effect, seed=seed)
    rng = np.random.default_rng([seed, 1])
    more = rng.choice(_MORE, (n_posts, 3))
    with_sign = frame["sign__n_classes"].to_numpy() > 0
    published = pd.Series(pd.to_datetime(frame["published_us"], unit="us", utc=True))
    keys = {"platform": "vk", "post_id": [f"s{number}" for number in range(n_posts)]}
    posts = pd.DataFrame(
        {
            **keys,
            "author_id": [f"a{number}" for number in frame["author"]],
            "kind": "post",
            "published_at": published,
            "text": [" ".join([_SIGN if one else _PLAIN, *rest]) for one, rest in zip(with_sign, more, strict=True)],
        }
    )
    views = np.round(np.exp(frame["log_views"])).astype(int)
    shares = frame["shares"].astype(int)
    looks = pd.DataFrame({**keys, "observed_at": published + pd.Timedelta(days=40), "views": views, "shares": shares})
    return posts, looks
