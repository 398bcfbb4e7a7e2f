"""A store with one author whose posts all grow alike, new posts that grow otherwise, and places to tell of them."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pandas as pd

from otklik.schema import POSTS, SNAPSHOTS, conform
from otklik.store import Polls, Store, Tracks

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
USUAL = 1000
"""Views an hour of every earlier post, so that it has 6,000 at six hours."""


def fill(
    store: Store, *, times: float = 4.0, n_earlier: int = 12, age_h: float = 6.0, title: str = "Казань 2100", n: int = 1
) -> None:
    """Write ``n_earlier`` posts with a thousand views an hour, and ``n`` new ones with ``times`` as many."""
    rows, looks = [], []
    for number in range(n_earlier + n):
        is_new = number >= n_earlier
        at = NOW - timedelta(hours=age_h) if is_new else NOW - timedelta(days=30 - number)
        post_id = f"new{number - n_earlier}" if is_new else f"old{number}"
        rows.append(
            {
                "platform": "youtube",
                "post_id": post_id,
                "author_id": "UCx",
                "kind": "short",
                "published_at": at,
                "title": title if is_new else f"Earlier {number}",
                "url": f"https://youtu.be/{post_id}",
            }
        )
        pace = USUAL * (times if is_new else 1.0)
        for half in range(1, int(2 * (age_h if is_new else 24)) + 1):
            views = int(pace * half / 2)
            seen = at + timedelta(hours=half / 2)
            looks.append(
                {
                    "platform": "youtube",
                    "post_id": post_id,
                    "observed_at": seen,
                    "views": views,
                    "likes": views // 10,
                    "source": "videos.list",
                }
            )
    posts = pd.DataFrame(rows).assign(published_at=lambda one: _utc(one["published_at"]))
    snapshots = pd.DataFrame(looks).assign(observed_at=lambda one: _utc(one["observed_at"]))
    store.write_posts(conform(posts, POSTS))
    store.write_snapshots(conform(snapshots, SNAPSHOTS))
    Polls(store).enrol([("youtube", f"new{number}") for number in range(n)], NOW)
    Tracks(store).add("youtube", "author", "UCx", "Author", NOW)


def _utc(column: pd.Series) -> pd.Series:
    return pd.to_datetime(column, utc=True).astype("datetime64[us, UTC]")


@dataclass
class Receiver:
    """A server on this machine that keeps what it is sent."""

    address: str
    status: int = 200
    got: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    on_post: Callable[[], None] = lambda: None
    location: str | None = None

    @property
    def texts(self) -> list[str]:
        """The words of each message."""
        return [body["text"] for _, body in self.got]


@contextmanager
def receiver() -> Iterator[Receiver]:
    """A receiver for as long as it is needed."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.raw.append(body)
            found.got.append((self.path, json.loads(body)))
            found.on_post()
            self.send_response(found.status)
            if found.location:
                self.send_header("Location", found.location)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            pass  # a client that was killed has closed its end

    server = Server(("127.0.0.1", 0), Handler)
    found = Receiver(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def write_rules(workspace: Path, channels: str, *alerts: str) -> None:
    """An ``alerts.yaml`` of channels and alerts in YAML's short form."""
    rules = "".join(f"  - {{{one}}}\n" for one in alerts)
    text = f"channels: {{{channels}}}\nalerts:\n{rules}" if alerts else f"channels: {{{channels}}}\n"
    (workspace / "alerts.yaml").write_text(text, encoding="utf-8")
