"""Homes: what it costs to ask them exactly, over draws, and to count who has power in a vote.

CPU milliseconds for the chance that 100 voters who share a doubt carry a vote, beside as many simulations as
find it to a thousandth; CPU seconds for the flagship's homes at the mode and over N draws (5,000), and for
the power indices of 100 players, and of 30 with those of minimal winning coalitions. The best of 3 counts.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from winset.analyses import analyse
from winset.analyses.power.counting import power_indices
from winset.analyses.power.vote import read_vote
from winset.analyses.ratification.asked import Asked
from winset.analyses.ratification.ballot import SAYS_YES
from winset.analyses.ratification.doubt import doubt
from winset.analyses.ratification.home import homes
from winset.case.model import Case
from winset.formats import load_case
from winset.space.build import build_space

TIMES = 3
VOTERS = 100
RHO = 0.5
SIMULATIONS = 250_000  # an error of a thousandth at a chance of a half


def main() -> int:
    """Print CPU seconds and ratios."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--draws", type=int, default=5_000)
    draws = wanted.parse_args().draws
    for heaviest in (1, 10, 40):
        _voters(heaviest)
    case = load_case("gaza-2025-10")
    plain = _best(lambda: analyse(case, "ratification"))
    drawn = _best(lambda: analyse(case, "ratification", draws=draws))
    print(
        f"flagship, homes at the mode {plain:.2f} CPU s, with {draws:,} draws {drawn:.2f}: "
        f"{1_000 * (drawn - plain) / draws:.2f} ms a draw"
    )
    for players in (100, 30):
        for heaviest in (40, 1_000):
            _power(players, heaviest)
    return 0


def _voters(heaviest: int) -> None:
    """The vote of a hundred, their weights from 1 to the heaviest."""
    asked, weights, bar = _hundred(heaviest)
    exact = _best(lambda: asked.chances([asked.home.rule]))
    found = float(asked.chances([asked.home.rule])[0, 0])
    simulated = _best(lambda: _simulate(asked, weights, bar))
    near = _simulate(asked, weights, bar)
    print(
        f"{VOTERS} voters of weight 1 to {heaviest}: {1_000 * exact:.1f} CPU ms ({found:.6f}), "
        f"{SIMULATIONS:,} simulations {1_000 * simulated:.0f} ms ({near:.4f}): {simulated / exact:.0f} times "
        "as long"
    )


def _hundred(heaviest: int) -> tuple[Asked, NDArray[np.float64], float]:
    """A home of a leader and a hundred who vote by simple majority, each in doubt."""
    random = np.random.default_rng(heaviest)
    weights = random.integers(1, heaviest + 1, VOTERS)
    names = [f"v{k}" for k in range(VOTERS)]
    wants = {"weights": {"i": 1}, "scores": {"i": {"deal": 50, "less": 0}}}
    walk_aways = dict(zip(names, random.integers(40, 60, VOTERS).tolist(), strict=True))
    data: dict[str, Any] = {
        "winset": 1,
        "title": "A hundred",
        "issues": {"i": {"title": "i", "options": {"deal": "Deal", "less": "Less"}}},
        "parties": {
            "home": {
                "name": "Home",
                "factions": {name: {"name": name} for name in ("leader", *names)},
                "speaks_for": "leader",
                "ratification": {
                    "quota": {"more_than": "1/2", "weights": dict(zip(names, weights.tolist(), strict=True))}
                },
            }
        },
        "preferences": {
            "home.leader": {**wants, "walk_away": 0},
            **{f"home.{name}": {**wants, "walk_away": w, "noise": 10} for name, w in walk_aways.items()},
        },
    }
    space = build_space(Case.model_validate(data))
    [home] = homes(space)
    asked = Asked(home, doubt(space, home, np.zeros((1, 1), np.int16), RHO))
    return asked, weights.astype(float), float(weights.sum()) / 2


def _simulate(asked: Asked, weights: NDArray[np.float64], bar: float) -> float:
    """The same chance by drawing the shock and every voter's answer."""
    random = np.random.default_rng(0)
    passed = 0
    for _ in range(SIMULATIONS // 5_000):
        yes = asked.known.reached(random.standard_normal(5_000))[1:, SAYS_YES]
        passed += int((weights @ (random.random(yes.shape) < yes) > bar).sum())
    return passed / SIMULATIONS


def _power(players: int, heaviest: int) -> None:
    """All indices that are counted of so many players."""
    random = np.random.default_rng(players)
    weights = random.integers(1, heaviest + 1, players).tolist()
    vote = read_vote(str(sum(weights) // 2), [str(weight) for weight in weights], strictly=True)
    spent = _best(lambda: power_indices(vote))
    which = "with Holler-Packel and Deegan-Packel" if players <= 30 else "Banzhaf, Shapley-Shubik, Coleman"
    print(f"power of {players} players, weights 1 to {heaviest:,}: {spent:.2f} CPU s ({which})")


def _best(work: Callable[[], Any]) -> float:
    """CPU seconds, the best of three, once everything is compiled and loaded."""
    work()
    spent = []
    for _ in range(TIMES):
        begun = time.process_time()
        work()
        spent.append(time.process_time() - begun)
    return min(spent)


if __name__ == "__main__":
    sys.exit(main())
