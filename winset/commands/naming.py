"""What is named on the command line: packages, and options of analyses."""

from __future__ import annotations

from winset.errors import WinsetError


class IncompletePackage(WinsetError):
    """A package named on the command line that does not settle every issue."""


class IdleOption(WinsetError):
    """An option that says something to an analysis that was not asked for."""


def parse_package(text: str) -> dict[str, str]:
    """`issue=option,issue=option` as a package; IncompletePackage where it is not of that form."""
    chosen: dict[str, str] = {}
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        issue, equals, option = (word.strip() for word in part.partition("="))
        if not (issue and equals and option):
            raise IncompletePackage(f"'{part}' is not of the form issue=option")
        if chosen.get(issue, option) != option:
            raise IncompletePackage(f"'{issue}' is given two options; keep one")
        chosen[issue] = option
    return chosen
