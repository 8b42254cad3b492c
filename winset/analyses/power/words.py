"""The power result as a section: who is needed and who never counts, rule by rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from winset.analyses.power.answers import PowerResult, RulePower
from winset.analyses.power.figures import number, percent
from winset.analyses.power.game import MOST_GONE_THROUGH
from winset.analyses.power.indices import Indices, Player
from winset.analyses.power.page import EQUALLY_LIKELY, SOURCES
from winset.analyses.sections import Note, Part, Section, Table, Verdict
from winset.analyses.wording import joined
from winset.case import table
from winset.case.model import Case

METHOD: tuple[Part, ...] = (
    Note(
        "Every home's rule, and the table's if it has one, is taken by itself, as a vote of yes and no in "
        "which everybody is present. A referendum is a vote of its groups, each as one, at the mode. "
        f"{EQUALLY_LIKELY} Counts are exact: by weights for one quota, or else by going through all "
        f"coalitions of up to {MOST_GONE_THROUGH} members."
    ),
    Note(SOURCES),
)
_NO_RULE = (
    "The case gives no rule for a home or the table: who signs decides for its side, and all whose consent "
    "is required must give it."
)
_READING = (
    "Of all turns of a vote: how many are the member's. Of all orders of joining: in how many it is the one "
    "that turns the vote. Its no stops: of all coalitions that pass. Its yes carries: of all that do not. "
    "Needed in: coalitions that pass, and would not without any one of theirs."
)


def sections(case: Case, result: PowerResult) -> tuple[Section, ...]:
    """What the result has to say about the case."""
    powers = tuple(result.rules.values())
    tables = [_table(case, p, p.indices) for p in powers if p.indices and not _all_told(p.indices)]
    parts: list[Part] = [*_findings(case, powers), *_left_aside(case, powers)] or [Note(_NO_RULE)]
    parts += [Note(_READING), *tables] if tables else []
    parts += [Note(caveat) for caveat in result.caveats] if powers else []
    return (Section("Who decides by the rules alone", tuple(parts)),)


def _findings(case: Case, powers: Iterable[RulePower]) -> Iterator[Part]:
    alone = []
    for power in powers:
        where = _where(case, power)
        if power.settled == "always":
            yield Verdict(_sentence(f"{where} the rule holds even if all refuse: nobody decides"), "part")
        elif power.settled == "never":
            yield Verdict(_sentence(f"{where} the rule cannot hold, even if all accept"), "no")
        elif power.indices is None:
            yield Note(_sentence(f"{where} power is not counted: {power.declined}"))
        elif len(power.members) == 1:
            alone.append(f"{where} with {table.name_of(case, power.members[0])}")
        else:
            yield Verdict(_sentence(f"{where} {_who_decides(case, power.indices)}"))
    if alone:
        yield Verdict(f"The decision rests with one alone: {joined(alone)}.")


def _all_told(indices: Indices) -> bool:
    """Whether it is all said by who must accept: then that is enough."""
    return all(player.veto or player.dummy for player in indices.players)


def _who_decides(case: Case, indices: Indices) -> str:
    """Who is needed, or else who turns the vote most often; and who never does.

    Names may be of one or of many: no verb here depends on that.
    """
    vetoes = _named(case, (player for player in indices.players if player.veto))
    dummies = _named(case, (player for player in indices.players if player.dummy))
    most = max(player.swings for player in indices.players)
    strongest = [player for player in indices.players if player.swings == most]
    if any(player.dictator for player in indices.players):
        said = f"the decision rests with {vetoes} alone"
    elif _all_told(indices):
        said = f"a yes of {vetoes} is needed and enough"
    elif vetoes:
        said = f"nothing passes without a yes of {vetoes}"
    elif len(strongest) == len(indices.players):
        said = "nobody has a veto, and all have the same power"
    else:
        said = f"nobody has a veto; the vote is turned most often by {_named(case, strongest)}"
    return f"{said}; {dummies} can never turn a vote" if dummies else said


def _left_aside(case: Case, powers: Iterable[RulePower]) -> Iterator[Note]:
    """What was not taken into account, rule by rule."""
    absent = joined(_where(case, power) for power in powers if power.presence_left_aside)
    if absent:
        yield Note(
            f"Presence is left aside {absent}: the vote depends on who is there, and everybody is taken "
            "to be."
        )
    for power in powers:
        if power.indices is not None and power.indices.declined:
            yield Note(_sentence(f"{_where(case, power)}: {power.indices.declined}"))


def _table(case: Case, power: RulePower, indices: Indices) -> Table:
    """The members by how often they turn the vote; columns only for what was counted."""
    players = sorted(indices.players, key=lambda player: -player.swings)
    where = _capital(_where(case, power))
    columns = [(where, [table.name_of(case, player.name) for player in players])]
    weights = [player.weight for player in players]
    if indices.vote is not None:
        columns.append(("Weight", [number(weight) for weight in weights if weight is not None]))
    columns += [
        ("Of all turns (Banzhaf)", [percent(player.banzhaf) for player in players]),
        ("Of all orders (Shapley-Shubik)", [percent(player.shapley_shubik) for player in players]),
        ("Its no stops", [percent(player.prevent) for player in players]),
        ("Its yes carries", [percent(player.initiate) for player in players]),
    ]
    if indices.minimal is not None:
        columns.append(("Needed in", [f"{player.minimal:,} of {indices.minimal:,}" for player in players]))
    heads, cells = zip(*columns, strict=True)
    caption = f"{where}: {power.rule} ({indices.winning:,} of {indices.coalitions:,} coalitions pass)"
    return Table(heads, tuple(zip(*cells, strict=True)), caption)


def _where(case: Case, power: RulePower) -> str:
    return "at the table" if power.side is None else f"at home of {case.parties[power.side].name}"


def _named(case: Case, players: Iterable[Player]) -> str:
    return joined(table.name_of(case, player.name) for player in players)


def _sentence(text: str) -> str:
    return f"{_capital(text).removesuffix('.')}."


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
