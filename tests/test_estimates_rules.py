"""Numbers, shares, and the rules that say whose consent is enough."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from tests.helpers import FULL, SMALL, as_yaml, case_of, edited, faults_of
from tests.twins import rules as twin
from winset.case import rules
from winset.case.base import Share, read_fraction
from winset.case.estimate import Chance, Estimate, Points, Score, Weight
from winset.case.rules import Rule
from winset.errors import LimitExceeded

# --- estimates


def estimate(value, kind: type[Estimate] = Points) -> Estimate:
    return kind.model_validate(value)


def words(value, kind: type[Estimate] = Points) -> tuple[str, str]:
    """Message and way out with which a value is refused."""
    with pytest.raises(ValidationError) as caught:
        estimate(value, kind)
    (detail,) = caught.value.errors()
    return detail.get("ctx", {}).get("message", detail["type"]), detail.get("ctx", {}).get("way_out", "")


FORMS = [
    # what is written, then low, mode, high, point
    (50, 50, 50, 50, 50),
    (-3.5, -3.5, -3.5, -3.5, -3.5),
    (0, 0, 0, 0, 0),
    ([40, 50, 60], 40, 50, 60, 50),
    ((40, 50, 60), 40, 50, 60, 50),
    ([50, 50, 50], 50, 50, 50, 50),
    ([40, 40, 60], 40, 40, 60, 40),
    ({"low": 40, "mode": 50, "high": 60}, 40, 50, 60, 50),
    ({"low": 40, "mode": 45, "high": 60, "shape": "pert"}, 40, 45, 60, 45),
    ({"low": 40, "high": 60, "shape": "uniform"}, 40, None, 60, 50),
    ({"low": 50, "mode": 50, "high": 50, "shape": "uniform"}, 50, 50, 50, 50),
    ({"low": 1, "mode": 2, "high": 3, "source": "a", "by": "AB", "note": "N"}, 1, 2, 3, 2),
    (1e6, 1e6, 1e6, 1e6, 1e6),
]  # fmt: skip


@pytest.mark.parametrize(("value", "low", "mode", "high", "point"), FORMS, ids=[str(row[0]) for row in FORMS])
def test_the_forms_of_an_estimate(value, low, mode, high, point):
    found = estimate(value)
    assert (found.low, found.mode, found.high, found.point) == (low, mode, high, point)
    assert found.is_point == (low == high)


SPELLINGS = [
    (50.0, 50),
    ([50, 50, 50], 50),
    ({"low": 50, "mode": 50, "high": 50}, 50),
    ([1, 2.5, 3], [1, 2.5, 3]),
    ({"low": 1, "mode": 2, "high": 3, "shape": "triangular"}, [1, 2, 3]),
    ({"low": 1, "high": 3, "shape": "uniform"}, {"low": 1, "high": 3, "shape": "uniform"}),
    (
        {"low": 1, "mode": 2, "high": 3, "by": "AB"},
        {"low": 1, "mode": 2, "high": 3, "shape": "triangular", "by": "AB"},
    ),
]


@pytest.mark.parametrize(("value", "short"), SPELLINGS, ids=[str(row[0]) for row in SPELLINGS])
def test_an_estimate_is_written_in_its_shortest_form(value, short):
    assert estimate(value).model_dump(mode="json") == short
    assert estimate(short) == estimate(value)


NUMBER = "write a number, [low, mode, high], or {low, mode, high, shape, source, by, note}"
BROKEN = [
    (True, "expects a number of points, has True", NUMBER),
    ("50", "expects a number of points, has 50", NUMBER),
    ("", "expects a number of points, has", NUMBER),
    (None, "expects a number of points, has None", NUMBER),
    ([1, "2", 3], "expects a number of points, has 2", NUMBER),
    ([1, None, 3], "expects a number of points, has None", NUMBER),
    ([[1], 2, 3], "expects a number of points, has [1]", NUMBER),
    (math.nan, "expects a number of points, has nan", "write a finite number"),
    (math.inf, "expects a number of points, has inf", "write a finite number"),
    ([-math.inf, 0, 1], "expects a number of points, has -inf", "write a finite number"),
    (1_000_001, "1000001 is outside -1e+06 to 1e+06", "a number of points lies within -1e+06 to 1e+06"),
    (10**39, f"{10**39} is outside -1e+06 to 1e+06", "a number of points lies within -1e+06 to 1e+06"),
    (10**400, "is outside -1e+06 to 1e+06", "a number of points lies within -1e+06 to 1e+06"),
    ([], "expects three numbers, has 0", "write [low, mode, high]"),
    ([1, 2], "expects three numbers, has 2", "write [low, mode, high]"),
    ([1, 2, 3, 4], "expects three numbers, has 4", "write [low, mode, high]"),
    ({}, "the estimate has no `low`", NUMBER),
    ({"mode": 2}, "the estimate has no `low`", NUMBER),
    ({"low": 1, "mode": 2}, "the estimate has no `high`", NUMBER),
    ({"low": 1, "high": 2}, "the estimate has no `mode`", "add `mode`, or say `shape: uniform`"),
    (
        {"low": 1, "high": 2, "shape": "pert"},
        "the estimate has no `mode`",
        "add `mode`, or say `shape: uniform`",
    ),
    ({"low": 1, "mode": 1, "high": 2, "shape": "uniform"}, "a uniform estimate has no mode", "remove `mode`"),
    ({"low": 1, "mode": 2, "high": 3, "shape": "flat"}, "literal_error", ""),
    ({"low": 1, "mode": 2, "high": 3, "unit": "km"}, "extra_forbidden", ""),
    ({"low": 1, "mode": None, "high": 3}, "expects a number of points, has None", NUMBER),
    ([60, 50, 40], "[60, 50, 40] does not rise", "write low <= mode <= high"),
    ([1, 3, 2.5], "[1, 3, 2.5] does not rise", "write low <= mode <= high"),
    ([2, 1, 3], "[2, 1, 3] does not rise", "write low <= mode <= high"),
    ({"low": 2, "high": 1, "shape": "uniform"}, "[2, 1] does not rise", "write low <= mode <= high"),
]


@pytest.mark.parametrize(("value", "message", "way_out"), BROKEN, ids=[str(row[0])[:30] for row in BROKEN])
def test_what_is_no_estimate_says_why(value, message, way_out):
    found = words(value)
    assert message in found[0]
    assert way_out in found[1]


@pytest.mark.parametrize(
    ("kind", "fine", "wrong"),
    [
        (Points, [-1e6, 1e6], [-1.1e6, 1.1e6]),
        (Score, [0, 100, [0, 50, 100]], [-0.1, 100.1, [0, 50, 101], [-1, 0, 0]]),
        (Weight, [0, 1e6], [-1e-9, 1.1e6]),
        (Chance, [0, 1, 0.5], [-0.1, 1.1, [0, 0.5, 50]]),
    ],
)
def test_each_kind_has_its_limits(kind, fine, wrong):
    for value in fine:
        assert estimate(value, kind).point in (value, 50)
    for value in wrong:
        message, way_out = words(value, kind)
        limits = f"{kind.lower:g} to {kind.upper:g}"
        assert message.endswith(f"is outside {limits}")
        assert way_out == f"{kind.unit} lies within {limits}"


numbers: st.SearchStrategy = st.one_of(
    st.floats(),
    st.integers(),
    st.sampled_from([True, None, "1", "", 10**400, [], {}, -0.0, 1e-300, 1e6, 100]),
)


@given(
    st.one_of(
        numbers,
        st.lists(numbers, max_size=4),
        st.dictionaries(st.sampled_from(["low", "mode", "high", "shape", "by", "x"]), numbers, max_size=5),
    ),
    st.sampled_from([Points, Score, Weight, Chance]),
)
@settings(max_examples=300, deadline=None)
def test_any_value_is_an_estimate_in_order_or_refused(value, kind):
    try:
        found = estimate(value, kind)
    except ValidationError:
        return
    assert kind.lower <= found.low <= found.point <= found.high <= kind.upper
    assert estimate(found.model_dump(mode="json"), kind) == found


# --- shares

SHARES = [
    ("2/3", Fraction(2, 3)), ("1/2", Fraction(1, 2)), ("4/6", Fraction(2, 3)), ("0.5/1", Fraction(1, 2)),
    ("0.6", Fraction(3, 5)), (0.6, Fraction(3, 5)), (0.1, Fraction(1, 10)), (".25", None), ("0", Fraction(0)),
    (0, Fraction(0)), (1, Fraction(1)), ("1/1", Fraction(1)), (1.0, Fraction(1)), (6e-1, Fraction(3, 5)),
    (1e-10, Fraction(1, 10**10)), ("333333333333333/1000000000000000", None),
    ("333333333333/1000000000000", Fraction(333333333333, 10**12)),
    # No share.
    ("1/0", None), ("0/0", None), ("3/2", None), (1.5, None), (2, None), (-0.5, None), ("-1/2", None), ("+1/2", None),
    ("\u0661/\u0662", None), ("\u00bd", None), ("1 / 2", None), ("1/2/3", None), ("50%", None), ("half", None),
    ("", None), (None, None), (True, None), (False, None), ([1, 2], None), (math.nan, None), (math.inf, None),
    ("1e-1", None), ("nan", None), (10**39, None), ("1/" + "9" * 5_000, None),
]  # fmt: skip


@pytest.mark.parametrize(("value", "share"), SHARES, ids=[ascii(row[0])[:30] for row in SHARES])
def test_shares_are_exact_or_refused(value, share):
    if share is not None:
        assert read_fraction(value) == share
        return
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(Share).validate_python(value)
    (detail,) = caught.value.errors()
    assert detail["ctx"]["way_out"] == "write a fraction such as 2/3 or a number from 0 to 1"


@pytest.mark.parametrize(
    ("written", "share", "message"),
    [
        (".5", Fraction(1, 2), None),
        ("6e-1", Fraction(3, 5), None),
        ("+0.5", Fraction(1, 2), None),
        ("2/3", Fraction(2, 3), None),
        ("0x1", Fraction(1), None),
        ("1/0", None, "1/0 divides by zero"),
        ("3/2", None, "3/2 is more than the whole"),
        ("1.50", None, "1.50 is more than the whole"),
        ("-.5", None, "expects a share, has -.5"),
        ("1e1", None, "expects a share, has 1e1"),
        ("true", None, "expects a share, has True"),
        ("\u0661/\u0662", None, "expects a share, has \u0661/\u0662"),
    ],
)
def test_shares_in_a_file_are_shown_as_they_were_written(written, share, message):
    text = edited(SMALL, ("more_than: 1/2", f"share: {written}"))
    if message is None:
        assert case_of(text).parties["upper"].ratification.quota.share == share
    else:
        (fault,) = faults_of(text)
        assert (fault.key, fault.message) == ("parties.upper.ratification.quota.share", message)


# --- rules as data

ADAPTER: TypeAdapter = TypeAdapter(Rule)


def rule(data):
    return ADAPTER.validate_python(data)


WRONG_RULES = [
    # rule, key below the rule, message, way out
    ("council", "", "expects a rule, has council", "write one of faction, party, all_of"),
    ("[{faction: council}]", "", "expects a rule, has [{'faction': 'council'}]", "write one of faction"),
    ("{}", "", "the rule is empty", "write one of faction"),
    ("{because: Custom}", "", "'because' is not a rule", "known: faction, party"),
    ("{facton: council}", "", "'facton' is not a rule", "did you mean 'faction'?"),
    ("{faction: council, quota: {share: 1}}", "", "a rule does one thing, this one has faction and quota", "nest them"),
    ("{faction: 5}", "faction", "expects a text, has 5", "put it in quotes"),
    ("{faction: council, of: []}", "of", "unknown key 'of'", "known: because, faction"),
    ("{all_of: []}", "all_of", "needs at least 1, has 0", "add what is missing"),
    ("{all_of: council}", "all_of", "expects a list, has council", "write `[a, b]`"),
    ("{all_of: [council]}", "all_of.0", "expects a rule, has council", "write one of"),
    ("{any_of: [{faction: council}, {}]}", "any_of.1", "the rule is empty", "write one of"),
    ("{at_least: 1}", "", "`of` is missing", "add `of:`"),
    ("{at_least: 0, of: [{faction: council}]}", "at_least", "0 is less than 1", "write 1 or more"),
    ("{at_least: 1.0, of: [{faction: council}]}", "at_least", "expects a whole number, has 1.0", "write digits only"),
    ("{at_least: true, of: [{faction: council}]}", "at_least", "expects a whole number, has True", "write digits"),
    ("{at_least: 1, of: [{faction: council}, {fction: a}]}", "of.1", "'fction' is not a rule", "did you mean"),
    ("{at_least: 1, of: [{all_of: [{faction: 7}]}]}", "of.0.all_of.0.faction", "expects a text, has 7", "in quotes"),
    ("{not_blocked_by: {not_blocked_by: {faction: []}}}", "not_blocked_by.not_blocked_by.faction", "expects a text",
     "in quotes"),
    ("{not_blocked_by: council}", "not_blocked_by", "expects a rule, has council", "write one of"),
    ("{quota: {}}", "quota", "a quota needs one of more_than, share, at_least; has none", "keep exactly one"),
    ("{quota: {share: 1/2, at_least: 5}}", "quota", "has share and at_least", "keep exactly one"),
    ("{quota: 1/2}", "quota", "expects keys with values, has 1/2", "write `key: value` lines"),
    ("{quota: {mre_than: 1/2}}", "quota.mre_than", "unknown key 'mre_than'", "did you mean 'more_than'?"),
    ("{quota: {quota: 1, at_least: 2, weights: {council: -1}}}", "quota.weights.council", "-1 is outside", "a weight"),
    ("{quota: {share: 1, of_present: 1}}", "quota.of_present", "expects true or false, has 1", "write true or false"),
    ("{quota: {share: 1, present: {council: 2}}}", "quota.present.council", "2 is outside 0 to 1", "a probability"),
    ("{referendum: {threshold: 1/2}}", "referendum", "`groups` is missing", "add `groups:`"),
    ("{referendum: {groups: [], threshold: 1/2}}", "referendum.groups", "needs at least 1, has 0", "add what"),
    ("{referendum: {groups: [{faction: council}], threshold: 1/2}}", "referendum.groups.0", "`size` is missing",
     "add `size:`"),
    ("{faction: council, because: {txt: a}}", "because", "`text` is missing", "add `text:`"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "key", "message", "way_out"), WRONG_RULES, ids=[row[0][:50] for row in WRONG_RULES]
)
def test_a_wrong_rule_is_refused_at_its_place(written, key, message, way_out):
    text = edited(SMALL, ("ratification: {quota: {more_than: 1/2}}", f"ratification: {written}"))
    fault = next(f for f in faults_of(text) if message in f.message)
    assert fault.key == f"parties.upper.ratification.{key}".rstrip(".")
    assert way_out in fault.way_out
    assert fault.line == SMALL.splitlines().index("    ratification: {quota: {more_than: 1/2}}") + 1


def test_a_rule_can_be_walked():
    inside = rules.walk(case_of(FULL).parties["north"].ratification, ("r",))
    paths = {path: type(part).__name__ for path, part in inside}
    assert paths == {
        ("r",): "AllOf",
        ("r", "all_of", 0): "OfFaction",
        ("r", "all_of", 1): "AnyOf",
        ("r", "all_of", 1, "any_of", 0): "AtLeast",
        ("r", "all_of", 1, "any_of", 0, "of", 0): "OfFaction",
        ("r", "all_of", 1, "any_of", 0, "of", 1): "NotBlockedBy",
        ("r", "all_of", 1, "any_of", 0, "of", 1, "not_blocked_by"): "OfFaction",
        ("r", "all_of", 2): "Quota",
        ("r", "all_of", 3): "Referendum",
        ("r", "all_of", 4): "Quota",
        ("r", "all_of", 5): "Quota",
    }


def test_members_are_those_whose_acceptance_is_asked_about():
    everybody = ("court", "camp", "fleet", "bishop")
    assert rules.members(case_of(FULL).parties["north"].ratification, everybody) == (*everybody[:3], "bishop")
    assert rules.members(rule({"quota": {"share": 1, "weights": {"z": 1}}}), everybody) == ("z",)
    assert rules.members(rule({"quota": {"share": 1}}), everybody) == everybody
    assert rules.members(rule({"not_blocked_by": {"party": "p"}}), everybody) == ("p",)


def test_a_rule_survives_being_written():
    found = case_of(FULL)
    assert (
        rule(found.parties["north"].ratification.model_dump(mode="json"))
        == found.parties["north"].ratification
    )


# --- when a rule holds

ALL = twin.EVERYBODY
SUBSETS = [set(c) for n in range(len(ALL) + 1) for c in itertools.combinations(ALL, n)]
EQUAL = dict.fromkeys(ALL, Fraction(1))

member = st.sampled_from(ALL)
weight = st.one_of(
    st.integers(0, 9),
    st.sampled_from([0.1, 0.2, 0.3, 0.7, 1.1, 33.3, 66.7, 1e-3]),
    st.integers(1, 8).map(lambda n: [n - 1, n, n + 2]),
)
share = st.sampled_from(["1/2", "2/3", "3/5", "1/3", 0.6, 0.1, 0, 1, "0.55", "1/7"])
chance = st.sampled_from([0, 0.4, 0.5, 0.6, 1, [0.2, 0.5, 0.9], [0.1, 0.49, 1]])


@st.composite
def quotas(draw):
    terms = {draw(st.sampled_from(["more_than", "share"])): draw(share)}
    if draw(st.booleans()):
        terms = {"at_least": draw(weight)}
    if draw(st.booleans()):
        terms["weights"] = draw(st.dictionaries(member, weight, min_size=1))
    if draw(st.booleans()):
        terms["of_present"] = draw(st.booleans())
    if draw(st.booleans()):
        terms["present"] = draw(st.dictionaries(member, chance))
    return {"quota": terms}


@st.composite
def referendums(draw):
    size, turnout = (
        st.sampled_from([0, 1, 10, 250, 0.3]),
        st.sampled_from([0, 0.25, 0.5, 0.8, 1, [0.1, 0.6, 0.7]]),
    )
    group = st.fixed_dictionaries({"faction": member, "size": size}, optional={"turnout": turnout})
    terms = {"groups": draw(st.lists(group, min_size=1, max_size=4)), "threshold": draw(share)}
    for key in ("turnout_quorum", "approval_quorum"):
        if draw(st.booleans()):
            terms[key] = draw(share)
    if draw(st.booleans()):
        terms["each_group"] = draw(st.booleans())
    return {"referendum": terms}


def _nested(inner):
    some = st.lists(inner, min_size=1, max_size=4)
    return st.one_of(
        some.map(lambda parts: {"all_of": parts}),
        some.map(lambda parts: {"any_of": parts}),
        st.tuples(st.integers(1, 4), some).map(lambda found: {"at_least": found[0], "of": found[1]}),
        inner.map(lambda part: {"not_blocked_by": part}),
    )


leaves = st.one_of(
    member.map(lambda m: {"faction": m}), member.map(lambda m: {"party": m}), quotas(), referendums()
)
RULES = st.recursive(leaves, _nested, max_leaves=6)
DEFAULTS = st.dictionaries(member, st.sampled_from([Fraction(1), Fraction(5), Fraction(1, 10), Fraction(0)]))


@given(RULES, DEFAULTS)
@settings(max_examples=80, deadline=None)
def test_rules_hold_as_the_twin_says_for_numbers_and_for_arrays(data, weights):
    found = rule(data)
    yes = {m: np.array([int(m in accepting) for accepting in SUBSETS]) for m in ALL}
    before = {m: array.copy() for m, array in yes.items()}
    together = np.broadcast_to(rules.holds(found, yes, weights), (len(SUBSETS),))
    for place, accepting in enumerate(SUBSETS):
        alone = rules.holds(found, {m: int(m in accepting) for m in ALL}, weights)
        assert alone in (0, 1)
        assert isinstance(alone, int)
        assert alone == twin.holds(data, accepting, weights) == together[place], accepting
    assert all((yes[m] == before[m]).all() for m in ALL)


@given(RULES, DEFAULTS)
@settings(max_examples=60, deadline=None)
def test_one_more_yes_never_hurts(data, weights):
    """Nor does it inside `not_blocked_by`, as one more yes is one refusal less."""
    found = rule(data)
    verdicts = [rules.holds(found, {m: int(m in accepting) for m in ALL}, weights) for accepting in SUBSETS]
    for accepting, verdict in zip(SUBSETS, verdicts, strict=True):
        for joining in ALL:
            assert verdict <= verdicts[SUBSETS.index(accepting | {joining})], (accepting, joining)


def outcome(data, *accepting, weights=EQUAL):
    return rules.holds(rule(data), {m: int(m in accepting) for m in ALL}, weights)


def test_exactly_two_thirds():
    assert outcome({"quota": {"share": "2/3"}}, *"abcd") == 1
    assert outcome({"quota": {"more_than": "2/3"}}, *"abcd") == 0
    assert outcome({"quota": {"more_than": "2/3"}}, *"abcde") == 1
    assert outcome({"quota": {"share": "2/3"}}, *"abc") == 0


def test_exactly_one_half():
    assert outcome({"quota": {"more_than": "1/2"}}, *"abc") == 0
    assert outcome({"quota": {"share": "1/2"}}, *"abc") == 1
    assert outcome({"quota": {"more_than": 0.5}}, *"abcd") == 1


def test_weights_with_decimals_are_added_exactly():
    """In floating point 0.1 + 0.2 is more than 0.3, and 0.7 + 0.1 less than 0.8."""
    for first, second, total in ((0.1, 0.2, 0.3), (0.7, 0.1, 0.8)):
        weights = {"a": first, "b": second}
        assert outcome({"quota": {"at_least": total, "weights": weights}}, "a", "b") == 1
        assert outcome({"quota": {"more_than": 0.5, "weights": {**weights, "c": total}}}, "a", "b") == 0
        assert outcome({"quota": {"share": 0.5, "weights": {**weights, "c": total}}}, "a", "b") == 1


def test_a_vote_counts_those_present():
    absent = {"present": dict.fromkeys("ef", 0.4)}
    assert outcome({"quota": {"more_than": "1/2", **absent}}, *"abc") == 0
    assert outcome({"quota": {"more_than": "1/2", **absent, "of_present": True}}, *"abc") == 1
    assert outcome({"quota": {"at_least": 4, **absent}}, *"abcef") == 0


@pytest.mark.parametrize("bar", [{"share": "1/2"}, {"more_than": "1/2"}])
def test_an_empty_meeting_decides_nothing(bar: dict[str, str]):
    nobody = {"quota": {**bar, "of_present": True, "present": dict.fromkeys("abcdef", 0.4)}}
    assert outcome(nobody, *"abcdef") == outcome(nobody) == 0
    assert outcome({"not_blocked_by": nobody}) == 1


def test_not_blocked_by_counts_refusals():
    blocked = {"not_blocked_by": {"quota": {"share": "1/3"}}}
    assert outcome(blocked, *"abcde") == 1
    assert outcome(blocked, *"abcd") == 0
    assert outcome({"not_blocked_by": {"all_of": [{"faction": "a"}, {"faction": "b"}]}}) == 0
    assert outcome({"not_blocked_by": {"all_of": [{"faction": "a"}, {"faction": "b"}]}}, "a") == 1


def test_a_referendum_has_its_quorums():
    terms = {
        "groups": [{"faction": "a", "size": 60, "turnout": 0.5}, {"faction": "b", "size": 40}],
        "threshold": "3/7",
    }
    assert outcome({"referendum": terms}, "a") == 0
    assert outcome({"referendum": {**terms, "threshold": 0.4}}, "a") == 1
    assert outcome({"referendum": {**terms, "threshold": 0.4, "turnout_quorum": 0.7}}, "a") == 1
    assert outcome({"referendum": {**terms, "threshold": 0.4, "turnout_quorum": 0.71}}, "a") == 0
    assert outcome({"referendum": {**terms, "threshold": 0.4, "approval_quorum": 0.3}}, "a") == 1
    assert outcome({"referendum": {**terms, "threshold": 0.4, "approval_quorum": 0.31}}, "a") == 0
    assert outcome({"referendum": {**terms, "threshold": 0.4, "each_group": True}}, "a") == 0
    assert outcome({"referendum": {**terms, "threshold": 0.4, "each_group": True}}, "a", "b") == 1


@pytest.mark.parametrize(
    "terms",
    [
        {"share": "2/3", "weights": {"a": 123456.12345678, "b": 0.12345678901234}},
        {"at_least": 0.1, "weights": {"a": 123456.12345678, "b": 0.12345678901234}},
        {"at_least": 1e6, "weights": {"a": 0.12345678901234567}},
    ],
    ids=["all", "the weights alone", "the bar alone"],
)
def test_numbers_too_fine_for_an_exact_count_are_a_limit_not_an_overflow(terms):
    with pytest.raises(LimitExceeded, match="too many digits"):
        outcome({"quota": terms}, "a")


def test_a_rule_in_a_case_means_what_it_says():
    upper = case_of(SMALL).parties["upper"].ratification
    weights = {"council": Fraction(5), "herders": Fraction(4)}
    assert rules.holds(upper, {"council": 1, "herders": 0}, weights) == 1
    assert rules.holds(upper, {"council": 0, "herders": 1}, weights) == 0
    assert as_yaml(upper.model_dump(mode="json", exclude_defaults=True)) == '{"quota": {"more_than": "1/2"}}'
