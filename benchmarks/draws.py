"""Draws: how fast they are, beside going through all packages and on two processes.

Wall seconds for N draws of the flagship (10,000): a zone and the Nash package in each, in this process and
with a warm pool of two; the same by enumeration on a few of these draws; a plan of 9.5e13 packages with ten
parties in doubt. Everything is compiled, and pools are warm, before a clock starts; the best of five counts.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.plan import plan
from winset.analyses.agreement.draws import Asked, search
from winset.analyses.ground import Ground
from winset.analyses.sampling import Sampling
from winset.case.amend import data_of
from winset.case.model import Case
from winset.compute import Where
from winset.formats import load_case
from winset.space.build import Space, merged
from winset.space.draws import Sample
from winset.space.formula import formula_of, holds
from winset.space.numbers import quantise

TIMES = 5
BY_HAND = 20  # draws by enumeration


def main() -> int:
    """Print wall seconds and ratios."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--draws", type=int, default=10_000)
    draws = wanted.parse_args().draws
    ground = Ground(load_case("gaza-2025-10"), False, 0, 0.5)
    one = _best(lambda: _drawn(ground, draws, 1), TIMES)
    two = _best(lambda: _drawn(ground, draws, 2), TIMES)
    spent = f"one process {one:.2f}, two {two:.2f}: {one / two:.2f} times"
    print(f"flagship, {draws:,} draws, wall seconds: {spent}")
    each = _best(lambda: enumerated(ground.space, ground.sample(0, BY_HAND)), 2) / BY_HAND
    ratio = each * draws / one
    print(
        f"by enumeration {1000 * each:.0f} ms a draw, {each * draws:.0f} s for all: {ratio:.0f} times as long"
    )
    wide = Ground(doubtful(plan(10, 55, 0, tied=False)), False, 0, 0.5)
    large = _best(lambda: _drawn(wide, 1_000, 1), 2)
    print(f"{wide.space.size:,} packages, 10 parties, 1,000 draws: {large:.2f} s in one process")
    return 0


def _drawn(ground: Ground, draws: int, jobs: int) -> Any:
    return Sampling(draws, where=Where(jobs)).run(search, Asked(ground))


def _best(work: Callable[[], Any], times: int) -> float:
    work()
    spent = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        spent.append(time.perf_counter() - begun)
    return min(spent)


def doubtful(case: Case) -> Case:
    """The case with walk-aways and scores in doubt by ten points either way."""
    data = data_of(case)
    for wants in data["preferences"].values():
        wants["walk_away"] = [wants["walk_away"] - 10, wants["walk_away"], wants["walk_away"] + 10]
        for scores in wants["scores"].values():
            for option, score in scores.items():
                scores[option] = [max(score - 10, 0), score, min(score + 10, 100)]
    return Case.model_validate(data)


def enumerated(space: Space, sample: Sample) -> list[float]:
    """The largest product of gains in each draw by going through all packages: nan where there is no zone."""
    larger = merged(space)
    formula = formula_of(space)
    signers = [space.faction(ref) for ref in ("israel.pm", "hamas.bureau")]
    worths, crosses = sample.utilities(larger), sample.crosses(larger)
    best = []
    for draw in range(len(sample)):
        worth, crossed = worths[0][draw], crosses[0][draw]
        for block, lines in zip(worths[1:], crosses[1:], strict=True):
            worth = (worth[:, :, None] + block[draw][:, None, :]).reshape(len(worth), -1)
            crossed = (crossed[:, :, None] | lines[draw][:, None, :]).reshape(len(worth), -1)
        walk_away = sample.walk_away[draw][:, None]
        accepts = (quantise(worth) >= quantise(walk_away)) & ~crossed
        yes = {ref: accepts[space.faction(ref)].astype(np.int64) for ref in formula.members}
        zone = np.asarray(holds(formula.root, yes), bool)
        gains = np.maximum((worth - walk_away)[signers][:, zone], 0).prod(axis=0)
        best.append(float(gains.max()) if len(gains) else float("nan"))
    return best


if __name__ == "__main__":
    sys.exit(main())
