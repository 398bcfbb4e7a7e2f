"""``otklik whatif`` as people call it: changes that are read, changes that are refused, and what is printed."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from otklik.cli import session, whatif
from otklik.cli.whatif import CHANGEABLE, changed, parse_changes
from otklik.dataset.drafts import DraftFile
from otklik.errors import ConfigurationError, OtklikError
from otklik.models import card
from otklik.models.pairs import PairLaw
from otklik.records import Draft

ROOT = Path(__file__).parents[2]
DRAFT = str(ROOT / "data" / "drafts" / "kazan_2100")
MODEL = ("--model", str(ROOT / "models" / "starter"))
AT = datetime(2026, 12, 4, 16, tzinfo=UTC)
FILE = DraftFile(Draft("Казань", AT, duration_s=18), Path(DRAFT) / "draft.yaml")


def run(*arguments: str, lang: str = "en", law: object = None) -> str:
    """What the verb prints, its model with a law of pairs."""
    app = typer.Typer()
    app.command()(whatif.run)
    patch = pytest.MonkeyPatch()
    load = card.load

    def loaded(folder: Path) -> card.ModelFolder:
        model = load(folder)
        for forecaster in model.forecasters.values():
            forecaster.pairs = {"all": law} if law else {}
        return model

    patch.setattr("otklik.advising.scored.load", loaded)
    patch.setattr(session, "lang", lang)
    patch.setenv("COLUMNS", "100")
    try:
        done = CliRunner().invoke(app, [*arguments, *MODEL])
    finally:
        patch.undo()
    if isinstance(done.exception, OtklikError):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.stdout


def fields(text: str) -> dict[str, str]:
    return {one.field: one.value for one in parse_changes(text)}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("title=Ночь", {"title": "Ночь"}),
        ('title="Ночь, kind=video"', {"title": "Ночь, kind=video"}),
        ("title='a, \"b\"' , kind = video", {"title": 'a, "b"', "kind": "video"}),
        (r'title="say \"hi\" \\ now"', {"title": r"say " + '"hi" \\ now'}),
        ("title=Город, который мы любим,duration_s=20", {"title": "Город, который мы любим", "duration_s": "20"}),
        ("tags=Казань, город,kind=clip", {"tags": "Казань, город", "kind": "clip"}),
        ("text=", {"text": ""}),
    ],
)
def test_changes_are_read_with_and_without_quotes(text, told):
    assert fields(text) == told


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "expected changes such as"),
        ("Ночь", "expected changes such as"),
        ("title", "expected changes such as"),
        ("platform=vk", "platform is as it is and cannot be changed in a variant; what can be: publish_at"),
        ("author=vk:-1", "author is as it is"),
        ("title=x,followers=1000000", "followers is as it is"),
        ("music=x", "music is nothing that a variant can change"),
        ("title=a,title=b", "title is changed twice"),
        ('title="never closed', "do not close before the next comma"),
        ('title="a" b', "do not close before the next comma"),
        ('title="a",', None),
    ],
)
def test_what_cannot_be_changed_is_refused_in_one_sentence(text, message):
    if message is None:
        assert fields(text) == {"title": "a"}
        return
    with pytest.raises(ConfigurationError, match=message):
        parse_changes(text)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text):
    try:
        found = parse_changes(text)
        changed(FILE, found, "Europe/Moscow")
    except ConfigurationError:
        return
    assert all(one.field in CHANGEABLE for one in found)


@given(st.text(min_size=1, max_size=40), st.sampled_from("\"'"))
def test_a_quoted_value_comes_back_as_it_was(value, mark):
    quoted = value.replace("\\", "\\\\").replace(mark, "\\" + mark)
    assert fields(f"title={mark}{quoted}{mark},kind=clip") == {"title": value, "kind": "clip"}


def test_changes_are_made_and_nothing_else():
    text = "publish_at=2026-12-05T18:00,title=Ночь,text=Слова,tags=#a;b,duration_s=20.4,kind=VIDEO,synthetic_media=yes"
    new = changed(FILE, parse_changes(text), "Europe/Moscow").draft
    assert new.publish_at == datetime(2026, 12, 5, 15, tzinfo=UTC)
    assert (new.title, new.text, new.tags, new.duration_s) == ("Ночь", "Слова", ("a", "b"), 20)
    assert (new.kind, new.synthetic_media, new.platform) == ("video", True, "youtube")


def test_another_video_has_another_length_and_a_file_is_found_beside_the_draft():
    new = changed(FILE, parse_changes("video=video.mp4,cover=cover.jpg"), "UTC")
    assert new.video == Path(DRAFT) / "video.mp4"
    assert new.cover == Path(DRAFT) / "cover.jpg"
    assert new.draft.duration_s is None
    assert changed(FILE, parse_changes("video=video.mp4,duration_s=7"), "UTC").draft.duration_s == 7


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("publish_at=soon", "expected a date and time"),
        ("title=  ", "a draft needs a title"),
        ("duration_s=long", "duration_s must be a number of seconds"),
        ("duration_s=nan", "duration_s must be a number of seconds"),
        ("duration_s=-3", "duration_s must be a number of seconds"),
        ("kind=shrot", "kind must be one of video, short, clip, live, post, but it is 'shrot'"),
        ("synthetic_media=maybe", "synthetic_media must be true or false"),
        ("video=none.mp4", "there is no file none.mp4, neither here nor beside the draft"),
        ("cover=" + "x" * 300, "there is no file x"),
        ("video=", "there is no file"),
    ],
)
def test_values_that_a_field_cannot_have_are_refused(text, message):
    with pytest.raises(ConfigurationError, match=message):
        changed(FILE, parse_changes(text), "UTC")


def test_the_draft_and_its_variants_are_told_with_their_chances():
    law = PairLaw(1.75, 12_000, 31, realised=1.0, spread=0.8)
    text = run(DRAFT, "--no-file", "--change", "publish_at=2026-12-05T12:00", "--change", "title=Смотри", law=law)
    for words in ("A  as it is", "B  published: 5 Dec 2026, 12:00 (UTC+3)", "C  title: Смотри", "P(more than A)"):
        assert words in text
    assert "no difference" in text
    assert "12,000 pairs of posts (authors: 31)" in text
    assert "does not prove" in text


def test_a_model_without_pairs_says_not_calibrated_and_shows_no_chance():
    text = run(DRAFT, "--no-file", "--change", "title=Смотри")
    assert "not calibrated" in text
    assert "no pairs of posts" in text
    assert "%" not in text


def test_russian_is_spoken_where_it_is_asked_for():
    text = run(DRAFT, "--no-file", "--change", "title=Смотри", lang="ru")
    assert "от обычного" in text
    assert "черновик на 4 дек. 2026" in text


def test_json_is_json_and_nothing_else():
    told = json.loads(run(DRAFT, "--no-file", "--change", "title=Смотри,kind=video", "--json", "-"))
    assert told["variants"][0]["changes"] == {"title": "Смотри", "kind": "video"}
    assert told["variants"][0]["against"]["verdict"] in ("not calibrated", "same")
    assert told["pairs"] is None


def test_a_hostile_title_does_not_reach_the_terminal():
    text = run(DRAFT, "--no-file", "--change", "title=\x1b]0;owned\x07[bold red]x[/] \u202etxet\u202c")
    for bad in ("\x1b", "\x07", "\u202e"):
        assert bad not in text
    assert "[bold red]x[/]" in text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([DRAFT], "say what to try"),
        (["nowhere", "--hours"], "there is no draft at nowhere"),
        ([DRAFT, "--no-file", "--change", "cover=cover.jpg"], "cover is changed, but --no-file"),
        ([DRAFT, "--no-file", "--change", "followers=5"], "followers is as it is"),
        ([DRAFT, "--hours", "--zone", "Kazan"], "the time zone 'Kazan' is not known"),
    ],
)
def test_wrong_calls_are_one_sentence(arguments, message):
    with pytest.raises(ConfigurationError, match=message):
        run(*arguments)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("law", "words"),
    [
        (PairLaw(0.01, 500, 9, 1.0, 0.8), "choose freely"),
        (PairLaw(1e6, 500, 9, 1.0, 0.8), "Hours of a week (Europe/Moscow)"),
    ],
)
def test_the_hours_of_a_week_are_told_with_the_size_of_their_difference(law, words):
    text = run(DRAFT, "--no-file", "--hours", law=law)
    assert words in text
    assert text.count(":00 ") >= 24
    assert "as if nothing else came out" in text


@pytest.mark.slow
def test_a_cover_is_looked_at_and_said_to_move_nothing():
    law = PairLaw(1.75, 12_000, 31, realised=1.0, spread=0.8)
    text = run(DRAFT, "--fast", "--change", "cover=cover.jpg", law=law)
    assert "the same forecast" in text
    assert "learned from no covers" in text
