"""What the JSON formats share: profiles that each state their domain, put together to one scenario."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from winset.case.model import Case
from winset.errors import CaseError, Fault, clip, suggestion
from winset.formats.outside import Reader, files_in, head_of, raise_if_any, read_json
from winset.formats.scenario import Profile, Scenario, Topic, check_topics, to_case


@dataclass(frozen=True, slots=True)
class Sheet:
    """A profile as its file states it, by names, with the domain that stands in the same file."""

    topics: tuple[Topic, ...]
    weights: Mapping[str, float]
    scores: Mapping[str, Mapping[str, float]]
    reservation: float = 0.0
    discount: float | None = None
    bid: Mapping[str, str] | None = None
    title: str = ""


Read = Callable[[Any, Reader], Sheet]
Belongs = Callable[[bytes], bool]


def any_belongs(path: Path, belongs: Belongs) -> bool:
    """Whether a JSON file, or one in a folder, begins like a profile of the format."""
    return any(belongs(head_of(file)) for file in files_in(path, ".json"))


def load_sheets(path: Path, belongs: Belongs, read: Read, kind: str) -> Case:
    """The case of all profiles of the format in a folder, or of one; CaseError with all faults."""
    faults: list[Fault] = []
    sheets: dict[str, Sheet] = {}
    for file in files_in(path, ".json"):
        mine, before = belongs(head_of(file)), len(faults)
        try:
            data = read_json(file)  # the others too: one that breaks off may be the profile of a party
        except CaseError as error:
            faults += error.faults
            continue
        if mine:
            reader = Reader(file.name, faults)
            sheet = read(data, reader)
            if len(faults) == before:
                check_topics(sheet.topics, reader)
            if len(faults) == before:
                sheets[file.name] = sheet
    first = next(iter(sheets), "")
    for other, sheet in sheets.items():
        _compare(sheets[first], first, sheet, Reader(other, faults))
    raise_if_any(faults)
    name = path.resolve().name if path.is_dir() else path.stem
    topics = sheets[first].topics
    profiles = tuple(_profile(Path(own).stem, sheet, topics) for own, sheet in sheets.items())
    return to_case(Scenario(sheets[first].title or name, topics, profiles), f"{kind} scenario", name)


def _compare(first: Sheet, first_file: str, sheet: Sheet, reader: Reader) -> None:
    """Note where a profile has another domain than the first one."""
    ours = {topic.name: set(topic.values) for topic in first.topics}
    theirs = {topic.name: set(topic.values) for topic in sheet.topics}
    way_out = "keep the profiles of one domain in a folder"
    for name in sorted(ours.keys() ^ theirs.keys()):
        has, lacks = (first_file, "this file") if name in ours else ("this file", first_file)
        reader.refuse(f"{has} has this issue, {lacks} does not", way_out, f"issue '{name}'")
    for name in ours.keys() & theirs.keys():
        other = sorted(ours[name] ^ theirs[name])
        if other:
            message = f"has not the same values as in {first_file}: '{clip(other[0])}' is in one of them only"
            reader.refuse(message, way_out, f"issue '{name}'")


def _profile(name: str, sheet: Sheet, topics: Iterable[Topic]) -> Profile:
    topics = tuple(topics)
    places = {topic.name: place for place, topic in enumerate(topics)}
    bid = ((places[issue], topics[places[issue]].values.index(v)) for issue, v in (sheet.bid or {}).items())
    return Profile(
        name,
        tuple(sheet.weights[topic.name] for topic in topics),
        tuple(tuple(sheet.scores[topic.name][value] for value in topic.values) for topic in topics),
        sheet.reservation,
        sheet.discount,
        tuple(bid),
    )


def weights_in(data: object, names: Iterable[str], reader: Reader) -> dict[str, float]:
    """The weight of every issue; weights that are missing or of no issue are faults."""
    key, known = "issueWeights", tuple(names)
    given = reader.table(data, key)
    found = {name: reader.number(weight, f"{key} '{name}'", low=0.0) for name, weight in given.items()}
    for name in found:
        if name not in known:
            reader.refuse("there is no such issue", suggestion(name, known), f"{key} '{name}'")
    for name in known:
        if name not in found:
            reader.refuse("the issue has no weight", "add it, 0 if it does not matter", f"{key} '{name}'")
    if found and not math.fsum(found.values()):
        message = "the weights of all issues are 0, so every package is worth the same"
        reader.refuse(message, "give the issues weights above 0", key)
    return {name: found.get(name, 0.0) for name in known}
