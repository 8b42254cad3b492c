"""Draws in processes of this machine, by loky, which comes with joblib.

A run has its executor to itself. One that ended well is kept for the next run, as processes take a second
to start; its workers leave when they were idle for a minute. One that ended badly is killed.
"""

from __future__ import annotations

import atexit
import pickle
import signal
import warnings
from collections.abc import Iterator, Sequence
from concurrent.futures import as_completed
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple
from uuid import uuid4

from winset.compute.share import ATTEMPTS, ComputeError, P, Results, Share, T, Work

IDLE_SECONDS = 60
# The workers are as many as wanted: none is to start threads of its own.
ONE_THREAD = dict.fromkeys(
    (
        "BLIS_NUM_THREADS",
        "MKL_NUM_THREADS",
        "NUMBA_NUM_THREADS",
        "NUMEXPR_NUM_THREADS",
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "VECLIB_MAXIMUM_THREADS",
    ),
    "1",
)


class Parcel(NamedTuple):
    """A payload on its way: a file that each worker opens once, and the token by which it knows it again."""

    token: str
    file: Path


# Workers: the payload opened last. A worker serves one run at a time, so one is enough.
_opened: dict[str, Any] = {}
# The main process: executors that wait for work, by their number of workers; one at most.
_idle: dict[int, Any] = {}


def results(work: Work[P, T], payload: P, todo: Sequence[Share], jobs: int) -> Results[T]:
    """Each share with its result, as they come in from `jobs` processes.

    Shares lost with a worker that died are done again; ComputeError when that happened too often.
    """
    loky = import_module("joblib.externals.loky")
    missing = set(todo)
    with _parcel(payload) as parcel:
        for _ in range(ATTEMPTS):
            try:
                for share, result in _attempt(loky, work, parcel, sorted(missing), jobs):
                    missing.remove(share)
                    yield share, result
            except loky.BrokenProcessPool as error:
                lost = error
            else:
                return
    first, draws = min(missing)
    raise ComputeError(
        f"processes broke down {ATTEMPTS} times, and draws {first} to {first + draws - 1} were never done"
        "; they may have run out of memory: use fewer jobs"
    ) from lost


def _attempt(loky: Any, work: Work[P, T], parcel: Parcel, todo: Sequence[Share], jobs: int) -> Results[T]:
    with _executor(loky, min(jobs, len(todo)), jobs) as executor:
        with _interrupts_held():
            futures = {executor.submit(_compute, work, parcel, *share): share for share in todo}
        for future in as_completed(futures):
            yield futures.pop(future), future.result()


def _compute(work: Work[P, T], parcel: Parcel, first: int, draws: int) -> T:
    """In a worker: one share."""
    if parcel.token not in _opened:
        _opened.clear()
        _opened[parcel.token] = pickle.loads(parcel.file.read_bytes())
    return work(_opened[parcel.token], first, draws)


@contextmanager
def _parcel(payload: object) -> Iterator[Parcel]:
    with TemporaryDirectory(prefix="winset-", ignore_cleanup_errors=True) as folder:
        file = Path(folder) / "payload"
        file.write_bytes(pickle.dumps(payload, pickle.HIGHEST_PROTOCOL))
        yield Parcel(uuid4().hex, file)


@contextmanager
def _executor(loky: Any, least: int, most: int) -> Iterator[Any]:
    """An executor of `least` to `most` workers; whatever is raised kills them."""
    size, executor = _take_idle(least, most)
    if executor is None:
        executor = loky.ProcessPoolExecutor(
            size, timeout=IDLE_SECONDS, initializer=_deaf_to_interrupts, env=ONE_THREAD
        )
    try:
        yield executor
    except BaseException:
        _kill(executor)
        raise
    _end_idle()
    _idle[size] = executor


def _take_idle(least: int, most: int) -> tuple[int, Any | None]:
    for size in list(_idle):
        executor = _idle.pop(size, None)
        if executor is not None and least <= size <= most:
            return size, executor
        _end(executor)
    return least, None


def _kill(executor: Any) -> None:
    # Told to kill its workers, loky may trip over shares that wait; over workers that died it does not.
    for process in list(executor._processes.values()):
        process.terminate()
    _end(executor)


@atexit.register
def _end_idle() -> None:
    """Let go of what is idle while Python is still whole; later loky would complain of what is gone."""
    while _idle:
        _end(_idle.popitem()[1])


def _end(executor: Any | None) -> None:
    if executor is None:
        return
    with warnings.catch_warnings():
        # Where neither psutil nor pgrep is to be had, loky says so and kills all the same.
        warnings.simplefilter("ignore")
        executor.shutdown(wait=True)


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Hold Ctrl-C back; processes started meanwhile never hear of it: who started them ends them."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    # Started later, by loky, it would let Ctrl-C through again in some versions of Python.
    import_module("multiprocessing.resource_tracker").ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _deaf_to_interrupts() -> None:
    """In a worker, where starting processes could not hold Ctrl-C back from it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
