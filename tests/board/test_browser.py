"""The board in a real browser: it renews itself under its own policy, and says when the server has gone."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from otklik.board import Board, Gatherer, Source, listening, page
from otklik.board.server import server_of
from otklik.clock import StillClock
from otklik.store import Store, Tracks
from watched import NOW, fill

pytestmark = pytest.mark.slow
TITLE = '<script>document.title="pwned"</script><img src=x onerror="document.title=1">'


@pytest.fixture
def browser() -> Iterator[Any]:
    sync = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("Chromium is not installed")
    with sync.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def board(tmp_path: Path) -> Board:
    with Store.open(tmp_path / "store.sqlite") as store:
        fill(store, title=TITLE)
        Tracks(store).set_mark("nature", "simulated")
    return Board(Gatherer(Source(str(tmp_path / "store.sqlite"), "Europe/Moscow"), StillClock(NOW)), "en")


@pytest.mark.parametrize(("width", "scheme", "lang"), [(390, "dark", "ru"), (1440, "light", "en")])
def test_it_renews_itself_and_tells_when_the_server_has_gone(browser, board, monkeypatch, width, scheme, lang):
    monkeypatch.setattr(page, "REFRESH_S", 1)
    monkeypatch.setattr("otklik.board.gather.KEEP_CAP_S", 0.0)
    with listening("127.0.0.1", 0) as found:
        port = found.getsockname()[1]
        server = server_of(board, port)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [found]})
        thread.start()
        shown = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        said: list[str] = []
        asked: list[str] = []
        shown.on("console", lambda message: said.append(message.text))
        shown.on("request", lambda request: asked.append(request.url))
        shown.goto(f"http://127.0.0.1:{port}/?lang={lang}")
        assert shown.locator("h3").inner_text() == TITLE
        assert shown.locator(".post svg .own").count() == 1
        assert shown.evaluate("document.documentElement.scrollWidth <= innerWidth")
        shown.locator("h3 a").focus()
        with Store.open(board.gatherer.source.store) as store:
            posts = store.posts()
            store.write_posts(posts.assign(title=posts["title"].where(posts["post_id"] != "new0", "Renewed")))
        shown.locator("h3", has_text="Renewed").wait_for(timeout=20_000)
        assert shown.evaluate("document.activeElement.id") == "youtube:new0"
        assert shown.locator("#down").is_hidden()
        assert not said
        assert all(url.startswith((f"http://127.0.0.1:{port}/", "data:")) for url in asked)
        server.should_exit = True
        thread.join()
    shown.locator("#down").wait_for(state="visible", timeout=20_000)
    assert shown.title().endswith(" · otklik")
    shown.close()
