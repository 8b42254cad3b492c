"""Spoilers in a case that can be checked by hand: what is found, said, refused and left out."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from rich.console import Console

from tests.helpers import FULL, SMALL, VILLAGES, case_of, plain
from tests.spoiling import (
    ELDERS,
    LEAGUE,
    RAIDERS,
    RIDERS,
    asked,
    villages,
)
from winset.analyses.sampling import Sampling
from winset.analyses.sections import Note
from winset.analyses.spoilers import METHOD, applies, candidates, run, sections
from winset.case import claims
from winset.case.fingerprint import content_hash
from winset.case.model import Case
from winset.case.patch import patch, pull
from winset.case.write import dump, revise
from winset.errors import CaseError, NotApplicable, UnknownName
from winset.report.terminal import print_sections


def test_two_villages_can_be_checked_by_hand():
    """The herders have 50 of the text of May, 45 is their walk-away, and the riders ask for 20 on top."""
    result = asked(villages())
    first = result.candidates[0]
    assert first.titles[0] == "The text 'may'"
    assert first.titles[1].startswith("Nash, ")
    assert first.package == {"hours": "dawn", "fee": "low"}
    assert first.acceptable
    riders = first.oppositions["riders"]
    assert (riders.opposes, riders.trigger, riders.short, riders.crossed) == (True, False, 15, ())
    assert {tuple(turn.change.items()) for turn in riders.turns} == {(("hours", ("dawn", "none")),)}
    assert [(turn.acceptable, turn.rouses) for turn in riders.turns] == [(False, ("league",))]
    assert [o.opposes for o in first.oppositions.values()] == [True, False, True, False]
    assert first.survival.value == pytest.approx(0.7 * 0.8)
    assert (first.survival.low, first.survival.high) == pytest.approx((0.5 * 0.8, 0.9 * 0.8))
    assert first.without["riders"].value == pytest.approx(0.8)
    assert first.without["raiders"].value == pytest.approx(0.7)
    assert first.without["league"] == first.survival
    [april] = result.open_texts
    assert (april.titles, april.open, april.completions) == (("The text 'april'",), ("fee",), 3)
    assert april.opposes == {"riders": 3, "elders": 0, "raiders": 3, "league": 0}


def said(case: Case, result: Any) -> str:
    """All that is shown, on lines long enough for no cell to be broken."""
    stream = io.StringIO()
    print_sections(Console(file=stream, width=600), "T", sections(case, result))
    return " ".join(stream.getvalue().split())


def test_it_says_so_in_words():
    case = villages()
    result = asked(case, package={"hours": "half", "fee": "low"}, sampling=Sampling(50))
    text = said(case, result)
    for piece in (
        "The package asked about: Riders, Elders and Raiders would oppose a deal on it (3 of 4 spoilers).",
        "Signed and ratified, it would withstand them in about 3 of 10 cases (20% to 36%), by the case's own "
        "estimates of what each can do; that does not say how likely a deal is.",
        "the case's estimate, 10% to 50%",
        "the case's estimate, 20%",
        "whatever has hours = half",
        "They said so.",
        "what Herders' association (Upper village) refuses; what is not worth 20 (10–30) points more to it",
        "its trigger holds",
        "15 points short of what it holds out for",
        "No text turns Raiders.",
        "opposes 3 of 3 completions",
        "as if each acted on its own",
        "Who could wreck it, over draws",
        "The text 'april' leaves issues open and is left out over draws.",
        "in all 50 draws",
    ):
        assert piece in text, piece
    first, second = sections(case, result)
    assert len(first.lead) == 2
    assert len(second.lead) == 1


def test_where_the_text_on_the_table_is_open_it_leads_with_counts():
    april = ("on_the_table: may", "on_the_table: april")
    result = asked(villages(changes=(april,)))
    [section] = sections(villages(changes=(april,)), result)
    assert [verdict.text for verdict in section.lead] == [
        "The text 'april': of its 3 completions are opposed, by Riders all and Raiders all.",
        "The text 'may': Riders and Raiders would oppose a deal on it (2 of 4 spoilers).",
    ]
    some = villages(LEAGUE.replace("faction: lower", "trigger: fee != free"), changes=(april,))
    text = said(some, asked(some))
    assert "The text 'april': of its 3 completions are opposed, by League 2." in text
    none = villages(ELDERS, changes=(april,))
    assert "The text 'april': no spoiler would oppose any of its 3 completions." in said(none, asked(none))
    package = {"hours": "half", "fee": "high"}
    [section] = sections(none, asked(none, package=package))
    assert section.lead[0].text.startswith("The package asked about: Elders would oppose")


def test_who_opposes_nothing_is_said_to():
    case = villages(ELDERS)
    result = asked(case, sampling=Sampling(20))
    text = said(case, result)
    assert "The text 'may': no spoiler would oppose a deal on it." in text
    assert "The text 'may': no spoiler opposes it in any of 20 draws." in text
    assert "it would withstand them" not in text
    assert len(sections(case, result)[0].lead) == 1


def test_where_no_change_of_one_issue_turns_it_that_is_said():
    case = villages(RIDERS.replace("greed: [10, 20, 30]", "greed: 54"))
    assert "no change of one issue does" in said(case, asked(case))


def test_the_method_names_its_source():
    assert isinstance(METHOD[0], Note)
    assert "Stedman, International Security 22(2), 1997" in METHOD[0].text


def test_the_result_is_json():
    result = asked(villages(), package={"hours": "none"}, sampling=Sampling(10)).to_dict()
    data = json.loads(json.dumps(result))
    assert data["parameters"] == {
        "extended": False, "package": {"hours": "none"}, "draws": 10, "seed": 0, "rho": 0.5
    }  # fmt: skip
    assert data["spoilers"]["riders"] == {
        "name": "Riders",
        "position": "outside",
        "type": "greedy",
        "capability": {"value": 0.3, "low": 0.1, "high": 0.5},
    }
    assert data["candidates"][0]["oppositions"]["riders"]["turns"][0]["change"] == {"hours": ["dawn", "none"]}
    assert data["open_texts"][0]["titles"] == ["the package asked about"]
    assert len(data["draws"]["candidates"]) == len(data["candidates"])
    assert "draws" not in asked(villages()).to_dict()


# what cannot be asked, and what is left out


def test_a_case_without_spoilers_says_what_it_lacks():
    with pytest.raises(NotApplicable, match="the case has no `spoilers`; add those who could wreck a deal"):
        asked(case_of(VILLAGES))
    assert not applies(case_of(VILLAGES))
    assert applies(villages())


FEE_OUT = ("    title: Yearly fee\n", "    title: Yearly fee\n    tier: extended\n")


def test_spoilers_out_of_play_are_left_out_and_that_is_said():
    mute = ELDERS.replace("hours == half", "fee == high")
    touched = LEAGUE.replace("faction: lower", "faction: lower, trigger: fee == high")
    case = villages(mute, touched, RAIDERS, changes=(FEE_OUT,))
    result = asked(case)
    assert (list(result.spoilers), result.left_out) == (["league", "raiders"], ("elders",))
    text = said(case, result)
    assert "Elders is left out: it is only about extended issues, which are out of play." in text
    assert "League is judged without its trigger: that is about extended issues out of play." in text
    assert list(asked(case, extended=True).spoilers) == ["elders", "league", "raiders"]
    assert not applies(villages(mute, changes=(FEE_OUT,)))
    with pytest.raises(NotApplicable, match="about extended issues; take those into play with --extended"):
        asked(villages(mute, changes=(FEE_OUT,)))
    with pytest.raises(NotApplicable, match="'fee' is an extended issue"):
        asked(case, package={"hours": "none", "fee": "high"})


def test_names_that_nothing_bears_are_answered():
    with pytest.raises(UnknownName, match="did you mean 'hours'"):
        asked(villages(), package={"ours": "half"})


def test_a_text_that_cannot_be_is_judged_as_it_stands():
    case = villages(changes=(("package: {hours: dawn, fee: low}", "package: {hours: half, fee: free}"),))
    first = asked(case).candidates[0]
    assert (first.titles, first.forbidden_by, first.acceptable) == (
        ("The text 'may'",), ("no_free_half",), False
    )  # fmt: skip
    assert first.oppositions["elders"].trigger
    for opposition in first.oppositions.values():
        for turn in opposition.turns or ():
            assert turn.change != {"fee": ("free", "free")}
    assert "forbidden" in said(case, asked(case))


def test_a_text_that_leaves_too_much_open_is_not_gone_through(monkeypatch):
    case = villages()
    assert candidates.MOST_COMPLETIONS == 10_000
    monkeypatch.setattr(candidates, "MOST_COMPLETIONS", 3)
    assert asked(case).open_texts[0].opposes is not None
    monkeypatch.setattr(candidates, "MOST_COMPLETIONS", 2)
    [april] = asked(case).open_texts
    assert (april.completions, april.opposes) == (3, None)
    text = said(case, asked(case))
    assert "The text 'april' leaves 3 ways to settle what is open, too many to go through one by one." in text
    assert "not gone through" in text


def test_where_every_text_is_open_and_there_is_no_answer_that_is_said():
    case = villages()
    given: Any = {"agreement": None}
    bare = patch(case, {"texts.may": None, "on_the_table": None})
    result: Any = run(bare, given=given, sampling=Sampling(10))
    assert (result.candidates, result.draws.candidates) == ((), ())
    text = said(bare, result)
    assert "Every text leaves issues open: which spoilers would oppose it depends on these." in text
    empty = patch(bare, {"texts.april": None})
    assert run(empty, given=given).open_texts == ()


def test_a_text_with_no_way_to_complete_it_is_opposed_in_none():
    barred = ("  - id: no_free_half", "  - {id: no_dawn, forbid: hours == dawn}\n  - id: no_free_half")
    case = villages(
        changes=(barred, ("package: {hours: dawn, fee: low}", "package: {hours: none, fee: low}"))
    )
    [april] = asked(case).open_texts
    assert (april.completions, set(april.opposes.values())) == (0, {0})
    assert "cannot be" in said(case, asked(case))


# the section of the case


def test_levers_and_patches_reach_spoilers():
    case = villages()
    data = {
        "id": "wall",
        "what": "A wall",
        "set": {"spoilers.riders.capability": 0.05, "spoilers.raiders": None},
    }
    held = case.model_copy(update={"levers": ()})
    with_lever = case_of(f"{dump(held)}levers:\n  - {json.dumps(data)}\n")
    pulled = pull(with_lever, "wall")
    assert pulled.spoilers["riders"].capability.point == 0.05
    assert list(pulled.spoilers) == ["riders", "elders", "league"]
    assert content_hash(pulled) != content_hash(with_lever)
    with pytest.raises(CaseError, match="a limited spoiler has no greed"):
        patch(case, {"spoilers.riders.type": "limited"})
    with pytest.raises(UnknownName, match="did you mean 'riders'"):
        patch(case, {"spoilers.rider.capability": 0.1})


def test_spoilers_are_written_and_read_back():
    case = villages()
    again = case_of(dump(case))
    assert again.spoilers == case.spoilers
    assert content_hash(again) == content_hash(case)
    written = f"{VILLAGES}\nspoilers:\n  {RIDERS}   # seen in May\n"
    changed = patch(case_of(written), {"spoilers.riders.capability": 0.9})
    assert revise(written.encode(), changed) == written.replace("[0.1, 0.3, 0.5]}", "0.9}")


def test_a_case_without_spoilers_keeps_its_hash():
    assert content_hash(case_of(f"{SMALL}spoilers: {{}}\n")) == content_hash(case_of(SMALL))


def test_who_is_called_a_spoiler_is_a_statement_that_rests_on_something():
    found = {claim.path: claim for claim in claims.claims(case_of(FULL))}
    assert found["spoilers", "fishers"].sources == ("paper",)
    assert found["spoilers", "fishers", "capability"].kind == "number"
    assert found["spoilers", "raiders"].judged
    assert plain(FULL)["spoilers"].keys() == {path[1] for path in found if path[0] == "spoilers"}
