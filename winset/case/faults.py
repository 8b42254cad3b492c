"""pydantic's findings as faults that people can act on: the place, the key, the value, the way out."""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, Tag, ValidationError
from pydantic_core import ErrorDetails

from winset.case.model import SECTIONS_TO_COME, Case
from winset.case.yaml12 import Document, Path
from winset.errors import Fault, clip, suggestion

_KINDS = {
    "string_type": ("a text", "put it in quotes"),
    "mapping_type": ("entries by id", "write `id: ...` lines below it"),
    "dict_type": ("entries by id", "write `id: ...` lines below it"),
    "model_type": ("keys with values", "write `key: value` lines below it"),
    "model_attributes_type": ("keys with values", "write `key: value` lines below it"),
    "tuple_type": ("a list", "write `[a, b]` or `- a` lines below it"),
    "list_type": ("a list", "write `[a, b]` or `- a` lines below it"),
    "int_type": ("a whole number", "write digits only, unquoted"),
    "float_type": ("a number", "write a number, unquoted"),
    "bool_type": ("true or false", "write true or false, unquoted"),
}
_LIMITS = {
    "greater_than_equal": ("is less than {ge}", "write {ge} or more"),
    "less_than_equal": ("is more than {le}", "write {le} or less"),
    "too_short": (
        "needs at least {min_length}, has {actual_length}",
        "add what is missing or remove the key",
    ),
    "literal_error": ("is not one of {expected}", "write one of them"),
    "finite_number": ("is not a finite number", "write a finite number"),
}


def from_pydantic(error: ValidationError, document: Document) -> list[Fault]:
    """The faults of a document that pydantic found, each with its place."""
    details = error.errors(include_url=False)
    above = {detail["loc"][:end] for detail in details for end in range(len(detail["loc"]))}
    # pydantic counts sound entries only: a list is called too short when its entries are broken.
    return [_fault(d, document) for d in details if d["type"] != "too_short" or d["loc"] not in above]


def _fault(detail: ErrorDetails, document: Document) -> Fault:
    path = settle(detail["loc"], document.data)
    message, way_out = _words(detail, path)
    return place_fault(message, way_out, path, document)


def place_fault(message: str, way_out: str, path: Path, document: Document, **more: Any) -> Fault:
    """A fault at `path` of the document."""
    line, column = document.place(path)
    key = ".".join(str(part) for part in path)
    return Fault(message, way_out, clip(key, 120), document.name, line, column, **more)


def settle(loc: tuple[str | int, ...], data: Any) -> Path:
    """The part of a pydantic location that exists in the file, plus the missing or unknown last key.

    Locations hold names of union branches and of fields the user wrote in short form: those are left out.
    """
    path: list[str | int] = []
    for step in loc:
        inside = data.get(step, _ABSENT) if isinstance(data, dict) else _item(data, step)
        if inside is not _ABSENT:
            path.append(step)
            data = inside
    return tuple(path)


_ABSENT = object()


def _item(data: Any, step: str | int) -> Any:
    return data[step] if isinstance(data, list) and isinstance(step, int) and step < len(data) else _ABSENT


def _words(detail: ErrorDetails, path: Path) -> tuple[str, str]:
    kind, value, context = detail["type"], detail.get("input"), detail.get("ctx", {})
    last = str(detail["loc"][-1]) if detail["loc"] else ""
    if kind == "winset":
        return context["message"], context["way_out"]
    if kind == "missing":
        return f"`{last}` is missing", f"add `{last}:`"
    if kind == "extra_forbidden":
        return _unknown_key(last, detail["loc"])
    if kind in _KINDS:
        wanted, way_out = _KINDS[kind]
        has = "nothing" if value is None else clip(value)
        return f"expects {wanted}, has {has}", way_out
    if kind in _LIMITS:
        message, way_out = (text.format(**context) for text in _LIMITS[kind])
        return (message if kind == "too_short" else f"{clip(value)} {message}"), way_out
    return f"{clip(value)}: {clip(detail['msg'], 120)}", "see the reference of the case file"


def _unknown_key(key: str, loc: tuple[str | int, ...]) -> tuple[str, str]:
    if len(loc) == 1 and key in SECTIONS_TO_COME:
        what = SECTIONS_TO_COME[key]
        message = f"the section `{key}` ({what}) is not read by this version of winset"
        return message, f"remove or comment out `{key}`, or use a version that has the analysis"
    if "<ranks>" in loc[-3:]:
        return f"`order` stands alone, `{clip(key)}` stands beside it", "give either an order or numbers"
    return f"unknown key '{clip(key)}'", suggestion(key, sorted(set(keys_at(loc[:-1]))))


def keys_at(loc: tuple[str | int, ...]) -> Iterator[str]:
    """The keys that the model knows at a pydantic location."""
    for model in _models_at(Case, loc):
        for name, info in model.model_fields.items():
            yield info.alias or name


def _models_at(annotation: Any, loc: tuple[str | int, ...]) -> Iterator[type[BaseModel]]:
    """The models that may stand at `loc` below something of type `annotation`."""
    annotation = _plain(annotation)
    if isinstance(annotation, types.UnionType) or get_origin(annotation) is Union:
        for branch in _branches(annotation, loc):
            yield from _models_at(branch, loc)
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield from _below_model(annotation, loc)
    elif (loc and get_origin(annotation) in (Mapping, tuple, dict)) or _is_mapping(annotation):
        yield from _models_at(get_args(annotation)[-1 if _is_mapping(annotation) else 0], loc[1:])


def _branches(union: Any, loc: tuple[str | int, ...]) -> tuple[Any, ...]:
    """The branch of a union whose tag the location names, or all of them."""
    branches = get_args(union)
    named = tuple(b for b in branches if loc and Tag(str(loc[0])) in getattr(b, "__metadata__", ()))
    return named or branches


def _below_model(model: type[BaseModel], loc: tuple[str | int, ...]) -> Iterator[type[BaseModel]]:
    if not loc:
        yield model
        return
    fields = {info.alias or name: info.annotation for name, info in model.model_fields.items()}
    if loc[0] in fields:
        yield from _models_at(fields[str(loc[0])], loc[1:])
    elif isinstance(loc[0], str):
        yield from _below_model(model, loc[1:])  # the tag of a union branch


def _is_mapping(annotation: Any) -> bool:
    origin = get_origin(annotation)
    return isinstance(origin, type) and issubclass(origin, Mapping)


def _plain(annotation: Any) -> Any:
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    return annotation
