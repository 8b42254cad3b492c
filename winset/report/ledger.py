"""A ledger as sections: what was delivered of each obligation, what is due next, and every report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from winset.analyses import wording
from winset.analyses.sections import Cell, Note, Part, Section, Table, Verdict
from winset.case.exchange import Schedule
from winset.case.ledger import STATUS, Counting, Entry, Ledger, next_due, owed_in
from winset.case.model import Case
from winset.case.table import name_of

DONE = STATUS.index("done")
_COUNTINGS: tuple[tuple[Counting, str], ...] = (("verified", "verified"), ("alleged", "alleged too"))


def sections(case: Case, ledger: Ledger) -> tuple[Section, ...]:
    """What the ledger of `case` says."""
    found = (_delivered(case, ledger), _due(case, ledger), _reports(case, ledger))
    return tuple(section for section in found if section.parts)


def _delivered(case: Case, ledger: Ledger) -> Section:
    heads = ("Obligation", "What", "By", "Owed", "Verified", "Alleged", "Disputed", "Last day", "Status")
    tally = ledger.tally()
    rows: list[tuple[Cell, ...]] = []
    for name, owed in owed_in(case).items():
        lots = (tally[name, "verified"], tally[name, "alleged"], tally[name, "disputed"])
        days = [ledger.day_of(entry) for entry in ledger.entries if entry.obligation == name]
        last = _day(ledger, max(days)) if days else ""
        who = name_of(case, owed.by)
        rows.append(
            (name, owed.what, who, str(owed.lots), *map(str, lots), last, _status(case, ledger, name))
        )
    parts: list[Part] = [_summary(case, ledger), Table(heads, tuple(rows))]
    parts += [Note(text) for text in _at_odds(case, ledger)]
    return Section("What was delivered", tuple(parts))


def _summary(case: Case, ledger: Ledger) -> Verdict:
    owed = owed_in(case)
    full = {
        counting: sum(
            lots == owed[name].lots for name, lots in ledger.delivered(case, counting=counting).items()
        )
        for counting, _ in _COUNTINGS
    }
    disputed = sorted({entry.obligation for entry in _standing(ledger) if entry.as_ == "disputed"})
    text = (
        f"Delivered in full, of {wording.counted(len(owed), 'obligation')}: {full['verified']} as verified, "
        f"{full['alleged']} with what is alleged."
    )
    if disputed:
        text += f" Reports on {wording.joined(disputed)} are disputed."
    return Verdict(text, "yes" if full["verified"] == len(owed) else "part")


def _standing(ledger: Ledger) -> list[Entry]:
    """The entries that later ones have not settled, by day and then as they were written."""
    left = zip(ledger.entries, ledger.left(), strict=True)
    return sorted((entry for entry, lots in left if lots or entry.lots is None), key=ledger.day_of)


def _latest(ledger: Ledger, name: str) -> Entry | None:
    """The last report on an obligation that nobody disputes."""
    about = [entry for entry in _standing(ledger) if entry.obligation == name and entry.as_ != "disputed"]
    return about[-1] if about else None


def _status(case: Case, ledger: Ledger, name: str) -> str:
    """How an obligation stands by the last report, or by the lots where that does not say."""
    latest = _latest(ledger, name)
    if latest is None:
        reported = any(entry.obligation == name for entry in ledger.entries)
        return "disputed" if reported else "nothing reported"
    if latest.status is not None:
        return f"{STATUS[latest.status]}, {latest.as_}"
    tally = ledger.tally()
    verified, alleged = tally[name, "verified"], tally[name, "alleged"]
    word = "done" if verified + alleged == owed_in(case)[name].lots else "in part"
    return f"{word}, {'partly verified' if verified and alleged else 'verified' if verified else 'alleged'}"


def _at_odds(case: Case, ledger: Ledger) -> Iterator[str]:
    """Where the last report says another thing than the lots do."""
    delivered = ledger.delivered(case, counting="alleged")
    for name, owed in owed_in(case).items():
        latest = _latest(ledger, name)
        if latest is None or latest.status is None:
            continue
        lots = delivered[name]
        if (latest.status == DONE) != (lots == owed.lots) or (lots and not latest.status):
            word = STATUS[latest.status]
            yield f"'{name}' is reported as {word}, and {lots} of {owed.lots} lots are in the ledger."


def _day(ledger: Ledger, day: int) -> str:
    """A day from the signature, with its date where that is known."""
    try:
        return str(day) if ledger.signed is None else f"{day} ({ledger.signed + dt.timedelta(day)})"
    except OverflowError:  # no calendar goes that far
        return str(day)


def _due(case: Case, ledger: Ledger) -> Section:
    schedules = case.exchange.schedules if case.exchange is not None else {}
    rows: list[tuple[Cell, ...]] = []
    for name, schedule in schedules.items():
        told: list[tuple[str, ...]] = []
        for counting, word in _COUNTINGS:
            step = _next(case, ledger, schedule, ledger.delivered(case, counting=counting))
            if step not in told:
                rows.append((schedule.title or name, word, *step))
            told.append(step)
    heads = ("Schedule", "Counting what is", "Step", "Day", "By", "Still lacking")
    note = Note(
        "The first step of each schedule that is not fully delivered; lots fill its steps in order. Overdue "
        "is counted to the day of the latest report."
    )
    return Section("What is due next", (Table(heads, tuple(rows)), note) if rows else ())


def _next(case: Case, ledger: Ledger, schedule: Schedule, delivered: Mapping[str, int]) -> tuple[str, ...]:
    owed, due = owed_in(case), next_due(schedule, delivered)
    if due is None:
        return "", "", "", "nothing: every step is delivered"
    givers = dict.fromkeys(name_of(case, owed[name].by) for name in due.lacking)
    lacking = (f"{name}, {wording.counted(lots, 'lot')}" for name, lots in due.lacking.items())
    late = max((ledger.day_of(entry) for entry in ledger.entries), default=due.day) - due.day
    day = _day(ledger, due.day) + (f", overdue by {wording.counted(late, 'day')}" if late > 0 else "")
    return str(due.step), day, wording.joined(givers), "; ".join(lacking)


def _reports(case: Case, ledger: Ledger) -> Section:
    rows = tuple(
        (
            str(number),
            entry.obligation,
            _said(entry),
            _day(ledger, ledger.day_of(entry)),
            "" if entry.reported_by is None else name_of(case, entry.reported_by),
            entry.as_ if entry.settles is None else f"{entry.as_}, settles {entry.settles}",
            "; ".join(text for text in (entry.source, entry.note) if text),
        )
        for number, entry in enumerate(ledger.entries, 1)
    )
    heads = ("Entry", "Obligation", "Says", "Day", "Reported by", "As", "Source, note")
    return Section("Every report", (Table(heads, rows),) if rows else ())


def _said(entry: Entry) -> str:
    lots = [] if entry.lots is None else [wording.counted(entry.lots, "lot")]
    return ", ".join(lots + ([] if entry.status is None else [STATUS[entry.status]]))
