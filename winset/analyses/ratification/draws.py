"""Homes over draws: in what share of them signers sign, homes let it, and governments keep their majority."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from winset.analyses.ground import Ground
from winset.analyses.ratification.answers import (
    CandidateDraws,
    DrawsAnswer,
    HomeDraws,
    RatificationResult,
)
from winset.analyses.ratification.ballot import voices
from winset.analyses.ratification.home import Home, homes
from winset.analyses.ratification.seen import Seen
from winset.analyses.sampling import Sampling
from winset.analyses.shares import Share
from winset.case import table
from winset.case.model import Case
from winset.space.acceptance import Acceptance
from winset.space.consent import judges
from winset.space.package import row_of

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Work:
    """What a worker needs: the case, whole packages, and the sides whose homes are asked."""

    ground: Ground
    packages: tuple[Mapping[str, str], ...]
    sides: tuple[str, ...]
    must: tuple[str, ...]

    @cached_property
    def homes(self) -> tuple[Home, ...]:
        """The homes asked."""
        return tuple(home for home in homes(self.ground.space) if home.side in self.sides)

    def __reduce__(self) -> Any:
        return Work, (self.ground, self.packages, self.sides, self.must)


@dataclass(frozen=True, eq=False, slots=True)
class Tally:
    """Counts over draws. `sides` (packages, homes, 6): signs, and of these home lets it, the government keeps
    its majority, both, it stands; last, home lets it whoever signs. `factions` by home (packages, factions,
    2): says yes, turns the vote alone. `all` (packages, 2): all who must sign, and all homes let it too."""

    sides: Ints
    factions: tuple[Ints, ...]
    all: Ints


def over_draws(result: RatificationResult, case: Case, sampling: Sampling, *, extended: bool) -> DrawsAnswer:
    """What the draws say of the candidates that settle every issue."""
    ground = Ground(case, extended, sampling.seed, sampling.rho)
    whole = [candidate for candidate in result.candidates if not candidate.open]
    must = tuple(side for side in result.homes if side in result.must)
    work = Work(ground, tuple(c.package for c in whole), tuple(result.homes), must)
    tally = _summed(sampling.run(counted, work)) if whole else None
    return DrawsAnswer(
        n=sampling.draws,
        seed=sampling.seed,
        rho=sampling.rho,
        candidates=tuple(
            _candidate(work, candidate.title, candidate.package, tally, place, sampling.draws)
            for place, candidate in enumerate(whole)
            if tally is not None
        ),
        left_out=tuple(candidate.title for candidate in result.candidates if candidate.open),
    )


def _summed(parts: Sequence[Tally]) -> Tally:
    factions = tuple(sum(each) for each in zip(*(part.factions for part in parts), strict=True))
    sides, everybody = (np.sum([getattr(part, key) for part in parts], axis=0) for key in ("sides", "all"))
    return Tally(sides, factions, everybody)


def counted(work: Work, first: int, count: int) -> Tally:
    """The counts over some draws."""
    ground = work.ground
    sample = ground.sample(first, count)
    rows = np.concatenate([row_of(ground.space, package) for package in work.packages])
    found = ground.drawn.accept(sample, rows)
    signs = _all_sign(work, found)
    everybody = np.zeros((len(rows), 2), np.int64)
    everybody[:, 0] = signs.sum(axis=0)
    lets_all = signs.copy()
    sides, factions = [], []
    for home in work.homes:
        seen = Seen(ground, home, sample, first)
        verdicts = [seen.verdicts(found, place) for place in range(len(rows))]
        sides.append(np.array([verdict.counts for verdict in verdicts]))
        factions.append(np.array([verdict.factions for verdict in verdicts]))
        if home.side in work.must:
            lets_all &= np.stack([verdict.lets for verdict in verdicts], axis=1)
    everybody[:, 1] = lets_all.sum(axis=0)
    return Tally(np.stack(sides, axis=1), tuple(factions), everybody)


def _all_sign(work: Work, found: Acceptance) -> Bools:
    """Whether all sign whom the table cannot do without, whose homes must ratify, or whose gains count; (n,
    packages)."""
    space, signers = work.ground.space, judges(work.ground.space)
    needed = {side for side in signers if table.indispensable(space.case, side)}
    needed |= {side for side, _ in work.ground.drawn.counted}
    places = {space.faction(signers[side]) for side in needed | set(work.must)}
    return np.asarray(found.accepts[:, :, sorted(places)].all(axis=2))


def _candidate(
    work: Work, title: str, package: Mapping[str, str], tally: Tally, place: int, n: int
) -> CandidateDraws:
    signed, ratified = tally.all[place].tolist()
    return CandidateDraws(
        title=title,
        package=dict(package),
        signed=Share.of(signed, n),
        ratified=Share.of(ratified, signed) if signed and work.must else None,
        homes={
            home.side: _home(home, tally.sides[place, h].tolist(), tally.factions[h][place], n)
            for h, home in enumerate(work.homes)
        },
    )


def _home(home: Home, counts: Sequence[int], factions: Ints, n: int) -> HomeDraws:
    signs, lets, kept, both, stands, alone = counts
    governed = home.keeps is not None and signs > 0
    return HomeDraws(
        signs=Share.of(signs, n),
        ratifies=Share.of(lets, signs) if signs else None,
        rule_alone=Share.of(alone, n),
        kept=Share.of(kept, signs) if governed else None,
        both=Share.of(both, signs) if governed else None,
        stands=Share.of(stands, signs) if governed else None,
        yes={ref: yes / n for ref, (yes, _) in zip(home.refs, factions.tolist(), strict=True)},
        pivotal={
            home.refs[f]: float(factions[f, 1]) / signs
            for f in dict.fromkeys(voice.place for voice in voices(home.rule))
            if signs and f != home.signing
        },
    )
