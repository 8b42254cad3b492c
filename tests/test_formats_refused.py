"""Scenarios that are broken, hostile or too large are refused in words, with their place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.helpers import edited
from tests.scenarios import (
    DOMAIN,
    ITEM,
    LOG,
    PROFILE,
    WEB,
    genius,
    jsons,
    refused,
    web,
)
from winset import load_case

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
