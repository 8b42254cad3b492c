"""Unknown keys are named with the nearest known one, and faults keep their place."""

from __future__ import annotations

import copy
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel

from tests.helpers import (
    FULL,
    SMALL,
    as_yaml,
    case_of,
    edited,
    faults_of,
    marked,
    plain,
)
from tests.trips import (
    QUOTA,
    TRIPS,
)
from winset.case import checks, faults, reference
from winset.case.model import SECTIONS_TO_COME
from winset.case.read import warnings
from winset.errors import CaseError

# --- keys


@pytest.mark.parametrize("section", SECTIONS_TO_COME)
def test_sections_to_come_are_named(section):
    text, place = marked(f"{SMALL}«{section}: {{a: 1}}\n")
    (fault,) = faults_of(text)
    assert (fault.line, fault.column) == place
    assert fault.message.startswith(
        f"the section `{section}` ({SECTIONS_TO_COME[section]}) is not read by this version"
    )
    assert fault.way_out == f"remove or comment out `{section}`, or use a version that has the analysis"


def test_another_format_version_is_refused():
    text, place = marked(edited(SMALL, ("winset: 1", "«winset: 2")))
    (fault,) = faults_of(text)
    assert (fault.line, fault.column, fault.key) == (*place, "winset")
    assert (fault.message, fault.way_out) == (
        "format version 2 is not one that this winset reads",
        "write `winset: 1`",
    )


def levels(
    part: Any, data: Any, path: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], BaseModel]]:
    """Every part of a case that is written with keys, with its path in the data."""
    if isinstance(part, BaseModel) and isinstance(data, dict):
        yield path, part
        for name, info in type(part).model_fields.items():
            key = info.alias or name
            if key in data:
                yield from levels(getattr(part, name), data[key], (*path, key))
    elif isinstance(part, dict):
        for key, inner in part.items():
            yield from levels(inner, data[key], (*path, key))
    elif isinstance(part, tuple) and isinstance(data, list):
        for i, inner in enumerate(part):
            yield from levels(inner, data[i], (*path, i))


LEVELS = list(levels(case_of(FULL), plain(FULL)))


def at(data: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        data = data[step]
    return data


def test_the_full_case_has_every_key_of_the_model():
    seen: dict[str, set[str]] = {}
    for path, part in LEVELS:
        seen.setdefault(type(part).__name__, set()).update(at(plain(FULL), path))
    definitions = {**reference.schema()["$defs"], "Case": reference.schema()}
    for name, definition in definitions.items():
        forms = [definition, *definition.get("anyOf", [])]
        keys = next(set(form["properties"]) for form in forms if "properties" in form)
        assert keys - seen.get(name, set()) == set(), name


@pytest.mark.parametrize(
    ("path", "kind"),
    list(
        {
            (type(part).__name__, tuple(at(plain(FULL), path))): (path, type(part)) for path, part in LEVELS
        }.values()
    ),
    ids=lambda value: ".".join(map(str, value)) or "case" if isinstance(value, tuple) else value.__name__,
)
def test_an_unknown_key_is_named_with_the_nearest_known_one_at_every_level(path, kind):
    data = plain(FULL)
    known = [info.alias or name for name, info in kind.model_fields.items()]
    added = [f"{key}x" for key in known]
    holder = at(data, path)
    holder.update(dict.fromkeys(added, 1))
    found = {fault.key: fault for fault in faults_of(as_yaml(data))}
    for key in known:
        fault = found[".".join(map(str, (*path, f"{key}x")))]
        if kind.__name__ == "Ranking":
            assert fault.message == "`order` stands alone, `orderx` stands beside it"
            assert fault.way_out == "give either an order or numbers"
        else:
            assert (fault.message, fault.way_out) == (f"unknown key '{key}x'", f"did you mean '{key}'?")
    assert len(found) == len(added)


def test_a_key_like_nothing_known_is_answered_with_what_is_known():
    (fault,) = faults_of(edited(SMALL, ("    noise: 4", "    qqqq: 4")))
    assert fault.way_out == "known: because, by, noise, note, red_lines, scores, source, walk_away, weights"


def test_names_of_python_fields_are_no_keys():
    found = faults_of(edited(SMALL, ("{for: lower, when", "{for_: lower, when")))
    assert [f.message for f in found] == ["`for` is missing", "unknown key 'for_'"]


def test_ids_that_bear_the_names_of_keys_lead_nobody_astray():
    """pydantic's locations mix keys with the names of union branches."""
    text = SMALL.replace("hours", "numbers").replace("fee", "ranks").replace("half", "low")
    text, place = marked(
        edited(text, ("weights: {numbers: 70, ranks: 30}", "weights: {numbers: 70, «ranks: x}"))
    )
    fault = next(f for f in faults_of(text) if f.message.startswith("expects"))
    assert (fault.key, fault.line, fault.column) == ("preferences.lower.weights.ranks", *place)


# --- the pieces that place faults


def test_known_keys_are_found_below_unions_and_lists():
    assert list(faults.keys_at(("parties", "a", "ratification", "<all_of>", "all_of", 3, "<quota>", "quota"))) == [
        "more_than", "share", "at_least", "weights", "of_present", "present",
    ]  # fmt: skip
    assert set(faults.keys_at(("levers", 0))) == {"id", "by", "what", "set", "because", "source"}
    assert list(faults.keys_at(("levers", 0, "set"))) == []
    assert "order" in faults.keys_at(("preferences", "a", "weights", "<ranks>"))


def test_checks_run_on_a_case_that_no_file_states():
    made = case_of(SMALL).model_copy(update={"on_the_table": "june"})
    found = checks.run(made.named("made"), made._document)
    assert [(f.key, f.message) for f in found] == [("on_the_table", "there is no text 'june'")]


def test_checks_take_no_square_of_a_long_list():
    order = ", ".join(f"i{n}" for n in range(10_000))
    twice = ", ".join(["{faction: council}"] * 5_000)
    text = edited(
        SMALL,
        ("{order: [hours, fee]}", f"{{order: [{order}]}}"),
        (QUOTA, f"ratification: {{any_of: [{twice}]}}"),
    )
    start = time.process_time()
    assert len(faults_of(text)) == 10_003
    assert time.process_time() - start < 6


def test_any_case_of_the_table_reads_the_same_as_json():
    for tripped in TRIPS:
        text, _ = marked(edited(SMALL, *tripped.changes))
        as_json = json.dumps(copy.deepcopy(plain(text)), indent=1)
        try:
            found = warnings(case_of(as_json, "c.json"))
        except CaseError as error:
            found = list(error.faults)
        assert [(f.key, f.message) for f in found] == [(tripped.key, tripped.message)]
