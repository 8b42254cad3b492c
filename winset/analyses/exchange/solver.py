"""Linear programmes with some whole unknowns, by HiGHS (Huangfu & Hall 2018) as scipy has it."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from winset.errors import LimitExceeded
from winset.space.numbers import Floats, Ints

MOST_NODES = 500  # of branch and bound: nodes, not seconds, so that answers do not vary
_FINEST = 1e-10  # tolerance of the linear programme
_COARSEST = 2e-6  # more than the tolerance of branch and bound
_OPTIMAL, _INFEASIBLE = 0, 2  # as scipy numbers them
_ALONE = Lock()


@dataclass(frozen=True, eq=False, slots=True)
class Asked:
    """Which values of the unknowns (n,), from `low` to `high`, cost least and keep all rows at 0 at least.

    `kept` (rows, n + 1): coefficients, and last a constant; the first `soft` of the rows have other than
    whole numbers. `integral` (n,): 1 for whole unknowns, 0 for others.
    """

    cost: Floats
    kept: Floats
    soft: int
    low: Floats
    high: Floats
    integral: Ints


def solved(asked: Asked) -> tuple[Floats, bool] | None:
    """The values (n,), and whether none cost less; None where there are none.

    Raises LimitExceeded where branch and bound found nothing within 500 nodes.
    """
    if not asked.integral.any():
        values = _fine(asked, asked.low, asked.high)
        return None if values is None else (values, True)
    # Branch and bound keeps rows to a tolerance: where it lives on that, it is asked for something to spare.
    for spare in (0.0, _COARSEST):
        answer = _branched(asked, spare)
        if answer is None:
            return None
        low, high = (np.where(asked.integral, answer[0], bound) for bound in (asked.low, asked.high))
        values = _fine(asked, low, high)
        if values is not None:
            return values, answer[1] and not spare
    return None


def _branched(asked: Asked, spare: float) -> tuple[Floats, bool] | None:
    """Whole unknowns by branch and bound, soft rows keeping something to spare; whether none cost less."""
    least = np.where(np.arange(len(asked.kept)) < asked.soft, spare, 0.0) - asked.kept[:, -1]
    with _hushed():
        answer = milp(
            asked.cost, constraints=LinearConstraint(asked.kept[:, :-1], lb=least),
            integrality=asked.integral, bounds=Bounds(asked.low, asked.high),
            options={"node_limit": MOST_NODES, "mip_rel_gap": 0.0},
        )  # fmt: skip
    if answer.x is None:
        _mind(answer.status)
        return None
    return np.rint(answer.x), answer.status == _OPTIMAL


@contextmanager
def _hushed() -> Iterator[None]:
    """Keeps standard output clean: in branch and bound HiGHS at times writes a line there, whatever its
    options, and one such line spoils JSON that is written there too."""
    if os.name != "posix":
        yield
        return
    library = ctypes.CDLL(None)
    with _ALONE, open(os.devnull, "w") as nowhere:
        library.fflush(None)
        kept = os.dup(1)
        os.dup2(nowhere.fileno(), 1)
        try:
            yield
        finally:
            library.fflush(None)
            os.dup2(kept, 1)
            os.close(kept)


def _fine(asked: Asked, low: Floats, high: Floats) -> Floats | None:
    """The values where none need be whole, to a finer tolerance."""
    answer = linprog(
        asked.cost, -asked.kept[:, :-1], asked.kept[:, -1], bounds=np.stack([low, high], axis=1),
        method="highs",
        options={"primal_feasibility_tolerance": _FINEST, "dual_feasibility_tolerance": _FINEST},
    )  # fmt: skip
    if answer.x is None:
        _mind(answer.status)
        return None
    return np.asarray(answer.x)


def _mind(status: int) -> None:
    """Raises LimitExceeded where no values were found though there may be some."""
    if status != _INFEASIBLE:
        raise LimitExceeded(
            f"sizes of the steps were not found within {MOST_NODES:,} nodes of branch and bound; "
            "ask for fewer steps, or merge lots"
        )
