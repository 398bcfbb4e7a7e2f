"""The page of a model card: what it learned from, what it must not be used for, how good and how honest it was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from otklik import __version__
from otklik.language import number, percent, t
from otklik.memory.figures import TrackRecord
from otklik.report import model_page_parts as part_of
from otklik.report.page import Page, check_language, render_page, write_page
from otklik.report.page_text import Html, plain, quoted, shown


@dataclass(frozen=True, slots=True)
class ModelReport:
    """Everything that a model page tells, as a value."""

    name: str
    made_at: datetime
    trained_until: datetime
    zone: str
    """The audience's in the training data."""
    trained_on: tuple[Mapping[str, Any], ...]
    targets: tuple[str, ...]
    must_not: tuple[str, ...]
    metrics: tuple[Mapping[str, Any], ...]
    """Rows of :class:`otklik.evaluate.Evaluation`."""
    version: str
    checksum: str
    reliability: tuple[Mapping[str, Any], ...] = ()
    """Bins of chances in the card, where it has them: low, high, n, said, happened."""
    track_record: TrackRecord | None = None
    """``None`` where there is no store."""
    shown_zone: str = "UTC"
    is_simulated: bool = False
    """Whether the track record is of simulated posts."""

    @classmethod
    def of(
        cls,
        card: Mapping[str, Any],
        *,
        zone: str = "UTC",
        track_record: TrackRecord | None = None,
        is_simulated: bool = False,
    ) -> ModelReport:
        """A report from a card as :func:`otklik.models.card.read_card` gives it.

        Args:
            card: the card as plain JSON types.
            zone: in which instants are told.
            track_record: what the store remembers of forecasts.
            is_simulated: whether it is of simulated posts.
        """
        return cls(
            name=str(card["name"]),
            made_at=datetime.fromisoformat(card["made_at"]),
            trained_until=datetime.fromisoformat(card["trained_until"]),
            zone=str(card["zone"]),
            trained_on=tuple(card["trained_on"]),
            targets=tuple(card["targets"]),
            must_not=tuple(card["must_not"]),
            metrics=tuple(card["metrics"]),
            version=str(card["version"]),
            checksum=str(card["checksum"]),
            reliability=_chances_told(card),
            track_record=track_record,
            shown_zone=zone,
            is_simulated=is_simulated,
        )

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types; the track record in its own form."""
        plain_: dict[str, Any] = {name: getattr(self, name) for name in self.__dataclass_fields__}
        plain_ |= {"made_at": self.made_at.isoformat(), "trained_until": self.trained_until.isoformat()}
        plain_["track_record"] = None if self.track_record is None else self.track_record.to_dict()
        return {name: list(one) if isinstance(one, tuple) else one for name, one in plain_.items()}


def render(report: ModelReport, lang: str = "en") -> str:
    """The page as one HTML document that needs nothing from anywhere.

    Raises:
        DataError: the language is not one of otklik's.
    """
    check_language(lang)
    sections = (
        part_of.learned(report, lang),
        part_of.must_not(report, lang),
        part_of.accuracy(report, lang),
        part_of.calibration(report, lang),
        part_of.track_record(report, lang),
    )
    foot = t(
        "Card of the model {name} ({checksum}), by otklik {version}. Times are in the zone {zone}. The page loads "
        "nothing from the network.",
        lang,
        name=plain(report.name),
        checksum=report.checksum[:8],
        version=__version__,
        zone=report.shown_zone,
    )
    return render_page(
        Page(
            title=plain(report.name),
            head=_head(report, lang),
            sections=sections,
            foot=Html(f"<p>{shown(foot, None)}</p>"),
            lang=lang,
            has_figures=any("<figure" in one.body for one in sections),
        )
    )


def write(report: ModelReport, path: Path, lang: str = "en") -> None:
    """The page to a file.

    Raises:
        DataError: the language is not one of otklik's.
        StorageError: the file cannot be written.
    """
    write_page(render(report, lang), path)


def _head(report: ModelReport, lang: str) -> Html:
    until = part_of.when(report.trained_until, report, lang)
    told = t("trained on posts until {until}", lang, until=until)
    return Html(
        f'<p class="over">otklik · {shown(t("Model card", lang))}</p><h1>{quoted(report.name)}</h1>'
        f'<p class="soft">{shown(told, None)}</p>{_tiles(report, lang)}'
    )


def _tiles(report: ModelReport, lang: str) -> str:
    told = []
    for row in part_of.ours(report, "all"):
        if row["task"] == "draft" or row["prediction_age_h"] == part_of.LIVE_TOLD_H:
            name = part_of.task_name(row, lang)
            ratio = row["vs_best_baseline"]
            words = t(
                "{task}: log-MAE, {ratio} of the best baseline's ({baseline}; n = {n})",
                lang,
                task=name,
                baseline=ratio["baseline"],
                ratio=number(ratio["ratio"], lang, 2),
                n=row["n"],
            )
            told.append((number(row["log_mae"], lang, 2), words))
            words = t("{task}: outcomes inside the 80 % interval (n = {n})", lang, task=name, n=row["n"])
            told.append((percent(row["coverage_80"], lang, 1), words))
    items = "".join(f"<li><b>{shown(value)}</b>{shown(words, None)}</li>" for value, words in told)
    return f'<ul class="tiles">{items}</ul>' if items else ""


def _chances_told(card: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    """Bins of the chances to beat the usual that were told of drafts in the backtest: mean told, and what happened."""
    for row in card["metrics"]:
        bins = row.get("reliability_beats_usual")
        if bins and row["task"] == "draft":
            return tuple({"n": n, "said": said, "happened": happened} for said, happened, n in bins)
    return tuple(card.get("reliability", ()))
