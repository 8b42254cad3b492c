"""What every place that runs draws knows: a share of the draws, and the trouble a place can have."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from typing import NamedTuple, TypeVar

from winset.errors import WinsetError

ATTEMPTS = 4

P = TypeVar("P")
T = TypeVar("T")
Work = Callable[[P, int, int], T]


class ComputeError(WinsetError):
    """Draws that could not be run where they were asked for; says why and the way out."""


class Share(NamedTuple):
    """Draws `first` to `first + draws - 1`: what one call of the work does."""

    first: int
    draws: int


Results = Generator[tuple[Share, T], None, None]


def shares(count: int, chunk: int) -> list[Share]:
    """All draws in shares of `chunk`, the last maybe smaller: the same wherever they run."""
    return [Share(first, min(chunk, count - first)) for first in range(0, count, chunk)]


def here(work: Work[P, T], payload: P, todo: Sequence[Share]) -> Results[T]:
    """Each share with its result, one after the other, in this process."""
    for share in todo:
        try:
            result = work(payload, share.first, share.draws)
        except SystemError as error:
            # Ctrl-C while compiled code hands its result back comes out wrapped, once or more.
            cause = error.__cause__
            while isinstance(cause, SystemError):
                cause = cause.__cause__
            if isinstance(cause, KeyboardInterrupt):
                raise KeyboardInterrupt from None
            raise
        yield share, result
