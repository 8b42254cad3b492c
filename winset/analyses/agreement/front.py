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
from winset.space.quest import UNASKED

# How many partial sums are kept by how many criteria there are: comparing them grows with both.
MOST_SUMS = {1: 200_000, 2: 200_000, 3: 60_000, 4: 12_000}
MOST_SUMS_BEYOND = 2_000
MOST_STEPS = 2_000
MOST_NODES = 200_000  # of all steps together: some seconds
# Far finer than the 1e-9 of the answers, so that rounding row by row moves none of them.
FINE = 1e-13
LARGEST = 4e5


def front(sought: Sought) -> Frontier:
    """All undominated points of the zone, or in words what is not known of them."""
    if sought.exists is False:
        return Frontier(0, ())
    alone = set(leaves(formula_of(sought.space).root)) <= set(sought.signers)
    found = _stepped(sought) if len(sought.signers) == 2 and not alone else _folded(sought)
    if found is None:
        return Frontier(None, (), open="there are more partial outcomes than can be compared to find it")
    return Frontier(len(found), tuple(_vector(sought, row) for row in found[:SHOWN_VECTORS]))


def _stepped(sought: Sought) -> Ints | None:
    """Two parties: the most for the first given ever more for the second (Haimes, Lasdon & Wismer 1971).

    None where a search reached its limit, after 2,000 points, or after 200,000 nodes in all.
    """
    spent = 0
    found: list[list[int]] = []
    least = np.full(2, UNASKED)
    one, other = (linear((signer,), np.ones(1)) for signer in sought.signers)
    while len(found) <= MOST_STEPS and spent <= MOST_NODES:
        first = sought.above(least).best(one)
        if first.value is None:
            return np.array(found[::-1], np.int64).reshape(-1, 2) if first.proven else None
        held = np.array([first.value * QUANTUM, least[1]])
        second = sought.above(held).best(other)
        if second.value is None or not (first.proven and second.proven):
            return None
        found.append([first.value, second.value])
        spent += first.nodes + second.nodes
        least = np.array([UNASKED, (second.value + 1) * QUANTUM])
    return None


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
    if sum(np.abs(block.utilities[places]).max() for block in space.blocks) > LARGEST:
        return None
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
    sums = fold(tables, floors, MOST_SUMS.get(len(floors), MOST_SUMS_BEYOND))
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
    worths = {party: points(worth) for party, worth in zip(sought.parties, row.tolist(), strict=True)}
    packages = tuple(named(sought.space, choice) for choice in every.choices[:SHOWN_PACKAGES])
    return Vector(worths, every.packages, packages)
