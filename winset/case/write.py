"""A Case to a file: what the user wrote stays, byte for byte, where only values changed."""

from __future__ import annotations

from bisect import bisect_left
from pathlib import Path

from pydantic import ValidationError

from winset.case import emit, yaml12
from winset.case.amend import data_of
from winset.case.edits import Edits
from winset.case.files import write_atomically
from winset.case.fingerprint import content_hash
from winset.case.model import Case
from winset.case.read import parse_case
from winset.case.splice import splice
from winset.errors import CaseError

_BOM = "\ufeff"


def write_case(case: Case, path: Path) -> None:
    """Write `case` to `path`, atomically.

    Where the file exists already and holds a sound case, only what differs is changed in it.
    Raises CaseError when the existing file cannot be read as a case, OSError when it cannot be written.
    """
    if path.is_dir():
        path = path / "case.yaml"
    if path.exists():
        text = revise(path.read_bytes(), case, path.name)
    else:
        text = _fresh(case, as_json=path.suffix.lower() == ".json")
    write_atomically(path, text)


def dump(case: Case) -> str:
    """The case as the text of a new file."""
    return emit.document(data_of(case))


def revise(raw: bytes, case: Case, name: str = "case.yaml") -> str:
    """The text of the case file `name`, whose bytes are `raw`, with the values of `case`.

    Everything else stays as it was, the byte order mark and the ends of lines included.
    """
    old = parse_case(raw, name)
    written = raw.decode("utf-8")
    if content_hash(old) == content_hash(case):
        return written
    text = yaml12.decode(raw, name)
    for whole in (False, True):
        edits = splice(text, data_of(old), data_of(case), whole=whole)
        revised = _apply(written, text, edits)
        if _states(revised, case, name):
            return revised
    return _fresh(case, as_json=edits.in_json)


def _fresh(case: Case, *, as_json: bool) -> str:
    return emit.in_json(data_of(case), lines=True) + "\n" if as_json else dump(case)


def _apply(written: str, parsed: str, edits: Edits) -> str:
    """The text as it was written, with the edits, whose places count the characters of the parsed text."""
    offset = len(written) - len(written.removeprefix(_BOM))
    joined = _joined(written) if len(parsed) < len(written) - offset else []
    parts, position = [], 0
    for edit in edits.in_order():
        start, end = (place + offset + 2 * bisect_left(joined, place) for place in edit[:2])
        parts += [written[position:start], edit.text.replace("\n", edits.newline)]
        position = end
    revised = "".join([*parts, written[position:]])
    return revised if written.endswith(("\n", "\r")) else revised.rstrip("\r\n")


def _joined(written: str) -> list[int]:
    """Where the parsed text of a JSON file holds one escape for the two, two characters longer, written."""
    found = yaml12.SURROGATES.finditer(written.removeprefix(_BOM))
    return [match.start() - 2 * i for i, match in enumerate(found)]


def _states(text: str, case: Case, name: str) -> bool:
    """Whether the text, read again, means exactly the case."""
    try:
        again = Case.model_validate(yaml12.read_document(text.encode(), name).data)
    except (CaseError, ValidationError):
        return False
    return content_hash(again) == content_hash(case)
