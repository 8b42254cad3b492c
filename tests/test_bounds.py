"""The kernels stay within their arrays: numba reads past the end of one without complaint, unless told to look."""

from __future__ import annotations

from pathlib import Path

from tests.helpers import in_a_process

CODE = """
from tests.test_drawn import compare_outcomes
from tests.test_lattice import compare_orders, compare_tranches
from tests.test_search import compare

assert compare(0, 40) > 20
assert compare_outcomes(0, 20) > 50
assert compare_orders(0, 20, needs=True, started=True) == 0
assert compare_tranches(0, 10, lots=(2, 1, 2), needs=True) > 20
print("kept")
"""


def test_the_kernels_stay_within_their_arrays(tmp_path: Path) -> None:
    """All of them, compiled anew to look, in one process: they share what they are made of."""
    assert in_a_process(CODE, NUMBA_BOUNDSCHECK="1", NUMBA_CACHE_DIR=str(tmp_path)) == "kept"
