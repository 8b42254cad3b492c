"""Levers judged on common random numbers: the same draws with each, so that only the lever differs."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module

from winset.analyses import wording
from winset.analyses.levers.answers import LeversResult
from winset.analyses.result import CaseStamp
from winset.analyses.sampling import Sampling
from winset.case import pulls, tiers
from winset.case.model import Case
from winset.errors import NotApplicable

SAME_DRAWS = (
    "All levers are judged on the same draws; what one changes says nothing of whether it will be pulled."
)


def applies(case: Case) -> bool:
    """Whether the case has levers."""
    return bool(case.levers)


def run(
    case: Case,
    *,
    sampling: Sampling,
    extended: bool = False,
    levers: Sequence[str] = (),
) -> LeversResult:
    """What the case's levers, and `levers` named in words, change alone and in pairs.

    Raises NotApplicable without any, UnclearLever and UnknownName for words that name none, CaseError where
    one leaves the case unsound, and whatever `agreement` raises.
    """
    asked = (*pulls.of_case(case), *(pulls.in_words(case, words) for words in levers))
    if not asked:
        raise NotApplicable(
            f"the case has no levers; add some to it, or name one with --lever: {pulls.FORMS}"
        )
    for pull in asked:
        if pull.issue is not None and not extended and pull.issue in tiers.extended_issues(case):
            raise NotApplicable(f"'{pull.issue}' is an extended issue; take those into play with --extended")
    # Drawing loads scipy and compiled code: only who asks for draws waits for it.
    found = import_module("winset.analyses.levers.pulled").found(case, asked, sampling, extended=extended)
    return LeversResult(
        analysis="levers",
        case=CaseStamp.of(case),
        method="common draws",
        parameters={"extended": extended, **sampling.parameters, "levers": list(levers)},
        caveats=(wording.NOT_A_CHANCE, SAME_DRAWS),
        zone=found.zone,
        text=found.text,
        alone=found.alone,
        pairs=found.pairs,
        unpaired=found.unpaired,
    )
