"""One package as sections: the sums behind every yes and no, to be checked by hand."""

from __future__ import annotations

from collections.abc import Iterator

from winset.analyses import wording
from winset.analyses.sections import Cell, Mark, Note, Part, Section, Table, Verdict
from winset.case import table
from winset.case.model import Case
from winset.space.package import FactionVerdict, Judgement


def sections(case: Case, judgement: Judgement) -> tuple[Section, ...]:
    """The package, the arithmetic of every faction, and who consents."""
    return (
        _package(case, judgement),
        *(_sum(case, verdict) for verdict in judgement.factions),
        _consent(case, judgement),
    )


def _package(case: Case, judgement: Judgement) -> Section:
    rows = tuple(
        (issue, option, case.issues[issue].options[option].label)
        for issue, option in judgement.package.items()
    )
    parts: list[Part] = [Table(("Issue", "Option", ""), rows)]
    for constraint in judgement.forbidden_by:
        why = f" {constraint.because.text}" if constraint.because else ""
        parts.append(Verdict(f"Forbidden by '{constraint.id}': {constraint.forbid}.{why}", "no"))
    parts += [Note(f"Caution: {c.because.text}") for c in table.cautions_in(case, judgement.package)]
    return Section("The package", tuple(parts))


def _sum(case: Case, verdict: FactionVerdict) -> Section:
    rows: list[tuple[Cell, ...]] = []
    for term in verdict.terms:
        if term.what in case.issues:
            rows.append((term.what, f"{term.weight:.4f}", f"{term.score:g}", f"{term.points:.2f}"))
        else:
            rows.append((f"joint: {term.what}", "", "", f"{term.points:+.2f}"))
    total = len(rows)
    rows.append(("sum", "", "", f"{verdict.utility:.2f}"))
    rows.append(("walk-away", "", "", f"{verdict.walk_away:.2f}"))
    heads = ("Issue", "Weight of 1", "Score", "Points")
    parts: list[Part] = [Table(heads, tuple(rows), breaks=frozenset({total}))]
    parts += [Note(f"Red line crossed: {wording.red_line(case, key)}") for key in verdict.crossed]
    tone = Mark("accepts", "yes") if verdict.accepts else Mark("refuses", "no")
    why = "" if verdict.accepts else f" ({_why(verdict)})"
    parts.append(Verdict(f"{wording.faction_name(case, verdict.ref)} {tone.text}{why}.", tone.tone))
    return Section(wording.faction_name(case, verdict.ref), tuple(parts))


def _why(verdict: FactionVerdict) -> str:
    reasons = []
    if verdict.short_by > 0:
        reasons.append(f"short by {wording.span_of_points(verdict.short_by, verdict.short_by)}")
    if verdict.crossed:
        reasons.append("crosses " + wording.counted(len(verdict.crossed), "red line"))
    return " and ".join(reasons)


def _consent(case: Case, judgement: Judgement) -> Section:
    rows = tuple(
        (table.name_of(case, side.side), _mark(side.signs), _mark(side.lets), _mark(side.consents))
        for side in judgement.sides
    )
    words = "is" if judgement.in_zone else "is not"
    barred = wording.joined(f"'{constraint.id}'" for constraint in judgement.forbidden_by)
    why = f": it is forbidden by {barred}" if barred else ""
    text = f"The package {words} {wording.acceptable(case)}{why}."
    verdict = Verdict(text, "yes" if judgement.in_zone else "no")
    heads = ("Side", "Signs", "Home lets it", "Consents")
    return Section("Who consents", (Table(heads, rows), *_homes(case, judgement), verdict))


def _homes(case: Case, judgement: Judgement) -> Iterator[Note]:
    """Each home's rule with who of its members accepts."""
    accepts = {verdict.ref: verdict.accepts for verdict in judgement.factions}
    for side, party in case.parties.items():
        if party.ratification is None:
            continue
        weights = table.home_weights(side, party)
        said: dict[bool, list[str]] = {True: [], False: []}
        for name, ref in zip(table.local_ids(side, party), table.refs_of_party(side, party), strict=True):
            if ref in accepts:
                said[accepts[ref]].append(f"{table.name_of(case, ref)} (weight {float(weights[name]):g})")
        yes, no = (wording.joined(said[answer]) or "nobody" for answer in (True, False))
        rule = wording.rule_words(case, side, party.ratification)
        yield Note(f"Home of {party.name} must: {rule}. Accepting: {yes}. Refusing: {no}.")


def _mark(said: bool) -> Mark:
    return Mark("yes" if said else "no", "yes" if said else "no")
