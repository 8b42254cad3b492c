"""The answers at the table against the slow twin, and where they are degenerate by hand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
import pytest

from tests.generators import random_case, to_case
from tests.twins.agreement import Data, Twin, quantise
from winset.analyses import analyse
from winset.analyses.agreement import CONCEPTS, run, sections, texts
from winset.analyses.agreement import pose as pose_module
from winset.analyses.agreement.answers import AgreementResult, PackageConsent, Solution, Vector
from winset.analyses.agreement.pose import pose
from winset.analyses.agreement.problem import Choice, Problem
from winset.analyses.sections import Note
from winset.errors import LimitExceeded, NotApplicable, UnknownName
from winset.report.data import to_json
from winset.space.build import Space, build_space
from winset.space.consent import batches

SEEDS = range(160)
Key = tuple[str, ...]


def chosen(space: Space, choice: Choice) -> list[Key]:
    """All packages of a choice, by name."""
    rows = space.choices(choice.packages) if choice.chosen is None else choice.chosen
    return [tuple(space.options[i][o] for i, o in enumerate(row)) for row in rows]


# random cases: the twin


@pytest.mark.parametrize("seed", SEEDS)
def test_the_analysis_agrees_with_its_twin(seed: int) -> None:
    compare(random_case(seed))


@pytest.mark.fuzz
@pytest.mark.parametrize("start", range(1_000, 4_000, 100))
def test_the_analysis_agrees_with_its_twin_over_and_over(start: int) -> None:
    for seed in range(start, start + 100):
        compare(random_case(seed))


def compare(data: Data) -> None:
    case = to_case(data)
    twin, result, problem = Twin(data), run(case), pose(build_space(case))
    compare_zone(twin, result, problem)
    compare_solutions(twin, result, problem)
    compare_improved(twin, result)
    compare_adjusted_winner(twin, result)
    compare_frontier(twin, result)
    compare_texts(twin, result)


def compare_zone(twin: Twin, result: AgreementResult, problem: Problem) -> None:
    zone = {tuple(problem.space.package(int(number)).values()) for number in problem.zone}
    assert zone == {twin.key(package) for package in twin.zone}
    assert (result.zone.exists, result.zone.packages) == (bool(twin.zone), len(twin.zone))
    assert (result.zone.of, result.zone.combinations) == (len(twin.packages), len(list(twin.combinations())))
    walk_aways = {side: float(twin.walk_away(twin.signer(side))) for side in twin.counted()}
    assert result.parties == pytest.approx(walk_aways, abs=1e-9)
    assert list(result.parties) == twin.counted()


def compare_solutions(twin: Twin, result: AgreementResult, problem: Problem) -> None:
    for concept in CONCEPTS:
        if concept.id == "adjusted_winner":
            continue
        choice, found, expected = (
            concept.solve(problem),
            result.solutions[concept.id],
            getattr(twin, concept.id)(),
        )
        if expected is None:
            assert choice is None
            assert found.not_asked
            assert (found.objective, found.in_zone, found.tied, found.vectors) == (None, None, 0, ())
            continue
        assert choice is not None, concept.id
        wanted = sorted(twin.key(package) for package in expected.packages)
        assert sorted(chosen(problem.space, choice)) == wanted, concept.id
        assert found.not_asked is None
        assert found.tied == len(wanted)
        assert found.objective == (
            None if expected.objective is None else pytest.approx(expected.objective, rel=1e-7, abs=3e-9)
        )
        inside = {twin.key(package) for package in twin.zone}
        assert found.in_zone == (all(key in inside for key in wanted) if wanted else None)
        check_vectors(twin, found.vectors, wanted)
        assert found.tied_vectors == len(found.vectors)
        for vector in found.vectors:
            assert vector.consent is not None
            for package, consent in zip(vector.packages, vector.consent, strict=True):
                check_consent(twin, package, consent)


def check_vectors(twin: Twin, vectors: tuple[Vector, ...], wanted: list[Key]) -> None:
    """Every package is counted once, under its own utilities; up to five of each are shown."""
    by_vector: dict[tuple[int, ...], set[Key]] = {}
    for key in wanted:
        package = dict(zip(twin.issues, key, strict=True))
        worth = tuple(quantise(twin.utility(twin.signer(side), package)) for side in twin.counted())
        by_vector.setdefault(worth, set()).add(key)
    seen = [tuple(quantise(u) for u in vector.utilities.values()) for vector in vectors]
    assert sorted(seen) == sorted(by_vector)
    for worth, vector in zip(seen, vectors, strict=True):
        shown = [twin.key(package) for package in vector.packages]
        assert list(vector.utilities) == twin.counted()
        assert vector.tied == len(by_vector[worth])
        assert len(shown) == len(set(shown)) == min(5, vector.tied)
        assert set(shown) <= by_vector[worth]


def check_consent(twin: Twin, package: dict[str, str], consent: PackageConsent) -> None:
    """Who says yes to a package, forbidden or not."""
    judged = twin.judge(package)
    forbidding = [c["id"] for c in twin.data.get("constraints", []) if twin.forbidden_by(c, package)]
    assert consent == PackageConsent(
        judged.accepting, judged.signs, judged.lets, judged.consents, judged.in_zone, tuple(forbidding)
    )


def compare_improved(twin: Twin, result: AgreementResult) -> None:
    found, expected = result.solutions["improved"], twin.improved()
    if expected is None or expected.completions == expected.with_answer == 1:
        assert found.over_completions is None
        return
    spread = found.over_completions
    assert spread is not None
    assert (spread.completions, spread.with_answer) == (expected.completions, expected.with_answer)
    assert (spread.low, spread.high) == pytest.approx((expected.low, expected.high), abs=3e-9)


def compare_adjusted_winner(twin: Twin, result: AgreementResult) -> None:
    found, expected = result.solutions["adjusted_winner"], twin.adjusted_winner()
    if expected is None:
        assert found.not_asked == "needs exactly two parties whose gains count"
        assert found.shares is None
        return
    assert found.shares is not None
    assert found.objective == pytest.approx(float(expected))
    for side in twin.counted():
        weights = twin.weights(twin.signer(side))
        assert sum(100 * weights[i] * found.shares[i][side] for i in weights) == pytest.approx(
            float(expected)
        )
    assert all(sum(parts.values()) == pytest.approx(1) for parts in found.shares.values())
    assert sum(0 < part < 1 for parts in found.shares.values() for part in parts.values()) in (0, 2)
    assert (found.in_zone, found.tied, found.vectors) == (None, 0, ())


def compare_frontier(twin: Twin, result: AgreementResult) -> None:
    expected = twin.frontier()
    points = result.frontier.points
    assert result.frontier.total == len(points) == len(expected)
    assert [tuple(quantise(u) for u in point.utilities.values()) for point in points] == sorted(expected)
    check_vectors(twin, points, [twin.key(x) for packages in expected.values() for x in packages])
    assert all(point.consent is None for point in points)


def compare_texts(twin: Twin, result: AgreementResult) -> None:
    assert list(result.texts) == list(twin.data.get("texts", {}))
    for name, found in result.texts.items():
        expected = twin.text(twin.data["texts"][name]["package"])
        assert list(found.open) == expected.open
        assert (found.completions, found.in_zone) == (len(expected.completions), expected.in_zone)
        for ref, faction in found.factions.items():
            assert (faction.low, faction.high) == pytest.approx(
                (expected.low[ref], expected.high[ref]), abs=1e-9
            )
            assert faction.walk_away == float(twin.walk_away(ref))
            assert faction.accepts == expected.accepts[ref]
            if expected.completions:
                assert (set(faction.always), set(faction.sometimes)) == (
                    expected.always[ref],
                    expected.sometimes[ref],
                )
        assert list(found.factions) == [
            ref for side in twin.everybody() for ref in twin.refs(side) if ref in twin.worths
        ]
        for side, counts in found.sides.items():
            assert (counts.signs, counts.lets, counts.consents) == (
                expected.signs[side],
                expected.lets[side],
                expected.consents[side],
            )


@pytest.mark.parametrize("seed", range(0, 160, 12))
def test_extended_issues_come_into_play_when_asked_for(seed: int) -> None:
    data = random_case(seed, least=2, most=3)
    first, *_, last = data["issues"].values()
    first.pop("tier", None)
    last["tier"] = "extended"
    for preference in data["preferences"].values():
        if "order" not in preference["weights"]:
            preference["weights"] |= {next(iter(data["issues"])): 3}
            preference["scores"].setdefault(next(iter(data["issues"])), dict.fromkeys(first["options"], 50))
    twin, result = Twin(data, extended=True), run(to_case(data), extended=True)
    assert result.parameters == {"extended": True}
    assert (result.zone.packages, result.zone.of) == (len(twin.zone), len(twin.packages))
    assert not any("left out" in caveat for caveat in result.caveats)
    core = run(to_case(data))
    assert core.zone.of == len(Twin(data).packages)
    assert any("left out of play: " + list(data["issues"])[-1] in caveat for caveat in core.caveats)


def test_the_random_cases_hold_what_they_should() -> None:
    """Zones and none, ties, packages on a walk-away, every kind of rule."""
    drawn = [random_case(seed) for seed in range(100)]
    twins = [Twin(data) for data in drawn]
    with_zone = [twin for twin in twins if twin.zone]
    assert 50 < len(with_zone) < 90
    tied = {c.id: sum(len(getattr(t, c.id)().packages) > 1 for t in with_zone) for c in CONCEPTS[:6]}
    assert min(tied.values()) >= 10, tied
    assert sum(any(0 in map(quantise, t.gains(x)) for x in t.zone) for t in with_zone) >= 20
    sections = ("objective", "table_rule", "constraints", "joint", "mediators", "on_the_table")
    assert min(sum(section in data for data in drawn) for section in sections) >= 10
    text = json.dumps(drawn)
    kinds = (
        "all_of",
        "any_of",
        "at_least",
        "quota",
        "not_blocked_by",
        "referendum",
        "order",
        "observer",
        "extended",
    )
    assert min(text.count(f'"{kind}"') for kind in kinds) >= 5


@pytest.mark.parametrize("seed", range(12))
def test_passing_over_packages_in_small_batches_changes_nothing(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = to_case(random_case(seed, least=3))
    at_once = run(case).to_dict()
    monkeypatch.setattr(pose_module, "batches", partial(batches, size=7))
    for module in (pose_module, texts):
        monkeypatch.setattr(module, "BATCH", 3)
    assert run(case).to_dict() == at_once


# degenerate cases, by hand


def small(parties: dict[str, dict[str, list[float]]], walk_away: float = 50, **more: Any) -> Data:
    """A case from scores by party and issue; every issue weighs the same; options are o0, o1, ..."""
    first = next(iter(parties.values()))
    issues = {i: {f"o{n}": f"{n}" for n in range(len(scores))} for i, scores in first.items()}
    return {
        "winset": 1,
        "title": "Small",
        "issues": {i: {"title": i, "options": options} for i, options in issues.items()},
        "parties": {party: {"name": party} for party in parties},
        "preferences": {
            party: {
                "walk_away": walk_away,
                "weights": dict.fromkeys(issues, 1),
                "scores": {i: {f"o{n}": s for n, s in enumerate(row)} for i, row in scores.items()},
            }
            for party, scores in parties.items()
        },
        **more,
    }


def shown(solution: Solution) -> list[str]:
    """The packages shown, one issue's option each."""
    return [" ".join(package.values()) for vector in solution.vectors for package in vector.packages]


def answer(data: Data, concept: str) -> Solution:
    return run(to_case(data)).solutions[concept]


def test_without_a_zone_the_solutions_say_what_they_need_and_two_answer_all_the_same() -> None:
    data = small({"a": {"x": [100, 40, 0]}, "b": {"x": [0, 40, 100]}}, 60)
    data |= {"texts": {"t": {"package": {"x": "o1"}}}, "on_the_table": "t"}
    result = run(to_case(data))
    assert not result.zone.exists
    assert result.frontier.total == 0
    for name in ("nash", "kalai_smorodinsky", "egalitarian", "utilitarian", "improved"):
        assert result.solutions[name].not_asked == "needs a package in the zone"
    assert shown(result.solutions["compromise"]) == ["o1"]
    assert result.solutions["compromise"].in_zone is False
    assert result.solutions["best_supported"].objective == 0.5
    assert sorted(shown(result.solutions["best_supported"])) == ["o0", "o2"]
    assert result.solutions["best_supported"].in_zone is False
    assert any("No: of 3 packages" in part.text for part in sections(to_case(data), result)[0].parts[:1])  # type: ignore[union-attr]


def test_where_every_product_is_zero_all_of_the_zone_ties_for_nash() -> None:
    data = small({"a": {"x": [50, 50, 0]}, "b": {"x": [60, 70, 100]}})
    nash = answer(data, "nash")
    assert (nash.objective, nash.tied, shown(nash)) == (0, 2, ["o0", "o1"])
    assert shown(answer(data, "egalitarian")) == ["o1"], "the others go on to the second party"


def test_who_cannot_hope_for_anything_is_left_out_of_kalai_smorodinsky() -> None:
    data = small({"a": {"x": [50, 50, 50]}, "b": {"x": [60, 70, 80]}, "c": {"x": [90, 80, 50]}})
    found = answer(data, "kalai_smorodinsky")
    assert shown(found) == ["o1"]
    assert found.objective == pytest.approx(2 / 3, abs=1e-9)


def test_where_nobody_can_hope_for_anything_all_of_the_zone_ties() -> None:
    data = small({"a": {"x": [50, 50]}, "b": {"x": [50, 50]}})
    for name in ("nash", "kalai_smorodinsky"):
        assert (answer(data, name).objective, shown(answer(data, name))) == (0, ["o0", "o1"])


def test_a_single_party_takes_what_it_likes_best() -> None:
    data = small({"a": {"x": [10, 90], "y": [80, 20]}})
    for name in ("nash", "kalai_smorodinsky", "egalitarian", "utilitarian", "compromise", "best_supported"):
        assert shown(answer(data, name)) == ["o1 o0"], name
    assert answer(data, "adjusted_winner").not_asked == "needs exactly two parties whose gains count"
    assert run(to_case(data)).frontier.total == 1


def test_packages_that_are_equal_for_all_are_all_counted() -> None:
    """Three issues that matter to nobody much: 64 packages, all worth 60."""
    flat = {i: [60.0] * 4 for i in ("x", "y", "z")}
    result = run(to_case(small({"a": flat, "b": flat})))
    for concept in CONCEPTS[:4]:
        (vector,) = result.solutions[concept.id].vectors
        assert (result.solutions[concept.id].tied, vector.tied, len(vector.packages)) == (64, 64, 5), (
            concept.id
        )
        assert vector.utilities == {"a": 60, "b": 60}
    assert result.frontier.total == 1
    assert result.frontier.points[0].tied == 64


def test_powers_move_the_nash_package_and_a_power_of_zero_counts_for_nothing() -> None:
    data = small({"a": {"x": [90, 75, 55]}, "b": {"x": [55, 75, 90]}})
    assert shown(answer(data, "nash")) == ["o1"]
    data["parties"]["a"]["power"] = 5
    assert shown(answer(data, "nash")) == ["o0"]
    assert answer(data, "nash").objective == pytest.approx(40**5 * 5)
    assert shown(answer(data, "egalitarian")) == ["o1"], "only Nash and the compromise know powers"
    data["parties"]["a"]["power"] = 0
    assert shown(answer(data, "nash")) == ["o2"]
    assert answer(data, "nash").objective == 40
    assert shown(answer(data, "compromise")) == ["o2"]
    data["parties"]["b"]["power"] = 0
    assert (answer(data, "nash").objective, len(shown(answer(data, "nash")))) == (1, 3)


def test_a_product_too_large_for_a_number_is_left_out_and_the_package_is_still_found() -> None:
    data = small({"a": {"x": [90, 75]}, "b": {"x": [55, 75]}})
    data["parties"]["a"]["power"] = 900
    data["parties"]["b"]["power"] = 100
    nash = answer(data, "nash")
    assert (nash.objective, shown(nash)) == (None, ["o0"])
    case = to_case(data)
    assert (
        json.loads(to_json(case, [run(case)]))["results"]["agreement"]["solutions"]["nash"]["objective"]
        is None
    )


def dispensable() -> Data:
    """Two of three suffice; the objective names the one that always stands to lose, and one that wins."""
    data = small({"a": {"x": [80, 90]}, "b": {"x": [70, 60]}, "c": {"x": [10, 30]}})
    two = {"at_least": 2, "of": [{"party": party} for party in data["parties"]]}
    return {**data, "table_rule": two, "objective": ["a", "c"]}


def test_the_gain_of_a_dispensable_party_may_be_negative() -> None:
    data = dispensable()
    assert (answer(data, "nash").objective, shown(answer(data, "nash"))) == (0, ["o0", "o1"])
    egalitarian = answer(data, "egalitarian")
    assert (egalitarian.objective, shown(egalitarian)) == (-20, ["o1"])
    assert shown(answer(data, "utilitarian")) == ["o1"]
    assert shown(answer(data, "kalai_smorodinsky")) == ["o1"], "without c, who cannot hope"
    assert run(to_case(data)).parties == {"a": 50, "c": 50}


def test_where_nobodys_gains_count_the_question_does_not_apply() -> None:
    """No case that passes its checks is like that; one that was made may be."""
    case = to_case(dispensable()).model_copy(update={"objective": ()})
    with pytest.raises(NotApplicable, match="no party's gains count"):
        run(case)


def test_the_objective_may_name_a_mediator() -> None:
    data = small({"a": {"x": [80, 90]}, "b": {"x": [70, 60]}})
    data["preferences"]["m"] = {**data["preferences"]["b"], "walk_away": 10}
    data |= {"mediators": {"m": {"name": "M"}}, "objective": ["a", "m"]}
    data |= {"texts": {"t": {"package": {"x": "o0"}}}, "on_the_table": "t"}
    result = run(to_case(data))
    assert result.parties == {"a": 50, "m": 10}
    assert result.solutions["nash"].objective == 40 * 50
    assert sections(to_case(data), result)


def weighed(*packages: Mapping[str, tuple[float, float]], weights: tuple[int, int] = (1, 2)) -> Data:
    """Packages by what each party scores on two issues of these weights; nobody walks away."""
    parties = {
        party: {issue: [package[party][k] for package in packages] for k, issue in enumerate("xy")}
        for party in packages[0]
    }
    data = small(parties, 0)
    for preference in data["preferences"].values():
        preference["weights"] = dict(zip("xy", weights, strict=True))
    names = [f"o{n}" for n in range(len(packages))]
    data["constraints"] = [{"id": name, "forbid": f"x == {name} and y != {name}"} for name in names]
    return data


def test_sums_are_rounded_once() -> None:
    """Three thirds make a whole; each rounded by itself they would leave 99.999999999."""
    one_each, all_to_one = dict.fromkeys("abc", (100, 0)), {"a": (100, 100), "b": (0, 0), "c": (0, 0)}
    utilitarian = answer(weighed(one_each, all_to_one), "utilitarian")
    assert (utilitarian.objective, shown(utilitarian)) == (100, ["o0 o0", "o1 o1"])


def test_shares_are_rounded_once() -> None:
    """Half and a quarter of a third of a point are a half and a quarter, whoever has them."""
    ideals = [{p: (1, 0) if p == own else (0, 0) for p in "abc"} for own in "abc"]
    whole = {"c": (1, 1)}  # c's points are whole, not thirds
    ideals[2] |= whole
    first, second = (
        {"a": (0.5, 0), "b": (0.5, 0), "c": (0.25, 0.25)},
        {"a": (0.25, 0), "b": (0.5, 0), "c": (0.5, 0.5)},
    )
    found = answer(weighed(first, second, *ideals), "kalai_smorodinsky")
    assert (found.objective, shown(found)) == (0.25, ["o0 o0", "o1 o1"])


def test_differences_are_rounded_once() -> None:
    """28.89 - 17.78 and 75.56 - 64.44 are both 100/9: the other's gain decides, not the last digit."""
    text, first, second = (
        {"a": (0, 20), "b": (100, 60)},
        {"a": (100, 20), "b": (60, 90)},
        {"a": (3.75, 37.5), "b": (40, 80)},
    )
    data = weighed(text, first, second, weights=(1, 8))
    data |= {"texts": {"t": {"package": {"x": "o0", "y": "o0"}}}, "on_the_table": "t"}
    improved = answer(data, "improved")
    assert improved.objective == pytest.approx(100 / 9, abs=1e-9)
    assert shown(improved) == ["o1 o1"]


def test_all_ties_of_the_compromise_are_counted_and_some_are_listed() -> None:
    """15 issues with two options each, both equally near: 32,768 packages, of which 10,000 are looked at."""
    issues = [f"i{n}" for n in range(15)]
    data = small({"a": {i: [100, 0] for i in issues}, "b": {i: [0, 100] for i in issues}}, 0)
    found = answer(data, "compromise")
    assert found.tied == 2**15
    assert sum(vector.tied for vector in found.vectors) == 10_000
    assert found.in_zone is None, "not all were looked at"
    data["preferences"]["a"]["walk_away"] = 99
    assert answer(data, "compromise").in_zone is False


def test_a_forbidden_compromise_says_by_what() -> None:
    data = small({"a": {"x": [100, 0], "y": [100, 0]}, "b": {"x": [100, 0], "y": [100, 0]}})
    data["constraints"] = [{"id": "not_both", "forbid": "x == o0 and y == o0"}]
    found = answer(data, "compromise")
    assert (shown(found), found.in_zone) == (["o0 o0"], False)
    consent = found.vectors[0].consent
    assert consent is not None
    assert consent[0].forbidden_by == ("not_both",)
    assert consent[0].consents == {"a": True, "b": True}


def test_a_complete_text_that_cannot_be_improved_is_said_so() -> None:
    """Only the text's own opposite lies in the zone."""
    data = small({"a": {"x": [100, 60]}, "b": {"x": [40, 60]}})
    data |= {"texts": {"t": {"package": {"x": "o0"}}}, "on_the_table": "t"}
    case = to_case(data)
    result = run(case)
    found = result.solutions["improved"]
    assert (found.tied, found.in_zone, found.not_asked) == (0, None, None)
    assert found.over_completions is not None
    assert (found.over_completions.completions, found.over_completions.with_answer) == (1, 0)
    notes = [
        part.text for section in sections(case, result) for part in section.parts if isinstance(part, Note)
    ]
    assert "Improved text: none. Every acceptable package leaves some party worse off than the text." in notes


def test_a_text_is_its_own_improvement_when_nothing_betters_it() -> None:
    data = small({"a": {"x": [80, 60]}, "b": {"x": [60, 80]}})
    data |= {"texts": {"t": {"package": {"x": "o0"}}}, "on_the_table": "t"}
    assert (answer(data, "improved").objective, shown(answer(data, "improved"))) == (0, ["o0"])


def test_too_many_packages_are_refused_with_a_way_out() -> None:
    scores = {f"i{n}": [0.0, 50.0, 100.0] for n in range(15)}
    with pytest.raises(
        LimitExceeded, match=r"14,348,907 packages, more than the 10,000,000 .*; leave out issues"
    ):
        run(to_case(small({"a": scores, "b": scores})), method="enumerate")


def test_analyse_refuses_what_it_does_not_know() -> None:
    case = to_case(small({"a": {"x": [100, 60]}}))
    with pytest.raises(UnknownName, match="did you mean 'agreement'"):
        analyse(case, "agrement")
    with pytest.raises(UnknownName, match="did you mean 'extended'"):
        analyse(case, "agreement", extnded=True)


def test_ties_of_thousands_of_vectors_are_cut_short_with_their_number() -> None:
    """Nash's product is zero everywhere, so that the whole zone ties: 4,096 packages of 2,000 vectors and more."""
    random = np.random.default_rng(5)
    scores = {f"i{n}": random.uniform(0, 100, 4).round(3).tolist() for n in range(6)}
    flat = {f"i{n}": [50.0] * 4 for n in range(6)}
    found = answer(small({"a": flat, "b": scores}, 0) | {}, "nash")
    assert found.tied == 1
    data = small({"a": flat, "b": scores}, 0)
    data["preferences"]["a"]["walk_away"] = 50
    found = answer(data, "nash")
    assert found.tied == 4096
    assert found.tied_vectors > 2_000
    assert len(found.vectors) == 1_000
