"""Whatever is done to a case file, it gives a case or faults that a person can act on; never another error."""

from __future__ import annotations

import copy
import math
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.helpers import CATALOGUE, FULL, SMALL, VILLAGES, as_yaml, assert_presentable, case_of, plain
from winset.case import reference
from winset.case.fingerprint import content_hash
from winset.case.model import SECTIONS_TO_COME, Case
from winset.case.read import warnings
from winset.case.yaml12 import read_document
from winset.errors import CaseError

GAZA = next(path for path in CATALOGUE if path.parent.name == "gaza-2025-10").read_text("utf-8")
TEXTS = (VILLAGES, VILLAGES, SMALL, FULL)

FEW = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
MANY = settings(FEW, max_examples=5_000)


def read_or_refuse(text: str, name: str = "case.yaml") -> None:
    """The property of this file."""
    case, error = outcome(text, name)
    if case is not None:
        assert re.fullmatch("[0-9a-f]{64}", content_hash(case))
        found = warnings(case)
        error = CaseError(found) if found else None
    if error is not None:
        assert_presentable(error, text, name)
        assert len(set(error.faults)) == len(error.faults)
        assert {fault.severity for fault in error.faults} == {"error" if case is None else "warning"}


def outcome(text: str, name: str) -> tuple[Case | None, CaseError | None]:
    try:
        return case_of(text.encode("utf-8", "surrogatepass"), name), None
    except CaseError as error:
        return None, error


# --- the text spoilt

ODD_SIGNS = ["\t", "\0", "\x85", "\u2028", "\ufeff", "\u202e", "\U0001f600", "é", "'", '"', "`", "|", ">", "%", "@", "&a ",
             "*a", "!x ", "!!str ", "<<: ", "? ", "- ", ": ", ":", "#", " #", "{", "}", "[", "]", ",", "---\n", "...\n",
             "\r", "\n", "\n\n", "\\", "~", "\ud800"]  # fmt: skip
KEYS = sorted({key for part in reference.schema()["$defs"].values() for key in part.get("properties", {})})
ODD_WORDS = ["null", "true", ".nan", "-.inf", "1e999", "9" * 50, "-1", "0", "1e-320", "2/3", "1/0", "[]", "{}", "''", "x" * 5_000,
             "hours", "upper", "upper.council", "judgement", "order", "hours == half", "not " * 9, "2026-02-30", "9999-12-31",
             "[1, 2, 3]", "[3, 2, 1]", "{low: 1, high: 2}", "{order: [a, [b]]}", "{faction: upper}", "{all_of: [{}]}",
             *KEYS, *SECTIONS_TO_COME]  # fmt: skip


def spoil_text(text: str, draw: Any) -> str:
    lines = text.split("\n")
    here, there = (draw(st.integers(0, len(lines) - 1)) for _ in range(2))
    line = lines[here]
    match draw(
        st.sampled_from(
            ["cut", "double", "swap", "move", "word", "word", "sign", "sign", "indent", "break", "end"]
        )
    ):
        case "cut":
            del lines[here : here + draw(st.integers(1, 5))]
        case "double":
            lines[here:here] = lines[here : here + draw(st.integers(1, 5))]
        case "swap":
            lines[here], lines[there] = lines[there], line
        case "move":
            lines.insert(there, lines.pop(here))
        case "word":
            words = list(re.finditer(r"[\w.\-/]+", line))
            if words:
                word = draw(st.sampled_from(words))
                other = draw(st.sampled_from([*ODD_WORDS, *re.findall(r"[\w.\-/]+", lines[there])]))
                lines[here] = line[: word.start()] + other + line[word.end() :]
        case "sign":
            place = draw(st.integers(0, len(line)))
            lines[here] = (
                line[:place] + draw(st.sampled_from(ODD_SIGNS)) + line[place + draw(st.integers(0, 1)) :]
            )
        case "indent":
            shift = draw(st.integers(-4, 4))
            lines[here] = (
                " " * shift + line if shift > 0 else line[min(-shift, len(line) - len(line.lstrip())) :]
            )
        case "break":
            place = draw(st.integers(0, len(line)))
            lines[here : here + 1] = [line[:place], line[place:]]
        case "end":
            del lines[here:]
    return "\n".join(lines)


def spoilt_texts(*texts: str) -> st.SearchStrategy[str]:
    @st.composite
    def draw_one(draw: Any) -> str:
        text = draw(st.sampled_from(texts))
        for _ in range(draw(st.integers(1, 4))):
            text = spoil_text(text, draw)
        return text

    return draw_one()


@given(spoilt_texts(*TEXTS))
@FEW
def test_a_spoilt_text_is_a_case_or_faults(text):
    read_or_refuse(text)


@given(spoilt_texts(GAZA))
@settings(FEW, max_examples=5)
def test_a_spoilt_long_text_is_a_case_or_faults(text):
    read_or_refuse(text)


@pytest.mark.fuzz
@given(spoilt_texts(*TEXTS))
@MANY
def test_many_spoilt_texts(text):
    read_or_refuse(text)


@pytest.mark.fuzz
@given(spoilt_texts(GAZA))
@settings(FEW, max_examples=300)
def test_many_spoilt_long_texts(text):
    read_or_refuse(text)


# --- the data spoilt

DATA = tuple(plain(text) for text in (VILLAGES, SMALL, FULL))
LONG_DATA = plain(GAZA)
ODD_VALUES: list[Any] = [
    None, True, False, 0, -1, 0.5, 1e-7, 10**39, -(10**6), 1e300, math.nan, math.inf, -math.inf, "", " ", "x", "2/3", "1/0",
    "\u0661/\u0662", "a\nb", "x" * 3_000, "judgement", "order", "hours", "upper.council", "hours.half", "hours == half",
    "hours in [half]", "a == " + "-" * 500 + "b", "(" * 50, "2026-05-01", "2026-13-01", "0000-00-00", [], {}, [[]], [None], [1, 2, 3],
    [3, 2, 1], ["a", "a"], ["a", ["b"]], [0.1, 0.2, 0.3], [math.nan] * 3, {"order": []}, {"order": ["a", ["b", "c"]]}, {"low": 1},
    {"low": 1, "mode": 2, "high": 3}, {"low": 1, "high": 2, "shape": "uniform"}, {"text": ""}, {"faction": "upper"},
    {"party": "upper"}, {"all_of": []}, {"all_of": [{"party": "lower"}, {"party": "upper"}]}, {"at_least": 9, "of": [{}]},
    {"quota": {"share": "2/3", "weights": {"upper": 0.12345678901234, "lower": 123456.12345678}}},
    {"quota": {"at_least": 1e6}}, {"not_blocked_by": {"not_blocked_by": {"any_of": [{"party": "nobody"}]}}},
    {"referendum": {"groups": [{"faction": "x", "size": 0}], "threshold": 1}}, {"": ""}, {"a.b": {"c": []}}, {"order": 1, "a": 2},
    {"name": "N"}, {"title": "T", "options": {}}, {"label": 5}, {"id": "x", "forbid": "a == b"}, {"title": None},
]  # fmt: skip
for _ in range(36):
    ODD_VALUES[-1] = [ODD_VALUES[-1]]  # as deep as a file may be
ODD_KEYS = ["", "order", "x", "title", "numbers", "ranks", "faction", "hours", "upper", "<ranks>", "<faction>", "0", "a.b", "Ä",
            "hours == half", "x" * 300, *KEYS, *SECTIONS_TO_COME]  # fmt: skip


def nodes(data: Any) -> list[tuple[Any, Any]]:
    """Every place in the data: what holds it, and its key there."""
    found: list[tuple[Any, Any]] = []
    rest = [data]
    while rest:
        part = rest.pop()
        if isinstance(part, dict | list):
            keys = list(part) if isinstance(part, dict) else list(range(len(part)))
            found += [(part, key) for key in keys]
            rest += [part[key] for key in keys]
    return found


def spoil_data(data: Any, draw: Any) -> None:
    places = nodes(data)
    if not places:
        return
    holder, key = draw(st.sampled_from(places))
    match draw(st.sampled_from(["replace", "replace", "delete", "rename", "insert", "graft"])):
        case "replace":
            holder[key] = copy.deepcopy(draw(st.sampled_from(ODD_VALUES)))
        case "delete":
            del holder[key]
        case "rename" if isinstance(holder, dict):
            holder[draw(st.sampled_from(ODD_KEYS))] = holder.pop(key)
        case "graft":
            other, place = draw(st.sampled_from(places))
            holder[key] = copy.deepcopy(other[place])
        case _:
            value = copy.deepcopy(draw(st.sampled_from(ODD_VALUES)))
            if isinstance(holder, dict):
                holder[draw(st.sampled_from(ODD_KEYS))] = value
            else:
                holder.insert(key, value)


def spoilt_data(*data: Any) -> st.SearchStrategy[str]:
    @st.composite
    def draw_one(draw: Any) -> str:
        spoilt = copy.deepcopy(draw(st.sampled_from(data)))
        for _ in range(draw(st.integers(1, 4))):
            spoil_data(spoilt, draw)
        return as_yaml(spoilt)

    return draw_one()


@given(spoilt_data(*DATA))
@FEW
def test_spoilt_data_are_a_case_or_faults(text):
    read_or_refuse(text)


@given(spoilt_data(LONG_DATA))
@settings(FEW, max_examples=5)
def test_spoilt_long_data_are_a_case_or_faults(text):
    read_or_refuse(text)


@pytest.mark.fuzz
@given(spoilt_data(*DATA))
@MANY
def test_many_spoilt_data(text):
    read_or_refuse(text)


@pytest.mark.fuzz
@given(spoilt_data(LONG_DATA))
@settings(FEW, max_examples=300)
def test_many_spoilt_long_data(text):
    read_or_refuse(text)


# --- one value at a time, everywhere


def kinds_of_places(data: Any) -> list[int]:
    """The first of all places that have the same last key."""
    found: dict[tuple[str, ...], int] = {}
    paths = [path for path, _ in walked(data)]
    for number, path in enumerate(paths):
        found.setdefault(tuple(step for step in path if isinstance(step, str))[-1:], number)
    return list(found.values())


def walked(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Every place below the data, with what holds it."""
    if isinstance(data, dict | list):
        for key in list(data) if isinstance(data, dict) else range(len(data)):
            yield (*path, key), data
            yield from walked(data[key], (*path, key))


PLACES = kinds_of_places(DATA[2])


@pytest.mark.parametrize("start", range(2))
def test_odd_values_in_every_kind_of_place_are_a_case_or_faults(start):
    for turn, number in enumerate(PLACES):
        data = copy.deepcopy(DATA[2])
        path, holder = list(walked(data))[number]
        holder[path[-1]] = ODD_VALUES[(2 * turn + start) % len(ODD_VALUES)]
        read_or_refuse(as_yaml(data))


def test_every_kind_of_key_left_out_gives_a_case_or_faults():
    for number in PLACES:
        data = copy.deepcopy(DATA[2])
        path, holder = list(walked(data))[number]
        del holder[path[-1]]
        read_or_refuse(as_yaml(data))


def test_an_odd_value_alone_gives_faults():
    for value in ODD_VALUES:
        read_or_refuse(as_yaml(value))


@pytest.mark.fuzz
@pytest.mark.parametrize("value", ODD_VALUES, ids=lambda value: str(value)[:30])
def test_every_odd_value_in_every_place(value):
    for place in range(len(nodes(DATA[2]))):
        spoilt = copy.deepcopy(DATA[2])
        holder, key = nodes(spoilt)[place]
        holder[key] = value
        read_or_refuse(as_yaml(spoilt))


def test_what_is_spoilt_is_the_catalogue():
    """The spoilers start from sound files, and what they write is what is read."""
    for text in (VILLAGES, SMALL, FULL, GAZA):
        read_document(text.encode(), "case.yaml")
        assert content_hash(case_of(as_yaml(plain(text)))) == content_hash(case_of(text))
