"""Would home ratify it? In point mode, and over draws where they are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from importlib import import_module

import numpy as np

from winset.analyses import wording
from winset.analyses.ratification import ballot as ballots
from winset.analyses.ratification.answers import Body, HomeSetting, Leaders, RatificationResult
from winset.analyses.ratification.asked import SIMULATIONS
from winset.analyses.ratification.ballot import MOST_TOGETHER, Count, combinations
from winset.analyses.ratification.candidates import Hearing
from winset.analyses.ratification.government import arithmetic
from winset.analyses.ratification.home import Home, homes
from winset.analyses.ratification.leaders import Scene, leaders
from winset.analyses.ratification.winsets import winsets
from winset.analyses.result import CaseStamp, Result
from winset.analyses.sampling import Sampling
from winset.analyses.subjects import Named, refuse_extended, subjects
from winset.case import table
from winset.case.model import Case
from winset.errors import NotApplicable, OutOfRange
from winset.space.build import Space, build_space
from winset.space.consent import judges
from winset.space.draws import MAX_SEED
from winset.space.package import count_completions, readable, row_of

RHO = 0.5
TARGET = 0.9
SIGNED = (
    "What home would do is asked given that its signer has signed; how likely it signs is told beside it."
)
HANG_TOGETHER = (
    "Factions of one side lean the same way together (correlation {rho:g}); sides are taken as independent."
)
DOUBTS = (
    "Chances here come from the doubt about walk-aways and red lines that the case states; they do not say "
    "how likely a deal is."
)


def applies(case: Case) -> bool:
    """Whether some party has a home to be asked: a rule, a government that can fall, or several factions."""
    return bool(case.preferences and case.issues) and any(
        party.ratification is not None or party.survival is not None or len(party.factions) > 1
        for party in case.parties.values()
    )


def run(
    case: Case,
    *,
    given: Mapping[str, Result],
    extended: bool = False,
    package: Mapping[str, str] | None = None,
    target: float = TARGET,
    rho: float = RHO,
    seed: int = 0,
    sampling: Sampling | None = None,
) -> RatificationResult:
    """Whether homes would ratify the texts, the answers of `agreement`, and `package`.

    `given` holds the result of `agreement`. `target` (above 0, below 1) is the chance of a home that side
    payments are to reach, `rho` (0 to 0.99) how far factions of one side lean together, `seed` where
    simulated votes start. Raises OutOfRange for other numbers, NotApplicable where the case has nobody at
    home, and what `agreement` raises. With `sampling`, the answers over draws stand beside those at the mode.
    """
    if not 0 < target < 1:
        raise OutOfRange("target", target, 0.01, 0.99)
    if not 0 <= seed <= MAX_SEED:
        raise OutOfRange("seed", seed, 0, MAX_SEED)
    if not applies(case):
        raise NotApplicable(
            "the case tells of nobody at home; give a party `ratification`, `survival` or several `factions`"
        )
    refuse_extended(case, package, extended=extended)
    if sampling is not None:
        rho, seed = sampling.rho, sampling.seed
    space = build_space(case, extended=extended)
    every = tuple(home for home in homes(space) if _has_a_home(space, home))
    must = tuple(home for home in every if home.ruled and table.indispensable(space.case, home.side))
    hearing = Hearing(space, every, must, rho, seed, target)
    settings, chosen = _settings(space, every, must, given["agreement"], rho, seed)
    named = list(subjects(space.case, given["agreement"], package, every_text=True))
    if chosen is not None:
        named.append(Named("leaders", "The leaders' choice", chosen.package))
    heard = [hearing.hear(same) for same in _once(named) if readable(space, same[0].package)]
    result = RatificationResult(
        analysis="ratification",
        case=CaseStamp.of(case),
        method="dynamic programme over votes, shock integrated",
        parameters={
            "extended": extended,
            "package": dict(package) if package else None,
            "target": target,
            "rho": rho,
            "seed": seed,
        },
        caveats=(DOUBTS, SIGNED, HANG_TOGETHER.format(rho=rho), *_left_out(space, every, must, named)),
        homes=settings,
        must=tuple(home.side for home in must),
        candidates=tuple(answer for answer in heard if answer is not None),
        leaders=chosen,
    )
    if sampling is None:
        return result
    # Drawing loads compiled code: only who asks for draws waits for it.
    over_draws = import_module("winset.analyses.ratification.draws").over_draws
    return replace(
        result,
        parameters={**result.parameters, **sampling.parameters},
        draws=over_draws(result, case, sampling, extended=extended),
    )


def _once(named: Sequence[Named]) -> Iterator[tuple[Named, ...]]:
    """Equal packages together."""
    same: dict[tuple[tuple[str, str], ...], list[Named]] = {}
    for one in named:
        same.setdefault(tuple(sorted(one.package.items())), []).append(one)
    yield from map(tuple, same.values())


def _has_a_home(space: Space, home: Home) -> bool:
    party = space.case.parties.get(home.side)
    return party is not None and (home.ruled or home.keeps is not None or len(party.factions) > 1)


def _settings(
    space: Space, every: Sequence[Home], must: Sequence[Home], agreement: Result, rho: float, seed: int
) -> tuple[dict[str, HomeSetting], Leaders | None]:
    """The homes before any package, and what leaders choose who know them."""
    found, signable = winsets(space)
    signers = judges(space)
    counted = {side: signers[side] for side in table.objective(space.case)}
    scene = Scene(space, tuple(must), rho, seed)
    choices = signable.choices if signable.every else _answers(space, agreement)
    settings = {
        home.side: HomeSetting(
            signer=home.signer,
            members=tuple(home.refs[place] for place in home.members),
            bodies=tuple(_bodies(home)),
            winset=found[home.side],
            government=arithmetic(space.case, home),
            simulated=_why_simulated(home),
        )
        for home in every
    }
    return settings, leaders(scene, choices, counted, every=signable.every)


def _bodies(home: Home) -> Iterator[Body]:
    """The weighted votes of a home's rule, as they are at the mode."""
    for vote in ballots.walk(home.rule):
        if isinstance(vote, ballots.Vote):
            whole = sum(vote.weights, Fraction(0))
            yield Body(
                {home.refs[v.place]: float(w) for v, w in zip(vote.voices, vote.weights, strict=True)},
                float(vote.bar * whole if vote.of_present else vote.bar),
                vote.strictly,
                any(voice.refusing for voice in vote.voices),
                vote.of_present,
            )


def _answers(space: Space, agreement: Result) -> np.ndarray[tuple[int, ...], np.dtype[np.int16]]:
    """The packages that agreement answers with and the zone holds: what stands in for all that are signed."""
    found = [
        row_of(space, vector.packages[0])
        for solution in getattr(agreement, "solutions", {}).values()
        if solution.in_zone and not solution.over_completions
        for vector in solution.vectors[:1]
    ]
    return np.concatenate([np.empty((0, len(space.issues)), np.int16), *found])


def _why_simulated(home: Home) -> str | None:
    if ballots.polls(home.rule):
        return f"popular votes are simulated {SIMULATIONS:,} times, with shock and turnouts drawn"
    if combinations(home.rule) > MOST_TOGETHER:
        many = len(ballots.together(home.rule))
        return (
            f"{many} factions sit in several bodies, more than can be gone through jointly: simulated "
            f"{SIMULATIONS:,} times"
        )
    if home.keeps is not None and combinations(Count((home.rule, home.keeps), 2)) > MOST_TOGETHER:
        return (
            f"what becomes of the government is simulated {SIMULATIONS:,} times, as who votes and who leaves "
            "comes in more combinations than can be gone through"
        )
    return None


def _left_out(space: Space, every: Sequence[Home], must: Sequence[Home], asked: Sequence[Named]) -> list[str]:
    """What is not counted or not answered, in sentences."""
    said = []
    optional = [home.side for home in every if home.ruled and home not in must]
    if optional:
        names = wording.joined(table.name_of(space.case, side) for side in optional)
        said.append(f"Not needed for a deal, so not counted among all homes: {names}.")
    for one in asked:
        if not readable(space, one.package):
            said.append(wording.too_open(one.title))
        elif one.text and not count_completions(space, one.package):
            said.append(f"No feasible package agrees with the text '{one.title}'.")
    return said
