"""What the exchange over draws says: how often a plan enforces itself, and where it is weakest."""

from __future__ import annotations

from winset.analyses import wording
from winset.analyses.exchange.answers import ExchangeResult, ScheduleAnswer, ScheduleDraws
from winset.analyses.sections import Cell, Note, Part, Section, Table, Verdict
from winset.analyses.shares import Share
from winset.case.model import Case


def named(answer: ScheduleAnswer) -> str:
    """A schedule by its title, with what it supposes."""
    said = wording.joined(f"{issue} = {option}" for issue, option in answer.supposes.items())
    return f"'{answer.title}'" + (f", supposing {said}" if said else "")


def section(case: Case, result: ExchangeResult) -> Section:
    """Schedules side by side over draws."""
    n = int(result.parameters["draws"])
    rows: list[tuple[Cell, ...]] = []
    verdicts = []
    for answer in result.schedules.values():
        draws = answer.draws
        if draws is None:
            continue
        held, ends = draws.enforces_itself, draws.completion
        often = wording.in_draws(held.share, held.low, held.high, n)
        said = f"{named(answer)}: holds by itself {often}{_but_for_delay(draws, n)}."
        verdicts.append(Verdict(said, "part"))
        often_weak = [step.weakest.share for step in draws.steps]
        weakest = often_weak.index(max(often_weak))
        where = f"step {weakest + 1} (day {answer.steps[weakest].day})"
        rows.append(
            (
                answer.title,
                _interval(held),
                _interval(draws.nobody_keeps_back),
                _interval(draws.carried_out),
                f"{where}, in {_interval(draws.steps[weakest].weakest)}",
                f"{wording.percent(ends.mean)} ({wording.percents(ends.low, ends.high)})",
            )
        )
    heads = (
        "Schedule",
        "Holds by itself",
        "Nobody keeps back",
        "Carried out if each does what is best",
        "Most often weakest",
        "Completed (8 of 10 draws)",
    )
    hang = Note(
        f"{n:,} draws of every number of the exchange from its range, from seed {result.parameters['seed']}. "
        "Shares say how far the answers rest on the numbers, not how likely it is to be carried out."
    )
    parts: tuple[Part, ...] = (*verdicts, Table(heads, tuple(rows), "Schedules over draws"), hang)
    return Section("The exchange, with every number drawn from its range", parts, tuple(verdicts))


def _but_for_delay(draws: ScheduleDraws, n: int) -> str:
    """How often it would hold if delay were no way out, where that is not just as often."""
    held = draws.nobody_keeps_back
    if held == draws.enforces_itself:
        return ""
    return (
        f"; nobody gains by keeping back, delay aside, {wording.in_draws(held.share, held.low, held.high, n)}"
    )


def _interval(share: Share) -> str:
    return f"{wording.percent(share.share)} ({wording.percents(share.low, share.high)})"
