"""A schedule judged step by step: does each side carry out its part if all carry on, and if they need not?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from winset.analyses.exchange.steps import Outline, game
from winset.analyses.exchange.terms import Terms
from winset.kernels import backward
from winset.kernels.backward import TIE, Game, Perfect
from winset.space.numbers import Floats, Ints

Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Evaluation:
    """A schedule in n draws. `values` (n, K + 1, P): V where all carry on; `slack` (n, M): what carrying out
    a step is then worth more to an actor than its best deviation, the steps and actors as `movers`;
    `over_default` (n, M) the same against keeping back its part alone; `spe`: where everybody does what is
    best."""

    steps: Outline
    game: Game
    values: Floats
    slack: Floats
    over_default: Floats
    spe: Perfect

    @property
    def movers(self) -> Ints:
        """Every step with each of its actors; (M, 2)."""
        return self.game.movers

    @property
    def enforces_itself(self) -> Bools:
        """Whether all slacks are above 0; (n,). A slack of 0 is a knife-edge and does not count."""
        return np.asarray((self.slack > TIE).all(axis=1))

    @property
    def nobody_keeps_back(self) -> Bools:
        """Whether nobody gains, or loses nothing, by keeping back its part, whatever delay brings; (n,)."""
        return np.asarray((self.over_default > TIE).all(axis=1))

    @property
    def carried_out(self) -> Ints:
        """How many steps are carried out where everybody does what is best; (n,)."""
        broken = self.spe.keepers > 0
        return np.asarray(np.where(broken.any(axis=1), broken.argmax(axis=1), broken.shape[1]))

    @property
    def stake(self) -> Floats:
        """What carrying it all out is worth to each side, less stopping at once: V(1) - S(0); (n, P)."""
        return np.asarray(self.values[:, 0] - self.game.stop[:, 0])

    @cached_property
    def shares(self) -> Floats:
        """Slack as a share of the actor's stake, (n, M): the only way to compare sides. Without a stake it
        is infinite, with the sign of the slack."""
        stake = self.stake[:, self.movers[:, 1]]
        nothing = np.where(np.abs(self.slack) <= TIE, 0.0, np.copysign(np.inf, self.slack))
        found: Floats = np.divide(self.slack, stake, out=nothing, where=stake > TIE)
        return found

    @property
    def weakest(self) -> Ints:
        """The place among the movers of the smallest share, the first of several; (n,)."""
        least = self.shares.min(axis=1, keepdims=True)
        return np.asarray(np.argmax(self.shares <= least + TIE, axis=1))


def evaluate(terms: Terms, steps: Outline) -> Evaluation:
    """The steps judged in both modes: everybody carries on, and everybody does what is best (model.md 7)."""
    played = game(terms, steps)
    values = backward.kept(played)
    margins = backward.margins(played, values)
    return Evaluation(steps, played, values, margins.min(axis=2), margins[:, :, 0], backward.perfect(played))


def slacks(played: Game) -> Floats:
    """The slacks where everybody carries on; (n, M)."""
    return np.asarray(backward.margins(played, backward.kept(played)).min(axis=2))
