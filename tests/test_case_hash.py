"""The content hash: the same for whatever says the same, another for whatever does not."""

from __future__ import annotations

import copy
import hashlib
import random
import re
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import ValidationError

from tests.helpers import FULL, SMALL, VILLAGES, as_yaml, case_of, edited, plain, small
from winset.case.fingerprint import content_hash
from winset.case.model import Case


def shuffled(data: Any, chance: random.Random, path: tuple[str | int, ...] = ()) -> Any:
    """The data with its keys in another order, options aside."""
    if isinstance(data, list):
        return [shuffled(item, chance, (*path, i)) for i, item in enumerate(data)]
    if not isinstance(data, dict):
        return data
    keys = list(data)
    if path[-1:] != ("options",):
        chance.shuffle(keys)
    return {key: shuffled(data[key], chance, (*path, key)) for key in keys}


@pytest.mark.parametrize("text", [SMALL, FULL, VILLAGES], ids=["small", "full", "two-villages"])
def test_the_hash_ignores_layout_and_the_order_of_keys(text):
    wanted = content_hash(case_of(text))
    assert re.fullmatch("[0-9a-f]{64}", wanted)
    for seed in range(5):
        other = as_yaml(shuffled(plain(text), random.Random(seed)))
        assert content_hash(case_of(f"# shuffled\n{other}", "other.yaml", "other")) == wanted


NUMBERS = ["32.0", "3.2e1", "0x20", "032", "[32, 32, 32]", "[32.0, 32, 32]", "{low: 32, mode: 32, high: 32}",
           "{low: 32, mode: 32, high: 32, shape: triangular}"]  # fmt: skip
SAME = [
    *(("    walk_away: 32", f"    walk_away: {number}") for number in NUMBERS),
    ("more_than: 1/2", "more_than: 0.5"),
    ("more_than: 1/2", "more_than: 2/4"),
    ("more_than: 1/2", "more_than: .50"),
    ("dawn: [60, 70, 80]", "dawn: {low: 60, mode: 70, high: 80}"),
    ("presses: [lower]", "presses: lower"),
    ("{order: [hours, fee]}", "{order: [[hours], fee]}"),
    ("source: minutes}", "source: [minutes]}"),
    ("because: The pump runs dry in August", "because: {text: The pump runs dry in August}"),
    ("half: Half the day}", "half: {label: Half the day}}"),
    ("low: 100,", 'low: "100",'),
    (
        "    name: Lower village",
        "    name: 'Lower village'\n    role: negotiator\n    power: 1\n    factions: {}",
    ),
    ("{name: District officer}", "{name: District officer, consent: advisory, note: ~}"),
    ("    title: Yearly fee", "    title: Yearly fee\n    tier: core  # the default"),
]


@pytest.mark.parametrize(("old", "new"), SAME, ids=[new.strip()[:40] for _, new in SAME])
def test_the_hash_ignores_how_a_value_is_written(old, new):
    assert content_hash(case_of(edited(SMALL, (old, new)))) == content_hash(small())


OTHER = [
    ("{none: No access, dawn: At dawn,", "{dawn: At dawn, none: No access,"),
    ("{order: [hours, fee]}", "{order: [[hours, fee]]}"),
    ("{order: [high, low, free]}", "{order: [low, high, free]}"),
    ("low: 100,", "low: 100.0,"),
    ("    walk_away: 32", "    walk_away: [32, 32, 33]"),
    ("    walk_away: 32", "    walk_away: {low: 32, high: 32, shape: uniform}"),
    ("presses: [lower]", "by: [lower]"),
]


@pytest.mark.parametrize(("old", "new"), OTHER, ids=[new.strip()[:40] for _, new in OTHER])
def test_the_hash_tells_meanings_apart(old, new):
    assert content_hash(case_of(edited(SMALL, (old, new)))) != content_hash(small())


def leaves(data: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    if isinstance(data, dict | list):
        for key, inner in data.items() if isinstance(data, dict) else enumerate(data):
            yield from leaves(inner, (*path, key))
    else:
        yield path, data


OTHERS = {"negotiator": "observer", "core": "extended", "extended": "core", "required": "advisory", "pert": "triangular",
          "outside": "inside", "inside": "outside", "greedy": "limited", "limited": "greedy", "total": "limited",
          "triangular": "pert", "uniform": None, "1/3": "1/7", "2/3": "3/4", True: False, False: True}  # fmt: skip


def changed(value: Any) -> list[Any]:
    """Other values that may stand where `value` does."""
    if isinstance(value, bool | str) and value in OTHERS:
        return [OTHERS[value]]
    if isinstance(value, int | float):
        return [value + 0.25, value - 0.25, value + 0.01, value - 0.01, value + 1]
    if value is None:
        return [0.5]
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return ["2025" + value[4:]]
    return [f"{value}x", value.replace("==", "!="), f"{value} == x"]


def test_the_hash_changes_with_any_value():
    """Whether the changed values fit each other does not matter here."""
    data = plain(FULL)
    seen, kept = {content_hash(case_of(FULL))}, []
    for path, value in leaves(data):
        other = copy.deepcopy(data)
        holder = other
        for step in path[:-1]:
            holder = holder[step]
        for new in changed(value):
            holder[path[-1]] = new
            try:
                found = content_hash(Case.model_validate(other))
            except ValidationError:
                continue
            assert new == value or found not in seen, path
            seen.add(found)
            break
        else:
            kept.append(path)
    assert kept == [("winset",), ("preferences", "north.court", "noise", "shape")]


def test_the_hash_is_one_over_what_is_said_and_no_more():
    """So that a key that a later version adds, at its default, changes no hash."""
    said = b'{"issues":{"a":{"options":[["y","Y"],["x","X"]],"title":"A"}},"title":"\xc3\xa9","winset":1}'
    case = case_of("winset: 1\ntitle: é\nissues: {a: {title: A, options: {y: Y, x: X}}}\nfacts: []\n")
    assert content_hash(case) == hashlib.sha256(said).hexdigest()


def test_the_hash_does_not_change_with_what_is_at_its_default():
    assert content_hash(case_of("winset: 1\ntitle: T\n")) == content_hash(
        case_of("winset: 1\ntitle: T\nparties: {}\nfacts: []\nas_of: ~\n")
    )
