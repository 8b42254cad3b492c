"""Data to text: what is written reads back as the same data, and can be read by people."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.helpers import CATALOGUE, FULL, case_of, plain
from tests.stylist import TEXTS
from winset.case import emit
from winset.case.amend import data_of
from winset.case.fingerprint import content_hash
from winset.case.model import Case
from winset.case.write import dump


def test_dump_reads_back_every_key():
    case = case_of(FULL)
    assert data_of(case_of(dump(case))) == data_of(case)


@pytest.mark.parametrize("path", CATALOGUE, ids=lambda path: path.parent.name)
def test_dump_reads_back_the_same(path):
    case = case_of(path.read_bytes())
    text = dump(case)
    again = case_of(text)
    assert content_hash(again) == content_hash(case)
    assert list(again.issues) == list(case.issues)
    assert max(map(len, text.splitlines())) <= 110
    assert dump(again) == text


def test_dump_is_readable():
    data = {
        "winset": 1,
        "title": "Talks: part 1",
        "status_quo": "Ein Satz, der länger ist, als eine Zeile sein soll, und der darum über mehrere Zeilen gehen muß, # so.",
        "sources": {"minutes": {"title": "مرحبا", "date": "2026-04-20"}},
        "facts": [{"what": "Two\nlines", "source": ["minutes", "judgement"]}],
        "parties": {"p": {"name": "P", "ratification": {"all_of": [{"faction": "a"}, {"faction": "b"}]}}},
        "objective": ["p", "q"],
    }
    assert dump(Case.model_validate(data)) == (
        'winset: 1\ntitle: "Talks: part 1"\nstatus_quo: >-\n'
        "  Ein Satz, der länger ist, als eine Zeile sein soll, und der darum über mehrere Zeilen gehen muß, # so.\n"
        '\nfacts:\n  - {what: "Two\\nlines", source: [minutes, judgement]}\n'
        "\nsources:\n  minutes: {title: مرحبا, date: 2026-04-20}\n"
        "\nparties:\n  p:\n    name: P\n    ratification:\n      all_of:\n        - {faction: a}\n        - {faction: b}\n"
        "\nobjective: [p, q]\n"
    )


@pytest.mark.parametrize("text", TEXTS)
def test_every_text_reads_back_as_itself(text):
    data = {
        "k": text,
        "f": [text, {"x": text}, 1],
        "l": [{"y": text, "z": [[[text]]]}],
        "e": [],
        "m": {},
        text: None,
    }
    for written in (emit.document(data), "r: " + emit.in_flow(data), emit.in_json(data)):
        found = plain(written)
        assert found.get("r", found) == data
    for style in ("", "'", '"', "|", ">"):
        tail = emit.tail(text, 0, 2, style=style)
        assert plain(f"a:{tail}\nb: 1\n") == {"a": text, "b": 1}


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), st.integers(20, 120))
def test_random_texts_read_back_as_themselves(text, width):
    tail = emit.tail(text, 0, 2, width=width)
    assert plain(f"a:{tail}\nb: {emit.in_flow([text])}\n") == {
        "a": text,
        "b": [text],
    }


def test_keys_too_long_for_a_colon_get_a_question_mark():
    data = {"k" * 2000: {"x": {"y" * 2000: 1}}, "b": [{"z" * 2000: 2}]}
    for written in (emit.document(data), "r: " + emit.in_flow(data)):
        found = plain(written)
        assert found.get("r", found) == data
