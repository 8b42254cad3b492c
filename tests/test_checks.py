"""Each check of a case is tripped by its own fault, at the right place, and by nothing else."""

from __future__ import annotations

import pytest

from tests.helpers import (
    FULL,
    SMALL,
    VILLAGES,
    assert_presentable,
    case_of,
    edited,
    faults_of,
    marked,
    plain,
)
from tests.trips import (
    EVERY_CHECK,
    TRIPS,
)
from winset.case.checks import LEVER_CHECK
from winset.case.model import Case
from winset.case.read import recheck, warnings
from winset.errors import CaseError


@pytest.mark.parametrize("tripped", TRIPS, ids=str)
def test_each_check_is_tripped_by_its_case_at_the_right_place(tripped):
    text, place = marked(edited(SMALL, *tripped.changes))
    check = next(check for check in EVERY_CHECK if check.id == tripped.check)
    if check.severity == "error":
        found = faults_of(text)
    else:
        found = tuple(warnings(case_of(text)))
        assert_presentable(CaseError(found), text)
    assert [(f.check, f.severity) for f in found] == [(check.id, check.severity)], found
    (fault,) = found
    assert (fault.line, fault.column) == place
    assert (fault.key, fault.message, fault.way_out) == (tripped.key, tripped.message, tripped.way_out)


def test_every_check_has_a_case_that_trips_it():
    assert {tripped.check for tripped in TRIPS} == {check.id for check in EVERY_CHECK}
    assert len({check.id for check in EVERY_CHECK}) == len(EVERY_CHECK)


@pytest.mark.parametrize("text", [VILLAGES, SMALL, FULL], ids=["two-villages", "small", "full"])
def test_no_check_finds_anything_in_a_sound_case(text):
    case = case_of(text)
    for check in EVERY_CHECK:
        assert list(check.find(case)) == [], check.id
    assert warnings(case) == []
    recheck(case)


def test_checks_promise_something():
    for check in EVERY_CHECK:
        assert check.promise.endswith("."), check.id
        assert check.id == check.find.__name__


def test_a_case_that_was_made_is_checked_as_one_that_was_read():
    for tripped in TRIPS:
        check = next(check for check in EVERY_CHECK if check.id == tripped.check)
        if check.severity == "error" and check is not LEVER_CHECK:
            made = Case.model_validate(plain(marked(edited(SMALL, *tripped.changes))[0]))
            with pytest.raises(CaseError) as caught:
                recheck(made)
            assert [f.message for f in caught.value.faults] == [tripped.message]
