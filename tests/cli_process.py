"""The command line in a process of its own, with nothing of this machine's settings."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]


def environment(**env: str) -> dict[str, str]:
    """The environment of a person who has set nothing."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("OTKLIK_", "LC_", "LANG"))}
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    # One cache a run of the tests: a file is looked at once, and nothing of an earlier version is believed.
    plain["OTKLIK_CACHE"] = str(Path(tempfile.gettempdir()) / f"otklik-tests-{run}")
    return plain | {"COLUMNS": "100", "TERMINAL_WIDTH": "100", "NO_COLOR": "1", "PYTHONUTF8": "1", **env}


def otklik(*arguments: object, cwd: Path = ROOT, **env: str) -> subprocess.CompletedProcess[str]:
    """Run ``otklik`` with these arguments."""
    command = [sys.executable, "-m", "otklik", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, env=environment(**env))
