"""The sticking result as sections: the text on the table in full, the other packages in a row each."""

from __future__ import annotations

from collections.abc import Iterator

from winset.analyses import wording
from winset.analyses.sections import Cell, Note, Part, Section, Table, Verdict
from winset.analyses.sticking.answers import (
    Blockers,
    Mending,
    Move,
    Refuser,
    Repair,
    StickingResult,
    Subject,
)
from winset.case.model import Case


def sections(case: Case, result: StickingResult) -> tuple[Section, ...]:
    """What the result has to say about the case."""
    found = []
    if not result.zone:
        found.append(_empty(case, result.blockers, result.repair))
    full = [subject for subject in result.subjects.values() if _in_full(subject)]
    found += [_subject(case, subject) for subject in full]
    others = [subject for subject in result.subjects.values() if not _in_full(subject)]
    if others:
        found.append(_others(case, others))
    notes = tuple(Note(caveat) for caveat in result.caveats)
    return (*found[:-1], Section(found[-1].title, (*found[-1].parts, *notes))) if found else ()


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
    return Section("Why there is no package to agree on", tuple(parts))


def _blockers(case: Case, blockers: Blockers) -> Iterator[Part]:
    sets = [wording.joined(wording.faction_name(case, ref) for ref in chosen) for chosen in blockers.sets]
    if sets:
        yield Verdict(
            f"Who blocks: {'; or '.join(sets)}. Even if everybody else accepted everything, "
            f"{'this' if len(sets) == 1 else 'any of these'} would leave no package.",
            "no",
        )
    if not blockers.complete:
        yield Note(
            f"Only sets of up to {blockers.sought} factions were sought; larger ones may block as well."
        )


def _repair(case: Case, repair: Repair) -> Iterator[Part]:
    first = repair.shown[0]
    tied = f" {repair.tied:,} packages need as little; the first is shown." if repair.tied > 1 else ""
    yield Verdict(f"The cheapest way to one: {_mending(case, first)}.{tied}", "part")
    rows = tuple((i, o, case.issues[i].options[o].label) for i, o in first.package.items())
    yield Table(("Issue", "Option", ""), rows, "The package that would then be acceptable")


def _mending(case: Case, mending: Mending) -> str:
    steps = []
    for ref, (old, new) in mending.lower.items():
        drop = wording.counted(max(1, round(old - new)), "point")
        steps.append(f"{wording.faction_name(case, ref)} comes down {drop} to {wording.whole(new)}")
    for ref, lines in mending.lift.items():
        named = wording.joined(wording.red_line(case, key) for key in lines)
        steps.append(f"{wording.faction_name(case, ref)} lifts its red line on {named}")
    return "; ".join(steps) or "nothing is needed"


def _subject(case: Case, subject: Subject) -> Section:
    parts: list[Part] = [_standing(case, subject)]
    rows = tuple(_refuser_row(case, subject, refuser) for refuser in subject.refusers if refuser.has_say)
    if rows:
        parts.append(Table(("Who refuses", "Refuses", "Short by", "Red lines"), rows, "Refusers with a say"))
    parts += _nearest(case, subject)
    parts += _moves(case, subject)
    if subject.not_asked:
        parts.append(Note(f"Not asked: {subject.not_asked}."))
    if subject.mending is not None and not subject.in_zone:
        parts.append(
            Note(f"Cheapest way to make it acceptable as it stands: {_mending(case, subject.mending)}.")
        )
    return Section(f"What stands in the way of '{subject.title}'", tuple(parts))


def _standing(case: Case, subject: Subject) -> Verdict:
    good = wording.acceptable(case)
    if subject.forbidden_by:
        named = wording.joined(f"'{name}'" for name in subject.forbidden_by)
        return Verdict(f"It cannot be as it stands: forbidden by {named}.", "no")
    if not subject.completions:
        return Verdict("It cannot be as it stands: constraints leave no way to settle what is open.", "no")
    if subject.completions == subject.in_zone:
        return Verdict(f"It is {good}, however it is completed." if subject.open else f"It is {good}.", "yes")
    if not subject.open:
        return Verdict(f"It is not {good}.", "no")
    which = f"It leaves open {wording.joined(subject.open)}. Of its {subject.completions:,} completions"
    if not subject.in_zone:
        return Verdict(f"{which} none is {good}.", "no")
    return Verdict(f"{which} {subject.in_zone:,} are {good}.", "part")


def _refuser_row(case: Case, subject: Subject, refuser: Refuser) -> tuple[Cell, ...]:
    low, high = refuser.short
    short = "nothing" if high == 0 else wording.span_of_points(low, high)
    lines = [wording.red_line(case, key) for key in refuser.always]
    if refuser.sometimes:
        lines.append(f"if chosen: {wording.joined(refuser.sometimes, 'or')}")
    share = "yes" if subject.completions == 1 else f"in {refuser.refuses:,} of {subject.completions:,}"
    return wording.faction_name(case, refuser.faction), share, short, "; ".join(lines) or "none"


def _nearest(case: Case, subject: Subject) -> Iterator[Part]:
    nearest = subject.nearest
    if nearest is None or nearest.changes == 0:
        return
    kind = "settled issue" if subject.open else "issue"
    yield Verdict(
        f"{wording.counted(nearest.changes, kind)} away from a package that is "
        f"{wording.acceptable(case)}: none that changes fewer is; {nearest.packages:,} "
        f"{'does' if nearest.packages == 1 else 'do'} with as many.",
        "part",
    )
    first = nearest.shown[0]
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
        rows = tuple(_move_row(case, move) for move in moves.shown)
        found = [
            wording.counted(n, "change") + f" of {k}"
            for n, k in ((moves.of_one, "one issue"), (moves.of_two, "two"))
            if n
        ]
        yield Note(
            f"Next moves that turn a refuser and lose nobody: {wording.joined(found)}. The gentlest first:"
        )
        yield Table(("Change", "Turns", "Holds in", "Largest loss"), rows, "Next moves")


def _move_row(case: Case, move: Move) -> tuple[Cell, ...]:
    change = "; ".join(f"{issue}: {old} to {new}" for issue, (old, new) in move.changes.items())
    turns = wording.joined(wording.faction_name(case, ref) for ref in move.turns)
    held = wording.counted(move.completions, "completion")
    return change, turns, held, wording.span_of_points(*move.loss)


def _others(case: Case, subjects: list[Subject]) -> Section:
    rows = tuple(_other_row(case, subject) for subject in subjects)
    heads = (
        "Package",
        "Acceptable",
        "With a say against",
        "Without a say against",
        "Changes to be acceptable",
    )
    return Section("Who says no to the other packages", (Table(heads, rows),))


def _other_row(case: Case, subject: Subject) -> tuple[Cell, ...]:
    against = [wording.faction_name(case, r.faction) for r in subject.refusers if r.has_say]
    others = [wording.faction_name(case, r.faction) for r in subject.refusers if not r.has_say]
    nearest = subject.nearest
    changes = "no zone" if nearest is None else "none" if nearest.changes == 0 else str(nearest.changes)
    acceptable = "yes" if subject.in_zone else "no"
    return (
        subject.title,
        acceptable,
        wording.joined(against) or "nobody",
        wording.joined(others) or "nobody",
        changes,
    )
