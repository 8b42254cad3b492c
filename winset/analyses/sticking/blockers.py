"""Minimal sets of factions that leave no zone even if everybody else accepted everything."""

from __future__ import annotations

import itertools

import numpy as np

from winset.analyses.sticking.answers import Blockers
from winset.analyses.sticking.patterns import Bools
from winset.space.formula import ConsentFormula, holds

MAX_SETS = 300_000


def blockers(formula: ConsentFormula, patterns: Bools) -> Blockers:
    """The minimal blocking sets when no package is acceptable.

    `patterns` says who with a say accepts, shape (patterns, members), the largest ones only. A set
    blocks when no pattern carries even with everybody outside the set accepting. Sets are sought by
    size, up to 300,000 of them.
    """
    members = formula.members
    found: list[frozenset[int]] = []
    looked = 0
    for size in range(len(members) + 1):
        candidates = [
            chosen
            for chosen in itertools.combinations(range(len(members)), size)
            if not any(block <= set(chosen) for block in found)
        ]
        looked += len(candidates)
        if looked > MAX_SETS:
            return _named(members, found, size - 1, complete=False)
        found += _blocking(formula, patterns, candidates)
    return _named(members, found, len(members), complete=True)


def _blocking(
    formula: ConsentFormula, patterns: Bools, candidates: list[tuple[int, ...]]
) -> list[frozenset[int]]:
    if not candidates:
        return []
    inside = np.zeros((len(candidates), len(formula.members)), bool)
    for row, chosen in enumerate(candidates):
        inside[row, list(chosen)] = True
    carried = np.zeros(len(candidates), bool)
    for pattern in patterns:
        accepts = (pattern | ~inside).astype(np.int64)
        verdict = holds(formula.root, dict(zip(formula.members, accepts.T, strict=True)))
        carried |= np.asarray(verdict, bool)
    return [frozenset(chosen) for chosen, free in zip(candidates, carried, strict=True) if not free]


def _named(members: tuple[str, ...], found: list[frozenset[int]], sought: int, *, complete: bool) -> Blockers:
    sets = tuple(tuple(members[i] for i in sorted(chosen)) for chosen in found)
    return Blockers(sets, sought, complete)
