"""What leaders choose and what becomes of governments; against brute force."""

from __future__ import annotations

from functools import partial
from itertools import pairwise, product
from random import Random
from typing import Any

import pytest
from scipy import stats

from tests.generators import to_case
from tests.homes import NAMES, Homes, with_rule
from tests.test_ratification import NEAR, RHOS, analyse, cases, hear
from tests.twins.agreement import Data, Twin, point
from tests.twins.ratification import Home, expected, signable
from winset.analyses import analyse as run_analysis

FEW = RHOS[:3]


# what leaders choose


def two_homes(data: Data, random: Random) -> None:
    """Give the other side a home of its own."""
    factions = {"head": {"name": "head"}, "base": {"name": "base"}}
    data["parties"]["other"] = {"name": "other", "factions": factions, "speaks_for": "head"}
    data["parties"]["other"]["ratification"] = {"faction": "base"}
    data["preferences"]["other.head"] = data["preferences"].pop("other")
    data["preferences"]["other.base"] = Homes(random).wants()


def test_leaders_choose_the_best_of_all_packages(monkeypatch: pytest.MonkeyPatch):
    """Two are weighed at a time, until no other can be better."""
    monkeypatch.setattr("winset.analyses.ratification.leaders.AT_ONCE", 2)
    defecting = 0
    for seed, random, data, _ in cases(range(40), absences=1):
        if random.random() < 0.5:
            data["parties"]["home"]["power"] = random.choice([0.5, 2, 0])
        if random.random() < 0.3:
            data["constraints"] = [{"id": "c", "forbid": "i == x and j == p"}]
        if random.random() < 0.5:
            two_homes(data, random)
        rho = random.choice(FEW)
        result = analyse(data, rho=rho)
        products = {tuple(x.items()): expected(data, x, rho, list(result.must)) for x in signable(data)}
        best = max((worth for worth, _ in products.values()), default=0.0)
        if result.leaders is None:
            assert best == 0, seed
            continue
        assert best > 0, seed
        worth, ratified = products[tuple(result.leaders.package.items())]
        assert worth == pytest.approx(best, rel=1e-4, abs=1e-4), seed
        assert result.leaders.product == pytest.approx(worth, rel=1e-4, abs=1e-4), seed
        assert result.leaders.ratified == pytest.approx(ratified, abs=NEAR), seed
        assert result.leaders.defection == pytest.approx(1 - ratified, abs=NEAR), seed
        assert result.leaders.proven, seed
        defecting += 0.05 < ratified < 0.95
    assert defecting > 8


def test_each_leader_reckons_with_all_homes():
    """Both gains are what they are only if home ratifies: (40 * 0.5)**2 is less than (25 * 0.85)**2, though 40**2
    times 0.5 is more than 25**2 times 0.85."""
    data = with_rule({"faction": "a"}, ("a",))
    scores = {"i": {"x": 90, "y": 75, "z": 0}}
    for ref in ("home.leader", "other"):
        data["preferences"][ref].update(walk_away=50, scores=scores)
    noise = 10
    at_x, at_y = stats.norm.ppf(0.5) * noise, stats.norm.ppf(0.85) * noise
    data["preferences"]["home.a"].update(
        walk_away=50, noise=noise, scores={"i": {"x": 50 + at_x, "y": 50 + at_y, "z": 0}}
    )
    leaders = analyse(data).leaders
    assert leaders.package == {"i": "y"}
    assert leaders.product == pytest.approx((25 * 0.85) ** 2, rel=1e-4)


def divided(seed: int, threshold: float, noise: float = 0) -> Data:
    """A leader who wants what home wants, home with a threshold of its own, and a side with other wants."""
    random = Random(seed)
    ours, theirs = ({i: {o: random.randint(0, 100) for o in "abcd"} for i in "ij"} for _ in range(2))
    weights = {"i": random.randint(1, 5), "j": 2}
    data = with_rule({"faction": "home"}, ("home",))
    data["issues"] = {i: {"title": i, "options": {o: f"Option {o}" for o in "abcd"}} for i in "ij"}
    for ref, scores, walk_away in (
        ("home.leader", ours, 20),
        ("home.home", ours, threshold),
        ("other", theirs, 20),
    ):
        data["preferences"][ref] = {"walk_away": walk_away, "weights": weights, "scores": scores}
    if noise:
        data["preferences"]["home.home"]["noise"] = noise
    return data


def chosen(data: Data) -> tuple[float, float, float] | None:
    """What the leaders' choice and the Nash package of the zone are worth at home, and the chance that home does
    not let the former; None where there is no such package."""
    leaders, twin = analyse(data).leaders, Twin(data, judge=False)
    agreement: Any = run_analysis(to_case(data), "agreement")
    if leaders is None or not agreement.zone.exists:
        return None
    nash = agreement.solutions["nash"].vectors[0].packages[0]
    worth = [float(twin.utility("home.home", x)) for x in (leaders.package, nash)]
    return worth[0], worth[1], leaders.defection


def test_a_home_that_binds_moves_the_deal_its_way_and_a_slack_one_does_nothing():
    """Schelling 1960: home has its leader's utility and a higher threshold, and both are known."""
    bound = 0
    for seed in range(12):
        free = chosen(divided(seed, 0))
        if free is None:
            continue
        assert free[0] == free[1], seed
        for slack in (20, (20 + free[0]) / 2, round(free[0], 9)):
            assert chosen(divided(seed, slack)) == free, seed
        last = free[0]
        for more in (0.01, 5, 10, 15):
            found = chosen(divided(seed, free[0] + more))
            if found is not None:
                assert found[2] == 0, seed
                assert found[0] == found[1], seed
                assert found[0] >= max(free[0] + more, last), seed
                last, bound = found[0], bound + 1
    assert bound > 10


def test_nobody_defects_against_its_will_where_home_is_known_and_more_do_the_less_it_is():
    """Iida 1993: what home takes is known to the point, then ever less."""
    found = [chosen(divided(3, 50, noise)) for noise in (0, 1, 2, 4, 8, 16, 32)]
    defection = [one[2] for one in found if one is not None]
    assert len(defection) == 7
    assert defection[0] == 0
    assert all(less <= more for less, more in pairwise(defection)), defection
    assert 0 < defection[-3] < defection[-2] < defection[-1], defection
    assert defection[-1] > 0.1


# governments


def both(lets: Any, let: bool, keeps: Any, kept: bool, world: Any) -> bool:
    return lets(world) == let and keeps(world) == kept


def test_governments_against_all_that_factions_may_do():
    doubtful = 0
    for seed, random, data, package in cases(range(60), absences=1, survival=True, sizes=[1, 2, 3]):
        rho = random.choice(FEW)
        answer = hear(data, package, rho)
        if answer.ratifies is None:
            assert answer.government is None
            continue
        twin, found = Home(data, "home", package, rho), answer.government
        assert found.kept == pytest.approx(twin.chance(twin.keeps), abs=NEAR), seed
        assert found.kept_without_net == pytest.approx(twin.chance(twin.keeps_alone), abs=NEAR), seed
        assert found.stands == pytest.approx(twin.chance(twin.stands), abs=NEAR), seed
        four = (found.ratified_kept, found.ratified_lost, found.refused_kept, found.refused_lost)
        for value, (let, kept) in zip(four, product((True, False), repeat=2), strict=True):
            outcome = partial(both, twin.lets, let, twin.keeps, kept)
            assert value == pytest.approx(twin.chance(outcome), abs=NEAR), (seed, let, kept)
        assert sum(four) == pytest.approx(1, abs=NEAR)
        assert found.ratified_kept + found.ratified_lost == pytest.approx(answer.ratifies.low, abs=NEAR)
        assert found.ratified_kept + found.refused_kept == pytest.approx(found.kept, abs=NEAR)
        assert found.kept >= found.kept_without_net - NEAR
        assert found.stands >= found.kept - NEAR  # who topples has left, too
        doubtful += 0.01 < found.kept < 0.99
    assert doubtful > 4


def test_more_seats_in_the_net_never_hurt():
    rose = 0
    for seed, _, data, package in cases(range(300, 340), survival=True, sizes=[1, 2, 3]):
        survival = data["parties"]["home"]["survival"]
        net = survival.get("safety_net")
        if not net:
            continue
        survival["majority"] = float(sum(point(number) for number in survival["seats"].values()))
        kept = []
        for more in (0, 1, 5):
            survival["safety_net"] = {name: number + more for name, number in net.items()}
            government = hear(data, package).government
            kept.append((0.0, 0.0) if government is None else (government.kept, government.stands))
        for less, more_ in pairwise(kept):
            assert less[0] <= more_[0] + NEAR, seed
            assert less[1] <= more_[1] + NEAR, seed
        rose += kept[0] < kept[2]
    assert rose >= 2


def test_who_can_bring_a_government_down_by_seats():
    """All least sets that cost the majority, the head aside, to the last tenth of a seat."""
    data = with_rule({"faction": "a"}, ("a", "b", "c"))
    seats = {"leader": 0.3, "a": 0.1, "b": 0.2, "c": 0.7}
    data["parties"]["home"]["survival"] = {"majority": 1, "seats": seats}
    found = analyse(data).homes["home"].government
    assert set(map(frozenset, found.without_net)) == {frozenset("c")}  # without a and b there is just 1
    data["parties"]["home"]["survival"]["majority"] = 1.1
    found = analyse(data).homes["home"].government
    assert set(map(frozenset, found.without_net)) == {frozenset("c"), frozenset("ab")}


def test_a_government_of_those_of_whom_nothing_is_known_stays():
    data = with_rule({"faction": "a"}, ("a",))
    data["parties"]["home"]["factions"]["mute"] = {"name": "mute"}
    data["parties"]["home"]["survival"] = {"majority": 1, "seats": {"mute": 2}}
    result = analyse(data, {"i": "x"}, draws=7)
    assert result.candidates[0].homes["home"].government.kept == 1
    assert result.draws.candidates[0].homes["home"].kept.share == 1


def test_where_the_government_is_simulated_the_result_says_so():
    """Eleven who each may say yes, no or leave come in 3**11 combinations; ten can be gone through."""
    for members, wanted in ((10, None), (11, "what becomes of the government is simulated")):
        names = NAMES[:members]
        data = with_rule({"any_of": [{"faction": name} for name in names]}, names)
        for name in names:
            data["preferences"][f"home.{name}"].update(walk_away=76, noise=10)
            data["parties"]["home"]["factions"][name]["walk_out"] = 50
        data["parties"]["home"]["survival"] = {"majority": members - 1, "seats": dict.fromkeys(names, 1)}
        result = analyse(data, {"i": "x"}, rho=0, target=0.001)
        said = result.homes["home"].simulated
        assert said is None if wanted is None else wanted in said
        answer = result.candidates[0].homes["home"]
        near = NEAR if wanted is None else 0.02
        assert answer.government.ratified_kept + answer.government.ratified_lost == pytest.approx(
            answer.ratifies.low, abs=near
        )
