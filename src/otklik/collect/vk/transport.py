"""One call to VK through vk_api: with a timeout, a pace, a budget, and every fault turned into our own errors."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import jconfig
import requests
import vk_api
from requests.adapters import HTTPAdapter

from otklik.clock import Clock
from otklik.collect.http import TIMEOUT_S, Pace, Spend, retry_after, with_retries
from otklik.collect.vk import limits
from otklik.collect.vk.errors import error_of
from otklik.errors import TransientError


class _Adapter(HTTPAdapter):
    """Gives every request a timeout, and another host where one is set: vk_api knows neither."""

    def __init__(self, host: str) -> None:
        self._host = urlsplit(host)
        super().__init__()

    def send(self, request: Any, **named: Any) -> Any:  # type: ignore[override]
        """Send it elsewhere, and not for ever."""
        url = urlsplit(request.url)
        prefix = self._host.path.rstrip("/")
        request.url = urlunsplit((self._host.scheme, self._host.netloc, prefix + url.path, url.query, ""))
        named["timeout"] = named.get("timeout") or TIMEOUT_S
        return super().send(request, **named)


class Transport:
    """All calls of one token: one object, one connection, one pace."""

    def __init__(self, token: Callable[[], str], spend: Spend, clock: Clock, host: str = limits.HOST) -> None:
        self._token, self._spend, self._clock = token, spend, clock
        self._pace = Pace(limits.CALLS_PER_S, clock)
        self._rng = random.Random(0)
        session = requests.Session()
        session.headers["User-Agent"] = "otklik"
        session.trust_env = host == limits.HOST  # a sandbox on this machine is not behind the proxy
        session.mount("https://", _Adapter(host))
        self._vk = vk_api.VkApi(token="-", api_version=limits.API_VERSION, session=session, config=jconfig.MemoryConfig)
        # Its pace is kept by the wall clock, and hangs for an hour when that is set back an hour; ours does not.
        self._vk.RPS_DELAY = 0
        # Its handlers repeat without bound (6) or want a person at the keyboard (14).
        self._vk.error_handlers = {}

    def call(
        self,
        method: str,
        values: Mapping[str, Any],
        *,
        n: int = 1,
        is_raw: bool = False,
        check: Callable[[Any], None] | None = None,
    ) -> tuple[Any, datetime]:
        """The answer of a method, and the middle of the time that the question took.

        Args:
            method: such as ``wall.getById``.
            values: its parameters.
            n: how many calls this is to VK: those inside an execute count too.
            is_raw: the whole answer, with the errors inside an execute.
            check: looks at the answer and raises a TransientError when it belongs to another question.
        """
        bucket = limits.BUCKET_OF.get(method, limits.CALLS)

        def once() -> tuple[Any, datetime]:
            self._spend(bucket.name, n)
            self._pace.wait()
            began = self._clock.now()
            found = self._post(method, values, is_raw)
            if check is not None:
                check(found)
            return found, began + (self._clock.now() - began) / 2

        return with_retries(once, self._clock, self._rng)

    def close(self) -> None:
        """Let go of the connection."""
        self._vk.http.close()

    def _post(self, method: str, values: Mapping[str, Any], is_raw: bool) -> Any:
        self._vk.token = {"access_token": self._token()}
        try:
            return self._vk.method(method, dict(values), raw=is_raw)
        except vk_api.ApiError as error:
            # The error holds the token among its values: nothing but VK's own words is taken from it.
            bucket = limits.BUCKET_OF.get(method, limits.CALLS)
            raise error_of(dict(error.error), method, bucket, self._clock.now()) from None
        except vk_api.ApiHttpError as error:
            wait = retry_after(error.response.headers.get("Retry-After"))
            status = error.response.status_code
            raise TransientError("VK answers {status}: try again later", status=status, retry_after_s=wait) from None
        except (requests.RequestException, OSError) as error:
            raise TransientError("VK does not answer ({why})", why=type(error).__name__) from None
        except (ValueError, KeyError, TypeError, AttributeError):
            raise TransientError("VK answers something that is not an answer") from None
