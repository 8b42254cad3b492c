"""How agreement is found, for a reader of a report: in sentences, with sources."""

from __future__ import annotations

from winset.analyses.agreement.concepts import CONCEPTS
from winset.analyses.sections import Note, Part, Table

METHOD: tuple[Part, ...] = (
    Note(
        "A package settles every issue. Its points for a faction are the scores of its options, weighted and "
        "added, plus what the case says of combinations (Keeney & Raiffa 1976). Orders stand in for numbers "
        "where the case gives no numbers: weights by rank-order centroids (Barron & Barrett 1996), scores "
        "evenly spaced."
    ),
    Note(
        "A faction accepts when the points reach its walk-away and no red line is crossed; points elsewhere "
        "never buy a red line. A red line counts from a judged chance of one half. A party consents when the "
        "faction that speaks for it accepts and its rule at home is met (two-level games: Putnam 1988)."
    ),
    Note(
        "The zone is all packages to which everybody consents whose consent is needed; the frontier is what "
        "in it nobody can better without another losing (Raiffa 1982). Both are found package "
        "by package or, past ten million, by a search that proves what it leaves out (Everett 1963)."
    ),
    Table(
        ("Standard", "Picks", "Source"),
        tuple((concept.title, concept.picks, concept.source) for concept in CONCEPTS),
        "What each standard picks",
    ),
)
