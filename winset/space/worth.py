"""What any combination of options is worth, feasible or not."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from winset.case import conditions
from winset.space import blocks, numbers
from winset.space.build import Block, Space, red_lines
from winset.space.numbers import Floats

Choices = NDArray[np.int16]
Bools = NDArray[np.bool_]


def worth(space: Space, choices: Choices) -> tuple[Floats, Bools]:
    """Points and crossed red lines of combinations of options, for every faction.

    `choices` holds option numbers, shape (combinations, issues); both answers have shape (factions,
    combinations). Constraints are not looked at.
    """
    options = dict(zip(space.issues, space.options, strict=True))
    crosses = np.zeros((len(space.factions), len(choices)), bool)
    for f, ref in enumerate(space.factions):
        for condition in red_lines(space.case.preferences[ref]).values():
            crosses[f] |= blocks.mask(condition, choices, space.issues, options)
    return utilities(space, choices), crosses


def utilities(space: Space, choices: Choices) -> Floats:
    """Points of combinations of options for every faction, shape (factions, combinations); see `worth`."""
    total = np.zeros((len(space.factions), len(choices)))
    for scored, chosen in zip(_scored(space), choices.T, strict=True):
        total += scored[:, chosen]
    options = dict(zip(space.issues, space.options, strict=True))
    for joint in space.case.joint:
        if joint.for_ in space.factions:
            held = blocks.mask(conditions.parse(joint.when), choices, space.issues, options)
            total[space.faction(joint.for_)] += joint.add.point * held
    return total


@lru_cache(maxsize=8)
def _scored(space: Space) -> tuple[Floats, ...]:
    """Weight times score of the options of every issue, shape (factions, options) each."""
    preferences = [space.case.preferences[ref] for ref in space.factions]
    weights = np.array([numbers.weights(preference, space.issues) for preference in preferences])
    found = []
    for i, name in enumerate(space.issues):
        scores = [numbers.scores(preference, name, space.case.issues[name]) for preference in preferences]
        found.append(weights[:, i, None] * np.array(scores))
    return tuple(found)


def crossed_lines(space: Space, ref: str, choices: Choices) -> NDArray[np.int64]:
    """How many red lines of a faction each combination crosses; shape (combinations,)."""
    options = dict(zip(space.issues, space.options, strict=True))
    lines = red_lines(space.case.preferences[ref]).values()
    masks = [blocks.mask(condition, choices, space.issues, options) for condition in lines]
    return np.sum(masks, axis=0, dtype=np.int64) if masks else np.zeros(len(choices), np.int64)


def crossed_within(space: Space, ref: str, block: Block) -> NDArray[np.int64]:
    """How many red lines of a faction the rows of a block cross; shape (rows,)."""
    issues = [space.issues[place] for place in block.issues]
    options = dict(zip(space.issues, space.options, strict=True))
    lines = red_lines(space.case.preferences[ref]).values()
    masks = [
        blocks.mask(condition, block.rows, issues, options)
        for condition in lines
        if set(conditions.issues_of(condition)) <= set(issues)
    ]
    return np.sum(masks, axis=0, dtype=np.int64) if masks else np.zeros(len(block.rows), np.int64)


def feasible(space: Space, choices: Choices) -> Bools:
    """Which combinations no constraint forbids; shape (combinations,)."""
    allowed = np.ones(len(choices), bool)
    for barred in forbidden(space, choices):
        allowed &= ~barred
    return allowed


def forbidden(space: Space, choices: Choices) -> Bools:
    """Which constraint forbids which combination; shape (constraints, combinations)."""
    options = dict(zip(space.issues, space.options, strict=True))
    barred = np.zeros((len(space.case.constraints), len(choices)), bool)
    for i, constraint in enumerate(space.case.constraints):
        barred[i] = blocks.mask(conditions.parse(constraint.forbid), choices, space.issues, options)
    return barred
