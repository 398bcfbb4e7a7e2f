"""Alerts after a pass: what the rules find is written down and delivered. Nothing here stops collecting."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, func, select

from otklik.alerts import (
    FILE,
    Channel,
    Memory,
    Message,
    Overdue,
    Pending,
    Rule,
    Rules,
    Standing,
    read_overdue,
    read_rules,
    read_standing,
    standings,
)
from otklik.alerts import deliver as deliver_to
from otklik.alerts.readings import Reading, message_of
from otklik.errors import ConfigurationError, DataError, OtklikError, TransientError
from otklik.language import t
from otklik.models.forecast import Forecast
from otklik.store import NATURE, SIMULATED, Store, Tracks
from otklik.store.tables import POLL, POST

if TYPE_CHECKING:
    from otklik.models.card import ModelFolder

MOST_FORECASTS = 30
"""Forecasts made for alerts in one pass; a forecast takes about a tenth of a second."""
MOST_MESSAGES = 20
"""Messages to one channel in one pass; the others wait for the next."""
HORIZON_H = 24.0


@dataclass(frozen=True, slots=True)
class Told:
    """One message and where it has gone, or would go."""

    message: Message
    channels: tuple[str, ...]
    is_late: bool = False
    """Whether an earlier pass could not deliver it."""


@dataclass
class AlertReport:
    """What a check of the rules did."""

    n_rules: int = 0
    n_posts: int = 0
    told: list[Told] = field(default_factory=list)
    waiting: int = 0
    """Messages that wait for the next pass."""
    dropped: int = 0
    """Messages that could not be delivered for a day."""
    unforecast: int = 0
    """Posts that a rule wants a forecast of and that were left for the next pass."""
    errors: list[OtklikError] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """The report for a log or a machine."""
        return {
            "rules": self.n_rules,
            "posts": self.n_posts,
            "told": [
                {**one.message.to_dict(), "channels": list(one.channels), "late": one.is_late} for one in self.told
            ],
            "waiting": self.waiting,
            "dropped": self.dropped,
            "unforecast": self.unforecast,
            "errors": [{"kind": type(error).__name__, "message": str(error)} for error in self.errors],
        }


@dataclass(frozen=True)
class Place:
    """Where alerts are checked: the workspace, how instants and numbers are told, and the model that forecasts."""

    workspace: Path
    zone: str = "UTC"
    lang: str = "en"
    model: Path | None = None


def after_pass(store: Store, place: Place, now: datetime) -> AlertReport:
    """Check the rules after a pass of the collectors and deliver what is news; without ``alerts.yaml`` nothing.

    Whatever goes wrong is in the report: a rule, a channel or a model that fails never stops collecting.

    Args:
        store: the open store.
        place: the workspace with ``alerts.yaml``, and how to tell.
        now: the instant, by the clock that the pass went by.
    """
    report = AlertReport()
    try:
        if (place.workspace / FILE).is_file():
            _check(store, place, now, report, is_dry=False)
    except OtklikError as error:
        report.errors.append(error)
    except Exception as error:
        # A fault of ours in an alert must not end a collector that has run for months; it is told instead.
        report.errors.append(DataError("the alerts could not be checked ({kind})", kind=type(error).__name__))
    return report


def check(store: Store, place: Place, now: datetime, *, is_dry: bool) -> AlertReport:
    """Check the rules now; ``is_dry`` writes nothing, delivers nothing and says what would be told.

    Raises:
        ConfigurationError: when there is no ``alerts.yaml``, or it is not as it must be.
    """
    report = AlertReport()
    _check(store, place, now, report, is_dry=is_dry)
    return report


def send_test(place: Place, now: datetime, *, is_simulated: bool) -> list[tuple[Channel, OtklikError | None]]:
    """Deliver a test message to every channel; with each what went wrong, if anything did."""
    rules, found = read_rules(place.workspace / FILE), []
    if not rules.channels:
        raise ConfigurationError("{file} names no channel: nothing can be delivered", file=place.workspace / FILE)
    for channel in rules.channels.values():
        reading = Reading(
            "test", 0.0, True, None, None, t("views", place.lang), t("This is a test.", place.lang), None, None
        )
        rule = Rule(t("test message", place.lang), "views", 0.0)
        message = message_of(rule, reading, now, place.zone, place.lang, is_simulated=is_simulated)
        found.append((channel, _attempt(channel, message, place.workspace)))
    return found


def _check(store: Store, place: Place, now: datetime, report: AlertReport, *, is_dry: bool) -> None:
    rules, memory = read_rules(place.workspace / FILE), Memory(store, now)
    is_simulated = Tracks(store).mark(NATURE) == SIMULATED
    report.n_rules = len(rules.rules)
    for rule, reading in _readings(store, rules, place, now, report, memory):
        if not memory.should_tell(rule, reading.subject):
            continue
        message = message_of(rule, reading, now, place.zone, place.lang, is_simulated=is_simulated)
        if is_dry:
            report.told.append(Told(message, rule.to))
        else:
            memory.fire(rule, reading.subject, message)
    if not is_dry:
        _deliver(memory, rules, place, report)
        memory.forget()


def _readings(
    store: Store, rules: Rules, place: Place, now: datetime, report: AlertReport, memory: Memory
) -> list[tuple[Rule, Reading]]:
    """What is over its limit; what has come back under it is noted, so that the next time is news."""
    about_posts = [rule for rule in rules.rules if rule.metric != "posts_not_seen"]
    found: list[tuple[Rule, Reading]] = []
    if about_posts:
        posts = standings(store, now, max(rule.until_h for rule in about_posts))
        report.n_posts = len(posts)
        wanted = [rule for rule in about_posts if rule.metric == "forecast"]
        forecasts = _forecasts(store, posts, wanted, place, now, report) if wanted else {}
        for rule in about_posts:
            young = [one for one in posts if (now - one.published_at).total_seconds() <= rule.until_h * 3600]
            told = (read_standing(rule, one, place.lang, forecasts.get(one.key)) for one in young)
            found += [(rule, reading) for reading in told if reading is not None]
    for rule in rules.rules:
        if rule.metric == "posts_not_seen":
            waiting = (read_overdue(rule, one, place.lang) for one in overdue(store, now, rule.window_h))
            found += [(rule, reading) for reading in waiting if reading is not None]
    names = memory.names()
    for rule, reading in found:
        if not reading.is_met and memory.is_noted(rule, reading.subject, names):
            memory.calm(rule, reading.subject)
    return [(rule, reading) for rule, reading in found if reading.is_met]


def overdue(store: Store, now: datetime, window_h: float) -> list[Overdue]:
    """By platform: followed posts, and how many of them have been due for a look for longer than ``window_h`` hours."""
    before = int((now - timedelta(hours=window_h)).timestamp() * 1e6)
    late = func.sum(case((POLL.c.due_us < before, 1), else_=0))
    query = select(POST.c.platform, late, func.count()).join(POLL, POLL.c.post_key == POST.c.post_key)
    query = query.where(POLL.c.due_us.is_not(None)).group_by(POST.c.platform).order_by(POST.c.platform)
    with store.transaction() as connection:
        return [Overdue(platform, int(n), int(of)) for platform, n, of in connection.execute(query)]


def _forecasts(
    store: Store, posts: list[Standing], rules: list[Rule], place: Place, now: datetime, report: AlertReport
) -> dict[str, Forecast]:
    """Forecasts of the young posts that rules ask about, those with the most views an hour beside their usual first."""
    # Loaded only for rules that ask for it: a pass is made every few minutes, and most have none.
    from otklik.models.card import load

    if place.model is None or not (place.model / "card.json").is_file():
        report.errors.append(ConfigurationError("a rule asks for a forecast, but there is no model"))
        return {}
    least = min(rule.min_views for rule in rules)
    young = [one for one in posts if one.views is not None and one.views >= least and _age_h(one, now) < HORIZON_H]
    young.sort(key=lambda one: (-(one.pace_multiple or 0.0), one.key))
    report.unforecast = max(0, len(young) - MOST_FORECASTS)
    model, found = load(place.model), {}
    for one in young[:MOST_FORECASTS]:
        try:
            found[one.key] = forecast_of(store, model, one, now, place.zone)
        except OtklikError as error:
            report.errors.append(error)
            break
    return found


def forecast_of(store: Store, model: ModelFolder, standing: Standing, now: datetime, zone: str) -> Forecast:
    """The forecast of a followed post from what is in the store."""
    from otklik.scoring import forecast_one

    posts = store.posts(as_of=now, authors=[(standing.platform, standing.author_id)])
    keys = list(posts[["platform", "post_id"]].itertuples(index=False, name=None))
    looks = store.snapshots(as_of=now, posts=keys)
    return forecast_one(model, posts, looks, (standing.platform, standing.post_id), now, zone=zone)


def _age_h(standing: Standing, now: datetime) -> float:
    return (now - standing.published_at).total_seconds() / 3600


def _deliver(memory: Memory, rules: Rules, place: Place, report: AlertReport) -> None:
    """Deliver what waits; a channel that fails, or has had its share, is left alone until the next pass."""
    sent = dict.fromkeys(rules.channels, 0)
    closed: set[str] = set()
    for pending in list(memory.take()):
        reached = []
        for name in pending.waiting:
            if name not in rules.channels:
                memory.delivered(pending, name)  # no longer in the file: nobody waits there
            elif name not in closed and sent[name] < MOST_MESSAGES:
                error = _attempt(rules.channels[name], pending.message, place.workspace)
                if error is None:
                    memory.delivered(pending, name)
                    sent[name] += 1
                    reached.append(name)
                else:
                    closed.add(name)
                    report.errors.append(error)
        _settle(memory, pending, tuple(reached), rules, place, report)


def _settle(
    memory: Memory, pending: Pending, reached: tuple[str, ...], rules: Rules, place: Place, report: AlertReport
) -> None:
    if reached:
        report.told.append(Told(pending.message, reached, pending.is_late))
        for name in reached:
            if rules.channels[name].kind == "file":
                memory.note_export(place.workspace / rules.channels[name].where)
    left = [name for name in pending.waiting if name not in reached and name in rules.channels]
    if memory.release(pending) and left:
        report.dropped += 1
    elif left:
        report.waiting += 1


def _attempt(channel: Channel, message: Message, workspace: Path) -> OtklikError | None:
    try:
        deliver_to(channel, message, workspace)
    except OtklikError as error:
        return error
    except Exception as error:
        # Other people's servers and desktops fail in ways that nobody foresees; the name of the fault is enough.
        return TransientError(
            "the channel {name!r} failed ({why}): the message waits for the next pass",
            name=channel.name,
            why=type(error).__name__,
        )
    return None
