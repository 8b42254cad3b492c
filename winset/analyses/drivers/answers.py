"""The answers of the drivers analysis, as they are given back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from winset.analyses.result import Result

ZONE = "zone"  # the output that there is a zone


@dataclass(frozen=True, slots=True)
class Effect:
    """What a group of inputs does to one output, as shares of that output's variance, with 95% intervals.

    `total` would be left if all else were known; `removes` is what finding this group out would take away on
    average. Estimates: small ones may come out below 0.
    """

    total: float
    total_interval: tuple[float, float]
    removes: float
    removes_interval: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Driver:
    """A group of inputs in doubt: its `kind`, whose it is (side or faction), and its effects by output."""

    kind: str
    of: str
    effects: Mapping[str, Effect]


@dataclass(frozen=True, kw_only=True)
class DriversResult(Result):
    """Effects of groups of inputs on whether there is a zone, and on each party's gain at the Nash package.

    `outputs` gives mean and variance of each output, in points for gains (0 in draws without a zone);
    `drivers` stand in order of their total effect on the output `by`.
    """

    outputs: Mapping[str, tuple[float, float]]
    by: str | None
    drivers: tuple[Driver, ...]
