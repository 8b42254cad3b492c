"""Power indices of a weighted vote: published figures, all coalitions gone through, and words."""

from __future__ import annotations

import io
import json
import random
from fractions import Fraction
from math import factorial
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from tests.reference import reference
from tests.twins.power import by_weight, power
from winset.analyses.power.counting import power_indices
from winset.analyses.power.figures import number, percent
from winset.analyses.power.indices import Indices
from winset.analyses.power.vote import UnusableRule, Vote, read_vote
from winset.commands import power as command
from winset.errors import LimitExceeded, WinsetError
from winset.kernels import votes


def indices(quota: str, *weights: str, strictly: bool = False) -> Indices:
    return power_indices(read_vote(quota, weights, strictly=strictly))


def of(found: Indices, name: str) -> list[Any]:
    return [getattr(player, name) for player in found.players]


def random_vote(rng: random.Random) -> Vote:
    """Up to 10 players; weights small and large, whole or not, some 0; either comparison."""
    n = rng.choice([1, 2, 3, 4, 5, 6, 7, 8, 8, 9, 10]) if rng.random() < 0.3 else rng.randint(1, 7)
    most, unit = rng.choice([1, 3, 10, 60]), rng.choice([1, 1, 3, 10])
    weights = tuple(Fraction(rng.randint(0, most), unit) for _ in range(n))
    if not any(weights):
        weights = (Fraction(1), *weights[1:])
    strictly = rng.random() < 0.4
    total = sum(weights)
    quota = total * Fraction(rng.randint(0, 59), 60) if strictly else total * Fraction(rng.randint(1, 60), 60)
    return Vote(tuple(f"p{i}" for i in range(n)), weights, quota, strictly)


def test_published_figures():
    games = json.loads(reference("data", "power", "indices.json").read_text())["games"]
    assert games
    for game in games:
        found = indices(str(game["quota"]), *map(str, game["weights"]))
        assert of(found, "swings") == game.get("swings", of(found, "swings")), game["name"]
        for key, name in (("banzhaf", "banzhaf"), ("shapley", "shapley_shubik")):
            for value, told in zip(of(found, name), game.get(key, []), strict=False):
                same_as_told(value, told)
        if "coleman_act" in game:
            same_as_told(found.act, game["coleman_act"])


def same_as_told(value: Fraction, told: str | float) -> None:
    """Exactly where a fraction is told, or else to the digits told."""
    if isinstance(told, str):
        assert value == Fraction(told)
    else:
        digits = len(repr(told).partition(".")[2])
        assert abs(value - Fraction(repr(told))) <= Fraction(1, 2 * 10**digits)


def test_random_votes_against_all_coalitions():
    rng = random.Random(1965)
    for _ in range(1_200):
        vote = random_vote(rng)
        found = power_indices(vote)
        n = len(vote.weights)
        twin = power(n, by_weight(vote.weights, vote.quota, strictly=vote.strictly))
        assert found.winning == twin.winning, vote
        assert found.act == Fraction(twin.winning, 2**n)
        assert found.minimal == len(twin.minimal), vote
        for name, values in twin.by_player.items():
            assert of(found, name) == values, (name, vote)
        clash = any(not (a & b) for a in twin.minimal for b in twin.minimal)
        assert found.clashes == clash, vote


@pytest.mark.parametrize("share", [0.3, 0.5, 0.67, 0.95])
def test_large_votes_against_polynomials(share: float):
    """100 players: generating functions packed into one Python number, each player left out in turn."""
    rng = random.Random(share)
    weights = [rng.randint(1, 40) for _ in range(100)]
    quota = int(share * sum(weights)) + 1
    found = votes.swings(weights, quota)
    slot = 101

    def by_size(others: list[int], sizes: int) -> dict[int, list[int]]:
        """Coalitions of fewest members, by weight; all sizes would take too long."""
        rows = [0] * (sizes + 1)
        rows[0] = 1
        for weight in others:
            for size in range(sizes, 0, -1):
                rows[size] += rows[size - 1] << (slot * weight)
        return {
            s: [(row >> (slot * w)) & ((1 << slot) - 1) for w in range(quota)] for s, row in enumerate(rows)
        }

    player = 7
    others = weights[:player] + weights[player + 1 :]
    everything = 1
    for weight in others:
        everything += everything << (slot * weight)
    window = [(everything >> (slot * w)) & ((1 << slot) - 1) for w in range(quota - weights[player], quota)]
    assert sum(found.by_size[player]) == sum(window)
    for size, row in by_size(others, 12).items():
        assert found.by_size[player][size] == sum(row[quota - weights[player] :])
    whole = everything + (everything << (slot * weights[player]))
    losing = (whole & ((1 << (slot * quota)) - 1)) % ((1 << slot) - 1)
    assert found.winning == 2**100 - losing


def test_a_hundred_equal_players():
    """As if written down: binomials, far past what a float holds."""
    found = indices("51", *["1"] * 100)
    binomial = factorial(99) // factorial(50) // factorial(49)
    assert set(of(found, "swings")) == {binomial}
    assert set(of(found, "shapley_shubik")) == {Fraction(1, 100)}


def test_properties():
    rng = random.Random(1954)
    for n in (12, 20, 30, 60, 100):
        weights = [rng.choice([0, 1, 5, 5, 17, 120, 331]) for _ in range(n - 1)] + [400]
        quota = sum(weights) - 399 if n == 20 else sum(weights) * 3 // 5
        found = indices(str(quota), *map(str, weights))
        shares = ["banzhaf", "shapley_shubik"] + (["holler_packel", "deegan_packel"] if n <= 30 else [])
        for name in shares:
            assert sum(of(found, name)) == 1
        weighed = list(zip(found.players, weights, strict=True))
        for a, weight in weighed:
            assert weight != 0 or a.dummy
            assert not a.dummy or a.banzhaf == a.shapley_shubik == a.prevent == 0
            assert a.veto == (a.prevent == 1)
            for b, other in weighed:
                assert weight != other or a.swings == b.swings
                assert weight != other or a.deegan_packel == b.deegan_packel
                assert weight <= other or a.shapley_shubik >= b.shapley_shubik
        assert (n == 20) == any(of(found, "veto"))


def test_more_than_and_fractions_are_exact():
    thirds = indices("2/3", "1/3", "1/3", "1/3")
    assert of(thirds, "swings") == [2, 2, 2]
    assert of(indices("2/3", "1/3", "1/3", "1/3", strictly=True), "swings") == [1, 1, 1]
    assert of(indices("0.3", "0.1", "0.2", "0"), "swings") == [2, 2, 0]  # 0.1 + 0.2 is 0.3 here
    assert of(indices("0", "0", "1", strictly=True), "dictator") == [False, True]


def run(quota: str, *weights: str, **options: Any) -> str:
    page = Console(file=io.StringIO(), width=110)
    command.run(quota, weights, page, **options)
    assert isinstance(page.file, io.StringIO)
    return page.file.getvalue()


def test_the_page():
    text = run("65", "47", "46", "17", "16", "2", names="ant,bee,cat,doe,elk")
    assert text.startswith("Who decides a vote of 5 players that needs at least 65 of 128\n")
    assert "Each can turn a vote: no dummy." in text
    flat = " ".join(text.split())
    assert "do not say how anybody will vote" in flat
    for word in ("Penrose", "Banzhaf", "Shapley & Shubik", "Coleman", "Holler & Packel", "Deegan & Packel"):
        assert word in flat
    called = ["ant", "bee", "cat", "doe", "elk"]
    assert [line[2:5] for line in text.splitlines() if line[2:5] in called] == called * 3


def test_flags_in_words():
    assert "Nothing passes without a yes of (veto): player 1." in run("3", "2", "1", "1")
    assert "player 1 decides alone: a dictator." in run("2", "3", "1")
    assert "Never turns a vote (dummy): player 2." in run("2", "3", "1")
    assert "Anybody's yes passes it alone" in run("2/3", "3", "1")
    assert "both pass" in run("2", "2", "2")
    assert "both pass" not in run("3", "2", "2")


def test_past_thirty_players_two_indices_are_declined():
    text = " ".join(run("16", *["1"] * 31).split())
    assert "counted for up to 30 players, this vote has 31; for them, join players" in text
    assert all(value is None for value in of(indices("16", *["1"] * 31), "holler_packel"))
    assert of(indices("16", *["1"] * 30), "holler_packel") == [Fraction(1, 30)] * 30


def test_a_large_quota_declines_them_too():
    found = indices("1000000", *["999999"] * 9, "1")
    assert "the quota is 1,000,000; for them, round" in found.declined
    assert sum(of(found, "banzhaf")) == 1


def test_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert run("3", "2", "1", "1", file="-", names="a,b,c") == ""
    data = json.loads(capsys.readouterr().out)["power"]
    assert data["rule"] == {
        "comparison": "at_least",
        "quota": {"exact": "3", "value": 3.0},
        "total": {"exact": "4", "value": 4.0},
    }
    assert data["coleman_act"] == {"exact": "3/8", "value": 0.375}
    assert data["coalitions"]["minimal_winning"] == {"exact": "2", "value": 2.0}
    first = data["players"][0]
    assert (first["name"], first["veto"], first["dictator"], first["dummy"]) == ("a", True, False, False)
    assert first["shapley_shubik"]["exact"] == "2/3"
    assert first["holler_packel"] == {"exact": "1/2", "value": 0.5}
    assert "Written: " in run("3", "2", "1", "1", file=str(tmp_path / "p.json"))
    assert json.loads((tmp_path / "p.json").read_text())["power"]["players"][0] == {
        **first,
        "name": "player 1",
    }


@pytest.mark.parametrize(
    ("words", "options", "said"),
    [
        (("0", "1"), {}, "always passes, even if all say no; give a quota above 0"),
        (("-1", "1"), {"more_than": True}, "more than -1 of 1 always passes"),
        (
            ("3", "1", "1"),
            {},
            "at least 3 of 2 can never pass, even if all say yes; give a quota of at most 2",
        ),
        (
            ("2", "1", "1"),
            {"more_than": True},
            "more than 2 of 2 can never pass, even if all say yes; give a quota below 2",
        ),
        (("1", "2", "-0.5"), {}, "the weight of player 2 is -0.5; give 0 or more"),
        (("1", "0", "0"), {}, "no player has any weight"),
        (("1",), {}, "a vote needs players"),
        (("half", "1"), {}, "the quota is 'half'; give a number"),
        (("1", "1/0"), {}, "the weight of player 1 is '1/0', which divides by 0"),
        (("1", "1e9"), {}, "the weight of player 1 is '1e9'; give a number"),
        (("1", "nan"), {}, "'nan'; give a number"),
        (("1", "--moer"), {}, "'--moer'; give a number"),
        (("1", "9" * 31), {}, "up to 30 characters"),
        (("1", "\u0661"), {}, "give a number"),
        (("1", "1", "1"), {"names": "a"}, "the number of names is 1, of weights 2; give one for each"),
        (("1", "1", "1"), {"names": "a,a"}, "two players are called 'a'"),
        (("1", "1", "1"), {"names": "a,"}, "a player has an empty name"),
    ],
)
def test_bad_input_is_answered_in_a_sentence(words: tuple[str, ...], options: dict[str, Any], said: str):
    with pytest.raises(UnusableRule) as caught:
        run(*words, **options)
    assert said in str(caught.value)


def test_limits_say_the_way_out():
    with pytest.raises(LimitExceeded, match=r"up to 100 players, this vote has 101; join players"):
        run("1", *["1"] * 101)
    with pytest.raises(LimitExceeded, match=r"come to [\d,]+, too many .* round weights"):
        run("5000000.1", *["1000000.1"] * 9, "1000000.2")
    rng = random.Random(3)
    with pytest.raises(LimitExceeded, match=r"a number of \d+ digits"):
        run("1", *[f"{rng.randrange(10**14)}/{rng.randrange(10**13, 10**14)}" for _ in range(100)])


def test_whatever_is_typed_a_page_or_a_sentence():
    rng = random.Random(4)
    pieces = ["0", "1", "2.5", "-1", "1/3", "", " ", "x", "1e3", "--", "99999999", "7", "12", "0.001", "[b]"]
    outcomes, sentences = set(), []
    for _ in range(300):
        words = [rng.choice(pieces) for _ in range(rng.randint(1, 6))]
        try:
            outcomes.add(bool(run(*words, more_than=rng.random() < 0.5)))
        except WinsetError as error:
            sentences.append(str(error))
    assert outcomes == {True}
    assert sentences
    assert all("; give " in sentence for sentence in sentences)


def test_numbers_and_percent():
    assert [number(Fraction(text)) for text in ("1234567", "0.5", "-0.25", "2/3", "14.50")] == [
        "1,234,567", "0.5", "-0.25", "2/3", "14.5",
    ]  # fmt: skip
    assert [percent(Fraction(text)) for text in ("0", "1", "1/3", "1/9999", "9999/10000")] == [
        "0.0%", "100.0%", "33.3%", "under 0.1%", "over 99.9%",
    ]  # fmt: skip
