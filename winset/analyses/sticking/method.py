"""How what stands in the way is found, for a reader of a report."""

from __future__ import annotations

from winset.analyses.sections import Note, Part

METHOD: tuple[Part, ...] = (
    Note(
        "The nearest acceptable packages are those that change the fewest settled issues; among them the one "
        "by which nobody with a say loses much comes first. A next move changes one or two issues, turns a "
        "refuser, and loses nobody who accepts. All changes are gone through, and all packages or, past ten "
        "million, a search that proves what it leaves out."
    ),
    Note(
        "Who blocks is a smallest set of factions that leaves no package even if everybody else accepted "
        "everything. The cheapest way is the least total of points by which walk-aways come down and of red "
        "lines lifted, each line at a price in points that the analyst sets."
    ),
)
