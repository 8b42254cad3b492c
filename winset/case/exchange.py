"""The phased exchange: who owes what to whom, in which steps, and what holds each to it."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    Discriminator,
    Field,
    GetJsonSchemaHandler,
    Tag,
    model_serializer,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from winset.case.base import Frozen, Id, Map, Names, Short, Sources, Text
from winset.case.estimate import Chance, Estimate, Points
from winset.case.rules import Reason


class Rate(Estimate):
    """A rate a day, 0 to 1."""

    lower: ClassVar[float] = 0.0
    upper: ClassVar[float] = 1.0
    unit: ClassVar[str] = "a rate a day"


class ByOption(Frozen):
    """Points that depend on how an issue is settled: `{by: issue, option: points, ...}`."""

    by: str = Field(description="the issue it depends on")
    options: Map[str, Points] = Field({}, description="points by option; the options may stand beside `by`")

    @model_validator(mode="before")
    @classmethod
    def _gather(cls, value: Any) -> Any:
        if isinstance(value, dict) and "options" not in value:
            return {"by": value["by"], "options": {k: v for k, v in value.items() if k != "by"}}
        return value

    @model_serializer(mode="wrap")
    def _spread(self, handler: Any) -> Any:
        found = handler(self)
        return {"by": found["by"], **found["options"]}

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        full = handler.resolve_ref_schema(handler(schema))
        return {
            "type": "object",
            "description": full["description"],
            "properties": full["properties"],
            "required": ["by"],
            "additionalProperties": full["properties"]["options"]["additionalProperties"],
        }


def _which(value: Any) -> str:
    """`by` with neither `mode` nor `shape` names an issue; beside them, who judged an estimate."""
    if isinstance(value, ByOption):
        return "<by option>"
    by = isinstance(value, dict) and "by" in value and not {"mode", "shape"} & set(value)
    return "<by option>" if by else "<points>"


Amount = Annotated[
    Annotated[Points, Tag("<points>")] | Annotated[ByOption, Tag("<by option>")],
    Discriminator(_which),
]


class Worth(Frozen):
    """What the lots of an obligation are worth to somebody, summed up lot by lot; negative for a cost."""

    cumulative: tuple[Points, ...] = Field(min_length=1, description="worth of 1, 2, ... lots delivered")


def _worth_kind(value: Any) -> str:
    if isinstance(value, Worth) or (isinstance(value, dict) and "cumulative" in value):
        return "<lot by lot>"
    return "<evenly>"


Worths = Annotated[
    Annotated[Worth, Tag("<lot by lot>")] | Annotated[Amount, Tag("<evenly>")],
    Discriminator(_worth_kind),
]


MOST_DAYS, MOST_GRACE = 36_500, 365  # a hundred years, and one


class Prerequisite(Short):
    """An obligation that must have been delivered before; a plain id stands for all its lots."""

    obligation: str
    lots: int | None = Field(None, ge=1, strict=True, description="how many of its lots; default all")
    as_read_by: Names = Field((), description="the parties that read the text so; default everybody")


class Obligation(Frozen):
    """Something that a side is to deliver, in one lot or several."""

    by: str = Field(description="the side that delivers it")
    what: Text
    lots: int = Field(1, ge=1, le=100_000, strict=True, description="how many parts it can be delivered in")
    unit: Text | None = Field(None, description="what a lot is")
    worth: Map[str, Worths] = Field(
        description="by side, of all lots together (spread evenly) or `{cumulative: [...]}`; negative: a cost"
    )
    reversible: Chance = Field(
        Chance(low=0, mode=0, high=0), description="share of its worth that can be taken back, 0 to 1"
    )
    earliest: int = Field(
        0, ge=0, le=MOST_DAYS, strict=True, description="first day on which it may be delivered"
    )
    latest: int | None = Field(None, ge=0, le=MOST_DAYS, strict=True, description="last day")
    after: tuple[Prerequisite, ...] = Field((), description="what must have been delivered before")
    verifier: str | None = Field(None, description="the side that verifies it")
    detection: Chance | None = Field(None, description="chance that a default on it is seen as one")
    article: Text | None = Field(None, description="article of the text")
    hard: Chance | None = Field(None, description="chance that it is late though its giver tries")
    because: Reason | None = None
    source: Sources | None = None
    note: Text | None = None


class Step(Frozen):
    """What is delivered on a day: by one side, by several at once (`joint`), or through `escrow`."""

    day: int = Field(ge=0, le=MOST_DAYS, strict=True, description="days from the start")
    by: Names = Field(description="who acts")
    does: Map[str, int] = Field(description="lots delivered, by obligation")
    kind: Literal["uni", "joint", "escrow"] | None = Field(
        None, description="default: `uni` for one actor; several need `joint` or `escrow`"
    )
    note: Text | None = None


class Schedule(Frozen):
    """An order of steps in which everything owed is delivered."""

    title: Text | None = None
    steps: tuple[Step, ...] = Field(min_length=1)
    partial: bool = Field(False, strict=True, description="it may leave something undelivered")
    package: Map[str, str] = Field(
        {}, description="option by issue that it supposes, whatever the text on the table says"
    )
    because: Reason | None = None
    source: Sources | None = None
    note: Text | None = None


class Fallback(Frozen):
    """What stopping is worth to a side, and how that moves with what has been delivered."""

    base: Amount = Field(Points(low=0, mode=0, high=0), description="points when nothing was delivered")
    moves: Map[str, Amount] = Field(
        {}, description="by obligation: what its full delivery adds (lost leverage: negative)"
    )
    because: Reason | None = None
    source: Sources | None = None


class Guarantee(Frozen):
    """What a side loses when it is seen to default."""

    points: Amount
    by: str | None = Field(None, description="who would make it pay")
    acts: Chance = Field(Chance(low=1, mode=1, high=1), description="chance that the guarantor acts")
    article: Text | None = None
    because: Reason | None = None
    source: Sources | None = None


class Monitoring(Frozen):
    """How well defaults are told from honest steps."""

    detection: Chance = Field(
        Chance(low=1, mode=1, high=1), description="chance that a default is seen as one"
    )
    false_alarm: Chance = Field(
        Chance(low=0, mode=0, high=0), description="chance that an honest step is taken for a default"
    )
    by: str | None = Field(None, description="who monitors")
    source: Sources | None = None


class Hazard(Frozen):
    """Incidents that end it: a rate a day from a day on."""

    from_: int = Field(0, alias="from", ge=0, le=MOST_DAYS, strict=True, description="first day")
    rate: Rate
    source: Sources | None = None


class Exchange(Frozen):
    """The phased exchange: obligations, schedules, and what holds each side to its part."""

    obligations: Map[Id, Obligation] = Field(description="who owes what")
    schedules: Map[Id, Schedule] = Field({}, description="orders of steps, by name")
    package: Map[str, str] = Field(
        {}, description="option by issue, where numbers depend on it and the text leaves it open"
    )
    fallbacks: Map[str, Fallback] = Field({}, description="what stopping is worth, by side; default 0")
    closing: Map[str, Amount] = Field(
        {}, description="what completion is worth beyond the deliveries, by side"
    )
    guarantees: Map[str, Guarantee] = Field({}, description="what a side loses on default, by side")
    monitoring: Monitoring = Field(Monitoring(), description="how well defaults are seen")
    hazard: tuple[Hazard, ...] = Field((), description="chance a day of an incident that ends it")
    discount: Map[str, Rate] = Field({}, description="how much less a day later is worth, by side; default 0")
    grace: int = Field(
        0,
        ge=0,
        le=MOST_GRACE,
        strict=True,
        description="days that a step may be late before it counts as default",
    )
    stalling: Map[str, Points] = Field({}, description="points a day that a side gains by being late")
    noise: Points = Field(
        Points(low=5, mode=5, high=5), description="points by which a side may err (for completion)"
    )
    source: Sources | None = None
    note: Text | None = None
