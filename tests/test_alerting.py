"""Alerts: told once, with their baseline, to real servers on this machine; what fails waits and stops nothing."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from cli_process import ROOT, environment
from hostile_texts import HOSTILE
from otklik.alerting import MOST_MESSAGES, AlertReport, Place, after_pass, check, send_test
from otklik.alerts import SAMPLE, plain, read_rules
from otklik.alerts.rules import parse_rules
from otklik.errors import ConfigurationError
from otklik.store import Store, Tracks
from otklik.store.tables import MARK
from watched import NOW, fill, receiver, write_rules

TAKES_OFF = "name: takes off, metric: views, above: 3x, to: [log]"
LOG = "log: {file: alerts.jsonl}"


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "store.sqlite") as opened:
        fill(opened)
        yield opened


def run(store: Store, workspace: Path, minutes: float = 0, lang: str = "en") -> AlertReport:
    return after_pass(store, Place(workspace, "Europe/Moscow", lang), NOW + timedelta(minutes=minutes))


def logged(workspace: Path) -> list[dict]:
    file = workspace / "alerts.jsonl"
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()] if file.exists() else []


# -- what is told ------------------------------------------------------------------------------------------


def test_a_message_names_value_baseline_n_unit_zone_and_post(store, tmp_path):
    write_rules(tmp_path, LOG, TAKES_OFF)
    assert not run(store, tmp_path).errors
    (told,) = logged(tmp_path)
    assert told["text"] == (
        "24,000 views at the age of 6 h, ×4.0 of the usual 6,000 at that age "
        "(median of 12 earlier posts of the author, same kind)."
    )
    assert (told["value"], told["limit"], told["baseline"], told["n_posts"]) == (4.0, 3.0, 6000.0, 12)
    assert (told["subject"], told["title"], told["url"]) == ("youtube:new0", "Казань 2100", "https://youtu.be/new0")
    assert told["when"] == "As of 24 Nov 2026, 15:00 (UTC+3)."
    assert (told["zone"], told["as_of"], told["simulated"]) == ("Europe/Moscow", "2026-11-24T12:00:00+00:00", None)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("metric: views, above: 20000", "×4.0 of the usual 6,000"),
        ("metric: views_per_hour, above: 3.5x", "4,000 views an hour over the last 1 h, at the age of 6 h, ×4.0"),
        (
            "metric: reactions_per_view, above: 0.05",
            "Reactions of 10.0% of views at the age of 6 h, ×1.00 of the usual",
        ),
        ("metric: views, below: 5x", "×4.0 of the usual 6,000"),
        ("metric: posts_not_seen, above: 0, window: 30min", "youtube: 1 of 1 followed posts have been due for a look"),
    ],
)
def test_every_metric_is_told_beside_the_authors_own_usual(store, tmp_path, rule, words):
    write_rules(tmp_path, LOG, f"name: r, {rule}, to: [log]")
    report = run(store, tmp_path, minutes=40)
    assert not report.errors
    (told,) = logged(tmp_path)
    assert words.lower() in told["text"].lower()


@pytest.mark.parametrize(
    "rule",
    [
        "metric: views, above: 5x",
        "metric: views, above: 3x, min_views: 30000",
        "metric: views, above: 3x, min_posts: 13",
        "metric: views, above: 3x, until: 5h",
        "metric: views, above: 3x, platform: vk",
        "metric: posts_not_seen, above: 1, window: 1min",
        "metric: posts_not_seen, above: 0, window: 2h",
    ],
)
def test_what_is_not_over_its_limit_or_not_asked_for_is_not_told(store, tmp_path, rule):
    write_rules(tmp_path, LOG, f"name: r, {rule}, to: [log]")
    assert not run(store, tmp_path, minutes=40).told
    assert not logged(tmp_path)


def test_few_earlier_posts_make_no_multiple_but_an_absolute_limit_still_holds(tmp_path):
    with Store.open(tmp_path / "store.sqlite") as store:
        fill(store, n_earlier=1)
        write_rules(tmp_path, LOG, TAKES_OFF, "name: many, metric: views, above: 20000, to: [log]")
        run(store, tmp_path)
    (told,) = logged(tmp_path)
    assert told["rule"] == "many"
    assert told["n_posts"] == 1


def test_a_post_without_any_usual_says_so(tmp_path):
    with Store.open(tmp_path / "store.sqlite") as store:
        fill(store, n_earlier=0)
        write_rules(tmp_path, LOG, "name: many, metric: views, above: 20000, to: [log]")
        run(store, tmp_path)
    (told,) = logged(tmp_path)
    assert "usual at that age is not known" in told["text"]
    assert (told["baseline"], told["n_posts"]) == (None, None)


def test_simulated_data_is_said_to_be_simulated(store, tmp_path):
    Tracks(store).set_mark("nature", "simulated")
    write_rules(tmp_path, LOG, TAKES_OFF)
    run(store, tmp_path)
    assert logged(tmp_path)[0]["simulated"] == "Simulated data."


# -- once --------------------------------------------------------------------------------------------------


def test_nothing_is_told_twice(store, tmp_path):
    write_rules(tmp_path, LOG, TAKES_OFF)
    for minutes in (0, 5, 10, 60 * 20):
        run(store, tmp_path, minutes)
    assert len(logged(tmp_path)) == 1


def test_after_it_was_calm_and_the_cooldown_is_over_it_is_news_again(store, tmp_path):
    name = "name: a, metric: posts_not_seen, window: 30min, cooldown: 2h, to: [log]"
    write_rules(tmp_path, LOG, f"{name}, above: 0")
    run(store, tmp_path, 40)
    write_rules(tmp_path, LOG, f"{name}, above: 9")
    run(store, tmp_path, 45)  # calm
    write_rules(tmp_path, LOG, f"{name}, above: 0")
    run(store, tmp_path, 60)  # within the cooldown
    assert len(logged(tmp_path)) == 1
    run(store, tmp_path, 40 + 121)
    run(store, tmp_path, 40 + 130)
    assert len(logged(tmp_path)) == 2


def test_a_clock_set_back_silences_nothing(store, tmp_path):
    write_rules(tmp_path, LOG, TAKES_OFF)
    after_pass(store, Place(tmp_path), NOW + timedelta(hours=20))
    assert len(logged(tmp_path)) == 1
    run(store, tmp_path)
    assert len(logged(tmp_path)) == 2


def test_a_damaged_note_is_made_anew(store, tmp_path):
    write_rules(tmp_path, LOG, TAKES_OFF)
    run(store, tmp_path)
    with store.transaction() as connection:
        connection.execute(MARK.update().where(MARK.c.name.like("alert:%")).values(value='{"at": 7}'))
    assert not run(store, tmp_path, 5).errors
    assert len(logged(tmp_path)) == 2


_ONE_PASS = """
import sys
from datetime import datetime
from pathlib import Path
from otklik.alerting import Place, after_pass
from otklik.store import Store
with Store.open(Path(sys.argv[1]) / "store.sqlite") as store:
    after_pass(store, Place(Path(sys.argv[1])), datetime.fromisoformat(sys.argv[2]))
"""


def test_a_process_killed_in_the_middle_of_a_delivery_repeats_it_once_and_loses_nothing(store, tmp_path):
    command = [sys.executable, "-c", _ONE_PASS, tmp_path, NOW.isoformat()]
    with receiver() as hook:
        write_rules(tmp_path, f"hook: {{webhook: '{hook.address}/x'}}", TAKES_OFF.replace("log", "hook"))
        process = subprocess.Popen(command, cwd=ROOT, env=environment())
        hook.on_post = process.kill  # it has come, and its sender never hears of it
        process.wait()
        hook.on_post = lambda: None
        assert run(store, tmp_path, 1).waiting == 0  # still the message of the dead process for two minutes
        assert len(hook.got) == 1
        for minutes in (5, 10):
            assert not run(store, tmp_path, minutes).errors
        assert len(hook.got) == 2
        assert hook.got[0][1]["id"] == hook.got[1][1]["id"]


# -- channels ----------------------------------------------------------------------------------------------


def test_a_webhook_that_fails_is_tried_twice_told_and_served_at_the_next_pass(store, tmp_path):
    with receiver() as hook:
        write_rules(
            tmp_path, f"hook: {{webhook: '{hook.address}/SECRETPATH'}}, {LOG}", TAKES_OFF.replace("log", "hook, log")
        )
        hook.status = 500
        report = run(store, tmp_path)
        assert len(hook.got) == 2
        assert (report.waiting, len(report.told)) == (1, 1)
        (error,) = report.errors
        assert "answered 500" in str(error)
        assert "SECRETPATH" not in str(report.to_dict())
        assert len(logged(tmp_path)) == 1
        hook.status = 200
        later = run(store, tmp_path, 5)
        assert len(hook.got) == 3
        assert later.told[0].channels == ("hook",)
        assert later.told[0].is_late
        assert not run(store, tmp_path, 10).told
        assert len(hook.got) == 3
        assert len(logged(tmp_path)) == 1


def test_a_refusal_is_not_repeated_at_once_and_a_redirect_is_not_followed(store, tmp_path):
    with receiver() as hook, receiver() as elsewhere:
        write_rules(tmp_path, f"hook: {{webhook: '{hook.address}'}}", TAKES_OFF.replace("log", "hook"))
        hook.status = 403
        assert "answered 403" in str(run(store, tmp_path).errors[0])
        hook.status, hook.location = 307, elsewhere.address
        assert "answered 307" in str(run(store, tmp_path, 5).errors[0])
        assert len(hook.got) == 2
        assert not elsewhere.got


def test_a_server_that_is_gone_is_told_and_the_message_dropped_after_a_day(store, tmp_path):
    with receiver() as hook:
        write_rules(tmp_path, f"hook: {{webhook: '{hook.address}'}}", TAKES_OFF.replace("log", "hook"))
    report = run(store, tmp_path)
    assert "does not answer" in str(report.errors[0])
    assert report.waiting == 1
    assert run(store, tmp_path, 60 * 25).dropped == 1
    assert not run(store, tmp_path, 60 * 25 + 5).errors


TOKEN = "123456789:AAsecretSECRETsecretSECRETsecret_012"


def test_telegram_gets_plain_text_and_the_token_is_nowhere_else(store, tmp_path, monkeypatch, caplog):
    monkeypatch.setenv("OTKLIK_TELEGRAM_TOKEN", TOKEN)
    with receiver() as bot:
        monkeypatch.setenv("OTKLIK_TELEGRAM_API", bot.address)
        write_rules(tmp_path, 'me: {telegram: "42"}', TAKES_OFF.replace("log", "me"))
        bot.status = 401
        failed = run(store, tmp_path)
        bot.status = 200
        assert not run(store, tmp_path, 5, "ru").errors
    path, body = bot.got[-1]
    assert path == f"/bot{TOKEN}/sendMessage"
    assert body["chat_id"] == "42"
    assert "parse_mode" not in body
    assert body["text"].splitlines()[1] == "Казань 2100"
    told = json.dumps(failed.to_dict()) + caplog.text + "".join(map(str, failed.errors))
    assert "401" in told
    stored = b"".join(one.read_bytes() for one in tmp_path.iterdir() if one.is_file())
    assert TOKEN not in told
    assert TOKEN.encode() not in stored


def test_without_a_token_the_remedy_is_told(store, tmp_path, monkeypatch):
    monkeypatch.delenv("OTKLIK_TELEGRAM_TOKEN", raising=False)
    write_rules(tmp_path, 'me: {telegram: "42"}', TAKES_OFF.replace("log", "me"))
    assert "OTKLIK_TELEGRAM_TOKEN" in str(run(store, tmp_path).errors[0])


@pytest.mark.parametrize("address", ["https://evil.example", "http://127.0.0.1.evil.example", "ftp://127.0.0.1", "x"])
def test_the_token_goes_to_telegram_or_this_machine_only(store, tmp_path, monkeypatch, address):
    monkeypatch.setenv("OTKLIK_TELEGRAM_TOKEN", TOKEN)
    monkeypatch.setenv("OTKLIK_TELEGRAM_API", address)
    write_rules(tmp_path, 'me: {telegram: "42"}', TAKES_OFF.replace("log", "me"))
    (error,) = run(store, tmp_path).errors
    assert "may only name this machine" in str(error)


def test_the_desktop_gets_arguments_and_no_shell_and_its_absence_is_told(store, tmp_path, monkeypatch):
    write_rules(tmp_path, "screen: {desktop: true}", TAKES_OFF.replace("log", "screen"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    assert "notify-send is not installed" in str(run(store, tmp_path).errors[0])
    (tmp_path / "bin").mkdir()
    script = tmp_path / "bin" / "notify-send"
    script.write_text(f'#!/bin/sh\nfor one in "$@"; do echo "$one" >> "{tmp_path}/shown"; done\n')
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    assert not run(store, tmp_path, 5).errors
    shown = (tmp_path / "shown").read_text("utf-8").splitlines()
    assert shown[:3] == ["--app-name=otklik", "--", "takes off"]
    assert "Казань 2100" in shown


def test_a_file_that_cannot_be_written_is_told_and_the_log_is_an_export_that_retention_reaches(store, tmp_path):
    write_rules(tmp_path, "log: {file: store.sqlite/x.jsonl}", TAKES_OFF)
    assert "cannot be written" in str(run(store, tmp_path).errors[0])
    write_rules(tmp_path, LOG, TAKES_OFF)
    run(store, tmp_path, 5)
    assert [path for path, _ in Tracks(store).exports()] == [str((tmp_path / "alerts.jsonl").resolve())]


def test_a_flood_is_spread_over_passes(tmp_path):
    with Store.open(tmp_path / "store.sqlite") as store:
        fill(store, n=MOST_MESSAGES + 3)
        write_rules(tmp_path, LOG, "name: r, metric: views, above: 10, to: [log]")
        first = run(store, tmp_path)
        assert (len(first.told), first.waiting) == (MOST_MESSAGES, 3)
        assert len(run(store, tmp_path, 5).told) == 3
        assert not run(store, tmp_path, 10).told
    subjects = [one["subject"] for one in logged(tmp_path)]
    assert len(set(subjects)) == len(subjects) == MOST_MESSAGES + 3


@pytest.mark.parametrize("name", [name for name, text in HOSTILE.items() if text.strip()])
def test_hostile_titles_are_one_line_of_text_everywhere(tmp_path, monkeypatch, name):
    monkeypatch.setenv("OTKLIK_TELEGRAM_TOKEN", TOKEN)
    with Store.open(tmp_path / "store.sqlite") as store, receiver() as hook:
        monkeypatch.setenv("OTKLIK_TELEGRAM_API", hook.address)
        fill(store, title=HOSTILE[name].encode("utf-8", "replace").decode())
        channels = f"{LOG}, hook: {{webhook: '{hook.address}'}}, me: {{telegram: 7}}"
        write_rules(tmp_path, channels, TAKES_OFF.replace("log", "log, hook, me"))
        assert not run(store, tmp_path).errors
    assert len((tmp_path / "alerts.jsonl").read_bytes().splitlines()) == 1
    for _, body in hook.got:
        lines = body["text"].split("\n")
        assert lines[0] == "takes off"
        assert len(lines) in (4, 5)
        assert all(ord(char) >= 0x20 and not 0x202A <= ord(char) <= 0x202E for line in lines for char in line)
        assert len(body["text"]) < 4096


def test_a_test_message_goes_to_every_channel(tmp_path):
    with receiver() as hook:
        write_rules(tmp_path, f"{LOG}, hook: {{webhook: '{hook.address}'}}, bad: {{file: alerts.yaml/x}}")
        found = send_test(Place(tmp_path), NOW, is_simulated=False)
    assert [(channel.name, error is None) for channel, error in found] == [
        ("log", True),
        ("hook", True),
        ("bad", False),
    ]
    assert "This is a test." in hook.texts[0]


# -- nothing stops collecting ------------------------------------------------------------------------------


def test_without_rules_nothing_happens(store, tmp_path):
    report = run(store, tmp_path)
    assert (report.n_rules, report.told, report.errors) == (0, [], [])


@pytest.mark.parametrize("text", ["{", "alerts: 7", "channels: {x: {file: }}", "\x00", "a: &a [*a]", "alerts: [1]"])
def test_a_broken_file_is_told_and_stops_nothing(store, tmp_path, text):
    (tmp_path / "alerts.yaml").write_text(text)
    (error,) = run(store, tmp_path).errors
    assert isinstance(error, ConfigurationError)
    with pytest.raises(ConfigurationError):
        check(store, Place(tmp_path), NOW, is_dry=True)


def test_a_missing_model_is_told_and_other_rules_go_on(store, tmp_path):
    write_rules(tmp_path, LOG, "name: f, metric: forecast, above: 2x, to: [log]", TAKES_OFF)
    report = run(store, tmp_path)
    assert "no model" in str(report.errors[0])
    assert [one["rule"] for one in logged(tmp_path)] == ["takes off"]


def test_a_forecast_over_its_limit_is_told_with_its_range(store, tmp_path, model_dir):
    write_rules(tmp_path, LOG, "name: f, metric: forecast, above: 0.01x, to: [log]")
    report = after_pass(store, Place(tmp_path, "Europe/Moscow", "en", model_dir), NOW)
    assert not report.errors
    (told,) = logged(tmp_path)
    assert told["text"].startswith("Forecast: ")
    assert "for 8 of 10 posts" in told["text"]
    assert f"median of {told['n_posts']} posts of the author" in told["text"]


# -- rules -------------------------------------------------------------------------------------------------


def test_the_sample_is_a_file_of_rules(tmp_path):
    (tmp_path / "alerts.yaml").write_text(SAMPLE, "utf-8")
    found = read_rules(tmp_path / "alerts.yaml")
    assert [(rule.name, rule.limit, rule.is_multiple) for rule in found.rules] == [
        ("takes off", 3.0, True),
        ("collecting falls behind", 20.0, False),
    ]


@pytest.mark.parametrize(
    ("alert", "message"),
    [
        ("metric: views, above: 3x, to: log", "needs a name"),
        ("name: a, metric: er, above: 3x, to: log", "there is no metric 'er'"),
        ("name: a, metric: views, to: log", "either `above` or `below`"),
        ("name: a, metric: views, above: 1, below: 2, to: log", "either `above` or `below`"),
        ("name: a, metric: views, above: many, to: log", "expected a number such as 5000"),
        ("name: a, metric: views, above: .inf, to: log", "expected a number such as 5000"),
        ("name: a, metric: views, above: true, to: log", "expected a number such as 5000"),
        ("name: a, metric: views, above: -1x, to: log", "expected a number such as 5000"),
        ("name: a, metric: forecast, above: 5000, to: log", "takes a multiple of the usual"),
        ("name: a, metric: posts_not_seen, above: 3x, to: log", "takes a plain number"),
        ("name: a, metric: views, above: 3x", "name at least one channel"),
        ("name: a, metric: views, above: 3x, to: nowhere", "there is no channel 'nowhere': `channels` has log"),
        ("name: a, metric: views, above: 3x, to: log, cooldown: soon", "expected a duration"),
        ("name: a, metric: views, above: 3x, to: log, min_posts: few", "min_posts must be a number"),
        ("name: a, metric: views, above: 3x, to: log, threshold: 2", "'threshold' is no key of an alert"),
    ],
)
def test_what_is_no_rule_is_told_with_its_number(tmp_path, alert, message):
    write_rules(tmp_path, LOG, TAKES_OFF, alert)
    with pytest.raises(ConfigurationError, match="alert 2") as raised:
        read_rules(tmp_path / "alerts.yaml")
    assert message in str(raised.value)


@pytest.mark.parametrize(
    ("channel", "message"),
    [
        ("x: {mail: a@b}", "expected one of file, desktop, webhook, telegram"),
        ("x: {file: a, webhook: b}", "expected one of"),
        ("x: {file: }", "file needs a file"),
        ("x: {webhook: 'http://example.org/hook'}", "a webhook is an https address"),
        ("x: {webhook: 'http://127.0.0.1.example.org'}", "a webhook is an https address"),
        ("x: {webhook: 'file:///etc/passwd'}", "a webhook is an https address"),
        ("x: {webhook: 'https://'}", "a webhook is an https address"),
        ("x: {webhook: 'https://[bad'}", "a webhook is an https address"),
        ("x: {telegram: [1]}", "telegram needs"),
    ],
)
def test_what_is_no_channel_is_told(tmp_path, channel, message):
    write_rules(tmp_path, channel)
    with pytest.raises(ConfigurationError, match="x") as raised:
        read_rules(tmp_path / "alerts.yaml")
    assert message in str(raised.value)


def test_two_alerts_of_one_name_are_refused_and_cyrillic_x_is_understood(tmp_path):
    rule = {"name": "a", "metric": "views", "above": "2,5х", "to": "log"}
    channels = {"log": {"file": "x"}}
    (found,) = parse_rules({"channels": channels, "alerts": [rule]}, tmp_path).rules
    assert (found.limit, found.is_multiple) == (2.5, True)
    with pytest.raises(ConfigurationError, match="two alerts called 'a'"):
        parse_rules({"channels": channels, "alerts": [rule, rule]}, tmp_path)


def test_plain_text_keeps_what_people_write():
    assert plain("Шәһәребез 👨‍👩‍👧 <b>") == "Шәһәребез 👨‍👩‍👧 <b>"
    assert urlsplit("https://x").hostname == "x"
    assert os.sep not in plain("a\nb")
