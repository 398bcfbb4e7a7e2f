"""The board: what it shows is what is stored, it writes nothing, and it is open to this machine alone."""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import json
import re
import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from hostile_texts import HOSTILE
from otklik.board import Board, Gatherer, Source, listening, open_readonly
from otklik.board.coverage import gaps, looks_taken
from otklik.board.gather import MOST_FORECASTS
from otklik.board.page import live, page, state_json
from otklik.board.server import server_of
from otklik.board.state import NO_MODEL, READY, State
from otklik.collect.cadence import STANDARD
from otklik.errors import ConfigurationError, OtklikError, StorageError, TransientError
from otklik.store import PassRecord, Store, Tracks
from otklik.store.tables import MARK
from rig import START, TICK, Rig, rig

ZONE = "Europe/Moscow"


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """Three hours of both platforms, collected."""
    with rig(tmp_path_factory.mktemp("board"), n_posts=30, hours=3.0, n_authors=2) as made:
        made.run(36)
        Tracks(made.store).set_mark("nature", "simulated")
        yield made


def where(at: Rig) -> str:
    return at.store.url.removeprefix("sqlite:///")


def gatherer(at: Rig, **changes: object) -> Gatherer:
    return Gatherer(Source(store=where(at), zone=ZONE, **changes), at.clock)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def state(at: Rig) -> State:
    return gatherer(at).state()


def test_every_followed_post_is_told_with_what_was_seen_of_it(at, state):
    assert state.n_posts >= len(state.rows) > 10
    looks = at.snapshots()
    for row in state.rows:
        mine = looks[(looks["platform"] == row.post.platform) & (looks["post_id"] == row.post.post_id)]
        seen = mine[mine["views"].notna()].sort_values("observed_at")
        assert row.post.views == (float(seen["views"].iloc[-1]) if len(seen) else None)
        assert row.post.looked_at is None or row.post.looked_at <= state.as_of


def test_the_usual_is_the_median_of_earlier_posts_at_the_same_age(at, state):
    row = next(one.post for one in state.rows if one.post.usual_views is not None and one.post.usual_views.n >= 3)
    posts, looks = at.store.posts(), at.snapshots()
    earlier = posts[
        (posts["platform"] == row.platform)
        & (posts["author_id"] == row.author_id)
        & (posts["kind"] == row.kind)
        & (posts["published_at"] < row.published_at)
    ].sort_values("published_at")
    counts = []
    for other in earlier.itertuples():
        mine = looks[(looks["platform"] == other.platform) & (looks["post_id"] == other.post_id)]
        mine = mine[mine["views"].notna()].sort_values("observed_at")
        ages = (mine["observed_at"] - other.published_at).dt.total_seconds().to_numpy() / 3600
        after = np.flatnonzero(ages >= row.age_h)
        before = np.flatnonzero(ages <= row.age_h)
        if not len(after) or not len(before) or ages[after[0]] - ages[before[-1]] > max(1.0, 0.375 * row.age_h):
            continue
        log = np.interp(row.age_h, ages, np.log1p(mine["views"].astype(float)))
        counts.append(np.expm1(log))
    assert row.usual_views.n == len(counts[-20:])
    assert row.usual_views.p50 == pytest.approx(np.median(counts[-20:]), rel=1e-6)
    assert row.multiple == pytest.approx(row.views / np.median(counts[-20:]), rel=1e-6)


def test_those_that_rise_most_beside_their_usual_come_first(state):
    told = [row.pace_multiple for row in state.rows]
    known = [one for one in told if one is not None]
    assert told[: len(known)] == sorted(known, reverse=True)
    for row in state.rows:
        usual = row.post.usual_views_per_hour
        if usual is None or usual.n < 10:
            assert row.pace_multiple is None, "fewer than ten posts make no multiple"


def test_looks_that_were_taken_are_counted_and_missed_ones_too(at, state):
    assert {one.platform for one in state.looks} == {"youtube", "vk"}
    assert all(one.share is not None and one.share > 0.95 and one.expected > 50 for one in state.looks)
    with open_readonly(where(at)) as store:
        later = looks_taken(store, STANDARD, at.clock.now() + timedelta(hours=3))
    for one in state.looks:
        expected, taken = later[one.platform]
        assert expected > one.expected
        assert taken / expected < one.share - 0.1


def test_times_without_a_pass_are_gaps():
    starts = [START + n * TICK for n in range(4)] + [START + timedelta(hours=2) + n * TICK for n in range(3)]
    passes = [PassRecord("me", one, one, {}) for one in reversed(starts)]
    now = starts[-1] + TICK
    (found,) = gaps(passes, now, 0.25)
    assert (found.start, found.end) == (starts[3], starts[4])
    still = gaps(passes, now + timedelta(hours=1), 0.25)
    assert still[0].end is None
    assert gaps([], now, 0.25) == ()


def test_quota_is_what_the_ledger_says(at, state):
    told = {(one.platform, one.name): one for one in state.buckets}
    for source in at.sources:
        for name, (spent, limit, _) in source.budget.spent().items():
            one = told[(str(source.collector.platform), name)]
            assert (one.spent, one.limit) == (spent, limit)
            assert one.left == (None if limit is None else limit - spent)
            assert one.resets_at > state.as_of


def test_a_late_pass_makes_the_page_say_that_it_is_stale(at, state):
    assert not state.is_stale
    assert "Stale" not in live(state, "en")
    at.clock.sleep(3600)
    late = gatherer(at).state()
    at.clock.set(state.as_of)
    assert late.is_stale
    assert "Stale: the last pass was made on 20 Nov 2026" in live(late, "en")


def test_simulated_data_is_said_to_be_simulated_and_the_instant_has_its_zone(state):
    for lang in ("en", "ru"):
        html = live(state, lang)
        assert ("Simulated data." if lang == "en" else "Смоделированные данные.") in html
        assert re.search(r"11:5\d \(UTC\+3\)", html)


def test_the_state_is_json_that_a_program_can_read(state):
    told = json.loads(state_json(state))
    assert told["is_simulated"] is True
    assert told["posts"][0]["usual_views"] is None or "n" in told["posts"][0]["usual_views"]
    assert {one["platform"] for one in told["quota"]} == {"youtube", "vk"}


def test_forecasts_come_a_few_at_a_refresh_and_are_kept_while_there_is_no_new_look(at, model_dir):
    made = gatherer(at, model=model_dir)
    with open_readonly(where(at)) as store:
        first = made.read(store)
        ready = [row.post.key for row in first.rows if row.forecast_state == READY]
        assert 0 < len(ready) <= MOST_FORECASTS
        assert first.model == "simulated"
        second = made.read(store)
    kept = {row.post.key: row.forecast for row in second.rows if row.forecast is not None}
    assert len(kept) > len(ready)
    assert all(kept[row.post.key] is row.forecast for row in first.rows if row.forecast is not None)
    assert "8 of 10 posts" in live(second, "en") or "not calibrated" in live(second, "en")


def test_a_board_without_a_model_says_so(state):
    assert {row.forecast_state for row in state.rows} == {NO_MODEL}
    assert "there is no model" in live(state, "en")


def test_a_model_that_cannot_be_read_is_no_reason_to_show_nothing(at, tmp_path):
    (tmp_path / "card.json").write_text("{")
    shown = live(gatherer(at, model=tmp_path).state(), "en")
    assert "could not be made" in shown
    assert "views an hour" in shown


# -- hostile words -----------------------------------------------------------------------------------------


class Elements(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    handle_startendtag = handle_starttag


def test_hostile_titles_authors_and_links_stay_text(tmp_path):
    with rig(tmp_path, ("youtube",), n_posts=20, hours=0.5, n_authors=2) as made:
        made.run(7)
        posts, authors = made.store.posts(), made.store.authors()
        texts = [text for text in HOSTILE.values() if len(text) < 20_000]
        told = posts.assign(
            title=[texts[n % len(texts)].encode("utf-8", "replace").decode() for n in range(len(posts))],
            url=["javascript:alert(1)", '"><script>alert(2)</script>', "https://e.org/\u202e", "data:text/html,x"]
            * (len(posts) // 4)
            + [None] * (len(posts) % 4),
        )
        made.store.write_posts(told)
        made.store.write_authors(authors.assign(name="<script>alert('author')</script>"))
        state = gatherer(made).state()
    for html in (page(state, "en", "nonce"), page(state, "ru", "nonce")):
        elements = Elements(html).found
        assert [tag for tag, _ in elements].count("script") == 1
        assert not {"img", "iframe", "object"} & {tag for tag, _ in elements}
        assert all(not name.startswith("on") for _, attrs in elements for name in attrs)
        links = [attrs.get("href") or "" for tag, attrs in elements if tag == "a"]
        assert set(links) <= {"?lang=en", "?lang=ru"}
        assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08\x1b]", html)
        assert html.encode("utf-8")
    assert "\\u003c" in state_json(state) or "script" in state_json(state)


def test_the_page_asks_for_nothing_from_outside(state):
    html = page(state, "en", "nonce")
    sources = [
        value
        for tag, attrs in Elements(html).found
        for name, value in attrs.items()
        if name in ("src", "href", "srcset", "action") and tag != "a"
    ]
    assert sources == ["data:,"]
    assert not re.search(r"url\(|@import", html)


# -- reading only ------------------------------------------------------------------------------------------


def digest(path: str) -> dict[str, str]:
    folder = Path(path).parent
    return {
        one.name: hashlib.sha256(one.read_bytes()).hexdigest()
        for one in folder.iterdir()
        if one.is_file() and not one.name.endswith("-shm")
    }


def test_the_store_is_not_written_to(at):
    before = digest(where(at))
    made = gatherer(at)
    for lang in ("en", "ru"):
        assert live(made.state(), lang)
    assert {name: one for name, one in digest(where(at)).items() if one} == before


def test_the_database_itself_refuses_writes(at):
    with open_readonly(where(at)) as store, pytest.raises(StorageError, match="may not be written"):
        Tracks(store).set_mark("nature", "real")
    with open_readonly(where(at)) as store, pytest.raises(OtklikError), store.transaction() as connection:
        connection.execute(MARK.delete())
    assert Tracks(at.store).mark("nature") == "simulated"


def test_no_store_or_an_older_one_is_told(tmp_path):
    with pytest.raises(ConfigurationError, match="there is no store at"):
        open_readonly(tmp_path / "none.sqlite")
    assert not list(tmp_path.iterdir())
    (tmp_path / "text.sqlite").write_text("no database " * 100)
    with pytest.raises(StorageError, match="not an otklik store"):
        open_readonly(tmp_path / "text.sqlite")
    (tmp_path / "empty.sqlite").touch()
    with pytest.raises(ConfigurationError, match="older otklik"):
        open_readonly(tmp_path / "empty.sqlite")


def test_an_empty_store_makes_an_empty_board(tmp_path):
    Store.open(tmp_path / "store.sqlite").close()
    from otklik.clock import SystemClock

    state = Gatherer(Source(store=str(tmp_path / "store.sqlite"), zone="UTC"), SystemClock()).state()
    html = live(state, "en")
    assert "No followed post is younger than" in html
    assert "No pass was made yet" in html


def test_the_board_reads_on_while_a_collector_writes(tmp_path):
    with rig(tmp_path, ("vk",), n_posts=16, hours=1.0, n_authors=2) as made:
        made.run(3)
        found, counts, faults = gatherer(made), [], []
        stop = threading.Event()

        def look() -> None:
            while not stop.is_set():
                try:
                    with open_readonly(where(made)) as store:
                        counts.append(found.read(store).n_posts)
                except OtklikError as error:
                    faults.append(error)

        reader = threading.Thread(target=look)
        reader.start()
        reports = made.run(9)
        with made.store.transaction() as connection:  # a writer holds the store
            connection.execute(MARK.insert(), {"name": "x", "value": "y"})
            n = len(counts)
            while len(counts) < n + 2 and not faults:
                pass
        stop.set()
        reader.join()
        assert not faults
        assert not [error for report in reports for error in report.errors]
        assert counts[-1] > counts[0]


# -- serving -----------------------------------------------------------------------------------------------


@contextlib.contextmanager
def served(board: Board) -> Iterator[int]:
    found = listening("127.0.0.1", 0)
    port = found.getsockname()[1]
    server = server_of(board, port)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [found]})
    thread.start()
    try:
        yield port
    finally:
        server.should_exit = True
        thread.join()
        found.close()


def ask(port: int, path: str = "/", method: str = "GET", **headers: str) -> tuple[int, dict[str, str], str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        return answer.status, {name.lower(): one for name, one in answer.getheaders()}, answer.read().decode("utf-8")
    finally:
        connection.close()


@pytest.fixture(scope="module")
def port(at: Rig) -> Iterator[int]:
    with served(Board(gatherer(at), "en")) as found:
        yield found


def test_page_part_and_state_are_served_in_both_languages(port):
    status, headers, html = ask(port)
    assert status == 200
    assert '<html lang="en">' in html
    assert '<html lang="ru">' in ask(port, "/?lang=ru")[2]
    assert '<html lang="en">' in ask(port, "/?lang=%3Cscript%3E")[2]
    assert ask(port, "/live")[2].startswith('<div class="head">')
    assert json.loads(ask(port, "/state.json")[2])["is_simulated"] is True
    nonce = re.search(r"script-src 'nonce-([^']+)'", headers["content-security-policy"])
    assert nonce is not None
    assert f'<script nonce="{nonce[1]}">' in html
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert "access-control-allow-origin" not in headers
    assert headers["x-content-type-options"] == "nosniff"
    assert ask(port)[1]["content-security-policy"] != headers["content-security-policy"]


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example:{port}", "evil.example:{port}", "127.0.0.1:1", "", "localhost"]
)
def test_another_name_for_this_machine_is_refused(port, host):
    status, _, text = ask(port, Host=host.format(port=port))
    assert status in (400, 421)
    assert "post" not in text


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "[::1]"])
def test_the_names_of_this_machine_are_let_in(port, name):
    assert ask(port, Host=f"{name}:{port}")[0] == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_only_reading_is_allowed(port, method):
    assert ask(port, "/", method)[0] == 405


@pytest.mark.parametrize("path", ["/store.sqlite", "/../store.sqlite", "/%2e%2e/etc/passwd", "/admin", "/docs"])
def test_nothing_else_is_there(port, path):
    assert ask(port, path)[0] == 404


def test_a_request_that_is_none_ends_no_server(port):
    with socket.create_connection(("127.0.0.1", port), timeout=10) as raw:
        raw.sendall(b"\x16\x03\x01 not http \r\n\r\n")
        raw.recv(1000)
    assert ask(port)[0] == 200


def test_a_store_that_cannot_be_read_is_told_in_a_sentence(tmp_path, at):
    board = Board(Gatherer(Source(store=str(tmp_path / "gone.sqlite"), zone=ZONE), at.clock), "en")
    with served(board) as port:
        status, _, text = ask(port)
    assert status == 503
    assert "there is no store at" in text


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.org", "", "127.0.0.1.evil", "127.0.0.2"])
def test_no_other_address_is_listened_on(host):
    with pytest.raises(ConfigurationError, match="for this machine only"):
        listening(host, 0)


def test_a_taken_port_is_told():
    with listening("127.0.0.1", 0) as first, pytest.raises(TransientError, match="--port"):
        listening("127.0.0.1", first.getsockname()[1])
