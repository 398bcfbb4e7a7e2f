"""What the files of posts show and sound like, kept with the posts."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping

from sqlalchemy import select

from otklik.errors import DataError
from otklik.store import tables
from otklik.store.store import Store

Facts = dict[str, float | None]


class PostFiles:
    """Features of files by post; the newest look at a file stands."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def keep(self, platform: str, post_id: str, sha256: str, facts: Mapping[str, float | None]) -> str:
        """Keep what a post's file shows; gives the id of its author.

        Raises:
            DataError: the post is not in the store.
        """
        post, kept = tables.POST, tables.POST_FILE
        with self._store.transaction() as connection:
            whose = select(post.c.post_key, tables.AUTHOR.c.author_id).join(tables.AUTHOR)
            found = connection.execute(whose.where(post.c.platform == platform, post.c.post_id == post_id)).first()
            if found is None:
                raise DataError(
                    "the post {post} is not in the store: import or collect it first, or check the id",
                    post=f"{platform}:{post_id}",
                )
            connection.execute(kept.delete().where(kept.c.post_key == found.post_key))
            row = {"post_key": found.post_key, "sha256": sha256, "looked_us": time.time_ns() // 1000}
            connection.execute(kept.insert(), {**row, "facts": json.dumps(dict(facts))})
        return str(found.author_id)

    def facts(self) -> dict[tuple[str, str], Facts]:
        """Features of all files, by platform and post id."""
        post, kept = tables.POST, tables.POST_FILE
        query = select(post.c.platform, post.c.post_id, kept.c.facts).join(post, post.c.post_key == kept.c.post_key)
        with self._store.transaction() as connection:
            found = connection.execute(query).all()
        return {(platform, post_id): json.loads(facts) for platform, post_id, facts in found}
