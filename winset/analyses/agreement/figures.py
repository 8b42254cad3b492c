"""The charts of the agreement result: the frontier with the answers on it, and a text against walk-aways."""

from __future__ import annotations

from winset.analyses import wording
from winset.analyses.agreement.answers import AgreementResult, TextAnswer, Vector
from winset.analyses.agreement.columns import columns
from winset.analyses.sections import Cell, Figure, Outcome, Outcomes, Spans, Table
from winset.case import table
from winset.case.model import Case

TABLED = 12
DRAWN = 400


def frontier(case: Case, result: AgreementResult) -> Figure:
    """The frontier as points of the parties, with the text on the table and the answers among them."""
    names = tuple(table.name_of(case, party) for party in result.parties)
    outcomes = _outcomes(case, result)
    drawn = tuple(tuple(point.utilities.values()) for point in _every(result, DRAWN))
    chart = Outcomes(names, tuple(result.parties.values()), outcomes, drawn, "The frontier")
    shown = _every(result, TABLED)
    of = result.frontier.total or len(result.frontier.points)
    left = "" if len(shown) == of else f" ({len(shown)} of {of:,})"
    rows: list[tuple[Cell, ...]] = [(outcome.name, *_spans(outcome), "") for outcome in outcomes]
    for number, point in enumerate(shown):
        name = f"The frontier{left}" if number == 0 else ""
        values = (wording.whole(value) for value in point.utilities.values())
        rows.append((name, *values, f"{point.tied:,}"))
    heads = ("Outcome", *names, "Packages")
    return Figure(
        title="Points of each side",
        says=_says(names),
        chart=chart,
        table=Table(heads, tuple(rows), "Points of each side", frozenset({len(outcomes)})),
    )


def _says(names: tuple[str, ...]) -> str:
    return (
        f"Each outcome by its points for {wording.joined(names)}, walk-aways marked: the frontier, the text "
        "on the table and the answers of each standard. The table below says the same."
    )


def _outcomes(case: Case, result: AgreementResult) -> tuple[Outcome, ...]:
    found = []
    text = result.texts.get(result.on_the_table or "")
    if text is not None and text.completions:
        asked = [text.factions[table.signer(case, party)] for party in result.parties]
        low, high = tuple(said.low for said in asked), tuple(said.high for said in asked)
        found.append(Outcome("Text on the table" + _mark(text.in_zone > 0), low, high))
    for column in columns(result):
        values = tuple(column.utilities.values())
        name = ", ".join(column.titles) + _mark(column.consent is None or column.consent.in_zone)
        found.append(Outcome(name, values, values))
    return tuple(found)


def _mark(acceptable: bool) -> str:
    return "" if acceptable else " (not acceptable)"


def _every(result: AgreementResult, most: int) -> list[Vector]:
    """At most so many points of the frontier, evenly picked, its ends always among them."""
    points = result.frontier.points
    if len(points) <= most:
        return list(points)
    return [points[round(place * (len(points) - 1) / (most - 1))] for place in range(most)]


def _spans(outcome: Outcome) -> tuple[str, ...]:
    return tuple(wording.span(low, high) for low, high in zip(outcome.low, outcome.high, strict=True))


def text(answer: TextAnswer, names: dict[str, str], said: Table) -> Figure:
    """What a text is worth to those whose consent counts, each against its own walk-away."""
    rows = tuple(
        (name, answer.factions[ref].low, answer.factions[ref].high, answer.factions[ref].walk_away)
        for ref, name in names.items()
    )
    chart = Spans("Points", "Walk-away", rows)
    says = "The text in points for each of those whose consent counts, from its worst to its best completion."
    return Figure("The text in points, against walk-aways", says, chart, said)
