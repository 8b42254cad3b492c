"""Text to plain data: the meaning of scalars, the place of every key, and files that must not be read."""

from __future__ import annotations

import json
import math
import time
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.helpers import (
    CATALOGUE,
    SMALL,
    VILLAGES,
    as_yaml,
    assert_presentable,
    case_of,
    edited,
    faults_of,
    plain,
)
from winset.case import yaml12
from winset.case.fingerprint import content_hash
from winset.case.read import read_case
from winset.case.yaml12 import MAX_BYTES, MAX_DEPTH, read_document, written
from winset.errors import CaseError, Fault

# --- scalars, by the YAML 1.2 core schema

SCALARS = [
    # Nothing, and the two truths: no other spelling of them.
    ("", None), ("~", None), ("null", None), ("Null", None), ("NULL", None), ("nULL", "nULL"),
    ("true", True), ("True", True), ("TRUE", True), ("false", False), ("FALSE", False), ("tRUE", "tRUE"),
    ("no", "no"), ("No", "No"), ("yes", "yes"), ("on", "on"), ("off", "off"), ("y", "y"), ("n", "n"),
    # Whole numbers: a leading 0 is just a 0, `0o` is octal; no underscores, no minutes and seconds.
    ("0", 0), ("-0", 0), ("12", 12), ("+12", 12), ("-12", -12), ("010", 10), ("08", 8), ("0o10", 8),
    ("0x1F", 31), ("0xfF", 255), ("-0x1F", "-0x1F"), ("0o8", "0o8"), ("0b11", "0b11"), ("1_000", "1_000"),
    ("12:30", "12:30"), ("12:30:45", "12:30:45"), ("1,000", "1,000"), ("12%", "12%"), ("1 000", "1 000"),
    # Other numbers.
    ("1e3", 1000.0), ("1E3", 1000.0), ("1e+3", 1000.0), ("-1.5e-3", -0.0015), (".5", 0.5), ("-.5", -0.5),
    ("5.", 5.0), ("1.50", 1.5), ("1.2.3", "1.2.3"), (".", "."), ("1e", "1e"), ("e3", "e3"), ("+", "+"),
    (".inf", math.inf), ("-.Inf", -math.inf), ("+.INF", math.inf), ("inf", "inf"), (".iNF", ".iNF"),
    ("NaN", "NaN"), ("2/3", "2/3"), ("\u0661\u0662", "\u0661\u0662"), ("1e999", math.inf),
    # Dates are texts, as is anything quoted, tagged as a text, or over several lines.
    ("2026-05-01", "2026-05-01"), ("2026-05-01T10:00:00Z", "2026-05-01T10:00:00Z"),
    ("'12'", "12"), ('"12"', "12"), ('"true"', "true"), ("''", ""), ('"~"', "~"),
    ("'it''s'", "it's"), (r'"a\tb\u00e9\x41\/"', "a\tb\u00e9A/"), ("|\n  12\n", "12\n"), (">-\n  1\n  2\n", "1 2"),
    ("=", "="), ("<<", "<<"), ("a#b", "a#b"), ("a # b", "a"), ("a:b", "a:b"),
    # Beyond 40 digits a number is no number of a case.
    ("9" * 40, 10**40 - 1), ("9" * 41, "9" * 41), ("0." + "1" * 60, "0." + "1" * 60),
]  # fmt: skip


@pytest.mark.parametrize(("text", "value"), SCALARS, ids=[ascii(text[:24]) for text, _ in SCALARS])
def test_a_scalar_means_what_yaml_1_2_says(text, value):
    found = plain(f"k: {text}\n")["k"]
    assert found == value
    kinds = (bool, int, float, str, type(None))
    assert next(kind for kind in kinds if isinstance(found, kind)) is type(value)


@pytest.mark.parametrize("text", [".nan", ".NaN", ".NAN"])
def test_nan(text):
    assert math.isnan(plain(f"k: {text}")["k"])


def test_keys_are_texts():
    assert plain("{1: a, true: b, ~: c, 2026-01-01: d, 0x1F: e, '': f, 'g': h}") == {
        "1": "a", "true": "b", "~": "c", "2026-01-01": "d", "0x1F": "e", "": "f", "g": "h"
    }  # fmt: skip


@pytest.mark.parametrize("text", ["010", "1.50", "+7", "0x1F", "1e3", ".5", "400", "100.0"])
def test_a_number_remembers_how_it_was_written(text):
    assert written(plain(f"k: {text}")["k"]) == text
    case = case_of(edited(SMALL, ("low: 100", f"low: {text}")))
    assert case.issues["fee"].options["low"].label == text


@pytest.mark.parametrize("path", CATALOGUE, ids=lambda path: path.parent.name)
def test_the_catalogue_means_the_same_as_json(path):
    data = plain(path.read_bytes())
    assert plain(json.dumps(data), "case.json") == data
    assert plain(as_yaml(data)) == data


# --- places

PLACED = """\
a: 1
b:
  - x
  - {k: v,   "k 2": [p, q]}
  -
    deep: &d
      c: |
        text
e: *d
"""
PLACES = {
    (): (1, 1), ("a",): (1, 1), ("b",): (2, 1), ("b", 0): (3, 5), ("b", 1): (4, 5), ("b", 1, "k"): (4, 6),
    ("b", 1, "k 2"): (4, 14), ("b", 1, "k 2", 0): (4, 22), ("b", 1, "k 2", 1): (4, 25), ("b", 2): (6, 5),
    ("b", 2, "deep"): (6, 5), ("b", 2, "deep", "c"): (7, 7), ("e",): (9, 1), ("e", "c"): (7, 7),
}  # fmt: skip


def test_every_key_and_item_has_its_place():
    assert read_document(PLACED.encode(), "f").places == PLACES


def test_what_is_not_there_has_the_place_of_what_is_around_it():
    document = read_document(PLACED.encode(), "f")
    assert document.place(("b", 1, "k 2", 7, "z")) == (4, 14)
    assert document.place(("z",)) == (1, 1)


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_line_ends_change_nothing(newline):
    text = VILLAGES.replace("\n", newline)
    assert content_hash(case_of(text)) == content_hash(case_of(VILLAGES))
    old, new = read_document(VILLAGES.encode(), "f"), read_document(text.encode(), "f")
    assert new.data == old.data
    assert new.places == old.places


def test_a_byte_order_mark_changes_nothing():
    assert plain(b"\xef\xbb\xbfa: 1") == {"a": 1}
    assert read_document(b"\xef\xbb\xbfa: 1", "f").places[("a",)] == (1, 1)


def test_places_count_characters_not_bytes():
    assert read_document("é: 1\n'שלום': {ü: [1, 2]}\n".encode(), "f").places[("שלום", "ü", 1)] == (2, 17)


# --- JSON


def test_json_is_read_as_json_means_it():
    data = {
        "tab": "\t",
        "pair": "\U0001f600",
        "quote": '"',
        "slash": "\\u0041",
        "list": [1, 2.5, -3e-7, True, None],
    }
    for text in (json.dumps(data), json.dumps(data, indent="\t"), json.dumps(data, separators=(",", ":"))):
        assert plain(text, "case.json") == data
    assert plain(r'{"a": "\/ \ud83d\ude00 \\ud83d \uFFfd"}', "CASE.JSON") == {
        "a": "/ \U0001f600 \\ud83d \ufffd"
    }


def test_a_json_case_means_the_same():
    text = json.dumps(plain(VILLAGES), ensure_ascii=True)
    assert content_hash(case_of(text, "case.json")) == content_hash(case_of(VILLAGES))


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
@settings(max_examples=60, deadline=None)
def test_any_text_survives_json(text):
    written_out = json.dumps({"k": text}, ensure_ascii=True)
    try:
        assert plain(written_out, "f.json") == {"k": text}
    except CaseError as error:
        assert_presentable(error, written_out, "f.json")
        raise AssertionError(f"{written_out} is refused: {error}") from None


# --- what is refused, and why

BAD = [
    # label, text, place, part of the message
    ("empty", "", (0, 0), "the file is empty"),
    ("spaces", "  \n\n", (0, 0), "the file is empty"),
    ("comments", "# winset: 1\n#\n", (0, 0), "the file is empty"),
    ("an empty document", "---\n...\n", (2, 1), "a single value, not a case"),
    ("a scalar", "12", (1, 1), "a single value, not a case"),
    ("a text", "just words", (1, 1), "a single value, not a case"),
    ("a list", "# c\n- a\n", (2, 1), "a list, not a case"),
    ("a second document", "a: 1\n---\nb: 2\n", (2, 1), "a second document (`---`) begins here"),
    ("a tab", "a:\n\tb: 1\n", (2, 1), "not valid YAML"),
    ("an open quote", "a: 'b\nc: d\n", (3, 1), "not valid YAML"),
    ("an open bracket", "a: [1, 2\nb: 3\n", (2, 2), "not valid YAML"),
    ("two colons", "a: b: c\n", (1, 5), "not valid YAML"),
    ("a stray indent", "a: 1\n  b: 2\n", (2, 4), "not valid YAML"),
    ("a lone surrogate", '{"a": "\\ud83d"}', (1, 10), "not valid YAML"),
    ("a NUL byte", "a: 1\nb: x\0y\n", (2, 5), "a control character (U+0000) stands here"),
    ("a bell", "é: \a", (1, 4), "a control character (U+0007) stands here"),
    ("UTF-16", "a: 1".encode("utf-16"), (1, 1), "UTF-16, not UTF-8"),
    ("UTF-16 the other way", "\ufeffa: 1".encode("utf-16-be"), (1, 1), "UTF-16, not UTF-8"),
    ("UTF-16 unmarked", "a: 1".encode("utf-16-le"), (1, 2), "a control character (U+0000)"),
    ("Latin-1", "ok: 1\nname: Café".encode("latin-1"), (2, 10), "not UTF-8 text: the byte 0xe9"),
    ("a picture", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", (1, 1), "not UTF-8 text: the byte 0x89"),
    ("a zip file", b"PK\x03\x04\x14\0\x06\0", (1, 3), "a control character (U+0003)"),
    ("a key twice", "a: 1\nb: {c: 1,\n  c: 2}\n", (3, 3), "the key 'c' stands twice, first at 2:5"),
    ("a tag", "a: !!str b\n", (1, 4), "the tag !!str is not used"),
    ("a tag that runs", "a: !!python/object/apply:os.system [ls]", (1, 4), "the tag !!python/object/apply"),
    ("a tag of one's own", "a: {b: !x 1}", (1, 8), "the tag !x is not used"),
    ("a tag on a key", "!!str a: 1", (1, 1), "the tag !!str"),
    ("an alias of nothing", "a: *b\n", (1, 4), "the alias *b refers to nothing above it"),
    ("an alias of later", "a: *b\nb: &b 1\n", (1, 4), "the alias *b refers to nothing above it"),
    ("an alias of itself", "a: &x [1, {b: *x}]\n", (1, 15), "the alias *x refers to the very thing it stands in"),
    ("an alias as key", "a: &x b\n*x : c\n", (2, 1), "an alias cannot be a key"),
    ("a list as key", "? [a]\n: b\n", (1, 3), "a key must be plain text"),
    ("brackets", "a: " + "[" * 100_000, (1, 3 + MAX_DEPTH), "nested more than 40 levels deep"),
    ("brackets, closed", "[" * 100_000 + "]" * 100_000, (1, 1 + MAX_DEPTH), "nested more than 40 levels deep"),
    ("braces", "{a: " * 100_000, (1, 1 + 4 * MAX_DEPTH), "nested more than 40 levels deep"),
    ("dashes", "- " * 100_000, (1, 1 + 2 * MAX_DEPTH), "nested more than 40 levels deep"),
    ("too many bytes", b"#" * (MAX_BYTES + 1), (0, 0), "more than the 8,000,000 a case may have"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "place", "message"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_bad_files_are_refused_with_a_place_and_a_way_out(text, place, message):
    start = time.process_time()
    fault = faults_of(text)[0]
    assert message in fault.message
    assert (fault.line, fault.column) == place
    assert time.process_time() - start < 10


def test_every_key_that_stands_twice_is_named():
    faults = faults_of("a: 1\nb: {x: 1, x: 2}\na: 3\na: 4\n")
    assert [(f.line, f.column) for f in faults] == [(2, 11), (3, 1), (4, 1)]
    assert faults[2].message == "the key 'a' stands twice, first at 1:1"
    assert faults[2].way_out == "keep one of the two"


def test_a_merge_key_is_an_ordinary_unknown_key():
    merged = edited(
        SMALL, ("  lower:\n    name: Lower village", "  lower:\n    <<: &x {name: L}\n    name: Lower")
    )
    assert [(f.key, f.message) for f in faults_of(merged)] == [("parties.lower.<<", "unknown key '<<'")]


def test_a_large_file_is_refused_unread(tmp_path, monkeypatch):
    file = tmp_path / "large.yaml"
    with file.open("wb") as stream:
        stream.truncate(100_000_000)
    monkeypatch.setattr(Path, "read_bytes", lambda _: pytest.fail("the file was read"))
    monkeypatch.setattr(Path, "open", lambda *_: pytest.fail("the file was opened"))
    with pytest.raises(CaseError) as caught:
        read_case(file)
    assert caught.value.faults == (
        Fault(
            "the file has 100,000,000 bytes, more than the 8,000,000 a case may have",
            "a case file holds numbers and short texts; link documents",
            file="large.yaml",
        ),
    )


# --- aliases


def test_an_alias_stands_for_what_it_names():
    shared = edited(
        SMALL, ("hours: {none: 0, dawn: 40, half: 100}", "hours: &s {none: 0, dawn: 40, half: 100}")
    )
    document = read_document(b"a: &x {k: [1, 2]}\nb: *x\nc: &x 3\nd: *x\n", "f")
    assert document.data == {"a": {"k": [1, 2]}, "b": {"k": [1, 2]}, "c": 3, "d": 3}
    assert document.data["a"] is not document.data["b"]
    assert content_hash(case_of(shared)) == content_hash(case_of(SMALL))


def test_a_fault_behind_an_alias_is_placed_where_it_is_written():
    text = edited(
        SMALL,
        ("walk_away: [40, 50, 60]", "walk_away: &w [60, 50, 40]"),
        ("walk_away: 45", "walk_away: *w"),
    )
    first, second = faults_of(text)
    assert (first.key, second.key) == (
        "preferences.upper.council.walk_away",
        "preferences.upper.herders.walk_away",
    )
    assert text.splitlines()[first.line - 1].strip() == "walk_away: &w [60, 50, 40]"
    assert text.splitlines()[second.line - 1].strip() == "walk_away: *w"


def bomb(levels: int, width: int) -> str:
    lines = ["a0: &a0 [" + ", ".join(["lol"] * width) + "]"]
    lines += [f"a{i}: &a{i} [" + ", ".join([f"*a{i - 1}"] * width) + "]" for i in range(1, levels)]
    return "\n".join(lines)


def test_a_billion_laughs_are_refused():
    start = time.process_time()
    (fault,) = faults_of(bomb(10, 10))
    assert fault.message == "more than 300,000 values or 40 levels once aliases are written out"
    assert time.process_time() - start < 10


@pytest.mark.parametrize(
    "text",
    [bomb(30, 2), bomb(3, 100), "a: &a [x]\nb:\n" + "  - *a\n" * 10_000],
    ids=["deep", "wide", "many of a small one"],
)
def test_other_alias_bombs_are_refused(text, monkeypatch):
    monkeypatch.setattr(yaml12, "MAX_VALUES", 20_000)
    (fault,) = faults_of(text)
    assert fault.message == "more than 20,000 values or 40 levels once aliases are written out"


def test_too_many_values_are_refused_while_they_are_read(monkeypatch):
    monkeypatch.setattr(yaml12, "MAX_VALUES", 1_000)
    (fault,) = faults_of("[" + "1," * 3_000 + "]")
    assert (fault.message, fault.line) == ("more than 1,000 values", 1)
    assert len(plain("[" + "1," * 999 + "]")) == 999
    with pytest.raises(CaseError, match="more than 1,000 values or"):
        plain("[" + "1," * 1_000 + "]")


def test_aliases_may_not_nest_deeper_than_the_limit_together():
    half = MAX_DEPTH // 2 + 2
    text = f"a: &a {'[' * half}{']' * half}\nb: {'[' * half}*a{']' * half}\n"
    assert "levels once aliases are written out" in faults_of(text)[0].message


def test_aliases_within_the_budget_are_expanded():
    assert len(plain(bomb(5, 10))["a4"]) == 10
    assert str(plain(bomb(5, 10))["a4"]).count("lol") == 100_000


def test_depth_within_the_limit_is_read():
    text = "[" * MAX_DEPTH + "]" * MAX_DEPTH
    assert str(plain(text)) == text


# --- whatever else comes

ODD = "\t\n\r :,-[]{}&*!|>'\"%@`#?~<=.0aé\x00\x07\x85\u2028\ufeff\U0001f600"


@given(st.one_of(st.text(ODD, max_size=60), st.binary(max_size=60)))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_data_or_a_case_error(text):
    raw = text if isinstance(text, bytes) else text.encode()
    try:
        document = read_document(raw, "case.yaml")
    except CaseError as error:
        assert_presentable(error, raw if isinstance(text, bytes) else text)
        return
    lines = raw.decode("utf-8-sig").count("\n") + raw.decode("utf-8-sig").count("\r") + 9
    assert all(1 <= line <= lines and column >= 1 for line, column in document.places.values())


def test_the_slow_parser_reads_the_same(monkeypatch):
    """PyYAML without its C part must not read another case."""
    quick = read_document(VILLAGES.encode(), "f")
    monkeypatch.setattr(yaml12, "_LOADER", yaml.SafeLoader)
    slow = read_document(VILLAGES.encode(), "f")
    assert (slow.data, slow.places) == (quick.data, quick.places)
