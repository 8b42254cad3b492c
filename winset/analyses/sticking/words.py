"""The sticking result as sections: the text on the table in full, the other packages in a row each."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import replace

from winset.analyses import wording
from winset.analyses.sections import Cell, Note, Part, Section, Table, Verdict
from winset.analyses.sticking import over_draws
from winset.analyses.sticking.answers import (
    Blockers,
    Mending,
    Move,
    Refuser,
    Repair,
    StickingResult,
    Subject,
)
from winset.case import conditions
from winset.case.model import Case


def sections(case: Case, result: StickingResult) -> tuple[Section, ...]:
    """What the result has to say about the case."""
    tariff = _tariff(result)
    found: list[Section] = []
    if result.zone is False:
        found.append(_empty(case, result.blockers, result.repair))
    full = [subject for subject in result.subjects.values() if _in_full(subject)]
    found += [_subject(case, subject, tariff) for subject in full]
    others = [subject for subject in result.subjects.values() if not _in_full(subject)]
    if others:
        found.append(_others(case, others, result.zone))
    if not found:
        return tuple(_over_draws(case, result))
    # The sentence that keeps the summary honest stands first in it, whichever analyses were run.
    said, *notes = result.caveats
    first, last = found[0], found[-1]
    found[0] = replace(first, lead=(Verdict(said), *first.lead))
    found[-1] = replace(found[-1], parts=(*last.parts, *(Note(caveat) for caveat in notes)))
    return (*found, *_over_draws(case, result))


def _over_draws(case: Case, result: StickingResult) -> Iterator[Section]:
    if result.draws is not None:
        yield over_draws.section(case, result, result.draws)


def _tariff(result: StickingResult) -> str:
    point, line = (f"{result.parameters[key]:g}" for key in ("per_point", "per_line"))
    return f"a walk-away's point counts {point}, a red line {line}"


def _in_full(subject: Subject) -> bool:
    """The text on the table and a package that the user named are looked at in full."""
    return not subject.candidate


def _empty(case: Case, blockers: Blockers | None, repair: Repair | None) -> Section:
    parts: list[Part] = []
    if blockers is not None:
        parts += _blockers(case, blockers)
    if repair is None:
        parts.append(
            Verdict("No walk-away lowered and no red line lifted would make a package acceptable.", "no")
        )
    else:
        parts += _repair(case, repair)
    return Section("Why there is no package to agree on", tuple(parts), _verdicts(parts))


def _verdicts(parts: Iterable[Part]) -> tuple[Verdict, ...]:
    return tuple(part for part in parts if isinstance(part, Verdict))


def _blockers(case: Case, blockers: Blockers) -> Iterator[Part]:
    sets = [wording.joined(wording.faction_name(case, ref) for ref in chosen) for chosen in blockers.sets]
    if len(sets) == 1:
        who = "it" if len(blockers.sets[0]) == 1 else "they together"
        alone = f"Even if everybody else accepted everything, {who} would leave no package."
        yield Verdict(f"Who blocks: {sets[0]}. {alone}", "no")
    elif sets:
        alone = "Even if everybody else accepted everything, any of these sets would leave no package."
        yield Verdict(f"Who blocks: {'; or '.join(sets)}. {alone}", "no")
    if not blockers.complete:
        up_to = f"Only sets of up to {blockers.sought} factions were sought; larger ones may block as well."
        some = (
            "Not all sets were sought; others may block as well." if sets else "Who blocks was not settled."
        )
        yield Note(up_to if blockers.sought else some)


def _repair(case: Case, repair: Repair) -> Iterator[Part]:
    each = [_mending(case, mending) for mending in repair.shown]
    if not repair.proven:
        yield Note("The search for the cheapest way reached its limit: there may be cheaper ones than these.")
    if repair.ways == 1:
        yield Verdict(f"The cheapest way to one: {each[0]}.", "part")
    else:
        ways = "; or ".join(f"({number}) {way}" for number, way in enumerate(each, 1))
        more = f"; or one of {repair.ways - len(each)} more" if repair.ways > len(each) else ""
        yield Verdict(f"The cheapest ways to one, all at the same cost: {ways}{more}.", "part")
    heads = [f"Package {number}" for number in range(1, len(each) + 1)] if len(each) > 1 else ["Package"]
    rows = tuple(
        (issue, *(case.issues[issue].options[way.package[issue]].label for way in repair.shown))
        for issue in repair.shown[0].package
    )
    yield Table(("Issue", *heads), rows, "What would then be acceptable")
    if repair.tied > 1:
        at_least = "" if repair.all_counted else "at least "
        yield Note(f"{at_least}{repair.tied:,} packages need no more than that.".capitalize())


def _mending(case: Case, mending: Mending) -> str:
    steps = []
    for ref, (old, new) in mending.lower.items():
        steps.append(f"{wording.faction_name(case, ref)} comes down {_drop(old, new)}")
    for ref, lines in mending.lift.items():
        named = wording.joined(wording.red_line(case, key) for key in lines)
        steps.append(f"{wording.faction_name(case, ref)} lifts its red line on {named}")
    return "; ".join(steps) or "nothing is needed"


def _drop(old: float, new: float) -> str:
    """By how much a walk-away must come down, and to what, rounded so that it is enough."""
    return f"by {wording.counted(max(1, math.ceil(old - new)), 'point')}, to {math.floor(new)}"


def _price(case: Case, subject: Subject, mending: Mending, tariff: str) -> Iterator[Part]:
    """What it would take of whom, and with which settlement of what is open."""
    rows = []
    for ref in dict.fromkeys((*mending.lower, *mending.lift)):
        down = _drop(*mending.lower[ref]) if ref in mending.lower else ""
        lines = "; ".join(wording.red_line(case, key) for key in mending.lift.get(ref, ()))
        rows.append((wording.faction_name(case, ref), down, lines))
    heads = ("Who", "Walk-away comes down", "Red lines lifted")
    yield Table(heads, tuple(rows), "The cheapest way to make it acceptable as it stands")
    settled = ", ".join(f"{issue} = {mending.package[issue]}" for issue in subject.open)
    with_open = f"That is with {settled}. " if settled else ""
    yield Note(f"{with_open}Cheapest by the count in which {tariff}: {wording.whole(mending.cost)} in all.")


def _subject(case: Case, subject: Subject, tariff: str) -> Section:
    name = f"'{subject.title}'" if subject.title in _texts(case) else subject.title
    parts: list[Part] = [_standing(case, subject, "It")]
    if subject.title not in _texts(case):
        parts.append(_spelled_out(case, subject))
    rows = tuple(_refuser_row(case, subject, refuser) for refuser in subject.refusers if refuser.has_say)
    if rows:
        parts.append(Table(("Who refuses", "Refuses", "Short by", "Red lines"), rows, "Refusers with a say"))
    ways = [*_nearest(case, subject), *_moves(case, subject)]
    parts += ways
    if subject.not_asked:
        parts.append(Note(f"Not asked: {subject.not_asked}."))
    if subject.mending is not None and not subject.in_zone:
        parts += _price(case, subject, subject.mending, tariff)
    lead = (_standing(case, subject, name[0].upper() + name[1:]), *_against(case, subject), *_verdicts(ways))
    return Section(f"What, if anything, stands in the way of {name}", tuple(parts), lead)


def _texts(case: Case) -> frozenset[str]:
    return frozenset(text.title or name for name, text in case.texts.items())


def _spelled_out(case: Case, subject: Subject) -> Table:
    rows = tuple((i, o, case.issues[i].options[o].label) for i, o in subject.package.items())
    return Table(("Issue", "Option", "What it says"), rows, "What was asked about")


def _against(case: Case, subject: Subject) -> Iterator[Verdict]:
    """Whose refusal, however the open issues are settled, already stops it: or else all who refuse so."""
    always = [r for r in subject.refusers if r.has_say and r.refuses == subject.completions]
    if subject.in_zone or not always:
        return
    alone = [refuser for refuser in always if refuser.decisive]
    names = wording.joined(wording.faction_name(case, refuser.faction) for refuser in alone or always)
    verb = "refuses" if len(alone or always) == 1 else "refuse"
    however = ", however what is open is settled" if subject.open else ""
    weight = "; without their yes it cannot pass" if alone else ""
    yield Verdict(f"{names} {verb} it{however}{weight}.", "no")


def _standing(case: Case, subject: Subject, name: str) -> Verdict:
    good = wording.acceptable(case)
    if subject.forbidden_by:
        named = wording.joined(f"'{name}'" for name in subject.forbidden_by)
        return Verdict(f"{name} cannot be as it stands: forbidden by {named}.", "no")
    if not subject.completions:
        unsettled = "constraints leave no way to settle what is open"
        return Verdict(f"{name} cannot be as it stands: {unsettled}.", "no")
    if subject.completions == subject.in_zone:
        however = ", however it is completed" if subject.open else ""
        return Verdict(f"{name} is {good}{however}.", "yes")
    if not subject.open:
        return Verdict(f"{name} is not {good}.", "no")
    which = f"{name} leaves open {wording.joined(subject.open)}. Of its {subject.completions:,} completions"
    if not subject.in_zone:
        return Verdict(f"{which} none is {good}.", "no")
    are = "is" if subject.in_zone == 1 else "are"
    return Verdict(f"{which} {subject.in_zone:,} {are} {good}.", "part")


def _refuser_row(case: Case, subject: Subject, refuser: Refuser) -> tuple[Cell, ...]:
    low, high = refuser.short
    short = "nothing" if high == 0 else wording.span_of_points(low, high)
    lines = [wording.red_line(case, key) for key in refuser.always]
    if refuser.sometimes:
        chosen = (wording.condition(conditions.red_line(key)) for key in refuser.sometimes)
        lines.append(f"if chosen: {wording.joined(chosen, 'or')}")
    share = "yes" if subject.completions == 1 else f"in {refuser.refuses:,} of {subject.completions:,}"
    return wording.faction_name(case, refuser.faction), share, short, "; ".join(lines) or "none"


def _nearest(case: Case, subject: Subject) -> Iterator[Part]:
    nearest = subject.nearest
    if nearest is None or nearest.changes == 0:
        return
    kind = "settled issue" if subject.open else "issue"
    first = nearest.shown[0]
    many = f"{'' if nearest.all_counted else 'more than '}{nearest.packages:,}"
    among = "it" if nearest.packages == 1 else f"the first of the {many} that change as few"
    yield Verdict(
        f"At least {wording.counted(nearest.changes, kind)} must change before a package is "
        f"{wording.acceptable(case)}; {among} changes {wording.joined(first.changes)}.",
        "part",
    )
    rows = tuple(
        (
            case.issues[issue].title,
            case.issues[issue].options[old].label,
            case.issues[issue].options[new].label,
        )
        for issue, (old, new) in first.changes.items()
    )
    yield Table(("Issue", "As it stands", "Nearest acceptable package"), rows, "What would have to change")
    if subject.open:
        filled = ", ".join(f"{issue} = {first.package[issue]}" for issue in subject.open)
        yield Note(f"With the open issues settled as: {filled}.")
    loss = wording.span_of_points(first.largest_loss, first.largest_loss)
    yield Note(f"The largest loss of anybody with a say by these changes: {loss}.")


def _moves(case: Case, subject: Subject) -> Iterator[Part]:
    moves = subject.moves
    if moves is None or not any(refuser.has_say for refuser in subject.refusers):
        return
    if not moves.of_one:
        yield Verdict("No change of one issue turns a refuser without losing somebody who accepts.", "no")
    if not moves.of_two and not moves.of_one:
        yield Verdict("No change of two issues does either.", "no")
    if moves.shown:
        rows = tuple(_move_row(case, subject, move) for move in moves.shown)
        total = moves.of_one + moves.of_two
        found = [
            wording.counted(n, "change") + f" of {k}"
            for n, k in ((moves.of_one, "one issue"), (moves.of_two, "two"))
            if n
        ]
        yield Note(
            f"Next moves that turn a refuser and lose nobody: {wording.joined(found)}. The gentlest first"
            f"{f', {len(rows)} of {total:,}' if total > len(rows) else ''}:"
        )
        yield Table(("Change", "Turns", "Holds in", "Largest loss"), rows, "Next moves")


def _move_row(case: Case, subject: Subject, move: Move) -> tuple[Cell, ...]:
    change = "; ".join(f"{issue}: {old} to {new}" for issue, (old, new) in move.changes.items())
    turns = wording.joined(wording.faction_name(case, ref) for ref in move.turns)
    held = f"{move.completions:,} of {wording.counted(subject.completions, 'completion')}"
    return change, turns, held, wording.span_of_points(*move.loss)


def _others(case: Case, subjects: list[Subject], zone: bool | None) -> Section:
    rows = tuple(_other_row(case, subject, zone) for subject in subjects)
    heads = (
        "Package",
        "Acceptable",
        "With a say against",
        "Without a say against",
        "Changes to be acceptable",
    )
    return Section("Who says no to the other packages", (Table(heads, rows),))


def _other_row(case: Case, subject: Subject, zone: bool | None) -> tuple[Cell, ...]:
    against = [wording.faction_name(case, r.faction) for r in subject.refusers if r.has_say]
    others = [wording.faction_name(case, r.faction) for r in subject.refusers if not r.has_say]
    nearest = subject.nearest
    if nearest is None:
        changes = "no package is acceptable" if zone is False else "not found in time"
    else:
        changes = str(nearest.changes or "none")
    acceptable = "yes" if subject.in_zone else "no"
    return (
        subject.title,
        acceptable,
        wording.joined(against) or "nobody",
        wording.joined(others) or "nobody",
        changes,
    )
