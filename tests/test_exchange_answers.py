"""What is answered about a schedule: guarantees, break-evens, slips, last steps, readings, and the result."""

from __future__ import annotations

import copy
import json
from itertools import pairwise
from random import Random
from typing import Any

import numpy as np
import pytest

from tests.exchanges import case_with, random_exchange
from tests.generators import to_case
from tests.twins import exchange as twins
from tests.twins.agreement import Data
from winset.analyses.exchange import applies, run
from winset.analyses.exchange.answers import BreakEven, Slip
from winset.analyses.exchange.breakeven import break_evens
from winset.analyses.exchange.carrying import last_steps
from winset.analyses.exchange.evaluate import Evaluation, evaluate
from winset.analyses.exchange.guarantee import required_guarantees
from winset.analyses.exchange.readings import readings
from winset.analyses.exchange.slip import slips
from winset.analyses.exchange.steps import outline
from winset.analyses.exchange.terms import Source, settled
from winset.case.model import Case
from winset.errors import NotApplicable, UnknownName
from winset.kernels import backward

AB = ("a", "b")
SWAP: Data = {
    "obligations": {
        "p": {"by": "a", "what": "p", "worth": {"a": -5, "b": 10}},
        "q": {"by": "b", "what": "q", "worth": {"a": 9, "b": -4}},
    },
    "schedules": {
        "swap": {"steps": [{"day": 0, "by": "a", "does": {"p": 1}}, {"day": 10, "by": "b", "does": {"q": 1}}]}
    },
}


def swap(**more: Any) -> Data:
    return copy.deepcopy(SWAP) | more


def judged(exchange: Data, sides: tuple[str, ...] = AB) -> tuple[Source, Evaluation]:
    source = Source.of(case_with(exchange, sides), {})
    made = source.terms()
    [schedule] = source.exchange.schedules.values()
    return source, evaluate(made, outline(made, schedule))


def answer(exchange: Data, sides: tuple[str, ...] = AB, **parameters: Any) -> Any:
    [found] = run(case_with(exchange, sides), **parameters).schedules.values()
    return found


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
    for seed in range(30):
        exchange, sides = random_exchange(seed, branches=2)
        exchange = with_order(exchange, sides, Random(seed))
        bare = {key: value for key, value in exchange.items() if key != "sides"}
        source, plan = judged(bare, sides)
        for found in slips(source.exchange, source.terms(), plan):
            if found.days is None or found.weak_step is None:
                assert not any(turns(exchange, source.sides, found, days) for days in (1, 2, 9, 60, 365))
                continue
            weak += 1
            assert (found.weak_step - 1, found.party) in turns(exchange, source.sides, found, found.days)
            for days in {1, found.days // 2, found.days - 1} - {0, found.days}:
                assert not turns(exchange, source.sides, found, days), (seed, found)
    assert weak > 15


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


# What carries the last step


@pytest.mark.parametrize("seed", range(60))
def test_what_carries_a_last_step_adds_up(seed: int) -> None:
    exchange, sides = random_exchange(seed)
    source, plan = judged(exchange, sides)
    at_default = backward.margins(plan.game, plan.values)[0, :, 0]
    last = {source.sides[p]: (k, at_default[i]) for i, (k, p) in enumerate(plan.movers.tolist())}
    found = last_steps(source.terms(), plan)
    assert set(found) == set(last)
    for side, (k, margin) in last.items():
        one = found[side]
        parts = (
            one.delivery,
            one.escrow,
            one.closing,
            one.to_come,
            one.guarantee,
            one.claw_back,
            one.fallback,
        )
        assert one.step == k + 1
        assert sum(parts) + one.false_alarms == pytest.approx(margin, abs=1e-7)


def test_each_part_that_carries_a_last_step() -> None:
    owed = copy.deepcopy(SWAP["obligations"])
    owed["p"]["reversible"] = 0.25
    exchange = swap(
        obligations=owed, closing={"b": 3}, guarantees={"b": {"points": 4, "acts": 0.5}},
        fallbacks={"b": {"base": -6, "moves": {"p": 2}}}, monitoring={"detection": 0.5, "false_alarm": 0.1},
    )  # fmt: skip
    one = answer(exchange).last_steps["b"]
    assert (one.step, one.delivery, one.escrow, one.to_come) == (2, -4, 0, 0)
    assert one.closing == pytest.approx(0.9 * 3)
    assert one.guarantee == pytest.approx(0.5 * 2)
    assert one.claw_back == pytest.approx(0.25 * 10)
    assert one.fallback == pytest.approx(4)
    assert one.false_alarms == pytest.approx(0.1 * (-4 - 2.5 - 2))


def test_escrow_carries_what_the_others_deliver() -> None:
    at_once = [{"day": 0, "by": ["a", "b"], "does": {"p": 1, "q": 1}, "kind": "escrow"}]
    found = answer(swap(schedules={"x": {"steps": at_once}})).last_steps
    assert [(one.delivery, one.escrow, one.slack) for one in found.values()] == [(-5, 9, 4), (-4, 10, 6)]


# Readings


def test_readings_that_contradict_each_other() -> None:
    owed = copy.deepcopy(SWAP["obligations"])
    owed["p"]["after"] = [{"obligation": "q", "as_read_by": "a"}]
    owed["q"]["after"] = [{"obligation": "p", "as_read_by": "b"}]
    owed["r"] = {"by": "a", "what": "r", "worth": {}, "after": ["p"]}
    steps = [*SWAP["schedules"]["swap"]["steps"], {"day": 11, "by": "a", "does": {"r": 1}}]
    found = run(case_with(swap(obligations=owed, schedules={"x": {"steps": steps}}), AB)).readings
    assert found.contradiction is not None
    assert [(edge.first, edge.then, edge.read_by) for edge in found.contradiction] == [
        ("p", "q", ("b",)),
        ("q", "p", ("a",)),
    ]
    [breach] = found.broken["x"]
    assert (breach.step, breach.obligation, breach.needs, breach.read_by) == (1, "p", "q", ("a",))


def test_readings_that_fit_together() -> None:
    owed = copy.deepcopy(SWAP["obligations"])
    owed["q"]["after"] = [{"obligation": "p", "as_read_by": "b"}, "p"]
    case = case_with(swap(obligations=owed), AB)
    assert case.exchange is not None
    found = readings(case.exchange, AB)
    assert found.contradiction is None
    assert found.broken == {"swap": ()}


def test_at_once_will_do_for_what_must_come_before() -> None:
    owed = copy.deepcopy(SWAP["obligations"])
    owed["q"]["after"] = [{"obligation": "p", "as_read_by": "b"}]
    both = {"day": 0, "by": ["a", "b"], "does": {"p": 1, "q": 1}, "kind": "escrow"}
    assert run(case_with(swap(obligations=owed, schedules={"x": {"steps": [both]}}), AB)).readings.broken == {
        "x": ()
    }


# The result


def test_the_result_has_the_agreed_form() -> None:
    found = json.loads(json.dumps(run(case_with(swap(grace=1, stalling={"b": 0.1}), AB)).to_dict()))
    assert set(found["schedules"]) == {"swap"}
    plan = found["schedules"]["swap"]
    assert plan["steps"][0]["day"] == 0
    assert plan["steps"][0]["by"] == ["a"]
    assert plan["steps"][0]["slack"] == {"plan": {"a": 4}, "spe": {"a": -5}}
    assert plan["steps"][1]["slack"] == {"plan": {"b": -4}, "spe": {"b": -4}}
    assert plan["unravels_to"] == 0
    assert plan["required_guarantee"]["a"] == [0, None]
    assert plan["weakest"] == {
        "step": 2,
        "day": 10,
        "party": "b",
        "slack": -4,
        "share": pytest.approx(-4 / 6),
    }
    assert 0 < plan["completion"] < 1
    assert plan["leverage"] == {"a": [0, 0, 0], "b": [0, 0, 0]}
    assert plan["steps"][1]["hold_up"] == {"a": 9, "b": -4}
    assert plan["payoffs"] == {"a": 4, "b": 6}
    assert plan["spe_payoffs"] == {"a": 0, "b": 0}
    assert "draws" not in plan
    assert found["readings"] == {"contradiction": None, "broken": {"swap": []}}


def test_a_knife_edge_is_named_and_never_safe() -> None:
    found = answer(swap(guarantees={"b": {"points": 4}}))
    assert found.knife_edges == ((2, "b"),)
    assert not found.enforces_itself
    assert found.unravels_to == 2
    assert {f.at for f in found.break_even if f.kind == "guarantee"} == {4}
    assert answer(swap(guarantees={"b": {"points": 4.001}})).enforces_itself


def test_being_late_is_told_apart_from_not_delivering() -> None:
    found = answer(swap(guarantees={"b": {"points": 9}}, grace=3, stalling={"b": 0.5}))
    last = found.steps[1]
    assert last.late == {"b": 3}
    assert last.slack.plan == {"b": pytest.approx(-1.5)}
    assert last.over_default == {"b": pytest.approx(5)}
    assert (last.keep_back, last.days_late) == ((), 3)
    assert (found.unravels_to, found.enforces_itself) == (2, False)
    assert found.steps[0].late == {}, "of a nothing is said, so it is not held to be late"
    assert found.guarantees["b"].clash.never.late == 3


def test_what_is_hard_is_late_and_not_a_default() -> None:
    owed = copy.deepcopy(SWAP["obligations"])
    owed["p"]["hard"], owed["q"]["hard"] = 0.5, 0.2
    sure = answer(swap())
    hard = answer(swap(obligations=owed))
    assert hard.inability == pytest.approx(1 - 0.5 * 0.8)
    assert (sure.inability, hard.completion) == (0, sure.completion)


def test_what_a_partial_schedule_leaves_out_is_listed() -> None:
    steps = SWAP["schedules"]["swap"]["steps"][:1]
    found = answer(swap(schedules={"half": {"title": "Half of it", "steps": steps, "partial": True}}))
    assert (found.title, found.undelivered) == ("Half of it", {"q": 1})


OPEN: Data = {
    "issues": {"fee": {"title": "Fee", "options": {"low": "Low", "high": "High"}}},
    "texts": {"draft": {"package": {}}},
}


def by_option(**more: Any) -> Case:
    owed = copy.deepcopy(SWAP["obligations"])
    owed["q"]["worth"]["b"] = {"by": "fee", "low": -4, "high": -2}
    parties = {side: {"name": side} for side in AB}
    exchange = swap(obligations=owed, **more.pop("exchange", {}))
    return to_case({"winset": 1, "title": "t", "parties": parties, "exchange": exchange, **OPEN, **more})


def slack_of_b(case: Case, **parameters: Any) -> float:
    return float(run(case, **parameters).schedules["swap"].steps[1].slack.plan["b"])


def test_numbers_by_option_follow_the_package() -> None:
    """The named one, else the text on the table, else what the exchange says."""
    stated = by_option(exchange={"package": {"fee": "high"}})
    texts = {"draft": {"package": {"fee": "low"}}}
    on_the_table = by_option(exchange={"package": {"fee": "high"}}, texts=texts, on_the_table="draft")
    assert slack_of_b(stated) == -2
    assert slack_of_b(on_the_table) == -4
    assert slack_of_b(on_the_table, package={"fee": "high"}) == -2
    assert run(on_the_table).settled == {"fee": "low"}
    assert settled(stated, None) == {"fee": "high"}


def test_an_issue_left_open_is_named_with_the_way_out() -> None:
    with pytest.raises(NotApplicable) as caught:
        run(by_option())
    assert str(caught.value) == (
        "`exchange.obligations.q.worth.b` depends on how 'fee' is settled, which is left open; settle it in "
        "`exchange.package`, or give a package that does"
    )


@pytest.mark.parametrize(
    ("package", "says"),
    [
        ({"fee": "lo"}, "there is no option of 'fee' 'lo'; did you mean 'low'?"),
        ({"fie": "low"}, "there is no issue 'fie'; did you mean 'fee'?"),
    ],
)
def test_a_package_that_is_none(package: Data, says: str) -> None:
    with pytest.raises(UnknownName) as caught:
        run(by_option(), package=package)
    assert str(caught.value) == says


@pytest.mark.parametrize("exchange", [None, {"obligations": SWAP["obligations"]}])
def test_without_schedules_there_is_nothing_to_judge(exchange: Data | None) -> None:
    case = case_with(swap(), AB) if exchange is None else case_with(exchange, AB)
    case = case.model_copy(update={"exchange": None}) if exchange is None else case
    assert not applies(case)
    with pytest.raises(NotApplicable, match="no `exchange` with `schedules`; add who owes what"):
        run(case)


def test_an_extended_issue_out_of_play_is_left_to_the_exchange() -> None:
    issues = {"fee": {**OPEN["issues"]["fee"], "tier": "extended"}, "x": OPEN["issues"]["fee"]}
    texts = {"draft": {"package": {"fee": "low"}}}
    more: Data = {"issues": issues, "texts": texts, "on_the_table": "draft"}
    case = by_option(exchange={"package": {"fee": "high"}}, **more)
    assert slack_of_b(case) == -2
    assert slack_of_b(case, extended=True) == -4
    with pytest.raises(NotApplicable, match="'fee' is an extended issue"):
        run(case, package={"fee": "low"})
