"""What becomes of governments, in words: who can bring one down, and the four of ratified and survives."""

from __future__ import annotations

from collections.abc import Iterator

from winset.analyses import wording
from winset.analyses.ratification import figures
from winset.analyses.ratification.answers import Arithmetic, CandidateAnswer, RatificationResult
from winset.analyses.ratification.turning import focus_of
from winset.analyses.sections import Cell, Note, Part, Section, Table, Tone, Verdict
from winset.case.model import Case

FALLING = ("walks out", "topples")
NOBODY = "Whoever leaves but its own head, it keeps them"


def governments(case: Case, result: RatificationResult) -> Section:
    """Every government that can fall, before the package that matters most and all others."""
    focus = focus_of(case, result)
    parts: list[Part] = []
    for side, home in result.homes.items():
        if home.government is None:
            continue
        if focus is not None:
            parts.append(_verdict(case, side, home.government, focus))
        parts.append(Note(_arithmetic(case, side, home.government)))
        parts += figures.government(case, side, home.government, focus)
        parts += _four(case, side, result)
    lead = tuple(part for part in parts if isinstance(part, Verdict))
    return Section("Does the government survive it", tuple(parts), lead)


def _verdict(case: Case, side: str, seats: Arithmetic, focus: CandidateAnswer) -> Verdict:
    """Who says no and leaves, and whether that stops the package or brings the government down."""
    home = focus.homes[side]
    stands = {ref.partition(".")[2] or ref: stand.at_the_mode for ref, stand in home.factions.items()}
    leaving = [name for name in seats.seats if stands.get(name) in FALLING]
    refusing = [name for name in seats.seats if stands.get(name) == "says no"]
    who, title = case.parties[side].name, focus.title
    passes = home.joint.passes if home.joint else home.ratifies is not None and home.ratifies.low > 0.5
    carried = sum(weight for name, weight in seats.seats.items() if name not in leaving)
    net = sum(
        weight for name, weight in seats.safety_net.items() if stands.get(name, "says yes") == "says yes"
    )
    said = f"{who}, '{title}': {_doing(case, side, leaving, refusing)}"
    stop = "it fails at home"
    if passes:
        stop = "they cannot stop it" if leaving else "that does not stop it" if refusing else "it passes"
    tone: Tone = "yes" if carried + net >= seats.majority else "no"
    return Verdict(f"{said}; {stop}. {_majority(carried, net, seats.majority)}", tone)


def _doing(case: Case, side: str, leaving: list[str], refusing: list[str]) -> str:
    factions = case.parties[side].factions
    said = []
    if leaving:
        names = wording.joined(factions[name].name for name in leaving)
        said.append(f"{names} {'says no and walks out' if len(leaving) == 1 else 'say no and walk out'}")
    if refusing:
        names = wording.joined(factions[name].name for name in refusing)
        stay = "says no but stays" if len(refusing) == 1 else "say no but stay"
        said.append(f"{names} {stay}")
    return wording.joined(said) or "nobody who carries the government leaves it"


def _majority(carried: float, net: float, needed: float) -> str:
    """Whether the government keeps its majority, with and without the safety net."""
    bare = f"{carried:g} of the {needed:g} seats it needs"
    if carried >= needed:
        return f"The government keeps its majority: {carried:g} seats, {needed:g} are needed."
    if carried + net >= needed:
        return f"The government keeps {bare}, and lives by the safety net ({net:g} seats)."
    helped = f", and {carried + net:g} with the safety net" if net else ""
    return f"The government is left with {bare}{helped}: it falls."


def _arithmetic(case: Case, side: str, seats: Arithmetic) -> str:
    """Who can cost the government its majority, whatever the package."""
    factions = case.parties[side].factions

    def named(sets: tuple[tuple[str, ...], ...]) -> str:
        return wording.joined((wording.joined(factions[name].name for name in one) for one in sets), "or")

    carried = sum(seats.seats.values())
    said = f"By seats alone: {carried:g} carry the government, {seats.majority:g} are needed. "
    bare = f"It loses them when {named(seats.without_net)} leave" if seats.without_net else NOBODY
    if not seats.safety_net:
        return f"{said}{bare}."
    who = wording.joined(factions[name].name for name in seats.safety_net)
    held = f"only when {named(seats.with_net)} leave" if seats.with_net else "whoever leaves, it keeps them"
    return f"{said}{bare}. While {who} steps in ({sum(seats.safety_net.values()):g} seats), {held}."


def _four(case: Case, side: str, result: RatificationResult) -> Iterator[Part]:
    rows: list[tuple[Cell, ...]] = []
    for candidate in result.candidates:
        found = candidate.homes[side].government
        if found is not None:
            four = (found.ratified_kept, found.ratified_lost, found.refused_kept, found.refused_lost)
            rest = (found.kept_without_net, found.stands)
            rows.append((candidate.title, *(wording.percent(chance) for chance in (*four, *rest))))
    if rows:
        heads = (
            "Package",
            "Ratified, majority kept",
            "Ratified, majority lost",
            "Not ratified, majority kept",
            "Not ratified, majority lost",
            "Majority kept without the safety net",
            "Not brought down by those who topple",
        )
        yield Table(heads, tuple(rows), f"{case.parties[side].name}: ratified or not, and the government")
