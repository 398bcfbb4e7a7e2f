"""Settings: a flag beats the environment, the environment beats ``otklik.toml``, and that beats the default."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from otklik.errors import ConfigurationError

FILE = "otklik.toml"
PREFIX = "OTKLIK_"


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its name in a file and on the command line, its default, and what it is for."""

    name: str
    default: str | None
    doc: str
    is_secret: bool = False

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return PREFIX + self.name.upper()


DECLARED = (
    Setting("workspace", ".", "folder of otklik.toml, the store and the models"),
    Setting("store", None, "path or database URL of the store; store.sqlite in the workspace unless set", True),
    Setting("model", "models/starter", "folder of the model that forecasts"),
    Setting("zone", "Europe/Moscow", "time zone of the audience"),
    Setting("cadence", None, "at which ages posts are looked at, such as 5min to 1h, 30min to 24h, at 7d"),
    Setting("tick", "5min", "how often a pass of the collectors is made"),
    Setting("policy", "youtube-unaudited", "how long collected data is kept: see `otklik purge --help`"),
    Setting("project", "default", "name under which quota is booked: one per installation"),
    Setting("vk_host", None, "another address of the VK API than https://api.vk.ru"),
    Setting("sandbox", None, "address of an `otklik sandbox --serve` to collect simulated data from"),
    Setting("speech_model", None, "folder of a faster-whisper or Vosk model of your own, for what is said in videos"),
    Setting("lang", None, "language of messages and reports, en or ru; that of the system unless set"),
)


@dataclass(frozen=True)
class Settings:
    """Resolved settings. A database URL may hold a password, so it is never shown."""

    workspace: Path
    store: str = field(repr=False)
    model: Path
    zone: str
    lang: str
    cadence: str | None = None
    tick: str = "5min"
    policy: str = "youtube-unaudited"
    project: str = "default"
    vk_host: str | None = None
    sandbox: str | None = None
    speech_model: Path | None = None


def resolve(flags: Mapping[str, str | Path | None], environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings in force.

    Args:
        flags: values from the command line by setting name; ``None`` where not given.
        environ: the environment.

    Raises:
        ConfigurationError: for an ``otklik.toml`` that cannot be read, or holds a setting that does not exist.

    >>> resolve({"workspace": "/nowhere"}, {"OTKLIK_ZONE": "Asia/Yekaterinburg"}).zone
    'Asia/Yekaterinburg'
    """
    workspace = Path(str(_first("workspace", flags, environ, {}) or "."))
    stored = read_file(workspace / FILE)
    values = {setting.name: _first(setting.name, flags, environ, stored) for setting in DECLARED}
    return Settings(
        workspace=workspace,
        store=values["store"] or str(workspace / "store.sqlite"),
        model=find_model(Path(values["model"] or "models/starter"), workspace),
        zone=values["zone"] or "Europe/Moscow",
        lang=language_of(values["lang"], environ),
        cadence=values["cadence"],
        tick=values["tick"] or "5min",
        policy=values["policy"] or "youtube-unaudited",
        project=values["project"] or "default",
        vk_host=values["vk_host"],
        sandbox=values["sandbox"],
        speech_model=Path(values["speech_model"]) if values["speech_model"] else None,
    )


def _first(
    name: str, flags: Mapping[str, str | Path | None], environ: Mapping[str, str], stored: Mapping[str, str]
) -> str | None:
    setting = next(one for one in DECLARED if one.name == name)
    flag = flags.get(name)
    for value in (str(flag) if flag is not None else None, environ.get(setting.variable), stored.get(name)):
        if value:
            return value
    return setting.default


def read_file(path: Path) -> dict[str, str]:
    """The settings of an ``otklik.toml``; none where there is no file.

    Raises:
        ConfigurationError: when it is not TOML, or holds an unknown setting or a value that is no text.
    """
    try:
        stored = tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError("{file} is not a readable TOML file: {why}", file=path, why=str(error)) from None
    names = [setting.name for setting in DECLARED]
    for name, value in stored.items():
        if name not in names:
            near = get_close_matches(name, names, 1)
            raise ConfigurationError(
                "{file} sets {name!r}, which is no setting: {hint}",
                file=path,
                name=name,
                hint=f"{near[0]}?" if near else ", ".join(names),
            )
        if not isinstance(value, str):
            raise ConfigurationError(
                "{file} sets {name} to {value!r}: expected text in quotes", file=path, name=name, value=value
            )
    return stored


def find_model(model: Path, workspace: Path) -> Path:
    """Where a model folder is: as named, in the workspace, or in otklik's own source folder.

    A folder that is nowhere comes back as named, for the reader of the card to say so.
    """
    source = Path(__file__).resolve().parents[2]
    for folder in (model, workspace / model, source / model):
        if (folder / "card.json").is_file():
            return folder
    return model


def language_of(asked: str | None, environ: Mapping[str, str] = os.environ) -> str:
    """``ru`` or ``en``: what was asked for, else the language of the system.

    Raises:
        ConfigurationError: for another language.

    >>> language_of(None, {"LANG": "ru_RU.UTF-8"}), language_of("en", {"LANG": "ru_RU.UTF-8"})
    ('ru', 'en')
    """
    if asked is None:
        system = environ.get("LC_ALL") or environ.get("LC_MESSAGES") or environ.get("LANG") or ""
        return "ru" if system.startswith("ru") else "en"
    if asked not in ("en", "ru"):
        raise ConfigurationError("there is no language {lang!r}: choose en or ru", lang=asked)
    return asked
