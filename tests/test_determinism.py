"""Same case, same bits: whatever the number of threads, the hash seed or the process; and the form of the JSON."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from typing import Any

import pytest

from winset.analyses.agreement import CONCEPTS

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


@cache
def written(name: str, threads: int, hash_seed: int) -> bytes:
    """What `winset analyse NAME --json -` writes in a fresh process."""
    environment = {**os.environ, **dict.fromkeys(THREADS, str(threads)), "PYTHONHASHSEED": str(hash_seed)}
    command = [sys.executable, "-c", "from winset.cli import main; main()", "analyse", name, "--json", "-"]
    done = subprocess.run(command, env=environment, capture_output=True, check=True, timeout=120)
    assert done.stderr == b""
    return done.stdout


@pytest.mark.parametrize("name", ["gaza-2025-10", "two-villages"])
def test_the_same_bytes_with_other_threads_and_another_hash_seed(name: str) -> None:
    assert written(name, 1, 0) == written(name, 2, 4711)


@pytest.fixture(scope="module", params=["gaza-2025-10", "two-villages"])
def agreement(request: pytest.FixtureRequest) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(written(request.param, 1, 0))
    assert set(found) == {"winset", "case", "results"}
    assert set(found["case"]) == {"id", "hash", "as_of"}
    assert found["case"]["id"] == request.param
    assert len(bytes.fromhex(found["case"]["hash"])) == 32
    return dict(found["results"]["agreement"])


def test_the_result_says_how_it_was_got(agreement: dict[str, Any]) -> None:
    assert agreement["method"] == "enumerate"
    assert agreement["parameters"] == {"extended": False}
    assert agreement["version"] == 1
    assert all(isinstance(caveat, str) for caveat in agreement["caveats"])
    assert agreement["caveats"]


def test_the_zone_has_the_agreed_form(agreement: dict[str, Any]) -> None:
    assert {key: type(value) for key, value in agreement["zone"].items()} == {
        "exists": bool,
        "packages": int,
        "of": int,
        "combinations": int,
    }


def test_solutions_have_the_agreed_form(agreement: dict[str, Any]) -> None:
    parties = set(agreement["parties"])
    assert list(agreement["solutions"]) == [concept.id for concept in CONCEPTS]
    for name, solution in agreement["solutions"].items():
        assert set(solution) >= {"objective", "in_zone", "tied", "tied_vectors", "vectors"}
        assert set(solution) <= {
            "title", "objective", "in_zone", "tied", "tied_vectors", "vectors", "shares", "over_completions",
            "not_asked",
        }  # fmt: skip
        assert ("shares" in solution) == (name == "adjusted_winner")
        assert solution["tied"] == sum(vector["tied"] for vector in solution["vectors"])
        for vector in solution["vectors"]:
            assert set(vector["utilities"]) == parties
            assert len(vector["packages"]) == min(5, vector["tied"])
            assert len(vector["consent"]) == len(vector["packages"])
    shares = agreement["solutions"]["adjusted_winner"]["shares"]
    assert all(set(parts) == parties and sum(parts.values()) == pytest.approx(1) for parts in shares.values())


def test_the_frontier_has_the_agreed_form(agreement: dict[str, Any]) -> None:
    frontier = agreement["frontier"]
    assert set(frontier) == {"total", "points"}
    assert frontier["total"] == len(frontier["points"])
    for point in frontier["points"]:
        assert set(point) == {"utilities", "tied", "packages"}
        assert len(point["packages"]) == min(5, point["tied"])
        assert all(isinstance(option, str) for package in point["packages"] for option in package.values())
    assert [list(p["utilities"].values()) for p in frontier["points"]] == sorted(
        list(p["utilities"].values()) for p in frontier["points"]
    )
