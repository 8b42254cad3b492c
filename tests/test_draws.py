"""Draws: distributions, the shock that a side shares, ranks, the same bits however they are asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import Any

import numpy as np
import pytest
from scipy import stats

from tests.generators import random_case, to_case
from tests.helpers import CATALOGUE, SMALL, VILLAGES, case_of, edited, plain
from tests.twins.agreement import Data, levels
from tests.twins.draws import Draw, bounds, distribution
from winset.case.estimate import Weight
from winset.errors import NotApplicable, OutOfRange
from winset.space import numbers
from winset.space.build import Space, build_space, merged
from winset.space.draws import Group, Inputs, Sample

SHAPES = {
    "triangular": "[40, 45, 60]",
    "rising": "[40, 60, 60]",
    "falling": "[40, 40, 60]",
    "pert": "{low: 40, mode: 45, high: 60, shape: pert}",
    "pert at the end": "{low: 40, mode: 60, high: 60, shape: pert}",
    "uniform": "{low: 40, high: 60, shape: uniform}",
}
IDS = [file.parent.name for file in CATALOGUE]


def space_of(*changes: tuple[str, str]) -> Space:
    return build_space(case_of(edited(SMALL, *changes)))


def drawn(space: Space, count: int = 20_000, rho: float = 0.5, seed: int = 5) -> Sample:
    inputs = Inputs(space, rho)
    return inputs.sample(inputs.uniforms(seed, 0, count))


def fits(values: Any, distribution: Any) -> bool:
    """Whether values may come from a distribution; a fixed seed, so no chance failures."""
    return bool(stats.kstest(values, distribution.cdf).pvalue > 0.01)


def arrays(sample: Sample) -> Iterator[Any]:
    yield from (sample.walk_away, sample.weights, *sample.scores, *sample.lines, sample.joint)
    yield from sample.power.values()


# distributions


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("rho", [0, 0.5, 0.99])
def test_walk_aways_have_their_distribution_whatever_the_shock(shape: str, rho: float):
    space = space_of(("walk_away: [40, 50, 60]", f"walk_away: {SHAPES[shape]}"))
    values = drawn(space, rho=rho).walk_away[:, space.faction("upper.council")]
    assert fits(values, distribution(plain(SHAPES[shape])))


@pytest.mark.parametrize("shape", SHAPES)
def test_scores_weights_joint_terms_and_power_have_their_distribution(shape: str):
    space = space_of(
        ("dawn: [60, 70, 80]", f"dawn: {SHAPES[shape]}"),
        ("weights: {hours: 60, fee: 40}", f"weights: {{hours: {SHAPES[shape]}, fee: 40}}"),
        ("add: [5, 10, 15]", f"add: {SHAPES[shape]}"),
        ("    speaks_for: council\n", f"    speaks_for: council\n    power: {SHAPES[shape]}\n"),
    )
    sample, council = drawn(space), space.faction("upper.council")
    share = sample.weights[:, council, 0]
    wanted = distribution(plain(SHAPES[shape]))
    assert fits(sample.scores[0][:, council, 1], wanted)
    assert fits(40 * share / (1 - share), wanted)
    assert fits(sample.joint[:, 0], wanted)
    assert fits(sample.power["upper"], wanted)
    assert (sample.power["lower"] == 1).all()
    assert (sample.power["district"] == 1).all()


@pytest.mark.parametrize("end", [0.0, 1 - 2**-53, 1.0])
@pytest.mark.parametrize("file", CATALOGUE, ids=IDS)
def test_the_ends_of_the_cube_stay_within_the_limits(file: Any, end: float):
    space = build_space(case_of(file.read_bytes()))
    inputs = Inputs(space)
    sample = inputs.sample(np.full((2, inputs.dims), end))
    assert all(np.isfinite(array).all() for array in arrays(sample))
    for f, ref in enumerate(space.factions):
        estimate = space.case.preferences[ref].walk_away
        assert estimate.low <= sample.walk_away[0, f] <= estimate.high
    assert all(((scores >= 0) & (scores <= 100)).all() for scores in sample.scores)
    assert np.allclose(sample.weights.sum(axis=2), 1)


def test_no_number_leaves_its_limits_by_a_last_bit():
    assert 0.3 + (0.9 - 0.3) > 0.9  # as floats go
    space = space_of(("walk_away: [40, 50, 60]", "walk_away: [0.3, 0.9, 0.9]"))
    inputs = Inputs(space)
    assert inputs.sample(np.ones((1, inputs.dims))).walk_away[0, 0] == 0.9


# red lines

LINES = "red_lines: {hours.none: 0.1, hours.dawn: 0.3, hours == half: 0.8, fee.free: 0, fee.low: 1, 'not (fee == high)': 0.3}"


@pytest.mark.parametrize("rho", [0, 0.5, 0.9])
def test_red_lines_hold_as_often_as_they_should_and_nest(rho: float):
    space = space_of(("red_lines: {hours.half: 0.4}", LINES))
    held = drawn(space, rho=rho).lines[space.faction("upper.council")]
    assert held.mean(axis=0) == pytest.approx([0.1, 0.3, 0.8, 0, 1, 0.3], abs=0.01)
    assert (held[:, 0] <= held[:, 1]).all()
    assert (held[:, 1] <= held[:, 2]).all()
    assert (held[:, 1] & ~held[:, 5]).any()  # a condition has a latent of its own
    assert (held[:, 5] & ~held[:, 1]).any()


@pytest.mark.parametrize(("low", "mode", "high"), [(0.2, 0.3, 0.9), (0, 0, 0.6), (0.5, 1, 1)])
def test_a_chance_in_doubt_is_drawn_too(low: float, mode: float, high: float):
    doubt = f"hours.half: {{low: {low}, mode: {mode}, high: {high}, shape: pert}}"
    space = space_of(("hours.half: 0.4", doubt))
    inputs = Inputs(space)
    assert len(inputs.groups[Group("red_lines", "upper.council")]) == 2
    held = drawn(space, 40_000).lines[space.faction("upper.council")]
    assert held.mean() == pytest.approx((low + 4 * mode + high) / 6, abs=0.01)


def test_certain_red_lines_ask_for_no_coordinate():
    space = space_of(("hours.half: 0.4", "hours.half: 0, fee.free: 1"))
    assert Group("red_lines", "upper.council") not in Inputs(space).groups


# the shock


@pytest.mark.parametrize("rho", [0, 0.3, 0.8])
def test_the_shock_is_shared_within_a_side_alone(rho: float):
    space = space_of(
        ("    walk_away: 45", "    walk_away: [30, 45, 50]"), ("walk_away: 32", "walk_away: [20, 32, 40]")
    )
    sample = drawn(space, rho=rho)
    shapes = [[40, 50, 60], [30, 45, 50], [20, 32, 40]]
    latent = [stats.norm.ppf(distribution(s).cdf(sample.walk_away[:, f])) for f, s in enumerate(shapes)]
    held = sample.lines[0][:, 0]
    found = np.corrcoef(latent)
    assert found[0, 1] == pytest.approx(rho, abs=0.03)
    assert found[0, 2] == pytest.approx(0, abs=0.03)
    assert found[1, 2] == pytest.approx(0, abs=0.03)
    apart = latent[1][held].mean() - latent[1][~held].mean()
    assert apart > 0.2 if rho else abs(apart) < 0.05  # tougher in both, or unrelated


def test_a_high_shock_is_tougher():
    inputs = Inputs(space_of())
    points = np.full((2, inputs.dims), 0.5)
    points[:, inputs.groups[Group("shock", "upper")]] = [[0.01], [0.99]]
    sample = inputs.sample(points)
    assert sample.walk_away[0, 0] < 50 < sample.walk_away[1, 0]
    assert sample.lines[0][:, 0].tolist() == [False, True]


# ranks


def test_ranked_weights_are_uniform_among_those_in_order():
    """As a flat Dirichlet is once it is sorted; without ties the mean is the rank-order centroid."""
    case = case_of(CATALOGUE[IDS.index("panama-1977")].read_bytes())
    space = build_space(case)
    ref = next(r for r in space.factions if hasattr(case.preferences[r].weights, "levels"))
    order = [name for (name,) in case.preferences[ref].weights.levels]
    places = [space.issues.index(name) for name in order]
    found = drawn(space, 10_000).weights[:, space.faction(ref)][:, places]
    assert (np.diff(found, axis=1) <= 1e-12).all()
    assert found.mean(axis=0) == pytest.approx(numbers.weights(case.preferences[ref], order), abs=0.003)
    other = np.random.default_rng(1).dirichlet(np.ones(len(order)), 10_000)
    other.sort(axis=1)
    for k in range(len(order)):
        assert stats.ks_2samp(found[:, k], other[:, -1 - k]).pvalue > 0.01


def test_level_ranks_share_one_weight():
    """Two levels of one and two issues: the weights lie evenly on the edge from (1, 0, 0) to thirds."""
    data: Any = plain(VILLAGES)
    data["issues"]["third"] = {"title": "Third", "options": {"yes": "Yes", "no": "No"}}
    first, second = list(data["issues"])[:2]
    for preference in data["preferences"].values():
        preference["weights"] = {"order": [second, [first, "third"]]}
        preference["scores"]["third"] = {"order": ["yes", "no"]}
    found = drawn(build_space(to_case(data))).weights[:, 0]
    assert (found[:, 0] == found[:, 2]).all()
    assert fits(found[:, 1], stats.uniform(1 / 3, 2 / 3))


def test_ranked_scores_are_sorted_uniforms_between_best_and_worst():
    text = ("dawn: At dawn, half: Half the day", "dawn: At dawn, noon: Noon, dusk: Dusk, half: Half the day")
    more = [
        ("{none: 100, dawn: [60, 70, 80], half: 0}", "{order: [none, noon, dawn, dusk, half]}"),
        ("{order: [none, dawn, half]}", "{order: [[none, noon], dawn, [dusk, half]]}"),
        ("{none: 0, dawn: 40, half: 100}", "{order: [[none, noon, dawn, dusk, half]]}"),
    ]
    inputs = Inputs(space_of(text, *more))
    council, herders, lower = drawn(inputs.space).scores[0].transpose(1, 0, 2)  # none dawn noon dusk half
    assert (council[:, 0] == 100).all()
    assert (council[:, 4] == 0).all()
    assert (np.diff(council[:, [0, 2, 1, 3, 4]], axis=1) <= 0).all()
    for option, k in ((2, 3), (1, 2), (3, 1)):  # the k-th smallest of three uniforms is beta(k, 4 - k)
        assert fits(council[:, option] / 100, stats.beta(k, 4 - k))
    assert (herders[:, [0, 2]] == 100).all()
    assert (herders[:, [3, 4]] == 0).all()
    assert fits(herders[:, 1] / 100, stats.uniform())
    assert (lower == 100).all()
    assert Group("scores", "lower") not in inputs.groups


# the same bits

RECORDED = [0.027680904921395633, 0.496173488349799, 0.6736210413622347]


def test_a_draw_depends_on_the_seed_and_its_number_alone():
    inputs = Inputs(build_space(case_of(VILLAGES)))
    whole = inputs.uniforms(7, 0, 101)
    parts = [inputs.uniforms(7, first, count) for first, count in ((0, 1), (1, 33), (34, 2), (36, 65))]
    assert np.array_equal(np.vstack(parts), whole)
    for k in range(101):
        assert np.array_equal(inputs.uniforms(7, k, 1), whole[k : k + 1])
    assert inputs.uniforms(7, 5, 0).shape == (0, inputs.dims)
    assert not np.isin(inputs.uniforms(8, 0, 101), whole).any()
    assert np.unique(whole).size == whole.size
    late = inputs.uniforms(7, 10**15, 5)
    assert np.array_equal(late[2:], inputs.uniforms(7, 10**15 + 2, 3))


def test_the_stream_stays_as_it_is():
    """Recorded once: a published figure is found again by its seed."""
    inputs = Inputs(space_of())
    place = inputs.groups[Group("shock", "upper")][0]
    assert inputs.uniforms(1, 0, 3)[:, place].tolist() == RECORDED


def test_uniforms_are_uniform_and_unrelated():
    inputs = Inputs(build_space(case_of(CATALOGUE[IDS.index("gaza-2025-10")].read_bytes())))
    found = inputs.uniforms(3, 0, 2_000)
    assert found.min() >= 0
    assert found.max() < 1
    assert fits(found.ravel(), stats.uniform())
    related = np.corrcoef(found, rowvar=False) - np.eye(inputs.dims)
    assert np.abs(related).max() < 6 / np.sqrt(2_000)


def test_a_changed_case_shares_the_draws_of_what_it_has_in_common():
    before = Inputs(space_of())
    after = Inputs(
        space_of(("walk_away: [40, 50, 60]", "walk_away: 50"), ("walk_away: 32", "walk_away: [30, 32, 40]"))
    )
    common = set(before.coordinates) & set(after.coordinates)
    assert set(before.coordinates) - common
    assert set(after.coordinates) - common
    one, other = before.uniforms(2, 0, 10), after.uniforms(2, 0, 10)
    for name in common:
        at = before.coordinates.index(name), after.coordinates.index(name)
        assert np.array_equal(one[:, at[0]], other[:, at[1]])


@pytest.mark.parametrize("file", CATALOGUE, ids=IDS)
def test_numbers_do_not_depend_on_how_draws_are_batched(file: Any):
    space = build_space(case_of(file.read_bytes()))
    inputs = Inputs(space)
    points = inputs.uniforms(1, 0, 40)
    whole = inputs.sample(points)
    for batch in (slice(0, 1), slice(1, 3), slice(3, 40)):
        part = inputs.sample(points[batch])
        assert len(part) == len(points[batch])
        for some, every in zip(arrays(part), arrays(whole), strict=True):
            assert np.array_equal(some, every[batch])
        for some, every in zip(part.utilities(space), whole.utilities(space), strict=True):
            assert np.array_equal(some, every[batch])


# without doubt


def settled(data: Data) -> Data:
    """The same case with every judgement at its mode, red lines at 0 or 1, and numbers in place of ranks."""
    preferences = {}
    for ref, given in data["preferences"].items():
        preferences[ref] = {
            **given,
            "walk_away": bounds(given["walk_away"])[1],
            "weights": _settled(given["weights"], 2),
            "scores": {issue: _settled(scores, 3) for issue, scores in given["scores"].items()},
            "red_lines": {k: int(bounds(q)[1] >= 0.5) for k, q in given.get("red_lines", {}).items()},
        }
    joint = [{**term, "add": bounds(term["add"])[1]} for term in data.get("joint", [])]
    parties = {s: {**p, "power": bounds(p.get("power", 1))[1]} for s, p in data["parties"].items()}
    return {**data, "preferences": preferences, "joint": joint, "parties": parties}


def _settled(given: Data, least: int) -> Data:
    if "order" not in given:
        return {name: bounds(estimate)[1] for name, estimate in given.items()}
    ranks = levels(given["order"])
    if len(ranks) < least:
        return given  # nothing to draw
    return {name: 100 / (3 + 7 * k) for k, rank in enumerate(ranks) for name in rank}


def assert_is_point_mode(data: Data, extended: bool = False) -> None:
    space = build_space(to_case(data), extended=extended)
    inputs = Inputs(space)
    assert inputs.dims == 0
    assert inputs.groups == {}
    sample = inputs.sample(inputs.uniforms(1, 0, 3))
    assert np.array_equal(sample.walk_away, np.tile(space.walk_away, (3, 1)))
    pairs = zip(space.blocks, sample.utilities(space), sample.crosses(space), strict=True)
    for block, utilities, crosses in pairs:
        for k in range(3):
            assert np.array_equal(utilities[k], block.utilities)
            assert np.array_equal(crosses[k], block.crosses)


@pytest.mark.parametrize("file", CATALOGUE, ids=IDS)
@pytest.mark.parametrize("extended", [False, True])
def test_without_doubt_the_catalogue_is_in_point_mode_bit_for_bit(file: Any, extended: bool):
    assert_is_point_mode(settled(plain(file.read_bytes())), extended)


def test_without_doubt_random_cases_are_in_point_mode_bit_for_bit():
    for seed in range(200):
        assert_is_point_mode(settled(random_case(seed)), extended=bool(seed % 2))


# the twin


def doubtful(seed: int) -> Data:
    """A random case with more doubt in it: every shape, and several red lines on one issue."""
    data, random = random_case(seed), Random(seed)
    for preference in data["preferences"].values():
        if random.random() < 0.7:
            preference["walk_away"] = doubted(bounds(preference["walk_away"])[1], random, -1e6, 1e6)
        for given in (preference["weights"], *preference["scores"].values()):
            for name in [] if "order" in given else given:
                if random.random() < 0.4 and bounds(given[name])[1] > 0:
                    given[name] = doubted(bounds(given[name])[1], random, 0, 100)
        if random.random() < 0.5:
            issue, one = random.choice([(i, o) for i, x in data["issues"].items() for o in x["options"]])
            lines = preference.setdefault("red_lines", {})
            lines.setdefault(f"{issue}.{one}", random.choice([0, 0.2, 0.9, 1]))
            lines.setdefault(f"not ({issue} == {one})", doubted(0.5, random, 0, 1))
    return data


def doubted(mode: float, random: Random, lowest: float, highest: float) -> Any:
    width = (highest - lowest) if highest <= 1 else 20
    low = max(lowest, mode - random.choice([0, 0.1, 0.3]) * width)
    high = min(highest, mode + random.choice([0.1, 0.4]) * width)
    if low == high:
        return mode
    shape = random.choice(["triangular", "pert", "uniform"])
    return {"low": low, "high": high, "shape": shape, **({} if shape == "uniform" else {"mode": mode})}


def assert_agree(data: Data, rho: float, extended: bool, draws: int, seed: int) -> None:
    space = build_space(to_case(data), extended=extended)
    inputs = Inputs(space, rho)
    points = inputs.uniforms(seed, 0, draws)
    sample = inputs.sample(points)
    utilities, crosses = sample.utilities(space), sample.crosses(space)
    names = [str(coordinate) for coordinate in inputs.coordinates]
    packages = np.array([Random(seed + k).randrange(space.size) for k in range(3)])
    for k in range(draws):
        draw = Draw(data, dict(zip(names, points[k].tolist(), strict=True)), rho, extended=extended)
        for f, ref in enumerate(space.factions):
            assert close(sample.walk_away[k, f], draw.walk_away(ref))
            weights = draw.weights(ref)
            assert close(sample.weights[k, f], [weights[issue] for issue in space.issues])
            for i, issue in enumerate(space.issues):
                scores = draw.scores(ref, issue)
                assert close(sample.scores[i][k, f], [scores[option] for option in space.options[i]])
            assert sample.lines[f][k].tolist() == list(draw.lines(ref).values())
            for number, *rows in zip(packages, *space.rows_of(packages), strict=True):
                package = space.package(int(number))
                worth = sum(u[k, f, row] for u, row in zip(utilities, rows, strict=True))
                assert close(worth, draw.utility(ref, package))
                crossed = any(c[k, f, row] for c, row in zip(crosses, rows, strict=True))
                assert crossed == draw.crosses(ref, package)
        assert close(sample.joint[k], draw.joint())
        assert {side: power[k] for side, power in sample.power.items()} == pytest.approx(
            draw.power(), rel=1e-12
        )
        assert draw.asked == set(names)


def close(one: Any, other: Any) -> bool:
    return bool(np.allclose(one, other, rtol=1e-12, atol=1e-12))


def test_draws_agree_with_one_at_a_time_on_random_cases():
    for seed in range(200):
        assert_agree(doubtful(seed), (0, 0.5, 0.8)[seed % 3], bool(seed % 2), draws=2, seed=seed)


@pytest.mark.parametrize("file", CATALOGUE, ids=IDS)
def test_draws_agree_with_one_at_a_time_on_the_catalogue(file: Any):
    assert_agree(plain(file.read_bytes()), 0.5, extended=True, draws=2, seed=9)


# groups, and what cannot be asked


@pytest.mark.parametrize("file", CATALOGUE, ids=IDS)
def test_groups_part_the_coordinates(file: Any):
    inputs = Inputs(build_space(case_of(file.read_bytes())))
    places = [place for group in inputs.groups.values() for place in group]
    assert sorted(places) == list(range(inputs.dims))
    assert all(
        inputs.coordinates[p].group == group for group, places in inputs.groups.items() for p in places
    )


def test_a_group_moves_what_it_is_named_for():
    space = space_of()
    inputs = Inputs(space)
    moved = {}
    for group, places in inputs.groups.items():
        points = np.full((2, inputs.dims), 0.3)
        points[1, places] = np.linspace(0.9, 0.99, len(places))
        sample = inputs.sample(points)
        kinds = ("walk_away", "weights", "scores", "lines", "joint", "power")
        moved[group] = {kind for kind in kinds if _moves(getattr(sample, kind))}
    assert moved == {
        Group("shock", "upper"): {"walk_away", "lines"},
        Group("walk_away", "upper.council"): {"walk_away"},
        Group("red_lines", "upper.council"): {"lines"},
        Group("weights", "upper.herders"): {"weights"},
        Group("scores", "upper.council"): {"scores"},
        Group("scores", "upper.herders"): {"scores"},
        Group("joint", "lower"): {"joint"},
    }


def _moves(found: Any) -> bool:
    parts = found.values() if isinstance(found, dict) else found if isinstance(found, tuple) else (found,)
    return any((part[0] != part[1]).any() for part in parts)


def test_the_same_joint_points_twice_are_drawn_twice():
    term = "  - {for: lower, when: hours == half and fee == low, add: [5, 10, 15]}\n"
    space = space_of((term, 2 * term))
    names = [str(c) for c in Inputs(space).coordinates if c.group.kind == "joint"]
    assert names == [
        "joint lower hours == half and fee == low",
        "joint lower hours == half and fee == low (2)",
    ]
    one, other = drawn(space).joint.T
    assert abs(np.corrcoef(one, other)[0, 1]) < 0.03


def test_there_is_no_shock_without_correlation_or_without_doubt():
    assert Group("shock", "upper") not in Inputs(space_of(), rho=0).groups
    assert Group("shock", "lower") not in Inputs(space_of()).groups
    point = space_of(("walk_away: [40, 50, 60]", "walk_away: 50"), ("hours.half: 0.4", "hours.half: 1"))
    assert Group("shock", "upper") not in Inputs(point).groups


def test_merged_blocks_are_worth_the_same():
    space = build_space(case_of(CATALOGUE[IDS.index("panama-1977")].read_bytes()))
    sample = drawn(space, 5)
    packages = np.arange(0, space.size, space.size // 50)
    for one, other in ((sample.utilities, sum), (sample.crosses, any)):
        apart, joined = (
            [values[:, :, row] for values, row in zip(one(s), s.rows_of(packages), strict=True)]
            for s in (space, merged(space))
        )
        fold = np.add.reduce if other is sum else np.logical_or.reduce
        assert np.allclose(fold(apart), fold(joined))


def test_weights_that_all_come_out_as_0_are_refused():
    space = space_of()
    zero = Weight(low=0, mode=0, high=0)
    nothing = dict.fromkeys(space.issues, zero)
    lower = space.case.preferences["lower"].model_copy(update={"weights": nothing})
    case = space.case.model_copy(update={"preferences": {**space.case.preferences, "lower": lower}})
    with pytest.raises(NotApplicable, match=r"all weights of lower .* give some issue"):
        drawn(replace(space, case=case), 2)


@pytest.mark.parametrize("rho", [-0.1, 1, float("nan")])
def test_a_correlation_out_of_range_is_refused(rho: float):
    with pytest.raises(OutOfRange, match="rho is"):
        Inputs(space_of(), rho)


@pytest.mark.parametrize("seed", [-1, 2**53])
def test_a_seed_out_of_range_is_refused(seed: int):
    with pytest.raises(OutOfRange, match="seed is"):
        Inputs(space_of()).uniforms(seed, 0, 1)


def test_points_of_another_cube_are_refused():
    inputs = Inputs(space_of())
    with pytest.raises(ValueError, match="not \\(draws, "):
        inputs.sample(np.zeros((2, inputs.dims + 1)))
