"""What a check yields, and what it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from winset.case.model import Case
from winset.case.yaml12 import Path
from winset.errors import Severity, clip, suggestion

ANYTHING = "*"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a check found: the path it concerns, what is the matter, the way out.

    `about` are the paths of what is found missing or wrong: where one of them was broken in the file in
    another way, and left out while reading, the finding is not reported. A path that ends in ANYTHING
    says that whatever is broken below it may explain the finding.
    """

    path: Path
    message: str
    way_out: str
    about: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """A check as data: its id, what it makes sure of, how bad a finding is, and how to look."""

    id: str
    promise: str
    severity: Severity
    find: Callable[[Case], Iterator[Finding]]


def unknown(path: Path, kind: str, name: str, known: Iterable[str], *about: Path) -> Finding:
    """The finding that a name is borne by nothing."""
    return Finding(path, f"there is no {kind} '{clip(name)}'", suggestion(name, known), about)
