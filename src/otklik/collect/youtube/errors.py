"""What YouTube's errors mean for us: one table from its reasons to our kinds of error."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from otklik.collect.quota import Bucket, resets_at
from otklik.errors import ConfigurationError, ItemUnavailable, OtklikError, QuotaExhausted, TransientError

_DAY_OVER = {"quotaExceeded", "dailyLimitExceeded", "dailyLimitExceededUnreg"}
_TOO_FAST = {"rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED", "concurrentLimitExceeded"}
_BAD_KEY = {"keyInvalid", "API_KEY_INVALID", "keyExpired", "API_KEY_EXPIRED"}
_NOT_ENABLED = {"accessNotConfigured", "SERVICE_DISABLED"}
_BLOCKED = {
    "API_KEY_SERVICE_BLOCKED", "API_KEY_HTTP_REFERRER_BLOCKED", "API_KEY_IP_ADDRESS_BLOCKED",
    "API_KEY_ANDROID_APP_BLOCKED", "API_KEY_IOS_APP_BLOCKED", "ipRefererBlocked", "CONSUMER_SUSPENDED",
}  # fmt: skip
_GONE = {"videoNotFound", "playlistNotFound", "channelNotFound", "channelClosed", "channelSuspended"}


def error_of(
    status: int, content: bytes, bucket: Bucket, now: datetime, retry_after_s: float | None = None
) -> OtklikError:
    """Our error for an answer of YouTube that is not a success.

    Args:
        status: the HTTP status.
        content: the body.
        bucket: what the call was booked on.
        now: the instant, for when the bucket opens again.
        retry_after_s: seconds that the platform asks to wait.
    """
    reasons, message = _read(content)
    if reasons & _DAY_OVER or (reasons & _TOO_FAST and "per day" in message):
        return QuotaExhausted(
            "{platform} has closed {bucket!r} for today: collecting goes on after {reset_at}",
            bucket=bucket.name,
            platform="youtube",
            reset_at=resets_at(bucket.window, now),
        )
    if reasons & _BAD_KEY:
        return ConfigurationError(
            "YouTube does not accept the API key: check OTKLIK_YOUTUBE_KEY or make a new key in the Google Cloud "
            "console"
        )
    if reasons & _NOT_ENABLED:
        return ConfigurationError(
            "the YouTube Data API v3 is not enabled for this key's project: enable it in the Google Cloud console "
            "(APIs and services, Library), then wait a few minutes"
        )
    if reasons & _BLOCKED:
        return ConfigurationError(
            "the API key may not be used for this ({why}): take its restrictions off, or allow the YouTube Data API v3 "
            "and this machine's address",
            why=", ".join(sorted(reasons & _BLOCKED)),
        )
    if reasons & _GONE:
        return ItemUnavailable("YouTube does not have it any more ({why})", why=", ".join(sorted(reasons & _GONE)))
    if status in (429, 408) or status >= 500 or reasons & _TOO_FAST or "transient" in message.lower():
        return TransientError("YouTube answers {status}: try again later", status=status, retry_after_s=retry_after_s)
    if status in (403, 404):
        return ItemUnavailable(
            "YouTube refuses to show it ({status} {why})", status=status, why=", ".join(sorted(reasons))
        )
    return ConfigurationError(
        "YouTube does not understand the question ({status} {why}): update otklik, or report this",
        status=status,
        why=", ".join(sorted(reasons)),
    )


def _read(content: bytes) -> tuple[set[str], str]:
    """The reasons and the message of an error body; nothing of one that is not of the documented form."""
    try:
        error: Any = json.loads(content)["error"]
    except (ValueError, KeyError, TypeError):
        return set(), ""
    if not isinstance(error, dict):
        return set(), ""
    places = [*(error.get("errors") or []), *(error.get("details") or [])]
    reasons = {str(one["reason"]) for one in places if isinstance(one, dict) and "reason" in one}
    return reasons, str(error.get("message") or "")
