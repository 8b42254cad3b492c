"""Compiles the kernels once, so that tests that run side by side find them compiled: `python -m tests.warm`."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor

from tests.helpers import small
from winset.analyses import analyse_all
from winset.formats import load_case


def search() -> None:
    """Searches of a space that nobody enumerates."""
    analyse_all(small(), ["agreement", "sticking"], method="search")


def draws() -> None:
    """What is asked of many draws at once, and the lattice of an exchange."""
    analyse_all(small(), ["drivers"], draws=64)
    analyse_all(load_case("algiers-1981"), ["design"])


if __name__ == "__main__":
    with ProcessPoolExecutor(2) as pool:
        for done in [pool.submit(work) for work in (search, draws)]:
            done.result()
