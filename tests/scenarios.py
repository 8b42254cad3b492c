"""A small scenario in each format of the field, and what tests ask of any."""

from __future__ import annotations

import json
import math
import random
from pathlib import Path
from typing import Any

import pytest

from tests.reference import folders
from winset import load_case
from winset.errors import CaseError, Fault
from winset.formats import FORMATS

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
ITEM = '<item index="1" value="high" evaluation="4"/>'
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
