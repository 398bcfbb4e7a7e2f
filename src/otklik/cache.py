"""Where things that can be made again are kept between runs."""

from __future__ import annotations

import os
import sys
from pathlib import Path

VARIABLE = "OTKLIK_CACHE"
"""Environment variable that names another folder."""


def cache_folder(name: str = "") -> Path:
    """The folder for things that can be made again, or a part of it; it may not exist yet.

    ``$OTKLIK_CACHE``, or ``otklik`` in the folder that the system has for caches
    (https://specifications.freedesktop.org/basedir-spec/latest/).
    """
    return _root() / name if name else _root()


def _root() -> Path:
    if asked := os.environ.get(VARIABLE):
        return Path(asked).expanduser()
    if sys.platform == "win32" and (local := os.environ.get("LOCALAPPDATA")):
        return Path(local) / "otklik" / "cache"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "otklik"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "otklik"
