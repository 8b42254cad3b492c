"""The cases of the catalogue as they are read, and everything that a case holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from tests.helpers import CATALOGUE
from winset.case.read import read_case

LOADED: dict[str, Any] = {path.parent.name: read_case(path.parent) for path in CATALOGUE}


def parts(part: Any) -> Iterator[Any]:
    """Everything that a case holds, itself included."""
    yield part
    if isinstance(part, BaseModel):
        for name in type(part).model_fields:
            yield from parts(getattr(part, name))
    elif isinstance(part, dict | tuple):
        for inner in part.values() if isinstance(part, dict) else part:
            yield from parts(inner)
