"""The exchange: how fast a phased plan is judged, at the mode and over draws, beside playing out its tree.

A plan of 50 steps between 4 parties, with incidents, discounts, false alarms, three days of grace, and every
tenth step a joint one. CPU milliseconds for both modes at the mode; for 2,000 draws, from drawing to shares
and with completion; for all that is answered about it. Then random small exchanges against their whole trees.
The best of several runs counts.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from random import Random
from typing import Any

from tests.exchanges import NAMES, case_with, random_exchange
from tests.twins import exchange as twins
from tests.twins.agreement import Data
from winset.analyses.exchange import run
from winset.analyses.exchange.draws import over_draws
from winset.analyses.exchange.evaluate import evaluate
from winset.analyses.exchange.steps import outline
from winset.analyses.exchange.terms import Source
from winset.analyses.sampling import Sampling
from winset.case.model import Case

STEPS = 50
DRAWS = 2_000
TREES = 30


def main() -> int:
    """Print milliseconds and ratios."""
    case = wide(STEPS, grace=3)
    source = Source.of(case, {})
    terms, [schedule] = source.terms(), source.exchange.schedules.values()
    one = _best(lambda: evaluate(terms, outline(terms, schedule)), 50)
    print(f"{STEPS} steps, {len(NAMES)} parties, both modes at the mode: {one:.1f} ms")
    many = _best(lambda: over_draws({"plan": source}, Sampling(DRAWS)), 5)
    times = one * DRAWS / many
    print(f"{DRAWS:,} draws of {len(source.numbers)} numbers: {many:.0f} ms, {times:.0f} times one by one")
    every = _best(lambda: run(case), 3)
    print(f"with guarantees, slips and break-even of every number: {every:.0f} ms")
    small = [_small(seed) for seed in range(TREES)]
    trees = _best(lambda: [_play(twin) for twin, _ in small], 1)
    fast = _best(lambda: [evaluate(made.terms(), steps) for _, (made, steps) in small], 3)
    times = trees / fast
    print(f"{TREES} small exchanges: {fast:.0f} ms, by their trees {trees:.0f}: {times:.0f} times as long")
    return 0


def _best(work: Callable[[], Any], times: int) -> float:
    """CPU milliseconds."""
    work()
    spent = []
    for _ in range(times):
        begun = time.process_time()
        work()
        spent.append(time.process_time() - begun)
    return 1000 * min(spent)


def wide(steps: int, *, grace: int) -> Case:
    """A plan of so many steps, every tenth a joint one, with every number in doubt."""
    random = Random(0)

    def doubt(low: float, high: float) -> list[float]:
        return sorted(round(random.uniform(low, high), 4) for _ in range(3))

    givers = [NAMES[k % len(NAMES)] for k in range(steps)]
    owed: Data = {
        f"o{k}": {
            "by": giver,
            "what": "goods",
            "worth": {side: doubt(-4, -1) if side == giver else doubt(0, 6) for side in NAMES},
            "reversible": doubt(0, 0.5),
        }
        for k, giver in enumerate(givers)
    }
    plan: list[Data] = [{"day": 2 * k, "by": giver, "does": {f"o{k}": 1}} for k, giver in enumerate(givers)]
    for k in range(9, steps, 10):
        owed[f"x{k}"] = owed[f"o{k - 1}"]
        plan[k] |= {"by": [givers[k - 1], givers[k]], "does": {f"o{k}": 1, f"x{k}": 1}, "kind": "joint"}
    exchange: Data = {
        "obligations": owed,
        "schedules": {"plan": {"steps": plan}},
        "fallbacks": {side: {"base": doubt(-5, 5)} for side in NAMES},
        "closing": {side: doubt(5, 30) for side in NAMES},
        "guarantees": {side: {"points": doubt(0, 10), "acts": doubt(0.5, 1)} for side in NAMES},
        "monitoring": {"detection": doubt(0.6, 1), "false_alarm": doubt(0, 0.01)},
        "hazard": [{"from": 0, "rate": doubt(0, 0.005)}, {"from": 40, "rate": doubt(0, 0.01)}],
        "discount": {side: doubt(0, 0.002) for side in NAMES},
        "stalling": {side: doubt(0, 0.2) for side in NAMES},
        "grace": grace,
    }
    return case_with(exchange, NAMES)


def _small(seed: int) -> tuple[twins.Twin, tuple[Source, Any]]:
    exchange, sides = random_exchange(seed, branches=24)
    source = Source.of(case_with(exchange, sides), {})
    steps = outline(source.terms(), source.exchange.schedules["plan"])
    return twins.Twin(exchange, source.sides, "plan"), (source, steps)


def _play(twin: twins.Twin) -> list[Any]:
    return [twins.slacks(twin, committed=committed) for committed in (True, False)]


if __name__ == "__main__":
    sys.exit(main())
