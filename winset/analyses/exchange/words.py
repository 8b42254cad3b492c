"""The exchange result as sections: where it breaks, what holds it, and how wrong the numbers may be."""

from __future__ import annotations

from collections.abc import Iterator

from winset.analyses import wording
from winset.analyses.exchange import figures, over_draws
from winset.analyses.exchange.answers import ExchangeResult, ScheduleAnswer, StepAnswer
from winset.analyses.exchange.holding import holding
from winset.analyses.exchange.owed import annex, matrix, readings
from winset.analyses.sections import Cell, Mark, Note, Part, Section, Table, Tone, Verdict
from winset.case import table
from winset.case.model import Case

METHOD: tuple[Part, ...] = (
    Note(
        "At every step an actor compares carrying out its part, and what follows, with its best deviation: "
        "to keep it back, which ends the exchange, or to be late. The difference is its slack. In the plan "
        "all later steps are kept; played backwards from the end, everybody does at every step what is then "
        "best for it (Fearon 1998; Powell 2006): that shows how far a plan unravels (Sandholm & Lesser 1995)."
    ),
    Note(
        "What stopping is worth moves with what has been delivered: leverage that is handed over is lost, "
        "what can be taken back is taken back. A guarantee is lost by a default that is seen as one. At a "
        "joint step without escrow whoever keeps its own part still gets those of the others; where each is "
        "better off so, that is a prisoners' dilemma, and the step says it."
    ),
    Note(
        "Completion takes each step with chance 1 / (1 + exp(−d / noise)), where d is what delivering is "
        "worth more than keeping back if everybody may err later too: sides err a little, the more the less "
        "is at stake (agent quantal response, McKelvey & Palfrey 1998). That is less than the slack of a "
        "plan that is kept, and the less the longer the plan. Further sources: Admati & Perry 1991, "
        "Pitchford & Snyder 2004, Walter 1997."
    ),
)

PLACES = 2


def sections(case: Case, result: ExchangeResult) -> tuple[Section, ...]:
    """What the result has to say about the case."""
    found = [_side_by_side(case, result), *readings(case, result)]
    found += [_schedule(case, name, answer) for name, answer in result.schedules.items()]
    found += [holding(case, result), matrix(case, result), annex(case, result)]
    if any(answer.draws for answer in result.schedules.values()):
        found.append(over_draws.section(case, result))
    return tuple(section for section in found if section.parts)


def _side_by_side(case: Case, result: ExchangeResult) -> Section:
    verdicts = [_verdict(case, answer) for answer in result.schedules.values()]
    heads = (
        "Schedule",
        "Holds by itself",
        "Weakest step",
        "Slack there",
        "Carried out to",
        "Completed if sides err",
    )
    rows = tuple(_row(case, answer) for answer in result.schedules.values())
    shown = Table(heads, rows, "Schedules side by side")
    settled = _settled(case, result)
    notes = [Note(caveat) for caveat in (*_delivered(case, result), *settled, *result.caveats)]
    return Section("Would each side carry out its part?", (*verdicts, shown, *notes), tuple(verdicts))


def _settled(case: Case, result: ExchangeResult) -> Iterator[str]:
    if result.settled:
        said = wording.joined(f"{issue} = {option}" for issue, option in result.settled.items())
        yield f"Some numbers depend on how issues are settled; taken here: {said}."


def _delivered(case: Case, result: ExchangeResult) -> Iterator[str]:
    """What was delivered before, and which schedules are through."""
    assert case.exchange is not None  # there is no result without one
    before = {name: lots for name, lots in result.parameters.get("delivered", {}).items() if lots}
    if not before:
        return
    owed = case.exchange.obligations
    said = wording.joined(f"{lots} of {owed[name].lots} {name}" for name, lots in before.items())
    yield f"Delivered and verified before: {said}. Only what remains is judged; its steps count from 1."
    since = result.parameters.get("since")
    for answer in result.schedules.values():
        overdue = sum(since is not None and step.day < since for step in answer.steps)
        if overdue:
            steps = "1 step of" if overdue == 1 else f"{overdue} steps of"
            yield (
                f"The last verified report is of day {since}: {steps} '{answer.title}' should have come "
                "before. Days are left as the schedule has them."
            )
    for name, schedule in case.exchange.schedules.items():
        if name not in result.schedules:
            yield f"'{schedule.title or name}': all that it asks for is delivered."


def _verdict(case: Case, answer: ScheduleAnswer) -> Verdict:
    """Where a schedule breaks, in words: first where somebody would keep its part back, then delay."""
    title, weak = over_draws.named(answer), answer.weakest
    if answer.enforces_itself:
        return Verdict(f"{title}: at every step carrying on is worth more than stopping or delay.", "yes")
    kept = list(kept_back(answer))
    if not kept:
        said = f"{title}: nobody gains by keeping anything back, but a delay pays"
        where = f"at step {weak.step} (day {weak.day}, {table.name_of(case, weak.party)})"
        missing = wording.span_of_points(-weak.slack, -weak.slack) if weak.slack else "a knife-edge"
        further = sum(slack <= 0 for step in answer.steps for slack in step.slack.plan.values()) - 1
        others = f"; and at {further} more" if further else ""
        return Verdict(f"{said} {where}: {missing}{others}. {_unravels(answer)}", "part")
    places = [
        f"at step {number} (day {answer.steps[number - 1].day}, {table.name_of(case, side)}), by "
        f"{wording.span_of_points(-slack, -slack) if slack else 'nothing: a knife-edge'}"
        for number, side, slack in kept[:PLACES]
    ]
    more = f", and at {len(kept) - PLACES} more" if len(kept) > PLACES else ""
    said = f"{title}: to keep its part back is worth more {wording.joined(places)}{more}."
    late = sum(
        step.over_default[side] > 0 >= slack
        for step in answer.steps
        for side, slack in step.slack.plan.items()
    )
    delay = f" Delay pays at {late} more." if late else ""
    return Verdict(f"{said}{delay} {_unravels(answer)}", "no")


def kept_back(answer: ScheduleAnswer) -> Iterator[tuple[int, str, float]]:
    """The steps at which somebody gains, or loses nothing, by keeping its part back, in their order: points
    of two sides do not say which is worse."""
    for number, step in enumerate(answer.steps, start=1):
        yield from ((number, side, slack) for side, slack in step.over_default.items() if slack <= 0)


def _unravels(answer: ScheduleAnswer) -> str:
    """How far it comes when everybody does what is then best."""
    last = len(answer.steps)
    if answer.unravels_to == last:
        return "It is still carried out to the end if everybody does what is then best."
    if answer.unravels_to == 0:
        return "Whoever sees that coming does not begin."
    day = answer.steps[answer.unravels_to - 1].day
    return f"Whoever sees that coming stops after step {answer.unravels_to} (day {day})."


def _row(case: Case, answer: ScheduleAnswer) -> tuple[Cell, ...]:
    weak = answer.weakest
    holds = Mark("yes", "yes") if answer.enforces_itself else Mark("but for delay", "part")
    if any(kept_back(answer)):
        holds = Mark("no", "no")
    return (
        answer.title,
        holds,
        f"{weak.step} (day {weak.day}): {table.name_of(case, weak.party)}",
        slack_text(weak.slack),
        _carried_to(answer),
        wording.percent(answer.completion),
    )


def _carried_to(answer: ScheduleAnswer) -> str:
    if answer.unravels_to == len(answer.steps):
        return "the end"
    return f"step {answer.unravels_to}" if answer.unravels_to else "not begun"


def slack_text(points: float) -> str:
    """A slack in whole points, its sign never lost to rounding."""
    if points == 0:
        return "0, knife-edge"
    text = wording.whole(abs(points))
    return f"{'+' if points > 0 else '−'}{'under 1' if text == '0' else text}"


def slack_mark(points: float) -> Mark:
    """The same with its meaning: held, knife-edge or broken."""
    tone: Tone = "yes" if points > 0 else "part" if points == 0 else "no"
    return Mark(slack_text(points), tone)


def _schedule(case: Case, name: str, answer: ScheduleAnswer) -> Section:
    parts: list[Part] = [_verdict(case, answer), figures.gantt(case, answer)]
    parts += [_steps(case, answer), *_dilemmas(case, answer), *_stops(case, answer)]
    if answer.inability >= 0.005:
        parts.append(
            Note(
                f"Something that is hard to fulfil comes late {wording.cases(answer.inability)} though its "
                "giver tries; that is late and verified, not a breach."
            )
        )
    return Section(f"Step by step: {answer.title}", tuple(parts))


def _steps(case: Case, answer: ScheduleAnswer) -> Table:
    heads = (
        "Step",
        "Day",
        "Who",
        "Delivers",
        "Against keeping back",
        "Against delay too",
        "If all do what is best",
    )
    rows: list[tuple[Cell, ...]] = []
    for number, step in enumerate(answer.steps, start=1):
        how = "" if step.kind == "uni" else f" ({step.kind})"
        for place, side in enumerate(step.by):
            first = (str(number), str(step.day)) if place == 0 else ("", "")
            slacks = (
                slack_mark(step.over_default[side]),
                _delayed(step, side),
                _played(step, side),
            )
            rows.append((*first, table.name_of(case, side), _own(case, step, side) + how, *slacks))
    caption = (
        "What carrying on is worth more to whoever acts, in its own points: twice if all later steps are "
        "kept, then if everybody does what is then best"
    )
    return Table(heads, tuple(rows), caption)


def _own(case: Case, step: StepAnswer, side: str) -> str:
    """What a side itself delivers at a step."""
    assert case.exchange is not None  # there is no answer without one
    owed = case.exchange.obligations
    mine = {name: lots for name, lots in step.does.items() if owed[name].by == side}
    return ", ".join(f"{lots} × {name}" if lots > 1 else name for name, lots in mine.items())


def _played(step: StepAnswer, side: str) -> Mark:
    """The slack where everybody does what is best, and what a side then does that would rather not."""
    found = slack_mark(step.slack.spe[side])
    if side in step.keep_back:
        return Mark(f"{found.text} (keeps back)", found.tone)
    if step.slack.spe[side] < 0 and step.days_late:
        return Mark(f"{found.text} ({wording.counted(step.days_late, 'day')} late)", found.tone)
    return found


def _dilemmas(case: Case, answer: ScheduleAnswer) -> Iterator[Note]:
    """Joint steps at which each is better off keeping its own part, and all lose if all do."""
    for number, step in enumerate(answer.steps, start=1):
        all_lose = all(step.hold_up[side] > 0 for side in step.by)
        if step.kind == "joint" and all_lose and max(step.over_default.values()) < 0:
            yield Note(
                f"Step {number} is a prisoners' dilemma: without escrow each of "
                f"{wording.joined(table.name_of(case, side) for side in step.by)} is better off keeping its "
                "own part while the others deliver, and all lose if all do."
            )


def _delayed(step: StepAnswer, side: str) -> Mark:
    """The slack against the best deviation; where that is to be late, by how many days."""
    found = slack_mark(step.slack.plan[side])
    if side not in step.late:
        return found
    return Mark(f"{found.text} ({wording.counted(step.late[side], 'day')} late)", found.tone)


def _stops(case: Case, answer: ScheduleAnswer) -> Iterator[Part]:
    """Where it ends when it is not completed, the likeliest first."""
    ends = sorted(answer.stops, key=lambda stop: -(stop.incident + stop.kept_back + stop.false_alarm))
    said = []
    for stop in ends[:3]:
        chance = stop.incident + stop.kept_back + stop.false_alarm
        if chance >= 0.01:
            causes = {
                "an incident": stop.incident,
                "something kept back": stop.kept_back,
                "a false alarm": stop.false_alarm,
            }
            main = max(causes, key=lambda cause: causes[cause])
            said.append(f"at step {stop.step} (day {stop.day}) {wording.cases(chance)}, mostly by {main}")
    if said:
        reckon = (
            " Though every step is worth more than keeping back, each side reckons with errors still to come."
            if answer.completion < 0.5 and not any(kept_back(answer))
            else ""
        )
        yield Note(
            f"With sides that err a little it is completed {wording.cases(answer.completion)}; it ends "
            f"{wording.joined(said)}.{reckon} These are chances under the numbers of the case, not forecasts."
        )
