"""The reasons of a forecast as a person reads them in a terminal."""

from __future__ import annotations

import io
import math
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from rich.console import Console

from hostile_texts import HOSTILE
from otklik.cli import session
from otklik.cli.render_reasons import chance, chances, precedents, reasons, strongest
from otklik.models.forecast import Baseline, Chances, Contribution, FeatureEffect, Forecast, Precedent, Quantity

AT = datetime(2026, 11, 20, 16, tzinfo=UTC)
FEATURES = (
    FeatureEffect("calendar__hour_local", math.log(1.3), 19.0, 12.5),
    FeatureEffect("topic", math.log(1.2), None, None),
    FeatureEffect("text__title_n_words", -math.log(1.15), 9.0, 5.0),
    FeatureEffect("calendar__weekday", -math.log(1.1), 4.0, None),
    FeatureEffect("text__n_tags", math.log(1.05), None, None),
    FeatureEffect("text__title_n_digits", math.log(1.04), 4.0, 0.0),
    FeatureEffect("text__title_n_emoji", math.log(1.03), 0.0, 0.0),
    FeatureEffect("calibration", math.log(1.01), None, None),
)
PAST = Precedent("vk:1", "Казань 2100", AT, None, 12_345.0, 2.7, 0.623)


def forecast(**changes: object) -> Forecast:
    groups = ("calendar", "topic", "text", "calibration")
    contributions = tuple(
        Contribution(group, sum(one.log_effect for one in FEATURES if one.name.split("__")[0] == group))
        for group in groups
    )
    views = Quantity(2000, 5000, 12_000)
    plain = Forecast(
        subject="Казань", made_at=AT, platform="vk", kind="post", published_at=AT, prediction_age_h=0.0,
        horizon_h=24.0, views=views, reactions=None, multiple=views.scaled(1 / 4000),
        baseline=Baseline(4000, "author", 14), naive_views=4000, naive_reactions=None, seen_views=None,
        contributions=contributions, start_log=math.log(4001), notes=(), model="starter", model_trained_until=AT,
        calibrated=True, n_calibration=400, chances=Chances(0.62, 0.08, 23_000), features=FEATURES,
        precedents=(PAST, replace(PAST, post_id="2", title="", multiple=None, likeness=0.4)),
    )  # fmt: skip
    return replace(plain, **changes)


@pytest.fixture
def shown(monkeypatch):
    def show(render, *arguments: object, lang: str = "en", width: int = 100) -> str:
        monkeypatch.setattr(session, "lang", lang)
        stream = io.StringIO()
        render(Console(file=stream, width=width, highlight=False, emoji=False), *arguments)
        return stream.getvalue()

    return show


def test_features_stand_under_their_group_beside_the_usual_post(shown):
    lines = [" ".join(line.split()) for line in shown(reasons, forecast()).splitlines()]
    assert lines[0] == "What moves the forecast from 4,000 views"
    timing = next(i for i, line in enumerate(lines) if line.startswith("timing"))
    assert lines[timing + 1] == "hour of publication: 19:00 (usually 12:30) ×1.3"
    assert lines[timing + 2] == "day of the week: Friday ×0.91"
    assert "tags: not known ×1.05" in lines
    assert "all else in it ×1.03" in lines  # the fourth feature of its group
    assert lines[-2].startswith("These describe the model, not causes.")


def test_what_it_is_about_and_calibration_are_one_line_each(shown):
    text = shown(reasons, forecast())
    assert text.count("what it is about") == 1
    assert text.count("calibration") == 1


def test_no_usual_is_explained_where_none_is_told(shown):
    bare = tuple(replace(one, usual=None) for one in FEATURES)
    assert "“Usually”" in shown(reasons, forecast())
    assert "sually" not in shown(reasons, forecast(features=bare))


def test_a_forecast_without_features_tells_its_groups(shown):
    text = shown(reasons, forecast(features=()))
    assert "timing" in text
    assert "hour of publication" not in text


def test_small_groups_are_told_together(shown):
    text = shown(reasons, forecast(contributions=(Contribution("style", 0.001), Contribution("sign", 0.002))))
    assert "all else" in text
    assert "style" not in text


def test_the_strongest_features_and_their_rest_sum_to_the_group():
    told, rest = strongest(FEATURES, "text")
    assert [one.name for one in told] == ["text__title_n_words", "text__n_tags", "text__title_n_digits"]
    assert rest == pytest.approx(math.log(1.03))


def test_reasons_are_told_in_russian(shown):
    text = shown(reasons, forecast(), lang="ru")
    assert "время выхода" in text
    assert "час выхода: 19:00" in text
    assert "день недели: пятница" in text
    assert "×1,3" in text


def test_precedents_have_a_date_with_its_zone_views_multiple_and_likeness(shown):
    text = shown(precedents, forecast(), "Europe/Moscow")
    row = next(line for line in text.splitlines() if "Казань 2100" in line)
    for part in ("20 Nov 2026, 19:00 (UTC+3)", "12,345", "×2.7", "0.62"):
        assert part in row
    assert "—" in next(line for line in text.splitlines() if "without a title" in line)
    assert shown(precedents, forecast(precedents=())) == ""


@pytest.mark.parametrize("width", [60, 100])
def test_hostile_titles_stay_text_on_one_line(shown, width):
    for title in (*HOSTILE.values(), "длинный " * 40):
        text = shown(precedents, forecast(precedents=(replace(PAST, title=title),)), width=width)
        assert "\x1b" not in text
        assert "\u202e" not in text
        for part in ("12,345", "×2.7", "0.62"):
            assert text.count(part) == 1
        assert text.count("\n") <= (8 if width < 80 else 5)


def test_chances_name_what_they_are_against(shown):
    text = shown(chances, forecast())
    assert "Chance of more than the usual 4,000 views: 62%" in text
    assert "23,000 views or more: 8%" in text


def test_chances_that_are_not_known_are_not_told_as_numbers(shown):
    assert shown(chances, forecast(chances=None)) == ""
    assert shown(chances, forecast(chances=Chances(None, None, None))) == ""
    few = shown(chances, forecast(chances=Chances(0.5, None, None)))
    assert "too few posts of the author are known" in few
    assert "nine of ten" not in few
    alone = shown(chances, forecast(chances=Chances(None, 0.1, 500)))
    assert "usual" not in alone


def test_a_chance_is_never_certain(monkeypatch):
    monkeypatch.setattr(session, "lang", "en")
    assert [chance(value) for value in (0.0, 0.005, 0.995, 1.0)] == ["below 1%", "below 1%", "above 99%", "above 99%"]
