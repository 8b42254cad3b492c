"""The frontier of a space of any size by folding: home rules carried along as further criteria."""

from __future__ import annotations

import numpy as np

from winset.analyses.agreement.problem import Sought
from winset.kernels.dominance import undominated
from winset.kernels.folding import fold
from winset.space.formula import formula_of, holds, leaves
from winset.space.numbers import Floats, Ints, quantise

# How many partial sums are kept by how many criteria there are: comparing them grows with both.
MOST_SUMS = {1: 200_000, 2: 200_000, 3: 60_000, 4: 60_000}
MOST_SUMS_BEYOND = 2_000
# Far finer than the 1e-9 of the answers, so that rounding row by row moves none of them.
FINE = 1e-13
LARGEST = 4e5


def folded(sought: Sought) -> Ints | None:
    """The frontier in whole 1e-9ths, shape (points, parties), by rising utility of the first party.

    None where there is more to compare than it can hold.

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
