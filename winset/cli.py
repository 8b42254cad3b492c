"""The command line: words in, exit codes out (0 fine, 1 faults in the case, 2 wrong usage)."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from types import ModuleType
from typing import Annotated

import typer
from rich.console import Console

import winset
from winset.errors import CaseError, LimitExceeded, NotApplicable, WinsetError

WIDTH_WITHOUT_TERMINAL = 110

app = typer.Typer(
    help="What could they sign, would home ratify it, would each side keep it, and what would move it?",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

CaseName = Annotated[
    str, typer.Argument(metavar="CASE", help="A case file, its folder, or a catalogue name.")
]
Extended = Annotated[bool, typer.Option("--extended", help="Take the case's extended issues into play.")]


def _command(name: str) -> ModuleType:
    """The module that does a command's work, imported when it is asked for: `--help` must be quick."""
    return import_module(f"winset.commands.{name}")


def _console() -> Console:
    width = None if sys.stdout.isatty() or "COLUMNS" in os.environ else WIDTH_WITHOUT_TERMINAL
    return Console(width=width)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"winset {winset.__version__}")
        raise typer.Exit


@app.callback()
def _about(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True)] = False,
) -> None:
    pass


@app.command()
def check(
    names: Annotated[list[str], typer.Argument(metavar="CASE...", help="Case files or catalogue names.")],
) -> None:
    """Check case files: every fault at once, each with its place and the way out."""
    _command("check").run(names, _console())


@app.command()
def show(
    name: CaseName,
    package: Annotated[
        str | None, typer.Option(metavar="ISSUE=OPTION,...", help="Print the arithmetic of this package.")
    ] = None,
    text: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Start the package from this text of the case.")
    ] = None,
    extended: Extended = False,
) -> None:
    """Show what a case says; with a package, the sums behind every yes and no."""
    _command("show").run(name, _console(), package, text, extended=extended)


@app.command()
def analyse(
    name: CaseName,
    only: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Only this analysis; repeatable.")
    ] = None,
    html: Annotated[
        str | None, typer.Option(metavar="FILE", help="Write a report to hand up; - for standard output.")
    ] = None,
    json: Annotated[
        str | None, typer.Option(metavar="FILE", help="Write the results as JSON; - for standard output.")
    ] = None,
    package: Annotated[
        str | None,
        typer.Option(metavar="ISSUE=OPTION,...", help="Say what stands in the way of this package too."),
    ] = None,
    per_point: Annotated[
        float | None, typer.Option(metavar="COST", help="Cost of a walk-away's point in a repair (1).")
    ] = None,
    per_line: Annotated[
        float | None, typer.Option(metavar="COST", help="Cost of a lifted red line in a repair (10).")
    ] = None,
    target: Annotated[
        float | None,
        typer.Option(metavar="CHANCE", help="What chance of a home side payments should reach (0.9)."),
    ] = None,
    method: Annotated[
        str | None,
        typer.Option(metavar="METHOD", help="enumerate or search; default: by the number of packages."),
    ] = None,
    draws: Annotated[
        int | None,
        typer.Option(metavar="N", help="Draw every estimate and red line N times, and say what follows."),
    ] = None,
    seed: Annotated[int | None, typer.Option(metavar="S", help="Where draws start (0).")] = None,
    rho: Annotated[
        float | None,
        typer.Option(
            metavar="R", help="How a side's walk-aways and red lines hang together, 0 to 0.99 (0.5)."
        ),
    ] = None,
    jobs: Annotated[int | None, typer.Option(metavar="J", help="Processes for the draws (1).")] = None,
    cluster: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Draw on the Dask cluster with this scheduler.")
    ] = None,
    lever: Annotated[
        list[str] | None,
        typer.Option(
            metavar="WORDS",
            help="Judge this lever too; repeatable: 'settle ISSUE=OPTION', 'shift FACTION by POINTS', "
            "'lift FACTION RED_LINE to CHANCE', 'add ISSUE.OPTION: FACTION=SCORE, ...'.",
        ),
    ] = None,
    ledger: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Judge what remains of the exchange after this ledger."),
    ] = None,
    margin: Annotated[
        float | None,
        typer.Option(metavar="SHARE", help="Least slack of a design, as a share of a side's gain (0.05)."),
    ] = None,
    tranches: Annotated[
        int | None,
        typer.Option(metavar="T", help="Up to how many tranches a design's guarantees are sought (8)."),
    ] = None,
    read_by: Annotated[
        str | None, typer.Option(metavar="SIDE", help="Whose reading of the order a design keeps to.")
    ] = None,
    extended: Extended = False,
) -> None:
    """Analyse a case: what could they sign, who says no, would home ratify it and who could stop it there.

    With --draws also how far that rests on the numbers, what to ask about first, and what would move it.
    """
    if html is not None and html == json:
        raise typer.BadParameter("--html and --json cannot go to the same place")
    settings = {
        "per_point": per_point,
        "per_line": per_line,
        "target": target,
        "method": method,
        "draws": draws,
        "seed": seed,
        "rho": rho,
        "jobs": jobs,
        "cluster": cluster,
        "levers": lever or None,
        "ledger": ledger,
        "margin": margin,
        "tranches": tranches,
        "read_by": read_by,
    }
    given = {key: value for key, value in settings.items() if value is not None}
    files = {"json": json, "html": html}
    if extended:
        given["extended"] = True
    _command("analyse").run(name, _console(), only or [], files, package, **given)


@app.command()
def convert(
    source: Annotated[str, typer.Argument(metavar="SRC", help="A case or scenario in any known format.")],
    target: Annotated[str, typer.Argument(metavar="DST", help="The new file, or the new folder.")],
    to: Annotated[
        str | None,
        typer.Option(metavar="FORMAT", help="winset, genius, geniusweb or negolog; needed for a folder."),
    ] = None,
    lossy: Annotated[
        bool, typer.Option("--lossy", help="Write what the format can hold, and say what is lost.")
    ] = False,
) -> None:
    """Convert a case to another format; what that cannot hold is refused, or with --lossy reported."""
    _command("convert").run(source, target, _console(), Console(stderr=True), to, lossy=lossy)


@app.command()
def schema(
    page: Annotated[bool, typer.Option("--page", help="The reference page in Markdown instead.")] = False,
) -> None:
    """Print the JSON Schema of the case file, for editors."""
    _command("schema").run(page=page)


# What starts with a minus may be a weight below 0: it is refused in words, not as an unknown option.
@app.command(context_settings={"ignore_unknown_options": True})
def power(
    weights: Annotated[
        list[str], typer.Argument(metavar="WEIGHT...", help="The players' weights: 32, 14.5 or 2/3.")
    ],
    quota: Annotated[
        str, typer.Option(metavar="WEIGHT", help="The yes weight that passes it, in the unit of the weights.")
    ],
    more_than: Annotated[
        bool, typer.Option("--more-than", help="It takes more than the quota; default: at least.")
    ] = False,
    names: Annotated[
        str | None, typer.Option(metavar="NAME,...", help="The players' names, in the order of weights.")
    ] = None,
    json: Annotated[
        str | None, typer.Option(metavar="FILE", help="Write the indices as JSON; - for standard output.")
    ] = None,
) -> None:
    """Say how much power each player of a weighted vote has, by the rule alone: no case is needed."""
    _command("power").run(quota, weights, _console(), names, json, more_than=more_than)


@app.command()
def cases() -> None:
    """List the catalogue: real negotiations that come with winset."""
    _command("cases").run(_console())


LedgerFile = Annotated[
    str | None, typer.Option("--file", metavar="FILE", help="The ledger; default: a file beside the case.")
]

ledger = typer.Typer(help="Keep a ledger of what was delivered after signing.", no_args_is_help=True)
app.add_typer(ledger, name="ledger")


@ledger.callback()
def _ledger_of(context: typer.Context, name: CaseName) -> None:
    context.obj = name


@ledger.command("add")
def ledger_add(
    context: typer.Context,
    obligation: Annotated[str, typer.Argument(metavar="OBLIGATION", help="Its id in the case.")],
    lots: Annotated[
        int | None, typer.Option(metavar="N", help="Lots delivered; without them, say --status.")
    ] = None,
    day: Annotated[int | None, typer.Option(metavar="D", help="Days from the signature.")] = None,
    date: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="The day as a date, in place of --day.")
    ] = None,
    reported_by: Annotated[str | None, typer.Option(metavar="SIDE", help="The side that says so.")] = None,
    status: Annotated[
        int | None,
        typer.Option(
            metavar="0..3", help="How the obligation stands: 0 not begun, 1 begun, 2 in part, 3 done."
        ),
    ] = None,
    standing: Annotated[
        str, typer.Option("--as", metavar="HOW", help="alleged, verified or disputed.")
    ] = "alleged",
    settles: Annotated[
        int | None,
        typer.Option(metavar="ENTRY", help="Number of the entry whose lots are verified or disputed here."),
    ] = None,
    source: Annotated[str | None, typer.Option(metavar="TEXT", help="Where it is known from.")] = None,
    note: Annotated[str | None, typer.Option(metavar="TEXT", help="Anything a reader should know.")] = None,
    signed: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="Day of signature, for a new ledger.")
    ] = None,
    file: LedgerFile = None,
) -> None:
    """Add an entry to the ledger; nothing that stands in it is changed."""
    entry = {
        "obligation": obligation,
        "lots": lots,
        "day": day,
        "date": date,
        "reported_by": reported_by,
        "status": status,
        "as": standing,
        "settles": settles,
        "source": source,
        "note": note,
    }
    _command("ledger").add(context.obj, _console(), entry, file, signed)


@ledger.command("list")
def ledger_list(context: typer.Context, file: LedgerFile = None) -> None:
    """List what was delivered, by whose word, and what is due next."""
    _command("ledger").show(context.obj, _console(), file)


def main() -> None:
    """Run the command line; errors are sentences on standard error, never tracebacks."""
    # numpy would start a pool of threads that nothing here uses, and that costs a tenth of a second.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        app()
    except BrokenPipeError:
        # The reader of a pipe has left: nothing more to say, and nothing for Python to flush.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (CaseError, LimitExceeded, NotApplicable) as error:
        _fail(str(error), 1)
    except WinsetError as error:
        _fail(f"winset: {error}", 2)
    except OSError as error:
        _fail(f"winset: {error.filename or 'file'}: {(error.strerror or str(error)).lower()}", 2)


def _fail(message: str, code: int) -> None:
    typer.echo(message, err=True)
    if code == 1 and message.count("\n") >= 1:
        typer.echo(f"{message.count(chr(10)) + 1} faults", err=True)
    sys.exit(code)
