"""Cases with spoilers: at random, and one that can be checked by hand."""

from __future__ import annotations

from random import Random
from typing import Any

from tests.generators import Maker, random_case
from tests.helpers import VILLAGES, case_of, edited
from tests.test_draws import doubted, doubtful
from tests.twins import spoilers as twins
from tests.twins.agreement import Data, Twin
from winset.analyses import analyse
from winset.analyses.spoilers import run
from winset.case.model import Case

NAMES = ("sa", "sb", "sc", "sd")
FEW = 12


def asked(case: Case, **parameters: Any) -> Any:
    """The result of the analysis, with that of agreement handed over as `analyse` does."""
    given = {"agreement": analyse(case, "agreement", extended=parameters.get("extended", False))}
    return run(case, given=given, **parameters)


def with_spoilers(data: Data, seed: int) -> Data:
    """The case with a few spoilers, some of them exactly at what they hold out for."""
    random = Random(seed)
    maker, twin = Maker(random), Twin(data, judge=False)
    data["spoilers"] = {name: spoiler(maker, twin, data) for name in NAMES[: random.randint(1, 4)]}
    return data


def spoiler(maker: Maker, twin: Twin, data: Data) -> Data:
    random = maker.random
    made: Data = {"name": "N", "type": random.choice(["limited", "limited", "greedy", "greedy", "total"])}
    made["position"] = random.choice(["inside", "outside"])
    if maker.chance(0.7):
        made["faction"] = random.choice(list(data["preferences"]))
    if maker.chance(0.4) or (made["type"] != "total" and "faction" not in made):
        made["trigger"] = maker.condition(data)
    if made["type"] == "greedy" and "faction" in made and maker.chance(0.8):
        made["greed"] = greed(maker, twin, made["faction"])
    uniform = {"low": 0.1, "high": 0.6, "shape": "uniform"}
    made["capability"] = random.choice([0, 0.25, 0.5, 1, [0, 0.3, 0.5], [0.2, 0.9, 1], uniform])
    return made


def greed(maker: Maker, twin: Twin, ref: str) -> Any:
    """Often exactly what some package has above the walk-away."""
    worths = (twin.utility(ref, package) - twin.walk_away(ref) for package in twin.packages)
    above = [round(float(worth), 9) for worth in worths if worth >= 0]
    if above and maker.chance(0.6):
        return maker.random.choice(above)
    return maker.random.choice([0, 5, 10, [2, 5, 20], {"low": 1, "mode": 8, "high": 9, "shape": "pert"}])


def seeded(seed: int) -> Data:
    return with_spoilers(random_case(seed), seed)


def doubted_case(seed: int) -> Data:
    """A case with much doubt, in greed and capability too; None with more issues than can be gone through."""
    data, random = with_spoilers(doubtful(seed), seed), Random(seed)
    for given in data["spoilers"].values():
        if random.random() < 0.7:
            given["capability"] = doubted(random.choice([0.1, 0.4, 0.9]), random, 0, 1)
        if "greed" in given and random.random() < 0.6:
            given["greed"] = doubted(random.choice([2, 10]), random, 0, 100)
    return data


def playable(data: Data, *, extended: bool = False) -> bool:
    return bool(twins.in_play(data, extended=extended)) and bool(Twin(data, judge=False).counted())


RIDERS = "riders: {name: Riders, position: outside, type: greedy, faction: upper.herders, greed: [10, 20, 30], capability: [0.1, 0.3, 0.5]}"
ELDERS = "elders: {name: Elders, position: inside, type: limited, trigger: hours == half, capability: 0.5, because: They said so.}"
RAIDERS = "raiders: {name: Raiders, position: outside, type: total, capability: 0.2}"
LEAGUE = "league: {name: League, position: outside, type: limited, faction: lower, capability: 0.1}"


def villages(*spoilers: str, changes: tuple[tuple[str, str], ...] = ()) -> Case:
    """The teaching case with these spoilers, by default all of them."""
    lines = "\n".join(f"  {one}" for one in spoilers or (RIDERS, ELDERS, RAIDERS, LEAGUE))
    found: Case = case_of(f"{edited(VILLAGES, *changes)}\nspoilers:\n{lines}\n", id="villages")
    return found
