"""A case with something set in it is checked anew, and the old one stays as it was."""

from __future__ import annotations

import copy
import datetime as dt
from fractions import Fraction
from typing import Any

import pytest

from tests.helpers import FULL, SMALL, as_yaml, case_of, edited, small
from tests.loaded import LOADED
from winset.case import table, tiers
from winset.case.amend import amend, data_of
from winset.case.fingerprint import content_hash
from winset.case.patch import patch, pull
from winset.case.read import recheck
from winset.errors import CaseError, UnknownName

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
