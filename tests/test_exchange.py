"""The exchange judged step by step: whole trees on random games, known answers, and what must always hold."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from tests.exchanges import case_with, plan, random_exchange, terms
from tests.reference import reference
from tests.twins import exchange as twins
from tests.twins.agreement import Data
from winset.analyses.exchange.completion import Completion, completion
from winset.analyses.exchange.evaluate import Evaluation, evaluate
from winset.analyses.exchange.guarantee import required_guarantees
from winset.analyses.exchange.steps import game, outline
from winset.analyses.exchange.terms import Source, Terms
from winset.case.exchange import Schedule
from winset.errors import LimitExceeded

AB = ("a", "b")
BRANCHES = 24
TWO: list[tuple[int, ...]] = [(0,), (1,)]
ONE_EACH = [[1, 0], [0, 1]]


def seeded(seed: int, branches: int = BRANCHES) -> tuple[Data, Source, Evaluation]:
    exchange, sides = random_exchange(seed, branches=branches)
    source = Source.of(case_with(exchange, sides), {})
    found = source.terms()
    return exchange, source, evaluate(found, outline(found, source.exchange.schedules["plan"]))


def by_mover(judged: Evaluation, source: Source, values: Any) -> dict[tuple[int, str], float]:
    movers = judged.movers.tolist()
    return {(k, source.sides[p]): float(v) for (k, p), v in zip(movers, values[0], strict=True)}


# Against the whole tree


def compare(seed: int, branches: int) -> None:
    exchange, source, judged = seeded(seed, branches)
    twin = twins.Twin(exchange, source.sides, "plan")
    planned = twins.slacks(twin, committed=True)
    assert by_mover(judged, source, judged.slack) == pytest.approx(planned, rel=0, abs=1e-9), seed
    over_default = {key: every[0] for key, every in twins.margins(twin, committed=True).items()}
    assert by_mover(judged, source, judged.over_default) == pytest.approx(over_default, abs=1e-9), seed
    perfect = by_mover(judged, source, judged.spe.slack)
    carried_out = 0
    for k in range(len(twin.steps)):
        tree = twins.play(twin.tree(k, committed=False))
        assert judged.spe.values[0, k] == pytest.approx(tree.pay, rel=0, abs=1e-9), (seed, k)
        for p, margins in tree.margins.items():
            assert perfect[k, source.sides[p]] == pytest.approx(min(margins), rel=0, abs=1e-9), (seed, k)
        actors = [p for step, p in judged.movers.tolist() if step == k]
        keepers = int(judged.spe.keepers[0, k])
        assert tuple(p for j, p in enumerate(actors) if keepers >> j & 1) == tree.keepers, (seed, k)
        assert judged.spe.days[0, k] == tree.days, (seed, k)
        carried_out += not tree.keepers and carried_out == k
    assert judged.carried_out[0] == carried_out, seed
    ends = twins.completion(twin, exchange["noise"])
    assert ended(completion(judged.game, source.terms().noise)) == pytest.approx(
        {**dict.fromkeys(ended(_nowhere(len(twin.steps))), 0.0), **ends}, rel=0, abs=1e-9
    ), seed


def ended(found: Completion) -> dict[Any, float]:
    """The chances of all ends by the names that the tree gives them."""
    ends: dict[Any, float] = {"complete": float(found.complete[0])}
    for how in ("incident", "kept_back", "false_alarm"):
        ends |= {(how, k): float(chance) for k, chance in enumerate(getattr(found, how)[0])}
    return ends


def _nowhere(steps: int) -> Completion:
    return Completion(np.zeros(1), *(np.zeros((1, steps)) for _ in range(3)))


@pytest.mark.parametrize("first", range(0, 300, 50))
def test_random_games_against_their_trees(first: int) -> None:
    for seed in range(first, first + 50):
        compare(seed, BRANCHES)


@pytest.mark.fuzz
@pytest.mark.parametrize("first", range(1000, 3000, 100))
def test_many_random_games_against_their_trees(first: int) -> None:
    for seed in range(first, first + 100):
        compare(seed, 64)


# Known answers


@cache
def oracles() -> dict[str, Data]:
    every = json.loads(reference("data", "exchange", "oracles.json").read_text("utf-8"))
    return {oracle["id"]: oracle for oracle in every}


def expected(name: str) -> Data:
    found: Data = oracles()[name]["expected"]
    return found


def swap(days: tuple[int, int] = (0, 1), **given: Any) -> tuple[Terms, Evaluation]:
    """a gives at a cost of 5 what is worth 10 to b, then b at a cost of 4 what is worth 9 to a."""
    made = terms(AB, [[-5, 10], [9, -4]], [0, 1], **given)
    return made, evaluate(made, plan(list(days), TWO, ONE_EACH))


def test_a_swap_without_outside_value_unravels() -> None:
    made, judged = swap()
    want = expected("O1")
    assert judged.slack[0] == pytest.approx(want["plan_slack"])
    assert judged.spe.slack[0] == pytest.approx(want["spe_slack"])
    assert judged.spe.values[0, 0] == pytest.approx(want["spe_payoff"])
    assert judged.carried_out.tolist() == [0]
    found = required_guarantees(made, judged)
    assert [found[side].required for side in AB] == [(low, None) for low in want["required_guarantee"]]


def test_guarantees_under_worse_monitoring() -> None:
    inputs = oracles()["O2"]["inputs"]
    for m, f, wanted in zip(inputs["detect_m"], inputs["false_alarm_f"], expected("O2")["P_B"], strict=True):
        made, judged = swap(detection=[m, m], false_alarm=f)
        required: Any = required_guarantees(made, judged)["b"].required
        assert required == (pytest.approx(wanted), None)
        for points, carried in ((wanted - 0.01, 0), (wanted + 0.01, 2)):
            _, judged = swap(detection=[m, m], false_alarm=f, guarantee=[0, points])
            assert judged.carried_out.tolist() == [carried]


def test_a_staircase_needs_the_bond_of_the_closed_form() -> None:
    """With n rounds, b first: c (g - 1) / (g**n - 1) is what a must have to lose at its last step."""
    tranches, wanted = expected("O3")["n3_tranches"], expected("O3")["L_A"]["3"]
    lots = tranches["lots"]
    made = terms(AB, [[-1, 2], [2, -1]], [0, 1], lots=[lots, lots])
    pairs = zip(tranches["B"], tranches["A"], strict=True)
    delivers = [step for b, a in pairs for step in ([0, b], [a, 0])]
    steps = plan(list(range(6)), [(1,), (0,)] * 3, delivers)
    required: dict[str, Any] = required_guarantees(made, evaluate(made, steps))
    assert required["a"].required == (pytest.approx(wanted, abs=1e-9), None)
    assert required["b"].required == (0, None)
    judged = evaluate(replace(made, guarantee=np.array([[wanted, 0.0]])), steps)
    assert judged.slack.min() == pytest.approx(0, abs=1e-12)
    assert judged.carried_out.tolist() == [6]


def test_waiting_costs_what_the_hazard_takes() -> None:
    inputs, want = oracles()["O4"]["inputs"], expected("O4")
    _, judged = swap((0, inputs["gap_days"]), guarantee=[0, 4], rates=[(0, inputs["hazard"])])
    assert judged.slack[0, 0] == pytest.approx(want["A_slack"])
    assert judged.slack[0, 1] == pytest.approx(0, abs=1e-12)
    assert not judged.enforces_itself[0], "0 is a knife-edge"
    assert judged.carried_out.tolist() == [2]
    longest = math.floor(want["d_max"])
    for days, holds in ((longest, True), (longest + 1, False)):
        _, judged = swap((0, days), guarantee=[0, 4], rates=[(0, inputs["hazard"])])
        assert (judged.slack[0, 0] > 0) == holds
    _, faded = swap((0, 10), guarantee=[0, 4], rates=[(0, 0.015)], discount=[0.005, 0])
    assert faded.slack[0, 0] == pytest.approx(want["A_slack"])


def test_what_can_be_taken_back_polices_an_irreversible_last_step() -> None:
    def slack(rho: float) -> float:
        made = terms(AB, [[-5, 10], [9, -4]], [0, 1], reversible=[0, rho])
        return float(evaluate(made, plan([0, 1], [(1,), (0,)], [[0, 1], [1, 0]])).slack[0, 1])

    assert slack(0.8) == pytest.approx(9 * 0.8 - 5)
    assert slack(expected("O5")["rho_min"]) == pytest.approx(0, abs=1e-12)


def test_a_concession_that_shifts_power() -> None:
    """One round of b's flow, then what is left by then for ever, less its cost of fighting (Fearon 1995)."""
    inputs, want = oracles()["O6"]["inputs"], expected("O6")
    delta, cost, p1 = inputs["delta"], inputs["cost_B"], inputs["p1"]
    for p2, slack in zip(inputs["p2"], want["slack"], strict=True):
        now, later = (1 - p1) / (1 - delta) - cost, (1 - p2) / (1 - delta) - cost
        made = terms(
            AB, [[0, 1], [0, 0]], [1, 0], base=[0, now], moves=[[0, 0], [later - now, 0]],
            closing=[0, later], discount=[0, -math.log(delta)],
        )  # fmt: skip
        judged = evaluate(made, plan([0, 1], [(1,), (0,)], ONE_EACH))
        assert judged.slack[0, 0] == pytest.approx(slack, abs=1e-9)


def test_completion_when_both_err() -> None:
    want = expected("O8")
    made, judged = swap(guarantee=[0, 6], noise=1)
    found = completion(judged.game, made.noise)
    assert found.complete[0] == pytest.approx(want["complete"])
    assert 1 - found.kept_back[0, 0] == pytest.approx(want["p_A"])
    assert 1 - found.kept_back[0, 1] / want["p_A"] == pytest.approx(want["p_B"])


@pytest.mark.parametrize("through", ["no_escrow", "escrow"])
def test_a_hand_over_at_once_is_a_dilemma_without_escrow(through: str) -> None:
    made = terms(AB, [[-5, 10], [9, -4]], [0, 1])
    judged = evaluate(made, plan([0], [(0, 1)], [[1, 1]], *([0] if through == "escrow" else [])))
    assert judged.slack[0] == pytest.approx(expected("O9")[through])
    assert judged.spe.slack[0] == pytest.approx(expected("O9")[through])
    assert judged.spe.values[0, 0] == pytest.approx([4, 6] if through == "escrow" else [0, 0])


def test_incidents_over_a_phase_of_42_days() -> None:
    made = terms(AB, [[0, 0], [0, 0]], [0, 1], closing=[1, 1], rates=[(0, 0.01)], noise=1e-6)
    found = completion(game(made, plan([0, 42], TWO, ONE_EACH)), made.noise)
    assert found.complete[0] == pytest.approx(expected("O11")["p"])
    assert found.incident[0] == pytest.approx([0, 1 - expected("O11")["p"]])


def test_a_stall_is_the_shortest_or_the_longest() -> None:
    inputs, want = oracles()["O15"]["inputs"], expected("O15")

    def slack(gain: float) -> float:
        made = terms(
            ("a",), [[0]], [0], closing=[inputs["U"]], discount=[inputs["r"]], stalling={"a": gain},
            rates=[(0, inputs["hazard"])], grace=inputs["grace"],
        )  # fmt: skip
        return float(evaluate(made, plan([0], [(0,)], [[1]])).slack[0, 0])

    for gain in inputs["b"]:
        assert slack(gain) == pytest.approx(want[f"{gain:g}".removeprefix("0")], abs=1e-9)
    assert slack(want["b_star"]) == pytest.approx(want["b*"], abs=1e-9)


def test_what_is_late_for_nothing_comes_on_time() -> None:
    """A stall that brings exactly nothing, but for the last bits, is none."""
    late = 0
    for points in range(1, 60):
        gain = points * (1 - math.exp(-0.02 * 30)) / 30
        made = terms(
            ("a",), [[0]], [0], closing=[points], discount=[0.01], stalling={"a": gain},
            rates=[(0, 0.01)], grace=30,
        )  # fmt: skip
        judged = evaluate(made, plan([0], [(0,)], [[1]]))
        late += judged.slack[0, 0] < 0
        assert judged.spe.days.tolist() == [[0]]
        assert not judged.enforces_itself[0]
    assert late, "rounding should have made some of them gain by it"


def test_the_shadow_of_the_future_closes_the_last_step() -> None:
    inputs, want = oracles()["O16"]["inputs"], expected("O16")
    closing = inputs["delta"] * inputs["flow"] / (1 - inputs["delta"])
    made = terms(("a",), [[-inputs["cost"]]], [0], closing=[closing])
    judged = evaluate(made, plan([0], [(0,)], [[1]]))
    assert closing == pytest.approx(want["C"])
    assert judged.slack[0, 0] == pytest.approx(want["slack_last"], abs=1e-9)
    assert not judged.enforces_itself[0]


# What must always hold


@pytest.mark.parametrize("seed", range(60))
def test_with_all_slacks_above_0_nothing_unravels(seed: int) -> None:
    """The one-step deviations of the plan say all: then best play is the plan."""
    _, source, judged = seeded(seed)
    high = replace(source.terms(), closing=judged.game.closing + 500)
    sure = evaluate(high, judged.steps)
    if not sure.enforces_itself[0]:
        return
    assert sure.spe.slack.tobytes() == sure.slack.tobytes()
    assert sure.carried_out[0] == len(sure.steps.days)
    assert not sure.spe.days.any()


def test_a_high_closing_value_makes_most_plans_enforce_themselves() -> None:
    """Otherwise the test above would say nothing."""
    sure = 0
    for seed in range(60):
        _, source, judged = seeded(seed)
        high = replace(source.terms(), closing=judged.game.closing + 500)
        sure += bool(evaluate(high, judged.steps).enforces_itself[0])
    assert sure > 20


@pytest.mark.parametrize("seed", range(60))
def test_without_false_alarms_ones_own_guarantee_never_lowers_ones_slack(seed: int) -> None:
    _, source, judged = seeded(seed)
    calm = replace(source.terms(), false_alarm=np.zeros(1))
    before = evaluate(calm, judged.steps)
    for p in range(len(source.sides)):
        more = calm.guarantee.copy()
        more[0, p] += 7
        after = evaluate(replace(calm, guarantee=more), judged.steps)
        mine = before.movers[:, 1] == p
        assert (after.slack[0, mine] >= before.slack[0, mine] - 1e-9).all()
        assert after.slack[0, ~mine] == pytest.approx(before.slack[0, ~mine], abs=1e-9)


@pytest.mark.parametrize("seed", range(60))
def test_points_have_no_unit_and_no_zero_of_their_own(seed: int) -> None:
    """Twice a side's points: twice its slack, the same shares and play. As many points more for stopping as
    for completion, without discount or false alarms: the same slack."""
    _, source, judged = seeded(seed)
    mode = source.terms()
    scaled = {
        name: getattr(mode, name) * np.array([2.0, *[1.0] * (len(source.sides) - 1)])
        for name in ("base", "closing", "guarantee", "stalling")
    }
    scaled["moves"] = mode.moves * np.array([2.0, *[1.0] * (len(source.sides) - 1)])[:, None]
    curves = tuple(np.concatenate([2 * curve[:, :1], curve[:, 1:]], axis=1) for curve in mode.curves)
    twice = evaluate(replace(mode, curves=curves, **scaled), judged.steps)
    factor = np.where(judged.movers[:, 1] == 0, 2, 1)
    assert twice.slack[0] == pytest.approx(factor * judged.slack[0], abs=1e-9)
    assert twice.shares[0] == pytest.approx(judged.shares[0], abs=1e-9)
    assert twice.spe.keepers.tolist() == judged.spe.keepers.tolist()
    plain = replace(mode, discount=0 * mode.discount)
    moved = replace(plain, base=plain.base + 3, closing=plain.closing + 3)
    slacks = [evaluate(each, judged.steps).slack[0] for each in (plain, moved)]
    assert slacks[1] == pytest.approx(slacks[0], abs=1e-9)


@pytest.mark.parametrize("seed", range(40))
def test_chances_of_all_ends_sum_to_1(seed: int) -> None:
    _, source, judged = seeded(seed)
    found = completion(judged.game, source.terms().noise)
    assert sum(ended(found).values()) == pytest.approx(1)
    assert min(ended(found).values()) >= 0


@pytest.mark.parametrize("seed", range(40))
def test_less_and_less_noise_ends_in_best_play(seed: int) -> None:
    """Where no choice of best play is a close one."""
    _, _, judged = seeded(seed)
    tree = np.abs(judged.spe.slack[0])
    if tree.min() < 0.01 or (judged.steps.acts.sum(axis=1) > 1).any():
        return
    found = completion(judged.game, np.full(1, 1e-5))
    where = int(judged.carried_out[0])
    if where < len(judged.steps.days):
        assert found.complete[0] == pytest.approx(0, abs=1e-6)
        assert found.kept_back[0, where] == pytest.approx(1 - sum_before(found, where), abs=1e-6)
    else:
        assert found.kept_back[0] == pytest.approx(0, abs=1e-6)


def sum_before(found: Completion, k: int) -> float:
    """The chance that it is over before anything is done at step k."""
    return float(found.false_alarm[0, :k].sum() + found.incident[0, : k + 1].sum())


def test_escrow_never_weakens_a_step_that_brings_something() -> None:
    made = terms(AB, [[-5, 10], [9, -4], [-1, 2]], [0, 1, 0], guarantee=[1, 1], base=[-1, -2])
    for kind in ((), (1,)):
        steps = plan([0, 2], [(0,), (0, 1)], [[0, 0, 1], [1, 1, 0]], *kind)
        slack = evaluate(made, steps).slack[0]
        assert (slack[1:] > 0).all() == bool(kind)


# Schedules as arrays


def test_worth_lot_by_lot_and_worth_spread_evenly() -> None:
    exchange: Data = {
        "obligations": {
            "p": {"by": "a", "what": "x", "lots": 4, "worth": {"a": -8, "b": {"cumulative": [5, 9, 12, 12]}}}
        },
    }
    made = Source.of(case_with(exchange, AB), {}).terms()
    assert made.worth[0][0].tolist() == [[0, -2, -4, -6, -8], [0, 5, 9, 12, 12]]
    assert [made.of_lots(0, lots)[0].tolist() for lots in (0, 3, 4)] == [[0, 0], [-6, 12], [-8, 12]]
    even = terms(AB, [[-8, 4]], [0], lots=[4])
    assert even.worth[0][0].tolist() == [[0, -2, -4, -6, -8], [0, 1, 2, 3, 4]]


def test_what_was_delivered_before_is_taken_out_of_a_schedule() -> None:
    made = terms(AB, [[-8, 4], [3, -3]], [0, 1], lots=[4, 1], base=[1, 0], reversible=[0.5, 0])
    steps = [{"day": 0, "by": "a", "does": {"p": 2}}, {"day": 5, "by": "b", "does": {"q": 1}}]
    steps.append({"day": 9, "by": "a", "does": {"p": 2}})
    schedule = Schedule.model_validate({"steps": steps})
    whole, rest = outline(made, schedule), outline(made, schedule, {"p": 3, "q": 1})
    assert whole.levels.tolist() == [[0, 0], [2, 0], [2, 1], [4, 1]]
    assert rest.levels.tolist() == [[3, 1], [4, 1]]
    assert rest.days.tolist() == [9]
    halfway = outline(made, schedule, {"p": 2})
    assert evaluate(made, halfway).slack[0] == pytest.approx(evaluate(made, whole).slack[0, 1:])
    assert evaluate(made, halfway).game.stop[0] == pytest.approx(evaluate(made, whole).game.stop[0, 1:])


def test_more_than_ten_at_once_are_too_many() -> None:
    sides = tuple(f"s{i}" for i in range(11))
    goods = {f"o{i}": {"by": side, "what": "x", "worth": {}} for i, side in enumerate(sides)}
    step = {"day": 0, "by": list(sides), "does": dict.fromkeys(goods, 1), "kind": "joint"}
    exchange = {"obligations": goods, "schedules": {"all": {"steps": [step]}}}
    source = Source.of(case_with(exchange, sides), {})
    with pytest.raises(LimitExceeded, match="step 1 has 11 sides act at once, more than 10"):
        outline(source.terms(), source.exchange.schedules["all"])
