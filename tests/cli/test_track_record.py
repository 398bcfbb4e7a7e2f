"""Outcome memory as a person or a program meets it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cli_process import environment, otklik
from otklik.cli import main, session
from otklik.store import Forecasts, Logged, Store
from trial import publish

NOW = datetime.now(UTC).replace(microsecond=0)
H, DAY = timedelta(hours=1), timedelta(days=1)
DRAFT = ("score", "--title", "Кремль ночью?", "--kind", "clip", "--platform", "vk", "--author", "-1")


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., str]]:
    """Run a command in this process; what it says on standard output, or on standard error where it is to fail."""
    for name, value in environment().items():
        monkeypatch.setenv(name, value)

    def run(*arguments: object, code: int = 0) -> str:
        monkeypatch.setattr("sys.argv", ["otklik", *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            main()
        shown, told = capsys.readouterr()
        assert (end.value.code or 0) == code, shown + told
        assert "Traceback" not in told
        return told if code else shown

    yield run
    session.lang = "en"


@pytest.fixture
def space(tmp_path: Path) -> Path:
    """A workspace with the history of an author who publishes daily until yesterday."""
    with Store.open(tmp_path / "store.sqlite") as store:
        at = [NOW - day * DAY for day in range(2, 42)]
        publish(store, [f"old{n}" for n in range(40)], at, np.exp(np.random.default_rng(0).normal(8, 0.7, 40)))
    return tmp_path


def remembered(space: Path, n: int, off: float = 1.0, title: str = "пост") -> None:
    """Forecasts of live posts whose outcomes were ``off`` times the middle, and are known."""
    rng = np.random.default_rng(1)
    at = [NOW - 5 * DAY + number * H for number in range(n)]
    with Store.open(space / "store.sqlite") as store:
        publish(store, [f"p{number}" for number in range(n)], at, 1000 * off * np.exp(rng.normal(0, 0.4, n)))
        for number, one in enumerate(at):
            facts = {"platform": "vk", "post_id": f"p{number}", "author_id": "-1", "kind": "clip", "published_at": one}
            store.write_posts(pd.DataFrame([{**facts, "title": f"{title} {number}"}]))
            told = {"views": (600.0, 1000.0, 1700.0), "curve": (), "reactions": None, "baseline": 900.0}
            told |= {"baseline_source": "author", "baseline_n": 12, "naive_views": 900.0, "naive_reactions": None}
            told |= {"beats_usual": 0.55, "hit": None, "hit_views": None, "calibrated": True}
            subject = {"subject": f"vk:p{number}", "post_id": f"p{number}", "platform": "vk", "kind": "clip"}
            subject |= {"author_id": None, "title": None, "model": "mine", "checksum": "ab" * 32, "horizon_h": 24.0}
            times = {"made_at": one + H, "published_at": one, "cutoff_at": one + H}
            Forecasts(store).add(Logged(**subject, **times, **told))


def test_from_a_score_to_what_became_of_it(space, said):
    before = said("track-record", "--workspace", space)
    assert "No forecast is remembered yet" in before
    shown = said(*DRAFT, "--publish-at", (NOW + H).isoformat(), "--workspace", space)
    assert "Remembered as forecast 1: `otklik track-record` will tell what became of it." in shown
    told = json.loads(said(*DRAFT, "--publish-at", (NOW + H).isoformat(), "--workspace", space, "--json", "-"))
    assert told["forecast_number"] == 1
    record = json.loads(said("track-record", "--workspace", space, "--json", "-"))
    assert (record["n"], record["states"]["too young"], record["overall"]["log_mae"]) == (1, 1, None)
    shown = said("track-record", "--workspace", space)
    assert "Forecasts remembered: 1, with an outcome: 0." in shown
    assert "too few to tell how good the forecasts are; 20 are needed" in shown


def test_a_forecast_of_a_post_is_remembered_unless_it_is_not_to_be(space, said):
    with Store.open(space / "store.sqlite") as store:
        publish(store, ["fresh"], [NOW - 3 * H], [50], look_h=2.0)
    told = json.loads(said("forecast", "vk:fresh", "--workspace", space, "--no-log", "--json", "-"))
    assert "forecast_number" not in told
    assert "Remembered as forecast 1" in said("forecast", "vk:fresh", "--workspace", space)
    # What is said of a post after its horizon is no forecast.
    assert "Remembered" not in said("forecast", "vk:old5", "--workspace", space)


def test_scoring_without_a_store_works_and_makes_none(tmp_path, said):
    shown = said("score", "--title", "Кремль", "--author-median", "4000", "--workspace", tmp_path)
    assert "Remembered" not in shown
    assert list(tmp_path.iterdir()) == []


def test_a_store_that_cannot_be_written_takes_nobodys_forecast_away(tmp_path):
    (tmp_path / "store.sqlite").write_text("this is no database, but a letter to a friend " * 20)
    done = otklik("score", "--title", "Кремль", "--author-median", "4000", "--workspace", tmp_path)
    assert (done.returncode, "of the usual" in done.stdout) == (0, True)
    assert "The forecast is not remembered: " in done.stderr
    assert "Traceback" not in done.stderr


def test_a_draft_is_linked_by_hand_and_the_link_taken_back(space, said):
    said(*DRAFT, "--publish-at", (NOW - H).isoformat(), "--workspace", space)
    with Store.open(space / "store.sqlite") as store:
        publish(store, ["out"], [NOW - 2 * H], [10], look_h=1.0)
    there = ("--workspace", space)
    assert "Forecast 1 is of the post vk:out from now on." in said("track-record", "link", 1, "vk:out", *there)
    assert "by hand: 1" in said("track-record", *there)
    assert "gets none by its title" in said("track-record", "unlink", 1, *there)
    assert "by hand" not in said("track-record", *there)
    assert "there is no forecast 7" in said("track-record", "link", 7, "vk:out", *there, code=78)
    assert "is not in the store" in said("track-record", "link", 1, "vk:none", *there, code=78)
    said("track-record", "link", "seven", "vk:out", *there, code=2)
    said("track-record", "link", 0, "vk:out", *there, code=2)


def test_the_record_and_the_alarm_in_both_languages_and_as_json(space, said):
    remembered(space, 40, title="\x1b[31mзлой\u202e [bold]")
    shown = said("track-record", "--workspace", space)
    for words in ("Forecasts remembered: 40, with an outcome: 40.", "by model", "mine abababab", "live, 1–3 h", "bias"):
        assert words in shown
    assert "злой [bold]" in shown
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    record = json.loads(said("track-record", "--workspace", space, "--json", "-"))
    assert record["overall"]["coverage_80"] == pytest.approx(0.8, abs=0.2)
    assert record["overall"]["coverage_50"] is None
    assert len(record["misses"]) == 10
    assert [one["forecast"] for one in record["forecasts"]] == list(range(1, 41))
    status = said("status", "--workspace", space)
    assert "80 % intervals of the last 8 weeks: calibrated (" in status
    assert json.loads(said("status", "--workspace", space, "--json", "-"))["recent_coverage"]["n"] == 40
    for verb in ("track-record", "status"):
        russian = said(verb, "--workspace", space, "--lang", "ru")
        assert "Traceback" not in russian
        assert "%" in russian


def test_the_alarm_says_when_intervals_are_too_narrow_or_too_few_have_matured(space, tmp_path, said):
    remembered(space, 30, off=3.0)
    status = said("status", "--workspace", space)
    assert "80 % intervals of the last 8 weeks: too narrow" in status
    assert "×3" in said("track-record", "--workspace", space)
    fresh = tmp_path / "fresh"
    said("init", fresh)
    assert "too few matured forecasts (posts: 0, needed: 20)" in said("status", "--workspace", fresh)


@pytest.mark.slow
def test_train_if_better_prints_its_test_whatever_comes_of_it(data_dir, model_dir, tmp_path, said):
    import shutil

    out = tmp_path / "mine"
    shutil.copytree(model_dir, out)
    shown = said("train", "--data", data_dir, "--out", out, "--if-better")
    assert "The champion stays: posts new to both models: 0, needed: 50." in shown
    told = json.loads(said("train", "--data", data_dir, "--out", out, "--if-better", "--json", "-"))
    assert (told["trial"]["promoted"], told["card"]) == (False, None)
