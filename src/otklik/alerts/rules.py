"""Rules of alerts, read from ``alerts.yaml`` in the workspace: what to tell, from when on, and where to."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from otklik.alerts.channels import Channel, channel_of
from otklik.errors import ConfigurationError, OtklikError
from otklik.units import parse_duration

FILE = "alerts.yaml"
METRICS = ("views", "views_per_hour", "reactions_per_view", "forecast", "posts_not_seen")
"""What a rule can be about. ``forecast`` is of the views at the model's horizon; the last one is about collecting."""
RELATIVE_ONLY = ("forecast",)
ABSOLUTE_ONLY = ("posts_not_seen",)
_KEYS = {"name", "metric", "above", "below", "window", "until", "cooldown", "min_posts", "min_views", "platform", "to"}
SAMPLE = """\
# Where messages go: a name of your own for each place.
channels:
  log: {file: alerts.jsonl}              # a line of JSON a message
  # screen: {desktop: true}              # needs notify-send
  # me: {telegram: "123456789"}          # your chat's id; the bot's token in OTKLIK_TELEGRAM_TOKEN
  # team: {webhook: "https://example.org/hook"}   # POST of JSON
# What is told. "3x" is three times the author's own usual at the same age; a plain number is that number.
alerts:
  - name: takes off
    metric: views                        # views, views_per_hour, reactions_per_view, forecast, posts_not_seen
    above: 3x
    until: 48h                           # posts up to this age
    cooldown: 24h                        # the same post is told of again at the earliest after
    min_posts: 10                        # fewer earlier posts make no usual
    min_views: 100                       # below, multiples are noise
    to: [log]
  - name: collecting falls behind
    metric: posts_not_seen
    above: 20                            # posts whose look is overdue
    window: 1h                           # by more than this
    cooldown: 6h
    to: [log]
"""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule."""

    name: str
    metric: str
    limit: float
    """A number, or a multiple of the usual where :attr:`is_multiple` says so."""
    is_above: bool = True
    """Whether it is told when the value is over the limit, or else under it."""
    is_multiple: bool = False
    window_h: float = 1.0
    """How long a look may be overdue, for ``posts_not_seen``."""
    until_h: float = 48.0
    """Posts older than this are not told of."""
    cooldown_h: float = 24.0
    min_posts: int = 10
    """A multiple needs this many posts behind the usual."""
    min_views: float = 0.0
    platform: str | None = None
    to: tuple[str, ...] = ()

    def is_met(self, value: float) -> bool:
        """Whether a value is over (or under) the limit."""
        return value > self.limit if self.is_above else value < self.limit


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules and the channels that they name."""

    rules: tuple[Rule, ...]
    channels: dict[str, Channel] = field(default_factory=dict)


def read_rules(path: Path) -> Rules:
    """The rules of a file.

    Raises:
        ConfigurationError: when the file is missing, is not YAML, or says something that is no rule.
    """
    import yaml

    try:
        told = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigurationError(
            "there are no alerts: {file} is missing; `otklik alerts example` prints one to begin with", file=path
        ) from None
    except OSError as error:
        raise ConfigurationError("{file} cannot be read: {why}", file=path, why=error.strerror) from None
    except (yaml.YAMLError, UnicodeDecodeError, ValueError, RecursionError) as error:
        why = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ConfigurationError("{file} is not a readable YAML file: {why}", file=path, why=why) from None
    return parse_rules(told, path)


def parse_rules(told: Any, path: Path) -> Rules:
    """The rules in what a YAML file says.

    >>> found = parse_rules({"channels": {"log": {"file": "a.jsonl"}},
    ...     "alerts": [{"name": "up", "metric": "views", "above": "3x", "to": "log"}]}, Path("alerts.yaml"))
    >>> found.rules[0].limit, found.rules[0].is_multiple
    (3.0, True)
    """
    if not isinstance(told, dict) or not set(told) <= {"channels", "alerts"}:
        raise ConfigurationError("{file} must hold `channels` and `alerts`, and nothing else", file=path)
    places, alerts = told.get("channels") or {}, told.get("alerts") or []
    if not isinstance(places, dict) or not isinstance(alerts, list):
        raise ConfigurationError("in {file} `channels` must be a mapping and `alerts` a list", file=path)
    channels = {str(name): channel_of(str(name), one, path) for name, one in places.items()}
    rules = tuple(_rule(number, one, channels, path) for number, one in enumerate(alerts, 1))
    names = [rule.name for rule in rules]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise ConfigurationError("{file} has two alerts called {name!r}: give each its own name", file=path, name=twice)
    return Rules(rules, channels)


def _rule(number: int, told: Any, channels: dict[str, Channel], path: Path) -> Rule:
    try:
        return _parsed(told, channels)
    except OtklikError as error:
        raise ConfigurationError("{file}, alert {number}: {why}", file=path, number=number, why=str(error)) from None


def _parsed(told: Any, channels: dict[str, Channel]) -> Rule:
    if not isinstance(told, dict) or not told.get("name"):
        raise ConfigurationError("an alert needs a name, a metric, above or below, and to")
    odd = sorted(map(str, set(told) - _KEYS))
    if odd:
        raise ConfigurationError(
            "{name!r} is no key of an alert: the keys are {names}", name=odd[0], names=_list(_KEYS)
        )
    metric = told.get("metric")
    if metric not in METRICS:
        raise ConfigurationError(
            "there is no metric {name!r}: choose one of {names}", name=metric, names=_list(METRICS)
        )
    if ("above" in told) == ("below" in told):
        raise ConfigurationError("an alert has either `above` or `below`")
    is_above = "above" in told
    limit, is_multiple = _limit(told["above"] if is_above else told["below"], str(metric))
    return Rule(
        name=str(told["name"])[:100],
        metric=str(metric),
        limit=limit,
        is_above=is_above,
        is_multiple=is_multiple,
        window_h=_hours(told, "window", 1.0),
        until_h=_hours(told, "until", 48.0),
        cooldown_h=_hours(told, "cooldown", 24.0),
        min_posts=int(_number(told, "min_posts", 10)),
        min_views=_number(told, "min_views", 0.0),
        platform=str(told["platform"]) if told.get("platform") else None,
        to=_to(told.get("to"), channels),
    )


def _limit(value: Any, metric: str) -> tuple[float, bool]:
    text = str(value).strip().lower().replace(",", ".")
    is_multiple = text[-1:] in "x×х" and text != ""  # the last one is Cyrillic: people type it
    try:
        number = float(text[:-1] if is_multiple else text)
    except ValueError:
        number = float("nan")
    if isinstance(value, bool) or not 0 <= number < 1e15:
        raise ConfigurationError(
            "expected a number such as 5000, or 3x for three times the usual, but got {got!r}", got=value
        )
    if metric in RELATIVE_ONLY and not is_multiple:
        raise ConfigurationError("the metric {name!r} takes a multiple of the usual, such as 3x", name=metric)
    if metric in ABSOLUTE_ONLY and is_multiple:
        raise ConfigurationError("the metric {name!r} takes a plain number", name=metric)
    return number, is_multiple


def _hours(told: dict[Any, Any], key: str, default: float) -> float:
    return parse_duration(str(told[key])) if key in told else default


def _number(told: dict[Any, Any], key: str, default: float) -> float:
    value = told.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e15:
        raise ConfigurationError("{name} must be a number, not {got!r}", name=key, got=value)
    return float(value)


def _to(told: Any, channels: dict[str, Channel]) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(map(str, told if isinstance(told, list) else [told] if told else [])))
    if not names:
        raise ConfigurationError("`to` must name at least one channel")
    for name in names:
        if name not in channels:
            raise ConfigurationError(
                "there is no channel {name!r}: `channels` has {names}", name=name, names=_list(channels)
            )
    return names


def _list(names: Any) -> str:
    return ", ".join(sorted(map(str, names))) or "—"
