"""Answers over draws: against brute force, the same bits wherever they run, and what the command line makes of it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import winset
from tests.commandline import START, run_winset
from tests.generators import random_case, to_case
from tests.helpers import CATALOGUE, SMALL, VILLAGES, as_yaml, case_of, edited, hear_interrupts, plain
from tests.test_compute import local_cluster, session, soon
from tests.test_draws import doubtful, settled
from tests.twins.agreement import Data, Twin, core, point
from tests.twins.uncertainty import Draws, Settled, shown, wilson
from winset.analyses import analyse as run_analysis
from winset.analyses import analyse_all, wording
from winset.analyses.shares import Change, Share
from winset.case.model import Case
from winset.cli import main
from winset.compute import cluster
from winset.errors import OutOfRange, UnknownName, WinsetError
from winset.space.build import build_space

ROOT = Path(__file__).parent.parent
IDS = [file.parent.name for file in CATALOGUE]
ALL = ("agreement", "sticking", "drivers", "levers")
FEW = 12
RHOS = (0, 0.5, 0.8)


def analyse(case: Case, name: str, **parameters: Any) -> Any:
    """As `winset.analyse`; what comes back has the fields of its analysis."""
    return run_analysis(case, name, **parameters)


@cache
def flagship() -> Case:
    return winset.load_case("gaza-2025-10")


def rounded(count: int, of: int) -> float:
    return round(count / of, 6) if of else 0.0


def handy(data: Data) -> bool:
    """Whether brute force over its sets of factions and its packages takes no time to speak of."""
    return len(data["preferences"]) <= 6 and Twin(data, judge=False).counted() != []


def doubtful_cases(seeds: range, most: int) -> list[tuple[int, Data]]:
    """Small cases with much doubt in them; those with more issues are too slow to go through so often."""
    return [(s, d) for s in seeds if len(core(d := doubtful(s))["issues"]) <= most and handy(d)]


# shares and their intervals


@pytest.mark.parametrize(
    ("count", "draws"), [(0, 1), (1, 1), (0, 40), (40, 40), (7, 40), (999, 1000), (1, 10**6)]
)
def test_the_interval_of_a_share_is_wilsons(count: int, draws: int):
    share = Share.of(count, draws)
    assert share.share == round(count / draws, 6)
    assert (share.low, share.high) == pytest.approx(wilson(count, draws), abs=1e-6)
    assert 0 <= share.low <= share.share <= share.high <= 1
    assert share.low == 0 or count
    assert share.high == 1 or count < draws


def test_the_interval_of_a_change_is_that_of_paired_differences():
    assert Change.of(0, 0, 500) == Change(0, -0.002, 0.002)
    change = Change.of(60, 20, 400)
    values = [1] * 60 + [-1] * 20 + [0] * 320
    mean = sum(values) / 400
    deviation = (sum((v - mean) ** 2 for v in values) / 400) ** 0.5
    reach = 1.959963984540054 * deviation / 20 + 1 / 400
    assert (change.change, change.low, change.high) == pytest.approx(
        (mean, mean - reach, mean + reach), abs=1e-6
    )
    assert Change.of(400, 0, 400).high == 1
    assert Change.of(0, 400, 400).low == -1


# agreement over draws


def assert_agreement(data: Data, seed: int, n: int = FEW) -> None:
    """All counts of agreement over draws, against brute force."""
    case, rho = to_case(data), RHOS[seed % 3]
    draws = analyse(case, "agreement", draws=n, seed=seed, rho=rho).draws
    twin = Draws(data, build_space(case), rho, seed, n)
    assert (draws.n, draws.seed, draws.rho, draws.unsettled) == (n, seed, rho, 0)
    assert draws.zone == Share.of(twin.zones, n), seed
    for issue, shares in draws.options.items():
        counts = {option: round(share * twin.zones) for option, share in shares.items()}
        assert shares == {option: rounded(count, twin.zones) for option, count in counts.items()}, seed
        assert sum(counts.values()) == twin.zones, seed
        # Where packages tie any will do: as often as all have an option, as often at most as some have it.
        for option, (least, most) in twin.options(issue).items():
            assert least <= counts[option] <= most, (seed, issue, option)
    whole = [candidate for candidate in draws.candidates if not candidate.open]
    for candidate in draws.candidates:
        share = Share.of(twin.passes(candidate.package), n)
        assert (candidate.all, candidate.low, candidate.high) == (share.share, share.low, share.high), seed
        accepts = twin.accepts(candidate.package)
        assert candidate.by_faction == {f: rounded(accepts[f], n) for f in candidate.by_faction}, seed
        assert set(candidate.by_faction) == set(data["preferences"]), seed
        assert candidate.open == tuple(i for i in draws.options if i not in candidate.package), seed
        assert (candidate.ranks is None) == bool(candidate.open), seed
    for candidate, ranks in zip(whole, twin.ranks([c.package for c in whole]), strict=True):
        padded = [*ranks, *[0] * (len(draws.candidates) - len(ranks))]
        assert candidate.ranks == tuple(rounded(count, n) for count in padded), (seed, candidate.title)


@pytest.mark.parametrize("first", range(0, 120, 30))
def test_agreement_over_draws_agrees_with_brute_force(first: int):
    compared = 0
    for seed, data in doubtful_cases(range(first, first + 30), most=3):
        assert_agreement(data, seed)
        compared += 1
    assert compared > 8


def test_open_texts_are_among_them_and_stand_for_their_completions():
    """A text that some draws complete in one way and others in another counts wherever one will do."""
    met = Counter[bool]()
    for seed, data in doubtful_cases(range(300, 360), most=3):
        if not data.get("texts"):
            continue
        case = to_case(data)
        found = analyse(case, "agreement", draws=FEW, seed=seed).draws.candidates
        space = build_space(case)
        twin = Draws(data, space, 0.5, seed, FEW)
        for text in core(data)["texts"].values():
            given = {i: text["package"][i] for i in space.issues if i in text["package"]}
            fits = [c for c in found if c.package == given]
            assert len(fits) == 1 or not twin.worlds[0].twin.completions(given), seed
            for candidate in fits:
                assert candidate.all == rounded(twin.passes(given), FEW), seed
                met[bool(candidate.open) and 0 < candidate.all < 1] += 1
    assert met[True] > 5


def test_the_result_has_the_agreed_form():
    result = analyse(winset.load_case("two-villages"), "agreement", draws=40, seed=3).to_dict()
    draws = json.loads(json.dumps(result))["draws"]
    assert set(draws) >= {"n", "seed", "rho", "zone", "options", "candidates"}
    assert (draws["n"], draws["seed"], draws["rho"]) == (40, 3, 0.5)
    assert set(draws["zone"]) == {"share", "low", "high"}
    issues = plain(VILLAGES)["issues"]
    assert {issue: list(shares) for issue, shares in draws["options"].items()} == {
        name: list(issue["options"]) for name, issue in issues.items()
    }
    assert draws["zone"]["share"] > 0
    for shares in draws["options"].values():
        assert sum(shares.values()) == pytest.approx(1, abs=1e-5)
    assert draws["candidates"]
    for candidate in draws["candidates"]:
        assert set(candidate) == {"title", "package", "open", "all", "low", "high", "by_faction", "ranks"}
        assert list(candidate["by_faction"]) == ["upper.council", "upper.herders", "lower"]
        if candidate["open"]:
            assert candidate["ranks"] is None
        else:
            assert len(candidate["ranks"]) == len(draws["candidates"])
            assert sum(candidate["ranks"]) == pytest.approx(candidate["all"], abs=1e-5)
    assert {"draws": 40, "seed": 3, "rho": 0.5}.items() <= result["parameters"].items()
    assert "draws" not in analyse(winset.load_case("two-villages"), "agreement").to_dict()


def test_a_named_package_stands_first_and_names_are_checked():
    case = winset.load_case("two-villages")
    found = analyse(case, "agreement", draws=5, package={"hours": "half"}).draws.candidates
    assert found[0].title == "the package asked about"
    assert (found[0].package, found[0].open, found[0].ranks) == ({"hours": "half"}, ("fee",), None)
    with pytest.raises(UnknownName, match="did you mean 'hours'"):
        analyse(case, "agreement", draws=5, package={"ours": "half"})


def test_a_forbidden_package_is_accepted_by_all_in_no_draw():
    """It stays on the page: who asked for it must not look for it in vain."""
    case = winset.load_case("two-villages")
    package = {"hours": "half", "fee": "free"}
    first = analyse(case, "agreement", draws=5, package=package).draws.candidates[0]
    assert (first.package, first.all) == (package, 0)
    assert analyse(case, "sticking", draws=5, package=package).draws.subjects["package"].says_no


# the same bits


@cache
def busy() -> Case:
    """A small case with everything in it: doubt of all kinds, an open text, levers, a joint term."""
    return case_of(
        edited(
            SMALL, ("on_the_table: may", "on_the_table: april"), ("walk_away: 32", "walk_away: [20, 50, 80]")
        ),
        id="busy",
    )


def written(**place: Any) -> tuple[list[dict[str, Any]], str]:
    results = analyse_all(busy(), ALL, draws=600, seed=11, **place)
    data = [result.to_dict() for result in results]
    return data, json.dumps(data)


def test_the_same_seed_gives_the_same_bits_wherever_draws_run(tmp_path: Path):
    here = written()
    assert written() == here
    assert written(jobs=2) == here
    with local_cluster(2, tmp_path, processes=True) as local:
        assert written(cluster=local.scheduler_address) == here
    for result, other in zip(here[0], analyse_all(busy(), ALL, draws=600, seed=12), strict=True):
        again = other.to_dict()
        del result["parameters"], again["parameters"]
        assert result != again


def test_shares_do_not_depend_on_the_size_of_a_chunk(monkeypatch: pytest.MonkeyPatch):
    here = written()
    monkeypatch.setattr("winset.analyses.sampling.CHUNK", 77)
    assert written() == here


def test_progress_is_told_for_every_chunk():
    heard: list[tuple[int, int]] = []
    analyse(busy(), "agreement", draws=600, progress=lambda done, of: heard.append((done, of)))
    assert heard[-1] == (600, 600)
    assert {of for _, of in heard} == {600}
    assert len(heard) == 6  # once to search, once to judge


# without doubt


def assert_is_point_mode(data: Data, seed: int) -> None:
    """Every share is 0 or 1, as at the mode."""
    case = to_case(data)
    agreement, sticking, drivers = analyse_all(case, ("agreement", "sticking", "drivers"), draws=2, seed=seed)
    result: Any = agreement
    draws = result.draws
    assert draws.zone.share == (1.0 if result.zone.exists else 0.0), seed
    assert {s for shares in draws.options.values() for s in shares.values()} <= {0, 1}, seed
    twin = Twin(data)
    if result.zone.exists:
        chosen = {i: max(shares, key=lambda o: shares[o]) for i, shares in draws.options.items()}
        nash = twin.nash()
        assert nash is not None
        assert chosen in nash.packages, seed
    for candidate in draws.candidates:
        world = Settled(core(data))
        assert candidate.all == float(world.passes(candidate.package)), seed
        accepting = world.accepts(candidate.package)
        assert candidate.by_faction == {f: float(f in accepting) for f in candidate.by_faction}, seed
    stands: Any = sticking
    assert {relief.change for relief in stands.draws.relief.values()} <= {0, 1}, seed
    blocking = {frozenset(said.factions) for said in stands.draws.blocking}
    assert {said.share.share for said in stands.draws.blocking} <= {1}, seed
    sets = stands.blockers.sets if stands.blockers else ()
    assert blocking == {frozenset(chosen) for chosen in sets}, seed
    for name, subject in stands.draws.subjects.items():
        assert {said.share.share for said in subject.says_no} <= {1}, seed
        assert bool(subject.says_no) == (stands.subjects[name].in_zone == 0), seed
    rests: Any = drivers
    assert (rests.by, rests.drivers) == (None, ()), seed


def test_without_doubt_random_cases_are_in_point_mode():
    compared = 0
    for seed in range(90):
        data = settled(random_case(seed, most=3))
        if handy(data):
            assert_is_point_mode(data, seed)
            compared += 1
    assert compared >= 60


def doubts(change: tuple[str, Any]) -> bool:
    """Whether a lever brings doubt into the case: an estimate, or a red line that may hold."""
    path, value = change
    return isinstance(value, list | dict) or ("red_lines" in path and value not in (None, 0, 1))


@pytest.mark.parametrize("file", CATALOGUE, ids=IDS)
def test_without_doubt_the_catalogue_is_in_point_mode(file: Path):
    data = settled(plain(file.read_bytes()))
    case = to_case(data)
    for result in analyse_all(case, ALL if case.levers else ALL[:3], draws=2):
        found: Any = result
        if result.analysis == "agreement":
            assert found.draws.zone.share == float(found.zone.exists)
            assert {s for shares in found.draws.options.values() for s in shares.values()} <= {0, 1}
            if found.zone.exists:
                chosen = {i: max(s, key=lambda o: s[o]) for i, s in found.draws.options.items()}
                tied = [p for vector in found.solutions["nash"].vectors for p in vector.packages]
                assert found.solutions["nash"].tied > len(tied) or chosen in tied
            for name, text in found.texts.items():
                package = {i: o for i, o in text.package.items() if i in found.draws.options}
                for candidate in found.draws.candidates:
                    if candidate.package == package:
                        assert candidate.all == float(text.in_zone > 0), name
                        accepts = {f: float(seen.accepts > 0) for f, seen in text.factions.items()}
                        assert candidate.by_faction == accepts, name
        elif result.analysis == "levers":
            sure = {x.id for x in case.levers if not any(map(doubts, x.set.items()))}
            assert {e.zone.change for e in found.alone if e.names[0] in sure} <= {-1, 0, 1}
            assert found.zone.share in (0, 1)
        elif result.analysis == "drivers":
            assert found.drivers == ()
            assert "Nothing to ask" in winset.render(case, [result])


# the published figures


def bare(case: Case) -> Case:
    """The case without red lines."""
    preferences = {ref: p.model_copy(update={"red_lines": {}}) for ref, p in case.preferences.items()}
    return case.model_copy(update={"preferences": preferences})


def test_the_flagship_has_a_zone_in_nearly_all_draws_but_for_its_red_lines():
    without = analyse(bare(flagship()), "agreement", draws=2_000, rho=0).draws.zone.share
    assert without == pytest.approx(0.999, abs=0.03)
    for rho in (0, 0.5):
        share = analyse(flagship(), "agreement", draws=2_000, rho=rho).draws.zone.share
        assert 0.88 <= share <= 0.96


# orders only


def ordered(data: Data) -> Data:
    """The case with every weight and score as a rank by its mode, those that are equal level."""
    preferences = {}
    for ref, given in data["preferences"].items():
        preferences[ref] = {
            **given,
            "weights": _order(given["weights"]),
            "scores": {issue: _order(scores) for issue, scores in given["scores"].items()},
        }
    return {**data, "preferences": preferences}


def _order(given: Data) -> Data:
    if "order" in given:
        return given
    modes = {name: point(estimate) for name, estimate in given.items()}
    ranks = [
        [name for name in modes if modes[name] == worth]
        for worth in sorted(set(modes.values()), reverse=True)
    ]
    return {"order": [rank[0] if len(rank) == 1 else rank for rank in ranks]}


@pytest.mark.parametrize("file", CATALOGUE, ids=IDS)
def test_orders_alone_carry_the_verdict_or_the_page_says_that_they_do_not(file: Path):
    data = ordered(plain(file.read_bytes()))
    data.pop("levers", None)
    case = to_case(data)
    result = analyse(case, "agreement", draws=200)
    share = result.draws.zone.share
    agrees = share if result.zone.exists else 1 - share
    said = wording.ORDERS_ONLY in " ".join(winset.render(case, [result]).split())
    assert agrees >= 0.95 or said, f"{agrees:.1%} of draws agree with the mode"


# what stands in the way


def assert_sticking(data: Data, seed: int, n: int = FEW) -> int:
    """All counts of sticking over draws, against brute force; how many moves were compared."""
    case, rho, compared = to_case(data), RHOS[seed % 3], 0
    result = analyse(case, "sticking", draws=n, seed=seed, rho=rho)
    draws = result.draws
    twin = Draws(data, build_space(case), rho, seed, n)
    assert draws.without_zone == n - twin.zones, seed
    assert draws.relief == {issue: Change.of(*twin.relief(issue), n) for issue in draws.relief}, seed
    found = {frozenset(said.factions): said.share for said in draws.blocking}
    assert found == {chosen: Share.of(k, n - twin.zones) for chosen, k in twin.blocking().items()}, seed
    assert len(found) == len(draws.blocking), seed
    assert [s.share.share for s in draws.blocking] == sorted(
        (s.share.share for s in draws.blocking), reverse=True
    )
    for name, subject in draws.subjects.items():
        package = result.subjects[name].package
        said = {frozenset(no.factions): no.share for no in subject.says_no}
        assert said == {chosen: Share.of(k, n) for chosen, k in twin.says_no(package).items()}, (seed, name)
        if result.subjects[name].forbidden_by:
            continue
        every = {
            tuple(change.items()): Change.of(*twin.change(package, change), n)
            for change in twin.changes(package, subject.changed)
        }
        clear = {change: moved.change for change, moved in every.items() if moved.low > 0}
        listed = shown(subject.moves)
        assert listed.items() <= clear.items(), (seed, name)
        assert sorted(listed.values(), reverse=True) == sorted(clear.values(), reverse=True)[:5], (seed, name)
        compared += len(listed)
    return compared


def test_sticking_over_draws_agrees_with_brute_force():
    cases = doubtful_cases(range(150), most=2)
    moves = sum(assert_sticking(data, seed, n=16) for seed, data in cases)
    assert len(cases) > 40
    assert moves > 25


def test_a_move_changes_what_two_runs_differ_by():
    case = winset.load_case("two-villages")
    package = {"hours": "none", "fee": "high"}
    draws = analyse(case, "sticking", draws=500, seed=4, package=package).draws
    assert draws.subjects["package"].moves
    before = analyse(case, "agreement", draws=500, seed=4, package=package).draws.candidates[0].all
    for move in draws.subjects["package"].moves:
        changed = {**package, **{issue: new for issue, (_, new) in move.changes.items()}}
        after = analyse(case, "agreement", draws=500, seed=4, package=changed).draws.candidates[0].all
        assert move.all.change == pytest.approx(after - before, abs=2e-6)


def test_a_change_may_free_ways_to_complete_a_text():
    """Only a high fee will do, and with the hours of the text a constraint forbids just that."""
    data = plain(SMALL)
    data["constraints"] = [{"id": "c", "forbid": "hours == none and fee == high"}]
    data["texts"], data["on_the_table"] = {"t": {"package": {"hours": "none"}}}, "t"
    fees = {"hours": {"none": 0, "dawn": 0, "half": 0}, "fee": {"free": 0, "low": 0, "high": 100}}
    upper = {"walk_away": 50, "weights": {"hours": 1, "fee": 99}, "scores": fees}
    lower = {**upper, "walk_away": [0, 1, 2], "scores": {i: dict.fromkeys(o, 50) for i, o in fees.items()}}
    data["preferences"] = {"upper.council": upper, "upper.herders": upper, "lower": lower}
    case = to_case(data)
    moves = shown(analyse(case, "sticking", draws=50).draws.subjects["t"].moves)
    for hours in ("dawn", "half"):
        package = {"hours": hours}
        after = analyse(case, "agreement", draws=50, package=package).draws.candidates[0].all
        assert moves.get((("hours", hours),)) == after == 1


# the command line


def nobody() -> str:
    """An address at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"tcp://127.0.0.1:{server.getsockname()[1]}"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--draws", "0"], "draws is 0; give a number from 1 to"),
        (["--draws", "1.5"], "integer"),
        (["--draws", "-3"], "draws is -3; give a number from 1 to"),
        (["--draws", "100000000"], "draws is 100000000; give a number from 1 to"),
        (["--only", "agreement", "--seed", "3"], "--seed is for draws; ask for some with --draws n"),
        (["--only", "agreement", "--rho", "0.5"], "--rho is for draws"),
        (["--rho", "1.5"], "rho is 1.5; give a number from 0 to 0.99"),
        (["--target", "1"], "target is 1.0; give a number from 0.01 to 0.99"),
        (["--jobs", "2"], "--jobs is for draws"),
        (["--draws", "5", "--seed", "-1"], "seed is -1; give a number from 0 to"),
        (["--draws", "5", "--rho", "1.5"], "rho is 1.5; give a number from 0 to 0.99"),
        (["--draws", "5", "--rho", "nan"], "rho is nan; give a number from 0 to 0.99"),
        (["--draws", "5", "--jobs", "0"], "jobs is 0; give a number from 1 to 256"),
        (["--draws", "5", "--cluster", "NOBODY"], "no dask scheduler answers at NOBODY"),
        (["--draws", "5", "--cluster", "NOBODY", "--jobs", "2"], "give a number of jobs or a cluster"),
        (["--draws", "5", "--lever", "nonsense"], "'nonsense' is no lever; write one as: settle"),
        (
            ["--only", "agreement", "--lever", "settle hours=dawn"],
            "--lever is for levers; ask for that with --only levers",
        ),
        (["--only", "agreement", "--package", "hours=dawn"], "--draws n"),
    ],
    ids=lambda words: " ".join(words) if isinstance(words, list) else "",
)
def test_bad_input_ends_in_a_sentence(
    words: list[str], says: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    address = nobody()
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 0.5)
    words = [address if word == "NOBODY" else word for word in words]
    monkeypatch.setattr(sys, "argv", ["winset", "analyse", "two-villages", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    out, errors = capsys.readouterr()
    assert ended.value.code == 2, (out, errors)
    flat = " ".join(errors.replace("│", " ").split()).lower()
    assert says.replace("NOBODY", address).lower() in flat
    assert "traceback" not in flat
    assert out == ""


def test_drivers_draw_a_thousand_times_where_nobody_says_how_often():
    done = run_winset("analyse", "two-villages", "--only", "drivers", "--json", "-")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["results"]["drivers"]["parameters"]["draws"] == 1_000


def test_with_draws_all_analyses_answer_and_the_page_says_what_a_share_is_not():
    done = run_winset("analyse", "two-villages", "--draws", "30", "--seed", "5")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    flat = " ".join(done.stdout.split())
    assert wording.NOT_A_CHANCE in flat
    assert "30 draws from seed 5" in flat


def test_weights_that_are_all_drawn_as_0_end_in_a_sentence(tmp_path: Path):
    data = plain(SMALL)
    data["preferences"]["lower"]["weights"] = {"hours": [0, 0.0, 1e-320], "fee": 0}
    (tmp_path / "case.yaml").write_text(as_yaml(data))
    done = run_winset("analyse", "case.yaml", "--draws", "20", cwd=tmp_path)
    assert done.returncode in (1, 2), done.stdout
    assert "weight" in done.stderr
    assert "Traceback" not in done.stderr


def test_numbers_out_of_range_are_told_in_process_too():
    case = winset.load_case("two-villages")
    for wrong in (
        {"draws": 0},
        {"draws": True},
        {"draws": 2.0},
        {"draws": 5, "seed": -1},
        {"draws": 5, "rho": 1.0},
    ):
        with pytest.raises(OutOfRange):
            analyse(case, "agreement", **wrong)
    with pytest.raises(WinsetError):
        analyse(case, "agreement", draws=5, jobs=2, cluster="tcp://127.0.0.1:9")


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ctrl_c_ends_a_long_run_at_once_and_leaves_nothing(jobs: str, tmp_path: Path):
    words = [
        "analyse",
        "gaza-2025-10",
        "--draws",
        "1000000",
        "--jobs",
        jobs,
        "--json",
        str(tmp_path / "out.json"),
    ]
    (tmp_path / "tmp").mkdir()
    process = subprocess.Popen(
        [*START, *words], cwd=ROOT, env={**os.environ, "TMPDIR": str(tmp_path / "tmp")}, text=True,
        start_new_session=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=hear_interrupts,
    )  # fmt: skip
    time.sleep(4)
    assert process.poll() is None
    began = time.monotonic()
    # As a terminal does it: to all processes at once.
    os.killpg(process.pid, signal.SIGINT)
    out, errors = process.communicate(timeout=20)
    assert time.monotonic() - began < 5
    assert process.returncode not in (0, None)
    assert "Traceback" not in errors
    assert out == ""
    assert soon(lambda: session(process.pid) == []), session(process.pid)
    assert [path.name for path in tmp_path.iterdir()] == ["tmp"]
    assert list((tmp_path / "tmp").iterdir()) == []
