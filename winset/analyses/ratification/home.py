"""Homes: who signs for a side, what its factions must do at home, and what keeps its government."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import count

from winset.analyses.ratification import ballot as ballots
from winset.analyses.ratification.ballot import (
    ALWAYS,
    SAYS_NO,
    SAYS_YES,
    WALKS_OUT,
    Ballot,
    Bar,
    Count,
    Plebiscite,
    Unless,
    Voice,
    Vote,
)
from winset.analyses.ratification.terms import Groups, Poll
from winset.case import rules, table
from winset.case.estimate import Chance, Weight
from winset.case.model import Case, Party, Survival
from winset.space.build import Space
from winset.space.consent import judges

ONE = Weight(low=1, mode=1, high=1)
THERE = Chance(low=1, mode=1, high=1)


@dataclass(frozen=True)
class Home:
    """A side's home. `refs` are its factions with preferences; voices name them by their place there.

    `rule` is what home must do, `keeps` what its government needs to keep a majority when factions walk out,
    `stays` to be brought down by nobody who topples; both None without `survival`. `ruled` says whether the
    case gives a rule.
    """

    side: str
    signer: str
    refs: tuple[str, ...]
    rule: Ballot
    ruled: bool
    keeps: Vote | None
    stays: Vote | None

    @property
    def signing(self) -> int:
        """The place of the signer."""
        return self.refs.index(self.signer)

    @property
    def members(self) -> tuple[int, ...]:
        """The places of those whom the rule asks, as voices or as voters."""
        asked = [voice.place for voice in ballots.voices(self.rule)]
        asked += [place for poll in ballots.polls(self.rule) for place in poll.groups.places]
        return tuple(dict.fromkeys(asked))


def homes(space: Space) -> tuple[Home, ...]:
    """The homes of all sides that can be asked."""
    return tuple(_home(space, side, signer) for side, signer in judges(space).items())


def _home(space: Space, side: str, signer: str) -> Home:
    party = space.case.parties.get(side)
    refs = tuple(ref for ref in table.refs_of_side(space.case, side) if ref in space.factions)
    if party is None:
        return Home(side, signer, refs, ALWAYS, False, None, None)
    builder = _Builder(space.case, side, party, refs)
    rule = party.ratification
    survival = party.survival
    return Home(
        side,
        signer,
        refs,
        ALWAYS if rule is None else builder.of(rule, ("ratification",), refusing=False),
        rule is not None,
        None if survival is None else builder.survives(survival, SAYS_NO, "walk-outs"),
        None if survival is None else builder.survives(survival, WALKS_OUT, "topplings"),
    )


class _Builder:
    def __init__(self, case: Case, side: str, party: Party, refs: tuple[str, ...]) -> None:
        self.case, self.side, self.party, self.refs = case, side, party, refs
        self.weights = table.home_weights(side, party)
        self._polls: Iterator[int] = count()

    def place(self, name: str) -> int:
        return self.refs.index(f"{self.side}.{name}" if self.party.factions else self.side)

    def of(self, rule: rules.Rule, path: tuple[str | int, ...], *, refusing: bool) -> Ballot:
        """The rule as a ballot; `refusing` where it counts refusals."""
        counted = not refusing if isinstance(rule, rules.NotBlockedBy) else refusing
        inner = tuple(self.of(part, (*path, *at), refusing=counted) for at, part in rules.parts(rule))
        match rule:
            case rules.OfFaction():
                return Voice(self.place(rule.faction), SAYS_YES, refusing)
            case rules.AllOf():
                return Count(inner, len(inner))
            case rules.AnyOf():
                return Count(inner, 1)
            case rules.AtLeast():
                return Count(inner, rule.at_least)
            case rules.NotBlockedBy():
                return Unless(inner[0])
            case rules.Quota():
                return self._quota(rule.quota, path, refusing=refusing)
            case rules.Referendum():
                return self._referendum(rule.referendum, path, refusing=refusing)
            case rules.OfParty():
                raise AssertionError("a home has no parties; checks refuse them")

    def _quota(self, terms: rules.QuotaTerms, path: tuple[str | int, ...], *, refusing: bool) -> Vote:
        own = terms.weights
        weights = self.weights if own is None else {n: rules.exact(w.point) for n, w in own.items()}
        share = terms.more_than if terms.share is None else terms.share
        of_present = terms.of_present and share is not None
        bar = rules.exact(terms.at_least.point) if terms.at_least is not None else share
        assert bar is not None  # the model asks for exactly one threshold
        present = terms.present or {}
        return Vote(
            name=self._name(path),
            voices=tuple(Voice(self.place(name), SAYS_YES, refusing) for name in weights),
            weights=tuple(weights.values()),
            bar=bar if of_present or share is None else share * sum(weights.values(), Fraction(0)),
            strictly=terms.more_than is not None,
            of_present=of_present,
            chances=tuple(present.get(name, THERE) for name in weights) if present else (),
            share=None if of_present else share,
            drawn=tuple(self._drawn(path, own)),
            bar_drawn=None
            if terms.at_least is None or terms.at_least.is_point
            else Bar(f"bar {self._name(path)}", terms.at_least),
        )

    def _drawn(
        self, path: tuple[str | int, ...], own: Mapping[str, Weight] | None
    ) -> Iterator[tuple[str, Weight]]:
        """Weights with their doubt: a faction's own weight is the same in every vote."""
        if own is not None:
            yield from ((f"weight {self._name((*path, name))}", weight) for name, weight in own.items())
        else:
            for name in self.weights:
                weight = self.party.factions[name].weight if self.party.factions else ONE
                yield f"weight {self._ref(name)}", weight

    def _referendum(
        self, terms: rules.ReferendumTerms, path: tuple[str | int, ...], *, refusing: bool
    ) -> Plebiscite:
        groups = Groups(
            tuple(self.place(group.faction) for group in terms.groups),
            tuple(group.size for group in terms.groups),
            tuple(group.turnout for group in terms.groups),
        )
        poll = Poll(
            self._name(path),
            groups,
            terms.threshold,
            terms.turnout_quorum,
            terms.approval_quorum,
            terms.each_group,
            refusing,
        )
        return Plebiscite(next(self._polls), poll)

    def survives(self, survival: Survival, least: int, what: str) -> Vote:
        """Seats of those at least in a state, and of the safety net where it says yes, reach the majority.

        Factions without preferences are taken to stay as they are.
        """
        carrying = [(name, seats, least) for name, seats in survival.seats.items()]
        carrying += [(name, seats, SAYS_YES) for name, seats in (survival.safety_net or {}).items()]
        known = [(self._ref(name), rules.exact(seats.point), state) for name, seats, state in carrying]
        majority = survival.majority
        unasked = sum((seats for ref, seats, _ in known if ref not in self.refs), Fraction(0))
        asked = [(self.refs.index(ref), seats, state) for ref, seats, state in known if ref in self.refs]
        drawn = [(f"seats {self._ref(name)}", seats) for name, seats, _ in carrying]
        return Vote(
            name=self._name(("survival", what)),
            voices=tuple(Voice(place, state) for place, _, state in asked),
            weights=tuple(seats for _, seats, _ in asked),
            bar=rules.exact(majority.point) - unasked,
            strictly=False,
            drawn=tuple(one for one, (ref, _, _) in zip(drawn, known, strict=True) if ref in self.refs),
            bar_drawn=None if majority.is_point else Bar(f"majority {self.side}", majority, unasked),
        )

    def _ref(self, name: str) -> str:
        return f"{self.side}.{name}" if self.party.factions else self.side

    def _name(self, path: tuple[str | int, ...]) -> str:
        return ".".join(map(str, ("parties", self.side, *path)))
