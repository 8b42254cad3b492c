"""Who owes what, in words: the matrix of obligations, the annex to a text, and how sides read its order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from winset.analyses import wording
from winset.analyses.exchange.answers import Breach, ExchangeResult
from winset.analyses.sections import Cell, Note, Part, Section, Table, Verdict
from winset.case import table
from winset.case.exchange import ByOption, Exchange, Obligation, Worth, Worths
from winset.case.model import Case


def matrix(case: Case, result: ExchangeResult) -> Section:
    """Every obligation with what it is worth to each side."""
    exchange = _exchange(case)
    sides = [
        side for side in result.parties if any(side in owed.worth for owed in exchange.obligations.values())
    ]
    heads = (
        "Obligation",
        "By",
        "Lots",
        *(f"Worth to {table.name_of(case, side)}" for side in sides),
        "Taken back",
    )
    rows: list[tuple[Cell, ...]] = [
        (
            f"{name}: {owed.what}",
            table.name_of(case, owed.by),
            f"{owed.lots:,}" + (f" ({owed.unit})" if owed.unit and owed.lots > 1 else ""),
            *(_worth(owed.worth.get(side), result) for side in sides),
            wording.percents(owed.reversible.low, owed.reversible.high),
        )
        for name, owed in exchange.obligations.items()
    ]
    note = Note(
        "Worth in each side's own points, all lots together, as the case judges it; costs are below 0. Steps "
        "and charts call obligations by their ids."
    )
    return Section("Who owes what", (note, Table(heads, tuple(rows), "Obligations")))


def _exchange(case: Case) -> Exchange:
    assert case.exchange is not None  # there is no result without one
    return case.exchange


def _worth(worth: Worths | None, result: ExchangeResult) -> str:
    match worth:
        case None:
            return ""
        case Worth():
            last = worth.cumulative[-1]
            return wording.span_around(last.low, last.point, last.high)
        case ByOption():
            if worth.by not in result.settled:  # only schedules suppose how it is settled
                return f"by {worth.by}"
            found = worth.options[result.settled[worth.by]]
            return wording.span_around(found.low, found.point, found.high)
        case _:
            return wording.span_around(worth.low, worth.point, worth.high)


def annex(case: Case, result: ExchangeResult) -> Section:
    """What remains of the first schedule as a draft annex: day, who, what, how much, verified by whom,
    article."""
    exchange = _exchange(case)
    name = next(iter(result.schedules))
    rows: list[tuple[Cell, ...]] = []
    breaks = set()
    for step in result.schedules[name].steps:
        breaks.add(len(rows))
        for owed, lots in step.does.items():
            given = exchange.obligations[owed]
            rows.append(
                (
                    f"Day {step.day}",
                    table.name_of(case, given.by),
                    given.what,
                    _quantity(given, lots),
                    *_seen(case, given),
                )
            )
    heads = ("When", "Who", "What", "How much", "Verified by", "Article")
    note = Note(
        "Who delivers what on which day, as the schedule has it: a draft to work on, not an agreed text."
    )
    title = f"Draft annex: {result.schedules[name].title}"
    return Section(title, (note, Table(heads, tuple(rows), title, frozenset(breaks))))


def _quantity(owed: Obligation, lots: int) -> str:
    if owed.lots == 1:
        return "all"
    unit = f", each {owed.unit}" if owed.unit else ""
    many = f"all {lots:,}" if lots == owed.lots else f"{lots:,} of {owed.lots:,}"
    return f"{many}{unit}"


def _seen(case: Case, owed: Obligation) -> tuple[str, str]:
    return (table.name_of(case, owed.verifier) if owed.verifier else "nobody named"), owed.article or ""


def readings(case: Case, result: ExchangeResult) -> Iterator[Section]:
    """Where sides read the order of the text against each other, and which schedule breaks whose reading."""
    found = result.readings
    parts: list[Part] = []
    if found.contradiction is not None:
        ring = wording.joined(
            f"{before.first} before {before.then} ({_readers(case, before.read_by)})"
            for before in found.contradiction
        )
        said = f"The sides read the order of the text against each other: {ring}. No schedule keeps to all."
        parts.append(Verdict(said, "no"))
    for name, breaches in found.broken.items():
        orders = [_breach(case, steps) for steps in _alike(breaches)]
        if orders:
            parts.append(Note(f"'{result.schedules[name].title}': {wording.joined(orders)}."))
    if parts:
        lead = tuple(part for part in parts if isinstance(part, Verdict))
        yield Section("How the sides read the order", tuple(parts), lead)


def _alike(breaches: Sequence[Breach]) -> list[list[Breach]]:
    """Breaches of the same order by the same readers together."""
    found: dict[tuple[str, str, tuple[str, ...]], list[Breach]] = {}
    for breach in breaches:
        found.setdefault((breach.obligation, breach.needs, breach.read_by), []).append(breach)
    return list(found.values())


def _breach(case: Case, alike: Sequence[Breach]) -> str:
    first = alike[0]
    more = f" and {len(alike) - 1} more" if len(alike) > 1 else ""
    early = f"{first.obligation} comes before {first.needs} (step {first.step}{more})"
    return f"{early}, against the reading of {_readers(case, first.read_by)}"


def _readers(case: Case, sides: tuple[str, ...]) -> str:
    return wording.joined(table.name_of(case, side) for side in sides) or "everybody"
