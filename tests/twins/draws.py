"""One draw of a case at a time, number by number: slow, obvious, written from model.md 5 alone."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from scipy import stats

from tests.twins.agreement import Data, Package, core, holds, levels

SINGLE = re.compile(r"(\w+)(?:\.| == )\w+|(\w+) in \[\w+\]")


def bounds(estimate: Any) -> tuple[float, float, float, str]:
    """Low, mode, high and shape; a uniform estimate has its middle for a mode."""
    if isinstance(estimate, list):
        return float(estimate[0]), float(estimate[1]), float(estimate[2]), "triangular"
    if isinstance(estimate, dict):
        low, high = float(estimate["low"]), float(estimate["high"])
        shape = estimate.get("shape", "triangular")
        return low, float(estimate.get("mode", (low + high) / 2)), high, shape
    return float(estimate), float(estimate), float(estimate), "triangular"


def distribution(estimate: Any) -> Any:
    """The distribution of an estimate that is not a point."""
    low, mode, high, shape = bounds(estimate)
    place = {"loc": low, "scale": high - low}
    peak = (mode - low) / (high - low)
    if shape == "uniform":
        return stats.uniform(**place)
    if shape == "pert":
        return stats.beta(1 + 4 * peak, 1 + 4 * (1 - peak), **place)
    return stats.triang(peak, **place)


def varies(estimate: Any) -> bool:
    low, _, high, _ = bounds(estimate)
    return low < high


class Draw:
    """A case with all its doubt settled by one row of uniforms, given by name; `asked` are those used."""

    def __init__(
        self, data: Data, uniforms: Mapping[str, float], rho: float = 0.5, *, extended: bool = False
    ) -> None:
        self.data = data if extended else core(data)
        self.issues = {name: list(issue["options"]) for name, issue in self.data["issues"].items()}
        self.preferences: Data = self.data["preferences"]
        self.uniforms, self.rho = uniforms, rho
        self.asked: set[str] = set()
        self.settled: dict[str, float] = {}

    def uniform(self, name: str) -> float:
        self.asked.add(name)
        return min(max(self.uniforms[name], 2**-53), 1 - 2**-53)

    def number(self, estimate: Any, name: str) -> float:
        """An estimate with a coordinate of its own."""
        if not varies(estimate):
            return bounds(estimate)[0]
        if name not in self.settled:
            self.settled[name] = float(distribution(estimate).ppf(self.uniform(name)))
        return self.settled[name]

    def toughness(self, ref: str, name: str) -> float:
        """sqrt(rho) z + sqrt(1-rho) e."""
        own = math.sqrt(1 - self.rho) * stats.norm.ppf(self.uniform(name))
        if self.rho == 0:
            return float(own)
        shock = stats.norm.ppf(self.uniform(f"shock {ref.partition('.')[0]}"))
        return float(math.sqrt(self.rho) * shock + own)

    def walk_away(self, ref: str) -> float:
        estimate = self.preferences[ref]["walk_away"]
        if not varies(estimate):
            return bounds(estimate)[0]
        return float(distribution(estimate).ppf(stats.norm.cdf(self.toughness(ref, f"walk_away {ref}"))))

    def lines(self, ref: str) -> dict[str, bool]:
        """Whether each red line holds."""
        return {key: self._line(ref, key, q) for key, q in self.preferences[ref].get("red_lines", {}).items()}

    def _line(self, ref: str, key: str, chance: Any) -> bool:
        if not varies(chance) and bounds(chance)[0] in (0, 1):
            return bounds(chance)[0] == 1
        single = SINGLE.fullmatch(key)
        topic = single[1] or single[2] if single else key
        q = self.number(chance, f"red_lines {ref} chance of {key}")
        return self.toughness(ref, f"red_lines {ref} {topic}") > stats.norm.isf(q)

    def weights(self, ref: str) -> dict[str, float]:
        """Weights that sum to 1; for ranks a random mean of the corners of all weights in that order."""
        given = self.preferences[ref]["weights"]
        if "order" in given:
            return self._ranked_weights(ref, levels(given["order"]))
        raw = {issue: self.number(given[issue], f"weights {ref} {issue}") for issue in self.issues}
        return {issue: weight / sum(raw.values()) for issue, weight in raw.items()}

    def _ranked_weights(self, ref: str, ranks: list[list[str]]) -> dict[str, float]:
        corners = [[name for rank in ranks[:k] for name in rank] for k in range(1, len(ranks) + 1)]
        if len(corners) == 1:
            return dict.fromkeys(corners[0], 1 / len(corners[0]))
        shares = [-math.log1p(-self.uniform(f"weights {ref} rank {k + 1}")) for k in range(len(corners))]
        total = sum(shares)
        return {
            issue: sum(
                s / total / len(corner) for s, corner in zip(shares, corners, strict=True) if issue in corner
            )
            for issue in self.issues
        }

    def scores(self, ref: str, issue: str) -> dict[str, float]:
        given = self.preferences[ref]["scores"].get(issue)
        if given is None:
            return dict.fromkeys(self.issues[issue], 0.0)
        if "order" not in given:
            return {o: self.number(given[o], f"scores {ref} {issue}.{o}") for o in self.issues[issue]}
        ranks = levels(given["order"])
        between = [self.uniform(f"scores {ref} {issue} rank {k}") for k in range(2, len(ranks))]
        values = [100.0, *sorted((100 * u for u in between), reverse=True), 0.0]
        return {option: values[k] for k, rank in enumerate(ranks) for option in rank}

    def joint(self) -> list[float]:
        found, met = [], []
        for term in self.data.get("joint", []):
            name = f"joint {term['for']} {term['when']}"
            met.append(name)
            again = f" ({met.count(name)})" if met.count(name) > 1 else ""
            found.append(self.number(term["add"], name + again))
        return found

    def power(self) -> dict[str, float]:
        found = {s: self.number(p.get("power", 1), f"power {s}") for s, p in self.data["parties"].items()}
        return {**found, **dict.fromkeys(self.data.get("mediators", {}), 1.0)}

    def utility(self, ref: str, package: Package) -> float:
        weights = self.weights(ref)
        additive = sum(weights[i] * self.scores(ref, i)[option] for i, option in package.items())
        terms = zip(self.data.get("joint", []), self.joint(), strict=True)
        return additive + sum(
            points for term, points in terms if term["for"] == ref and holds(term["when"], package)
        )

    def crosses(self, ref: str, package: Package) -> bool:
        return any(held and holds(key.replace(".", " == "), package) for key, held in self.lines(ref).items())
