"""What follows: the analyses, listed once. A new one is a module here and a line in ANALYSES."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from winset.analyses import agreement, drivers, exchange, levers, power, ratification, spoilers, sticking
from winset.analyses.result import Result
from winset.analyses.sampling import SAMPLING, Sampling
from winset.analyses.sections import Part, Section
from winset.case.model import Case
from winset.errors import LimitExceeded, NotApplicable, UnknownName


@dataclass(frozen=True, slots=True)
class Analysis:
    """An analysis: its name, the question it answers, how to run it, how to put its result,
    and its method in words with sources.

    One that `needs` others is handed their results by name, as the keyword `given` of `run`. One that is
    `over_draws` always draws; others that take `sampling` do when draws are asked for. `applies` says
    whether a case has anything for it: by default it then answers with the others.
    """

    id: str
    question: str
    run: Callable[..., Result]
    sections: Callable[[Case, Any], tuple[Section, ...]]
    method: tuple[Part, ...] = ()
    needs: tuple[str, ...] = ()
    over_draws: bool = False
    applies: Callable[[Case], bool] = lambda case: True

    @property
    def own(self) -> tuple[str, ...]:
        """The names of the parameters it takes beside the case, draws aside."""
        names = tuple(inspect.signature(self.run).parameters)[1:]
        return tuple(name for name in names if name not in ("given", "sampling"))

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of all parameters it takes beside the case, each once."""
        draws = "sampling" in inspect.signature(self.run).parameters
        return tuple(dict.fromkeys((*self.own, *(SAMPLING if draws else ()))))


ANALYSES: tuple[Analysis, ...] = (
    Analysis("agreement", "What could they sign?", agreement.run, agreement.sections, agreement.METHOD),
    Analysis(
        "sticking",
        "What stands in the way?",
        sticking.run,
        sticking.sections,
        sticking.METHOD,
        ("agreement",),
    ),
    Analysis(
        "ratification",
        "Would home ratify it?",
        ratification.run,
        ratification.sections,
        ratification.METHOD,
        ("agreement",),
        applies=ratification.applies,
    ),
    Analysis(
        "exchange",
        "Will each side carry out its part?",
        exchange.run,
        exchange.sections,
        exchange.METHOD,
        applies=exchange.applies,
    ),
    Analysis(
        "design",
        "Which order and slices would hold better?",
        exchange.designing.run,
        exchange.drafts.sections,
        exchange.drafts.DESIGN_METHOD,
        applies=exchange.designing.by_default,
    ),
    Analysis(
        "power",
        "Who decides by the rules alone?",
        power.run,
        power.sections,
        power.METHOD,
        applies=power.applies,
    ),
    Analysis(
        "spoilers",
        "Who could wreck it?",
        spoilers.run,
        spoilers.sections,
        spoilers.METHOD,
        ("agreement",),
        applies=spoilers.applies,
    ),
    Analysis(
        "drivers",
        "What does the answer rest on?",
        drivers.run,
        drivers.sections,
        drivers.METHOD,
        over_draws=True,
    ),
    Analysis(
        "levers",
        "What would move it?",
        levers.run,
        levers.sections,
        levers.METHOD,
        over_draws=True,
        applies=levers.applies,
    ),
)
DRAWS = 1_000  # where an analysis needs draws and nobody says how many


def named(name: str) -> Analysis:
    """The analysis with this name; UnknownName when there is none."""
    for analysis in ANALYSES:
        if analysis.id == name:
            return analysis
    raise UnknownName("analysis", name, (analysis.id for analysis in ANALYSES))


def by_default(case: Case, *, drawing: bool = False) -> list[str]:
    """The analyses that answer when none is named: those that apply, with draws also those that need them."""
    return [a.id for a in ANALYSES if a.applies(case) and (drawing or not a.over_draws)]


def analyse(case: Case, name: str, **parameters: Any) -> Result:
    """Run the analysis called `name` on a case, and before it whatever it needs.

    Raises UnknownName for an unknown analysis or parameter, NotApplicable where the case lacks what
    the question needs, LimitExceeded where it is too large, and CaseError where it contradicts itself.
    """
    known = named(name).parameters
    for parameter in parameters:
        if parameter not in known:
            raise UnknownName(f"parameter of '{name}'", parameter, known)
    return analyse_all(case, (name,), **parameters)[0]


def analyse_all(
    case: Case,
    names: Sequence[str],
    refused: Callable[[str, LimitExceeded | NotApplicable], None] | None = None,
    **parameters: Any,
) -> list[Result]:
    """Run several analyses on a case, each once; every one takes of the parameters what it knows.

    Where `refused` is given it is told which analyses the case is too large for, or lacks something for, and
    the others answer.

    With `draws`, those that can draw do, from `seed` with correlation `rho`, in `jobs` processes or on a
    `cluster`, and tell `progress`. Raises UnknownName for a parameter, other than None, that none of them
    knows, and OutOfRange for a number that cannot be; see `analyse`.
    """
    known = {key for name in names for key in named(name).parameters}
    for key, value in parameters.items():
        if value is not None and key not in known:
            raise UnknownName(f"parameter of {', '.join(names)}:", key, sorted(known))
    drawn = {key: parameters[key] for key in SAMPLING if parameters.get(key) is not None}
    sampling = Sampling.of(drawn.pop("draws"), drawn) if "draws" in drawn else None
    done: dict[str, Result] = {}

    def result(name: str) -> Result:
        if name not in done:
            analysis = named(name)
            taken = {key: value for key, value in parameters.items() if key in analysis.own}
            if sampling is not None and "draws" in analysis.parameters:
                taken["sampling"] = sampling if name in names else None
            elif analysis.over_draws:
                taken["sampling"] = Sampling.of(DRAWS, drawn)
            if analysis.needs:
                taken["given"] = {needed: result(needed) for needed in analysis.needs}
            done[name] = analysis.run(case, **taken)
        return done[name]

    answered = []
    for name in dict.fromkeys(names):
        try:
            answered.append(result(name))
        except (LimitExceeded, NotApplicable) as why:
            if refused is None:
                raise
            refused(name, why)
    return answered
