"""``otklik explain`` as a person or a program meets it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli_process import otklik
from otklik.errors import ConfigurationError, DataError
from otklik.explaining import texts_in

DRAFT = "data/drafts/kazan_2100"


def explain(*arguments: object, **env: str):
    return otklik("explain", *arguments, "--no-names", **env)


def lines_of(text: str) -> list[dict]:
    return [json.loads(line) for line in text.splitlines()]


def written(tmp_path: Path, *lines: object) -> Path:
    file = tmp_path / "texts.jsonl"
    file.write_text("".join((one if isinstance(one, str) else json.dumps(one)) + "\n" for one in lines), "utf-8")
    return file


def test_a_text_is_explained_in_both_languages_and_as_html(tmp_path):
    what, file = (
        ("--title", "Мечеть Кул-Шариф", "--text", "<script>Горжусь нашим городом!</script>"),
        tmp_path / "text.html",
    )
    english, russian = explain(*what), explain(*what, "--html", file, "--lang", "ru")
    assert english.returncode == russian.returncode == 0, english.stderr + russian.stderr
    html = file.read_text("utf-8")
    assert html.startswith('<section class="otklik-text" lang="ru">')
    assert "<script>" not in html
    for words in ("Мечеть Кул-Шариф", "Tatarstan (RU-TA)", "Mosque", "Pride", "formula"):
        assert words in english.stdout
    for words in ("Мечеть Кул-Шариф", "Татарстан (RU-TA)", "Мечеть", "Гордость"):
        assert words in russian.stdout
        assert words in html or words == "Татарстан (RU-TA)"
    for words in ("regions", "emotions", "What the text carries", "Scores are percentiles"):
        assert words in english.stdout
        assert words not in russian.stdout


def test_a_draft_is_explained_with_its_tags_as_json_and_nothing_else():
    told = json.loads(explain(DRAFT, "--json", "-").stdout)
    assert set(told) >= {"id", "language", "regions", "signs", "emotions", "scores", "spans", "not_available"}
    assert told["regions"] == ["RU-TA"]
    assert "ai_made" in told["style"]
    assert "киберпанк" in [span["text"] for span in told["spans"]]


def test_many_texts_are_answered_in_their_order_with_their_ids(tmp_path):
    file = written(
        tmp_path,
        {"id": "b", "text": "Казань", "views": 7},
        "",
        {"id": 7, "text": "나의 도시"},
        {"text": None},
        {"id": {"post": 1}, "text": "Уфа\u2028Москва"},
        '{"id": "b", "text": "\\ud83d Самара"}',
    )
    done = explain("--input", file, "--json", "-")
    assert done.returncode == 0, done.stderr
    told = lines_of(done.stdout)
    assert [one["id"] for one in told] == ["b", 7, None, {"post": 1}, "b"]
    assert [one["regions"] for one in told] == [["RU-TA"], [], [], ["RU-BA", "RU-MOW"], ["RU-SAM"]]


@pytest.mark.parametrize(
    "line",
    ["not json", '{"id": 2}', '{"text": 5}', '["text"]', '"text"', "7", "null", "[" * 100_000, '{"text": "x"', "{}"],
)
def test_a_line_without_a_text_is_refused_by_its_number(tmp_path, line):
    with pytest.raises(DataError, match="line 3"):
        texts_in(written(tmp_path, {"id": 1, "text": "Казань"}, "", line))


def test_a_bad_line_is_named_and_nothing_is_written(tmp_path):
    file, out = written(tmp_path, {"id": 1, "text": "Казань"}, "", "not json"), tmp_path / "answers.jsonl"
    done = explain("--input", file, "--json", out)
    assert done.returncode == 65
    assert "line 3: expected an object" in done.stderr
    assert "but got not json" in done.stderr
    assert done.stdout == ""
    assert not out.exists()


def test_an_id_of_any_depth_comes_back(tmp_path):
    done = explain(
        "--input", written(tmp_path, '{"id": ' + "[" * 900 + "]" * 900 + ', "text": "Казань"}'), "--json", "-"
    )
    assert done.returncode in (0, 65), done.stderr
    assert "bug" not in done.stderr


def test_html_for_many_texts_is_refused_and_not_ignored(tmp_path):
    file, html = written(tmp_path, {"id": 1, "text": "Казань"}), tmp_path / "text.html"
    done = explain("--input", file, "--json", "-", "--html", html)
    assert done.returncode != 0 or html.exists()


def test_agreement_is_a_table_of_precision_and_recall(tmp_path):
    file = written(tmp_path, {"id": 1, "text": "Мечеть в Казани", "regions": ["RU-TA"], "signs": ["mosque", "food"]})
    out = tmp_path / "answers.jsonl"
    done = explain("--input", file, "--agreement", "--json", out)
    assert done.returncode == 0, done.stderr
    rows = [line.split() for line in done.stdout.splitlines()]
    assert ["place", "1.000", "1.000", "1", "1", "1"] in rows
    assert ["sign", "1.000", "0.500", "1", "1", "2"] in rows
    assert [one["id"] for one in lines_of(out.read_text("utf-8"))] == [1]


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ([], 78, "name one of"),
        (["nowhere.yaml"], 78, "there is no draft at nowhere.yaml"),
        (["--input", "nowhere.jsonl", "--json", "-"], 78, "the file nowhere.jsonl cannot be read"),
        (["--input", "nowhere.jsonl"], 78, "name a file for the answers with --json"),
        (["--title", "x", "--agreement"], 78, "name it with --input"),
        (["--title", "x", "--html", "{tmp}/none/text.html"], 74, "cannot be written"),
    ],
)
def test_errors_are_one_sentence_and_an_exit_code_by_kind(tmp_path, arguments, code, message):
    done = explain(*(one.replace("{tmp}", str(tmp_path)) for one in arguments))
    assert done.returncode == code, done.stderr
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_that_cannot_be_read_is_refused(tmp_path):
    (tmp_path / "latin.jsonl").write_bytes('{"text": "Казань"}'.encode("cp1251"))
    for name in ("latin.jsonl", "nowhere.jsonl", "."):
        with pytest.raises(ConfigurationError, match="cannot be read"):
            texts_in(tmp_path / name)


def test_windows_line_ends_and_a_byte_order_mark_are_passed_over(tmp_path):
    file = tmp_path / "texts.jsonl"
    file.write_bytes('\ufeff{"id": 1, "text": "Казань"}\r\n\r\n{"id": 2, "text": "a\u2028b"}'.encode())
    assert [line["id"] for line in texts_in(file)] == [1, 2]


def test_a_hostile_text_does_not_reach_the_terminal(tmp_path):
    file = tmp_path / "said.json"
    done = explain("--title", "\x1b]0;owned\x07[bold red]Казань[/] \u202etxet\u202c", "--json", file)
    assert done.returncode == 0, done.stderr
    for bad in ("\x1b", "\x07", "\u202e"):
        assert bad not in done.stdout
    assert "[bold red]Казань[/]" in done.stdout
    assert json.loads(file.read_text("utf-8"))["regions"] == ["RU-TA"]


def test_half_an_emoji_in_a_draft_is_shown_as_a_question_mark(tmp_path):
    draft = tmp_path / "draft.yaml"
    draft.write_text('title: "\\ud83d Казань"\npublish_at: 2026-12-04T19:00:00+03:00\n', "utf-8")
    done = explain(draft)
    assert done.returncode == 0, done.stderr
    assert "Казань" in done.stdout
