"""A profile of GENIUS XML: weights, evaluations, reservation and discount of one party."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator

from winset.errors import clip
from winset.formats.genius_tree import (
    Domain,
    Range,
    issues_of,
    key_of,
    range_of,
    space_of,
    strays_of,
    weights_of,
)
from winset.formats.markup import Element
from winset.formats.outside import Reader
from winset.formats.scenario import Profile, repeated_item

_SAME = "give the profile the issues and items of the domain"


def read_profile(root: Element, domain: Domain, name: str, reader: Reader) -> Profile:
    """The profile that a file states for a domain; what is wrong with it is noted."""
    before = len(reader.faults)
    space = space_of(root)
    issues = _matched(list(issues_of(space)), domain, reader)
    weights = {id(issue): weight for issue, weight in weights_of(space, reader)}
    scores = [
        _scores(issue, domain, place, reader) if issue is not None else ()
        for place, issue in enumerate(issues)
    ]
    reservation = _value(space, "reservation", reader)
    discount = _value(space, "discount_factor", reader)
    found = [weights.get(id(issue), 0.0) for issue in issues]
    if len(reader.faults) == before and math.fsum(found) == 0:
        message = "the weights of all issues are 0, so every package is worth the same"
        reader.refuse(message, "give the issues weights above 0", "weight")
    remarks = (*strays_of(space), *_repeats(space)) if len(reader.faults) == before else ()
    return Profile(name, tuple(found), tuple(scores), reservation or 0.0, discount, (), remarks)


def _value(space: Element, tag: str, reader: Reader) -> float | None:
    """The value of a tag such as <reservation>; None where it is missing."""
    found = space.all(tag)
    if len(found) > 1:
        reader.refuse(f"there are {len(found)} of <{tag}>", "keep one", tag, found[1].line)
    return reader.number(found[0].attributes.get("value"), tag, found[0].line, low=0.0) if found else None


def _matched(issues: list[Element], domain: Domain, reader: Reader) -> list[Element | None]:
    """The profile's issue for each of the domain's: by name, else by index where the items are the same."""
    names = {topic.name: place for place, topic in enumerate(domain.topics)}
    indexes = {index: place for place, index in enumerate(domain.indexes)}
    found: list[Element | None] = [None] * len(domain.topics)
    for issue in issues:
        place = names.get(issue.attributes.get("name", ""))
        if place is None:
            place = indexes.get(issue.attributes.get("index", ""))
            place = place if place is not None and _same_items(issue, domain, place) else None
        if place is None:
            reader.refuse(
                "the domain has no such issue, so this is a profile of another domain",
                _SAME,
                key_of(issue),
                issue.line,
            )
        elif found[place] is not None:
            reader.refuse(
                "the profile has this issue twice", "keep one of the two", key_of(issue), issue.line
            )
        else:
            found[place] = issue
    for topic, match in zip(domain.topics, found, strict=True):
        if match is None:
            reader.refuse(
                "the profile does not have this issue of the domain", _SAME, f"issue '{topic.name}'"
            )
    return found


def _same_items(issue: Element, domain: Domain, place: int) -> bool:
    values = [item.attributes.get("value", "") for item in issue.all("item")]
    return bool(values) and sorted(values) == sorted(domain.topics[place].values)


def _scores(issue: Element, domain: Domain, place: int, reader: Reader) -> tuple[float, ...]:
    limits, ours = domain.ranges[place], range_of(issue, reader)
    if limits is None and ours is None:
        return _discrete(issue, domain.topics[place].values, reader)
    if limits != ours:
        message = "is of another kind or range than in the domain"
        reader.refuse(message, _SAME, key_of(issue), issue.line)
        return ()
    assert limits is not None
    return _integer(issue, limits, reader)


def _repeats(space: Element) -> Iterator[str]:
    """Remarks on items that stand twice: as in a table by value, the last evaluation counts."""
    for issue in issues_of(space):
        counts = Counter(item.attributes.get("value", "") for item in issue.all("item"))
        for value, times in counts.items():
            if times > 1:
                yield repeated_item(issue.attributes.get("name", ""), value)


def _discrete(issue: Element, values: tuple[str, ...], reader: Reader) -> tuple[float, ...]:
    """The evaluations of the items in the domain's order, divided by the largest of them."""
    given: dict[str, float] = {}
    key = key_of(issue)
    known = set(values)
    for item in issue.all("item"):
        value, at = item.attributes.get("value", ""), f"{key} item '{clip(item.attributes.get('value', ''))}'"
        if value not in known:
            reader.refuse("the domain has no such item", _SAME, at, item.line)
        if "evaluation" not in item.attributes:
            message = "the item has no evaluation"
            reader.refuse(message, 'write evaluation="0" if it is worth nothing', at, item.line)
            given[value] = 0.0
        else:
            given[value] = reader.number(item.attributes["evaluation"], at, item.line, low=0.0)
    missing = [value for value in values if value not in given]
    if missing:
        shown = ", ".join(f"'{clip(value)}'" for value in missing[:3])
        more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""
        way_out = 'add them with their evaluation, evaluation="0" if they are worth nothing'
        reader.refuse(f"the profile leaves out items of the domain: {shown}{more}", way_out, key, issue.line)
    largest = max(given.values(), default=0.0)
    return tuple(given.get(value, 0.0) / largest if largest else 0.0 for value in values)


def _integer(issue: Element, limits: Range, reader: Reader) -> tuple[float, ...]:
    """A line through the whole numbers, kept within 0 and 1."""
    key, found = key_of(issue), issue.all("evaluator")
    if len(found) != 1 or found[0].attributes.get("ftype", "linear") != "linear":
        kinds = ", ".join(clip(one.attributes.get("ftype", "linear")) for one in found) or "none"
        way_out = 'give it one <evaluator ftype="linear" offset="..." slope="..."/>'
        reader.refuse(
            f"an integer issue needs one linear evaluator; it has: {kinds}", way_out, key, issue.line
        )
        return ()
    line = found[0].line
    offset = reader.number(found[0].attributes.get("offset"), f"{key} offset", line)
    slope = reader.number(found[0].attributes.get("slope"), f"{key} slope", line)
    return tuple(min(max(offset + slope * step, 0.0), 1.0) for step in range(limits.high - limits.low + 1))
