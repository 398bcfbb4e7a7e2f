"""The YouTube collector: google-api-python-client underneath, our own retries, budget and checks around it."""

from __future__ import annotations

import http.client
import logging
import random
import threading
import zlib
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any

import httplib2
from googleapiclient.discovery import build
from googleapiclient.errors import Error as GoogleError
from googleapiclient.errors import HttpError
from googleapiclient.http import HttpRequest

from otklik.clock import Clock
from otklik.collect.answers import Answer, AuthorAnswer, AuthorAsked, Outcome, Target, batches
from otklik.collect.http import TIMEOUT_S, Spend, retry_after, with_retries
from otklik.collect.quota import Bucket
from otklik.collect.reading import GARBLED, answer_or_failure, text
from otklik.collect.youtube import ids, limits
from otklik.collect.youtube.errors import error_of
from otklik.collect.youtube.payloads import answer_of, author_of, author_snapshot_of
from otklik.errors import ConfigurationError, ItemUnavailable, TransientError
from otklik.records import Platform

_BROKEN = (
    OSError,
    httplib2.HttpLib2Error,
    http.client.HTTPException,
    zlib.error,
    ValueError,
    AttributeError,
    GoogleError,
)
"""What a cut or garbled answer raises inside the client library."""
_DESCRIBED = ["snippet", "contentDetails", "status", "statistics", "liveStreamingDetails", "player"]


class YouTube:
    """Reads public counters with an API key. Safe to share between threads: each has its own connection."""

    platform = Platform.YOUTUBE
    batch = pack = limits.IDS_PER_CALL
    buckets = tuple(bucket.name for bucket in limits.BUCKETS)

    def __init__(
        self, key: Callable[[], str], spend: Spend, clock: Clock, endpoint: str | None = None, mark: str = ""
    ) -> None:
        """A collector.

        Args:
            key: gives the API key; asked before every call, so a rotated key is taken up on the fly.
            spend: books calls before they are sent.
            clock: tells the time and waits.
            endpoint: another address of the API, such as the sandbox's.
            mark: put before the source of every snapshot, such as ``simulated:``.
        """
        self._key, self._spend, self._clock, self._mark = key, spend, clock, mark
        self._rng = random.Random(0)
        self._local = threading.local()
        self._opened: list[httplib2.Http] = []
        self._is_loopback = endpoint is not None
        self._has_batch_stats = True
        # Its warnings quote whole addresses; ours say what matters.
        logging.getLogger("googleapiclient.http").setLevel(logging.ERROR)
        options = {"api_endpoint": endpoint} if endpoint else None
        self._api: Any = build(
            "youtube",
            "v3",
            http=self._http(),
            cache_discovery=False,
            client_options=options,
            requestBuilder=self._request,
        )

    # -- the contract --------------------------------------------------------------------------------------

    def resolve(self, name: str) -> Target:
        """The channel or video that a person names.

        Raises:
            ConfigurationError: when it names none, or YouTube knows no such channel.
        """
        named = ids.parse(name)
        if named.kind == "video":
            return Target(self.platform, "post", named.value, name)
        by = {"channel": "id", "handle": "forHandle", "user": "forUsername"}[named.kind]
        found, _ = self._ask(limits.GENERAL, self._api.channels().list, part=["snippet"], **{by: named.value})
        if not found.get("items"):
            raise ConfigurationError("YouTube knows no channel {text!r}: check the handle or link", text=name)
        item = found["items"][0]
        return Target(self.platform, "author", str(item["id"]), text((item.get("snippet") or {}).get("title")) or name)

    def authors(self, asked: Sequence[AuthorAsked]) -> Iterator[AuthorAnswer]:
        """Probe channels 50 a call, and read the uploads only of those whose number of videos has moved."""
        parts = ["snippet", "statistics"]
        for group in batches([one.author_id for one in asked], self.batch):
            wanted = {one.author_id: one for one in asked if one.author_id in set(group)}
            try:
                found, at = self._ask(limits.GENERAL, self._api.channels().list, part=parts, id=list(group))
            except (TransientError, ItemUnavailable) as error:
                yield from (self._failed_author(author_id, error) for author_id in group)
                continue
            items = _by_id(found, group)
            for author_id in group:
                try:
                    yield self._author(wanted[author_id], items.get(author_id), at)
                except GARBLED as error:
                    yield self._failed_author(author_id, error)

    def describe(self, post_ids: Sequence[str]) -> Iterator[Answer]:
        """Everything public about videos, 50 a call."""
        for group in batches(post_ids, self.batch):
            yield from self._videos(group, limits.GENERAL, "videos.list", self._describe)

    def observe(self, post_ids: Sequence[str]) -> Iterator[Answer]:
        """Counters, 50 videos a call, from the bucket that is kept for them."""
        for group in batches(post_ids, self.batch):
            if self._has_batch_stats:
                try:
                    yield from self._videos(group, limits.STATS, "videos.batchGetStats", self._stats)
                    continue
                except _MethodMissingError:
                    self._has_batch_stats = False
            yield from self._videos(group, limits.GENERAL, "videos.list", self._plain_stats)

    def search(self, query: str, since: datetime) -> Iterator[Answer]:
        """Newest videos that a search finds: ids to describe. One page, because the bucket holds 100 calls a day."""
        found, _ = self._ask(
            limits.SEARCH,
            self._api.search().list,
            part=["snippet"],
            q=query,
            type="video",
            order="date",
            maxResults=limits.PAGE,
            publishedAfter=since.strftime("%Y-%m-%dT%H:%M:%SZ"),
        )
        for post_id in ids.videos_in(item.get("id") for item in found.get("items") or []):
            yield Answer(self.platform, post_id, Outcome.SEEN)

    def server_time(self) -> datetime | None:
        """The time in the head of an answer; costs one unit of the general bucket."""
        self._local.date = None
        self._ask(limits.GENERAL, self._api.videos().list, part=["id"], id=["dQw4w9WgXcQ"])
        date = self._local.date
        return parsedate_to_datetime(date).astimezone(UTC) if date else None

    def close(self) -> None:
        """Let go of every thread's connection; no call may be under way."""
        while self._opened:
            self._opened.pop().close()
        self._local = threading.local()

    # -- one question --------------------------------------------------------------------------------------

    def _videos(
        self, group: Sequence[str], bucket: Bucket, source: str, method: Callable[[list[str]], Any]
    ) -> Iterator[Answer]:
        try:
            found, at = self._ask(bucket, method, group, asked=group)
        except (TransientError, ItemUnavailable) as error:
            # YouTube leaves out what it may not show: a refusal is of the question, not of a video.
            for post_id in group:
                yield Answer(self.platform, post_id, Outcome.FAILED, reason=str(error))
            return
        items = _by_id(found, group)
        for post_id in group:
            if post_id in items:
                read = partial(answer_of, items[post_id], at, self._mark + source)
                yield answer_or_failure(self.platform, post_id, read)
            else:
                yield Answer(self.platform, post_id, Outcome.MISSING, reason="not in the answer")

    def _stats(self, group: Sequence[str]) -> Any:
        return self._api.videos().batchGetStats(part=["id", "statistics"], id=list(group))

    def _plain_stats(self, group: Sequence[str]) -> Any:
        return self._api.videos().list(part=["id", "statistics"], id=list(group))

    def _describe(self, group: Sequence[str]) -> Any:
        # With a height given, the player comes with the width that the picture takes: its only public shape.
        return self._api.videos().list(part=_DESCRIBED, id=list(group), maxHeight=720)

    def _author(self, asked: AuthorAsked, item: dict[str, Any] | None, at: datetime) -> AuthorAnswer:
        if item is None:
            return AuthorAnswer(self.platform, asked.author_id, Outcome.MISSING, reason="not in the answer")
        author, snapshot = author_of(item), author_snapshot_of(item, at)
        new: tuple[str, ...] = ()
        if asked.is_sweep or snapshot.posts is None or snapshot.posts != asked.n_posts:
            try:
                new = tuple(self._uploads(asked))
            except TransientError as error:
                return self._failed_author(asked.author_id, error)
            except ItemUnavailable:
                pass  # A channel without public uploads has no playlist of them.
        return AuthorAnswer(self.platform, asked.author_id, Outcome.SEEN, author, snapshot, new_ids=new)

    def _uploads(self, asked: AuthorAsked) -> Iterator[str]:
        """Uploads that are not known: sets are compared, since one hidden at first may stand far down the list."""
        token = None
        for _ in range(limits.PAGES_PER_AUTHOR):
            page, _at = self._ask(
                limits.GENERAL,
                self._api.playlistItems().list,
                part=["contentDetails"],
                playlistId=ids.uploads_of(asked.author_id),
                maxResults=limits.PAGE,
                **({"pageToken": token} if token else {}),
            )
            listed = ids.videos_in(item.get("contentDetails") for item in page.get("items") or [])
            new = [post_id for post_id in listed if post_id not in asked.known]
            yield from new
            token = text(page.get("nextPageToken"))
            # A first look takes one page; later ones go on only while nothing on a page is known.
            if not token or not asked.known or len(new) < len(listed):
                return

    def _failed_author(self, author_id: str, error: Exception) -> AuthorAnswer:
        return AuthorAnswer(self.platform, author_id, Outcome.FAILED, reason=str(error))

    def _ask(
        self, bucket: Bucket, method: Callable[..., Any], *values: Any, asked: Sequence[str] | None = None, **named: Any
    ) -> tuple[dict[str, Any], datetime]:
        """An answer of the API and the middle of the time that the question took."""

        def once() -> tuple[dict[str, Any], datetime]:
            self._spend(bucket.name, 1)
            began = self._clock.now()
            found = self._execute(method(*values, **named), bucket)
            if asked is not None and not {str(item.get("id")) for item in found.get("items") or []} <= set(asked):
                raise TransientError("YouTube answered another question than was asked")
            return found, began + (self._clock.now() - began) / 2

        return with_retries(once, self._clock, self._rng)

    def _execute(self, request: Any, bucket: Bucket) -> dict[str, Any]:
        request.add_response_callback(self._note_date)
        try:
            found = request.execute(num_retries=0)
        except HttpError as error:
            status = int(error.status_code)
            if request.methodId == "youtube.videos.batchGetStats" and status in (404, 501):
                raise _MethodMissingError from None
            wait = retry_after(error.resp.get("retry-after"))
            raise error_of(status, error.content, bucket, self._clock.now(), wait) from None
        except _BROKEN as error:
            raise TransientError("YouTube does not answer ({why})", why=type(error).__name__) from None
        items = found.get("items", []) if isinstance(found, dict) else None
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            raise TransientError("YouTube answers something that is not an answer")
        return found

    def _note_date(self, answer: Any) -> None:
        self._local.date = answer.get("date")

    def _http(self) -> httplib2.Http:
        """This thread's own connection: a shared one gives other threads' answers."""
        if not hasattr(self._local, "http"):
            named = {"proxy_info": None} if self._is_loopback else {}
            self._local.http = httplib2.Http(timeout=TIMEOUT_S, **named)
            self._opened.append(self._local.http)
        return self._local.http

    def _request(self, _: Any, postproc: Any, uri: str, **named: Any) -> HttpRequest:
        """A request with the key in a header: addresses end up in logs and messages."""
        headers = {**(named.pop("headers", None) or {}), "x-goog-api-key": self._key()}
        return HttpRequest(self._http(), postproc, uri, headers=headers, **named)


class _MethodMissingError(Exception):
    """The API does not have videos.batchGetStats here."""


def _by_id(found: dict[str, Any], group: Sequence[str]) -> dict[str, dict[str, Any]]:
    wanted = set(group)
    return {str(item.get("id")): item for item in found.get("items") or [] if str(item.get("id")) in wanted}
