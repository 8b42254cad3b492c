"""What is subgame perfect in trees of decisions, by Gambit, as JSON; run by the Python that has Gambit.

Reads from standard input how many `parties` there are, a list of `trees`, and the `noise` of sides that err,
or null. A node is `{"pay": [...], "complete": bool}` at an end, `{"chance": [[p, node], ...]}`,
`{"side": p, "moves": [[name, node], ...]}`, or `{"sides": [p, ...], "moves": [[[name, ...], node], ...]}`
where several decide at once. Gambit lists all equilibria in pure strategies of every subgame; those of a
whole tree whose part in each of its subgames is on that subgame's list are subgame perfect, by definition
(Selten 1965). With noise, how likely the first tree ends complete in the agent quantal response equilibrium
(McKelvey and Palfrey 1998) of that noise. Numbers are exact: payoffs are rounded to nine digits after the
point.
"""

from __future__ import annotations

import json
import sys
from fractions import Fraction
from typing import Any

import pygambit  # type: ignore[import-not-found]

Tree = dict[str, Any]
Decision = tuple[int, int]  # the number of the node, the side that decides there
Choices = dict[Decision, str]


def exact(number: float) -> Any:
    """A number of the tree for Gambit."""
    return pygambit.Rational(Fraction(round(number, 9)).limit_denominator(10**9))


def number_of(tree: Tree, numbered: list[Tree]) -> None:
    """Number all decisions under a node, each before those below."""
    if "moves" in tree:
        tree["number"] = len(numbered)
        numbered.append(tree)
    for _, below in (*tree.get("moves", ()), *tree.get("chance", ())):
        number_of(below, numbered)


class Built:
    """A tree as a game of Gambit's; `decides`: the information set of every decision."""

    def __init__(self, tree: Tree, parties: int) -> None:
        self.game = pygambit.Game.new_tree(players=[f"side {p}" for p in range(parties)])
        self.decides: dict[Decision, Any] = {}
        self.complete: list[Any] = []
        self._fill(self.game.root, tree)

    def _fill(self, node: Any, tree: Tree) -> None:
        if "pay" in tree:
            if tree["complete"]:
                self.complete.append(node)
            label = f"end {len(self.game.outcomes)}"
            self.game.set_outcome(node, self.game.add_outcome(label, [exact(pay) for pay in tree["pay"]]))
        elif "chance" in tree:
            self._chance(node, tree["chance"])
        else:
            self._decide(node, tree)

    def _chance(self, node: Any, branches: list[tuple[float, Tree]]) -> None:
        self.game.append_move(node, self.game.players.chance, [f"branch {i}" for i in range(len(branches))])
        first = [exact(p) for p, _ in branches[:-1]]
        self.game.set_chance_probs(node.infoset, [*first, 1 - sum(first)])
        for below, (_, tree) in zip(node.children, branches, strict=True):
            self._fill(below, tree)

    def _decide(self, node: Any, tree: Tree) -> None:
        """One side after the other, none of whom knows what those before it did."""
        sides = tree.get("sides", [tree.get("side")])
        ends: dict[tuple[str, ...], Any] = {(): node}
        below = {tuple([name] if "side" in tree else name): then for name, then in tree["moves"]}
        for j, side in enumerate(sides):
            names = list(dict.fromkeys(moves[j] for moves in below))
            self.game.append_move(list(ends.values()), self.game.players[f"side {side}"], names)
            self.decides[tree["number"], side] = next(iter(ends.values())).infoset
            ends = {
                (*moves, name): then
                for moves, end in ends.items()
                for name, then in zip(names, end.children, strict=True)
            }
        for moves, end in ends.items():
            self._fill(end, below[moves])

    def completed(self, noise: float) -> float:
        """The chance of ending complete when everybody errs by this noise."""
        found = pygambit.qre.logit_solve_lambda(self.game, lam=1 / noise)[0]
        profile = self.game.mixed_behavior_profile()
        actions = [action for infoset in self.game.infosets for action in infoset.actions]
        for i, action in enumerate(actions):
            profile[action] = found[i]
        return float(sum(profile.realiz_prob(node) for node in self.complete))

    def equilibria(self) -> list[tuple[Choices, Any]]:
        """All in which nobody gains by another choice at one of its decisions, with Gambit's profile."""
        return [
            (
                {
                    decision: next(action.label for action in infoset.actions if profile[action] == 1)
                    for decision, infoset in self.decides.items()
                },
                profile,
            )
            for profile in pygambit.nash.enumpure_agent_solve(self.game).equilibria
        ]


def perfect(tree: Tree, parties: int) -> dict[str, Any]:
    """How many equilibria a tree has, and of those that are subgame perfect: what each side gets, its moves
    at the root, and what each of its moves there is worth to it."""
    numbered: list[Tree] = []
    number_of(tree, numbered)
    whole = Built(tree, parties)
    found = whole.equilibria()
    below = []
    for part in numbered[1:]:
        built = Built(part, parties)
        below.append((list(built.decides), [choices for choices, _ in built.equilibria()]))
    kept = [
        (choices, profile)
        for choices, profile in found
        if all({d: choices[d] for d in decisions} in listed for decisions, listed in below)
    ]
    return {"equilibria": len(found), "perfect": [_told(whole, *each) for each in kept]}


def _told(whole: Built, choices: Choices, profile: Any) -> dict[str, Any]:
    at_root = {side: infoset for (number, side), infoset in whole.decides.items() if number == 0}
    return {
        "pay": [float(profile.payoff(player)) for player in whole.game.players],
        "moves": {side: choices[0, side] for side in at_root},
        "worth": {
            side: {action.label: float(profile.action_value(action)) for action in infoset.actions}
            for side, infoset in at_root.items()
        },
    }


def main() -> int:
    """Print the version and what is perfect in each tree."""
    asked = json.load(sys.stdin)
    parties, noise = asked["parties"], asked["noise"]
    answer = {
        "version": pygambit.__version__,
        "found": [perfect(tree, parties) for tree in asked["trees"]],
        "completed": None if noise is None else Built(asked["trees"][0], parties).completed(noise),
    }
    print(json.dumps(answer))
    return 0


if __name__ == "__main__":
    sys.exit(main())
