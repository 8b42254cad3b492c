"""The reference data beside the project: real scenarios and answers, which keep their owners' rights."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(os.environ.get("WINSET_REFERENCE") or Path(__file__).parent.parent.parent / "shared")


def reference(*parts: str) -> Path:
    """A file or folder of the reference data; the test is skipped where it is missing."""
    path = ROOT.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"there is no reference data at {path}; set WINSET_REFERENCE to its folder")
    return path


def folders(*parts: str) -> list[Path]:
    """The folders of a part of the reference data, for parameters: none where it is missing."""
    path = ROOT.joinpath(*parts)
    return sorted(folder for folder in path.iterdir() if folder.is_dir()) if path.is_dir() else []
