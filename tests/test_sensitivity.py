"""Effects of groups of coordinates: against known answers, estimators written out, and SALib."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from SALib.analyze import sobol
from scipy.stats import qmc

from winset.kernels.sensitivity import MAX_DIMS, Design, Effects, Floats, Share, effects

ALONE = ((0,), (1,), (2,))
WEIGHTS = np.array([4.0, 2.0, 1.0, 1.0])

# Ishigami's function: the parts of its variance (Ishigami & Homma 1990).
_A, _B = 7.0, 0.1
PARTS = np.array([(1 + _B * np.pi**4 / 5) ** 2 / 2, _A**2 / 8, 8 * _B**2 * np.pi**8 / 225])
V1, V2, V13 = PARTS / PARTS.sum()


def ishigami(points: Floats) -> np.ndarray:
    x = np.pi * (2 * points - 1)
    return np.sin(x[:, 0]) + _A * np.sin(x[:, 1]) ** 2 + _B * x[:, 2] ** 4 * np.sin(x[:, 0])


def linear(points: Floats) -> np.ndarray:
    return points @ WEIGHTS[: points.shape[1]]


def judged(
    model: Callable[[Floats], np.ndarray],
    groups: Sequence[Sequence[int]],
    *,
    base: int = 1024,
    seed: int = 1,
    replicates: int = 50,
) -> Effects:
    """The effects on a model's outputs of groups that have all the coordinates."""
    design = Design(sum(map(len, groups)), base, tuple(map(tuple, groups)), seed)
    outputs = model(design.block(0, design.rows)).reshape(design.rows, -1)
    return effects(outputs, len(groups), seed=seed, replicates=replicates)


def noise(rows: int, outputs: int, seed: int = 0) -> Floats:
    return np.random.default_rng(seed).normal(3, 2, (rows, outputs))


def close(share: Share, expected: Sequence[float], within: float) -> bool:
    return bool(np.abs(share.value[:, 0] - expected).max() < within)


def equal(one: Effects, other: Effects) -> bool:
    def arrays(found: Effects) -> list[np.ndarray]:
        return [*found.total, *found.first, found.mean, found.variance, found.flat]

    return all(np.array_equal(a, b) for a, b in zip(arrays(one), arrays(other), strict=True))


# known answers


@pytest.mark.parametrize("seed", range(8))
def test_ishigami(seed: int):
    found = judged(ishigami, ALONE, base=2048, seed=seed)
    assert [round(share, 3) for share in (V1 + V13, V2, V13)] == [0.558, 0.442, 0.244]
    assert close(found.total, [V1 + V13, V2, V13], 0.02)
    assert close(found.first, [V1, V2, 0], 0.02)
    assert found.mean == pytest.approx([_A / 2], abs=0.02)
    assert found.variance == pytest.approx([PARTS.sum()], rel=0.02)
    assert not found.flat.any()


def test_ishigami_in_groups():
    """What 1 and 3 do together they do as one: the group's first-order effect is its total."""
    found = judged(ishigami, [(0, 2), (1,)], base=2048)
    assert close(found.total, [V1 + V13, V2], 0.02)
    assert close(found.first, [V1 + V13, V2], 0.02)


def test_the_shares_of_a_sum():
    share = WEIGHTS**2 / (WEIGHTS @ WEIGHTS)
    found = judged(linear, [(0,), (1,), (2,), (3,)], base=4096)
    assert close(found.total, share, 0.002)
    assert close(found.first, share, 0.002)
    assert found.variance == pytest.approx([WEIGHTS @ WEIGHTS / 12], rel=1e-3)


def test_the_shares_of_a_sum_by_groups_of_several_coordinates():
    weights = np.tile([3.0, 1.0, 2.0], 10)
    groups = [range(12), range(12, 15), [15, 29], range(16, 29)]
    share = [(weights[list(group)] ** 2).sum() / (weights @ weights) for group in groups]
    found = judged(lambda points: points @ weights, groups, base=4096)
    assert close(found.total, share, 0.01)
    assert close(found.first, share, 0.01)


def test_an_event():
    """Both of two coordinates above a half: shares 1/3 each alone, 2/3 with what they do together."""
    found = judged(lambda p: 1.0 * ((p[:, 0] > 0.5) & (p[:, 1] > 0.5)), ALONE, base=4096)
    assert close(found.total, [2 / 3, 2 / 3, 0], 0.02)
    assert close(found.first, [1 / 3, 1 / 3, 0], 0.02)
    assert found.mean == pytest.approx([1 / 4], abs=0.01)
    assert found.variance == pytest.approx(found.mean * (1 - found.mean))


def test_a_product_with_nothing_to_find_out_alone():
    found = judged(lambda p: (p[:, 0] - 0.5) * (p[:, 1] - 0.5), [(0,), (1,)], base=4096)
    assert close(found.total, [1, 1], 0.02)
    assert close(found.first, [0, 0], 0.02)


def test_a_group_that_does_nothing_has_effects_of_exactly_0():
    found = judged(lambda p: p[:, 0] * p[:, 2], ALONE, base=64)
    for share in (found.total, found.first):
        assert (share.value[1], share.low[1], share.high[1]) == (0, 0, 0)
        assert share.value[0] > 0.1


def test_a_group_of_everything_has_it_all():
    found = judged(ishigami, [(0, 1, 2)], base=2048)
    assert close(found.total, [1], 0.02)
    assert close(found.first, [1], 0.02)


# the estimators


def literal(outputs: Floats, groups: int) -> tuple[np.ndarray, np.ndarray]:
    """Total and first-order effects of one output, by the formulas as they are printed."""
    points = [outputs[i : i + groups + 2] for i in range(0, len(outputs), groups + 2)]
    ends = [y for point in points for y in (point[0], point[-1])]
    mean = sum(ends) / len(ends)
    variance = sum((y - mean) ** 2 for y in ends) / len(ends)
    total, first = np.zeros(groups), np.zeros(groups)
    for a, *mixed, b in points:
        for g, m in enumerate(mixed):
            total[g] += (a - m) ** 2 / (2 * len(points)) / variance
            first[g] += (b - mean) * (m - a) / len(points) / variance
    return total, first


@pytest.mark.parametrize("groups", [0, 1, 5])
def test_the_estimators_written_out(groups: int):
    outputs = noise(16 * (groups + 2), 3)
    found = effects(outputs, groups, replicates=20)
    for column in range(3):
        total, first = literal(outputs[:, column], groups)
        assert found.total.value[:, column] == pytest.approx(total, rel=1e-12)
        assert found.first.value[:, column] == pytest.approx(first, rel=1e-12)


@pytest.mark.parametrize("model", [ishigami, lambda p: 1.0 * (linear(p) > 4)], ids=["ishigami", "event"])
def test_salib_finds_the_same(model: Callable[[Floats], np.ndarray]):
    """SALib centres by the mean over all rows, winset by that over A and B."""
    design = Design(3, 512, ALONE, 3)
    outputs = model(design.block(0, design.rows))
    problem = {"num_vars": 3, "names": ["x", "y", "z"], "bounds": [[0, 1]] * 3}
    theirs = sobol.analyze(problem, outputs, calc_second_order=False, seed=1, num_resamples=400)
    ours = effects(outputs[:, None], 3, replicates=400)
    assert ours.total.value[:, 0] == pytest.approx(theirs["ST"], rel=1e-9)
    assert ours.first.value[:, 0] == pytest.approx(theirs["S1"], abs=2e-3)
    for share, name in ((ours.total, "ST_conf"), (ours.first, "S1_conf")):
        half = (share.high - share.low)[:, 0] / 2
        assert half == pytest.approx(theirs[name], rel=0.25, abs=1e-3)


def test_salib_finds_the_same_in_groups():
    design = Design(4, 256, ((0, 2), (1, 3)), 3)
    outputs = (linear(design.block(0, design.rows)) - 2) ** 2
    problem = {
        "num_vars": 4,
        "names": list("abcd"),
        "bounds": [[0, 1]] * 4,
        "groups": ["g", "h", "g", "h"],
    }
    theirs = sobol.analyze(problem, outputs, calc_second_order=False, seed=1)
    ours = effects(outputs[:, None], 2)
    assert ours.total.value[:, 0] == pytest.approx(theirs["ST"], rel=1e-9)
    assert ours.first.value[:, 0] == pytest.approx(theirs["S1"], abs=2e-3)


@pytest.mark.parametrize(("factor", "zero"), [(1e-9, 0.0), (-3.0, 1e6), (1e100, 0.0)])
def test_units_and_zero_of_an_output_do_not_matter(factor: float, zero: float):
    outputs = noise(5 * 32, 2)
    plain, other = effects(outputs, 3), effects(outputs * factor + zero, 3)
    for one, two in zip((*plain.total, *plain.first), (*other.total, *other.first), strict=True):
        assert two == pytest.approx(one, rel=1e-7, abs=1e-9)
    assert other.mean == pytest.approx(plain.mean * factor + zero)


def test_outputs_are_judged_each_by_itself():
    design = Design(3, 128, ALONE, 1)
    points = design.block(0, design.rows)
    both = np.column_stack([ishigami(points), linear(points)])
    together = effects(both, 3)
    for column in range(2):
        alone = effects(both[:, [column]], 3)
        assert alone.total.value[:, 0] == pytest.approx(together.total.value[:, column], rel=1e-12)
        assert alone.first.low[:, 0] == pytest.approx(together.first.low[:, column], rel=1e-9)


def test_groups_in_another_order_give_the_answers_in_that_order():
    order = [2, 0, 1]
    plain = judged(ishigami, ALONE, base=256)
    other = judged(ishigami, [ALONE[g] for g in order], base=256)
    for one, two in zip((*plain.total, *plain.first), (*other.total, *other.first), strict=True):
        assert two == pytest.approx(one[order], rel=1e-12, abs=1e-15)


# what does not vary


def test_an_output_without_variance_is_flagged_and_has_no_effects():
    outputs = np.column_stack([np.full(80, 0.1), noise(80, 1)[:, 0], np.zeros(80)])
    found = effects(outputs, 3)
    assert found.flat.tolist() == [True, False, True]
    assert found.variance[[0, 2]].tolist() == [0, 0]
    assert found.mean[0] == pytest.approx(0.1)
    for share in (*found.total, *found.first):
        assert not share[:, [0, 2]].any()
        assert share[:, 1].all()


def test_rounding_is_no_variance():
    outputs = 0.3 + np.random.default_rng(0).choice([0, 5.6e-17], (80, 1))
    assert len(np.unique(outputs)) == 2
    assert effects(outputs, 3).flat.all()
    assert not effects(0.3 + 1e-9 * noise(80, 1), 3).flat.any()


def test_an_event_so_rare_that_a_and_b_miss_it_is_flat():
    outputs = np.zeros((80, 1))
    outputs[2] = 1
    found = effects(outputs, 3)
    assert found.flat.all()
    assert not found.total.high.any()


def test_an_event_met_once_gives_a_wide_interval():
    outputs = np.zeros((3 * 64, 1))
    outputs[30] = 1
    found = effects(outputs, 1)
    assert found.total.low[0, 0] == 0
    assert found.total.high[0, 0] >= found.total.value[0, 0] > 0.9


# intervals


def test_intervals_cover_what_is_true_over_seeds():
    share = np.append(WEIGHTS[:3] ** 2, 0)[:3, None] / (WEIGHTS[:3] @ WEIGHTS[:3])
    found = [judged(linear, ALONE, base=64, seed=seed, replicates=200) for seed in range(40)]
    for name in ("total", "first"):
        shares = [getattr(one, name) for one in found]
        covered = np.mean([(s.low <= share) & (share <= s.high) for s in shares], axis=0)
        assert (covered >= 0.9).all()


def test_intervals_cover_as_often_as_they_say_in_plain_sampling():
    """The bootstrap itself, on points without Sobol's evenness: 95% of 200, give or take."""
    true, covered = np.array([[0.8], [0.2]]), []
    for seed in range(200):
        a, b = np.random.default_rng(seed).random((2, 256, 2)) @ np.diag([2.0, 1.0])
        rows = np.stack([a.sum(1), b[:, 0] + a[:, 1], a[:, 0] + b[:, 1], b.sum(1)], axis=1)
        found = effects(rows.reshape(-1, 1), 2, seed=seed, replicates=200)
        covered.append([(s.low <= true) & (true <= s.high) for s in (found.total, found.first)])
    assert np.mean(covered, axis=0).min() >= 0.88
    assert np.mean(covered, axis=0).max() <= 0.99


def test_intervals_hold_what_was_found_and_narrow_with_the_base():
    widths = []
    for base in (128, 2048):
        found = judged(ishigami, ALONE, base=base, replicates=300)
        for share in (found.total, found.first):
            assert (share.low <= share.value).all()
            assert (share.value <= share.high).all()
        widths.append((found.total.high - found.total.low).mean())
    assert 3 < widths[0] / widths[1] < 5.5


def test_of_one_replicate_one_end_is_what_was_found():
    for share in effects(noise(5 * 64, 2), 3, replicates=1)[:2]:
        assert ((share.low == share.value) != (share.high == share.value)).all()
        assert (share.low < share.high).all()


def test_the_same_seed_gives_the_same_bits():
    outputs = noise(5 * 64, 2)
    before = outputs.copy()
    assert equal(effects(outputs, 3, seed=5), effects(outputs, 3, seed=5))
    assert not equal(effects(outputs, 3, seed=5), effects(outputs, 3, seed=6))
    assert np.array_equal(outputs, before)


# designs


def test_the_rows_of_a_base_point():
    design = Design(4, 1024, ((0, 3), (2,)), 9)
    assert (design.width, design.rows) == (4, 4096)
    pairs = qmc.Sobol(8, seed=np.random.default_rng(9)).random(1024).reshape(1024, 4, 2)
    rows = design.block(0, design.rows).reshape(1024, 4, 4)
    for (a0, a1, a2, a3), (b0, b1, b2, b3), made in zip(pairs[..., 0], pairs[..., 1], rows, strict=True):
        assert made.tolist() == [[a0, a1, a2, a3], [b0, a1, a2, b3], [a0, a1, b2, a3], [b0, b1, b2, b3]]


@pytest.mark.parametrize("chunk", [1, 7, 100, 777])
def test_rows_are_the_same_bits_in_whatever_blocks(chunk: int):
    design = Design(5, 512, ((0, 4), (1,), (2, 3)), 2)
    blocks = [
        design.block(first, min(chunk, design.rows - first))
        for first in reversed(range(0, design.rows, chunk))
    ]
    assert np.array_equal(np.concatenate(blocks[::-1]), design.block(0, design.rows))


@pytest.mark.filterwarnings("error")
def test_any_base_extends_a_smaller_one_without_warnings():
    small, large = (Design(3, base, ALONE, 4) for base in (2, 1024))
    assert np.array_equal(small.block(0, small.rows), large.block(0, small.rows))
    assert small.block(3, 0).shape == (0, 3)
    assert small.block(small.rows, 0).shape == (0, 3)


def test_points_are_even_in_the_cube_and_depend_on_the_seed():
    design = Design(3, 256, ALONE, 4)
    a = design.block(0, design.rows)[:: design.width]
    assert ((a >= 0) & (a < 1)).all()
    assert all(np.array_equal(np.sort(np.floor(256 * column)), np.arange(256)) for column in a.T)
    assert not np.isin(Design(3, 256, ALONE, 5).block(0, 5), a).any()


def test_a_block_is_the_callers_own():
    design = Design(3, 16, ALONE, 4)
    first = design.block(0, 10)
    kept = first.copy()
    first[:] = -1
    assert np.array_equal(design.block(0, 10), kept)


def test_a_design_can_be_sent():
    design = Design(3, 16, ALONE, 4)
    sent = pickle.loads(pickle.dumps(design))
    assert len(pickle.dumps(design)) < 500
    assert sent == design
    assert np.array_equal(sent.block(5, 9), design.block(5, 9))


def test_many_coordinates():
    """As a large case has: early coordinates have no trace of B in A."""
    groups = tuple(tuple(range(g, 678, 57)) for g in range(57))
    design = Design(678, 1024, groups, 1)
    a, b = (np.concatenate([design.block(p * 59 + end, 1) for p in range(1024)]) for end in (0, 58))
    together = 12 * ((a - 0.5) * (b - 0.5)).mean(axis=0)
    assert np.abs(together[:57]).max() < 0.1
    last = design.block(design.rows - 30, 29)
    assert all(
        np.array_equal(row[list(group)], b[-1, list(group)])
        for row, group in zip(last, groups[28:], strict=True)
    )


# faults


@pytest.mark.parametrize(
    ("dims", "base", "groups", "seed", "fault"),
    [
        (3, 100, ALONE, 0, "base is 100; give a power of two"),
        (3, 1, ALONE, 0, "base is 1; "),
        (3, 0, ALONE, 0, "base is 0; "),
        (3, 2**31, ALONE, 0, "give a power of two from 2 to"),
        (0, 4, (), 0, "dims is 0; "),
        (MAX_DIMS + 1, 4, (), 0, "from 1 to 10600"),
        (3, 4, ((0,), (3,)), 0, "outside 0 to 2"),
        (3, 4, ((-1,),), 0, "outside 0 to 2"),
        (3, 4, ALONE, -1, "seed is -1"),
    ],
)
def test_designs_that_cannot_be(
    dims: int, base: int, groups: tuple[tuple[int, ...], ...], seed: int, fault: str
):
    with pytest.raises(ValueError, match=fault):
        Design(dims, base, groups, seed)


@pytest.mark.parametrize(("first", "count"), [(-1, 2), (0, -1), (19, 2), (21, 0)])
def test_rows_that_are_not_there(first: int, count: int):
    with pytest.raises(ValueError, match="not all among the design's 20"):
        Design(3, 4, ALONE, 0).block(first, count)


@pytest.mark.parametrize(
    ("outputs", "fault"),
    [
        (np.zeros(20), "not \\(rows, outputs\\)"),
        (np.zeros((19, 1)), "19 rows of outputs cannot be of a design with 5"),
        (np.zeros((0, 1)), "0 rows"),
        (np.full((20, 1), np.nan), "not a finite number"),
        (np.full((20, 1), np.inf), "not a finite number"),
    ],
)
def test_outputs_that_cannot_be(outputs: Floats, fault: str):
    with pytest.raises(ValueError, match=fault):
        effects(outputs, 3)


def test_a_bootstrap_of_nothing():
    with pytest.raises(ValueError, match="replicates is 0"):
        effects(np.zeros((20, 1)), 3, replicates=0)
