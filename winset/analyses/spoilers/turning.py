"""What turns a spoiler: changes of one issue after which it no longer opposes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from winset.analyses.spoilers.answers import Turn
from winset.analyses.spoilers.opposing import View, view
from winset.space.build import Space
from winset.space.worth import Choices, feasible

Step = tuple[int, int]  # the place of an issue, and its new option's number


class Turning:
    """A package, and all changes of one of its issues that constraints allow."""

    def __init__(self, before: View, place: int) -> None:
        self._space, self._row = before.space, before.choices[place]
        self._opposes = before.opposes[place]
        steps = list(_steps(self._space, self._row))
        changed = _changed(self._row, steps)
        allowed = feasible(self._space, changed)
        self._steps = [step for step, allows in zip(steps, allowed, strict=True) if allows]
        self._after = view(self._space, changed[allowed])

    def of(self, spoiler: int) -> tuple[Turn, ...]:
        """The changes that turn a spoiler: acceptable ones first, then those that rouse the fewest others."""
        turns = [self._turn(at) for at in np.flatnonzero(~self._after.opposes[:, spoiler]).tolist()]
        return tuple(sorted(turns, key=lambda turn: (not turn.acceptable, len(turn.rouses))))

    def _turn(self, at: int) -> Turn:
        place, option = self._steps[at]
        options = self._space.options[place]
        roused = self._after.opposes[at] & ~self._opposes
        return Turn(
            change={self._space.issues[place]: (options[self._row[place]], options[option])},
            acceptable=bool(self._after.acceptable[at]),
            rouses=tuple(np.array(list(self._space.case.spoilers))[roused].tolist()),
        )


def _steps(space: Space, row: Choices) -> Iterator[Step]:
    for place, options in enumerate(space.options):
        yield from ((place, option) for option in range(len(options)) if option != row[place])


def _changed(row: Choices, steps: Sequence[Step]) -> Choices:
    changed: Choices = np.tile(row, (len(steps), 1))
    for at, (place, option) in enumerate(steps):
        changed[at, place] = option
    return changed
