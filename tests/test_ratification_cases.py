"""The catalogue's homes: what the cases were written to show."""

from __future__ import annotations

from functools import cache
from typing import Any

import winset
from winset.analyses.ratification.answers import RatificationResult
from winset.analyses.ratification.surviving import governments
from winset.report import dossier


@cache
def found(name: str) -> tuple[Any, RatificationResult]:
    case = winset.load_case(name)
    result: Any = winset.analyse(case, "ratification")
    return case, result


def answer(name: str, wanted: str) -> Any:
    return next(one for one in found(name)[1].candidates if wanted in one.ids)


def test_the_third_vote_on_brexit_has_a_joint_pivot() -> None:
    case, _ = found("brexit-2019")
    home = answer("brexit-2019", f"text {case.on_the_table}").homes["uk"]
    assert not home.joint.passes
    near = home.joint.sets[0]
    assert set(near.factions) == {"uk.dup", "uk.con_leave"}
    assert ("uk.dup",) not in [one.factions for one in home.joint.sets], "the ten alone do not turn it"
    assert ("uk.con_leave",) not in [one.factions for one in home.joint.sets]
    assert home.ratifies.high < 0.1
    assert home.government.refused_kept > 0.9, "to vote no is not to walk out"


def test_the_plebiscite_in_colombia_is_not_sure() -> None:
    text = answer("colombia-2016", f"text {found('colombia-2016')[0].on_the_table}")
    [poll] = text.homes["colombia"].polls
    low, middle, high = poll.yes
    assert 0.55 < middle < 0.65
    assert high - low > 0.12, "polls of referendums miss by as much"
    assert 0.8 < poll.carries < 0.95


def test_home_in_northern_ireland_is_two_communities() -> None:
    case, _ = found("good-friday-1998")
    assert case.table_rule is not None
    text = answer("good-friday-1998", f"text {case.on_the_table}")
    assert {"uk", "ireland"} <= set(text.homes)
    assert text.homes["ireland"].ratifies.low > 0.95
    assert 0.7 < text.homes["uk"].ratifies.low < 0.95


def test_partners_walk_out_and_cannot_stop_it_while_the_net_holds() -> None:
    case, result = found("gaza-2025-10")
    home = answer("gaza-2025-10", "leaders").homes["israel"]
    for ref in ("israel.otzma", "israel.religious_zionism"):
        assert home.factions[ref].at_the_mode == "walks out"
    assert home.government.kept > 0.99
    assert home.government.kept_without_net < 0.01
    seats = result.homes["israel"].government
    assert seats is not None
    assert seats.with_net == ()
    assert ("otzma",) in seats.without_net
    said = " ".join(part.text for part in governments(case, result).lead)
    assert "Otzma Yehudit and Religious Zionism say no and walk out; they cannot stop it." in said
    assert "lives by the safety net" in said


def test_leaders_who_reckon_with_home_choose_what_home_carries() -> None:
    _, result = found("gaza-2025-10")
    assert result.leaders is not None
    assert result.leaders.proven
    nash = answer("gaza-2025-10", "nash")
    assert result.leaders.ratified > nash.all.high
    gains = result.leaders.gains
    assert min(gains.values()) > 0


def test_the_summary_stays_short_where_home_is_no_news() -> None:
    case, result = found("panama-1977")
    lead = [part.text for part in dossier.full(case, [result])[0].parts if hasattr(part, "text")]
    assert len(lead) < 12
