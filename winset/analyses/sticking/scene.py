"""A package or text among the packages of its space: what every question of the analysis looks at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from winset.space.build import Space
from winset.space.consent import Consent, ask
from winset.space.formula import ConsentFormula, holds
from winset.space.package import choices_of, read_package
from winset.space.worth import Choices, worth


@dataclass(frozen=True, eq=False)
class Ground:
    """What all packages of a case have in common: the space, and whose consent counts."""

    space: Space
    formula: ConsentFormula

    @property
    def say(self) -> tuple[str, ...]:
        """Factions with a say."""
        return self.formula.members

    @cached_property
    def decisive(self) -> frozenset[str]:
        """Those of them without whom no package passes, whatever all others do."""
        yes = dict.fromkeys(self.say, True)
        return frozenset(ref for ref in self.say if not holds(self.formula.root, {**yes, ref: False}))


@dataclass(frozen=True, eq=False, slots=True)
class Scene:
    """A package or text, its completions (option numbers, shape (completions, issues)), and who accepts.

    A complete package stands for itself, feasible or not; an open text for its feasible completions.
    """

    ground: Ground
    settled: dict[str, str]
    completions: Choices
    consent: Consent

    @property
    def space(self) -> Space:
        """The space of the case."""
        return self.ground.space

    @property
    def say(self) -> tuple[str, ...]:
        """Factions with a say."""
        return self.ground.say

    @property
    def places(self) -> NDArray[np.int64]:
        """Positions of the settled issues."""
        return np.array([self.space.issues.index(issue) for issue in self.settled], np.int64)

    @property
    def options(self) -> NDArray[np.int16]:
        """Option numbers of the settled issues."""
        chosen = [
            self.space.options[p].index(o) for p, o in zip(self.places, self.settled.values(), strict=True)
        ]
        return np.array(chosen, np.int16)

    @property
    def weighing(self) -> NDArray[np.int64]:
        """Positions, among all factions, of those with a say."""
        return np.array([self.space.faction(ref) for ref in self.say], np.int64)


def scene_of(ground: Ground, package: Mapping[str, str]) -> Scene:
    """The scene of a package or text; UnknownName for names that are not in play."""
    space = ground.space
    settled = read_package(space, package)
    choices = choices_of(space, settled)
    return Scene(ground, settled, choices, ask(space, *worth(space, choices)))
