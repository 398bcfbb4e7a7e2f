"""``otklik teardown``: a published post of the store taken apart."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from otklik.cli import options, session
from otklik.cli.session import _
from otklik.errors import ConfigurationError

if TYPE_CHECKING:
    from otklik.teardown import Teardown


def run(
    post: Annotated[str | None, typer.Argument(metavar="[PLATFORM:POST_ID]", help=_("A post in the store."))] = None,
    example: Annotated[
        bool, typer.Option("--example", help=_("Take a made-up hit apart: simulated, no store is needed."))
    ] = False,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help=_("Write the teardown as a page."))
    ] = None,
    at: Annotated[
        str | None,
        typer.Option("--at", metavar="TIME", help=_("As of when: later looks are not used (default: now).")),
    ] = None,
    zone: options.Zone = None,
    workspace: options.Workspace = None,
    json: options.Json = None,
) -> None:
    """Parse, take apart, print."""
    chosen = session.settings(workspace=workspace, zone=zone)
    if (post is None) != example:
        raise ConfigurationError("name one of: a post such as vk:-1_42, or --example")
    as_of = session.instant(at, chosen.zone)
    found = _example(at, chosen.zone) if post is None else _of_store(post, chosen.store, as_of, chosen.zone)
    if html is not None:
        from otklik.report import teardown_page

        teardown_page.write(found, html, session.lang, is_example=example)
    if session.write_json(found.to_dict(), json):
        return
    from otklik.cli.render_teardown import render

    render(found, is_example=example)


def _of_store(post: str, store_url: str, as_of: object, zone: str) -> Teardown:
    from datetime import datetime

    from otklik.store import Store
    from otklik.teardown import tear_down

    assert as_of is None or isinstance(as_of, datetime)
    with Store.open(store_url) as store:
        return tear_down(store, post, as_of, zone)


def _example(at: str | None, zone: str) -> Teardown:
    """The documented example, in a store that is gone afterwards."""
    import tempfile

    from otklik.store import Store
    from otklik.teardown import EXAMPLE_AT, tear_down, write_example

    with tempfile.TemporaryDirectory(prefix="otklik-") as folder, Store.open(Path(folder) / "store.sqlite") as store:
        return tear_down(store, write_example(store), session.instant(at, zone) or EXAMPLE_AT, zone)
