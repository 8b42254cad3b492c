"""The agreement questions put to a search, where packages are too many to go through one by one."""

from __future__ import annotations

from functools import cached_property, partial

import numpy as np

from winset.analyses.agreement.answers import Frontier, Solution, TextAnswer, Zone
from winset.analyses.agreement.concepts import CONCEPTS
from winset.analyses.agreement.front import front
from winset.analyses.agreement.majority import support
from winset.analyses.agreement.pose import BATCH, sides
from winset.analyses.agreement.present import sought_solution
from winset.analyses.agreement.problem import Sides, Sought
from winset.analyses.agreement.texts import answer_text
from winset.kernels.groups import Groups
from winset.space.arrays import UNASKED
from winset.space.build import Space
from winset.space.formula import Formula, formula_of
from winset.space.numbers import Floats, Ints, quantise
from winset.space.package import completions, readable
from winset.space.quest import Quest
from winset.space.worth import Choices, utilities


def pose_by_search(space: Space) -> Sought:
    """The questions of agreement about a space of any size; NotApplicable when no party's gains count."""
    counted = sides(space)
    formula = formula_of(space).root
    zone = Quest(space, formula, counted.signers)
    some = zone.any()
    return Sought(
        counted.space,
        counted.parties,
        counted.signers,
        counted.walk_away,
        counted.power,
        zone=zone,
        exists=None if some.choice is None and not some.proven else some.choice is not None,
        above=_Above(counted, formula),
        worth=partial(_worth, counted),
        support=partial(support, counted),
        text=_text(counted),
    )


class _Above:
    """The zone searched with floors under the signers' points; its arrays are made when first asked for."""

    def __init__(self, counted: Sides, formula: Formula) -> None:
        self._counted, self._formula = counted, formula

    @cached_property
    def _quest(self) -> Quest:
        floors = [(signer, UNASKED) for signer in self._counted.signers]
        return Quest(self._counted.space, self._formula, floors=floors)

    def __call__(self, floors: Floats) -> Quest:
        return self._quest.raised(floors)


def _worth(counted: Sides, choices: Choices) -> Floats:
    places = [counted.space.faction(signer) for signer in counted.signers]
    return utilities(counted.space, choices)[places].T


def _text(counted: Sides) -> tuple[Floats, Ints] | None:
    """Points of the different completions of the text on the table, and how many have them."""
    name = counted.space.case.on_the_table
    if name is None:
        return None
    package = counted.space.case.texts[name].package
    if not readable(counted.space, package):
        return None
    found = completions(counted.space, package)
    worths = [np.empty((0, len(counted.signers)))]
    for start in range(0, len(found), BATCH):
        worths.append(_worth(counted, counted.space.choices(found[start : start + BATCH])))
    every = np.concatenate(worths)
    groups = Groups(quantise(every))
    return every[groups.first], groups.sizes


def answers(
    space: Space,
) -> tuple[Sides, Zone, dict[str, Solution], Frontier, dict[str, TextAnswer], tuple[str, ...]]:
    """The sides, the zone, what concepts answer, the frontier, the texts, and texts that say too little."""
    sought = pose_by_search(space)
    zone = Zone(sought.exists, 0 if sought.exists is False else None, space.size, space.combinations)
    solutions = {concept.id: sought_solution(sought, concept) for concept in CONCEPTS}
    known = {name: text.package for name, text in space.case.texts.items()}
    texts = {name: answer_text(space, package) for name, package in known.items() if readable(space, package)}
    return sought, zone, solutions, front(sought), texts, tuple(name for name in known if name not in texts)
