"""winset's own case file: YAML or JSON, or a folder that holds a `case.yaml`."""

from __future__ import annotations

from pathlib import Path

from winset.case.model import Case
from winset.case.read import read_case
from winset.case.write import write_case

ID = "winset"
TITLE = "winset case file (YAML or JSON)"
_ENDINGS = frozenset({".yaml", ".yml", ".json"})


def recognises(path: Path) -> bool:
    """Whether the path looks like a case file of winset's own."""
    return (path / "case.yaml").is_file() if path.is_dir() else path.suffix.lower() in _ENDINGS


def load(path: Path) -> Case:
    """Read the case; CaseError with all faults."""
    return read_case(path)


def save(case: Case, path: Path) -> None:
    """Write the case; see `write_case`."""
    write_case(case, path)
