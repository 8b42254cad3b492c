"""A scenario as the field's programs see it, issues with values and additive profiles, to and from `Case`."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from winset.case.faults import from_pydantic
from winset.case.model import Case
from winset.case.read import recheck
from winset.case.yaml12 import Document
from winset.errors import CaseError, clip
from winset.formats.outside import MAX_OPTIONS, Reader, slugs, to_points

SOURCE = "file"
_ROUNDING = 1e-9
_DISCOUNT = re.compile(r"discount factor (\d+(?:\.\d+)?(?:e[-+]?\d+)?) in the file; not applied\Z")
_BID = re.compile(r"reservation bid in the file: ([a-z0-9_=, ]+)\Z")
_REMARK = re.compile(r"(weight of index .+ which no issue has|item .+ the last evaluation counts)\Z")
_STEPS = re.compile(r"numbers from (\S+) to (\S+) in steps of (\S+) in the file\Z")


@dataclass(frozen=True, slots=True)
class Topic:
    """An issue: its name, its values, and how far they are apart where the file gives a range of numbers."""

    name: str
    values: tuple[str, ...]
    step: str | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class Profile:
    """What one party wants; weights by issue, scores by issue and value from 0 to 1, as in the file.

    `bid` is the package, value by issue, by which the file states the reservation; `remarks` are notes.
    """

    name: str
    weights: tuple[float, ...]
    scores: tuple[tuple[float, ...], ...]
    reservation: float = 0.0
    discount: float | None = None
    bid: tuple[tuple[int, int], ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scenario:
    """A negotiation as the field's programs know it."""

    title: str
    topics: tuple[Topic, ...]
    profiles: tuple[Profile, ...]


def check_topics(topics: Sequence[Topic], reader: Reader) -> None:
    """Note what is wrong with the issues of a domain: none, names twice, too few or too many values."""
    if not topics:
        reader.refuse("the domain has no issues", "add the issues with their values")
    names: set[str] = set()
    for topic in topics:
        key, line = f"issue '{topic.name}'", topic.line
        if topic.name in names:
            reader.refuse("the domain has two issues of this name", "name each issue once", key, line)
        if not topic.name.strip():
            reader.refuse("the issue has no name", "give it a name", key, line)
        if len(topic.values) < 2:
            has = f"has {len(topic.values)} value, and an issue needs 2 or more"
            reader.refuse(has, "add the other way to settle it, or take the issue out", key, line)
        if len(topic.values) > MAX_OPTIONS:
            has = f"has {len(topic.values):,} values, more than the {MAX_OPTIONS:,} that are read"
            reader.refuse(has, "use wider steps or a smaller range", key, line)
        seen: set[str] = set()
        for value in topic.values:
            if value in seen:
                reader.refuse(f"has the value '{clip(value)}' twice", "keep one of the two", key, line)
            elif not value.strip():
                reader.refuse("has a value without text", "give every value a text", key, line)
            seen.add(value)
        names.add(topic.name)


def even(weights: Sequence[float]) -> tuple[float, ...]:
    """Weights that sum to 1; those that do so but for the rounding of the file stay as they are."""
    total = math.fsum(weights)
    return tuple(weights) if abs(total - 1) <= _ROUNDING else tuple(weight / total for weight in weights)


def worth_of(profile: Profile, bid: Sequence[tuple[int, int]]) -> float:
    """The utility, from 0 to 1, of the values that a bid gives."""
    weights = even(profile.weights)
    return math.fsum(weights[issue] * profile.scores[issue][value] for issue, value in bid)


def to_case(scenario: Scenario, kind: str, name: str) -> Case:
    """The case that a scenario states; `kind` and `name` say what it was read from."""
    parties = slugs((profile.name for profile in scenario.profiles), "p")
    issues = slugs((topic.name for topic in scenario.topics), "i")
    options = [slugs(topic.values, "v") for topic in scenario.topics]
    data = {
        "winset": 1,
        "title": scenario.title,
        "sources": {SOURCE: {"title": f"{kind} {name}"}},
        "parties": {ref: {"name": profile.name} for ref, profile in _zip(parties, scenario.profiles)},
        "issues": {
            issue: _issue(topic, ids) for issue, (topic, ids) in _zip(issues, _zip(scenario.topics, options))
        },
        "preferences": {
            ref: _preference(profile, issues, options) for ref, profile in _zip(parties, scenario.profiles)
        },
    }
    try:
        case = Case.model_validate(data).named(name)
    except ValidationError as error:
        raise CaseError(from_pydantic(error, Document(name, data, {}))) from None
    recheck(case)
    return case


def _zip(first: Sequence[Any], second: Any) -> list[tuple[Any, Any]]:
    return list(zip(first, second, strict=True))


def _issue(topic: Topic, ids: Sequence[str]) -> dict[str, Any]:
    data: dict[str, Any] = {"title": topic.name, "options": dict(_zip(ids, topic.values))}
    if topic.step is not None:
        ends = f"numbers from {topic.values[0]} to {topic.values[-1]}"
        data["note"] = f"{ends} in steps of {topic.step} in the file"
    return data


def _preference(profile: Profile, issues: Sequence[str], options: Sequence[Sequence[str]]) -> dict[str, Any]:
    notes = list(profile.remarks)
    if profile.discount not in (None, 1.0):
        notes.insert(0, f"discount factor {profile.discount} in the file; not applied")
    if profile.bid:
        bid = ", ".join(f"{issues[issue]}={options[issue][value]}" for issue, value in profile.bid)
        notes.append(f"reservation bid in the file: {bid}")
    return {
        "walk_away": to_points(profile.reservation),
        "weights": dict(_zip(issues, even(profile.weights))),
        "scores": {
            issue: dict(_zip(ids, map(to_points, scores)))
            for issue, (ids, scores) in _zip(issues, _zip(options, profile.scores))
        },
        "source": SOURCE,
        **({"note": "\n".join(notes)} if notes else {}),
    }


def stray_weight(weight: float, index: str) -> str:
    """The remark that a weight counts for nothing, as no issue has its index."""
    return (
        f"weight of index {clip(index, 20)} in the file, {weight}, is left out: an index which no issue has"
    )


def repeated_item(issue: str, item: str) -> str:
    """The remark that an item stands more than once in a profile."""
    return f"item '{clip(item)}' of '{clip(issue)}' stands twice in the file; the last evaluation counts"


def step_of(note: str | None) -> str | None:
    """The step of a range of numbers that an issue's note remembers."""
    found = _STEPS.match(note or "")
    return found[3] if found else None


@dataclass(frozen=True, slots=True)
class Remembered:
    """What a preference's note remembers of the file, and what else it says."""

    discount: float | None
    bid: tuple[tuple[str, str], ...]
    remarks: bool
    rest: str


def remembered(note: str | None) -> Remembered:
    """What the note of a preference says, as `to_case` wrote it."""
    discount, bid, remarks, rest = None, [], False, []
    for part in filter(None, (note or "").split("\n")):
        if found := _DISCOUNT.match(part):
            discount = float(found[1])
        elif found := _BID.match(part):
            bid = [pair.partition("=")[::2] for pair in found[1].split(", ")]
        elif _REMARK.match(part):
            remarks = True
        else:
            rest.append(part)
    return Remembered(discount, tuple(bid), remarks, "\n".join(rest))
