"""Draft files: a post that is not out yet, as YAML, alone or in a folder with its video and cover."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml

from otklik import units
from otklik.errors import ConfigurationError, DataError
from otklik.records import Draft, DraftAuthor, Kind, PastPost, Platform

MAX_BYTES = 1_000_000
_VIDEO = (".mp4", ".mov", ".mkv", ".webm", ".avi")
_COVER = (".jpg", ".jpeg", ".png", ".webp")
_KEYS: dict[str, tuple[type, ...]] = {
    "title": (str,),
    "text": (str,),
    "tags": (list,),
    "platform": (str,),
    "kind": (str,),
    "publish_at": (str, datetime),
    "zone": (str,),
    "duration_s": (int, float),
    "language": (str,),
    "synthetic_media": (bool,),
    "video": (str,),
    "cover": (str,),
    "author": (dict,),
}
_AUTHOR: dict[str, tuple[type, ...]] = {
    "id": (str,),
    "followers": (int,),
    "median_views": (int, float),
    "median_reactions": (int, float),
    "n_posts": (int,),
    "history": (list,),
}
_PAST: dict[str, tuple[type, ...]] = {
    "published_at": (str, datetime),
    "views_24h": (int,),
    "reactions_24h": (int,),
    "title": (str,),
    "kind": (str,),
    "duration_s": (int, float),
}


@dataclass(frozen=True)
class DraftFile:
    """A draft and where it came from."""

    draft: Draft
    path: Path
    video: Path | None = None
    cover: Path | None = None


def read_draft(path: Path, zone: str = "UTC") -> DraftFile:
    """The draft in a YAML file, or in a folder that holds one.

    Args:
        path: the file or folder.
        zone: of a planned time that is written without an offset.

    Raises:
        ConfigurationError: when there is no draft, or it holds keys or values that a draft does not have.
    """
    file = _find(path)
    plain = _load(file)
    _check(plain, _KEYS, file, "")
    author = plain.get("author") or {}
    _check(author, _AUTHOR, file, "author.")
    for number, past in enumerate(author.get("history") or []):
        where = f"author.history[{number + 1}]."
        if not isinstance(past, dict):
            raise _wrong(file, where.rstrip("."), "published_at and views_24h", past)
        _check(past, _PAST, file, where)
        for needed in ("published_at", "views_24h"):
            if past.get(needed) is None:
                raise ConfigurationError("{file}: {key} is missing", file=file, key=where + needed)
    if not str(plain.get("title") or "").strip():
        raise ConfigurationError("{file}: a draft needs a title", file=file)
    zone = plain.get("zone") or zone
    video = _beside(file, plain.get("video"), _VIDEO)
    return DraftFile(_draft(plain, author, file, zone), file, video, _beside(file, plain.get("cover"), _COVER))


def _draft(plain: Mapping[str, Any], author: Mapping[str, Any], file: Path, zone: str) -> Draft:
    tags = plain.get("tags") or []
    if not all(isinstance(tag, str) for tag in tags):
        raise _wrong(file, "tags", "a list of words", tags)
    publish = plain.get("publish_at")
    seconds = plain.get("duration_s")
    return Draft(
        title=plain["title"].strip(),
        publish_at=_instant(publish, zone, file, "publish_at") if publish else datetime.now(UTC),
        platform=plain.get("platform") or Platform.YOUTUBE,
        kind=plain.get("kind") or Kind.SHORT,
        text=plain.get("text"),
        tags=tuple(tags),
        duration_s=round(seconds) if seconds is not None else None,
        language=plain.get("language"),
        synthetic_media=plain.get("synthetic_media"),
        author=_author(author, file, zone),
    )


def _author(plain: Mapping[str, Any], file: Path, zone: str) -> DraftAuthor:
    history = tuple(
        PastPost(
            published_at=_instant(past["published_at"], zone, file, "published_at"),
            views_24h=past["views_24h"],
            reactions_24h=past.get("reactions_24h"),
            title=past.get("title"),
            kind=past.get("kind"),
            duration_s=round(past["duration_s"]) if past.get("duration_s") is not None else None,
        )
        for past in plain.get("history") or []
    )
    return DraftAuthor(
        author_id=plain.get("id"),
        followers=plain.get("followers"),
        median_views=plain.get("median_views"),
        median_reactions=plain.get("median_reactions"),
        n_posts=plain.get("n_posts"),
        history=history,
    )


def _find(path: Path) -> Path:
    if not path.exists():
        raise ConfigurationError("there is no draft at {path}: expected a YAML file or a folder with one", path=path)
    if not path.is_dir():
        return path
    found = sorted(one for one in path.iterdir() if one.suffix in (".yaml", ".yml"))
    if len(found) != 1:
        raise ConfigurationError(
            "the folder {path} must hold one YAML file with the draft, but it holds {n}",
            path=path,
            n=len(found),
        )
    return found[0]


def _load(file: Path) -> dict[str, Any]:
    try:
        if file.stat().st_size > MAX_BYTES:
            raise ConfigurationError("{file} is larger than a draft can be (1 MB): is it the right file?", file=file)
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ConfigurationError("{file} is not UTF-8: save it as UTF-8 text", file=file) from None
    except OSError as error:
        raise ConfigurationError("{file} cannot be read: {why}", file=file, why=error.strerror) from None
    try:
        # An alias can blow a small file up to any size; a draft needs none.
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text)):
            raise ConfigurationError("{file} uses YAML aliases (*name): write the values out", file=file)
        plain = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise ConfigurationError(
            "{file} is not valid YAML (line {line}, column {column}): {why}",
            file=file,
            line=mark.line + 1 if mark else "?",
            column=mark.column + 1 if mark else "?",
            why=getattr(error, "problem", None) or "cannot be parsed",
        ) from None
    if not isinstance(plain, dict):
        raise ConfigurationError("{file} holds no draft: expected keys such as title and publish_at", file=file)
    if "description" in plain and "text" not in plain:
        plain["text"] = plain.pop("description")
    return plain


def _check(plain: Mapping[Any, Any], known: Mapping[str, tuple[type, ...]], file: Path, where: str) -> None:
    for key, value in plain.items():
        if key not in known:
            near = get_close_matches(str(key), known, 1, 0.5)
            raise ConfigurationError(
                "{file}: there is no key {key!r} in a draft: {hint}",
                file=file,
                key=f"{where}{key}",
                hint=f"{near[0]}?" if near else ", ".join(known),
            )
        is_bool_for_number = isinstance(value, bool) and bool not in known[key]
        if value is not None and (is_bool_for_number or not isinstance(value, known[key])):
            raise _wrong(file, where + key, " / ".join(kind.__name__ for kind in known[key]), value)
        if isinstance(value, int | float) and not isinstance(value, bool) and value < 0:
            raise ConfigurationError("{file}: {key} cannot be negative, but it is {got}", file=file, key=key, got=value)


def _wrong(file: Path, key: str, expected: str, got: object) -> ConfigurationError:
    return ConfigurationError(
        "{file}: {key} must be {expected}, but it is {got!r}", file=file, key=key, expected=expected, got=got
    )


def _instant(value: str | datetime, zone: str, file: Path, key: str) -> datetime:
    """An instant, in the zone where none is written."""
    try:
        at = value if isinstance(value, datetime) else datetime.fromisoformat(value.strip())
        return units.utc(at if at.tzinfo else at.replace(tzinfo=units.zone(zone)))
    except (ValueError, DataError):
        raise ConfigurationError(
            "{file}: {key} must be a date and time such as 2026-12-04T19:00:00+03:00, but it is {got!r}",
            file=file,
            key=key,
            got=value,
        ) from None


def _beside(file: Path, named: str | None, suffixes: tuple[str, ...]) -> Path | None:
    """A media file that the draft names, or the first of its kind in the draft's folder."""
    if named:
        path = file.parent / named
        if not path.is_file():
            raise ConfigurationError("{file} names the file {named}, which is not beside it", file=file, named=named)
        return path
    found = sorted(one for one in file.parent.iterdir() if one.suffix.lower() in suffixes)
    return found[0] if found else None
