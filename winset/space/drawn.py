"""What a case's packages are under many draws: a zone or none, the Nash package, who accepts (model.md 5).

Every draw is answered by itself, so that the same draws give the same bits in whatever company.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from winset.kernels.drawn import FOUND, OPEN, best
from winset.space.acceptance import Acceptance, acceptance, powers, worth_at
from winset.space.blocking import Asking, Blocking, blocking
from winset.space.build import Space
from winset.space.draws import Inputs, Sample
from winset.space.formula import formula_of
from winset.space.numbers import Floats, Ints
from winset.space.relief import Relief, without
from winset.space.stack import Stack, exists, taken
from winset.space.worth import Bools, Choices

LIMIT = 20_000  # nodes of a search
EACH = 3_000  # nodes of each of many


@dataclass(frozen=True, eq=False, slots=True)
class Outcomes:
    """What n draws come to.

    `zone` (n,): whether a package was found that all who must consent do to; `nash` (n, issues): option
    numbers of one with the largest product of gains, -1 where there is none; `gains` (n, parties): what the
    counted parties have there above their walk-aways, in points, nan where there is none. `settled` (n,) is
    False where the limit of a search left open whether there is a zone (then `zone` is False), `proven` (n,)
    where it left open that, or whether a product is larger still.
    """

    zone: Bools
    nash: Choices
    gains: Floats
    settled: Bools
    proven: Bools


class Drawn:
    """A case's packages under draws. `counted` are the parties whose gains count, with who signs for them.

    It travels as what it is made from.
    """

    def __init__(self, space: Space, inputs: Inputs, counted: Sequence[tuple[str, str]]) -> None:
        self.space, self.inputs, self.counted = space, inputs, tuple(counted)
        self._formula = formula_of(space)
        self.members = self._formula.members
        self._signers = tuple(signer for _, signer in self.counted)
        self._signing = np.array([space.faction(ref) for ref in self._signers], np.int64)
        self._stack = Stack(space, self._formula, self._signers)

    def __reduce__(self) -> Any:
        return _made, (self.space, self.inputs.rho, self.counted)

    def sample(self, seed: int, first: int, count: int) -> Sample:
        """The case's numbers in draws `first` to `first + count - 1`."""
        return self.inputs.sample(self.inputs.uniforms(seed, first, count))

    # zone and Nash

    def outcomes(self, sample: Sample) -> Outcomes:
        """Whether there is a zone, and the Nash package.

        Of packages that tie, the one that the search meets first, and of equal rows of a block the first;
        where every product is 0 all of the zone ties.
        """
        nash = np.empty((len(sample), len(self.space.issues)), np.int16)
        proven = np.empty(len(sample), bool)
        for at in self._stack.slices(len(sample)):
            part = taken(sample, at)
            told = self._stack.told(part)
            base = np.ascontiguousarray(part.walk_away[:, self._signing])
            power = powers(part, self.counted)
            rows, proven[at] = best(*told, self._stack.signs, base, power, LIMIT)
            nash[at] = self._stack.options(rows)
        zone = nash[:, 0] >= 0
        return Outcomes(zone, nash, self._gains(sample, nash), zone | proven, proven)

    def _gains(self, sample: Sample, chosen: Choices) -> Floats:
        """What the counted parties have above their walk-aways, each draw in a package of its own."""
        worth = worth_at(self.space, sample, np.maximum(chosen, 0))
        gains = (worth - sample.walk_away)[:, self._signing]
        return np.where(chosen[:, :1] >= 0, gains, np.nan)

    # who accepts

    def accept(self, sample: Sample, choices: Choices) -> Acceptance:
        """What the draws make of packages given by option numbers, shape (m, issues), forbidden or not."""
        return acceptance(self.space, self._formula, self.counted, sample, choices)

    # what stands in the way

    def exists(self, sample: Sample) -> Ints:
        """Whether each draw has a zone: FOUND, NONE, or OPEN where a limit left that open; (n,)."""
        found = np.empty(len(sample), np.int64)
        for at in self._stack.slices(len(sample)):
            found[at] = exists(self._stack.told(taken(sample, at)), LIMIT)
        return found

    def relief(self, sample: Sample, known: Ints | None = None) -> Relief:
        """Which issue, taken out of everybody's acceptance, leaves each draw a zone; see `relief.without`.

        `known` is what `exists` says of the draws, where it has been asked.
        """
        zone = self.exists(sample) if known is None else known
        found = np.repeat(zone[:, None], len(self.space.issues), axis=1)
        lacking = np.flatnonzero(zone != FOUND)  # taking an issue out never loses a zone
        for at in self._stack.slices(len(lacking)):
            found[lacking[at]] = self._relieved(taken(sample, lacking[at]))
        return Relief(found == FOUND, found != OPEN)

    def _relieved(self, sample: Sample) -> Ints:
        """What `exists` says without each issue; shape (n, issues)."""
        told = self._stack.told(sample)
        found = np.empty((len(sample), len(self.space.issues)), np.int64)
        for b, block in enumerate(self.space.blocks):
            here = slice(told.starts[b], told.starts[b + 1])
            alone = replace(self.space, blocks=(block,))
            for issue in block.issues:
                other = without(self.space, sample, issue)
                worth, crossed = told.worth.copy(), told.crossed.copy()
                worth[:, :, here], crossed[:, :, here] = self._stack.rows(other, alone)
                found[:, issue] = exists(told._replace(worth=worth, crossed=crossed), EACH)
        return found

    def blocking(self, sample: Sample, which: Ints) -> list[Blocking]:
        """The minimal sets of factions with a say that leave these draws no zone whatever others accept."""
        found = []
        for at in self._stack.slices(len(which)):
            told = self._stack.told(taken(sample, which[at]))
            asking = (Asking(told.one(k), self._stack.refs) for k in range(len(told.worth)))
            found += [blocking(self.members, each) for each in asking]
        return found


def _made(space: Space, rho: float, counted: Sequence[tuple[str, str]]) -> Drawn:
    return Drawn(space, Inputs(space, rho), counted)
