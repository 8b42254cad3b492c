"""The answers of the agreement analysis, as they are given back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from winset.analyses.agreement.problem import Proof
from winset.analyses.result import Result
from winset.analyses.shares import Share

Package = dict[str, str]
SHOWN_PACKAGES = 5
# How packages are called that Nash picks most often over draws.
FREQUENT = ("Most frequent Nash", "Second most frequent Nash", "Third most frequent Nash")
SHOWN_VECTORS = 1_000


@dataclass(frozen=True, slots=True)
class Zone:
    """Whether packages exist that all who must consent accept, and how many of how many.

    `packages` is None where they are too many to be counted, `exists` where a search reached its limit.
    """

    exists: bool | None
    packages: int | None
    of: int
    combinations: int


@dataclass(frozen=True, slots=True)
class PackageConsent:
    """Who says yes to one package: by faction, and for each side whether it signs and home lets it."""

    factions: dict[str, bool]
    signs: dict[str, bool]
    lets: dict[str, bool]
    consents: dict[str, bool]
    in_zone: bool
    forbidden_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Vector:
    """A point of utilities (by party) with the packages that have it: how many, and the first few."""

    utilities: dict[str, float]
    tied: int
    packages: tuple[Package, ...]
    consent: tuple[PackageConsent, ...] | None = field(default=None, metadata={"extra": True})


@dataclass(frozen=True, slots=True)
class Range:
    """An answer over the completions of an open text: `tied` and `vectors` beside it then collect the
    answers to all of them. From `better` of those `with_answer` some party gains."""

    completions: int
    with_answer: int
    better: int
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Solution:
    """What a concept answers: `tied` packages in all, in `tied_vectors` points of utility.

    Where a search found it, `proof` holds the bound that no package exceeds, whether the answer is proven
    best, and whether all that tie were counted; else `tied` are those that were.
    """

    title: str
    objective: float | None
    in_zone: bool | None
    tied: int
    tied_vectors: int
    vectors: tuple[Vector, ...]
    shares: dict[str, dict[str, float]] | None = field(default=None, metadata={"extra": True})
    over_completions: Range | None = field(default=None, metadata={"extra": True})
    not_asked: str | None = field(default=None, metadata={"extra": True})
    proof: Proof | None = field(default=None, metadata={"extra": True})


@dataclass(frozen=True, slots=True)
class Frontier:
    """All undominated points of utility in the zone; `total` is None where there are too many to find all.

    `open` says in words what then is not known.
    """

    total: int | None
    points: tuple[Vector, ...]
    open: str | None = field(default=None, metadata={"extra": True})


@dataclass(frozen=True, slots=True)
class FactionOnText:
    """What a faction makes of a text: utilities over its completions, how many it accepts, red lines.

    `always` are the red lines that it crosses however it is completed, `sometimes` those that depend on
    how.
    """

    low: float
    high: float
    walk_away: float
    accepts: int
    always: tuple[str, ...]
    sometimes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SideOnText:
    """In how many completions of a text a side signs, its home lets it, and it consents."""

    signs: int
    lets: int
    consents: int


@dataclass(frozen=True, slots=True)
class TextAnswer:
    """A text, as a range over its completions where it leaves issues open."""

    package: Package
    open: tuple[str, ...]
    completions: int
    in_zone: int
    factions: dict[str, FactionOnText]
    sides: dict[str, SideOnText]


@dataclass(frozen=True, slots=True)
class CandidateDraws:
    """A package over draws: the share in which `all` who must consent do (with its 95% interval) and in which
    each faction accepts; `ranks` are the shares in which it is first, second and so on by Nash product among
    the candidates that all accept.

    Of a text that leaves issues `open` some completion must do, in each draw its own; it has no ranks.
    """

    title: str
    package: Package
    open: tuple[str, ...]
    all: float
    low: float
    high: float
    by_faction: dict[str, float]
    ranks: tuple[float, ...] | None


@dataclass(frozen=True, slots=True)
class DrawsAnswer:
    """What n draws of all estimates and red lines say: in what share there is a zone, what options the Nash
    package has in those, and who accepts the candidates. `unsettled` counts draws in which a search reached
    its limit without finding a package."""

    n: int
    seed: int
    rho: float
    zone: Share
    unsettled: int
    options: dict[str, dict[str, float]]
    candidates: tuple[CandidateDraws, ...]


@dataclass(frozen=True, kw_only=True)
class AgreementResult(Result):
    """What the parties could sign: the zone, the answers at the table, the frontier, the texts.

    `parties` are those whose gains count, with their walk-aways in points; `draws` is there where draws were
    asked for.
    """

    parties: Mapping[str, float]
    zone: Zone
    solutions: Mapping[str, Solution]
    frontier: Frontier
    texts: Mapping[str, TextAnswer]
    on_the_table: str | None
    draws: DrawsAnswer | None = field(default=None, metadata={"extra": True})


def shares_as_numbers(shares: Mapping[str, Mapping[str, Fraction]]) -> dict[str, dict[str, Any]]:
    """Exact shares as numbers from 0 to 1."""
    return {issue: {party: float(part) for party, part in parts.items()} for issue, parts in shares.items()}
