"""What a person writes for a community, person, wall post or video of VK, and the id behind it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from otklik.errors import ConfigurationError

_WALL = re.compile(r"(?:wall)?(-?\d+_\d+)")
_VIDEO = re.compile(r"(?:video|clip)(-?\d+_\d+)")
_GROUP = re.compile(r"(?:club|public|event)(\d+)|-(\d+)")
_USER = re.compile(r"id(\d+)")
_NAME = re.compile(r"@?([A-Za-z][A-Za-z0-9_.]{2,63})")
_HOSTS = {"vk.com", "vk.ru", "m.vk.com", "m.vk.ru", "www.vk.com", "www.vk.ru", "vkvideo.ru", "www.vkvideo.ru"}


@dataclass(frozen=True, slots=True)
class Named:
    """A reading of what was written: kind is wall, video, owner or name."""

    kind: str
    value: str


def parse(text: str) -> Named:
    """The community, person, post or video that a text names, without asking VK.

    Raises:
        ConfigurationError: when it names none.

    >>> parse("https://vk.com/wall-1_42").value, parse("https://vkvideo.ru/video-1_42").value
    ('-1_42', 'video-1_42')
    >>> parse("vk.ru/kazan"), parse("https://vk.com/public77").value
    (Named(kind='name', value='kazan'), '-77')
    """
    text = text.strip()
    piece = _piece(text) if "/" in text else text
    found = _read(piece) if piece else None
    if found is None:
        raise ConfigurationError(
            "expected a VK community, post or video, such as vk.com/name, -123, wall-1_42 or a link, but got {text!r}",
            text=text,
        )
    return found


def _read(piece: str) -> Named | None:
    if match := _VIDEO.fullmatch(piece):
        return Named("video", f"video{match[1]}")
    if match := _WALL.fullmatch(piece):
        return Named("wall", match[1])
    if match := _GROUP.fullmatch(piece):
        return Named("owner", f"-{match[1] or match[2]}")
    if match := _USER.fullmatch(piece):
        return Named("owner", match[1])
    match = _NAME.fullmatch(piece)
    return Named("name", match[1]) if match else None


def _piece(text: str) -> str | None:
    """The part of a link that names the thing."""
    try:
        url = urlsplit(text if "://" in text else f"https://{text}")
        host = url.hostname
    except ValueError:
        return None
    if host not in _HOSTS:
        return None
    query = parse_qs(url.query)
    for name in ("w", "z"):
        if name in query:
            return query[name][0].split("/")[0]
    pieces = [piece for piece in url.path.split("/") if piece]
    return pieces[0] if pieces else None


def split(post_id: str) -> tuple[str, bool]:
    """VK's own id of a post, and whether it is a video.

    >>> split("video-1_42"), split("-1_42")
    (('-1_42', True), ('-1_42', False))
    """
    return post_id.removeprefix("video"), post_id.startswith("video")


def owner_of(post_id: str) -> str:
    """Whose wall or video it is.

    >>> owner_of("video-1_42")
    '-1'
    """
    return split(post_id)[0].split("_")[0]
