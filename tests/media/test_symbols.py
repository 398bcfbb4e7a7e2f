"""Signs in real photographs, and how single pictures become what a video shows."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.neon import MILD, neon
from media.photos import named
from otklik.content.taxonomy import SIGNS
from otklik.errors import ConfigurationError
from otklik.media.imagenet import Classified, classify
from otklik.media.symbols import SAFE, Seen, Symbols, read_table, symbols_of, table, unknown

MOSQUE, CASTLE = 668, 483


def by_name(seen: tuple[Seen, ...]) -> dict[str, Seen]:
    return {one.name: one for one in seen}


def classified(*rows: dict[int, float]) -> Classified:
    probabilities = np.zeros((len(rows), 1000), np.float32)
    for at, row in enumerate(rows):
        for number, value in row.items():
            probabilities[at, number] = value
    return Classified(probabilities, np.zeros((len(rows), 1280), np.float32))


@pytest.mark.parametrize(
    ("photo", "sign"),
    [
        ("wonders/tajMahal.webp", "mosque"),
        ("schwerinPalace.webp", "palace_historic"),
        ("citedeCarcassonne.webp", "kremlin_fortress"),
        ("leaningTowerOfPisa.webp", "tower_minaret"),
        ("picosdeeuropa_by_Aitzol_Berasategi.jpg", "nature"),
        ("farm_animals/resource/animals/dog.webp", "animal_myth"),
    ],
)
def test_a_photograph_carries_its_sign(photo: str, sign: str):
    found = symbols_of([0.5], classify([named(photo)]))
    assert by_name(found.signs)[sign].seen is True
    assert by_name(found.signs)[sign].times == (0.5,)


def test_a_historic_building_is_seen_as_one_in_both_strengths_of_neon():
    photo = named("wonders/tajMahal.webp")
    found = symbols_of(
        [0.0, 1.0, 2.0, 3.0], classify([photo, neon(photo, MILD), neon(photo), named("animals/dog.webp")])
    )
    assert found.sacred_or_historic.times == (0.0, 1.0, 2.0)
    assert found.sacred_or_historic.share == 0.75
    assert found.frames == 4


def test_figures_over_pictures_are_the_greatest_the_mean_and_the_times():
    found = symbols_of([0.0, 0.5, 1.0], classified({MOSQUE: 0.8}, {MOSQUE: 0.1, CASTLE: 0.6}, {}))
    mosque = by_name(found.signs)["mosque"]
    assert (mosque.most, mosque.mean, mosque.share, mosque.seen, mosque.times) == (0.8, 0.3, 0.3333, True, (0.0,))
    assert by_name(found.signs)["kremlin_fortress"].times == (0.5,)
    assert by_name(found.signs)["kremlin_fortress"].is_proxy
    assert not mosque.is_proxy
    assert found.sacred_or_historic.times == (0.0, 0.5)
    assert by_name(found.signs)["food"].seen is False
    assert by_name(found.signs)["food"].most == 0.0


def test_a_score_is_never_above_one():
    found = symbols_of([0.0], classified(dict.fromkeys((MOSQUE, CASTLE, 698, 538), 0.9)))
    assert found.sacred_or_historic.most == 1.0


def test_every_sign_is_told_in_the_order_of_the_taxonomy():
    assert tuple(one.name for one in symbols_of([0.0], classified({})).signs) == SIGNS
    assert tuple(one.name for one in unknown("because").signs) == SIGNS


def test_what_nobody_looked_at_is_not_known_and_not_zero():
    found = symbols_of([], classify([]))
    assert found.reason == "no pictures to look at"
    assert {one.most for one in (*found.things, *found.signs, found.sacred_or_historic)} == {None}
    assert {one.seen for one in found.signs} == {None}


@given(st.lists(st.dictionaries(st.integers(0, 999), st.floats(0, 1), max_size=5), max_size=4))
def test_symbols_survive_json(rows: list[dict[int, float]]):
    found = symbols_of([i / 3 for i in range(len(rows))], classified(*rows))
    assert msgspec.json.decode(msgspec.json.encode(found), type=Symbols) == found
    for one in found.signs:
        assert one.seen is None or one.seen == bool(one.times)


def test_times_and_pictures_go_together():
    with pytest.raises(ValueError, match="2 times for 1 pictures"):
        symbols_of([0.0, 1.0], classified({}))


def test_proxies_and_guesses_are_named():
    shipped = table()
    things, signs = ({one.name: one for one in each} for each in (shipped.things, shipped.signs))
    assert all(things[name].is_proxy for name in ("castle", "pier", "tower", "flag", "animal"))
    assert all(signs[name].is_proxy for name in ("kremlin_fortress", "station_port", "tower_minaret"))
    assert not things["mosque"].is_proxy
    assert signs["station_port"].seen_at == SAFE
    assert not signs["station_port"].is_measured
    assert signs["mosque"].is_measured
    assert {"kremlin", "river_station", "minaret"} <= set(shipped.not_covered)
    assert all(sign.classes for sign in shipped.signs)


@pytest.mark.parametrize(
    ("thing", "message"),
    [
        ({"classes": ["668 mosque"], "sign": "castle"}, "'castle', which is no sign"),
        ({"classes": ["mosque"]}, "expected a class such as"),
        ({"classes": ["1000 none"]}, "expected a class such as"),
        ({"classes": ["9-3 none"]}, "expected a class such as"),
        ({"classes": ["-3 none"]}, "expected a class such as"),
    ],
)
def test_a_table_that_is_written_wrong_is_refused(thing: dict, message: str):
    with pytest.raises(ConfigurationError, match=message):
        read_table({"things": {"a": thing}, "sacred_or_historic": {"classes": ["668 mosque"]}})
