"""The case: everything that is known about a negotiation. Every key, type, unit and meaning stands here.

The JSON Schema and the reference page are generated from these classes.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Discriminator,
    Field,
    PrivateAttr,
    Tag,
    model_serializer,
)

from winset.case import conditions
from winset.case.base import Date, Frozen, Id, Map, Names, Short, Sources, Text, fault
from winset.case.estimate import Chance, Points, Score, Weight
from winset.case.exchange import Exchange
from winset.case.rules import Reason, Rule
from winset.case.yaml12 import Document, Path
from winset.errors import clip

FORMAT_VERSION = 1
SECTIONS_TO_COME = {
    "conflict": "the stability of the conflict",
    "forecast": "the forecast",
    "reading": "claims read from documents",
    "map": "lines on a map",
}


def _check_condition(text: str) -> str:
    try:
        conditions.parse(text)
    except conditions.ConditionFault as error:
        raise fault(error.message, error.way_out) from None
    return text


def _check_version(version: int) -> int:
    if version != FORMAT_VERSION:
        message = f"format version {version} is not one that this winset reads"
        raise fault(message, f"write `winset: {FORMAT_VERSION}`")
    return version


Condition = Annotated[
    Text,
    AfterValidator(_check_condition),
    Field(description="a condition such as `hours == half and fee in [free, low]`"),
]


class Source(Frozen):
    """Where a number or statement comes from."""

    title: Text = Field(description="what it is")
    publisher: Text | None = None
    date: Date | None = Field(None, description="day of publication; not later than `as_of`")
    url: Text | None = Field(None, description="kept for the reader; never opened")
    note: Text | None = None


class Faction(Frozen):
    """A group within a party whose consent may count at home."""

    name: Text
    people: tuple[Text, ...] = ()
    role: Text | None = Field(None, description="who they are and what they can do")
    weight: Weight = Field(Weight(low=1, mode=1, high=1), description="weight at home; default 1")
    walk_out: Points | None = Field(None, description="points under which it walks out (<= walk-away)")
    topple: Points | None = Field(None, description="points under which it topples (<= walk_out)")
    source: Sources | None = None
    note: Text | None = None


class Survival(Frozen):
    """When walk-outs bring a government down."""

    majority: Weight = Field(description="seats that a government needs")
    seats: Map[str, Weight] = Field(description="seats by faction that carry it")
    safety_net: Map[str, Weight] | None = Field(None, description="seats by faction that step in for it")
    source: Sources | None = None
    note: Text | None = None


class Party(Frozen):
    """A side at the table, with its home."""

    name: Text
    role: Literal["negotiator", "observer"] = "negotiator"
    delegation: tuple[Text, ...] = Field((), description="who sits at the table")
    factions: Map[Id, Faction] = Field({}, description="default: one faction of the party's own name")
    speaks_for: str | None = Field(None, description="the faction that signs; needed with several factions")
    ratification: Rule | None = Field(None, description="what home must do; default: nothing further")
    survival: Survival | None = None
    power: Weight = Field(Weight(low=1, mode=1, high=1), description="weight in Nash's product, compromise")
    source: Sources | None = None
    note: Text | None = None


class Mediator(Frozen):
    """A third party: advisory, or one whose consent is required."""

    name: Text
    people: tuple[Text, ...] = ()
    consent: Literal["advisory", "required"] = "advisory"
    source: Sources | None = None
    note: Text | None = None


class Option(Short):
    """One way to settle an issue; a plain text or number stands for its `label`."""

    label: Text
    basis: Text | None = Field(None, description="where the option comes from, in words")
    source: Sources | None = None
    position: float | None = Field(
        None, ge=0, le=100, strict=True, description="place on a line from 0 to 100; default evenly spaced"
    )

    @model_serializer(mode="wrap")
    def _write(self, handler: Any) -> Any:
        kept = {key: value for key, value in handler(self).items() if value is not None}
        return kept["label"] if set(kept) == {"label"} else kept


class Issue(Frozen):
    """A sticking point with the ways to settle it."""

    title: Text
    options: Map[Id, Option] = Field(description="at least 2, in an order that means something")
    because: Reason | None = Field(None, description="what makes it a sticking point")
    tier: Literal["core", "extended"] = Field("core", description="`extended`: in play only when asked for")
    source: Sources | None = None
    note: Text | None = None


def _read_rank(value: Any) -> Any:
    names = (value,) if isinstance(value, str) else value
    if not isinstance(names, list | tuple) or not names or not all(isinstance(n, str) for n in names):
        raise fault(f"expects an id, has {clip(value)}", "write an id, or `[id, id]` for ids that are level")
    return names[0] if len(names) == 1 else tuple(names)


class Ranking(Frozen):
    """An order in place of numbers, best or most important first; a list inside ties its members."""

    order: tuple[Annotated[str | tuple[str, ...], BeforeValidator(_read_rank)], ...] = Field(min_length=1)

    @property
    def levels(self) -> tuple[tuple[str, ...], ...]:
        """The ranks from the top, each with those level on it."""
        return tuple((rank,) if isinstance(rank, str) else rank for rank in self.order)


def _check_mapping(value: Any) -> Any:
    if not isinstance(value, dict | Ranking):
        raise fault(f"expects numbers by id or `order`, has {clip(value)}", "write {id: number, ...}")
    return value


def _numbers_or_ranks(value: Any) -> str:
    return "<ranks>" if isinstance(value, Ranking) or "order" in value else "<numbers>"


Weights = Annotated[
    Annotated[Map[str, Weight], Tag("<numbers>")] | Annotated[Ranking, Tag("<ranks>")],
    Discriminator(_numbers_or_ranks),
    BeforeValidator(_check_mapping),
]
Scores = Annotated[
    Annotated[Map[str, Score], Tag("<numbers>")] | Annotated[Ranking, Tag("<ranks>")],
    Discriminator(_numbers_or_ranks),
    BeforeValidator(_check_mapping),
]


class Preference(Frozen):
    """What a faction wants: its walk-away, weights, scores and red lines."""

    walk_away: Points = Field(description="no deal is worth this many points")
    noise: Points | None = Field(None, description="doubt left when everything else is known, in points")
    weights: Weights = Field(description="weight by issue, or their order")
    scores: Map[str, Scores] = Field(description="score by issue and option (0 to 100), or their order")
    red_lines: Map[str, Chance] = Field(
        {}, description="chance that an option (`issue.option`) or condition is an absolute no"
    )
    because: Map[str, Reason] = Field({}, description="reason by issue")
    source: Sources | None = Field(None, description="source of all numbers here that name no other")
    by: Text | None = Field(None, description="who judged them")
    note: Text | None = None


class Constraint(Frozen):
    """Packages that cannot be."""

    id: Id
    forbid: Condition
    because: Reason | None = None


class Joint(Frozen):
    """An interaction: points on top of the additive score where the condition holds."""

    for_: str = Field(alias="for", description="the faction (`party.faction`, or a party without factions)")
    when: Condition
    add: Points
    because: Reason | None = None


class Caution(Frozen):
    """What makes packages doubtful without forbidding them; always shown beside them."""

    id: Id | None = None
    when: Condition
    because: Reason
    chance: Chance | None = Field(None, description="chance that it can be carried out as written")
    source: Sources | None = None


class Draft(Frozen):
    """A text being discussed; issues it is silent on stay open."""

    title: Text | None = None
    date: Date | None = None
    package: Map[str, str] = Field(description="option by issue")
    source: Sources | None = None
    note: Text | None = None


class Event(Frozen):
    """A deadline, event or pressure: who presses whom, until when."""

    date: Date
    until: Date | None = None
    what: Text
    by: Names = Field((), description="who presses")
    presses: Names = Field((), description="who is pressed")
    source: Sources | None = None
    note: Text | None = None


class Known(Frozen):
    """Something known that is not bargained over."""

    what: Text
    date: Date | None = None
    source: Sources | None = None


class Lever(Frozen):
    """A named change that somebody could bring about."""

    id: Id
    by: Names = Field((), description="who holds it")
    what: Text
    set: Map[str, Any] = Field(description="new value by path; `null` removes an entry")
    because: Reason | None = None
    source: Sources | None = None


class Spoiler(Frozen):
    """Somebody who could wreck a deal that was signed and ratified, and when it would (Stedman 1997)."""

    name: Text
    position: Literal["inside", "outside"] = Field(description="whether it takes part in the process")
    type: Literal["limited", "greedy", "total"] = Field(
        description="`limited`: opposes what its faction refuses; `greedy`: also what gives it less than it "
        "holds out for; `total`: every package"
    )
    faction: str | None = Field(None, description="whose wants it has: `party.faction`, party or mediator")
    trigger: Condition | None = Field(None, description="condition: opposes every package in which it holds")
    greed: Points | None = Field(
        None, description="points above the walk-away that a greedy one holds out for; default 0"
    )
    capability: Chance = Field(
        description="your estimate of the chance that its opposition wrecks such a deal"
    )
    because: Reason | None = Field(None, description="why it would, and why it could")
    source: Sources | None = None
    note: Text | None = None

    @property
    def says_when(self) -> bool:
        """Whether it is known when it opposes."""
        return self.type == "total" or self.faction is not None or self.trigger is not None


class Case(Frozen):
    """A negotiation: who is at the table, what they differ on, what each wants, and what is known."""

    winset: Annotated[int, AfterValidator(_check_version)] = Field(
        strict=True, description="version of the case format: 1"
    )
    title: Text
    as_of: Date | None = Field(None, description="nothing later may be used as a source")
    status_quo: Text | None = Field(None, description="what happens without agreement")
    facts: tuple[Known, ...] = Field((), description="what is known and not bargained over")
    sources: Map[Id, Source] = Field({}, description="where numbers and statements come from")
    parties: Map[Id, Party] = Field({}, description="the sides at the table, with their homes")
    mediators: Map[Id, Mediator] = Field({}, description="third parties")
    issues: Map[Id, Issue] = Field({}, description="what is in dispute")
    preferences: Map[str, Preference] = Field({}, description="by `party.faction`, party or mediator")
    constraints: tuple[Constraint, ...] = Field((), description="packages that cannot be")
    joint: tuple[Joint, ...] = Field((), description="interactions of issues")
    cautions: tuple[Caution, ...] = Field((), description="what is doubtful, not forbidden")
    texts: Map[Id, Draft] = Field({}, description="drafts being discussed")
    on_the_table: str | None = Field(None, description="id of the text now discussed")
    calendar: tuple[Event, ...] = Field((), description="deadlines, events, pressure")
    exchange: Exchange | None = Field(
        None, description="who hands over what, when, and what holds each to it"
    )
    spoilers: Map[Id, Spoiler] = Field({}, description="who could wreck a deal that was signed and ratified")
    levers: tuple[Lever, ...] = Field((), description="named changes that could be brought about")
    objective: Names | None = Field(None, description="the parties whom fairness counts")
    table_rule: Rule | None = Field(None, description="whose consent makes a deal; default: all required")

    _id: str = PrivateAttr("")
    _document: Document | None = PrivateAttr(None)

    @property
    def id(self) -> str:
        """The case's id: its folder's name for `case.yaml`, else the file's stem; '' when unnamed."""
        return self._id

    def named(self, case_id: str, document: Document | None = None) -> Case:
        """The same case under an id, remembering the document it was read from."""
        copy = self.model_copy()
        copy._id, copy._document = case_id, document
        return copy

    def place(self, path: Path) -> tuple[str, int, int]:
        """File, line and column of a key, zeros where the case was not read from a file."""
        if self._document is None:
            return (self._id, 0, 0)
        return (self._document.name, *self._document.place(path))
