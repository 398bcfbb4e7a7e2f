"""``otklik demo``: the sample draft through the starter model."""

from __future__ import annotations

from pathlib import Path

from otklik.cli import options, session
from otklik.cli.session import _
from otklik.errors import ConfigurationError

SAMPLE = Path("data/drafts/kazan_2100")


def run(model: options.Model = None, json: options.Json = None) -> None:
    """Find, look, score, print."""
    from otklik.cli.score import look_at_files, tell
    from otklik.dataset.drafts import read_draft

    chosen = session.settings(model=model)
    source = Path(__file__).resolve().parents[3]
    sample = next((folder / SAMPLE for folder in (Path(), source) if (folder / SAMPLE).is_dir()), None)
    if sample is None:
        raise ConfigurationError("the sample draft {path} is not here: run this in otklik's source folder", path=SAMPLE)
    file = read_draft(sample, chosen.zone)
    note = _("The sample draft: its author and history are invented for the example.")
    looks, faults = look_at_files(file, chosen)
    tell(file.draft, looks, chosen, json, note)
    if faults:
        session.fail(faults[0])
