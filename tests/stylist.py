"""Awkward texts, and YAML written in every odd way that people and programs write it."""

from __future__ import annotations

import json
from random import Random

from winset.case import emit

TEXTS = [
    *[
        "no",
        "12:30",
        "010",
        "1e5",
        "0o7",
        "0x1F",
        "~",
        "null",
        "true",
        "2026-01-01",
        ".5",
        ".inf",
        "1/2",
        "1_000",
    ],
    *[
        "# x",
        "a #b",
        "a# b",
        " lead",
        "trail ",
        "a: b",
        "a:",
        ":a",
        "-",
        "- a",
        "-1x",
        "? b",
        "?",
        "[x]",
        "{x}",
        "a, b",
    ],
    *[
        "*a",
        "&a",
        "!t",
        "%x",
        "@x",
        "`x`",
        "'q'",
        '"q"',
        "it's",
        "|",
        ">",
        ">-",
        "---",
        "...",
        "<<",
        "=",
        "\\",
        "\\n",
    ],
    *[
        "two\nlines",
        "two\n\nlines\n",
        "end\n\n",
        "\nstart",
        "a\n  deep\nb",
        "tab\there",
        "a \nb",
        "cr\r\nlf",
        "a\n \nb",
    ],
    *["\x07", "\x7f", "\x85x", "x\u2028y", "\ufeffx", "\xa0x\xa0", "مرحبا", "שלום", "中文", "😀", "\u200fx"],
    *["word " * 60 + "end", "double  space " * 20 + "end", "x" * 300, "key: value # no comment " * 9 + "end"],
    *["http://x.y/z?q=1#f", "deep\n" * 3 + "      deeper", "long " * 40 + "\nline"],
]


class Stylist:
    """Writes data as YAML in every odd way that people and programs write it."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.anchors: dict[str, str] = {}
        self.comments = 0

    def document(self, data: dict) -> str:
        return "".join(self.lines(data, 0)) + "".join(self.comment_lines(0))

    def tail(self, value, indent: int) -> str:
        """What follows a colon or dash, up to the end of its last line."""
        known = self.anchors.get(json.dumps(value))
        if known and self.random.random() < 0.3:
            return f" *{known}{self.comment()}\n"
        anchor = ""
        if self.random.random() < 0.1:
            self.comments += 1
            anchor = f" &a{self.comments}"
        if value and isinstance(value, dict | list) and self.random.random() < 0.6:
            text = f"{anchor}{self.comment()}\n" + "".join(self.lines(value, indent))
        elif isinstance(value, str) and self.random.random() < 0.3:
            style = self.random.choice("|>")
            text = (
                anchor
                + emit.tail(value, indent - 2, 60, style=style, width=self.random.choice([30, 80]))
                + "\n"
            )
        else:
            text = f"{anchor} {self.flow(value, indent)}{self.comment()}\n"
        if anchor:  # known only from here on
            self.anchors[json.dumps(value)] = anchor.removeprefix(" &")
        return text

    def lines(self, value, indent: int):
        pad = " " * indent
        for entry in value.items() if isinstance(value, dict) else value:
            yield from self.comment_lines(indent)
            if isinstance(value, list):
                yield self.item(entry, indent)
                continue
            key, inner = entry
            deeper = indent + self.random.choice([1, 2, 4])
            if isinstance(inner, list) and self.random.random() < 0.3:
                deeper = indent
            if self.random.random() < 0.1:
                yield f"{pad}? {self.key(key)}\n{pad}:{self.tail(inner, max(deeper, indent + 1))}"
            else:
                yield f"{pad}{self.key(key)}:{self.tail(inner, deeper)}"

    def item(self, value, indent: int) -> str:
        pad = " " * indent
        if value and isinstance(value, dict | list) and self.random.random() < 0.5:
            gap = self.random.choice([1, 1, 3])
            block = "".join(self.lines(value, indent + 1 + gap))
            return f"{pad}-{' ' * gap}{block.lstrip(' ')}" if block.startswith(" ") else f"{pad}-\n{block}"
        return f"{pad}-{self.tail(value, indent + 2)}"

    def key(self, key: str) -> str:
        style = self.random.choice(["", "", "'", '"'])
        text = emit.scalar(key, style, in_flow=True)
        return text if not style and text == key else emit.scalar(key, style or "'")

    def flow(self, value, indent: int) -> str:
        if isinstance(value, dict | list):
            pairs = isinstance(value, dict)
            parts: list[str] = []
            for entry in value.items() if isinstance(value, dict) else value:
                gap = self.random.choice(["", " ", " ", " ", f"{self.comment()}\n{' ' * indent} "])
                inner = self.flow(entry[1] if pairs else entry, indent)
                parts.append(gap + (f"{self.key(entry[0])}: {inner}" if pairs else inner))
            end = self.random.choice(["", "", " ", f" \n{' ' * indent} ", ","][: 5 if parts else 4])
            return ("{%s%s}" if pairs else "[%s%s]") % (",".join(parts), end)
        return emit.scalar(value, self.random.choice(["", "", "'", '"']), in_flow=True)

    def comment(self) -> str:
        if self.random.random() < 0.8:
            return self.random.choice(["", "", "", "  "])
        self.comments += 1
        return f"{' ' * self.random.randint(1, 5)}# {self.comments}"

    def comment_lines(self, indent: int):
        while self.random.random() < 0.3:
            self.comments += 1
            yield self.random.choice(["\n", f"{' ' * indent}# {self.comments}\n", f"# {self.comments}\n"])
