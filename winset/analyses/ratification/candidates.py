"""Packages and texts before all homes: what each is asked, and what comes of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from winset.analyses.ratification import ballot as ballots
from winset.analyses.ratification.answers import CandidateAnswer, HomeAnswer, PollAnswer, Span, Stand
from winset.analyses.ratification.asked import Asked, simulated
from winset.analyses.ratification.ballot import SAYS_NO, SAYS_YES, TOPPLES, WALKS_OUT, Plebiscite, Voice
from winset.analyses.ratification.doubt import Doubt, doubt
from winset.analyses.ratification.government import government
from winset.analyses.ratification.home import Home
from winset.analyses.ratification.payments import payments
from winset.analyses.ratification.pivots import joint, pivots
from winset.analyses.subjects import Named
from winset.space.build import Space
from winset.space.consent import Consent, ask, judges
from winset.space.package import choices_of, open_issues, read_package
from winset.space.worth import Choices, worth

Floats = NDArray[np.float64]

MOST_COMPLETIONS = 200
MOST_SIMULATED = 40
AT_THE_MODE = {TOPPLES: "topples", WALKS_OUT: "walks out", SAYS_NO: "says no", SAYS_YES: "says yes"}


@dataclass(frozen=True)
class Hearing:
    """What all candidates have in common: the homes, those that must ratify, and how they are asked."""

    space: Space
    homes: tuple[Home, ...]
    must: tuple[Home, ...]
    rho: float
    seed: int
    target: float

    def hear(self, same: Sequence[Named]) -> CandidateAnswer | None:
        """What all homes make of a package or text, which may go by several names; None for a text that no
        feasible package agrees with."""
        settled = read_package(self.space, same[0].package)
        every = choices_of(self.space, settled)
        if not len(every):
            return None
        choices = every[_picked(len(every), self._most)]
        consent = ask(self.space, *worth(self.space, choices))
        whole = not open_issues(self.space, settled)
        paying = any(one.text or not one.candidate for one in same)
        answers = {
            home.side: self._home(home, choices, consent, whole=whole, paying=paying) for home in self.homes
        }
        return CandidateAnswer(
            ids=tuple(f"text {one.id}" if one.text else one.id for one in same),
            title=_titles([one.title for one in same]),
            package=settled,
            open=open_issues(self.space, settled),
            completions=len(every),
            looked_at=len(choices),
            all=self._all(choices),
            homes=answers,
        )

    @property
    def _most(self) -> int:
        """How many completions of a text are looked at."""
        return MOST_SIMULATED if any(simulated(h.rule) for h in self.homes) else MOST_COMPLETIONS

    def _all(self, choices: Choices) -> Span | None:
        """The chance that all homes that must ratify do, sides being independent."""
        found: Floats = np.ones(len(choices))
        for home in self.must:
            found = found * self._asked(home, choices).chances([home.rule])[0]
        return _span(found)

    def _asked(self, home: Home, choices: Choices) -> Asked:
        return Asked(home, doubt(self.space, home, choices, self.rho), seed=self.seed)

    def _home(
        self, home: Home, choices: Choices, consent: Consent, *, whole: bool, paying: bool
    ) -> HomeAnswer:
        asked = self._asked(home, choices)
        side = tuple(judges(self.space)).index(home.side)
        ratifies = asked.chances([home.rule])[0]
        rule_alone, stands = self._alone(home, replace(asked, signed=False), consent)
        answer = HomeAnswer(
            signs=_sure_span(asked.signing),
            ratifies=_span(ratifies),
            rule_alone=rule_alone,
            in_winset=int(consent.lets[side].sum()),
            factions=stands,
        )
        if not whole or np.isnan(ratifies[0]):
            return answer
        return self._whole(answer, home, asked, consent, paying=paying)

    def _whole(
        self, answer: HomeAnswer, home: Home, asked: Asked, consent: Consent, *, paying: bool
    ) -> HomeAnswer:
        """What is asked of a whole package only; side payments only where it is no answer of agreement."""
        voting = [place for place in home.members if place != home.signing]
        if voting:
            accepts = consent.accepts[[self.space.faction(ref) for ref in home.refs], 0].copy()
            accepts[home.signing] = True
            chance = float(asked.chances([home.rule])[0, 0])
            heard = any(isinstance(part, Voice) for part in ballots.walk(home.rule))
            answer = replace(
                answer,
                pivots=pivots(asked),
                joint=joint(asked, accepts) if heard else None,
                payments=payments(asked, self.target, chance) if paying else None,
            )
        return replace(answer, government=government(asked), polls=tuple(_polls(home, asked)) or None)

    def _alone(self, home: Home, alone: Asked, consent: Consent) -> tuple[Span, dict[str, Stand]]:
        """The chance of the rule, and where each faction stands, whoever signs."""
        floors = alone.doubt.floors
        asked = [Voice(place) for place in range(len(home.refs))]
        for state in (SAYS_NO, WALKS_OUT):
            asked += [Voice(int(place), state) for place in np.flatnonzero(floors[:, state - 1] > -np.inf)]
        chances = dict(zip(asked, alone.chances(asked), strict=True))
        stands = {}
        for place, ref in enumerate(home.refs):
            accepts = consent.accepts[self.space.faction(ref)]
            stands[ref] = Stand(
                at_the_mode=_states(alone.doubt, place, accepts),
                yes=_sure_span(chances[Voice(place)]),
                walks_out=_less(chances.get(Voice(place, SAYS_NO))),
                topples=_less(chances.get(Voice(place, WALKS_OUT))),
            )
        return _sure_span(alone.chances([home.rule])[0]), stands


def _titles(titles: Sequence[str]) -> str:
    """All titles of a package in one."""
    return ("; " if any(", " in title for title in titles) else ", ").join(titles)


def _picked(many: int, most: int) -> NDArray[np.int64]:
    """At most so many of them, evenly."""
    return np.unique(np.linspace(0, many - 1, min(many, most)).round().astype(np.int64))


def _states(asked: Doubt, place: int, accepts: NDArray[np.bool_]) -> str:
    """What a faction does at the mode: one thing, or what depends on the completion."""
    above = asked.worth[place] - asked.floors[place][:, None]
    states = np.where(accepts, SAYS_YES, np.minimum((above >= -1e-9).sum(axis=0), SAYS_NO))
    return ", ".join(AT_THE_MODE[state] for state in sorted(set(states.tolist()), reverse=True))


def _less(chance: Floats | None) -> Span | None:
    """The span of the chance that a faction falls short of a state; None where it never does."""
    return None if chance is None else _sure_span(1.0 - chance)


def _span(found: Floats) -> Span | None:
    """From the least to the largest of what can be asked; None where nothing can."""
    known = found[~np.isnan(found)]
    return _sure_span(known) if len(known) else None


def _sure_span(found: Floats) -> Span:
    low, high = np.clip((found.min(), found.max()), 0.0, 1.0)
    return Span(round(float(low), 6), round(float(high), 6))


def _polls(home: Home, asked: Asked) -> Iterator[PollAnswer]:
    for part in ballots.walk(home.rule):
        if isinstance(part, Plebiscite):
            counted, weight = asked.counted(part)
            carries = float((weight * counted.carried).sum() / weight.sum())
            yield PollAnswer(_tails(counted.yes, weight), _tails(counted.turnout, weight), round(carries, 6))


def _tails(values: Floats, weight: Floats) -> tuple[float, float, float]:
    """The 10%, 50% and 90% quantiles of weighted values."""
    order = np.argsort(values, kind="stable")
    upto = np.cumsum(weight[order])
    places: Sequence[int] = np.searchsorted(upto, np.array([0.1, 0.5, 0.9]) * upto[-1]).tolist()
    low, middle, high = (round(float(values[order[place]]), 6) for place in places)
    return low, middle, high
