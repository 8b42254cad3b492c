"""The frontier of a space of any size: blocks folded, home rules carried along."""

from __future__ import annotations

import numpy as np

from winset.analyses.agreement.answers import SHOWN_PACKAGES, SHOWN_VECTORS, Frontier, Vector
from winset.analyses.agreement.present import named
from winset.analyses.agreement.problem import Sought
from winset.kernels.dominance import undominated
from winset.kernels.folding import fold
from winset.space.formula import formula_of, holds, leaves
from winset.space.goals import linear
from winset.space.numbers import QUANTUM, Floats, Ints, points, quantise

MOST_SUMS = 200_000
# Finer than the 1e-9 of the answers, so that rounding row by row cannot move one of them.
FINE = 1e-11


def front(sought: Sought) -> Frontier:
    """All undominated points of the zone, or in words what is not known of them."""
    if sought.exists is False:
        return Frontier(0, ())
    found = _folded(sought)
    if found is None:
        what = f"more than {MOST_SUMS:,} partial outcomes would have to be kept to find it"
        return Frontier(None, (), open=what)
    return Frontier(len(found), tuple(_vector(sought, row) for row in found[:SHOWN_VECTORS]))


def _folded(sought: Sought) -> Ints | None:
    """The frontier in whole 1e-9ths, shape (points, parties), by rising utility of the first party.

    Everybody who has a say is carried along beside the parties: what is worth no less to all of them, and
    crosses no more of their red lines, is accepted wherever the other is.
    """
    space = sought.space
    formula = formula_of(space).root
    members = tuple(dict.fromkeys(leaves(formula)))
    refs = tuple(dict.fromkeys((*sought.signers, *members)))
    places = [space.faction(ref) for ref in refs]
    yes = dict.fromkeys(members, True)
    must = [ref in members and not holds(formula, {**yes, ref: False}) for ref in refs]
    loose = [i for i, ref in enumerate(refs) if ref in members and not must[i]]
    tables = []
    for block in space.blocks:
        utilities, crosses = block.utilities[places].T, block.crosses[places].T
        usable = ~crosses[:, must].any(axis=1)
        fine = _fine(utilities[usable])
        tables.append(np.column_stack([fine, -crosses[usable][:, loose].astype(np.int64)]))
    if any(not len(table) for table in tables):
        return np.empty((0, len(sought.signers)), np.int64)
    walk_away = _fine(space.walk_away[places]) - round(0.5e-9 / FINE)
    lowest = np.where(must, walk_away, np.iinfo(np.int64).min // 4)
    floors = np.concatenate([lowest, np.full(len(loose), -len(tables))])
    sums = fold(tables, floors, MOST_SUMS)
    if sums is None:
        return None
    accepted = np.asarray(holds(formula, _accepts(space.walk_away[places], sums, refs, loose)), bool)
    accepted = np.broadcast_to(accepted, (len(sums),))
    kept = _coarse(sums[accepted][:, : len(sought.signers)])
    return kept[undominated(kept)]


def _fine(worths: Floats) -> Ints:
    found: Ints = np.rint(worths / FINE).astype(np.int64)
    return found


def _coarse(fine: Ints) -> Ints:
    """Sums in the 1e-9ths of the answers."""
    return quantise(np.multiply(fine, FINE, dtype=np.float64))


def _accepts(walk_away: Floats, sums: Ints, refs: tuple[str, ...], loose: list[int]) -> dict[str, Ints]:
    enough = _coarse(sums[:, : len(refs)]) >= quantise(walk_away)
    for column, place in enumerate(loose):
        enough[:, place] &= sums[:, len(refs) + column] == 0
    return {ref: enough[:, place].astype(np.int64) for place, ref in enumerate(refs)}


def _vector(sought: Sought, row: Ints) -> Vector:
    """A point of the frontier with its packages: those that give each party as much."""
    every = sought.above(np.multiply(row, QUANTUM, dtype=np.float64)).all(linear((), np.empty(0)), 0)
    worths = {party: points(worth) for party, worth in zip(sought.parties, row, strict=True)}
    packages = tuple(named(sought.space, choice) for choice in every.choices[:SHOWN_PACKAGES])
    return Vector(worths, every.packages, packages)
