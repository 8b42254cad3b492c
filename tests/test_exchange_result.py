"""The exchange's result: what carries last steps, readings of the text, form, words of what cannot be asked."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from tests.exchanges import AB, SWAP, answer, case_with, judged, random_exchange, swap
from tests.generators import to_case
from tests.twins.agreement import Data
from winset.analyses.exchange import applies, run, sections
from winset.analyses.exchange.carrying import last_steps
from winset.analyses.exchange.readings import readings
from winset.analyses.exchange.terms import settled
from winset.analyses.sampling import Sampling
from winset.case.model import Case
from winset.case.read import warnings
from winset.errors import NotApplicable, UnknownName
from winset.kernels import backward

# What carries the last step


@pytest.mark.parametrize("seed", range(60))
def test_what_carries_a_last_step_adds_up(seed: int) -> None:
    exchange, sides = random_exchange(seed)
    source, plan = judged(exchange, sides)
    at_default = backward.margins(plan.game, plan.values)[0, :, 0]
    last = {source.sides[p]: (k, at_default[i]) for i, (k, p) in enumerate(plan.movers.tolist())}
    found = last_steps(source.terms(), plan)
    assert set(found) == set(last)
    for side, (k, margin) in last.items():
        one = found[side]
        parts = (
            one.delivery,
            one.escrow,
            one.closing,
            one.to_come,
            one.guarantee,
            one.claw_back,
            one.fallback,
        )
        assert one.step == k + 1
        assert sum(parts) + one.false_alarms == pytest.approx(margin, abs=1e-7)


def test_each_part_that_carries_a_last_step() -> None:
    owed = copy.deepcopy(SWAP["obligations"])
    owed["p"]["reversible"] = 0.25
    exchange = swap(
        obligations=owed, closing={"b": 3}, guarantees={"b": {"points": 4, "acts": 0.5}},
        fallbacks={"b": {"base": -6, "moves": {"p": 2}}}, monitoring={"detection": 0.5, "false_alarm": 0.1},
    )  # fmt: skip
    one = answer(exchange).last_steps["b"]
    assert (one.step, one.delivery, one.escrow, one.to_come) == (2, -4, 0, 0)
    assert one.closing == pytest.approx(0.9 * 3)
    assert one.guarantee == pytest.approx(0.5 * 2)
    assert one.claw_back == pytest.approx(0.25 * 10)
    assert one.fallback == pytest.approx(4)
    assert one.false_alarms == pytest.approx(0.1 * (-4 - 2.5 - 2))


def test_escrow_carries_what_the_others_deliver() -> None:
    at_once = [{"day": 0, "by": ["a", "b"], "does": {"p": 1, "q": 1}, "kind": "escrow"}]
    found = answer(swap(schedules={"x": {"steps": at_once}})).last_steps
    assert [(one.delivery, one.escrow, one.slack) for one in found.values()] == [(-5, 9, 4), (-4, 10, 6)]


# Readings


def test_readings_that_contradict_each_other() -> None:
    owed = copy.deepcopy(SWAP["obligations"])
    owed["p"]["after"] = [{"obligation": "q", "as_read_by": "a"}]
    owed["q"]["after"] = [{"obligation": "p", "as_read_by": "b"}]
    owed["r"] = {"by": "a", "what": "r", "worth": {}, "after": ["p"]}
    steps = [*SWAP["schedules"]["swap"]["steps"], {"day": 11, "by": "a", "does": {"r": 1}}]
    found = run(case_with(swap(obligations=owed, schedules={"x": {"steps": steps}}), AB)).readings
    assert found.contradiction is not None
    assert [(edge.first, edge.then, edge.read_by) for edge in found.contradiction] == [
        ("p", "q", ("b",)),
        ("q", "p", ("a",)),
    ]
    [breach] = found.broken["x"]
    assert (breach.step, breach.obligation, breach.needs, breach.read_by) == (1, "p", "q", ("a",))


def test_readings_that_fit_together() -> None:
    owed = copy.deepcopy(SWAP["obligations"])
    owed["q"]["after"] = [{"obligation": "p", "as_read_by": "b"}, "p"]
    case = case_with(swap(obligations=owed), AB)
    assert case.exchange is not None
    found = readings(case.exchange, AB)
    assert found.contradiction is None
    assert found.broken == {"swap": ()}


def test_at_once_will_do_for_what_must_come_before() -> None:
    owed = copy.deepcopy(SWAP["obligations"])
    owed["q"]["after"] = [{"obligation": "p", "as_read_by": "b"}]
    both = {"day": 0, "by": ["a", "b"], "does": {"p": 1, "q": 1}, "kind": "escrow"}
    assert run(case_with(swap(obligations=owed, schedules={"x": {"steps": [both]}}), AB)).readings.broken == {
        "x": ()
    }


# The result


def test_the_result_has_the_agreed_form() -> None:
    found = json.loads(json.dumps(run(case_with(swap(grace=1, stalling={"b": 0.1}), AB)).to_dict()))
    assert set(found["schedules"]) == {"swap"}
    plan = found["schedules"]["swap"]
    assert plan["steps"][0]["day"] == 0
    assert plan["steps"][0]["by"] == ["a"]
    assert plan["steps"][0]["slack"] == {"plan": {"a": 4}, "spe": {"a": -5}}
    assert plan["steps"][1]["slack"] == {"plan": {"b": -4}, "spe": {"b": -4}}
    assert plan["unravels_to"] == 0
    assert plan["required_guarantee"]["a"] == [0, None]
    assert plan["weakest"] == {
        "step": 2,
        "day": 10,
        "party": "b",
        "slack": -4,
        "share": pytest.approx(-4 / 6),
    }
    assert 0 < plan["completion"] < 1
    assert plan["leverage"] == {"a": [0, 0, 0], "b": [0, 0, 0]}
    assert plan["steps"][1]["hold_up"] == {"a": 9, "b": -4}
    assert plan["payoffs"] == {"a": 4, "b": 6}
    assert plan["spe_payoffs"] == {"a": 0, "b": 0}
    assert "draws" not in plan
    assert found["readings"] == {"contradiction": None, "broken": {"swap": []}}


def test_a_knife_edge_is_named_and_never_safe() -> None:
    found = answer(swap(guarantees={"b": {"points": 4}}))
    assert found.knife_edges == ((2, "b"),)
    assert not found.enforces_itself
    assert found.unravels_to == 2
    assert {f.at for f in found.break_even if f.kind == "guarantee"} == {4}
    assert answer(swap(guarantees={"b": {"points": 4.001}})).enforces_itself


def test_being_late_is_told_apart_from_not_delivering() -> None:
    found = answer(swap(guarantees={"b": {"points": 9}}, grace=3, stalling={"b": 0.5}))
    last = found.steps[1]
    assert last.late == {"b": 3}
    assert last.slack.plan == {"b": pytest.approx(-1.5)}
    assert last.over_default == {"b": pytest.approx(5)}
    assert (last.keep_back, last.days_late) == ((), 3)
    assert (found.unravels_to, found.enforces_itself) == (2, False)
    assert found.steps[0].late == {}, "of a nothing is said, so it is not held to be late"
    assert found.guarantees["b"].clash.never.late == 3


def test_the_better_of_two_deviations_is_told() -> None:
    """A bond of 4.4: not to deliver costs 0.4 more than to deliver; two days late at 0.1 bring 0.2."""
    found = answer(swap(guarantees={"b": {"points": 4.4}}, grace=2, stalling={"b": 0.1}))
    assert found.steps[1].late == {"b": 2}
    assert found.steps[1].over_default == {"b": pytest.approx(0.4)}
    early = answer(swap(guarantees={"b": {"points": 3.5}}, grace=2, stalling={"b": -0.4}))
    assert early.steps[1].late == {}


def test_guarantees_are_told_apart_by_what_they_hold_off() -> None:
    """Nothing that is lost by a default keeps a side from being late."""
    found = answer(swap(grace=2, stalling={"b": 0.1})).guarantees["b"]
    assert found.required is None
    assert found.against_default == (4, None)
    assert (found.clash.never.step, found.clash.never.late) == (2, 2)


def test_the_weakest_step_is_weakest_as_a_share() -> None:
    """Of points that only one side has as many of: 1 of 100 is less than 0.5 of 2."""
    owed = {
        "p": {"by": "a", "what": "p", "worth": {"a": -98, "b": 2.5}},
        "q": {"by": "b", "what": "q", "worth": {"a": 99, "b": -2}},
    }
    rich = answer(swap(obligations=owed, closing={"b": 2.5}, fallbacks={"a": {"base": -99}}))
    assert [step.slack.plan for step in rich.steps] == [{"a": 100}, {"b": 0.5}]
    assert (rich.weakest.party, rich.weakest.share) == ("b", pytest.approx(0.5 / 3))
    poor = answer(swap(obligations=owed, closing={"b": 2.5}))
    assert [step.slack.plan for step in poor.steps] == [{"a": 1}, {"b": 0.5}]
    both = answer(swap(obligations=owed, closing={"b": 2.5}, guarantees={"b": {"points": 4}}))
    assert [step.slack.plan for step in both.steps] == [{"a": 1}, {"b": 4.5}]
    assert both.weakest.party == "a"


def test_who_has_nothing_to_lose_by_stopping_is_weakest_first() -> None:
    """Without a stake no share can be taken, and a step that is then not worth it comes before all others."""
    owed = copy.deepcopy(SWAP["obligations"])
    owed["q"]["worth"] = {"a": 4, "b": -40}
    found = answer(swap(obligations=owed, closing={"b": 35}))
    assert [step.slack.plan for step in found.steps] == [{"a": -1}, {"b": -5}]
    assert (found.weakest.party, found.weakest.share) == ("a", None)


def test_what_is_hard_is_late_and_not_a_default() -> None:
    owed = copy.deepcopy(SWAP["obligations"])
    owed["p"]["hard"], owed["q"]["hard"] = 0.5, 0.2
    sure = answer(swap())
    hard = answer(swap(obligations=owed))
    assert hard.inability == pytest.approx(1 - 0.5 * 0.8)
    assert (sure.inability, hard.completion) == (0, sure.completion)


def test_what_a_partial_schedule_leaves_out_is_listed() -> None:
    steps = SWAP["schedules"]["swap"]["steps"][:1]
    found = answer(swap(schedules={"half": {"title": "Half of it", "steps": steps, "partial": True}}))
    assert (found.title, found.undelivered) == ("Half of it", {"q": 1})


OPEN: Data = {
    "issues": {"fee": {"title": "Fee", "options": {"low": "Low", "high": "High"}}},
    "texts": {"draft": {"package": {}}},
}


def by_option(**more: Any) -> Case:
    owed = copy.deepcopy(SWAP["obligations"])
    owed["q"]["worth"]["b"] = {"by": "fee", "low": -4, "high": -2}
    parties = {side: {"name": side} for side in AB}
    exchange = swap(obligations=owed, **more.pop("exchange", {}))
    return to_case({"winset": 1, "title": "t", "parties": parties, "exchange": exchange, **OPEN, **more})


def slack_of_b(case: Case, **parameters: Any) -> float:
    return float(run(case, **parameters).schedules["swap"].steps[1].slack.plan["b"])


def test_numbers_by_option_follow_the_package() -> None:
    """The named one, else the text on the table, else what the exchange says."""
    stated = by_option(exchange={"package": {"fee": "high"}})
    texts = {"draft": {"package": {"fee": "low"}}}
    on_the_table = by_option(exchange={"package": {"fee": "high"}}, texts=texts, on_the_table="draft")
    assert slack_of_b(stated) == -2
    assert slack_of_b(on_the_table) == -4
    assert slack_of_b(on_the_table, package={"fee": "high"}) == -2
    assert run(on_the_table).settled == {"fee": "low"}
    assert slack_of_b(on_the_table, package={}) == -4
    assert settled(stated, None) == {"fee": "high"}


def test_a_schedule_may_suppose_options_of_its_own() -> None:
    """Over the text and a named package, for itself alone, at the mode and over draws."""
    texts = {"draft": {"package": {"fee": "low"}}}
    schedules = {
        "swap": SWAP["schedules"]["swap"],
        "dear": {**SWAP["schedules"]["swap"], "package": {"fee": "high"}},
    }
    case = by_option(exchange={"schedules": schedules}, texts=texts, on_the_table="draft")
    found = run(case, sampling=Sampling(20)).schedules
    assert found["swap"].steps[1].slack.plan["b"] == -4
    assert found["dear"].steps[1].slack.plan["b"] == -2
    assert found["dear"].supposes == {"fee": "high"}
    assert not found["swap"].supposes
    said = " ".join(v.text for v in sections(case, run(case))[0].lead)
    assert "'dear', supposing fee = high: to keep" in said


def test_an_issue_that_only_schedules_settle_is_shown_and_not_warned_of() -> None:
    supposing = {"dear": {**SWAP["schedules"]["swap"], "package": {"fee": "high"}}}
    case = by_option(exchange={"schedules": supposing})
    result = run(case)
    assert result.schedules["dear"].steps[1].slack.plan["b"] == -2
    cells = [
        cell
        for section in sections(case, result)
        for part in section.parts
        for row in getattr(part, "rows", ())
        for cell in row
    ]
    assert "by fee" in cells
    assert not [fault for fault in warnings(case) if "fee" in fault.message]


def test_an_issue_left_open_is_named_with_the_way_out() -> None:
    with pytest.raises(NotApplicable) as caught:
        run(by_option())
    assert str(caught.value) == (
        "`exchange.obligations.q.worth.b` depends on how 'fee' is settled, which is left open; settle it in "
        "`exchange.package`, or give a package that does"
    )


@pytest.mark.parametrize(
    ("package", "says"),
    [
        ({"fee": "lo"}, "there is no option of 'fee' 'lo'; did you mean 'low'?"),
        ({"fie": "low"}, "there is no issue 'fie'; did you mean 'fee'?"),
    ],
)
def test_a_package_that_is_none(package: Data, says: str) -> None:
    with pytest.raises(UnknownName) as caught:
        run(by_option(), package=package)
    assert str(caught.value) == says


@pytest.mark.parametrize("exchange", [None, {"obligations": SWAP["obligations"]}])
def test_without_schedules_there_is_nothing_to_judge(exchange: Data | None) -> None:
    case = case_with(swap(), AB) if exchange is None else case_with(exchange, AB)
    case = case.model_copy(update={"exchange": None}) if exchange is None else case
    assert not applies(case)
    with pytest.raises(NotApplicable, match="no `exchange` with `schedules`; add who owes what"):
        run(case)


def test_an_extended_issue_out_of_play_is_left_to_the_exchange() -> None:
    issues = {"fee": {**OPEN["issues"]["fee"], "tier": "extended"}, "x": OPEN["issues"]["fee"]}
    texts = {"draft": {"package": {"fee": "low"}}}
    more: Data = {"issues": issues, "texts": texts, "on_the_table": "draft"}
    case = by_option(exchange={"package": {"fee": "high"}}, **more)
    assert slack_of_b(case) == -2
    assert slack_of_b(case, extended=True) == -4
    with pytest.raises(NotApplicable, match="'fee' is an extended issue"):
        run(case, package={"fee": "low"})
