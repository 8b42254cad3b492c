"""Plain data to YAML text that `yaml12` reads back as the same data, and to JSON text.

Short collections stand in flow style on one line, the rest in block style. A text is written plain
where YAML 1.2 reads it as that text, else in double quotes with JSON's escapes, which YAML shares.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

from winset.case.yaml12 import resolve

WIDTH = 110
_STEP = 2
_LONGEST_KEY = 1000  # the parser takes 1024 characters before a colon; longer keys need a `?`

# What a file may not hold, or what a parser takes for the end of a line or of the text.
_SPECIAL = re.compile("[^\t\n -~\u00a0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u2028\u2029\ufeff]")
_NOT_PLAIN = re.compile(r"^[\s\-?:,\[\]{}#&*!|>'\"%@`]|[\t\n]|: | #|[:\s]$")
_NOT_IN_FLOW = re.compile(r"[,\[\]{}?:]")
_GAP = re.compile(r"(?<=[^ ]) (?=[^ ])")


def document(data: dict[str, Any]) -> str:
    """The text of a whole file: a blank line between sections."""
    parts: list[str] = []
    after_section = False
    for key, value in data.items():
        section = isinstance(value, dict | list)
        gap = "\n" if parts and (section or after_section) else ""
        parts.append(f"{gap}{pair(key, value, 0)}\n")
        after_section = section
    return "".join(parts)


def pair(key: str, value: Any, indent: int) -> str:
    """A key and its value in block style; lines after the first are indented, the first is not."""
    head = _head(key, "\n" + " " * indent + ":")
    return head + tail(value, indent, indent + len(head))


def item(value: Any, indent: int) -> str:
    """An item of a list in block style; lines after the first are indented, the first is not."""
    return "-" + tail(value, indent, indent + 1, compact=True)


def tail(
    value: Any,
    indent: int,
    used: int,
    *,
    compact: bool = False,
    lines: bool = True,
    flow: bool = False,
    style: str = "",
    width: int = WIDTH,
) -> str:
    """What follows a key's colon or an item's dash, which stand at column `indent` and end at `used`.

    `compact`: a block collection begins on the same line, as after a dash. Without `lines`, nothing but a
    single line is written. `flow`: a deep collection stands on one line too, where it fits. `style` is
    how a text was quoted before.
    """
    if isinstance(value, dict | list):
        text = in_flow(value)
        short = (flow or _is_leaf(value)) and used + 1 + len(text) <= width
        if short or not value or not lines:
            return " " + text
        block = _block(value, indent + _STEP)
        return " " + block.lstrip(" ") if compact else "\n" + block
    text = scalar(value, style)
    if lines and isinstance(value, str):
        wanted = "\n" in value or style in ("|", ">") or used + 1 + len(text) > width
        return " " + ((wanted and _block_scalar(value, indent + _STEP, width)) or text)
    return " " + text


def in_flow(value: Any) -> str:
    """A value on one line, as it may stand between brackets."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_head(key, ' :')} {in_flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(in_flow, value)) + "]"
    return scalar(value, in_flow=True)


def in_json(value: Any, *, lines: bool = False) -> str:
    """A value as JSON, on one line or over several."""
    text = json.dumps(value, ensure_ascii=False, indent=_STEP if lines else None)
    return _SPECIAL.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def scalar(value: Any, style: str = "", *, in_flow: bool = False) -> str:
    """A single value on one line; a text in the quotes of `style` where they will do."""
    if isinstance(value, str):
        return _text(value, style, in_flow)
    if isinstance(value, float) and not math.isfinite(value):
        return ".nan" if math.isnan(value) else ".inf" if value > 0 else "-.inf"
    return json.dumps(value)


def _text(text: str, style: str, in_flow: bool) -> str:
    if style == "'" and not _SPECIAL.search(text) and not re.search(r"[\t\n]", text):
        return "'" + text.replace("'", "''") + "'"
    awkward = _SPECIAL.search(text) or _NOT_PLAIN.search(text) or (in_flow and _NOT_IN_FLOW.search(text))
    if style == '"' or awkward or not isinstance(resolve(text), str):
        return in_json(text)
    return text


def _head(key: str, colon: str) -> str:
    text = scalar(key, in_flow=True)
    return f"{text}:" if len(text) < _LONGEST_KEY else f"? {text}{colon}"


def _is_leaf(value: Any) -> bool:
    """Whether a collection holds single values, and lists of them, only."""
    inner = value.values() if isinstance(value, dict) else value
    return all(not isinstance(part, dict) and _is_flat(part) for part in inner)


def _is_flat(value: Any) -> bool:
    return not isinstance(value, list) or not any(isinstance(part, dict | list) for part in value)


def _block(value: Any, indent: int) -> str:
    pad = " " * indent
    if isinstance(value, dict):
        return "\n".join(pad + pair(key, inner, indent) for key, inner in value.items())
    return "\n".join(pad + item(inner, indent) for inner in value)


def _block_scalar(text: str, indent: int, width: int) -> str | None:
    """A text over several lines, folded or literal; None where that would not keep it."""
    if _SPECIAL.search(text) or "\t" in text or text[:1].isspace() or not text.strip():
        return None
    pad = " " * indent
    if "\n" in text:
        if text.endswith("\n\n"):
            return None
        rows = text.removesuffix("\n").split("\n")
        sign = "|" if text.endswith("\n") else "|-"
    else:
        if text.endswith(" "):
            return None
        rows, sign = _fold(text, width - indent), ">-"
    return "\n".join([sign, *(pad + row if row else "" for row in rows)])


def _fold(text: str, width: int) -> list[str]:
    """Lines that a folded scalar joins to `text`: broken at single spaces only."""
    rows: list[str] = []
    for word in _GAP.split(text):
        if rows and len(rows[-1]) + 1 + len(word) <= width:
            rows[-1] += " " + word
        else:
            rows.append(word)
    return rows
