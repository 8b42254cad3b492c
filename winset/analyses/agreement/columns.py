"""The answers that are one package, equal ones together: what tables and charts put side by side."""

from __future__ import annotations

from dataclasses import dataclass

from winset.analyses.agreement.answers import AgreementResult, PackageConsent
from winset.analyses.agreement.concepts import CONCEPTS


@dataclass(frozen=True, slots=True)
class Column:
    """A package beside others: what it is called, its options, and who says yes."""

    titles: tuple[str, ...]
    package: dict[str, str]
    consent: PackageConsent | None
    utilities: dict[str, float]


def columns(result: AgreementResult) -> list[Column]:
    """The answers with a package, equal ones together."""
    found: dict[tuple[tuple[str, str], ...], Column] = {}
    for concept in CONCEPTS:
        solution = result.solutions[concept.id]
        if not solution.vectors or not solution.vectors[0].packages or solution.over_completions:
            continue  # an answer over the completions of an open text is many, not one
        vector = solution.vectors[0]
        key = tuple(vector.packages[0].items())
        earlier = found[key].titles if key in found else ()
        consent = None if vector.consent is None else vector.consent[0]
        titles = (*earlier, concept.title)
        found[key] = Column(titles, vector.packages[0], consent, vector.utilities)
    return list(found.values())
