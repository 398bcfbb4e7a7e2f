"""Where messages go: a file, the desktop, a webhook, a Telegram bot. Each delivers one message or says why not."""

from __future__ import annotations

import ipaddress
import json
import os
import shutil
import subprocess
import urllib.error
import urllib.request
from dataclasses import dataclass
from html import escape
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from otklik import credentials
from otklik.alerts.message import Message
from otklik.errors import ConfigurationError, OtklikError, StorageError, TransientError

KINDS = ("file", "desktop", "webhook", "telegram")
TIMEOUT_S = 5.0
TRIES = 2
"""A delivery over the network is tried again once; after that the next pass does."""
TELEGRAM = "https://api.telegram.org"
TELEGRAM_VARIABLE = "OTKLIK_TELEGRAM_API"
"""Another address of the Bot API, for tests: only this machine's own."""
LONGEST = 4000
"""Telegram takes 4,096 characters."""


@dataclass(frozen=True, slots=True)
class Channel:
    """One place: its name, its kind, and the file, address or chat."""

    name: str
    kind: str
    where: str


def channel_of(name: str, told: Any, path: Path) -> Channel:
    """A channel of ``alerts.yaml``.

    Raises:
        ConfigurationError: when it is not one of :data:`KINDS`, or a webhook would send in the clear.
    """
    if not isinstance(told, dict) or len(told) != 1 or next(iter(told)) not in KINDS:
        raise ConfigurationError(
            "{file}, channel {name!r}: expected one of file, desktop, webhook, telegram, such as {example}",
            file=path,
            name=name,
            example="{file: alerts.jsonl}",
        )
    kind, where = next(iter(told.items()))
    if kind != "desktop" and (isinstance(where, bool | dict | list) or not str(where or "").strip()):
        raise ConfigurationError(
            "{file}, channel {name!r}: {kind} needs a file, an address or a chat", file=path, name=name, kind=kind
        )
    if kind == "webhook":
        _check_address(str(where), name, path)
    return Channel(name, str(kind), str(where).strip())


def deliver(channel: Channel, message: Message, workspace: Path) -> None:
    """Deliver one message.

    Raises:
        OtklikError: saying why it could not be delivered; no secret is in it.
    """
    if channel.kind == "file":
        _to_file(workspace / channel.where, message)
    elif channel.kind == "desktop":
        _to_desktop(message)
    elif channel.kind == "webhook":
        _post(channel.where, _body(message), channel.name)
    else:
        _to_telegram(channel, message, workspace)


def _body(message: Message) -> dict[str, Any]:
    """The whole message as ``text``, which chat services show, and its facts beside it."""
    facts = message.to_dict()
    return {**facts, "sentence": facts["text"], "text": "\n".join(message.lines())}


def _to_file(path: Path, message: Message) -> None:
    line = json.dumps(message.to_dict(), ensure_ascii=False) + "\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8", errors="replace") as file:
            file.write(line)
    except OSError as error:
        raise StorageError("the file {path} cannot be written: {why}", path=path, why=error.strerror) from None


def _to_desktop(message: Message) -> None:
    program = shutil.which("notify-send")
    if program is None:
        raise ConfigurationError(
            "notify-send is not installed: install it (libnotify-bin on Debian) or name another channel"
        )
    head, *rest = message.lines()
    # Some desktops read markup in the body; none runs anything, and no shell is in between.
    command = [program, "--app-name=otklik", "--", head, escape("\n".join(rest))]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=TIMEOUT_S)
    except (OSError, subprocess.SubprocessError):
        raise TransientError("notify-send could not show the message: is anybody logged in at a desktop?") from None


def _to_telegram(channel: Channel, message: Message, workspace: Path) -> None:
    token = credentials.needed(credentials.find("telegram_token", workspace), "telegram_token", workspace)()
    if not token.replace(":", "").replace("_", "").replace("-", "").isascii() or "/" in token or " " in token:
        raise ConfigurationError("the Telegram token has a form that no token has: copy it again from @BotFather")
    body = {
        "chat_id": channel.where,
        # Without a parse mode Telegram reads no markup: a title stays text.
        "text": "\n".join(message.lines())[:LONGEST],
        "link_preview_options": {"is_disabled": True},
    }
    _post(f"{telegram_api()}/bot{token}/sendMessage", body, channel.name)


def telegram_api() -> str:
    """Address of the Bot API.

    Raises:
        ConfigurationError: when the variable for tests names another machine: the token would go there.
    """
    told = os.environ.get(TELEGRAM_VARIABLE)
    if not told:
        return TELEGRAM
    if urlsplit(told).scheme not in ("http", "https") or not is_loopback(told):
        raise ConfigurationError(
            "{variable} may only name this machine, such as http://127.0.0.1:8080: the token is sent there",
            variable=TELEGRAM_VARIABLE,
        )
    return told.rstrip("/")


def is_loopback(url: str) -> bool:
    """Whether an address is this machine's own.

    >>> is_loopback("http://127.0.0.1:80/x"), is_loopback("http://127.0.0.1.example.org")
    (True, False)
    """
    try:
        host = urlsplit(url).hostname or ""
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _check_address(url: str, name: str, path: Path) -> None:
    try:
        parts = urlsplit(url)
        is_good = bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(url)))
    except ValueError:
        is_good = False
    if not is_good or any(char.isspace() for char in url):
        raise ConfigurationError(
            "{file}, channel {name!r}: a webhook is an https address, or http on this machine", file=path, name=name
        )


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirect would carry the message to an address that nobody has named."""

    def redirect_request(self, *_: Any) -> None:
        """Follow nothing."""


def _post(url: str, body: dict[str, Any], name: str) -> None:
    """POST JSON, once more when the network or the other side fails. The address is in no error: it may be a secret."""
    data = json.dumps(body, ensure_ascii=True).encode("ascii")
    headers = {"Content-Type": "application/json", "User-Agent": "otklik"}
    handlers: list[Any] = [_NoRedirects, *([urllib.request.ProxyHandler({})] if is_loopback(url) else [])]
    opener = urllib.request.build_opener(*handlers)
    error: OtklikError | None = None
    for _ in range(TRIES):
        try:
            with opener.open(urllib.request.Request(url, data, headers), timeout=TIMEOUT_S) as answer:
                answer.read(65536)
            return
        except urllib.error.HTTPError as refused:
            with refused:
                error = TransientError(
                    "the channel {name!r} answered {status}: the message waits for the next pass",
                    name=name,
                    status=refused.code,
                )
            if refused.code < 500:
                break
        except (OSError, HTTPException, ValueError) as fault:
            why = type(getattr(fault, "reason", fault)).__name__
            error = TransientError(
                "the channel {name!r} does not answer ({why}): the message waits for the next pass", name=name, why=why
            )
    assert error is not None
    raise error from None
