"""What the formats of other programs share: reading within limits, ids from names, units, folders."""

from __future__ import annotations

import errno
import json
import math
import re
import secrets
import shutil
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from winset.case.base import RESERVED_IDS
from winset.case.files import write_atomically
from winset.errors import CaseError, Fault, clip

MAX_BYTES = 50_000_000
MAX_OPTIONS = 10_000
LARGEST = 1e15
_SNIFFED = 100_000
_NUMBER = re.compile(r"\s*[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?\s*\Z", re.ASCII)
_NOT_IN_FILE_NAMES = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_LONGEST_SLUG = 40
_LONGEST_FILE_NAME = 100


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the parts of one file; what is wrong with them is collected, not raised."""

    file: str
    faults: list[Fault]

    def refuse(self, message: str, way_out: str, key: str = "", line: int = 0) -> None:
        """Note a fault of the file."""
        column = 1 if line else 0
        self.faults.append(Fault(message, way_out, clip(key, 120), self.file, line, column))

    def number(self, value: object, key: str, line: int = 0, low: float = -math.inf) -> float:
        """A finite number no less than `low`; 0 where there is none, which is a fault."""
        number = _finite(value)
        if number is None:
            shown = "nothing" if value is None else clip(value)
            self.refuse(
                f"expects a number, has {shown}", f"write a finite number, up to {LARGEST:g}", key, line
            )
        elif number < low:
            way_out = f"write a number of {low:g} or more; winset holds nothing less"
            self.refuse(f"{number:g} is less than {low:g}", way_out, key, line)
        else:
            return number
        return 0.0

    def table(self, value: object, key: str) -> dict[str, Any]:
        """A JSON object; empty where there is none, which is a fault."""
        if isinstance(value, dict):
            return value
        shown = "nothing" if value is None else clip(value)
        self.refuse(f"expects an object, has {shown}", 'write {"name": ...}', key)
        return {}


def _finite(value: object) -> float | None:
    if isinstance(value, str) and not _NUMBER.match(value):
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if abs(number) <= LARGEST else None


def raise_if_any(faults: Iterable[Fault]) -> None:
    """CaseError with the faults, where there are any; each of them once."""
    found = tuple(dict.fromkeys(faults))
    if found:
        raise CaseError(found)


def read_bytes(path: Path) -> bytes:
    """The bytes of a file that is neither empty nor too large; CaseError otherwise."""
    size = path.stat().st_size
    if size > MAX_BYTES:
        message = f"the file has {size:,} bytes, more than the {MAX_BYTES:,} that are read"
        raise CaseError([Fault(message, "leave out what is not needed", file=path.name)])
    raw = path.read_bytes()
    if not raw.strip():
        raise CaseError([Fault("the file is empty", "fill it or remove it", file=path.name)])
    return raw


def head_of(path: Path) -> bytes:
    """The first bytes of a file, to tell its format by."""
    with path.open("rb") as stream:
        return stream.read(_SNIFFED)


def files_in(path: Path, ending: str) -> list[Path]:
    """The files of a folder with this ending, by name; a file stands for itself."""
    if not path.is_dir():
        return [path] if path.suffix.lower() == ending else []
    found = (f for f in path.iterdir() if f.suffix.lower() == ending and not f.name.startswith("."))
    return sorted((f for f in found if f.is_file()), key=lambda file: file.name)


def _constant(name: str) -> float:
    raise ValueError(f"{name} is not a finite number")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"'{clip(twice)}' stands twice in one object")
    return table


def read_json(path: Path) -> Any:
    """The data of a JSON file; CaseError for anything that is not sound JSON."""
    line, way_out = 0, "write it as JSON in UTF-8 with every key once and finite numbers"
    raw = read_bytes(path)
    try:
        return json.loads(raw.decode("utf-8-sig"), parse_constant=_constant, object_pairs_hook=_once)
    except UnicodeDecodeError as error:
        message, line = f"byte {raw[error.start]:#04x} is not UTF-8", raw.count(b"\n", 0, error.start) + 1
    except json.JSONDecodeError as error:
        message, line = f"the JSON breaks off: {clip(error.msg)}", error.lineno
    except ValueError as error:
        message = clip(error, 120)
    except RecursionError:
        message, way_out = "the JSON is nested too deeply", "keep to the form of the format"
    raise CaseError([Fault(message, way_out, file=path.name, line=line, column=1 if line else 0)])


def slugs(names: Iterable[str], prefix: str) -> list[str]:
    """An id for every name, each once; `prefix` begins those that would not begin with a letter."""
    taken, found = set(RESERVED_IDS), []
    counts: dict[str, int] = {}
    for name in names:
        base = slug = _slug(name, prefix)
        while slug in taken:
            counts[base] = counts.get(base, 1) + 1
            slug = f"{base}_{counts[base]}"
        taken.add(slug)
        found.append(slug)
    return found


def _slug(name: str, prefix: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    signed = re.sub(r"\A\s*-(?=[\d.])", "minus_", plain)
    slug = re.sub(r"[^a-z0-9]+", "_", signed).strip("_")[:_LONGEST_SLUG].rstrip("_")
    return slug if slug[:1].isalpha() else f"{prefix}{slug}"


def to_points(unit: float) -> float:
    """A utility from 0 to 1 in points; rounded where only the error of the product stands."""
    return round(100 * unit, 12)


def to_unit(points: float) -> float:
    """Points as a utility from 0 to 1."""
    return points / 100


def file_names(names: Iterable[str], taken: Iterable[str] = ()) -> list[str]:
    """File names without ending, as close to the names as file systems allow, each once."""
    used, found = {name.casefold() for name in taken}, []
    for name in names:
        plain = _NOT_IN_FILE_NAMES.sub("_", name).strip(" .")[:_LONGEST_FILE_NAME].strip(" .") or "party"
        stem, number = plain, 1
        while stem.casefold() in used:
            number += 1
            stem = f"{plain} ({number})"
        used.add(stem.casefold())
        found.append(stem)
    return found


def write_folder(path: Path, files: Mapping[str, str]) -> None:
    """Write a new folder with these files in one step; FileExistsError where it holds something."""
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise FileExistsError(errno.EEXIST, "is there already; name a folder that is new or empty", str(path))
    if not path.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, "there is no such folder", str(path.parent))
    staging = path.parent / f".{path.name}.{secrets.token_hex(8)}.part"
    staging.mkdir()
    try:
        for name, text in files.items():
            write_atomically(staging / name, text)
        if path.exists():
            path.rmdir()
        staging.rename(path)
    finally:
        shutil.rmtree(staging, ignore_errors=True)  # it is gone already when all went well
