"""Levers: each changes what two separate runs on common draws differ by; words that name none say the way out."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import winset
from tests.commandline import run_winset
from tests.generators import to_case
from tests.helpers import SMALL, case_of, edited, plain, small
from winset.analyses import analyse as run_analysis
from winset.case.model import Case
from winset.case.patch import pull
from winset.errors import CaseError, NotApplicable, UnknownName

N, SEED = 300, 9


def levers(case: Case, *words: str, **parameters: Any) -> Any:
    """As `winset.analyse`; what comes back has the fields of the analysis."""
    return run_analysis(case, "levers", **{"draws": N, "seed": SEED, "levers": words, **parameters})


def alone(case: Case, words: str) -> Any:
    """The effect of one lever in words."""
    [effect] = [effect for effect in levers(case, words).alone if effect.names == (words,)]
    return effect


def headlines(case: Case) -> tuple[float, float | None]:
    """In what share of draws there is a zone, and the text on the table is acceptable."""
    found: Any = run_analysis(case, "agreement", draws=N, seed=SEED)
    if case.on_the_table is None:
        return found.draws.zone.share, None
    text = dict(case.texts[case.on_the_table].package)
    shares = [candidate.all for candidate in found.draws.candidates if candidate.package == text]
    return found.draws.zone.share, sum(shares)  # none where it has no completion


def assert_is_the_difference(effect: Any, before: Case, after: Case) -> None:
    (zone, text), (zone_after, text_after) = headlines(before), headlines(after)
    assert effect.zone.change == pytest.approx(zone_after - zone, abs=2e-6)
    assert effect.zone.low <= effect.zone.change <= effect.zone.high
    if text is None or text_after is None:
        assert effect.text is None
    else:
        assert effect.text.change == pytest.approx(text_after - text, abs=2e-6)
        assert effect.text.low <= effect.text.change <= effect.text.high


# What each form of words comes to, written out in the file of the case.
WORDS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "settle hours=none": (
        ("constraints:\n", "constraints:\n  - {id: settled, forbid: hours != none}\n"),
        ("package: {hours: dawn, fee: low}", "package: {hours: none, fee: low}"),
    ),
    "settle fee=high": (
        ("constraints:\n", "constraints:\n  - {id: settled, forbid: fee != high}\n"),
        ("package: {hours: dawn, fee: low}", "package: {hours: dawn, fee: high}"),
    ),
    "shift upper.council by -15": (("walk_away: [40, 50, 60]", "walk_away: [25, 35, 45]"),),
    "shift upper.council by +6.5": (("walk_away: [40, 50, 60]", "walk_away: [46.5, 56.5, 66.5]"),),
    "shift lower 20": (("walk_away: 32", "walk_away: 52"),),
    "lift upper.council hours.dawn": (("hours.dawn: 0.6, ", ""),),
    "lift upper.council hours.dawn to 0.2": (("hours.dawn: 0.6", "hours.dawn: 0.2"),),
    "lift upper.council hours.dawn to 1": (("hours.dawn: 0.6", "hours.dawn: 1"),),
    "add fee.mid: upper.council=80, upper.herders=90, lower=60": (
        ("fee: {free: 0, low: 50, high: 100}", "fee: {free: 0, low: 50, high: 100, mid: 80}"),
        ("fee: {free: 10, low: 60, high: 90}", "fee: {free: 10, low: 60, high: 90, mid: 90}"),
        ("fee: {free: 100, low: 80, high: 20}", "fee: {free: 100, low: 80, high: 20, mid: 60}"),
        ("high: 400}", "high: 400, mid: mid}"),
    ),
}  # fmt: skip
TEXT = edited(
    SMALL,
    ("red_lines: {hours.half: 0.4}", "red_lines: {hours.dawn: 0.6, hours.half: 0.7}"),
    ("fee: {order: [high, low, free]}", "fee: {free: 10, low: 60, high: 90}"),
    ("levers:\n", ""),
    (
        "  - {id: grant, by: district, what: A grant, set: {preferences.upper.council.walk_away: [30, 40, 50]}}\n",
        "",
    ),
)


@pytest.mark.parametrize("words", WORDS)
def test_a_lever_in_words_changes_what_two_runs_differ_by(words: str):
    case = case_of(TEXT)
    effect = alone(case, words)
    assert effect.by == ()
    assert_is_the_difference(effect, case, case_of(edited(TEXT, *WORDS[words])))


def test_pairs_change_what_two_runs_differ_by():
    case = case_of(TEXT)
    words = [words for words in WORDS if "settle hours" not in words]
    result = levers(case, *words)
    assert [effect.names[0] for effect in result.alone] != []
    found = {frozenset(effect.names): effect for effect in result.pairs}
    apart = {frozenset(pair) for pair in result.unpaired}
    assert found.keys() | apart == {frozenset(pair) for pair in itertools.combinations(words, 2)}
    for one, other in (
        ("settle fee=high", "shift upper.council by -15"),
        ("lift upper.council hours.dawn", "shift lower 20"),
    ):
        text = edited(TEXT, *WORDS[one], *WORDS[other])
        assert_is_the_difference(found[frozenset((one, other))], case, case_of(text))


def test_the_shares_as_it_is_stand_beside_them():
    result = levers(case_of(TEXT), "shift lower 20")
    assert (result.zone.share, result.text.share) == headlines(case_of(TEXT))


def test_levers_of_the_case_name_who_holds_them():
    case = small()
    result = levers(case)
    [effect] = result.alone
    assert (effect.names, effect.by, effect.what) == (("grant",), ("district",), ("A grant",))
    assert_is_the_difference(effect, case, pull(case, "grant"))
    both = levers(case, "shift lower by -5")
    assert {effect.names[0] for effect in both.alone} == {"grant", "shift lower by -5"}
    assert [effect.by for effect in both.pairs] == [("district",)]


def test_what_changes_most_stands_first():
    result = levers(case_of(TEXT), *WORDS)
    for effects in (result.alone, result.pairs):
        keys = [(effect.text.change, effect.zone.change) for effect in effects]
        assert keys == sorted(keys, reverse=True)


def test_without_a_text_only_the_zone_is_asked_for():
    case = case_of(edited(TEXT, ("on_the_table: may\n", "")))
    result = levers(case, "shift lower 20")
    assert result.text is None
    assert_is_the_difference(
        result.alone[0], case, case_of(edited(TEXT, *WORDS["shift lower 20"], ("on_the_table: may\n", "")))
    )
    assert "not asked" in winset.render(case, [result])


def test_an_open_text_is_settled_by_a_lever():
    april = ("on_the_table: may", "on_the_table: april")
    case = case_of(edited(TEXT, april))
    forced = ("constraints:\n", "constraints:\n  - {id: settled, forbid: fee != high}\n")
    after = edited(TEXT, april, forced, ("package: {hours: dawn}", "package: {hours: dawn, fee: high}"))
    assert_is_the_difference(alone(case, "settle fee=high"), case, case_of(after))


# pairs that cannot stand together


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("settle hours=none", "settle hours=dawn"),
        ("settle hours=dawn", "settle hours=dawn"),
        ("shift lower by 5", "shift lower by -5"),
        ("lift upper.council hours.dawn", "lift upper.council hours.dawn to 0.2"),
    ],
)
def test_levers_that_set_the_same_are_not_paired(one: str, other: str):
    result = levers(case_of(TEXT), one, other)
    assert result.pairs == ()
    assert set(result.unpaired[0]) == {one, other}
    text = " ".join(winset.render(case_of(TEXT), [result]).split())
    assert "Not paired, as they set the same" in text


def test_levers_that_leave_no_package_together_are_not_paired():
    result = levers(small(), "settle hours=half", "settle fee=free")
    assert {frozenset(pair) for pair in result.unpaired} == {
        frozenset(("settle hours=half", "settle fee=free"))
    }


def with_levers(*changes: dict[str, Any]) -> Case:
    """The small case with levers of its own."""
    data: Any = plain(TEXT)
    data["levers"] = [
        {"id": f"l{n}", "what": f"Lever {n}", "set": change} for n, change in enumerate(changes)
    ]
    return to_case(data)


def test_a_lever_that_settles_the_text_otherwise_is_not_paired():
    """Together the text would keep an option that the other lever has ruled out."""
    case = with_levers({"texts.may.package.hours": "half"})
    assert [set(pair) for pair in levers(case, "settle hours=none").unpaired] == [{"l0", "settle hours=none"}]


def test_a_lever_that_sets_a_part_of_what_another_sets_is_not_paired():
    case = with_levers(
        {"preferences.lower.scores.hours": {"none": 0, "dawn": 90, "half": 100}},
        {"preferences.lower.scores.hours.dawn": 10},
    )
    assert [set(pair) for pair in levers(case).unpaired] == [{"l0", "l1"}]


# words that name no lever


@pytest.mark.parametrize(
    ("words", "error", "says"),
    [
        ("nonsense", "UnclearLever", "'nonsense' is no lever; write one as: settle ISSUE=OPTION; shift"),
        ("", "UnclearLever", "is no lever; write one as"),
        ("settle", "UnclearLever", "'settle' is no lever"),
        ("settle hours", "UnclearLever", "'settle hours' is no lever"),
        ("settle ours=dawn", "UnknownName", "there is no issue 'ours'; did you mean 'hours'?"),
        ("settle hours=dusk", "UnknownName", "there is no option of 'hours' 'dusk'; "),
        ("shift upper by 5", "UnknownName", "there is no faction 'upper'; did you mean 'upper."),
        ("shift lower by much", "UnclearLever", "'shift lower by much' is no lever"),
        ("shift lower", "UnclearLever", "'shift lower' is no lever"),
        ("lift lowr hours.half", "UnknownName", "there is no faction 'lowr'; did you mean 'lower'?"),
        ("lift upper.council hours.none", "UnknownName", "there is no red line of 'upper.council' 'hours.none'; "),
        ("lift lower hours.none", "UnknownName", "there is no red line of 'lower' 'hours.none'; none is known here"),
        ("lift upper.council hours.dawn to zero", "UnclearLever", "'zero' is no number"),
        ("lift upper.council", "UnclearLever", "is no lever; write one as"),
        ("add ours.mid: lower=5", "UnknownName", "there is no issue 'ours'; did you mean 'hours'?"),
        ("add fee.low: lower=5", "UnclearLever", "'fee' has an option 'low' already; give the new one another id"),
        ("add fee.mid: lower=5", "UnclearLever", "gives no score of upper.council, upper.herders; add one each"),
        ("add fee.mid: lowr=5", "UnknownName", "there is no faction 'lowr'; did you mean 'lower'?"),
        ("add fee.mid: lower=five", "UnclearLever", "'five' is no number"),
        ("add fee.mid", "UnclearLever", "is no lever; write one as"),
        ("add hours.mid: upper.council=5, upper.herders=5, lower=5", "UnclearLever", "upper.herders ranks the options of 'hours'"),
    ],
)  # fmt: skip
def test_words_that_name_no_lever_say_the_way_out(words: str, error: str, says: str):
    with pytest.raises(winset.errors.WinsetError) as caught:
        levers(case_of(TEXT), words)
    assert type(caught.value).__name__ == error
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("lift upper.council hours.dawn to 5", "1"),
        ("lift upper.council hours.dawn to nan", ""),
        ("add fee.mid: upper.council=500, upper.herders=5, lower=5", "100"),
        ("add fee.mid: upper.council=nan, upper.herders=5, lower=5", ""),
        ("shift lower by 999999999", ""),
        ("shift lower by " + "9" * 400, ""),
        ("add fee.Mid point: upper.council=5, upper.herders=5, lower=5", ""),
    ],
)
def test_numbers_that_cannot_be_are_refused(words: str, says: str):
    with pytest.raises(winset.errors.WinsetError) as caught:
        levers(case_of(TEXT), words)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 700


def test_an_extended_issue_that_is_not_in_play_is_not_settled_in_silence():
    case = winset.load_case("gaza-2025-10")
    with pytest.raises((NotApplicable, UnknownName), match="extended"):
        levers(case, "settle aid=capped", draws=2)


def test_a_lever_that_leaves_no_package_is_told():
    text = edited(
        TEXT,
        ("{id: no_free_half, forbid: hours == half and fee == free}", "{id: no_free, forbid: fee == free}"),
    )
    with pytest.raises(CaseError):
        levers(case_of(text), "settle fee=free")


def test_a_case_without_levers_says_how_to_name_one():
    with pytest.raises(
        NotApplicable, match="the case has no levers; add some to it, or name one with --lever: settle"
    ):
        levers(case_of(TEXT))


# the flagship, and the command line


def test_the_flagships_levers_are_judged_alone_and_in_pairs():
    case = winset.load_case("gaza-2025-10")
    result = levers(case, draws=60)
    assert {effect.names[0] for effect in result.alone} == {lever.id for lever in case.levers}
    assert result.text is not None
    assert len(result.pairs) + len(result.unpaired) <= 12 * 11 / 2
    pairs = [frozenset(effect.names) for effect in result.pairs] + [
        frozenset(pair) for pair in result.unpaired
    ]
    assert len(pairs) == len(set(pairs))
    touching = {lever.id: set(lever.set) for lever in case.levers}
    for one, other in result.unpaired:
        assert touching[one] & touching[other]
    text = winset.render(case, [result])
    assert "As it is there is a package to agree on" in " ".join(text.split())
    assert "Who holds it" in text


@pytest.mark.parametrize(
    ("lever", "code", "says"),
    [
        ("nonsense", 2, "'nonsense' is no lever"),
        ("shift uper.council by 5", 2, "did you mean 'upper.council'?"),
    ],
)
def test_bad_levers_end_in_one_sentence(lever: str, code: int, says: str):
    done = run_winset("analyse", "two-villages", "--only", "levers", "--draws", "5", "--lever", lever)
    assert done.returncode == code, done.stderr
    assert says in done.stderr
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_the_command_line_without_levers(tmp_path: Path):
    (tmp_path / "case.yaml").write_text(TEXT)
    asked = run_winset("analyse", "case.yaml", "--only", "levers", "--draws", "5", cwd=tmp_path)
    assert asked.returncode == 1
    assert "the case has no levers" in asked.stderr
    every = run_winset("analyse", "case.yaml", "--draws", "5", cwd=tmp_path)
    assert every.returncode == 0, every.stderr
    assert "What would move it" not in every.stdout
    named = run_winset("analyse", "case.yaml", "--draws", "5", "--lever", "settle fee=high", cwd=tmp_path)
    assert named.returncode == 0, named.stderr
    assert "settle fee=high" in named.stdout
