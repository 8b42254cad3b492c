"""How likely an exchange is to be completed when sides err a little, and where it stops when it is not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from winset.kernels.backward import Game, noisy
from winset.space.numbers import Floats


@dataclass(frozen=True, eq=False, slots=True)
class Completion:
    """Chances in n draws that sum to 1. `complete` (n,); by step, (n, K): that it ends by an incident on the
    way to the step, `incident`, because an actor keeps back its part, `kept_back`, or because the step was
    carried out and taken for one that was not, `false_alarm`."""

    complete: Floats
    incident: Floats
    kept_back: Floats
    false_alarm: Floats


def completion(played: Game, noise: Floats) -> Completion:
    """Where a game of erring sides ends; `noise` (n,) in points (McKelvey & Palfrey 1998)."""
    erring = noisy(played, noise)
    n, steps, _ = played.shape
    alarm = np.broadcast_to(played.alarm, (n, 1))[:, 0]
    incident, kept_back, false_alarm = (np.zeros((n, steps)) for _ in range(3))
    reached = np.ones(n)
    for k in range(steps):
        incident[:, k] += reached * erring.lapsed[:, k]
        kept_back[:, k] = reached * erring.kept_back[:, k]
        done = reached * (1 - erring.lapsed[:, k] - erring.kept_back[:, k])
        false_alarm[:, k] = done * alarm
        waiting = done - false_alarm[:, k]
        reached = waiting * played.safe[:, k]
        if k + 1 < steps:
            incident[:, k + 1] = waiting - reached
    return Completion(reached, incident, kept_back, false_alarm)


def late_by_inability(hard: Floats, owed: Floats) -> Floats:
    """The chance that something is late though its giver tries, (n,): `hard` (n, O) by obligation, of those
    `owed` (O,) in the steps, each for itself. It is late and verified, not a default."""
    chance: Floats = 1 - np.where(owed > 0, 1 - hard, 1.0).prod(axis=1)
    return chance
