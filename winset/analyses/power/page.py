"""The page of one weighted vote."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from winset.analyses.power.figures import number, percent
from winset.analyses.power.indices import Indices, Player
from winset.analyses.power.vote import Vote
from winset.analyses.sections import Note, Part, Section, Table, Verdict
from winset.analyses.wording import counted, joined


def heading(vote: Vote) -> str:
    """What the indices are about, in a line."""
    return f"Who decides a vote of {counted(len(vote.names), 'player')} that needs {vote.bar}"


def sections(vote: Vote, indices: Indices) -> tuple[Section, ...]:
    """What the indices of a vote say, players by weight."""
    weights = dict(zip(vote.names, vote.weights, strict=True))
    players = sorted(indices.players, key=lambda player: -weights[player.name])
    found = [
        Section("The rule", tuple(_rule(vote, indices, players))),
        Section("How often each turns the vote", (_turns(vote, weights, players),)),
        Section("What a no stops and a yes carries", (_stops(players),)),
    ]
    smallest: tuple[Part, ...] = (Note(indices.declined),)
    if indices.minimal is not None:
        smallest = (_smallest(indices.minimal, players), *_minimal_table(players))
    found.append(Section("Winning coalitions that need every member", smallest))
    found.append(Section("How to read this", _READING))
    return tuple(found)


def _rule(vote: Vote, indices: Indices, players: Sequence[Player]) -> Iterator[Part]:
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
    if vote.anybody:
        # A quota meant as a share, beside weights in votes, would otherwise go unseen.
        yield Note(
            "Anybody's yes passes it alone. The quota counts in the unit of the weights; a share of the "
            "whole must be multiplied by the total first."
        )


def _turns(vote: Vote, weights: Mapping[str, Fraction], players: Sequence[Player]) -> Table:
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
                number(weights[player.name]),
                percent(weights[player.name] / vote.total),
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


EQUALLY_LIKELY = (
    "These figures say how often a player decides when all coalitions (for Shapley-Shubik: all orders of "
    "joining; for Holler-Packel and Deegan-Packel: all winning coalitions that need every member) are "
    "equally likely."
)
SOURCES = (
    "Sources: Penrose, J. Royal Statistical Society 109 (1946) and Banzhaf, Rutgers Law Rev. 19 (1965); "
    "Shapley & Shubik, American Political Science Review 48 (1954); Coleman, in Lieberman (ed.), Social "
    "Choice (1971); Holler & Packel, Zeitschrift für Nationalökonomie 43 (1983); Deegan & Packel, "
    "International J. of Game Theory 7 (1978)."
)
_READING: tuple[Part, ...] = (
    Note(f"{EQUALLY_LIKELY} They come from the rule alone and do not say how anybody will vote."),
    Note("All counts and fractions are exact; what is shown is rounded to one decimal."),
    Note(SOURCES),
)
