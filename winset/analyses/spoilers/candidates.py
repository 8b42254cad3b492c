"""Packages and open texts with their spoilers, as they are given back."""

from __future__ import annotations

import numpy as np

from winset.analyses.spoilers.answers import Candidate, OpenText, Opposition, Profile, Reckoned
from winset.analyses.spoilers.asked import Asked
from winset.analyses.spoilers.opposing import View, reasons, view, withstood
from winset.analyses.spoilers.turning import Turning
from winset.case import table
from winset.case.model import Case
from winset.space.build import Space
from winset.space.package import completing
from winset.space.worth import Bools

MOST_COMPLETIONS = 10_000


def profile(space: Space, name: str) -> Profile:
    """A spoiler in play."""
    spoiler = space.case.spoilers[name]
    chance = spoiler.capability
    capability = Reckoned(chance.point, chance.low, chance.high)
    return Profile(spoiler.name, spoiler.position, spoiler.type, capability)


def candidate(seen: View, place: int, titles: tuple[str, ...]) -> Candidate:
    """The package at `place` of those seen, with its spoilers at the mode."""
    space, package = seen.space, seen.space.named(seen.choices[place])
    turning = Turning(seen, place)
    return Candidate(
        titles=titles,
        package=package,
        forbidden_by=tuple(constraint.id for constraint in table.broken_by(space.case, package)),
        acceptable=bool(seen.acceptable[place]),
        oppositions={
            name: _opposition(seen, place, k, turning) for k, name in enumerate(space.case.spoilers)
        },
        survival=_survival(space.case, seen.opposes[place]),
        without={
            name: _survival(space.case, seen.opposes[place], k) for k, name in enumerate(space.case.spoilers)
        },
    )


def _opposition(seen: View, place: int, k: int, turning: Turning) -> Opposition:
    spoiler = list(seen.space.case.spoilers.values())[k]
    if not seen.opposes[place, k]:
        return Opposition(False, False, 0.0, (), None)
    if spoiler.type == "total":
        return Opposition(True, False, 0.0, (), None)
    return Opposition(True, *reasons(seen, spoiler, place), turning.of(k))


def _survival(case: Case, opposes: Bools, without: int | None = None) -> Reckoned:
    """At the modes of what spoilers can do, and at both ends of their ranges."""
    chances = [spoiler.capability for spoiler in case.spoilers.values()]
    most, mode, least = (
        round(float(withstood(opposes, np.array(values), without)), 6)
        for values in ([c.low for c in chances], [c.point for c in chances], [c.high for c in chances])
    )
    return Reckoned(mode, least, most)


def open_text(space: Space, asked: Asked) -> OpenText:
    """How many completions each spoiler opposes, where they are few enough to be gone through."""
    ways = completing(space, asked.package)
    many, opposes = ways.size, None
    if many <= MOST_COMPLETIONS:
        seen = view(space, ways.choices(np.arange(many, dtype=np.int64)))
        opposes = dict(zip(space.case.spoilers, seen.opposes.sum(axis=0).tolist(), strict=True))
    return OpenText(asked.titles, asked.package, asked.open, many, opposes)
