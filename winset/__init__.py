"""winset: what could they sign, would home ratify it, would each side keep it, and what would move it.

The public names; each is imported when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from winset.analyses import ANALYSES, analyse
    from winset.analyses.agreement import CONCEPTS
    from winset.analyses.result import Result
    from winset.case.model import Case
    from winset.errors import CaseError
    from winset.formats import FORMATS, load_case
    from winset.report import render
    from winset.space.build import Space, build_space

_WHERE = {
    "ANALYSES": "winset.analyses",
    "CONCEPTS": "winset.analyses.agreement",
    "FORMATS": "winset.formats",
    "Case": "winset.case.model",
    "CaseError": "winset.errors",
    "Result": "winset.analyses.result",
    "Space": "winset.space.build",
    "analyse": "winset.analyses",
    "build_space": "winset.space.build",
    "load_case": "winset.formats",
    "render": "winset.report",
}

__all__ = [
    "ANALYSES",
    "CONCEPTS",
    "FORMATS",
    "Case",
    "CaseError",
    "Result",
    "Space",
    "analyse",
    "build_space",
    "load_case",
    "render",
]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        return import_module("importlib.metadata").version("winset")
    if name not in _WHERE:
        raise AttributeError(f"module 'winset' has no attribute '{name}'")
    return getattr(import_module(_WHERE[name]), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
