"""The exchange in words: verdict, table and chart tell of the same weakest step."""

from __future__ import annotations

import io
from typing import Any

import pytest
from rich.console import Console

from tests.exchanges import AB, case_with, swap
from winset.analyses import wording
from winset.analyses.exchange import designing, drafts, run, sections
from winset.analyses.exchange.words import kept_back
from winset.analyses.sections import Table
from winset.formats import load_case
from winset.report.terminal import print_sections


@pytest.mark.parametrize("name", ["gaza-2025-10", "algiers-1981", "minsk-2015"])
def test_sides_are_never_ranked_by_their_points(name: str) -> None:
    case = load_case(name)
    result = run(case)
    [table] = [p for p in sections(case, result)[0].parts if isinstance(p, Table)]
    for answer, row in zip(result.schedules.values(), table.rows, strict=True):
        steps = [number for number, _, _ in kept_back(answer)]
        assert steps == sorted(steps)
        weakest = row[2]
        assert isinstance(weakest, str)
        assert weakest.startswith(f"{answer.weakest.step} (day {answer.weakest.day})")


def text_of(exchange: Any, **parameters: Any) -> str:
    """All that is said of an exchange between A and B."""
    case = case_with(exchange, AB)
    stream = io.StringIO()
    print_sections(Console(file=stream, width=600), "T", sections(case, run(case, **parameters)))
    return " ".join(stream.getvalue().split())


def test_a_last_step_that_is_not_carried_is_not_called_carried() -> None:
    """B pays 4 and keeps nothing by it; with a guarantee of 7 it has 3 left."""
    assert "The last step of B (step 2) is not carried, against keeping back, by 4 points." in text_of(swap())
    held = text_of(swap(guarantees={"b": {"points": 7}}))
    assert (
        "The last step of B (step 2) is carried, against keeping back, by 3 points. For it: the guarantee (7"
        in held
    )
    assert "Against it: the delivery itself (4 points)." in held


@pytest.mark.parametrize("kind", ["joint", "escrow"])
def test_a_prisoners_dilemma_is_said_where_it_is_one(kind: str) -> None:
    both = {"day": 0, "by": ["a", "b"], "does": {"p": 1, "q": 1}, "kind": kind}
    said = text_of(swap(schedules={"x": {"steps": [both]}}))
    assert ("Step 1 is a prisoners' dilemma: without escrow each of A and B" in said) == (kind == "joint")


def test_a_knife_edge_at_the_last_step_is_called_one() -> None:
    said = text_of(swap(guarantees={"b": {"points": 4}}))
    assert "The last step of B (step 2) stands on a knife-edge." in said


def test_keeping_back_by_all_that_harms_nobody_is_no_dilemma() -> None:
    """B would rather stop than see it done: each keeps its part, and B is glad that all do."""
    both = {"day": 0, "by": ["a", "b"], "does": {"p": 1, "q": 1}, "kind": "joint"}
    said = text_of(swap(schedules={"x": {"steps": [both]}}, fallbacks={"b": {"base": 9}}))
    assert "prisoners' dilemma: without" not in said


def test_what_a_guarantee_must_be_is_never_rounded_to_less() -> None:
    assert "5 or more" in text_of(swap(monitoring={"detection": 0.95}))
    design = designing.run(case_with(swap(), AB))
    said = " ".join(v.text for v in drafts.sections(case_with(swap(), AB), design)[0].lead)
    assert "With the guarantees as they are no order that was found holds by itself" in said
    assert "with other guarantees one does: B 5" in said


def test_steps_at_which_delay_pays_are_counted() -> None:
    late = swap(guarantees={"b": {"points": 9}}, grace=1, stalling={"a": 5, "b": 0.5})
    assert "a delay pays at step 1 (day 0, A): 5 points; and at 1 more." in text_of(late)
    assert "Delay pays at 1 more." in text_of(swap(grace=1, stalling={"a": 20}))


def test_a_share_in_tenths_lies_within_its_interval() -> None:
    assert wording.in_draws(0.14, 0.11, 0.19, 300) == "in 14 of 100 draws (11% to 19%)"
    assert wording.in_draws(0.72, 0.66, 0.78, 300) == "in 7 of 10 draws (66% to 78%)"
