"""The checks that a ledger must pass: against its case, and entry against entry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial

from winset.case.checks.finding import Check, Finding, unknown
from winset.case.ledger.model import STATUS, Entry, Ledger, Standing, owed_in
from winset.case.model import Case
from winset.case.table import sides
from winset.case.yaml12 import Path
from winset.errors import clip

Find = Callable[[Ledger, Case], Iterator[Finding]]


def checks_on(ledger: Ledger, case: Case, *, whole: bool) -> tuple[Check, ...]:
    """The checks to run. Of another case's ledger nothing else is said; entries are held against each other
    where the ledger is `whole`, with none of them left out."""
    finds: tuple[Find, ...] = (*EACH, *TOGETHER) if whole else EACH
    if any(of_another_case(ledger, case)):
        finds = (of_another_case,)
    return tuple(
        Check(find.__name__, (find.__doc__ or "").strip(), "error", partial(find, ledger)) for find in finds
    )


def of_another_case(ledger: Ledger, case: Case) -> Iterator[Finding]:
    """The ledger is this case's."""
    if case.id and ledger.case != case.id:
        message = f"is the ledger of '{clip(ledger.case)}', and this case is '{case.id}'"
        yield Finding(("case",), message, f"name its own case, or write `case: {case.id}` if it is the same")


def unknown_in_ledger(ledger: Ledger, case: Case) -> Iterator[Finding]:
    """Entries name obligations and sides of the case."""
    owed, everybody = owed_in(case), tuple(sides(case))
    for i, entry in enumerate(ledger.entries):
        path: Path = ("entries", i, "obligation")
        if entry.obligation not in owed:
            yield unknown(path, "obligation", entry.obligation, owed, path)
        if entry.reported_by is not None and entry.reported_by not in everybody:
            yield unknown(("entries", i, "reported_by"), "party or mediator", entry.reported_by, everybody)


def days_that_cannot_be(ledger: Ledger, case: Case) -> Iterator[Finding]:
    """An entry has a day or a date, on or after the signature."""
    for i, entry in enumerate(ledger.entries):
        path: Path = ("entries", i)
        about = ((*path, "day"), (*path, "date"))
        if entry.day is not None and entry.date is not None:
            yield Finding((*path, "date"), "stands beside `day`, which says the same", "keep one of the two")
        elif entry.date is None:
            if entry.day is None:
                way_out = "add `day:`, counted from the signature, or `date:`"
                yield Finding(path, "does not say on which day", way_out, about)
        elif ledger.signed is None:
            message = f"{entry.date} cannot be counted: the ledger does not say when it was signed"
            way_out = "add `signed: YYYY-MM-DD` to its head, or write `day:`"
            yield Finding((*path, "date"), message, way_out, (("signed",),))
        elif entry.date < ledger.signed:
            message = f"{entry.date} is before the signature on {ledger.signed}"
            yield Finding((*path, "date"), message, "mend the date, or `signed`")


def reports_of_nothing(ledger: Ledger, case: Case) -> Iterator[Finding]:
    """An entry says what was delivered or how the obligation stands, and the two agree."""
    for i, entry in enumerate(ledger.entries):
        path: Path = ("entries", i)
        if entry.lots is None and entry.status is None:
            about = ((*path, "lots"), (*path, "status"))
            message = "says neither how many lots were delivered nor how it stands"
            yield Finding(path, message, "add `lots:`, or `status:`", about)
        elif entry.lots is not None and entry.status == 0:
            message = f"0 ({STATUS[0]}) does not go with lots that were delivered"
            yield Finding((*path, "status"), message, "take one of the two out")


def settled_out_of_turn(ledger: Ledger, case: Case) -> Iterator[Finding]:
    """An entry that settles another stands below it and tells anew of no more lots than it has left."""
    left: list[int] = []
    for i, entry in enumerate(ledger.entries):
        left.append(entry.lots or 0)
        if entry.settles is None:
            continue
        yield from _unsettled(ledger, i, left)
        if _settled(ledger, i) is not None:
            left[entry.settles - 1] -= entry.lots or 0


def _unsettled(ledger: Ledger, i: int, left: list[int]) -> Iterator[Finding]:
    entry, path = ledger.entries[i], ("entries", i)
    number = entry.settles or 0
    here: Path = (*path, "settles")
    if number > i:
        way_out = f"name one above, from 1 to {i}" if i else "take it out of the first entry"
        yield Finding(here, f"entry {number} does not stand above this one", way_out)
    elif _settled(ledger, i) is None:
        other = ledger.entries[number - 1].obligation
        message = f"entry {number} is about '{clip(other)}', this one about '{clip(entry.obligation)}'"
        about: Path = ("entries", number - 1, "obligation")
        yield Finding(here, message, "name an entry about the same", (about, (*path, "obligation")))
    elif entry.lots is None:
        message = f"does not say how many lots of entry {number} it tells of"
        yield Finding(here, message, "add `lots:`", ((*path, "lots"),))
    elif entry.lots > left[number - 1]:
        lots = ("entries", number - 1, "lots")
        message = f"tells of {entry.lots} lots, and entry {number} has {left[number - 1]} left to settle"
        yield Finding(here, message, "put lots beyond these in an entry of their own", (lots,))


def _settled(ledger: Ledger, i: int) -> Entry | None:
    """The entry that entry `i` settles, where it can."""
    entry = ledger.entries[i]
    if entry.settles is None or entry.settles > i:
        return None
    other = ledger.entries[entry.settles - 1]
    return other if other.obligation == entry.obligation else None


def more_than_there_is(ledger: Ledger, case: Case) -> Iterator[Finding]:
    """No more lots are delivered than are owed; what is disputed was perhaps not delivered."""
    owed = owed_in(case)
    tally: Counter[tuple[str, Standing]] = Counter()
    for i, entry in enumerate(ledger.entries):
        name, lots, other = entry.obligation, entry.lots or 0, _settled(ledger, i)
        if name not in owed or (entry.settles is not None and other is None):
            continue
        before = tally[name, "verified"] + tally[name, "alleged"]
        if other is not None:
            tally[name, other.as_] -= lots
        tally[name, entry.as_] += lots
        total = tally[name, "verified"] + tally[name, "alleged"]
        most = owed[name].lots
        if lots > most:
            message = f"{lots} lots of '{name}' are more than there are, {most}"
            yield Finding(("entries", i, "lots"), message, f"write at most {most}")
        elif before <= most < total:
            yield _too_many(ledger, i, total, most)


def _too_many(ledger: Ledger, i: int, total: int, most: int) -> Finding:
    entry = ledger.entries[i]
    above = [k for k in range(i) if ledger.entries[k].obligation == entry.obligation]
    counted = [k + 1 for k in above if ledger.entries[k].lots and ledger.entries[k].as_ != "disputed"]
    message = f"this brings '{entry.obligation}' to {total} lots delivered, of {most}"
    way_out = "mend the lots"
    if entry.settles is None:
        way_out += f", or add `settles: {counted[-1]}` if entry {counted[-1]} tells of the same lots"
    about = tuple(("entries", k, key) for k in (*above, i) for key in ("lots", "as", "settles"))
    return Finding(("entries", i, "lots"), message, way_out, about)


EACH: tuple[Find, ...] = (unknown_in_ledger, days_that_cannot_be, reports_of_nothing)
TOGETHER: tuple[Find, ...] = (settled_out_of_turn, more_than_there_is)
