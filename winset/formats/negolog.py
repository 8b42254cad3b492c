"""NegoLog JSON: a folder with a profile for each party, which holds weights and values by issue."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

from winset.case.emit import in_json
from winset.case.model import Case
from winset.formats import sheets
from winset.formats.flatten import scenario_of
from winset.formats.losses import note_title
from winset.formats.outside import Reader, write_folder
from winset.formats.scenario import Profile, Scenario, Topic
from winset.formats.sheets import Sheet

ID = "negolog"
TITLE = "NegoLog JSON"
_ROUNDING = 1e-9
_WEIGHTS = re.compile(rb'"issueWeights"\s*:')
_OTHERS = re.compile(rb'"(winset|LinearAdditiveUtilitySpace)"\s*:')


def recognises(path: Path) -> bool:
    """Whether the path is a profile of NegoLog, or a folder that holds some."""
    return sheets.any_belongs(path, _belongs)


def _belongs(head: bytes) -> bool:
    return bool(_WEIGHTS.search(head)) and not _OTHERS.search(head)


def load(path: Path) -> Case:
    """Read a profile or a folder of them; CaseError with all faults."""
    return sheets.load_sheets(path, _belongs, _read, "NegoLog")


def _read(data: Any, reader: Reader) -> Sheet:
    table = reader.table(data, "profile")
    issues = reader.table(table.get("issues"), "issues")
    topics, raw = [], {}
    for name, values in issues.items():
        given = reader.table(values, f"issue '{name}'")
        at = f"issue '{name}' value"
        raw[name] = {value: reader.number(n, f"{at} '{value}'", low=0.0) for value, n in given.items()}
        topics.append(Topic(name, tuple(given)))
    weights = sheets.weights_in(table.get("issueWeights"), raw, reader)
    reservation, discount = table.get("reservationValue"), table.get("discountFactor")
    return Sheet(
        tuple(topics),
        weights,
        _scaled(raw, math.fsum(weights.values()), reader),
        0.0 if reservation is None else reader.number(reservation, "reservationValue", low=0.0),
        None if discount is None else reader.number(discount, "discountFactor", low=0.0),
    )


def _scaled(raw: dict[str, dict[str, float]], total: float, reader: Reader) -> dict[str, dict[str, float]]:
    """Scores that give the utilities of the file when the weights, which sum to `total`, are made even."""
    factor = 1.0 if abs(total - 1) <= _ROUNDING else total
    for name, values in raw.items():
        for value, number in values.items():
            if number * factor > 1:
                sums = "" if factor == 1 else f" as the weights sum to {total:g}"
                message = f"{number:g} can make a package worth more than 1{sums}"
                way_out = "write values up to 1 and weights that sum to 1"
                reader.refuse(message, way_out, f"issue '{name}' value '{value}'")
    return {name: {value: n * factor for value, n in values.items()} for name, values in raw.items()}


def save(case: Case, path: Path, *, lossy: bool = False) -> tuple[str, ...]:
    """Write the case as a folder; says what is lost, and unless `lossy` raises CaseError where it is."""
    scenario, losses = scenario_of(case)
    note_title(case, path, losses)
    losses.remarks += [
        f"{profile.name}: the reservation bid is written as its utility alone"
        for profile in scenario.profiles
        if profile.bid
    ]
    losses.remarks += [
        f"issue '{topic.name}': its numbers are written as names"
        for topic in scenario.topics
        if topic.step is not None
    ]
    said = losses.settle(TITLE, case, lossy=lossy)
    files = {f"{profile.name}.json": _text(scenario, profile) for profile in scenario.profiles}
    write_folder(path, files)
    return said


def _text(scenario: Scenario, profile: Profile) -> str:
    names = [topic.name for topic in scenario.topics]
    data: dict[str, Any] = {"reservationValue": profile.reservation}
    if profile.discount is not None:
        data["discountFactor"] = profile.discount
    data["issueWeights"] = dict(zip(names, profile.weights, strict=True))
    data["issues"] = {
        topic.name: dict(zip(topic.values, scores, strict=True))
        for topic, scores in zip(scenario.topics, profile.scores, strict=True)
    }
    return in_json(data, lines=True) + "\n"
