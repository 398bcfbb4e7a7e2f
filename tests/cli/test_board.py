"""The board from the command line: a real process, asked over a real socket, ended softly."""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from cli_process import ROOT, environment
from otklik.cli import board
from otklik.errors import OtklikError
from otklik.store import Store
from watched import fill

_RUN = """
from pathlib import Path
from otklik.cli import board
board.run(port=0, workspace=Path({folder!r}), model=Path("none"))
"""


@pytest.fixture(scope="module")
def space(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("space")
    with Store.open(folder / "store.sqlite") as store:
        fill(store)
    return folder


def test_it_serves_until_it_is_asked_to_end(space):
    command = [sys.executable, "-c", _RUN.format(folder=str(space))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment()) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", line)
        assert found is not None, line
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", int(found[1]), timeout=30)) as connection:
            connection.request("GET", "/")
            answer = connection.getresponse()
            assert answer.status == 200
            assert "otklik" in answer.read().decode("utf-8")
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0


def test_the_state_is_written_as_json_without_serving(space, capsys):
    board.run(workspace=space, json="-", hours=720, model=Path("none"))
    told = json.loads(capsys.readouterr().out)
    assert told["zone"] == "Europe/Moscow"
    assert told["is_stale"] is True


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        ({"host": "0.0.0.0"}, "for this machine only"),
        ({"host": "example.org"}, "for this machine only"),
        ({"zone": "Mars/Olympus"}, "time zone"),
    ],
)
def test_what_cannot_be_done_is_said(space, flags, message):
    with pytest.raises(OtklikError, match=message):
        board.run(workspace=space, **flags)


def test_without_a_store_the_remedy_is_told_and_none_is_made(tmp_path):
    with pytest.raises(OtklikError, match="otklik init"):
        board.run(workspace=tmp_path, port=0)
    assert not list(tmp_path.iterdir())
