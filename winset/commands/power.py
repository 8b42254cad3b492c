"""`winset power`."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from rich.console import Console

from winset.analyses.power.counting import power_indices
from winset.analyses.power.page import heading, sections
from winset.analyses.power.vote import read_vote
from winset.case.files import write_atomically
from winset.commands.speak import say
from winset.report import terminal


def run(
    quota: str,
    weights: Sequence[str],
    console: Console,
    names: str | None = None,
    file: str | None = None,
    *,
    more_than: bool = False,
) -> None:
    """Print the power indices of a weighted vote; with a file write them as JSON too, `-` instead."""
    called = [] if names is None else [name.strip() for name in names.split(",")]
    vote = read_vote(quota, weights, called, strictly=more_than)
    indices = power_indices(vote)
    data = {"winset": version("winset"), "power": indices.to_dict()}
    text = json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    if file == "-":
        sys.stdout.write(text)
        return
    if file is not None:
        write_atomically(Path(file), text)
    terminal.print_sections(console, heading(vote), sections(vote, indices))
    if file is not None:
        say(console, f"\nWritten: {file}")
