"""Estimates: a number that is known (`50`), guessed within limits (`[40, 50, 60]`), or spelled out."""

from __future__ import annotations

import math
from typing import Any, ClassVar, Literal, Self

from pydantic import GetJsonSchemaHandler, model_serializer, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from winset.case.base import Frozen, Sources, Text, fault
from winset.errors import clip

LARGEST = 1e6
_FORMS = "write a number, [low, mode, high], or {low, mode, high, shape, source, by, note}"
_KEYS = ("low", "mode", "high", "shape", "source", "by", "note")


class Estimate(Frozen):
    """A number in points, or a judgement of one: low <= mode <= high (a `uniform` has no mode)."""

    lower: ClassVar[float] = -LARGEST
    upper: ClassVar[float] = LARGEST
    unit: ClassVar[str] = "a number"

    low: float
    mode: float | None = None
    high: float
    shape: Literal["triangular", "pert", "uniform"] = "triangular"
    source: Sources | None = None
    by: Text | None = None
    note: Text | None = None

    @property
    def point(self) -> float:
        """The value in point mode: the mode, or the midpoint of a `uniform`."""
        return (self.low + self.high) / 2 if self.mode is None else self.mode

    @property
    def is_point(self) -> bool:
        """Whether no doubt is left: low and high are the same number."""
        return self.low == self.high

    @property
    def deviation(self) -> float:
        """The standard deviation of the judgement; 0 where the number is known."""
        low, middle, high = self.low, self.point, self.high
        if self.shape == "uniform":
            return (high - low) / math.sqrt(12)
        if self.shape == "pert":
            mean = (low + 4 * middle + high) / 6
            return math.sqrt((mean - low) * (high - mean) / 7)
        return math.sqrt(((high - low) ** 2 - (middle - low) * (high - middle)) / 18)

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: Any) -> Any:
        if isinstance(value, cls):
            return dict(value)
        if isinstance(value, list | tuple):
            if len(value) != 3:
                raise fault(f"expects three numbers, has {len(value)}", "write [low, mode, high]")
            value = dict(zip(("low", "mode", "high"), value, strict=True))
        elif not isinstance(value, dict):
            value = dict.fromkeys(("low", "mode", "high"), value)
        missing = [key for key in ("low", "high") if key not in value]
        if missing:
            raise fault(f"the estimate has no `{missing[0]}`", _FORMS)
        for key in ("low", "mode", "high"):
            if key in value:
                cls._check_number(value[key])
        return value

    @classmethod
    def _check_number(cls, value: Any) -> None:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise fault(f"expects {cls.unit}, has {clip(value)}", _FORMS)
        if isinstance(value, float) and not math.isfinite(value):
            raise fault(f"expects {cls.unit}, has {value}", "write a finite number")
        if not cls.lower <= value <= cls.upper:
            limits = f"{cls.lower:g} to {cls.upper:g}"
            raise fault(f"{clip(value)} is outside {limits}", f"{cls.unit} lies within {limits}")

    @model_validator(mode="after")
    def _check_order(self) -> Self:
        if self.shape == "uniform":
            if self.mode is not None and not self.is_point:
                raise fault("a uniform estimate has no mode", "remove `mode`, or use another shape")
        elif self.mode is None:
            raise fault("the estimate has no `mode`", "add `mode`, or say `shape: uniform`")
        ordered = [self.low, *([] if self.mode is None else [self.mode]), self.high]
        if ordered != sorted(ordered):
            raise fault(f"{_numbers(ordered)} does not rise", "write low <= mode <= high")
        return self

    @model_serializer(mode="wrap")
    def _write(self, handler: Any) -> Any:
        plain = not (self.source or self.by or self.note) and self.shape == "triangular"
        if plain and self.is_point:
            return _short(self.low)
        if plain:
            return [_short(self.low), _short(self.point), _short(self.high)]
        kept = {key: value for key, value in handler(self).items() if value is not None}
        return {key: _short(value) if isinstance(value, float) else value for key, value in kept.items()}

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        number = {"type": "number", "minimum": cls.lower, "maximum": cls.upper}
        spelled = {
            "type": "object",
            "properties": {
                **{key: {**number, "description": f"{key} value"} for key in ("low", "mode", "high")},
                "shape": {"enum": ["triangular", "pert", "uniform"], "default": "triangular"},
                "source": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
                "by": {"type": "string", "description": "who judged it"},
                "note": {"type": "string"},
            },
            "required": ["low", "high"],
            "additionalProperties": False,
        }
        triple = {"type": "array", "items": number, "minItems": 3, "maxItems": 3}
        return {"description": cls.unit, "anyOf": [number, triple, spelled]}


def _short(value: float) -> int | float:
    """A whole number without its decimal point, as people write it."""
    return int(value) if float(value).is_integer() else value


def _numbers(values: list[float]) -> str:
    return "[" + ", ".join(f"{_short(value)}" for value in values) + "]"


class Points(Estimate):
    """A number in utility points; 0 to 100 is usual, joint terms may lead beyond."""

    unit: ClassVar[str] = "a number of points"


class Score(Estimate):
    """How good an option is for a faction, 0 to 100 points."""

    lower: ClassVar[float] = 0.0
    upper: ClassVar[float] = 100.0
    unit: ClassVar[str] = "a score from 0 to 100"


class Weight(Estimate):
    """A weight, 0 or more; only proportions count."""

    lower: ClassVar[float] = 0.0
    unit: ClassVar[str] = "a weight of 0 or more"


class Chance(Estimate):
    """A probability, 0 to 1."""

    lower: ClassVar[float] = 0.0
    upper: ClassVar[float] = 1.0
    unit: ClassVar[str] = "a probability from 0 to 1"

    @property
    def counts(self) -> bool:
        """Whether it is taken to happen in point mode: from 0.5."""
        return self.point >= 0.5
