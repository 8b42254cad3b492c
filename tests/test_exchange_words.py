"""The exchange in words: verdict, table and chart tell of the same weakest step."""

from __future__ import annotations

import pytest

from winset.analyses.exchange import run, sections
from winset.analyses.exchange.words import kept_back
from winset.analyses.sections import Table
from winset.formats import load_case


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
