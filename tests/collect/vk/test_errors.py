"""What VK's error codes mean."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from otklik.collect.vk.errors import ExecuteRefusedError, error_of
from otklik.collect.vk.limits import CALLS, WALL_GET
from otklik.errors import ConfigurationError, ItemUnavailable, QuotaExhausted, TransientError

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        (1, TransientError, "try again"),
        (5, ConfigurationError, "does not accept the token"),
        (6, TransientError, "a second"),
        (9, QuotaExhausted, "flood control"),
        (10, TransientError, "try again"),
        (14, QuotaExhausted, "captcha"),
        (15, ItemUnavailable, "does not show"),
        (18, ItemUnavailable, "does not show"),
        (27, ConfigurationError, "service token"),
        (28, ConfigurationError, "service token"),
        (29, QuotaExhausted, "closed"),
        (30, ItemUnavailable, "does not show"),
        (100, ItemUnavailable, "does not show"),
        (203, ItemUnavailable, "does not show"),
        (204, ItemUnavailable, "does not show"),
        (1051, ConfigurationError, "service token"),
        (1117, ConfigurationError, "expired"),
        (777, ConfigurationError, "report this"),
        ("x", ConfigurationError, "report this"),
    ],
)
def test_each_code_has_one_meaning(code, kind, words):
    error = error_of(
        {"error_code": code, "error_msg": "m", "redirect_uri": "https://id.vk.ru/c"}, "wall.get", WALL_GET, NOW
    )
    assert type(error) is kind
    assert words in str(error)


def test_captcha_names_its_address_and_rests_the_whole_platform():
    error = error_of({"error_code": 14, "redirect_uri": "https://id.vk.ru/captcha?x=1"}, "wall.get", WALL_GET, NOW)
    assert "https://id.vk.ru/captcha?x=1" in str(error)
    assert error.values["bucket"] == "*"


def test_error_29_closes_only_the_method_that_met_it():
    assert error_of({"error_code": 29}, "wall.get", WALL_GET, NOW).values["bucket"] == "wall.get"


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("User authorization failed: access_token was given to another ip address.", "another IP address"),
        ("User authorization failed: application is blocked.", "make an application of your own"),
        ("User authorization failed: access_token has expired.", "put a new one"),
    ],
)
def test_a_dead_token_is_told_with_what_to_do(message, words):
    assert words in str(error_of({"error_code": 5, "error_msg": message}, "wall.get", WALL_GET, NOW))


@pytest.mark.parametrize("code", [3, 12, 13, 27, 28])
def test_a_refused_script_is_no_reason_to_stop(code):
    assert isinstance(error_of({"error_code": code}, "execute", CALLS, NOW), ExecuteRefusedError)
