"""A case to be drawn from: what travels to workers, and what each of them builds of it once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from winset.case import table
from winset.case.model import Case
from winset.errors import NotApplicable
from winset.kernels.drawn import FOUND
from winset.space.build import Space, build_space
from winset.space.consent import judges
from winset.space.drawn import Drawn
from winset.space.draws import Inputs, Sample
from winset.space.numbers import QUANTUM
from winset.space.package import completing, count_completions, open_issues, read_package, row_of

Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Ground:
    """A case to be drawn from. It travels as the case; what follows from it is built where it is used."""

    case: Case
    extended: bool
    seed: int
    rho: float

    def __reduce__(self) -> Any:
        return Ground, (self.case, self.extended, self.seed, self.rho)

    @cached_property
    def space(self) -> Space:
        """The packages of the case in play."""
        return build_space(self.case, extended=self.extended)

    @cached_property
    def inputs(self) -> Inputs:
        """Its inputs in doubt."""
        return Inputs(self.space, self.rho)

    @property
    def parties(self) -> tuple[str, ...]:
        """The sides whose gains count; NotApplicable when there is none."""
        parties = table.objective(self.space.case)
        if not parties:
            raise NotApplicable("no party's gains count; name the parties in `objective`")
        return parties

    @cached_property
    def drawn(self) -> Drawn:
        """What its packages are under draws."""
        signers = judges(self.space)
        return Drawn(self.space, self.inputs, [(party, signers[party]) for party in self.parties])

    def completed(self, sample: Sample, package: Mapping[str, str]) -> tuple[Bools, Bools]:
        """Whether all who must consent do to some way of completing a text, and whether each faction accepts
        some way; shapes (draws,) and (draws, factions). In each draw the way may be another.

        A complete package stands for itself, forbidden or not; what no way completes nobody accepts.
        """
        settled = read_package(self.space, package)
        if not open_issues(self.space, settled):
            return self._whole(sample, settled)
        if not count_completions(self.space, settled):
            return np.zeros(len(sample), bool), np.zeros((len(sample), len(self.space.factions)), bool)
        space = completing(self.space, settled)
        drawn = Drawn(space, self.inputs, self.drawn.counted)
        most = np.zeros((len(sample), len(space.factions)))
        for worth, crosses in zip(sample.utilities(space), sample.crosses(space), strict=True):
            most += np.where(crosses, -np.inf, worth).max(axis=2)
        return drawn.exists(sample) == FOUND, np.rint(most / QUANTUM) >= np.rint(sample.walk_away / QUANTUM)

    def _whole(self, sample: Sample, package: Mapping[str, str]) -> tuple[Bools, Bools]:
        found = self.drawn.accept(sample, row_of(self.space, package))
        return found.consents[:, 0], found.accepts[:, 0]

    def sample(self, first: int, count: int) -> Sample:
        """The case's numbers in draws `first` to `first + count - 1`."""
        return self.inputs.sample(self.inputs.uniforms(self.seed, first, count))
