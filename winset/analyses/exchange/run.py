"""Will each side carry out its part? In point mode, and over draws where they are asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from importlib import import_module

from winset.analyses.exchange.answers import ExchangeResult
from winset.analyses.exchange.readings import readings
from winset.analyses.exchange.schedules import judge
from winset.analyses.exchange.terms import settled, sources
from winset.analyses.result import CaseStamp
from winset.analyses.sampling import Sampling
from winset.analyses.subjects import refuse_extended
from winset.case import tiers
from winset.case.model import Case
from winset.errors import NotApplicable

OWN_POINTS = (
    "Slack is in each side's own points. Sides are compared only by what slack is as a share of what the "
    "whole exchange is worth to the side."
)
IF_KEPT = (
    "A plan that enforces itself on these numbers need not be carried out: the numbers are judged, and sides "
    "may be unable to deliver, err, or change their minds."
)
KNIFE_EDGE = "A slack of exactly 0 is a knife-edge: the least doubt turns it. It never counts as safe."


def applies(case: Case) -> bool:
    """Whether the case has an exchange with schedules to judge."""
    return case.exchange is not None and bool(case.exchange.schedules)


def run(
    case: Case,
    *,
    extended: bool = False,
    package: Mapping[str, str] | None = None,
    delivered: Mapping[str, int] | None = None,
    since: int | None = None,
    sampling: Sampling | None = None,
) -> ExchangeResult:
    """Whether each side carries out its part at each step of each schedule (model.md 7).

    Numbers that depend on an option take that of `package`, else of the text on the table, else of
    `exchange.package`; a schedule may suppose others. `delivered` are the lots delivered so far, by
    obligation: what remains is judged, its steps counted from 1; `since`, the day of the last of them, is
    only told. With `sampling`, the answers over draws stand beside those at the mode.

    Raises NotApplicable where the case has no schedule, where nothing remains of any, and where an option
    that a number depends on is left open; UnknownName for a package that is none.
    """
    if not applies(case):
        raise NotApplicable(
            "the case has no `exchange` with `schedules`; add who owes what, and in which steps"
        )
    refuse_extended(case, package, extended=extended)
    options = settled(case if extended else tiers.core_of(case), package)
    by_schedule = sources(case if extended else tiers.core_of(case), options, delivered)
    answers = {name: judge(source, name) for name, source in by_schedule.items()}
    if not answers:
        raise NotApplicable("all that the schedules ask for is delivered; nothing remains to be judged")
    first = next(iter(by_schedule.values()))
    result = ExchangeResult(
        analysis="exchange",
        case=CaseStamp.of(case),
        method="backward induction",
        parameters={
            "extended": extended,
            "package": dict(package) if package else None,
            **({"delivered": dict(delivered), "since": since} if delivered else {}),
        },
        caveats=(OWN_POINTS, IF_KEPT, KNIFE_EDGE),
        parties=first.sides,
        settled=options,
        schedules=answers,
        readings=readings(first.exchange, first.sides, first.delivered),
    )
    if sampling is None:
        return result
    # Drawing loads scipy: only who asks for draws waits for it.
    drawn = import_module("winset.analyses.exchange.draws").over_draws(by_schedule, sampling)
    return replace(
        result,
        parameters={**result.parameters, "draws": sampling.draws, "seed": sampling.seed},
        schedules={name: replace(answer, draws=drawn[name]) for name, answer in answers.items()},
    )
