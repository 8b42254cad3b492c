"""The next moves: changes of one or two settled issues that turn a refuser and lose no accepter."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np

from winset.analyses.sticking.answers import Move, Moves
from winset.analyses.sticking.scene import Scene
from winset.space.consent import ask
from winset.space.numbers import points, quantise
from winset.space.worth import Bools, Choices, feasible, worth

SHOWN = 5
MAX_LOOKS = 20_000_000
BATCH = 2**17

Change = tuple[tuple[int, int], ...]


def count_looks(scene: Scene) -> int:
    """How many combinations the question has to look at."""
    others = [len(scene.space.options[place]) - 1 for place in scene.places]
    pairs = sum(a * b for a, b in itertools.combinations(others, 2))
    return len(scene.completions) * (sum(others) + pairs)


def moves(scene: Scene) -> Moves | None:
    """All next moves, the least largest loss first; None where the text has no completion.

    Only factions with a say count as refusers and accepters.
    """
    if not len(scene.completions):
        return None
    every = list(changes(scene))
    at_once = max(1, BATCH // len(scene.completions))
    found = [
        move
        for start in range(0, len(every), at_once)
        for move in _moves(scene, every[start : start + at_once])
    ]
    of_one = sum(len(move.changes) == 1 for move in found)
    found.sort(key=lambda m: (m.loss[1], len(m.changes), -m.completions, -len(m.turns)))
    return Moves(of_one, len(found) - of_one, tuple(found[:SHOWN]))


def changes(scene: Scene) -> Iterator[Change]:
    """All changes of one settled issue, then of two: places of issues with their new option numbers."""
    ones = [
        (place, option)
        for place, now in zip(scene.places.tolist(), scene.options.tolist(), strict=True)
        for option in range(len(scene.space.options[place]))
        if option != now
    ]
    yield from ((one,) for one in ones)
    yield from (pair for pair in itertools.combinations(ones, 2) if pair[0][0] != pair[1][0])


def _moves(scene: Scene, tried: list[Change]) -> Iterator[Move]:
    """Those of the changes that are next moves; all completions of all changes are looked at together."""
    count = len(scene.completions)
    changed: Choices = np.tile(scene.completions, (len(tried), 1))
    for row, change in enumerate(tried):
        for place, option in change:
            changed[row * count : (row + 1) * count, place] = option
    after = ask(scene.space, *worth(scene.space, changed))
    allowed = feasible(scene.space, changed)
    before_accepts = scene.consent.accepts[scene.weighing]
    before_worth = scene.consent.worth[scene.weighing]
    for row, change in enumerate(tried):
        these = slice(row * count, (row + 1) * count)
        accepts = after.accepts[scene.weighing, these]
        turned = ~before_accepts & accepts
        keeps = ~(before_accepts & ~accepts).any(axis=0)
        works = allowed[these] & turned.any(axis=0) & keeps
        if works.any():
            lost = quantise(before_worth - after.worth[scene.weighing, these])
            largest = np.where(before_accepts, np.maximum(lost, 0), 0).max(axis=0)[works]
            turns: Bools = np.any(turned[:, works], axis=1)
            yield Move(
                changes=_named(scene, change),
                turns=tuple(ref for ref, turn in zip(scene.say, turns, strict=True) if turn),
                completions=int(works.sum()),
                loss=(points(largest.min()), points(largest.max())),
            )


def _named(scene: Scene, change: Change) -> dict[str, tuple[str, str]]:
    space = scene.space
    return {
        space.issues[place]: (scene.settled[space.issues[place]], space.options[place][option])
        for place, option in change
    }
