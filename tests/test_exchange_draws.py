"""The exchange over draws: each draw judged by itself, and the same bits wherever and in whatever portions."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from tests.exchanges import case_with, random_exchange, swap
from tests.twins.agreement import Data
from tests.twins.draws import distribution, varies
from winset.analyses import sampling, shares
from winset.analyses.exchange import over_draws, run
from winset.analyses.exchange.completion import completion
from winset.analyses.exchange.draws import Work, judge
from winset.analyses.exchange.evaluate import evaluate
from winset.analyses.exchange.numbers import parties
from winset.analyses.exchange.steps import outline
from winset.analyses.exchange.terms import Source
from winset.analyses.sampling import Sampling
from winset.compute import Where, processes
from winset.space.shapes import stream

DRAWS = 40


def doubted(exchange: Data, seed: int) -> Data:
    """The exchange with most of its numbers in doubt, by shapes of all kinds."""
    rng = np.random.default_rng(seed)

    def doubt(value: float, least: float = -1e6, most: float = 1e6) -> Any:
        wide = float(rng.choice([0, 0.2, 2]))
        low, high = max(value - wide, least), min(value + 2 * wide, most)
        kind = rng.integers(4)
        if kind == 0:
            return value
        if kind == 1:
            return [low, value, high]
        if kind == 2:
            return {"low": low, "high": high, "shape": "uniform"}
        return {"low": low, "mode": value, "high": high, "shape": "pert"}

    data = copy.deepcopy(exchange)
    for owed in data["obligations"].values():
        for side, worth in owed["worth"].items():
            owed["worth"][side] = (
                {"cumulative": [doubt(lot) for lot in worth["cumulative"]]}
                if isinstance(worth, dict)
                else doubt(worth)
            )
        for key in {"reversible", "detection"} & set(owed):
            owed[key] = doubt(owed[key], 0, 1)
    for fallback in data["fallbacks"].values():
        fallback["base"] = doubt(fallback["base"])
        fallback["moves"] = {name: doubt(points) for name, points in fallback["moves"].items()}
    data["closing"] = {side: doubt(points) for side, points in data["closing"].items()}
    for given in data["guarantees"].values():
        given["points"], given["acts"] = doubt(given["points"], 0), doubt(given["acts"], 0, 1)
    data["monitoring"] = {key: doubt(chance, 0, 1) for key, chance in data["monitoring"].items()}
    for piece in data.get("hazard", []):
        piece["rate"] = doubt(piece["rate"], 0, 0.3)
    data["discount"] = {side: doubt(rate, 0, 0.3) for side, rate in data.get("discount", {}).items()}
    data["stalling"] = {side: doubt(points) for side, points in data["stalling"].items()}
    data["noise"] = doubt(data["noise"], 0.1)
    return data


class Settled:
    """An exchange with every number drawn from the stream of its name, one draw."""

    def __init__(self, seed: int, draw: int) -> None:
        self.seed, self.draw = seed, draw

    def number(self, estimate: Any, *words: str | int) -> Any:
        if not varies(estimate):
            return estimate
        [uniform] = stream(self.seed, " ".join(("exchange", *map(str, words))), self.draw, 1)
        return float(distribution(estimate).ppf(uniform))

    def exchange(self, given: Data) -> Data:
        data = copy.deepcopy(given)
        for name, owed in data["obligations"].items():
            for side, worth in owed["worth"].items():
                owed["worth"][side] = self.worth(worth, side, name)
            for key in {"reversible", "detection"} & set(owed):
                owed[key] = self.number(owed[key], key, name)
        for side, fallback in data["fallbacks"].items():
            fallback["base"] = self.number(fallback["base"], "base", side)
            for name, points in fallback["moves"].items():
                fallback["moves"][name] = self.number(points, "moves", side, name)
        for side, guarantee in data["guarantees"].items():
            guarantee["points"] = self.number(guarantee["points"], "guarantee", side)
            guarantee["acts"] = self.number(guarantee["acts"], "acts", side)
        for key in ("closing", "discount", "stalling"):
            data[key] = {side: self.number(value, key, side) for side, value in data[key].items()}
        data["monitoring"] = {key: self.number(value, key) for key, value in data["monitoring"].items()}
        for piece in data.get("hazard", []):
            piece["rate"] = self.number(piece["rate"], "hazard", f"from {piece['from']}")
        data["noise"] = self.number(data["noise"], "noise")
        return data

    def worth(self, given: Any, side: str, name: str) -> Any:
        if not isinstance(given, dict) or "cumulative" not in given:
            return self.number(given, "worth", side, name)
        lots = enumerate(given["cumulative"], start=1)
        return {"cumulative": [self.number(points, "worth", side, name, lot) for lot, points in lots]}


@pytest.mark.parametrize("seed", range(12))
def test_each_draw_is_its_own_exchange_in_point_mode(seed: int) -> None:
    """Drawn all at once, and drawn one by one from the definition and written into the case."""
    exchange, sides = random_exchange(seed, branches=8)
    exchange = doubted(exchange, seed)
    source = Source.of(case_with(exchange, sides), {})
    many = source.drawn(seed, 3, DRAWS)
    together = evaluate(many, outline(many, source.exchange.schedules["plan"]))
    done = completion(together.game, many.noise).complete
    for draw in range(DRAWS):
        alone = Source.of(case_with(Settled(seed, 3 + draw).exchange(exchange), sides), {})
        one = alone.terms()
        single = evaluate(one, together.steps)
        assert together.slack[draw] == pytest.approx(single.slack[0], abs=1e-8)
        assert together.spe.slack[draw] == pytest.approx(single.spe.slack[0], abs=1e-8)
        assert together.spe.keepers[draw].tolist() == single.spe.keepers[0].tolist()
        assert together.weakest[draw] == single.weakest[0]
        assert done[draw] == pytest.approx(completion(single.game, one.noise).complete[0], abs=1e-8)


@pytest.mark.parametrize("seed", range(12))
def test_a_draw_has_the_same_bits_alone(seed: int) -> None:
    exchange, sides = random_exchange(seed, branches=8)
    source = Source.of(case_with(doubted(exchange, seed), sides), {})
    many, one = source.drawn(1, 0, DRAWS), source.drawn(1, 17, 1)
    steps = outline(many, source.exchange.schedules["plan"])
    together, alone = evaluate(many, steps), evaluate(one, steps)
    for mine, theirs in ((alone.slack, together.slack), (alone.spe.values, together.spe.values)):
        assert mine[0].tobytes() == theirs[17].tobytes()


def test_counts_are_those_of_the_draws() -> None:
    exchange, sides = random_exchange(7, branches=8)
    source = Source.of(case_with(doubted(exchange, 7), sides), {})
    many = source.drawn(0, 0, 300)
    judged = evaluate(many, outline(many, source.exchange.schedules["plan"]))
    counted = judge(Work({"plan": source}, 0), 0, 300)["plan"]
    steps = judged.movers[:, 0]
    holds = [(judged.slack[:, steps == k] > 1e-9).all(axis=1) for k in range(len(judged.steps.days))]
    assert counted.holds.tolist() == [int(each.sum()) for each in holds]
    assert counted.enforces_itself == int(np.all(holds, axis=0).sum())
    assert counted.nobody_keeps_back == int((judged.over_default > 1e-9).all(axis=1).sum())
    assert counted.weakest.tolist() == [int((steps[judged.weakest] == k).sum()) for k in range(len(holds))]
    assert counted.weakest.sum() == 300
    assert counted.carried_out == sum(not row.any() for row in judged.spe.keepers)
    assert counted.completion == pytest.approx(completion(judged.game, many.noise).complete)


def drawn(seed: int = 7, **parameters: Any) -> Any:
    exchange, sides = random_exchange(seed, branches=8)
    case = case_with(doubted(exchange, seed), sides)
    return run(case, sampling=Sampling(520, **parameters)).to_dict()


def test_the_same_answer_in_other_portions_and_places(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = drawn()
    assert whole["parameters"]["draws"] == 520
    assert drawn(where=Where(2)) == whole
    # Workers that wait until Python ends would make loky complain.
    processes._end(processes._idle.pop(2))
    monkeypatch.setattr(sampling, "CHUNK", 37)
    assert drawn() == whole
    assert drawn(seed=8) != whole


def test_the_same_bits_in_another_process() -> None:
    code = "import json; from tests.test_exchange_draws import drawn; print(json.dumps(drawn()))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout.strip() == json.dumps(drawn())


def test_a_schedule_over_draws() -> None:
    """A swap held by a bond of 3 to 7 where 4 is needed: it holds where the bond is above 4."""
    exchange: Data = {
        "obligations": {
            "p": {"by": "a", "what": "p", "worth": {"a": -5, "b": 10}},
            "q": {"by": "b", "what": "q", "worth": {"a": 9, "b": -4}},
        },
        "guarantees": {"b": {"points": {"low": 3, "high": 7, "shape": "uniform"}}},
        "schedules": {
            "x": {"steps": [{"day": 0, "by": "a", "does": {"p": 1}}, {"day": 1, "by": "b", "does": {"q": 1}}]}
        },
    }
    found: Any = run(case_with(exchange, ("a", "b")), sampling=Sampling(2000)).schedules["x"].draws
    bonds = 3 + 4 * stream(0, "exchange guarantee b", 0, 2000)
    assert found.enforces_itself == shares.Share.of(int((bonds > 4).sum()), 2000)
    assert found.carried_out == found.nobody_keeps_back == found.enforces_itself
    assert [step.holds.share for step in found.steps] == [1, found.enforces_itself.share]
    # By its share of the stake, 4 of 4 at the first step, and of 6 at the second.
    assert found.steps[1].weakest.share == 1
    assert 0 < found.completion.low < found.completion.mean < found.completion.high < 1


def test_delay_that_pays_is_told_from_keeping_back() -> None:
    """Nobody gains by keeping back; half the time the second would rather be late."""
    exchange = swap(
        guarantees={"b": {"points": 6}},
        grace=2,
        stalling={"b": {"low": -1, "high": 1, "shape": "uniform"}},
    )
    result = run(case_with(exchange, ("a", "b")), sampling=Sampling(400))
    found: Any = result.schedules["swap"].draws
    pays = -1 + 2 * stream(0, "exchange stalling b", 0, 400) > 0
    assert found.nobody_keeps_back.share == 1
    assert found.enforces_itself == shares.Share.of(int((~pays).sum()), 400)
    [verdict] = over_draws.section(case_with(exchange, ("a", "b")), result).lead
    assert "; nobody gains by keeping back, delay aside, in all 400 draws" in verdict.text


def test_a_knife_edge_holds_in_no_draw() -> None:
    """The bond is exactly what is needed, whatever completion is worth to the other."""
    exchange: Data = {
        "obligations": {
            "p": {"by": "a", "what": "p", "worth": {"a": -5, "b": 10}},
            "q": {"by": "b", "what": "q", "worth": {"a": 9, "b": -4}},
        },
        "guarantees": {"b": {"points": 4}},
        "closing": {"a": [0, 1, 2]},
        "schedules": {
            "x": {"steps": [{"day": 0, "by": "a", "does": {"p": 1}}, {"day": 1, "by": "b", "does": {"q": 1}}]}
        },
    }
    found: Any = run(case_with(exchange, ("a", "b")), sampling=Sampling(50)).schedules["x"].draws
    assert found.enforces_itself.share == 0
    assert found.carried_out.share == 1
    assert [step.holds.share for step in found.steps] == [1, 0]


def test_only_sides_that_take_part_are_judged() -> None:
    exchange, sides = random_exchange(2)
    case = case_with(exchange, (*sides, "bystander"))
    assert case.exchange is not None
    assert "bystander" not in parties(case, case.exchange)
