"""Spoilers against twins, at the mode and draw by draw, and figures that only go the right way."""

from __future__ import annotations

import copy
from collections import Counter
from random import Random
from typing import Any

import pytest
from scipy import stats

from tests.generators import to_case
from tests.spoiling import (
    FEW,
    RAIDERS,
    asked,
    doubted_case,
    playable,
    seeded,
    villages,
)
from tests.twins import spoilers as twins
from tests.twins.agreement import Data, Package, Twin, core, exact, point, quantise
from winset.analyses import analyse, shares
from winset.analyses.sampling import Sampling
from winset.analyses.spoilers import run
from winset.case.patch import patch
from winset.space.build import build_space
from winset.space.shapes import stream

# at the mode, against the twin


def assert_agrees(data: Data, result: Any, *, extended: bool) -> Counter[str]:
    """All that is said of complete packages and of open texts; what was met on the way."""
    twin, met = twins.Spoilers(data, extended=extended), Counter[str]()
    assert list(result.spoilers) == list(twin.spoilers)
    for candidate in result.candidates:
        package = candidate.package
        forbids = twin.twin.data.get("constraints", [])
        assert list(candidate.forbidden_by) == [
            c["id"] for c in forbids if twin.twin.forbidden_by(c, package)
        ]
        assert candidate.acceptable == twin.acceptable(package)
        assert list(candidate.oppositions) == list(candidate.without) == list(twin.spoilers)
        for name, found in candidate.oppositions.items():
            met.update(assert_opposition(twin, name, package, found))
            assert_survival(twin, package, name, candidate.without[name])
        assert_survival(twin, package, None, candidate.survival)
    for text in result.open_texts:
        ways = twin.twin.completions(text.package)
        assert text.completions == len(ways)
        assert set(text.open) == set(twin.twin.issues) - set(text.package)
        assert text.opposes == {n: sum(twin.opposes(n, x) for x in ways) for n in twin.spoilers}
        met["open"] += 1
    return met


def assert_opposition(twin: twins.Spoilers, name: str, package: Package, found: Any) -> list[str]:
    assert found.opposes == twin.opposes(name, package), (name, package)
    kind = twin.spoilers[name]["type"]
    if not found.opposes or kind == "total":
        assert (found.trigger, found.short, found.crossed, found.turns) == (False, 0, (), None)
        return [f"{kind} {found.opposes}"]
    assert found.trigger == twin.triggered(name, package)
    assert quantise(exact(found.short)) == quantise(twin.short(name, package))
    assert list(found.crossed) == twin.crossed(name, package)
    assert found.trigger or found.short > 0 or found.crossed
    said = [
        (issue, new, turn.acceptable, set(turn.rouses))
        for turn in found.turns
        for issue, (old, new) in turn.change.items()
        if old == package[issue]
    ]
    assert len(said) == len(found.turns)
    expected = list(twin.turns(name, package))
    assert sorted(said, key=str) == sorted(expected, key=str)
    order = [(not acceptable, len(roused)) for _, _, acceptable, roused in said]
    assert order == sorted(order)
    kinds = ["turned"] * bool(said) + ["not turned"] * (not said)
    kinds += ["kept"] * any(turn[2] for turn in said) + ["roused"] * any(turn[3] for turn in said)
    kinds += ["trigger"] * found.trigger + ["short"] * (found.short > 0) + ["lines"] * bool(found.crossed)
    return [f"{kind} True", *kinds]


def assert_survival(twin: twins.Spoilers, package: Package, without: str | None, found: Any) -> None:
    at_the_mode = float(twin.survival(package, without))
    least = float(twin.survival(package, without, twins.high))
    most = float(twin.survival(package, without, twins.low))
    assert (found.value, found.low, found.high) == pytest.approx((at_the_mode, least, most), abs=1e-6)


@pytest.mark.parametrize("first", range(0, 400, 100))
def test_at_the_mode_it_agrees_with_the_twin(first: int):
    met, compared = Counter[str](), 0
    for seed in range(first, first + 100):
        data, extended = seeded(seed), seed % 2 == 0
        if not playable(data, extended=extended):
            continue
        package = random_package(data, seed, extended=extended)
        result = asked(to_case(data), extended=extended, package=package)
        met.update(assert_agrees(data, result, extended=extended))
        assert result.candidates[0].package == package
        assert result.candidates[0].titles[0] == "the package asked about"
        compared += 1
    assert compared > 80
    kinds = ("limited True", "limited False", "greedy True", "greedy False", "total True")
    for kind in (*kinds, "turned", "not turned", "kept", "roused", "trigger", "short", "lines", "open"):
        assert met[kind] > 3, (kind, met)


def random_package(data: Data, seed: int, *, extended: bool) -> Package:
    """Any combination of options in play, forbidden or not."""
    random, issues = Random(seed), (data if extended else core(data))["issues"]
    return {name: random.choice(list(issue["options"])) for name, issue in issues.items()}


def key(package: Package) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(package.items()))


def test_what_is_looked_at_is_each_text_and_each_answer_once():
    met = Counter[str]()
    for seed in range(200):
        data = seeded(seed)
        if not playable(data):
            continue
        case = to_case(data)
        given: Any = {"agreement": analyse(case, "agreement")}
        result: Any = run(case, given=given)
        shown = [s for s in given["agreement"].solutions.values() if s.vectors and s.vectors[0].packages]
        answers = {key(s.vectors[0].packages[0]) for s in shown if not s.over_completions}
        texts = {name: text["package"] for name, text in core(data).get("texts", {}).items()}
        wanted = {*map(key, texts.values()), *answers}
        seen = [key(one.package) for one in (*result.candidates, *result.open_texts)]
        assert len(seen) == len(set(seen)), seed
        assert set(seen) == wanted, seed
        issues = set(core(data)["issues"])
        assert all(set(one.package) == issues for one in result.candidates), seed
        assert all(set(one.package) < issues for one in result.open_texts), seed
        if "on_the_table" in data:
            first = texts[data["on_the_table"]]
            among = result.candidates if set(first) == issues else result.open_texts
            assert among[0].package == first, seed
            met["on the table"] += len(texts) > 1
    assert met["on the table"] > 10


def test_an_answer_over_the_completions_of_an_open_text_is_none():
    case = villages(changes=(("on_the_table: may", "on_the_table: april"),))
    given: Any = {"agreement": analyse(case, "agreement")}
    improved = given["agreement"].solutions["improved"]
    assert improved.over_completions
    assert improved.vectors[0].packages
    result: Any = run(case, given=given)
    titles = [title for one in result.candidates for title in one.titles]
    assert not any(improved.title in title for title in titles)


# over draws, against a twin that goes draw by draw


@pytest.mark.parametrize("first", range(0, 120, 40))
def test_over_draws_it_agrees_with_the_twin(first: int):
    compared, between = 0, 0
    for seed in range(first, first + 40):
        data = doubted_case(seed)
        if not playable(data) or len(core(data)["issues"]) > 3:
            continue
        case, rho = to_case(data), (0, 0.5, 0.8)[seed % 3]
        result = asked(case, sampling=Sampling(FEW, seed, rho))
        twin = twins.Draws(data, build_space(case), rho, seed, FEW)
        draws = result.draws
        assert (draws.n, draws.seed, draws.rho) == (FEW, seed, rho)
        for candidate, found in zip(result.candidates, draws.candidates, strict=True):
            counts = {name: twin.opposes(name, candidate.package) for name in result.spoilers}
            assert found.opposes == {n: shares.Share.of(c, FEW) for n, c in counts.items()}, seed
            between += sum(0 < count < FEW for count in counts.values())
            assert_drawn(twin, candidate.package, None, found.survival)
            for name, without in found.without.items():
                assert_drawn(twin, candidate.package, name, without)
        compared += 1
    assert compared > 12
    assert between > 10


def assert_drawn(twin: twins.Draws, package: Package, without: str | None, found: Any) -> None:
    expected = twin.survival(package, without)
    assert (found.value, found.low, found.high) == pytest.approx(expected, abs=2e-6)


def test_what_spoilers_can_do_is_drawn_anew_in_every_draw():
    """Across the chunks in which draws are run; the survival left by a total one is 1 less its capability."""
    n, seed = 600, 7
    result = asked(villages(RAIDERS.replace("0.2", "[0.1, 0.2, 0.6]")), sampling=Sampling(n, seed))
    uniforms = stream(seed, "spoiler capability raiders", 0, n)
    left = sorted(1 - stats.triang(0.2, loc=0.1, scale=0.5).ppf(uniforms))
    expected = (sum(left) / n, twins.at(left, 0.1), twins.at(left, 0.9))
    for found in result.draws.candidates:
        assert (found.survival.value, found.survival.low, found.survival.high) == pytest.approx(
            expected, abs=1e-6
        )
        assert found.without["raiders"].value == 1


def settled(data: Data) -> Data:
    """The case with every estimate at its mode, orders as the numbers that stand for them, and no doubt."""
    twin = Twin(data, extended=True, judge=False)
    for ref, given in data["preferences"].items():
        given["walk_away"] = float(twin.walk_away(ref))
        given["weights"] = {issue: round(float(w), 12) for issue, w in twin.weights(ref).items()}
        given["scores"] = {i: {o: float(s) for o, s in twin.scores(ref, i).items()} for i in twin.issues}
        counted = twin.red_lines(ref)
        given["red_lines"] = {key: int(key in counted) for key in given.get("red_lines", {})}
    for term in data.get("joint", []):
        term["add"] = float(point(term["add"]))
    for given in data["spoilers"].values():
        for what in ("greed", "capability"):
            if what in given:
                given[what] = float(point(given[what]))
    return data


def test_without_doubt_draws_say_what_the_mode_says():
    compared = Counter[bool]()
    for seed in range(200, 240):
        data = settled(seeded(seed))
        if not playable(data):
            continue
        result = asked(to_case(data), sampling=Sampling(5, seed))
        for candidate, found in zip(result.candidates, result.draws.candidates, strict=True):
            for name, share in found.opposes.items():
                assert share.share == candidate.oppositions[name].opposes, seed
                compared[bool(share.share)] += 1
            assert found.survival == candidate.survival
            assert candidate.survival.low == candidate.survival.value == candidate.survival.high
            assert found.without == candidate.without
    assert min(compared.values()) > 30


# figures that only ever go the right way


def figures(result: Any) -> list[float]:
    """How far every candidate withstands its spoilers, at the mode and over draws."""
    drawn = result.draws.candidates if result.draws else ()
    found = [one.survival for one in (*result.candidates, *drawn)]
    return [number for one in found for number in (one.value, one.low, one.high)]


@pytest.mark.parametrize("seed", range(0, 60, 4))
def test_raising_what_a_spoiler_can_do_never_raises_survival(seed: int):
    data = with_a_total_one(doubted_case(seed))
    before = figures(asked(to_case(data), sampling=Sampling(FEW, seed)))
    for name in data["spoilers"]:
        more = copy.deepcopy(data)
        more["spoilers"][name]["capability"] = raised(data["spoilers"][name]["capability"])
        after = figures(asked(to_case(more), sampling=Sampling(FEW, seed)))
        assert all(b <= a for a, b in zip(before, after, strict=True)), name
        # The total one opposes whatever is looked at.
        assert name != "st" or after != before or not any(before)


def with_a_total_one(data: Data) -> Data:
    data["spoilers"]["st"] = {
        "name": "T", "position": "outside", "type": "total", "capability": [0.1, 0.2, 0.4]
    }  # fmt: skip
    return data


def raised(capability: Any) -> Any:
    if isinstance(capability, dict):
        return {
            key: min(1, value + 0.1) if isinstance(value, int | float) else value
            for key, value in capability.items()
        }
    if isinstance(capability, list):
        return [min(1, value + 0.1) for value in capability]
    return min(1, capability + 0.1)


@pytest.mark.parametrize("seed", range(1, 60, 4))
def test_without_a_spoiler_is_the_case_without_it(seed: int):
    data = with_a_total_one(doubted_case(seed))
    result = asked(to_case(data), sampling=Sampling(FEW, seed))
    for name in result.spoilers:
        less = copy.deepcopy(data)
        del less["spoilers"][name]
        for one, found in zip(result.candidates, result.draws.candidates, strict=True):
            assert one.without[name].value >= one.survival.value
            assert found.without[name].value >= found.survival.value
        if twins.in_play(less):
            other = asked(to_case(less), sampling=Sampling(FEW, seed))
            assert [one.without[name] for one in result.candidates] == [o.survival for o in other.candidates]
            assert [one.without[name] for one in result.draws.candidates] == [
                o.survival for o in other.draws.candidates
            ]
        else:
            assert {one.without[name].value for one in result.candidates} <= {1.0}


def test_greed_only_ever_adds_opposition():
    met = Counter[bool]()
    for seed in range(80):
        data = seeded(seed)
        greedy = [n for n, s in data["spoilers"].items() if s["type"] == "greedy" and "faction" in s]
        if not greedy or not playable(data):
            continue
        tame = copy.deepcopy(data)
        for name in greedy:
            tame["spoilers"][name].pop("greed", None)
            tame["spoilers"][name]["type"] = "limited"
        plainly, greedily = asked(to_case(tame)), asked(to_case(data))
        for one, other in zip(plainly.candidates, greedily.candidates, strict=True):
            for name in one.oppositions:
                assert one.oppositions[name].opposes <= other.oppositions[name].opposes
                met[one.oppositions[name].opposes < other.oppositions[name].opposes] += 1
    assert met[True] > 5


# the same numbers in whatever company


def test_spoilers_change_no_other_answer_over_draws():
    for seed in range(0, 30, 6):
        data = doubted_case(seed)
        bare = {key: value for key, value in data.items() if key != "spoilers"}
        one: Any = analyse(to_case(data), "agreement", draws=20, seed=seed)
        other: Any = analyse(to_case(bare), "agreement", draws=20, seed=seed)
        assert one.draws == other.draws
        assert one.case.hash != other.case.hash


def test_another_spoiler_changes_no_share_of_the_first():
    case = villages()
    more = patch(
        case, {"spoilers.others": {"name": "O", "position": "inside", "type": "total", "capability": 0.3}}
    )
    one, other = (asked(each, sampling=Sampling(200, 4)) for each in (case, more))
    for a, b in zip(one.draws.candidates, other.draws.candidates, strict=True):
        assert a.opposes.items() <= b.opposes.items()
        assert a.survival == b.without["others"]


def test_the_same_seed_gives_the_same_bits_in_one_process_or_two():
    case = villages()
    alone = asked(case, sampling=Sampling(600, 3))
    assert asked(case, sampling=Sampling(600, 3)) == alone
    assert asked(case, sampling=Sampling.of(600, {"seed": 3, "jobs": 2})) == alone
    assert asked(case, sampling=Sampling(600, 4)).draws != alone.draws
