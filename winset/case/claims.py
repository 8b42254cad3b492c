"""What a case rests on: every number and statement in it, with the sources that carry it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel

from winset.case.base import JUDGEMENT
from winset.case.estimate import Estimate
from winset.case.exchange import Obligation, Schedule
from winset.case.model import Case, Draft, Event, Faction, Known, Option, Ranking, Spoiler
from winset.case.rules import Reason
from winset.case.yaml12 import Path

_STATEMENTS = (Draft, Event, Faction, Known, Option, Obligation, Reason, Schedule, Spoiler)


@dataclass(frozen=True, slots=True)
class Claim:
    """A number (an order counts as one) or a statement at a path, with the ids of its sources."""

    path: Path
    kind: Literal["number", "statement"]
    sources: tuple[str, ...]

    @property
    def sourced(self) -> bool:
        """Whether a source other than judgement carries it."""
        return any(source != JUDGEMENT for source in self.sources)

    @property
    def judged(self) -> bool:
        """Whether judgement carries it, alone or beside a source; what names no source is judgement."""
        return not self.sources or JUDGEMENT in self.sources


def claims(case: Case) -> Iterator[Claim]:
    """Everything the case claims, in the order of its sections; defaults are not claims.

    A part without a source of its own has that of the nearest part around it.
    """
    yield from _walk(case, (), ())


def _walk(part: object, path: Path, inherited: tuple[str, ...]) -> Iterator[Claim]:
    if isinstance(part, BaseModel):
        sources = getattr(part, "source", None) or inherited
        if isinstance(part, Estimate | Ranking):
            yield Claim(path, "number", sources)
            return
        if isinstance(part, _STATEMENTS):
            yield Claim(path, "statement", sources)
        for name, info in type(part).model_fields.items():
            if name in part.model_fields_set and name != "source":
                yield from _walk(getattr(part, name), (*path, info.alias or name), sources)
    elif isinstance(part, dict):
        for key, value in part.items():
            yield from _walk(value, (*path, key), inherited)
    elif isinstance(part, tuple):
        for index, value in enumerate(part):
            yield from _walk(value, (*path, index), inherited)
