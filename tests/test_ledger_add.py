"""Adding to a ledger changes nothing that stands there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.helpers import plain
from tests.ledgers import (
    HEAD,
    KEY,
    LEDGER,
    WATER,
    WELL,
    assert_only_added,
    ledger_of,
    said_in,
)
from winset.case.ledger import add_entry, read_ledger
from winset.errors import CaseError

STYLES = {
    "as people write it": LEDGER,
    "no line end": LEDGER.removesuffix("\n\n# To be gone on with.\n"),
    "flow": f"{HEAD}entries: [{{obligation: key, lots: 1, day: 0}}]  # all of it\n# end\n",
    "flow, a comma behind": f"{HEAD}entries: [\n  {{obligation: key, lots: 1, day: 0}},   # one\n]\n",
    "brackets": f"{HEAD}entries: []   # none yet\n",
    "nothing behind the colon": f"{HEAD}entries:\n",
    "nothing, not even a line end": f"{HEAD}entries:",
    "a comment behind the colon": f"{HEAD}entries:   # what came\n# and more\n",
    "blanks behind the colon": f"{HEAD}entries:   \n\n",
    "in the middle": "ledger: 1\nentries:\n- {obligation: key, lots: 1, day: 0}\n\n# who\ncase: well\n",
    "empty in the middle": "ledger: 1\nentries:\n\n# who\ncase: well\n",
    "no entries": f"# ours\n{HEAD}# end\n",
    "json": '{"ledger": 1, "case": "well", "entries": [{"obligation": "key", "lots": 1, "day": 0}]}',
    "only a comment": "# begun by hand",
    "empty": "",
    "deeper": f"{HEAD}entries:\n      -   obligation: key\n          lots: 1\n          day: 0\n          # noon\n",
    "anchors": f"{HEAD}entries:\n  - {{obligation: key, lots: 1, day: 0, note: &n Seen}}\n  - {{obligation: fees, lots: 1, day: 0, note: *n}}\n",
    "a document's end": f"%YAML 1.2\n---\n{HEAD}entries:\n  - {{obligation: key, lots: 1, day: 0}}\n...\n# after\n",
}  # fmt: skip


@pytest.mark.parametrize("foreign", [False, True], ids=["", "bom, crlf"])
@pytest.mark.parametrize("text", STYLES.values(), ids=STYLES)
def test_adding_keeps_every_byte(text: str, foreign: bool, tmp_path: Path):
    raw = ("\ufeff" + text.replace("\n", "\r\n") if foreign else text).encode()
    path = tmp_path / "ledger.yaml"
    path.write_bytes(raw)
    before = () if text.startswith("# begun") or not text else ledger_of(raw).entries
    first = add_entry(path, WELL, {"obligation": "fees", "lots": 1, "day": 3, "reported_by": "lower"})
    one = path.read_bytes()
    assert_only_added(raw, one)
    second = add_entry(path, WELL, WATER)
    assert_only_added(one, path.read_bytes())
    assert read_ledger(path, WELL) == second
    assert second.entries[:-1] == first.entries
    assert said_in(first.entries[:-1]) == said_in(before)
    assert second.entries[-1].note == WATER["note"]
    if foreign and b"\r\n" in raw:
        assert not re.search(rb"(?<!\r)\n", path.read_bytes())


def test_an_entry_comes_below_the_last_one_and_reads_like_a_line(tmp_path: Path):
    path = tmp_path / "ledger.yaml"
    path.write_text(LEDGER)
    add_entry(path, WELL, {"obligation": "water", "lots": 2, "day": 6, "as": "verified"})
    added = "  - {obligation: water, lots: 2, day: 6, as: verified}\n"
    assert path.read_text() == LEDGER.replace("      it is said.\n", "      it is said.\n" + added)


def test_a_new_ledger_says_whose_it_is(tmp_path: Path):
    path = tmp_path / "ledger.yaml"
    add_entry(path, WELL, {"obligation": "key", "lots": 1, "date": "2026-05-04"}, signed="2026-05-01")
    assert plain(path.read_text()) == {
        "ledger": 1,
        "case": "well",
        "signed": "2026-05-01",
        "entries": [{"obligation": "key", "lots": 1, "date": "2026-05-04"}],
    }
    assert path.read_text().startswith("# ")
    again = add_entry(path, WELL, WATER, signed="2026-05-01")
    assert [again.day_of(entry) for entry in again.entries] == [3, 6]
    with pytest.raises(
        CaseError, match=r"says `signed: 2026-05-01`; write `signed: 2026-06-01` there by hand"
    ):
        add_entry(path, WELL, WATER, signed="2026-06-01")


def test_faults_of_a_new_entry_name_its_keys_and_nothing_is_written(tmp_path: Path):
    path = tmp_path / "ledger.yaml"
    new = {
        "obligation": "kee",
        "lots": 0,
        "day": -1,
        "reported_by": "x",
        "status": 7,
        "as": "sure",
        "colour": "red",
    }
    with pytest.raises(CaseError) as caught:
        add_entry(path, WELL, new, signed="soon")
    assert {fault.key for fault in caught.value.faults} == {*new, "signed"}
    assert all(fault.line == 0 and not fault.file for fault in caught.value.faults)
    assert not path.exists()
    path.write_text(LEDGER)
    with pytest.raises(CaseError, match=r"^lots: this brings 'fees' to 5 lots delivered, of 4"):
        add_entry(path, WELL, {"obligation": "fees", "lots": 3, "day": 4})
    assert path.read_text() == LEDGER


@pytest.mark.parametrize(
    "body",
    [
        "entries: null\n",
        "entries: &all []\nnote_of: *all\n",
        "entries: 5\n",
        "entries: {a: b}\n",
        "entries: [\n",
        "entries:\n  - {obligation: key, lots: 9, day: 0}\n",
    ],
)
def test_what_cannot_be_added_to_is_left_alone(body: str, tmp_path: Path):
    path = tmp_path / "ledger.yaml"
    path.write_text(HEAD + body)
    with pytest.raises(CaseError) as caught:
        add_entry(path, WELL, KEY)
    assert all(fault.way_out and fault.file == "ledger.yaml" for fault in caught.value.faults)
    assert path.read_text() == HEAD + body
    assert [file.name for file in tmp_path.iterdir()] == ["ledger.yaml"]


def test_an_entry_that_must_be_added_by_hand_is_spelt_out(tmp_path: Path):
    path = tmp_path / "ledger.yaml"
    path.write_text(f"{HEAD}entries: null\n")
    with pytest.raises(CaseError, match=r"add it by hand to `entries`: \{obligation: key, lots: 1, day: 0\}"):
        add_entry(path, WELL, KEY)


@pytest.mark.parametrize("text", ["مرحبا", "שלום: #1", "a: [b] # c", "'q' \"q\"", "\U0001f600", "- x", "null", "1.50", "x" * 400,
                                  "two\nlines\n", "tab\there", "one\u2028two", "=", "@x", "%x", "`x`", " spaced "])  # fmt: skip
def test_notes_come_back_as_they_were_said(text: str, tmp_path: Path):
    path = tmp_path / "ledger.yaml"
    path.write_text(LEDGER)
    for _ in range(2):
        ledger = add_entry(
            path, WELL, {"obligation": "water", "lots": 1, "day": 1, "note": text, "source": text}
        )
    assert [entry.note for entry in read_ledger(path, WELL).entries[2:]] == [text, text]
    assert ledger.entries[-1].source == text
    assert_only_added(LEDGER.encode(), path.read_bytes())


@pytest.mark.parametrize("text", ["\udcff", "\x1b[2J", "\u202e", "", " "])
def test_notes_that_no_file_can_hold_are_refused(text: str, tmp_path: Path):
    path = tmp_path / "ledger.yaml"
    path.write_text(LEDGER)
    with pytest.raises(CaseError) as caught:
        add_entry(path, WELL, {**WATER, "note": text})
    assert [fault.key for fault in caught.value.faults] == ["note"]
    assert path.read_text() == LEDGER


def test_a_ledger_is_yaml(tmp_path: Path):
    path = tmp_path / "ledger.json"
    path.write_text("{}")
    with pytest.raises(CaseError, match=r"name a file that ends in \.yaml"):
        add_entry(path, WELL, KEY)
    assert path.read_text() == "{}"


def test_a_ledger_of_any_length_takes_one_more(tmp_path: Path):
    """The same line again and again is one report each."""
    path = tmp_path / "ledger.yaml"
    path.write_text(f"{HEAD}entries:\n" + "  - {obligation: key, day: 1, status: 1}\n" * 2_000)
    assert len(add_entry(path, WELL, KEY).entries) == 2_001
    assert path.read_text().endswith("status: 1}\n  - {obligation: key, lots: 1, day: 0}\n")
