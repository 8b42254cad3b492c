"""How many draws of a case's estimates and red lines, from which seed, and where they run.

A share of draws says how far an answer rests on the numbers of a case; it is never the probability of a deal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from winset.compute import HERE, Where
from winset.compute import run as compute
from winset.errors import OutOfRange

MOST_DRAWS = 10_000_000
CHUNK = 250
SAMPLING = ("draws", "seed", "rho", "jobs", "cluster", "progress")

P = TypeVar("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Sampling:
    """How many draws, from which seed, how strongly a side's inputs hang together, and where they run.

    `draws` is from 1 to 10,000,000, `rho` from 0 to 0.99; `progress(done, of)` hears of every chunk. Raises
    OutOfRange for other numbers.
    """

    draws: int
    seed: int = 0
    rho: float = 0.5
    where: Where = HERE
    progress: Callable[[int, int], None] | None = None

    def __post_init__(self) -> None:
        if type(self.draws) is not int or not 1 <= self.draws <= MOST_DRAWS:
            raise OutOfRange("draws", self.draws, 1, MOST_DRAWS)

    @classmethod
    def of(cls, draws: int, given: Mapping[str, Any]) -> Sampling:
        """So many draws, the rest as `given` by the names in SAMPLING."""
        where = Where(given.get("jobs", 1), given.get("cluster"))
        rest = {key: given[key] for key in ("seed", "rho", "progress") if key in given}
        return cls(draws, where=where, **rest)

    @property
    def parameters(self) -> dict[str, Any]:
        """What of it belongs beside an answer: the same answer comes from anywhere."""
        return {"draws": self.draws, "seed": self.seed, "rho": self.rho}

    def run(self, work: Callable[[P, int, int], T], payload: P) -> list[T]:
        """`work(payload, first, count)` for all draws, a chunk at a time, in order."""
        return compute(work, payload, self.draws, self.where, chunk=CHUNK, progress=self.progress)
