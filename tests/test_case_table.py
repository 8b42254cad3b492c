"""Who is at the table, and what is in play."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from tests.helpers import FULL, SMALL, case_of, edited, small
from tests.loaded import LOADED
from winset.case import conditions, rules, table, tiers
from winset.case.base import FrozenDict
from winset.case.fingerprint import content_hash
from winset.case.read import recheck

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
