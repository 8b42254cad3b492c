"""Edits to a text at the spans of its tree: values replaced, entries inserted and removed."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from winset.case import emit
from winset.case.spans import Entry, Node

_BREAK = re.compile(r"(?:\r\n|[\r\n])")
_LINE_END = re.compile(r"[^\r\n]*")
_COMMA = re.compile(r"(?:[ \t\r\n]*,)?")
_COMMA_AND_COMMENT = re.compile(r"[ \t\r\n]*,(?:[ \t]*#[^\r\n]*)?[ \t\r\n]*")
_SPACE = re.compile(r"[ \t\r\n]*")


class Edit(NamedTuple):
    """The text between two places, and what comes in its stead."""

    start: int
    end: int
    text: str


class Edits:
    """What is to change in a text; the place of an entry, and how its neighbours are written, say how."""

    def __init__(self, text: str, tree: Node) -> None:
        self._text, self._tree = text, tree
        self.in_json = tree.flow and all(text[entry.start] == '"' for entry in tree.entries)
        self._edits: list[Edit] = []

    def in_order(self) -> list[Edit]:
        """The edits from the start of the text to its end."""
        return sorted(self._edits, key=lambda edit: edit[:2])

    @property
    def newline(self) -> str:
        """How the text ends its lines."""
        found = _BREAK.search(self._text)
        return found[0] if found else "\n"

    def is_whole(self, node: Node) -> bool:
        """Whether a collection can take entries: a pair in a list, `[a: 1]`, has no brackets to hold them."""
        return not node.flow or self._text[node.start] in "{["

    def replace(self, holder: Node, entry: Entry, value: Any) -> None:
        """Write `value` where the value of `entry` stands."""
        node = entry.value
        if holder.flow:
            self._replace_in_flow(holder, node, value)
        elif self._is_below(node):
            self._replace_below(entry, value)
        else:
            self._replace_beside(holder, entry, value)

    def _replace_in_flow(self, holder: Node, node: Node, value: Any) -> None:
        text = self._flow(value, node.start)
        if node.start == node.end:  # nothing is written there yet, perhaps not even the colon
            has_colon = holder.kind == "sequence" or self._text[node.head - 1] == ":"
            text = f" {text}" if has_colon else f": {text}"
        self._edit(node.start, node.end, text)

    def _is_below(self, node: Node) -> bool:
        """Whether a block collection begins on a line below its key or dash."""
        block = node.kind in ("mapping", "sequence") and not node.flow
        return block and _BREAK.search(self._text, node.head, node.start) is not None

    def _replace_below(self, entry: Entry, value: Any) -> None:
        node = entry.value
        first_end, last_end = self._line_end(node.head), self._line_end(node.end)
        comment = self._text[node.head : first_end].strip()
        lines = not comment or isinstance(value, dict | list)
        tail = self._tail(entry, value, self._column(node.head), lines=lines)
        if tail.startswith("\n"):
            self._edit(self._line_start(node.start), last_end, tail[1:])
        elif comment:
            self._edit(node.head, node.head, tail)
            self._edit(first_end, last_end, "")
        else:
            self._edit(node.head, last_end, tail)

    def _replace_beside(self, holder: Node, entry: Entry, value: Any) -> None:
        node = entry.value
        block = node.kind in ("mapping", "sequence") and not node.flow
        line_end = self._line_end(node.end)
        free = block or not self._text[node.end : line_end].strip()
        lines = free and "#" not in self._text[node.head : node.start]
        follows_dash = holder.kind == "sequence" and node.head == entry.start + 1
        used = self._column(node.start) - 1
        tail = self._tail(entry, value, used, compact=follows_dash, lines=lines)
        end = line_end if block or "\n" in tail else node.end
        if "\n" in tail or node.start == node.end:
            self._edit(node.head, end, tail)
        else:
            self._edit(node.start, end, tail.removeprefix(" "))

    def _tail(self, entry: Entry, value: Any, used: int, *, lines: bool, compact: bool = False) -> str:
        node = entry.value
        old = self._text[self._line_start(node.start) : self._line_end(node.end)]
        width = max(emit.WIDTH, *map(len, _BREAK.split(old)))
        column = self._column(entry.start)
        return emit.tail(
            value, column, used, compact=compact, lines=lines, flow=node.flow, style=node.style, width=width
        )

    def insert(self, holder: Node, previous: int | None, first: int, key: str, value: Any) -> None:
        """Add an entry after the one at `previous`, or where there is none before the `first` that stays."""
        place = holder.entries[first].start if previous is None else holder.entries[previous].end
        if holder.flow:
            text, gap = self._flow_entry(holder, key, value, place), self._flow_gap(holder)
            self._edit(place, place, text + gap if previous is None else gap + text)
            return
        indent = self._column(holder.entries[0].start)
        text = emit.item(value, indent) if holder.kind == "sequence" else emit.pair(key, value, indent)
        if previous is None:
            self._edit(place, place, f"{text}\n{' ' * indent}")
            return
        # A comment below the entry that is indented deeper than its key belongs to it.
        comments = re.compile(rf"(?:(?:{_BREAK.pattern}| )* {{{indent + 1}}}#[^\r\n]*)*")
        place = self._match(comments, self._line_end(place))
        section = holder is self._tree and isinstance(value, dict | list)
        self._edit(place, place, ("\n\n" if section else "\n") + " " * indent + text)

    def _flow_entry(self, holder: Node, key: str, value: Any, place: int) -> str:
        if holder.kind == "sequence":
            return self._flow(value, place)
        if self.in_json:
            return f"{emit.in_json(key)}: {self._flow(value, place)}"
        return emit.in_flow({key: value})[1:-1]

    def _flow_gap(self, holder: Node) -> str:
        """What stands between two entries: a comma, and a line break where each has its own line."""
        lead = self._text[holder.start + 1 : holder.entries[0].start]
        return "," + (lead if _BREAK.search(lead) and not lead.strip() else " ")

    def _flow(self, value: Any, place: int) -> str:
        if not self.in_json:
            return emit.in_flow(value)
        text = emit.in_json(value)
        if len(text) <= emit.WIDTH or not _BREAK.search(self._text.strip()):
            return text
        line = self._line_start(place)
        lead = self._text[line : self._match(_SPACE, line)]
        return emit.in_json(value, lines=True).replace("\n", f"\n{lead}")

    def remove(self, holder: Node, gone: set[int]) -> None:
        """Take the entries at `gone` out; at least one must stay."""
        if holder.flow:
            self._remove_from_flow(holder, gone)
        else:
            self._remove_lines(holder, gone)

    def _remove_from_flow(self, holder: Node, gone: set[int]) -> None:
        entries = holder.entries
        stayed = False
        for i, entry in enumerate(entries):
            if i not in gone:
                stayed = True
            elif stayed and "#" not in self._text[entries[i - 1].end : entry.start]:
                self._edit(entries[i - 1].end, entry.end, "")
            elif i + 1 == len(entries):
                self._edit(entry.start, self._match(_COMMA, entry.end), "")
            else:  # its own comment goes too; the next entry, or a comment above that, takes its place
                stayed = False
                stop = self._match(_COMMA_AND_COMMENT, entry.end)
                self._edit(entry.start, stop, " " if self._text[stop] == "#" else "")

    def _remove_lines(self, holder: Node, gone: set[int]) -> None:
        beside_dash = None
        for i in sorted(gone):
            entry = holder.entries[i]
            start = self._line_start(entry.start)
            stop = self._next_line(entry.end)
            if entry.start == beside_dash or self._text[start : entry.start].strip():
                # What follows the pair moves up to the dash: the next pair, or a comment.
                start, stop = entry.start, self._match(_SPACE, stop)
                beside_dash = stop
            self._edit(start, stop, "")

    def _edit(self, start: int, end: int, text: str) -> None:
        self._edits.append(Edit(start, end, text))

    def _match(self, pattern: re.Pattern[str], place: int) -> int:
        found = pattern.match(self._text, place)
        return found.end() if found else place

    def _line_start(self, place: int) -> int:
        return max(self._text.rfind("\n", 0, place), self._text.rfind("\r", 0, place)) + 1

    def _line_end(self, place: int) -> int:
        return self._match(_LINE_END, place)

    def _next_line(self, place: int) -> int:
        return self._match(_BREAK, self._line_end(place))

    def _column(self, place: int) -> int:
        return place - self._line_start(place)
