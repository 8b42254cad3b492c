"""The boolean language of conditions: what it means, and that nothing else gets in."""

from __future__ import annotations

import itertools
import keyword

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.helpers import SMALL, case_of, edited, faults_of
from tests.twins import conditions as twin
from winset.case import conditions
from winset.case.conditions import (
    All,
    Any,
    ConditionFault,
    Is,
    Not,
    holds,
    issues_of,
    mentions,
    parse,
    red_line,
)

A, B, C = Is("a", ("x",)), Is("b", ("y",)), Is("c", ("z",))

# --- what it means

MEANINGS = [
    ("a == x", A),
    ("  a  ==  x ", A),
    ("a == x\n  and b == y", All((A, B))),
    ("a != x", Not(A)),
    ("a in [x]", A),
    ("a in [x, y,]", Is("a", ("x", "y"))),
    ("a in (x, y)", Is("a", ("x", "y"))),
    ("a in {x, y}", Is("a", ("x", "y"))),
    ("a not in [x, y]", Not(Is("a", ("x", "y")))),
    ("not a in [x]", Not(A)),
    ("not a == x", Not(A)),
    ("not not a == x", Not(Not(A))),
    ("a == x and b == y and c == z", All((A, B, C))),
    ("a == x or b == y or c == z", Any((A, B, C))),
    ("a == x or b == y and c == z", Any((A, All((B, C))))),
    ("a == x and b == y or c == z", Any((All((A, B)), C))),
    ("(a == x or b == y) and c == z", All((Any((A, B)), C))),
    ("not a == x and b == y", All((Not(A), B))),
    ("not (a == x and b == y)", Not(All((A, B)))),
    ("((a)) == (x)", A),
    ("a1_b == x_2", Is("a1_b", ("x_2",))),
]


@pytest.mark.parametrize(("text", "meaning"), MEANINGS, ids=[text for text, _ in MEANINGS])
def test_what_a_condition_means(text, meaning):
    assert parse(text) == meaning


WORDS = sorted(
    {*keyword.kwlist, *keyword.softkwlist, "none", "true", "print", "__debug__", "return_id", "id"}
)


@pytest.mark.parametrize(
    "word", [w for w in WORDS if w not in ("and", "or", "not", "in", "True", "False", "None")]
)
def test_ids_may_be_words_that_python_keeps_for_itself(word):
    assert parse(f"{word} == with_all and a != {word} or a in [{word}, {word}_1]") == Any(
        (All((Is(word, ("with_all",)), Not(Is("a", (word,))))), Is("a", (word, f"{word}_1")))
    )


@pytest.mark.parametrize("word", ["a__id", "return__id", "aid", "a_id", "x__is"])
def test_ids_that_look_like_marks_stay_themselves(word):
    assert parse(f"{word} == {word}") == Is(word, (word,))


def test_a_red_line_is_an_option_or_a_condition():
    assert red_line("a.x") == A
    assert red_line("a == x and b == y") == All((A, B))
    assert red_line("return.with_all") == Is("return", ("with_all",))
    for key in ("a.x.y", "A.x", "a.", ".x", "a x"):
        with pytest.raises(ConditionFault):
            red_line(key)


def test_what_a_condition_mentions_in_reading_order():
    condition = parse("not (b in [x, y] or a == x) and b != z or c == x")
    assert list(mentions(condition)) == [("b", "x"), ("b", "y"), ("a", "x"), ("b", "z"), ("c", "x")]
    assert issues_of(condition) == ("b", "a", "c")


def test_an_issue_that_a_package_lacks_is_an_error_not_a_guess():
    with pytest.raises(KeyError):
        holds(parse("a == x"), {"b": "x"})


# --- precedence, against the reader written by hand

ISSUES = {"a": ["x", "y"], "b": ["x", "y", "z"], "return": ["in_full", "x"]}
PACKAGES = [dict(zip(ISSUES, choice, strict=True)) for choice in itertools.product(*ISSUES.values())]
space = st.sampled_from([" ", "  ", "\n", " \t"])


@st.composite
def comparisons(draw):
    issue = draw(st.sampled_from(list(ISSUES)))
    option = st.sampled_from(["x", "y", "z", "in_full"])
    sign = draw(st.sampled_from(["==", "!=", "in", "not in"]))
    if "in" not in sign:
        return f"{issue}{draw(st.sampled_from(['', ' ']))}{sign} {draw(option)}"
    options = ", ".join(draw(st.lists(option, min_size=1, max_size=3)))
    return f"{issue} {sign} [{options}]"


def _joined(inner):
    both = st.tuples(inner, st.sampled_from(["and", "or"]), space, inner)
    return st.one_of(
        both.map(lambda found: f"{found[0]}{found[2]}{found[1]}{found[2]}{found[3]}"),
        inner.map(lambda text: f"not {text}"),
        inner.map(lambda text: f"({text})"),
        inner.map(lambda text: f"not({text} )"),
    )


TEXTS = st.recursive(comparisons(), _joined, max_leaves=12)


@given(TEXTS)
@settings(max_examples=200, deadline=None)
def test_conditions_hold_as_the_twin_says(text):
    condition = parse(text)
    for package in PACKAGES:
        assert holds(condition, package) == twin.holds(text, package), (text, package)


SHREDS = [
    *"()[],",
    "==",
    "!=",
    "and",
    "or",
    "not",
    "in",
    "a",
    "b",
    "x",
    "y",
    "is",
    "<",
    ".",
    "lambda",
    "1",
    "'x'",
    " ",
]


@given(st.lists(st.sampled_from(SHREDS), max_size=9).map(" ".join))
@settings(max_examples=300, deadline=None)
def test_what_the_twin_can_read_is_read_alike(text):
    package = dict.fromkeys(SHREDS, "x")
    try:
        truth = twin.holds(text, package)
    except (twin.Refused, IndexError):
        return
    assert holds(parse(text), package) == truth


# --- what is refused

REFUSED = [
    # text, message, way out
    ("", "'' is not a condition", "write it like"),
    ("a", "'a' is not a comparison of an issue with an option", "write it like"),
    ("a = x", "'a = x' is not a condition", "write it like"),
    ("a === x", "'a === x' is not a condition", "write it like"),
    ("a == ", "'a ==' is not a condition", "write it like"),
    ("a is x", "'a is x' is not a condition", "write it like"),
    ("a == x; b == y", "is not a condition", "write it like"),
    ("a == x b == y", "is not a condition", "write it like"),
    ("(a == x", "'(a == x' is not a condition", "write it like"),
    ("a == x,", "is not a comparison of an issue with an option", "write it like"),
    ("a == x & b == y", "chains comparisons", "join two comparisons with `and`"),
    ("a == b == c", "'a == b == c' chains comparisons", "join two comparisons with `and`"),
    ("a < x", "'a < x' uses a sign other than ==, != and in", "write it like"),
    ("a >= x", "uses a sign other than", "write it like"),
    ("a == 100", "'100' is not an id", "use the plain ids of issues and options, unquoted"),
    ("a == -1", "'-1' is not an id", "use the plain ids"),
    ("a == 'x'", "''x'' is not an id", "use the plain ids"),
    ('"a" == x', "''a'' is not an id", "use the plain ids"),
    ("a == b'x'", "'b'x'' is not an id", "use the plain ids"),
    ("a == f'{x}'", "is not an id", "use the plain ids"),
    ("a == ...", "'...' is not an id", "use the plain ids"),
    ("a == None", "'None' is not an id", "use the plain ids"),
    ("True", "'True' is not a comparison", "write it like"),
    ("True == x", "'True' is not an id", "use the plain ids"),
    ("a == x.y", "'x.y' is not an id", "use the plain ids"),
    ("a.b == x", "'a.b' is not an id", "use the plain ids"),
    ("a == x()", "'x()' is not an id", "use the plain ids"),
    ("print(a)", "'print(a)' is not a comparison", "write it like"),
    ("__import__('os').system('ls')", "is not a comparison", "write it like"),
    ("a == x[0]", "'x[0]' is not an id", "use the plain ids"),
    ("a in x", "'x' is not a list of options", "write `issue in [a, b]`"),
    ("a in []", "'[]' is not a list of options", "write `issue in [a, b]`"),
    ("a in (x)", "'x' is not a list of options", "write `issue in [a, b]`"),
    ("a in [*x]", "'*x' is not an id", "use the plain ids"),
    ("a in [x for x in y]", "is not a condition", "write it like"),
    ("a in [x, [y]]", "'[y]' is not an id", "use the plain ids"),
    ("a in {x: y}", "'{x: y}' is not a list of options", "write `issue in [a, b]`"),
    ("[a == x]", "is not a comparison", "write it like"),
    ("lambda: a == x", "is not a condition", "write it like"),
    ("(a := x)", "'(a := x)' is not a comparison", "write it like"),
    ("(a := b) == x", "is not an id", "use the plain ids"),
    ("a == x if b == y else c == z", "is not a condition", "write it like"),
    ("yield", "'yield' is not a comparison", "write it like"),
    ("await a == x", "is not a condition", "write it like"),
    ("not a", "'a' is not a comparison", "write it like"),
    ("~a == x", "'~a' is not an id", "use the plain ids"),
    ("a == x + y", "'x + y' is not an id", "use the plain ids"),
    ("a == x or b", "'b' is not a comparison", "write it like"),
    ("a == x # and b == y", "a condition has no room for a comment (`#`)", "write it under `because:`"),
    ("a == \\\n x", "is not a condition", "write it like"),
    ("a == x\0", "is not a condition", "write it like"),
    ("\ud800 == x", "is not a condition", "write it like"),
    ("a == " + "x" * 4_000, "a condition of 4,005 characters is too long", "split it in several"),
    (" or ".join(["a == x"] * 500), "characters is too long", "split it in several"),
    ("(" * 41 + "a == x" + ")" * 41, "too many brackets or negations", "write it more simply"),
    ("not " * 161 + "a == x", "too many brackets or negations", "write it more simply"),
    ("a == " + "-" * 3_900 + "x", "is not", "write it like"),
    ("a == " + "-" * 600 + "x", "'…' is not an id", "use the plain ids"),
    ("a" + ".b" * 1_900 + " == x", "is not an id", "use the plain ids"),
    ("a == " + "[" * 39 + "]" * 39, "is not an id", "use the plain ids"),
    ("(" * 30 + "a == x" + ")" * 29, "is not a condition", "write it like"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message", "way_out"), REFUSED, ids=[ascii(row[0][:40]) for row in REFUSED])
def test_what_is_refused_says_why_and_what_to_write(text, message, way_out):
    with pytest.raises(ConditionFault) as caught:
        parse(text)
    assert message in caught.value.message or (len(text) > 3_000 and "is not" in message)
    assert way_out in caught.value.way_out or len(text) > 3_000
    assert conditions._MARK not in caught.value.message
    assert len(caught.value.message) < 200


def test_long_and_deep_conditions_within_the_limits_are_read():
    assert len(list(mentions(parse(" or ".join(["a == x"] * 390))))) == 390
    assert holds(parse("(" * 40 + "a == x" + ")" * 40), {"a": "x"})
    assert holds(parse("not " * 160 + "a == x"), {"a": "x"})


@given(st.one_of(st.text(max_size=40), st.text("ab xy=!()[],'#.:+-{}*\\\n01", max_size=60)))
@settings(max_examples=300, deadline=None)
def test_any_text_parses_or_is_refused(text):
    found = parsed_or_refused(text)
    if isinstance(found, ConditionFault):
        assert found.message
        assert found.way_out
    else:
        assert issues_of(found)
        assert holds(found, dict.fromkeys(issues_of(found), "x")) in (True, False)


def parsed_or_refused(text: str) -> conditions.Condition | ConditionFault:
    try:
        return parse(text)
    except ConditionFault as fault:
        return fault


def test_a_condition_in_a_case_is_refused_at_its_place():
    text = edited(SMALL, ("forbid: hours == half and fee == free", "forbid: hours == half and fee = free"))
    (fault,) = faults_of(text)
    assert fault.key == "constraints.0.forbid"
    assert fault.message == "'hours == half and fee = free' is not a condition"
    assert fault.way_out == "write it like `hours == half and fee in [free, low]`"


def test_python_words_serve_as_ids_in_a_case():
    text = SMALL.replace("hours", "return").replace("half", "with_all").replace("dawn", "is")
    case = case_of(text)
    assert holds(parse(case.constraints[0].forbid), {"return": "with_all", "fee": "free"})
