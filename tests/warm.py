"""Compiles the kernels once, so that tests that run side by side find them compiled: `python -m tests.warm`."""

from __future__ import annotations

from tests.helpers import small
from winset.analyses import analyse_all
from winset.formats import load_case

if __name__ == "__main__":
    analyse_all(small(), ["agreement", "sticking", "drivers"], method="search", draws=64)
    analyse_all(load_case("algiers-1981"), ["design"])
