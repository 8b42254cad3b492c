"""The kernels of dominance against definitions written out."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.twins.agreement import dominates
from winset.kernels import dominance
from winset.kernels.dominance import all_undominated, leximin_best, undominated
from winset.kernels.groups import Groups

EXTREMES = [np.iinfo(np.int64).min, np.iinfo(np.int64).min + 1, -1, 0, np.iinfo(np.int64).max]


@st.composite
def tables(draw: st.DrawFn, rows: int = 40) -> np.ndarray:
    """Rows of 1 to 5 criteria: many ties and duplicates, now and then the ends of the number range."""
    criteria = draw(st.integers(1, 5))
    value = st.integers(0, draw(st.sampled_from([1, 2, 4, 1000]))) | st.sampled_from(EXTREMES)
    listed = draw(st.lists(st.tuples(*[value] * criteria), max_size=rows))
    return np.array(listed, np.int64).reshape(-1, criteria)


@pytest.fixture(params=["usual", "small"])
def thresholds(request: pytest.FixtureRequest) -> Iterator[None]:
    """Tests run twice: the second time so that small inputs take the paths of large ones."""
    small = {"_MANY": 7, "_SAMPLE": 7, "_CHAMPIONS": 3, "_AT_ONCE": 2, "_FEW": 2, "_PAIRS": 4}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in small.items() if request.param == "small" else ():
            patch.setattr(dominance, name, value)
        yield


def literal_front(values: np.ndarray) -> list[int]:
    """Positions that nothing dominates, equal rows included."""
    rows = [tuple(row) for row in values.tolist()]
    return [i for i, row in enumerate(rows) if not any(dominates(other, row) for other in rows)]


@pytest.mark.usefixtures("thresholds")
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tables())
def test_all_undominated_is_the_definition(values: np.ndarray) -> None:
    kept = values.copy()
    assert all_undominated(values).tolist() == literal_front(values)
    assert (values == kept).all(), "the input was touched"


@pytest.mark.usefixtures("thresholds")
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tables())
def test_undominated_names_each_distinct_row_once_ascending(values: np.ndarray) -> None:
    kept = values.copy()
    found = undominated(values)
    rows = [tuple(row) for row in values.tolist()]
    assert [rows[i] for i in found] == sorted({rows[i] for i in literal_front(values)})
    assert all(rows.index(rows[i]) == i for i in found), "of equal rows the first stands for all"
    assert (values == kept).all(), "the input was touched"


@pytest.mark.usefixtures("thresholds")
@pytest.mark.parametrize("criteria", [1, 2, 3, 4, 5])
def test_many_rows(criteria: int) -> None:
    """Thousands of rows: nobody outside is missing, nobody inside is dominated."""
    random = np.random.default_rng(criteria)
    values = random.integers(0, 60, (1_500, criteria))
    inside = np.zeros(len(values), bool)
    inside[all_undominated(values)] = True
    front = values[inside]
    for row, kept in zip(values, inside, strict=True):
        beaten = ((front >= row).all(axis=1) & (front > row).any(axis=1)).any()
        assert beaten != kept


@pytest.mark.usefixtures("thresholds")
def test_where_nothing_is_dominated_everything_stays() -> None:
    """All on one plane, so that no cheap filter helps."""
    values = np.random.default_rng(1).integers(0, 10**6, (1_000, 4))
    values[:, 3] = -values[:, :3].sum(axis=1)
    assert all_undominated(values).tolist() == list(range(len(values)))


@settings(max_examples=80, deadline=None)
@given(tables())
def test_leximin_best_is_the_definition(values: np.ndarray) -> None:
    kept = values.copy()
    ranked = [sorted(row) for row in values.tolist()]
    best = [i for i, row in enumerate(ranked) if row == max(ranked)]
    assert leximin_best(values).tolist() == best
    assert (values == kept).all(), "the input was touched"


def test_leximin_looks_past_the_least() -> None:
    values = np.array([[1, 9, 3], [3, 1, 8], [9, 1, 3], [1, 2, 99]])
    assert leximin_best(values).tolist() == [0, 2]


@settings(max_examples=60, deadline=None)
@given(tables())
def test_groups_hold_every_row_once(values: np.ndarray) -> None:
    kept = values.copy()
    groups = Groups(values)
    assert [tuple(row) for row in groups.rows.tolist()] == sorted({tuple(row) for row in values.tolist()})
    for i in range(len(groups)):
        same = [j for j, row in enumerate(values.tolist()) if row == groups.rows[i].tolist()]
        assert groups.members(i).tolist() == same
        assert (groups.first[i], groups.sizes[i]) == (same[0], len(same))
    every_other = np.arange(len(groups)) % 2 == 0
    chosen = {tuple(row) for row in groups.rows[every_other].tolist()}
    wanted = [j for j, row in enumerate(values.tolist()) if tuple(row) in chosen]
    assert groups.where(every_other).tolist() == wanted
    assert (values == kept).all(), "the input was touched"
