"""The sandbox's server on loopback: answers, counts, keeps quotas, and does wrong what it was told to."""

from __future__ import annotations

import gzip
import json
import socket
import threading
import time
from collections import Counter
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from otklik.clock import Clock
from otklik.sandbox import vk, youtube
from otklik.sandbox.faults import Faults
from otklik.sandbox.world import World

SILENCE_S = 15.0
"""How long a call meets silence when a timeout is ordered: longer than any client waits."""
_DAY_METRIC = (
    "Quota exceeded for quota metric 'Queries' and limit 'Queries per day' of service 'youtube.googleapis.com'"
)


class Sandbox:
    """Both APIs at one address.

    >>> from datetime import UTC, datetime
    >>> from otklik.clock import StillClock
    >>> start = datetime(2026, 11, 1, tzinfo=UTC)
    >>> with Sandbox([World("vk", start, n_posts=3)], StillClock(start)) as sandbox:
    ...     sandbox.address.startswith("http://127.0.0.1:")
    True
    """

    def __init__(self, worlds: list[World], clock: Clock, faults: Faults | None = None, port: int = 0) -> None:
        self.worlds = {world.platform: world for world in worlds}
        self.clock, self.faults = clock, faults or Faults()
        self.calls: Counter[str] = Counter()
        """Calls by method, refused ones and all."""
        self.asked: Counter[str] = Counter()
        """Ids asked for by method."""
        self.keys: set[str] = set()
        """Every key or token that has been shown."""
        self.leaks: list[str] = []
        """Addresses with a secret in them: there must be none, since servers on the way write addresses down."""
        self.recorded: list[tuple[str, str, bytes, dict[str, str]]] | None = None
        """Requests as they came, where somebody wants to repeat them: method, path, body, head."""
        self.silence_s = SILENCE_S
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", port), type("Handler", (_Handler,), {"sandbox": self}))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Answer no more."""
        self._server.shutdown()
        self._server.server_close()

    def booked(self, method: str, n: int) -> None:
        """Count a call."""
        with self._lock:
            self.calls[method] += 1
            self.asked[method] += n


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no news."""


class _Handler(BaseHTTPRequestHandler):
    """One connection; ``sandbox`` is set on a class of its own for each server."""

    sandbox: Sandbox
    protocol_version = "HTTP/1.1"
    # Head and body in one packet: two would wait for each other for 40 ms.
    wbufsize = -1
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def date_time_string(self, timestamp: float | None = None) -> str:
        """The date in the head of every answer, by the sandbox's clock."""
        return formatdate(self.sandbox.clock.now().timestamp(), usegmt=True)

    def do_GET(self) -> None:
        """YouTube, and the clock."""
        url = urlsplit(self.path)
        self._note(b"")
        method = youtube.method_of(url.path)
        if method is None:
            return self._clock() if url.path == "/clock" else self._send(404, {"error": {"code": 404}})
        query = parse_qs(url.query)
        self.sandbox.keys.add(self.headers.get("x-goog-api-key") or query.get("key", [""])[0])
        self.sandbox.booked(method, sum(len(one.split(",")) for one in query.get("id", [])))
        fault = self.sandbox.faults.take(method)
        if fault and self._common_fault(fault):
            return None
        if fault in _YOUTUBE_ERRORS:
            return self._send(*_YOUTUBE_ERRORS[fault], headers={"Retry-After": "1"} if fault == "429" else {})
        body = youtube.answer(self.sandbox.worlds["youtube"], method, query, self.sandbox.clock.now())
        _spoil(body.get("items") or [], fault)
        return self._send(200, self._garbled(body, fault), is_cut=fault == "truncated")

    def do_POST(self) -> None:
        """VK."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self._note(body)
        form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        method = vk.method_of(urlsplit(self.path).path)
        if method is None:
            return self._send(404, {})
        self.sandbox.keys.add(form.get("access_token", ""))
        ids = form.get("posts") or form.get("videos") or form.get("group_ids") or ""
        self.sandbox.booked(method, ids.count(",") + 1)
        fault = self.sandbox.faults.take(method)
        if fault and self._common_fault(fault):
            return None
        if fault in ("500", "503", "429"):
            return self._send(int(fault), {}, headers={"Retry-After": "1"})
        if fault and fault.startswith("vk"):
            return self._send(200, vk.error(int(fault[2:]), method))
        found = vk.answer(self.sandbox.worlds["vk"], method, form, self.sandbox.clock.now())
        if found is None:
            return self._send(200, vk.error(3, method))
        if fault == "false" and isinstance(found, list):
            found[::2] = [False for _ in found[::2]]
        _spoil(found.get("items") if isinstance(found, dict) else None, fault)
        return self._send(200, self._garbled({"response": found}, fault), is_cut=fault == "truncated")

    def _garbled(self, body: Any, fault: str | None) -> Any:
        if fault != "garbled":
            return body
        # The worlds keep their objects: a copy is spoilt.
        body = json.loads(json.dumps(body))
        self.sandbox.faults.garble(body)
        return body

    def _note(self, body: bytes) -> None:
        if {"key", "access_token"} & parse_qs(urlsplit(self.path).query).keys():
            self.sandbox.leaks.append(self.path)
        if self.sandbox.recorded is not None:
            self.sandbox.recorded.append((self.command, self.path, body, dict(self.headers)))

    def _clock(self) -> None:
        speed = getattr(self.sandbox.clock, "speed", 1.0)
        self._send(200, {"now": self.sandbox.clock.now().isoformat(), "speed": speed})

    def _common_fault(self, fault: str) -> bool:
        """Faults below the level of an API; says whether the call is done with."""
        if fault == "timeout":
            time.sleep(self.sandbox.silence_s)
        elif fault == "html":
            self._raw(200, b"<html><body>Please wait</body></html>", "text/html")
        elif fault == "reset":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n{")
            self.wfile.flush()
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
        else:
            return False
        self.close_connection = True
        return True

    def _send(self, status: int, body: Any, *, headers: dict[str, str] | None = None, is_cut: bool = False) -> None:
        try:
            data = json.dumps(body, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            data = json.dumps(body).encode()
        self._raw(status, data[: len(data) // 2] if is_cut else data, "application/json; charset=UTF-8", headers)

    def _raw(self, status: int, data: bytes, kind: str, headers: dict[str, str] | None = None) -> None:
        is_packed = "gzip" in self.headers.get("Accept-Encoding", "") and len(data) > 500
        data = gzip.compress(data, 1) if is_packed else data
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        for name, value in {**({"Content-Encoding": "gzip"} if is_packed else {}), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)


def _spoil(items: list[dict[str, Any]] | None, fault: str | None) -> None:
    """Leave items out, or send those of another question."""
    if items and fault == "drop":
        del items[::2]
    if items and fault == "foreign":
        for item in items:
            item["id"] = f"other{item['id']}"[:11] if isinstance(item["id"], str) else item["id"] + 7_000_000


def _error(code: int, reason: str, message: str, domain: str = "youtube.quota") -> tuple[int, dict[str, Any]]:
    place = {"message": message, "domain": domain, "reason": reason}
    return code, {"error": {"code": code, "message": message, "errors": [place]}}


_YOUTUBE_ERRORS = {
    "500": _error(500, "backendError", "Backend Error", "global"),
    "503": _error(503, "backendError", "Backend Error", "global"),
    "429": _error(429, "rateLimitExceeded", "limit 'Queries per minute'", "global"),
    "day": _error(429, "rateLimitExceeded", _DAY_METRIC, "global"),
    "quota": _error(403, "quotaExceeded", "The request cannot be completed because you have exceeded your quota."),
    "key": _error(400, "keyInvalid", "API key not valid. Please pass a valid API key.", "usageLimits"),
    "missing_method": (404, {"error": {"code": 404, "message": "Not Found"}}),
}
