"""Secrets: one door in, from the environment or a file, and none out."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping
from pathlib import Path

from otklik.errors import ConfigurationError

FOLDER = "secrets"
"""Folder of the workspace with one file a secret; git-ignored."""
NAMES = ("youtube_key", "vk_token", "vk_user_token")
_seen: set[str] = set()


def variable(name: str) -> str:
    """The environment variable of a secret.

    >>> variable("vk_token")
    'OTKLIK_VK_TOKEN'
    """
    return f"OTKLIK_{name.upper()}"


def find(name: str, workspace: Path, environ: Mapping[str, str] = os.environ) -> Callable[[], str] | None:
    """A function that reads a secret anew each time, or ``None`` where there is none.

    Looked for in the variable, then in the file that the variable with ``_FILE`` names, then in
    ``secrets/<name>`` of the workspace. What is read is remembered, so that :func:`redact` can take it out
    of any text.
    """
    if environ.get(variable(name)):
        return lambda: _remembered(environ[variable(name)])
    path = Path(environ.get(f"{variable(name)}_FILE") or workspace / FOLDER / name)
    if not path.is_file():
        return None
    return lambda: _remembered(_read(path))


def needed(found: Callable[[], str] | None, name: str, workspace: Path) -> Callable[[], str]:
    """The secret, or an error that lists every place looked at.

    Raises:
        ConfigurationError: when there is none.
    """
    if found is None:
        raise ConfigurationError(
            "there is no {name}: set {variable}, or name a file in {variable}_FILE, or put it into {file}",
            name=name,
            variable=variable(name),
            file=workspace / FOLDER / name,
        )
    return found


def _read(path: Path) -> str:
    try:
        text = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise ConfigurationError(
            "the secret in {path} cannot be read: check the file and its rights", path=path
        ) from None
    if not text or "\n" in text:
        raise ConfigurationError("the file {path} must hold one secret on one line", path=path)
    return text


def _remembered(secret: str) -> str:
    _seen.add(secret.strip())
    return secret.strip()


def redact(text: str) -> str:
    """The text without any secret that this process has read.

    >>> _ = _remembered("verysecret")
    >>> redact("GET https://x/?key=verysecret")
    'GET https://x/?key=***'
    """
    for secret in sorted(_seen, key=len, reverse=True):
        if len(secret) >= 6:
            text = text.replace(secret, "***")
    return text


class Redacting(logging.Filter):
    """Takes secrets out of every log record."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Redact the message; every record passes."""
        record.msg, record.args = redact(record.getMessage()), ()
        return True
