"""`winset ledger`."""

from __future__ import annotations

import errno
import os
import shlex
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console

from winset.analyses import wording
from winset.case.ledger import Ledger, add_entry, owed_in, read_ledger
from winset.case.model import Case
from winset.commands.speak import say
from winset.errors import WinsetError
from winset.formats import load_case
from winset.formats.catalogue import catalogue
from winset.report import ledger as page
from winset.report import overview, terminal

PACKAGE = Path(__file__).resolve().parent.parent
_LOCKED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


class Unwritable(WinsetError):
    """A place where no ledger can be kept; says the way out."""


def add(
    name: str,
    console: Console,
    given: Mapping[str, object],
    file: str | None = None,
    signed: str | None = None,
) -> None:
    """Add an entry, of which `given` are the keys, to the ledger of a case; say what it comes to."""
    case = load_case(name)
    path = place_of(name, file)
    _refuse_locked(path, name, file)
    entry = {key: value for key, value in given.items() if value is not None}
    try:
        ledger = add_entry(path, case, entry, signed=signed)
    except OSError as error:
        if error.errno in _LOCKED:
            raise _unwritable(path, name, file) from None
        raise
    say(console, f"Written: {path}")
    for line in _what_it_comes_to(case, ledger):
        say(console, line)


def show(name: str, console: Console, file: str | None = None) -> None:
    """List what was delivered by the ledger of a case, and what is due next."""
    case = load_case(name)
    owed_in(case)
    path = place_of(name, file)
    if file is None and not path.exists():
        say(console, f"There is no ledger at {path} yet: nothing is reported.\n")
        ledger = Ledger(ledger=1, case=case.id or name)
    else:
        ledger = read_ledger(path, case)
    terminal.print_sections(console, overview.heading(case), page.sections(case, ledger))


def place_of(name: str, file: str | None = None) -> Path:
    """Where the ledger of the case called `name` lies: beside it, unless `file` says where."""
    if file is not None:
        return Path(file)
    place = Path(name)
    if not place.exists():
        place = catalogue()[name]
    if place.is_dir():
        return place / "ledger.yaml"
    return place.with_name("ledger.yaml" if place.name == "case.yaml" else f"{place.stem}.ledger.yaml")


def _refuse_locked(path: Path, name: str, file: str | None) -> None:
    """No ledger goes into the installed package, where the next version would take it away."""
    installed = file is None and PACKAGE in path.resolve().parents
    there = path if path.exists() else path.parent
    if installed or (there.exists() and not os.access(there, os.W_OK)):
        raise _unwritable(path, name, file)


def _unwritable(path: Path, name: str, file: str | None) -> Unwritable:
    way_out = "name another file with --file"
    if file is None:
        words = shlex.join(["winset", "convert", name, f"{Path(name).stem}.yaml"])
        way_out = f"copy the case first ({words}), or name a file with --file"
    return Unwritable(f"{path}: no ledger can be written there; {way_out}")


def _what_it_comes_to(case: Case, ledger: Ledger) -> list[str]:
    """The lots of the last entry's obligation, and a hint where the same lots may be told of twice."""
    entry, tally = ledger.entries[-1], ledger.tally()
    name = entry.obligation
    told = (f"{tally[name, how]} {how}" for how in ("verified", "alleged", "disputed") if tally[name, how])
    lots = wording.counted(owed_in(case)[name].lots, "lot")
    lines = [f"'{name}', {lots} owed: {', '.join(told) or 'none delivered'}"]
    open_entries = [
        str(number)
        for number, (other, left) in enumerate(zip(ledger.entries, ledger.left(), strict=True), 1)
        if other.obligation == name and other.as_ == "alleged" and left
    ]
    if entry.lots and entry.as_ != "alleged" and entry.settles is None and open_entries:
        lines.append(
            f"Alleged lots of it are counted beside these (entry {wording.joined(open_entries)}); where this "
            f"report tells of the same lots, add `settles: {open_entries[-1]}` to it in the ledger"
        )
    return lines
