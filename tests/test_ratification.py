"""The chance that home ratifies: rules, the shock that factions share, popular votes; against brute force."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from random import Random
from typing import Any

import numpy as np
import pytest
from scipy import stats

from tests.generators import to_case
from tests.homes import NAMES, WEIGHTS, Homes, random_rule, with_rule
from tests.twins.agreement import Data, Twin, point
from tests.twins.ratification import SHOCKS, Home, given_yes, mean, walk
from winset.analyses import analyse as run_analysis
from winset.analyses.ratification import ballot, shock
from winset.analyses.ratification.asked import Asked, simulated
from winset.analyses.ratification.ballot import SAYS_YES
from winset.analyses.ratification.candidates import Hearing
from winset.analyses.ratification.doubt import doubt
from winset.analyses.ratification.home import homes
from winset.analyses.subjects import Named
from winset.errors import OutOfRange
from winset.space.build import build_space
from winset.space.package import row_of

RHOS = (0, 0.3, 0.7, 0.9, 0.99)
NEAR = 2e-6  # what averaging leaves open, and the rounding of answers


def analyse(data: Data, package: Data | None = None, **parameters: Any) -> Any:
    return run_analysis(to_case(data), "ratification", package=package, **parameters)


def hear(data: Data, package: Data, rho: float = 0.5, target: float = 0.001) -> Any:
    """What the home of the data makes of one package; by default nobody need be paid."""
    space = build_space(to_case(data))
    [home] = [home for home in homes(space) if home.side == "home"]
    found = Hearing(space, (home,), (home,), rho, 0, target).hear([Named("package", "asked", package)])
    assert found is not None
    return found.homes["home"]


def asked(data: Data, rho: float, package: Data | None = None, **how: Any) -> Asked:
    """The home of the data, asked about a package, by default the first."""
    space = build_space(to_case(data))
    [home] = [home for home in homes(space) if home.side == "home"]
    first = {issue: options[0] for issue, options in zip(space.issues, space.options, strict=True)}
    return Asked(home, doubt(space, home, row_of(space, package or first), rho), **how)


def chance_of(question: Asked) -> float:
    return float(question.chances([question.home.rule])[0, 0])


def package_of(data: Data) -> Data:
    """The package about which home is most in doubt: the one nearest all walk-aways."""
    twin = Twin(data, judge=False)
    return min(
        twin.packages,
        key=lambda x: sum(abs(twin.utility(r, x) - twin.walk_away(r)) for r in twin.refs("home")),
    )


def cases(seeds: range, **wishes: Any) -> Iterator[tuple[int, Random, Data, Data]]:
    """Random homes with the package about which each is most in doubt."""
    for seed in seeds:
        random = Random(seed)
        data = Homes(random, **wishes).case()
        yield seed, random, data, package_of(data)


# rules, where it is known how likely each faction says yes


def check_rule(seed: int, met: Counter[str]) -> None:
    """One random rule of up to 12 members at several chances, against all states of everybody."""
    random = Random(seed)
    members = NAMES[: random.choice([1, 2, 3, 4, 5, 5, 6, 6, 7, 7, 8, 9, 10, 12])]
    absences = random.choice([0, 0, 2, 4]) if len(members) <= 8 else 0
    rule = random_rule(random, members, absences=absences)
    weights = {name: random.choice(WEIGHTS) for name in members}
    if not any(point(weight) for weight in weights.values()):
        weights[members[0]] = 1
    question = asked(with_rule(rule, members, weights), 0)
    yes = {
        name: np.array([random.choice([0, 1, 0.25, random.random(), random.random()]) for _ in range(3)])
        for name in members
    }
    reached = np.ones((len(question.home.refs), 4, 3))
    for name in members:
        reached[question.home.refs.index(f"home.{name}"), SAYS_YES] = yes[name]
    before = reached.copy()
    wanted = given_yes(rule, yes, {name: point(weight) for name, weight in weights.items()})
    found = ballot.chance(question.home.rule, reached)
    assert found == pytest.approx(np.broadcast_to(wanted, 3), abs=1e-12), (seed, rule)
    assert (reached == before).all()
    note(rule, question, met)
    met["doubtful"] += bool(np.any((wanted > 0.01) & (wanted < 0.99)))


def note(rule: Data, question: Asked, met: Counter[str]) -> None:
    """What kinds of rule were met."""
    votes = [part["quota"] for _, part, _ in walk(rule) if "quota" in part]
    for key in ("more_than", "share", "at_least"):
        met[key] += any(key in vote for vote in votes)
    met["of those present"] += any(vote.get("of_present") for vote in votes)
    met["refusals of those present"] += any(
        refusing and part.get("quota", {}).get("of_present") for _, part, refusing in walk(rule)
    )
    met["in several bodies"] += len(ballot.together(question.home.rule)) > 1
    met["blocked twice"] += "'not_blocked_by': {'not_blocked_by'" in str(rule)
    met["counts of counts"] += bool(re.search("'of': .*'of': ", str(rule)))


def test_random_rules_against_all_states_of_their_members():
    met: Counter[str] = Counter()
    for seed in range(300):
        check_rule(seed, met)
    assert met["doubtful"] > 150, met
    assert min(met.values()) >= 5, met
    assert len(met) == 9, met


@pytest.mark.fuzz
def test_many_random_rules_against_all_states_of_their_members():
    met: Counter[str] = Counter()
    for seed in range(1_000, 3_000):
        check_rule(seed, met)
    assert min(met.values()) >= 20, met


@pytest.mark.parametrize("bar", [{"share": "1/3"}, {"more_than": "1/3"}, {"share": 0}])
def test_an_empty_meeting_passes_nothing_and_blocks_nothing(bar: Data):
    """Two who may stay away: with nobody there a share of nothing would be reached by nobody."""
    quota = {**bar, "weights": {"a": 2, "b": 1}, "present": {"a": 0.25, "b": 0.5}, "of_present": True}
    p, q = 0.5, 0.25  # both say yes for sure, then both say no
    somebody = 1 - (1 - q) * (1 - p)
    for factor, walk_away in ((1.0, 50), (0.0, 90)):
        data = with_rule({"quota": quota}, ("a", "b"))
        for name in ("a", "b"):
            data["preferences"][f"home.{name}"]["walk_away"] = walk_away
        wanted = somebody if bar == {"share": 0} else factor * somebody
        assert chance_of(asked(data, 0.5, signed=False)) == pytest.approx(wanted)
        blocking = with_rule({"not_blocked_by": {"quota": quota}}, ("a", "b"))
        blocking["preferences"] = data["preferences"]
        wanted = 1 - (somebody if bar == {"share": 0} else (1 - factor) * somebody)
        assert chance_of(asked(blocking, 0.5, signed=False)) == pytest.approx(wanted)
    everybody_away = {**quota, "present": {"a": 0, "b": 0}}
    assert chance_of(asked(with_rule({"quota": everybody_away}, ("a", "b")), 0)) == 0


def test_one_part_of_the_whole_more_or_less_decides():
    """41 of 61 hundredths are two thirds and a bit; 40 are not, and no rounding helps."""
    weights = {"a": 0.40, "b": 0.01, "c": 0.20}
    for share, passes in (("40/61", True), ("41/61", False)):
        data = with_rule({"quota": {"share": share, "weights": weights}}, ("a", "b", "c"))
        for name in ("b", "c"):
            data["preferences"][f"home.{name}"]["walk_away"] = 90
        assert chance_of(asked(data, 0)) == passes
        strictly = with_rule({"quota": {"more_than": share, "weights": weights}}, ("a", "b", "c"))
        strictly["preferences"] = data["preferences"]
        assert chance_of(asked(strictly, 0)) == 0


# the shock


@pytest.mark.parametrize("rho", RHOS)
def test_chances_over_the_shock_against_small_steps(rho: float):
    """Signing, home's answer to what is signed, and the rule alone, whatever is in doubt."""
    doubtful = 0
    for seed in range(24):
        random = Random(100 * seed + 7)
        data = Homes(random, absences=2).case()
        package = package_of(data)
        answer = hear(data, package, rho)
        twin = Home(data, "home", package, rho)
        assert answer.signs.low == pytest.approx(mean(twin.signing(SHOCKS), 1.0), abs=NEAR), seed
        assert answer.rule_alone.low == pytest.approx(twin.alone(twin.lets), abs=NEAR), seed
        wanted = twin.chance(twin.lets)
        assert (answer.ratifies is None) == math.isnan(wanted), seed
        if answer.ratifies is not None:
            assert answer.ratifies.low == pytest.approx(wanted, abs=NEAR), seed
            doubtful += 0.01 < wanted < 0.99
        for ref in twin.refs:
            yes = mean(twin.does(ref, SHOCKS)["says yes"], 1.0)
            assert answer.factions[ref].yes.low == pytest.approx(yes, abs=NEAR), (seed, ref)
    assert doubtful >= 8


@pytest.mark.parametrize("rho", RHOS)
def test_one_faction_alone_does_not_feel_that_doubt_is_shared(rho: float):
    """The mean over the shock is Phi((u - r) / s), and with a red line of probability q less by the factor 1 - q
    where both are independent: in closed form."""
    data = with_rule({"faction": "a"}, ("a",))
    data["preferences"]["home.a"].update(walk_away=50, noise=8)
    answer = hear(data, {"i": "x"}, rho)
    assert answer.ratifies.low == pytest.approx(stats.norm.cdf(10 / 8), abs=NEAR)
    data["preferences"]["home.a"].update(walk_away=0, red_lines={"i.x": 0.3})
    answer = hear(data, {"i": "x"}, rho)
    assert answer.ratifies.low == pytest.approx(0.7 * stats.norm.cdf(60 / 8), abs=NEAR)


@pytest.mark.parametrize("rho", RHOS)
def test_two_who_must_both_say_yes_are_a_bivariate_normal(rho: float):
    """Also when one of them signs: what it signed tells of the other (Bayes)."""
    for voters, given in ((("a", "b"), 1.0), (("a", "leader"), stats.norm.cdf(1))):
        data = with_rule({"all_of": [{"faction": name} for name in voters]}, ("a", "b"))
        for name in voters:
            data["preferences"][f"home.{name}"].update(walk_away=50, noise=10)
        both = stats.multivariate_normal([0, 0], [[1, rho], [rho, 1]]).cdf([1, 1])
        answer = hear(data, {"i": "x"}, rho)
        assert answer.ratifies.low == pytest.approx(both / given, abs=1e-5)
        assert answer.rule_alone.low == pytest.approx(both, abs=1e-5)


def simulate(rho: float, seed: int, n: int, times: int) -> None:
    """One home against its signer's and its factions' answers drawn, in shares of what was signed."""
    data = Homes(Random(seed), absences=2).case()
    package = package_of(data)
    twin = Home(data, "home", package, rho)
    answer = hear(data, package, rho)
    signed, let = map(sum, zip(*(twin.counted_out(n, seed + 1_000 * t) for t in range(times)), strict=True))
    for found, count, of in ((answer.signs, signed, n * times), (answer.ratifies, let, signed)):
        if found is not None and of:
            error = 4.5 * math.sqrt(found.low * (1 - found.low) / of) + 3 / of
            assert count / of == pytest.approx(found.low, abs=error + NEAR), seed


@pytest.mark.parametrize("rho", [0.3, 0.7, 0.9])
def test_chances_agree_with_simulations(rho: float):
    for seed in range(500, 506):
        simulate(rho, seed, 200_000, 1)


@pytest.mark.fuzz
@pytest.mark.parametrize("rho", [0.3, 0.7, 0.9])
def test_chances_agree_with_ten_million_simulations(rho: float):
    for seed in range(600, 606):
        simulate(rho, seed, 500_000, 20)


def test_a_mean_over_the_shock_is_nobodys_where_nothing_weighs():
    found = shock.mean(lambda z: np.ones((2, 1, len(z))), 0.5, lambda z: np.zeros((1, len(z))))
    assert found.shape == (2, 1)
    assert np.isnan(found).all()


@pytest.mark.parametrize("edge", [0.0, 0.37, -1.9])
def test_a_mean_over_the_shock_holds_where_chances_are_all_but_steps(edge: float):
    """A vote of many at the largest correlation turns within a hundredth of the shock's deviation."""
    found = shock.mean(
        lambda z: stats.norm.cdf((edge - z) / 0.01)[None], 0.99, lambda z: np.ones((1, len(z)))
    )
    assert found == pytest.approx(stats.norm.cdf(edge / math.hypot(1, 0.01)), abs=1e-6)


@pytest.mark.parametrize("rho", [-0.1, 0.991, math.nan])
def test_a_correlation_that_cannot_be_is_refused(rho: float):
    with pytest.raises(OutOfRange, match="rho"):
        analyse(with_rule({"faction": "a"}, ("a",)), rho=rho)


@pytest.mark.parametrize(
    "parameters", [{"target": 0}, {"target": 1}, {"target": math.nan}, {"seed": -1}, {"seed": 2**53}]
)
def test_targets_and_seeds_that_cannot_be_are_refused(parameters: Data):
    data = with_rule(
        {"referendum": {"groups": [{"faction": "a", "size": 1, "turnout": [0, 0.5, 1]}], "threshold": 0.5}},
        ("a",),
    )
    with pytest.raises(OutOfRange, match=next(iter(parameters))):
        analyse(data, **parameters)


# several bodies


ONE_OF_MANY = -1.6  # so many deviations short, one of sixteen is as likely as not to say yes


def several_bodies(members: int) -> tuple[Data, float]:
    """Somebody must say yes, or else everybody: all sit in both bodies. And the chance of it at the first package
    where doubt is not shared."""
    names = tuple(f"m{k}" for k in range(members))
    everybody = [{"faction": name} for name in names]
    data = with_rule({"any_of": [{"any_of": everybody}, {"all_of": everybody}]}, names)
    for name in names:
        data["preferences"][f"home.{name}"].update(walk_away=60 - 10 * ONE_OF_MANY, noise=10)
    return data, float(1 - stats.norm.cdf(-ONE_OF_MANY) ** members)


@cache
def heard(members: int) -> Any:
    return analyse(several_bodies(members)[0], {"i": "x"}, rho=0, target=0.001)


def test_sixteen_in_several_bodies_are_gone_through():
    result, wanted = heard(16), several_bodies(16)[1]
    assert result.homes["home"].simulated is None
    assert result.candidates[0].homes["home"].ratifies.low == pytest.approx(wanted, abs=1e-6)


def test_seventeen_in_several_bodies_are_simulated_and_the_result_says_so():
    result, wanted = heard(17), several_bodies(17)[1]
    assert "17 factions sit in several bodies" in result.homes["home"].simulated
    found = result.candidates[0].homes["home"].ratifies.low
    assert found != pytest.approx(wanted, abs=1e-6)
    assert found == pytest.approx(wanted, abs=4.5 * math.sqrt(wanted * (1 - wanted) / 2**14))


@pytest.mark.parametrize("members", [16, 17])
def test_several_bodies_whose_doubt_is_shared(members: int):
    """Given the shock everybody says no by itself."""
    data, _ = several_bodies(members)
    no = stats.norm.cdf((-ONE_OF_MANY + math.sqrt(0.5) * SHOCKS) / math.sqrt(0.5))
    wanted = mean(1 - no**members, 1.0)
    question = asked(data, 0.5)
    assert simulated(question.home.rule) == (members == 17)
    assert chance_of(question) == pytest.approx(wanted, abs=0.01 if members == 17 else NEAR)


# popular votes


def known_turnout(data: Data) -> Data:
    """The case with sizes and turnouts as they are at the mode."""
    for _, part, _ in walk(data["parties"]["home"]["ratification"]):
        for group in part.get("referendum", {}).get("groups", []):
            group.update({key: float(point(group.get(key, 1))) for key in ("size", "turnout")})
    return data


def test_popular_votes_of_known_turnout_against_small_steps():
    """Evenly spread shocks leave an error of some ten thousandths where it is decided by the shock alone."""
    compared = 0
    for seed in range(30):
        random = Random(seed)
        data = known_turnout(Homes(random, poll=True).case())
        package = package_of(data)
        rho = random.choice([0.3, 0.7, 0.9])
        answer = hear(data, package, rho)
        twin = Home(data, "home", package, rho)
        if answer.ratifies is not None and answer.signs.low > 0.05:
            assert answer.ratifies.low == pytest.approx(twin.chance(twin.lets), abs=3e-4), seed
            compared += 0.001 < answer.ratifies.low < 0.999
        assert answer.rule_alone.low == pytest.approx(twin.alone(twin.lets), abs=3e-4), seed
    assert compared >= 5


def test_popular_votes_of_doubtful_turnout_against_simulations():
    compared = 0
    for seed in range(30):
        data = Homes(Random(seed), poll=True, sizes=[2, 3]).case()
        package = package_of(data)
        answer = hear(data, package)
        if answer.ratifies is not None and answer.signs.low > 0.05:
            found, error = Home(data, "home", package, 0.5).simulated(50_000, seed)
            # The answer has an error of its own, of 2**14 simulations.
            assert answer.ratifies.low == pytest.approx(
                found, abs=4.5 * math.hypot(error, error * 1.8) + 3e-4
            ), seed
            compared += 0.01 < found < 0.99
    assert compared >= 8
