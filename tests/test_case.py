"""A case once it is read: its id and hash, frozen, changed by patches and levers, seen as a table."""

from __future__ import annotations

import copy
import datetime as dt
import hashlib
import json
import pickle
import random
import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import jsonschema
import pytest
from pydantic import BaseModel, ValidationError

from tests.helpers import CATALOGUE, FULL, SMALL, VILLAGES, as_yaml, case_of, edited, plain, small
from winset.case import conditions, reference, rules, table, tiers
from winset.case.amend import amend, data_of
from winset.case.base import FrozenDict
from winset.case.fingerprint import content_hash
from winset.case.model import SECTIONS_TO_COME, Case
from winset.case.patch import patch, pull
from winset.case.read import case_id, parse_case, read_case, recheck
from winset.errors import CaseError, UnknownName

LOADED: dict[str, Any] = {path.parent.name: read_case(path.parent) for path in CATALOGUE}


# --- reading


@pytest.mark.parametrize("path", CATALOGUE, ids=lambda path: path.parent.name)
def test_the_catalogue_can_be_read(path):
    case = read_case(path)
    assert case == LOADED[path.parent.name]
    assert case.id == path.parent.name
    assert case.title
    assert case.as_of is not None
    assert case.issues
    assert case.preferences
    recheck(case)


def test_two_villages_says_what_its_file_says():
    case = LOADED["two-villages"]
    assert case.as_of == dt.date(2026, 5, 1)
    assert list(case.parties) == ["upper", "lower"]
    assert case.parties["upper"].ratification.quota.more_than == Fraction(1, 2)
    assert case.issues["fee"].options["low"].label == "100"
    assert [n.point for n in case.preferences["lower"].scores["hours"].values()] == [0, 40, 100]
    assert case.preferences["upper.herders"].weights.levels == (("hours",), ("fee",))
    assert case.preferences["upper.council"].walk_away.model_dump(mode="json") == [40, 50, 60]
    assert case.texts["may"].package == {"hours": "dawn", "fee": "low"}
    assert case.parties["upper"].factions["herders"].source == ("herders_letter", "judgement")


def test_a_case_is_named_by_its_folder_or_its_file(tmp_path):
    folder = tmp_path / "the-well"
    folder.mkdir()
    (folder / "case.yaml").write_text(SMALL, "utf-8")
    (folder / "draft_2.yml").write_text(SMALL, "utf-8")
    (folder / "as.it.was.json").write_text(json.dumps(plain(SMALL)), "utf-8")
    assert read_case(folder).id == read_case(folder / "case.yaml").id == "the-well"
    assert read_case(folder / "draft_2.yml").id == "draft_2"
    assert read_case(folder / "as.it.was.json").id == "as.it.was"
    assert case_id(folder / "x" / ".." / "case.yaml") == "the-well"
    assert parse_case(SMALL.encode()).id == ""


def test_a_case_knows_where_its_keys_stand(tmp_path):
    file = tmp_path / "well.yaml"
    file.write_text(SMALL, "utf-8")
    case = read_case(file)
    line = SMALL.splitlines().index("    walk_away: 32") + 1
    assert case.place(("preferences", "lower", "walk_away")) == ("well.yaml", line, 5)
    assert case.place(("preferences", "lower", "nothing")) == ("well.yaml", line - 1, 3)
    assert Case.model_validate(plain(SMALL)).named("made").place(("title",)) == ("made", 0, 0)


def test_a_file_that_is_not_there_is_no_case_error(tmp_path):
    for path in (tmp_path / "no.yaml", tmp_path):
        with pytest.raises(FileNotFoundError):
            read_case(path)


def test_sections_may_be_left_out():
    case = case_of("winset: 1\ntitle: Nothing yet\n")
    assert (case.parties, case.issues, case.facts, case.objective) == ({}, {}, (), None)


# --- the content hash


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


# --- frozen


def parts(part: Any) -> Iterator[Any]:
    yield part
    if isinstance(part, BaseModel):
        for name in type(part).model_fields:
            yield from parts(getattr(part, name))
    elif isinstance(part, dict | tuple):
        for inner in part.values() if isinstance(part, dict) else part:
            yield from parts(inner)


def test_nothing_in_a_case_can_be_assigned_or_added():
    for part in parts(case_of(FULL)):
        if isinstance(part, BaseModel):
            for name in type(part).model_fields:
                with pytest.raises(ValidationError, match="frozen"):
                    setattr(part, name, getattr(part, name))
                with pytest.raises(ValidationError, match="frozen"):
                    delattr(part, name)
        else:
            assert isinstance(part, FrozenDict | tuple | str | int | float | Fraction | dt.date | None), part


def test_a_frozen_mapping_refuses_every_change():
    frozen = FrozenDict({"a": 1})
    changes = [
        lambda: frozen.__setitem__("b", 2),
        lambda: frozen.__delitem__("a"),
        lambda: frozen.update(b=2),
        lambda: frozen.pop("a"),
        lambda: frozen.popitem(),
        lambda: frozen.setdefault("b", 2),
        lambda: frozen.clear(),
        lambda: frozen.__ior__({"b": 2}),
    ]
    for change in changes:
        with pytest.raises(TypeError, match="a case is frozen; make a new one with `patch`"):
            change()
    assert frozen == {"a": 1}
    assert frozen | {"b": 2} == {"a": 1, "b": 2}


@pytest.mark.parametrize("name", LOADED)
def test_a_case_can_be_pickled_and_copied(name):
    case = LOADED[name]
    for twin in (pickle.loads(pickle.dumps(case)), copy.deepcopy(case), copy.copy(case)):
        assert twin == case
        assert twin.id == case.id
        assert twin.place(("title",)) == case.place(("title",))
        assert content_hash(twin) == content_hash(case)
        assert isinstance(twin.issues, FrozenDict)


def test_naming_a_case_leaves_the_old_one_alone():
    other = small().named("other")
    assert (small().id, other.id) == ("small", "other")
    assert content_hash(other) == content_hash(small())


# --- changes


CHANGES: list[tuple[str, Any, Any, Any]] = [
    # path, new value, where to look, what is there
    ("title", "New", lambda c: c.title, "New"),
    ("as_of", "2026-06-01", lambda c: c.as_of, dt.date(2026, 6, 1)),
    ("as_of", None, lambda c: c.as_of, None),
    ("preferences.upper.council.walk_away", 45, lambda c: c.preferences["upper.council"].walk_away.point, 45),
    ("preferences.upper.council.weights.fee", [1, 2, 3], lambda c: c.preferences["upper.council"].weights["fee"].high, 3),
    ("preferences.upper.council.scores.hours.half", 5, lambda c: c.preferences["upper.council"].scores["hours"]["half"].low, 5),
    ("preferences.upper.council.red_lines.hours.half", 1, lambda c: c.preferences["upper.council"].red_lines["hours.half"].low, 1),
    ("preferences.upper.council.red_lines.hours.half", None, lambda c: c.preferences["upper.council"].red_lines, {}),
    ("preferences.lower.red_lines.hours.none", 0.5, lambda c: c.preferences["lower"].red_lines["hours.none"].low, 0.5),
    ("preferences.lower.red_lines.hours == none and fee == high", 0.5, lambda c: len(c.preferences["lower"].red_lines), 1),
    ("preferences.lower.noise", None, lambda c: c.preferences["lower"].noise, None),
    ("preferences.upper.herders.noise", 3, lambda c: c.preferences["upper.herders"].noise.point, 3),
    ("preferences.lower.weights", {"order": ["fee", "hours"]}, lambda c: c.preferences["lower"].weights.order, ("fee", "hours")),
    ("parties.upper.ratification.quota.more_than", "2/3", lambda c: c.parties["upper"].ratification.quota.more_than, Fraction(2, 3)),
    ("parties.upper.ratification", {"faction": "herders"}, lambda c: c.parties["upper"].ratification.faction, "herders"),
    ("parties.upper.ratification", None, lambda c: c.parties["upper"].ratification, None),
    ("parties.upper.factions.herders.weight", 6, lambda c: c.parties["upper"].factions["herders"].weight.point, 6),
    ("issues.fee.title", 12, lambda c: c.issues["fee"].title, "12"),
    ("issues.fee.options.low", {"label": "200", "position": 10}, lambda c: c.issues["fee"].options["low"].position, 10),
    ("constraints.no_free_half", None, lambda c: c.constraints, ()),
    ("constraints.no_free_half.forbid", "fee == free", lambda c: c.constraints[0].forbid, "fee == free"),
    ("cautions.dry.chance", None, lambda c: c.cautions[0].chance, None),
    ("texts.may.package.fee", None, lambda c: c.texts["may"].package, {"hours": "dawn"}),
    ("texts.june", {"package": {}}, lambda c: c.texts["june"].package, {}),
    ("levers.grant.what", "More", lambda c: c.levers[0].what, "More"),
    ("facts", [], lambda c: c.facts, ()),
    ("objective", ["upper"], lambda c: c.objective, ("upper",)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "value", "look", "found"), CHANGES, ids=[f"{r[0]} = {r[1]}"[:50] for r in CHANGES]
)
def test_a_patch_changes_one_thing_and_leaves_the_case_alone(path, value, look, found):
    case, before = small(), content_hash(small())
    given = copy.deepcopy(value)
    patched = patch(case, {path: value})
    assert look(patched) == found
    assert content_hash(case) == before != content_hash(patched)
    assert value == given
    assert patched.id == "small"


def test_a_new_option_needs_scores_in_the_same_patch():
    changes: dict[str, Any] = {"issues.hours.options.dusk": "At dusk"}
    with pytest.raises(CaseError) as caught:
        patch(small(), changes)
    assert [f"{f.key}: {f.message}" for f in caught.value.faults] == [
        "preferences.upper.council.scores.hours: no score for the option 'dusk'",
        "preferences.upper.herders.scores.hours: the order leaves out the option 'dusk'",
        "preferences.lower.scores.hours: no score for the option 'dusk'",
    ]
    changes |= {
        "preferences.upper.council.scores.hours.dusk": 70,
        "preferences.upper.herders.scores.hours.order": ["none", ["dawn", "dusk"], "half"],
        "preferences.lower.scores.hours.dusk": [40, 45, 50],
    }
    patched: Any = patch(small(), changes)
    assert list(patched.issues["hours"].options) == ["none", "dawn", "half", "dusk"]
    assert patched.preferences["upper.herders"].scores["hours"].levels == (
        ("none",),
        ("dawn", "dusk"),
        ("half",),
    )


def test_a_new_party_and_its_preferences_in_one_patch():
    patched = patch(
        small(),
        {
            "parties.third": {"name": "Third village"},
            "preferences.third": {
                "walk_away": 1,
                "weights": {"hours": 1, "fee": 0},
                "scores": {"hours": {"none": 0, "dawn": 1, "half": 2}},
            },
        },
    )
    assert table.required(patched) == ("upper", "lower", "third")


def test_the_longest_name_wins_where_dots_are_part_of_names():
    case = case_of(edited(SMALL, ("{hours.half: 0.4}", "{hours.half: 0.4, hours.none: 0.1}")))
    patched = patch(case, {"preferences.upper.council.red_lines.hours.none": None})
    assert list(patched.preferences["upper.council"].red_lines) == ["hours.half"]
    both = amend(small(), {"preferences.upper": {"walk_away": 1, "weights": {}, "scores": {}}})
    amended = amend(both, {"preferences.upper.council.walk_away": 41, "preferences.upper.walk_away": 2})
    assert amended.preferences["upper.council"].walk_away.point == 41
    assert amended.preferences["upper"].walk_away.point == 2


NOWHERE = [
    ("titel.x", None, "there is no entry below 'the case' for 'titel.x'; did you mean 'title'?"),
    ("lever.grant.what", "W", "there is no entry below 'the case' for 'lever.grant'; did you mean 'levers'?"),
    ("title", {}, None),
    ("titel", "T", None),
    ("titel", None, "there is no entry below 'the case' for 'titel'; did you mean 'title'?"),
    ("", 1, "there is no entry below 'the case' for ''"),
    ("title.", "T", "there is no entry below 'title' for ''"),
    (".title", "T", "there is no entry below 'the case' for '.title'; did you mean 'title'?"),
    ("title.x", "T", "there is no entry below 'title' for 'x'; none is known here"),
    ("issue.fee.title", "T", "did you mean 'issues'?"),
    ("issues.fees.title", "T", "there is no entry below 'issues' for 'fees'; did you mean 'fee'?"),
    ("issues.fee.option.low", "T", "there is no entry below 'issues.fee' for 'option.low'; did you mean 'options'?"),
    ("issues.fee.options.lo.label", "T", "there is no entry below 'issues.fee.options' for 'lo'; did you mean 'low'?"),
    ("constraints.no_free_haf", None, "there is no entry below 'constraints' for 'no_free_haf'; did you mean 'no_free_half'?"),
    ("constraints.0", None, "there is no entry below 'constraints' for '0'; known: no_free_half"),
    ("constraints.new", {"forbid": "fee == free"}, "there is no entry below 'constraints' for 'new'"),
    ("facts.0.what", "W", "there is no entry below 'facts' for '0.what'; none is known here"),
    ("preferences.uper.council.walk_away", 5,
     "there is no entry below 'preferences' for 'uper.council.walk_away'; did you mean 'upper.council'?"),
    ("preferences.lowr.walk_away", 5, "there is no entry below 'preferences' for 'lowr'; did you mean 'lower'?"),
    ("preferences.lowr", None, "there is no entry below 'preferences' for 'lowr'; did you mean 'lower'?"),
    ("preferences.upper.council.red_lines.hours.hlf", None,
     "there is no entry below 'preferences.upper.council.red_lines' for 'hours.hlf'; did you mean 'hours.half'?"),
    ("preferences.lower.walk_away.low", 5, "there is no entry below 'preferences.lower.walk_away' for 'low'"),
    ("preferences.lower.source", None, "there is no entry below 'preferences.lower' for 'source'; known: walk_away, noise"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "message"), NOWHERE, ids=[row[0] for row in NOWHERE])
def test_a_path_that_leads_nowhere_is_answered_with_the_nearest_name(path, value, message):
    before = content_hash(small())
    if message is None:
        with pytest.raises(CaseError) as refused:
            patch(small(), {path: value})
        assert all(fault.way_out for fault in refused.value.faults)
    else:
        with pytest.raises(UnknownName) as caught:
            patch(small(), {"title": "New", path: value})
        assert message in str(caught.value)
    assert content_hash(small()) == before


REFUSED = [
    ({"preferences.lower.walk_awy": 3}, "preferences.lower.walk_awy", "unknown key 'walk_awy'; did you mean 'walk_away'?"),
    ({"preferences.lower.walk_away": [3, 2, 1]}, "preferences.lower.walk_away", "[3, 2, 1] does not rise"),
    ({"preferences.lower.weights.hours": 10**400}, "preferences.lower.weights.hours", "is outside 0 to 1e+06"),
    ({"preferences.lower.weights.hours": float("nan")}, "preferences.lower.weights.hours", "has nan"),
    ({"preferences.lower.red_lines.hours.nne": 1}, "preferences.lower.red_lines.hours.nne", "'hours' has no option 'nne'"),
    ({"issues.fee.title": None}, "issues.fee", "`title` is missing; add `title:`"),
    ({"issues.fee": None}, "constraints.0.forbid", "there is no issue 'fee'"),
    ({"preferences.lower": None}, "parties.lower", "'lower' signs but has no preferences"),
    ({"winset": 2}, "winset", "format version 2 is not one that this winset reads"),
    ({"exchange": {}}, "exchange", "`obligations` is missing"),
    ({"conflict": {}}, "conflict", "the section `conflict` (the stability of the conflict) is not read"),
    ({"constraints.no_free_half.forbid": "fee = free"}, "constraints.0.forbid", "'fee = free' is not a condition"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "key", "message"), REFUSED, ids=[str(row[0])[:40] for row in REFUSED])
def test_a_value_that_cannot_stand_is_refused_with_its_key(changes, key, message):
    with pytest.raises(CaseError) as caught:
        patch(small(), changes)
    assert any(f.key == key and message in f"{f.message}; {f.way_out}" for f in caught.value.faults), (
        caught.value
    )
    assert all(f.message and f.way_out and f.file == "small" for f in caught.value.faults)


def test_amend_checks_the_form_only():
    amended = amend(small(), {"on_the_table": "june"})
    assert amended.on_the_table == "june"
    with pytest.raises(CaseError):
        recheck(amended)
    with pytest.raises(CaseError):
        amend(small(), {"on_the_table": ["june"]})


def test_an_empty_patch_changes_nothing():
    for case in (small(), *LOADED.values()):
        assert patch(case, {}).model_dump() == case.model_dump()
        assert content_hash(patch(case, {})) == content_hash(case)


def test_later_changes_come_on_top_of_earlier_ones():
    changes = {"preferences.lower.weights": {"hours": 1, "fee": 1}, "preferences.lower.weights.fee": 2}
    before = copy.deepcopy(changes)
    patched: Any = patch(small(), changes)
    assert patched.preferences["lower"].weights["fee"].point == 2
    assert changes == before


@pytest.mark.parametrize("name", LOADED)
def test_every_lever_of_the_catalogue_can_be_pulled(name):
    case, before = LOADED[name], content_hash(LOADED[name])
    for lever in case.levers:
        pulled = pull(case, lever.id)
        assert content_hash(pulled) != before
        recheck(tiers.core_of(pulled))
    assert content_hash(case) == before


def test_levers_are_pulled_in_the_order_given():
    raised = "{id: doubt, what: Doubt, set: {preferences.upper.council.walk_away: 70}}"
    text = edited(SMALL, ("levers:\n", f"levers:\n  - {raised}\n"))
    case = case_of(text)
    assert pull(case) == case
    assert pull(case, "doubt", "grant").preferences["upper.council"].walk_away.point == 40
    assert pull(case, "grant", "doubt").preferences["upper.council"].walk_away.point == 70
    with pytest.raises(UnknownName, match="there is no lever 'grnt'; did you mean 'grant'"):
        pull(case, "grnt")


def test_a_lever_may_remove_and_keeps_its_null_through_patches():
    case = case_of(FULL)
    assert case.levers[0].set["preferences.north.court.red_lines.land.some"] is None
    pulled = pull(patch(case, {"title": "T"}), "peace")
    assert list(pulled.preferences["north.court"].red_lines) == ["land == some and sea == shut"]


@pytest.mark.parametrize("name", LOADED)
def test_the_data_of_a_case_states_the_case(name):
    case = LOADED[name]
    again = case_of(as_yaml(data_of(case)))
    assert again.model_dump() == case.model_dump()
    assert content_hash(again) == content_hash(case)


# --- the core


def names_in(case: Any) -> set[str]:
    """Every issue that something in play names."""
    found = set(case.issues)
    for text in case.texts.values():
        found |= set(text.package)
    for condition in (*case.constraints, *case.joint, *case.cautions):
        text = getattr(condition, "forbid", None) or condition.when
        found |= set(conditions.issues_of(conditions.parse(text)))
    for spoiler in case.spoilers.values():
        if spoiler.trigger is not None:
            found |= set(conditions.issues_of(conditions.parse(spoiler.trigger)))
    for preference in case.preferences.values():
        ranks = getattr(preference.weights, "levels", None)
        found |= set(preference.weights) if ranks is None else {name for level in ranks for name in level}
        found |= {*preference.scores, *preference.because}
        for key in preference.red_lines:
            found |= set(conditions.issues_of(conditions.red_line(key)))
    return found


@pytest.mark.parametrize("case", [case_of(FULL), LOADED["gaza-2025-10"]], ids=["full", "gaza"])
def test_the_core_has_nothing_of_extended_issues(case):
    left_out = set(tiers.extended_issues(case))
    assert left_out
    assert left_out <= names_in(case)
    before = content_hash(case)
    core = tiers.core_of(case)
    assert names_in(core) == set(core.issues) == set(case.issues) - left_out
    assert list(core.preferences) == list(case.preferences)
    assert core.id == case.id
    assert content_hash(case) == before
    assert tiers.core_of(core) is core
    recheck(core)


def test_what_does_not_touch_an_extended_issue_stays():
    text = SMALL.replace("    title: Yearly fee", "    title: Yearly fee\n    tier: extended")
    case = case_of(
        edited(text, ("{hours.half: 0.4}", "{hours.half: 0.4, fee.free: 1, hours == dawn and fee == low: 1}"))
    )
    core: Any = tiers.core_of(case)
    assert core.preferences["upper.council"].red_lines == {
        "hours.half": case.preferences["upper.council"].red_lines["hours.half"]
    }
    assert core.cautions == case.cautions
    assert (core.constraints, core.joint) == ((), ())
    assert core.preferences["upper.herders"].weights.order == ("hours",)
    assert core.preferences["lower"].weights == {"hours": case.preferences["lower"].weights["hours"]}
    assert core.texts["may"].package == {"hours": "dawn"}
    assert core.preferences["lower"].walk_away == case.preferences["lower"].walk_away


def test_ranks_shrink_and_level_ranks_with_them():
    case = case_of(FULL)
    assert case.preferences["north.fleet"].weights.levels == (("land", "sea"),)
    core: Any = tiers.core_of(case)
    assert core.preferences["north.fleet"].weights.order == ("land",)


def test_a_spoiler_loses_a_trigger_out_of_play_and_goes_where_nothing_else_is_left():
    case = case_of(FULL)
    core = tiers.core_of(case)
    assert list(core.spoilers) == ["fishers", "raiders"]
    assert core.spoilers["fishers"] == case.spoilers["fishers"].model_copy(update={"trigger": None})
    assert core.spoilers["raiders"] == case.spoilers["raiders"]
    assert list(case.spoilers) == ["fishers", "pilots", "raiders"]


def test_a_case_of_core_issues_is_its_own_core():
    assert tiers.core_of(small()) is small()
    assert tiers.extended_issues(small()) == ()


# --- the table


def test_references_of_factions_and_sides():
    assert table.faction_refs(small()) == {
        "upper.council": "upper", "upper.herders": "upper", "lower": "lower", "district": "district"
    }  # fmt: skip
    assert list(table.sides(small())) == ["upper", "lower", "district"]
    assert table.refs_of_side(small(), "upper") == ("upper.council", "upper.herders")
    assert table.refs_of_side(small(), "lower") == ("lower",)
    assert table.refs_of_side(small(), "district") == ("district",)
    assert table.local_ids("upper", small().parties["upper"]) == ("council", "herders")
    assert table.local_ids("lower", small().parties["lower"]) == ("lower",)


def test_who_signs():
    upper, lower = small().parties["upper"], small().parties["lower"]
    assert table.spokesman("upper", upper) == "upper.council"
    assert table.spokesman("lower", lower) == "lower"
    assert table.spokesman("lower", lower.model_copy(update={"speaks_for": "lower"})) == "lower"
    assert table.spokesman("upper", upper.model_copy(update={"speaks_for": None})) is None
    only = FrozenDict({"herders": upper.factions["herders"]})
    assert (
        table.spokesman("upper", upper.model_copy(update={"speaks_for": None, "factions": only}))
        == "upper.herders"
    )


def test_names_to_print():
    assert [table.name_of(small(), ref) for ref in ("upper", "district", "upper.herders")] == [
        "Upper village", "District officer", "Herders"
    ]  # fmt: skip


def test_weights_at_home_are_exact():
    case = case_of(edited(SMALL, ("{name: Council, weight: 5}", "{name: Council, weight: [0.1, 0.3, 0.7]}")))
    assert table.home_weights("upper", case.parties["upper"]) == {
        "council": Fraction(3, 10),
        "herders": Fraction(4),
    }
    assert table.home_weights("lower", case.parties["lower"]) == {"lower": Fraction(1)}


def test_who_is_required():
    assert table.required(small()) == ("upper", "lower")
    assert table.required(case_of(FULL)) == ("north", "south", "bishop")
    watching = case_of(edited(SMALL, ("    name: Lower village", "    name: Lower\n    role: observer")))
    assert table.required(watching) == ("upper",)
    assert table.table_weights(case_of(FULL)) == dict.fromkeys(("north", "south", "bishop"), Fraction(1))


def test_without_a_rule_every_required_side_must_consent():
    rule = table.table_rule(small())
    for yes, verdict in (
        ({"upper": 1, "lower": 1}, 1),
        ({"upper": 1, "lower": 0}, 0),
        ({"upper": 0, "lower": 1}, 0),
    ):
        assert rules.holds(rule, yes, table.table_weights(small())) == verdict


THIRD = ("mediators:", "  third: {name: Third village}\nmediators:")
VOICE = (
    "constraints:",
    "  third: {walk_away: 1, weights: {hours: 1, fee: 0}, scores: {hours: {none: 0, dawn: 1, half: 2}}}\nconstraints:",
)


@pytest.mark.parametrize(
    ("more", "parties"),
    [
        ("", ("upper", "lower", "third")),
        ("table_rule: {quota: {share: 1}}", ("upper", "lower", "third")),
        ("table_rule: {quota: {more_than: 1/3}}\nobjective: [third]", ("third",)),
        ("table_rule: {all_of: [{party: upper}, {any_of: [{party: lower}, {party: third}]}]}", ("upper",)),
        ("table_rule: {all_of: [{party: upper}, {not_blocked_by: {party: third}}]}", ("upper", "third")),
        ("table_rule: {quota: {share: 2/3, weights: {upper: 2, lower: 1, third: 1}}}", ("upper",)),
        ("objective: [lower, upper]", ("lower", "upper")),
    ],
)
def test_fairness_counts_those_whom_the_table_cannot_do_without(more, parties):
    case = case_of(edited(SMALL, THIRD, VOICE, ("on_the_table: may", f"on_the_table: may\n{more}")))
    assert table.objective(case) == parties


def test_a_required_mediator_is_not_a_party_whose_gains_count():
    """The full case without its own table rule: the bishop must consent, and gains nothing."""
    case = case_of(FULL).model_copy(update={"table_rule": None, "objective": None})
    assert table.objective(case) == ("north", "south")


def test_cautions_hold_where_the_package_says_so():
    assert [c.id for c in table.cautions_in(small(), {"hours": "half"})] == ["dry"]
    assert list(table.cautions_in(small(), {"hours": "dawn", "fee": "low"})) == []
    assert list(table.cautions_in(small(), {"fee": "low"})) == []


# --- schema and reference

VALIDATOR = jsonschema.Draft202012Validator(reference.schema())


def test_the_schema_is_a_json_schema():
    jsonschema.Draft202012Validator.check_schema(reference.schema())
    assert json.loads(json.dumps(reference.schema())) == reference.schema()
    assert reference.schema()["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize(
    "text", [*(path.read_text("utf-8") for path in CATALOGUE), SMALL, FULL], ids=[*LOADED, "small", "full"]
)
def test_the_schema_takes_sound_cases(text):
    assert [error.message for error in VALIDATOR.iter_errors(plain(text))] == []


FORMS = [
    ("status_quo: The well stays locked.", "status_quo: 12"),
    ("    walk_away: 32", "    walk_away: {low: 30, high: 34, shape: uniform}"),
    ("half: Half the day}", "half: {label: 0.5, position: 70}}"),
    ("more_than: 1/2", "more_than: 0.5"),
    ("{order: [none, dawn, half]}", "{order: [[none, dawn], half]}"),
    ("presses: [lower]", "presses: lower"),
    (
        "because: The pump runs dry in August",
        "because: {text: It runs dry, source: [minutes, judgement]}",
    ),
]


@pytest.mark.parametrize(("old", "new"), FORMS, ids=[new[:40] for _, new in FORMS])
def test_the_schema_takes_every_form_that_the_reader_takes(old, new):
    text = edited(SMALL, (old, new))
    assert case_of(text)
    assert list(VALIDATOR.iter_errors(plain(text))) == []


REJECTED = [
    ("winset: 1", "winset: one"),
    ("title: A well\n", ""),
    ("title: A well", "titel: A well"),
    ("title: A well", "title: [A well]"),
    ("    title: Yearly fee\n", ""),
    ("    title: Yearly fee", "    title: Yearly fee\n    tier: main"),
    ("options: {free: Free, low: 100, high: 400}", "options: [free, low, high]"),
    ("half: Half the day}", "half: {lable: Half the day}}"),
    ("half: Half the day}", "half: {label: Half, position: 120}}"),
    ("    walk_away: 32\n", ""),
    ("    walk_away: 32", "    walk_away: '32'"),
    ("    walk_away: 32", "    walk_away: [30, 32]"),
    ("    walk_away: 32", "    walk_away: {low: 30, mode: 32}"),
    ("    walk_away: 32", "    walk_away: {low: 30, mode: 32, high: 34, shape: normal}"),
    ("dawn: 40", "dawn: 101"),
    ("weights: {hours: 60, fee: 40}", "weights: {hours: -60, fee: 40}"),
    ("{hours.half: 0.4}", "{hours.half: 40}"),
    ("{order: [hours, fee]}", "{order: []}"),
    ("    name: Lower village", "    name: Lower village\n    role: mediator"),
    ("{quota: {more_than: 1/2}}", "{quotum: {more_than: 1/2}}"),
    ("{quota: {more_than: 1/2}}", "{faction: council, party: upper}"),
    ("{quota: {more_than: 1/2}}", "{all_of: []}"),
    ("{quota: {more_than: 1/2}}", "{quota: {more_than: a half}}"),
    ("{quota: {more_than: 1/2}}", "{quota: {more_than: 1.5}}"),
    ("{quota: {more_than: 1/2}}", "{at_least: 0, of: [{faction: council}]}"),
    ("  - {id: no_free_half, forbid: hours == half and fee == free}", "  - {id: no_free_half}"),
    ("{for: lower, when", "{for_: lower, when"),
    ("  may: {date: 2026-05-01, package: {hours: dawn, fee: low}}", "  may: [dawn, low]"),
    ("on_the_table: may", "exchange: {}"),
]


@pytest.mark.parametrize(("old", "new"), REJECTED, ids=[new.strip()[:44] or old for old, new in REJECTED])
def test_the_schema_rejects_what_the_reader_refuses(old, new):
    text = edited(SMALL, (old, new))
    assert list(VALIDATOR.iter_errors(plain(text)))
    with pytest.raises(CaseError):
        case_of(text)


def sections() -> dict[str, str]:
    """The sections of the reference page by their heading."""
    return dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", reference.page(), re.MULTILINE | re.DOTALL))


def models() -> Iterator[tuple[str, type[BaseModel]]]:
    seen = {type(part): part for part in parts(case_of(FULL)) if isinstance(part, BaseModel)}
    yield from (("The case" if kind is Case else kind.__name__, kind) for kind in seen)


def test_the_reference_page_has_every_key_of_the_model():
    found = sections()
    for heading, kind in models():
        keys = [info.alias or name for name, info in kind.model_fields.items()]
        text = found[heading]
        for key, info in zip(keys, kind.model_fields.values(), strict=True):
            if "| key |" not in text:  # an estimate: its three forms stand in a sentence
                assert key in re.findall(r"\w+", text), (heading, key)
                continue
            shown = f"| **{key}** |" if info.is_required() else f"| {key} |"
            assert shown in text, (heading, key)
            assert text.split(shown)[1].split("|")[0].strip(), (heading, key)


def test_the_reference_page_has_no_dead_links_and_names_what_is_to_come():
    page = reference.page()
    headings = {name.lower() for name in sections()}
    assert set(re.findall(r"\]\(#([^)]+)\)", page)) <= headings
    for name, what in SECTIONS_TO_COME.items():
        assert f"- `{name}`: {what}" in page
