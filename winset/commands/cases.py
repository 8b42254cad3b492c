"""`winset cases`."""

from __future__ import annotations

from rich.console import Console

from winset.commands.speak import say
from winset.formats import load_case
from winset.formats.catalogue import catalogue
from winset.report import overview


def run(console: Console) -> None:
    """List the catalogue."""
    for name, folder in catalogue().items():
        case = load_case(folder)
        say(console, f"{name:20}  {overview.heading(case)}")
