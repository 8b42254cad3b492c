"""Who refuses a package, and what each lacks."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from winset.analyses.sticking.answers import Refuser
from winset.analyses.sticking.scene import Scene
from winset.space.numbers import points, quantise
from winset.space.package import crossed_by


def refusers(scene: Scene) -> tuple[Refuser, ...]:
    """Factions that refuse some completion, those with a say first, those that refuse most first."""
    found = sorted(_refusers(scene), key=lambda r: (not r.has_say, -r.refuses))
    return tuple(found)


def _refusers(scene: Scene) -> Iterator[Refuser]:
    space, consent = scene.space, scene.consent
    missing = np.maximum(quantise(space.walk_away[:, None] - consent.worth), 0)
    for f, ref in enumerate(space.factions):
        refused = ~consent.accepts[f]
        if refused.any():
            short = missing[f][refused]
            always, sometimes = crossed_by(space, ref, scene.settled)
            yield Refuser(
                faction=ref,
                has_say=ref in scene.say,
                decisive=ref in scene.ground.decisive,
                refuses=int(refused.sum()),
                short=(points(short.min()), points(short.max())),
                always=always,
                sometimes=sometimes,
            )
