"""The errors winset raises, each worded for the person who has to mend something."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

Severity = Literal["error", "warning"]


class WinsetError(Exception):
    """Base of everything winset raises on purpose."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a case: where, what, and the way out.

    `line` and `column` count from 1; 0 means that no place in a file is known.
    """

    message: str
    way_out: str = ""
    key: str = ""
    file: str = ""
    line: int = 0
    column: int = 0
    severity: Severity = "error"
    check: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        head = " ".join(part for part in (place, self.key) if part)
        text = f"{head}: {self.message}" if head else self.message
        return f"{text}; {self.way_out}" if self.way_out else text


class CaseError(WinsetError):
    """A case that cannot be used as it stands; carries every fault found, with its place."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(self.faults)

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)


class UnknownName(WinsetError):
    """A name that nothing bears, with the nearest one that something does."""

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        self.kind, self.name, self.known = kind, name, tuple(known)
        super().__init__(kind, name, self.known)

    def __str__(self) -> str:
        return f"there is no {self.kind} '{clip(self.name)}'; {suggestion(self.name, self.known)}"


class OutOfRange(WinsetError):
    """A parameter outside the range it can take; says the value and the range."""

    def __init__(self, name: str, value: object, low: float, high: float) -> None:
        self.name, self.value, self.low, self.high = name, value, low, high
        # Its arguments as they are: an error that comes from another process is made of them anew.
        super().__init__(name, value, low, high)

    def __str__(self) -> str:
        low, high = (f"{end:,.0f}" if end == int(end) else f"{end:g}" for end in (self.low, self.high))
        return f"{self.name} is {clip(str(self.value))}; give a number from {low} to {high}"


class LimitExceeded(WinsetError):
    """A question larger than a stated limit; says the size, the limit and the way out."""


class NotApplicable(WinsetError):
    """A question that this case cannot be asked; says what the case would need."""


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name closest in spelling to `name`, or None when none is close."""
    close = get_close_matches(name[:80], [k for k in known if k], n=1, cutoff=0.55)
    return close[0] if close else None


def suggestion(name: str, known: Iterable[str], limit: int = 12) -> str:
    """The way out for an unknown name: the nearest known one, or the list of them."""
    names = list(known)
    close = nearest(name, names)
    if close is not None:
        return f"did you mean '{close}'?"
    if not names:
        return "none is known here"
    shown = ", ".join(names[:limit])
    return f"known: {shown}" + (f" and {len(names) - limit} more" if len(names) > limit else "")


def clip(value: object, length: int = 60) -> str:
    """A value as it is shown in a message: one line, not too long, nothing that steers a terminal."""
    text = " ".join(str(value)[: 4 * length].split())
    text = "".join(c if c.isprintable() else "\ufffd" for c in text)
    return text if len(text) <= length else text[: length - 1] + "…"
