"""Win-sets: the packages that a home lets, of all there are (Putnam 1988)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from winset.analyses.ratification.answers import WinSet
from winset.case import rules, table
from winset.space.build import Space
from winset.space.consent import MAX_PACKAGES, Consent, ask, batches, judges
from winset.space.shapes import stream
from winset.space.worth import Choices, worth

Bools = NDArray[np.bool_]

SAMPLE = 20_000


@dataclass(frozen=True, eq=False, slots=True)
class Signable:
    """Packages that enough sides sign, by option numbers, shape (packages, issues); `every`: all of them."""

    choices: Choices
    every: bool


def winsets(space: Space) -> tuple[dict[str, WinSet], Signable]:
    """Each side's win-set at the mode, and the packages that enough sides sign for the table's rule.

    Past 10,000,000 packages a sample of 20,000 stands for them, and no package is given.
    """
    exact = space.size <= MAX_PACKAGES
    sides = tuple(judges(space))
    counts = np.zeros((3, len(sides)), np.int64)
    rule, weights = table.table_rule(space.case), table.table_weights(space.case)
    kept: list[Choices] = [np.empty((0, len(space.issues)), np.int16)]
    for chosen, consent in _all(space) if exact else _sample(space):
        rows = (consent.lets, consent.signs, consent.consents)
        counts += np.array([row.sum(axis=1) for row in rows])
        if exact:
            signs = {side: consent.signs[i].astype(np.int64) for i, side in enumerate(sides)}
            signed = np.asarray(rules.holds(rule, signs, weights), bool)
            kept.append(chosen(np.broadcast_to(signed, consent.zone.shape)))
    of = space.size if exact else SAMPLE
    found = {}
    for i, side in enumerate(sides):
        lets, signs, both = counts[:, i].tolist()
        found[side] = WinSet(of, lets, signs, both, not exact)
    return found, Signable(np.concatenate(kept), exact)


class _Chosen:
    """Option numbers of some packages of a batch, made only for those asked for."""

    def __init__(self, space: Space, packages: NDArray[np.int64]) -> None:
        self._space, self._packages = space, packages

    def __call__(self, which: Bools) -> Choices:
        return self._space.choices(self._packages[which])


def _all(space: Space) -> Iterator[tuple[_Chosen, Consent]]:
    for packages, consent in batches(space):
        yield _Chosen(space, packages), consent


def _sample(space: Space) -> Iterator[tuple[_Chosen, Consent]]:
    """Packages drawn evenly: each block by itself, as packages are their product."""
    chosen = np.empty((SAMPLE, len(space.issues)), np.int16)
    for number, block in enumerate(space.blocks):
        uniforms = stream(0, f"win-set block {number}", 0, SAMPLE)
        chosen[:, block.issues] = block.rows[(uniforms * len(block.rows)).astype(np.int64)]
    yield _Chosen(space, np.empty(0, np.int64)), ask(space, *worth(space, chosen))
