"""Agreement over draws: how often there is a zone, what Nash settles, who accepts the candidates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from winset.analyses.agreement.answers import FREQUENT, AgreementResult, CandidateDraws, DrawsAnswer
from winset.analyses.agreement.columns import columns
from winset.analyses.ground import Ground
from winset.analyses.sampling import Sampling
from winset.analyses.shares import Share
from winset.case.model import Case
from winset.space.draws import Sample
from winset.space.numbers import Floats
from winset.space.package import count_completions, open_issues, read_package, row_of

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something to judge in every draw: a package, or a text that leaves issues open."""

    title: str
    package: dict[str, str]
    open: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a worker needs: the case, and the candidates."""

    ground: Ground
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class Searched:
    """Counts over draws: zones, searches that reached their limit, options and packages of Nash."""

    zones: int
    unsettled: int
    options: tuple[Ints, ...]
    packages: Counter[tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Judged:
    """Counts over draws, by candidate: accepted by all, by each faction (candidates, factions), its rank by
    Nash product among the candidates that all accept (candidates, ranks)."""

    by_all: Ints
    by_faction: Ints
    ranks: Ints


def over_draws(
    result: AgreementResult,
    case: Case,
    sampling: Sampling,
    *,
    extended: bool,
    named: Mapping[str, str] | None,
) -> DrawsAnswer:
    """What the answers are worth when every estimate and red line is drawn.

    Candidates are the texts, the answers at the mode, the packages that Nash picks most often, and `named`.
    """
    ground = Ground(case, extended, sampling.seed, sampling.rho)
    space = ground.space
    searched = _added(sampling.run(search, Asked(ground)))
    candidates = _candidates(ground, result, searched, named)
    judged = _summed(sampling.run(judge, Asked(ground, candidates)))
    n = sampling.draws
    return DrawsAnswer(
        n=n,
        seed=sampling.seed,
        rho=sampling.rho,
        zone=Share.of(searched.zones, n),
        unsettled=searched.unsettled,
        options={
            issue: dict(zip(space.options[i], _shares(searched.options[i], searched.zones), strict=True))
            for i, issue in enumerate(space.issues)
        },
        candidates=tuple(
            _answer(ground, candidate, judged, place, n) for place, candidate in enumerate(candidates)
        ),
    )


def search(asked: Asked, first: int, count: int) -> Searched:
    """A zone and the Nash package in each of some draws."""
    ground = asked.ground
    found = ground.drawn.outcomes(ground.sample(first, count))
    chosen = found.nash[found.zone]
    options = tuple(
        np.bincount(chosen[:, i], minlength=len(names)) for i, names in enumerate(ground.space.options)
    )
    packages = Counter(tuple(row) for row in chosen.tolist())
    return Searched(int(found.zone.sum()), int((~found.settled).sum()), options, packages)


def judge(asked: Asked, first: int, count: int) -> Judged:
    """Who accepts each candidate in each of some draws; of an open text, whether some completion will do."""
    ground, candidates = asked.ground, asked.candidates
    sample = ground.sample(first, count)
    judged = [_judged(ground, sample, candidate) for candidate in candidates]
    consents, accepts, products = (np.stack(part, axis=1) for part in zip(*judged, strict=True))
    return Judged(consents.sum(axis=0), accepts.sum(axis=0), _ranked(products))


def _judged(ground: Ground, sample: Sample, candidate: Candidate) -> tuple[Bools, Bools, Floats]:
    """Whether all consent (draws,), who accepts (draws, factions), and its Nash product: -1 for no rank."""
    space = ground.space
    if candidate.open:
        consents, accepts = ground.completed(sample, candidate.package)
        return consents, accepts, np.full(len(sample), -1.0)
    found = ground.drawn.accept(sample, row_of(space, candidate.package))
    consents = found.consents[:, 0]
    return consents, found.accepts[:, 0], np.where(consents, found.product[:, 0], -1.0)


def _ranked(products: Floats) -> Ints:
    """How often each candidate is first, second and so on, ties sharing the better; (candidates, ranks)."""
    width = products.shape[1]
    ranks = (products[:, None, :] > products[:, :, None] * (1 + 1e-12)).sum(axis=2)
    counted = products >= 0
    return np.array([np.bincount(ranks[counted[:, c], c], minlength=width) for c in range(width)])


def _added(parts: Sequence[Searched]) -> Searched:
    packages: Counter[tuple[int, ...]] = Counter()
    for part in parts:
        packages.update(part.packages)
    options = tuple(np.sum(each, axis=0) for each in zip(*(part.options for part in parts), strict=True))
    return Searched(sum(p.zones for p in parts), sum(p.unsettled for p in parts), options, packages)


def _summed(parts: Sequence[Judged]) -> Judged:
    return Judged(
        np.sum([part.by_all for part in parts], axis=0),
        np.sum([part.by_faction for part in parts], axis=0),
        np.sum([part.ranks for part in parts], axis=0),
    )


def _shares(counts: Ints, of: int) -> list[float]:
    return [round(int(count) / of, 6) if of else 0.0 for count in counts]


def _candidates(
    ground: Ground, result: AgreementResult, searched: Searched, named: Mapping[str, str] | None
) -> tuple[Candidate, ...]:
    """What the user names, texts, answers at the mode, what Nash picks most often; equal ones once."""
    case, space = ground.space.case, ground.space
    asked: list[tuple[str, Mapping[str, str]]] = []
    if named:
        asked.append(("the package asked about", named))
    order = sorted(case.texts, key=lambda name: name != case.on_the_table)
    asked += [(case.texts[n].title or f"The text '{n}'", case.texts[n].package) for n in order]
    asked += [(", ".join(column.titles), column.package) for column in columns(result)]
    # Of packages as frequent, the first by their options: the order in which draws met them must not count.
    frequent = sorted(searched.packages.items(), key=lambda one: (-one[1], one[0]))[: len(FREQUENT)]
    for title, (row, _) in zip(FREQUENT, frequent, strict=False):
        package = space.named(np.array(row, np.int16))
        asked.append((title, package))
    found: dict[tuple[tuple[str, str], ...], Candidate] = {}
    for title, wanted in asked:
        settled = read_package(space, wanted)
        left = open_issues(space, settled)
        # A forbidden text is no candidate; a package that the user names is answered all the same.
        if count_completions(space, settled) or (wanted is named and not left):
            found.setdefault(tuple(sorted(settled.items())), Candidate(title, settled, left))
    return tuple(found.values())


def _answer(ground: Ground, candidate: Candidate, judged: Judged, place: int, draws: int) -> CandidateDraws:
    share = Share.of(int(judged.by_all[place]), draws)
    return CandidateDraws(
        title=candidate.title,
        package=candidate.package,
        open=candidate.open,
        all=share.share,
        low=share.low,
        high=share.high,
        by_faction={
            ref: round(int(judged.by_faction[place, f]) / draws, 6)
            for f, ref in enumerate(ground.space.factions)
        },
        ranks=None if candidate.open else tuple(_shares(judged.ranks[place], draws)),
    )
