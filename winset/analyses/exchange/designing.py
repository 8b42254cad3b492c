"""Which order and slices of the same exchange would hold by themselves?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module

from winset.analyses.exchange.designs import DesignAnswer
from winset.analyses.exchange.readings import contradiction
from winset.analyses.exchange.terms import Source, settled
from winset.analyses.result import CaseStamp, Result
from winset.analyses.subjects import refuse_extended
from winset.case import tiers
from winset.case.exchange import MOST_DAYS, Exchange
from winset.case.model import Case
from winset.errors import LimitExceeded, NotApplicable, OutOfRange, UnknownName

EVERYBODY = "everybody"
ON_PAPER = (
    "A design holds on the numbers of the case as they stand at the mode; with other numbers another one "
    "may. Who can deliver what on which day is for the parties to say."
)
OWN_GUARANTEES = "Guarantees are in each side's own points, times the chance that the guarantor acts."


@dataclass(frozen=True, kw_only=True)
class DesignResult(Result):
    """Designed schedules: `answers` by the reading of the order that they keep to, 'everybody' for one that
    all share; `refused`, by reading, why there is none."""

    settled: Mapping[str, str]
    answers: Mapping[str, DesignAnswer]
    refused: Mapping[str, str]


def by_default(case: Case) -> bool:
    """Never: it takes seconds, and is asked for by its name."""
    return False


def run(
    case: Case,
    *,
    extended: bool = False,
    package: Mapping[str, str] | None = None,
    delivered: Mapping[str, int] | None = None,
    since: int | None = None,
    margin: float = 0.05,
    tranches: int = 8,
    read_by: str | None = None,
) -> DesignResult:
    """Orders and slices of the exchange that hold better, certified step by step (model.md 7.4).

    `margin`: the smallest slack asked for, as a share of what the exchange gains the side, 0.001 to 1.
    `tranches`: how far the ladder of guarantees goes, 1 to 12. `read_by`: whose reading of the order is
    kept; by default everybody's, or where these contradict each other, one after the other. `delivered` are
    lots delivered so far, by obligation; steps come from day `since` on.

    Raises NotApplicable where the case has no exchange, UnknownName for an unknown side or package, and
    OutOfRange for a margin, number of tranches or day.
    """
    if case.exchange is None:
        raise NotApplicable("the case has no `exchange`; add who owes what")
    refuse_extended(case, package, extended=extended)
    options = settled(case if extended else tiers.core_of(case), package)
    source = Source.of(case, options, delivered)
    if since is not None and since > MOST_DAYS:
        raise OutOfRange("the day of the last verified report", since, 0, MOST_DAYS)
    if read_by is not None and read_by not in source.sides:
        raise UnknownName("side", read_by, source.sides)
    # Designing loads a compiler and a solver: only who asks for a design waits for them.
    designer = import_module("winset.analyses.exchange.design")
    answers, refused = {}, {}
    for reader in _readers(source.exchange, source.sides, read_by):
        wishes = designer.Wishes(margin=margin, first=since or 0, tranches=tranches, read_by=reader)
        try:
            answers[reader or EVERYBODY] = designer.design(source.exchange, source.terms(), wishes, delivered)
        except (NotApplicable, LimitExceeded) as why:
            refused[reader or EVERYBODY] = str(why)
    return DesignResult(
        analysis="design",
        case=CaseStamp.of(case),
        method="lattice of deliveries and linear programmes",
        parameters={
            "extended": extended,
            "package": dict(package) if package else None,
            "margin": margin,
            "tranches": tranches,
            "read_by": read_by,
            **({"delivered": dict(delivered), "since": since} if delivered else {}),
        },
        caveats=(ON_PAPER, OWN_GUARANTEES),
        settled=options,
        answers=answers,
        refused=refused,
    )


def _readers(exchange: Exchange, sides: tuple[str, ...], read_by: str | None) -> Iterator[str | None]:
    if read_by is not None or contradiction(exchange, sides) is None:
        yield read_by
        return
    after = [needed for owed in exchange.obligations.values() for needed in owed.after]
    yield from (side for side in sides if any(side in (needed.as_read_by or ()) for needed in after))
