"""What becomes of a government: seats, safety nets, and who can bring it down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import combinations

import numpy as np

from winset.analyses.ratification.answers import Arithmetic, Government
from winset.analyses.ratification.asked import Asked
from winset.analyses.ratification.ballot import SAYS_YES, Count, Vote
from winset.analyses.ratification.home import Home
from winset.case import rules
from winset.case.model import Case

MOST_CARRYING = 14
SHOWN_SETS = 12


def without_net(keeps: Vote) -> Vote:
    """The same seats without those that step in for the government."""
    kept = [(v, w) for v, w in zip(keeps.voices, keeps.weights, strict=True) if v.state != SAYS_YES]
    return replace(keeps, voices=tuple(v for v, _ in kept), weights=tuple(w for _, w in kept))


def government(asked: Asked) -> Government | None:
    """The four outcomes for the one package asked about; None without `survival` or a signature."""
    home = asked.home
    if home.keeps is None or home.stays is None:
        return None
    both = Count((home.rule, home.keeps), 2)
    ballots = [home.rule, home.keeps, both, without_net(home.keeps), home.stays]
    found = asked.chances(ballots)[:, 0]
    if np.isnan(found).any():
        return None
    rule, kept, together, bare, stands = np.clip(found, 0.0, 1.0).tolist()
    four = (together, rule - together, kept - together, 1.0 - rule - kept + together)
    return Government(*(round(max(chance, 0.0), 6) for chance in (*four, kept, bare, stands)))


def arithmetic(case: Case, home: Home) -> Arithmetic | None:
    """The seats of a home's government, and who can cost it the majority; None without `survival`."""
    party = case.parties.get(home.side)
    if party is None or party.survival is None:
        return None
    survival = party.survival
    seats = {name: number.point for name, number in survival.seats.items()}
    net = {name: number.point for name, number in (survival.safety_net or {}).items()}
    majority = survival.majority.point
    whole = {name: rules.exact(number) for name, number in seats.items()}
    spare = sum(whole.values()) - rules.exact(majority)
    able = [name for name in seats if f"{home.side}.{name}" != home.signer]
    return Arithmetic(
        majority,
        seats,
        net,
        tuple(_enough(whole, able, spare)),
        tuple(_enough(whole, able, spare + sum(map(rules.exact, net.values())))),
    )


def _enough(seats: dict[str, Fraction], able: list[str], spare: Fraction) -> Iterator[tuple[str, ...]]:
    """The least sets of factions that carry more seats than the government can spare, smaller ones first."""
    known: list[set[str]] = []
    for size in range(1, min(len(able), MOST_CARRYING) + 1):
        for chosen in combinations(able[:MOST_CARRYING], size):
            enough = sum(seats[name] for name in chosen) > spare
            if enough and not any(one <= set(chosen) for one in known):
                known.append(set(chosen))
    yield from (tuple(name for name in able if name in one) for one in known[:SHOWN_SETS])
