"""A case as a folder of GeniusWeb JSON: a `LinearAdditiveUtilitySpace` for each party."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from winset.case.emit import in_json
from winset.case.model import Case
from winset.formats.flatten import scenario_of
from winset.formats.losses import Losses
from winset.formats.outside import write_folder
from winset.formats.scenario import Profile, Scenario, Topic, worth_of

_FITS = 1e-12
_DIGITS = 15


def save(case: Case, path: Path, *, lossy: bool = False) -> tuple[str, ...]:
    """Write the case as a folder; says what is lost, and unless `lossy` raises CaseError where it is."""
    scenario, losses = scenario_of(case)
    for profile in scenario.profiles:
        _note_reservation(profile, losses)
    straight = [_straight(scenario, place) for place in range(len(scenario.topics))]
    for topic, is_straight in zip(scenario.topics, straight, strict=True):
        if topic.step is not None and not is_straight:
            losses.remarks.append(f"issue '{topic.name}': its numbers are written as names")
    said = losses.settle("GeniusWeb JSON", case, lossy=lossy)
    write_folder(
        path,
        {
            f"{profile.name}.json": in_json(_space(scenario, profile, straight), lines=True) + "\n"
            for profile in scenario.profiles
        },
    )
    return said


def _note_reservation(profile: Profile, losses: Losses) -> None:
    if profile.discount is not None:
        losses.add("discount factors", profile.name)
    if profile.reservation and not _says_reservation(profile):
        what = "walk-aways that no reservation bid in the case's notes gives"
        losses.add(what, profile.name, "no reservation bid is written, and every package is acceptable")


def _says_reservation(profile: Profile) -> bool:
    """Whether the remembered bid is still worth the walk-away."""
    return bool(profile.bid) and abs(worth_of(profile, profile.bid) - profile.reservation) <= _FITS


def _straight(scenario: Scenario, place: int) -> bool:
    """Whether an issue was read as a range of numbers and every party's scores still lie on a line."""
    if scenario.topics[place].step is None:
        return False
    return all(_on_a_line(profile.scores[place]) for profile in scenario.profiles)


def _on_a_line(scores: Sequence[float]) -> bool:
    first, last, steps = scores[0], scores[-1], len(scores) - 1
    return all(
        abs(first + (last - first) * (place / steps) - score) <= _FITS for place, score in enumerate(scores)
    )


def _space(scenario: Scenario, profile: Profile, straight: Sequence[bool]) -> dict[str, Any]:
    topics = scenario.topics
    names = [topic.name for topic in topics]
    inner: dict[str, Any] = {
        "domain": {
            "name": scenario.title,
            "issuesValues": {t.name: _values(t, line) for t, line in zip(topics, straight, strict=True)},
        },
        "name": profile.name,
        "issueUtilities": {
            topic.name: _utilities(topic, scores, line)
            for topic, scores, line in zip(topics, profile.scores, straight, strict=True)
        },
        "issueWeights": dict(zip(names, _summing_to_1(profile.weights), strict=True)),
    }
    if _says_reservation(profile):
        bid = {names[i]: _value(topics[i].values[v], straight[i]) for i, v in profile.bid}
        inner["reservationBid"] = {"issuevalues": bid}
    return {"LinearAdditiveUtilitySpace": inner}


def _values(topic: Topic, line: bool) -> dict[str, Any]:
    if not line:
        return {"values": list(topic.values)}
    return {"range": [_number(topic.values[0]), _number(topic.values[-1]), _number(str(topic.step))]}


def _utilities(topic: Topic, scores: Sequence[float], line: bool) -> dict[str, Any]:
    if not line:
        return {"discreteutils": {"valueUtilities": dict(zip(topic.values, scores, strict=True))}}
    ends = {"lowValue": _number(topic.values[0]), "lowUtility": scores[0]}
    return {"numberutils": {**ends, "highValue": _number(topic.values[-1]), "highUtility": scores[-1]}}


def _value(value: str, line: bool) -> str | int | float:
    return _number(value) if line else value


def _number(text: str) -> int | float:
    number = Decimal(text)
    return int(number) if number == number.to_integral_value() else float(number)


def _summing_to_1(weights: Sequence[float]) -> list[float]:
    """Weights whose decimals sum to exactly 1, as GeniusWeb wants: the largest takes the rounding."""
    exact = [round(Decimal(weight), _DIGITS) for weight in weights]
    exact[exact.index(max(exact))] += 1 - sum(exact)
    return [float(weight) for weight in exact]
