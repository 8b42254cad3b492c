"""Total and first-order effects of independent groups of inputs (Sobol' 1993; Jansen 1999)."""

from __future__ import annotations

from importlib import import_module

from winset.analyses import wording
from winset.analyses.drivers.answers import DriversResult
from winset.analyses.result import CaseStamp
from winset.analyses.sampling import Sampling
from winset.case.model import Case


def run(case: Case, *, sampling: Sampling, extended: bool = False) -> DriversResult:
    """Whose doubt moves whether there is a zone, and what each party gains at the Nash package.

    `sampling.draws` sets how many base points there are: the largest power of two among them, from
    64 to 4,096; the model is then asked (groups + 2) times as often. Raises as `agreement` does.
    """
    # Drawing loads scipy and compiled code: only who asks for draws waits for it.
    found = import_module("winset.analyses.drivers.effects").found(case, sampling, extended=extended)
    return DriversResult(
        analysis="drivers",
        case=CaseStamp.of(case),
        method="sobol",
        parameters={"extended": extended, **sampling.parameters, "base": found.base},
        caveats=(wording.NOT_A_CHANCE,),
        outputs=found.outputs,
        by=found.by,
        drivers=found.drivers,
    )
