"""Power indices of one weighted vote: exact, by player, and in words. It needs no case.

Banzhaf (Penrose 1946, Banzhaf 1965), Shapley & Shubik (1954) and Coleman (1971) count swings; Holler &
Packel (1983) and Deegan & Packel (1978) count minimal winning coalitions. Shares are exact fractions, 0 to 1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, factorial, floor, gcd, lcm
from typing import Any

from winset.analyses.sections import Note, Part, Section, Table, Verdict
from winset.analyses.wording import counted, joined
from winset.errors import LimitExceeded, WinsetError, clip
from winset.kernels import votes

MOST_PLAYERS = 100
MOST_FOR_MINIMAL = 30
INDICES_VERSION = 1

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+|\d+/\d+)", re.ASCII)
_LONGEST = 30  # characters of a number


class UnusableRule(WinsetError):
    """A weighted vote that cannot be judged as it is given; says why and the way out."""


@dataclass(frozen=True, slots=True)
class Vote:
    """A weighted vote: passes when the yes weight is at least the quota, or `strictly` more than it."""

    names: tuple[str, ...]
    weights: tuple[Fraction, ...]
    quota: Fraction
    strictly: bool = False

    def __post_init__(self) -> None:
        """UnusableRule for a negative weight, and for a vote that always or never passes."""
        for name, weight in zip(self.names, self.weights, strict=True):
            if weight < 0:
                raise UnusableRule(f"the weight of {name} is {number(weight)}; give 0 or more")
        _refuse_settled(self)

    @property
    def total(self) -> Fraction:
        """The weight of all players."""
        return sum(self.weights, Fraction(0))

    @property
    def bar(self) -> str:
        """What the vote needs, in words."""
        return f"{'more than' if self.strictly else 'at least'} {number(self.quota)} of {number(self.total)}"

    @property
    def anybody(self) -> bool:
        """Whether each of several players with a weight passes it alone."""
        heavy = [weight for weight in self.weights if weight]
        least = min(heavy)
        return len(heavy) > 1 and (least > self.quota if self.strictly else least >= self.quota)

    def scaled(self) -> tuple[list[int], int]:
        """The same vote in the smallest whole numbers: weights, and a quota that must be reached."""
        unit = lcm(*(weight.denominator for weight in self.weights))
        whole = [int(weight * unit) for weight in self.weights]
        common = gcd(*whole)
        bar = self.quota * unit / common
        return [weight // common for weight in whole], floor(bar) + 1 if self.strictly else ceil(bar)


def _refuse_settled(vote: Vote) -> None:
    has = f"a vote that needs {vote.bar}"
    if vote.total == 0:
        raise UnusableRule("no player has any weight; give at least one a weight above 0")
    if vote.quota < 0 or (vote.quota == 0 and not vote.strictly):
        raise UnusableRule(f"{has} always passes, even if all say no; give a quota above 0")
    if vote.quota > vote.total or (vote.quota == vote.total and vote.strictly):
        least = "below" if vote.strictly else "of at most"
        raise UnusableRule(
            f"{has} can never pass, even if all say yes; give a quota {least} {number(vote.total)}"
        )


def read_vote(quota: str, weights: Sequence[str], names: Sequence[str] = (), *, strictly: bool) -> Vote:
    """A vote from what was typed; players without names are numbered from 1.

    Raises UnusableRule for what cannot be read or judged, LimitExceeded for more than 100 players.
    """
    if not weights:
        raise UnusableRule("a vote needs players; give the weight of each after the quota")
    if len(weights) > MOST_PLAYERS:
        raise LimitExceeded(
            f"power indices are counted for up to {MOST_PLAYERS} players, this vote has {len(weights)}; "
            "join players who always vote together into one"
        )
    called = tuple(clip(name) for name in names) or tuple(f"player {i + 1}" for i in range(len(weights)))
    if len(called) != len(weights):
        raise UnusableRule(
            f"the number of names is {len(called)}, of weights {len(weights)}; "
            "give one for each, in the same order"
        )
    for name in called:
        if not name or called.count(name) > 1:
            fault = f"two players are called '{name}'" if name else "a player has an empty name"
            raise UnusableRule(f"{fault}; give each a name of its own")
    exact = tuple(_read(text, f"the weight of {name}") for name, text in zip(called, weights, strict=True))
    return Vote(called, exact, _read(quota, "the quota"), strictly)


def _read(text: str, what: str) -> Fraction:
    text = text.strip()
    if len(text) > _LONGEST or not _NUMBER.fullmatch(text):
        raise UnusableRule(
            f"{what} is '{clip(text)}'; give a number of up to {_LONGEST} characters, "
            "like 61, 14.5 or 2/3 (options as in winset power --help)"
        )
    over = text.partition("/")[2]
    if over and int(over) == 0:
        raise UnusableRule(f"{what} is '{text}', which divides by 0; give a number like 2/3")
    return Fraction(text)


@dataclass(frozen=True, slots=True)
class Player:
    """The power of one player.

    `swings` are the coalitions that lose without it and win with it; `holler_packel` and `deegan_packel` are
    None where minimal winning coalitions were not counted.
    """

    name: str
    weight: Fraction
    swings: int
    banzhaf: Fraction
    absolute: Fraction
    shapley_shubik: Fraction
    prevent: Fraction
    initiate: Fraction
    minimal: int | None
    holler_packel: Fraction | None
    deegan_packel: Fraction | None
    dummy: bool
    veto: bool
    dictator: bool


@dataclass(frozen=True, slots=True)
class Indices:
    """The power of all players, in the order given; `declined` says why some of it was not counted."""

    vote: Vote
    coalitions: int
    winning: int
    act: Fraction
    minimal: int | None
    players: tuple[Player, ...]
    declined: str = ""

    @property
    def clashes(self) -> bool:
        """Whether a yes and its contrary could both pass: then more than half of all coalitions win."""
        return 2 * self.winning > self.coalitions

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready data: every number exact as a text beside its nearest float."""
        vote = self.vote
        return {
            "version": INDICES_VERSION,
            "rule": {
                "comparison": "more_than" if vote.strictly else "at_least",
                "quota": _json(vote.quota),
                "total": _json(vote.total),
            },
            "coalitions": {
                "all": _json(self.coalitions),
                "winning": _json(self.winning),
                "minimal_winning": _json(self.minimal),
            },
            "coleman_act": _json(self.act),
            "players": [_player_data(player) for player in self.players],
            "declined": self.declined or None,
        }


def _player_data(player: Player) -> dict[str, Any]:
    return {
        "name": player.name,
        "weight": _json(player.weight),
        "swings": _json(player.swings),
        "banzhaf": _json(player.banzhaf),
        "banzhaf_absolute": _json(player.absolute),
        "shapley_shubik": _json(player.shapley_shubik),
        "coleman_prevent": _json(player.prevent),
        "coleman_initiate": _json(player.initiate),
        "minimal_winning": _json(player.minimal),
        "holler_packel": _json(player.holler_packel),
        "deegan_packel": _json(player.deegan_packel),
        "dummy": player.dummy,
        "veto": player.veto,
        "dictator": player.dictator,
    }


def _json(value: Fraction | int | None) -> dict[str, str | float] | None:
    return None if value is None else {"exact": str(value), "value": float(value)}


@dataclass(frozen=True, slots=True)
class _Minimal:
    """Minimal winning coalitions: all, by player, and the two indices that rest on them."""

    total: int
    holding: list[int]
    holler: list[Fraction]
    deegan: list[Fraction]


def power_indices(vote: Vote) -> Indices:
    """Every index of the vote; LimitExceeded where its numbers have too many digits."""
    weights, quota = vote.scaled()
    heavy = [place for place, weight in enumerate(weights) if weight]
    carried = [weights[place] for place in heavy]
    if votes.swing_cells(carried, quota) > votes.LARGEST:
        raise LimitExceeded(
            f"in whole numbers the weights of this vote come to {_size(sum(carried))}, too many to count "
            f"{counted(len(carried), 'player')} by; round weights and quota to fewer digits"
        )
    by_size, winning = votes.swings(carried, quota)
    # Who has no weight doubles the coalitions, and turns none.
    idle = 2 ** (len(weights) - len(heavy))
    swings, shapley = [0] * len(weights), [Fraction(0)] * len(weights)
    for place, sizes in zip(heavy, by_size, strict=True):
        swings[place] = sum(sizes) * idle
        shapley[place] = _shapley(sizes)
    declined = _declined(carried, quota, len(weights))
    minimal = None if declined else _minimal(weights, heavy, quota)
    everything, won = 2 ** len(weights), winning * idle
    players = tuple(
        _player(vote, place, (weights, quota), swings, shapley[place], won, minimal)
        for place in range(len(weights))
    )
    total = minimal.total if minimal else None
    return Indices(vote, everything, won, Fraction(won, everything), total, players, declined)


def _shapley(sizes: Sequence[int]) -> Fraction:
    """The share of all orders in which a player is the one that turns the vote, from its swings by size."""
    n = len(sizes)
    orders = sum(factorial(s) * factorial(n - 1 - s) * count for s, count in enumerate(sizes))
    return Fraction(orders, factorial(n))


def _declined(carried: Sequence[int], quota: int, players: int) -> str:
    """Why minimal winning coalitions are not counted, or nothing where they are."""
    if players > MOST_FOR_MINIMAL:
        return (
            f"Holler-Packel and Deegan-Packel are counted for up to {MOST_FOR_MINIMAL} players, this vote "
            f"has {players}; for them, join players who always vote together into one."
        )
    if votes.minimal_cells(carried, quota) > votes.LARGEST_MINIMAL:
        return (
            f"Holler-Packel and Deegan-Packel are not counted: in whole numbers the quota is {_size(quota)}; "
            "for them, round weights and quota to fewer digits."
        )
    return ""


def _minimal(weights: Sequence[int], heavy: Sequence[int], quota: int) -> _Minimal:
    table: list[list[int]] = [[] for _ in weights]
    for place, sizes in zip(heavy, votes.minimal([weights[i] for i in heavy], quota), strict=True):
        table[place] = sizes
    holding = [sum(sizes) for sizes in table]
    memberships = sum(holding)
    shares = [sum((Fraction(n, s) for s, n in enumerate(sizes) if n), Fraction(0)) for sizes in table]
    # Each coalition shares out one, so that the shares of all players come to how many there are.
    total = int(sum(shares))
    holler = [Fraction(count, memberships) for count in holding]
    return _Minimal(total, holding, holler, [share / total for share in shares])


def _player(
    vote: Vote,
    place: int,
    scaled: tuple[Sequence[int], int],
    swings: Sequence[int],
    shapley: Fraction,
    winning: int,
    minimal: _Minimal | None,
) -> Player:
    weights, quota = scaled
    count, everything = swings[place], 2 ** len(weights)
    veto = sum(weights) - weights[place] < quota
    return Player(
        name=vote.names[place],
        weight=vote.weights[place],
        swings=count,
        banzhaf=Fraction(count, sum(swings)),
        absolute=Fraction(2 * count, everything),
        shapley_shubik=shapley,
        prevent=Fraction(count, winning),
        initiate=Fraction(count, everything - winning),
        minimal=minimal.holding[place] if minimal else None,
        holler_packel=minimal.holler[place] if minimal else None,
        deegan_packel=minimal.deegan[place] if minimal else None,
        dummy=count == 0,
        veto=veto,
        dictator=veto and weights[place] >= quota,
    )


def _size(whole: int) -> str:
    return f"{whole:,}" if whole < 10**15 else f"a number of {len(str(whole))} digits"


def number(value: Fraction) -> str:
    """A number as people write it: a decimal where it ends soon, or else a fraction."""
    if 10**6 % value.denominator:
        return f"{value.numerator}/{value.denominator}"
    whole, rest = divmod(abs(value) * 10**6, 10**6)
    text = f"{whole:,}.{int(rest):06d}".rstrip("0").rstrip(".")
    return f"-{text}" if value < 0 else text


def percent(share: Fraction) -> str:
    """A share in percent with one decimal, halves up; what is not nothing or all is never called that."""
    tenths = floor(share * 1000 + Fraction(1, 2))
    if 0 < share < 1 and tenths in (0, 1000):
        return "over 99.9%" if tenths else "under 0.1%"
    return f"{tenths // 10}.{tenths % 10}%"


def heading(vote: Vote) -> str:
    """What the indices are about, in a line."""
    return f"Who decides a vote of {counted(len(vote.names), 'player')} that needs {vote.bar}"


def sections(indices: Indices) -> tuple[Section, ...]:
    """What the indices say, players by weight."""
    players = sorted(indices.players, key=lambda player: -player.weight)
    found = [
        Section("The rule", tuple(_rule(indices, players))),
        Section("How often each turns the vote", (_turns(indices, players),)),
        Section("What a no stops and a yes carries", (_stops(players),)),
    ]
    smallest: tuple[Part, ...] = (Note(indices.declined),)
    if indices.minimal is not None:
        smallest = (_smallest(indices.minimal, players), *_minimal_table(players))
    found.append(Section("Winning coalitions that need every member", smallest))
    found.append(Section("How to read this", _READING))
    return tuple(found)


def _rule(indices: Indices, players: Sequence[Player]) -> Iterator[Part]:
    win = "wins" if indices.winning == 1 else "win"
    yield Verdict(
        f"{indices.winning:,} of {indices.coalitions:,} coalitions {win}: {percent(indices.act)} "
        "(Coleman's power of the group to act)."
    )
    dictators = [player.name for player in players if player.dictator]
    if dictators:
        yield Verdict(f"{dictators[0]} decides alone: a dictator.", "no")
    else:
        vetoes = joined(player.name for player in players if player.veto)
        yield Verdict(
            f"Nothing passes without a yes of (veto): {vetoes}." if vetoes else "Nobody has a veto."
        )
    dummies = joined(player.name for player in players if player.dummy)
    yield Verdict(f"Never turns a vote (dummy): {dummies}." if dummies else "Each can turn a vote: no dummy.")
    if indices.clashes:
        yield Note("The quota is low: two coalitions with no member in common could both pass their text.")
    if indices.vote.anybody:
        # A quota meant as a share, beside weights in votes, would otherwise go unseen.
        yield Note(
            "Anybody's yes passes it alone. The quota counts in the unit of the weights; a share of the "
            "whole must be multiplied by the total first."
        )


def _turns(indices: Indices, players: Sequence[Player]) -> Table:
    total = indices.vote.total
    return Table(
        (
            "Player",
            "Weight",
            "Share of the weight",
            "Share of all turns (Banzhaf, normalised)",
            "Turns it, of all orders of joining (Shapley-Shubik)",
            "Turns it, of all line-ups of the others (Banzhaf, absolute)",
        ),
        tuple(
            (
                player.name,
                number(player.weight),
                percent(player.weight / total),
                percent(player.banzhaf),
                percent(player.shapley_shubik),
                percent(player.absolute),
            )
            for player in players
        ),
    )


def _stops(players: Sequence[Player]) -> Table:
    return Table(
        (
            "Player",
            "Coalitions it turns (swings)",
            "Its no stops, of those that win (Coleman, to prevent)",
            "Its yes carries, of those that lose (Coleman, to initiate)",
        ),
        tuple((p.name, f"{p.swings:,}", percent(p.prevent), percent(p.initiate)) for p in players),
    )


def _smallest(total: int, players: Sequence[Player]) -> Verdict:
    win = "wins and needs" if total == 1 else "win and need"
    return Verdict(f"{counted(total, 'coalition')} {win} every member.")


def _minimal_table(players: Sequence[Player]) -> Iterator[Table]:
    rows = [
        (p.name, f"{p.minimal:,}", percent(p.holler_packel), percent(p.deegan_packel))
        for p in players
        if p.minimal is not None and p.holler_packel is not None and p.deegan_packel is not None
    ]
    yield Table(
        (
            "Player",
            "Is needed in",
            "Share of all such places (Holler-Packel)",
            "Share when members split evenly (Deegan-Packel)",
        ),
        tuple(rows),
    )


_READING: tuple[Part, ...] = (
    Note(
        "These figures say how often a player decides when all coalitions (for Shapley-Shubik: all orders of "
        "joining; for Holler-Packel and Deegan-Packel: all winning coalitions that need every member) are "
        "equally likely. They come from the rule alone and do not say how anybody will vote."
    ),
    Note("All counts and fractions are exact; what is shown is rounded to one decimal."),
    Note(
        "Sources: Penrose, J. Royal Statistical Society 109 (1946) and Banzhaf, Rutgers Law Rev. 19 (1965); "
        "Shapley & Shubik, American Political Science Review 48 (1954); Coleman, in Lieberman (ed.), Social "
        "Choice (1971); Holler & Packel, Zeitschrift für Nationalökonomie 43 (1983); Deegan & Packel, "
        "International J. of Game Theory 7 (1978)."
    ),
)
