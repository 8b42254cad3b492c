"""Spoilers: who opposes what and what turns them, against slow twins; figures that only ever go the right way."""

from __future__ import annotations

import copy
import io
import json
from collections import Counter
from random import Random
from typing import Any

import pytest
from rich.console import Console
from scipy import stats

from tests.generators import Maker, random_case, to_case
from tests.helpers import FULL, SMALL, VILLAGES, case_of, edited, plain
from tests.test_draws import doubted, doubtful
from tests.twins import spoilers as twins
from tests.twins.agreement import Data, Package, Twin, core, exact, point, quantise
from winset.analyses import analyse, shares
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
from winset.space.build import build_space
from winset.space.shapes import stream

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


# at the mode, against the twin


def assert_agrees(data: Data, result: Any, *, extended: bool) -> Counter[str]:
    """All that is said of complete packages and of open texts; what was met on the way."""
    twin, met = twins.Spoilers(data, extended=extended), Counter[str]()
    assert list(result.spoilers) == list(twin.spoilers)
    for candidate in result.candidates:
        package = candidate.package
        forbids = twin.twin.data.get("constraints", [])
        assert list(candidate.forbidden_by) == [
            c["id"] for c in forbids if twin.twin.forbidden_by(c, package)
        ]
        assert candidate.acceptable == twin.acceptable(package)
        assert list(candidate.oppositions) == list(candidate.without) == list(twin.spoilers)
        for name, found in candidate.oppositions.items():
            met.update(assert_opposition(twin, name, package, found))
            assert_survival(twin, package, name, candidate.without[name])
        assert_survival(twin, package, None, candidate.survival)
    for text in result.open_texts:
        ways = twin.twin.completions(text.package)
        assert text.completions == len(ways)
        assert set(text.open) == set(twin.twin.issues) - set(text.package)
        assert text.opposes == {n: sum(twin.opposes(n, x) for x in ways) for n in twin.spoilers}
        met["open"] += 1
    return met


def assert_opposition(twin: twins.Spoilers, name: str, package: Package, found: Any) -> list[str]:
    assert found.opposes == twin.opposes(name, package), (name, package)
    kind = twin.spoilers[name]["type"]
    if not found.opposes or kind == "total":
        assert (found.trigger, found.short, found.crossed, found.turns) == (False, 0, (), None)
        return [f"{kind} {found.opposes}"]
    assert found.trigger == twin.triggered(name, package)
    assert quantise(exact(found.short)) == quantise(twin.short(name, package))
    assert list(found.crossed) == twin.crossed(name, package)
    assert found.trigger or found.short > 0 or found.crossed
    said = [
        (issue, new, turn.acceptable, set(turn.rouses))
        for turn in found.turns
        for issue, (old, new) in turn.change.items()
        if old == package[issue]
    ]
    assert len(said) == len(found.turns)
    expected = list(twin.turns(name, package))
    assert sorted(said, key=str) == sorted(expected, key=str)
    order = [(not acceptable, len(roused)) for _, _, acceptable, roused in said]
    assert order == sorted(order)
    kinds = ["turned"] * bool(said) + ["not turned"] * (not said)
    kinds += ["kept"] * any(turn[2] for turn in said) + ["roused"] * any(turn[3] for turn in said)
    kinds += ["trigger"] * found.trigger + ["short"] * (found.short > 0) + ["lines"] * bool(found.crossed)
    return [f"{kind} True", *kinds]


def assert_survival(twin: twins.Spoilers, package: Package, without: str | None, found: Any) -> None:
    at_the_mode = float(twin.survival(package, without))
    least = float(twin.survival(package, without, twins.high))
    most = float(twin.survival(package, without, twins.low))
    assert (found.value, found.low, found.high) == pytest.approx((at_the_mode, least, most), abs=1e-6)


@pytest.mark.parametrize("first", range(0, 400, 100))
def test_at_the_mode_it_agrees_with_the_twin(first: int):
    met, compared = Counter[str](), 0
    for seed in range(first, first + 100):
        data, extended = seeded(seed), seed % 2 == 0
        if not playable(data, extended=extended):
            continue
        package = random_package(data, seed, extended=extended)
        result = asked(to_case(data), extended=extended, package=package)
        met.update(assert_agrees(data, result, extended=extended))
        assert result.candidates[0].package == package
        assert result.candidates[0].titles[0] == "the package asked about"
        compared += 1
    assert compared > 80
    kinds = ("limited True", "limited False", "greedy True", "greedy False", "total True")
    for kind in (*kinds, "turned", "not turned", "kept", "roused", "trigger", "short", "lines", "open"):
        assert met[kind] > 3, (kind, met)


def random_package(data: Data, seed: int, *, extended: bool) -> Package:
    """Any combination of options in play, forbidden or not."""
    random, issues = Random(seed), (data if extended else core(data))["issues"]
    return {name: random.choice(list(issue["options"])) for name, issue in issues.items()}


def key(package: Package) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(package.items()))


def test_what_is_looked_at_is_each_text_and_each_answer_once():
    met = Counter[str]()
    for seed in range(200):
        data = seeded(seed)
        if not playable(data):
            continue
        case = to_case(data)
        given: Any = {"agreement": analyse(case, "agreement")}
        result: Any = run(case, given=given)
        shown = [s for s in given["agreement"].solutions.values() if s.vectors and s.vectors[0].packages]
        answers = {key(s.vectors[0].packages[0]) for s in shown if not s.over_completions}
        texts = {name: text["package"] for name, text in core(data).get("texts", {}).items()}
        wanted = {*map(key, texts.values()), *answers}
        seen = [key(one.package) for one in (*result.candidates, *result.open_texts)]
        assert len(seen) == len(set(seen)), seed
        assert set(seen) == wanted, seed
        issues = set(core(data)["issues"])
        assert all(set(one.package) == issues for one in result.candidates), seed
        assert all(set(one.package) < issues for one in result.open_texts), seed
        if "on_the_table" in data:
            first = texts[data["on_the_table"]]
            among = result.candidates if set(first) == issues else result.open_texts
            assert among[0].package == first, seed
            met["on the table"] += len(texts) > 1
    assert met["on the table"] > 10


def test_an_answer_over_the_completions_of_an_open_text_is_none():
    case = villages(changes=(("on_the_table: may", "on_the_table: april"),))
    given: Any = {"agreement": analyse(case, "agreement")}
    improved = given["agreement"].solutions["improved"]
    assert improved.over_completions
    assert improved.vectors[0].packages
    result: Any = run(case, given=given)
    titles = [title for one in result.candidates for title in one.titles]
    assert not any(improved.title in title for title in titles)


# over draws, against a twin that goes draw by draw


@pytest.mark.parametrize("first", range(0, 120, 40))
def test_over_draws_it_agrees_with_the_twin(first: int):
    compared, between = 0, 0
    for seed in range(first, first + 40):
        data = doubted_case(seed)
        if not playable(data) or len(core(data)["issues"]) > 3:
            continue
        case, rho = to_case(data), (0, 0.5, 0.8)[seed % 3]
        result = asked(case, sampling=Sampling(FEW, seed, rho))
        twin = twins.Draws(data, build_space(case), rho, seed, FEW)
        draws = result.draws
        assert (draws.n, draws.seed, draws.rho) == (FEW, seed, rho)
        for candidate, found in zip(result.candidates, draws.candidates, strict=True):
            counts = {name: twin.opposes(name, candidate.package) for name in result.spoilers}
            assert found.opposes == {n: shares.Share.of(c, FEW) for n, c in counts.items()}, seed
            between += sum(0 < count < FEW for count in counts.values())
            assert_drawn(twin, candidate.package, None, found.survival)
            for name, without in found.without.items():
                assert_drawn(twin, candidate.package, name, without)
        compared += 1
    assert compared > 12
    assert between > 10


def assert_drawn(twin: twins.Draws, package: Package, without: str | None, found: Any) -> None:
    expected = twin.survival(package, without)
    assert (found.value, found.low, found.high) == pytest.approx(expected, abs=2e-6)


def test_what_spoilers_can_do_is_drawn_anew_in_every_draw():
    """Across the chunks in which draws are run; the survival left by a total one is 1 less its capability."""
    n, seed = 600, 7
    result = asked(villages(RAIDERS.replace("0.2", "[0.1, 0.2, 0.6]")), sampling=Sampling(n, seed))
    uniforms = stream(seed, "spoiler capability raiders", 0, n)
    left = sorted(1 - stats.triang(0.2, loc=0.1, scale=0.5).ppf(uniforms))
    expected = (sum(left) / n, twins.at(left, 0.1), twins.at(left, 0.9))
    for found in result.draws.candidates:
        assert (found.survival.value, found.survival.low, found.survival.high) == pytest.approx(
            expected, abs=1e-6
        )
        assert found.without["raiders"].value == 1


def settled(data: Data) -> Data:
    """The case with every estimate at its mode, orders as the numbers that stand for them, and no doubt."""
    twin = Twin(data, extended=True, judge=False)
    for ref, given in data["preferences"].items():
        given["walk_away"] = float(twin.walk_away(ref))
        given["weights"] = {issue: round(float(w), 12) for issue, w in twin.weights(ref).items()}
        given["scores"] = {i: {o: float(s) for o, s in twin.scores(ref, i).items()} for i in twin.issues}
        counted = twin.red_lines(ref)
        given["red_lines"] = {key: int(key in counted) for key in given.get("red_lines", {})}
    for term in data.get("joint", []):
        term["add"] = float(point(term["add"]))
    for given in data["spoilers"].values():
        for what in ("greed", "capability"):
            if what in given:
                given[what] = float(point(given[what]))
    return data


def test_without_doubt_draws_say_what_the_mode_says():
    compared = Counter[bool]()
    for seed in range(200, 240):
        data = settled(seeded(seed))
        if not playable(data):
            continue
        result = asked(to_case(data), sampling=Sampling(5, seed))
        for candidate, found in zip(result.candidates, result.draws.candidates, strict=True):
            for name, share in found.opposes.items():
                assert share.share == candidate.oppositions[name].opposes, seed
                compared[bool(share.share)] += 1
            assert found.survival == candidate.survival
            assert candidate.survival.low == candidate.survival.value == candidate.survival.high
            assert found.without == candidate.without
    assert min(compared.values()) > 30


# figures that only ever go the right way


def figures(result: Any) -> list[float]:
    """How far every candidate withstands its spoilers, at the mode and over draws."""
    drawn = result.draws.candidates if result.draws else ()
    found = [one.survival for one in (*result.candidates, *drawn)]
    return [number for one in found for number in (one.value, one.low, one.high)]


@pytest.mark.parametrize("seed", range(0, 60, 4))
def test_raising_what_a_spoiler_can_do_never_raises_survival(seed: int):
    data = with_a_total_one(doubted_case(seed))
    before = figures(asked(to_case(data), sampling=Sampling(FEW, seed)))
    for name in data["spoilers"]:
        more = copy.deepcopy(data)
        more["spoilers"][name]["capability"] = raised(data["spoilers"][name]["capability"])
        after = figures(asked(to_case(more), sampling=Sampling(FEW, seed)))
        assert all(b <= a for a, b in zip(before, after, strict=True)), name
        # The total one opposes whatever is looked at.
        assert name != "st" or after != before or not any(before)


def with_a_total_one(data: Data) -> Data:
    data["spoilers"]["st"] = {
        "name": "T", "position": "outside", "type": "total", "capability": [0.1, 0.2, 0.4]
    }  # fmt: skip
    return data


def raised(capability: Any) -> Any:
    if isinstance(capability, dict):
        return {
            key: min(1, value + 0.1) if isinstance(value, int | float) else value
            for key, value in capability.items()
        }
    if isinstance(capability, list):
        return [min(1, value + 0.1) for value in capability]
    return min(1, capability + 0.1)


@pytest.mark.parametrize("seed", range(1, 60, 4))
def test_without_a_spoiler_is_the_case_without_it(seed: int):
    data = with_a_total_one(doubted_case(seed))
    result = asked(to_case(data), sampling=Sampling(FEW, seed))
    for name in result.spoilers:
        less = copy.deepcopy(data)
        del less["spoilers"][name]
        for one, found in zip(result.candidates, result.draws.candidates, strict=True):
            assert one.without[name].value >= one.survival.value
            assert found.without[name].value >= found.survival.value
        if twins.in_play(less):
            other = asked(to_case(less), sampling=Sampling(FEW, seed))
            assert [one.without[name] for one in result.candidates] == [o.survival for o in other.candidates]
            assert [one.without[name] for one in result.draws.candidates] == [
                o.survival for o in other.draws.candidates
            ]
        else:
            assert {one.without[name].value for one in result.candidates} <= {1.0}


def test_greed_only_ever_adds_opposition():
    met = Counter[bool]()
    for seed in range(80):
        data = seeded(seed)
        greedy = [n for n, s in data["spoilers"].items() if s["type"] == "greedy" and "faction" in s]
        if not greedy or not playable(data):
            continue
        tame = copy.deepcopy(data)
        for name in greedy:
            tame["spoilers"][name].pop("greed", None)
            tame["spoilers"][name]["type"] = "limited"
        plainly, greedily = asked(to_case(tame)), asked(to_case(data))
        for one, other in zip(plainly.candidates, greedily.candidates, strict=True):
            for name in one.oppositions:
                assert one.oppositions[name].opposes <= other.oppositions[name].opposes
                met[one.oppositions[name].opposes < other.oppositions[name].opposes] += 1
    assert met[True] > 5


# the same numbers in whatever company


def test_spoilers_change_no_other_answer_over_draws():
    for seed in range(0, 30, 6):
        data = doubted_case(seed)
        bare = {key: value for key, value in data.items() if key != "spoilers"}
        one: Any = analyse(to_case(data), "agreement", draws=20, seed=seed)
        other: Any = analyse(to_case(bare), "agreement", draws=20, seed=seed)
        assert one.draws == other.draws
        assert one.case.hash != other.case.hash


def test_another_spoiler_changes_no_share_of_the_first():
    case = villages()
    more = patch(
        case, {"spoilers.others": {"name": "O", "position": "inside", "type": "total", "capability": 0.3}}
    )
    one, other = (asked(each, sampling=Sampling(200, 4)) for each in (case, more))
    for a, b in zip(one.draws.candidates, other.draws.candidates, strict=True):
        assert a.opposes.items() <= b.opposes.items()
        assert a.survival == b.without["others"]


def test_the_same_seed_gives_the_same_bits_in_one_process_or_two():
    case = villages()
    alone = asked(case, sampling=Sampling(600, 3))
    assert asked(case, sampling=Sampling(600, 3)) == alone
    assert asked(case, sampling=Sampling.of(600, {"seed": 3, "jobs": 2})) == alone
    assert asked(case, sampling=Sampling(600, 4)).draws != alone.draws


# a case that can be checked by hand

RIDERS = "riders: {name: Riders, position: outside, type: greedy, faction: upper.herders, greed: [10, 20, 30], capability: [0.1, 0.3, 0.5]}"
ELDERS = "elders: {name: Elders, position: inside, type: limited, trigger: hours == half, capability: 0.5, because: They said so.}"
RAIDERS = "raiders: {name: Raiders, position: outside, type: total, capability: 0.2}"
LEAGUE = "league: {name: League, position: outside, type: limited, faction: lower, capability: 0.1}"


def villages(*spoilers: str, changes: tuple[tuple[str, str], ...] = ()) -> Case:
    """The teaching case with these spoilers, by default all of them."""
    lines = "\n".join(f"  {one}" for one in spoilers or (RIDERS, ELDERS, RAIDERS, LEAGUE))
    found: Case = case_of(f"{edited(VILLAGES, *changes)}\nspoilers:\n{lines}\n", id="villages")
    return found


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
