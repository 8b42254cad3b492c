"""YAML 1.2 text to plain data, with the place of every key and value.

PyYAML's C parser gives the events; scalars are resolved here by the YAML 1.2 core schema
(`no` and `12:30` are strings, `010` is ten), duplicate keys and tags are refused, and size,
depth and alias expansion are limited. Keys are always text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from winset.errors import CaseError, Fault, clip

MAX_BYTES = 8_000_000
MAX_DEPTH = 40
MAX_VALUES = 300_000
MAX_DIGITS = 40

Path = tuple[str | int, ...]
Place = tuple[int, int]

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_BOOL = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INT = re.compile(r"[-+]?[0-9]+$")
_OCT_HEX = re.compile(r"0o[0-7]+$|0x[0-9a-fA-F]+$")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$")
_INFINITE = re.compile(r"([-+]?)\.(inf|Inf|INF)$")
_NAN = frozenset({".nan", ".NaN", ".NAN"})
_CONTROL = re.compile("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
SURROGATES = re.compile(r"\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class WrittenInt(int):
    """A whole number that remembers how it was written (`010`)."""

    written: str


class WrittenFloat(float):
    """A number that remembers how it was written (`1.50`)."""

    written: str


@dataclass(frozen=True, slots=True)
class Document:
    """The data of a file, and where each key and value stands (line, column from 1)."""

    name: str
    data: Any
    places: Mapping[Path, Place]

    def place(self, path: Path) -> Place:
        """The place of `path`, or of the nearest thing around it that the file holds."""
        for end in range(len(path), -1, -1):
            if path[:end] in self.places:
                return self.places[path[:end]]
        return (1, 1)


@dataclass(slots=True)
class _Node:
    place: Place
    scalar: Any = None
    items: list[_Node] | None = None
    pairs: dict[str, tuple[Place, _Node]] | None = None
    closed: bool = True
    pending: tuple[str, Place] | None = None


def read_document(raw: bytes, name: str) -> Document:
    """Parse the bytes of a YAML or JSON file called `name`; CaseError on anything unreadable."""
    text = decode(raw, name)
    builder = _Builder(name)
    try:
        for event in events(text):
            builder.take(event)
    except yaml.YAMLError as error:
        builder.faults.append(_syntax_fault(error, name))
        raise CaseError(builder.faults) from None
    if builder.faults:
        raise CaseError(builder.faults)
    if builder.root is None:
        raise CaseError([Fault("the file is empty", "start with `winset: 1` and a `title:`", file=name)])
    places: dict[Path, Place] = {}
    budget = iter(range(MAX_VALUES))
    data = _expand(builder.root, (), places, budget, name)
    return Document(name, data, places)


def written(value: Any) -> str:
    """A scalar as the user wrote it."""
    return str(getattr(value, "written", value))


def events(text: str) -> Iterator[yaml.Event]:
    """What the parser finds in `text`, with marks that count its characters."""
    found: Iterator[yaml.Event] = yaml.parse(text, Loader=_LOADER)
    return found


def decode(raw: bytes, name: str) -> str:
    """The text of a file as it is parsed; CaseError where it is none."""
    if len(raw) > MAX_BYTES:
        raise too_large(name, len(raw))
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        way_out = "save the file as UTF-8"
        raise CaseError([Fault("the file is UTF-16, not UTF-8 text", way_out, file=name, line=1, column=1)])
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = error.start - (raw.rfind(b"\n", 0, error.start) + 1) + 1
        message = f"not UTF-8 text: the byte 0x{raw[error.start]:02x} stands there"
        fault = Fault(message, "save the file as UTF-8 text", file=name, line=line, column=column)
        raise CaseError([fault]) from None
    if found := _CONTROL.search(text):
        raise _control_character(text, found.start(), name)
    return _join_surrogates(text) if name.lower().endswith(".json") else text


def _control_character(text: str, at: int, name: str) -> CaseError:
    line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
    message = f"a control character (U+{ord(text[at]):04X}) stands here"
    way_out = "remove it; if there are many, this is no text file, or not UTF-8"
    return CaseError([Fault(message, way_out, file=name, line=line, column=column)])


def too_large(name: str, size: int) -> CaseError:
    """The error for a file beyond the size limit."""
    message = f"the file has {size:,} bytes, more than the {MAX_BYTES:,} a case may have"
    return CaseError([Fault(message, "a case file holds numbers and short texts; link documents", file=name)])


def _join_surrogates(text: str) -> str:
    """JSON writes characters beyond U+FFFF as two escapes, which YAML does not know."""

    def join(match: re.Match[str]) -> str:
        high, low = int(match[1], 16), int(match[2], 16)
        return f"\\U{0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00):08X}"

    return SURROGATES.sub(join, text)


def _syntax_fault(error: yaml.YAMLError, name: str) -> Fault:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be parsed"
    line, column = (mark.line + 1, mark.column + 1) if mark is not None else (0, 0)
    way_out = "check the indentation (spaces, no tabs), colons, quotes and brackets just before this place"
    return Fault(f"not valid YAML: {clip(problem, 120)}", way_out, file=name, line=line, column=column)


def _start_of(event: yaml.Event) -> Place:
    mark = event.start_mark
    return (1, 1) if mark is None else (mark.line + 1, mark.column + 1)


class _Builder:
    """Takes parser events one by one and builds the tree, without recursion."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.root: _Node | None = None
        self.faults: list[Fault] = []
        self._open: list[_Node] = []
        self._anchors: dict[str, _Node] = {}
        self._documents = 0
        self._events = 0

    def take(self, event: yaml.Event) -> None:
        place = _start_of(event)
        self._events += 1
        if self._events > 2 * MAX_VALUES:
            raise self._stop(f"more than {MAX_VALUES:,} values", "split the case", place)
        if isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                raise self._stop("a second document (`---`) begins here", "one file holds one case", place)
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event.anchor, place)
        elif isinstance(event, yaml.ScalarEvent):
            self._scalar(event, place)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            self._start(event, place)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self._open.pop().closed = True

    def _stop(self, message: str, way_out: str, place: Place) -> CaseError:
        self.faults.append(Fault(message, way_out, file=self.name, line=place[0], column=place[1]))
        return CaseError(self.faults)

    def _alias(self, anchor: str | None, place: Place) -> None:
        node = self._anchors.get(anchor or "")
        if node is None:
            raise self._stop(
                f"the alias *{clip(anchor)} refers to nothing above it", "name an &anchor", place
            )
        if not node.closed:
            message = f"the alias *{clip(anchor)} refers to the very thing it stands in: a circle"
            raise self._stop(message, "write the rule out, or refer to another one", place)
        if self._awaits_key():
            raise self._stop("an alias cannot be a key", "write the key out", place)
        self._place(node, place)

    def _scalar(self, event: yaml.ScalarEvent, place: Place) -> None:
        self._check_tag(event, place)
        if self._awaits_key():
            self._open[-1].pending = (event.value, place)
            return
        plain = event.style in (None, "") and event.implicit[0]
        node = _Node(place, scalar=resolve(event.value) if plain else event.value)
        self._anchor(event, node)
        self._place(node, place)

    def _start(self, event: yaml.CollectionStartEvent, place: Place) -> None:
        self._check_tag(event, place)
        if len(self._open) >= MAX_DEPTH:
            raise self._stop(f"nested more than {MAX_DEPTH} levels deep", "a case needs far fewer", place)
        if self._awaits_key():
            raise self._stop("a key must be plain text", "write it as a word", place)
        mapping = isinstance(event, yaml.MappingStartEvent)
        node = _Node(place, pairs={} if mapping else None, items=None if mapping else [], closed=False)
        self._anchor(event, node)
        self._place(node, place)
        self._open.append(node)

    def _check_tag(self, event: yaml.NodeEvent, place: Place) -> None:
        tag = getattr(event, "tag", None)
        if tag is not None and tag != "!":
            shown = tag.replace("tag:yaml.org,2002:", "!!")
            raise self._stop(f"the tag {clip(shown)} is not used in case files", "remove it", place)

    def _anchor(self, event: yaml.NodeEvent, node: _Node) -> None:
        if event.anchor is not None:
            self._anchors[event.anchor] = node

    def _awaits_key(self) -> bool:
        return bool(self._open) and self._open[-1].pairs is not None and self._open[-1].pending is None

    def _place(self, node: _Node, place: Place) -> None:
        if not self._open:
            self.root = node
            return
        parent = self._open[-1]
        if parent.items is not None:
            parent.items.append(node)
        elif parent.pairs is not None and parent.pending is not None:
            self._pair(parent, *parent.pending, node)
            parent.pending = None

    def _pair(self, parent: _Node, key: str, place: Place, node: _Node) -> None:
        assert parent.pairs is not None
        if key in parent.pairs:
            first = parent.pairs[key][0]
            message = f"the key '{clip(key)}' stands twice, first at {first[0]}:{first[1]}"
            fault = Fault(message, "keep one of the two", file=self.name, line=place[0], column=place[1])
            self.faults.append(fault)
            return
        parent.pairs[key] = (place, node)


def resolve(text: str) -> Any:
    """A plain scalar by the YAML 1.2 core schema."""
    if text in _NULL:
        return None
    if text in _BOOL:
        return _BOOL[text]
    if len(text) > MAX_DIGITS:
        return text
    return _number(text)


def _number(text: str) -> Any:
    if _INT.match(text):
        whole = WrittenInt(text)
        whole.written = text
        return whole
    if _OCT_HEX.match(text):
        whole = WrittenInt(int(text, 0))
        whole.written = text
        return whole
    if _FLOAT.match(text):
        real = WrittenFloat(text)
        real.written = text
        return real
    infinite = _INFINITE.match(text)
    if infinite:
        return float(infinite[1] + "inf")
    return float("nan") if text in _NAN else text


def _expand(node: _Node, path: Path, places: dict[Path, Place], budget: Iterator[int], name: str) -> Any:
    """Plain data from the tree; aliases are copied out, within the budget of values."""
    if next(budget, None) is None or len(path) > MAX_DEPTH:
        message = f"more than {MAX_VALUES:,} values or {MAX_DEPTH} levels once aliases are written out"
        way_out = "use fewer aliases, or split the case"
        raise CaseError([Fault(message, way_out, file=name, line=node.place[0], column=node.place[1])])
    places.setdefault(path, node.place)
    if node.items is not None:
        return [_expand(item, (*path, i), places, budget, name) for i, item in enumerate(node.items)]
    if node.pairs is not None:
        found: dict[str, Any] = {}
        for key, (place, child) in node.pairs.items():
            places[(*path, key)] = place
            found[key] = _expand(child, (*path, key), places, budget, name)
        return found
    return node.scalar
