"""Levers as they are pulled: those of a case, and those that somebody names in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from winset.case.model import Case, Constraint, Ranking
from winset.case.patch import patch
from winset.case.read import recheck
from winset.errors import UnknownName, WinsetError

FORMS = (
    "settle ISSUE=OPTION; shift FACTION by POINTS; lift FACTION RED_LINE to CHANCE; "
    "add ISSUE.OPTION: FACTION=SCORE, ..."
)


class UnclearLever(WinsetError):
    """A lever named in words that are of none of the known forms, or that say too little."""


@dataclass(frozen=True, slots=True)
class Pull:
    """A change to a case: what it is called, who holds it, what it is in words, the places it touches.

    `change` gives the case after it; it raises UnknownName and CaseError where the case cannot take it.
    `issue` is what it is about, where it is about one alone.
    """

    name: str
    by: tuple[str, ...]
    what: str
    touches: frozenset[str]
    change: Callable[[Case], Case]
    issue: str | None = None


def of_case(case: Case) -> tuple[Pull, ...]:
    """The levers of the case."""
    return tuple(
        Pull(lever.id, lever.by, lever.what, frozenset(lever.set), partial(patch, changes=lever.set))
        for lever in case.levers
    )


def in_words(case: Case, words: str) -> Pull:
    """A lever in one of the forms that `FORMS` names; UnclearLever, UnknownName or CaseError for others."""
    verb, _, rest = words.strip().partition(" ")
    make = _VERBS.get(verb)
    if make is None:
        raise UnclearLever(f"'{words}' is no lever; write one as: {FORMS}")
    return make(case, words.strip(), rest.strip())


def _settle(case: Case, words: str, rest: str) -> Pull:
    issue, option = _parts(r"(\S+?)\s*=\s*(\S+)", rest, words)
    _known("issue", issue, case.issues)
    _known(f"option of '{issue}'", option, case.issues[issue].options)
    touches = {f"issues.{issue}", f"texts.{case.on_the_table}.package.{issue}"}
    what = f"'{issue}' is settled as '{option}'."
    return Pull(words, (), what, frozenset(touches), _Settled(issue, option), issue)


@dataclass(frozen=True, slots=True)
class _Settled:
    """Every package and the text on the table have this option."""

    issue: str
    option: str

    def __call__(self, case: Case) -> Case:
        if case.on_the_table is not None:
            case = patch(case, {f"texts.{case.on_the_table}.package.{self.issue}": self.option})
        barred = Constraint(id=f"settled_{self.issue}", forbid=f"not ({self.issue} == {self.option})")
        settled = case.model_copy(update={"constraints": (*case.constraints, barred)})
        recheck(settled)
        return settled


def _shift(case: Case, words: str, rest: str) -> Pull:
    ref, by = _parts(r"(\S+)\s+(?:by\s+)?([+-]?\d+(?:\.\d+)?)", rest, words)
    _known("faction", ref, case.preferences)
    points, estimate = float(by), case.preferences[ref].walk_away
    moved = {
        key: value + points
        for key in ("low", "mode", "high")
        if (value := getattr(estimate, key)) is not None
    }
    path = f"preferences.{ref}.walk_away"
    changes: dict[str, Any] = {path: {**moved, "shape": estimate.shape}}
    what = f"The walk-away of {ref} moves by {points:+g} points."
    return Pull(words, (), what, frozenset({path}), partial(patch, changes=changes))


def _lift(case: Case, words: str, rest: str) -> Pull:
    ref, key, chance = _parts(r"(\S+)\s+(.+?)(?:\s+to\s+(\S+))?", rest, words)
    _known("faction", ref, case.preferences)
    _known(f"red line of '{ref}'", key, case.preferences[ref].red_lines)
    left = _number(chance or "0", words)
    path = f"preferences.{ref}.red_lines.{key}"
    what = (
        f"The red line of {ref} on {key} holds with chance {left:g}."
        if left
        else f"{ref} lifts its red line on {key}."
    )
    return Pull(words, (), what, frozenset({path}), partial(patch, changes={path: left or None}))


def _add(case: Case, words: str, rest: str) -> Pull:
    issue, option, given = _parts(r"([^.\s]+)\.([^:\s]+)\s*:\s*(.+)", rest, words)
    _known("issue", issue, case.issues)
    if option in case.issues[issue].options:
        raise UnclearLever(
            f"'{words}': '{issue}' has an option '{option}' already; give the new one another id"
        )
    scores = _scores(case, given, words)
    judging = {ref: p.scores[issue] for ref, p in case.preferences.items() if issue in p.scores}
    ranked = [ref for ref, known in judging.items() if isinstance(known, Ranking)]
    if ranked:
        raise UnclearLever(
            f"'{words}': {', '.join(ranked)} ranks the options of '{issue}'; give scores instead"
        )
    missing = [ref for ref in judging if ref not in scores]
    if missing:
        raise UnclearLever(
            f"'{words}' gives no score of {', '.join(missing)}; add one each, as FACTION=SCORE"
        )
    changes: dict[str, Any] = {f"issues.{issue}.options.{option}": {"label": option}}
    changes |= {f"preferences.{ref}.scores.{issue}.{option}": score for ref, score in scores.items()}
    what = f"'{issue}' gets the option '{option}'."
    return Pull(words, (), what, frozenset(changes), partial(patch, changes=changes), issue)


def _scores(case: Case, given: str, words: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for part in given.split(","):
        ref, score = _parts(r"(\S+?)\s*=\s*(\S+)", part.strip(), words)
        _known("faction", ref, case.preferences)
        found[ref] = _number(score, words)
    return found


def _parts(form: str, rest: str, words: str) -> tuple[str, ...]:
    match = re.fullmatch(form, rest)
    if match is None:
        raise UnclearLever(f"'{words}' is no lever; write one as: {FORMS}")
    return match.groups()


def _number(text: str, words: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise UnclearLever(f"'{words}': '{text}' is no number") from None


def _known(kind: str, name: str, known: Mapping[str, Any]) -> None:
    if name not in known:
        raise UnknownName(kind, name, known)


_VERBS: dict[str, Callable[[Case, str, str], Pull]] = {
    "settle": _settle,
    "shift": _shift,
    "lift": _lift,
    "add": _add,
}
