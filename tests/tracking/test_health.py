"""The doctor says which posts miss their label, and why."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest

from otklik.clock import StillClock
from otklik.store import Tracks
from otklik.tracking.diagnosis import diagnose
from otklik.tracking.health import NO_COUNTER, NO_EARLIER, NO_LATER, TOO_WIDE, coverage
from otklik.tracking.retention import profile_named
from rig import START, rig

T0 = datetime(2026, 3, 1, tzinfo=UTC)
NOW = T0 + timedelta(days=3)


def told(*curves: list[tuple[float, int | None]], gone_h: float | None = None):
    """The coverage of posts whose looks are at these ages, in hours, with these views."""
    posts = pd.DataFrame(
        {
            "platform": "vk",
            "post_id": [str(number) for number in range(len(curves))],
            "author_id": "a",
            "kind": "post",
            "published_at": pd.Timestamp(T0),
            "gone_at": pd.Series(
                [T0 + timedelta(hours=gone_h) if gone_h else None] * len(curves), dtype="datetime64[us, UTC]"
            ),
        }
    )
    rows = [(str(n), pd.Timestamp(T0 + timedelta(hours=h)), v) for n, curve in enumerate(curves) for h, v in curve]
    looks = pd.DataFrame(rows, columns=["post_id", "observed_at", "views"]).assign(platform="vk", source="wall.getById")
    (found,) = coverage(posts, looks, NOW)
    return found


EVERY_HALF_HOUR = [(h / 2, h * 10) for h in range(1, 80)]


def test_a_post_that_was_looked_at_all_along_has_a_tight_label():
    found = told(EVERY_HALF_HOUR)
    assert (found.n_posts, found.n_labelled, found.n_tight, found.share_tight) == (1, 1, 1, 1.0)
    assert found.gaps == {"30 min": 47 - 1}


@pytest.mark.parametrize(
    ("curve", "reason"),
    [
        ([(1, None), (23, None), (25, None)], NO_COUNTER),
        ([(1, 10), (2, 20), (12, 30)], NO_LATER),
        ([(1, 10), (2, 20), (30, 90)], NO_EARLIER),
        ([(1, 10), (17, 20), (33, 90)], TOO_WIDE),
    ],
)
def test_a_post_without_a_label_has_a_reason(curve, reason):
    found = told(curve)
    assert found.n_labelled == 0
    assert found.reasons == {reason: 1}
    assert found.worst == ("0",)


def test_posts_found_late_young_or_deleted_are_not_held_against_us():
    assert told([(40, 100)]).n_backfilled == 1
    assert told([(1, 100)], gone_h=5.0).n_gone == 1
    young = coverage(
        pd.DataFrame(
            {"platform": ["vk"], "post_id": ["1"], "author_id": ["a"], "kind": ["post"], "published_at": [NOW]}
        ),
        pd.DataFrame({"platform": ["vk"], "post_id": ["1"], "observed_at": [NOW + timedelta(minutes=5)], "views": [3]}),
        NOW + timedelta(minutes=10),
    )
    assert young[0].n_young == 1
    assert young[0].share_tight is None


def test_the_doctor_finds_what_is_wrong(tmp_path):
    unaudited = profile_named("youtube-unaudited")
    with rig(tmp_path, n_posts=20, n_authors=3) as at:
        states = {
            check.name: check.state for check in diagnose(at.store, at.sources, at.clock, unaudited, 1 / 12).checks
        }
        assert states["last pass"] == "unknown"
        at.run(3)
        found = diagnose(at.store, at.sources, at.clock, unaudited, 1 / 12)
        assert {check.state for check in found.checks} == {"ok"}
        assert found.quota["youtube"]["stats"][0] > 0
        at.clock.sleep(3600)
        late = diagnose(at.store, at.sources, at.clock, unaudited, 1 / 12, is_offline=True)
        assert {check.name: check.state for check in late.checks}["last pass"] == "warning"
        at.clock.sleep(40 * 86400)
        old = diagnose(at.store, at.sources, at.clock, unaudited, 1 / 12, is_offline=True)
        assert {check.name: check.state for check in old.checks}["retention"] == "wrong"
        Tracks(at.store).begin_pass("me", at.clock.now())
        at.clock.sleep(3600)
        cut = diagnose(at.store, at.sources, at.clock, unaudited, 1 / 12, is_offline=True)
        assert any("cut off" in str(check.text) for check in cut.checks)
        skewed = StillClock(START)
        wrong = diagnose(at.store, at.sources, skewed, unaudited, 1 / 12)
        assert any("set it right" in str(check.text) for check in wrong.checks)
        assert any("lies in the future" in str(check.text) for check in wrong.checks)
        none = diagnose(at.store, [], at.clock, unaudited, 1 / 12)
        assert any("OTKLIK_VK_TOKEN" in str(check.text) for check in none.checks)
