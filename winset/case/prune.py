"""Data without what is broken in it, so that the rest can be judged in the same reading."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from winset.case.faults import settle
from winset.case.model import FORMAT_VERSION
from winset.case.yaml12 import Path

# What stands in for a key that must be there and is missing or broken.
_FILLERS: dict[str, Any] = {
    "winset": FORMAT_VERSION,
    "title": "?",
    "name": "?",
    "label": "?",
    "text": "?",
    "what": "?",
    "walk_away": 0,
    "weights": {},
    "scores": {},
    "options": {},
    "package": {},
    "set": {},
}


class _Numbered(list[Any]):
    """A list with items left out, which remembers the places its items had in the file."""

    def __init__(self, items: list[tuple[int, Any]]) -> None:
        super().__init__(item for _, item in items)
        self.places = [place for place, _ in items]


class Pruned:
    """The data of a document less its broken parts.

    `broken` lists the paths in the document of what was left out, or filled in because it was missing.
    """

    def __init__(self, data: Any) -> None:
        self.data = data
        self.broken: set[Path] = set()

    def prune(self, error: ValidationError) -> None:
        """Leave out, or fill in, what the error complains about."""
        fills: dict[Path, str] = {}
        drops: set[Path] = set()
        for detail in error.errors(include_url=False):
            path = settle(detail["loc"], self.data)
            missing = str(detail["loc"][-1]) if detail["type"] == "missing" else ""
            if missing in _FILLERS:
                fills[path] = missing
            else:
                drops.add(path)
        self.broken |= {self.original(path) for path in drops}
        self.broken |= {(*self.original(path), key) for path, key in fills.items()}
        self.data = _rebuilt(self.data, (), drops, fills)

    def original(self, path: Path) -> Path:
        """Where something that stands at `path` of the pruned data stands in the document."""
        found: list[str | int] = []
        data = self.data
        for step in path:
            numbered = isinstance(data, _Numbered) and isinstance(step, int) and step < len(data)
            found.append(data.places[step] if numbered else step)
            inside = (isinstance(data, dict) and step in data) or numbered
            plain = isinstance(data, list) and isinstance(step, int) and step < len(data)
            data = data[step] if inside or plain else None
        return tuple(found)


def _rebuilt(data: Any, path: Path, drops: set[Path], fills: dict[Path, str]) -> Any:
    if isinstance(data, dict):
        kept = {k: _rebuilt(v, (*path, k), drops, fills) for k, v in data.items() if (*path, k) not in drops}
        filler = fills.get(path)
        return kept if filler is None else {**kept, filler: _FILLERS[filler]}
    if isinstance(data, list):
        places = data.places if isinstance(data, _Numbered) else range(len(data))
        items = [
            (place, _rebuilt(item, (*path, i), drops, fills))
            for i, (place, item) in enumerate(zip(places, data, strict=True))
            if (*path, i) not in drops
        ]
        return _Numbered(items)
    return data
