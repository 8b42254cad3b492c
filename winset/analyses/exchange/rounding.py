"""Numbers as they are answered: to 1e-9, where equal means equal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import SupportsFloat


def neat(value: SupportsFloat) -> float:
    """A number to 1e-9; never a negative 0."""
    return round(float(value), 9) + 0.0


def by_name(names: Sequence[str], values: Iterable[SupportsFloat]) -> dict[str, float]:
    """Rounded numbers by name."""
    return {name: neat(value) for name, value in zip(names, values, strict=True)}
