"""The answers of the ratification analysis, as they are given back. Chances are from 0 to 1."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from winset.analyses.result import Result
from winset.analyses.shares import Share

Package = dict[str, str]


@dataclass(frozen=True, slots=True)
class Span:
    """A chance over the completions of a text: the same number twice where there is but one."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Pivot:
    """What a faction can do to its home's vote on a package.

    `yes` is its own chance of a yes (as voters: its mean yes share), `pivotality` what its yes instead of its
    no adds to the chance, `per_point` what a point more for it adds (None where nothing about it is in
    doubt).
    """

    faction: str
    yes: float
    pivotality: float
    per_point: float | None


@dataclass(frozen=True, slots=True)
class JointPivot:
    """Factions whose switch together turns the vote: the points they are away from it in sum, and the red
    lines that they would have to drop."""

    factions: tuple[str, ...]
    points: float
    lines: int


@dataclass(frozen=True, slots=True)
class JointPivots:
    """Whether the vote `passes` at the mode, and the least sets whose switch turns it: how many, the first.

    `limited` says that of many factions only sets of up to three were looked at.
    """

    passes: bool
    total: int
    sets: tuple[JointPivot, ...]
    limited: bool


@dataclass(frozen=True, slots=True)
class Payment:
    """Points more for one faction or two at which a home's chance reaches the target."""

    points: dict[str, float]
    total: float


@dataclass(frozen=True, slots=True)
class Payments:
    """What lifts a home's chance to `target`: paid to one faction, and to two where that is cheaper.

    `out_of_reach` are those to whom no payment alone is enough.
    """

    target: float
    alone: tuple[Payment, ...]
    pair: Payment | None
    out_of_reach: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a faction stands on a package: at the mode, and how likely it says yes, walks out, topples."""

    at_the_mode: str
    yes: Span
    walks_out: Span | None
    topples: Span | None


@dataclass(frozen=True, slots=True)
class Government:
    """What becomes of the government, given that the signer has signed.

    The four of ratified or not, majority kept or not; `kept` sums those in which it keeps its majority,
    `stands` is the chance that those who topple are too few to bring it down, whoever merely walked out.
    """

    ratified_kept: float
    ratified_lost: float
    refused_kept: float
    refused_lost: float
    kept: float
    kept_without_net: float
    stands: float


@dataclass(frozen=True, slots=True)
class PollAnswer:
    """A popular vote on a package: the yes share of the votes and the turnout, each as 10%, 50% and 90%
    quantiles of the simulations, and the chance that it carries."""

    yes: tuple[float, float, float]
    turnout: tuple[float, float, float]
    carries: float


@dataclass(frozen=True, slots=True)
class HomeAnswer:
    """What a home makes of a package: the chance that it ratifies what its signer signed, and by its rule
    alone, whoever signs; `signs` is the chance that the signer does.

    `in_winset` counts completions in its win-set at the mode. None where the signer would hardly ever sign.
    What is asked of whole packages only is None for a text that leaves issues open.
    """

    signs: Span
    ratifies: Span | None
    rule_alone: Span
    in_winset: int
    factions: dict[str, Stand]
    pivots: tuple[Pivot, ...] | None = field(default=None, metadata={"extra": True})
    joint: JointPivots | None = field(default=None, metadata={"extra": True})
    payments: Payments | None = field(default=None, metadata={"extra": True})
    government: Government | None = field(default=None, metadata={"extra": True})
    polls: tuple[PollAnswer, ...] | None = field(default=None, metadata={"extra": True})


@dataclass(frozen=True, slots=True)
class CandidateAnswer:
    """A package or text before the homes of all who must consent: `all` is the chance that every one of them
    ratifies what was signed. `ids` are what it goes by: `package` for one that was named, `text ID`, the id
    of a standard of agreement, `leaders`."""

    ids: tuple[str, ...]
    title: str
    package: Package
    open: tuple[str, ...]
    completions: int
    looked_at: int
    all: Span | None
    homes: dict[str, HomeAnswer]


@dataclass(frozen=True, slots=True)
class WinSet:
    """How many packages a home lets, how many its signer signs, and how many both, of `of`; exact counts, or
    of a sample where there are too many packages."""

    of: int
    lets: int
    signs: int
    both: int
    sampled: bool


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Seats of a government: what it needs, what carries it, the safety net, and the least sets of factions
    whose leaving costs it the majority without the net and with it."""

    majority: float
    seats: dict[str, float]
    safety_net: dict[str, float]
    without_net: tuple[tuple[str, ...], ...]
    with_net: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Body:
    """A weighted vote at home: weights at the mode by faction, and what must be reached, or exceeded when
    `strictly`. With `refusing` it is refusals that count, with `of_present` the bar is of those present."""

    weights: dict[str, float]
    bar: float
    strictly: bool
    refusing: bool
    of_present: bool


@dataclass(frozen=True, slots=True)
class HomeSetting:
    """A home before any package is asked about: its signer, its members, its votes, its win-set, and its
    government's seats.

    `simulated` says why chances are simulated, where they are.
    """

    signer: str
    members: tuple[str, ...]
    bodies: tuple[Body, ...]
    winset: WinSet
    government: Arithmetic | None
    simulated: str | None


@dataclass(frozen=True, slots=True)
class Leaders:
    """What the leaders choose who fold ratification in, and the chance that a home then does not ratify
    (involuntary defection, Putnam 1988).

    `product` is that of expected gains; `proven` is False where not every package was weighed.
    """

    package: Package
    gains: dict[str, float]
    product: float
    ratified: float
    defection: float
    proven: bool


@dataclass(frozen=True, slots=True)
class HomeDraws:
    """A home over draws: in what share its signer signs, and of these in what share home lets it, the
    government keeps its majority, and both; `yes` and `pivotal` by faction."""

    signs: Share
    ratifies: Share | None
    rule_alone: Share
    kept: Share | None
    both: Share | None
    stands: Share | None
    yes: dict[str, float]
    pivotal: dict[str, float]


@dataclass(frozen=True, slots=True)
class CandidateDraws:
    """A package over draws: in what share all sign, and in what share of these all homes let it."""

    title: str
    package: Package
    signed: Share
    ratified: Share | None
    homes: dict[str, HomeDraws]


@dataclass(frozen=True, slots=True)
class DrawsAnswer:
    """What n draws say of whole packages; `left_out` are texts that leave issues open."""

    n: int
    seed: int
    rho: float
    candidates: tuple[CandidateDraws, ...]
    left_out: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RatificationResult(Result):
    """Would home ratify it? By candidate and home, with what the leaders would choose. `must` are the sides
    whose homes a deal needs.

    `draws` is there where draws were asked for.
    """

    homes: Mapping[str, HomeSetting]
    must: tuple[str, ...]
    candidates: tuple[CandidateAnswer, ...]
    leaders: Leaders | None
    draws: DrawsAnswer | None = field(default=None, metadata={"extra": True})
