"""What every analysis gives back: one frozen value that carries its question with its answer."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from winset.case.fingerprint import content_hash
from winset.case.model import Case

RESULT_VERSION = 1


@dataclass(frozen=True, slots=True)
class CaseStamp:
    """Which case a result is about."""

    id: str
    hash: str
    as_of: str | None

    @classmethod
    def of(cls, case: Case) -> CaseStamp:
        """The stamp of a case: its id, content hash and date."""
        return cls(case.id, content_hash(case), case.as_of.isoformat() if case.as_of else None)


@dataclass(frozen=True, kw_only=True)
class Result:
    """The answer of an analysis, with the case, method and parameters it belongs to.

    `caveats` are sentences that belong beside the answer wherever it is shown.
    """

    analysis: str
    case: CaseStamp
    method: str
    parameters: Mapping[str, Any]
    caveats: tuple[str, ...] = ()
    version: int = RESULT_VERSION

    def to_dict(self) -> dict[str, Any]:
        """The result as JSON-ready data; the case's stamp stands once beside all results."""
        data: dict[str, Any] = plain(self)
        del data["case"], data["analysis"]
        return data


def plain(value: Any) -> Any:
    """Dataclasses, mappings and sequences as dictionaries and lists; None-valued extras left out."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        pairs = ((f, getattr(value, f.name)) for f in dataclasses.fields(value))
        return {f.name: plain(v) for f, v in pairs if v is not None or not f.metadata.get("extra")}
    if isinstance(value, Mapping):
        return {key: plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in value]
    return value
