"""Writing a case back: what a person wrote stays, byte for byte, wherever values did not change."""

from __future__ import annotations

import json
import os

import pytest

from tests.edit_table import ALIASES, EDITS, HEAD
from tests.helpers import CATALOGUE, VILLAGES, case_of, plain
from winset.case import splice
from winset.case.amend import amend, data_of
from winset.case.files import write_atomically
from winset.case.fingerprint import content_hash
from winset.case.model import Case
from winset.case.patch import patch
from winset.case.read import read_case
from winset.case.write import revise, write_case
from winset.errors import CaseError

GAZA = next(file for file in CATALOGUE if file.parent.name == "gaza-2025-10")


def revised(text: str, changes: dict, name: str = "case.yaml") -> str:
    """The text after the changes; it states exactly what they ask for."""
    case = amend(case_of(text, name), changes)
    new = revise(text.encode(), case, name)
    assert data_of(Case.model_validate(plain(new, name))) == data_of(case)
    return new


def rows(table):
    return pytest.mark.parametrize(
        ("old", "changes", "new"), [row[1:] for row in table], ids=[row[0] for row in table]
    )


# --- what stays


@pytest.mark.parametrize("path", CATALOGUE, ids=lambda path: path.parent.name)
def test_an_unchanged_case_keeps_every_byte(path, tmp_path):
    copied = tmp_path / "case.yaml"
    copied.write_bytes(path.read_bytes())
    write_case(read_case(copied), tmp_path)
    assert copied.read_bytes() == path.read_bytes()


def test_one_number_changes_one_line():
    raw = GAZA.read_bytes()
    case = case_of(raw)
    low, mode, high = data_of(case)["preferences"]["israel.pm"]["walk_away"]
    new = revise(raw, patch(case, {"preferences.israel.pm.walk_away": [low, mode + 1, high]}))
    old_lines, new_lines = raw.decode().splitlines(), new.splitlines()
    assert [pair for pair in zip(old_lines, new_lines, strict=True) if pair[0] != pair[1]] == [
        (f"    walk_away: [{low}, {mode}, {high}]", f"    walk_away: [{low}, {mode + 1}, {high}]")
    ]


@rows(EDITS)
def test_edits_leave_the_rest_alone(old, changes, new):
    assert revised(HEAD + old, changes) == HEAD + new


@rows(EDITS)
def test_line_ends_and_byte_order_mark_stay(old, changes, new):
    def foreign(text: str) -> str:
        return "\ufeff" + text.replace("\n", "\r\n")

    assert revised(foreign(HEAD + old), changes) == foreign(HEAD + new)


@pytest.mark.parametrize("text", ["مرحبا بالعالم", "שלום: עולם", "你好,世界", "😀 ok", "é\u200fü"])
def test_unicode_is_written_as_it_is(text):
    old = HEAD + f"sources:\n  a: {{title: {json.dumps(text, ensure_ascii=False)}, note: x}} # {text}\n"
    new = revised(old, {"sources.a.note": text, "sources.b": {"title": text}})
    assert new.count(text) == 4
    assert new.startswith(old.removesuffix(f"note: x}} # {text}\n"))


@rows(ALIASES)
def test_an_alias_is_written_out_only_where_it_must_be(old, changes, new):
    assert revised(HEAD + old, changes) == HEAD + new


# --- JSON


@pytest.mark.parametrize(
    "style", [{}, {"indent": 2}, {"indent": 4, "ensure_ascii": False}, {"separators": (",", ":")}]
)
def test_json_stays_json(style):
    data = {**data_of(case_of(VILLAGES)), "status_quo": "The well 😀 stays \U00010348 locked."}
    old = json.dumps(data, **style)
    changes = {
        "title": "no: \U0001f600 \u2028 new",
        "sources.new": {"title": "12:30", "note": "x" * 200},
        "preferences.lower.walk_away": 30,
        "preferences.upper.council.red_lines": None,
        "parties.lower.delegation": ["The miller"],
        "levers.pump_grant.because": {"text": "true", "source": ["minutes", "loan"]},
    }
    new = revised(old, changes, "case.json")
    assert data_of(Case.model_validate(json.loads(new))) == data_of(amend(case_of(old, "case.json"), changes))
    assert ("\n" in new) == ("\n" in old)
    kept = set(old.split("\n")) & set(new.split("\n"))
    assert "indent" not in style or len(kept) > 0.9 * len(set(old.split("\n")))


def test_json_pairs_stand_each_on_a_line():
    data = {"winset": 1, "title": "T", "sources": {"a": {"title": "A"}}}
    long = {"title": "B" * 50, "note": "N" * 50}
    changes = {
        "sources.a.note": "N",
        "as_of": "2026-01-01",
        "sources.b": long,
        "mediators": {"m": {"name": "M"}},
    }
    new = revised(json.dumps(data, indent=2), changes, "case.json")
    wanted = {
        "winset": 1,
        "title": "T",
        "as_of": "2026-01-01",
        "sources": {"a": {"title": "A", "note": "N"}, "b": long},
    }
    assert (
        new == json.dumps(wanted, indent=2).removesuffix("\n}") + ',\n  "mediators": {"m": {"name": "M"}}\n}'
    )


def test_a_new_json_file_is_json(tmp_path):
    case = case_of(VILLAGES)
    write_case(case, tmp_path / "new.json")
    assert data_of(Case.model_validate(json.loads((tmp_path / "new.json").read_text()))) == data_of(case)
    assert content_hash(read_case(tmp_path / "new.json")) == content_hash(case)


# --- what is done when an edit cannot be made


def test_a_failing_edit_writes_its_section_anew(monkeypatch):
    old = HEAD + "# s\nsources:\n  # a\n  a:   {title: A}\n# m\nmediators:\n  m:   {name: M} # n\n"
    monkeypatch.setattr(splice._Splicer, "change", _only_at_the_root(splice._Splicer.change))
    assert revised(old, {"sources.a.title": "B"}) == old.replace("a:   {title: A}", "a: {title: B}")


def _only_at_the_root(change):
    def broken(self, node, before, after, path=()):
        if not path:
            change(self, node, before, after, path)

    return broken


def test_when_nothing_else_works_the_file_is_written_anew(monkeypatch):
    monkeypatch.setattr(splice._Splicer, "change", lambda *_: None)
    assert revised(HEAD + "# c\n", {"title": "U"}) == "winset: 1\ntitle: U\n"
    assert json.loads(revised('{"winset": 1, "title": "T"}', {"title": "U"})) == {"winset": 1, "title": "U"}


def test_a_broken_file_is_not_overwritten(tmp_path):
    path = tmp_path / "case.yaml"
    path.write_text("winset: 1\n")
    with pytest.raises(CaseError, match="title"):
        write_case(case_of(VILLAGES), path)
    assert path.read_text() == "winset: 1\n"


# --- files


def test_a_failing_write_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "case.yaml"
    path.write_text("old")

    def fail(*_):
        raise OSError("disk full")

    for name in ("fsync", "replace"):
        with monkeypatch.context() as patched:
            patched.setattr(os, name, fail)
            with pytest.raises(OSError, match="disk full"):
                write_atomically(path, "new")
    with pytest.raises(UnicodeEncodeError):
        write_atomically(path, "\ud800")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_pipe_is_written_to_and_a_folder_refused(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write_atomically(pipe, "through")
    assert os.read(reader, 100) == b"through"
    os.close(reader)
    assert pipe.is_fifo()
    with pytest.raises(IsADirectoryError):
        write_atomically(tmp_path, "x")


def test_permissions_stay(tmp_path):
    path = tmp_path / "case.yaml"
    path.write_text("old")
    path.chmod(0o640)
    write_atomically(path, "new\r\n")
    assert path.read_bytes() == b"new\r\n"
    assert path.stat().st_mode & 0o777 == 0o640
    write_atomically(tmp_path / "fresh", "x")
    (tmp_path / "plain").write_text("x")
    assert (tmp_path / "fresh").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_link_stays_and_its_target_is_written(tmp_path):
    (tmp_path / "folder").mkdir()
    target, link = tmp_path / "folder" / "case.yaml", tmp_path / "link.yaml"
    link.symlink_to(target)
    for text in ("first", "second"):
        write_atomically(link, text)
        assert link.is_symlink()
        assert target.read_text() == text
    assert sorted(tmp_path.iterdir()) == [tmp_path / "folder", link]
    assert list((tmp_path / "folder").iterdir()) == [target]


def test_a_case_goes_to_a_new_file_and_back(tmp_path):
    case = case_of(VILLAGES)
    write_case(case, tmp_path)
    assert content_hash(read_case(tmp_path)) == content_hash(case)
    write_case(patch(case, {"title": "New"}), tmp_path)
    assert read_case(tmp_path).title == "New"
