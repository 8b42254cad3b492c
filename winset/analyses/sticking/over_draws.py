"""What stands in the way over draws, as a section."""

from __future__ import annotations

from collections.abc import Iterator

from winset.analyses import wording
from winset.analyses.sections import Cell, Note, Part, Section, Table, Verdict
from winset.analyses.shares import Change, Share
from winset.analyses.sticking.answers import SaysNo, StickingDraws, StickingResult, SubjectDraws
from winset.case.model import Case

SHOWN = 8


def section(case: Case, result: StickingResult, draws: StickingDraws) -> Section:
    """Which issues stand in the way, who says no first, which moves gain most, over draws."""
    said = _relief_said(case, draws)
    parts: list[Part] = [said, *_relief(case, draws), *_blocking(case, draws)]
    for name, subject in draws.subjects.items():
        if not result.subjects[name].candidate:
            parts += _says_no(case, result.subjects[name].title, subject)
            parts += _moves(result.subjects[name].title, subject)
    parts.append(Note(f"{draws.n:,} draws from seed {draws.seed}. {wording.NOT_A_CHANCE}"))
    return Section("What stands in the way, over draws", tuple(parts), (said,))


def _relief_said(case: Case, draws: StickingDraws) -> Verdict:
    clear = {issue: relief for issue, relief in draws.relief.items() if relief.low > 0}
    if not clear:
        return Verdict("No single issue, taken out of the talks, makes a zone clearly more frequent.")
    most = max(clear, key=lambda issue: clear[issue].change)
    named = f"'{case.issues[most].title}' ({_gain(clear[most])})"
    return Verdict(f"The issue whose absence would make a zone most more frequent: {named}.", "part")


def _relief(case: Case, draws: StickingDraws) -> Iterator[Part]:
    ordered = sorted(draws.relief.items(), key=lambda one: -one[1].change)
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (issue, case.issues[issue].title, _gain(relief)) for issue, relief in ordered if relief.change
    )
    if rows:
        yield Note(
            "How much more often there is a zone when an issue is taken out of everybody's acceptance:"
        )
        yield Table(("Issue", "What it is", "More zones without it"), rows, "Relief")


def _blocking(case: Case, draws: StickingDraws) -> Iterator[Part]:
    if not draws.blocking:
        return
    without = wording.counted(draws.without_zone, "draw")
    yield Note(
        f"Who leaves no package, even if all others accepted everything, in the {without} without a zone:"
    )
    rows = tuple(_row(case, said) for said in draws.blocking[:SHOWN])
    yield Table(("Who", "In share of these draws"), rows, "Who blocks")
    if draws.unsettled:
        yield Note(f"In {wording.counted(draws.unsettled, 'draw')} a search reached its limit.")


def _says_no(case: Case, title: str, subject: SubjectDraws) -> Iterator[Part]:
    if subject.says_no:
        yield Note(f"Whose refusal suffices to stop '{title}', in share of draws:")
        rows = tuple(_row(case, said) for said in subject.says_no[:SHOWN])
        yield Table(("Who", "In share of draws"), rows, f"Who stops '{title}'")


def _moves(title: str, subject: SubjectDraws) -> Iterator[Part]:
    if not subject.says_no:
        return
    if subject.changed == 0:
        yield Note(f"'{title}' leaves too much open for changes of it to be looked at over draws.")
    elif not subject.moves:
        size = "one issue" if subject.changed == 1 else "one or two issues"
        yield Note(f"No change of {size} makes '{title}' clearly more often acceptable to all.")
    else:
        yield Note(f"Changes after which '{title}' is acceptable to all in more draws:")
        rows = tuple(
            (
                "; ".join(f"{issue}: {old} to {new}" for issue, (old, new) in move.changes.items()),
                _gain(move.all),
            )
            for move in subject.moves
        )
        yield Table(("Change", "Acceptable to all"), rows, "Moves that gain most")


def _row(case: Case, said: SaysNo) -> tuple[Cell, ...]:
    names = wording.joined(wording.faction_name(case, ref) for ref in said.factions)
    return names or "nobody alone: it depends on how the rest is settled", _interval(said.share)


def _interval(share: Share) -> str:
    return f"{wording.percent(share.share)} ({wording.percent(share.low)} to {wording.percent(share.high)})"


def _gain(change: Change) -> str:
    return wording.more_draws(change.change, change.low, change.high)
