"""What follows: the analyses, listed once. A new one is a module here and a line in ANALYSES."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from winset.analyses import agreement
from winset.analyses.result import Result
from winset.analyses.sections import Section
from winset.case.model import Case
from winset.errors import UnknownName


@dataclass(frozen=True, slots=True)
class Analysis:
    """An analysis: its name, the question it answers, how to run it, and how to put its result."""

    id: str
    question: str
    run: Callable[..., Result]
    sections: Callable[[Case, Any], tuple[Section, ...]]

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of the parameters it takes beside the case."""
        return tuple(inspect.signature(self.run).parameters)[1:]


ANALYSES: tuple[Analysis, ...] = (
    Analysis("agreement", "What could they sign?", agreement.run, agreement.sections),
)


def named(name: str) -> Analysis:
    """The analysis with this name; UnknownName when there is none."""
    for analysis in ANALYSES:
        if analysis.id == name:
            return analysis
    raise UnknownName("analysis", name, (analysis.id for analysis in ANALYSES))


def analyse(case: Case, name: str, **parameters: Any) -> Result:
    """Run the analysis called `name` on a case.

    Raises UnknownName for an unknown analysis or parameter, NotApplicable where the case lacks what
    the question needs, LimitExceeded where it is too large, and CaseError where it contradicts itself.
    """
    analysis = named(name)
    for parameter in parameters:
        if parameter not in analysis.parameters:
            raise UnknownName(f"parameter of '{name}'", parameter, analysis.parameters)
    return analysis.run(case, **parameters)
