"""Files to cases: the formats winset knows, and the one door through which cases come in."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from winset.case.model import Case
from winset.errors import CaseError, Fault, UnknownName
from winset.formats import own
from winset.formats.catalogue import catalogue


@dataclass(frozen=True, slots=True)
class Format:
    """A file format: how it is recognised, read, and written where that can be done."""

    id: str
    title: str
    recognises: Callable[[Path], bool]
    load: Callable[[Path], Case]
    save: Callable[[Case, Path], None] | None


FORMATS: tuple[Format, ...] = (Format(own.ID, own.TITLE, own.recognises, own.load, own.save),)


def load_case(path: str | os.PathLike[str]) -> Case:
    """Read a case from a file or folder in any known format, or from the catalogue by its name.

    Raises CaseError with every fault and its place, UnknownName where there is neither a file nor a
    case of that name, and OSError where a file cannot be read.
    """
    place = Path(path)
    if not place.exists():
        place = _by_name(str(path))
    for form in FORMATS:
        if form.recognises(place):
            return form.load(place)
    known = ", ".join(form.title for form in FORMATS)
    message = "is a folder without a `case.yaml`" if place.is_dir() else f"is in no known format ({known})"
    raise CaseError([Fault(message, "name a case file, or end its name in .yaml", file=str(path))])


def _by_name(name: str) -> Path:
    known = catalogue()
    if name in known:
        return known[name]
    if os.sep in name or Path(name).suffix:
        raise FileNotFoundError(errno.ENOENT, "there is no such file", name)
    raise UnknownName("file, folder or catalogue case", name, known)
