"""What a person writes for a channel or a video, and the id behind it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from otklik.errors import ConfigurationError

_VIDEO = re.compile(r"[A-Za-z0-9_-]{11}")
_CHANNEL = re.compile(r"UC[A-Za-z0-9_-]{22}")
_HANDLE = re.compile(r"@[^\s/?#@]{3,100}")
_HOSTS = {"youtube.com", "www.youtube.com", "m.youtube.com", "music.youtube.com", "youtu.be", "www.youtu.be"}


@dataclass(frozen=True, slots=True)
class Named:
    """A reading of what was written: kind is video, channel, handle or user."""

    kind: str
    value: str


def parse(text: str) -> Named:
    """The channel or video that a text names, without asking YouTube.

    Raises:
        ConfigurationError: when it names neither.

    >>> parse("https://www.youtube.com/shorts/dQw4w9WgXcQ?feature=share").value
    'dQw4w9WgXcQ'
    >>> parse("@kazan").kind, parse("youtu.be/dQw4w9WgXcQ").kind
    ('handle', 'video')
    """
    text = text.strip()
    found = _plain(text) or _link(text)
    if found is None:
        raise ConfigurationError(
            "expected a YouTube channel or video, such as @handle, a link, UC... or an id of 11 characters, "
            "but got {text!r}",
            text=text,
        )
    return found


def _plain(text: str) -> Named | None:
    if _CHANNEL.fullmatch(text):
        return Named("channel", text)
    if _HANDLE.fullmatch(text):
        return Named("handle", text)
    return Named("video", text) if _VIDEO.fullmatch(text) else None


def _link(text: str) -> Named | None:
    try:
        url = urlsplit(text if "://" in text else f"https://{text}")
        host = url.hostname or ""
    except ValueError:
        return None
    if host not in _HOSTS:
        return None
    pieces = [unquote(piece) for piece in url.path.split("/") if piece]
    if host.endswith("youtu.be"):
        return _video(pieces[0]) if pieces else None
    if pieces[:1] == ["watch"]:
        return _video(parse_qs(url.query).get("v", [""])[0])
    if len(pieces) >= 2 and pieces[0] in ("shorts", "live", "embed", "v"):
        return _video(pieces[1])
    if len(pieces) >= 2 and pieces[0] == "channel" and _CHANNEL.fullmatch(pieces[1]):
        return Named("channel", pieces[1])
    if len(pieces) >= 2 and pieces[0] == "user":
        return Named("user", pieces[1])
    return Named("handle", pieces[0]) if pieces and _HANDLE.fullmatch(pieces[0]) else None


def _video(text: str) -> Named | None:
    return Named("video", text) if _VIDEO.fullmatch(text) else None


def videos_in(named: Iterable[Any]) -> list[str]:
    """The ids of videos in objects that name one, such as ``{"videoId": "dQw4w9WgXcQ"}``; others are left out.

    >>> videos_in([{"videoId": "dQw4w9WgXcQ"}, {"channelId": "UCabc"}, None])
    ['dQw4w9WgXcQ']
    """
    found = [str(one.get("videoId")) for one in named if isinstance(one, dict)]
    return [post_id for post_id in found if _VIDEO.fullmatch(post_id)]


def uploads_of(channel_id: str) -> str:
    """The playlist of all uploads of a channel.

    >>> uploads_of("UCabc")
    'UUabc'
    """
    return "UU" + channel_id[2:]
