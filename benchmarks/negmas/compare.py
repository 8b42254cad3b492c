"""winset beside NegMAS on the same random scenarios: CPU seconds, wall seconds, and whether answers agree.

Two and four parties with weights and scores, no constraints and nobody at home, 1,000 to 1,000,000 packages,
walk-aways that leave a zone. Counted is the frontier of the zone with four packages (Nash,
Kalai-Smorodinsky, egalitarian, utilitarian), from the moment that the case, or the utility functions, are
there. `make bench-negmas` sets up an environment of its own for NegMAS and names its Python; `--largest N`
leaves out what has more packages, `--limit S` ends NegMAS after S CPU seconds. Exits with 1 where answers
differ that should not; a figure never fails the run.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

import winset
from winset.analyses.agreement.answers import AgreementResult
from winset.analyses.agreement.concepts import CONCEPTS
from winset.analyses.agreement.front import front
from winset.analyses.agreement.pose import pose
from winset.analyses.agreement.run import run
from winset.analyses.agreement.seek import pose_by_search
from winset.case.model import Case
from winset.space.build import build_space
from winset.space.numbers import Floats

PARTIES = (2, 4)
ISSUES = (3, 4, 5, 6)
OPTIONS = 10
SLACK = 10  # points that a package drawn at random leaves everybody above the walk-away: so there is a zone
RUNS = 3
TOO_LONG = 75  # how theirs.py ends past its limit
SAME = 1e-6  # points; relative for objectives
ASKED = ("nash", "kalai_smorodinsky", "egalitarian", "utilitarian")
WAYS = ("enumerated", "searched", "only asked", "functions", "points")
NOTES = f"""\
winset, best of {RUNS} warm runs, from a Case that is loaded; the space is built anew each time:
  enumerated  the whole analysis, every package looked at: all solution concepts, among them compromise and
              best supported, who says yes to each, the frontier with its packages by name
  searched    the same analysis by search
  only asked  the search asked for the four packages and the frontier alone
NegMAS, best of up to {RUNS} warm runs, from utility functions that are there:
  functions   pareto_frontier from the utility functions, as its documentation advises, then nash_points,
              ks_points, kalai_points and max_welfare_points on that frontier
  points      its best case: the utilities of all packages are given to it as an array, which is not counted;
              packages below a walk-away are left out, then pareto_frontier_numpy and the same four
What differs:
  NegMAS calls the egalitarian package Kalai's; its welfare counts utilities, as winset's utilitarian does.
  Kalai-Smorodinsky: winset takes the largest least share of the most each could gain in the zone. NegMAS,
  as its answers show, takes the point of the frontier where shares of the most each could gain in the whole
  space, acceptable or not, lie nearest together: "its own" where that is another point, which is checked.
  On ties of the least gain winset goes on to the next least; NegMAS stops ("tied").
  Where a walk-away lies below a party's worst package, NegMAS, as its answers show, counts that party's gain
  from the worst package on, winset from the walk-away; here none does.
  NegMAS has neither homes nor red lines nor constraints, so nothing here has any.
"""


class Cost(NamedTuple):
    cpu: float
    wall: float


class Answers(NamedTuple):
    """Points of utility, shape (points, parties): the frontier, and those of each solution."""

    frontier: Floats
    solutions: dict[str, Floats]


class Theirs(NamedTuple):
    """What NegMAS found at what cost; without answers where it reached the limit."""

    version: str
    cost: Cost | None
    answers: Answers | None


def scenario(parties: int, issues: int, seed: int) -> dict[str, Any]:
    """Weights, scores and walk-aways at random; one package at least is acceptable to all."""
    random = np.random.default_rng([seed, parties, issues])
    weights = random.dirichlet(np.ones(issues), parties)
    scores = random.uniform(0, 100, (parties, issues, OPTIONS)).round()
    scores -= scores.min(axis=2, keepdims=True)  # the worst package is worth 0, no walk-away lies below it
    acceptable = scores[:, np.arange(issues), random.integers(OPTIONS, size=issues)]
    walk_away = np.floor((weights * acceptable).sum(axis=1) - SLACK).clip(0)
    return {"weights": weights.tolist(), "scores": scores.tolist(), "walk_away": walk_away.tolist()}


def case_of(given: dict[str, Any]) -> Case:
    """The scenario as a case."""
    parties = [f"p{p}" for p in range(len(given["walk_away"]))]
    options = {f"o{o}": f"Option {o}" for o in range(OPTIONS)}
    wants = zip(given["walk_away"], given["weights"], given["scores"], strict=True)
    return Case.model_validate(
        {
            "winset": 1,
            "title": "A comparison",
            "issues": {
                f"i{i}": {"title": f"Point {i}", "options": options} for i in range(len(given["scores"][0]))
            },
            "parties": {party: {"name": party} for party in parties},
            "preferences": {
                party: {
                    "walk_away": walk_away,
                    "weights": {f"i{i}": weight for i, weight in enumerate(weights)},
                    "scores": {
                        f"i{i}": {f"o{o}": score for o, score in enumerate(row)}
                        for i, row in enumerate(scores)
                    },
                }
                for party, (walk_away, weights, scores) in zip(parties, wants, strict=True)
            },
        }
    )


def only_asked(case: Case) -> int | None:
    """The four packages and the frontier by search, nothing else; the number of points of the frontier."""
    sought = pose_by_search(build_space(case))
    for concept in CONCEPTS:
        if concept.id in ASKED:
            concept.seek(sought)
    return front(sought).total


def timed(work: Callable[[], Any]) -> tuple[Any, Cost]:
    """What the work gives, and its best cost."""
    costs = []
    for _ in range(RUNS):
        cpu, wall = time.process_time(), time.perf_counter()
        found = work()
        costs.append(Cost(time.process_time() - cpu, time.perf_counter() - wall))
    return found, min(costs)


def answers_of(result: AgreementResult, frontier: Floats) -> Answers:
    """What an analysis answers, beside the whole frontier: the result shows 1,000 points of it."""
    solutions = {
        name: np.array([list(vector.utilities.values()) for vector in result.solutions[name].vectors])
        for name in ASKED
    }
    return Answers(frontier, solutions)


def theirs(python: Path, given: dict[str, Any], way: str, limit: float) -> Theirs:
    """What NegMAS does with the scenario; CalledProcessError where it fails."""
    asked = json.dumps({**given, "way": way, "limit": limit, "runs": RUNS})
    command = [str(python), "-W", "ignore", str(Path(__file__).with_name("theirs.py"))]
    done = subprocess.run(command, input=asked, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode == TOO_LONG:
        return Theirs("", None, None)
    done.check_returncode()
    found = json.loads(done.stdout)
    solutions = {name: np.array(points) for name, points in found["solutions"].items()}
    answers = Answers(np.array(found["frontier"]), solutions)
    return Theirs(found["version"], Cost(found["cpu"], found["wall"]), answers)


def best_gains(given: dict[str, Any]) -> Floats:
    """The most each party could gain in the whole space, acceptable to the others or not."""
    best = (np.array(given["weights"]) * np.array(given["scores"]).max(axis=2)).sum(axis=1)
    return np.asarray(best - np.array(given["walk_away"]), float)


def objective(name: str, point: Floats, walk_away: Floats, hopes: Floats) -> float:
    """What winset's concept maximises, worked out anew."""
    gains = point - walk_away
    if name == "nash":
        return float(gains.prod())
    if name == "kalai_smorodinsky":
        return float((gains / hopes).min())
    return float(gains.min() if name == "egalitarian" else point.sum())


def own_definition(point: Floats, frontier: Floats, given: dict[str, Any]) -> bool:
    """Whether the shares of the best gains of the whole space lie nearest together here on the frontier."""
    walk_away, best = np.array(given["walk_away"]), best_gains(given)
    spread = np.ptp((frontier - walk_away) / best, axis=1).min()
    return bool(np.ptp((point - walk_away) / best) <= spread + SAME)


def close(one: Floats, other: Floats) -> bool:
    """Whether two sets of points are the same up to the order; points that close count once."""
    one, other = (np.unique(points.round(7), axis=0) for points in (one, other))
    return one.shape == other.shape and bool(np.allclose(one, other, rtol=0, atol=SAME))


def verdicts(given: dict[str, Any], ours: Answers, other: Answers) -> dict[str, str]:
    """By answer: same, tied (as good, another point), its own (by its own definition), or DIFFERS."""
    found = {"frontier": "same" if close(ours.frontier, other.frontier) else "DIFFERS"}
    walk_away = np.array(given["walk_away"])
    hopes = ours.frontier.max(axis=0) - walk_away
    for name in ASKED:
        mine, point = ours.solutions[name], other.solutions[name][0]
        best, reached = (objective(name, at, walk_away, hopes) for at in (mine[0], point))
        if (np.abs(mine - point).max(axis=1) <= SAME).any():
            found[name] = "same"
        elif abs(best - reached) <= SAME * max(1.0, abs(best)):
            found[name] = "tied"
        elif name == "kalai_smorodinsky" and own_definition(point, ours.frontier, given):
            found[name] = f"its own ({reached:.2f} for {best:.2f})"
        else:
            found[name] = f"DIFFERS ({reached:.9g} for {best:.9g})"
    return found


class Row(NamedTuple):
    """One scenario: its figures, what each way costs (None past the limit), and what agrees."""

    heads: str
    costs: tuple[Cost | None, ...]
    agrees: dict[str, str]


def compared(parties: int, issues: int, given: dict[str, Any], asked: argparse.Namespace) -> Row:
    """All ways on one scenario."""
    case = case_of(given)
    result, enumerated = timed(partial(run, case))
    by_search, searched = timed(partial(run, case, method="search"))
    total, alone = timed(partial(only_asked, case))
    posed = pose(build_space(case))
    ours = answers_of(result, posed.utilities[posed.front])
    others = [theirs(asked.python, given, way, asked.limit) for way in ("functions", "points")]
    agrees = {"search": _own_agreement(given, ours, by_search, total)}
    for way, other in zip(("functions", "points"), others, strict=True):
        if other.answers is None:
            agrees[f"{way}: frontier"] = "not finished"
            continue
        for name, verdict in verdicts(given, ours, other.answers).items():
            agrees[f"{way}: {name}"] = verdict
    heads = f"{parties:7d} {OPTIONS**issues:9,d} {result.zone.packages:8,d} {result.frontier.total:8,d}"
    costs = (enumerated, searched, alone, *(other.cost for other in others))
    return Row(heads, costs, agrees)


def _own_agreement(given: dict[str, Any], ours: Answers, found: AgreementResult, total: int | None) -> str:
    """Whether winset's search and its enumeration say the same; a frontier left open is said to be."""
    searched = verdicts(given, ours, answers_of(found, ours.frontier))
    if any(verdict != "same" for verdict in searched.values()):
        return "DIFFERS"
    if found.frontier.total is None or total is None:
        return "open"
    points = len(np.unique(ours.frontier.round(7), axis=0))
    return "same" if found.frontier.total == total == points else "DIFFERS"


def print_costs(title: str, rows: list[Row], field: int, limit: float, *, ratios: bool) -> None:
    """Seconds by way; with ratios, what NegMAS costs by what winset does."""
    print(title)
    more = f" | {'functions / winset':^32} | {'points /':>10}" if ratios else ""
    print(f"{'':35} | {'winset':^32} | {'NegMAS':^21}{more}".rstrip())
    heads = f"{'parties':>7} {'packages':>9} {'zone':>8} {'frontier':>8}"
    ways = f"{' '.join(f'{way:>10}' for way in WAYS[:3])} | {' '.join(f'{way:>10}' for way in WAYS[3:])}"
    by = f" | {' '.join(f'{way:>10}' for way in WAYS[:3])} | {WAYS[2]:>10}" if ratios else ""
    print(f"{heads} | {ways}{by}")
    for row in rows:
        cells = [f"{cost[field]:10.4f}" if cost else f"{f'over {limit:g}':>10}" for cost in row.costs]
        line = f"{row.heads} | {' '.join(cells[:3])} | {' '.join(cells[3:])}"
        if ratios:
            shares = [_ratio(row.costs[3], row.costs[way], limit) for way in range(3)]
            line += f" | {' '.join(shares)} | {_ratio(row.costs[4], row.costs[2], limit)}"
        print(line)
    print()


def _ratio(other: Cost | None, ours: Cost | None, limit: float) -> str:
    """How many times winset's CPU seconds NegMAS needs; at least so many where it reached the limit."""
    if ours is None:
        return f"{'':>10}"
    share = (other.cpu if other else limit) / ours.cpu
    return f"{'' if other else '> '}{share:.{0 if share >= 10 else 1 if share >= 1 else 2}f}".rjust(10)


def print_agreement(rows: list[Row]) -> int:
    """What agrees, by scenario; how many answers differ that should not."""
    print(
        "Answers of NegMAS beside those of winset; in brackets the least share in its package and in winset's"
    )
    print(f"{'parties':>7} {'packages':>9} {'zone':>8} {'frontier':>8}")
    differing = 0
    for row in rows:
        by_verdict: dict[str, list[str]] = {}
        for name, verdict in row.agrees.items():
            by_verdict.setdefault(verdict, []).append(name)
            differing += verdict.startswith("DIFFERS")
        same = len(by_verdict.pop("same", []))
        rest = "; ".join(f"{verdict}: {', '.join(names)}" for verdict, names in by_verdict.items())
        print(f"{row.heads} | {same} of {len(row.agrees)} the same{'; ' if rest else ''}{rest}")
    print()
    return differing


def main() -> int:
    """Print costs, ratios, agreement, and what stands behind each."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("python", type=Path, help="the Python that has NegMAS")
    wanted.add_argument("--largest", type=int, default=OPTIONS ** max(ISSUES), metavar="N")
    wanted.add_argument("--limit", type=float, default=300.0, metavar="S")
    wanted.add_argument("--seed", type=int, default=0)
    asked = wanted.parse_args()
    small = {**scenario(2, 2, asked.seed), "walk_away": [0.0, 0.0]}
    try:
        version = theirs(asked.python, small, "functions", asked.limit).version
        only_asked(case_of(small))  # compiles, or loads what was compiled
        rows = [
            compared(parties, issues, scenario(parties, issues, asked.seed), asked)
            for parties in PARTIES
            for issues in ISSUES
            if OPTIONS**issues <= asked.largest
        ]
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"NegMAS does not answer: {error}", file=sys.stderr)
        return 1
    versions = f"winset {winset.__version__} beside NegMAS {version}"
    print(f"{versions}: random scenarios of {OPTIONS} options an issue, seed {asked.seed}\n")
    print_costs(
        "CPU seconds; at the right, those of NegMAS divided by those of winset",
        rows,
        0,
        asked.limit,
        ratios=True,
    )
    print_costs("Wall seconds of the same runs", rows, 1, asked.limit, ratios=False)
    differing = print_agreement(rows)
    print(NOTES, end="")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
