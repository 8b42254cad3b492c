"""Results accepted for the catalogue: what each case answered when somebody last looked and agreed.

`make accept` writes them anew (`CASE=name` for one case) and shows what changed; a person reads that, and
commits it with the reason.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import winset
from tests.pages import answered
from winset.case.files import write_atomically
from winset.formats.catalogue import catalogue

CASES = Path(__file__).parent.parent / "cases"
SHOWN = 40
MOST_POINTS = 50


def file_of(name: str) -> Path:
    """Where the accepted results of a case lie."""
    return CASES / name / "expected" / "results.json"


def answers(name: str) -> dict[str, Any]:
    """What the analyses answer now, without what belongs to a version: every value that a reader sees."""
    results: dict[str, Any] = json.loads(winset.render(*answered(name), "json"))["results"]
    points = results["agreement"]["frontier"]["points"]
    results["agreement"]["frontier"]["points"] = points[:MOST_POINTS]
    return results


def differences(old: Any, new: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Where two results differ: the path, the old value, the new one. Numbers agree to 1e-9."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in dict.fromkeys((*old, *new)):
            yield from differences(old.get(key), new.get(key), f"{path}.{key}".lstrip("."))
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for place, (a, b) in enumerate(zip(old, new, strict=True)):
            yield from differences(a, b, f"{path}[{place}]")
    elif not _same(old, new):
        yield path, old, new


def _same(old: Any, new: Any) -> bool:
    numbers = all(isinstance(value, int | float) and not isinstance(value, bool) for value in (old, new))
    return math.isclose(old, new, rel_tol=1e-9, abs_tol=1e-9) if numbers else bool(old == new)


def side_by_side(found: list[tuple[str, Any, Any]]) -> str:
    """Old and new beside each other, one line a difference."""
    lines = [
        f"  {path}\n      accepted: {_clip(old)}\n      now:      {_clip(new)}" for path, old, new in found
    ]
    more = f"\n  and {len(lines) - SHOWN} more" if len(lines) > SHOWN else ""
    return "\n".join(lines[:SHOWN]) + more


def _clip(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 200 else f"{text[:197]}..."


def accept(names: list[str]) -> None:
    """Write the answers of now as the accepted ones, and show what changes by it."""
    for name in names:
        new, file = answers(name), file_of(name)
        found = list(differences(json.loads(file.read_text("utf-8")), new)) if file.exists() else []
        if file.exists() and not found:
            sys.stdout.write(f"{name}: nothing has changed\n")
            continue
        file.parent.mkdir(exist_ok=True)
        write_atomically(file, json.dumps(new, ensure_ascii=False, indent=1) + "\n")
        sys.stdout.write(
            f"{name}: accepted{':' if found else ' for the first time'}\n{side_by_side(found)}\n"
        )


if __name__ == "__main__":
    accept(sys.argv[1:] or list(catalogue()))
