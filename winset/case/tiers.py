"""The core of a case: what remains when its extended issues are left out of play."""

from __future__ import annotations

from typing import Any

from winset.case import conditions
from winset.case.base import FrozenDict
from winset.case.model import Case, Preference, Ranking, Spoiler


def extended_issues(case: Case) -> tuple[str, ...]:
    """The issues that are in play only when asked for."""
    return tuple(name for name, issue in case.issues.items() if issue.tier == "extended")


def core_of(case: Case) -> Case:
    """The case without its extended issues and everything that hangs on them.

    Weights are normalised over the issues in play, so the core's keep their proportions.
    """
    left_out = frozenset(extended_issues(case))
    if not left_out:
        return case
    return case.model_copy(
        update={
            "issues": _less(case.issues, left_out),
            "preferences": FrozenDict({ref: _narrow(p, left_out) for ref, p in case.preferences.items()}),
            "constraints": tuple(c for c in case.constraints if not _touches(c.forbid, left_out)),
            "joint": tuple(j for j in case.joint if not _touches(j.when, left_out)),
            "cautions": tuple(c for c in case.cautions if not _touches(c.when, left_out)),
            "spoilers": _spoilers(case, left_out),
            "texts": FrozenDict(
                {
                    name: text.model_copy(update={"package": _less(text.package, left_out)})
                    for name, text in case.texts.items()
                }
            ),
        }
    )


def _less(entries: Any, left_out: frozenset[str]) -> Any:
    return FrozenDict({key: value for key, value in entries.items() if key not in left_out})


def _touches(condition: str, left_out: frozenset[str]) -> bool:
    return not left_out.isdisjoint(conditions.issues_of(conditions.red_line(condition)))


def _spoilers(case: Case, left_out: frozenset[str]) -> FrozenDict[str, Spoiler]:
    """The spoilers less triggers that touch what is left out, and less those that then have nothing left.

    Nothing is left of one that is not `total` and has no faction.
    """
    kept = {}
    for name, spoiler in case.spoilers.items():
        if spoiler.trigger is not None and _touches(spoiler.trigger, left_out):
            spoiler = spoiler.model_copy(update={"trigger": None})
        if spoiler.says_when:
            kept[name] = spoiler
    return FrozenDict(kept)


def _narrow(preference: Preference, left_out: frozenset[str]) -> Preference:
    red_lines = {key: chance for key, chance in preference.red_lines.items() if not _touches(key, left_out)}
    weights = preference.weights
    kept = _ranking_less(weights, left_out) if isinstance(weights, Ranking) else _less(weights, left_out)
    return preference.model_copy(
        update={
            "weights": kept,
            "scores": _less(preference.scores, left_out),
            "because": _less(preference.because, left_out),
            "red_lines": FrozenDict(red_lines),
        }
    )


def _ranking_less(ranking: Ranking, left_out: frozenset[str]) -> Ranking:
    levels = (tuple(name for name in level if name not in left_out) for level in ranking.levels)
    return Ranking(order=tuple(level for level in levels if level))
