"""What the questions about a case's packages ask of: all of them gone through, or a search."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np

from winset.analyses.sticking.answers import Blockers, Nearest, Repair
from winset.analyses.sticking.blockers import blockers
from winset.analyses.sticking.nearest import nearest
from winset.analyses.sticking.patterns import largest_patterns
from winset.analyses.sticking.repair import Tariff, repair
from winset.analyses.sticking.scene import Ground, Scene
from winset.space.consent import batches
from winset.space.worth import Choices


class Ways(Protocol):
    """The questions that look at packages other than the one asked about."""

    @property
    def zone(self) -> bool | None:
        """Whether any package is acceptable; None where that could not be settled."""

    def nearest(self, scene: Scene) -> Nearest | None:
        """The zone packages that change the fewest settled issues; None without any."""

    def blockers(self) -> Blockers:
        """The minimal blocking sets of a case without a zone."""

    def repair(self, tariff: Tariff) -> Repair | None:
        """The cheapest way to a zone; None where nothing would make one."""


@dataclass(frozen=True, eq=False)
class Gone:
    """Answers by going through all packages."""

    ground: Ground

    @cached_property
    def _packages(self) -> Choices:
        space = self.ground.space
        found = [space.choices(packages[consent.zone]) for packages, consent in batches(space)]
        return np.concatenate(found)

    @property
    def zone(self) -> bool:
        """Whether any package is acceptable."""
        return len(self._packages) > 0

    def nearest(self, scene: Scene) -> Nearest | None:
        """See `nearest`."""
        return nearest(scene, self._packages)

    def blockers(self) -> Blockers:
        """See `blockers`."""
        formula = self.ground.formula
        return blockers(formula, largest_patterns(self.ground.space, formula))

    def repair(self, tariff: Tariff) -> Repair | None:
        """See `repair`."""
        return repair(self.ground, tariff)
