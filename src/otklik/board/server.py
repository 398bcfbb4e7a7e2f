"""The board's server: this machine only, reading only, nothing loaded from anywhere.

Starlette and uvicorn serve it. The standard library's own server is not made for it: it would leave parsing of hostile
requests, limits and a soft end to us, and a page open in a browser is asked by every other page in it.
"""

from __future__ import annotations

import secrets
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from otklik.board.gather import Gatherer
from otklik.board.page import fault, live, page, state_json
from otklik.board.state import State
from otklik.errors import ConfigurationError, OtklikError, TransientError
from otklik.language import LANGUAGES, say, t

HOSTS = ("127.0.0.1", "::1", "localhost")
MOST_AT_ONCE = 32
HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


@dataclass(frozen=True)
class Board:
    """What is served: where states come from, and the language where a request names none."""

    gatherer: Gatherer
    lang: str = "en"


def application(board: Board, port: int) -> ASGIApp:
    """The board as an application: ``/``, ``/live`` (the part that is renewed) and ``/state.json``; GET only."""
    routes = [
        Route("/", _endpoint(board, _page), methods=["GET"]),
        Route("/live", _endpoint(board, _live), methods=["GET"]),
        Route("/state.json", _endpoint(board, _json), methods=["GET"]),
    ]
    return _Guard(Starlette(routes=routes), port, board.lang)


def _endpoint(board: Board, make: Callable[[State, str], Response]) -> Callable[[Request], Response]:
    """An endpoint that answers with the state, or says why there is none. It is run in a thread of its own."""

    def answer(request: Request) -> Response:
        asked = request.query_params.get("lang", board.lang)
        lang = asked if asked in LANGUAGES else board.lang
        try:
            return make(board.gatherer.state(), lang)
        except OtklikError as error:
            told = say(error, lang, board.gatherer.source.zone)
            return _secured(Response(fault(told, lang), 503, media_type="text/html"), "default-src 'none'")

    return answer


def _page(state: State, lang: str) -> Response:
    nonce = secrets.token_urlsafe(16)
    policy = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; connect-src 'self'; "
        "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return _secured(Response(page(state, lang, nonce), media_type="text/html"), policy)


def _live(state: State, lang: str) -> Response:
    return _secured(Response(live(state, lang), media_type="text/html"), "default-src 'none'; frame-ancestors 'none'")


def _json(state: State, lang: str) -> Response:
    return _secured(Response(state_json(state), media_type="application/json"), "default-src 'none'")


def _secured(response: Response, policy: str) -> Response:
    response.headers.update({**HEADERS, "Content-Security-Policy": policy})
    return response


class _Guard:
    """Lets through only requests that name this machine and this port.

    A page of the web can make a browser ask 127.0.0.1 under a name of its own (DNS rebinding); then the Host header
    holds that name.
    """

    def __init__(self, app: ASGIApp, port: int, lang: str) -> None:
        self._app, self._lang = app, lang
        names = ("127.0.0.1", "localhost", "[::1]")
        # Browsers leave out the port of the web itself.
        self._allowed = {f"{name}:{port}" for name in names} | (set(names) if port == 80 else set())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self._is_ours(scope):
            text = t("This board is open to this machine only, at http://127.0.0.1 and its port.", self._lang)
            response: Response = _secured(PlainTextResponse(text, 421), "default-src 'none'")
            await response(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _is_ours(self, scope: Scope) -> bool:
        hosts = [value.decode("latin-1").lower() for name, value in scope["headers"] if name == b"host"]
        return len(hosts) == 1 and hosts[0] in self._allowed


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens on this machine.

    Raises:
        ConfigurationError: when ``host`` is any other address than this machine's own.
        TransientError: when the port is taken.
    """
    if host not in HOSTS:
        raise ConfigurationError(
            "the board is for this machine only and does not listen on {host!r}: leave --host out, or say 127.0.0.1 "
            "or ::1; to see it from elsewhere, forward the port: ssh -L {port}:127.0.0.1:{port} user@host",
            host=host,
            port=port,
        )
    address = "127.0.0.1" if host == "localhost" else host
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    found = socket.socket(family, socket.SOCK_STREAM)
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind((address, port))
        found.listen(128)
    except OSError as error:
        found.close()
        raise TransientError(
            "the port {port} cannot be used ({why}): end what listens there, or name another with --port",
            port=port,
            why=error.strerror or str(error),
        ) from None
    return found


class _Server(uvicorn.Server):
    """A server that ends softly on SIGINT and SIGTERM, and with the exit code of a success."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Ask for the end, and give the signals back afterwards without raising them again."""

        def ask(number: int, frame: FrameType | None) -> None:
            self.should_exit = True

        before: dict[int, Any] = {}
        try:
            for number in (signal.SIGINT, signal.SIGTERM):
                before[int(number)] = signal.signal(number, ask)
        except ValueError:
            pass  # not the main thread: whoever started us ends us
        try:
            yield
        finally:
            for asked, handler in before.items():
                signal.signal(asked, handler)


def server_of(board: Board, port: int) -> uvicorn.Server:
    """The server of a board; ``run(sockets=[...])`` serves until ``should_exit`` is set."""
    config = uvicorn.Config(
        application(board, port),
        loop="asyncio",
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=MOST_AT_ONCE,
        timeout_keep_alive=5,
        timeout_graceful_shutdown=3,
    )
    return _Server(config)


def serve(board: Board, found: socket.socket) -> None:
    """Serve on a listening socket until SIGINT or SIGTERM; whoever opened it closes it."""
    server_of(board, found.getsockname()[1]).run(sockets=[found])
