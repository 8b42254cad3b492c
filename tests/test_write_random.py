"""Random changes, written into files of many kinds: exactly the new data is read again, comments stay."""

from __future__ import annotations

import copy
import functools
import json
import re
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.helpers import CATALOGUE, FULL, VILLAGES, case_of, plain
from tests.stylist import TEXTS, Stylist
from winset.case import emit, write
from winset.case.amend import data_of
from winset.case.fingerprint import content_hash
from winset.case.model import Case
from winset.case.read import parse_case
from winset.case.write import revise
from winset.case.yaml12 import read_document

GAZA = next(file for file in CATALOGUE if file.parent.name == "gaza-2025-10").read_text("utf-8")
SOUND = {"villages": data_of(case_of(VILLAGES)), "full": data_of(case_of(FULL))}
RANDOM = settings(deadline=None, max_examples=30, suppress_health_check=list(HealthCheck))
COMMENT = re.compile(r"# (?:above|right) \d+")
FUZZ = settings(RANDOM, max_examples=3000)


@pytest.fixture(autouse=True, scope="module")
def _known_files():
    """A file that is changed over and over again is checked once."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(write, "parse_case", functools.lru_cache(50)(parse_case))
        yield


def written(text: str, case: Case, name: str = "case.yaml") -> str:
    """The text with the case written into it; read again it states exactly that."""
    new = revise(text.encode(), case, name)
    again = Case.model_validate(plain(new, name))
    assert data_of(again) == data_of(case)
    assert content_hash(again) == content_hash(case)
    return new


def places(data, path=()):
    """The path of everything in the data."""
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in inner:
        yield (*path, key)
        yield from places(value, (*path, key))


def at(data, path):
    for key in path:
        data = data[key]
    return data


NUMBERS = st.one_of(st.integers(0, 100), st.floats(0, 100), st.sampled_from([0.1 + 0.2, 1e-7, 1e5]))


def new_value(draw, old):
    if isinstance(old, bool) or old is None:
        return draw(st.sampled_from([True, False, None]))
    if isinstance(old, int | float):
        return draw(st.one_of(NUMBERS, st.lists(NUMBERS, min_size=3, max_size=3).map(sorted)))
    if isinstance(old, str):
        return draw(st.sampled_from(TEXTS))
    other = [type(old)(), {"text": "Because.", "source": ["judgement", "x"]}, 7, "why: so"]
    return draw(st.sampled_from(other))


def changed(draw, data):
    """A copy of the data with one random change: a value, an entry added, removed or moved."""
    data = copy.deepcopy(data)
    *path, key = draw(st.sampled_from(list(places(data))))
    holder = at(data, path)
    how = draw(st.sampled_from(["change", "change", "add", "remove", "move"]))
    if how == "change":
        holder[key] = new_value(draw, holder[key])
    elif how == "remove":
        del holder[key]
    elif isinstance(holder, list):
        value = holder[key] if how == "add" else holder.pop(key)
        holder.insert(draw(st.integers(0, len(holder))), copy.deepcopy(value))
    else:
        pairs = list(holder.items())
        pair = (draw(st.sampled_from(["no", "x9", "note", "source", *TEXTS])), holder[key])
        pairs.insert(draw(st.integers(0, len(pairs))), pair if how == "add" else (key, holder.pop(key)))
        holder.clear()
        holder.update(pairs)
    return data


@st.composite
def changed_cases(draw, data):
    """A case some random changes away from sound data; what the model refuses is left out."""
    case = Case.model_validate(data)
    for _ in range(draw(st.integers(1, 6))):
        try:
            case = Case.model_validate(changed(draw, data_of(case)))
        except ValidationError:
            continue
    return case


def commented(text: str) -> str:
    """The text with a numbered comment above every line on which something begins, and after many."""
    lines = text.splitlines()
    for number in sorted(begins(text), reverse=True):
        line = lines[number - 1]
        if "#" not in line and not line.endswith((">-", ",")):
            lines[number - 1] = f"{line} # right {number}"
        pad = line[: len(line) - len(line.lstrip())]
        lines.insert(number - 1, f"{pad}# above {number}")
    return "\n".join(lines) + "\n"


def begins(text: str) -> dict[int, tuple]:
    """The outermost thing that begins on a line, by line."""
    found: dict[int, tuple] = {}
    for path, (line, _) in read_document(text.encode(), "x").places.items():
        if path and (line not in found or len(path) < len(found[line])):
            found[line] = path
    return found


def lost_comments(text: str, new: str, old_data: dict, new_data: dict) -> list[str]:
    """The comments that are gone although what they stand beside, or in, was not removed or replaced."""
    paths = begins(text)
    kept = set(COMMENT.findall(new))
    lost = []
    for number, line in enumerate(text.split("\n"), 1):
        for comment in set(COMMENT.findall(line)) - kept:
            if "above" in comment:
                must_stay = stays_open(old_data, new_data, paths[number + 1][:-1])
            else:
                must_stay = stays(old_data, new_data, paths[number])
            lost += [comment] if must_stay else []
    return lost


def stays(old, new, path) -> bool:
    """Whether what begins at `path` is the same as before, and stands where it stood."""
    holder, key = path[:-1], path[-1]
    if not stays_open(old, new, holder) or len(at(old, holder)) != len(at(new, holder)):
        return False
    before, after = at(old, holder), at(new, holder)
    if holder[-1:] == ("options",) and list(before) != list(after):
        return False  # an option that moves is written anew
    if isinstance(before, list):
        return before[key] == after[key]
    return before.get(key) == after.get(key)


def stays_open(old, new, path) -> bool:
    """Whether the collection at `path` is edited inside: its kind, and something in it, is still there."""
    for end in range(len(path) + 1):
        try:
            one, other = at(old, path[:end]), at(new, path[:end])
        except (KeyError, IndexError, TypeError):
            return False
        if type(one) is not type(other):
            return False
        if isinstance(one, list) and (not other or (end < len(path) and len(one) != len(other))):
            return False
        if isinstance(one, dict) and not set(one) & set(other):
            return False
    return True


def check_comments(data, name: str) -> None:
    text = commented({"villages": VILLAGES, "full": FULL, "gaza": GAZA}[name])
    old = SOUND.get(name) or data_of(case_of(text))
    case = data.draw(changed_cases(old))
    assert lost_comments(text, written(text, case), old, data_of(case)) == []


def check_odd_file(data, name: str, seed: int) -> None:
    old = SOUND[name]
    text = Stylist(seed).document(old)
    assert data_of(Case.model_validate(plain(text))) == old
    written(text, data.draw(changed_cases(old)))


def check_file(data, kind: str) -> None:
    old = SOUND["full"]
    text, name = KINDS[kind](old), "case.json" if "json" in kind else "case.yaml"
    new = written(text, data.draw(changed_cases(old)), name)
    if "json" in kind:
        json.loads(new)
    if kind == "windows":
        assert new.startswith("\ufeff")
        assert "\n" not in new.replace("\r\n", "")
    if kind == "unfinished":
        assert not new.endswith("\n")


KINDS: dict[str, Callable[[dict], str]] = {
    "json": json.dumps,
    "tall json": lambda data: json.dumps(data, indent=2, ensure_ascii=False),
    "one line": emit.in_flow,
    "fresh": emit.document,
    "windows": lambda data: "\ufeff" + emit.document(data).replace("\n", "\r\n"),
    "unfinished": lambda data: emit.document(data).rstrip("\n"),
}


@pytest.mark.parametrize("name", SOUND)
def test_random_changes_keep_all_comments(name):
    RANDOM(given(st.data())(lambda data: check_comments(data, name)))()


@pytest.mark.parametrize("name", SOUND)
def test_random_changes_to_oddly_written_files(name):
    RANDOM(given(st.data(), st.integers(0, 10**9))(lambda data, seed: check_odd_file(data, name, seed)))()


@pytest.mark.parametrize("kind", KINDS)
def test_random_changes_to_files_of_all_kinds(kind):
    settings(RANDOM, max_examples=12)(given(st.data())(lambda data: check_file(data, kind)))()


@pytest.mark.fuzz
@pytest.mark.parametrize("name", [*SOUND, "gaza"])
def test_many_random_changes_keep_all_comments(name):
    settings(FUZZ, max_examples=300 if name == "gaza" else 3000)(
        given(st.data())(lambda data: check_comments(data, name))
    )()


@pytest.mark.fuzz
@pytest.mark.parametrize("name", SOUND)
def test_many_random_changes_to_oddly_written_files(name):
    FUZZ(given(st.data(), st.integers(0, 10**9))(lambda data, seed: check_odd_file(data, name, seed)))()
