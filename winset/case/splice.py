"""The difference between two states of a case's data, carried over to the text that a person wrote.

Text is replaced, inserted and removed where values differ; everything else stays as it is.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any, Final

from winset.case.edits import Edits
from winset.case.spans import Entry, Node, aliases, read_spans
from winset.case.yaml12 import Path

_ABSENT: Final = object()

# One entry of a collection: where the text has it, its key, and its value before and after.
Step = tuple[int | None, str, Any, Any]


def splice(text: str, before: dict[str, Any], after: dict[str, Any], *, whole: bool = False) -> Edits:
    """The edits that make `text`, which states `before`, state `after`.

    With `whole`, sections that differ are written anew instead of edited inside.
    """
    tree = read_spans(text)
    moved = _reordered(before, after)
    written_out: set[Path] = set()
    while True:
        splicer = _Splicer(text, tree, moved, written_out, whole)
        splicer.change(tree, before, after)
        strayed = {path for path, alias in aliases(tree) if splicer.touches(alias.target)} - written_out
        if not strayed:
            return splicer.edits
        written_out |= strayed


def _reordered(before: dict[str, Any], after: dict[str, Any]) -> set[Path]:
    """The options whose order changed: the one order of keys that means something."""
    found: set[Path] = set()
    for name, issue in after.get("issues", {}).items():
        old, new = before.get("issues", {}).get(name, {}).get("options", {}), issue["options"]
        if [key for key in old if key in new] != [key for key in new if key in old]:
            found.add(("issues", name, "options"))
    return found


class _Splicer:
    def __init__(self, text: str, tree: Node, moved: set[Path], written_out: set[Path], whole: bool) -> None:
        self.edits = Edits(text, tree)
        self._moved, self._whole = moved, whole
        self._must = {path[:end] for path in moved | written_out for end in range(len(path) + 1)}
        self._opened: list[Node] = []
        self._lost: list[Node] = []

    def touches(self, node: Node | None) -> bool:
        """Whether the text of `node`, to which an alias refers, is edited or gone."""
        assert node is not None
        gone = any(lost.start <= node.start and node.end <= lost.end for lost in self._lost)
        return gone or any(opened is node for opened in self._opened)

    def change(self, node: Node, before: Any, after: Any, path: Path = ()) -> None:
        """Edit a collection entry by entry."""
        steps = list(
            self._pairs(node, before, after, path) if node.kind == "mapping" else _items(before, after)
        )
        self._opened.append(node)
        gone = {i for i, _, _, new in steps if i is not None and new is _ABSENT}
        left = [i for i in range(len(node.entries)) if i not in gone]
        previous: int | None = None
        for i, key, old, new in steps:
            if i is None:
                self.edits.insert(node, previous, left[0], key, new)
            elif i not in gone:
                previous = i
                self._value(node, node.entries[i], old, new, (*path, key if node.kind == "mapping" else i))
        self.edits.remove(node, gone)
        self._lost.extend(node.entries[i].value for i in gone)

    def _pairs(self, node: Node, before: Any, after: Any, path: Path) -> Iterator[Step]:
        places = {entry.key: i for i, entry in enumerate(node.entries)}
        settled = _settled(list(places), list(after)) if path in self._moved else places
        for key, new in after.items():
            old = before.get(key, _ABSENT)
            if key in settled:
                yield places[key], key, old, new
            elif key in places:
                yield None, key, _ABSENT, new
            elif old is _ABSENT or _text(old) != _text(new):
                yield None, key, old, new
        for key, i in places.items():
            # A default that was spelled out is in neither state, and stays.
            stays = key in settled if key in after else key not in before and (*path, key) not in self._must
            if not stays:
                yield i, key, before.get(key, _ABSENT), _ABSENT

    def _value(self, holder: Node, entry: Entry, old: Any, new: Any, path: Path) -> None:
        if old is not _ABSENT and _text(old) == _text(new) and path not in self._must:
            return
        node = entry.value
        if self._can_be_opened(node, old, new, path):
            self.change(node, old, new, path)
            return
        self._lost.append(node)
        plain_reason = node.kind == "scalar" and _is_bare_reason(old) and _is_bare_reason(new)
        self.edits.replace(holder, entry, new["text"] if plain_reason else new)

    def _can_be_opened(self, node: Node, old: Any, new: Any, path: Path) -> bool:
        if self._whole and len(path) == 1:
            return False
        if node.kind == "mapping" and isinstance(old, dict) and isinstance(new, dict):
            return any(entry.key in new for entry in node.entries) and self.edits.is_whole(node)
        if node.kind == "sequence" and isinstance(old, list) and isinstance(new, list):
            return len(node.entries) == len(old) > 0 and bool(new)
        return False


def _settled(old: list[str], new: list[str]) -> set[str]:
    """The keys that can keep their places when the others move between them."""
    matches = SequenceMatcher(None, old, new).get_matching_blocks()
    return {key for start, _, size in matches for key in old[start : start + size]}


def _items(before: list[Any], after: list[Any]) -> Iterator[Step]:
    """Which item became which: one by one in lists of the same length, else by their likeness."""
    if len(before) == len(after):
        yield from ((i, "", old, new) for i, (old, new) in enumerate(zip(before, after, strict=True)))
        return
    matcher = SequenceMatcher(None, [*map(_text, before)], [*map(_text, after)])
    for _, i1, i2, j1, j2 in matcher.get_opcodes():
        for i, j in zip_longest(range(i1, i2), range(j1, j2)):
            yield i, "", _ABSENT if i is None else before[i], _ABSENT if j is None else after[j]


def _text(value: Any) -> str:
    """A value as text that tells `1` from `true`, whatever the order of keys."""
    return json.dumps(value, sort_keys=True)


def _is_bare_reason(value: Any) -> bool:
    return isinstance(value, dict) and set(value) == {"text"}
