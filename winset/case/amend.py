"""A case with some values changed: the form of the outcome is checked, not how its parts fit."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from winset.case.faults import from_pydantic
from winset.case.model import Case
from winset.case.yaml12 import Document
from winset.errors import CaseError, UnknownName, nearest


def data_of(case: Case) -> dict[str, Any]:
    """The case as plain data in the form of the case file, what is at its default left out."""
    data: dict[str, Any] = case.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return data


def amend(case: Case, changes: Mapping[str, Any]) -> Case:
    """The case with the value at each dotted path replaced; see `patch`."""
    data: dict[str, Any] = case.model_dump(mode="json", by_alias=True, exclude_none=True)
    for path, value in changes.items():
        holder, key = _resolve(data, path, value)
        if value is None:
            del holder[key]
        else:
            holder[key] = copy.deepcopy(value)
    try:
        amended = Case.model_validate(data)
    except ValidationError as error:
        raise CaseError(from_pydantic(error, Document(case.id, data, {}))) from None
    return amended.named(case.id)


def _resolve(data: dict[str, Any], path: str, value: Any) -> tuple[Any, Any]:
    """What holds the end of `path`, and its key there."""
    holder: Any = data
    done, rest = "", path
    while True:
        step = _step(holder, rest)
        if step is None:
            if value is not None and _may_be_new(holder, done, rest, value):
                return holder, rest
            names = _names(holder)
            raise UnknownName(f"entry below '{done or 'the case'}' for", _strange(rest, names), names)
        key, name = step
        if rest == name:
            return holder, key
        holder, rest = holder[key], rest[len(name) + 1 :]
        done = f"{done}.{name}" if done else name


def _step(holder: Any, rest: str) -> tuple[Any, str] | None:
    """The longest entry of `holder` that `rest` begins with: its key and its name."""
    if isinstance(holder, dict):
        entries = [(key, key) for key in holder]
    elif isinstance(holder, list):
        entries = [(i, e["id"]) for i, e in enumerate(holder) if isinstance(e, dict) and "id" in e]
    else:
        return None
    fitting = [(k, name) for k, name in entries if rest == name or rest.startswith(f"{name}.")]
    return max(fitting, key=lambda entry: len(entry[1]), default=None)


def _may_be_new(holder: Any, done: str, rest: str, value: Any) -> bool:
    """A new key is one word; keys that hold dots are red lines and preferences only."""
    if not rest or not isinstance(holder, dict):
        return False
    if done == "preferences":
        return isinstance(value, dict)
    return "." not in rest or done.endswith(".red_lines")


def _strange(rest: str, names: list[str]) -> str:
    """The beginning of `rest` that comes nearest to one of the names; all of it where none does."""
    steps = rest.split(".")
    beginnings = (".".join(steps[:end]) for end in range(len(steps), 0, -1))
    return next((beginning for beginning in beginnings if nearest(beginning, names)), rest)


def _names(holder: Any) -> list[str]:
    if isinstance(holder, dict):
        return list(holder)
    if isinstance(holder, list):
        return [entry["id"] for entry in holder if isinstance(entry, dict) and "id" in entry]
    return []
