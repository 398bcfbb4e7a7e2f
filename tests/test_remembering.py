"""Forecasts are remembered, joined with what became of them, and judged without flattery."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from otklik import remembering
from otklik.errors import ConfigurationError
from otklik.memory.drift import drift, judged
from otklik.memory.figures import summed_up
from otklik.memory.linking import matches, normalised
from otklik.memory.outcomes import Entry
from otklik.models.base import LEVELS
from otklik.models.card import Card, ModelFolder, read_card, save
from otklik.models.forecast import Baseline, Chances, Forecast, Quantity
from otklik.records import Draft, DraftAuthor
from otklik.settings import Settings
from otklik.store import NATURE, SIMULATED, ForecastLink, Forecasts, Logged, Store, Tracks
from trial import publish

T0 = datetime(2026, 9, 7, 9, tzinfo=UTC)
H, DAY = timedelta(hours=1), timedelta(days=1)


def logged(**said: object) -> Logged:
    """A forecast of a draft of vk:-1 for T0: 1,000 views, 80 % between 500 and 2,000."""
    plain = {
        "subject": "draft:a", "platform": "vk", "kind": "clip", "author_id": "-1", "post_id": None, "title": "Кремль",
        "model": "mine", "checksum": "ab", "made_at": T0 - DAY, "published_at": T0, "cutoff_at": T0, "horizon_h": 24.0,
        "views": (500.0, 1000.0, 2000.0), "curve": curve(1000.0, np.log(2) / 1.2816), "reactions": None,
        "baseline": 800.0, "baseline_source": "author", "baseline_n": 12, "naive_views": 800.0,
        "naive_reactions": None, "beats_usual": None, "hit": None, "hit_views": None, "calibrated": True,
    }  # fmt: skip
    return Logged(**(plain | said))


def curve(middle: float, sd: float) -> tuple[float, ...]:
    """Quantiles of a log-normal law."""
    from scipy.stats import norm

    return tuple(np.expm1(np.log1p(middle) + sd * norm.ppf(LEVELS)).tolist())


def titled(store: Store, post_id: str, at: datetime, title: str | None, text: str = "", author: str = "-1") -> None:
    facts = {"platform": "vk", "post_id": post_id, "author_id": author, "kind": "clip", "published_at": at}
    store.write_posts(pd.DataFrame([{**facts, "title": title, "text": text}]))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    with Store.open(tmp_path / "store.sqlite") as opened:
        yield opened


# -- remembering -----------------------------------------------------------------------------------------------


def told(**said: object) -> Forecast:
    plain = {
        "subject": "Кремль", "made_at": T0 - DAY, "platform": "vk", "kind": "clip", "published_at": T0,
        "prediction_age_h": 0.0, "horizon_h": 24.0, "views": Quantity(500, 1000, 2000),
        "reactions": Quantity(5, 10, 20), "multiple": None, "baseline": Baseline(800, "author", 12),
        "naive_views": 800.0, "naive_reactions": 9.0, "seen_views": None, "contributions": (), "start_log": 0.0,
        "notes": (), "model": "simulated", "model_trained_until": T0, "calibrated": True, "n_calibration": 100,
        "curve": curve(1000, 0.5), "chances": Chances(0.6, 0.1, 5000),
    }  # fmt: skip
    return Forecast(**(plain | said))


DRAFT = Draft("Кремль", T0, "vk", "clip", author=DraftAuthor(author_id="-1"))


@pytest.fixture
def chosen(tmp_path: Path) -> Settings:
    # Beside the workspace: without a store nothing is to appear in it.
    model = tmp_path.with_name(tmp_path.name + "-model")
    facts = {"name": "simulated", "made_at": T0, "trained_until": T0, "zone": "UTC", "version": "0", "reference": {}}
    save(model, ModelFolder(Card(**facts, trained_on=(), authors=frozenset(), metrics=(), must_not=()), {}))
    return Settings(tmp_path, str(tmp_path / "store.sqlite"), model, "UTC", "en")


def test_a_forecast_is_remembered_with_all_that_it_said_and_the_identity_of_its_model(chosen):
    Store.open(chosen.store).close()
    key = remembering.log(told(), chosen, draft=DRAFT)
    with Store.open(chosen.store) as store:
        (one,) = Forecasts(store).all()
    assert (one.key, one.checksum) == (key, read_card(chosen.model)["checksum"])
    assert (one.views, one.reactions, one.baseline, one.baseline_n) == ((500, 1000, 2000), (5, 10, 20), 800, 12)
    assert (one.beats_usual, one.hit, one.hit_views, one.title, one.author_id) == (0.6, 0.1, 5000, "Кремль", "-1")
    assert (one.curve, one.cutoff_at, one.age_h) == (told().curve, T0, None)
    assert remembering.log(told(), chosen, draft=DRAFT) == key
    other = replace(DRAFT, text="Кремль в неоне")
    assert remembering.log(told(), chosen, draft=other) != key


def test_a_live_forecast_is_of_its_post_at_its_cutoff(chosen):
    Store.open(chosen.store).close()
    live = told(prediction_age_h=2.5, made_at=T0 + 2.5 * H, seen_views=40.0)
    remembering.log(live, chosen, post="vk:-1_5")
    with Store.open(chosen.store) as store:
        (one,) = Forecasts(store).all()
    assert (one.subject, one.post_id, one.title, one.cutoff_at) == ("vk:-1_5", "-1_5", None, T0 + 2.5 * H)
    assert one.age_h == 2.5


def test_without_a_store_nothing_is_made(chosen, tmp_path):
    assert remembering.log(told(), chosen, draft=DRAFT) is None
    assert list(tmp_path.iterdir()) == []
    assert remembering.log(told(), replace(chosen, store=f"sqlite:///{tmp_path}/other.sqlite"), draft=DRAFT) is None


@pytest.mark.parametrize(
    "late",
    [
        {"made_at": T0 + 24 * H},
        {"made_at": T0 + 100 * DAY, "prediction_age_h": 3.0},
        {"made_at": T0 + 30 * H, "prediction_age_h": 30.0},
        {"made_at": T0 + 31 * DAY, "horizon_h": None},
    ],
)
def test_what_is_said_after_the_event_is_no_forecast(chosen, late):
    Store.open(chosen.store).close()
    named = {"post": "vk:5"} if "prediction_age_h" in late else {"draft": DRAFT}
    assert remembering.log(told(**late), chosen, **named) is None
    with Store.open(chosen.store) as store:
        assert Forecasts(store).all() == []


def test_in_a_simulated_store_a_forecast_was_made_when_its_last_look_was_taken(chosen):
    with Store.open(chosen.store) as store:
        Tracks(store).set_mark(NATURE, SIMULATED)
    assert remembering.log(told(made_at=T0 + 90 * DAY, prediction_age_h=3.0), chosen, post="vk:5") is not None
    with Store.open(chosen.store) as store:
        assert Forecasts(store).all()[0].made_at == T0 + 3 * H


def test_a_forecast_is_of_a_draft_or_a_post(chosen):
    with pytest.raises(ConfigurationError, match="give one of them"):
        remembering.log(told(), chosen)


# -- linking ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Казань 2100: Кремль", "казань 2100 — КРЕМЛЬ!"),
        ("Ещё один день", "еще  один день 🌙"),
        ("ｆｕｌｌ", "full"),
        ("🌙", " 🌙"),
    ],
)
def test_titles_that_a_person_would_call_equal_are_equal(one, other):
    assert normalised(one) == normalised(other) != ""


def test_a_draft_gets_the_post_of_its_author_with_its_title_near_its_time(store):
    kept = Forecasts(store)
    key, _ = kept.add(logged())
    for post_id, at, title, author in (
        ("late", T0 + 4 * DAY, "Кремль", "-1"),
        ("other", T0, "Кремль ночью", "-1"),
        ("foreign", T0, "Кремль", "-2"),
        ("far", T0 - 2 * DAY, "Кремль", "-1"),
        ("mine", T0 + DAY, "кремль!", "-1"),
    ):
        titled(store, post_id, at, title, author=author)
    (entry,) = remembering.entries(store, T0 + 5 * DAY)
    assert (entry.post, entry.way, entry.title) == (("vk", "mine"), "title", "кремль!")
    assert kept.links()[key].way == "title"
    # Once found it stays, also when a nearer one comes.
    titled(store, "nearer", T0 + H, "Кремль")
    assert remembering.entries(store, T0 + 5 * DAY)[0].post == ("vk", "mine")


def test_a_post_is_known_by_its_earlier_title_and_by_the_first_line_of_its_text(store):
    kept = Forecasts(store)
    kept.add(logged())
    kept.add(logged(subject="draft:b", title="Мечеть"))
    titled(store, "renamed", T0, "Кремль")
    titled(store, "renamed", T0, "Кремль. Нас посмотрел миллион")
    titled(store, "wall", T0, None, "Мечеть!\nА вы были?")
    assert [one.post for one in remembering.entries(store, T0 + DAY)] == [("vk", "renamed"), ("vk", "wall")]


def test_of_several_plans_of_one_draft_the_nearest_gets_the_post(store):
    kept = Forecasts(store)
    for hours in (0, 5, 10):
        kept.add(logged(published_at=T0 + hours * H, cutoff_at=T0 + hours * H))
    kept.add(logged(checksum="cd"))
    titled(store, "mine", T0 + 6 * H, "Кремль")
    for _ in range(2):
        found = [one.post for one in remembering.entries(store, T0 + 5 * DAY)]
        assert found == [None, ("vk", "mine"), None, ("vk", "mine")]


def test_a_draft_without_an_author_or_made_after_the_outcome_is_not_linked_by_title(store):
    kept = Forecasts(store)
    kept.add(logged(author_id=None))
    kept.add(logged(subject="draft:b", made_at=T0 + 2 * DAY, published_at=T0 + 2 * DAY, cutoff_at=T0 + 2 * DAY))
    titled(store, "mine", T0, "Кремль")
    assert [one.post for one in remembering.entries(store, T0 + 5 * DAY)] == [None, None]


def test_no_titles_match_nothing():
    empty = pd.DataFrame(columns=["platform", "post_id", "author_id", "published_at", "title"])
    assert matches([logged(key=1)], {}, empty) == {}
    assert matches([logged(key=1)], {1: ForecastLink(1, "vk", "x", "hand", T0)}, empty) == {}


def test_what_a_person_says_of_a_post_holds_and_can_be_taken_back(store, tmp_path):
    url = str(tmp_path / "store.sqlite")
    key, _ = Forecasts(store).add(logged())
    for post_id, at in (("mine", T0), ("real", T0 + 9 * DAY)):
        titled(store, post_id, at, "Кремль")
    assert remembering.entries(store, T0 + 10 * DAY)[0].way == "title"
    assert remembering.link(url, key, "vk:real", T0 + 10 * DAY).way == "hand"
    assert remembering.entries(store, T0 + 10 * DAY)[0].post == ("vk", "real")
    remembering.unlink(url, key, T0 + 11 * DAY)
    (entry,) = remembering.entries(store, T0 + 11 * DAY)
    assert (entry.post, entry.state) == (None, "no post is known for the draft")


@pytest.mark.parametrize(
    ("key", "post", "says"),
    [
        (9, "vk:mine", "there is no forecast 9"),
        (1, "vk:none", "the post vk:none is not in the store"),
        (1, "mine", "expected a post such as"),
        (1, "vk:", "expected a post such as"),
        (1, "youtube:tube", "is of a draft for vk"),
        (1, "vk:old", "the outcome of vk:old was there already"),
        (2, "vk:mine", "forecast 2 is of the post vk:mine itself"),
    ],
)
def test_a_link_that_cannot_be_is_refused_in_a_sentence(store, tmp_path, key, post, says):
    Forecasts(store).add(logged())
    Forecasts(store).add(logged(subject="vk:mine", post_id="mine"))
    titled(store, "mine", T0, "Кремль")
    titled(store, "old", T0 - 9 * DAY, "Кремль")
    publish(store, ["tube"], [T0], [5], author=("youtube", "UC1"))
    with pytest.raises(ConfigurationError, match=says):
        remembering.link(str(tmp_path / "store.sqlite"), key, post, T0)
    assert Forecasts(store).links() == {}


# -- joining ---------------------------------------------------------------------------------------------------


def live(post_id: str, **said: object) -> Logged:
    return logged(subject=f"vk:{post_id}", post_id=post_id, author_id=None, title=None, cutoff_at=T0 + H, **said)


def test_an_outcome_counts_only_once_it_is_final_and_the_rest_is_told(store):
    publish(store, ["early"], [T0], [700], look_h=23.0)
    publish(store, ["good"], [T0], [900], look_h=24.5)
    publish(store, ["blind"], [T0], [900], look_h=60.0)
    for post in ("early", "good", "blind", "nowhere"):
        Forecasts(store).add(live(post))
    Forecasts(store).add(logged(title="Ещё не вышло", published_at=T0 + 50 * H, cutoff_at=T0 + 50 * H))

    def states(now: datetime) -> list[str]:
        return [one.state for one in remembering.entries(store, now)]

    young, late = "too young", "no look near the horizon"
    missing, unlinked = "the post is not in the store", "no post is known for the draft"
    assert states(T0 + 23.5 * H) == [young, young, young, missing, young]
    assert states(T0 + 24.2 * H) == ["matured", late, late, missing, young]
    assert states(T0 + 90 * H) == ["matured", "matured", late, missing, unlinked]
    outcome = remembering.entries(store, T0 + 90 * H)[1]
    assert (outcome.views, outcome.reactions, outcome.author) == (900, 90, "vk:-1")
    record = remembering.track_record(store.url, T0 + 90 * H)
    assert (record.n, sum(record.states.values()), record.overall.log_mae) == (5, 5, None)
    assert record.unlinked == ((5, "Ещё не вышло"),)


def test_a_store_without_forecasts_has_an_empty_record(store):
    record = remembering.track_record(store.url, T0)
    assert (record.n, record.overall.n, record.by_model, record.misses) == (0, 0, (), ())
    assert remembering.recent_coverage(store.url, T0).verdict == "too few matured forecasts"
    json.dumps(record.to_dict(), allow_nan=False)


# -- figures ---------------------------------------------------------------------------------------------------


def cohort(n: int, *, sd_told: float = 0.5, shift: float = 0.0, seed: int = 0, per_author: int = 20) -> list[Entry]:
    """Matured live forecasts of a known law: outcomes stray by 0.5 around ``shift`` above the middle told."""
    rng = np.random.default_rng(seed)
    middle = np.exp(rng.normal(7, 1, n))
    outcome = np.expm1(np.log1p(middle) + shift + rng.normal(0, 0.5, n))
    found = []
    for i in range(n):
        quantiles, at = curve(float(middle[i]), sd_told), T0 + i * H
        said = logged(
            key=i + 1, subject=f"vk:{i}", post_id=str(i), published_at=at, made_at=at + H, cutoff_at=at + H,
            views=(quantiles[1], float(middle[i]), quantiles[17]), curve=quantiles, naive_views=float(middle[i]) * 2,
            baseline=float(middle[i]), beats_usual=0.5,
        )  # fmt: skip
        author = f"vk:{i // per_author}"
        found.append(
            Entry(said, "matured", ("vk", str(i)), None, f"t{i}", author, float(outcome[i]), None, at + 25 * H)
        )
    return found


def test_figures_are_near_the_truth_of_a_known_law():
    record = summed_up(cohort(2000))
    every = record.overall
    assert (every.n, every.n_posts) == (2000, 2000)
    assert every.coverage_50 == pytest.approx(0.5, abs=0.03)
    assert every.coverage_80 == pytest.approx(0.8, abs=0.03)
    assert every.coverage_90 == pytest.approx(0.9, abs=0.02)
    assert every.bias == pytest.approx(1.0, abs=0.03)
    assert every.log_mae == pytest.approx(0.5 * np.sqrt(2 / np.pi), abs=0.02)
    assert every.naive_log_mae > every.log_mae
    assert 0.75 < every.pair_accuracy < 0.95
    (middle,) = (one for one in record.reliability if one.n)
    assert (middle.low, middle.high, middle.said) == (0.4, 0.6, 0.5)
    assert middle.happened == pytest.approx(0.5, abs=0.04)
    assert summed_up(cohort(2000, shift=np.log(2))).overall.bias == pytest.approx(2.0, abs=0.06)


def test_fewer_than_twenty_posts_tell_nothing_however_many_forecasts_there_are():
    many = cohort(19)
    again = [replace(one, forecast=replace(one.forecast, checksum=f"{n}")) for one in many for n in range(5)]
    record = summed_up(again)
    assert (record.overall.n, record.overall.n_posts, record.overall.coverage_80) == (95, 19, None)
    assert all(one.happened is None for one in record.reliability)
    assert summed_up(cohort(20)).overall.coverage_80 is not None


def test_groups_are_by_model_month_and_task_and_pairs_stay_inside_them():
    found = cohort(60)
    drafts = [
        replace(one, forecast=replace(one.forecast, post_id=None, model="old", checksum="cd")) for one in found[:30]
    ]
    record = summed_up(drafts + found[30:])
    assert [(one.name, one.n) for one in record.by_model] == [("mine ab", 30), ("old cd", 30)]
    assert [(one.name, one.n) for one in record.by_task] == [("draft", 30), ("live 1-3 h", 30)]
    assert [one.name for one in record.by_month] == ["2026-09"]
    halves = sum(one.n_pairs for one in record.by_model)
    assert record.overall.n_pairs == halves


def test_without_a_curve_only_the_interval_that_was_told_is_judged():
    bare = [replace(one, forecast=replace(one.forecast, curve=())) for one in cohort(40)]
    every = summed_up(bare).overall
    assert (every.coverage_50, every.coverage_90) == (None, None)
    assert every.coverage_80 is not None


def test_an_outcome_at_the_end_of_its_interval_is_inside():
    flat = logged(views=(float(np.expm1(np.log1p(100.0))),) * 3, curve=())
    stuck = [
        Entry(replace(flat, key=n), "matured", ("vk", str(n)), views=100.0, known_at=T0 + n * H) for n in range(20)
    ]
    assert summed_up(stuck).overall.coverage_80 == 1.0


def test_the_worst_misses_come_first_once_a_post():
    found = cohort(30)
    found[7] = replace(found[7], views=found[7].forecast.views[1] * 100, title="вирус")
    twice = replace(found[7], forecast=replace(found[7].forecast, key=99, checksum="cd"))
    misses = summed_up([*found, twice]).misses
    assert (misses[0].title, misses[0].forecast, round(misses[0].factor)) == ("вирус", 8, 100)
    assert len({one.post for one in misses}) == len(misses) == 10
    sizes = [abs(np.log(one.factor)) for one in misses]
    assert sizes == sorted(sizes, reverse=True)


# -- the alarm -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("sd_told", "verdict"), [(0.5, "calibrated"), (0.2, "too narrow"), (1.5, "too wide")])
def test_the_alarm_tells_narrow_from_wide(sd_told, verdict):
    found = drift(cohort(300, sd_told=sd_told), T0 + 30 * DAY)
    assert (found.verdict, found.n) == (verdict, 300)
    assert found.low < found.coverage < found.high


def test_the_alarm_sees_the_last_weeks_and_each_post_once():
    entries = cohort(100)
    twice = [replace(one, forecast=replace(one.forecast, made_at=one.forecast.made_at + H)) for one in entries]
    assert drift(entries + twice, T0 + 30 * DAY).n == 100
    assert drift(entries, T0 + 100 * DAY) == drift([], T0)
    assert drift(entries, T0 + 25 * H + 9 * H).n == 10
    assert drift([replace(one, state="too young", known_at=None) for one in entries], T0 + DAY).n == 0


def test_the_alarm_rarely_rings_without_a_cause():
    n = 200
    rung = np.mean(
        [judged(int(np.random.default_rng(s).binomial(n, 0.8)), n).verdict != "calibrated" for s in range(400)]
    )
    assert rung < 0.08


# -- from end to end -------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_live_forecasts_of_a_simulated_cohort_are_joined_with_their_outcomes(cohort, model_dir, tmp_path, new_database):
    from otklik import workflows

    for where in (str(tmp_path / "s.sqlite"), new_database()):
        chosen = Settings(tmp_path, where, model_dir, "Europe/Moscow", "en")
        with Store.open(where) as store:
            store.write_posts(cohort.posts)
            store.write_snapshots(cohort.snapshots)
            Tracks(store).set_mark(NATURE, SIMULATED)
        record = _forecast_all(cohort.posts, chosen, workflows.forecast)
        assert (record.n, record.states["matured"]) == (24, record.overall.n)
        assert record.overall.n_posts >= 20
        assert record.overall.log_mae < 1.0
        assert record.by_task[0].name == "live 3-6 h"
        assert record.misses[0].title is not None


def _forecast_all(posts: pd.DataFrame, chosen: Settings, forecast: Callable[..., Forecast]) -> remembering.TrackRecord:
    for one in posts.sort_values("published_at").tail(24).itertuples():
        name = f"{one.platform}:{one.post_id}"
        found = forecast(name, chosen.model, chosen.store, one.published_at + 5 * H, chosen.zone)
        assert remembering.log(found, chosen, post=name)
        remembering.log(found, chosen, post=name)
    return remembering.track_record(chosen.store, T0)
