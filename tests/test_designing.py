"""Designs as an analysis: whose reading is kept, what is refused in words, and that what is said holds."""

from __future__ import annotations

import json

import pytest

from tests.helpers import CATALOGUE, case_of, edited
from winset.analyses import by_default, named
from winset.analyses.exchange import run as judged
from winset.analyses.exchange.designing import run
from winset.analyses.exchange.drafts import sections
from winset.analyses.sections import Verdict
from winset.errors import NotApplicable, OutOfRange, UnknownName
from winset.formats import load_case


def test_what_is_called_holding_holds_when_judged_as_a_schedule_of_the_case() -> None:
    case = load_case("algiers-1981")
    assert case.exchange is not None
    found = run(case).answers["everybody"].schedules
    assert {"widest", "fewest"} <= set(found)
    schedules = {name: designed.schedule() for name, designed in found.items()}
    exchange = case.exchange.model_copy(update={"schedules": schedules})
    again = judged(case.model_copy(update={"exchange": exchange})).schedules
    for name in ("widest", "fewest"):
        assert again[name].enforces_itself == found[name].certificate.enforces_itself
        assert again[name].weakest.share == pytest.approx(found[name].certificate.over_default, abs=1e-6)
        assert not again[name].undelivered


def test_readings_that_contradict_each_other_are_designed_for_one_by_one() -> None:
    result = run(load_case("minsk-2015"))
    assert set(result.answers) == {"ukraine", "russia", "donetsk_luhansk"}
    assert list(run(load_case("minsk-2015"), read_by="russia").answers) == ["russia"]


def test_why_there_is_no_design_is_said_with_the_name_of_the_side() -> None:
    case = load_case("gaza-2025-10")
    result = run(case)
    assert not result.answers
    [verdict] = [
        part for section in sections(case, result) for part in section.parts if isinstance(part, Verdict)
    ]
    assert "Hamas gains nothing by the exchange as a whole" in verdict.text


def test_what_cannot_be_asked() -> None:
    with pytest.raises(NotApplicable, match="no `exchange`"):
        run(load_case("two-villages"))
    with pytest.raises(UnknownName, match="nobody"):
        run(load_case("algiers-1981"), read_by="nobody")
    with pytest.raises(OutOfRange, match="margin"):
        run(load_case("algiers-1981"), margin=0.0)
    with pytest.raises(OutOfRange, match="tranches"):
        run(load_case("algiers-1981"), tranches=13)
    with pytest.raises(OutOfRange, match="the day of the last verified report is 40000"):
        run(load_case("algiers-1981"), delivered={"pledge": 1}, since=40_000)


def test_it_answers_only_when_asked() -> None:
    assert "design" not in by_default(load_case("algiers-1981"))
    assert {"margin", "tranches", "read_by", "delivered"} <= set(named("design").own)


def test_the_steps_of_the_json_can_stand_in_the_case_file_as_they_are() -> None:
    result = run(load_case("algiers-1981"))
    steps = result.to_dict()["answers"]["everybody"]["schedules"]["widest"]["steps"]
    text = next(file for file in CATALOGUE if file.parent.name == "algiers-1981").read_text("utf-8")
    pasted = edited(
        text, ("\n  schedules:\n", f"\n  schedules:\n    pasted: {{steps: {json.dumps(steps)}}}\n")
    )
    case = case_of(pasted)
    certificate = result.answers["everybody"].schedules["widest"].certificate
    again = judged(case).schedules["pasted"]
    assert [step.over_default[by] for step in again.steps for by in step.by] == pytest.approx(
        certificate.slack
    )


@pytest.mark.fuzz
def test_the_flagship_keeps_the_order_that_was_designed_for_it() -> None:
    case = load_case("gaza-2025-10")
    assert case.exchange is not None
    found = run(case, package={"weapons": "deferred"}, read_by="hamas").answers["hamas"].schedules["widest"]
    kept = case.exchange.schedules["weapons_deferred"]
    assert kept.steps == found.schedule().steps
