"""What YouTube's error bodies mean: bodies as they were seen."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from otklik.collect.youtube.errors import error_of
from otklik.collect.youtube.limits import GENERAL, STATS
from otklik.errors import ConfigurationError, ItemUnavailable, QuotaExhausted, TransientError

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 24, 8, tzinfo=UTC)


def body(code, reason, message="m", domain="global", details=()):
    error = {"code": code, "message": message, "errors": [{"message": message, "domain": domain, "reason": reason}]}
    return json.dumps({"error": error | ({"details": list(details)} if details else {})}).encode()


DAY = (
    "Quota exceeded for quota metric 'Search Queries' and limit 'Search Queries per day' "
    "of service 'youtube.googleapis.com'"
)
INFO = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "domain": "googleapis.com"}


@pytest.mark.parametrize(
    ("status", "content", "kind", "words"),
    [
        (403, body(403, "quotaExceeded", domain="youtube.quota"), QuotaExhausted, "closed"),
        (403, body(403, "dailyLimitExceeded", domain="usageLimits"), QuotaExhausted, "closed"),
        (429, body(429, "rateLimitExceeded", DAY), QuotaExhausted, "closed"),
        (429, body(429, "rateLimitExceeded", "limit 'Queries per minute'"), TransientError, "try again"),
        (403, body(403, "userRateLimitExceeded"), TransientError, "try again"),
        (
            400,
            body(400, "badRequest", "API key not valid", details=[INFO | {"reason": "API_KEY_INVALID"}]),
            ConfigurationError,
            "API key",
        ),
        (400, body(400, "keyInvalid"), ConfigurationError, "API key"),
        (403, body(403, "accessNotConfigured"), ConfigurationError, "not enabled"),
        (
            403,
            body(403, "forbidden", details=[INFO | {"reason": "API_KEY_SERVICE_BLOCKED"}]),
            ConfigurationError,
            "restrictions",
        ),
        (404, body(404, "playlistNotFound"), ItemUnavailable, "any more"),
        (403, body(403, "forbidden"), ItemUnavailable, "refuses"),
        (500, body(500, "backendError"), TransientError, "500"),
        (503, b"<html>Service Unavailable</html>", TransientError, "503"),
        (400, body(400, "invalidPageToken"), ConfigurationError, "does not understand"),
        (400, body(400, "processingFailure", "a transient error"), TransientError, "try again"),
        (400, b'{"error": "invalid_grant"}', ConfigurationError, "does not understand"),
        (429, b"[]", TransientError, "429"),
    ],
)
def test_each_answer_has_one_meaning(status, content, kind, words):
    error = error_of(status, content, STATS, NOW)
    assert type(error) is kind
    assert words in str(error)


def test_a_closed_bucket_opens_at_midnight_in_california_and_others_stay_open():
    error = error_of(429, body(429, "rateLimitExceeded", DAY), GENERAL, NOW)
    assert (error.values["bucket"], error.reset_at) == ("general", MIDNIGHT)
