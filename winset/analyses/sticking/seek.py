"""What stands in the way where packages are too many to go through: the same questions put to a search."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np

from winset.analyses.sticking.answers import Blockers, Nearest, Repair
from winset.analyses.sticking.coalitions import cheapest
from winset.analyses.sticking.nearest import among
from winset.analyses.sticking.repair import Tariff
from winset.analyses.sticking.scene import Ground, Scene
from winset.space.arrays import UNASKED
from winset.space.beside import beside, filled
from winset.space.build import Block
from winset.space.conflicts import conflict, hitting_sets
from winset.space.formula import Formula, Leaf, Threshold
from winset.space.goals import lexi, linear
from winset.space.numbers import Floats
from winset.space.quest import Found, Quest, Settling
from winset.space.worth import utilities

CHANGES = "changes of settled issues"
ANYTHING = Threshold((), (), 0)


@dataclass(frozen=True, eq=False)
class Sought:
    """Answers by search."""

    ground: Ground

    @cached_property
    def _quest(self) -> Quest:
        return Quest(self.ground.space, self.ground.formula.root)

    @cached_property
    def _some(self) -> Found:
        return self._quest.any()

    @property
    def zone(self) -> bool | None:
        """Whether any package is acceptable; None where that could not be settled."""
        if self._some.choice is None and not self._some.proven:
            return None
        return self._some.choice is not None

    def nearest(self, scene: Scene) -> Nearest | None:
        """The zone packages that change the fewest settled issues; None without any, or where none was found.

        Where more than 10,000 change as few, those of the least loss are shown.
        """
        if self.zone is False:
            return None
        losses = tuple(f"loss of {ref}" for ref in scene.say)
        space = beside(scene.space, (CHANGES, *losses), partial(_kept, scene))
        quest = Quest(space, self.ground.formula.root, losses, [(CHANGES, UNASKED)])
        fewest = quest.best(linear((CHANGES,), np.ones(1)))
        if fewest.value is None or not fewest.proven:
            return None
        changes = round(-fewest.value * 1e-9)
        quest = quest.raised(np.array([-changes - 0.5]))
        every = quest.all(linear((), np.empty(0)), 0)
        if every.proven and every.packages == len(every.choices):
            return among(scene, every.choices, changes)
        goal = lexi(losses, np.zeros(len(losses)), np.ones(len(losses)), ())
        gentlest = quest.best(goal)
        if gentlest.value is None:
            return None
        best = quest.all(goal, gentlest.value).choices
        return replace(among(scene, best, changes), packages=every.packages, all_counted=every.proven)

    def blockers(self) -> Blockers:
        """The minimal blocking sets: conflicts learnt until every set that meets them all leaves a zone.

        Ended early where a question could not be settled.
        """
        settling = Settling(self._quest)

        def possible(asked: list[str]) -> bool | None:
            return settling.possible(_of(self.ground.formula.root, frozenset(asked)))

        members = self.ground.say
        found: list[frozenset[str]] = []
        for spared in hitting_sets(dict.fromkeys(members, 1.0), found):
            asked = [ref for ref in members if ref not in spared]
            smallest = conflict(asked, possible) if possible(asked) is False else None
            if not settling.settled:
                return self._named(found, complete=False)
            if smallest is not None:
                found.append(smallest)
        return self._named(found, complete=True)

    def _named(self, found: list[frozenset[str]], *, complete: bool) -> Blockers:
        members = self.ground.say
        places = sorted((len(chosen), sorted(map(members.index, chosen))) for chosen in found)
        sets = tuple(tuple(members[i] for i in chosen) for _, chosen in places)
        return Blockers(sets, len(members) if complete else None, complete)

    def repair(self, tariff: Tariff) -> Repair | None:
        """The cheapest way to a zone; None where nothing would make one."""
        return cheapest(self.ground, tariff)


def _of(formula: Formula, asked: frozenset[str]) -> Formula:
    """The formula when all but those asked accept everything."""
    if isinstance(formula, Leaf):
        return formula if formula.ref in asked else ANYTHING
    return replace(formula, parts=tuple(_of(part, asked) for part in formula.parts))


def _kept(scene: Scene, block: Block) -> Floats:
    """Minus how many settled issues the rows change, then minus what each faction with a say loses by them
    against the text as they would complete it; shape (1 + factions, rows)."""
    after = filled(scene.space, block)
    before = after.copy()
    own = np.isin(scene.places, block.issues)
    before[:, scene.places[own]] = scene.options[own]
    changed = (after != before).sum(axis=1)
    gained = utilities(scene.space, after) - utilities(scene.space, before)
    kept: Floats = np.vstack([-changed, gained[scene.weighing]])
    return kept
