"""Which spoilers oppose which packages (Stedman 1997), why, and how far a deal withstands them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from winset.case import conditions
from winset.case.model import Spoiler
from winset.space import blocks
from winset.space.build import Space
from winset.space.consent import Consent, ask
from winset.space.numbers import Floats, points, quantise
from winset.space.package import crossed_by
from winset.space.worth import Bools, Choices, feasible, worth


@dataclass(frozen=True, eq=False, slots=True)
class View:
    """Packages by option numbers, shape (packages, issues), as everybody sees them at the mode.

    `acceptable` (packages,): no constraint forbids it and all who must consent do; `opposes` (packages,
    spoilers).
    """

    space: Space
    choices: Choices
    consent: Consent
    acceptable: Bools
    opposes: Bools


def view(space: Space, choices: Choices) -> View:
    """What everybody makes of the packages at the mode."""
    consent = ask(space, *worth(space, choices))
    greed = np.array([greed_of(spoiler) for spoiler in space.case.spoilers.values()])
    opposes = opposing(space, choices, consent.accepts.T, consent.worth.T, space.walk_away, greed)
    return View(space, choices, consent, consent.zone & feasible(space, choices), opposes)


def greed_of(spoiler: Spoiler) -> float:
    """Points above the walk-away that it holds out for at the mode."""
    return 0.0 if spoiler.greed is None else spoiler.greed.point


def opposing(
    space: Space, choices: Choices, accepts: Bools, worth: Floats, walk_away: Floats, greed: Floats
) -> Bools:
    """Which spoiler in play opposes which package; shape (..., packages, spoilers).

    `accepts` and `worth` (in points) have shape (..., packages, factions); `walk_away` and `greed`, both in
    points, are read at their last axis, a faction or spoiler, and fit (..., packages) otherwise.
    """
    found = np.zeros((*accepts.shape[:-1], len(space.case.spoilers)), bool)
    for k, spoiler in enumerate(space.case.spoilers.values()):
        found[..., k] = (spoiler.type == "total") | _triggered(space, spoiler, choices)
        if spoiler.faction is not None:
            f = space.faction(spoiler.faction)
            holds_out_for = quantise(walk_away[..., f] + greed[..., k])
            found[..., k] |= ~accepts[..., f] | (quantise(worth[..., f]) < holds_out_for)
    return found


def _triggered(space: Space, spoiler: Spoiler, choices: Choices) -> Bools:
    if spoiler.trigger is None:
        return np.zeros(len(choices), bool)
    options = dict(zip(space.issues, space.options, strict=True))
    return blocks.mask(conditions.parse(spoiler.trigger), choices, space.issues, options)


def reasons(seen: View, spoiler: Spoiler, place: int) -> tuple[bool, float, tuple[str, ...]]:
    """Whether the trigger holds in the package at `place`, the points that are missing, red lines crossed."""
    space = seen.space
    trigger = bool(_triggered(space, spoiler, seen.choices[place : place + 1])[0])
    if spoiler.faction is None:
        return trigger, 0.0, ()
    f = space.faction(spoiler.faction)
    short = quantise(space.walk_away[f] + greed_of(spoiler) - seen.consent.worth[f, place])
    crossed, _ = crossed_by(space, spoiler.faction, space.named(seen.choices[place]))
    return trigger, max(0.0, points(short)), crossed


def withstood(opposes: Bools, capability: Floats, without: int | None = None) -> Floats:
    """How far a deal withstands its spoilers, or all but one of them; shape (..., packages), 0 to 1.

    `opposes` and the chances to wreck it have the spoilers on their last axis. As if each acted on its own:
    the product over those who oppose of 1 less the chance.
    """
    left = np.ones(opposes.shape[:-1])
    for k in range(opposes.shape[-1]):
        if k != without:
            left = left * (1 - opposes[..., k] * capability[..., k])
    return left
