"""What remains of an exchange after a ledger: the subgame that is left, with nothing done twice."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.commandline import run_winset
from winset.analyses.exchange import run
from winset.analyses.exchange.designing import run as design
from winset.analyses.exchange.remaining import remaining
from winset.case.exchange import Schedule, Step
from winset.errors import NotApplicable
from winset.formats import load_case


@pytest.mark.parametrize("name", ["gaza-2025-10", "algiers-1981", "minsk-2015"])
@pytest.mark.parametrize("done", [1, 3])
def test_what_remains_is_judged_as_the_end_of_the_whole(name: str, done: int) -> None:
    case = load_case(name)
    whole = run(case)
    for schedule, answer in whole.schedules.items():
        delivered: Counter[str] = Counter()
        for step in answer.steps[:done]:
            delivered.update(step.does)
        rest = run(case, delivered=delivered).schedules[schedule]
        assert len(rest.steps) == len(answer.steps) - done
        for left, planned in zip(rest.steps, answer.steps[done:], strict=True):
            assert (left.day, left.by, left.does) == (planned.day, planned.by, planned.does)
            assert left.slack.plan == pytest.approx(planned.slack.plan, abs=1e-6)
            assert left.slack.spe == pytest.approx(planned.slack.spe, abs=1e-6)
        assert rest.stop_now == {side: row[done] for side, row in answer.leverage.items()}


def test_lots_fill_the_steps_in_their_order_and_who_is_through_does_not_act() -> None:
    schedule = Schedule(
        steps=(
            Step(day=0, by=("a",), does={"p": 2}),
            Step(day=1, by=("a", "b"), does={"p": 1, "q": 1}, kind="joint"),
            Step(day=2, by=("b",), does={"q": 2}),
        )
    )
    givers = {"p": "a", "q": "b"}
    left = [(step.day, step.by, step.does) for step in remaining(schedule, {"p": 1}, givers).steps]
    assert left == [(0, ("a",), {"p": 1}), (1, ("a", "b"), {"p": 1, "q": 1}), (2, ("b",), {"q": 2})]
    left = [(step.day, step.by, step.does) for step in remaining(schedule, {"p": 3}, givers).steps]
    assert left == [(1, ("b",), {"q": 1}), (2, ("b",), {"q": 2})]
    assert remaining(schedule, {"p": 3, "q": 3}, givers).steps == ()


def test_nothing_left_is_said() -> None:
    case = load_case("algiers-1981")
    assert case.exchange is not None
    all_of_it = {name: owed.lots for name, owed in case.exchange.obligations.items()}
    with pytest.raises(NotApplicable, match="nothing remains"):
        run(case, delivered=all_of_it)


def test_a_step_that_one_side_is_left_with_is_no_joint_one() -> None:
    schedule = Schedule(steps=(Step(day=1, by=("a", "b"), does={"p": 1, "q": 1}, kind="escrow"),))
    [step] = remaining(schedule, {"p": 1}, {"p": "a", "q": "b"}).steps
    assert (step.by, step.kind) == (("b",), None)


def test_what_is_past_is_said_and_designs_begin_after_it(tmp_path: Path) -> None:
    """The annex holds what remains; steps before the last verified report are overdue."""
    ledger = tmp_path / "algiers.yaml"
    ledger.write_text(
        "ledger: 1\ncase: algiers-1981\nentries:\n  - {obligation: pledge, lots: 1, day: 0, as: verified}\n"
        "  - {obligation: deposit, lots: 1, day: 5, as: verified}\n"
    )
    done = run_winset(
        "analyse", "algiers-1981", "--only", "exchange", "--only", "design", "--ledger", str(ledger)
    )
    text = " ".join(done.stdout.split())
    assert done.returncode == 0, done.stderr
    assert "The last verified report is of day 5:" in text
    assert "should have come before. Days are left as the schedule has them." in text
    case = load_case("algiers-1981")
    found = design(case, delivered={"pledge": 1, "deposit": 1}, since=5)
    assert min(step.day for step in found.answers["everybody"].schedules["widest"].steps) == 5
    annex = text[text.index("Draft annex") :]
    assert case.exchange is not None
    assert case.exchange.obligations["pledge"].what not in annex[: annex.index("How this was found")]
