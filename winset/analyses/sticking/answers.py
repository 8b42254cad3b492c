"""The answers of the sticking analysis, as they are given back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from winset.analyses.result import Result
from winset.analyses.shares import Change, Share

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


@dataclass(frozen=True, slots=True)
class SaysNo:
    """A smallest set of factions whose refusal suffices, and in what share of draws; an empty set stands for
    refusals that stop it only differently by completion, or by more than four together."""

    factions: tuple[str, ...]
    share: Share


@dataclass(frozen=True, slots=True)
class DrawnMove:
    """A change of one or two settled issues, and by how much acceptance by all becomes more frequent."""

    changes: dict[str, tuple[str, str]]
    all: Change


@dataclass(frozen=True, slots=True)
class SubjectDraws:
    """Who says no to a subject over draws, and the moves that gain most. Of an open text, some completion
    must do, in each draw its own; changes of up to `changed` issues were looked at (0: too much is open)."""

    says_no: tuple[SaysNo, ...]
    changed: int
    moves: tuple[DrawnMove, ...]


@dataclass(frozen=True, slots=True)
class StickingDraws:
    """What n draws say: the relief of each issue (how much more often there is a zone when it is taken out of
    everybody's acceptance), and who blocks in the draws without a zone.

    Shares in `blocking` are of the `without_zone` draws; in `unsettled` draws a search reached its limit.
    """

    n: int
    seed: int
    rho: float
    without_zone: int
    relief: dict[str, Change]
    blocking: tuple[SaysNo, ...]
    unsettled: int
    subjects: dict[str, SubjectDraws]


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
    draws: StickingDraws | None = field(default=None, metadata={"extra": True})
