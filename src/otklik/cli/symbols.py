"""``otklik symbols``: teach it the signs of a region that the shipped classifier does not know."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from otklik.cli import options, session
from otklik.cli.session import _

if TYPE_CHECKING:
    from rich.table import Table

    from otklik.media.symbol_probe import Probe, Trial

FEW = 20
"""Below so many pictures of a label its figures move by several hundredths with every picture."""
HEADS = ("label", "sign", "precision", "recall", "pictures")
LISTED = ("name", "labels", "pictures", "told right")


def learn(
    folder: Annotated[
        Path,
        typer.Argument(metavar="FOLDER", help=_("A subfolder for each label, with five pictures or more in each.")),
    ],
    name: Annotated[
        str | None, typer.Option("--name", metavar="NAME", help=_("Name of the labels (default: that of the folder)."))
    ] = None,
    sign: Annotated[
        list[str] | None,
        typer.Option(
            "--sign", metavar="LABEL=SIGN", help=_("What a label stands for, such as river_station=station_port.")
        ),
    ] = None,
    workspace: options.Workspace = None,
    json: options.Json = None,
) -> None:
    """Parse, learn, tell."""
    from otklik.media.symbol_learning import learn as learn_labels
    from otklik.media.symbol_probe import place

    chosen = session.settings(workspace=workspace)
    file = place(chosen.workspace, name if name is not None else folder.resolve().name)
    signs = dict(_pair(text) for text in sign or [])
    with session.progress() as progress:
        found = learn_labels(folder, file.stem, signs, lambda done, total: progress(_("pictures"), done, total))
    found.probe.write(file)
    for path, why in found.passed_over:
        session.tell(session.err(), session.clean(_("passed over: {path} ({why})", path=path, why=why)), "yellow")
    told = {
        "file": str(file),
        "name": found.probe.name,
        "signs": dict(_signs(found.probe)),
        **asdict(found.probe.trial),
    }
    if not session.write_json({**told, "passed_over": dict(found.passed_over)}, json):
        _print(found.probe, file)


def listed(workspace: options.Workspace = None, json: options.Json = None) -> None:
    """Parse, read, print."""
    from otklik.errors import ConfigurationError
    from otklik.language import say
    from otklik.media.symbol_probe import Probe, probes

    good: list[Probe] = []
    faults: dict[str, str] = {}
    for file in probes(session.settings(workspace=workspace).workspace):
        try:
            good.append(Probe.read(file))
        except ConfigurationError as error:
            faults[file.stem] = say(error, session.lang)
    told = [{"name": one.name, "signs": dict(_signs(one)), **asdict(one.trial)} for one in good]
    if session.write_json({"labels": told, "faults": faults}, json):
        return
    if not good and not faults:
        session.tell(session.out(), _("No labels are learnt yet: `otklik symbols learn FOLDER` begins."))
    if good:
        table = _table(*LISTED)
        for one in good:
            named = session.clean(one.name), session.clean(", ".join(one.labels))
            table.add_row(*named, session.number(one.trial.pictures), _share(one.trial.accuracy))
        session.out().print(table)
    for fault in faults.values():
        session.tell(session.err(), session.clean(fault), "yellow")


def _pair(text: str) -> tuple[str, str]:
    """A label and its sign."""
    from otklik.errors import ConfigurationError

    label, mark, name = text.partition("=")
    if not (label and mark and name):
        raise ConfigurationError(
            "expected --sign LABEL=SIGN such as river_station=station_port, but got {text!r}", text=text
        )
    return label, name


def _signs(probe: Probe) -> list[tuple[str, str]]:
    return [(label, sign) for label, sign in zip(probe.labels, probe.signs, strict=True) if sign is not None]


def _print(probe: Probe, file: Path) -> None:
    trial, signs = probe.trial, dict(_signs(probe))
    table = _table(*HEADS)
    for one in trial.labels:
        figures = (_share(one.precision), _share(one.recall), session.number(one.pictures))
        table.add_row(session.clean(one.label), signs.get(one.label, "—"), *figures)
    session.out().print(table)
    _confusion(trial)
    for sentence in _sentences(trial):
        session.tell(session.out(), sentence)
    session.tell(session.out(), session.clean(_("written to {path}", path=file)))


def _confusion(trial: Trial) -> None:
    """What was taken for what: a row a label, a column a name that it was given."""
    from rich.table import Table

    names = [session.clean(one.label) for one in trial.labels]
    session.tell(session.out(), _("what was taken for what:"))
    table = Table(box=None, pad_edge=False)
    table.add_column(_("it is"))
    for name in names:
        table.add_column(name, justify="right")
    for name, row in zip(names, trial.confusion, strict=True):
        table.add_row(name, *(session.number(n) if n else "·" for n in row))
    session.out().print(table)


def _sentences(trial: Trial) -> list[str]:
    right = sum(row[i] for i, row in enumerate(trial.confusion))
    told = [
        _(
            "Cross-validated: {right} of {all} pictures told right ({share}); naming the most frequent label always "
            "would get {chance}.",
            right=right, all=trial.pictures, share=_share(trial.accuracy), chance=_share(trial.chance),
        ),
        _("Pictures of one video under one label make these figures better than they are."),
    ]  # fmt: skip
    if min(one.pictures for one in trial.labels) < FEW:
        told.append(_("Some labels have fewer than {few} pictures: their figures are rough.", few=FEW))
    return told


def _table(*heads: str) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for head in heads:
        table.add_column(_(head), justify="left" if head in ("label", "sign", "name", "labels") else "right")
    return table


def _share(value: float | None) -> str:
    """A share with two digits, or a dash where there is nothing to take a share of."""
    return "—" if value is None else session.number(value, 2)
