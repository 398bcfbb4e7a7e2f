"""Alerts from the command line: a dry run writes nothing, a check delivers once, and what is wrong is a sentence."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
import typer

from otklik.alerts import read_rules
from otklik.cli import alerts, session
from otklik.clock import StillClock
from otklik.errors import OtklikError
from otklik.settings import Settings
from otklik.store import Store
from watched import NOW, fill, receiver, write_rules

RULE = "name: takes off, metric: views, above: 3x, to: [hook]"


@pytest.fixture
def space(tmp_path, monkeypatch) -> Path:
    """A workspace with a post that takes off, at the instant when it does."""
    monkeypatch.setattr("otklik.collecting.SystemClock", lambda: StillClock(NOW))
    monkeypatch.setenv("COLUMNS", "200")
    with Store.open(tmp_path / "store.sqlite") as store:
        fill(store, title="<b>[red]\x1b[31mКазань[/red]\u202e")
    return tmp_path


def settings(space: Path) -> Settings:
    return session.settings(workspace=space)


def test_a_dry_run_says_what_would_be_sent_and_writes_nothing(space, capsys):
    with receiver() as hook:
        write_rules(space, f"hook: {{webhook: '{hook.address}'}}", RULE)
        before = hashlib.sha256((space / "store.sqlite").read_bytes()).hexdigest()
        for _ in range(2):
            alerts.check(dry_run=True, workspace=space)
        assert not hook.got
    told = capsys.readouterr().out
    assert "×4.0 of the usual 6,000" in told
    assert "<b>[red][31mКазань[/red]" in told
    assert "\x1b[31mК" not in told
    assert "to: hook" in told
    assert hashlib.sha256((space / "store.sqlite").read_bytes()).hexdigest() == before


def test_a_check_delivers_once_and_tells_as_json(space, capsys):
    with receiver() as hook:
        write_rules(space, f"hook: {{webhook: '{hook.address}'}}", RULE)
        alerts.check(workspace=space, json="-")
        first = json.loads(capsys.readouterr().out)
        alerts.check(workspace=space, json="-")
        second = json.loads(capsys.readouterr().out)
        assert len(hook.got) == 1
    assert (len(first["told"]), first["told"][0]["channels"]) == (1, ["hook"])
    assert second["told"] == []


def test_a_failed_delivery_has_an_exit_code_that_says_try_again(space, capsys):
    with receiver() as hook:
        write_rules(space, f"hook: {{webhook: '{hook.address}'}}", RULE)
    with pytest.raises(SystemExit) as left:
        alerts.check(workspace=space)
    assert left.value.code == 75
    told = capsys.readouterr()
    assert "does not answer" in told.err
    assert "1 message" in told.err


def test_after_a_pass_all_is_told_on_standard_error_and_nothing_is_raised(space, capsys):
    alerts.after_pass(settings(space))  # no file, no word
    assert capsys.readouterr().err == ""
    write_rules(space, "log: {file: a.jsonl}", RULE.replace("hook", "log"))
    alerts.after_pass(settings(space))
    told = capsys.readouterr()
    assert told.out == ""
    assert "Alerts: 1 message" in told.err
    (space / "alerts.yaml").write_text("alerts: [7]")
    alerts.after_pass(settings(space))
    assert "alert 1: an alert needs a name" in capsys.readouterr().err


def test_a_test_message_tells_each_channel(space, capsys):
    write_rules(space, "log: {file: a.jsonl}, bad: {file: store.sqlite/x}")
    with pytest.raises(SystemExit) as left:
        alerts.try_out(workspace=space)
    assert left.value.code == 74
    told = capsys.readouterr()
    assert "log: the test message was delivered" in told.out
    assert "bad: the file" in told.err


def test_the_example_is_a_file_to_begin_with(space, capsys):
    alerts.example()
    (space / "alerts.yaml").write_text(capsys.readouterr().out, "utf-8")
    assert len(read_rules(space / "alerts.yaml").rules) == 2
    alerts.check(dry_run=True, workspace=space)


def test_a_missing_file_names_the_remedy(space):
    for verb in (alerts.check, alerts.try_out):
        with pytest.raises(OtklikError, match="otklik alerts example"):
            verb(workspace=space)


def test_the_options_are_ones_that_typer_understands():
    app = typer.Typer()
    for name, verb in (("check", alerts.check), ("test", alerts.try_out), ("example", alerts.example)):
        app.command(name)(verb)
    assert typer.main.get_command(app) is not None
