"""The parts of GENIUS XML: the tree of objectives with its weights, the issues, and the domain."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from winset.errors import clip
from winset.formats.markup import Element
from winset.formats.outside import MAX_OPTIONS, Reader
from winset.formats.scenario import Topic, check_topics, stray_weight

_SUM = 1e-6
_ENDS = ("lowerbound", "upperbound")


@dataclass(frozen=True, slots=True)
class Range:
    """The whole numbers that an integer issue can take."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Domain:
    """The issues of a scenario with their indexes and, of integer issues, ranges, all in one order."""

    title: str
    topics: tuple[Topic, ...]
    indexes: tuple[str, ...]
    ranges: tuple[Range | None, ...]


def kinds_of(domain: Domain) -> list[tuple[str, tuple[str, ...], bool]]:
    """What makes two domains the same: names, values and kinds of their issues."""
    return [(t.name, t.values, r is None) for t, r in zip(domain.topics, domain.ranges, strict=True)]


def key_of(issue: Element) -> str:
    """How messages name an issue."""
    return f"issue '{clip(issue.attributes.get('name', ''))}'"


def kind_of(issue: Element) -> str:
    """The kind of an issue, which stands in one of three attributes; discrete where none says it."""
    said = (issue.attributes.get(name, "") for name in ("vtype", "type", "etype"))
    return next((kind.strip().lower() for kind in said if kind.strip()), "discrete")


def space_of(root: Element) -> Element:
    """The utility space of a file, be it the root or inside the template."""
    inner = root.all("utility_space")
    return inner[0] if root.tag != "utility_space" and inner else root


def issues_of(holder: Element) -> Iterator[Element]:
    """All issues below an element, in the order of the file."""
    for child in holder.children:
        if child.tag == "issue":
            yield child
        elif child.tag == "objective":
            yield from issues_of(child)


def read_domain(root: Element, reader: Reader) -> Domain:
    """The domain that a file states; what is wrong with it is noted."""
    space = space_of(root)
    topics, indexes, ranges = [], [], []
    for issue in issues_of(space):
        limits = range_of(issue, reader)
        if limits is None:
            values = tuple(item.attributes.get("value", "") for item in issue.all("item"))
        else:
            values = tuple(str(number) for number in range(limits.low, limits.high + 1))
        step = None if limits is None else "1"
        topics.append(Topic(issue.attributes.get("name", ""), values, step, issue.line))
        indexes.append(issue.attributes.get("index", ""))
        ranges.append(limits)
    if not any(fault.file == reader.file for fault in reader.faults):
        check_topics(topics, reader)
    heads = [o.attributes.get("description", "").strip() for o in space.all("objective")]
    return Domain(next(iter(heads), ""), tuple(topics), tuple(indexes), tuple(ranges))


def range_of(issue: Element, reader: Reader) -> Range | None:
    """The range of an integer issue, None for a discrete one; other kinds are faults."""
    kind, key, line = kind_of(issue), key_of(issue), issue.line
    if kind == "discrete":
        return None
    if kind != "integer":
        known = "real-valued" if kind == "real" else f"of the kind '{clip(kind)}'"
        way_out = "make it a discrete or an integer issue, with the steps that can be agreed on"
        reader.refuse(
            f"the issue is {known}, and winset lists the ways to settle an issue", way_out, key, line
        )
        return None
    ends = [reader.number(issue.attributes.get(end), f"{key} {end}", line) for end in _ENDS]
    if any(not end.is_integer() for end in ends):
        reader.refuse(f"{ends[0]:g} to {ends[1]:g} are no whole numbers", "write whole numbers", key, line)
        return None
    low, high = map(int, ends)
    if high < low:
        reader.refuse(f"the range from {low} to {high} is empty", "write lowerbound <= upperbound", key, line)
    elif high - low >= MAX_OPTIONS:
        message = f"has {high - low + 1:,} whole numbers, more than the {MAX_OPTIONS:,} that are read"
        reader.refuse(message, "make the range smaller, or a discrete issue with wider steps", key, line)
    else:
        return Range(low, high)
    return None


def weights_of(holder: Element, reader: Reader, factor: float = 1.0) -> Iterator[tuple[Element, float]]:
    """Every issue below an element with its weight, those of nested objectives multiplied through."""
    own = own_weights(holder, reader)
    inner = holder.all("issue", "objective")
    # An objective that only groups others has no weights of its own.
    grouping = not own and not holder.all("issue")
    for child in inner:
        index, line = child.attributes.get("index", ""), child.line
        weight = 1.0 if grouping else own.get(index)
        if weight is None:
            key = (
                key_of(child)
                if child.tag == "issue"
                else f"objective '{clip(child.attributes.get('name', ''))}'"
            )
            message = f"there is no weight for its index '{clip(index)}'"
            reader.refuse(
                message, 'add <weight index="..." value="..."/>, 0 if it does not matter', key, line
            )
        elif child.tag == "issue":
            yield child, factor * weight
        else:
            if not grouping:
                _check_sum(child, reader)
            yield from weights_of(child, reader, factor * weight)


def _check_sum(objective: Element, reader: Reader) -> None:
    """A weighted objective inside another is clear only where its own weights sum to 1."""
    total = math.fsum(float(w) for w in own_weights(objective, Reader("", [])).values())
    if abs(total - 1) > _SUM:
        name = clip(objective.attributes.get("name", ""))
        message = f"the weights inside it sum to {total:g}, so what its own weight means is not clear"
        way_out = "make them sum to 1, or put its issues straight below the first objective"
        reader.refuse(message, way_out, f"objective '{name}'", objective.line)


def own_weights(holder: Element, reader: Reader) -> dict[str, float]:
    """The weights that stand in an element itself, by index."""
    found: dict[str, float] = {}
    for weight in holder.all("weight"):
        index = weight.attributes.get("index", "")
        key = f"weight of index '{clip(index)}'"
        if index in found:
            reader.refuse("the index has two weights", "keep one of the two", key, weight.line)
        found[index] = reader.number(weight.attributes.get("value"), key, weight.line, low=0.0)
    return found


def strays_of(holder: Element) -> Iterator[str]:
    """Remarks on the weights of indexes that nothing beside them has: GENIUS takes no notice of them."""
    indexes = {child.attributes.get("index") for child in holder.all("issue", "objective")}
    for weight in holder.all("weight"):
        index = weight.attributes.get("index", "")
        if index not in indexes:
            yield stray_weight(float(weight.attributes["value"]), index)
    for child in holder.all("objective"):
        yield from strays_of(child)
