"""What spoilers are asked about: what several analyses look at, complete or not, equal ones once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from winset.analyses.spoilers.answers import Package
from winset.analyses.subjects import Named
from winset.space.build import Space
from winset.space.package import open_issues, read_package, row_of
from winset.space.worth import Choices


@dataclass(frozen=True, slots=True)
class Asked:
    """Something to look at: what it is called, what it settles, and the issues that it leaves open."""

    titles: tuple[str, ...]
    package: Package
    open: tuple[str, ...]


def asked(space: Space, named: Iterable[Named]) -> tuple[list[Asked], list[Asked]]:
    """The complete ones and those that leave issues open, equal ones once."""
    titles: dict[tuple[tuple[str, str], ...], list[str]] = {}
    for one in named:
        titles.setdefault(tuple(read_package(space, one.package).items()), []).append(_title(space, one))
    found = [
        Asked(tuple(called), dict(settled), open_issues(space, dict(settled)))
        for settled, called in titles.items()
    ]
    return [one for one in found if not one.open], [one for one in found if one.open]


def _title(space: Space, one: Named) -> str:
    untitled = one.text and space.case.texts[one.id].title is None
    return f"The text '{one.id}'" if untitled else one.title


def rows(space: Space, whole: Iterable[Asked]) -> Choices:
    """Complete packages by option numbers, shape (packages, issues)."""
    none = np.empty((0, len(space.issues)), np.int16)
    return np.concatenate([none, *(row_of(space, one.package) for one in whole)])
