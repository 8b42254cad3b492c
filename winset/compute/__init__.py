"""Where many draws run: in this process, in processes of this machine, or on a Dask cluster.

What is asked for is the same wherever it runs: shares of a fixed size, their results in order. A place gets
the payload once for each of its workers, does a dead worker's share again, and stops with whatever stops it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass

from winset.compute import cluster, processes
from winset.compute.share import ComputeError, P, Results, Share, T, Work, here, shares
from winset.errors import OutOfRange

__all__ = ["HERE", "MOST_JOBS", "ComputeError", "Where", "remaining", "run"]

MOST_JOBS = 256
MOST_DRAWS = 10**9

Progress = Callable[[int, int], None]


def _check(name: str, value: int, low: int, high: int) -> None:
    if type(value) is not int or not low <= value <= high:
        raise OutOfRange(name, value, low, high)


@dataclass(frozen=True, slots=True)
class Where:
    """Where draws run: in `jobs` processes (1: in this one), or on the cluster at an address.

    Raises OutOfRange for a number of processes that cannot be, ComputeError for a cluster without an
    address and for a cluster and a number of processes together.
    """

    jobs: int = 1
    cluster: str | None = None

    def __post_init__(self) -> None:
        _check("jobs", self.jobs, 1, MOST_JOBS)
        if self.cluster is None:
            return
        if not self.cluster.strip():
            raise ComputeError(f"the cluster has no address; give its scheduler's, {cluster.EXAMPLE} say")
        if self.jobs > 1:
            raise ComputeError("a cluster has workers of its own; give a number of jobs or a cluster")


HERE = Where()


def run(
    work: Work[P, T],
    payload: P,
    count: int,
    where: Where = HERE,
    *,
    chunk: int,
    progress: Progress | None = None,
) -> list[T]:
    """The results of `work(payload, first, n)` for draws 0 to `count - 1`, `chunk` at a time, in order.

    `work` is a function of a module, as other processes find it by its name; its results must not depend on
    which shares a process did before. `progress(done, count)` is called here after each share, in any order
    of shares. Whatever is raised, by `work`, by `progress` or by Ctrl-C, ends the shares not yet done and
    comes out as it is; a cluster's workers finish the share they are at.
    Raises OutOfRange for a `chunk` or `count` that cannot be, ComputeError where a place cannot run draws.
    """
    _check("chunk", chunk, 1, MOST_DRAWS)
    _check("count", count, 0, MOST_DRAWS)
    todo = shares(count, chunk)
    found: dict[Share, T] = {}
    done = 0
    # Closing tells the place to stop where something is raised between two results.
    with closing(_results(work, payload, todo, where)) as results:
        for share, result in results:
            found[share] = result
            done += share.draws
            if progress is not None:
                progress(done, count)
    return [found[share] for share in todo]


def remaining(done: int, total: int, seconds: float) -> float | None:
    """Seconds left when `done` of `total` draws took `seconds`; None before the first is done."""
    return seconds * (total - done) / done if done else None


def _results(work: Work[P, T], payload: P, todo: Sequence[Share], where: Where) -> Results[T]:
    if where.cluster is not None and todo:
        return cluster.results(work, payload, todo, where.cluster)
    # A single share is not worth starting a process.
    if where.jobs > 1 and len(todo) > 1:
        return processes.results(work, payload, todo, where.jobs)
    return here(work, payload, todo)
