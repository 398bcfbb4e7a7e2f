"""What the platforms' terms do not let us keep goes, and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from otklik.errors import ConfigurationError
from otklik.store import Tracks
from otklik.tracking.retention import MARGIN, oldest, profile_named, purge
from rig import START, rig

UNAUDITED = profile_named("youtube-unaudited")


@pytest.fixture
def at(tmp_path):
    """A store with an hour of both platforms, a file somebody imported, and an export."""
    with rig(tmp_path, n_posts=20, hours=0.8, n_authors=4) as made:
        made.run(12)
        yield made


def test_youtube_statistics_go_after_thirty_days_and_vk_s_stay(at):
    before, late = at.snapshots(), START + timedelta(days=31)
    done = purge(at.store, UNAUDITED, late, is_dry=False)
    after = at.snapshots()
    assert done.snapshots == (before["platform"] == "youtube").sum() > 0
    assert set(after["platform"]) == {"vk"}
    assert (after["platform"] == "vk").sum() == (before["platform"] == "vk").sum()
    assert done.author_snapshots > 0
    assert oldest(at.store) is None
    posts = at.store.posts()
    assert posts.loc[posts["platform"] == "youtube", ["title", "text"]].isna().all(axis=None)
    assert posts.loc[posts["platform"] == "vk", "text"].notna().any()
    assert purge(at.store, UNAUDITED, late, is_dry=False).snapshots == 0


def test_a_dry_run_counts_the_same_and_touches_nothing(at, tmp_path):
    late, export = START + timedelta(days=31), tmp_path / "features.parquet"
    export.write_bytes(b"PAR1")
    Tracks(at.store).add_export(str(export), START, START)
    before = at.snapshots()
    dry = purge(at.store, UNAUDITED, late, is_dry=True)
    assert at.snapshots().equals(before)
    assert export.exists()
    real = purge(at.store, UNAUDITED, late, is_dry=False)
    assert (dry.snapshots, dry.author_snapshots, dry.texts, dry.versions, dry.exports) == (
        real.snapshots,
        real.author_snapshots,
        real.texts,
        real.versions,
        real.exports,
    )
    assert real.exports == (str(export),)
    assert not export.exists()
    assert Tracks(at.store).exports() == []


def test_what_is_young_enough_stays_to_the_day(at):
    edge = START + UNAUDITED.statistics - MARGIN
    assert purge(at.store, UNAUDITED, edge - timedelta(minutes=1), is_dry=True).snapshots == 0
    assert purge(at.store, UNAUDITED, edge + timedelta(minutes=30), is_dry=True).snapshots > 0


@pytest.mark.parametrize("name", ["own-channel", "accepted-amendment"])
def test_other_policies_keep_statistics_longer(at, name):
    profile = profile_named(name)
    assert purge(at.store, profile, START + timedelta(days=31), is_dry=False).snapshots == 0
    texts = at.store.posts().query("platform == 'youtube'")["title"].notna().any()
    assert texts == (profile.texts is None)


def test_what_a_person_imported_is_theirs(at):
    looks = at.snapshots().query("platform == 'youtube'").head(5)
    looks = looks.assign(observed_at=looks["observed_at"] + timedelta(seconds=7), source="my own notes", views=1)
    at.store.write_snapshots(looks)
    purge(at.store, UNAUDITED, START + timedelta(days=31), is_dry=False)
    assert at.snapshots().query("platform == 'youtube'")["source"].tolist() == ["my own notes"] * 5


def test_an_unknown_policy_is_refused():
    with pytest.raises(ConfigurationError, match="there is no policy 'for ever'"):
        profile_named("for ever")
