"""``otklik sandbox``: both platforms made up on this machine, to see the whole pipeline without keys."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from otklik.cli import options, session
from otklik.cli.session import _


def run(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help=_("Workspace for the simulated data."))] = Path(
        "sandbox"
    ),
    posts: Annotated[int, typer.Option("--posts", min=20, metavar="N", help=_("New posts on each platform."))] = 60,
    hours: Annotated[float, typer.Option("--hours", min=1, metavar="N", help=_("Simulated hours."))] = 36,
    faults: Annotated[
        str, typer.Option("--faults", metavar="SCRIPT", help=_("What goes wrong, such as wall.getById=vk6*9@10."))
    ] = "",
    serve: Annotated[
        bool, typer.Option("--serve", help=_("Only serve both APIs; collect from another terminal."))
    ] = False,
    speed: Annotated[
        float, typer.Option("--speed", min=1, metavar="N", help=_("With --serve: how much faster than time."))
    ] = 60,
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, metavar="N", help=_("With --serve: the port (default: any)."))
    ] = 0,
    model: options.Model = None,
    zone: options.Zone = None,
    json: options.Json = None,
) -> None:
    """Parse, simulate, tell."""
    if serve:
        _serve(folder, posts, hours, speed, port, faults)
        return
    from otklik import collecting

    with session.progress() as move:
        done = collecting.sandbox_run(folder, posts, hours, faults, on_progress=move)
    summary = {"store": done.store, "posts": done.n_posts, "snapshots": done.n_snapshots, "calls": done.calls}
    summary |= {
        "faults": done.faults,
        "simulated": True,
        "coverage": {c.platform: c.share_tight for c in done.coverage},
    }
    if session.write_json(summary, json):
        return
    _tell(done, folder, hours)
    if done.post is not None:
        _forecast(done.post, folder, model, zone, done.until)


def _tell(done: object, folder: Path, hours: float) -> None:
    from otklik.cli.doctor import _coverage
    from otklik.collecting import SandboxRun

    assert isinstance(done, SandboxRun)
    console = session.out()
    session.tell(console, _("Simulated data."), "bold yellow")
    text = _(
        "{hours} simulated hours in {seconds} s: {posts} posts, {looks} looks, "
        "{calls} calls to both APIs on this machine.",
        hours=session.number(hours),
        seconds=session.number(done.seconds),
        posts=session.number(done.n_posts),
        looks=session.number(done.n_snapshots),
        calls=session.number(sum(done.calls.values())),
    )
    session.tell(console, text)
    if any(done.faults.values()):
        told = ", ".join(f"{what}: {n}" for what, n in done.faults.items())
        session.tell(console, _("Faults injected: {faults}", faults=told))
    for one in done.coverage:
        _coverage(one)
    session.tell(console, "\n" + _("Look further: otklik status --workspace {folder}", folder=folder))


def _forecast(post: str, folder: Path, model: Path | None, zone: str | None, until: object) -> None:
    from datetime import datetime

    from otklik import workflows
    from otklik.cli.render_forecast import render

    chosen = session.settings(workspace=folder, model=model, zone=zone)
    if not (chosen.model / "card.json").is_file() or not isinstance(until, datetime):
        return
    session.tell(session.out(), "\n" + _("A forecast of the simulated post {post}:", post=post), "bold")
    render(workflows.forecast(post, chosen.model, chosen.store, until, chosen.zone), chosen.zone)


def _serve(folder: Path, posts: int, hours: float, speed: float, port: int, faults: str) -> None:
    from otklik import collecting, workflows
    from otklik.tracking.watching import Stop

    server = collecting.sandbox_serve(posts, hours, speed, port, faults)
    try:
        workflows.init(folder)
        (folder / "otklik.toml").write_text(f'zone = "Europe/Moscow"\nsandbox = "{server.address}"\n', "utf-8")
        console = session.out()
        text = _(
            "Both APIs at {address}, {speed} times as fast as time. In another terminal:",
            address=server.address,
            speed=session.number(speed),
        )
        session.tell(console, text)
        for verb in ("track add @author1 vk:author1", "collect --watch", "status --live"):
            session.tell(console, f"  otklik {verb} --workspace {folder}")
        stop = Stop().on_signals()
        while not stop.wait(0.5):
            pass
    finally:
        server.stop()
