"""A case file to a Case: every fault at once, each with its place and the way out."""

from __future__ import annotations

from pathlib import Path as FilePath

from pydantic import ValidationError

from winset.case import checks, yaml12
from winset.case.faults import from_pydantic, place_fault
from winset.case.model import Case
from winset.case.prune import Pruned
from winset.case.yaml12 import Document
from winset.errors import CaseError, Fault

_PASSES = 12


def read_case(path: FilePath) -> Case:
    """Read the case at `path` (a file, or a folder with a `case.yaml`).

    Raises CaseError with all faults found; FileNotFoundError where there is no such file.
    """
    file = path / "case.yaml" if path.is_dir() else path
    size = file.stat().st_size
    if size > yaml12.MAX_BYTES:
        raise yaml12.too_large(file.name, size)
    return parse_case(file.read_bytes(), file.name, case_id(file))


def case_id(file: FilePath) -> str:
    """The id of the case in `file`: its folder's name for `case.yaml`, else the file's stem."""
    return file.resolve().parent.name if file.name == "case.yaml" else file.stem


def parse_case(raw: bytes, name: str = "case.yaml", id: str = "") -> Case:
    """The case that the bytes of a YAML or JSON file state; CaseError with all faults found."""
    document = yaml12.read_document(raw, name)
    case, faults = _examine(document)
    wrong = [fault for fault in faults if fault.severity == "error"]
    if case is None or wrong:
        raise CaseError(wrong)
    return case.named(id, document)


def warnings(case: Case) -> list[Fault]:
    """What the checks doubt in a case that can be used all the same."""
    doubting = tuple(check for check in checks.CHECKS if check.severity == "warning")
    return sorted(checks.run(case, _document_of(case), doubting), key=_order)


def recheck(case: Case) -> None:
    """Check a case that was made, not read; CaseError with all errors found."""
    wrong = [fault for fault in checks.run(case, _document_of(case)) if fault.severity == "error"]
    if wrong:
        raise CaseError(wrong)


def _document_of(case: Case) -> Document:
    return case._document or Document(case.id, {}, {})


def _examine(document: Document) -> tuple[Case | None, list[Fault]]:
    if not isinstance(document.data, dict):
        what = "a list" if isinstance(document.data, list) else "a single value"
        way_out = "a case has keys such as `winset: 1`, `title:`, `parties:`"
        return None, [place_fault(f"the file holds {what}, not a case", way_out, (), document)]
    case, faults, pruned = _sound_part(document)
    if case is not None:
        faults += _checked(case, document, pruned, levers=not faults)
    return case, sorted(dict.fromkeys(faults), key=_order)


def _order(fault: Fault) -> tuple[int, int, str]:
    return fault.line, fault.column, fault.message


def _checked(
    case: Case, document: Document, pruned: Pruned | None = None, *, levers: bool = True
) -> list[Fault]:
    found = checks.run(case, document, pruned=pruned)
    if levers and not any(fault.severity == "error" for fault in found):
        found += checks.run(case, document, (checks.LEVER_CHECK,))
    return found


def _sound_part(document: Document) -> tuple[Case | None, list[Fault], Pruned]:
    """The case without what is broken, so that the checks can judge the rest in the same reading."""
    pruned = Pruned(document.data)
    faults: list[Fault] = []
    for attempt in range(_PASSES):
        try:
            return Case.model_validate(pruned.data), faults, pruned
        except ValidationError as error:
            if attempt == 0:
                faults = from_pydantic(error, document)
            pruned.prune(error)
    return None, faults, pruned
