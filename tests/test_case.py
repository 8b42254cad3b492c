"""A case as it is read."""

from __future__ import annotations

import datetime as dt
import json
from fractions import Fraction

import pytest

from tests.helpers import CATALOGUE, SMALL, case_of, plain
from tests.loaded import LOADED
from winset.case.model import Case
from winset.case.read import case_id, parse_case, read_case, recheck


@pytest.mark.parametrize("path", CATALOGUE, ids=lambda path: path.parent.name)
def test_the_catalogue_can_be_read(path):
    case = read_case(path)
    assert case == LOADED[path.parent.name]
    assert case.id == path.parent.name
    assert case.title
    assert case.as_of is not None
    assert case.issues
    assert case.preferences
    recheck(case)


def test_two_villages_says_what_its_file_says():
    case = LOADED["two-villages"]
    assert case.as_of == dt.date(2026, 5, 1)
    assert list(case.parties) == ["upper", "lower"]
    assert case.parties["upper"].ratification.quota.more_than == Fraction(1, 2)
    assert case.issues["fee"].options["low"].label == "100"
    assert [n.point for n in case.preferences["lower"].scores["hours"].values()] == [0, 40, 100]
    assert case.preferences["upper.herders"].weights.levels == (("hours",), ("fee",))
    assert case.preferences["upper.council"].walk_away.model_dump(mode="json") == [40, 50, 60]
    assert case.texts["may"].package == {"hours": "dawn", "fee": "low"}
    assert case.parties["upper"].factions["herders"].source == ("herders_letter", "judgement")


def test_a_case_is_named_by_its_folder_or_its_file(tmp_path):
    folder = tmp_path / "the-well"
    folder.mkdir()
    (folder / "case.yaml").write_text(SMALL, "utf-8")
    (folder / "draft_2.yml").write_text(SMALL, "utf-8")
    (folder / "as.it.was.json").write_text(json.dumps(plain(SMALL)), "utf-8")
    assert read_case(folder).id == read_case(folder / "case.yaml").id == "the-well"
    assert read_case(folder / "draft_2.yml").id == "draft_2"
    assert read_case(folder / "as.it.was.json").id == "as.it.was"
    assert case_id(folder / "x" / ".." / "case.yaml") == "the-well"
    assert parse_case(SMALL.encode()).id == ""


def test_a_case_knows_where_its_keys_stand(tmp_path):
    file = tmp_path / "well.yaml"
    file.write_text(SMALL, "utf-8")
    case = read_case(file)
    line = SMALL.splitlines().index("    walk_away: 32") + 1
    assert case.place(("preferences", "lower", "walk_away")) == ("well.yaml", line, 5)
    assert case.place(("preferences", "lower", "nothing")) == ("well.yaml", line - 1, 3)
    assert Case.model_validate(plain(SMALL)).named("made").place(("title",)) == ("made", 0, 0)


def test_a_file_that_is_not_there_is_no_case_error(tmp_path):
    for path in (tmp_path / "no.yaml", tmp_path):
        with pytest.raises(FileNotFoundError):
            read_case(path)


def test_sections_may_be_left_out():
    case = case_of("winset: 1\ntitle: Nothing yet\n")
    assert (case.parties, case.issues, case.facts, case.objective) == ({}, {}, (), None)
