"""Who says yes: factions accept, parties sign, homes let it, the table consents (model.md 3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from winset.case import rules, table
from winset.errors import LimitExceeded, UnknownName
from winset.space.build import Space, merged
from winset.space.numbers import Floats, Ints, quantise

Bools = NDArray[np.bool_]

MAX_PACKAGES = 10_000_000
METHODS = ("enumerate", "search")


@dataclass(frozen=True, eq=False, slots=True)
class Consent:
    """Who says yes to a batch of packages.

    `utilities` are quantised, shape (factions, packages); `worth`, the same in points, and `accepts` have
    that shape; `signs`, `lets` (home lets it) and `consents` have shape (sides, packages); `zone` has shape
    (packages,). Differences and sums are taken of `worth`, and quantised after.
    Sides are the parties and mediators whose signer has preferences, as `judges` lists them.
    """

    utilities: Ints
    worth: Floats
    accepts: Bools
    signs: Bools
    lets: Bools
    consents: Bools
    zone: Bools


def judges(space: Space) -> dict[str, str]:
    """The sides that can be asked, each with the reference of the faction that signs for it."""
    found = {}
    for side in table.sides(space.case):
        party = space.case.parties.get(side)
        signer = side if party is None else table.spokesman(side, party)
        if signer in space.factions:
            found[side] = str(signer)
    return found


def ask(space: Space, utilities: Floats, crosses: Bools) -> Consent:
    """Who says yes to packages worth `utilities` points, where `crosses` marks crossed red lines.

    Both have shape (factions, packages). A faction accepts when its utility is no less than its
    walk-away, after quantising, and none of its red lines is crossed.
    """
    quantised = quantise(utilities)
    accepts = (quantised >= quantise(space.walk_away)[:, None]) & ~crosses
    asked = judges(space)
    signs = np.array([accepts[space.faction(ref)] for ref in asked.values()]).reshape(len(asked), -1)
    lets = np.array([_home(space, side, accepts) for side in asked]).reshape(len(asked), -1)
    consents = signs & lets
    yes = {side: consents[i].astype(np.int64) for i, side in enumerate(asked)}
    verdict = rules.holds(table.table_rule(space.case), yes, table.table_weights(space.case))
    zone = np.broadcast_to(np.asarray(verdict, bool), (accepts.shape[1],))
    return Consent(quantised, utilities, accepts, signs, lets, consents, zone)


def _home(space: Space, side: str, accepts: Bools) -> Bools:
    party = space.case.parties.get(side)
    if party is None or party.ratification is None:
        return np.ones(accepts.shape[1], bool)
    yes = {}
    for name, ref in zip(table.local_ids(side, party), table.refs_of_party(side, party), strict=True):
        if ref in space.factions:
            yes[name] = accepts[space.faction(ref)].astype(np.int64)
    verdict = rules.holds(party.ratification, yes, table.home_weights(side, party))
    return np.broadcast_to(np.asarray(verdict, bool), (accepts.shape[1],))


def chosen_method(space: Space, method: str | None) -> str:
    """The method asked for, else the one that fits the size; UnknownName where there is no such method."""
    if method is None:
        return "enumerate" if space.size <= MAX_PACKAGES else "search"
    if method not in METHODS:
        raise UnknownName("method", method, METHODS)
    return method


def check_size(space: Space) -> None:
    """LimitExceeded where the packages are too many to be gone through one by one."""
    if space.size > MAX_PACKAGES:
        raise LimitExceeded(
            f"the case has {space.size:,} packages, more than the {MAX_PACKAGES:,} that can be gone through "
            "one by one; leave out issues, merge options, or mark issues `tier: extended`"
        )


def batches(space: Space, size: int = 2**17) -> Iterator[tuple[NDArray[np.int64], Consent]]:
    """All packages of the space in batches of at most `size`: their numbers, and who says yes."""
    larger = merged(space)
    for start in range(0, space.size, size):
        packages = np.arange(start, min(start + size, space.size), dtype=np.int64)
        yield packages, ask_packages(larger, packages)


def ask_packages(space: Space, packages: NDArray[np.int64]) -> Consent:
    """Who says yes to the packages with these numbers."""
    utilities = np.zeros((len(space.factions), len(packages)))
    crosses = np.zeros(utilities.shape, bool)
    for block, row in zip(space.blocks, space.rows_of(packages), strict=True):
        utilities += block.utilities[:, row]
        crosses |= block.crosses[:, row]
    return ask(space, utilities, crosses)
