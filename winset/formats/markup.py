"""XML files to plain elements that know their lines, and texts to XML; nothing outside the file is read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from winset.errors import CaseError, Fault, clip
from winset.formats.outside import read_bytes

MAX_ELEMENTS = 500_000
MAX_DEPTH = 50
_ESCAPES = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\t": "&#9;", "\r": "&#13;"}
)


@dataclass(slots=True)
class Element:
    """An element of an XML file, with its line."""

    tag: str
    attributes: dict[str, str]
    line: int
    children: list[Element] = field(default_factory=list)

    def all(self, *tags: str) -> list[Element]:
        """The children with one of these tags."""
        return [child for child in self.children if child.tag in tags]

    def walk(self) -> Iterator[Element]:
        """The element and all below it."""
        yield self
        for child in self.children:
            yield from child.walk()


class _TooLarge(Exception):
    """More elements, or deeper ones, than are read."""


class _Tree:
    """Builds elements with their lines as the parser meets them."""

    def __init__(self) -> None:
        self.root: Element | None = None
        self.open: list[Element] = []
        self.count = 0
        self.parser: Any = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.count += 1
        if self.count > MAX_ELEMENTS or len(self.open) >= MAX_DEPTH:
            raise _TooLarge
        element = Element(tag, dict(attributes), self.parser.parser.CurrentLineNumber)
        if self.open:
            self.open[-1].children.append(element)
        else:
            self.root = element
        self.open.append(element)

    def end(self, tag: str) -> None:
        self.open.pop()

    def close(self) -> Element:
        assert self.root is not None  # a text without a root element is a ParseError
        return self.root


def read_xml(path: Path) -> Element:
    """The root of an XML file; CaseError for anything unsound or that reaches outside the file."""
    line, way_out = 0, "mend the XML, or take the file out of the folder"
    raw = read_bytes(path)
    tree = _Tree()
    parser: Any = DefusedXMLParser(target=tree, forbid_dtd=True)
    tree.parser = parser
    try:
        parser.feed(raw)
        root: Element = parser.close()
        return root
    except ParseError as error:
        line = error.position[0]
        message = f"is not sound XML: {clip(str(error).partition(': line')[0])}"
    except DefusedXmlException:
        message = "the file declares a document type or entities, which could reach other files"
        line, way_out = parser.parser.CurrentLineNumber, "remove the <!DOCTYPE> and its entities"
    except _TooLarge:
        message = f"has more than {MAX_ELEMENTS:,} elements, or more than {MAX_DEPTH} inside one another"
        way_out = "leave out what is not needed"
    except (LookupError, ValueError):
        message, way_out = "is in an encoding that is not known", "save it as UTF-8"
    raise CaseError([Fault(message, way_out, file=path.name, line=line, column=1 if line else 0)])


def opening(tag: str, **attributes: object) -> str:
    """The tag that opens an element, with its attributes."""
    said = "".join(f' {name}="{str(value).translate(_ESCAPES)}"' for name, value in attributes.items())
    return f"<{tag}{said}>"


def empty(tag: str, **attributes: object) -> str:
    """An element with attributes and nothing inside."""
    return opening(tag, **attributes).removesuffix(">") + "/>"
