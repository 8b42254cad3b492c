"""Formats of the field as they are read: real scenarios, and what each key means."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.helpers import edited
from tests.reference import reference
from tests.scenarios import (
    DOMAIN,
    ITEM,
    LOG,
    PROFILE,
    SAVES,
    SCENARIOS,
    WEB,
    assert_same,
    genius,
    in_names,
    jsons,
    random_packages,
    refused,
    web,
    worth,
    worth_in_xml,
)
from winset import analyse, load_case


def test_the_reference_data_is_whole():
    reference("data", "genius")
    assert len(SCENARIOS) == 44


@pytest.mark.parametrize("folder", SCENARIOS, ids=lambda folder: folder.name)
def test_a_real_scenario_is_worth_what_its_files_say(folder: Path):
    case: Any = load_case(folder)
    assert case.id == folder.name
    for ref, party in case.parties.items():
        root = ElementTree.parse(folder / f"{party.name}.xml").getroot()
        for package in random_packages(case):
            assert worth(case, ref, package) == pytest.approx(
                worth_in_xml(root, in_names(case, package)), abs=1e-12
            )


@pytest.mark.parametrize("folder", SCENARIOS, ids=lambda folder: folder.name)
def test_a_real_scenario_survives_being_written(folder: Path, tmp_path: Path):
    case: Any = load_case(folder)
    for name in ("genius", "negolog"):
        target = tmp_path / name / folder.name
        target.parent.mkdir()
        SAVES[name](case, target)
        again = load_case(target)
        if name == "negolog":  # which holds no ranges of numbers
            case = case.model_copy(
                update={
                    "issues": {k: v.model_copy(update={"note": None}) for k, v in case.issues.items()},
                }
            )
        assert_same(case, again)


@pytest.mark.parametrize("folder", SCENARIOS, ids=lambda folder: folder.name)
def test_a_real_scenario_gives_the_known_answers(folder: Path):
    case = load_case(folder)
    result: Any = analyse(case, "agreement")
    if not (folder / "answer.json").exists():
        return
    known = json.loads((folder / "answer.json").read_text("utf-8"))
    assert [f"{party.name}.xml" for party in case.parties.values()] == known["profiles"]
    assert [[issue.title, len(issue.options)] for issue in case.issues.values()] == known["issues"]
    assert (result.zone.packages, result.zone.of) == (known["zone"], known["packages"])
    # Nash multiplies the gains of all, Kalai and Smorodinsky compare shares, the others count points.
    units = {"nash": 100 ** len(case.parties), "kalai_smorodinsky": 1, "egalitarian": 100, "utilitarian": 100}
    for concept, unit in units.items():
        if concept in known:
            solution = result.solutions[concept]
            assert solution.objective / unit == pytest.approx(known[concept]["value"], rel=0, abs=1e-9)
            assert_vectors(solution.vectors, known[concept]["utilities"])
    if "frontier_size" in known:
        assert result.frontier.total == known["frontier_size"]
    if "frontier" in known:
        assert_vectors(result.frontier.points, known["frontier"])


def assert_vectors(vectors: Any, known: list[list[float]]) -> None:
    found = sorted([points / 100 for points in vector.utilities.values()] for vector in vectors)
    assert len(found) == len(known)
    for ours, theirs in zip(found, sorted(known), strict=True):
        assert ours == pytest.approx(theirs, rel=0, abs=1.001e-9)  # they are given to nine decimals


# Reading.


def test_genius_is_read_by_its_rules(tmp_path: Path):
    (tmp_path / "lease").mkdir()
    (tmp_path / "lease" / "ORIGIN.txt").write_text("from afar")
    (tmp_path / "lease" / "answer.json").write_text("{}")
    (tmp_path / "lease" / "other.xml").write_text("<settings/>")
    case: Any = load_case(genius(tmp_path / "lease"))
    assert (case.title, case.id) == ("lease", "lease")
    assert {name: party.name for name, party in case.parties.items()} == {"side_0": "side 0"}
    assert {name: list(issue.options) for name, issue in case.issues.items()} == {
        "price": ["low", "high"],
        "color": ["red", "red_2"],
        "weeks": ["minus_1", "v0", "v1", "v2", "v3"],
    }
    assert case.issues["color"].options["red_2"].label == "Red!"
    preference = case.preferences["side_0"]
    assert preference.walk_away.point == 40
    assert preference.note == "discount factor 0.75 in the file; not applied"
    assert preference.source == ("file",)
    assert case.sources["file"].title == "GENIUS scenario lease"
    scores = {name: [s.point for s in given.values()] for name, given in preference.scores.items()}
    assert scores == {"price": [25, 100], "color": [0, 0], "weeks": [20, 50, 80, 100, 100]}


def test_weights_that_do_not_sum_to_1_are_made_to(tmp_path: Path):
    profile = edited(PROFILE, ('index="3" value="0.3"', 'index="3" value="1.3"'))
    case: Any = load_case(genius(tmp_path / "a", DOMAIN, profile))
    weights = [weight.point for weight in case.preferences["side_0"].weights.values()]
    assert weights == pytest.approx([0.25, 0.1, 0.65], abs=1e-15)


def test_a_weight_of_no_issue_counts_for_nothing(tmp_path: Path):
    profile = edited(PROFILE, ("</objective>", '<weight index="9" value="7.0"/></objective>'))
    case: Any = load_case(genius(tmp_path / "a", DOMAIN, profile))
    assert [weight.point for weight in case.preferences["side_0"].weights.values()] == [0.5, 0.2, 0.3]
    assert "weight of index 9 in the file, 7.0, is left out" in case.preferences["side_0"].note
    assert "oddities" in " ".join(SAVES["genius"](case, tmp_path / "b"))


def test_nested_objectives_are_flattened_where_weights_multiply_through(tmp_path: Path):
    opened, closed = '<objective index="5" name="group">', "</objective>"
    nested = edited(
        PROFILE,
        ('<issue index="2"', f'{opened}<issue index="2"'),
        ('<weight index="1" value="0.5"/>', ""),
        ('<weight index="2" value="0.2"/>', '<weight index="2" value="0.25"/>'),
        ('value="0.3"/>\n</objective>', 'value="0.75"/></objective>\n'
         '<weight index="1" value="0.6"/><weight index="5" value="0.4"/></objective>'),
    )  # fmt: skip
    case: Any = load_case(genius(tmp_path / "a", DOMAIN, nested))
    weights = [weight.point for weight in case.preferences["side_0"].weights.values()]
    assert weights == pytest.approx([0.6, 0.1, 0.3], abs=1e-15)
    unclear = nested.replace('value="0.75"', 'value="0.5"')
    assert "sum to 0.75" in refused(genius(tmp_path / "b", DOMAIN, unclear))[0].message
    grouped = edited(
        PROFILE,
        ('<issue index="1"', f'{opened}<issue index="1"'),
        ("</objective>", f"{closed}{closed}"),
    )
    case = load_case(genius(tmp_path / "c", DOMAIN, grouped))
    assert [weight.point for weight in case.preferences["side_0"].weights.values()] == [0.5, 0.2, 0.3]


def test_the_domain_may_be_a_space_without_evaluations_or_be_left_to_the_profiles(tmp_path: Path):
    bare = DOMAIN.replace("<negotiation_template>\n", "").replace("</negotiation_template>\n", "")
    whole: Any = load_case(genius(tmp_path / "a"))
    assert load_case(genius(tmp_path / "a", bare)).issues == whole.issues
    (tmp_path / "a" / "domain.xml").unlink()
    without: Any = load_case(tmp_path / "a")
    assert [issue.title for issue in without.issues.values()] == ["Price", "Color", "Weeks"]
    both = genius(tmp_path / "b")
    (both / "also.xml").write_text(bare)
    assert list(load_case(both).parties) == ["side_0"]


def test_geniusweb_is_read_by_its_rules(tmp_path: Path):
    (tmp_path / "lease").mkdir()
    (tmp_path / "lease" / "settings.json").write_text('{"deadline": 10}')
    case: Any = load_case(jsons(tmp_path / "lease", WEB, web(reservationBid=None)))
    assert case.title == "Lease"
    assert [option.label for option in case.issues["fee"].options.values()] == [
        "10", "10.5", "11", "11.5", "12",
    ]  # fmt: skip
    preference = case.preferences["side0"]
    fees = [score.point for score in preference.scores["fee"].values()]
    assert fees == pytest.approx([20, 40, 60, 80, 100], abs=1e-10)
    assert preference.walk_away.point == pytest.approx(100 * (0.4 * 0.4 + 0.6 * 0.5), abs=1e-10)
    assert preference.note == "reservation bid in the file: fee=v10_5, site=north"
    assert case.preferences["side1"].walk_away.point == 0
    alone = load_case(tmp_path / "lease" / "side0.json")
    assert list(alone.parties) == ["side0"]


def test_a_partial_reservation_bid_is_worth_what_it_gives(tmp_path: Path):
    case: Any = load_case(jsons(tmp_path / "a", web(reservationBid={"issuevalues": {"Site": "south"}})))
    assert case.preferences["side0"].walk_away.point == pytest.approx(54, abs=1e-10)


def test_negolog_is_read_by_its_rules(tmp_path: Path):
    folder = jsons(tmp_path / "lease", LOG, {**LOG, "issueWeights": {"Fee": 0.2, "Site": 0.6}})
    case: Any = load_case(folder)
    assert case.title == "lease"
    assert case.preferences["side0"].walk_away.point == 30
    assert "discount factor 0.9" in case.preferences["side0"].note
    assert worth(case, "side0", {"fee": "v20", "site": "north"}) == pytest.approx(0.625, abs=1e-12)
    # Weights that sum to less than 1 leave every package less, as in the file.
    assert worth(case, "side1", {"fee": "v20", "site": "north"}) == pytest.approx(0.5, abs=1e-12)


def test_own_json_stays_own(tmp_path: Path):
    text = json.dumps({"winset": 1, "title": 'Says "issueWeights": {}', "parties": {"a": {"name": "A"}}})
    (tmp_path / "case.json").write_text(text)
    assert load_case(tmp_path / "case.json").title.startswith("Says")
    (tmp_path / "broken.json").write_text('{"winset": ')
    assert "broken.json" in str(refused(tmp_path / "broken.json")[0])


def test_an_issue_of_another_name_is_known_by_its_index_and_items(tmp_path: Path):
    profile = edited(PROFILE, ('name="Price"', 'name="The price"'))
    case: Any = load_case(genius(tmp_path / "a", DOMAIN, profile))
    assert [score.point for score in case.preferences["side_0"].scores["price"].values()] == [25, 100]


def test_of_an_item_that_stands_twice_the_last_evaluation_counts(tmp_path: Path):
    profile = edited(PROFILE, (ITEM, '<item value="high" evaluation="9"/>' + ITEM))
    case: Any = load_case(genius(tmp_path / "a", DOMAIN, profile))
    assert [score.point for score in case.preferences["side_0"].scores["price"].values()] == [25, 100]
    assert "the last evaluation counts" in case.preferences["side_0"].note
