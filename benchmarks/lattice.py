"""The design of an exchange: sweeps over lattices of delivery, and sizes of many tranches by the programme.

Prints CPU milliseconds once all is compiled, best of some runs, and the most memory ever in use. `--runs N`
sets how many runs (3).
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from winset.analyses.exchange.deliveries import Turn
from winset.analyses.exchange.grids import grid
from winset.analyses.exchange.lattice_path import fewest, widest
from winset.analyses.exchange.programme import least_guarantee, widest_sizes
from winset.analyses.exchange.stakes import Stakes

# About 3 and about 10 million states, from two obligations of many lots to one lot each of many.
LATTICES = (
    (1730, 1730), (143, 143, 143), (11,) * 6, (9,) * 6 + (2,), (3161, 3160), (214, 214, 214), (9,) * 7,
    (3,) * 11 + (1,), (1,) * 23,
)  # fmt: skip
ROUNDS = (5, 20, 50, 100)


def exchange(lots: Sequence[int], bond: float = 1.0) -> Stakes:
    """Two sides that owe each other in turn; everything is worth about twice its cost."""
    random = np.random.default_rng(len(lots))
    giver = np.arange(len(lots)) % 2
    costs = random.uniform(1, 10, len(lots))
    costs *= 10 / np.bincount(giver, costs)[giver]  # both sides give as much
    worth = []
    for o, count in enumerate(lots):
        points = np.where(np.arange(2) == giver[o], -costs[o], costs[o] * random.uniform(1.6, 2.4))
        worth.append(points[:, None] * np.linspace(0, 1, count + 1))
    none = np.zeros(len(lots))
    return Stakes(
        parties=("A", "B"), obligations=tuple(f"o{o}" for o in range(len(lots))), lots=np.array(lots),
        giver=giver, worth=tuple(worth), reversible=none, base=np.zeros(2), moves=np.zeros((2, len(lots))),
        closing=np.zeros(2), guarantee=np.full(2, bond), detection=none + 1.0,
        delivered=np.zeros(len(lots), np.int64), discount=np.zeros(2), stalling=np.zeros(2),
        stalls=np.zeros(2, bool),
    )  # fmt: skip


def best_of(runs: int, work: Callable[[], Any]) -> tuple[float, Any]:
    """The shortest of some runs in milliseconds, and what came out."""
    spent = []
    for _ in range(runs):
        begun = time.process_time()
        found = work()
        spent.append(1_000 * (time.process_time() - begun))
    return min(spent), found


def main() -> int:
    """Print a line for every lattice and every number of rounds."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--runs", type=int, default=3)
    runs = wanted.parse_args().runs
    widest(exchange((2, 2)))  # compiles, or loads what was compiled
    heads = f"{'states':>12} {'obligations':>11}  {'single lots':>11} {'tranches':>9} {'fewest':>7}"
    print(f"{heads}  ms; fewest tranches with a margin of 5%")
    for lots in LATTICES:
        _lattice(lots, runs)
    print(f"\n{'rounds':>6}  {'least bond':>10} {'closed form':>11}  {'ms':>6}  {'widest, ms':>10}")
    for rounds in ROUNDS:
        _programme(rounds, runs)
    print(f"\nmost memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB")
    return 0


def _lattice(lots: Sequence[int], runs: int) -> None:
    stakes = exchange(lots)
    single, _ = best_of(runs, lambda: widest(stakes, bundled=False))
    wide, _ = best_of(runs, lambda: widest(stakes))
    few, found = best_of(runs, lambda: fewest(stakes, 0.05))
    many = len(found.tranches) if found else "none"
    line = f"{grid(stakes).states:12,} {len(lots):11d}  {single:11.0f} {wide:9.0f} {few:7.0f}  {many}"
    print(line, flush=True)


def _programme(rounds: int, runs: int) -> None:
    """The smallest bond of two sides that take turns, with a cost of 1 and a worth of 2 each (O3)."""
    worth = tuple(np.array([[0.0, a], [0.0, b]]) for a, b in ((-1.0, 2.0), (2.0, -1.0)))
    stakes = replace(exchange((1, 1)), worth=worth, guarantee=np.array([0.1, 0.0]))
    turns = [Turn(k, (k + 1) % 2, ((k + 1) % 2,)) for k in range(2 * rounds)]
    most = np.array([np.inf, 0.0])
    spent, found = best_of(runs, lambda: least_guarantee(stakes, turns, 0.0, most=most))
    wide, _ = best_of(runs, lambda: widest_sizes(stakes, turns))
    closed = 3.0 / (4.0**rounds - 1)
    print(f"{rounds:6d}  {found.guarantee[0]:10.2e} {closed:11.2e}  {spent:6.1f}  {wide:10.1f}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
