"""The sticking result as sections: the text on the table in full, the other packages in a row each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

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


def _price(case: Case, mending: Mending) -> Table:
    """What a mending asks of whom."""
    rows = []
    for ref in dict.fromkeys((*mending.lower, *mending.lift)):
        down = ""
        if ref in mending.lower:
            old, new = mending.lower[ref]
            down = f"{wording.whole(old)} to {wording.whole(new)}"
        lines = "; ".join(wording.red_line(case, key) for key in mending.lift.get(ref, ()))
        rows.append((wording.faction_name(case, ref), down, lines))
    heads = ("Who", "Walk-away comes down", "Red lines lifted")
    return Table(heads, tuple(rows), "The cheapest way to make it acceptable as it stands")


def _subject(case: Case, subject: Subject) -> Section:
    parts: list[Part] = [_standing(case, subject, "It")]
    rows = tuple(_refuser_row(case, subject, refuser) for refuser in subject.refusers if refuser.has_say)
    if rows:
        parts.append(Table(("Who refuses", "Refuses", "Short by", "Red lines"), rows, "Refusers with a say"))
    ways = [*_nearest(case, subject), *_moves(case, subject)]
    parts += ways
    if subject.not_asked:
        parts.append(Note(f"Not asked: {subject.not_asked}."))
    if subject.mending is not None and not subject.in_zone:
        parts.append(_price(case, subject.mending))
    name = f"'{subject.title}'"
    lead = (_standing(case, subject, name[0].upper() + name[1:]), *_against(case, subject), *_verdicts(ways))
    return Section(f"What stands in the way of {name}", tuple(parts), lead)


def _against(case: Case, subject: Subject) -> Iterator[Verdict]:
    """Who with a say refuses however the open issues are settled."""
    always = [r.faction for r in subject.refusers if r.has_say and r.refuses == subject.completions]
    if always:
        names = wording.joined(wording.faction_name(case, ref) for ref in always)
        verb = "refuses" if len(always) == 1 else "refuse"
        however = ", however what is open is settled" if subject.open else ""
        yield Verdict(f"{names} {verb} it{however}.", "no")


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
    first = nearest.shown[0]
    among = "it" if nearest.packages == 1 else f"the first of the {nearest.packages:,} that change as few"
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
