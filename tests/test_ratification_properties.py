"""What must hold of a home whatever its rule, of texts and win-sets, and of the whole catalogue."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from scipy import stats

from tests.generators import to_case
from tests.helpers import CATALOGUE, case_of
from tests.homes import SHARES, Rules, with_rule
from tests.test_ratification import NEAR, RHOS, analyse, cases, hear
from tests.twins.agreement import Data, Twin, point
from tests.twins.ratification import Home, walk
from winset.analyses import analyse as run_analysis
from winset.analyses import ratification
from winset.analyses.ratification.asked import Asked
from winset.analyses.ratification.doubt import doubt
from winset.analyses.ratification.home import homes
from winset.analyses.ratification.winsets import winsets
from winset.space.build import build_space

FEW = RHOS[:3]


def all_chances(data: Data, rho: float = 0.5) -> tuple[int, Any, Any]:
    """How many packages home lets, and the chance of its rule for all of them, once signed and alone."""
    space = build_space(to_case(data))
    [home] = [home for home in homes(space) if home.side == "home"]
    question = doubt(space, home, space.choices(np.arange(space.size)), rho)
    signed, alone = (Asked(home, question, signed=s).chances([home.rule])[0] for s in (True, False))
    return winsets(space)[0]["home"].lets, signed, alone


def raised(rule: Data, random: Random) -> Data | None:
    """The rule with one quota raised; None where none can be."""
    higher = deepcopy(rule)
    quotas = [part["quota"] for _, part, _ in walk(higher) if "quota" in part]
    random.shuffle(quotas)
    for terms in quotas:
        for key in {"more_than", "share"} & set(terms):
            more = [share for share in SHARES if Fraction(str(share)) > Fraction(str(terms[key]))]
            if more:
                terms[key] = random.choice(more)
                return higher
        if "at_least" in terms and "weights" in terms:
            total = float(sum(point(weight) for weight in terms["weights"].values()))
            terms["at_least"] = (terms["at_least"] + total) / 2
            return higher
    return None


def test_a_higher_quota_or_one_more_veto_never_helps_a_package():
    compared = lower = 0
    for seed, random, data, _ in cases(range(80), absences=2, blocking=False):
        home = data["parties"]["home"]
        rule, names, rho = home["ratification"], list(home["factions"]), random.choice(FEW)
        before = all_chances(data, rho)
        body = {"quota": Rules(random, tuple(names)).quota()}
        vetoes = [{"all_of": [rule, veto]} for veto in (body, {"faction": names[-1]}) if veto != rule]
        for stricter in filter(None, (raised(rule, random), *vetoes)):
            home["ratification"] = stricter
            after = all_chances(data, rho)
            assert after[0] <= before[0], seed
            for less, more in zip(after[1:], before[1:], strict=True):
                known = ~np.isnan(more)
                assert (np.isnan(less) == np.isnan(more)).all(), seed
                assert (less[known] <= more[known] + NEAR).all(), (seed, rule, stricter)
                lower += bool((less[known] < more[known] - 0.01).any())
            compared += 1
    assert compared > 160
    assert lower > 70


def test_win_sets_are_counted():
    for seed, _, data, _ in cases(range(40), absences=2, voting=True):
        twin = Twin(data)
        found = winsets(build_space(to_case(data)))[0]["home"]
        judged = [twin.judged[twin.key(x)] for x in twin.packages]
        lets, signs = ([getattr(j, what)["home"] for j in judged] for what in ("lets", "signs"))
        both_ = sum(a and b for a, b in zip(lets, signs, strict=True))
        assert (found.of, found.lets, found.signs, found.both) == (
            len(judged),
            sum(lets),
            sum(signs),
            both_,
        ), seed
        assert not found.sampled


def test_a_text_stands_for_its_completions():
    for seed, _, data, _ in cases(range(12), absences=1, sizes=[1, 2]):
        data["constraints"] = [{"id": "c", "forbid": "i == x and j == p"}]
        data["texts"] = {"open": {"package": {"i": "x"}}, "half": {"package": {"j": "q"}}}
        result = analyse(data)
        twin = Twin(data)
        for candidate in result.candidates:
            # A whole package stands for itself, forbidden or not.
            ways = twin.completions(candidate.package) if candidate.open else [candidate.package]
            homes_ = [Home(data, "home", way, 0.5) for way in ways]
            chances = [home.chance(home.lets) for home in homes_]
            known = [chance for chance in chances if chance == chance]
            answer = candidate.homes["home"]
            assert (candidate.completions, candidate.looked_at) == (len(ways), len(ways)), seed
            if known:
                spanned = (answer.ratifies.low, answer.ratifies.high)
                assert spanned == pytest.approx((min(known), max(known)), abs=NEAR), (seed, candidate.title)
            assert answer.in_winset == sum(twin.judge(way).lets["home"] for way in ways), seed
            assert (answer.pivots is None) or len(ways) == 1


def test_of_very_many_packages_win_sets_are_sampled():
    """Home takes what settles the first of twelve issues its way, one in five of 244 million packages."""
    issues = {f"i{k}": {"title": "i", "options": {f"o{n}": "an option" for n in range(5)}} for k in range(12)}
    data = with_rule({"faction": "a"}, ("a",))
    flat = {name: dict.fromkeys(issue["options"], 50) for name, issue in issues.items()}
    data["issues"] = issues
    for ref, wants in data["preferences"].items():
        first = {"o0": 100, "o1": 0, "o2": 0, "o3": 0, "o4": 0}
        scores = {**flat, "i0": first if ref == "home.a" else flat["i0"]}
        wants.update(weights=dict.fromkeys(issues, 1), scores=scores, walk_away=50)
    result = analyse(data, target=0.001)
    found = result.homes["home"].winset
    assert found.sampled
    assert (found.of, found.signs) == (20_000, 20_000)
    assert found.lets == found.both == pytest.approx(4_000, abs=4.5 * (20_000 * 0.2 * 0.8) ** 0.5)
    assert result.leaders is None or not result.leaders.proven


def test_the_yes_share_of_a_popular_vote_is_that_of_its_quantile_of_the_shock():
    data = with_rule(
        {"referendum": {"groups": [{"faction": "a", "size": 1, "turnout": 0.6}], "threshold": 0.5}}, ("a",)
    )
    data["preferences"]["home.a"].update(walk_away=58, noise=10)
    [poll] = hear(data, {"i": "x"}, 0.3).polls
    z = stats.norm.ppf([0.9, 0.5, 0.1])  # the tougher, the fewer
    wanted = stats.norm.cdf((2 - 10 * 0.3**0.5 * z) / (10 * 0.7**0.5))
    assert poll.yes == pytest.approx(wanted, abs=1e-3)
    assert poll.turnout == pytest.approx((0.6, 0.6, 0.6))
    assert poll.carries == pytest.approx(stats.norm.cdf(2 / (10 * 0.3**0.5)), abs=1e-3)


# the catalogue

OTHER = (
    "points",
    "total",
    "per_point",
    "seats",
    "net",
    "majority",
    "weights",
    "bar",
    "gains",
    "product",
    "rho",
)


def chances_in(data: Any, key: str = "") -> Iterator[tuple[str, float]]:
    """Every chance and share in a result's data, by where it stands."""
    if isinstance(data, dict):
        for name, value in data.items():
            yield from chances_in(value, f"{key}.{name}")
    elif isinstance(data, list):
        for place, value in enumerate(data):
            yield from chances_in(value, f"{key}.{place}")
    elif isinstance(data, float) and not set(key.split(".")) & {*OTHER, "safety_net"}:
        yield key, data


@pytest.mark.parametrize("file", CATALOGUE, ids=lambda file: file.parent.name)
def test_the_catalogue_is_answered_in_chances_and_in_json(file: Path):
    case = case_of(file.read_bytes(), id=file.parent.name)
    if not ratification.applies(case):
        return
    result: Any = run_analysis(case, "ratification", draws=60)
    written = json.dumps(result.to_dict(), allow_nan=False)
    assert json.loads(written) == result.to_dict()
    assert "-0.0," not in written
    found = list(chances_in(json.loads(written)))
    assert len(found) > 20
    for key, value in found:
        assert 0 <= value <= 1, key
    for candidate in result.candidates:
        every = [candidate.homes[side].ratifies for side in result.must]
        if not candidate.open and None not in every:
            # Sides are taken as independent.
            assert candidate.all.low == pytest.approx(
                np.prod([one.low for one in every]), abs=len(every) * NEAR
            )
