"""YAML or JSON text to a tree of what stands where: the span of every value, pair and list item.

The text has been read by `yaml12` without fault before. Spans count characters; they leave out blank
lines and comments that the parser adds to the end of a block.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

import yaml

from winset.case import yaml12
from winset.case.yaml12 import Path

_BETWEEN = re.compile(r"(?:[ \t\r\n\x85\u2028\u2029]+|#[^\r\n]*)*")
_PROPERTIES = re.compile(r"[&!][^\s,\[\]{}]*(?:[ \t]+[&!][^\s,\[\]{}]*)*")
_LINE = re.compile(r"[^\r\n]*")

Kind = Literal["scalar", "mapping", "sequence", "alias"]


@dataclass(slots=True)
class Node:
    """A value: from `start` to `end`; `head` is where the colon, dash or anchor before it ends."""

    kind: Kind
    head: int
    start: int
    end: int
    style: str = ""
    flow: bool = False
    entries: list[Entry] = field(default_factory=list)
    target: Node | None = None


@dataclass(slots=True)
class Entry:
    """A pair of a mapping or an item of a list, which begins with its key or dash."""

    start: int
    key: str
    value: Node

    @property
    def end(self) -> int:
        return self.value.end


def read_spans(text: str) -> Node:
    """The tree of a text that holds one sound document."""
    return _Reader(text).root()


def aliases(node: Node, path: Path = ()) -> Iterator[tuple[Path, Node]]:
    """Every alias at or below `node`, with its path."""
    if node.kind == "alias":
        yield path, node
    for i, entry in enumerate(node.entries):
        yield from aliases(entry.value, (*path, i if node.kind == "sequence" else entry.key))


def _span(event: yaml.Event) -> tuple[int, int]:
    assert event.start_mark is not None
    assert event.end_mark is not None
    return event.start_mark.index, event.end_mark.index


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self._events = yaml12.events(text)
        self._anchors: dict[str, Node] = {}

    def root(self) -> Node:
        for event in self._events:
            if isinstance(event, yaml.NodeEvent):
                return self._node(event, _span(event)[0])
        raise AssertionError("a sound document has a root")

    def _node(self, event: yaml.Event, head: int) -> Node:
        assert isinstance(event, yaml.NodeEvent)
        start, end = _span(event)
        if isinstance(event, yaml.AliasEvent):
            return Node("alias", head, start, end, target=self._anchors[str(event.anchor)])
        if event.anchor is not None or getattr(event, "tag", None) is not None:
            head = self._match(_PROPERTIES, start)
            start = self._between(head)
        if isinstance(event, yaml.ScalarEvent):
            node = self._scalar(event, head, start, end)
        else:
            node = self._collection(event, head, start)
        if event.anchor is not None:
            self._anchors[event.anchor] = node
        return node

    def _scalar(self, event: yaml.ScalarEvent, head: int, start: int, end: int) -> Node:
        style = event.style or ""
        if not style and not event.value:
            return Node("scalar", head, head, head)
        if style in ("|", ">"):
            end = self._block_end(start, end)
        return Node("scalar", head, start, end, style)

    def _block_end(self, start: int, end: int) -> int:
        """The end of a block text's last line; blank lines after it count where the text keeps them."""
        body = self.text[start:end]
        if "+" in body[:3]:
            return start + len(body.removesuffix("\n").removesuffix("\r"))
        return min(end, self._match(_LINE, start + len(body.rstrip())))

    def _collection(self, event: yaml.NodeEvent, head: int, start: int) -> Node:
        kind: Kind = "mapping" if isinstance(event, yaml.MappingStartEvent) else "sequence"
        node = Node(kind, head, start, start, flow=bool(getattr(event, "flow_style", False)))
        bracket = node.flow and self.text[node.start] in "{["  # `[a: 1]` holds a mapping without
        position = node.start + bracket
        for inner in self._events:
            if isinstance(inner, yaml.CollectionEndEvent):
                node.end = _span(inner)[1] if bracket else position
                break
            entry = self._entry(node, inner, self._next(position, node.flow))
            node.entries.append(entry)
            position = entry.end
        return node

    def _entry(self, holder: Node, event: yaml.Event, start: int) -> Entry:
        if holder.kind == "sequence":
            return Entry(start, "", self._node(event, start if holder.flow else start + 1))
        assert isinstance(event, yaml.ScalarEvent)
        head = _span(event)[1]
        colon = self._between(head)
        if self.text[colon : colon + 1] == ":":
            head = colon + 1
        return Entry(start, event.value, self._node(next(self._events), head))

    def _next(self, position: int, flow: bool) -> int:
        position = self._between(position)
        if flow and self.text[position] == ",":
            position = self._between(position + 1)
        return position

    def _between(self, position: int) -> int:
        return self._match(_BETWEEN, position)

    def _match(self, pattern: re.Pattern[str], position: int) -> int:
        found = pattern.match(self.text, position)
        assert found is not None
        return found.end()
