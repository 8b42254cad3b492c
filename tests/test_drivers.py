"""Whose doubt moves the answer: one group, none, many; the order, the outputs, the same bits anywhere."""

from __future__ import annotations

from typing import Any

import pytest

import winset
from tests.generators import random_case, to_case
from tests.helpers import SMALL, case_of, edited, plain, small
from tests.test_draws import settled
from winset.analyses import analyse as run_analysis
from winset.case.model import Case
from winset.space.build import build_space
from winset.space.draws import Inputs


def drivers(case: Case, draws: int = 256, **parameters: Any) -> Any:
    """As `winset.analyse`; what comes back has the fields of the analysis."""
    return run_analysis(case, "drivers", draws=draws, **parameters)


def one_in_doubt(low: float, mode: float, high: float) -> Case:
    """Nothing is in doubt but the walk-away of the lower village."""
    data: Any = settled(plain(SMALL))
    data["preferences"]["lower"]["walk_away"] = [low, mode, high]
    return to_case(data)


def test_one_group_in_doubt_carries_all_of_it():
    result = drivers(one_in_doubt(20, 50, 95), rho=0, draws=1_000)
    assert result.by == "zone"
    [driver] = result.drivers
    assert (driver.kind, driver.of) == ("walk_away", "lower")
    mean, variance = result.outputs["zone"]
    assert 0 < mean < 1
    assert variance == pytest.approx(mean * (1 - mean), rel=0.01)
    for effect in driver.effects.values():
        assert effect.total == pytest.approx(1, abs=0.1)
        assert effect.removes == pytest.approx(1, abs=0.1)
        assert effect.total_interval[0] <= effect.total <= effect.total_interval[1]
        assert effect.removes_interval[0] <= effect.removes <= effect.removes_interval[1]


def test_with_a_shock_two_groups_share_one_walk_away():
    result = drivers(one_in_doubt(20, 50, 95), rho=0.5, draws=1_000)
    assert {(d.kind, d.of) for d in result.drivers} == {("shock", "lower"), ("walk_away", "lower")}
    assert sum(d.effects["zone"].total for d in result.drivers) > 1
    assert sum(d.effects["zone"].removes for d in result.drivers) < 1


def test_a_zone_that_is_never_in_doubt_leaves_gains_to_ask_about():
    result = drivers(one_in_doubt(5, 6, 10), rho=0)
    assert result.outputs["zone"] == (1, 0)
    assert result.by in ("upper", "lower")
    [driver] = result.drivers
    assert "zone" not in driver.effects
    text = winset.render(one_in_doubt(5, 6, 10), [result])
    assert "What moves most what Lower village gains at the Nash package" in " ".join(text.split())


def test_gains_are_those_above_the_walk_away():
    """One package, worth 40 to the lower village: what it gains is 40 less a walk-away between 10 and 30."""
    data: Any = settled(plain(SMALL))
    data["constraints"] = [{"id": "c", "forbid": "hours != dawn or fee != low"}]
    data["preferences"]["lower"]["walk_away"] = {"low": 10, "high": 30, "shape": "uniform"}
    data["preferences"]["upper.council"]["walk_away"] = 10
    del data["preferences"]["upper.herders"], data["parties"]["upper"]["ratification"]
    data["preferences"]["upper.council"]["red_lines"] = {}
    result = drivers(to_case(data), rho=0, draws=1_000)
    worth = 0.7 * 40 + 0.3 * 80
    mean, variance = result.outputs["lower"]
    assert mean == pytest.approx(worth - 20, abs=0.05)
    assert variance == pytest.approx(400 / 12, rel=0.02)
    assert result.outputs["upper"][1] == 0


@pytest.mark.parametrize("rho", [0, 0.5])
def test_nothing_in_doubt_leaves_nothing_to_ask(rho: float):
    case = to_case(settled(plain(SMALL)))
    result = drivers(case, rho=rho)
    assert (result.by, result.drivers, result.outputs) == (None, (), {})
    assert "Nothing to ask" in winset.render(case, [result])


def test_doubt_that_changes_nothing_leaves_nothing_to_ask():
    """The herders have no say, and their walk-away is all that is in doubt."""
    data: Any = settled(plain(SMALL))
    del data["parties"]["upper"]["ratification"]
    data["preferences"]["upper.herders"]["walk_away"] = [40, 45, 50]
    case = to_case(data)
    result = drivers(case, rho=0)
    assert result.by is None
    assert [(d.kind, d.of, dict(d.effects)) for d in result.drivers] == [("walk_away", "upper.herders", {})]
    assert "Nothing to ask" in winset.render(case, [result])


def test_drivers_stand_in_order_of_their_total_effect():
    compared = 0
    for case in (
        small(),
        winset.load_case("two-villages"),
        *(to_case(random_case(seed)) for seed in (3, 8, 21)),
    ):
        result = drivers(case, draws=64)
        groups = Inputs(build_space(case)).groups
        assert {(d.kind, d.of) for d in result.drivers} == {(group.kind, group.ref) for group in groups}
        if result.by is not None:
            totals = [driver.effects[result.by].total for driver in result.drivers]
            assert totals == sorted(totals, reverse=True)
            compared += 1
    assert compared > 2


@pytest.mark.parametrize(("draws", "base"), [(1, 64), (127, 64), (128, 128), (1_000, 512)])
def test_base_points_are_a_power_of_two_within_the_draws(draws: int, base: int):
    assert drivers(one_in_doubt(20, 50, 95), rho=0, draws=draws).parameters["base"] == base


def test_the_same_bits_in_any_number_of_processes():
    here = drivers(small(), seed=3).to_dict()
    assert drivers(small(), seed=3).to_dict() == here
    assert drivers(small(), seed=3, jobs=2).to_dict() == here
    assert drivers(small(), seed=4).to_dict()["drivers"] != here["drivers"]


def test_questions_are_asked_in_words():
    case = case_of(edited(SMALL, ("walk_away: 32", "walk_away: [20, 32, 80]")))
    text = " ".join(winset.render(case, [drivers(case)]).split())
    assert "What moves most whether there is a package to agree on" in text
    assert ": how tough " in text or ": where the walk-away of " in text
    assert "1. " in text
