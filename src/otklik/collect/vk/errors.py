"""What VK's error codes mean for us: one table from its codes to our kinds of error."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from otklik.collect.quota import Bucket
from otklik.errors import ConfigurationError, ItemUnavailable, OtklikError, QuotaExhausted, TransientError

TOO_FAST = 6
FLOOD = 9
CAPTCHA = 14
DAILY = 29
FLOOD_PAUSE = timedelta(hours=1)
DAILY_PAUSE = timedelta(hours=6)
"""VK does not say when a method opens again; asking after six hours costs one call."""
EVERYTHING = "*"
"""The bucket of all methods: a token that has met a captcha or flood control rests altogether."""

_TRANSIENT = {1, 10, 32, 36}
_UNAVAILABLE = {7, 15, 18, 19, 30, 37, 40, 43, 100, 104, 113, 125, 200, 201, 203, 204, 210, 211, 212, 213, 801}
_EXECUTE = {3, 12, 13, 23, 33}


class ExecuteRefusedError(Exception):
    """VK does not run our script: ask call by call."""


def error_of(error: dict[str, Any], method: str, bucket: Bucket, now: datetime) -> OtklikError | ExecuteRefusedError:
    """Our error for an error of VK.

    Args:
        error: the object under ``error``; nothing of it but code, message and address of the captcha is looked at.
        method: the method that was called.
        bucket: what the call was booked on.
        now: the instant, for when a closed bucket is tried again.
    """
    code, message = _int(error.get("error_code")), str(error.get("error_msg") or "")
    if code == TOO_FAST:
        return TransientError("VK says: too many calls a second", retry_after_s=0.5)
    if code in _TRANSIENT:
        return TransientError("VK answers with error {code}: try again later", code=code)
    if code == CAPTCHA:
        return QuotaExhausted(
            "VK asks for a captcha: open {address} in a browser with the account of the token and solve it; "
            "{platform} rests until {reset_at}",
            bucket=EVERYTHING,
            platform="vk",
            address=error.get("redirect_uri") or "vk.com",
            reset_at=now + FLOOD_PAUSE,
        )
    if code == FLOOD:
        return QuotaExhausted(
            "VK says flood control: {platform} rests until {reset_at}",
            bucket=EVERYTHING,
            platform="vk",
            reset_at=now + FLOOD_PAUSE,
        )
    if code == DAILY:
        return QuotaExhausted(
            "{platform} has closed {bucket!r} for today: collecting goes on after {reset_at}",
            bucket=bucket.name,
            platform="vk",
            reset_at=now + DAILY_PAUSE,
        )
    if method == "execute" and code in _EXECUTE | {15, 27, 28}:
        return ExecuteRefusedError(code)
    if code in _UNAVAILABLE:
        return ItemUnavailable("VK does not show it (error {code}: {why})", code=code, why=message[:120])
    return _token_error(code, message, method)


def _token_error(code: int | None, message: str, method: str) -> OtklikError:
    lowered = message.lower()
    if "another ip" in lowered or code == 42:
        return ConfigurationError(
            "the VK token was given to another IP address: use a service token, or make the token on this machine"
        )
    if "blocked" in lowered and code in (5, 8):
        return ConfigurationError(
            "the VK application of this token is blocked: make an application of your own at id.vk.com and use its "
            "service token"
        )
    if code in (5, 1117, 1114):
        return ConfigurationError(
            "VK does not accept the token (error {code}): it is mistyped, expired or withdrawn; put a new one "
            "into OTKLIK_VK_TOKEN (a service token does not expire)",
            code=code,
        )
    if code in (27, 28, 1051):
        return ConfigurationError(
            "this kind of VK token may not call {method} (error {code}): use the service token of an application, "
            "not one of a community or of VK ID",
            method=method,
            code=code,
        )
    return ConfigurationError(
        "VK refuses {method} (error {code}: {why}): update otklik, or report this",
        method=method,
        code=code,
        why=message[:120],
    )


def _int(value: Any) -> int | None:
    try:
        return int(value)
    except (TypeError, ValueError):
        return None
