"""The small boolean language of `forbid:` and `when:`.

`issue == option`, `issue != option`, `issue in [a, b]`, `issue not in [a, b]`, `and`, `or`, `not`,
brackets. The text is parsed with Python's `ast`, checked against a whitelist, and never evaluated.
"""

from __future__ import annotations

import ast
import keyword
import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from winset.errors import clip

MAX_LENGTH = 4_000
MAX_BRACKETS = 40
_OURS = frozenset({"and", "or", "not", "in"})
_TAKEN = sorted(set(keyword.kwlist) - _OURS - {"True", "False", "None"})
# Ids may be words that Python keeps for itself (`return`, `with`): they are marked while it parses, by
# capitals, which no id has.
_MARK = "_ID"
_TAKEN_WORD = re.compile(rf"\b({'|'.join(_TAKEN)})\b")
_OPTION_KEY = re.compile(r"([a-z][a-z0-9_]*)\.([a-z][a-z0-9_]*)\Z")
_EXAMPLE = "write it like `hours == half and fee in [free, low]`"


@dataclass(frozen=True, slots=True)
class Is:
    """The issue takes one of the options."""

    issue: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The inner condition does not hold."""

    inner: Condition


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """At least one part holds."""

    parts: tuple[Condition, ...]


Condition = Is | Not | All | Any


class ConditionFault(ValueError):
    """A condition that cannot be read; carries the way out."""

    def __init__(self, message: str, way_out: str = _EXAMPLE) -> None:
        self.message, self.way_out = message, way_out
        super().__init__(message)


@lru_cache(maxsize=4096)
def parse(text: str) -> Condition:
    """The condition that `text` states; ConditionFault when it is not in the language."""
    if len(text) > MAX_LENGTH or text.count("(") + text.count("[") > 4 * MAX_BRACKETS:
        raise ConditionFault(f"a condition of {len(text):,} characters is too long", "split it in several")
    if _bracket_depth(text) > MAX_BRACKETS or text.count("not") > 4 * MAX_BRACKETS:
        raise ConditionFault("too many brackets or negations inside each other", "write it more simply")
    if "#" in text:
        raise ConditionFault("a condition has no room for a comment (`#`)", "write it under `because:`")
    marked = _TAKEN_WORD.sub(rf"\1{_MARK}", " ".join(text.split()))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(marked, mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise ConditionFault(f"'{clip(text)}' is not a condition") from None
    return _convert(tree.body)


def red_line(key: str) -> Condition:
    """The condition that a red line's key states: `issue.option`, or a condition in full."""
    option = _OPTION_KEY.match(key)
    return Is(option[1], (option[2],)) if option else parse(key)


def _bracket_depth(text: str) -> int:
    depth = deepest = 0
    for character in text:
        depth += (character in "([{") - (character in ")]}")
        deepest = max(deepest, depth)
    return deepest


def _convert(node: ast.expr) -> Condition:
    if isinstance(node, ast.BoolOp):
        parts = tuple(_convert(value) for value in node.values)
        return All(parts) if isinstance(node.op, ast.And) else Any(parts)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return Not(_convert(node.operand))
    if isinstance(node, ast.Compare):
        return _comparison(node)
    raise ConditionFault(f"'{_shown(node)}' is not a comparison of an issue with an option")


def _comparison(node: ast.Compare) -> Condition:
    if len(node.ops) != 1:
        raise ConditionFault(f"'{_shown(node)}' chains comparisons", "join two comparisons with `and`")
    issue, operator, right = _word(node.left), node.ops[0], node.comparators[0]
    if isinstance(operator, ast.Eq | ast.NotEq):
        single = Is(issue, (_word(right),))
        return single if isinstance(operator, ast.Eq) else Not(single)
    if isinstance(operator, ast.In | ast.NotIn):
        several = Is(issue, _words(right))
        return several if isinstance(operator, ast.In) else Not(several)
    raise ConditionFault(f"'{_shown(node)}' uses a sign other than ==, != and in")


def _words(node: ast.expr) -> tuple[str, ...]:
    if not isinstance(node, ast.List | ast.Tuple | ast.Set) or not node.elts:
        raise ConditionFault(f"'{_shown(node)}' is not a list of options", "write `issue in [a, b]`")
    return tuple(_word(element) for element in node.elts)


def _word(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id.removesuffix(_MARK)
    raise ConditionFault(
        f"'{_shown(node)}' is not an id", "use the plain ids of issues and options, unquoted"
    )


def _shown(node: ast.expr) -> str:
    try:
        return clip(ast.unparse(node).replace(_MARK, ""))
    except RecursionError:
        return "…"


def holds(condition: Condition, package: Mapping[str, str]) -> bool:
    """Whether `condition` holds in `package` (issue id to option id; every issue named must be there)."""
    match condition:
        case Is(issue, options):
            return package[issue] in options
        case Not(inner):
            return not holds(inner, package)
        case All(parts):
            return all(holds(part, package) for part in parts)
        case Any(parts):
            return any(holds(part, package) for part in parts)


def mentions(condition: Condition) -> Iterator[tuple[str, str]]:
    """Every (issue id, option id) that the condition names, in reading order."""
    match condition:
        case Is(issue, options):
            yield from ((issue, option) for option in options)
        case Not(inner):
            yield from mentions(inner)
        case All(parts) | Any(parts):
            for part in parts:
                yield from mentions(part)


def issues_of(condition: Condition) -> tuple[str, ...]:
    """The issues that the condition names, each once, in reading order."""
    return tuple(dict.fromkeys(issue for issue, _ in mentions(condition)))
