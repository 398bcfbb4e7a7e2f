"""Faults on order: what the sandbox does wrong, at which method, how often."""

from __future__ import annotations

import random
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from otklik.errors import ConfigurationError

WHAT = (
    "500", "503", "429", "day", "quota", "key", "html", "truncated", "reset", "timeout", "drop", "foreign", "false",
    "missing_method", "garbled",
)  # fmt: skip
"""HTTP errors; 429 with Retry-After; the day's quota (429 and 403); a refused key; pages that are no JSON; a body
cut off; a connection cut; silence; items left out; another question's answer; ``false`` inside execute; a method
that is not there; one value of the answer replaced by something of another kind.
``vk5``, ``vk6`` ... are VK's error codes."""
_ODD: tuple[Any, ...] = (None, True, -1, 10**30, "", "?", "Казань \ud83d", "\0", [], [None], {}, {"count": "?"})
_TEXT = re.compile(
    r"(?P<method>[\w.*]+)=(?P<what>\w+?)(?:\*(?P<count>\d+))?(?:@(?P<after>\d+))?(?:%(?P<share>[\d.]+))?"
)


@dataclass
class Fault:
    """At a method, from its ``after``-th call on, for ``count`` calls, with a probability."""

    method: str
    what: str
    count: int = 1
    after: int = 0
    share: float = 1.0
    injected: int = 0


class Faults:
    """A script of faults."""

    def __init__(self, script: list[Fault] | None = None, seed: int = 0) -> None:
        self.script = script or []
        self._calls: dict[str, int] = {}
        self._lock = threading.Lock()
        self._rng = random.Random(seed)

    @classmethod
    def parse(cls, text: str, seed: int = 0) -> Faults:
        """A script such as ``videos.batchGetStats=500*3,wall.getById=vk6*100@10``.

        Raises:
            ConfigurationError: when it is not of that form, or names a fault that does not exist.

        >>> Faults.parse("wall.get=vk29*2@5").script[0]
        Fault(method='wall.get', what='vk29', count=2, after=5, share=1.0, injected=0)
        """
        script = []
        for part in filter(None, (one.strip() for one in text.split(","))):
            match = _TEXT.fullmatch(part)
            if match is None or not (match["what"] in WHAT or re.fullmatch(r"vk\d+", match["what"])):
                raise ConfigurationError(
                    "expected faults such as videos.batchGetStats=500*3,wall.getById=vk6*9@10, but got {text!r}; "
                    "known: {known}",
                    text=part,
                    known=", ".join(WHAT) + ", vk5, vk6 ...",
                )
            share = float(match["share"]) / 100 if match["share"] else 1.0
            fault = Fault(match["method"], match["what"], int(match["count"] or 1), int(match["after"] or 0), share)
            script.append(fault)
        return cls(script, seed)

    def take(self, method: str) -> str | None:
        """What goes wrong with this call of a method, if anything."""
        with self._lock:
            number = self._calls.get(method, 0)
            self._calls[method] = number + 1
            for fault in self.script:
                is_due = fault.method in (method, "*") and number >= fault.after and fault.injected < fault.count
                if is_due and (fault.share >= 1 or self._rng.random() < fault.share):
                    fault.injected += 1
                    return fault.what
            return None

    def garble(self, body: Any) -> None:
        """Replace one value somewhere in an answer by something that does not belong there."""
        places = list(_places(body))
        if places:
            with self._lock:
                holder, key = self._rng.choice(places)
                holder[key] = self._rng.choice(_ODD)

    def injected(self) -> dict[str, int]:
        """How often each fault has happened."""
        found: dict[str, int] = {}
        for fault in self.script:
            found[fault.what] = found.get(fault.what, 0) + fault.injected
        return found


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place inside an answer that holds a value: the list or object, and the index or name."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in list(inside):
        yield value, key
        yield from _places(one)
