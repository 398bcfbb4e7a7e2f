"""The VK collector: wall posts with a service token, their videos along with them, more with a user token."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from otklik.clock import Clock
from otklik.collect.answers import Answer, AuthorAnswer, AuthorAsked, Outcome, Target, batches
from otklik.collect.http import Spend
from otklik.collect.reading import GARBLED, answer_or_failure
from otklik.collect.vk import ids, limits, payloads
from otklik.collect.vk.errors import ExecuteRefusedError
from otklik.collect.vk.transport import Transport
from otklik.errors import ConfigurationError, ItemUnavailable, TransientError
from otklik.records import Author, AuthorSnapshot, Platform

_NEEDS_USER = (
    "VK shows a video's counters only to a user token with the right 'video'; its wall post is followed instead"
)
SILENCES = 2
"""Calls in a row without an answer: the rest of a pack is not asked for."""
Shown = tuple[dict[str, Any], datetime]
"""An object of VK's, and when it was shown."""


class VK:
    """Reads public counters with a service token; ``video.get`` only where a user token is given."""

    platform = Platform.VK
    batch = limits.POSTS_PER_CALL
    pack = limits.POSTS_TOGETHER
    buckets = tuple(bucket.name for bucket in limits.BUCKETS)

    def __init__(
        self,
        token: Callable[[], str],
        spend: Spend,
        clock: Clock,
        host: str = limits.HOST,
        user_token: Callable[[], str] | None = None,
        mark: str = "",
    ) -> None:
        """A collector.

        Args:
            token: gives the service token; asked before every call, so a rotated one is taken up on the fly.
            spend: books calls before they are sent.
            clock: tells the time and waits.
            host: address of the API.
            user_token: gives a user token with the right ``video``, where there is one.
            mark: put before the source of every snapshot, such as ``simulated:``.
        """
        self._mark = mark
        self._service = Transport(token, spend, clock, host)
        self._user = Transport(user_token, spend, clock, host) if user_token else None
        self._has_execute = True

    # -- the contract --------------------------------------------------------------------------------------

    def resolve(self, name: str) -> Target:
        """The community, person, post or video that a person names.

        Raises:
            ConfigurationError: when it names none, or VK knows nobody of that name.
        """
        named = ids.parse(name)
        if named.kind == "video" and self._user is None:
            raise ConfigurationError(_NEEDS_USER)
        if named.kind in ("wall", "video"):
            return Target(self.platform, "post", named.value, name)
        if named.kind == "owner":
            return Target(self.platform, "author", named.value, name)
        found, _ = self._service.call("utils.resolveScreenName", {"screen_name": named.value})
        kind, number = (found.get("type"), found.get("object_id")) if isinstance(found, dict) else (None, None)
        if kind not in ("group", "page", "event", "user") or not isinstance(number, int):
            raise ConfigurationError("VK knows no community {text!r}: check the name or link", text=name)
        sign = "" if kind == "user" else "-"
        return Target(self.platform, "author", f"{sign}{number}", name)

    def authors(self, asked: Sequence[AuthorAsked]) -> Iterator[AuthorAnswer]:
        """Members of communities in one call, then the newest posts of each wall, counters and all."""
        for start in range(0, len(asked), limits.WALLS_TOGETHER):
            yield from self._walls_of(asked[start : start + limits.WALLS_TOGETHER])

    def describe(self, post_ids: Sequence[str]) -> Iterator[Answer]:
        """All there is to know: VK tells it along with the counters."""
        return self.observe(post_ids)

    def observe(self, post_ids: Sequence[str]) -> Iterator[Answer]:
        """Counters of wall posts, 100 a call, and of the videos attached to them."""
        walls = [post_id for post_id in post_ids if not ids.split(post_id)[1]]
        videos = [post_id for post_id in post_ids if ids.split(post_id)[1]]
        shown: list[Shown] = []
        silences = 0
        for group in batches(walls, limits.POSTS_PER_CALL):
            if silences == SILENCES:
                yield from (Answer(self.platform, one, Outcome.FAILED, reason="not asked") for one in group)
                continue
            answers, items = self._walls(group)
            silences = silences + 1 if all(one.outcome is Outcome.FAILED for one in answers) else 0
            yield from answers
            shown += items
        yield from self._attached(shown, "wall.getById")
        for group in batches(videos, limits.VIDEOS_PER_CALL):
            yield from self._videos(group)

    def search(self, query: str, since: datetime) -> Iterator[Answer]:
        """Public posts that name something, newest first: a sample, as VK says, not all of them."""
        values = {"q": query, "count": limits.NEWS_PAGE, "start_time": int(since.timestamp())}
        found, at = self._service.call("newsfeed.search", values)
        for item in _items(found):
            if item.get("post_type") in (None, "post"):
                yield self._wall(item, at, "newsfeed.search")

    def server_time(self) -> datetime | None:
        """VK's clock."""
        found, _ = self._service.call("utils.getServerTime", {})
        return datetime.fromtimestamp(found, UTC) if isinstance(found, int) else None

    def close(self) -> None:
        """Let go of the connections."""
        for transport in (self._service, self._user):
            if transport is not None:
                transport.close()

    # -- walls ---------------------------------------------------------------------------------------------

    def _walls(self, group: Sequence[str]) -> tuple[list[Answer], list[Shown]]:
        """One call: an answer for each post, and the objects that VK showed."""
        try:
            found, at = self._service.call("wall.getById", {"posts": ",".join(group)}, check=_answers(group))
        except TransientError as error:
            return [self._without(post_id, Outcome.FAILED, error) for post_id in group], []
        except ItemUnavailable as error:
            # One bad id spoils the call: halve until it stands alone.
            if len(group) == 1:
                return [self._without(group[0], Outcome.UNAVAILABLE, error)], []
            middle = len(group) // 2
            halves = [self._walls(group[:middle]), self._walls(group[middle:])]
            return [one for answers, _ in halves for one in answers], [one for _, shown in halves for one in shown]
        items = {payloads.post_id_of(item): item for item in _items(found)}
        answers = [
            self._wall(items[post_id], at, "wall.getById")
            if post_id in items
            else Answer(self.platform, post_id, Outcome.MISSING, reason="not in the answer")
            for post_id in group
        ]
        return answers, [(items[one.post_id], at) for one in answers if one.outcome is Outcome.SEEN]

    def _attached(self, items: Sequence[Shown], source: str) -> Iterator[Answer]:
        """Videos of wall posts; they ride along, since a service token cannot ask for them."""
        videos = {
            f"video{payloads.post_id_of(video)}": (video, at)
            for item, at in items
            for video in payloads.videos_in(item)
        }
        unknown = [post_id for post_id, (video, _) in videos.items() if payloads.count(video.get("likes")) is None]
        likes = self._likes(unknown)
        for post_id, (video, at) in videos.items():
            read = partial(payloads.video_answer, video, at, f"{self._mark}{source}", likes.get(post_id))
            answer = answer_or_failure(self.platform, post_id, read)
            # A wall's copy of a video leaves out whether it is upcoming; without views there is nothing to keep.
            if answer.snapshot is not None and answer.snapshot.views is not None:
                yield replace(answer, rides=self._user is None)

    def _likes(self, post_ids: Sequence[str]) -> dict[str, int]:
        """Like counts of videos by likes.getList, 25 a call where VK runs scripts; what fails stays unknown."""
        found: dict[str, int] = {}
        silences = 0
        for group in batches(post_ids, limits.CALLS_PER_EXECUTE):
            if silences == SILENCES:
                break
            questions = [_likes_question(post_id) for post_id in group]
            try:
                counts = (
                    self._execute(questions) if self._has_execute and len(group) > 1 else self._one_by_one(questions)
                )
            except ExecuteRefusedError:
                self._has_execute = False
                counts = self._one_by_one(questions)
            except (TransientError, ItemUnavailable):
                silences += 1
                continue
            silences = 0
            found |= {post_id: n for post_id, n in zip(group, counts, strict=False) if n is not None}
        return found

    def _execute(self, questions: Sequence[dict[str, Any]]) -> list[int | None]:
        calls = ",".join(
            'API.likes.getList({{"type":"video","owner_id":{owner_id},"item_id":{item_id},"count":1}})'.format(**one)
            for one in questions
        )
        whole, _ = self._service.call("execute", {"code": f"return [{calls}];"}, n=len(questions), is_raw=True)
        answers = whole.get("response") if isinstance(whole, dict) else None
        if not isinstance(answers, list) or len(answers) != len(questions):
            raise ExecuteRefusedError("unreadable")
        # A call that failed inside stands as false.
        return [payloads.count(one) if isinstance(one, dict) else None for one in answers]

    def _one_by_one(self, questions: Sequence[dict[str, Any]]) -> list[int | None]:
        counts: list[int | None] = []
        silences = 0
        for one in questions:
            if silences == SILENCES:
                break
            try:
                found, _ = self._service.call("likes.getList", one)
                counts.append(payloads.count(found))
                silences = 0
            except (TransientError, ItemUnavailable) as error:
                counts.append(None)
                silences += isinstance(error, TransientError)
        return counts

    # -- videos, with a user token -------------------------------------------------------------------------

    def _videos(self, group: Sequence[str]) -> Iterator[Answer]:
        if self._user is None:
            for post_id in group:
                yield Answer(self.platform, post_id, Outcome.UNAVAILABLE, reason=_NEEDS_USER)
            return
        wanted = [ids.split(post_id)[0] for post_id in group]
        values = {"videos": ",".join(wanted), "count": len(group)}
        try:
            found, at = self._user.call("video.get", values, check=_answers(wanted))
        except TransientError as error:
            yield from (self._without(post_id, Outcome.FAILED, error) for post_id in group)
            return
        except ItemUnavailable as error:
            if len(group) == 1:
                yield self._without(group[0], Outcome.UNAVAILABLE, error)
                return
            middle = len(group) // 2
            yield from self._videos(group[:middle])
            yield from self._videos(group[middle:])
            return
        items = {f"video{payloads.post_id_of(item)}": item for item in _items(found)}
        for post_id in group:
            if post_id in items:
                read = partial(payloads.video_answer, items[post_id], at, self._mark + "video.get")
                yield answer_or_failure(self.platform, post_id, read)
            else:
                yield Answer(self.platform, post_id, Outcome.MISSING, reason="not in the answer")

    # -- authors -------------------------------------------------------------------------------------------

    def _groups(self, author_ids: Sequence[str]) -> dict[str, tuple[dict[str, Any], datetime]]:
        """Community objects by author id; without them members stay unknown, and the walls are read all the same."""
        groups: dict[str, tuple[dict[str, Any], datetime]] = {}
        for batch in batches(author_ids, limits.GROUPS_PER_CALL):
            values = {"group_ids": ",".join(one.removeprefix("-") for one in batch), "fields": "members_count,city"}
            try:
                found, at = self._service.call("groups.getById", values)
                listed = found["groups"] if isinstance(found, dict) else found
                groups |= {f"-{int(one['id'])}": (one, at) for one in listed}
            except (TransientError, ItemUnavailable, *GARBLED):
                continue
        return groups

    def _walls_of(self, asked: Sequence[AuthorAsked]) -> Iterator[AuthorAnswer]:
        """The newest posts of a few walls; the likes of their new videos are asked for together."""
        groups = self._groups([one.author_id for one in asked if one.author_id.startswith("-")])
        answers: dict[str, AuthorAnswer] = {}
        new: list[Shown] = []
        for one in asked:
            answers[one.author_id], items = self._author(one, groups.get(one.author_id))
            new += [(item, at) for item, at in items if payloads.post_id_of(item) not in one.known]
        riders = list(self._attached(new, "wall.get"))
        for author_id, answer in answers.items():
            own = tuple(rider for rider in riders if ids.owner_of(rider.post_id) == author_id)
            yield replace(answer, posts=answer.posts + own)

    def _author(
        self, asked: AuthorAsked, group: tuple[dict[str, Any], datetime] | None
    ) -> tuple[AuthorAnswer, list[Shown]]:
        items: list[Shown] = []
        total: int | None = None
        try:
            for found, at in self._pages(asked):
                total = payloads.count(found)
                items += [(item, at) for item in _items(found)]
        except TransientError as error:
            if not items:
                return AuthorAnswer(self.platform, asked.author_id, Outcome.FAILED, reason=str(error)), []
        except ItemUnavailable as error:
            return AuthorAnswer(self.platform, asked.author_id, Outcome.UNAVAILABLE, reason=str(error)), []
        answers: list[Answer] = []
        shown: list[Shown] = []
        for item, at in items:
            answer = self._wall(item, at, "wall.get")
            is_shown = answer.outcome is Outcome.SEEN
            shown += [(item, at)] if is_shown else []
            # A known post with a video is left to wall.getById: its look is one at the video too, likes and all.
            is_left = is_shown and answer.post_id in asked.known and payloads.videos_in(item)
            answers += [] if is_left or answer.outcome is Outcome.FAILED else [answer]
        author, snapshot = _community(group, total)
        return AuthorAnswer(self.platform, asked.author_id, Outcome.SEEN, author, snapshot, tuple(answers)), shown

    def _pages(self, asked: AuthorAsked) -> Iterator[tuple[Any, datetime]]:
        """Pages of a wall, newest first, until one holds something known. A pinned old post does not end it."""
        size = limits.WALL_PROBE if asked.known and not asked.is_sweep else limits.WALL_PAGE
        for number in range(limits.PAGES_PER_AUTHOR):
            values = {"owner_id": asked.author_id, "count": size, "offset": number * size, "filter": "owner"}
            found, at = self._service.call("wall.get", values, check=_is_of(asked.author_id))
            yield found, at
            items = [item for item in _items(found) if not item.get("is_pinned")]
            has_known = any(payloads.post_id_of(item) in asked.known for item in items)
            if not asked.known or has_known or len(_items(found)) < size:
                return

    def _wall(self, item: dict[str, Any], at: datetime, source: str) -> Answer:
        read = partial(payloads.wall_answer, item, at, self._mark + source)
        return answer_or_failure(self.platform, payloads.post_id_of(item), read)

    def _without(self, post_id: str, outcome: Outcome, error: Exception) -> Answer:
        return Answer(self.platform, post_id, outcome, reason=str(error))


def _community(
    group: tuple[dict[str, Any], datetime] | None, n_posts: int | None
) -> tuple[Author | None, AuthorSnapshot | None]:
    if group is None:
        return None, None
    try:
        return payloads.author_of(group[0]), payloads.author_snapshot_of(group[0], n_posts, group[1])
    except GARBLED:
        return None, None


def _items(found: Any) -> list[dict[str, Any]]:
    """The objects of an answer: a list in old versions of the API, under ``items`` in new ones."""
    listed = found.get("items") if isinstance(found, dict) else found
    if not isinstance(listed, list):
        raise TransientError("VK answers something that is not an answer")
    return [item for item in listed if isinstance(item, dict) and _is_named(item)]


def _is_named(item: dict[str, Any]) -> bool:
    owner = item.get("owner_id")
    return bool(payloads.count(item.get("id"))) and isinstance(owner, int) and not isinstance(owner, bool)


def _answers(asked: Sequence[str]) -> Callable[[Any], None]:
    """A check that an answer holds nothing that was not asked for."""

    def check(found: Any) -> None:
        if not {payloads.post_id_of(item) for item in _items(found)} <= set(asked):
            raise TransientError("VK answered another question than was asked")

    return check


def _is_of(author_id: str) -> Callable[[Any], None]:
    """A check that a wall is the one that was asked for."""

    def check(found: Any) -> None:
        if {str(item["owner_id"]) for item in _items(found)} - {author_id}:
            raise TransientError("VK answered another question than was asked")

    return check


def _likes_question(post_id: str) -> dict[str, Any]:
    owner, item = ids.split(post_id)[0].split("_")
    return {"type": "video", "owner_id": int(owner), "item_id": int(item), "count": 1}
