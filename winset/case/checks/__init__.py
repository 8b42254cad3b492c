"""The checks a case must pass, as data. A new check is a function in this folder and a line here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set

from winset.case.amend import amend
from winset.case.checks import exchange, names, numbers, rules, schedules, spoilers, survival, whole
from winset.case.checks.finding import ANYTHING, Check, Finding
from winset.case.faults import place_fault
from winset.case.model import Case, Lever
from winset.case.prune import Pruned
from winset.case.yaml12 import Document, Path
from winset.errors import CaseError, Fault, Severity, UnknownName


def _check(find: Callable[[Case], Iterator[Finding]], severity: Severity = "error") -> Check:
    promise = (find.__doc__ or "").strip()
    return Check(find.__name__, promise, severity, find)


CHECKS: tuple[Check, ...] = (
    _check(names.unknown_sources),
    _check(names.unreadable_red_lines),
    _check(names.unknown_in_conditions),
    _check(names.unknown_in_preferences),
    _check(names.unknown_factions),
    _check(names.unknown_in_texts),
    _check(names.unknown_people),
    _check(names.clashing_ids),
    _check(numbers.too_few_options),
    _check(numbers.nothing_in_play),
    _check(numbers.missing_weights),
    _check(numbers.missing_scores),
    _check(numbers.weights_that_vanish),
    _check(numbers.thresholds_out_of_order),
    _check(numbers.negative_noise),
    _check(numbers.later_than_as_of),
    _check(numbers.backward_spans),
    _check(rules.unknown_members),
    _check(rules.members_twice),
    _check(rules.out_of_reach),
    _check(rules.too_many_digits),
    _check(survival.governments_that_cannot_be),
    _check(exchange.unknown_in_exchange),
    _check(exchange.amounts_by_unknown_options),
    _check(exchange.worth_of_other_lots),
    _check(exchange.prerequisites_in_a_circle),
    _check(exchange.exchange_numbers_out_of_range),
    _check(schedules.schedules_that_cannot_be),
    _check(rules.nobody_negotiates),
    _check(rules.nobody_signs),
    _check(rules.voices_without_preferences),
    _check(rules.observers_that_decide),
    _check(spoilers.silent_spoilers),
    _check(spoilers.greed_out_of_place),
    _check(whole.nobody_indispensable),
    _check(exchange.options_left_open, "warning"),
    _check(whole.no_date, "warning"),
    _check(whole.labels_twice, "warning"),
    _check(whole.texts_that_cannot_be, "warning"),
    _check(whole.walk_away_out_of_reach, "warning"),
)


def levers_that_fail(case: Case) -> Iterator[Finding]:
    """Every lever can be pulled and leaves a sound case."""
    for i, lever in enumerate(case.levers):
        fault = next(_pulled(case, lever), None)
        if fault is not None:
            message = f"{fault.key}: {fault.message}" if fault.key else fault.message
            yield Finding(("levers", i, "set"), message, fault.way_out)


def _pulled(case: Case, lever: Lever) -> Iterator[Fault]:
    try:
        found = run(amend(case, lever.set), Document("", {}, {}))
    except UnknownName as error:
        found = [Fault(str(error), "a lever changes what the case holds")]
    except CaseError as error:
        found = list(error.faults)
    return (fault for fault in found if fault.severity == "error")


# Levers are tried on a case that is sound otherwise.
LEVER_CHECK = _check(levers_that_fail)


def run(
    case: Case, document: Document, checks: tuple[Check, ...] = CHECKS, pruned: Pruned | None = None
) -> list[Fault]:
    """The faults that the checks find, each with its place in the document.

    `pruned` says what was left out of `case` because it could not be read: what is missing only for
    that reason is not reported again.
    """
    view = pruned or Pruned(document.data)
    around = {path[:end] for path in view.broken for end in range(len(path) + 1)}
    return [
        _fault(found, check, document, view)
        for check in checks
        for found in check.find(case)
        if not any(_explained(view.original(about), view.broken, around) for about in found.about)
    ]


def _fault(found: Finding, check: Check, document: Document, view: Pruned) -> Fault:
    path = view.original(found.path)
    return place_fault(found.message, found.way_out, path, document, severity=check.severity, check=check.id)


def _explained(about: Path, broken: Set[Path], around: Set[Path]) -> bool:
    """Whether something broken lies at or above `about`, or below it where it ends in ANYTHING.

    `around` are the paths of all that is broken and of all that holds it.
    """
    if about[-1] == ANYTHING and about[:-1] in around:
        return True
    return any(about[:end] in broken for end in range(len(about) + 1))
