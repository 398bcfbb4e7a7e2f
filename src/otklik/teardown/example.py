"""The documented example: "230,000 views and 15,000 reactions in 24 hours", simulated.

An article tells of a clip from Tatarstan that had 230,000 views and 15,000 reactions in 24 hours, and explains it by
its signs, emotion and identity. It names no counters, no author and no usual level, so nothing of it can be checked.
This module makes up a case of that size in which everything can be: one regional author with sixty earlier clips, all
looked at from the first minutes on, the hit, and six neighbours who posted on the same days. Nothing here is anybody's
data: every look says ``source = "simulated"``, the store is marked as simulated, and every output says so.

The truth that is built in, for the reader to find again:

* the author's clips reach about 4,000 views at 24 h, the last ones a fifth more; evenings do a third better; clips
  drawn by a neural network do twice as well;
* the hit leaves the typical band within the first hour, recommendations carry it further from the third hour on,
  its cover is replaced at 5.5 h, three looks are missing at night, and at 31 h the platform takes back 2,300 views,
  of which growth in the same hour hides a part;
* its growth is not bought: no detector of :mod:`otklik.teardown.signs` may find anything in it;
* at the age of 24 h it has 230,000 views and 15,000 reactions to the unit.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd

from otklik.schema import AUTHORS, POSTS, SNAPSHOTS, conform
from otklik.simulate import share
from otklik.store import NATURE, SIMULATED, Store, Tracks
from otklik.store.tracks import SIMULATED as SOURCE

EXAMPLE = "vk:-2100000_61"
"""The post that is taken apart."""
HIT_VIEWS, HIT_REACTIONS = 230_000, 15_000
HIT_AT = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
"""19:00 in Kazan."""
EXAMPLE_AT = HIT_AT + timedelta(hours=48)
SEED = 2100
_AUTHOR, _NEIGHBOURS = "-2100000", 6
_TITLE = "Казань 2100: Кремль в неоне 🌙 Узнаёшь свой город?"
_TEXT = (
    "Мечеть парит над Казанкой, речной вокзал стал портом для летающих судов, а кремлёвская стена светится узорами "
    "ичигов. Город, который мы любим, через семьдесят лет. Нарисовано нейросетью по нашим эскизам, музыка написана "
    "специально для ролика. Горжусь, что вырос здесь! #Казань #Татарстан"
)
_COVER, _NEW_COVER = "https://example.org/kazan-2100-night.jpg", "https://example.org/kazan-2100-kremlin.jpg"
_PLAIN = (
    *("Утро на Баумана без людей", "Где в Казани самый вкусный эчпочмак", "Старый вокзал: было и стало"),
    *("Три двора, которые не видят туристы", "Осень у Кабана за 20 секунд", "Как поют на Сабантуе", "Туман над Волгой"),
    *(
        "Татарские орнаменты в метро",
        "Бабушкин рецепт чак-чака",
        "Первый снег на Кремлёвской",
        "Как звучит родной язык",
    ),
    *("Город, в который хочется вернуться", "Трамвай, который помнит всё", "Рынок в семь утра", "Дождь на набережной"),
)
_DRAWN = (
    *(
        "Нейросеть рисует Кул-Шариф из звёзд",
        "Башня Сююмбике в неоне: рисует нейросеть",
        "Казань будущего: мост в неоне",
    ),
    *("Нейросеть и старая Казань", "Кремль через сто лет: нейросеть"),
)


def look_ages() -> np.ndarray:
    """Ages of the looks in hours: every 15 minutes to 6 h, half-hourly to 24 h, hourly to 48 h."""
    return np.concatenate([np.arange(1, 25) / 4, np.arange(13, 49) / 2, np.arange(25.0, 49.0)])


def write_example(store: Store) -> str:
    """Fill an empty store with the example and give the post to take apart; equal every time.

    >>> import tempfile
    >>> from pathlib import Path
    >>> with Store.open(Path(tempfile.mkdtemp()) / "store.sqlite") as store:
    ...     write_example(store)
    'vk:-2100000_61'
    """
    rng = np.random.default_rng(SEED)
    authors, posts, looks = _author(rng)
    for number in range(_NEIGHBOURS):
        more = _neighbour(rng, number)
        authors, posts, looks = authors + more[0], posts + more[1], looks + more[2]
    with store.transaction():
        Tracks(store).set_mark(NATURE, SIMULATED)
        store.write_authors(conform(pd.DataFrame(authors), AUTHORS))
        frame = pd.DataFrame(posts)
        frame["published_at"] = pd.to_datetime(frame["published_at"], utc=True).astype("datetime64[us, UTC]")
        store.write_posts(conform(frame, POSTS))
        hit = frame[frame["post_id"] == EXAMPLE.partition(":")[2]].assign(cover_url=_NEW_COVER)
        store.write_posts(conform(hit, POSTS), now=HIT_AT + timedelta(hours=5.5))
        store.write_snapshots(conform(pd.concat(looks, ignore_index=True), SNAPSHOTS))
    return EXAMPLE


Rows = list[dict[str, object]]


def _author(rng: np.random.Generator) -> tuple[Rows, Rows, list[pd.DataFrame]]:
    """The author, sixty earlier clips and the hit."""
    n = 60
    posts, looks = [], []
    for i in range(n):
        hours, minutes = int(rng.integers(-3, 9)), int(rng.integers(60))
        at = HIT_AT - timedelta(days=round((n - i) * 1.6), hours=hours, minutes=minutes)
        is_drawn = i % 6 == 4
        titles = _DRAWN if is_drawn else _PLAIN
        title = titles[(i // 6 if is_drawn else i) % len(titles)]
        is_evening = at.hour + 3 >= 17
        level = np.log(3_600) + 0.18 * (i >= n - 12) + 0.29 * is_evening + 0.7 * is_drawn
        text = "Нарисовано нейросетью по нашим эскизам." if is_drawn else "Казань, короткий ролик."
        posts.append(_post(_AUTHOR, i + 1, at, title, text))
        rates = np.exp(np.log((0.056, 0.0045, 0.006)) + rng.normal(0, (0.18, 0.3, 0.35)))
        looks.append(_looks(rng, posts[-1], float(np.exp(level + rng.normal(0, 0.45))), rates))
    posts.append(_post(_AUTHOR, n + 1, HIT_AT, _TITLE, _TEXT, _COVER))
    looks.append(_hit_looks(rng, posts[-1]))
    name = {"platform": "vk", "author_id": _AUTHOR, "handle": "kazan_example", "name": "Казань в кадре (пример)"}
    return [{**name, "followers": 18_400}], posts, looks


def _neighbour(rng: np.random.Generator, number: int) -> tuple[Rows, Rows, list[pd.DataFrame]]:
    """Another regional author who posts every four days, and within a day of the hit."""
    author = f"-{2_200_000 + number}"
    level = float(rng.normal(8.2, 0.6))
    posts, looks = [], []
    for i in range(12):
        at = HIT_AT - timedelta(days=(11 - i) * 4, hours=float(rng.uniform(-8, 8)))
        at = at.replace(second=0, microsecond=0)
        posts.append(_post(author, i + 1, at, f"Новости района, выпуск {i + 1}", ""))
        rates = np.exp(np.log((0.04, 0.004, 0.004)) + rng.normal(0, 0.3, 3))
        looks.append(_looks(rng, posts[-1], float(np.exp(level + rng.normal(0, 0.4))), rates))
    return [{"platform": "vk", "author_id": author, "name": f"Сосед {number + 1} (пример)"}], posts, looks


def _post(author: str, number: int, at: datetime, title: str, text: str, cover: str | None = None) -> dict[str, object]:
    known = {"platform": "vk", "author_id": author, "post_id": f"{author}_{number}", "kind": "clip"}
    return {**known, "published_at": at, "title": title, "text": text, "cover_url": cover, "duration_s": 22}


def _looks(rng: np.random.Generator, post: dict[str, object], views_24h: float, rates: np.ndarray) -> pd.DataFrame:
    """Growth that is left alone: log-logistic, the counts of each step by chance."""
    ages = look_ages()
    ages = np.maximum(ages + rng.uniform(-0.06, 0.06, len(ages)), 0.05)
    half, speed = np.exp(rng.normal(1.7, 0.25)), np.exp(rng.normal(0.25, 0.1))
    curve = views_24h * share(ages, half, speed) / share(np.array([24.0]), half, speed)
    return _frame(post, ages, _counted(rng, curve, rates))


def _hit_looks(rng: np.random.Generator, post: dict[str, object]) -> pd.DataFrame:
    """The hit: a strong start, recommendations from the third hour on, and exact counts at 24 h."""
    ages = look_ages()
    first = 45_000 * share(ages, np.array(1.2), np.array(1.3))
    curve = first + 260_000 * share(np.maximum(ages - 3.0, 0.0), np.array(6.0), np.array(2.0))
    at_24h = int(np.flatnonzero(ages == 24.0)[0])
    curve = curve / curve[at_24h] * HIT_VIEWS
    counts = _counted(rng, curve, np.array((HIT_REACTIONS / HIT_VIEWS, 0.0052, 0.011)))
    for name, exact in (("views", HIT_VIEWS), ("likes", HIT_REACTIONS)):
        # Chance is scaled away at the one look that the article tells of, and nowhere made to fall.
        counts[name] = np.round(counts[name] * (exact / counts[name][at_24h])).astype(np.int64)
    taken_back = ages >= 31
    counts["views"] = np.where(taken_back, counts["views"] - round(0.01 * counts["views"][at_24h]), counts["views"])
    kept = ~((ages > 7.4) & (ages < 8.6))
    return _frame(post, ages[kept], {name: values[kept] for name, values in counts.items()})


def _counted(rng: np.random.Generator, curve: np.ndarray, rates: np.ndarray) -> dict[str, np.ndarray]:
    """Whole counts with the scatter of chance in every step."""
    grown = rng.poisson(np.diff(curve, prepend=0.0))
    found = {"views": np.cumsum(grown)}
    for name, rate in zip(("likes", "comments", "shares"), rates, strict=True):
        found[name] = np.cumsum(rng.binomial(grown, min(float(rate), 1.0)))
    return found


def _frame(post: dict[str, object], ages: np.ndarray, counts: dict[str, np.ndarray]) -> pd.DataFrame:
    at = pd.Timestamp(str(post["published_at"])) + pd.to_timedelta(np.round(ages * 3600), unit="s")
    frame = pd.DataFrame({"platform": post["platform"], "post_id": post["post_id"], "observed_at": at, **counts})
    frame = frame[frame["observed_at"] <= EXAMPLE_AT]
    return frame.assign(source=SOURCE, observed_at=frame["observed_at"].astype("datetime64[us, UTC]"))
