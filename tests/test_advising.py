"""Variants, ranks and hours: what is said of a difference follows from the law of pairs, and from nothing else."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from otklik import advising, workflows
from otklik.advising import Change, Entry, versus
from otklik.advising.hours import N_BEST, best_hours, week
from otklik.advising.scored import quiet
from otklik.errors import ConfigurationError, DataError
from otklik.models.card import ModelFolder, load
from otklik.models.forecast import Quantity
from otklik.models.pairs import PairLaw
from otklik.records import Draft, DraftAuthor, PastPost
from otklik.store import Store

STARTER = Path(__file__).parents[1] / "models" / "starter"
AT = datetime(2026, 12, 4, 16, tzinfo=UTC)
NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
ZONE = "Europe/Moscow"
LAW = PairLaw(1.75, 12_000, 31, realised=1.0, spread=0.8)


def draft(title: str = "Казань 2100: Кремль в неоне", **more: object) -> Draft:
    past = tuple(PastPost(AT - timedelta(days=16 - i), 3000 + 700 * (i % 5), 150 + 30 * (i % 4)) for i in range(14))
    return replace(Draft(title, AT, author=DraftAuthor(followers=18_000, history=past)), **more)


def with_law(law: PairLaw | dict[str, PairLaw] | None) -> ModelFolder:
    folder = load(STARTER)
    for forecaster in folder.forecasters.values():
        forecaster.pairs = {"all": law} if isinstance(law, PairLaw) else law or {}
    return folder


@pytest.fixture(scope="module")
def tried():
    changes = (Change("title", "Кремль"), Change("publish_at", "2026-12-05T12:00"))
    entries = [
        Entry("as it is", draft()),
        Entry("another", draft("Кремль", publish_at=AT + timedelta(hours=17)), None, changes),
        Entry("no change", draft(), None, (Change("cover", "b.jpg"),)),
    ]
    return advising.what_if(entries, with_law(LAW), None, ZONE)


def test_a_variant_is_forecast_exactly_as_score_forecasts_it(tried):
    alone = workflows.score(draft("Кремль", publish_at=AT + timedelta(hours=17)), STARTER, None, ZONE)
    assert tried.variants[0].forecast.views == alone.views
    assert tried.draft.views == workflows.score(draft(), STARTER, None, ZONE).views
    assert tried.variants[0].against.ratio == pytest.approx(alone.views.p50 / tried.draft.views.p50, rel=1e-3)


def test_the_same_forecast_is_said_to_be_the_same_and_a_cover_to_move_nothing(tried):
    assert tried.variants[1].against.verdict == "same"
    assert tried.variants[1].against.chance == 0.5
    assert any("learned from no covers" in str(note) for note in tried.notes)


def test_advice_never_claims_a_cause_and_says_what_its_chances_rest_on(tried):
    said = [str(note) for note in tried.notes]
    assert any("12000 pairs of posts" in note for note in said)
    assert any("does not prove" in note for note in said)


def test_advice_is_plain_json(tried):
    plain = json.loads(json.dumps(tried.to_dict(), allow_nan=False))
    assert plain["variants"][0]["changes"] == {"title": "Кремль", "publish_at": "2026-12-05T12:00"}
    assert plain["variants"][0]["forecast"]["views"]["p50"] == tried.variants[0].forecast.views.p50
    assert plain["pairs"]["n_pairs"] == 12_000
    assert plain["hours"] is None


@pytest.fixture(scope="module")
def base(tried):
    return tried.draft


def scaled(base, factor: float, **more: object):
    views = base.views.scaled(factor)
    return replace(base, views=Quantity(views.p10, (base.views.p50 + 1) * factor - 1, views.p90), **more)


def test_a_lead_is_worth_what_the_law_of_pairs_says(base):
    lead = versus(scaled(base, 2.0), base, LAW)
    assert lead.verdict == "higher"
    assert lead.chance == pytest.approx(LAW.chance(math.log(2)))
    assert lead.interval.p10 < lead.ratio < lead.interval.p90
    behind = versus(base, scaled(base, 2.0), LAW)
    assert (behind.verdict, behind.chance) == ("lower", pytest.approx(1 - lead.chance))
    assert versus(scaled(base, 1.05), base, LAW).verdict == "tie"
    assert versus(scaled(base, 2.0), base, replace(LAW, slope=0.1)).verdict == "tie"


def test_without_a_law_no_chance_is_told(base):
    lead = versus(scaled(base, 2.0), base, None)
    assert (lead.verdict, lead.chance, lead.interval) == ("not calibrated", None, None)
    assert lead.ratio == pytest.approx(2.0)


@pytest.mark.parametrize("law", [None, PairLaw(0.0, 0, 0), {}, {"vk": LAW}])
def test_a_model_without_pairs_for_the_platform_is_not_calibrated(law):
    assert advising.pair_law(with_law(law), "youtube") is None


def test_a_law_of_the_platform_goes_before_that_of_all():
    youtube = replace(LAW, slope=0.6)
    folder = with_law({"all": LAW, "youtube": youtube})
    assert advising.pair_law(folder, "youtube") == youtube
    assert advising.pair_law(folder, "vk") == LAW


def test_few_pairs_are_said():
    found = advising.what_if([Entry("a", draft())], with_law(replace(LAW, n_pairs=40)), None, ZONE)
    assert any("few pairs of posts (n = 40" in str(note) for note in found.notes)


def test_views_counted_by_different_rules_are_not_compared(base):
    early = scaled(base, 2.0, published_at=datetime(2025, 1, 1, tzinfo=UTC))
    assert versus(early, base, LAW).verdict == "not comparable"
    entries = [Entry("a", draft()), Entry("b", draft(publish_at=datetime(2026, 8, 1, tzinfo=UTC)))]
    found = advising.what_if(entries, with_law(LAW), None, ZONE)
    assert any("by another rule" in str(note) for note in found.notes)


def test_drafts_are_ranked_and_ties_share_a_place():
    entries = [Entry(title, draft(title)) for title in ("Кремль", "Смотри", "Узнаёшь свой город? Казань")]
    tied = advising.compare(entries, with_law(replace(LAW, slope=0.01)), None, ZONE)
    assert [one.place for one in tied.ranked] == [1, 1, 1]
    assert all(one.is_tied for one in tied.ranked)
    sharp = advising.compare(entries, with_law(replace(LAW, slope=1e6)), None, ZONE)
    views = [one.forecast.views.p50 for one in sharp.ranked]
    assert views == sorted(views, reverse=True)
    assert sharp.ranked[0].place == 1
    n = len(entries)
    assert all(sharp.chances[i][j] + sharp.chances[j][i] == pytest.approx(1) for i in range(n) for j in range(n))
    json.dumps(sharp.to_dict(), allow_nan=False)


def test_without_a_law_drafts_are_in_order_and_nothing_is_a_tie_but_the_same():
    long = draft("Кремль", kind="video", duration_s=1800)
    entries = [Entry("a", long), Entry("b", draft("Смотри")), Entry("c", draft("Смотри"))]
    found = advising.compare(entries, with_law(None), None, ZONE)
    assert {one.name for one in found.ranked if one.is_tied} == {"b", "c"}
    assert found.chances[0][2] is None
    assert "no pairs of posts" in str(found.notes[0])


def test_a_draft_without_an_author_takes_the_others_and_another_author_is_refused():
    plain = replace(draft("Кремль"), author=DraftAuthor())
    found = advising.compare([Entry("a", plain), Entry("b", draft())], with_law(LAW), None, ZONE)
    assert {one.forecast.baseline.n_posts for one in found.ranked} == {14}
    other = replace(plain, author=DraftAuthor(median_views=10.0))
    with pytest.raises(ConfigurationError, match="other is of another author or platform than mine"):
        advising.compare([Entry("mine", draft()), Entry("other", other)], STARTER, None, ZONE)
    with pytest.raises(ConfigurationError, match="another author or platform"):
        advising.compare([Entry("a", draft()), Entry("b", draft(platform="vk"))], STARTER, None, ZONE)
    with pytest.raises(ConfigurationError, match="at least two drafts"):
        advising.compare([Entry("a", draft())], STARTER, None, ZONE)


@pytest.mark.parametrize(
    ("zone", "now", "n"),
    [
        ("Europe/Moscow", NOW, 168),
        ("Asia/Kathmandu", NOW, 168),
        ("Europe/Berlin", datetime(2026, 3, 26, 12, tzinfo=UTC), 167),
        ("Europe/Berlin", datetime(2026, 10, 22, 12, tzinfo=UTC), 168),
    ],
)
def test_the_hours_of_a_week_are_those_of_the_audience_s_clock(zone: str, now: datetime, n: int):
    hours = week(now, zone, now)
    assert len(hours) == len({at for _, _, at in hours}) == n
    assert all(now < at < now + timedelta(days=8, hours=12) for _, _, at in hours)
    assert [at for _, _, at in hours] == sorted(at for _, _, at in hours)


def test_a_draft_that_is_planned_for_later_gets_the_hours_of_its_own_week():
    assert week(NOW + timedelta(days=30), "UTC", NOW)[0][2] == datetime(2026, 12, 31, tzinfo=UTC)
    assert week(NOW + timedelta(days=3), "UTC", NOW)[0][2] == datetime(2026, 12, 2, tzinfo=UTC)


HOURS = {(0, 3), (0, 19), (2, 11), (4, 15), (6, 3), (6, 22)}


@pytest.fixture(scope="module")
def few_hours():
    """A week of six hours, so that it is quick."""
    patch = pytest.MonkeyPatch()
    everything = week
    patch.setattr("otklik.advising.hours.week", lambda *given: [one for one in everything(*given) if one[:2] in HOURS])
    yield lambda law: best_hours(Entry("a", draft()), with_law(law), None, ZONE, NOW, quiet)
    patch.undo()


def test_the_best_hours_are_the_highest_and_the_size_of_the_difference_is_told(few_hours):
    found = few_hours(replace(LAW, slope=1e6))
    views = [cell.views for cell in found.cells]
    assert [cell.views for cell in found.best] == sorted(views, reverse=True)[:N_BEST]
    assert found.most == pytest.approx((max(views) + 1) / (min(views) + 1) - 1)
    assert min(views) <= found.middle <= max(views)
    assert not found.is_free


def test_hours_that_cannot_be_told_apart_are_free_to_choose(few_hours):
    assert few_hours(replace(LAW, slope=0.01)).is_free
    unknown = few_hours(None)
    assert unknown.n_as_good is None
    assert not unknown.is_free


def test_an_hour_is_forecast_as_score_forecasts_it(few_hours):
    cell = few_hours(LAW).cells[4]
    assert cell.views == workflows.score(draft(publish_at=cell.at), STARTER, None, ZONE).views.p50


@pytest.fixture(scope="module")
def store_file(cohort, tmp_path_factory) -> Path:
    file = tmp_path_factory.mktemp("advising") / "store.sqlite"
    with Store.open(file) as store:
        store.write_posts(cohort.posts)
        store.write_snapshots(cohort.snapshots)
    return file


def test_the_history_of_an_author_in_the_store_is_used_as_score_uses_it(cohort, store_file):
    author = DraftAuthor(author_id=cohort.posts["author_id"].iloc[0])
    at = cohort.posts["published_at"].max().to_pydatetime() - timedelta(days=2)
    mine = [Draft(title, at, author=author) for title in ("Ночь над рекой?", "Утро")]
    found = advising.compare([Entry(one.title, one) for one in mine], with_law(LAW), str(store_file), ZONE)
    for one in found.ranked:
        alone = next(draft for draft in mine if draft.title == one.name)
        assert one.forecast.views == workflows.score(alone, STARTER, str(store_file), ZONE).views
    nobody = replace(mine[0], author=DraftAuthor(author_id="nobody"))
    with pytest.raises(DataError, match="the author youtube:nobody has no posts in the store"):
        advising.what_if([Entry("x", nobody)], STARTER, str(store_file), ZONE)


def test_a_model_without_views_is_said():
    folder = load(STARTER)
    only = ModelFolder(folder.card, {"reactions_24h": folder.forecasters["reactions_24h"]})
    with pytest.raises(DataError, match="and no views: train one"):
        advising.what_if([Entry("a", draft())], only, None, ZONE)
