"""The answers of the sticking analysis, as they are given back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from winset.analyses.result import Result

Package = dict[str, str]


@dataclass(frozen=True, slots=True)
class Refuser:
    """A faction that refuses a package, or some completions of an open text.

    `refuses` counts completions; `short` is the least and the largest number of points missing over
    those it refuses (0 where only red lines stand in the way); `always` are the red lines that the
    settled issues cross, `sometimes` those that depend on what is open. `decisive` says that no package
    passes without this faction, whatever all others do.
    """

    faction: str
    has_say: bool
    decisive: bool
    refuses: int
    short: tuple[float, float]
    always: tuple[str, ...]
    sometimes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NearPackage:
    """A package of the zone, what it changes (from, to), and the largest loss of a faction with a say."""

    package: Package
    changes: dict[str, tuple[str, str]]
    largest_loss: float


@dataclass(frozen=True, slots=True)
class Nearest:
    """The zone packages that change the fewest settled issues, the least largest loss first.

    Where there are too many to list, `packages` are those listed and `all_counted` is False; then only those
    of the least loss are shown.
    """

    changes: int
    packages: int
    shown: tuple[NearPackage, ...]
    all_counted: bool = True


@dataclass(frozen=True, slots=True)
class Move:
    """A change of one or two settled issues that turns a refuser and loses no accepter.

    `completions` is in how many of the completions it does; `turns` are the refusers that it turns in
    some of them; `loss` is the least and the largest loss among accepters over those completions.
    """

    changes: dict[str, tuple[str, str]]
    turns: tuple[str, ...]
    completions: int
    loss: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Moves:
    """The next moves: how many there are of one issue and of two, and the best few."""

    of_one: int
    of_two: int
    shown: tuple[Move, ...]


@dataclass(frozen=True, slots=True)
class Mending:
    """What makes a package acceptable to all who must consent at the least cost: per faction the
    walk-away to come down to (from, to) and the red lines to lift."""

    cost: float
    package: Package
    lower: dict[str, tuple[float, float]]
    lift: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Subject:
    """A package or text and what stands in its way; `candidate` marks an answer of `agreement`."""

    title: str
    candidate: bool
    package: Package
    open: tuple[str, ...]
    completions: int
    forbidden_by: tuple[str, ...]
    in_zone: int
    refusers: tuple[Refuser, ...]
    nearest: Nearest | None
    moves: Moves | None
    mending: Mending | None
    not_asked: str | None = field(default=None, metadata={"extra": True})


@dataclass(frozen=True, slots=True)
class Blockers:
    """Minimal sets of factions that leave no zone even if everybody else accepted everything.

    `complete` says that all sets were sought; else only those of up to `sought` factions, or, where that is
    None, some.
    """

    sets: tuple[tuple[str, ...], ...]
    sought: int | None
    complete: bool


@dataclass(frozen=True, slots=True)
class Repair:
    """The cheapest ways to a zone: their cost, how many packages share it, and the ways that differ in who
    gives what, the first package of each; `ways` counts those among the first 500 of the packages.

    `proven` says that nothing cheaper was left out, `all_counted` that `tied` counts all packages."""

    cost: float
    tied: int
    ways: int
    shown: tuple[Mending, ...]
    proven: bool = True
    all_counted: bool = True


@dataclass(frozen=True, kw_only=True)
class StickingResult(Result):
    """What stands in the way, for the text on the table, the answers at the table, and named packages.

    `zone` is None where a search could not settle whether any package is acceptable.
    """

    zone: bool | None
    say: tuple[str, ...]
    subjects: Mapping[str, Subject]
    blockers: Blockers | None
    repair: Repair | None
