"""The agreement analysis in point mode, by enumeration."""

from __future__ import annotations

from winset.analyses import wording
from winset.analyses.agreement.answers import AgreementResult, Zone
from winset.analyses.agreement.concepts import CONCEPTS
from winset.analyses.agreement.pose import pose
from winset.analyses.agreement.present import frontier, solution
from winset.analyses.agreement.texts import answer_text
from winset.analyses.result import CaseStamp
from winset.case import tiers
from winset.case.model import Case
from winset.space.build import build_space
from winset.space.numbers import points, quantise


def run(case: Case, *, extended: bool = False) -> AgreementResult:
    """What the parties could sign, in point mode; `extended` takes the extended issues into play.

    Raises NotApplicable where the case lacks what the question needs, CaseError where constraints
    leave nothing, and LimitExceeded past 10,000,000 packages.
    """
    space = build_space(case, extended=extended)
    problem = pose(space)
    return AgreementResult(
        analysis="agreement",
        case=CaseStamp.of(case),
        method="enumerate",
        parameters={"extended": extended},
        caveats=(
            wording.likely_or_not(len(problem.zone) > 0),
            wording.AT_THE_MODE,
            *_left_out(case, extended),
            *wording.uncounted(space.case, problem.parties),
        ),
        parties={p: points(r) for p, r in zip(problem.parties, quantise(problem.walk_away), strict=True)},
        zone=Zone(len(problem.zone) > 0, len(problem.zone), space.size, space.combinations),
        solutions={concept.id: solution(problem, concept) for concept in CONCEPTS},
        frontier=frontier(problem),
        texts={name: answer_text(space, text.package) for name, text in space.case.texts.items()},
        on_the_table=case.on_the_table,
    )


def _left_out(case: Case, extended: bool) -> tuple[str, ...]:
    names = () if extended else tiers.extended_issues(case)
    return (f"Extended issues are left out of play: {', '.join(names)}.",) if names else ()
