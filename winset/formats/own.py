"""winset's own case file: YAML or JSON, or a folder that holds a `case.yaml`."""

from __future__ import annotations

from pathlib import Path

from winset.case.model import Case
from winset.case.read import read_case
from winset.case.write import write_case
from winset.formats import geniusweb, negolog

ID = "winset"
TITLE = "winset case file (YAML or JSON)"
ENDINGS = frozenset({".yaml", ".yml", ".json"})


def recognises(path: Path) -> bool:
    """Whether the path looks like a case file of winset's own."""
    if path.is_dir():
        return (path / "case.yaml").is_file()
    # A profile of another program is JSON too.
    return path.suffix.lower() in ENDINGS and not (geniusweb.recognises(path) or negolog.recognises(path))


def load(path: Path) -> Case:
    """Read the case; CaseError with all faults."""
    return read_case(path)


def save(case: Case, path: Path, *, lossy: bool = False) -> tuple[str, ...]:
    """Write the case, of which nothing is lost, lossy or not; see `write_case`."""
    write_case(case, path)
    return ()
