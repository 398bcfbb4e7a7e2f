"""The process that looks at one file, ``python -m otklik.media full|fast BYTES SHA256 PATH`` (see ``guard.py``)."""

from __future__ import annotations

import sys
from pathlib import Path

from otklik.errors import DataError, OtklikError
from otklik.media.guard import CHANGED, limit_memory, told


def main(mode: str, most_bytes: str, sha256: str, path: str) -> int:
    """Look at a file and keep what was seen; an error is told as a line of JSON."""
    limit_memory(int(most_bytes))
    from otklik.media.keeping import content_hash, keep
    from otklik.media.screening import screen

    try:
        seen = screen(Path(path), sha256, fast=mode == "fast")
        if content_hash(Path(path)) != sha256:
            raise DataError(CHANGED, path=path)
        keep(seen)
    except OtklikError as error:
        sys.stdout.write(told(error) + "\n")
        return error.exit_code or 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
