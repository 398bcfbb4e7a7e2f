"""A file of unknown content is looked at by a process of its own, with a limit on time and memory.

FFmpeg, image libraries and ONNX Runtime are C: what a damaged file does to them must not end the program that asked.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from otklik import errors
from otklik.errors import DataError, OtklikError

CHANGED = "{path} changed while it was looked at: look again"
MOST_BYTES = 1_500_000_000
"""Memory that the process may hold."""
MOST_S = 900.0
"""A twenty-minute 4K video takes some minutes on two slow processors."""
KINDS = ("ConfigurationError", "DataError", "StorageError", "TransientError")


def run(path: Path, sha256: str, *, fast: bool, most_s: float = MOST_S, most_bytes: int = MOST_BYTES) -> None:
    """Look at a file in a process of its own, which leaves what it saw in the cache under the hash of the content.

    Raises:
        OtklikError: the one that the process met; or that it ended in a way it did not mean to.
    """
    command = [
        sys.executable,
        "-P",  # the folder that somebody stands in is no place to import from
        "-m",
        "otklik.media",
        "fast" if fast else "full",
        str(most_bytes),
        sha256,
        os.fspath(path),
    ]
    try:
        done = subprocess.run(command, capture_output=True, timeout=most_s, check=False, env=_environment())
    except subprocess.TimeoutExpired:
        raise DataError(
            "looking at {path} took longer than {seconds} s and was stopped: export a shorter or smaller file",
            path=path,
            seconds=round(most_s),
        ) from None
    if done.returncode == 0:
        return
    told = _error(done.stdout)
    if told is not None:
        raise told
    raise DataError(
        "the decoder broke down on {path} ({why}): the file is damaged or too large; export it again",
        path=path,
        why=_why(done.returncode, done.stderr),
    )


def _environment() -> dict[str, str]:
    """One thread for numpy: the decoder has two, and results must not depend on the machine."""
    return {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONIOENCODING": "utf-8"}


def limit_memory(most_bytes: int) -> None:
    """Hold this process to so much memory where the system can; pages that are only promised do not count."""
    try:
        import resource
    except ImportError:  # Windows
        return
    for kind in (resource.RLIMIT_DATA,):
        hard = resource.getrlimit(kind)[1]
        most = most_bytes if hard == resource.RLIM_INFINITY else min(most_bytes, hard)
        resource.setrlimit(kind, (most, hard))


def told(error: OtklikError) -> str:
    """An error as a line that the other process reads."""
    values = {
        key: value if isinstance(value, int | float | str) or value is None else str(value)
        for key, value in error.values.items()
    }
    return json.dumps({"kind": type(error).__name__, "template": error.template, "values": values})


def _error(output: bytes) -> OtklikError | None:
    lines = output.decode("utf-8", "replace").strip().splitlines()
    try:
        plain = json.loads(lines[-1])
        if plain["kind"] not in KINDS:
            return None
        return getattr(errors, plain["kind"])(plain["template"], **plain["values"])
    except (IndexError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _why(code: int, stderr: bytes) -> str:
    if code < 0:
        return f"signal {-code}"
    last = stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
    return (last or [f"exit {code}"])[0][:200]
