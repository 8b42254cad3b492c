"""Checks on the exchange: that every name is borne by something, and that numbers fit what they are about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

from winset.case.checks.finding import ANYTHING, Finding, unknown
from winset.case.exchange import ByOption, Exchange, Obligation, Worth
from winset.case.model import Case
from winset.case.table import sides
from winset.case.yaml12 import Path

HERE: Path = ("exchange",)


def unknown_in_exchange(case: Case) -> Iterator[Finding]:
    """The exchange names sides, obligations, issues and options that exist."""
    exchange = case.exchange
    if exchange is None:
        return
    everybody = tuple(sides(case))
    for path, name in _sides_named(exchange):
        if name not in everybody:
            yield unknown(path, "party or mediator", name, everybody, ("parties", name), ("mediators", name))
    for path, name in _obligations_named(exchange):
        if name not in exchange.obligations:
            about: Path = (*HERE, "obligations", name)
            yield unknown(path, "obligation", name, exchange.obligations, about)
    for issue, option in exchange.package.items():
        yield from _settled(case, (*HERE, "package", issue), issue, option)
    for name, schedule in exchange.schedules.items():
        for issue, option in schedule.package.items():
            yield from _settled(case, (*HERE, "schedules", name, "package", issue), issue, option)


def _settled(case: Case, path: Path, issue: str, option: str) -> Iterator[Finding]:
    if issue not in case.issues:
        yield unknown(path, "issue", issue, case.issues, ("issues", issue))
    elif option not in case.issues[issue].options:
        about: Path = ("issues", issue, "options", option)
        yield unknown(path, f"option of '{issue}'", option, case.issues[issue].options, about)


def _sides_named(exchange: Exchange) -> Iterator[tuple[Path, str]]:
    for name, owed in exchange.obligations.items():
        path: Path = (*HERE, "obligations", name)
        yield (*path, "by"), owed.by
        yield from (((*path, "worth", side), side) for side in owed.worth)
        if owed.verifier is not None:
            yield (*path, "verifier"), owed.verifier
        for i, needed in enumerate(owed.after):
            yield from (((*path, "after", i, "as_read_by"), side) for side in needed.as_read_by)
    for key in ("fallbacks", "closing", "guarantees", "discount", "stalling"):
        yield from (((*HERE, key, side), side) for side in getattr(exchange, key))
    for side, guarantee in exchange.guarantees.items():
        if guarantee.by is not None:
            yield (*HERE, "guarantees", side, "by"), guarantee.by
    if exchange.monitoring.by is not None:
        yield (*HERE, "monitoring", "by"), exchange.monitoring.by
    for name, schedule in exchange.schedules.items():
        for i, step in enumerate(schedule.steps):
            yield from (((*HERE, "schedules", name, "steps", i, "by"), side) for side in step.by)


def _obligations_named(exchange: Exchange) -> Iterator[tuple[Path, str]]:
    for name, owed in exchange.obligations.items():
        for i, needed in enumerate(owed.after):
            yield (*HERE, "obligations", name, "after", i), needed.obligation
    for side, fallback in exchange.fallbacks.items():
        yield from (((*HERE, "fallbacks", side, "moves", name), name) for name in fallback.moves)
    for name, schedule in exchange.schedules.items():
        for i, step in enumerate(schedule.steps):
            path: Path = (*HERE, "schedules", name, "steps", i, "does")
            yield from (((*path, owed), owed) for owed in step.does)


def amounts_by_unknown_options(case: Case) -> Iterator[Finding]:
    """A number that depends on an issue is given for each of its options."""
    for path, amount in _amounts(case.exchange):
        if amount.by not in case.issues:
            yield unknown((*path, "by"), "issue", amount.by, case.issues, ("issues", amount.by))
            continue
        options = case.issues[amount.by].options
        for option in amount.options:
            if option not in options:
                about: Path = ("issues", amount.by, "options", option)
                yield unknown((*path, option), f"option of '{amount.by}'", option, options, about)
        for option in options:
            if option not in amount.options:
                message = f"no points for the option '{option}' of '{amount.by}'"
                yield Finding(path, message, f"add `{option}: points`", ((*path, option),))


def options_left_open(case: Case) -> Iterator[Finding]:
    """What numbers depend on is settled by the text on the table, by the exchange, or by all schedules."""
    if case.exchange is None:
        return
    draft = case.texts.get(case.on_the_table or "")
    text = draft.package if draft is not None else {}
    packages = [set(schedule.package) for schedule in case.exchange.schedules.values()]
    supposed = set.intersection(*packages) if packages else set()
    open_issues: set[str] = set()
    for path, amount in _amounts(case.exchange):
        settled = amount.by in text or amount.by in case.exchange.package or amount.by in supposed
        if amount.by in case.issues and not settled and amount.by not in open_issues:
            open_issues.add(amount.by)
            message = f"depends on '{amount.by}', left open by text on the table and `exchange.package`"
            options = ", ".join(case.issues[amount.by].options)
            yield Finding(path, message, f"add `package: {{{amount.by}: ...}}` to the exchange ({options})")


def _amounts(exchange: Exchange | None) -> Iterator[tuple[Path, ByOption]]:
    if exchange is None:
        return
    found: list[tuple[Path, object]] = []
    for name, owed in exchange.obligations.items():
        found += [((*HERE, "obligations", name, "worth", side), worth) for side, worth in owed.worth.items()]
    for side, fallback in exchange.fallbacks.items():
        found.append(((*HERE, "fallbacks", side, "base"), fallback.base))
        found += [((*HERE, "fallbacks", side, "moves", n), moved) for n, moved in fallback.moves.items()]
    found += [((*HERE, "closing", side), amount) for side, amount in exchange.closing.items()]
    found += [((*HERE, "guarantees", s, "points"), given.points) for s, given in exchange.guarantees.items()]
    yield from ((path, amount) for path, amount in found if isinstance(amount, ByOption))


def worth_of_other_lots(case: Case) -> Iterator[Finding]:
    """Worth that is given lot by lot is given for each lot."""
    for name, owed in _obligations(case):
        for side, worth in owed.worth.items():
            if isinstance(worth, Worth) and len(worth.cumulative) != owed.lots:
                message = f"gives the worth of {len(worth.cumulative)} lots where there are {owed.lots}"
                path: Path = (*HERE, "obligations", name, "worth", side, "cumulative")
                about = ((*HERE, "obligations", name, "lots"), (*path, ANYTHING))
                yield Finding(path, message, "give one number for each lot, summed up", about)


def _obligations(case: Case) -> Iterator[tuple[str, Obligation]]:
    yield from (case.exchange.obligations if case.exchange is not None else {}).items()


def prerequisites_in_a_circle(case: Case) -> Iterator[Finding]:
    """As any one side reads it, no obligation waits for itself."""
    owed = dict(_obligations(case))
    for reader in (None, *sides(case)):
        needs = {name: tuple(_needs(one, reader)) for name, one in owed.items()}
        circle = _circle(needs)
        if circle:
            who = "" if reader is None else f" as '{reader}' reads it"
            text = " after ".join((*circle, circle[0]))
            path: Path = (*HERE, "obligations", circle[0], "after")
            yield Finding(path, f"waits for itself{who}: {text}", "take one of these prerequisites out")
            return


def _needs(owed: Obligation, reader: str | None) -> Iterator[str]:
    for needed in owed.after:
        if not needed.as_read_by or reader in needed.as_read_by:
            yield needed.obligation


def _circle(needs: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Obligations that wait for each other in a ring; none where there is no ring."""
    done: set[str] = set()

    def seek(name: str, way: tuple[str, ...]) -> tuple[str, ...]:
        if name in way:
            return way[way.index(name) :]
        if name in done:
            return ()
        for other in needs.get(name, ()):
            found = seek(other, (*way, name))
            if found:
                return found
        done.add(name)
        return ()

    return next(filter(None, (seek(name, ()) for name in needs)), ())


def exchange_numbers_out_of_range(case: Case) -> Iterator[Finding]:
    """Days go forward, prerequisites ask for lots that there are, guarantees and errors have a sign."""
    exchange = case.exchange
    if exchange is None:
        return
    for name, owed in exchange.obligations.items():
        path: Path = (*HERE, "obligations", name)
        if owed.latest is not None and owed.latest < owed.earliest:
            message = f"the last day {owed.latest} is before the first, {owed.earliest}"
            yield Finding((*path, "latest"), message, "swap the days")
        for i, needed in enumerate(owed.after):
            there = (
                exchange.obligations[needed.obligation].lots
                if needed.obligation in exchange.obligations
                else None
            )
            if there is not None and needed.lots is not None and needed.lots > there:
                message = f"asks for {needed.lots} lots of '{needed.obligation}', which has {there}"
                lots: Path = (*HERE, "obligations", needed.obligation, "lots")
                yield Finding((*path, "after", i), message, f"write at most {there}", (lots,))
    for side, guarantee in exchange.guarantees.items():
        points = guarantee.points
        given = points.options.items() if isinstance(points, ByOption) else [("", points)]
        for option, amount in given:
            if amount.low < 0:
                where: Path = (*HERE, "guarantees", side, "points", *([option] if option else []))
                yield Finding(where, f"{amount.low:g} is less than 0", "write 0 or more points")
    if exchange.noise.low <= 0:
        yield Finding((*HERE, "noise"), f"{exchange.noise.low:g} is not above 0", "write more than 0 points")
    for i, (one, other) in enumerate(pairwise(exchange.hazard)):
        if other.from_ <= one.from_:
            message = f"day {other.from_} does not come after day {one.from_}"
            yield Finding((*HERE, "hazard", i + 1, "from"), message, "order the rates by their first day")
