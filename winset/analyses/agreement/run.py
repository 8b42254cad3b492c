"""The agreement analysis in point mode: by enumeration, or by search where packages are too many."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from importlib import import_module

from winset.analyses import wording
from winset.analyses.agreement.answers import AgreementResult, Frontier, Solution, TextAnswer, Zone
from winset.analyses.agreement.concepts import CONCEPTS
from winset.analyses.agreement.pose import pose
from winset.analyses.agreement.present import frontier, solution
from winset.analyses.agreement.problem import Sides
from winset.analyses.agreement.texts import answer_text
from winset.analyses.result import CaseStamp
from winset.analyses.sampling import Sampling
from winset.case import tiers
from winset.case.model import Case
from winset.space.build import Space, build_space
from winset.space.consent import chosen_method
from winset.space.numbers import points, quantise


def run(
    case: Case,
    *,
    extended: bool = False,
    method: str | None = None,
    package: Mapping[str, str] | None = None,
    sampling: Sampling | None = None,
) -> AgreementResult:
    """What the parties could sign, in point mode; `extended` takes the extended issues into play.

    With `sampling`, the answer over draws stands beside it, a `package` that the user names among the
    candidates; without, that says nothing.

    `method` is `enumerate` (every package is looked at, up to 10,000,000) or `search` (any number; the zone
    is then not counted); by default the first up to that many. Raises UnknownName for another,
    NotApplicable where the case lacks what the question needs, CaseError where constraints leave nothing, and
    LimitExceeded where there is more than the method can look at.
    """
    space = build_space(case, extended=extended)
    method = chosen_method(space, method)
    if method == "search":
        # Compiled code takes a moment to load: only who needs it waits for it.
        found = import_module("winset.analyses.agreement.seek").answers(space)
    else:
        found = _enumerated(space)
    sides, zone, solutions, frontier, texts, unread = found
    result = AgreementResult(
        analysis="agreement",
        case=CaseStamp.of(case),
        method=method,
        parameters={"extended": extended},
        caveats=(
            wording.likely_or_not(zone.exists),
            wording.AT_THE_MODE,
            *_left_out(case, extended),
            *wording.uncounted(space.case, sides.parties),
            *map(wording.too_open, unread),
        ),
        parties={p: points(r) for p, r in zip(sides.parties, quantise(sides.walk_away), strict=True)},
        zone=zone,
        solutions=solutions,
        frontier=frontier,
        texts=texts,
        on_the_table=case.on_the_table if case.on_the_table in texts else None,
    )
    if sampling is None:
        return result
    # Drawing loads scipy and compiled code: only who asks for draws waits for it.
    over_draws = import_module("winset.analyses.agreement.draws").over_draws
    return replace(
        result,
        parameters={**result.parameters, **sampling.parameters},
        draws=over_draws(result, case, sampling, extended=extended, named=package),
    )


def _enumerated(
    space: Space,
) -> tuple[Sides, Zone, dict[str, Solution], Frontier, dict[str, TextAnswer], tuple[str, ...]]:
    problem = pose(space)
    zone = Zone(len(problem.zone) > 0, len(problem.zone), space.size, space.combinations)
    solutions = {concept.id: solution(problem, concept) for concept in CONCEPTS}
    texts = {name: answer_text(space, text.package) for name, text in space.case.texts.items()}
    return problem, zone, solutions, frontier(problem), texts, ()


def _left_out(case: Case, extended: bool) -> tuple[str, ...]:
    names = () if extended else tiers.extended_issues(case)
    return (f"Extended issues are left out of play: {', '.join(names)}.",) if names else ()
