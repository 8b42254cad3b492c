"""How large guarantees must be, how wrong numbers may be, how far steps may slip: against trees."""

from __future__ import annotations

import copy
from itertools import pairwise
from random import Random
from typing import Any

import numpy as np
import pytest

from tests.exchanges import SWAP, answer, judged, random_exchange, swap
from tests.twins import exchange as twins
from tests.twins.agreement import Data
from winset.analyses.exchange.answers import BreakEven, Slip
from winset.analyses.exchange.breakeven import break_evens
from winset.analyses.exchange.guarantee import required_guarantees
from winset.analyses.exchange.slip import slips


def margins(exchange: Data, sides: tuple[str, ...]) -> dict[tuple[int, str], tuple[float, ...]]:
    [name] = exchange["schedules"]
    return twins.margins(twins.Twin(exchange, sides, name), committed=True)


def smallest(exchange: Data, sides: tuple[str, ...]) -> float:
    return min(min(every) for every in margins(exchange, sides).values())


# Guarantees


def with_guarantee(exchange: Data, side: str, points: float) -> Data:
    given = {**exchange.get("guarantees", {}), side: {"points": points}}
    return {**exchange, "guarantees": given}


@pytest.mark.parametrize("first", range(0, 80, 20))
def test_the_interval_is_where_the_tree_has_no_negative_slack(first: int) -> None:
    for seed in range(first, first + 20):
        exchange, sides = random_exchange(seed, branches=8)
        source, plan = judged(exchange, sides)
        for side, found in required_guarantees(source.terms(), plan).items():
            tried = [0.0, 3.0, 50.0, 1e4]
            low, high = found.required or (None, None)
            tried += [end + off for end in (low, high) if end is not None for off in (-0.01, 0.01)]
            for points in tried:
                own = margins(with_guarantee(exchange, side, points), source.sides)
                holds = all(min(every) >= -1e-9 for (_, who), every in own.items() if who == side)
                inside = low is not None and low - 1e-9 <= points <= (np.inf if high is None else high + 1e-9)
                assert points < 0 or holds == inside, (seed, side, points, found)


def test_an_empty_interval_says_which_conditions_clash() -> None:
    """Of all random games, those in which no guarantee will do: the conditions named fail by themselves."""
    kinds = {"never": 0, "both": 0}
    for seed in range(200):
        exchange, sides = random_exchange(seed, branches=8)
        source, plan = judged(exchange, sides)
        for side, found in required_guarantees(source.terms(), plan).items():
            if found.clash is None:
                continue
            named = [c for c in (found.clash.never, found.clash.at_least, found.clash.at_most) if c]
            assert len(named) == (1 if found.clash.never else 2)
            kinds["never" if found.clash.never else "both"] += 1
            for points in (0.0, 2.0, 9.0, 100.0):
                own = margins(with_guarantee(exchange, side, points), source.sides)
                assert min(own[c.step - 1, side][c.late] for c in named) < 0, (seed, side)
    assert kinds["never"] > 10
    assert kinds["both"] > 0, kinds


def test_a_harsher_guarantee_can_backfire() -> None:
    """With false alarms at an earlier step, what makes the last step safe costs too much at the first."""
    owed = copy.deepcopy(SWAP["obligations"]) | {"r": {"by": "b", "what": "r", "worth": {"b": -1}}}
    owed["p"]["worth"]["b"] = 5
    steps = [
        {"day": 0, "by": "b", "does": {"r": 1}},
        {"day": 1, "by": "a", "does": {"p": 1}},
        {"day": 2, "by": "b", "does": {"q": 1}},
    ]
    watch = {"detection": 0.6, "false_alarm": 0.5}
    found = answer(swap(obligations=owed, schedules={"x": {"steps": steps}}, monitoring=watch))
    assert found.required_guarantee["b"] is None
    clash = found.guarantees["b"].clash
    assert (clash.at_least.step, clash.at_most.step) == (3, 1)
    assert (clash.least, clash.most) == (pytest.approx(4 / 0.1), pytest.approx(0.5 / 0.025))


# Break-even


def moved(exchange: Data, found: BreakEven, value: float) -> Data:
    """The exchange with one number changed, as the answer names it."""
    data = copy.deepcopy(exchange)
    side, about = found.party or "", found.about or ""
    match found.kind:
        case "worth":
            given = data["obligations"][about]["worth"]
            if isinstance(given[side], dict):
                lots = [lot / given[side]["cumulative"][-1] * value for lot in given[side]["cumulative"]]
                given[side] = {"cumulative": lots}
            else:
                given[side] = value
        case "reversible":
            data["obligations"][about]["reversible"] = value
        case "base":
            data["fallbacks"][side]["base"] = value
        case "moves":
            data["fallbacks"][side]["moves"][about] = value
        case "guarantee" | "acts":
            data["guarantees"][side]["points" if found.kind == "guarantee" else "acts"] = value
        case "detection":
            (data["obligations"][about] if about else data["monitoring"])["detection"] = value
        case "false_alarm":
            data["monitoring"]["false_alarm"] = value
        case "hazard":
            piece = next(p for p in data["hazard"] if about == f"from {p['from']}")
            piece["rate"] = value
        case kind:
            data[kind][side] = value
    return data


SPANS = {"reversible": (0, 1), "acts": (0, 1), "detection": (0, 1), "false_alarm": (0, 1)}
SPANS |= {"discount": (0, 1), "hazard": (0, 1)}


@pytest.mark.parametrize("seed", range(14))
def test_the_smallest_slack_is_0_at_the_break_even_and_nowhere_nearer(seed: int) -> None:
    exchange, sides = random_exchange(seed, branches=4)
    source, plan = judged(exchange, sides)
    now = smallest(exchange, source.sides)
    for found in break_evens(source, plan.steps):
        low, high = SPANS.get(found.kind, (-1e6, 1e6))
        reach = 30.0 if found.at is None else abs(found.at - found.value) * 0.999
        if found.at is not None:
            assert low <= found.at <= high
            assert smallest(moved(exchange, found, found.at), source.sides) == pytest.approx(0, abs=1e-6)
            assert found.within == (found.at == pytest.approx(found.value, abs=1e-9))
        if abs(now) > 1e-9:
            for part in (-1, -0.5, -0.1, 0.1, 0.5, 1):
                nearer = min(max(found.value + part * reach, low), high)
                assert smallest(moved(exchange, found, nearer), source.sides) * np.sign(now) > -1e-7, found


def test_all_numbers_that_slack_depends_on_have_a_break_even() -> None:
    """At least of those that the case states, and only those."""
    exchange, sides = random_exchange(3)
    source, plan = judged(exchange, sides)
    names = {(f.kind, f.party, f.about) for f in break_evens(source, plan.steps)}
    wanted = {
        ("worth", side, name) for name, owed in exchange["obligations"].items() for side in owed["worth"]
    }
    assert {name for name in names if name[0] == "worth"} == wanted
    assert {name[1] for name in names if name[0] == "closing"} == set(exchange["closing"])
    assert {name[0] for name in names} <= {
        "worth", "reversible", "base", "moves", "closing", "guarantee", "acts", "detection", "false_alarm",
        "discount", "hazard", "stalling",
    }  # fmt: skip


def test_how_wrong_a_number_may_be_in_words_of_its_range() -> None:
    exchange = swap(guarantees={"b": {"points": [3, 5, 8]}}, closing={"a": [0, 1, 2]})
    found = {(f.kind, f.party): f for f in answer(exchange).break_even if f.kind in ("guarantee", "closing")}
    bond, closing = found["guarantee", "b"], found["closing", "a"]
    assert (bond.value, bond.at, bond.within) == (5, 4, True)
    assert (closing.value, closing.at, closing.within) == (1, -4, False)
    doubtful = answer(swap(guarantees={"b": {"points": 5}}, hazard=[{"from": 0, "rate": 0.01}]))
    hazard = next(f for f in doubtful.break_even if f.kind == "hazard")
    assert hazard.at == pytest.approx(np.log(9 / 5) / 10)


def test_of_two_break_evens_the_nearer_counts() -> None:
    """A guarantee that must be neither too small nor, with false alarms, too large."""
    steps = [
        {"day": 0, "by": "b", "does": {"r": 1}},
        {"day": 1, "by": "a", "does": {"p": 1}},
        {"day": 2, "by": "b", "does": {"q": 1}},
    ]
    owed = copy.deepcopy(SWAP["obligations"]) | {"r": {"by": "b", "what": "r", "worth": {"b": -1}}}
    watch = {"detection": 0.6, "false_alarm": 0.5}
    exchange = swap(
        obligations=owed, schedules={"x": {"steps": steps}}, monitoring=watch, closing={"a": 20}
    )  # fmt: skip
    for points, at in ((50, 40), (70, 40), (90, 120), (110, 120), (30, 40), (200, 120)):
        found = answer(exchange | {"guarantees": {"b": {"points": points}}})
        assert found.required_guarantee["b"] == (pytest.approx(40), pytest.approx(120))
        [bond] = [f for f in found.break_even if f.kind == "guarantee"]
        assert bond.at == pytest.approx(at)


def test_a_break_even_at_the_edge_of_a_narrow_stretch() -> None:
    """Only between two rates of incidents that lie close together does either side carry on."""
    owed = {
        "p": {"by": "a", "what": "p", "worth": {"a": -1, "b": 6}},
        "q": {"by": "b", "what": "q", "worth": {"a": -6, "b": -4}},
        "r": {"by": "a", "what": "r", "worth": {"a": -1, "b": 9}},
    }
    steps = [
        {"day": day, "by": owed[name]["by"], "does": {name: 1}}
        for day, name in ((0, "p"), (30, "q"), (45, "r"))
    ]
    exchange = swap(
        obligations=owed, schedules={"x": {"steps": steps}}, fallbacks={"a": {"moves": {"p": 2}}},
        closing={"a": 6.5},
    )  # fmt: skip
    low, high = 0.048737407, 0.054062014
    for rate, at in ((0.001, low), (0.04, low), (0.05, low), (0.053, high), (0.06, high), (0.7, high)):
        found = answer(exchange | {"hazard": [{"from": 0, "rate": rate}]})
        assert found.enforces_itself == (low < rate < high)
        [hazard] = [f for f in found.break_even if f.kind == "hazard"]
        assert hazard.at == pytest.approx(at, abs=1e-8)


# Slip


def waited_for(exchange: Data, k: int) -> set[int]:
    """The steps that slip along with step k, by going through what each delivers."""
    steps = exchange["schedules"]["plan"]["steps"]
    along = {k}
    for j in range(k + 1, len(steps)):
        for name in steps[j]["does"]:
            for needed in exchange["obligations"][name].get("after", []):
                if exchange["obligations"][name]["by"] not in needed.get("as_read_by", exchange["sides"]):
                    continue
                done, i = 0, -1
                while done < needed["lots"]:
                    i += 1
                    done += steps[i]["does"].get(needed["obligation"], 0)
                if i in along:
                    along.add(j)
    return along


def slipped(exchange: Data, k: int, days: int) -> Data:
    data = copy.deepcopy(exchange)
    steps = data["schedules"]["plan"]["steps"]
    for j in waited_for(exchange, k):
        steps[j]["day"] += days
    for before, after in pairwise(steps):
        after["day"] = max(before["day"], after["day"])
    return data


def with_order(exchange: Data, sides: tuple[str, ...], random: Random) -> Data:
    """The exchange with prerequisites that its schedule keeps, some as only some read them."""
    data = {**copy.deepcopy(exchange), "sides": sides}
    done = dict.fromkeys(data["obligations"], 0)
    met: set[str] = set()
    for step in data["schedules"]["plan"]["steps"]:
        for name in step["does"]:
            others = [other for other, lots in done.items() if lots and other != name]
            if name not in met and others and random.random() < 0.7:
                needed = random.choice(others)
                prerequisite: Data = {"obligation": needed, "lots": done[needed]}
                if random.random() < 0.4:
                    prerequisite["as_read_by"] = [random.choice(sides)]
                data["obligations"][name]["after"] = [prerequisite]
            met.add(name)
        for name, lots in step["does"].items():
            done[name] += lots
    return data


def turns(exchange: Data, sides: tuple[str, ...], found: Slip, days: int) -> set[tuple[int, Any]]:
    """Whose slack at which step turns negative when a step slips by so many days."""
    before = margins(exchange, sides)
    after = margins(slipped(exchange, found.step - 1, days), sides)
    return {key for key in before if min(before[key]) >= -1e-9 and min(after[key]) < -1e-9}


def test_a_step_slips_with_what_depends_on_it() -> None:
    weak = 0
    for seed in range(20):
        exchange, sides = random_exchange(seed, branches=2)
        exchange = with_order(exchange, sides, Random(seed))
        bare = {key: value for key, value in exchange.items() if key != "sides"}
        source, plan = judged(bare, sides)
        for found in slips(source.exchange, source.terms(), plan):
            if found.days is None or found.weak_step is None:
                assert not any(turns(exchange, source.sides, found, days) for days in (1, 5, 60))
                continue
            weak += 1
            assert (found.weak_step - 1, found.party) in turns(exchange, source.sides, found, found.days)
            for days in {1, found.days // 2, found.days - 1} - {0, found.days}:
                assert not turns(exchange, source.sides, found, days), (seed, found)
    assert weak > 10


def test_slips_of_the_swap() -> None:
    """The second step may come 29 days after the first, and stands on day 10 (hazard .02, bond 4)."""
    found = answer(swap(guarantees={"b": {"points": 4.5}}, hazard=[{"from": 0, "rate": 0.02}]))
    assert (found.slips[1].days, found.slips[1].weak_step, found.slips[1].party) == (20, 1, "a")
    assert found.slips[1].slack < 0
    # The first may slip until it falls on the second's day, and then takes it along.
    assert found.slips[0].days is None


def test_a_slip_past_the_last_day() -> None:
    owed = copy.deepcopy(SWAP["obligations"])
    owed["q"] |= {"latest": 15, "after": ["p"]}
    found = answer(swap(obligations=owed))
    assert [slip.overdue for slip in found.slips] == [6, 6]
