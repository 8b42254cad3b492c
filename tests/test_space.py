"""The space against counting everything out, and one package judged by hand."""

from __future__ import annotations

import itertools
import json
import random
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from tests.generators import cases, random_case, to_case
from tests.twins.agreement import Data, Twin, quantise
from winset.case.model import Case
from winset.case.read import parse_case
from winset.errors import CaseError, LimitExceeded, NotApplicable, UnknownName
from winset.space import blocks
from winset.space.blocks import Tie
from winset.space.build import Space, build_space, merged
from winset.space.consent import ask_packages, batches, check_size, judges
from winset.space.package import completions, crossed_by, judge, open_issues, read_package
from winset.space.worth import feasible, forbidden, worth

SEEDS = range(40)


@cache
def drawn(seed: int) -> tuple[Space, Twin]:
    """The space and the twin of a random case."""
    data = random_case(seed)
    return build_space(to_case(data)), Twin(data)


def plain(issues: int, options: int = 2, **more: Any) -> Data:
    """A case of one party that likes options in the order of the list; plain numbers throughout."""
    names = [f"i{n:02}" for n in range(issues)]
    choices = [f"o{n}" for n in range(options)]
    scores = {option: 100 * n // (options - 1) for n, option in enumerate(choices)}
    return {
        "winset": 1,
        "title": "Plain",
        "issues": {name: {"title": name, "options": {o: o for o in choices}} for name in names},
        "parties": {"a": {"name": "A"}},
        "preferences": {
            "a": {"walk_away": 50, "weights": dict.fromkeys(names, 1), "scores": dict.fromkeys(names, scores)}
        },
        **more,
    }


def all_packages(space: Space) -> list[dict[str, str]]:
    return [space.package(number) for number in range(space.size)]


def everything(space: Space) -> np.ndarray:
    return np.arange(space.size, dtype=np.int64)


# packages


@settings(max_examples=30, deadline=None)
@given(cases())
def test_every_feasible_package_exactly_once(data: Data) -> None:
    for extended in (False, True):
        space, twin = (
            build_space(to_case(data), extended=extended),
            Twin(data, extended=extended, judge=False),
        )
        found = sorted(tuple(package.items()) for package in all_packages(space))
        assert found == sorted(tuple(package.items()) for package in twin.packages)
        assert space.size == len(twin.packages)
        assert space.combinations == len(list(twin.combinations()))


@pytest.mark.parametrize("seed", SEEDS)
def test_block_rows_are_what_constraints_leave(seed: int) -> None:
    space, twin = drawn(seed)
    assert sorted(place for block in space.blocks for place in block.issues) == list(range(len(space.issues)))
    for block in space.blocks:
        rows = [
            tuple(space.options[p][o] for p, o in zip(block.issues, row, strict=True)) for row in block.rows
        ]
        names = [space.issues[place] for place in block.issues]
        wanted = {tuple(package[name] for name in names) for package in twin.packages}
        assert len(rows) == len(set(rows))
        assert set(rows) == wanted


def test_issues_are_tied_by_constraints_joint_terms_and_red_lines_on_combinations() -> None:
    data = plain(9)
    data["constraints"] = [{"id": "c", "forbid": "i00 == o0 and i02 == o0"}]
    data["joint"] = [{"for": "a", "when": "i02 == o1 or i03 == o1", "add": 5}]
    data["preferences"]["a"]["red_lines"] = {"i05 == o0 and i07 == o0": 0.1, "i08.o0": 1}
    found = [
        tuple(build_space(to_case(data)).issues[i] for i in b.issues)
        for b in build_space(to_case(data)).blocks
    ]
    assert found == [("i00", "i02", "i03"), ("i01",), ("i04",), ("i05", "i07"), ("i06",), ("i08",)]


def test_components_are_the_union_of_all_ties() -> None:
    """Against a slow closure: two issues are together when a chain of ties leads from one to the other."""
    dice = random.Random(4)
    for _ in range(200):
        issues = [f"i{n}" for n in range(dice.randint(1, 8))]
        ties = [Tie("t", tuple(dice.sample(issues, dice.randint(1, min(3, len(issues)))))) for _ in range(3)]
        groups = {issue: {issue} for issue in issues}
        for _ in issues:
            for tie, issue in itertools.product(ties, issues):
                if groups[issue] & set(tie.issues):
                    groups[issue] |= set(tie.issues)
        expected = {tuple(sorted(group)) for group in groups.values()}
        found = blocks.components(issues, ties)
        assert {tuple(sorted(group)) for group in found} == expected
        assert [group[0] for group in found] == sorted(group[0] for group in found), (
            "in the order of the case"
        )


@pytest.mark.parametrize("seed", SEEDS)
def test_numbers_choices_and_rows_agree(seed: int) -> None:
    space, _ = drawn(seed)
    chosen = space.choices(everything(space))
    assert [space.package(n) for n in range(space.size)] == [
        {issue: space.options[i][row[i]] for i, issue in enumerate(space.issues)} for row in chosen
    ]
    shape = tuple(len(block.rows) for block in space.blocks)
    for mine, expected in zip(
        space.rows_of(everything(space)), np.unravel_index(everything(space), shape), strict=True
    ):
        assert mine.tolist() == expected.tolist()


@pytest.mark.parametrize("most", [1, 6, 2**14])
@pytest.mark.parametrize("seed", range(20))
def test_merged_blocks_hold_the_same_packages_under_the_same_numbers(seed: int, most: int) -> None:
    space, _ = drawn(seed)
    larger = merged(space, most)
    assert larger.choices(everything(space)).tolist() == space.choices(everything(space)).tolist()
    one, other = ask_packages(space, everything(space)), ask_packages(larger, everything(space))
    assert one.utilities.tolist() == other.utilities.tolist()
    assert one.accepts.tolist() == other.accepts.tolist()
    if most == 1:
        assert len(larger.blocks) == len(space.blocks)
    if most == 2**14:
        assert len(larger.blocks) == 1


def test_more_blocks_than_numpy_has_dimensions() -> None:
    """Constraints may fix many issues: the space is small, its blocks are many."""
    settled = [{"id": f"c{n}", "forbid": f"i{n:02} == o0"} for n in range(70)]
    space = build_space(to_case(plain(72, constraints=settled)))
    assert (space.size, len(space.blocks)) == (4, 72)
    assert len({tuple(package.values()) for package in all_packages(space)}) == 4


# size


def test_huge_spaces_are_counted_exactly_and_never_built() -> None:
    data = plain(30, 5, constraints=[{"id": "c", "forbid": "i00 == o0 and i01 == o0"}])
    space = build_space(to_case(data))
    assert space.combinations == 5**30
    assert space.size == 24 * 5**28
    assert isinstance(space.size, int)
    assert sum(block.rows.size for block in space.blocks) == 24 * 2 + 28 * 5
    with pytest.raises(
        LimitExceeded, match=r"894,069,671,630,859,375,000 packages, more than the 10,000,000"
    ):
        check_size(space)
    with pytest.raises(LimitExceeded):
        completions(space, {"i00": "o1"})


def test_a_block_that_grows_too_large_names_its_issues_and_ties() -> None:
    chain = [{"id": f"c{n}", "forbid": f"i{n:02} == o0 and i{n + 1:02} == o0"} for n in range(4)]
    data = plain(8, 20, constraints=chain, joint=[{"for": "a", "when": "i06 == o0 or i07 == o0", "add": 1}])
    with pytest.raises(LimitExceeded) as error:
        build_space(to_case(data))
    message = str(error.value)
    assert "i00, i01, i02, i03, i04 hang together" in message
    assert "the constraint 'c0', the constraint 'c1', the constraint 'c2', the constraint 'c3'" in message
    assert "1,048,576" in message
    assert "i05" not in message
    assert "joint" not in message


def test_the_limit_stands_exactly_at_two_to_the_twentieth() -> None:
    tie = "not (" + " and ".join(f"i{n:02} == o0" for n in range(20)) + ")"
    red = {"red_lines": {tie: 0.1}}
    data = plain(20)
    data["preferences"]["a"] |= red
    assert build_space(to_case(data)).size == 2**20
    data = plain(21)
    data["preferences"]["a"] |= {"red_lines": {tie.replace("i19", "i19 == o1 and i20"): 0.1}}
    with pytest.raises(LimitExceeded, match="a red line of a"):
        build_space(to_case(data))


def test_a_constraint_that_bites_early_keeps_a_large_block_small() -> None:
    """40 issues hang together, but each may only follow the one before: 41 rows of 2**40."""
    chain = [{"id": f"c{n}", "forbid": f"i{n:02} == o0 and i{n + 1:02} == o1"} for n in range(39)]
    assert build_space(to_case(plain(40, constraints=chain))).size == 41


# what cannot be


def case_text(constraints: str) -> bytes:
    return f"""\
winset: 1
title: Nothing left
parties: {{a: {{name: A}}}}
issues:
  x: {{title: X, options: {{p: P, q: Q}}}}
  y: {{title: Y, options: {{p: P, q: Q}}}}
  z: {{title: Z, tier: extended, options: {{p: P, q: Q}}}}
preferences:
  a: {{walk_away: 10, weights: {{x: 1, y: 1, z: 1}}, scores: {{x: {{p: 1, q: 2}}, y: {{p: 1, q: 2}}, z: {{p: 1, q: 2}}}}}}
constraints:
{constraints}""".encode()


def test_constraints_that_leave_nothing_are_named_with_their_place() -> None:
    text = case_text("""\
  - {id: other, forbid: y == p}
  - {id: first, forbid: x == p}
  - {id: second, forbid: x == q}
""")
    with pytest.raises(CaseError) as error:
        build_space(parse_case(text, "gone.yaml"))
    (fault,) = error.value.faults
    assert (fault.file, fault.line, fault.key) == ("gone.yaml", 12, "constraints")
    assert fault.message == "no package is left by 'first', 'second'"
    assert fault.way_out == "drop or narrow one of them"


def test_the_place_is_right_when_a_constraint_on_an_extended_issue_stands_before() -> None:
    text = case_text("""\
  - {id: far, forbid: z == p}
  - {id: all_of_x, forbid: "x in [p, q]"}
""")
    with pytest.raises(CaseError) as error:
        build_space(parse_case(text, "gone.yaml"))
    (fault,) = error.value.faults
    assert "'all_of_x'" in fault.message
    assert fault.line == 12


def test_without_issues_or_preferences_the_question_does_not_apply() -> None:
    for section in ("preferences", "issues"):
        bare: Data = {key: value for key, value in plain(2).items() if key != section}
        bare.pop("preferences", None)
        with pytest.raises(NotApplicable, match=f"no `{section}`"):
            build_space(to_case(bare))


# consent


@pytest.mark.parametrize("seed", SEEDS)
def test_one_package_judged_alone_is_the_package_judged_in_the_crowd(seed: int) -> None:
    """Utilities, acceptance, signatures, home, consent and zone, by both ways of the package and the twin."""
    space, twin = drawn(seed)
    crowd = ask_packages(space, everything(space))
    for number in range(0, space.size, 5):
        package = space.package(number)
        alone, by_hand = judge(space, package), twin.judged[twin.key(package)]
        for f, verdict in enumerate(alone.factions):
            assert (
                quantise(verdict.utility)
                == crowd.utilities[f, number]
                == quantise(by_hand.utilities[verdict.ref])
            )
            assert verdict.accepts == crowd.accepts[f, number] == by_hand.accepting[verdict.ref]
        for s, side in enumerate(alone.sides):
            assert side.signs == crowd.signs[s, number] == by_hand.signs[side.side]
            assert side.lets == crowd.lets[s, number] == by_hand.lets[side.side]
            assert side.consents == crowd.consents[s, number] == by_hand.consents[side.side]
        assert [side.side for side in alone.sides] == twin.sides()
        assert alone.in_zone == crowd.zone[number] == by_hand.in_zone
        assert not alone.forbidden_by


@pytest.mark.parametrize("seed", SEEDS)
def test_forbidden_packages_are_judged_too_and_lie_in_no_zone(seed: int) -> None:
    space, twin = drawn(seed)
    combinations = list(twin.combinations())
    chosen = np.array(
        [[space.options[i].index(o) for i, o in enumerate(x.values())] for x in combinations], np.int16
    )
    utilities, crosses = worth(space, chosen)
    barred = forbidden(space, chosen)
    assert feasible(space, chosen).tolist() == [not twin.forbidden(x) for x in combinations]
    for n, package in enumerate(combinations):
        alone = judge(space, package)
        assert [c.id for c in alone.forbidden_by] == [
            c.id for c, bars in zip(space.case.constraints, barred[:, n], strict=True) if bars
        ]
        assert alone.in_zone == (twin.key(package) in twin.judged and twin.judged[twin.key(package)].in_zone)
        for f, verdict in enumerate(alone.factions):
            assert (
                quantise(verdict.utility)
                == quantise(utilities[f, n])
                == quantise(twin.utility(verdict.ref, package))
            )
            assert bool(verdict.crossed) == crosses[f, n]


@pytest.mark.parametrize("seed", range(10))
def test_batches_pass_over_everything_once_whatever_their_size(seed: int) -> None:
    space, _ = drawn(seed)
    whole = ask_packages(space, everything(space))
    for size in (1, 7, 2**17):
        parts = list(batches(space, size))
        assert np.concatenate([numbers for numbers, _ in parts]).tolist() == everything(space).tolist()
        assert np.concatenate([c.zone for _, c in parts]).tolist() == whole.zone.tolist()
        assert np.concatenate([c.utilities for _, c in parts], axis=1).tolist() == whole.utilities.tolist()


THIRDS = {
    "winset": 1,
    "title": "Thirds",
    "issues": {i: {"title": i, "options": {"low": "Low", "high": "High"}} for i in ("x", "y", "z")},
    "parties": {"a": {"name": "A"}},
    "preferences": {
        "a": {
            "walk_away": 66.666666667,
            "weights": {"x": 1, "y": 1, "z": 1},
            "scores": {i: {"low": 0, "high": 100} for i in ("x", "y", "z")},
        }
    },
}


@pytest.mark.parametrize(
    ("walk_away", "zone"),
    [
        (66.666666667, 4),
        (66.6666666666, 4),
        (66.66666666666667, 4),
        (66.666666668, 1),
        (66.67, 1),
        (66.66, 4),
    ],
)
def test_a_package_exactly_on_the_walk_away_is_accepted(walk_away: float, zone: int) -> None:
    """Two of three issues won are worth 66.666... points, which no float holds."""
    data = json.loads(json.dumps(THIRDS))
    data["preferences"]["a"]["walk_away"] = walk_away
    space = build_space(to_case(data))
    assert ask_packages(space, everything(space)).zone.sum() == zone
    assert sum(judge(space, package).in_zone for package in all_packages(space)) == zone


def test_tenths_that_do_not_add_up_in_floats_still_reach_the_walk_away() -> None:
    """Ten weights of 0.1 and scores that sum to 7: as floats, 0.1 * 7 falls short of 0.7."""
    data = plain(10, 2)
    data["preferences"]["a"] |= {"weights": dict.fromkeys(data["issues"], 0.1), "walk_away": 70}
    space = build_space(to_case(data))
    accepted = ask_packages(space, everything(space)).accepts[0]
    assert accepted.sum() == sum(bin(n).count("1") >= 7 for n in range(2**10))


def test_the_verdict_says_how_far_short_and_what_is_crossed() -> None:
    data = json.loads(json.dumps(THIRDS))
    data["preferences"]["a"]["red_lines"] = {"x.low": 0.5, "y.high": 0.4, "z == low and x == low": 1}
    (verdict,) = judge(build_space(to_case(data)), {"z": "low", "y": "high", "x": "low"}).factions
    assert verdict.short_by == pytest.approx(66.666666667 - 100 / 3, abs=1e-9)
    assert verdict.crossed == ("x.low", "z == low and x == low")
    assert not verdict.accepts
    assert [term.points for term in verdict.terms] == pytest.approx([0, 100 / 3, 0])


def test_a_package_must_be_complete_and_known() -> None:
    space = build_space(to_case(THIRDS))
    with pytest.raises(ValueError, match="leaves open: y, z"):
        judge(space, {"x": "low"})
    with pytest.raises(UnknownName, match="no issue 'w'"):
        judge(space, {"w": "low"})
    with pytest.raises(UnknownName, match="no option of 'x' 'hihg'; did you mean 'high'"):
        judge(space, {"x": "hihg"})
    with pytest.raises(UnknownName):
        space.faction("nobody")
    assert list(read_package(space, {"z": "low", "x": "high"})) == ["x", "z"]
    assert open_issues(space, {"z": "low"}) == ("x", "y")


# open texts


@settings(max_examples=30, deadline=None)
@given(cases())
def test_completions_and_red_lines_of_a_text(data: Data) -> None:
    space, twin = build_space(to_case(data)), Twin(data)
    for text in (*(t["package"] for t in twin.data.get("texts", {}).values()), {}):
        found = completions(space, text)
        assert found.tolist() == sorted(set(found.tolist()))
        assert sorted(tuple(space.package(int(n)).values()) for n in found) == sorted(
            twin.key(package) for package in twin.completions(text)
        )
        answer = twin.text(text)
        for ref in space.factions if len(found) else ():
            always, sometimes = crossed_by(space, ref, text)
            assert (set(always), set(sometimes)) == (answer.always[ref], answer.sometimes[ref])


def test_a_red_line_that_is_decided_already_depends_on_nothing() -> None:
    data = plain(3)
    either, both = "i00 == o0 or i01 == o0", "i00 == o1 and i01 == o1"
    data["preferences"]["a"]["red_lines"] = {either: 1, both: 1, "i02.o0": 1, "i01.o1": 0.4}
    space = build_space(to_case(data))
    assert crossed_by(space, "a", {"i00": "o0"}) == ((either,), ("i02.o0",))
    assert crossed_by(space, "a", {"i00": "o1"}) == ((), (either, both, "i02.o0"))


# what must not matter


def shuffled(data: Data, seed: int) -> Data:
    """The same case with parties, issues, constraints and preferences in another order."""
    dice = random.Random(seed)

    def mixed(entries: Any) -> Any:
        if isinstance(entries, list):
            return dice.sample(entries, len(entries))
        return dict(dice.sample(list(entries.items()), len(entries)))

    keys = ("parties", "issues", "preferences", "constraints", "joint", "mediators")
    return {key: mixed(value) if key in keys else value for key, value in data.items()}


def judged_by_name(case: Case) -> dict[Any, Any]:
    space = build_space(case)
    consent = ask_packages(space, everything(space))
    return {
        frozenset(space.package(n).items()): (
            bool(consent.zone[n]),
            {ref: int(consent.utilities[f, n]) for f, ref in enumerate(space.factions)},
            {side: bool(consent.consents[s, n]) for s, side in enumerate(judges(space))},
        )
        for n in range(space.size)
    }


@pytest.mark.parametrize("seed", SEEDS)
def test_the_order_of_issues_and_parties_is_irrelevant(seed: int) -> None:
    data = random_case(seed)
    assert judged_by_name(to_case(data)) == judged_by_name(to_case(shuffled(data, seed)))


@pytest.mark.parametrize("seed", range(10))
def test_arrays_of_the_space_are_never_written_on(seed: int) -> None:
    space = build_space(to_case(random_case(seed)))
    space.walk_away.flags.writeable = False
    for block in space.blocks:
        for array in (block.rows, block.utilities, block.crosses):
            array.flags.writeable = False
    packages = everything(space)
    packages.flags.writeable = False
    ask_packages(space, packages)
    ask_packages(merged(space), packages)
    chosen = space.choices(packages)
    chosen.flags.writeable = False
    worth(space, chosen)
    feasible(space, chosen)
    completions(space, {})
    judge(space, space.package(0))
