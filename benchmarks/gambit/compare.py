"""winset beside Gambit on small exchanges: what each side has and does at every step, if everybody does what
is best, and how likely they are completed if sides err.

The exchanges are random, of up to four sides and six steps, with incidents, discounts, false alarms, days of
grace, what goes unseen, and steps that several take at once. From each step on the exchange is handed over
as the whole tree of what can happen, written out by the tests' own twin, not by what is compared. Gambit
lists the equilibria of the tree and of all its subgames; those that are subgame perfect are held against
backward induction: points of each side, who delivers when, and, where one side acts, by how much delivering
on time is better than each other way. Ten more, in which nobody waits, nothing is discounted and one side
acts at a step, are compared in their chance of completion too: with these winset's way of erring is the agent
quantal response equilibrium, which Gambit traces by itself. `make bench-gambit` sets up an environment of its
own for Gambit and names its Python. Exits with 1 where answers differ.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

from tests.exchanges import case_with, random_exchange
from tests.twins import exchange as twins
from tests.twins.agreement import Data
from winset.analyses.exchange.completion import completion
from winset.analyses.exchange.evaluate import Evaluation, evaluate
from winset.analyses.exchange.steps import outline
from winset.analyses.exchange.terms import Source

GAMES = 10
STEPS = 6
DECISIONS = 10  # Gambit goes through every combination of choices
SAME = 1e-6  # points; they are handed over with nine digits after the point
ON_TIME, NEVER = "on time", "never"
NOTES = f"""\
equilibria  in pure strategies, of the tree from the first step on
perfect     those of them that are equilibria in every subgame
apart       the largest difference from a perfect one over all steps, in points, of what a side has or of what
            delivering on time is worth more to it than another way; up to {SAME:g} counts as the same
completed   the chance that it is completed when sides err, and how far winset and Gambit are apart on it
Where several are perfect, in steps that several take at once, winset takes the one in which fewest keep back,
and has to be among them. Where none is, because a step that several take has none in pure strategies, winset
says that nobody delivers there, which is a convention: only the steps after it are compared.
"""


class Game(NamedTuple):
    """An exchange, as judged by winset and as trees from each step on."""

    seed: int
    sides: tuple[str, ...]
    judged: Evaluation
    trees: list[twins.Node]
    noise: float | None
    completed: float


def games(*, plain_steps: bool) -> Iterator[Game]:
    """Random exchanges that are small enough. With plain steps one side acts at each, nobody waits and
    nothing is discounted; else one in two has a step that several take at once."""
    joint, made = 0, 0
    for seed in count():
        exchange, sides = random_exchange(seed, steps=STEPS, branches=4)
        if plain_steps:
            exchange |= {"grace": 0, "discount": {}}
        twin = twins.Twin(exchange, sides, "plan")
        several = any(len(step["by"]) > 1 for step in twin.steps)
        wanted = not several if plain_steps else several or 2 * joint > made
        if not wanted or len(twin.steps) < 3 or _waits_together(exchange):
            continue
        trees = [twin.tree(k, committed=False) for k in range(len(twin.steps))]
        if _decisions(trees[0]) > DECISIONS:
            continue
        yield _game(seed, exchange, sides, trees, exchange["noise"] if plain_steps else None)
        joint, made = joint + several, made + 1
        if made == GAMES:
            return


def _game(
    seed: int, exchange: Data, sides: tuple[str, ...], trees: list[twins.Node], noise: float | None
) -> Game:
    source = Source.of(case_with(exchange, sides), {})
    terms = source.terms()
    judged = evaluate(terms, outline(terms, source.exchange.schedules["plan"]))
    ends = completion(judged.game, terms.noise)
    return Game(seed, sides, judged, trees, noise, float(ends.complete[0]))


def _waits_together(exchange: Data) -> bool:
    """Whether somebody may be late in a step that several take: winset makes no game of who waits longest."""
    steps = exchange["schedules"]["plan"]["steps"]
    late = exchange["stalling"] if exchange["grace"] else {}
    return any(len(step["by"]) > 1 and any(side in late for side in step["by"]) for step in steps)


def _decisions(node: twins.Node) -> int:
    match node:
        case twins.End():
            return 0
        case twins.Chance(branches):
            return sum(_decisions(then) for _, then in branches)
        case twins.Alone():
            return 1 + sum(_decisions(then) for then in (*node.times, node.keeps))
        case twins.Together():
            return len(node.sides) + _decisions(node.times[0][0])


def plain(node: twins.Node) -> dict[str, Any]:
    """A tree as theirs.py reads it."""
    match node:
        case twins.End(pay, how):
            return {"pay": pay, "complete": how == "complete"}
        case twins.Chance(branches):
            happens = [(p, plain(then)) for p, then in branches if p > 0]
            return happens[0][1] if len(happens) == 1 else {"chance": happens}
        case twins.Alone():
            moves = [(_after(days), plain(then)) for days, then in enumerate(node.times)]
            return {"side": node.side, "moves": [*moves, (NEVER, plain(node.keeps))]}
        case twins.Together():
            ways = {(): node.times[0][0], **node.keeps}
            return {
                "sides": node.sides,
                "moves": [
                    ([NEVER if side in who else ON_TIME for side in node.sides], plain(then))
                    for who, then in ways.items()
                ],
            }


def _after(days: int) -> str:
    return f"{days} days late" if days else ON_TIME


def theirs(python: Path, game: Game) -> dict[str, Any]:
    """What Gambit finds in the trees of a game; raises CalledProcessError."""
    trees = [plain(tree) for tree in game.trees]
    asked = json.dumps({"parties": len(game.sides), "trees": trees, "noise": game.noise})
    command = [str(python), str(Path(__file__).with_name("theirs.py"))]
    done = subprocess.run(command, input=asked, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def apart(game: Game, k: int, listed: list[dict[str, Any]]) -> float:
    """How far winset is from the nearest perfect equilibrium from step k on; infinite where moves differ."""
    spe, movers = game.judged.spe, game.judged.movers.tolist()
    actors = [p for step, p in movers if step == k]
    keepers, days = int(spe.keepers[0, k]), int(spe.days[0, k])
    moves = {str(p): NEVER if keepers >> j & 1 else _after(days) for j, p in enumerate(actors)}
    margin = float(spe.slack[0, movers.index([k, actors[0]])])
    found = [float("inf")]
    for each in listed:
        if each["moves"] == moves:
            differs = [abs(a - b) for a, b in zip(each["pay"], spe.values[0, k].tolist(), strict=True)]
            if len(actors) == 1:
                worth = dict(each["worth"][str(actors[0])])
                differs.append(abs(worth.pop(ON_TIME) - max(worth.values()) - margin))
            found.append(max(differs))
    return min(found)


def main() -> int:
    """Print a line for each game, and whether all agree."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("python", type=Path, help="the Python that has Gambit")
    asked = wanted.parse_args()
    print("seed sides steps decisions equilibria perfect    apart  completed    apart")
    worst, version = 0.0, ""
    for game in (*games(plain_steps=False), *games(plain_steps=True)):
        try:
            answer = theirs(asked.python, game)
        except (OSError, subprocess.CalledProcessError) as error:
            print(f"Gambit gave no answer: {error}", file=sys.stderr)
            return 1
        found, version = answer["found"], answer["version"]
        far = max(apart(game, k, each["perfect"]) for k, each in enumerate(found) if each["perfect"])
        line = (
            f"{game.seed:4d} {len(game.sides):5d} {len(found):5d} {_decisions(game.trees[0]):9d} "
            f"{found[0]['equilibria']:10d} {len(found[0]['perfect']):7d} {far:8.1e}"
        )
        if answer["completed"] is not None:
            errs = abs(answer["completed"] - game.completed)
            line += f"  {game.completed:9.6f} {errs:8.1e}"
            far = max(far, errs)
        print(line)
        worst = max(worst, far)
    print(f"\n{NOTES}")
    same = worst <= SAME
    print(f"{2 * GAMES} games, Gambit {version}: " + ("all the same" if same else "NOT the same"))
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
