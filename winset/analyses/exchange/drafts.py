"""Designed schedules in words."""

from __future__ import annotations

import math
from collections.abc import Iterator

from winset.analyses import wording
from winset.analyses.exchange import figures
from winset.analyses.exchange.designing import EVERYBODY, DesignResult
from winset.analyses.exchange.designs import DesignAnswer, Designed
from winset.analyses.exchange.words import slack_mark
from winset.analyses.sections import Cell, Mark, Note, Part, Section, Table, Tone, Verdict
from winset.case import table
from winset.case.model import Case

TO_KEEP = (
    "To keep one in the case file: its `steps`, as `--json` writes them, can stand as they are under "
    "`exchange.schedules`, as `NAME: {steps: ...}`; it is then judged like any other, over draws too, with "
    "the guarantees of the case. One that comes after a last day needs that day moved first."
)
_EXACT = 1e-6  # points
DESIGN_METHOD: tuple[Part, ...] = (
    Note(
        "Every order in which what is owed can be delivered is a way through the lattice of what has been "
        "delivered. The widest way keeps the smallest slack, as a share of what the exchange gains each "
        "side, as large as it can be; a shortest way takes the fewest tranches that keep the margin. Sizes "
        "with dates, discounts and incidents, and the least guarantees, are linear programmes. Every "
        "schedule is judged by the same evaluation as those of the case."
    ),
)


def sections(case: Case, result: DesignResult) -> tuple[Section, ...]:
    """What the result has to say about the case."""
    parts = list(_refusals(case, result))
    verdicts = tuple(part for part in parts if isinstance(part, Verdict))
    notes = [Note(said) for said in (*result.caveats, TO_KEEP)] if result.answers else []
    first = Section("Which order and slices would hold better?", (*parts, *notes), verdicts)
    each = [_answer(case, result, reader, answer) for reader, answer in result.answers.items()]
    return (first, *each) if parts or notes else tuple(each)


def _refusals(case: Case, result: DesignResult) -> Iterator[Part]:
    for reader, answer in result.answers.items():
        read = _as_read(case, reader)
        held = {key: found for key, found in answer.schedules.items() if found.certificate.enforces_itself}
        needy = held.pop("guaranteed", None)
        if held:
            said = wording.joined(
                f"'{found.title}' in {wording.counted(len(found.steps), 'step')}{_late(found)}"
                for found in held.values()
            )
            tone: Tone = "part" if any(found.overdue for found in held.values()) else "yes"
            these = "this holds by itself" if len(held) == 1 else "these hold by themselves"
            yield Verdict(_upper(f"{read}{these}, with the guarantees as they are: {said}."), tone)
        else:
            none = "no order that was found holds by itself, delay counted too"
            more = f"; with other guarantees one does: {_needs(case, needy)}" if needy else ""
            yield Verdict(_upper(f"{read}with the guarantees as they are {none}{more}."), "no")
    by_reason: dict[str, list[str]] = {}
    for reader, why in result.refused.items():
        by_reason.setdefault(why, []).append(reader)
    for why, readers in by_reason.items():
        read = "whosever reading is kept, " if len(readers) > 1 else _as_read(case, readers[0])
        yield Verdict(_upper(f"{read}no order is designed: {_named(case, why)}."), "no")


def _late(found: Designed) -> str:
    return ", past a last day" if found.overdue else ""


def _needs(case: Case, found: Designed) -> str:
    """The guarantees that a design supposes, never rounded to less than it takes."""
    given = [
        f"{table.name_of(case, side)} {wording.whole(math.ceil(points - _EXACT))}"
        for side, points in found.guarantee.items()
        if points > _EXACT
    ]
    return wording.joined(given) if given else "none"


def _as_read(case: Case, reader: str) -> str:
    return "" if reader == EVERYBODY else f"as {table.name_of(case, reader)} reads the order, "


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _named(case: Case, why: str) -> str:
    """A reason that begins with a side begins with its name."""
    first, _, rest = why.partition(" ")
    return f"{table.name_of(case, first)} {rest}" if first in table.sides(case) else why


def _answer(case: Case, result: DesignResult, reader: str, answer: DesignAnswer) -> Section:
    read = "" if reader == EVERYBODY else f", as {table.name_of(case, reader)} reads the order"
    rows: list[tuple[Cell, ...]] = []
    breaks = set()
    for found in answer.schedules.values():
        breaks.add(len(rows))
        rows += _steps(case, found)
    parts: list[Part] = [Note(_said(case, answer, found)) for found in answer.schedules.values()]
    heads = ("Schedule", "Step", "Day", "Who", "Delivers", "Over keeping back")
    parts.append(Table(heads, tuple(rows), "The orders, tranche by tranche", frozenset(breaks)))
    parts += [figures.gantt_of_design(case, found) for found in list(answer.schedules.values())[:1]]
    parts.append(_ladder(case, answer))
    parts += [Note(_upper(f"{why}.")) for why in answer.refused.values()]
    if answer.merged:
        lots = wording.joined(f"{many} of {name}" for name, many in answer.merged.items())
        parts.append(
            Note(f"There are too many orders of single lots to look at; at most {lots} are moved as one.")
        )
    return Section(f"Schedules that were worked out{read}", tuple(parts))


def _said(case: Case, answer: DesignAnswer, found: Designed) -> str:
    certificate = found.certificate
    where = f"step {certificate.step} ({table.name_of(case, certificate.party)})"
    share = certificate.over_default
    least = "" if share is None else f": {wording.percent(share)} of what it all brings that side"
    if certificate.slack[certificate.step - 1] <= 0:
        least = ": there keeping back is worth as much or more"
    best = "no order does better" if found.proven else "the best that was found, not proven to be the best"
    late = [table.name_of(case, side) for side in certificate.late_pays]
    said = [f"'{found.title}' ({best}): least slack at {where}{least}."]
    said += [f"Guarantees it is judged with: {_needs(case, found)}."]
    said += (
        [] if found.keeps_margin else [f"It does not keep the margin of {wording.percent(answer.margin)}."]
    )
    said += [f"To be late would pay for {wording.joined(late)}."] if late else []
    overdue = [f"{name} by {wording.counted(days, 'day')}" for name, days in found.overdue.items()]
    said += [f"It breaks a last day: {wording.joined(overdue)} after it."] if overdue else []
    return " ".join(said)


def _steps(case: Case, found: Designed) -> Iterator[tuple[Cell, ...]]:
    title = found.title
    for number, step in enumerate(found.steps, start=1):
        does = ", ".join(f"{lots} × {name}" if lots > 1 else name for name, lots in step.does.items())
        slack = slack_mark(found.certificate.slack[number - 1])
        yield title, str(number), str(step.day), table.name_of(case, step.by), does, slack
        title = ""


def _ladder(case: Case, answer: DesignAnswer) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for rung in answer.ladder:
        if rung.designed is None:
            rows.append((str(rung.tranches), Mark("none were found that are enough", "no")))
            continue
        needs = _needs(case, rung.designed)
        rows.append((str(rung.tranches), Mark("none needed" if needs == "none" else needs, "yes")))
    share = wording.percent(answer.margin)
    title = f"What guarantees were found with which so many tranches or fewer keep a margin of {share}"
    return Table(("Tranches", "Guarantees needed, in points"), tuple(rows), title)
