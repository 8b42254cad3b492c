"""The zone packages that change the fewest settled issues of a package or text."""

from __future__ import annotations

import numpy as np

from winset.analyses.sticking.answers import Nearest, NearPackage
from winset.analyses.sticking.scene import Scene
from winset.space.numbers import Ints, points, quantise
from winset.space.worth import Choices, utilities

SHOWN = 5
BATCH = 2**17


def nearest(scene: Scene, zone: Choices) -> Nearest | None:
    """Fewest changes first, then the least largest loss of a faction with a say; None without a zone.

    `zone` holds the option numbers of the zone's packages, shape (packages, issues).

    The loss compares a zone package with the text as that package would complete it: what the changed
    issues cost.
    """
    if not len(zone):
        return None
    distance = (zone[:, scene.places] != scene.options).sum(axis=1)
    return among(scene, zone[distance == distance.min()], int(distance.min()))


def among(scene: Scene, closest: Choices, changes: int) -> Nearest:
    """The packages that change as few issues, the least largest loss first."""
    losses = np.concatenate(
        [_largest_loss(scene, closest[start : start + BATCH]) for start in range(0, len(closest), BATCH)]
    )
    order = np.argsort(losses, kind="stable")[:SHOWN]
    shown = tuple(_near(scene, closest[i], int(losses[i])) for i in order)
    return Nearest(changes, len(closest), shown)


def _largest_loss(scene: Scene, packages: Choices) -> Ints:
    before = packages.copy()
    before[:, scene.places] = scene.options
    lost = quantise(utilities(scene.space, before) - utilities(scene.space, packages))
    largest: Ints = lost[scene.weighing].max(axis=0)
    return largest


def _near(scene: Scene, chosen: Choices, loss: int) -> NearPackage:
    space = scene.space
    package = space.named(chosen)
    changes = {i: (old, package[i]) for i, old in scene.settled.items() if package[i] != old}
    return NearPackage(package, changes, points(loss))
