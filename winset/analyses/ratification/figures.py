"""The charts of the ratification result: win-sets, bodies that vote, and the seats of a government."""

from __future__ import annotations

from collections.abc import Iterator

from winset.analyses import wording
from winset.analyses.ratification.answers import (
    Arithmetic,
    Body,
    CandidateAnswer,
    RatificationResult,
    WinSet,
)
from winset.analyses.sections import Cell, Figure, Stacks, Table
from winset.case import table
from winset.case.model import Case

PACKAGES = ("signed and let pass", "let pass, not signed", "signed, not let pass", "neither")
STATES = ("says yes", "says no", "walks out", "topples")
SEATS = ("carries it", "steps in", "walks out", "topples")

_Row = tuple[str, tuple[tuple[str, float, str], ...], float | None]


def winsets(case: Case, result: RatificationResult) -> Figure:
    """How large each win-set is, of all packages, and how much of it the signer signs."""
    found = {case.parties[side].name: home.winset for side, home in result.homes.items()}
    rows = tuple((name, _parts(winset), None) for name, winset in found.items())
    heads = ("Home", "Home lets pass", "Its signer signs", "Both", "Of packages")
    cells: tuple[tuple[Cell, ...], ...] = tuple(
        (name, f"{w.lets:,}", f"{w.signs:,}", f"{w.both:,}", f"{w.of:,}{' (sample)' if w.sampled else ''}")
        for name, w in found.items()
    )
    return Figure(
        "Win-sets: what each home lets pass, of all packages",
        "The share of all packages that each home lets pass and its signer signs. The table says the same.",
        Stacks("Share of packages, in percent", PACKAGES, rows, rest=True),
        Table(heads, cells, "Win-sets, every number at its most plausible value"),
    )


def _parts(winset: WinSet) -> tuple[tuple[str, float, str], ...]:
    counts = (
        winset.both,
        winset.lets - winset.both,
        winset.signs - winset.both,
        winset.of - winset.lets - winset.signs + winset.both,
    )
    return tuple(
        (wording.percent(n / winset.of), 100 * n / winset.of, kind)
        for kind, n in zip(PACKAGES, counts, strict=True)
        if n
    )


def bodies(case: Case, side: str, focus: CandidateAnswer, result: RatificationResult) -> Iterator[Figure]:
    """Each weighted vote at home, as it comes out at the mode."""
    for number, body in enumerate(result.homes[side].bodies):
        if len(body.weights) < 2:
            continue
        more = f", vote {number + 1}" if len(result.homes[side].bodies) > 1 else ""
        yield _body(case, side, body, focus, more)


def _body(case: Case, side: str, body: Body, focus: CandidateAnswer, more: str) -> Figure:
    stands = {ref: stand.at_the_mode for ref, stand in focus.homes[side].factions.items()}
    signer = _signer(case, side)
    said = {ref: "says yes" if ref == signer else stands[ref] for ref in body.weights}
    ordered = sorted(body.weights, key=lambda ref: STATES.index(said[ref]))
    if body.refusing:
        ordered.reverse()
    parts = tuple((table.name_of(case, ref), body.weights[ref], said[ref]) for ref in ordered)
    needs = f"{'more than' if body.strictly else 'at least'} {body.bar:g}"
    counts = "refusals" if body.refusing else "yes"
    title = f"The vote at home in {case.parties[side].name}{more} on '{focus.title}'"
    rows = tuple((name, f"{weight:g}", kind) for name, weight, kind in parts)
    total = sum(body.weights.values())
    there = " of those present" if body.of_present else ""
    caption = f"{title}: it takes {needs} of {total:g} ({counts}){there}"
    return Figure(
        title,
        f"{caption}. The table says the same.",
        Stacks(f"Weight of {counts} (mark: {needs})", STATES, ((case.parties[side].name, parts, body.bar),)),
        Table(("Faction", "Weight", "At the most plausible numbers"), rows, caption),
    )


def _signer(case: Case, side: str) -> str:
    return table.signer(case, side)


def government(case: Case, side: str, seats: Arithmetic, focus: CandidateAnswer | None) -> Iterator[Figure]:
    """The seats of a government before a package, with and without the safety net."""
    if focus is None:
        return
    home = focus.homes[side]
    factions = case.parties[side].factions
    stands = {ref.partition(".")[2]: stand.at_the_mode for ref, stand in home.factions.items()}

    def kind(name: str) -> str:
        said = stands.get(name, "says yes")
        return said if said in ("walks out", "topples") else "carries it"

    carrying = [(factions[name].name, number, kind(name)) for name, number in seats.seats.items()]
    carrying.sort(key=lambda part: SEATS.index(part[2]))
    net = [
        (factions[name].name, number, "steps in")
        for name, number in seats.safety_net.items()
        if stands.get(name, "says yes") == "says yes"
    ]
    staying = [part for part in carrying if part[2] == "carries it"]
    leaving = [part for part in carrying if part[2] != "carries it"]
    rows: list[_Row] = [("Without the safety net" if net else "Seats", tuple(carrying), seats.majority)]
    if net:
        rows.append(("With the safety net", (*staying, *net, *leaving), seats.majority))
    title = f"The government of {case.parties[side].name} and '{focus.title}'"
    cells = tuple((name, f"{number:g}", what) for name, number, what in (*staying, *net, *leaving))
    yield Figure(
        title,
        f"{title}: seats of those who carry it, step in or leave; {seats.majority:g} are needed. The table "
        "says the same.",
        Stacks(f"Seats (mark: the {seats.majority:g} needed)", SEATS, tuple(rows)),
        Table(("Faction", "Seats", "What it does"), cells, f"{title}: {seats.majority:g} seats are needed"),
    )
