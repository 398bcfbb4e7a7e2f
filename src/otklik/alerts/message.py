"""A message as a frozen value: what happened, beside which baseline, of how many posts, in which zone."""

from __future__ import annotations

import unicodedata
from dataclasses import asdict, dataclass
from typing import Any

LONGEST_TITLE = 160


@dataclass(frozen=True, slots=True)
class Message:
    """One alert in words and in numbers.

    The words are plain text: nobody's title can become markup, a command or a line of its own in them.
    """

    id: str
    """The same for every attempt to deliver it, so that a receiver can pass over a repeat."""
    rule: str
    subject: str
    """Platform and id of the post, or the platform."""
    text: str
    """A sentence with the value, its unit, the baseline and how many posts that is of."""
    title: str | None
    url: str | None
    as_of: str
    """When it was read, ISO 8601 in UTC."""
    when: str
    """The same for a person, with the zone."""
    value: float
    limit: float
    metric: str
    unit: str
    baseline: float | None
    n_posts: int | None
    """Posts behind the baseline; ``None`` where there is no baseline."""
    zone: str
    simulated: str | None = None
    """The words that say so, for simulated data."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types."""
        return asdict(self)

    def lines(self) -> list[str]:
        """The message for a person, a line each: rule, title, sentence, link, instant."""
        told = [self.simulated, self.rule, self.title, self.text, self.url, self.when]
        return [line for line in told if line]


def plain(text: str, longest: int = LONGEST_TITLE) -> str:
    r"""Somebody else's words on one line, without control characters and changes of writing direction.

    >>> plain("a\n\x1b[1mb\u202ec"), plain("я" * 300, 5)
    ('a [1mbc', 'яяяя…')
    """
    line = " ".join(text.encode("utf-8", "replace").decode("utf-8").split())
    shown = "".join(char for char in line if char == "\u200d" or unicodedata.category(char) not in _HIDDEN)
    return shown if len(shown) <= longest else shown[: longest - 1] + "…"


_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def web_address(url: str | None) -> str | None:
    """A link that may be shown as one, or ``None``: only the web, no blanks, nothing that runs.

    >>> web_address("https://vk.com/wall-1_2"), web_address("javascript:alert(1)")
    ('https://vk.com/wall-1_2', None)
    """
    if url is None or not url.startswith(("https://", "http://")) or len(url) > 500:
        return None
    return None if plain(url, 500) != url or any(char in url for char in " \"'<>\\`") else url
