"""`winset convert`."""

from __future__ import annotations

import errno
from pathlib import Path

from rich.console import Console

from winset.commands.speak import say
from winset.errors import UnknownName, WinsetError
from winset.formats import FORMATS, Format, load_case
from winset.formats.own import ENDINGS, ID


class UnclearFormat(WinsetError):
    """A target whose name does not tell in which format it is to be written."""


def run(source: str, target: str, console: Console, errors: Console, to: str | None, *, lossy: bool) -> None:
    """Write the case again in another format; CaseError where something would be lost unless `lossy`."""
    path, form = Path(target), _format(target, to)
    if path.exists() and (form.id == ID or not path.is_dir() or any(path.iterdir())):
        raise FileExistsError(errno.EEXIST, "is there already; name a new file or folder", target)
    case = load_case(source)
    for sentence in form.save(case, path, lossy=lossy):
        say(errors, sentence)
    for ref, preference in case.preferences.items():
        for line in (preference.note or "").splitlines():
            say(console, f"{ref}: {line}")
    say(console, f"Written: {target} ({form.title})")


def _format(target: str, to: str | None) -> Format:
    """The format asked for, else the one that the target's name tells."""
    if to is None:
        if Path(target).suffix.lower() not in ENDINGS:
            known = ", ".join(form.id for form in FORMATS)
            raise UnclearFormat(f"'{target}' does not tell the format; say --to with one of {known}")
        to = ID
    for form in FORMATS:
        if form.id == to:
            return form
    raise UnknownName("format", to, (form.id for form in FORMATS))
