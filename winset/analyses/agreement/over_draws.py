"""What agreement over draws says, as sections: how far the answers rest on the ranges of the numbers."""

from __future__ import annotations

from collections.abc import Iterator

from winset.analyses import wording
from winset.analyses.agreement.answers import FREQUENT, CandidateDraws, DrawsAnswer
from winset.analyses.sections import Cell, Note, Part, Section, Table, Verdict
from winset.case.model import Case, Ranking

LITTLE = 0.05
SAME = 0.95  # from this share of draws on the answer at the mode stands for all numbers of an order


def section(case: Case, draws: DrawsAnswer, exists: bool | None) -> Section:
    """The share of draws with a zone, who accepts the candidates, and what the Nash package settles.

    `exists` says whether there is a zone at the mode.
    """
    zone = draws.zone
    said = wording.in_draws(zone.share, zone.low, zone.high, draws.n)
    verdict = Verdict(
        f"With every number drawn from its range there is a package to agree on {said}.", "part"
    )
    lead = [verdict, Verdict(wording.NOT_A_CHANCE)]
    parts: list[Part] = [*lead]
    packages = [candidate for candidate in draws.candidates if not candidate.open]
    best = max(packages, key=lambda one: one.all, default=None)
    if best is not None and best.all:
        often = wording.in_draws(best.all, best.low, best.high, draws.n)
        leading = Verdict(
            f"Most often acceptable to all of the packages looked at, {often}: {best.title}.", "part"
        )
        parts.append(leading)
        lead.append(leading)
    if draws.candidates:
        parts += _candidates(case, draws)
    parts += _options(case, draws)
    if _orders_only(case) and (zone.share if exists else 1 - zone.share) < SAME:
        parts.append(Note(wording.ORDERS_ONLY))
    if draws.unsettled:
        parts.append(
            Note(f"In {wording.counted(draws.unsettled, 'draw')} the search ended without an answer.")
        )
    hang = (
        f"{draws.n:,} draws from seed {draws.seed}; walk-aways and red lines of one side hang together "
        f"(correlation {draws.rho:g}). Ranges are 95% intervals: they count draws, they do not judge the "
        "numbers."
    )
    return Section("How far this rests on the ranges of the numbers", (*parts, Note(hang)), tuple(lead))


def _orders_only(case: Case) -> bool:
    """Whether some faction's weights or scores are an order."""
    return any(
        isinstance(known, Ranking)
        for preference in case.preferences.values()
        for known in (preference.weights, *preference.scores.values())
    )


def _candidates(case: Case, draws: DrawsAnswer) -> Iterator[Part]:
    titles = [candidate.title for candidate in draws.candidates]
    rows: list[tuple[Cell, ...]] = [
        ("All who must consent", *(_interval(one) for one in draws.candidates)),
        ("First by Nash product", *(_first(one) for one in draws.candidates)),
    ]
    refs = draws.candidates[0].by_faction
    rows += [
        (
            wording.faction_name(case, ref),
            *(wording.percent(candidate.by_faction[ref]) for candidate in draws.candidates),
        )
        for ref in refs
    ]
    heads = ("Accepts", *titles)
    yield Table(heads, tuple(rows), "Who accepts what, in share of draws", frozenset({2}))
    texts = [candidate.title for candidate in draws.candidates if candidate.open]
    if texts:
        yield Note(
            f"{wording.joined(texts)} {'leaves' if len(texts) == 1 else 'leave'} issues open: counted are "
            "draws in which some way to settle them will do, in each draw its own."
        )
    frequent = [candidate for candidate in draws.candidates if candidate.title in FREQUENT]
    if frequent:
        heads = ("Issue", *(candidate.title for candidate in frequent))
        rows = [
            (issue, *(candidate.package[issue] for candidate in frequent)) for issue in frequent[0].package
        ]
        yield Table(heads, tuple(rows), "Packages that Nash picks most often")


def _interval(candidate: CandidateDraws) -> str:
    low, high = wording.percent(candidate.low), wording.percent(candidate.high)
    return f"{wording.percent(candidate.all)} ({low} to {high})"


def _first(candidate: CandidateDraws) -> str:
    return "" if candidate.ranks is None else wording.percent(candidate.ranks[0])


def _options(case: Case, draws: DrawsAnswer) -> Iterator[Part]:
    """The options of the Nash package over the draws with a zone, the most frequent first."""
    rows = []
    for issue, shares in draws.options.items():
        ordered = sorted(shares.items(), key=lambda one: -one[1])
        named = [f"{option} {wording.percent(share)}" for option, share in ordered if share >= LITTLE]
        if named:
            rows.append((issue, ", ".join(named)))
    if rows:
        heads = ("Issue", "Options of the Nash package, share of draws with a zone (from 5%)")
        yield Table(heads, tuple(rows), "What would be settled how")
