"""Designs: what they deliver, in which order, and that their certificates are those of the evaluation."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from tests.exchanges import case_with, random_exchange
from winset.analyses.exchange.design import Wishes, design
from winset.analyses.exchange.designs import DesignAnswer, Designed
from winset.analyses.exchange.evaluate import evaluate
from winset.analyses.exchange.steps import outline
from winset.analyses.exchange.terms import Source
from winset.analyses.result import plain
from winset.errors import NotApplicable, OutOfRange, UnknownName

AB = ("a", "b")


def source(exchange: dict[str, Any], sides: tuple[str, ...] = AB) -> Source:
    return Source.of(case_with(exchange, sides), {})


def swap(lots: int = 21, **more: Any) -> dict[str, Any]:
    """A and B each owe something that is worth twice as much to the other."""
    owed = {
        "x": {"by": "a", "what": "X", "lots": lots, "worth": {"a": -10, "b": 20}},
        "y": {"by": "b", "what": "Y", "lots": lots, "worth": {"a": 20, "b": -10}},
    }
    return {"obligations": owed, **more}


def designed(exchange: dict[str, Any], sides: tuple[str, ...] = AB, **wishes: Any) -> DesignAnswer:
    given = source(exchange, sides)
    return design(given.exchange, given.terms(), Wishes(**wishes))


def every(answer: DesignAnswer) -> list[Designed]:
    return [*answer.schedules.values(), *(rung.designed for rung in answer.ladder if rung.designed)]


def check(given: Source, answer: DesignAnswer, left: dict[str, int]) -> None:
    """What holds of all designs."""
    for found in every(answer):
        delivered = dict.fromkeys(left, 0)
        for step in found.steps:
            assert step.does
            for name, lots in step.does.items():
                assert given.exchange.obligations[name].by == step.by
                assert lots > 0
                assert step.day >= given.exchange.obligations[name].earliest
                delivered[name] += lots
        assert delivered == left
        assert all(one.day < other.day for one, other in pairwise(found.steps))
        overdue = {
            name: step.day - (given.exchange.obligations[name].latest or 0)
            for step in found.steps
            for name in step.does
            if (last := given.exchange.obligations[name].latest) is not None and step.day > last
        }
        assert found.overdue == overdue


def certified(given: Source, found: Designed) -> None:
    """The certificate says what the evaluation says of the same schedule at the same guarantees."""
    terms = given.terms()
    for p, side in enumerate(given.sides):
        terms.guarantee[0, p] = found.guarantee[side]
    judged = evaluate(terms, outline(terms, found.schedule()))
    assert found.certificate.enforces_itself == bool(judged.enforces_itself[0])
    if not given.exchange.grace:
        least = judged.shares[0].min()
        assert found.certificate.over_default == (
            pytest.approx(least, abs=1e-7) if np.isfinite(least) else None
        )
        named = [found.certificate.step - 1, given.sides.index(found.certificate.party)]
        assert judged.shares[0, judged.movers.tolist().index(named)] == pytest.approx(least, abs=1e-7)


@pytest.mark.parametrize("first", range(0, 120, 30))
def test_designs_of_random_exchanges(first: int):
    answered = 0
    for seed in range(first, first + 30):
        exchange, sides = random_exchange(seed, parties=3)
        given = source(exchange, sides)
        try:
            answer = design(given.exchange, given.terms(), Wishes(tranches=4))
        except NotApplicable:  # somebody gains nothing by it
            continue
        answered += 1
        check(given, answer, {name: owed.lots for name, owed in given.exchange.obligations.items()})
        for found in every(answer):
            certified(given, found)
        if "guaranteed" in answer.schedules:
            assert answer.schedules["guaranteed"].keeps_margin
        assert set(answer.refused).isdisjoint(answer.schedules)
        assert plain(answer)["margin"] == 0.05
    assert answered >= 3


def test_without_a_cost_of_time_orders_are_proven_and_hold_as_the_lattice_says():
    answer = designed(swap(guarantees={"a": {"points": 1.5}}))
    widest, short = answer.schedules["widest"], answer.schedules["fewest"]
    assert widest.proven
    assert short.proven
    assert short.keeps_margin
    assert short.certificate.enforces_itself
    assert widest.certificate.over_default is not None
    assert short.certificate.over_default is not None
    assert widest.certificate.over_default >= short.certificate.over_default >= 0.05
    assert len(short.steps) <= len(widest.steps)
    assert "resized" not in answer.schedules


def test_what_no_order_keeps_is_said_and_the_guarantee_that_is_lacking_found():
    answer = designed(swap(lots=4))
    assert answer.refused["fewest"] == "no order keeps the margin with the guarantees as they are"
    assert not answer.schedules["widest"].keeps_margin
    assert answer.schedules["guaranteed"].keeps_margin
    assert sum(answer.schedules["guaranteed"].guarantee.values()) > 0


def test_more_tranches_need_less_guarantee():
    """As the closed form falls (O3); whole lots and a margin need no less than it does."""
    answer = designed(swap(lots=84), tranches=8, margin=0.001)
    totals = [rung.total for rung in answer.ladder]
    assert [rung.tranches for rung in answer.ladder] == list(range(2, 9))
    assert all(total is not None for total in totals)
    assert totals == sorted(totals, key=lambda total: -(total or 0.0))
    for rounds in (1, 2, 3):
        total = totals[2 * rounds - 2]
        assert total is not None
        assert 3 / (4**rounds - 1) <= total <= 1.1 * 3 / (4**rounds - 1)
    assert answer.ladder[0].designed is not None
    assert answer.ladder[0].designed.proven


def test_time_that_costs_is_minded_and_the_order_then_best_found():
    hazard = [{"from": 0, "rate": 0.02}]
    answer = designed(swap(guarantees={"a": {"points": 2}, "b": {"points": 4}}, hazard=hazard), gap=5)
    assert not any(found.proven for found in answer.schedules.values())
    resized, short = answer.schedules.get("resized"), answer.schedules["fewest"]
    assert resized or "resized" in answer.refused
    if resized:
        assert (resized.certificate.over_default or 0) > (short.certificate.over_default or 0)


def test_to_whom_being_late_pays_is_said():
    owed = swap(lots=3, guarantees={"a": {"points": 30}, "b": {"points": 30}}, grace=2, stalling={"a": 8})
    found = designed(owed).schedules["fewest"]
    assert found.keeps_margin
    assert found.certificate.late_pays == ("a",)
    assert not found.certificate.enforces_itself


def test_turns_that_deliver_nothing_are_no_steps():
    """Where one big tranche each will do, more turns than that are left out."""
    answer = designed(swap(lots=2, closing={"a": 40, "b": 40}), tranches=6)
    assert [rung.tranches for rung in answer.ladder] == [2]
    assert answer.ladder[0].total == 0
    many = designed(swap(lots=1), tranches=6)
    assert [len(rung.designed.steps) for rung in many.ladder if rung.designed] == [2] * 5


def test_only_what_is_left_is_designed():
    given = source(swap(lots=10, guarantees={"a": {"points": 3}}))
    answer = design(given.exchange, given.terms(), Wishes(first=30, gap=7), {"x": 4, "y": 2})
    check(given, answer, {"x": 6, "y": 8})
    assert answer.schedules["widest"].steps[0].day == 30


def test_windows_keep_their_order():
    """What must be over before something else begins comes first, however good it would be later."""
    exchange = swap(lots=3, guarantees={"a": {"points": 4}, "b": {"points": 4}})
    exchange["obligations"]["x"] |= {"latest": 3}
    exchange["obligations"]["y"] |= {"earliest": 5}
    given = source(exchange)
    answer = design(given.exchange, given.terms())
    check(given, answer, {"x": 3, "y": 3})
    for found in every(answer):
        assert not found.overdue
        assert [step.by for step in found.steps] == sorted(step.by for step in found.steps)


def test_where_a_last_day_presses_steps_come_on_one_day():
    """Taking turns on days 0 and 3 one would be late; on day 0 one after the other both are in time."""
    exchange = swap(lots=1, guarantees={"a": {"points": 40}, "b": {"points": 40}})
    for owed in exchange["obligations"].values():
        owed["latest"] = 0
    short = designed(exchange, gap=3).schedules["fewest"]
    assert [step.day for step in short.steps] == [0, 0]
    assert not short.overdue
    assert short.proven


def test_what_comes_too_late_is_never_called_proven():
    exchange = swap(lots=1, guarantees={"a": {"points": 40}, "b": {"points": 40}})
    exchange["obligations"]["x"]["latest"] = 2
    found = designed(exchange, first=4).schedules["fewest"]
    assert found.overdue == {"x": 2}
    assert not found.proven


def test_what_cannot_be_in_time_is_overdue():
    exchange = swap(lots=1, guarantees={"a": {"points": 40}, "b": {"points": 40}})
    for owed in exchange["obligations"].values():
        owed["latest"] = 0
    answer = designed(exchange, gap=3)
    assert all(rung.designed.overdue == {"y": 3} for rung in answer.ladder if rung.designed)


def test_each_side_reads_the_order_its_own_way():
    exchange = swap(lots=2, guarantees={"a": {"points": 40}, "b": {"points": 40}})
    exchange["obligations"]["x"]["after"] = [{"obligation": "y", "as_read_by": ["a"]}]
    exchange["obligations"]["y"]["after"] = [{"obligation": "x", "as_read_by": ["b"]}]
    with pytest.raises(NotApplicable, match="keep to one side's reading"):
        designed(exchange)
    for side in AB:
        answer = designed(exchange, read_by=side)
        assert [step.by for step in answer.schedules["fewest"].steps] == (
            ["b", "a"] if side == "a" else ["a", "b"]
        )
        first, then = ("y", "x") if side == "a" else ("x", "y")
        for found in every(answer):
            days = {name: [step.day for step in found.steps if name in step.does] for name in "xy"}
            assert max(days[first]) < min(days[then])


def test_too_many_lots_are_merged_and_it_is_said():
    answer = designed(swap(lots=4000, guarantees={"a": {"points": 1.5}}), tranches=2)
    assert answer.merged == {"x": 2, "y": 2}
    assert not answer.schedules["widest"].proven
    assert answer.schedules["fewest"].keeps_margin


def test_no_wish_beyond_its_range():
    for wish in ({"margin": 0.0}, {"margin": 1.5}, {"tranches": 13}, {"gap": -1}, {"first": -1}):
        with pytest.raises(OutOfRange):
            Wishes(**wish)
    with pytest.raises(UnknownName, match="there is no side 'c'"):
        designed(swap(), read_by="c")


def test_terms_are_left_alone():
    given = source(swap(guarantees={"a": {"points": 1.5}}, monitoring={"false_alarm": 0.1}))
    terms = given.terms()
    for array in (terms.guarantee, terms.lots, terms.detection, *terms.curves, *terms.worth):
        array.flags.writeable = False
    once = design(given.exchange, terms)
    assert once == design(given.exchange, given.terms())


def test_a_side_that_gains_nothing_is_named():
    with pytest.raises(NotApplicable, match="b gains nothing by the exchange as a whole"):
        designed(swap(fallbacks={"b": {"base": 15}}))


def test_a_ladder_never_rises_and_knows_the_designs_above_it():
    """What keeps the margin in three tranches does so in four."""
    for seed in range(60):
        exchange, sides = random_exchange(seed, parties=3)
        given = source(exchange, sides)
        try:
            answer = design(given.exchange, given.terms(), Wishes(tranches=6))
        except NotApplicable:
            continue
        totals = [rung.total for rung in answer.ladder]
        known = [total for total in totals if total is not None]
        assert known == sorted(known, reverse=True), seed
        assert None not in totals[len(totals) - len(known) :], seed
        for rung in answer.ladder:
            assert rung.designed is None or len(rung.designed.steps) <= rung.tranches, seed
            short = answer.schedules.get("fewest")
            assert rung.total is not None or short is None or len(short.steps) > rung.tranches, seed


def test_without_a_stake_a_certificate_still_finds_the_weakest_step():
    """False alarms take all of it: nobody has a stake, and a step of 0 is no step whose share is unknown."""
    exchange = {
        "obligations": {
            "p": {"by": "a", "what": "p", "worth": {"a": -1, "b": 10}},
            "q": {"by": "b", "what": "q", "worth": {"a": 9}},
        },
        "closing": {"a": 3, "b": 1},
        "monitoring": {"false_alarm": 1},
    }
    found = designed(exchange).schedules["widest"].certificate
    by = designed(exchange).schedules["widest"].steps[found.step - 1].by
    assert found.slack[found.step - 1] < 0
    assert by == found.party == "a"
