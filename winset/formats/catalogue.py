"""The catalogue: cited real cases that come with winset, by name."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent
# Inside an installed package the catalogue lies beside the rooms; in a checkout, beside the package.
_FOLDERS = (_PACKAGE / "catalogue", _PACKAGE.parent / "cases")


def catalogue() -> dict[str, Path]:
    """Name and folder of every case in the catalogue, by name."""
    for folder in _FOLDERS:
        if folder.is_dir():
            found = sorted(case.parent for case in folder.glob("*/case.yaml"))
            return {path.name: path for path in found}
    return {}
