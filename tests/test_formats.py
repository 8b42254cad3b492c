"""Other programs' scenarios: read as they are, written without silent losses, refused in words."""

from __future__ import annotations

import json
import math
import random
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.commandline import run_winset
from tests.helpers import FULL, VILLAGES, case_of, edited, small
from tests.reference import folders, reference
from winset import analyse, load_case
from winset.case import model
from winset.errors import CaseError, Fault
from winset.formats import FORMATS, geniusweb, negolog, own
from winset.formats import genius as genius_format
from winset.formats.losses import HELD, LOST
from winset.space.build import build_space

SCENARIOS = folders("data", "genius")
SAVES = {form.id: form.save for form in FORMATS}

DOMAIN = """\
<negotiation_template>
<utility_space number_of_issues="3">
<objective index="0" name="root" type="objective" etype="objective" description="">
<issue index="1" name="Price" vtype="discrete"><item index="1" value="low"/><item index="2" value="high"/></issue>
<issue index="2" name="Color"><item index="1" value="red"/><item index="2" value="Red!"/></issue>
<issue index="3" name="Weeks" etype="integer" lowerbound="-1" upperbound="3"/>
</objective>
</utility_space>
</negotiation_template>
"""
PROFILE = """\
<utility_space>
<objective index="0" name="root" type="objective" etype="objective" description="">
<issue index="1" name="Price" vtype="discrete">
<item index="1" value="high" evaluation="4"/>
<item index="2" value="low" evaluation="1"/>
</issue>
<issue index="2" name="Color" type="discrete">
<item index="1" value="red" evaluation="0"/>
<item index="2" value="Red!" evaluation="0"/>
</issue>
<issue index="3" name="Weeks" etype="integer" lowerbound="-1" upperbound="3">
<evaluator ftype="linear" offset="0.2" slope="0.3"/>
</issue>
<weight index="1" value="0.5"/>
<weight index="2" value="0.2"/>
<weight index="3" value="0.3"/>
</objective>
<discount_factor value="0.75"/>
<reservation value="0.4"/>
</utility_space>
"""
WEB: dict[str, Any] = {
    "LinearAdditiveUtilitySpace": {
        "issueUtilities": {
            "Fee": {"numberutils": {"lowValue": 10, "lowUtility": 0.2, "highValue": 12, "highUtility": 1}},
            "Site": {"discreteutils": {"valueUtilities": {"north": 0.5, "south": 0.9}}},
        },
        "issueWeights": {"Fee": 0.4, "Site": 0.6},
        "domain": {
            "name": "Lease",
            "issuesValues": {"Fee": {"range": [10, 12, 0.5]}, "Site": {"values": ["north", "south"]}},
        },
        "name": "tenant",
        "reservationBid": {"issuevalues": {"Fee": 10.5, "Site": "north"}},
    }
}
LOG: dict[str, Any] = {
    "reservationValue": 0.3,
    "discountFactor": 0.9,
    "issueWeights": {"Fee": 0.25, "Site": 0.75},
    "issues": {"Fee": {"10": 0.2, "20": 1.0}, "Site": {"north": 0.5, "south": 0.9}},
}


def genius(folder: Path, domain: str = DOMAIN, *profiles: str) -> Path:
    """A folder of GENIUS XML."""
    folder.mkdir(exist_ok=True)
    (folder / "domain.xml").write_text(domain)
    for number, profile in enumerate(profiles or (PROFILE,)):
        (folder / f"side {number}.xml").write_text(profile)
    return folder


def jsons(folder: Path, *profiles: Any) -> Path:
    """A folder of JSON profiles, each data or the text itself."""
    folder.mkdir(exist_ok=True)
    for number, profile in enumerate(profiles):
        text = profile if isinstance(profile, str) else json.dumps(profile)
        (folder / f"side{number}.json").write_text(text)
    return folder


def web(**changes: Any) -> dict[str, Any]:
    """The GeniusWeb profile with other values for some keys; None leaves a key out."""
    inner = {**WEB["LinearAdditiveUtilitySpace"], **changes}
    return {"LinearAdditiveUtilitySpace": {key: value for key, value in inner.items() if value is not None}}


def refused(path: Path) -> tuple[Fault, ...]:
    """The faults for which a scenario is refused, each of them fit to be shown."""
    with pytest.raises(CaseError) as caught:
        load_case(path)
    for fault in caught.value.faults:
        assert fault.message
        assert fault.way_out
        assert fault.file
        assert "\n" not in str(fault)
        assert len(str(fault)) < 700
    return caught.value.faults


def worth(case: Any, ref: str, package: dict[str, str]) -> float:
    """What a package is worth to a party of a case, from 0 to 1."""
    preference = case.preferences[ref]
    total = sum(weight.point for weight in preference.weights.values())
    return sum(
        preference.weights[issue].point / total * preference.scores[issue][option].point / 100
        for issue, option in package.items()
    )


def worth_in_xml(root: Any, named: dict[str, str]) -> float:
    """What a package, value by name of issue, is worth in a GENIUS profile: straight from the definition."""
    weights = {weight.get("index"): float(weight.get("value")) for weight in root.iter("weight")}
    issues = list(root.iter("issue"))
    total = math.fsum(weights[issue.get("index")] for issue in issues)
    found = 0.0
    for issue in issues:
        evaluator, value = issue.find("evaluator"), named[issue.get("name")]
        if evaluator is None:
            table = {item.get("value"): float(item.get("evaluation")) for item in issue.findall("item")}
            evaluation = table[value] / max(table.values()) if max(table.values()) else 0.0
        else:
            steps = int(value) - int(issue.get("lowerbound"))
            line = float(evaluator.get("offset")) + float(evaluator.get("slope")) * steps
            evaluation = min(max(line, 0.0), 1.0)
        found += weights[issue.get("index")] / total * evaluation
    return min(found, 1.0)


def random_packages(case: Any, count: int = 20) -> list[dict[str, str]]:
    dice = random.Random(5)
    return [
        {name: dice.choice(list(issue.options)) for name, issue in case.issues.items()} for _ in range(count)
    ]


def in_names(case: Any, package: dict[str, str]) -> dict[str, str]:
    return {case.issues[i].title: case.issues[i].options[option].label for i, option in package.items()}


def assert_same(case: Any, again: Any) -> None:
    """Both have the same issues, options and names, and preferences equal to 1e-12 of a unit."""
    assert again.title == case.title
    assert again.issues == case.issues
    assert list(again.issues) == list(case.issues)
    assert again.parties == case.parties
    assert again.preferences.keys() == case.preferences.keys()
    for ref, preference in case.preferences.items():
        other = again.preferences[ref]
        assert other.walk_away.point == pytest.approx(preference.walk_away.point, abs=1e-10)
        for name, weight in preference.weights.items():
            assert other.weights[name].point == pytest.approx(weight.point, abs=1e-12)
            for option, score in preference.scores[name].items():
                assert other.scores[name][option].point == pytest.approx(score.point, abs=1e-10)


# Real scenarios.


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


# Refusals.

ITEM = '<item index="1" value="high" evaluation="4"/>'
BAD_PROFILES = [
    ("another domain", ('index="1" name="Price"', 'index="8" name="Cost"'), "profile of another domain", 3),
    ("missing item", (ITEM, ""), "leaves out items of the domain: 'high'", 3),
    ("unknown item", ('value="high"', 'value="higher"'), "the domain has no such item", 4),
    ("no evaluation", (' evaluation="4"', ""), "the item has no evaluation", 4),
    ("not a number", ('evaluation="4"', 'evaluation="four"'), "expects a number, has four", 4),
    ("not finite", ('evaluation="4"', 'evaluation="NaN"'), "expects a number, has NaN", 4),
    ("infinite", ('evaluation="4"', 'evaluation="Infinity"'), "expects a number, has Infinity", 4),
    ("overflowing", ('evaluation="4"', 'evaluation="1e999"'), "expects a number, has 1e999", 4),
    ("negative", ('evaluation="4"', 'evaluation="-4"'), "-4 is less than 0", 4),
    ("negative reservation", ('<reservation value="0.4"', '<reservation value="-1"'), "-1 is less than 0", 19),
    ("no weight", ('<weight index="3" value="0.3"/>', ""), "there is no weight for its index '3'", 11),
    ("two weights", ('<weight index="3"', '<weight index="2"'), "the index has two weights", 16),
    ("another range", ('upperbound="3"', 'upperbound="4"'), "another kind or range", 11),
    ("another kind", ('etype="integer"', 'etype="discrete"'), "another kind or range", 11),
    ("real", ('etype="integer"', 'etype="real"'), "the issue is real-valued", 11),
    ("unknown kind", ('etype="integer"', 'etype="fuzzy"'), "of the kind 'fuzzy'", 11),
    ("no evaluator", ('<evaluator ftype="linear" offset="0.2" slope="0.3"/>', ""), "one linear evaluator", 11),
    ("another evaluator", ('ftype="linear"', 'ftype="triangular"'), "it has: triangular", 11),
    ("no slope", (' slope="0.3"', ""), "expects a number, has nothing", 12),
    ("fractions", ('lowerbound="-1"', 'lowerbound="-1.5"'), "are no whole numbers", 11),
    ("empty range", ('upperbound="3"', 'upperbound="-3"'), "is empty", 11),
    ("a billion", ('upperbound="3"', 'upperbound="1000000000"'), "more than the 10,000", 11),
    ("broken", ("</utility_space>", "</utility"), "is not sound XML", 20),
    ("doctype", ("<utility_space>", '<!DOCTYPE a SYSTEM "x.dtd"><utility_space>'), "declares a document type", 1),
]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "says", "line"), [bad[1:] for bad in BAD_PROFILES], ids=[b[0] for b in BAD_PROFILES]
)
def test_a_bad_profile_is_refused_with_its_line(
    change: tuple[str, str], says: str, line: int, tmp_path: Path
):
    faults = refused(genius(tmp_path / "a", DOMAIN, PROFILE, edited(PROFILE, change)))
    told = [fault for fault in faults if says in fault.message]
    assert told, faults
    assert told[0].file == "side 1.xml"
    assert told[0].line == line
    assert all(fault.file == "side 1.xml" for fault in faults)


BAD_DOMAINS = [
    ("no issues", [(DOMAIN[DOMAIN.index("<issue") : DOMAIN.index("</objective>")], "")], "has no issues"),
    ("one value", [('<item index="2" value="high"/>', "")], "has 1 value"),
    ("a value twice", [('value="high"', 'value="low"')], "has the value 'low' twice"),
    ("an issue twice", [('name="Color"', 'name="Price"')], "two issues of this name"),
    ("no name", [('name="Color"', 'name=" "')], "the issue has no name"),
    ("a value without text", [('value="high"', 'value=""')], "a value without text"),
    ("a billion", [('upperbound="3"', 'upperbound="1000000000"')], "more than the 10,000"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "says"), [bad[1:] for bad in BAD_DOMAINS], ids=[b[0] for b in BAD_DOMAINS]
)
def test_a_bad_domain_is_refused(changes: list[tuple[str, str]], says: str, tmp_path: Path):
    faults = refused(genius(tmp_path / "a", edited(DOMAIN, *changes)))
    assert any(says in fault.message and fault.file == "domain.xml" for fault in faults), faults


def test_all_faults_of_a_scenario_are_told_at_once(tmp_path: Path):
    one = edited(PROFILE, ('evaluation="4"', 'evaluation="x"'), ('offset="0.2"', 'offset="y"'))
    two = edited(PROFILE, ('value="0.75"', 'value="z"'))
    assert len(refused(genius(tmp_path / "a", DOMAIN, one, two, "<broken"))) == 4


def test_folders_that_are_no_scenario_are_refused(tmp_path: Path):
    for name in ("empty", "bare", "lone", "zero"):
        (tmp_path / name).mkdir()
    assert "without a `case.yaml`" in refused(tmp_path / "empty")[0].message
    (tmp_path / "bare" / "settings.xml").write_text("<settings/>")
    assert "no XML file here is one of GENIUS" in refused(tmp_path / "bare")[0].message
    (tmp_path / "lone" / "domain.xml").write_text(DOMAIN)
    assert "no profile with evaluations" in refused(tmp_path / "lone")[0].message
    assert "name the folder" in refused(tmp_path / "lone" / "domain.xml")[0].way_out
    (tmp_path / "zero" / "domain.xml").write_text("")
    assert "the file is empty" in refused(tmp_path / "zero")[0].message


def test_domains_that_contradict_each_other_are_refused(tmp_path: Path):
    folder = genius(tmp_path / "a")
    (folder / "other.xml").write_text(DOMAIN)
    assert load_case(folder)
    (folder / "other.xml").write_text(DOMAIN.replace('value="high"', 'value="higher"'))
    assert "states another domain than domain.xml" in refused(folder)[0].message


def test_all_weights_zero_is_refused(tmp_path: Path):
    profile = edited(
        PROFILE, ('value="0.5"', 'value="0"'), ('value="0.2"', 'value="0"'), ('value="0.3"', 'value="0"')
    )
    assert "the weights of all issues are 0" in refused(genius(tmp_path / "a", DOMAIN, profile))[0].message


LAUGHS = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><utility_space>&b;</utility_space>'
OUTSIDE = '<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]><utility_space>&a;</utility_space>'


@pytest.mark.parametrize(
    "text", [LAUGHS, OUTSIDE, "<a>" * 60 + "</a>" * 60, "\x00\x01", '<?xml version="1.0" encoding="no"?><a/>']
)
def test_hostile_xml_is_refused(text: str, tmp_path: Path):
    (fault,) = refused(genius(tmp_path / "a", DOMAIN, PROFILE, text))
    assert fault.file == "side 1.xml"
    assert "root:" not in str(fault)


def test_files_too_large_or_not_utf_8_are_refused(tmp_path: Path):
    folder = genius(tmp_path / "a")
    with (folder / "side 0.xml").open("wb") as stream:
        stream.truncate(50_000_001)
    assert "50,000,001 bytes" in refused(folder)[0].message
    (folder / "side 0.xml").write_bytes(PROFILE.replace("low", "l\xf6w").encode("latin-1"))
    assert "is not sound XML" in refused(folder)[0].message
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "p.json").write_bytes(json.dumps(LOG).replace("Fee", "F\xe9").encode("latin-1"))
    fault = refused(tmp_path / "b")[0]
    assert "is not UTF-8" in fault.message
    assert fault.line == 1


UTILITIES = WEB["LinearAdditiveUtilitySpace"]["issueUtilities"]
SITE = {"values": ["north", "south"]}
BAD_WEB = [
    ("no weight", web(issueWeights={"Site": 1}), "the issue has no weight"),
    ("a weight of no issue", web(issueWeights={"Fee": 0.4, "Site": 0.6, "Sight": 0}), "there is no such issue"),
    ("weights beyond 1", web(issueWeights={"Fee": 1, "Site": 1}), "the weights sum to 2"),
    ("no weights", web(issueWeights=None), "expects an object, has nothing"),
    ("zero weights", web(issueWeights={"Fee": 0, "Site": 0}), "the weights of all issues are 0"),
    ("a text for a number", web(issueWeights={"Fee": "much", "Site": 0.6}), "expects a number, has much"),
    ("true for a number", web(issueWeights={"Fee": True, "Site": 0.6}), "expects a number, has True"),
    ("a huge number", web(issueWeights={"Fee": 10**400, "Site": 0.6}), "expects a number"),
    ("no domain", web(domain=None), "expects an object, has nothing"),
    ("a list for a domain", web(domain=[]), "expects an object, has []"),
    ("no utilities", web(issueUtilities={"Fee": UTILITIES["Fee"]}), "the issue has no utilities"),
    ("utilities of no issue", web(issueUtilities={**UTILITIES, "X": {}}), "the domain has no such issue"),
    ("a missing value", web(issueUtilities={**UTILITIES, "Site": {"discreteutils": {"valueUtilities": {"north": 1}}}}), "the value has no utility"),
    ("an unknown value", web(issueUtilities={**UTILITIES, "Site": {"discreteutils": {"valueUtilities": {"north": 1, "south": 0, "east": 1}}}}), "the domain has no such value"),
    ("beyond 1", web(issueUtilities={**UTILITIES, "Site": {"discreteutils": {"valueUtilities": {"north": 7, "south": 0}}}}), "7 is more than 1"),
    ("negative", web(issueUtilities={**UTILITIES, "Site": {"discreteutils": {"valueUtilities": {"north": -1, "south": 0}}}}), "-1 is less than 0"),
    ("ends that do not fit", web(issueUtilities={**UTILITIES, "Fee": {"numberutils": {"lowValue": 11, "lowUtility": 0, "highValue": 12, "highUtility": 1}}}), "not within 11 to 12"),
    ("numbers for names", web(issueUtilities={**UTILITIES, "Site": UTILITIES["Fee"]}), "are for an issue with a range"),
    ("a value twice", web(domain={"issuesValues": {"Fee": {"range": [10, 12, 0.5]}, "Site": {"values": ["north", "north", "south"]}}}), "has the value 'north' twice"),
    ("numbers as names", web(domain={"issuesValues": {"Fee": {"range": [10, 12, 0.5]}, "Site": {"values": [1, 2]}}}), "expects `values` or `range`"),
    ("a step of 0", web(domain={"issuesValues": {"Fee": {"range": [10, 12, 0]}, "Site": SITE}}), "is empty"),
    ("a billion", web(domain={"issuesValues": {"Fee": {"range": [0, 1e9, 1]}, "Site": SITE}}), "1,000,000,001 numbers"),
    ("a range of two", web(domain={"issuesValues": {"Fee": {"range": [0, 1]}, "Site": SITE}}), "expects a range"),
    ("a bid on no issue", web(reservationBid={"issuevalues": {"Fees": 10}}), "the domain has no such issue"),
    ("a bid of no value", web(reservationBid={"issuevalues": {"Fee": 10.2}}), "the domain has no such value: 10.2"),
    ("a list for the space", {"LinearAdditiveUtilitySpace": [1]}, "expects an object"),
    ("NaN", json.dumps(WEB).replace("0.9", "NaN"), "NaN is not a finite number"),
    ("a key twice", json.dumps(WEB).replace('"south": 0.9', '"north": 0.9'), "'north' stands twice"),
    ("cut off", json.dumps(WEB)[:200], "the JSON breaks off"),
    ("too deep", json.dumps(WEB)[:-1] + ',"x":' + "[" * 100_000 + "]" * 100_000 + "}", "nested too deeply"),
]  # fmt: skip


@pytest.mark.parametrize(("profile", "says"), [bad[1:] for bad in BAD_WEB], ids=[bad[0] for bad in BAD_WEB])
def test_bad_geniusweb_is_refused(profile: Any, says: str, tmp_path: Path):
    faults = refused(jsons(tmp_path / "a", WEB, profile))
    assert any(says in fault.message for fault in faults), faults
    assert {fault.file for fault in faults} == {"side1.json"}


BAD_LOG = [
    ("no issues", {**LOG, "issues": {}, "issueWeights": {}}, "has no issues"),
    ("one value", {**LOG, "issues": {**LOG["issues"], "Fee": {"10": 1}}}, "has 1 value"),
    ("no weight", {**LOG, "issueWeights": {"Fee": 1}}, "the issue has no weight"),
    ("a weight of no issue", {**LOG, "issueWeights": {"Fee": 1, "Sites": 1, "Site": 1}}, "there is no such issue"),
    ("beyond 1", {**LOG, "issues": {**LOG["issues"], "Fee": {"10": 1.5, "20": 0}}}, "worth more than 1"),
    ("weights beyond 1", {**LOG, "issueWeights": {"Fee": 1, "Site": 1}}, "as the weights sum to 2"),
    ("negative", {**LOG, "reservationValue": -0.5}, "-0.5 is less than 0"),
    ("a list", {**LOG, "issues": {**LOG["issues"], "Fee": ["10", "20"]}}, "expects an object"),
    ("another domain", {**LOG, "issues": {**LOG["issues"], "Fee": {"10": 0, "30": 1}}}, "not the same values"),
    ("an empty file", " ", "the file is empty"),
]  # fmt: skip


@pytest.mark.parametrize(("profile", "says"), [bad[1:] for bad in BAD_LOG], ids=[bad[0] for bad in BAD_LOG])
def test_bad_negolog_is_refused(profile: Any, says: str, tmp_path: Path):
    faults = refused(jsons(tmp_path / "a", LOG, profile))
    assert any(says in fault.message for fault in faults), faults
    assert {fault.file for fault in faults} == {"side1.json"}


# Writing.


def test_every_key_of_a_case_is_held_or_known_to_be_lost():
    for name in HELD:
        fields = set(getattr(model, name).model_fields)
        assert fields == HELD[name] | LOST[name].keys()
        assert not HELD[name] & LOST[name].keys()


def test_formats_round_trip_what_they_hold(tmp_path: Path):
    web_case = load_case(jsons(tmp_path / "web", WEB, web(reservationBid=None)))
    log_case = load_case(jsons(tmp_path / "log", LOG))
    xml_case = load_case(genius(tmp_path / "xml", DOMAIN, PROFILE, PROFILE))
    for case, name, folder in (
        (web_case, "geniusweb", "web"),
        (log_case, "negolog", "log"),
        (xml_case, "genius", "xml"),
    ):
        (tmp_path / "again").mkdir(exist_ok=True)
        assert SAVES[name](case, tmp_path / "again" / folder) == ()
        again = load_case(tmp_path / "again" / folder)
        assert_same(case, again)
        assert {r: p.note for r, p in again.preferences.items()} == {
            r: p.note for r, p in case.preferences.items()
        }


def test_awkward_names_survive(tmp_path: Path):
    names = ["a<b>&\"'c", "  spaced ", "قرية", "in", "a\tb", "and", "A<B>&\"'C"]
    profile: dict[str, Any] = {
        "issueWeights": dict.fromkeys(names, 1 / 7),
        "issues": {n: dict.fromkeys(names, 0.5) for n in names},
    }
    profile["issues"]["in"]["and"] = 1.0
    case = load_case(jsons(tmp_path / "a", profile))
    for name, save in (
        ("negolog", SAVES["negolog"]),
        ("geniusweb", SAVES["geniusweb"]),
        ("genius", SAVES["genius"]),
    ):
        (tmp_path / name).mkdir()
        save(case, tmp_path / name / "a", lossy=name == "genius")
        again: Any = load_case(tmp_path / name / "a")
        assert [i.title for i in again.issues.values()] == names
        for issue in again.issues.values():
            assert [option.label for option in issue.options.values()] == names


def test_integer_issues_that_are_kept_within_0_and_1_come_back(tmp_path: Path):
    for number, (offset, slope) in enumerate(
        [(-0.5, 0.4), (1.5, -0.4), (0.3, 0.0), (-3.5, 4.0), (0.1, 0.05)]
    ):
        profile = edited(PROFILE, ('offset="0.2"', f'offset="{offset}"'), ('slope="0.3"', f'slope="{slope}"'))
        case = load_case(genius(tmp_path / f"{number}", DOMAIN, profile))
        (tmp_path / f"again{number}").mkdir()
        target = tmp_path / f"again{number}" / f"{number}"
        assert SAVES["genius"](case, target) == ()
        assert "integer" in (target / "domain.xml").read_text()
        assert_same(case, load_case(target))


def test_geniusweb_weights_sum_to_exactly_1(tmp_path: Path):
    thirds = {
        **LOG,
        "issueWeights": {"Fee": 1 / 3, "Site": 2 / 3},
        "reservationValue": 0,
        "discountFactor": 1,
    }
    SAVES["geniusweb"](load_case(jsons(tmp_path / "a", thirds)), tmp_path / "b", lossy=True)
    written = json.loads((tmp_path / "b" / "side0.json").read_text(), parse_float=lambda text: text)
    weights = written["LinearAdditiveUtilitySpace"]["issueWeights"].values()
    digits = [int(weight.removeprefix("0.").ljust(15, "0")) for weight in weights]
    assert sum(digits) == 10**15


def losses(save: Any, case: Any, path: Path) -> str:
    with pytest.raises(CaseError) as caught:
        save(case, path)
    assert not path.exists()
    assert all(fault.way_out for fault in caught.value.faults)
    return str(caught.value)


@pytest.mark.parametrize("name", ["genius", "geniusweb", "negolog"])
def test_what_a_format_cannot_hold_is_refused_in_words(name: str, tmp_path: Path):
    told = losses(SAVES[name], case_of(FULL, id="full"), tmp_path / "a")
    for kind in LOST:
        for key, what in LOST[kind].items():
            assert what in told or key == "role", told  # it has no observer
    for what in ("sources", "factions", "ranges of numbers", "extended issues"):
        assert what in told
    said = "\n".join(SAVES[name](case_of(FULL, id="full"), tmp_path / "a", lossy=True))
    assert "lost: ratification rules (parties.north.ratification)" in said
    again: Any = load_case(tmp_path / "a")
    assert [party.name for party in again.parties.values()] == ["North", "South"]
    assert list(again.issues) == ["land"]


def test_orders_are_written_as_the_numbers_that_the_space_takes(tmp_path: Path):
    case = case_of("""\
winset: 1
title: Orders
as_of: 2026-05-01
parties: {a: {name: a}}
issues: {x: {title: x, options: {p: p, q: q, r: r}}, y: {title: y, options: {p: p, q: q}}, z: {title: z, options: {p: p, q: q}}}
preferences:
  a: {walk_away: 0, weights: {order: [y, [x, z]]}, scores: {x: {order: [r, [p, q]]}, y: {order: [[p, q]]}, z: {p: 1, q: 2}}}
""")
    assert "orders in place of numbers" in losses(SAVES["geniusweb"], case, tmp_path / "a")
    SAVES["geniusweb"](case, tmp_path / "a", lossy=True)
    again = load_case(tmp_path / "a")
    ours, theirs = build_space(case), build_space(again)
    for mine, other in zip(ours.blocks, theirs.blocks, strict=True):
        assert other.utilities == pytest.approx(mine.utilities, abs=1e-10)


def test_lossy_keeps_what_is_acceptable(tmp_path: Path):
    """GENIUS reads the best option of an issue as 1: gains stay in proportion, so consent and Nash do."""
    text = """\
winset: 1
title: Plain
as_of: 2026-05-01
parties: {a: {name: a}, b: {name: b}}
issues: {x: {title: x, options: {p: p, q: q}}, y: {title: y, options: {r: r, s: s}}}
preferences:
  a: {walk_away: 40, weights: {x: 1, y: 3}, scores: {x: {p: 80, q: 10}, y: {r: 0, s: 50}}}
  b: {walk_away: 30, weights: {x: 1, y: 1}, scores: {x: {p: 0, q: 90}, y: {r: 60, s: 30}}}
"""
    case = case_of(text)
    assert "best scores of an issue below 100" in losses(SAVES["genius"], case, tmp_path / "a")
    SAVES["genius"](case, tmp_path / "a", lossy=True)
    one: Any = analyse(case, "agreement")
    other: Any = analyse(load_case(tmp_path / "a"), "agreement")
    assert one.zone == other.zone
    assert [v.packages for v in one.solutions["nash"].vectors] == [
        v.packages for v in other.solutions["nash"].vectors
    ]
    for name in ("geniusweb", "negolog"):
        SAVES[name](case, tmp_path / name, lossy=True)
        again = load_case(tmp_path / name)
        for package in random_packages(case):
            assert worth(again, "a", package) == pytest.approx(worth(case, "a", package), abs=1e-12)


def test_a_walk_away_that_is_no_bid_is_not_dropped_in_silence(tmp_path: Path):
    case = load_case(jsons(tmp_path / "a", LOG))
    told = losses(SAVES["geniusweb"], case, tmp_path / "b")
    assert "walk-aways that no reservation bid" in told
    assert "discount factors" in told


def test_nothing_is_written_over(tmp_path: Path):
    case = load_case(jsons(tmp_path / "a", LOG))
    with pytest.raises(FileExistsError):
        SAVES["negolog"](case, tmp_path / "a")
    (tmp_path / "b").mkdir()
    SAVES["negolog"](case, tmp_path / "b")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]


def test_a_case_without_preferences_cannot_be_written(tmp_path: Path):
    bare = case_of("winset: 1\ntitle: T\nparties: {a: {name: A}}\n")
    assert "there is no scenario to write" in losses(SAVES["genius"], bare, tmp_path / "a")


def test_every_format_is_listed_once_and_after_own():
    assert [form.id for form in FORMATS] == [own.ID, genius_format.ID, geniusweb.ID, negolog.ID]


# The command line.


def test_convert_says_what_is_noted_and_what_is_lost(tmp_path: Path):
    genius(tmp_path / "lease", DOMAIN, PROFILE, PROFILE)
    done = run_winset("convert", "lease", "lease.yaml", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "side_0: discount factor 0.75 in the file; not applied" in done.stdout
    assert "Written: lease.yaml" in done.stdout
    again: Any = load_case(tmp_path / "lease.yaml")
    assert_same(load_case(tmp_path / "lease"), again)
    done = run_winset("convert", "lease.yaml", "back", "--to", "genius", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    done = run_winset("convert", "lease.yaml", "web", "--to", "geniusweb", cwd=tmp_path)
    assert done.returncode == 1
    assert "GeniusWeb JSON cannot hold discount factors (side 0, side 1); with --lossy" in " ".join(
        done.stderr.split()
    )
    done = run_winset("convert", "lease.yaml", "web", "--to", "geniusweb", "--lossy", cwd=tmp_path)
    assert done.returncode == 0
    assert "lost: discount factors" in done.stderr


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["case.yaml", "folder"], 2, "say --to with one of winset, genius"),
        (["case.yaml", "folder", "--to", "genus"], 2, "did you mean 'genius'?"),
        (["case.yaml", "case.yaml"], 2, "is there already"),
        (["nowhere.yaml", "b.yaml"], 2, "there is no such file"),
        (["case.yaml", "no/such/folder", "--to", "genius", "--lossy"], 2, "there is no such folder"),
    ],
)
def test_convert_says_the_way_out(words: list[str], code: int, says: str, tmp_path: Path):
    (tmp_path / "case.yaml").write_text(VILLAGES)
    done = run_winset("convert", *words, cwd=tmp_path)
    assert done.returncode == code, done.stderr
    assert says in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_a_scenario_is_analysed_as_it_is(tmp_path: Path):
    genius(tmp_path / "lease", DOMAIN, PROFILE, PROFILE)
    done = run_winset("analyse", "lease", "--only", "agreement", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "of 20" in done.stdout
    assert run_winset("check", "lease", cwd=tmp_path).returncode == 0
    assert run_winset("show", "lease", cwd=tmp_path).returncode == 0


def test_reading_leaves_the_small_case_alone(tmp_path: Path):
    before = small().model_dump()
    SAVES["negolog"](small(), tmp_path / "a", lossy=True)
    assert small().model_dump() == before
