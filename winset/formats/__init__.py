"""Files to cases: the formats winset knows, and the one door through which cases come in."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from winset.case.model import Case
from winset.errors import CaseError, Fault, UnknownName
from winset.formats import genius, geniusweb, negolog, own
from winset.formats.catalogue import catalogue


class Save(Protocol):
    """Writes a case; what it says is lost or otherwise to be known, a sentence each.

    Raises CaseError where something would be lost, unless `lossy`.
    """

    def __call__(self, case: Case, path: Path, *, lossy: bool = False) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class Format:
    """A file format: how it is recognised, read and written."""

    id: str
    title: str
    recognises: Callable[[Path], bool]
    load: Callable[[Path], Case]
    save: Save


FORMATS: tuple[Format, ...] = tuple(
    Format(form.ID, form.TITLE, form.recognises, form.load, form.save)
    for form in (own, genius, geniusweb, negolog)
)


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
    bare = "is a folder without a `case.yaml` or the files of a scenario"
    message = f"{bare if place.is_dir() else 'is in no known format'} ({known})"
    raise CaseError([Fault(message, "name a case file, or end its name in .yaml", file=str(path))])


def _by_name(name: str) -> Path:
    known = catalogue()
    if name in known:
        return known[name]
    if os.sep in name or Path(name).suffix:
        raise FileNotFoundError(errno.ENOENT, "there is no such file", name)
    raise UnknownName("file, folder or catalogue case", name, known)
