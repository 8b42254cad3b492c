"""Draws on a Dask cluster, by `distributed`, which is an extra.

The scheduler does a dead worker's share again; only where the scheduler or the last copy of the payload is
lost are the missing shares sent anew.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module, metadata
from platform import python_version
from typing import Any

from winset.compute.share import ATTEMPTS, ComputeError, P, Results, Share, T, Work
from winset.errors import WinsetError, clip

EXAMPLE = "tcp://127.0.0.1:8786"
CONNECT_SECONDS = 10


class SharesLost(WinsetError):
    """Shares whose results will not come: the scheduler forgot them, or is gone."""


def results(work: Work[P, T], payload: P, todo: Sequence[Share], address: str) -> Results[T]:
    """Each share with its result, as they come in from the cluster.

    Raises ComputeError where `distributed` is missing, where the cluster does not answer, has no workers or
    workers with another winset or Python, and where it loses shares too often.
    """
    distributed = _distributed()
    missing = set(todo)
    for _ in range(ATTEMPTS):
        try:
            with _client(distributed, address) as client:
                _check_workers(client, address)
                for share, result in _attempt(distributed, client, work, payload, sorted(missing)):
                    missing.remove(share)
                    yield share, result
        except SharesLost:
            continue
        except distributed.KilledWorker as error:
            raise ComputeError(
                f"workers of the cluster at {address} died again and again over the same draws"
                "; they may have run out of memory: give them more"
            ) from error
        return
    raise ComputeError(f"the cluster at {address} lost draws {ATTEMPTS} times; look at its scheduler's log")


def _attempt(
    distributed: Any, client: Any, work: Work[P, T], payload: P, todo: Sequence[Share]
) -> Results[T]:
    # In a list, as a payload that is a list or a dict would be scattered piece by piece.
    try:
        [sent] = client.scatter([payload], broadcast=True, hash=False)
    except (OSError, TimeoutError) as error:
        raise SharesLost from error
    futures = client.map(work, [sent] * len(todo), *zip(*todo, strict=True), pure=False)
    shares = dict(zip((future.key for future in futures), todo, strict=True))
    coming = distributed.as_completed(futures, loop=client.loop, with_results=True, raise_errors=False)
    # A future that nothing refers to frees its result on the cluster.
    del futures
    for future, result in coming:
        if future.status == "error":
            raise result[1].with_traceback(result[2])
        if future.status != "finished":
            raise SharesLost
        yield shares.pop(future.key), result


@contextmanager
def _client(distributed: Any, address: str) -> Iterator[Any]:
    _greet(address)
    with _quiet("distributed.client"):
        client = distributed.Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
        try:
            yield client
        finally:
            client.close()


@contextmanager
def _quiet(name: str) -> Iterator[None]:
    """Keep a log off standard error: what it would say with tracebacks is said by ComputeError."""
    log = logging.getLogger(name)
    before = log.level
    log.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        log.setLevel(before)


def _greet(address: str) -> None:
    """Say hello to the scheduler; ComputeError where none answers.

    A Client that cannot connect would go on trying when it is thrown away, and complain on standard error.
    """
    runner = import_module("distributed.utils").LoopRunner(asynchronous=False)
    runner.start()
    try:
        runner.run_sync(_hello, address)
    except (OSError, ValueError, TimeoutError) as error:
        raise ComputeError(
            f"no Dask scheduler answers at {clip(address)}; look whether it runs there, and give its address"
            f" as it says it itself, {EXAMPLE} say"
        ) from error
    finally:
        runner.stop()


async def _hello(address: str) -> None:
    connecting = import_module("distributed.core").connect(address, timeout=CONNECT_SECONDS)
    # Something that listens and never speaks would be listened to for ever.
    comm = await asyncio.wait_for(connecting, CONNECT_SECONDS)
    await comm.close()


def _check_workers(client: Any, address: str) -> None:
    """ComputeError unless the cluster has workers, all with the winset and the Python of this process."""
    try:
        # One that died may be on its way back.
        client.wait_for_workers(1, timeout=CONNECT_SECONDS)
    except TimeoutError as error:
        raise ComputeError(
            f"the cluster at {address} has no workers; start some with: dask worker {address}"
        ) from error
    ours = metadata.version("winset")
    theirs = _ask(client, metadata.version, "winset")
    for worker, version in theirs.items():
        if version != ours:
            has = "has no winset" if isinstance(version, Exception) else f"has winset {clip(version)}"
            raise ComputeError(
                f"the worker at {worker} {has}, and here is winset {ours}"
                f'; there, run: pip install "winset[cluster]=={ours}"'
            )
    for worker, version in _ask(client, python_version).items():
        if str(version).split(".")[:2] != [str(part) for part in sys.version_info[:2]]:
            raise ComputeError(
                f"the worker at {worker} has Python {clip(version)}, and here is Python {python_version()}"
                "; use the same Python in both places"
            )


def _ask(client: Any, question: Any, *words: str) -> Mapping[str, object]:
    """What each worker answers; questions are of the standard library, as winset may be missing there."""
    answers: dict[str, object] = client.run(question, *words, on_error="return")
    return answers


def _distributed() -> Any:
    try:
        return import_module("distributed")
    except ModuleNotFoundError as error:
        raise ComputeError(
            'a cluster needs the package distributed; to install it: pip install "winset[cluster]"'
        ) from error
