"""Choices by number -> answers by name: points of utility, their packages, who consents."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from winset.analyses.agreement.answers import (
    SHOWN_PACKAGES,
    SHOWN_VECTORS,
    Frontier,
    PackageConsent,
    Range,
    Solution,
    Vector,
    shares_as_numbers,
)
from winset.analyses.agreement.pose import worth_to
from winset.analyses.agreement.problem import (
    Choice,
    Concept,
    Indices,
    Problem,
    Sides,
    Sought,
    nothing,
)
from winset.kernels.groups import Groups
from winset.space.build import Space
from winset.space.consent import ask, judges
from winset.space.numbers import points, quantise
from winset.space.worth import Choices, forbidden, worth

Rows = Callable[[Indices], Choices]


def solution(problem: Problem, concept: Concept) -> Solution:
    """What the concept answers, by name."""
    choice = concept.solve(problem)
    if choice is None:
        return _unanswered(concept, zone=len(problem.zone) > 0)
    if choice.chosen is not None:
        return _by_options(problem, concept, choice, choice.chosen)
    groups = Groups(quantise(worth_to(problem.space, problem.signers, choice.packages)))
    inside = _within(choice.packages, problem.zone) if len(choice.packages) else None
    return Solution(
        title=concept.title,
        objective=choice.objective,
        in_zone=inside,
        tied=len(choice.packages),
        tied_vectors=len(groups),
        vectors=_with_consent(problem, groups, lambda at: problem.space.choices(choice.packages[at])),
        shares=None if choice.shares is None else shares_as_numbers(choice.shares),
        over_completions=_range(choice),
    )


def sought_solution(sought: Sought, concept: Concept) -> Solution:
    """What the concept answers by search."""
    choice = concept.seek(sought)
    if choice is None:
        return _unanswered(concept, zone=sought.exists is not False)
    if choice.chosen is None:
        shares = None if choice.shares is None else shares_as_numbers(choice.shares)
        return Solution(concept.title, choice.objective, None, 0, 0, (), shares)
    return _by_options(sought, concept, choice, choice.chosen)


def _unanswered(concept: Concept, *, zone: bool) -> Solution:
    needs = "a package in the zone" if concept.over == "zone" and not zone else concept.needs
    needs = needs or "an answer within the limit of the search"
    return Solution(concept.title, None, None, 0, 0, (), not_asked=f"needs {needs}")


def _within(packages: Indices, zone: Indices) -> bool:
    """Whether the zone (ascending) holds all of the packages."""
    return len(zone) > 0 and bool((zone[np.searchsorted(zone[:-1], packages)] == packages).all())


def _range(choice: Choice) -> Range | None:
    spread = choice.spread
    if spread is None or spread.completions == spread.with_answer == 1:
        return None
    return Range(spread.completions, spread.with_answer, spread.better, spread.low, spread.high)


def _by_options(problem: Sides, concept: Concept, choice: Choice, chosen: Choices) -> Solution:
    """An answer by option numbers, which constraints may forbid; in the zone when all that tie are."""
    space = problem.space
    tied = len(chosen) if choice.tied is None else choice.tied
    asked = ask(space, *worth(space, chosen))
    inside = bool((asked.zone & ~forbidden(space, chosen).any(axis=0)).all())
    unsure = inside and tied > len(chosen) and concept.over != "zone"
    groups = Groups(asked.utilities[[space.faction(signer) for signer in problem.signers]].T)
    return Solution(
        title=concept.title,
        objective=choice.objective,
        in_zone=None if unsure or not len(chosen) else inside,
        tied=tied,
        tied_vectors=len(groups),
        vectors=_with_consent(problem, groups, lambda at: chosen[at]),
        over_completions=_range(choice),
        proof=choice.sought,
    )


def frontier(problem: Problem) -> Frontier:
    """The undominated points of the zone, by rising utility of the first party."""
    groups = Groups(quantise(problem.utilities[problem.front]))
    packages = problem.zone[problem.front]
    ascending = np.arange(len(groups))
    vectors = _vectors(problem, groups, ascending, lambda at: problem.space.choices(packages[at]))
    return Frontier(len(groups), tuple(vector for vector, _ in vectors))


def _with_consent(problem: Sides, groups: Groups, rows: Rows) -> tuple[Vector, ...]:
    """Points of utility in the order of their first packages, with who says yes to those shown."""
    first = np.argsort(groups.first)[:SHOWN_VECTORS]
    found = list(_vectors(problem, groups, first, rows))
    if not found:
        return ()
    everybody = consent_to(problem.space, np.concatenate([chosen for _, chosen in found]))
    return tuple(
        Vector(
            vector.utilities, vector.tied, vector.packages, tuple(next(everybody) for _ in vector.packages)
        )
        for vector, _ in found
    )


def _vectors(problem: Sides, groups: Groups, which: Indices, rows: Rows) -> Iterator[tuple[Vector, Choices]]:
    """The points of utility that `which` numbers, each with the option numbers of the packages it shows."""
    members = [groups.members(i) for i in which]
    chosen = rows(np.concatenate([nothing(), *(at[:SHOWN_PACKAGES] for at in members)]))
    start = 0
    for i, at in zip(which, members, strict=True):
        shown = chosen[start : start + min(len(at), SHOWN_PACKAGES)]
        start += len(shown)
        worths = zip(problem.parties, groups.rows[i], strict=True)
        packages = tuple(problem.space.named(row) for row in shown)
        yield Vector({party: points(u) for party, u in worths}, len(at), packages), shown


def consent_to(space: Space, chosen: Choices) -> Iterator[PackageConsent]:
    """Who says yes to packages by option numbers, shape (packages, issues), forbidden or not."""
    asked = ask(space, *worth(space, chosen))
    barred = forbidden(space, chosen)
    sides = tuple(judges(space))
    for i in range(len(chosen)):
        yield PackageConsent(
            factions=dict(zip(space.factions, asked.accepts[:, i].tolist(), strict=True)),
            signs=dict(zip(sides, asked.signs[:, i].tolist(), strict=True)),
            lets=dict(zip(sides, asked.lets[:, i].tolist(), strict=True)),
            consents=dict(zip(sides, asked.consents[:, i].tolist(), strict=True)),
            in_zone=bool(asked.zone[i]) and not barred[:, i].any(),
            forbidden_by=tuple(
                c.id for c, bars in zip(space.case.constraints, barred[:, i], strict=True) if bars
            ),
        )
