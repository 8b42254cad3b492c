"""A plan of 20 points with 5 options each: 9.5e13 packages, asked exactly.

For 2 to 10 parties, walk-aways from loose to infeasible, plain and with five forbidden pairs, red lines and a
quota at home: CPU milliseconds by question, median and worst, and how many were not proven within the limit
of the search. `--instances N` sets how many random plans stand behind each line (100), `--plain` leaves out
the tied ones.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

from winset.analyses.agreement.concepts import CONCEPTS
from winset.analyses.agreement.front import front
from winset.analyses.agreement.seek import pose_by_search
from winset.case.model import Case
from winset.space.build import Space, build_space

ISSUES, OPTIONS = 20, 5
PARTIES = (2, 3, 4, 6, 8, 10)
# Walk-aways as shares of the way from 0 to 100 points; what is out of reach depends on the number of parties.
WALK_AWAYS = (40, 55, 65, 70, 75)
ASKED = ("nash", "kalai_smorodinsky", "egalitarian", "utilitarian")


def plan(parties: int, walk_away: float, seed: int, *, tied: bool) -> Case:
    """A random plan; `tied` adds five forbidden pairs, red lines, and a home that votes."""
    random = np.random.default_rng([seed, parties, int(tied)])
    issues = {
        f"i{i}": {"title": f"Point {i}", "options": {f"o{o}": f"Option {o}" for o in range(OPTIONS)}}
        for i in range(ISSUES)
    }
    homes = {f"p{p}": [f"p{p}.f{f}" for f in range(3)] if tied else [f"p{p}"] for p in range(parties)}
    data: dict[str, Any] = {
        "winset": 1,
        "title": "A plan",
        "issues": issues,
        "parties": {side: _party(side, refs) for side, refs in homes.items()},
        "preferences": {
            ref: _wants(random, walk_away - (10 if place else 0), red=tied)
            for refs in homes.values()
            for place, ref in enumerate(refs)
        },
    }
    if tied:
        pairs = random.permutation(ISSUES)[:10].reshape(5, 2)
        data["constraints"] = [
            {"id": f"c{n}", "forbid": f"i{a} == o{random.integers(5)} and i{b} == o{random.integers(5)}"}
            for n, (a, b) in enumerate(pairs)
        ]
    return Case.model_validate(data)


def _party(side: str, refs: list[str]) -> dict[str, Any]:
    if len(refs) == 1:
        return {"name": side}
    factions = {ref.partition(".")[2]: {"name": ref} for ref in refs}
    return {
        "name": side,
        "factions": factions,
        "speaks_for": "f0",
        "ratification": {"quota": {"more_than": "1/2"}},
    }


def _wants(random: np.random.Generator, walk_away: float, *, red: bool) -> dict[str, Any]:
    weights = random.dirichlet(np.ones(ISSUES))
    scores = random.uniform(0, 100, (ISSUES, OPTIONS)).round()
    scores[np.arange(ISSUES), random.integers(OPTIONS, size=ISSUES)] = 100
    lines = {f"i{i}.o{random.integers(OPTIONS)}": 1 for i in random.permutation(ISSUES)[:2]} if red else {}
    return {
        "walk_away": walk_away,
        "weights": {f"i{i}": float(weight) for i, weight in enumerate(weights)},
        "scores": {
            f"i{i}": {f"o{o}": float(score) for o, score in enumerate(row)} for i, row in enumerate(scores)
        },
        "red_lines": lines,
    }


def questions(space: Space) -> Iterator[tuple[str, float, bool]]:
    """Each question with its CPU milliseconds and whether its answer is proven."""
    sought, spent = _timed(partial(pose_by_search, space))
    yield "existence", spent, sought.exists is not None
    for concept in CONCEPTS:
        if concept.id in ASKED:
            choice, spent = _timed(partial(concept.seek, sought))
            proof = None if choice is None else choice.sought
            unsettled = sought.exists is None or (choice is None and bool(sought.exists))
            yield concept.id, spent, not unsettled and (proof is None or proof.proven)
    if len(sought.parties) == 2:
        found, spent = _timed(partial(front, sought))
        yield "frontier", spent, found.total is not None


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    begun = time.process_time()
    return work(), 1_000 * (time.process_time() - begun)


def main() -> int:
    """Print a line for every question, number of parties and walk-away."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--instances", type=int, default=100)
    wanted.add_argument("--plain", action="store_true")
    given = wanted.parse_args()
    instances = given.instances
    for _ in questions(build_space(plan(2, 50, 0, tied=False))):
        pass  # compiles, or loads what was compiled
    print(f"CPU ms over {instances} random plans of {OPTIONS**ISSUES:,} packages before constraints")
    heads = f"{'parties':>7} {'walk-away':>9} {'zone in':>8}  {'question':<18} {'median':>8} {'worst':>9}"
    print(f"{'':8} {heads} unproven")
    for tied in (False,) if given.plain else (False, True):
        for parties in PARTIES:
            for walk_away in WALK_AWAYS:
                _line("tied" if tied else "plain", parties, walk_away, instances, tied=tied)
    return 0


def _line(kind: str, parties: int, walk_away: float, instances: int, *, tied: bool) -> None:
    spent: dict[str, list[float]] = {}
    unproven: dict[str, int] = {}
    zones = 0
    for seed in range(instances):
        space = build_space(plan(parties, walk_away, seed, tied=tied))
        zones += pose_by_search(space).exists is True
        for name, cost, proven in questions(space):
            spent.setdefault(name, []).append(cost)
            unproven[name] = unproven.get(name, 0) + (not proven)
    for name, costs in spent.items():
        figures = f"{statistics.median(costs):8.2f} {max(costs):9.2f} {unproven[name]:8d}"
        print(f"{kind:8} {parties:7d} {walk_away:9g} {zones:8d}  {name:<18} {figures}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
