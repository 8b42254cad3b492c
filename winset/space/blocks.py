"""Which issues belong together, and the table of feasible rows of each such block."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from winset.case import conditions
from winset.errors import LimitExceeded

MAX_ROWS = 2**20

Rows = NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Tie:
    """Something that makes issues depend on each other: what it is called, and the issues."""

    name: str
    issues: tuple[str, ...]


def components(issues: Sequence[str], ties: Iterable[Tie]) -> list[tuple[str, ...]]:
    """The issues in groups that no tie crosses, in the order of the case."""
    leader = {issue: issue for issue in issues}

    def find(issue: str) -> str:
        while leader[issue] != issue:
            leader[issue] = leader[leader[issue]]
            issue = leader[issue]
        return issue

    for tie in ties:
        for other in tie.issues[1:]:
            leader[find(other)] = find(tie.issues[0])
    groups: dict[str, list[str]] = {}
    for issue in issues:
        groups.setdefault(find(issue), []).append(issue)
    return [tuple(group) for group in groups.values()]


def table(
    issues: tuple[str, ...],
    options: Mapping[str, Sequence[str]],
    forbidden: Sequence[conditions.Condition],
    ties: Sequence[Tie],
) -> Rows:
    """The feasible rows of a block: option numbers, shape (rows, issues), in lexicographic order.

    Issues are added one by one and forbidden rows dropped as soon as a constraint can be judged.
    Raises LimitExceeded past 2**20 rows.
    """
    rows: Rows = np.zeros((1, 0), np.int16)
    waiting = list(forbidden)
    for i, issue in enumerate(issues):
        count = len(options[issue])
        if len(rows) * count > MAX_ROWS:
            raise _too_large(issues, ties)
        rows = np.column_stack(
            [np.repeat(rows, count, axis=0), np.tile(np.arange(count, dtype=np.int16), len(rows))]
        )
        known = issues[: i + 1]
        ready = [c for c in waiting if set(conditions.issues_of(c)) <= set(known)]
        waiting = [c for c in waiting if c not in ready]
        for condition in ready:
            rows = rows[~mask(condition, rows, known, options)]
    return rows


def _too_large(issues: tuple[str, ...], ties: Sequence[Tie]) -> LimitExceeded:
    names = [tie.name for tie in ties if set(tie.issues) <= set(issues) and len(tie.issues) > 1]
    shown = ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")
    return LimitExceeded(
        f"the issues {', '.join(issues)} hang together through {shown}, and have more than "
        f"{MAX_ROWS:,} combinations; drop or simplify a tie, or merge options"
    )


def mask(
    condition: conditions.Condition, rows: Rows, issues: Sequence[str], options: Mapping[str, Sequence[str]]
) -> NDArray[np.bool_]:
    """Which rows the condition holds in; shape (rows,)."""
    match condition:
        case conditions.Is(issue, names):
            wanted = [list(options[issue]).index(name) for name in names]
            return np.isin(rows[:, list(issues).index(issue)], wanted)
        case conditions.Not(inner):
            return ~mask(inner, rows, issues, options)
        case conditions.All(parts):
            return _fold(np.logical_and, parts, rows, issues, options)
        case conditions.Any(parts):
            return _fold(np.logical_or, parts, rows, issues, options)


def _fold(
    join: Callable[..., NDArray[np.bool_]],
    parts: tuple[conditions.Condition, ...],
    rows: Rows,
    issues: Sequence[str],
    options: Mapping[str, Sequence[str]],
) -> NDArray[np.bool_]:
    result = mask(parts[0], rows, issues, options)
    for part in parts[1:]:
        result = join(result, mask(part, rows, issues, options))
    return result
