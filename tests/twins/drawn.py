"""Draws judged package by package: slow, obvious, written from model.md 1 to 5.

The numbers of a draw are taken as they are sampled (`tests.twins.draws` judges those).
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable
from functools import cache

import numpy as np

from tests.twins.agreement import Data, Package, Twin, holds, issues_in
from winset.space.build import Space
from winset.space.draws import Sample


class Drawn:
    """All packages of a case in one draw after another; `out` is an issue in nobody's way, or None."""

    def __init__(self, data: Data, space: Space) -> None:
        self.twin = Twin(data, judge=False)
        self.refs = list(space.factions)
        self.packages = self.twin.packages
        self.options = {i: list(o) for i, o in self.twin.issues.items()}
        self.picks = np.array([self.numbers(x) for x in self.packages])
        self.carries = cache(self._carries)

    def numbers(self, package: Package) -> list[int]:
        return [self.options[issue].index(option) for issue, option in package.items()]

    def held(self, condition: str) -> np.ndarray:
        """The packages in which a condition holds."""
        return np.array([holds(condition, x) for x in self.packages])

    def utilities(self, sample: Sample, k: int, ref: str, out: str | None = None) -> np.ndarray:
        """u_f(x) of all packages."""
        f, total = self.refs.index(ref), np.zeros(len(self.packages))
        for i, issue in enumerate(self.options):
            worth = sample.weights[k, f, i] * sample.scores[i][k, f]
            total += worth.max() if issue == out else worth[self.picks[:, i]]
        for j, term in enumerate(self.twin.data.get("joint", [])):
            if term["for"] == ref:
                total += sample.joint[k, j] * self.held(term["when"])
        return total

    def accepts(self, sample: Sample, k: int, ref: str, out: str | None = None) -> np.ndarray:
        """u_f(x) >= r_f after quantising, and no red line that holds is crossed."""
        f = self.refs.index(ref)
        utilities, walk_away = self.utilities(sample, k, ref, out), sample.walk_away[k, f]
        found = np.rint(utilities / 1e-9) >= np.rint(walk_away / 1e-9)
        for i, key in enumerate(self.twin.preferences[ref].get("red_lines", {})):
            condition = key.replace(".", " == ")
            if sample.lines[f][k, i] and out not in issues_in(condition, self.options):
                found &= ~self.held(condition)
        return found

    def _carries(self, accepting: frozenset[str]) -> bool:
        """Whether the table consents when these accept."""
        twin = self.twin
        yes = {ref: ref in accepting for ref in self.refs}
        return twin.table_holds({s: yes[twin.signer(s)] and twin.lets(s, yes) for s in twin.sides()})

    def zone(self, sample: Sample, k: int, out: str | None = None) -> np.ndarray:
        """Which packages are in the zone."""
        return self.with_others(sample, k, self.refs, out)

    def with_others(self, sample: Sample, k: int, asked: Iterable[str], out: str | None = None) -> np.ndarray:
        """The zone when all but those asked accept everything."""
        every = np.ones(len(self.packages), bool)
        accepts = [self.accepts(sample, k, ref, out) if ref in asked else every for ref in self.refs]
        rows = zip(*accepts, strict=True)
        return np.array([self.carries(frozenset(itertools.compress(self.refs, row))) for row in rows])

    def gains(self, sample: Sample, k: int) -> np.ndarray:
        """g_p of the counted parties, shape (packages, parties)."""
        signers = [self.twin.signer(side) for side in self.twin.counted()]
        return np.array(
            [self.utilities(sample, k, s) - sample.walk_away[k, self.refs.index(s)] for s in signers]
        ).T

    def logs(self, sample: Sample, k: int) -> np.ndarray:
        """The log of prod g_p^power_p of every package; a gain of 0 or less makes the product 0."""
        powers = [float(sample.power[side][k]) for side in self.twin.counted()]
        return np.array([self._log(row, powers) for row in self.gains(sample, k)])

    def _log(self, gains: np.ndarray, powers: list[float]) -> float:
        factors = [(g, power) for g, power in zip(gains, powers, strict=True) if power > 0]
        if any(round(g * 10**9) <= 0 for g, _ in factors):
            return -math.inf
        return sum(power * math.log(g) for g, power in factors)

    def blockers(self, sample: Sample, k: int, members: Iterable[str]) -> set[frozenset[str]]:
        """All minimal blocking sets among those with a say."""
        found: list[frozenset[str]] = []
        listed = list(members)
        for size in range(len(listed) + 1):
            for chosen in map(frozenset, itertools.combinations(listed, size)):
                if (
                    not any(block <= chosen for block in found)
                    and not self.with_others(sample, k, chosen).any()
                ):
                    found.append(chosen)
        return set(found)
