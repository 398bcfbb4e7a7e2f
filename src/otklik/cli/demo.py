"""``otklik demo``: the sample draft through the starter model."""

from __future__ import annotations

from pathlib import Path

from otklik.cli import options, session
from otklik.cli.session import _
from otklik.errors import ConfigurationError

SAMPLE = Path("data/drafts/kazan_2100")


def run(model: options.Model = None, json: options.Json = None) -> None:
    """Find, score, print."""
    from otklik import explaining, workflows
    from otklik.cli.render_forecast import render
    from otklik.dataset.drafts import read_draft

    chosen = session.settings(model=model)
    source = Path(__file__).resolve().parents[3]
    sample = next((folder / SAMPLE for folder in (Path(), source) if (folder / SAMPLE).is_dir()), None)
    if sample is None:
        raise ConfigurationError("the sample draft {path} is not here: run this in otklik's source folder", path=SAMPLE)
    found = workflows.score(read_draft(sample, chosen.zone).draft, chosen.model, None, chosen.zone)
    content = explaining.explain_draft(sample, tag_names=False)
    if session.write_json({**found.to_dict(), "content": content.formula.to_dict()}, json):
        return
    session.tell(session.out(), _("The sample draft: its author and history are invented for the example."), "dim")
    render(found, chosen.zone, content)
