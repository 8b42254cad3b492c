"""What came of a case stands outside it: in its words, after its date, and with votes that add up."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from tests.helpers import CATALOGUE
from winset.case.yaml12 import read_document
from winset.formats import load_case

OUTCOMES = [file.parent for file in CATALOGUE if (file.parent / "outcome.yaml").exists()]


def outcome_of(folder: Path) -> Any:
    return read_document((folder / "outcome.yaml").read_bytes(), "outcome.yaml").data


def test_the_cases_that_were_voted_on_or_carried_out_step_by_step_have_an_outcome() -> None:
    voted_on, carried_out = (
        {"brexit-2019", "colombia-2016", "good-friday-1998"},
        {"algiers-1981", "minsk-2015"},
    )
    assert {folder.name for folder in OUTCOMES} == voted_on | carried_out


@pytest.mark.parametrize("folder", OUTCOMES, ids=lambda folder: folder.name)
def test_an_outcome_goes_with_its_case(folder: Path) -> None:
    came, case = outcome_of(folder), load_case(str(folder))
    assert set(came) == {"case", "signed", "votes", "issues", "notes", "sources"}
    assert came["case"] == folder.name
    for issue, option in came["issues"].items():
        assert option in case.issues[issue].options
    for vote in came["votes"]:
        named = [vote["source"]] if isinstance(vote["source"], str) else vote["source"]
        assert set(named) <= set(came["sources"])
        assert vote["home"] in case.parties
        assert case.as_of is not None
        assert dt.date.fromisoformat(str(vote["date"])) > case.as_of


@pytest.mark.parametrize("folder", OUTCOMES, ids=lambda folder: folder.name)
def test_votes_add_up(folder: Path) -> None:
    for vote in outcome_of(folder)["votes"]:
        assert vote["passed"] == (vote["yes"] > vote["no"])
        blocs = vote.get("blocs", {})
        for said in ("yes", "no") if blocs else ():
            assert sum(bloc.get(said, 0) for bloc in blocs.values()) == vote[said]


def test_the_third_vote_of_brexit_turns_on_two_blocs_together() -> None:
    [vote] = [
        v for v in outcome_of(next(f for f in OUTCOMES if f.name == "brexit-2019"))["votes"] if "blocs" in v
    ]
    yes, no = vote["yes"], vote["no"]
    dup, rebels = vote["blocs"]["dup"]["no"], vote["blocs"]["con_leave"]["no"]
    assert (yes + dup, no - dup) == (296, 334)
    assert (yes + dup + rebels, no - dup - rebels) == (324, 306)


@pytest.mark.parametrize("folder", OUTCOMES, ids=lambda folder: folder.name)
def test_no_number_of_what_came_stands_in_the_case(folder: Path) -> None:
    text = (folder / "case.yaml").read_text("utf-8").replace(",", "")
    came = [vote for vote in outcome_of(folder)["votes"] if vote["yes"] > 1000 or "blocs" in vote]
    for vote in came:
        assert f"{vote['yes']} to {vote['no']}" not in text
        assert not (str(vote["yes"]) in text and str(vote["no"]) in text)
