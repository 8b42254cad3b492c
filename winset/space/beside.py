"""Further columns beside the points of factions: whatever adds up over blocks can be searched by."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from winset.space.build import Block, Space
from winset.space.numbers import Floats
from winset.space.worth import Choices

# What each row of a block adds to each column; shape (columns, rows).
Adds = Callable[[Block], Floats]


def beside(space: Space, names: Sequence[str], adds: Adds) -> Space:
    """The space with columns beside those of its factions, under names of their own."""
    return replace(
        space,
        factions=(*space.factions, *names),
        walk_away=np.append(space.walk_away, np.zeros(len(names))),
        blocks=tuple(_wider(block, adds(block)) for block in space.blocks),
    )


def filled(space: Space, block: Block) -> Choices:
    """The rows of a block as option numbers of all issues, those of other blocks at their first option."""
    choices = np.zeros((len(block.rows), len(space.issues)), np.int16)
    choices[:, block.issues] = block.rows
    return choices


def _wider(block: Block, added: Floats) -> Block:
    return replace(
        block,
        utilities=np.concatenate([block.utilities, added]),
        crosses=np.concatenate([block.crosses, np.zeros(added.shape, bool)]),
    )
