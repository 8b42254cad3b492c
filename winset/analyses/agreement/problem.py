"""What the concepts of agreement choose from, and how they answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from winset.space.build import Space
from winset.space.numbers import Floats

Indices = NDArray[np.int64]


@dataclass(frozen=True, eq=False, slots=True)
class Support:
    """The best supported packages of the whole space, and the mean support they have."""

    packages: Indices
    share: float


@dataclass(frozen=True, eq=False, slots=True)
class Problem:
    """The zone seen by the parties whose gains count.

    `parties` are those parties and `signers` the factions that sign for them; `zone` holds package
    numbers, ascending, shape (packages,); `utilities` are points, shape (packages, parties); `walk_away`
    is in points and `power` a plain number, shape (parties,). `front` holds the positions in `zone` of
    what nothing there dominates. `on_the_table` lists the completions of the text on the table with
    their utilities, or is None.
    """

    space: Space
    parties: tuple[str, ...]
    signers: tuple[str, ...]
    zone: Indices
    utilities: Floats
    front: Indices
    walk_away: Floats
    power: Floats
    support: Support
    on_the_table: tuple[Indices, Floats] | None

    @property
    def gains(self) -> Floats:
        """What each party has above its walk-away in each zone package, in points."""
        return self.utilities - self.walk_away


@dataclass(frozen=True, slots=True)
class Spread:
    """An answer over the completions of an open text: how many have one, how many of these better a
    party, and between what."""

    completions: int
    with_answer: int
    better: int
    low: float | None
    high: float | None


@dataclass(frozen=True, eq=False, slots=True)
class Choice:
    """All packages tied for best, and what is best about them.

    `packages` are package numbers (empty where the answer is no package of the space); `chosen` holds
    option numbers instead, shape (packages, issues), for an answer that constraints may forbid. `tied`
    counts the packages where `chosen` has not all of them.
    """

    objective: float | None
    packages: Indices
    chosen: NDArray[np.int16] | None = None
    tied: int | None = None
    spread: Spread | None = None
    shares: dict[str, dict[str, Fraction]] | None = None


@dataclass(frozen=True, slots=True)
class Concept:
    """A way to choose among packages: its name, source, the axioms it claims, and how it chooses.

    `picks` says in plain words what it picks, `objective` what its objective counts; `over` is what it
    chooses from: the zone, the space, or the issues one by one. `solve` gives None where the concept
    cannot be asked, and `needs` says then what it would take.
    """

    id: str
    title: str
    source: str
    picks: str
    objective: str
    over: str
    axioms: frozenset[str]
    solve: Callable[[Problem], Choice | None]
    needs: str = ""


def nothing() -> Indices:
    """No packages."""
    return np.empty(0, np.int64)
