"""Who turns a vote at home, in words: pivots, sets that turn it together, and what it takes to win them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from winset.analyses import wording
from winset.analyses.ratification import figures
from winset.analyses.ratification.answers import (
    CandidateAnswer,
    HomeAnswer,
    JointPivot,
    JointPivots,
    Payments,
    RatificationResult,
)
from winset.analyses.sections import Cell, Note, Part, Section, Table, Verdict
from winset.case import table
from winset.case.model import Case

SETS_SHOWN = 5
SURE = 0.995  # a home as sure as this is not looked at further


def turning(case: Case, result: RatificationResult) -> Section:
    """Who is pivotal for the package that matters most: the text if it is whole, else the leaders' choice."""
    focus = focus_of(case, result)
    parts: list[Part] = []
    if focus is not None:
        for side, home in focus.homes.items():
            parts += _home(case, side, home, focus, result)
    lead = tuple(part for part in parts if isinstance(part, Verdict) and part.tone != "plain")
    return Section("Who at home turns it", tuple(parts), lead)


def focus_of(case: Case, result: RatificationResult) -> CandidateAnswer | None:
    """The package to look at closely: one that was named, the text on the table, the leaders' choice, or
    the first that settles everything."""
    whole = [candidate for candidate in result.candidates if not candidate.open]
    for wanted in ("package", f"text {case.on_the_table}", "leaders"):
        for candidate in whole:
            if wanted in candidate.ids:
                return candidate
    return whole[0] if whole else None


def _home(
    case: Case, side: str, home: HomeAnswer, focus: CandidateAnswer, result: RatificationResult
) -> Iterator[Part]:
    if home.pivots is None:
        return
    name = case.parties[side].name
    if home.joint is not None:
        verdict = _joint_verdict(case, name, home.joint, focus.title)
        # A vote about which there is no doubt is no news: it stays out of the summary.
        yield replace(verdict, tone="plain") if _sure(home) else verdict
    yield from figures.bodies(case, side, focus, result)
    if _sure(home):
        return
    rows: list[tuple[Cell, ...]] = [
        (
            table.name_of(case, pivot.faction),
            wording.percent(pivot.yes),
            wording.percent(max(pivot.pivotality, 0.0)),
            _gain(pivot.per_point),
        )
        for pivot in home.pivots
        if pivot.faction != result.homes[side].signer
    ]
    heads = ("Faction", "Says yes", "Its yes instead of its no adds", "A point more for it adds")
    yield Table(heads, tuple(rows), f"{name}: who moves the chance that home ratifies '{focus.title}'")
    if home.joint is not None and home.joint.sets:
        yield from _sets(case, name, home.joint)
    if home.payments is not None:
        yield Note(_payments(case, name, home.payments))


def _sure(home: HomeAnswer) -> bool:
    """Whether home ratifies nearly always."""
    return home.ratifies is not None and home.ratifies.low > SURE


def _gain(per_point: float | None) -> str:
    if per_point is None:
        return "not in doubt"
    if per_point < 0.0005:
        return "nothing"
    return f"{100 * per_point:.1f} in 100 cases"


def _joint_verdict(case: Case, name: str, joint: JointPivots, title: str) -> Verdict:
    """Who can turn the vote at the mode, the nearest first."""
    held = "passes" if joint.passes else "fails"
    said = f"{name}: with every number at its most plausible value '{title}' {held} at home."
    if not joint.sets:
        nobody = "no three together" if joint.limited else "nobody else"
        carried = " Its signer carries it:" if joint.passes else " There"
        verb = "can turn that" if joint.passes else "is nobody who can turn that"
        nobody = f"{carried} {nobody} {verb}." if joint.passes else f"{carried} {verb}."
        return Verdict(f"{said}{nobody}", "yes" if joint.passes else "no")
    near = joint.sets[0]
    single = len(near.factions) == 1
    who = wording.joined(table.name_of(case, ref) for ref in near.factions)
    switch, how = "no" if joint.passes else "yes", "alone" if single else "together"
    jointly = "" if single else f" Alone none of them is enough: a joint pivot of {len(near.factions)}."
    return Verdict(
        f"{said} Nearest to turning it {'is' if single else 'are'} {who}, whose {switch} {how} would: "
        f"{_distance(near, passes=joint.passes)}.{jointly}",
        "yes" if joint.passes else "no",
    )


def _distance(pivot: JointPivot, *, passes: bool) -> str:
    points = wording.span_of_points(pivot.points, pivot.points)
    lines = wording.counted(pivot.lines, "red line")
    if passes:
        return f"{points} above {'its walk-away' if len(pivot.factions) == 1 else 'their walk-aways, in sum'}"
    if pivot.lines and not pivot.points:
        return f"{lines} crossed"
    short = f"{points} short" + (" in sum" if len(pivot.factions) > 1 else "")
    return f"{short} and {lines} crossed" if pivot.lines else short


def _sets(case: Case, name: str, joint: JointPivots) -> Iterator[Part]:
    rows: list[tuple[Cell, ...]] = [
        (
            wording.joined(table.name_of(case, ref) for ref in one.factions),
            _distance(one, passes=joint.passes),
        )
        for one in joint.sets[:SETS_SHOWN]
    ]
    more = f" ({SETS_SHOWN} of {joint.total})" if joint.total > SETS_SHOWN else ""
    yield Table(
        ("Whose switch turns it", "How far away"),
        tuple(rows),
        f"{name}: sets whose switch turns the vote, and no part of them would{more}",
    )
    if joint.limited:
        yield Note("The factions are many: only sets of up to three were looked at.")


def _payments(case: Case, name: str, payments: Payments) -> str:
    target = wording.cases(payments.target).removeprefix("in about ")
    said = []
    for one in (*payments.alone[:1], *([payments.pair] if payments.pair else [])):
        given = [
            f"{table.name_of(case, ref)} {wording.span_of_points(points, points)} more"
            for ref, points in one.points.items()
        ]
        said.append(wording.joined(given))
    if not said:
        return f"{name}: no payment to one faction, whatever its size, makes home ratify in {target}."
    only = "" if payments.pair or not payments.out_of_reach else " No other faction alone would do."
    return f"To have home in {name} ratify in {target} it would take: {'; or '.join(said)}.{only}"
