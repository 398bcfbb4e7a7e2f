"""The command line as a person or a program meets it: real processes, real files."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from cli_process import ROOT, otklik

VERBS = (
    *("init", "import", "build", "train", "backtest", "evaluate", "score", "forecast", "status", "demo"),
    *("track", "track add", "track list", "track remove", "collect", "plan", "schedule", "doctor", "purge", "sandbox"),
    *("look", "sounds", "sounds add", "sounds list", "sounds find", "sounds remove"),
    *("symbols", "symbols learn", "symbols list"),
    *("evidence", "experiment", "experiment new", "experiment assign", "experiment result", "experiment list"),
    *("whatif", "compare", "teardown", "export", "board", "report", "report corpus", "report author", "report model"),
    *("alerts", "alerts check", "alerts test", "alerts example"),
    *("track-record", "track-record link", "track-record unlink"),
)


@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize("verb", ["", *VERBS])
def test_help_is_as_it_was_read_and_approved(golden, lang, verb):
    done = otklik(*verb.split(), "--help", "--lang", lang)
    assert done.returncode == 0
    text = "\n".join(line.rstrip() for line in done.stdout.splitlines()) + "\n"
    golden(f"help_{verb.replace(' ', '_') or 'otklik'}_{lang}.txt", text)


def test_every_verb_s_help_shows_an_example():
    for verb in VERBS:
        assert f"otklik {verb}" in otklik(*verb.split(), "--help").stdout


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["backtest", "nowhere"], 78, "there is no file or folder nowhere"),
        (["evaluate", "--model", "nowhere", "tests"], 78, "there is no model in nowhere"),
        (["score"], 78, "name a draft"),
        (["score", "nowhere.yaml"], 78, "there is no draft at nowhere.yaml"),
        (["score", "--title", "x", "--publish-at", "soon"], 78, "expected a date and time"),
        (["score", "--title", "x", "--zone", "Kazan"], 78, "the time zone 'Kazan' is not known"),
        (["backtest", "tests", "--target", "reach"], 78, "holds neither posts nor snapshots"),
        (["forecast", "dQw4w9WgXcQ", "--workspace", "{tmp}"], 78, "expected a post such as youtube:"),
        (["forecast", "vk:-1_1", "--workspace", "{tmp}"], 65, "the post vk:-1_1 is not in the store"),
        (["status", "--workspace", "{tmp}/none"], 74, "cannot be opened: check that the folder exists"),
        (["--lang", "tt", "status"], 78, "there is no language 'tt'"),
        (["sing"], 2, "No such command 'sing'"),
        (["train"], 2, "Missing option '--out'"),
    ],
)
def test_errors_are_one_sentence_and_an_exit_code_by_kind(tmp_path, arguments, code, message):
    done = otklik(*(str(one).replace("{tmp}", str(tmp_path)) for one in arguments))
    assert done.returncode == code, done.stderr
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_errors_speak_russian_too():
    done = otklik("backtest", "nowhere", "--lang", "ru")
    assert done.returncode == 78
    assert "нет файла или папки nowhere" in done.stderr
    assert "нет файла" in otklik("backtest", "nowhere", OTKLIK_LANG="ru").stderr
    assert "нет файла" in otklik("backtest", "nowhere", LANG="ru_RU.UTF-8").stderr


def test_the_demo_forecasts_the_sample_draft_in_both_languages():
    english, russian = otklik("demo"), otklik("demo", "--lang", "ru")
    assert english.returncode == russian.returncode == 0, english.stderr + russian.stderr
    for words in ("of the usual", "views at 24 h", "reactions", "naive forecast", "What the model does not know"):
        assert words in english.stdout
    for words in ("от обычного", "просмотры за 24 ч", "реакции", "наивный прогноз", "Чего модель не знает"):
        assert words in russian.stdout


def test_json_on_standard_output_is_json_and_nothing_else(tmp_path):
    done = otklik("score", "data/drafts/kazan_2100", "--json", "-")
    assert json.loads(done.stdout)["baseline"]["n_posts"] == 14
    file = tmp_path / "said.json"
    shown = otklik("score", "data/drafts/kazan_2100", "--json", file)
    assert "of the usual" in shown.stdout
    assert json.loads(file.read_text("utf-8"))["views"]["p50"] > 0


def test_a_draft_from_flags_equals_one_from_a_file(tmp_path):
    (tmp_path / "draft.yaml").write_text(
        "title: Ночь\npublish_at: 2026-12-04T19:00:00+03:00\nauthor: {median_views: 5000, n_posts: 20}\n", "utf-8"
    )
    flags = ["--title", "Ночь", "--publish-at", "2026-12-04T19:00", "--author-median", "5000", "--author-posts", "20"]
    said = [json.loads(otklik("score", *how, "--json", "-").stdout) for how in (flags, [tmp_path / "draft.yaml"])]
    assert said[0]["views"] == said[1]["views"]


def test_a_workspace_from_nothing_to_a_forecast(tmp_path, data_dir, model_dir, cohort):
    space = tmp_path / "channel"
    assert otklik("init", space).returncode == 0
    first = otklik("import", data_dir, "--workspace", space, "--json", "-")
    assert json.loads(first.stdout)["tables"][1]["n_new"] == len(cohort.snapshots)
    again = otklik("import", data_dir, "--workspace", space)
    assert "there already" in again.stdout
    status = json.loads(otklik("status", "--workspace", space, "--json", "-").stdout)
    assert status["counts"]["posts"] == len(cohort.posts)
    assert status["platforms"][0]["n_matured"] > 400
    post = f"youtube:{cohort.posts['post_id'].iloc[-1]}"
    live = otklik("forecast", post, "--workspace", space, "--model", model_dir, "--json", "-")
    assert json.loads(live.stdout)["seen_views"] is not None, live.stderr
    built = otklik("build", "--workspace", space, "--out", space / "features.parquet")
    assert built.returncode == 0, built.stderr
    assert (space / "features.parquet").stat().st_size > 0


def test_a_hostile_title_does_not_reach_the_terminal():
    done = otklik("score", "--title", "\x1b]0;owned\x07[bold red]x[/] \u202etxet\u202c", "--author-median", "100")
    assert done.returncode == 0, done.stderr
    for bad in ("\x1b", "\x07", "\u202e"):
        assert bad not in done.stdout
    assert "[bold red]x[/]" in done.stdout


def test_a_reader_that_goes_away_is_no_error():
    command = f"{sys.executable} -m otklik demo | head -1"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, cwd=ROOT)
    assert "Traceback" not in done.stderr
    assert "BrokenPipe" not in done.stderr


def test_a_folder_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "file").write_text("", "utf-8")
    done = otklik("init", tmp_path / "file" / "space")
    assert done.returncode == 74
    assert "cannot be written" in done.stderr
    done = otklik("demo", "--json", tmp_path / "file" / "said.json")
    assert done.returncode == 74


def test_the_version_is_told():
    assert otklik("--version").stdout.startswith("otklik 0.")
