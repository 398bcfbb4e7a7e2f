"""The sources compiled into the one file that the package ships; the same sources always give the same bytes."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from otklik.content.building import geonames, inflect
from otklik.content.building.inflect import Word, adjectives_of, alternatives, ambiguity, settlement, written
from otklik.content.lexicon import CAPITAL, COMMON, FORM, INCIDENTAL, PERSONAL
from otklik.content.morphology import morphology
from otklik.content.plain import plain
from otklik.content.rules import words
from otklik.content.taxonomy import EMOTIONS, IDENTITIES, SIGNS, STYLES
from otklik.errors import DataError

LANGUAGES = ("ru", "tt", "en")
ADJECTIVES_FROM = 5_000
"""Settlements at least so large have their adjectives looked up."""
LATIN_FROM = 10_000
"""Settlements at least so large are known by their Latin spelling too."""
_PEOPLE = ("татар", "=по-татарски")
"""Tatars live everywhere: the noun names a people, not a region. The adjective stays with Tatarstan."""
STRONG, PLAIN = 1.0, 0.5
"""Weights of words that express an emotion, and of words that only suggest it."""


@dataclass
class Compiler:
    """Collects entries, lexemes and terms; equal ones are kept once."""

    classes: dict[str, dict[str, Any]] = field(default_factory=dict)
    regions: dict[str, dict[str, Any]] = field(default_factory=dict)
    emoji: dict[str, list[str]] = field(default_factory=dict)
    entries: list[list[Any]] = field(default_factory=list)
    terms: dict[tuple[int, int, tuple[int, ...]], None] = field(default_factory=dict)
    _lexemes: dict[tuple[int, str, int], int] = field(default_factory=dict)
    _paradigms: dict[tuple[str, ...], int] = field(default_factory=dict)

    def entry(
        self,
        group: str,
        classes: Iterable[str],
        label: str,
        regions: Iterable[str] = (),
        kind: str = "",
        weight: float = 1.0,
        place: tuple[float, float] | None = None,
        population: int = 0,
    ) -> int:
        """A new entry; returns its number."""
        lat, lon = place or (float("nan"), float("nan"))
        row = [group, list(classes), label, list(regions), kind, weight, *((lat, lon, population) if place else ())]
        self.entries.append(row)
        return len(self.entries) - 1

    def term(self, entry: int, words: list[Word], flags: int = 0) -> None:
        """A term of an entry, as lexemes."""
        if words and all(forms and forms[0] for _, forms in words):
            self.terms[entry, flags, tuple(self._lexeme(word) for word in words)] = None

    def say(self, entry: int, terms: Iterable[str] | None, language: str, *, capital: bool = False) -> None:
        """Terms as the sources write them."""
        for term in (one for said in terms or () for one in alternatives(str(said))):
            words, needs_capital = written(term, language)
            flags = CAPITAL if needs_capital or capital else 0
            if flags and language == "ru" and len(words) == 1 and ambiguity(words[0][1])[0]:
                flags |= COMMON
            self.term(entry, words, flags)

    def say_all(self, entry: int, source: dict[str, Any]) -> None:
        """The terms of every language of a source."""
        for language in LANGUAGES:
            self.say(entry, source.get(language), language)

    def _lexeme(self, word: Word) -> int:
        kind, forms = word
        stem = _common_beginning(forms)
        endings = tuple(form[len(stem) :] for form in forms)
        paradigm = self._paradigms.setdefault(endings, len(self._paradigms))
        return self._lexemes.setdefault((kind, stem, paradigm), len(self._lexemes))

    def packed(self) -> bytes:
        """The compiled lexicon, gzipped without a time stamp."""
        plain = {
            "classes": self.classes,
            "regions": self.regions,
            "emoji": self.emoji,
            "paradigms": [list(one) for one in self._paradigms],
            "lexemes": [list(one) for one in self._lexemes],
            "entries": self.entries,
            "terms": [[entry, flags, list(lexemes)] for entry, flags, lexemes in self.terms],
        }
        text = json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
        return gzip.compress(text.encode(), compresslevel=9, mtime=0)


def compiled(sources: Path) -> bytes:
    """The lexicon of a folder of sources.

    Raises:
        DataError: when a source holds a class or a region that is not known.
    """
    to = Compiler()
    regions = _read(sources / "regions.yaml")
    codes = {str(region["geonames"]): code for code, region in regions.items() if code.startswith("RU-")}
    known = _regions(to, regions)
    _tatar_names(to, _read(sources / "tatar_places.yaml"))
    for file in sorted(sources.glob("landmarks*.yaml")):
        _landmarks(to, _read(file), set(codes.values()))
    foreign = _read(sources / "foreign.yaml")
    _settlements(to, sources / geonames.TABLE, codes, known, foreign)
    _people(to, _read(sources / "people.yaml"))
    _foreign(to, foreign)
    more = [_read(file) for file in sorted(sources.glob("signs_*.yaml"))]
    _signs(to, _read(sources / "signs.yaml"), more, _read(sources / "incidental.yaml"))
    styles = _read(sources / "style.yaml")
    _classes(to, "style", styles, STYLES)
    for file in sorted(sources.glob("style_*.yaml")):
        for name, one in _read(file).items():
            terms = {
                language: [t for t in one.get(language, ()) if not str(t).lstrip("=").isdigit()]
                for language in LANGUAGES
            }
            to.say_all(to.entry("style", [name], styles[name]["title"]["ru"]), terms)
    for number in (1, 2, 3):
        _emotions(to, _read(sources / f"emotion_{number}.yaml"))
    _identity(to, _read(sources / "identity.yaml"))
    return to.packed()


def _read(file: Path) -> Any:
    return yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


def _regions(to: Compiler, plain: dict[str, Any]) -> set[tuple[str, str]]:
    """Regions, capitals, towns and districts; returns the settlements that are told here, by region and name."""
    known: set[tuple[str, str]] = set()
    for code, region in plain.items():
        if not code.startswith("RU-"):
            continue
        to.regions[code] = {
            "name": region["name"],
            "short": region["short"],
            "lat": region["lat"],
            "lon": region["lon"],
        }
        short, place = region["short"]["ru"], (region["lat"], region["lon"])
        to.say_all(to.entry("place", (), short, [code], "region", place=place), region)
        for kind, key in (("adjective", "adjectives"), ("demonym", "demonyms"), ("district", "districts")):
            terms = [term for term in region.get(key, ()) if not term.startswith(_PEOPLE)]
            to.say(to.entry("place", (), short, [code], kind, place=place), terms, "ru")
        capital = {**region["capital"], **region["capital"].get("terms", {})}
        name = region["capital"]["ru"]
        if "ru" not in region["capital"].get("terms", {}):
            known.add((code, name))
        number = to.entry("place", (), name, [code], "town", place=place, population=1)
        for language in LANGUAGES:
            said = capital.get(language)
            to.say(number, [said] if isinstance(said, str) else said, language)
        to.say(to.entry("place", (), name, [code], "adjective", place=place), region.get("capital_adjectives"), "ru")
        for town in region["towns"]:
            known.add((code, town["ru"].lstrip("=^")))
            _town(to, town, code, place)
    for macro in plain["macro"]:
        to.say_all(to.entry("place", (), macro["ru"][0], [], "macro"), macro)
    country = plain["country"]
    number = to.entry("place", (), country["ru"][0], [], "country")
    to.say_all(number, country)
    to.say(number, [*country.get("adjectives", ()), *country.get("demonyms", ())], "ru")
    for other in plain["elsewhere"]:
        code = other["region"]
        regions = [code] if isinstance(code, str) else list(code or ())
        to.say_all(to.entry("place", (), other["ru"][0], regions, "elsewhere" if regions else "nowhere"), other)
    _never(to, "place", plain.get("never"))
    return known


def _tatar_names(to: Compiler, plain: dict[str, list[str]]) -> None:
    """Tatar names of places, by region."""
    for code, names in plain.items():
        region = to.regions[code]
        for name in names:
            label = name.lstrip("^=")
            to.say(to.entry("place", (), label, [code], "town", place=(region["lat"], region["lon"])), [name], "tt")


def _town(to: Compiler, town: dict[str, Any], code: str, place: tuple[float, float]) -> None:
    name = town["ru"].lstrip("=^")
    number = to.entry("place", (), name, [code], "town", place=place)
    for language in LANGUAGES:
        said = town.get(language)
        to.say(number, [said] if isinstance(said, str) else said, language)
    to.say(number, town.get("also"), "ru")
    if not str(town["ru"]).startswith(("=", "^")):
        to.term(number, settlement(town["ru"]))
    for kind, key in (("adjective", "adjectives"), ("demonym", "demonyms")):
        if town.get(key):
            to.say(to.entry("place", (), name, [code], kind, place=place), town[key], "ru")


def _landmarks(to: Compiler, plain: list[dict[str, Any]], codes: set[str]) -> None:
    for one in plain:
        region, sign = one.get("region"), one.get("sign")
        regions = [region] if isinstance(region, str) else list(region or ())
        signs = [sign] if isinstance(sign, str) else list(sign or ())
        if set(regions) - codes or set(signs) - set(SIGNS):
            raise DataError("landmarks.yaml: {id} names an unknown region or sign", id=one["id"])
        kind = "landmark" if regions else ("nowhere" if region is None else "macro")
        to.say_all(to.entry("place", signs, one["name"], regions, kind), one)


def _settlements(
    to: Compiler, table: Path, codes: dict[str, str], known: set[tuple[str, str]], foreign: dict[str, Any]
) -> None:
    """Settlements out of GeoNames that are not told by hand."""
    abroad = {str(name).lstrip("^=") for one in foreign["cities"] for name in one.get("ru") or ()}
    with table.open(encoding="utf-8", newline="") as file:
        next(file)
        rows = list(csv.DictReader(file, delimiter="\t"))
    names = {row["ru"].lower() for row in rows}
    for row in rows:
        code, population = codes.get(row["admin1"]), int(row["population"])
        if code is None or (code, row["ru"]) in known:
            continue
        place = (float(row["lat"]), float(row["lon"]))
        number = to.entry("place", (), row["ru"], [code], "settlement", place=place, population=population)
        words = settlement(row["ru"])
        flags = _flags(words) | (COMMON if row["ru"] in abroad else 0)
        to.term(number, words, flags)
        if population >= LATIN_FROM or code == "RU-TA":
            to.say(number, [row["en"]], "en", capital=True)
        if population >= ADJECTIVES_FROM and len(words) == 1:
            for adjective in (one for one in adjectives_of(row["ru"]) if one not in names):
                other = to.entry("place", (), row["ru"], [code], "adjective", place=place, population=population)
                word = written(adjective, "ru")[0]
                to.term(other, word, _flags(word, skip_adjective=True) | (flags & PERSONAL))


def _flags(words: list[Word], *, skip_adjective: bool = False) -> int:
    """How ambiguous a one-word name is; a name of several words is not."""
    if len(words) != 1:
        return 0
    _, forms = words[0]
    if skip_adjective:
        return PERSONAL if any("Surn" in parse.tag for parse in morphology().parse(forms[0])) else 0
    common, personal = ambiguity(forms)
    return (COMMON if common else 0) | (PERSONAL if personal else 0)


def _people(to: Compiler, plain: dict[str, Any]) -> None:
    for person in plain["people"]:
        kind = f"{person.get('era', '')}/{person.get('role', '')}"
        region = person.get("region")
        regions = [region] if isinstance(region, str) else list(region or ())
        names = [next((str(name).lstrip("^=") for name in person.get(language) or ()), "") for language in ("en", "tt")]
        number = to.entry("person", names, person["name"], regions, kind)
        to.say_all(number, person)
        if " " in person["name"]:
            to.term(number, inflect.person(person["name"]))
    _never(to, "person", plain.get("never"))


def _foreign(to: Compiler, plain: dict[str, Any]) -> None:
    for key in ("countries", "cities", "landmarks"):
        for one in plain[key]:
            names = one.get("ru") or one.get("en") or one.get("tt")
            number = to.entry("foreign", (), names[0].lstrip("=^"), [], key.removesuffix("s"))
            to.say_all(number, one)
            to.say(number, [*one.get("adjectives", ()), *one.get("demonyms", ())], "ru")
    for state in plain["us_states"]:
        number = to.entry("foreign", (), state["en"][0], [], "us_state")
        to.say_all(number, state)
        to.term(to.entry("us_state", (), state["en"][0]), [(FORM, (state["code"].lower(),))], CAPITAL)
    to.say_all(
        to.entry("foreign", (), "namesake", [], "namesake"),
        plain["namesakes"] if isinstance(plain["namesakes"], dict) else _merged(plain["namesakes"]),
    )
    _never(to, "foreign", plain.get("never"))


def _merged(parts: list[dict[str, list[str]]]) -> dict[str, list[str]]:
    return {language: [term for part in parts for term in part.get(language, ())] for language in LANGUAGES}


def _classes(to: Compiler, group: str, plain: dict[str, Any], allowed: tuple[str, ...]) -> None:
    for name, one in plain.items():
        if name not in allowed:
            raise DataError(
                "{group}: {name} is no class; expected {allowed}", group=group, name=name, allowed=", ".join(allowed)
            )
        to.classes[f"{group}/{name}"] = {"title": one["title"]}
        to.say_all(to.entry(group, [name], one["title"]["ru"]), one)
        _never(to, f"{group}/{name}", one.get("never"))


def _signs(to: Compiler, plain: dict[str, Any], more: list[dict[str, Any]], incidental: dict[str, Any]) -> None:
    """Generic signs; words that are mostly named in passing weigh less (see ``incidental.yaml``)."""
    _classes(to, "sign", plain, SIGNS)
    for part in more:
        for name, one in part.items():
            to.say_all(to.entry("sign", [name], plain[name]["title"]["ru"]), one)
    for name, one in incidental.items():
        to.say_all(to.entry("sign", [name], plain[name]["title"]["ru"], kind=INCIDENTAL, weight=PLAIN), one)


def _emotions(to: Compiler, plain: dict[str, Any]) -> None:
    for name, one in plain.items():
        if name in EMOTIONS:
            if "title" in one:
                to.classes[f"emotion/{name}"] = {key: one[key] for key in ("title", "arousal", "valence")}
            title = to.classes[f"emotion/{name}"]["title"]["ru"]
            for key, weight in (("strong", STRONG), ("plain", PLAIN)):
                to.say_all(to.entry("emotion", [name], title, weight=weight), one[key])
            for emoji in one.get("emoji", ()):
                to.emoji.setdefault(_bare(emoji), []).append(name)
            _never(to, f"emotion/{name}", one.get("never"))
        elif name in ("negators", "intensifiers", "weakeners", "irony", "blame"):
            to.say_all(to.entry(name.removesuffix("s"), [], name), one)
            to.say(to.entry("negator_after", [], name), one.get("tt_after"), "tt")


def _bare(emoji: str) -> str:
    return "".join(char for char in plain(str(emoji)).text if char != "\ufe0f").strip()


def _identity(to: Compiler, plain: dict[str, Any]) -> None:
    _classes(
        to,
        "identity",
        {name: {**one, **_without_kin(one)} for name, one in plain.items() if name in IDENTITIES},
        IDENTITIES,
    )
    for name in ("company_we", "community"):
        to.say_all(to.entry(name, [], name), _without_kin(plain[name]))


def _without_kin(terms: dict[str, Any]) -> dict[str, list[str]]:
    return {
        language: [term for term in terms.get(language, ()) if str(term).lower() not in words("kin")]
        for language in LANGUAGES
    }


def _never(to: Compiler, scope: str, terms: Any) -> None:
    """Set phrases that look like a hit of a group or class and are none."""
    if not terms:
        return
    number = to.entry("never", [scope], scope)
    by_language = terms if isinstance(terms, dict) else {"ru": terms}
    for language, said in by_language.items():
        to.say(number, said, language)
        if not isinstance(terms, dict):
            to.say(number, [term for term in said if _is_latin(term)], "en")


def _common_beginning(forms: tuple[str, ...]) -> str:
    """The letters that all forms begin with."""
    first, last = min(forms), max(forms)
    same = next((i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), min(len(first), len(last)))
    return first[:same]


def _is_latin(term: Any) -> bool:
    return any("a" <= char <= "z" for char in str(term).lower())
