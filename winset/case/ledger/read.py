"""A ledger file to a Ledger: every fault at once, each with its place and the way out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path as FilePath
from typing import Any

from pydantic import BaseModel, ValidationError

from winset.case import checks, yaml12
from winset.case.checks.finding import Finding
from winset.case.faults import from_pydantic, place_fault
from winset.case.ledger.checks import checks_on
from winset.case.ledger.model import FORMAT_VERSION, Entry, Ledger, owed_in
from winset.case.model import Case
from winset.case.prune import Pruned
from winset.case.yaml12 import Document, Path
from winset.errors import CaseError, Fault, clip, suggestion

# What the first leaves out is filled in, or may be missing, in the second.
_PASSES = 2


def read_ledger(path: FilePath, case: Case) -> Ledger:
    """Read the ledger of `case` at `path`.

    Raises CaseError with all faults found, NotApplicable where the case has no exchange, and OSError
    where the file cannot be read.
    """
    size = path.stat().st_size
    if size > yaml12.MAX_BYTES:
        raise yaml12.too_large(path.name, size)
    return parse_ledger(path.read_bytes(), case, path.name)


def parse_ledger(raw: bytes, case: Case, name: str = "ledger.yaml") -> Ledger:
    """The ledger that the bytes of a file called `name` state; CaseError with all faults found."""
    if holds_nothing(yaml12.decode(raw, name)):
        way_out = f"start with `ledger: {FORMAT_VERSION}` and `case: {case.id}`, or remove the file"
        raise CaseError([Fault("the file is empty", way_out, file=name)])
    return examine(yaml12.read_document(raw, name), case)


def holds_nothing(text: str) -> bool:
    """Whether a text has nothing but blank lines and comments."""
    return all(line.lstrip()[:1] in ("", "#") for line in text.splitlines())


def examine(document: Document, case: Case) -> Ledger:
    """The ledger that a document states for `case`; CaseError with all faults found."""
    owed_in(case)
    data = document.data
    if not isinstance(data, dict):
        what = "a list" if isinstance(data, list) else "a single value"
        way_out = f"a ledger has the keys `ledger: {FORMAT_VERSION}`, `case:` and `entries:`"
        raise CaseError([place_fault(f"the file holds {what}, not a ledger", way_out, (), document)])
    faults = [place_fault(f.message, f.way_out, f.path, document) for f in _keys(data)]
    ledger, more, pruned = _sound_part(document, case)
    faults += more
    if ledger is not None:
        whole = len(ledger.entries) == len(_entries(data))
        faults += checks.run(case, document, checks_on(ledger, case, whole=whole), pruned)
    if faults or ledger is None:
        raise CaseError(sorted(dict.fromkeys(faults), key=lambda f: (f.line, f.column, f.message)))
    return ledger


def _sound_part(document: Document, case: Case) -> tuple[Ledger | None, list[Fault], Pruned]:
    """The ledger without what is broken, so that the checks can judge the rest in the same reading."""
    pruned = Pruned(_known(document.data))
    pruned.broken |= {
        (*path, key) for path, part, model in _parts(document.data) for key in _lacks(part, model)
    }
    faults: list[Fault] = []
    for attempt in range(_PASSES):
        try:
            return Ledger.model_validate(_filled(pruned.data, case)), faults, pruned
        except ValidationError as error:
            if attempt == 0:
                faults = from_pydantic(error, document)
            pruned.prune(error)
    return None, faults, pruned


def _entries(data: dict[str, Any]) -> list[Any]:
    found = data.get("entries")
    return found if isinstance(found, list) else []


def _parts(data: dict[str, Any]) -> Iterator[tuple[Path, dict[str, Any], type[BaseModel]]]:
    """The ledger's head and its entries, each with its path and its model."""
    yield (), data, Ledger
    for i, entry in enumerate(_entries(data)):
        if isinstance(entry, dict):
            yield ("entries", i), entry, Entry


def _keys_of(model: type[BaseModel]) -> list[str]:
    return [info.alias or name for name, info in model.model_fields.items()]


def _lacks(part: dict[str, Any], model: type[BaseModel]) -> list[str]:
    """The keys that a part must have and has not."""
    return [name for name, info in model.model_fields.items() if info.is_required() and name not in part]


def _keys(data: dict[str, Any]) -> Iterator[Finding]:
    """Keys that a ledger does not know, and keys that it must have."""
    for path, part, model in _parts(data):
        known = _keys_of(model)
        for key in part:
            if key not in known:
                yield Finding((*path, key), f"unknown key '{clip(key)}'", suggestion(key, sorted(known)))
        for key in _lacks(part, model):
            yield Finding(path, f"`{key}` is missing", f"add `{key}:`")


def _known(data: dict[str, Any]) -> dict[str, Any]:
    """The data without unknown keys, which have been told."""
    known = {key: value for key, value in data.items() if key in _keys_of(Ledger)}
    if isinstance(data.get("entries"), list):
        keys = _keys_of(Entry)
        known["entries"] = [
            {key: value for key, value in entry.items() if key in keys} if isinstance(entry, dict) else entry
            for entry in data["entries"]
        ]
    return known


def _filled(data: dict[str, Any], case: Case) -> dict[str, Any]:
    """The data with something in the place of keys that are missing, which have been told."""
    filled = {"ledger": FORMAT_VERSION, "case": case.id or "?", **data}
    if isinstance(data.get("entries"), list):
        filled["entries"] = [{"obligation": "?", **e} if isinstance(e, dict) else e for e in data["entries"]]
    return filled
