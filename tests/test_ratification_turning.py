"""Who turns a home, one by one, together and for how many points; against brute force."""

from __future__ import annotations

from itertools import combinations, product
from typing import Any

import pytest

from tests.generators import to_case
from tests.homes import with_rule
from tests.test_ratification import NEAR, RHOS, cases, hear
from tests.twins.agreement import Data, holds
from tests.twins.draws import SINGLE
from tests.twins.ratification import SAYS_NO, SAYS_YES, Home, joint_pivots, least_payment
from winset.case import rules

FEW = RHOS[:3]


def test_pivots_are_what_a_yes_instead_of_a_no_does_and_a_point_more():
    compared = slopes = 0
    for seed, random, data, package in cases(range(40), absences=1):
        rho = random.choice(FEW)
        answer = hear(data, package, rho)
        twin = Home(data, "home", package, rho)
        for pivot in answer.pivots or ():
            yes, no = (twin.chance(twin.lets, sure={pivot.faction: said}) for said in (SAYS_YES, SAYS_NO))
            assert pivot.pivotality == pytest.approx(yes - no, abs=2 * NEAR), (seed, pivot)
            compared += 0.01 < pivot.pivotality < 0.99
            if pivot.per_point is None:
                assert twin.noise(pivot.faction) == 0 or pivot.faction == twin.signer
                continue
            more, less = (twin.chance(twin.lets, paid={pivot.faction: by}) for by in (0.05, -0.05))
            # A point is taken from half of one below to half of one above; the slope bends within it.
            bend = 0.02 / (twin.noise(pivot.faction) * (1 - rho) ** 0.5) ** 3
            assert pivot.per_point == pytest.approx((more - less) / 0.1, abs=bend + 10 * NEAR), (seed, pivot)
            slopes += pivot.per_point > 0.001
    assert compared > 10
    assert slopes > 10


def test_a_signer_turns_its_home_only_where_home_asks_it():
    data = with_rule({"any_of": [{"faction": "leader"}, {"faction": "a"}]}, ("a",))
    data["preferences"]["home.a"].update(walk_away=60, noise=5)
    pivots = {p.faction: p for p in hear(data, {"i": "x"}).pivots}
    assert pivots["home.leader"].pivotality == pytest.approx(0.5)
    assert pivots["home.a"].pivotality == 0  # it is signed, so it passes


# together


def voices_of(twin: Home) -> set[str]:
    """Whom the rule asks as factions, not as voters."""
    home: Any = to_case(twin.data).parties["home"]
    named = set()
    for _, part in rules.walk(home.ratification):
        if isinstance(part, rules.OfFaction):
            named.add(part.faction)
        elif isinstance(part, rules.Quota):
            named |= set(part.quota.weights or twin.weights)
    return {ref for ref, name in twin.names.items() if name in named}


def away(twin: Home, chosen: frozenset[str]) -> tuple[float, int]:
    """Points from their walk-aways in sum, and the red lines that stop those who refuse, on one issue one."""
    points, lines = 0.0, 0
    for ref in chosen:
        short = float(twin.twin.walk_away(ref) - twin.twin.utility(ref, twin.package))
        if twin.twin.accepts(ref, twin.package):
            points -= short
        else:
            points += max(short, 0)
            crossed = [red for red in twin.twin.red_lines(ref).values() if holds(red, twin.package)]
            lines += len({red.partition(" ")[0] if SINGLE.fullmatch(red) else red for red in crossed})
    return points, lines


@pytest.mark.parametrize("wishes", [{"absences": 3}, {"poll": True}, {"sizes": [4, 5]}], ids=str)
def test_joint_pivots_are_all_least_sets_that_turn_it(wishes: Data):
    several = 0
    for seed, _, data, package in cases(range(20), **wishes):
        answer = hear(data, package)
        if answer.joint is None:
            continue
        twin = Home(data, "home", package, 0.5)
        passes, sets = joint_pivots(twin, sorted(voices_of(twin)))
        assert answer.joint.passes == passes, seed
        assert answer.joint.total == len(sets), seed
        assert {frozenset(one.factions) for one in answer.joint.sets} == sets, seed
        for one in answer.joint.sets:
            assert (one.points, one.lines) == pytest.approx(away(twin, frozenset(one.factions)), abs=1e-6), (
                seed
            )
        nearest = [(one.lines, one.points) for one in answer.joint.sets]
        assert nearest == sorted(nearest), seed
        several += max(map(len, sets), default=0) > 1
    assert several >= 1


def test_of_many_members_only_small_sets_are_looked_at_and_the_answer_says_so():
    """Fifteen of equal weight, eight of whom are needed and six refuse; and four, of whom one would do."""
    names = tuple(f"m{k}" for k in range(15))
    refusing = names[:6]
    data = with_rule({"quota": {"more_than": "1/2", "weights": dict.fromkeys(names, 1)}}, names)
    for name in refusing:
        data["preferences"][f"home.{name}"]["walk_away"] = 61
    joint = hear(data, {"i": "x"}, 0).joint
    assert (joint.passes, joint.total, joint.limited) == (
        True,
        9 * 8 // 2,
        False,
    )  # nine who agree, two turn it
    assert len(joint.sets) == 12
    data["preferences"] = {ref: {**wants, "walk_away": 60} for ref, wants in data["preferences"].items()}
    joint = hear(data, {"i": "x"}, 0).joint
    assert (joint.passes, joint.total, joint.limited) == (True, 0, True)  # eight of fifteen would be needed


# for how many points


def test_payments_are_the_least_tenths_that_reach_the_target():
    alone = pairs = 0
    for seed, random, data, package in cases(range(130), absences=1, sizes=[2, 3]):
        rho, target = random.choice(FEW), random.choice([0.3, 0.6, 0.9])
        answer = hear(data, package, rho, target)
        if answer.payments is None:
            assert answer.ratifies is None or answer.ratifies.low >= target - NEAR or answer.joint is None
            continue
        twin, payments = Home(data, "home", package, rho), answer.payments
        for payment in payments.alone:
            [(ref, paid)] = payment.points.items()
            assert payment.total == paid
            assert twin.chance(twin.lets, paid={ref: paid}) >= target - NEAR, seed
            assert twin.chance(twin.lets, paid={ref: round(paid - 0.1, 9)}) < target + NEAR, seed
            alone += 1
        for ref in payments.out_of_reach:
            assert twin.chance(twin.lets, paid={ref: 1_000}) < target + NEAR, seed
        payable = {r for r in twin.refs if r != twin.signer and r in {p.faction for p in answer.pivots}}
        assert payable == {*payments.out_of_reach, *(r for p in payments.alone for r in p.points)}, seed
        if payments.pair is not None:
            (first, paid), (second, more) = payments.pair.points.items()
            assert payments.pair.total == pytest.approx(paid + more)
            assert all(payments.pair.total < one.total for one in payments.alone)
            assert twin.chance(twin.lets, paid={first: paid, second: more}) >= target - NEAR, seed
            assert twin.chance(twin.lets, paid={first: paid, second: round(more - 0.1, 9)}) < target + NEAR, (
                seed
            )
            pairs += 1
    assert alone > 10
    assert pairs >= 2


def test_a_fine_grid_finds_no_cheaper_payment():
    """A faction alone by every tenth of a point, two together by every second point."""
    data = with_rule({"at_least": 2, "of": [{"faction": name} for name in "abc"]}, ("a", "b", "c"))
    for name, walk_away in (("a", 62), ("b", 64), ("c", 66)):
        data["preferences"][f"home.{name}"].update(walk_away=walk_away, noise=4)
    twin, refs = Home(data, "home", {"i": "x"}, 0.5), ("home.a", "home.b", "home.c")
    found = hear(data, {"i": "x"}, 0.5, 0.15).payments
    alone = {ref: paid for one in found.alone for ref, paid in one.points.items()}
    assert set(alone) == set(refs)
    for ref in refs:
        assert alone[ref] == least_payment(twin, ref, 0.15, alone[ref]), ref
    pair = hear(data, {"i": "x"}, 0.5, 0.8).payments.pair
    grid = range(0, int(pair.total), 2)
    enough = [
        one + other
        for first, second in combinations(refs, 2)
        for one, other in product(grid, grid)
        if one + other < pair.total and twin.chance(twin.lets, paid={first: one, second: other}) >= 0.8
    ]
    # What the first gets is found to a twelfth of what it could take.
    assert min(enough, default=pair.total) >= pair.total - (66 - 60 + 6 * 4) / 12


def test_nobody_is_paid_where_the_target_is_reached_and_what_is_short_is_paid_where_it_is_known():
    data = with_rule({"faction": "a"}, ("a",))
    data["preferences"]["home.leader"]["walk_away"] = 0
    assert hear(data, {"i": "x"}, 0.5, 0.99).payments is None
    payments = hear(data, {"i": "y"}, 0.5, 0.99).payments
    [alone] = payments.alone
    assert (alone.points, alone.total, payments.pair, payments.out_of_reach) == (
        {"home.a": 10.0},
        10.0,
        None,
        (),
    )
    data["preferences"]["home.a"]["red_lines"] = {"i.y": 1}
    payments = hear(data, {"i": "y"}, 0.5, 0.01).payments
    assert (payments.alone, payments.pair, payments.out_of_reach) == ((), None, ("home.a",))
