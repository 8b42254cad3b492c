"""What every part of the case model shares: frozen models, frozen mappings, ids, texts, dates."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Any, NoReturn, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    GetJsonSchemaHandler,
    PlainSerializer,
    PlainValidator,
    WithJsonSchema,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError

from winset.case.yaml12 import written
from winset.errors import clip

ID = re.compile(r"[a-z][a-z0-9_]*\Z")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
JUDGEMENT = "judgement"
RESERVED_IDS = frozenset({"order", "and", "or", "not", "in", JUDGEMENT})

K = TypeVar("K")
V = TypeVar("V")


def fault(message: str, way_out: str) -> PydanticCustomError:
    """A validation error in our own words, with the way out."""
    return PydanticCustomError("winset", "{message}; {way_out}", {"message": message, "way_out": way_out})


class Frozen(BaseModel):
    """A part of a case: frozen, with unknown keys an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, validate_default=True)


class Short(Frozen):
    """A part that a plain text may stand for: the text is its first key."""

    @model_validator(mode="before")
    @classmethod
    def _read_short(cls, value: Any) -> Any:
        return value if isinstance(value, dict | cls) else {next(iter(cls.model_fields)): value}

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        full = handler.resolve_ref_schema(handler(schema))
        return {
            "description": full.get("description", ""),
            "anyOf": [{"type": ["string", "number"]}, {k: v for k, v in full.items() if k != "description"}],
        }


class FrozenDict(dict[K, V]):
    """A mapping that stays as it was read."""

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("a case is frozen; make a new one with `patch`")

    __setitem__ = __delitem__ = __ior__ = _refuse
    update = clear = pop = popitem = setdefault = _refuse

    def __reduce__(self) -> tuple[type[FrozenDict[K, V]], tuple[dict[K, V]]]:
        return FrozenDict, (dict(self),)


Map = Annotated[Mapping[K, V], AfterValidator(FrozenDict)]


def _check_id(value: str) -> str:
    if not ID.match(value):
        raise fault(f"'{clip(value)}' is not an id", "use small letters, digits and _, a letter first")
    if value in RESERVED_IDS:
        raise fault(f"'{value}' is a reserved word", "choose another id")
    return value


def _read_text(value: Any) -> Any:
    if value is None:
        raise fault("has no text", "write a text, in quotes if it is special")
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise fault(f"expects a text, has {clip(value)}", "put the text in quotes")
    text = written(value)
    if not text.strip():
        raise fault("is an empty text", "write something or leave the key out")
    if _CONTROL.search(text):
        raise fault("holds control characters, which could steer a terminal", "remove them")
    return text


def _read_date(value: Any) -> Any:
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    way_out = "write it as YYYY-MM-DD"
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
        raise fault(f"'{clip(value)}' is not a date", way_out)
    try:
        return dt.date.fromisoformat(value)
    except ValueError as error:
        raise fault(f"'{value}' is not a date: {error}", way_out) from None


def read_fraction(value: Any) -> Fraction:
    """An exact share from `2/3`, `0.6` or a number; refused outside 0 to 1."""
    way_out = "write a fraction such as 2/3 or a number from 0 to 1"
    text = written(value)
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1:
        return Fraction(repr(float(value)))
    if isinstance(value, bool) or not re.fullmatch(r"\d{1,15}(\.\d{1,15})?(/\d{1,15})?", text, re.ASCII):
        raise fault(f"expects a share, has {clip(text)}", way_out)
    top, _, bottom = text.partition("/")
    if bottom and int(bottom) == 0:
        raise fault(f"{text} divides by zero", way_out)
    share = Fraction(top) / Fraction(bottom or 1)
    if share > 1:
        raise fault(f"{text} is more than the whole", way_out)
    return share


def _read_names(value: Any) -> Any:
    names = (value,) if isinstance(value, str) else value
    if not isinstance(names, list | tuple) or not all(isinstance(name, str) for name in names):
        raise fault(f"expects an id or a list of ids, has {clip(value)}", "write `id` or `[id, id]`")
    return tuple(names)


def _write_names(value: tuple[str, ...]) -> str | list[str]:
    return value[0] if len(value) == 1 else list(value)


Id = Annotated[str, AfterValidator(_check_id)]
# A number in the place of a text is kept as it was written.
Text = Annotated[str, BeforeValidator(_read_text), WithJsonSchema({"type": ["string", "number"]})]
Date = Annotated[dt.date, BeforeValidator(_read_date)]
Share = Annotated[
    Fraction,
    PlainValidator(read_fraction),
    PlainSerializer(str),
    WithJsonSchema(
        {
            "title": "Share",
            "anyOf": [
                {"type": "number", "minimum": 0, "maximum": 1},
                {"type": "string", "pattern": r"^\d+(\.\d+)?(/\d+)?$"},
            ],
        }
    ),
]
Names = Annotated[
    tuple[str, ...],
    BeforeValidator(_read_names),
    PlainSerializer(_write_names),
    WithJsonSchema(
        {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}], "title": "Ids"}
    ),
]
Sources = Names
