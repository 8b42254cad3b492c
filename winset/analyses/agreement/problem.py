"""What the concepts of agreement choose from, and how they answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from winset.space.build import Space
from winset.space.goals import Goal
from winset.space.numbers import Floats, Ints

Indices = NDArray[np.int64]


@dataclass(frozen=True, eq=False, slots=True)
class Support:
    """The best supported packages of the whole space, and the mean support they have."""

    packages: Indices
    share: float


@dataclass(frozen=True, eq=False, slots=True)
class Sides:
    """The parties whose gains count, and the factions that sign for them.

    `walk_away` is in points and `power` a plain number, shape (parties,).
    """

    space: Space
    parties: tuple[str, ...]
    signers: tuple[str, ...]
    walk_away: Floats
    power: Floats


@dataclass(frozen=True, eq=False, slots=True)
class Problem(Sides):
    """The zone seen by the parties whose gains count, every package of it at hand.

    `zone` holds package numbers, ascending, shape (packages,); `utilities` are points, shape (packages,
    parties). `front` holds the positions in `zone` of what nothing there dominates. `on_the_table` lists the
    completions of the text on the table with their utilities, or is None.
    """

    zone: Indices
    utilities: Floats
    front: Indices
    support: Support
    on_the_table: tuple[Indices, Floats] | None

    @property
    def gains(self) -> Floats:
        """What each party has above its walk-away in each zone package, in points."""
        return self.utilities - self.walk_away


class Asker(Protocol):
    """What can be asked of packages too many to go through; see `space.quest`."""

    def best(self, goal: Goal, start: int = ...) -> Best: ...

    def leximin(self, goal: Goal) -> Ranking: ...

    def all(self, goal: Goal, value: int) -> Every: ...


class Best(Protocol):
    """The best value and a package that has it."""

    @property
    def value(self) -> int | None: ...
    @property
    def choice(self) -> NDArray[np.int16] | None: ...
    @property
    def proven(self) -> bool: ...
    @property
    def bound(self) -> float: ...
    @property
    def nodes(self) -> int: ...


class Every(Protocol):
    """All packages of a value."""

    @property
    def choices(self) -> NDArray[np.int16]: ...
    @property
    def packages(self) -> int: ...
    @property
    def proven(self) -> bool: ...


class Ranking(Protocol):
    """A lexicographic maximum: what its levels reach, the last search, and all packages where proven."""

    @property
    def reached(self) -> tuple[int, ...]: ...
    @property
    def last(self) -> Best: ...
    @property
    def every(self) -> Every | None: ...


@dataclass(frozen=True, eq=False, slots=True)
class Sought(Sides):
    """The same parties where packages are too many to go through: questions go to a search.

    `zone` answers for the packages of the zone; `exists` says whether there is any, None where that could not
    be settled; `above` makes a search of the zone in which the signers have at least so many points;
    `worth` gives points of packages to the signers, shape (packages, parties). `text` are the points of the
    text on the table, one row for each of its different completions, with how many have them; None without.
    """

    zone: Asker
    exists: bool | None
    above: Callable[[Floats], Asker]
    worth: Callable[[NDArray[np.int16]], Floats]
    support: Callable[[], Choice | None]
    text: tuple[Floats, Ints] | None


@dataclass(frozen=True, slots=True)
class Spread:
    """An answer over the completions of an open text: how many have one, how many of these better a
    party, and between what."""

    completions: int
    with_answer: int
    better: int
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Proof:
    """How far a search came: nothing can be better than `bound`; `proven` says that nothing is."""

    bound: float | None
    proven: bool
    all_counted: bool


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
    sought: Proof | None = None


@dataclass(frozen=True, slots=True)
class Concept:
    """A way to choose among packages: its name, source, the axioms it claims, and how it chooses.

    `picks` says in plain words what it picks, `objective` what its objective counts; `over` is what it
    chooses from: the zone, the space, or the issues one by one. `solve` goes through all packages, `seek`
    asks a search; both give None where the concept cannot be asked, and `needs` says what it would take.
    """

    id: str
    title: str
    source: str
    picks: str
    objective: str
    over: str
    axioms: frozenset[str]
    solve: Callable[[Problem], Choice | None]
    seek: Callable[[Sought], Choice | None]
    needs: str = ""


def nothing() -> Indices:
    """No packages."""
    return np.empty(0, np.int64)
