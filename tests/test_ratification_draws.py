"""Homes over draws: against every draw judged by itself, without doubt, and beside the answers at the mode."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Any

import pytest
from scipy import stats

from tests.generators import random_case, to_case
from tests.helpers import CATALOGUE, plain
from tests.homes import Homes, with_rule
from tests.test_draws import settled as without_doubt
from tests.test_ratification import analyse, cases
from tests.twins.agreement import Data, Twin, core, point
from tests.twins.draws import distribution
from tests.twins.ratification import SAYS_YES, Home
from tests.twins.ratification_draws import Draws, same
from winset.analyses import analyse as run_analysis
from winset.analyses import ratification
from winset.analyses.shares import Share
from winset.space.build import build_space
from winset.space.consent import ask, judges
from winset.space.package import row_of
from winset.space.worth import worth

FEW = 12
SPAWN = "from winset.cli import main; main()"


def check_draws(data: Data, package: Data, rho: float, seed: int) -> int:
    """All shares of one home over a few draws; how many of them are neither none nor all."""
    result = analyse(data, package, rho=rho, seed=seed, draws=FEW)
    twin = Draws(core(data), build_space(to_case(data)), rho, seed, FEW)
    candidate = result.draws.candidates[0]
    assert candidate.package == package
    home, wanted = candidate.homes["home"], twin.counted("home", package)
    assert home.signs == Share.of(wanted["signs"], FEW), seed
    assert home.rule_alone == Share.of(wanted["rule_alone"], FEW), seed
    governed = "survival" in data["parties"]["home"]
    for key in ("ratifies", "kept", "both", "stands"):
        found = getattr(home, key)
        asked = wanted["signs"] and (governed or key == "ratifies")
        assert found == (Share.of(wanted[key], wanted["signs"]) if asked else None), (seed, key)
    worlds = list(twin.homes("home", package))
    for ref, share in home.yes.items():
        assert same(share, sum(world.does[ref] == SAYS_YES for world in worlds), FEW), (seed, ref)
    for ref, share in home.pivotal.items():
        assert same(share, sum(world.signs and world.turns(ref) for world in worlds), wanted["signs"]), (
            seed,
            ref,
        )
    signed, ratified = twin.together(package, list(result.must))
    assert candidate.signed == Share.of(signed, FEW), seed
    assert candidate.ratified == (Share.of(ratified, signed) if signed else None), seed
    return sum(0 < count < FEW for count in wanted.values())


def doubt_bars(home: Data) -> None:
    """Bars and majorities from half to one and a half times what they are."""
    bars = [terms for terms in quotas_in(home.get("ratification", {})) if "at_least" in terms]
    for terms, key in (*((terms, "at_least") for terms in bars), (home["survival"], "majority")):
        terms[key] = [terms[key] / 2, terms[key], terms[key] * 1.5]


@pytest.mark.parametrize(
    "wishes", [{"absences": 3, "survival": True}, {"poll": True, "survival": True}], ids=str
)
@pytest.mark.parametrize("rho", [0, 0.5, 0.8])
def test_shares_of_draws_against_every_draw_by_itself(rho: float, wishes: Data):
    doubtful = 0
    for seed, _, data, package in cases(range(10), **wishes):
        data["preferences"]["other"]["walk_away"] = [0, 50, 80]
        if seed % 3:
            doubt_bars(data["parties"]["home"])
        if seed % 2:
            consent = "required" if seed % 4 == 1 else "advisory"
            data["mediators"] = {"broker": {"name": "broker", "consent": consent}}
            data["preferences"]["broker"] = {**data["preferences"]["other"], "walk_away": [20, 40, 90]}
        doubtful += check_draws(data, package, rho, seed)
    assert doubtful > 5


@pytest.mark.fuzz
@pytest.mark.parametrize("first", range(100, 400, 50))
def test_many_homes_over_draws_against_every_draw_by_itself(first: int):
    for seed, random, data, package in cases(
        range(first, first + 50), absences=3, voting=True, survival=True, sizes=[1, 2, 3, 4, 5]
    ):
        check_draws(data, package, random.choice([0, 0.3, 0.5, 0.9]), seed)


def test_who_only_topples_has_walked_out_in_draws_as_at_the_mode():
    data = with_rule({"faction": "a"}, ("a", "b"))
    data["parties"]["home"]["factions"]["b"]["topple"] = 61
    data["preferences"]["home.b"]["walk_away"] = 90
    data["parties"]["home"]["survival"] = {"majority": 2, "seats": {"leader": 1, "b": 1}}
    result = analyse(data, {"i": "x"}, draws=9)
    government, drawn = (
        result.candidates[0].homes["home"].government,
        result.draws.candidates[0].homes["home"],
    )
    assert (government.kept, government.stands) == (0, 0)
    assert (drawn.kept.share, drawn.stands.share) == (0, 0)


def test_an_empty_meeting_passes_nothing():
    quota = {
        "share": "1/2",
        "of_present": True,
        "weights": {"a": 1, "b": 2},
        "present": {"a": 0.25, "b": 0.5},
    }
    result = analyse(with_rule({"quota": quota}, ("a", "b")), {"i": "x"}, draws=2_000)
    answer, drawn = result.candidates[0].homes["home"], result.draws.candidates[0].homes["home"]
    assert answer.rule_alone.low == 0.625
    assert drawn.rule_alone.share == pytest.approx(0.625, abs=0.05)


def test_who_signs_keeps_to_it_at_home():
    """Its noise is what may yet turn others; its own word is given."""
    data = with_rule({"faction": "leader"}, ("a",))
    data["preferences"]["home.leader"].update(walk_away=[40, 58, 90], noise=25)
    drawn = analyse(data, {"i": "x"}, draws=200).draws.candidates[0].homes["home"]
    assert 0 < drawn.signs.share < 1
    assert drawn.ratifies.share == 1
    assert drawn.rule_alone == drawn.signs


@pytest.mark.parametrize("rho", [0, 0.5])
def test_the_voters_of_a_signer_keep_to_what_it_signs(rho: float):
    """As at the mode: who signs says yes, and so does its group in a popular vote."""
    poll = {"groups": [{"faction": "leader", "size": 1}], "threshold": "1/2"}
    data = with_rule({"referendum": poll}, ("a",))
    data["preferences"]["home.leader"]["walk_away"] = [40, 61, 90]
    result = analyse(data, {"i": "x"}, rho=rho, draws=200)
    drawn = result.draws.candidates[0].homes["home"]
    assert 0 < drawn.signs.share < 1
    assert drawn.ratifies.share == result.candidates[0].homes["home"].ratifies.low == 1


def test_voters_without_noise_vote_as_one_and_others_are_spread():
    """A faction that is in doubt for us alone (noise 0) carries its vote whenever it accepts; one whose voters
    differ as its walk-away says has a majority for what lies above the middle."""
    poll = {"groups": [{"faction": "a", "size": 1}], "threshold": "1/2"}
    data = with_rule({"referendum": poll}, ("a",))
    data["preferences"]["home.a"]["walk_away"] = [40, 58, 70]
    spread = analyse(data, {"i": "x"}, rho=0, draws=400).draws.candidates[0].homes["home"]
    assert spread.rule_alone.share == 1
    data["preferences"]["home.a"]["noise"] = 0
    block = analyse(data, {"i": "x"}, rho=0, draws=400).draws.candidates[0].homes["home"]
    assert block.rule_alone.share == block.yes["home.a"]
    assert block.rule_alone.share == pytest.approx(stats.triang(0.6, 40, 30).cdf(60), abs=0.1)


# without doubt


def check_point(data: Data, draws: int) -> int:
    """Every share of every candidate is 0 or 1, as at the mode; how many homes were compared."""
    case = to_case(data)
    if not ratification.applies(case):
        return 0
    result: Any = run_analysis(case, "ratification", draws=draws)
    space = build_space(case)
    compared = 0
    for candidate in result.draws.candidates:
        consent = ask(space, *worth(space, row_of(space, candidate.package)))
        for place, side in enumerate(judges(space)):
            home = candidate.homes.get(side)
            if home is None:
                continue
            assert home.signs.share == float(consent.signs[place, 0])
            assert all(
                share == float(consent.accepts[space.faction(ref), 0]) for ref, share in home.yes.items()
            )
            assert set(home.pivotal.values()) <= {0, 1}
            if "referendum" not in str(data["parties"][side].get("ratification")):
                assert home.rule_alone.share == float(consent.lets[place, 0])
                assert home.ratifies is None or home.ratifies.share == float(consent.lets[place, 0])
                compared += 1
    return compared


def quotas_in(rule: Any) -> list[Data]:
    """The terms of all weighted votes of a rule."""
    if isinstance(rule, list):
        return [terms for part in rule for terms in quotas_in(part)]
    if not isinstance(rule, dict):
        return []
    return [rule["quota"]] if "quota" in rule else quotas_in(list(rule.values()))


def at_the_mode(value: Any) -> Any:
    """The data with every estimate in them at its mode."""
    if isinstance(value, dict):
        if "low" in value:
            return float(point(value))
        return {key: at_the_mode(entry) for key, entry in value.items()}
    if isinstance(value, list):
        if len(value) == 3 and not any(isinstance(entry, str | dict | list) for entry in value):
            return float(point(value))
        return [at_the_mode(entry) for entry in value]
    return value


def known(data: Data) -> Data:
    """The case with all numbers at their modes, those of homes too, no noise, and everybody there or not."""
    found = without_doubt(data)
    found["parties"] = at_the_mode(found["parties"])
    for party in found["parties"].values():
        for terms in quotas_in(party.get("ratification", {})):
            terms["present"] = {n: int(q >= 0.5) for n, q in terms.get("present", {}).items()}
    for wants in found["preferences"].values():
        wants.pop("noise", None)
    return found


def test_without_doubt_random_cases_are_as_at_the_mode():
    compared = sum(check_point(known(random_case(seed, most=3)), 2) for seed in range(60))
    assert compared > 60


def test_without_doubt_random_homes_are_as_at_the_mode():
    compared = 0
    for _, _, data, _ in cases(range(40), absences=3, voting=True, survival=True):
        compared += check_point(known(data), 2)
    assert compared > 40


@pytest.mark.parametrize("file", CATALOGUE, ids=lambda file: file.parent.name)
def test_without_doubt_the_catalogue_is_as_at_the_mode(file: Path):
    data = known(plain(file.read_bytes()))
    data.pop("levers", None)
    compared = check_point(data, 2)
    assert compared or not ratification.applies(to_case(data)) or "referendum" in str(data["parties"])


# beside the answers at the mode

MANY = 20_000


def near(found: Share, wanted: float, leeway: float = 0.0) -> bool:
    """Within its error, taken at four and a half deviations, and what the shapes of doubt may differ by."""
    error = 4.5 * math.sqrt(max(wanted * (1 - wanted), 1e-3) / MANY)
    return abs(found.share - wanted) <= error + leeway


XP = {"i": "x", "j": "p"}


def on_the_edge(random: Random, **wishes: Any) -> Data:
    """A random home whose factions are near their walk-aways at the first package, with nothing in doubt."""
    data = known(Homes(random, **wishes).case())
    twin = Twin(data, judge=False)
    for ref in twin.refs("home"):
        worth = round(float(twin.utility(ref, XP)), 6)
        data["preferences"][ref].update(walk_away=worth + random.choice([-6, -2, 0, 3, 6]), red_lines={})
        faction = data["parties"]["home"]["factions"][ref.partition(".")[2]]
        faction.update({key: worth - by for key, by in (("walk_out", 8), ("topple", 14)) if key in faction})
    return data


@pytest.mark.parametrize("kinds", [("noise",), ("red lines",), ("noise", "red lines")], ids=" and ".join)
def test_the_mode_and_draws_agree_where_noise_or_red_lines_are_in_doubt(kinds: tuple[str, ...]):
    """Noise is normal in both, red lines hold as often in both, and one shock moves them; the signer is known."""
    doubtful = 0
    for seed in range(5):
        random = Random(seed)
        data = on_the_edge(random, sizes=[3, 4], survival=True)
        factions = data["parties"]["home"]["factions"]
        for place, (ref, wants) in enumerate(data["preferences"].items()):
            kind = kinds[place % len(kinds)]
            if ref == "home.leader" or kind == "red lines":
                leaving = factions.get(ref.partition(".")[2], {})
                for key in ("walk_out", "topple"):
                    leaving.pop(key, None)
            if ref == "home.leader":
                wants["walk_away"] = 0
            elif kind == "noise":
                wants["noise"] = random.choice([5, 10, 20])
            else:
                wants.update(
                    walk_away=0,
                    red_lines={"i.x": random.choice([0.2, 0.4]), "j.p": 0.2, "i == x and j == p": 0.1},
                )
        answer, drawn = at_both(data, seed)
        assert near(drawn.rule_alone, answer.rule_alone.low), seed
        assert near(drawn.ratifies, answer.ratifies.low), seed
        assert near(drawn.kept, answer.government.kept), seed
        assert near(drawn.both, answer.government.ratified_kept), seed
        assert near(drawn.stands, answer.government.stands), seed
        for ref, share in drawn.yes.items():
            assert near(Share.of(round(share * MANY), MANY), answer.factions[ref].yes.low), (seed, ref)
        doubtful += 0.01 < answer.ratifies.low < 0.99
    assert doubtful >= 3


def at_both(data: Data, seed: int) -> tuple[Any, Any]:
    """The home at the mode and over draws."""
    result = analyse(data, XP, rho=0.6, seed=seed, draws=MANY, target=0.001)
    return result.candidates[0].homes["home"], result.draws.candidates[0].homes["home"]


def test_the_mode_and_draws_agree_on_walk_aways_but_for_their_shapes():
    """A walk-away is triangular in draws and normal at the mode, of the same mean and deviation here, both from the
    same quantile of its doubt: answers differ at most as often as some faction lies between the two."""
    doubtful = 0
    for seed in range(5):
        data = on_the_edge(Random(seed), sizes=[2, 3])
        for ref, wants in data["preferences"].items():
            middle = wants["walk_away"]
            wants["walk_away"] = [middle - 25, middle, middle + 25] if ref != "other" else 0
        answer, drawn = at_both(data, seed)
        twin = Home(data, "home", XP, 0.6)
        gaps = {ref: gap(twin, ref) for ref in twin.refs}
        assert max(gaps.values()) < 0.013
        assert near(drawn.signs, answer.signs.low, gaps[twin.signer]), seed
        assert near(drawn.rule_alone, answer.rule_alone.low, sum(gaps.values())), seed
        # Of what is signed, and so with leeway for both.
        of_signed = (sum(gaps.values()) + gaps[twin.signer]) / answer.signs.low
        few = MANY * answer.signs.low
        error = 4.5 * math.sqrt(0.25 / few)
        assert drawn.ratifies.share == pytest.approx(answer.ratifies.low, abs=error + of_signed), seed
        for ref, share in drawn.yes.items():
            assert near(Share.of(round(share * MANY), MANY), answer.factions[ref].yes.low, gaps[ref]), (
                seed,
                ref,
            )
        doubtful += 0.02 < answer.ratifies.low < 0.98
    assert doubtful >= 3


def gap(twin: Home, ref: str) -> float:
    """How often a faction answers differently when its walk-away is drawn from the one or from the other."""
    walk_away = twin.data["preferences"][ref]["walk_away"]
    worth = float(twin.twin.utility(ref, twin.package))
    normal = float(stats.norm.cdf((worth - float(point(walk_away))) / twin.noise(ref)))
    return abs(float(distribution(walk_away).cdf(worth)) - normal)


# the same bits


def busy() -> Data:
    """A home with everything in it: a vote, a popular vote, people who stay away, a government with a net."""
    rng = Random(5)
    data = Homes(rng, absences=3, sizes=[4], survival=True).case()
    poll = {"groups": [{"faction": "a", "size": [1, 2, 3], "turnout": [0.2, 0.5, 0.9]}], "threshold": 0.4}
    home = data["parties"]["home"]
    home["ratification"] = {"any_of": [home["ratification"], {"referendum": poll}]}
    return data


def written(**place: Any) -> str:
    result = analyse(busy(), {"i": "x", "j": "p"}, draws=700, seed=3, **place)
    return json.dumps(result.to_dict(), allow_nan=False)


def test_the_same_seed_gives_the_same_bits_in_one_process_and_in_two():
    here = written()
    assert written() == here
    assert written(jobs=2) == here
    other = analyse(busy(), {"i": "x", "j": "p"}, draws=700, seed=4).to_dict()
    assert json.loads(here)["draws"]["candidates"] != other["draws"]["candidates"]


@pytest.mark.parametrize("chunk", [7, 77, 1_000])
def test_shares_do_not_depend_on_the_size_of_a_chunk(chunk: int, monkeypatch: pytest.MonkeyPatch):
    here = written()
    monkeypatch.setattr("winset.analyses.sampling.CHUNK", chunk)
    assert written() == here


def fresh(name: str, threads: int, hash_seed: int) -> bytes:
    """What `winset analyse NAME --only ratification --draws 100 --json -` writes in a fresh process."""
    many = dict.fromkeys(
        ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"), str(threads)
    )
    environment = {**os.environ, **many, "PYTHONHASHSEED": str(hash_seed)}
    words = ["analyse", name, "--only", "ratification", "--draws", "100", "--json", "-"]
    done = subprocess.run(
        [sys.executable, "-c", SPAWN, *words], env=environment, capture_output=True, check=True
    )
    assert done.stderr == b""
    return done.stdout


@pytest.mark.parametrize("name", ["gaza-2025-10", "camp-david-2000"])
def test_the_same_bytes_in_fresh_processes_with_other_threads(name: str):
    first = fresh(name, 1, 0)
    assert set(json.loads(first)["results"]) == {"ratification"}
    assert first == fresh(name, 2, 4711)


def test_progress_is_told_and_the_case_is_left_alone():
    case, heard = to_case(busy()), []
    before = case.model_dump_json()
    run_analysis(case, "ratification", draws=600, progress=lambda done, of: heard.append((done, of)))
    assert heard[-1] == (600, 600)
    assert case.model_dump_json() == before
