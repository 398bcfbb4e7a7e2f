"""The verb look: reuse of sound, subtitles, posts with files, and what a model makes of them."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from films import make_film

from otklik import looking
from otklik.dataset.corpus import Corpus
from otklik.dataset.drafts import read_draft
from otklik.dataset.examples import at_age
from otklik.dataset.reading import read_corpus
from otklik.dataset.targets import VIEWS_24H
from otklik.errors import ConfigurationError, DataError
from otklik.features import assemble
from otklik.features.media import FEATURES, NAMES
from otklik.media.sound_library import add_files
from otklik.models.boosted import Boosted, n_files
from otklik.simulate import Simulated
from otklik.store import PostFiles, Sounds, Store, is_there

DRAFT = Path(__file__).parents[1] / "data" / "drafts" / "kazan_2100"


@pytest.fixture(autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTKLIK_CACHE", str(tmp_path_factory.getbasetemp() / "looking"))


def melody(seed: int, seconds: float = 12.0) -> np.ndarray:
    """Notes that nobody else has."""
    dice, at = np.random.default_rng(seed), np.arange(round(seconds * 48_000)) / 48_000
    sound = np.zeros(len(at))
    for start in np.arange(0, seconds, 0.21):
        inside = (at >= start) & (at < start + 0.3)
        for hertz in 220 * 2 ** (dice.integers(0, 36, 2) / 12):
            sound[inside] += np.sin(2 * np.pi * hertz * at[inside]) * np.exp(-6 * (at[inside] - start))
    return (0.2 * sound / np.abs(sound).max()).astype(np.float32)


def film(path: Path, seed: int, seconds: float = 12.0) -> Path:
    return make_film(path, seconds=seconds, fps=10, size=(96, 64), sounds=(melody(seed, seconds),))


def test_a_look_tells_every_feature_or_none_and_is_json(tmp_path: Path):
    found = looking.look_at(film(tmp_path / "a.mp4", 1))
    facts = looking.facts_of(found)
    assert tuple(facts) == NAMES
    assert len(set(NAMES)) == len(FEATURES)
    json.loads(json.dumps(looking.to_dict(found), allow_nan=False))
    assert facts["audio__reuse"] is None, "nothing was compared, which is not the same as no match"


def test_a_sound_of_the_library_is_matched_and_another_is_not(tmp_path: Path):
    store = str(tmp_path / "store.sqlite")
    with Store.open(store) as opened:
        list(add_files(opened, [film(tmp_path / "library.mp4", 1)], datetime.now(UTC), name="a tune"))
    asked = looking.Asked(store=store)
    same = make_film(tmp_path / "same.mp4", seconds=8, fps=10, size=(64, 64), sounds=(melody(1)[96_000:480_000],))
    known = looking.look_at(same, asked)
    assert known.reuse.status == "matched"
    assert known.reuse.matches[0].sound == "a tune"
    assert known.reuse.matches[0].from_s == pytest.approx(2.0, abs=0.1)
    assert looking.facts_of(known)["audio__reuse"] == 1.0
    other = looking.look_at(film(tmp_path / "other.mp4", 2), asked)
    assert (other.reuse.status, other.reuse.n_sounds) == ("unmatched", 1)
    assert looking.facts_of(other)["audio__reuse"] == 0.0


def test_a_draft_is_remembered_and_its_own_versions_are_no_reuse(tmp_path: Path):
    store = str(tmp_path / "store.sqlite")
    Store.open(store).close()
    for name, seed, tail in (("one", 1, 12.0), ("two", 1, 11.0)):
        (tmp_path / name).mkdir()
        shutil.copy(DRAFT / "draft.yaml", tmp_path / name)
        film(tmp_path / name / "video.mp4", seed, tail)

    def look(name: str) -> looking.Look:
        file = read_draft(tmp_path / name)
        asked = looking.Asked(store=store, draft=file.path)
        found = looking.look_at(file.video, asked)
        looking.remember(found, asked)
        return found

    assert look("one").reuse.status == "not checked", "an empty library says nothing"
    assert look("one").reuse.status == "not checked", "the draft itself is no other sound"
    film(tmp_path / "one" / "video.mp4", 1, 10.0)
    assert look("one").reuse.status == "not checked", "nor is its earlier version"
    with Store.open(store) as opened:
        assert Sounds(opened).count() == 1, "the newest version stands"
    assert look("two").reuse.status == "matched", "another draft with the same sound"


def test_the_very_file_of_somebody_else_is_the_surest_reuse(tmp_path: Path):
    store = str(tmp_path / "store.sqlite")
    path = film(tmp_path / "a.mp4", 1)
    with Store.open(store) as opened:
        list(add_files(opened, [path], datetime.now(UTC), name="theirs"))
    shutil.copy(path, tmp_path / "b.mp4")
    assert looking.look_at(tmp_path / "b.mp4", looking.Asked(store=store)).reuse.status == "matched"


def test_a_post_s_reuse_knows_only_earlier_posts_of_others(tmp_path: Path, cohort: Simulated):
    store = str(tmp_path / "store.sqlite")
    posts = cohort.posts.drop_duplicates("author_id").sort_values("published_at").head(2)
    first, second = posts["platform"] + ":" + posts["post_id"]
    with Store.open(store) as opened:
        opened.write_posts(posts)
    found = looking.look_at(film(tmp_path / "a.mp4", 1), looking.Asked(store=store))
    for post in (second, first):  # looked at in the wrong order
        looking.keep_with_post(found, post, store)
    looking.keep_with_post(found, second, store)
    with Store.open(store) as opened:
        kept = {":".join(key): facts for key, facts in PostFiles(opened).facts().items()}
    assert kept[second]["audio__reuse"] == 1.0
    assert kept[first]["audio__reuse"] is None, "nothing was there before it"


def test_a_hasty_look_or_a_cover_is_not_kept_with_a_post(tmp_path: Path):
    for found in (
        looking.look_at(film(tmp_path / "a.mp4", 3), looking.Asked(fast=True)),
        looking.look_at(DRAFT / "cover.jpg"),
    ):
        if found.screening.mode == "full" and found.screening.file.kind == "video":
            pytest.fail("the cache answered in full")
        with pytest.raises(ConfigurationError, match="full look"):
            looking.keep_with_post(found, "youtube:1", str(tmp_path / "store.sqlite"))


def test_looking_makes_no_store(tmp_path: Path):
    found = looking.look_at(film(tmp_path / "a.mp4", 1), looking.Asked(store=str(tmp_path / "store.sqlite")))
    assert found.reuse.reason == looking.NO_STORE
    assert not (tmp_path / "store.sqlite").exists()
    assert not is_there(f"sqlite:///{tmp_path}/none.sqlite")


def test_subtitles_beside_the_file_are_read_and_what_they_say_is_told(tmp_path: Path):
    path = film(tmp_path / "a.mp4", 1)
    (tmp_path / "a.ru.srt").write_text("1\n00:00:00,000 --> 00:00:02,000\nГоржусь нашей Казанью!\n", "utf-8")
    found = looking.look_at(path)
    assert found.transcript.source == "subtitles"
    assert found.speech.reading.regions == ["RU-TA"]
    facts = looking.facts_of(found)
    assert facts["place__in_speech"] == 1
    assert facts["emotion__in_speech"] == 1
    (tmp_path / "a.ru.srt").write_bytes(b"\0\1\2" * 100)
    assert any("binary" in one.template for one in looking.look_at(path).remarks)


def test_a_post_keeps_what_its_file_shows(tmp_path: Path, cohort: Simulated):
    store = str(tmp_path / "store.sqlite")
    with Store.open(store) as opened:
        opened.write_posts(cohort.posts.head(3))
    found = looking.look_at(film(tmp_path / "a.mp4", 1))
    platform, post_id = cohort.posts.iloc[0][["platform", "post_id"]]
    looking.keep_with_post(found, f"{platform}:{post_id}", store)
    with Store.open(store) as opened:
        (known,) = Sounds(opened).all()
        assert (known.kind, known.post) == ("post", f"{platform}:{post_id}")
    corpus = read_corpus([], store)
    assert corpus.media[(platform, post_id)] == looking.facts_of(found)
    with pytest.raises(DataError, match="not in the store"):
        looking.keep_with_post(found, "youtube:none", store)
    with pytest.raises(ConfigurationError, match="expected a post"):
        looking.keep_with_post(found, "none", store)


def test_a_model_learns_from_files_once_enough_posts_have_them(cohort: Simulated):
    rng = np.random.default_rng(0)
    posts = cohort.posts
    keys = list(posts[["platform", "post_id"]].itertuples(index=False, name=None))
    facts = {key: {"video__aspect_log": float(rng.normal()), "hook__n_cuts_3s": float(rng.integers(5))} for key in keys}

    def table(n: int):
        corpus = Corpus.of(posts, cohort.snapshots, {key: facts[key] for key in keys[:n]})
        return assemble(corpus, at_age(corpus, np.arange(len(corpus)), 0.0), target=VIEWS_24H, zone="UTC")

    few, many = table(50), table(len(keys))
    assert (n_files(few), n_files(many)) == (50, len(keys))
    model = Boosted().fit(few)
    assert "hook__n_cuts_3s" not in model.tasks[False].features
    model = Boosted().fit(many)
    assert "hook__n_cuts_3s" in model.tasks[False].features
    plain = Corpus.of(posts, cohort.snapshots)
    without = assemble(plain, at_age(plain, np.arange(300, 305), 0.0), target=VIEWS_24H, zone="UTC")
    assert "hook__n_cuts_3s" not in without.X
    assert np.isfinite(model.point(without)).all(), "it forecasts posts without a file too"


def test_a_file_changes_no_other_feature(cohort: Simulated):
    key = tuple(cohort.posts.iloc[0][["platform", "post_id"]])
    bare = Corpus.of(cohort.posts, cohort.snapshots)
    seen = Corpus.of(cohort.posts, cohort.snapshots, {key: {"video__cut_rate": 3.0}})
    tables = [assemble(one, at_age(one, np.arange(20), 0.0), target=VIEWS_24H, zone="UTC").X for one in (bare, seen)]
    pd.testing.assert_frame_equal(tables[0], tables[1][tables[0].columns])
    assert tables[1]["video__cut_rate"].notna().sum() <= 1


def test_the_length_of_a_draft_is_that_of_its_video_where_it_says_none(tmp_path: Path):
    draft = read_draft(DRAFT).draft
    found = looking.look_at(film(tmp_path / "a.mp4", 1))
    from dataclasses import replace

    assert looking.with_length(replace(draft, duration_s=None), [found]).duration_s == 12
    assert looking.with_length(draft, [found]).duration_s == draft.duration_s
