"""The answers of the spoilers analysis, as they are given back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from winset.analyses.result import Result
from winset.analyses.shares import Share

Package = dict[str, str]


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A chance that follows from the case's own estimates of capability, 0 to 1.

    At the mode: `value` from their modes, `low` and `high` from their ends. Over draws: the mean, and what a
    tenth of the draws lie below and above.
    """

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Profile:
    """A spoiler in play, as the case states it."""

    name: str
    position: str
    type: str
    capability: Reckoned


@dataclass(frozen=True, slots=True)
class Turn:
    """A change of one issue (from, to) that constraints allow and after which a spoiler no longer opposes.

    `acceptable` says whether all who must consent do then; `rouses` are spoilers that oppose only then.
    """

    change: dict[str, tuple[str, str]]
    acceptable: bool
    rouses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Opposition:
    """Whether a spoiler opposes a package, and why: its trigger holds, its faction lacks `short` points of
    what it holds out for, or red lines are `crossed`; a total one opposes whatever the package.

    `turns` are all changes of one issue that turn it, those acceptable to all who must consent first; None
    where there is nothing to turn, or no text turns it.
    """

    opposes: bool
    trigger: bool
    short: float
    crossed: tuple[str, ...]
    turns: tuple[Turn, ...] | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A complete package and its spoilers: who opposes it, and how far a deal on it would withstand them.

    `titles` are what it is called: it may be a text and the answer of several standards. `acceptable` says
    whether all who must consent do; `without` is the survival if a spoiler were not there.
    """

    titles: tuple[str, ...]
    package: Package
    forbidden_by: tuple[str, ...]
    acceptable: bool
    oppositions: dict[str, Opposition]
    survival: Reckoned
    without: dict[str, Reckoned]


@dataclass(frozen=True, slots=True)
class OpenText:
    """A text that leaves issues open: how many of its completions each spoiler opposes; None: too many."""

    titles: tuple[str, ...]
    package: Package
    open: tuple[str, ...]
    completions: int
    opposes: dict[str, int] | None


@dataclass(frozen=True, slots=True)
class CandidateDraws:
    """In what share of draws each spoiler opposes a candidate, and its survival with and without each."""

    opposes: dict[str, Share]
    survival: Reckoned
    without: dict[str, Reckoned]


@dataclass(frozen=True, slots=True)
class SpoilersDraws:
    """What n draws of all estimates and red lines say of the candidates, in their order."""

    n: int
    seed: int
    rho: float
    candidates: tuple[CandidateDraws, ...]


@dataclass(frozen=True, kw_only=True)
class SpoilersResult(Result):
    """Who could wreck it: the spoilers in play, the packages looked at, and the texts that leave issues open.

    A package that the user named stands first, then the text on the table; equal packages stand once. Of
    spoilers left out of play, `left_out` have nothing else to say than of extended issues.
    """

    spoilers: Mapping[str, Profile]
    candidates: tuple[Candidate, ...]
    open_texts: tuple[OpenText, ...]
    left_out: tuple[str, ...]
    draws: SpoilersDraws | None = field(default=None, metadata={"extra": True})
