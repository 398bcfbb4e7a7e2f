"""Collecting from the command line: real processes, both platforms served on this machine."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli_process import ROOT, environment, otklik
from otklik.store import Store


@pytest.fixture(scope="module")
def space(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A workspace whose platforms are a sandbox that runs a hundred and twenty times as fast as time."""
    folder = tmp_path_factory.mktemp("space") / "sandbox"
    command = [sys.executable, "-m", "otklik", "sandbox", folder, "--serve", "--posts", "40", "--speed", "120"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment()) as server:
        assert server.stdout is not None
        assert "http://127.0.0.1:" in server.stdout.readline()
        yield folder
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=30) == 0


def said(*arguments: object, code: int = 0, **env: str) -> str:
    done = otklik(*arguments, **env)
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout


def test_from_following_to_a_forecast_in_a_few_commands(space):
    there = ("--workspace", space)
    assert "youtube:UC" in said("track", "add", "@author1", "vk:author1", *there)
    assert "followed already" in said("track", "add", "@author1", *there)
    said("track", "add", "--query", "ночь", "--platform", "vk", *there)
    listed = json.loads(said("track", "list", "--json", "-", *there))
    assert [(one["platform"], one["kind"]) for one in listed] == [
        ("youtube", "author"),
        ("vk", "author"),
        ("vk", "query"),
    ]
    assert "поиск" in said("track", "list", "--lang", "ru", *there)

    first = json.loads(said("collect", "--json", "-", *there))
    assert first["platforms"]["youtube"]["new_posts"] > 0
    assert first["platforms"]["vk"]["snapshots"] > 0
    assert "posts seen" in said("collect", *there)
    assert "постов" in said("collect", "--lang", "ru", *there)

    planned = json.loads(said("plan", "--json", "-", *there))
    assert {one["platform"] for one in planned} == {"youtube", "vk"}
    assert all(bucket["share"] is None or 0 <= bucket["share"] < 1 for one in planned for bucket in one["buckets"])
    assert "calls a day" in said("plan", "--posts-a-day", "50", *there)

    told = said("doctor", *there)
    assert "Simulated data." in told
    assert "last pass" in told
    assert json.loads(said("doctor", "--offline", "--json", "-", *there))["is_simulated"] is True
    assert "Последний проход" in said("status", "--live", "--lang", "ru", *there)
    assert "Simulated data." in said("status", *there)
    assert "Would delete: 0" in said("purge", "--dry-run", *there)

    with Store.open(space / "store.sqlite") as store:
        newest = store.posts().query("platform == 'youtube'").iloc[-1]
    shown = said("forecast", f"youtube:{newest['post_id']}", *there)
    assert "Simulated data." in shown
    said("track", "remove", "ночь", *there)
    assert len(json.loads(said("track", "list", "--json", "-", *there))) == 2


def test_watching_ends_softly_when_asked_to(space):
    command = [sys.executable, "-m", "otklik", "collect", "--watch", "--workspace", space]
    for how in (signal.SIGTERM, signal.SIGINT):
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment()) as watching:
            assert watching.stdout is not None
            watching.stdout.readline()
            second = otklik("collect", "--workspace", space)
            assert second.returncode == 75
            assert "another collector is at work" in second.stderr
            # The clock runs fast: more passes are made while we wait for these lines.
            for _ in range(3):
                assert "seen" in watching.stdout.readline()
            watching.send_signal(how)
            assert watching.wait(timeout=30) == 0


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["collect"], 78, "OTKLIK_YOUTUBE_KEY"),
        (["track", "add"], 78, "name an author or a post"),
        (["track", "add", "kzn"], 78, "it is not clear on which platform"),
        (["track", "add", "@kazan"], 78, "OTKLIK_YOUTUBE_KEY"),
        (["track", "add", "vk:kzn"], 78, "OTKLIK_VK_TOKEN"),
        (["track", "add", "x", "--platform", "rutube"], 78, "there is no collector for 'rutube'"),
        (["track", "remove", "nobody"], 78, "nothing called 'nobody' is followed"),
        (["purge", "--policy", "keep-all"], 78, "there is no policy 'keep-all'"),
        (["schedule", "windows"], 78, "expected one of systemd, cron, github-actions"),
        (["schedule", "cron", "--minutes", "7"], 78, "minutes that divide an hour"),
        (["sandbox", "{tmp}/s", "--faults", "wall.get"], 78, "fault"),
    ],
)
def test_what_cannot_be_done_is_said(tmp_path, arguments, code, message):
    place = [] if arguments[0] == "sandbox" else ["--workspace", tmp_path]
    done = otklik(*(str(one).replace("{tmp}", str(tmp_path)) for one in arguments), *place)
    assert done.returncode == code, done.stdout + done.stderr
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_nothing_to_plan_is_no_error(tmp_path):
    assert "Nothing is followed yet" in said("plan", "--workspace", tmp_path)
    assert "Nothing is followed yet" in said("track", "list", "--workspace", tmp_path)


def test_simulated_and_real_data_never_share_a_store(tmp_path, space, data_dir):
    said("import", data_dir, "--workspace", tmp_path)
    settings = (space / "otklik.toml").read_text("utf-8")
    (tmp_path / "otklik.toml").write_text(settings, "utf-8")
    done = otklik("track", "add", "@author1", "--workspace", tmp_path)
    assert done.returncode == 78
    assert "may not be mixed with simulated data" in done.stderr


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("systemd", ("OnCalendar=*:0/5", "EnvironmentFile=", "SuccessExitStatus=75")),
        ("cron", ("*/5 * * * *", "collect.log")),
        ("github-actions", ("schedule:", "OTKLIK_STORE", "honest remark")),
    ],
)
def test_units_are_printed_ready_to_use(tmp_path, kind, words):
    unit = said("schedule", kind, "--workspace", tmp_path)
    for word in words:
        assert word in unit


def test_the_sandbox_shows_the_whole_pipeline_and_says_that_it_is_simulated(tmp_path):
    shown = said("sandbox", tmp_path / "s", "--hours", "4", "--posts", "20", "--lang", "ru")
    assert "Смоделированные данные." in shown
    assert "от обычного" in shown or "просмотры за 24 ч" in shown
    status = said("status", "--workspace", tmp_path / "s", "--lang", "ru")
    assert "Смоделированные данные." in status
