"""Space -> Problem: one pass over all packages, keeping what the concepts choose from."""

from __future__ import annotations

import numpy as np

from winset.analyses.agreement.best_supported import Supporters
from winset.analyses.agreement.problem import Indices, Problem, Sides
from winset.case import table
from winset.errors import NotApplicable
from winset.kernels.dominance import all_undominated
from winset.space.build import Space, merged
from winset.space.consent import ask_packages, batches, check_size, judges
from winset.space.numbers import Floats, quantise
from winset.space.package import completions

BATCH = 2**17


def pose(space: Space) -> Problem:
    """The problem that the space poses to the parties whose gains count, by enumeration.

    Raises LimitExceeded past 10,000,000 packages and NotApplicable when no party's gains count.
    """
    check_size(space)
    counted = sides(space)
    parties, signers = counted.parties, counted.signers
    places = np.array([space.faction(signer) for signer in signers])
    supporters = Supporters(space, parties)
    zone: list[Indices] = []
    worths: list[Floats] = []
    for packages, consent in batches(space):
        zone.append(packages[consent.zone])
        worths.append(consent.worth[np.ix_(places, np.flatnonzero(consent.zone))].T)
        supporters.take(packages, consent)
    utilities = np.concatenate(worths)
    return Problem(
        space=space,
        parties=parties,
        signers=signers,
        zone=np.concatenate(zone),
        utilities=utilities,
        front=all_undominated(quantise(utilities)),
        walk_away=counted.walk_away,
        power=counted.power,
        support=supporters.found(),
        on_the_table=_on_the_table(space, signers),
    )


def sides(space: Space) -> Sides:
    """The parties whose gains count; NotApplicable when there is none."""
    parties = table.objective(space.case)
    if not parties:
        raise NotApplicable("no party's gains count; name the parties in `objective`")
    signers = tuple(judges(space)[party] for party in parties)
    walk_away = space.walk_away[[space.faction(signer) for signer in signers]]
    return Sides(
        space, parties, signers, walk_away, np.array([table.power_of(space.case, party) for party in parties])
    )


def _on_the_table(space: Space, signers: tuple[str, ...]) -> tuple[Indices, Floats] | None:
    name = space.case.on_the_table
    if name is None:
        return None
    found = completions(space, space.case.texts[name].package)
    return found, worth_to(space, signers, found)


def worth_to(space: Space, signers: tuple[str, ...], packages: Indices) -> Floats:
    """Utilities of packages to the signing factions in points; shape (packages, signers)."""
    places = [space.faction(signer) for signer in signers]
    larger = merged(space)
    found = [np.empty((0, len(places)))]
    for start in range(0, len(packages), BATCH):
        found.append(ask_packages(larger, packages[start : start + BATCH]).worth[places].T)
    return np.concatenate(found)
