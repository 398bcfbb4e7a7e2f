"""The Python door: a workspace with its posts, features, forecasts and evaluations, for notebooks and programs.

Every method gives a plain value (a frozen dataclass or a pandas frame) that also shows itself in a notebook, in the
language and the zone of the workspace. What is wrong is told by an :class:`~otklik.errors.OtklikError`, in one
sentence. Nothing here collects or trains; looking at posts and at a draft changes nothing.

>>> import otklik
>>> author = otklik.DraftAuthor(median_views=4000, n_posts=20)
>>> at = otklik.utc("2026-12-04T19:00:00+03:00")
>>> found = otklik.score(otklik.Draft(title="Мечеть Кул-Шариф в неоне", publish_at=at, author=author))
>>> found.views.p10 <= found.views.p50 <= found.views.p90
True
"""

from __future__ import annotations

import atexit
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

from otklik import exporting, looking, units, workflows
from otklik.dataset.corpus import Corpus
from otklik.dataset.drafts import DraftFile, read_draft
from otklik.dataset.targets import target_named
from otklik.errors import ConfigurationError
from otklik.exporting import CsvStyle, Exported
from otklik.exporting.recipes import Asked, Rows, evaluation_of, features_of, rows_of
from otklik.features.media import Facts
from otklik.language import t
from otklik.models.card import read_card
from otklik.models.forecast import Forecast
from otklik.records import Draft
from otklik.report.model_page import ModelReport
from otklik.report.shown import ShownEvaluation, ShownForecast, ShownFrame
from otklik.report.shown_model import ShownModel
from otklik.report.shown_survey import ShownSurvey
from otklik.report.shown_teardown import ShownTeardown
from otklik.sample_store import write_sample
from otklik.settings import Settings, find_model, resolve
from otklik.store import NATURE, SIMULATED, Store, Tracks, is_there
from otklik.survey import author_of, survey
from otklik.teardown import tear_down

KEYS = ("platform", "post_id")
"""What names a post: the index of a frame of features."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """A folder with settings, a store and models. Make one with :meth:`open`.

    ``as_of``, wherever it stands, is an aware instant: what became known later is not used. Without it that is now.
    """

    settings: Settings

    @classmethod
    def open(
        cls,
        path: str | Path = ".",
        *,
        lang: str | None = None,
        zone: str | None = None,
        model: str | Path | None = None,
        store: str | Path | None = None,
    ) -> Workspace:
        """The workspace in a folder; flags beat the environment, and that beats its ``otklik.toml``.

        Args:
            path: the folder; it need not hold a store to score a draft.
            lang: ``en`` or ``ru``; the language of the system unless set.
            zone: IANA name of the audience's time zone.
            model: folder of the model; the starter model unless set.
            store: path or database address of the store, where it is not in the folder.

        Raises:
            ConfigurationError: when there is no such folder, zone or language, or ``otklik.toml`` cannot be read.

        >>> Workspace.open("nowhere")
        Traceback (most recent call last):
        otklik.errors.ConfigurationError: there is no folder nowhere: `otklik init nowhere` makes a workspace
        """
        if not Path(path).is_dir():
            raise ConfigurationError(
                "there is no folder {path}: `otklik init {path}` makes a workspace", path=str(path)
            )
        told = {"workspace": Path(path), "lang": lang, "zone": zone, "model": model, "store": store}
        found = resolve(told)
        units.zone(found.zone)  # a wrong one is told here, not at the first forecast
        return cls(found)

    @classmethod
    def sandbox(
        cls, *, lang: str | None = None, zone: str | None = None, model: str | Path | None = None, seed: int = 0
    ) -> Workspace:
        """A workspace with a small simulated store, to try everything on; it is gone when the program ends.

        Some 600 posts of 19 made-up authors on YouTube and VK, the last seen on 22 November 2026. All that is told
        from it says that it is simulated. ``otklik sandbox`` makes a larger one, through both collectors.

        Args:
            lang: see :meth:`open`.
            zone: see :meth:`open`.
            model: see :meth:`open`.
            seed: of what is made up.
        """
        folder = Path(mkdtemp(prefix="otklik-sandbox-"))
        atexit.register(rmtree, folder, ignore_errors=True)
        with Store.open(folder / "store.sqlite") as store:
            write_sample(store, seed)
        return cls.open(folder, lang=lang, zone=zone, model=model, store=folder / "store.sqlite")

    @property
    def is_simulated(self) -> bool:
        """Whether the store holds made-up posts."""
        return self._is_simulated()

    # -- what is there -----------------------------------------------------------------------------------------

    def posts(self, *, as_of: datetime | None = None) -> ShownFrame:
        """Posts published by an instant, one a row: the columns of :class:`otklik.Post`."""
        with self._store() as store:
            return ShownFrame(store.posts(as_of=_instant(as_of)))

    def snapshots(self, *, as_of: datetime | None = None) -> ShownFrame:
        """Looks at their counters by an instant, sorted by post and time: the columns of :class:`otklik.Snapshot`."""
        with self._store() as store:
            return ShownFrame(store.snapshots(as_of=_instant(as_of)))

    def features(self, *, as_of: datetime | None = None, data: str | Path | None = None) -> ShownFrame:
        """What a model would know of each post at an instant, from nothing seen later.

        Args:
            as_of: the instant.
            data: a folder of posts and snapshots in place of the store.

        Returns:
            One row a post, indexed by platform and post id: author_id, kind, published_at, as_of, age_h (hours), and
            every feature of :data:`otklik.features.CATALOG`, NaN where it is not known.
        """
        at = _instant(as_of)
        return ShownFrame(features_of(self._rows(at, data), at, self.settings.zone).set_index(list(KEYS)))

    # -- what is said of it ------------------------------------------------------------------------------------

    def score(self, draft: Draft | str | Path, *, look: bool = True) -> ShownForecast:
        """The forecast of a draft.

        Args:
            draft: the draft, or the path of its YAML file or folder. The author's history is the one that it holds,
                else that of the author it names in the store.
            look: look at the video and the cover that lie with a draft file.
        """
        chosen = self.settings
        file = draft if isinstance(draft, Draft) else read_draft(Path(draft), chosen.zone)
        facts: Facts | None = None
        if isinstance(file, DraftFile):
            file, facts = self._looked_at(file) if look else (file.draft, None)
        found = workflows.score(file, chosen.model, chosen.store, chosen.zone, facts)
        is_of_store = file.author.author_id is not None and not file.author.history
        return self._shown(found, is_simulated=is_of_store and self._is_simulated())

    def forecast(self, post: str, *, at: datetime | None = None) -> ShownForecast:
        """The forecast of a post in the store, at any age, from what was seen of it by an instant.

        Args:
            post: platform and post id, such as ``vk:-1_42``.
            at: the instant; now unless given.
        """
        chosen = self.settings
        self._store().close()
        found = workflows.forecast(post, chosen.model, chosen.store, _instant(at), chosen.zone)
        return self._shown(found, is_simulated=self._is_simulated())

    def teardown(self, post: str, *, at: datetime | None = None) -> ShownTeardown:
        """A published post of the store taken apart: whether its counters can be trusted, and what is not known.

        Args:
            post: platform and post id, such as ``vk:-1_42``.
            at: as of when; now unless given.
        """
        with self._store() as store:
            found = tear_down(store, post, _instant(at), self.settings.zone)
        return ShownTeardown.of(found, self.settings.lang)

    def survey(
        self,
        author: str | None = None,
        *,
        target: str | None = None,
        as_of: datetime | None = None,
        data: str | Path | None = None,
    ) -> ShownSurvey:
        """All posts, or those of one author, surveyed: typical bands, hours, the formula, what worked, coverage.

        Args:
            author: platform and author id, such as ``vk:-1``; everybody unless given.
            target: ``views_24h`` or ``mature``; what the posts have unless given.
            as_of: the instant whose knowledge is used.
            data: a folder of posts and snapshots in place of the store.
        """
        at = _instant(as_of)
        rows = self._rows(at, data)
        posts, looks = (rows.posts, rows.snapshots) if author is None else author_of(rows.posts, rows.snapshots, author)
        found = survey(
            Corpus.of(posts, looks),
            data=t(rows.name, self.settings.lang) if data is None else rows.name,
            as_of=at,
            zone=self.settings.zone,
            target=None if target is None else target_named(target),
            author=author,
            is_simulated=rows.is_simulated,
        )
        return ShownSurvey.of(found, self.settings.lang)

    def card(self) -> ShownModel:
        """The card of the model: what it learned from, what it must not be used for, how good it was."""
        plain = ModelReport.of(read_card(self.settings.model), zone=self.settings.zone)
        return ShownModel.shown(plain, self.settings.lang)

    def backtest(
        self, target: str = "views_24h", *, as_of: datetime | None = None, data: str | Path | None = None
    ) -> ShownEvaluation:
        """Train and test at a rolling origin, beside the baselines; this takes minutes.

        Args:
            target: ``views_24h``, ``reactions_24h`` or ``mature``.
            as_of: the instant whose knowledge is used.
            data: a folder of posts and snapshots in place of the store.
        """
        return self._judged(target, as_of, data, None)

    def evaluate(
        self,
        target: str = "views_24h",
        *,
        model: str | Path | None = None,
        as_of: datetime | None = None,
        data: str | Path | None = None,
    ) -> ShownEvaluation:
        """A model on posts; it is fair only on those that the model never saw. See :meth:`backtest`."""
        folder = self.settings.model if model is None else find_model(Path(model), self.settings.workspace)
        return self._judged(target, as_of, data, folder)

    def export(
        self, what: str, to: str | Path, *, as_of: datetime | None = None, style: CsvStyle | None = None
    ) -> Exported:
        """Write posts, snapshots, features or an evaluation to a file; its suffix tells the format.

        See :func:`otklik.exporting.export`.
        """
        self._store().close()
        asked = Asked(what, self.settings.store, self.settings.zone, self.settings.lang, as_of)
        return exporting.export(asked, Path(to), style)

    # -- helpers -----------------------------------------------------------------------------------------------

    def _store(self) -> Store:
        where = self.settings.store
        if not is_there(where):
            raise ConfigurationError(
                "there is no store in {path}: `otklik init` makes one, `otklik import` and `otklik collect` fill it",
                path=self.settings.workspace,
            )
        return Store.open(where)

    def _rows(self, as_of: datetime, data: str | Path | None) -> Rows:
        if data is None:
            self._store().close()
        return rows_of(None if data is None else Path(data), self.settings.store, as_of)

    def _judged(
        self, target: str, as_of: datetime | None, data: str | Path | None, model: Path | None
    ) -> ShownEvaluation:
        chosen = self.settings
        asked = Asked("evaluation", chosen.store, chosen.zone, target=target, model=model)
        return ShownEvaluation.of(evaluation_of(self._rows(_instant(as_of), data), asked), chosen.lang)

    def _looked_at(self, file: DraftFile) -> tuple[Draft, Facts | None]:
        """A draft with the length of its video, and what its files show; a cover alone tells nothing of a video."""
        chosen, author = self.settings, file.draft.author.author_id
        owner = (str(file.draft.platform), author) if author else None
        asked = looking.Asked(store=chosen.store, speech_model=chosen.speech_model, author=owner, draft=file.path)
        looks = [looking.look_at(one, asked) for one in (file.video, file.cover) if one is not None]
        draft = looking.with_length(file.draft, looks)
        has_video = bool(looks) and looks[0].screening.file.kind != "picture"
        return draft, looking.facts_of(looks[0]) if has_video else None

    def _is_simulated(self) -> bool:
        if not is_there(self.settings.store):
            return False
        with self._store() as store:
            return Tracks(store).mark(NATURE) == SIMULATED

    def _shown(self, found: Forecast, *, is_simulated: bool) -> ShownForecast:
        return ShownForecast.of(found, self.settings.lang, self.settings.zone, is_simulated=is_simulated)


def score(draft: Draft | str | Path, workspace: str | Path = ".") -> ShownForecast:
    """The forecast of a draft by the model of a workspace: :meth:`Workspace.score`."""
    return Workspace.open(workspace).score(draft)


def _instant(as_of: datetime | None) -> datetime:
    return datetime.now(UTC).replace(microsecond=0) if as_of is None else units.utc(as_of)
