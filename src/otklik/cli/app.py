"""The verbs put together. Their texts are read when this is imported, so the language must be known by then."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import typer

import otklik
from otklik.cli import (
    alerts,
    backtest,
    board,
    build_,
    collect,
    compare,
    demo,
    doctor,
    evaluate,
    evidence,
    experiment,
    explain,
    export,
    forecast,
    import_,
    init,
    look,
    plan,
    purge,
    report,
    sandbox,
    schedule,
    score,
    sounds,
    status,
    symbols,
    teardown,
    track,
    track_record,
    train,
    whatif,
)
from otklik.cli.options import example
from otklik.cli.session import _

VERBS: tuple[tuple[str, Callable[..., None], str, str], ...] = (
    ("init", init.run, _("Make a workspace: settings and an empty store."), "otklik init my_channel"),
    (
        "import",
        import_.run,
        _("Take posts and snapshots from files into the store."),
        "otklik import data/export",
    ),
    (
        "build",
        build_.run,
        _("Write features and labels to a Parquet file."),
        "otklik build --out features.parquet",
    ),
    ("train", train.run, _("Train a model."), "otklik train --data data/export --out models/mine"),
    (
        "backtest",
        backtest.run,
        _("Train and test on one data set, beside the baselines."),
        "otklik backtest data/export",
    ),
    (
        "evaluate",
        evaluate.run,
        _("Judge a trained model on data it never saw."),
        "otklik evaluate --model models/mine data/later",
    ),
    (
        "evidence",
        evidence.run,
        _("Put claims about posts on trial: supported, contradicted or inconclusive."),
        "otklik evidence --data data/export --html trial.html",
    ),
    (
        "score",
        score.run,
        _("Forecast what a draft will reach, before it is published."),
        "otklik score data/drafts/kazan_2100",
    ),
    (
        "whatif",
        whatif.run,
        _("What a change of a draft would do: another time, title, length, file; and the best hours."),
        'otklik whatif data/drafts/kazan_2100 --change title="..." --hours',
    ),
    (
        "compare",
        compare.run,
        _("Rank drafts of one author, or titles for one draft; ties are said as ties."),
        'otklik compare --draft data/drafts/kazan_2100 --title "..." --title "..."',
    ),
    (
        "explain",
        explain.run,
        _("What a text says of place, signs, emotion and identity, and which words say it."),
        'otklik explain --title "..."',
    ),
    (
        "look",
        look.run,
        _("What a video, a picture or a sound shows and sounds like."),
        "otklik look clip.mp4 --sheet sheet.png",
    ),
    (
        "forecast",
        forecast.run,
        _("Forecast a post that is out, from what was seen of it."),
        "otklik forecast vk:-1_42",
    ),
    (
        "teardown",
        teardown.run,
        _("Take a published post apart: counters, curve, rarity, rival explanations."),
        "otklik teardown vk:-1_42 --html teardown.html",
    ),
    (
        "export",
        export.run,
        _("Write posts, snapshots, features or an evaluation for other programs: XLSX, CSV, Parquet, JSON."),
        "otklik export posts --to posts.xlsx",
    ),
    ("board", board.run, _("A live page of followed posts, on this machine only."), "otklik board"),
    ("status", status.run, _("What the store holds and which model forecasts."), "otklik status"),
    ("demo", demo.run, _("Score the sample draft with the starter model."), "otklik demo"),
    ("collect", collect.run, _("Collect what is due: one pass, or pass after pass."), "otklik collect --watch"),
    ("plan", plan.run, _("What collecting will cost a day, before it runs."), "otklik plan --posts-a-day 200"),
    ("schedule", schedule.run, _("Print a timer that collects by itself."), "otklik schedule systemd"),
    ("doctor", doctor.run, _("Is collecting well: tokens, quota, clock, labels."), "otklik doctor"),
    ("purge", purge.run, _("Delete what the policy does not let us keep."), "otklik purge --dry-run"),
    (
        "sandbox",
        sandbox.run,
        _("Try the whole pipeline on simulated platforms, without keys."),
        "otklik sandbox",
    ),
)
TRACK: tuple[tuple[str, Callable[..., None], str, str], ...] = (
    ("add", track.add, _("Follow authors, posts or a search."), "otklik track add @kazan https://vk.com/kzn"),
    ("list", track.listed, _("What is followed."), "otklik track list"),
    ("remove", track.remove, _("Follow something no longer."), "otklik track remove @kazan"),
)
SYMBOLS: tuple[tuple[str, Callable[..., None], str, str], ...] = (
    (
        "learn",
        symbols.learn,
        _("Learn your own signs from a folder of pictures."),
        "otklik symbols learn covers --sign river_station=station_port",
    ),
    ("list", symbols.listed, _("What has been learnt."), "otklik symbols list"),
)

SOUNDS: tuple[tuple[str, Callable[..., None], str, str], ...] = (
    ("add", sounds.add, _("Add sounds, videos or folders of them."), "otklik sounds add music --author vk:-1"),
    ("list", sounds.listed, _("The sounds that are kept."), "otklik sounds list"),
    ("find", sounds.find, _("Which sounds of the library a file uses, and where."), "otklik sounds find clip.mp4"),
    ("remove", sounds.remove, _("Forget a sound."), "otklik sounds remove 7"),
)
EXPERIMENT: tuple[tuple[str, Callable[..., None], str, str], ...] = (
    (
        "new",
        experiment.new,
        _("Fix an experiment before it begins, and tell what it can find."),
        'otklik experiment new sign --author vk:-1 --variants "with sign" "without sign" --effect 50%',
    ),
    (
        "assign",
        experiment.assign,
        _("Draw the variant of the next post, or tell which post came of it."),
        'otklik experiment assign sign --post-plan "Kazan 2100"',
    ),
    (
        "result",
        experiment.result,
        _("Effects, intervals and, when the plan is fulfilled, a verdict."),
        "otklik experiment result sign",
    ),
    ("list", experiment.listed, _("The experiments there are."), "otklik experiment list"),
)

ALERTS: tuple[tuple[str, Callable[..., None], str, str], ...] = (
    ("check", alerts.check, _("Check the rules now and deliver what is news."), "otklik alerts check --dry-run"),
    ("test", alerts.try_out, _("Deliver a test message to every channel."), "otklik alerts test"),
    ("example", alerts.example, _("Print an alerts.yaml to begin with."), "otklik alerts example > alerts.yaml"),
)
REPORT: tuple[tuple[str, Callable[..., None], str, str], ...] = (
    (
        "corpus",
        report.corpus,
        _("All posts: typical bands, hours, what works, how well it was seen."),
        "otklik report corpus --html corpus.html",
    ),
    (
        "author",
        report.author,
        _("One author: the last posts against the usual, hours, what works."),
        "otklik report author youtube:UC... --html author.html",
    ),
    (
        "model",
        report.model,
        _("A model's card: what it learned from, how good and how honest it was."),
        "otklik report model --html model.html",
    ),
)
TRACK_RECORD: tuple[tuple[str, Callable[..., None], str, str], ...] = (
    ("link", track_record.link, _("Say which post came of a draft."), "otklik track-record link 7 vk:-1_42"),
    ("unlink", track_record.unlink, _("Take the post of a draft back."), "otklik track-record unlink 7"),
)


GROUPS: tuple[tuple[str, str, str, tuple[tuple[str, Callable[..., None], str, str], ...]], ...] = (
    ("track", _("What is followed: authors, posts, searches."), "otklik track add @kazan", TRACK),
    (
        "symbols",
        _("Signs of a region that the picture classifier does not know."),
        "otklik symbols learn covers",
        SYMBOLS,
    ),
    ("sounds", _("The library of sounds that new ones are compared with."), "otklik sounds find clip.mp4", SOUNDS),
    (
        "experiment",
        _("Experiments: variants drawn by chance, the clean test."),
        "otklik experiment result sign",
        EXPERIMENT,
    ),
    (
        "alerts",
        _("Rules that tell when a post takes off or collecting falls behind."),
        "otklik alerts check --dry-run",
        ALERTS,
    ),
    (
        "report",
        _("Reports that a person keeps: a corpus, an author, a model."),
        "otklik report corpus --html corpus.html",
        REPORT,
    ),
)


def build() -> Any:
    """The command line as a callable."""
    app = typer.Typer(
        help=_("otklik: forecasts of what a video post will reach, with reasons and honest intervals."),
        epilog=example("otklik score data/drafts/kazan_2100"),
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode="rich",
        context_settings={"help_option_names": ["--help"]},
    )
    app.callback()(_root)
    for name, run, text, line in VERBS:
        app.command(name, help=text, epilog=example(line))(run)
    for group, about, sample, verbs in GROUPS:
        some = typer.Typer(help=about, no_args_is_help=True)
        for name, run, text, line in verbs:
            some.command(name, help=text, epilog=example(line))(run)
        app.add_typer(some, name=group, epilog=example(sample))
    app.add_typer(_remembered(), name="track-record", epilog=example("otklik track-record"))
    return app


def _remembered() -> Any:
    """``track-record`` tells by itself, and has verbs beside."""
    about = _("How good the remembered forecasts were, and which posts came of drafts.")
    some = typer.Typer(help=about, invoke_without_command=True)
    some.callback()(track_record.run)
    for name, run, text, line in TRACK_RECORD:
        some.command(name, help=text, epilog=example(line))(run)
    return some


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"otklik {otklik.__version__}")
        raise typer.Exit


def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help=_("Show the version."))
    ] = False,
) -> None:
    """What stands before the verb."""
