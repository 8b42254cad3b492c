"""The undominated sums of one row a block: blocks are folded one by one, dominated sums left behind."""

from __future__ import annotations

import numpy as np

from winset.kernels.dominance import Ints, undominated


def fold(tables: list[Ints], floors: Ints, most: int) -> Ints | None:
    """Undominated sums of one row from each table, shape (sums, criteria), that can still reach the floors.

    `tables` have shape (rows, criteria), whole numbers, higher is better; `floors` has shape (criteria,).
    What a sum dominates now it dominates whatever is added to both, so nothing undominated is lost. None
    where more than `most` sums would have to be kept, or 16 times as many compared.
    """
    # The largest tables last: they multiply what is there only once.
    ordered = sorted(tables, key=len)
    room = np.cumsum([table.max(axis=0) for table in ordered[::-1]], axis=0)[::-1]
    sums = np.zeros((1, len(floors)), np.int64)
    for place, table in enumerate(ordered):
        if len(sums) * len(table) > 16 * most:
            return None
        grown = (sums[:, None, :] + table[None, :, :]).reshape(-1, len(floors))
        rest = room[place + 1] if place + 1 < len(ordered) else np.zeros(len(floors), np.int64)
        grown = grown[(grown + rest >= floors).all(axis=1)]
        if not len(grown):
            return grown
        sums = grown[undominated(grown)]
        if len(sums) > most:
            return None
    return sums
