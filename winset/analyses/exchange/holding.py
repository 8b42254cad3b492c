"""What would hold an exchange, in words: guarantees, what carries the last steps, slips, and how wrong the
numbers may be."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from itertools import islice

from winset.analyses import wording
from winset.analyses.exchange import figures
from winset.analyses.exchange.answers import (
    BreakEven,
    Carrying,
    Clash,
    Condition,
    ExchangeResult,
    ScheduleAnswer,
)
from winset.analyses.sections import Cell, Mark, Note, Part, Section, Table
from winset.case import table
from winset.case.model import Case

CLOSEST = 8
FAR = 5  # times what stands or is needed: an upper end beyond that is nobody's concern
ENDS = (
    "A guarantee is what a default costs that is seen as one, times the chance that the guarantor acts. "
    "Where it has an upper end, false alarms are why: past it, to deliver and be accused all the same costs "
    f"more than it saves. Ends beyond {FAR} times what stands or is needed are left out."
)
CARRIED_BY = {
    "closing": "the closing value",
    "guarantee": "the guarantee",
    "claw_back": "what could be taken back",
    "fallback": "what stopping then brings or costs",
    "escrow": "escrow",
    "to_come": "what is still to come",
}
POINTS = ("worth", "base", "moves", "closing", "guarantee")
NUMBERS = {
    "worth": "worth of {about} to {party}",
    "reversible": "share of {about} that can be taken back",
    "base": "what stopping at once is worth to {party}",
    "moves": "what {about} does to the fallback of {party}",
    "closing": "closing value of {party}",
    "guarantee": "guarantee on {party}",
    "acts": "chance that the guarantor of {party} acts",
    "stalling": "gain of {party} from delay",
    "detection": "chance that a default is seen",
    "false_alarm": "chance of a false alarm",
    "discount": "discount a day of {party}",
    "hazard": "chance a day of an incident",
}


def holding(case: Case, result: ExchangeResult) -> Section:
    """Guarantees of all schedules; the rest of the first, which is the one to be judged."""
    parts: list[Part] = [_guarantees(case, result), Note(ENDS)]
    first = next(iter(result.schedules.values()))
    parts += [Note(_last(case, first, side, carried)) for side, carried in first.last_steps.items()]
    parts.append(figures.leverage(case, first))
    stairs = figures.staircase(case, first)
    parts += [stairs] if stairs is not None else []
    parts += [*_slips(case, first), *_break_even(case, first)]
    if not _turning(first):
        turned = (answer for answer in result.schedules.values() if _turning(answer))
        parts += [part for answer in islice(turned, 1) for part in _break_even(case, answer)]
    return Section("What would hold it, and how wrong the numbers may be", tuple(parts))


def _guarantees(case: Case, result: ExchangeResult) -> Table:
    rows: list[tuple[Cell, ...]] = []
    breaks = set()
    for answer in result.schedules.values():
        breaks.add(len(rows))
        title = answer.title
        for side, given in answer.guarantees.items():
            needed = (_needed(given.against_default, given.now), _needed(given.required, given.now))
            rows.append(
                (title, table.name_of(case, side), wording.whole(given.now), *needed, _clash(given.clash))
            )
            title = ""
    heads = ("Schedule", "On whom", "Now", "Against keeping back", "Against delay too", "Why none is enough")
    return Table(heads, tuple(rows), "Guarantees, in points", frozenset(breaks))


def _needed(required: tuple[float, float | None] | None, now: float) -> Mark:
    if required is None:
        return Mark("no amount is enough", "no")
    low, high = required
    ceiling = float("inf") if high is None else high
    if high is not None and high > FAR * max(now, low, 1.0):
        high = None
    enough = math.ceil(low - 1e-9)  # rounded down it would not be
    least = f"{wording.whole(enough)} or more" if enough > 0 else "none needed"
    text = least if high is None else f"{wording.whole(max(enough, 0))} to {wording.whole(high)}"
    return Mark(text, "yes" if low <= now and now <= ceiling else "no")


def _clash(clash: Clash | None) -> str:
    if clash is None:
        return ""
    if clash.never is not None:
        return f"{_condition(clash.never)} is better whatever the guarantee"
    if clash.at_least is None or clash.at_most is None or clash.least is None or clash.most is None:
        return ""
    return (
        f"against {_condition(clash.at_least)} it takes {wording.whole(clash.least)} or more; past "
        f"{wording.whole(clash.most)} false alarms cost more than {_condition(clash.at_most)}"
    )


def _condition(one: Condition) -> str:
    if one.late:
        return f"being {wording.counted(one.late, 'day')} late at step {one.step}"
    return f"not delivering at step {one.step}"


def _last(case: Case, answer: ScheduleAnswer, side: str, carried: Carrying) -> str:
    """What speaks for and against a side's last step, the most first, and whether that carries it."""
    each = {CARRIED_BY[key]: getattr(carried, key) for key in CARRIED_BY}
    each |= {"the delivery itself": carried.delivery, "false alarms": carried.false_alarms}
    slack = answer.steps[carried.step - 1].over_default[side]
    who = f"{table.name_of(case, side)} (step {carried.step})"
    carries = "is not carried" if slack < 0 else "is carried"
    by = wording.span_of_points(abs(slack), abs(slack))
    verdict = f"{carries}, against keeping back, by {by}" if slack else "stands on a knife-edge"
    return f"The last step of {who} {verdict}. For it: {_summed(each, 1)}. Against it: {_summed(each, -1)}."


def _summed(each: Mapping[str, float], sign: int) -> str:
    """What counts in one direction, half a point and more."""
    counted = {words: sign * points for words, points in each.items() if sign * points >= 0.5}
    said = [
        f"{words} ({wording.span_of_points(points, points)})"
        for words, points in sorted(counted.items(), key=lambda one: -one[1])
    ]
    return wording.joined(said) if said else "nothing"


def _slips(case: Case, answer: ScheduleAnswer) -> Iterator[Part]:
    rows: list[tuple[Cell, ...]] = []
    for slip in answer.slips:
        turns = slip.days is not None and slip.party is not None
        if turns or slip.overdue is not None:
            who = f"{table.name_of(case, slip.party)} at step {slip.weak_step}" if slip.party else ""
            after = wording.counted(slip.days, "day") if slip.days is not None else "not within a year"
            due = wording.counted(slip.overdue, "day") if slip.overdue is not None else ""
            rows.append((str(slip.step), after, who, due))
    more = "" if answer.enforces_itself else "one more "
    if rows:
        heads = ("Step that slips", f"{more}slack turns after".capitalize(), "Whose", "Past a last day after")
        yield Table(heads, tuple(rows), f"'{answer.title}': how late a step may be, with what depends on it")
        yield Note("A step that is not listed can slip by a year without either.")
    elif answer.enforces_itself:
        yield Note(
            f"'{answer.title}': no step that slips by up to a year breaks it, or comes after its last day."
        )


def _break_even(case: Case, answer: ScheduleAnswer) -> Iterator[Part]:
    """The numbers that turn the weakest step first, those within their own range before all others."""
    found = _turning(answer)
    found.sort(key=lambda one: (not one.within, _distance(one)))
    rows: list[tuple[Cell, ...]] = [
        (_number(case, one), _shown(one, one.value), _turns(one, one.at or 0.0), _within(one))
        for one in found[:CLOSEST]
    ]
    turned = "fails" if answer.enforces_itself else "holds"
    if rows:
        heads = ("Number", "Now", f"From there it {turned}", "Within its own range")
        yield Table(heads, tuple(rows), f"'{answer.title}': how wrong may this be")
    else:
        turns = "makes it fail" if answer.enforces_itself else "makes every step hold, delay counted too"
        yield Note(f"'{answer.title}': no single number, however wrong, {turns}.")


def _turning(answer: ScheduleAnswer) -> list[BreakEven]:
    return [one for one in answer.break_even if one.at is not None]


def _distance(one: BreakEven) -> float:
    scale = max(abs(one.value), 1e-9)
    return abs((one.at or 0.0) - one.value) / scale


def _within(one: BreakEven) -> Mark:
    return Mark("yes", "part") if one.within else Mark("no", "plain")


def _number(case: Case, one: BreakEven) -> str:
    party = "" if one.party is None else table.name_of(case, one.party)
    return NUMBERS[one.kind].format(about=one.about or "all", party=party or "all")


def _shown(one: BreakEven, value: float) -> str:
    """Whole points, or a chance in words; more figures would be false precision."""
    if one.kind in POINTS:
        return wording.whole(value)
    if one.kind == "stalling":
        return f"{wording.whole(10 * value)} in 10 days"
    return wording.percent(value) if 0.01 <= value <= 0.99 else f"{1000 * value:,.0f} in 1,000"


def _turns(one: BreakEven, at: float) -> str:
    shown = _shown(one, at)
    if shown != _shown(one, one.value):
        return shown
    return "a little more" if at > one.value else "a little less"
