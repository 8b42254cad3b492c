"""Power by the rules of a case: random trees against all coalitions gone through, and what is said of them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from fractions import Fraction
from random import Random
from typing import Any

import numpy as np
import pytest

from tests.generators import Maker, random_case, to_case
from tests.test_power import of, random_vote
from tests.twins import rules as twin_rules
from tests.twins.power import named, without_presence
from tests.twins.power import power as twin_power
from winset.analyses import power, wording
from winset.analyses.power.answers import RulePower
from winset.analyses.power.counting import one_by_one, power_indices
from winset.analyses.power.indices import Indices
from winset.analyses.power.vote import read_vote
from winset.analyses.sections import Section, Table, Verdict
from winset.case.model import Case
from winset.formats import load_case
from winset.formats.catalogue import catalogue
from winset.kernels import coalitions

Data = dict[str, Any]
ALL = twin_rules.EVERYBODY


def home(rule: Data, weights: dict[str, Any]) -> Case:
    """A party P with these factions and this rule."""
    factions = {name: {"name": name.upper(), "weight": weight} for name, weight in weights.items()}
    party = {"name": "P", "factions": factions, "speaks_for": next(iter(weights)), "ratification": rule}
    return to_case({"winset": 1, "title": "T", "parties": {"p": party}})


def at_table(rule: Data, names: Iterable[str]) -> Case:
    """Parties of these names under this table rule."""
    parties = {name: {"name": name.upper()} for name in names}
    data = {"winset": 1, "title": "T", "parties": parties, "table_rule": rule, "objective": list(parties)}
    return to_case(data)


def only(case: Case) -> RulePower:
    """The answer for the one rule that the case has."""
    (answer,) = power.run(case).rules.values()
    return answer


def indices(case: Case) -> Indices:
    found = only(case).indices
    assert found is not None
    return found


def at_home(rule: Data, **weights: Any) -> Indices:
    return indices(home(rule, weights))


def leaves(*names: str) -> list[Data]:
    return [{"faction": name} for name in names]


def words(case: Case) -> str:
    """All that is said in sentences."""
    return " ".join(getattr(part, "text", "") for part in section(case).parts)


def tables(case: Case) -> list[Table]:
    return [part for part in section(case).parts if isinstance(part, Table)]


def section(case: Case) -> Section:
    (found,) = power.sections(case, power.run(case))
    return found


# --- random trees against the definitions


def assert_as_the_definitions_say(random: Random) -> str:
    """One random rule, at home or at the table; gives back what became of it."""
    maker, names = Maker(random), ALL[: random.randint(1, 6)]
    if random.random() < 0.3:
        weights, prefix = dict.fromkeys(names, Fraction(1)), ""
        rule = maker.rule("party", names, random.randint(1, 3))
        case = at_table(rule, names)
    else:
        given = {name: random.choice([0, 1, 2, 3, 0.1, 0.7, [1, 4, 5]]) for name in names}
        weights, prefix = {name: twin_rules.number(weight) for name, weight in given.items()}, "p."
        if not any(weights.values()):
            return assert_as_the_definitions_say(random)
        rule = maker.rule("faction", names, random.randint(1, 3))
        case = home(rule, given)
    answer, plain = only(case), without_presence(rule)
    called = [member.removeprefix(prefix) for member in answer.members]
    assert set(called) == named(rule, names), rule
    assert answer.presence_left_aside == (plain != rule)

    def wins(members: frozenset[int]) -> bool:
        return twin_rules.holds(plain, {called[i] for i in members}, weights)

    if wins(frozenset()) or not wins(frozenset(range(len(called)))):
        assert answer.settled == ("always" if wins(frozenset()) else "never"), rule
        assert answer.indices is None
        return "settled"
    found, twin = indices(case), twin_power(len(called), wins)
    assert (answer.settled, found.declined) == (None, "")
    assert (found.winning, found.coalitions) == (twin.winning, 2 ** len(called)), rule
    assert found.act == Fraction(twin.winning, 2 ** len(called))
    assert found.minimal == len(twin.minimal), rule
    for name, values in twin.by_player.items():
        assert of(found, name) == values, (name, rule)
    return "a vote" if found.vote else "a tree"


def test_random_rules_against_all_coalitions():
    random = Random(1971)
    became = [assert_as_the_definitions_say(random) for _ in range(400)]
    assert min(became.count(kind) for kind in ("a vote", "a tree")) > 100
    assert "settled" in became


@pytest.mark.fuzz
def test_many_random_rules_against_all_coalitions():
    random = Random(1983)
    for _ in range(2_000):
        assert_as_the_definitions_say(random)


def test_both_ways_of_counting_agree():
    random = Random(1946)
    for _ in range(300):
        vote = random_vote(random)
        places = range(1 << len(vote.names))
        weighs = [sum(w for i, w in enumerate(vote.weights) if place >> i & 1) for place in places]
        wins = np.array([w > vote.quota if vote.strictly else w >= vote.quota for w in weighs])
        before = wins.copy()
        assert one_by_one(vote.names, wins, vote) == power_indices(vote), vote
        assert (wins == before).all()


def test_both_ways_agree_at_the_limit():
    """20 members: the quota by its weights, the same said twice coalition by coalition, a slice at a time."""
    random = Random(7)
    weights = {f"f{i}": random.choice([1, 2, 5, 17, 40]) for i in range(20)}
    vote = at_home({"quota": {"share": "3/5"}}, **weights)
    tree = at_home({"all_of": [{"quota": {"share": "3/5"}}, {"quota": {"share": "3/5"}}]}, **weights)
    assert vote.vote is not None
    assert tree.vote is None
    assert (tree.winning, tree.minimal) == (vote.winning, vote.minimal)
    for name in ("swings", "shapley_shubik", "holler_packel", "deegan_packel", "veto"):
        assert of(tree, name) == of(vote, name)


def test_a_kernel_leaves_its_input_alone():
    wins = np.array([False, True, False, True, False, True, True, True])
    before = wins.copy()
    assert coalitions.minimal(wins) == [[0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 1, 0]]
    assert coalitions.swings(wins).winning == 5
    assert (wins == before).all()


# --- rules that people know


def test_the_security_council():
    """Shares as they are published: 421/2145 and 4/2145 of all orders, 848 and 84 swings."""
    names = [f"m{i}" for i in range(15)]
    body = {"at_least": 9, "of": [{"party": name} for name in names]}
    case = at_table({"all_of": [*({"party": name} for name in names[:5]), body]}, names)
    found = indices(case)
    assert of(found, "swings") == [848] * 5 + [84] * 10
    assert of(found, "shapley_shubik") == [Fraction(421, 2145)] * 5 + [Fraction(4, 2145)] * 10
    same = power_indices(read_vote("39", ["7"] * 5 + ["1"] * 10, strictly=False))
    for name in ("banzhaf", "prevent", "initiate", "minimal", "deegan_packel", "veto"):
        assert of(found, name) == of(same, name)
    assert "At the table nothing passes without a yes of M0, M1, M2, M3 and M4." in words(case)


def test_sufficient_consensus_at_the_table():
    """Both main parties and most of the others."""
    others = {"at_least": 2, "of": [{"party": name} for name in "cde"]}
    case = at_table({"all_of": [{"party": "a"}, {"party": "b"}, others]}, "abcde")
    answer = only(case)
    assert (answer.side, answer.members) == (None, tuple("abcde"))
    found = indices(case)
    assert (found.winning, found.minimal) == (4, 3)
    assert of(found, "swings") == [4, 4, 2, 2, 2]
    assert of(found, "shapley_shubik") == [Fraction(7, 20)] * 2 + [Fraction(1, 10)] * 3
    assert of(found, "minimal") == [3, 3, 2, 2, 2]
    (table,) = tables(case)
    assert table.columns[0] == "At the table"
    assert table.caption.endswith("(4 of 32 coalitions pass)")
    assert [row[0] for row in table.rows] == ["A", "B", "C", "D", "E"]
    assert table.rows[0][-1] == "3 of 3"


def test_a_member_of_two_bodies():
    """A with B or C in one body, two of A, D and E in the other: A is needed, and one in each."""
    first = {"quota": {"more_than": "1/2", "weights": {"a": 2, "b": 1, "c": 1}}}
    second = {"quota": {"more_than": "1/2", "weights": {"a": 1, "d": 1, "e": 1}}}
    case = home({"all_of": [first, second]}, dict.fromkeys("abcde", 1))
    found = indices(case)
    assert [player.name for player in found.players] == ["p.a", "p.b", "p.c", "p.d", "p.e"]
    assert of(found, "swings") == [9, 3, 3, 3, 3]
    assert (found.winning, found.minimal) == (9, 4)
    assert of(found, "veto") == [True, False, False, False, False]
    assert "At home of P nothing passes without a yes of A." in words(case)


@pytest.mark.parametrize("bar", [{"share": "1/3"}, {"more_than": "1/3"}, {"at_least": 4}])
def test_a_quota_of_refusals_is_the_dual_game(bar: Data):
    weights = {"a": 5, "b": 4, "c": 3, "d": 0}
    carried, blocked = (
        at_home(rule, **weights) for rule in ({"quota": bar}, {"not_blocked_by": {"quota": bar}})
    )
    assert of(blocked, "banzhaf") == of(carried, "banzhaf")
    assert of(blocked, "shapley_shubik") == of(carried, "shapley_shubik")
    assert of(blocked, "prevent") == of(carried, "initiate")
    assert of(blocked, "initiate") == of(carried, "prevent")
    assert blocked.winning == carried.coalitions - carried.winning
    assert blocked.vote is not None
    twice = at_home({"not_blocked_by": {"not_blocked_by": {"quota": bar}}}, **weights)
    assert twice == carried


def test_a_third_that_blocks_is_more_than_two_thirds_that_carry():
    weights = {"a": 5, "b": 4, "c": 3}
    blocked = at_home({"not_blocked_by": {"quota": {"share": "1/3"}}}, **weights)
    assert blocked == at_home({"quota": {"more_than": "2/3"}}, **weights)
    assert of(blocked, "veto") == [True, True, False]


def test_a_quota_by_itself_in_a_list_is_a_vote():
    for wrapped in (
        {"all_of": [{"quota": {"share": "1/2"}}]},
        {"at_least": 1, "of": [{"quota": {"share": "1/2"}}]},
    ):
        assert at_home(wrapped, a=3, b=2, c=2) == at_home({"quota": {"share": "1/2"}}, a=3, b=2, c=2)


def test_presence_is_left_aside_and_that_is_said():
    weights = {"a": 3, "b": 2, "c": 2}
    plain = {"quota": {"share": "1/2"}}
    absent = {"quota": {"share": "1/2", "of_present": True, "present": {"a": 0.2}}}
    nested = {"any_of": [{"not_blocked_by": {"all_of": [absent, *leaves("b")]}}, *leaves("c")]}
    assert at_home(absent, **weights) == at_home(plain, **weights)
    assert at_home(nested, **weights) == at_home(without_presence(nested), **weights)
    for rule in (absent, nested, {"quota": {"share": "1/2", "of_present": True}}):
        case = home(rule, weights)
        assert only(case).presence_left_aside
        assert "Presence is left aside at home of P: " in words(case)
    assert "Presence" not in words(home(plain, weights))


def test_a_referendum_is_the_vote_of_its_groups():
    groups = [
        {"faction": "a", "size": 10, "turnout": 0.3},
        {"faction": "b", "size": [3, 4, 9]},
        {"faction": "c", "size": 2},
    ]
    found = at_home({"referendum": {"groups": groups, "threshold": "1/2"}}, a=1, b=1, c=1)
    assert of(found, "swings") == [2, 2, 2], "3, 4 and 2 votes, more than 4.5 needed"
    quorum = {"groups": groups, "threshold": "1/2", "approval_quorum": "2/5"}
    found = at_home({"referendum": quorum}, a=1, b=1, c=1)
    assert of(found, "dummy") == [False, False, True], "6.4 of 16 voters must say yes: A's and B's 7 do"


# --- what cannot be counted, and what need not be


def test_rules_that_always_or_never_pass_say_so():
    always = home({"quota": {"at_least": 0}}, {"a": 1, "b": 2})
    assert only(always).settled == "always"
    assert "At home of P the rule holds even if all refuse: nobody decides." in words(always)
    groups = [{"faction": "a", "size": 10, "turnout": 0.3}]
    never = home({"referendum": {"groups": groups, "threshold": "1/2", "turnout_quorum": "1/2"}}, {"a": 1})
    assert only(never).settled == "never"
    assert "At home of P the rule cannot hold, even if all accept." in words(never)
    assert tables(never) == tables(always) == []


def test_past_the_limits_it_is_said_and_nothing_is_raised():
    names = [f"f{i}" for i in range(21)]
    weights = dict.fromkeys(names, 1)
    tree = home({"any_of": [{"all_of": leaves(*names[:20])}, *leaves(names[20])]}, weights)
    assert only(tree).indices is None
    assert "At home of P power is not counted: the coalitions of 21 members are too many" in words(tree)
    assert tables(tree) == []
    assert at_home({"quota": {"more_than": "1/2"}}, **weights).vote is not None
    crowd = home({"quota": {"more_than": "1/2"}}, {f"f{i}": 1 for i in range(101)})
    assert "up to 100 players, this vote has 101" in words(crowd)
    fine = {name: 500_000 + i + i / 1_000 for i, name in enumerate(names)}
    assert "too many to count 21 players by" in words(home({"quota": {"more_than": "1/2"}}, fine))
    many = home({"quota": {"more_than": "1/2"}}, {f"f{i}": 1 + i % 3 for i in range(31)})
    assert "At home of P: Holler-Packel and Deegan-Packel are counted for up to 30 players" in words(many)
    assert "Needed in" not in tables(many)[0].columns


def test_a_vote_too_fine_for_its_weights_is_gone_through():
    """Up to 20 members all is counted whatever the digits."""
    weights = {f"f{i}": 700_000 + i + i / 1_000 for i in range(9)}
    found = at_home({"quota": {"more_than": "1/2"}}, **weights)
    assert found.vote is not None
    assert not found.declined
    assert of(found, "swings") == [70] * 9
    large = at_home({"quota": {"at_least": 1_000_000}}, **dict.fromkeys("abcdefghi", 999_999), j=1)
    assert not large.declined
    assert of(large, "minimal") == [9] * 10, "a large one with another, or with the one vote"


def test_words_before_numbers():
    members = {"a": 1, "b": 1, "c": 1}
    said: list[tuple[Data, str, int]] = [
        ({"all_of": leaves("a", "b")}, "At home of P a yes of A and B is needed and enough.", 0),
        ({"any_of": leaves("a", "b", "c")}, "nobody has a veto, and all have the same power.", 1),
        ({"quota": {"share": "1/2", "weights": {"a": 3, "b": 2, "c": 0}}}, "the decision rests with A alone; B and C can never turn a vote.", 0),
        ({"quota": {"share": "1/2", "weights": {"a": 2, "b": 2, "c": 0}}}, "nobody has a veto; the vote is turned most often by A and B; C can never turn a vote.", 1),
        ({"all_of": [*leaves("a"), {"any_of": leaves("b", "c")}]}, "nothing passes without a yes of A.", 1),
    ]  # fmt: skip
    for rule, sentence, shown in said:
        case = home(rule, members)
        assert sentence in words(case)
        assert len(tables(case)) == shown
        assert isinstance(section(case).parts[0], Verdict)
        assert section(case).lead == ()
        assert "does not say how anybody will vote" in words(case)


def test_rules_of_one_member_share_a_sentence():
    data: Data = {
        "winset": 1,
        "title": "T",
        "parties": {
            "p": {"name": "P", "factions": {"a": {"name": "A"}}, "ratification": {"faction": "a"}},
            "q": {"name": "Q", "ratification": {"faction": "q"}},
        },
        "table_rule": {"all_of": [{"party": "p"}, {"party": "q"}]},
    }
    case = to_case(data)
    result = power.run(case)
    assert list(result.rules) == ["parties.p.ratification", "parties.q.ratification", "table_rule"]
    assert [answer.members for answer in result.rules.values()] == [("p.a",), ("q",), ("p", "q")]
    assert "The decision rests with one alone: at home of P with A and at home of Q with Q." in words(case)
    del data["table_rule"]
    for party in data["parties"].values():
        party.pop("ratification")
    bare = to_case(data)
    assert power.run(bare).rules == {}
    assert words(bare).startswith("The case gives no rule for a home or the table")


def test_ranges_are_said_to_be_left_aside_where_there_are_any():
    rule = {"quota": {"more_than": "1/2"}}
    assert wording.AT_THE_MODE in words(home(rule, {"a": [1, 2, 3], "b": 1, "c": 1}))
    assert wording.AT_THE_MODE not in words(home(rule, {"a": 2, "b": 1, "c": 1}))
    own = {"quota": {"more_than": "1/2", "weights": {"a": 2, "b": 1}}}
    for without in ({"all_of": leaves("a", "b")}, own):
        assert wording.AT_THE_MODE not in words(home(without, {"a": [1, 2, 3], "b": 1}))
    groups = [{"faction": "a", "size": 2, "turnout": [0.1, 0.5, 0.6]}, {"faction": "b", "size": 2}]
    assert wording.AT_THE_MODE in words(
        home({"referendum": {"groups": groups, "threshold": 0.2}}, {"a": 1, "b": 1})
    )


# --- as data


def test_json_has_the_form_of_the_command():
    result = power.run(home({"quota": {"share": "3/4"}}, {"a": 2, "b": 1, "c": 1}))
    data = json.loads(json.dumps(result.to_dict(), allow_nan=False))
    answer = data["rules"]["parties.p.ratification"]
    assert (answer["side"], answer["members"], answer["settled"]) == ("p", ["p.a", "p.b", "p.c"], None)
    same = power_indices(read_vote("3", ["2", "1", "1"], ["p.a", "p.b", "p.c"], strictly=False)).to_dict()
    assert answer["power"] == json.loads(json.dumps(same))
    assert answer["power"]["players"][0]["shapley_shubik"] == {"exact": "2/3", "value": 2 / 3}
    tree = power.run(home({"all_of": leaves("a", "b")}, {"a": 1, "b": 1})).to_dict()["rules"]
    told = tree["parties.p.ratification"]["power"]
    assert told["rule"] is None
    assert [player["weight"] for player in told["players"]] == [None, None]
    assert told["players"][0].keys() == same["players"][0].keys()


def test_any_case_is_answered():
    cases = [*map(load_case, catalogue()), *(to_case(random_case(seed)) for seed in range(150))]
    for case in cases:
        result = power.run(case)
        homes = [f"parties.{s}.ratification" for s, p in case.parties.items() if p.ratification is not None]
        assert list(result.rules) == homes + (["table_rule"] if case.table_rule is not None else [])
        json.dumps(result.to_dict(), allow_nan=False)
        assert section(case).parts
