"""What NegMAS answers to one scenario and what that costs, as JSON; run by the Python that has NegMAS.

Reads from standard input a scenario (`weights` by party and issue, `scores` by party, issue and option,
`walk_away` by party) with the `way` it is to be asked, the `limit` of CPU seconds a run may take, and of how
many `runs` the best counts. The ways: `functions` hands over utility functions, as NegMAS advises those who
start from them; `points` hands over the utilities of every package, worked out before the clock is started.
Exits with 75 past the limit.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import negmas  # type: ignore[import-not-found]
import numpy as np
from negmas.preferences import ops  # type: ignore[import-not-found]
from numpy.typing import NDArray

# Runs after the first are left out once this much was spent: nothing is gained by doing long ones again.
ENOUGH = 20.0
TOO_LONG = 75
SOLUTIONS = {
    "nash": ops.nash_points,
    "kalai_smorodinsky": ops.ks_points,
    "egalitarian": ops.kalai_points,
    "utilitarian": ops.max_welfare_points,
}
Found = tuple[Any, dict[str, Any]]


def functions_of(scenario: dict[str, Any]) -> tuple[Any, list[Any]]:
    """The outcome space and the utility functions, a table for every issue."""
    issues = [
        negmas.make_issue([f"o{o}" for o in range(len(options))], name=f"i{i}")
        for i, options in enumerate(scenario["scores"][0])
    ]
    space = negmas.make_os(issues)
    parties = zip(scenario["weights"], scenario["scores"], scenario["walk_away"], strict=True)
    return space, [
        negmas.LinearAdditiveUtilityFunction(
            values=[negmas.TableFun({f"o{o}": score for o, score in enumerate(row)}) for row in scores],
            weights=weights,
            outcome_space=space,
            reserved_value=walk_away,
        )
        for weights, scores, walk_away in parties
    ]


def points_of(scenario: dict[str, Any]) -> NDArray[np.float64]:
    """The utilities of every package, shape (packages, parties)."""
    columns = []
    for weights, scores in zip(scenario["weights"], scenario["scores"], strict=True):
        sums = np.zeros(1)
        for weight, row in zip(weights, scores, strict=True):
            sums = np.add.outer(sums, weight * np.array(row)).ravel()
        columns.append(sums)
    return np.column_stack(columns)


def prepare(scenario: dict[str, Any]) -> Callable[[], Found]:
    """All that is not counted; what it gives back is counted."""
    space, functions = functions_of(scenario)

    def solutions(frontier: Any) -> Found:
        return frontier, {
            name: ask(functions, frontier, outcome_space=space) for name, ask in SOLUTIONS.items()
        }

    if scenario["way"] == "functions":
        return lambda: solutions(ops.pareto_frontier(functions, issues=space.issues)[0])
    points = points_of(scenario)
    walk_away = np.array(scenario["walk_away"])

    def from_points() -> Found:
        rational = points[(points >= walk_away).all(axis=1)]
        return solutions([tuple(point) for point in rational[ops.pareto_frontier_numpy(rational)].tolist()])

    return from_points


def end_after(seconds: float, done: threading.Event) -> None:
    """End the process once it has spent so many CPU seconds from here on, unless it is done before.

    A limit set by the system would do the same, but while one stands the clock of CPU seconds runs coarsely.
    """
    begun = time.process_time()
    while not done.wait(1):
        if time.process_time() - begun > seconds:
            os._exit(TOO_LONG)


def measured(work: Callable[[], Found], limit: float) -> tuple[Found, tuple[float, float]]:
    """What the work gives, with its CPU and wall seconds; ends the process past the limit."""
    done = threading.Event()
    threading.Thread(target=end_after, args=(limit, done), daemon=True).start()
    begun = time.process_time(), time.perf_counter()
    found = work()
    cost = time.process_time() - begun[0], time.perf_counter() - begun[1]
    done.set()
    return found, cost


def main() -> int:
    """Print version, CPU and wall seconds of the best run, the frontier, and the points of each solution."""
    scenario = json.load(sys.stdin)
    small = [[row[:2] for row in party] for party in scenario["scores"]]
    prepare({**scenario, "scores": small, "walk_away": [0.0] * len(small)})()  # what is only done once
    work = prepare(scenario)
    costs: list[tuple[float, float]] = []
    while len(costs) < scenario["runs"] and sum(cpu for cpu, _ in costs) < ENOUGH:
        (frontier, solutions), cost = measured(work, scenario["limit"])
        costs.append(cost)
    cpu, wall = min(costs)
    found = {
        "version": negmas.__version__,
        "cpu": cpu,
        "wall": wall,
        "frontier": np.array(frontier, float).tolist(),
        "solutions": {
            name: [np.array(point, float).tolist() for point, _ in points]
            for name, points in solutions.items()
        },
    }
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
