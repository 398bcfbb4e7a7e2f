"""Drawing the variant of the next post, and noting which post came of it. The log only grows."""

from __future__ import annotations

from datetime import datetime

from otklik.errors import ConfigurationError
from otklik.experiments.blocks import KIND, slot, week_of
from otklik.store import Assignment, Experiment, Experiments, Link, Store, StoredPost

MOST_LETTERS = 200


def check_text(text: str) -> None:
    """Refuse what cannot be a name, a label or a title.

    Raises:
        ConfigurationError: when it is empty, longer than :data:`MOST_LETTERS`, or more than a line.
    """
    if not text.strip() or len(text) > MOST_LETTERS or not text.isprintable():
        raise ConfigurationError(
            "expected 1 to {most} letters in one line, but got {text!r}", most=MOST_LETTERS, text=text
        )


def named(store: Store, name: str) -> Experiment:
    """The experiment of a name.

    Raises:
        ConfigurationError: when there is none.
    """
    # In quotes a name that is a word of ours, such as "sign", is not translated with the message.
    found = Experiments(store).named(name)
    if found is None:
        raise ConfigurationError(
            "there is no experiment {name}: `otklik experiment list` shows those there are", name=repr(name)
        )
    return found


def in_force(links: list[Link]) -> dict[int, Link]:
    """The link in force of each assignment that has one: the last of the log, unless it takes the link back."""
    last = {one.number: one for one in links}
    return {number: one for number, one in last.items() if one.post is not None}


def assign(
    store: Store,
    name: str,
    now: datetime,
    *,
    title: str | None = None,
    key: str | None = None,
    kind: str | None = None,
) -> tuple[Assignment, bool]:
    """Draw the variant of the next post.

    The same key - or the same title, where no key is given - gets the same answer again: an unwelcome draw cannot be
    repeated.

    Args:
        store: where the experiment is.
        name: of the experiment.
        now: the instant, which says the week.
        title: of the next post, written down before its variant is known.
        key: names the request.
        kind: of the next post, where blocks are kinds.

    Returns:
        The assignment, and whether it is new.

    Raises:
        ConfigurationError: for an unknown experiment, a finished one, or a kind that is missing or out of place.
    """
    experiments, request = Experiments(store), key or title
    for text in (title, key):
        if text is not None:
            check_text(text)
    with store.transaction():
        experiment = named(store, name)
        past = experiments.assignments(experiment.key)
        same = next((one for one in past if request is not None and one.request_key == request), None)
        if same is not None:
            return same, False
        _refuse_beyond_plan(experiment, len(in_force(experiments.links(experiment.key))))
        stratum = _stratum(experiment, kind, now)
        place = slot(experiment.seed, stratum, sum(one.stratum == stratum for one in past), experiment.labels)
        drawn = Assignment(
            number=len(past) + 1,
            stratum=place.stratum,
            block=place.block,
            place=place.place,
            copies=place.copies,
            variant=place.variant,
            assigned_at=now,
            title=title,
            request_key=request,
        )
        experiments.assign(experiment.key, drawn)
        return drawn, True


def link(
    store: Store,
    name: str,
    post: tuple[str, str],
    now: datetime,
    *,
    number: int | None = None,
    key: str | None = None,
    used: str | None = None,
    correct: bool = False,
) -> tuple[Assignment, Link, bool]:
    """Note which post came of an assignment, and which variant it really has.

    Args:
        store: where the experiment and the post are.
        name: of the experiment.
        post: platform and id.
        now: the instant.
        number: of the assignment; the only one that waits for a post when neither this nor ``key`` is given.
        key: names the assignment by its request instead.
        used: the variant really used, where it is not the one that was drawn.
        correct: another link of the post or of the assignment was a mistake.

    Returns:
        The assignment, the link in force, and whether it is new.

    Raises:
        ConfigurationError: for a post that is unknown, of another author, older than its assignment or linked
            already; for an assignment or a variant that is not there.
    """
    experiments = Experiments(store)
    with store.transaction():
        experiment = named(store, name)
        facts = _post_of(experiments, experiment, post)
        if used is not None and used not in experiment.labels:
            raise ConfigurationError(
                "the variant {used} is not planned: expected one of {labels}",
                used=repr(used),
                labels=", ".join(experiment.labels),
            )
        past, links = experiments.assignments(experiment.key), in_force(experiments.links(experiment.key))
        before = next((one for one in links.values() if one.post == post), None)
        chosen = _chosen(past, links, before, number, key)
        _refuse_second(post, before, chosen, links.get(chosen.number), correct)
        if facts.published_at < chosen.assigned_at:
            raise ConfigurationError(
                "the post {post} was published at {published}, before assignment {number} was drawn at {assigned}: "
                "it cannot have come of it",
                post=":".join(post),
                published=facts.published_at,
                number=chosen.number,
                assigned=chosen.assigned_at,
            )
        if before is None and chosen.number not in links:
            _refuse_beyond_plan(experiment, len(links))
        noted = Link(chosen.number, *post, used, now)
        if before is not None and before.number == chosen.number and used in (None, before.used):
            return chosen, before, False
        moved = [Link(before.number, None, None, None, now)] if before and before.number != chosen.number else []
        experiments.link(experiment.key, [*moved, noted])
        return chosen, noted, True


def _stratum(experiment: Experiment, kind: str | None, now: datetime) -> str:
    if experiment.blocks != KIND:
        if kind is not None:
            raise ConfigurationError("the blocks of {name} are weeks: leave --kind out", name=repr(experiment.name))
        return week_of(now, experiment.zone)
    chosen = kind or experiment.foreseen.get("kind")
    if not chosen:
        raise ConfigurationError(
            "the blocks of {name} are kinds of posts: say which one is next, as in --kind short",
            name=repr(experiment.name),
        )
    return str(chosen)


def _refuse_beyond_plan(experiment: Experiment, n_linked: int) -> None:
    if n_linked >= experiment.planned:
        raise ConfigurationError(
            "{name} has its {planned} planned posts, and going on until a result pleases would make it worthless: "
            "`otklik experiment result` tells what came of it",
            name=repr(experiment.name),
            planned=experiment.planned,
        )


def _post_of(experiments: Experiments, experiment: Experiment, post: tuple[str, str]) -> StoredPost:
    facts = experiments.post(*post)
    if facts is None:
        raise ConfigurationError(
            "the post {post} is not in the store: `otklik collect` or `otklik import` brings it", post=":".join(post)
        )
    if (post[0], facts.author_id) != (experiment.platform, experiment.author_id):
        raise ConfigurationError(
            "the post {post} is of {whose}, but the experiment is on {author}",
            post=":".join(post),
            whose=f"{post[0]}:{facts.author_id}",
            author=f"{experiment.platform}:{experiment.author_id}",
        )
    return facts


def _chosen(
    past: list[Assignment], links: dict[int, Link], before: Link | None, number: int | None, key: str | None
) -> Assignment:
    """The assignment that is meant."""
    if number is not None or key is not None:
        found = next(
            (one for one in past if (number is None or one.number == number) and key in (None, one.request_key)), None
        )
        if found is None:
            raise ConfigurationError(
                "there is no assignment {wanted}: {n} were drawn so far", wanted=number or repr(key), n=len(past)
            )
        return found
    if before is not None:
        return next(one for one in past if one.number == before.number)
    waiting = [one for one in past if one.number not in links]
    if len(waiting) != 1:
        raise ConfigurationError(
            "{n} assignments wait for a post{numbers}: say which one it came of, as in --number 3, "
            "or draw one before publishing",
            n=len(waiting),
            numbers="".join(f" #{one.number}" for one in waiting[:20]),
        )
    return waiting[0]


def _refuse_second(
    post: tuple[str, str], before: Link | None, chosen: Assignment, there: Link | None, correct: bool
) -> None:
    """One post has one assignment and one assignment one post, unless a mistake is corrected."""
    if correct:
        return
    if before is not None and before.number != chosen.number:
        raise ConfigurationError(
            "the post {post} belongs to assignment {number} already: if that was a mistake, add --correct",
            post=":".join(post),
            number=before.number,
        )
    if there is not None and there.post != post:
        raise ConfigurationError(
            "assignment {number} has the post {post} already: if that was a mistake, add --correct",
            number=chosen.number,
            post=f"{there.platform}:{there.post_id}",
        )
