"""An entry added to a ledger: nothing of what stands there changes, not a byte."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path as FilePath
from typing import Any, NamedTuple

from winset.case import emit, yaml12
from winset.case.edits import Edits
from winset.case.files import write_atomically
from winset.case.ledger.model import FORMAT_VERSION, Ledger
from winset.case.ledger.read import examine, holds_nothing, parse_ledger
from winset.case.model import Case
from winset.case.spans import Entry as Pair
from winset.case.spans import Node, read_spans
from winset.case.yaml12 import Document
from winset.errors import CaseError, Fault, clip

_HEAD = "# What was delivered after signing. Edit it by hand, or with `winset ledger CASE add`.\n"
_BOM = "\ufeff"
_LINE_END = re.compile(r"[^\r\n]*")
_SURROGATE = re.compile("[\ud800-\udfff]")


class _Addition(NamedTuple):
    """What is put into a text, and where."""

    place: int
    text: str
    newline: str = "\n"


def add_entry(path: FilePath, case: Case, given: Mapping[str, Any], *, signed: str | None = None) -> Ledger:
    """Add an entry to the ledger of `case` at `path`, which is begun where there is none; the new ledger.

    `given` are the keys and values of the entry as a file would hold them, `signed` the day of signature
    (YYYY-MM-DD) for the head of a new ledger. The file is written in one step, or not at all: CaseError
    with all faults of the ledger as it stands, or else of the entry; NotApplicable where the case has no
    exchange; OSError where the file cannot be read or written.
    """
    _refuse_unwritable(path, given)
    raw = path.read_bytes() if path.exists() else b""
    if holds_nothing(yaml12.decode(raw, path.name)):
        before, data = None, _head(case, signed)
    else:
        before = parse_ledger(raw, case, path.name)
        data = yaml12.read_document(raw, path.name).data
        _refuse_other_signature(before, signed, path.name)
    wanted = _with_entry(data, given, case)
    text = raw.decode("utf-8")
    text = _begun(text, data, given) if before is None else _extended(text, given)
    after = _read_again(text, case, path.name)
    if after is None or _words(after) != _words(wanted):
        message = "the entry cannot be added without changing what stands there"
        way_out = f"add it by hand to `entries`: {emit.in_flow(dict(given))}"
        raise CaseError([Fault(message, way_out, file=path.name)])
    write_atomically(path, text)
    return after


def _refuse_unwritable(path: FilePath, given: Mapping[str, Any]) -> None:
    if path.suffix.lower() == ".json":
        way_out = "name a file that ends in .yaml"
        raise CaseError([Fault("a ledger is YAML, where people can write comments", way_out, file=path.name)])
    broken = [key for key, value in given.items() if isinstance(value, str) and _SURROGATE.search(value)]
    if broken:
        raise CaseError([Fault("is not UTF-8 text", "write it anew", key=key) for key in broken])


def _head(case: Case, signed: str | None) -> dict[str, Any]:
    head: dict[str, Any] = {"ledger": FORMAT_VERSION, "case": case.id}
    return head if signed is None else {**head, "signed": signed}


def _refuse_other_signature(ledger: Ledger, signed: str | None, name: str) -> None:
    if signed is not None and signed != str(ledger.signed):
        says = "nothing of when it was signed" if ledger.signed is None else f"`signed: {ledger.signed}`"
        way_out = f"write `signed: {clip(signed)}` there by hand, if that is the day"
        raise CaseError([Fault(f"the head of the ledger says {says}", way_out, file=name)])


def _with_entry(data: dict[str, Any], given: Mapping[str, Any], case: Case) -> Ledger:
    """The ledger with the entry; CaseError with the faults of the entry, which stands in no file yet."""
    entries = [*(data.get("entries") or []), dict(given)]
    try:
        return examine(Document("", {**data, "entries": entries}, {}), case)
    except CaseError as error:
        faults = [Fault(f.message, f.way_out, _last(f.key)) for f in error.faults]
        raise CaseError(faults) from None


def _last(key: str) -> str:
    """The key within the entry; none for the entry as a whole."""
    last = key.rpartition(".")[2]
    return "" if last.isdigit() else last


def _begun(text: str, data: dict[str, Any], given: Mapping[str, Any]) -> str:
    """The text of a new ledger, below the comments that stand there already."""
    body = emit.document({**data, "entries": [dict(given)]})
    if not text.removeprefix(_BOM):
        return text + _HEAD + body
    return text + ("" if text.endswith(("\n", "\r")) else "\n") + body


def _extended(text: str, given: Mapping[str, Any]) -> str:
    """The text of a ledger with one entry more."""
    parsed = text.removeprefix(_BOM)
    add = _addition(parsed, dict(given))
    place = add.place + len(text) - len(parsed)
    return text[:place] + add.text.replace("\n", add.newline) + text[place:]


def _addition(text: str, given: dict[str, Any]) -> _Addition:
    tree = read_spans(text)
    edits = Edits(text, tree)
    place = next((pair for pair in tree.entries if pair.key == "entries"), None)
    if place is not None and not place.value.entries:
        return _first(text, place, given, edits.newline)
    holder: Node = tree if place is None else place.value
    last = len(holder.entries) - 1
    edits.insert(holder, last, 0, "entries", [given] if place is None else given)
    edit = edits.in_order()[0]
    return _Addition(edit.start, edit.text, edits.newline)


def _first(text: str, place: Pair, given: dict[str, Any], newline: str) -> _Addition:
    """The first entry of a list that is empty: between its brackets, or on a line below its key."""
    node = place.value
    if node.flow:
        return _Addition(node.start + 1, emit.in_flow(given))
    found = _LINE_END.match(text, node.end)
    end = found.end() if found else node.end
    return _Addition(end, f"\n  {emit.item(given, 2)}", newline)


def _read_again(text: str, case: Case, name: str) -> Ledger | None:
    """The ledger that the text to be written states; None where it states none."""
    try:
        return parse_ledger(text.encode(), case, name)
    except CaseError:
        return None


def _words(ledger: Ledger) -> Any:
    """What a ledger says; a text at the end of a file may gain the line end that it lacked."""
    return [
        {key: value.rstrip("\n") if isinstance(value, str) else value for key, value in part.items()}
        for part in (ledger.model_dump(exclude={"entries"}), *map(dict, ledger.entries))
    ]
