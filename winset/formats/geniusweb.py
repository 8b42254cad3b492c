"""GeniusWeb JSON: a folder with a `LinearAdditiveUtilitySpace` for each party; a bid is the reservation."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

from winset.case.model import Case
from winset.errors import clip, suggestion
from winset.formats import geniusweb_write, sheets
from winset.formats.outside import MAX_OPTIONS, Reader
from winset.formats.scenario import Topic
from winset.formats.sheets import Sheet

ID = "geniusweb"
TITLE = "GeniusWeb JSON"
_SPACE = "LinearAdditiveUtilitySpace"
_HEAD = re.compile(rb'\s*(\xef\xbb\xbf)?\s*\{\s*"LinearAdditiveUtilitySpace"\s*:')
_ROUNDING = 1e-9

save = geniusweb_write.save


def recognises(path: Path) -> bool:
    """Whether the path is a profile of GeniusWeb, or a folder that holds some."""
    return sheets.any_belongs(path, _belongs)


def _belongs(head: bytes) -> bool:
    return bool(_HEAD.match(head))


def load(path: Path) -> Case:
    """Read a profile or a folder of them; CaseError with all faults."""
    return sheets.load_sheets(path, _belongs, _read, "GeniusWeb")


def _read(data: Any, reader: Reader) -> Sheet:
    space = reader.table(reader.table(data, "profile").get(_SPACE), _SPACE)
    domain = reader.table(space.get("domain"), "domain")
    values = reader.table(domain.get("issuesValues"), "domain issuesValues")
    topics = tuple(_topic(name, given, reader) for name, given in values.items())
    names = {topic.name: topic for topic in topics}
    utilities = reader.table(space.get("issueUtilities"), "issueUtilities")
    for name in utilities:
        if name not in names:
            way_out = suggestion(name, names)
            reader.refuse("the domain has no such issue", way_out, f"issueUtilities '{name}'")
    scores = {name: _scores(topic, utilities.get(name), reader) for name, topic in names.items()}
    weights = sheets.weights_in(space.get("issueWeights"), names, reader)
    total = math.fsum(weights.values())
    if total and abs(total - 1) > _ROUNDING:
        message = f"the weights sum to {total:.12g}; GeniusWeb takes none but those that sum to 1"
        reader.refuse(message, "make them sum to 1", "issueWeights")
    bid = _bid(space.get("reservationBid"), names, reader)
    worth = math.fsum(weights[name] * scores[name].get(value, 0.0) for name, value in bid.items())
    title = domain.get("name")
    return Sheet(topics, weights, scores, worth, None, bid, title.strip() if isinstance(title, str) else "")


def _topic(name: str, given: object, reader: Reader) -> Topic:
    key = f"domain issue '{name}'"
    table = reader.table(given, key)
    if "range" in table:
        return _range(name, table["range"], key, reader)
    values = table.get("values")
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        message = f"expects `values` or `range`, has {clip(given)}"
        reader.refuse(message, 'write {"values": ["a text", ...]} or {"range": [low, high, step]}', key)
        return Topic(name, ())
    return Topic(name, tuple(values))


def _range(name: str, given: object, key: str, reader: Reader) -> Topic:
    """The numbers of a range, from its low end in steps as far as its high end."""
    if not isinstance(given, list) or len(given) != 3:
        reader.refuse(f"expects a range, has {clip(given)}", "write [low, high, step]", f"{key} range")
        return Topic(name, ())
    low, high, step = (Decimal(repr(reader.number(number, f"{key} range"))) for number in given)
    if step <= 0 or high < low:
        message = f"the range from {low} to {high} in steps of {step} is empty"
        reader.refuse(message, "write low <= high and a step above 0", f"{key} range")
        return Topic(name, ())
    count = int((high - low) / step) + 1
    if count > MAX_OPTIONS:
        message = f"has {count:,} numbers, more than the {MAX_OPTIONS:,} that are read"
        reader.refuse(message, "use wider steps or a smaller range", f"{key} range")
        return Topic(name, ())
    return Topic(name, tuple(_plain(low + place * step) for place in range(count)), _plain(step))


def _plain(number: Decimal) -> str:
    """A number as people write it: no exponent, no zeros at the end."""
    text = f"{number:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) if number else "0"


def _scores(topic: Topic, given: object, reader: Reader) -> dict[str, float]:
    key = f"issueUtilities '{topic.name}'"
    if given is None:
        reader.refuse("the issue has no utilities", "add them", key)
        return {}
    table = reader.table(given, key)
    if "numberutils" in table:
        found = _numbers(topic, reader.table(table["numberutils"], key), key, reader)
    else:
        found = _values(topic, reader.table(table.get("discreteutils"), f"{key} discreteutils"), key, reader)
    for value, number in found.items():
        if number > 1:
            message = f"{number:g} is more than 1, and utilities go from 0 to 1"
            reader.refuse(message, "write a number from 0 to 1", f"{key} value '{value}'")
    return found


def _values(topic: Topic, table: dict[str, Any], key: str, reader: Reader) -> dict[str, float]:
    given = reader.table(table.get("valueUtilities"), f"{key} valueUtilities")
    known = set(topic.values)
    for value in given:
        if value not in known:
            way_out = suggestion(value, topic.values)
            reader.refuse("the domain has no such value", way_out, f"{key} value '{value}'")
    for value in topic.values:
        if value not in given:
            way_out = "add it, 0 if it is worth nothing"
            reader.refuse("the value has no utility", way_out, f"{key} value '{value}'")
    return {value: reader.number(n, f"{key} value '{value}'", low=0.0) for value, n in given.items()}


def _numbers(topic: Topic, table: dict[str, Any], key: str, reader: Reader) -> dict[str, float]:
    """The straight line between the two ends, at every number of the domain."""
    if topic.step is None:
        message = "numbers from low to high are for an issue with a range, and this one has `values`"
        reader.refuse(message, 'write {"discreteutils": {"valueUtilities": {...}}}', key)
        return {}
    ends = {end: reader.number(table.get(end), f"{key} {end}") for end in ("lowValue", "highValue")}
    worth = {
        end: reader.number(table.get(end), f"{key} {end}", low=0.0) for end in ("lowUtility", "highUtility")
    }
    low, width = ends["lowValue"], ends["highValue"] - ends["lowValue"]
    numbers = {value: float(value) for value in topic.values}
    if width <= 0 or min(numbers.values()) < low or max(numbers.values()) > ends["highValue"]:
        message = f"the range of the domain is not within {low:g} to {ends['highValue']:g}"
        reader.refuse(message, "let lowValue and highValue be the ends of the range", key)
        return {}
    rise = worth["highUtility"] - worth["lowUtility"]
    return {value: worth["lowUtility"] + rise * ((n - low) / width) for value, n in numbers.items()}


def _bid(given: object, topics: dict[str, Topic], reader: Reader) -> dict[str, str]:
    """The values that the reservation bid gives, each as the domain writes it."""
    key = "reservationBid"
    if given is None:
        return {}
    table = reader.table(reader.table(given, key).get("issuevalues"), f"{key} issuevalues")
    found: dict[str, str] = {}
    for name, value in table.items():
        if name not in topics:
            reader.refuse("the domain has no such issue", suggestion(name, topics), f"{key} '{name}'")
            continue
        text = value
        if isinstance(value, int | float) and not isinstance(value, bool):
            text = _plain(Decimal(repr(reader.number(value, f"{key} '{name}'"))))
        if not isinstance(text, str) or text not in topics[name].values:
            message = f"the domain has no such value: {clip(value)}"
            reader.refuse(message, suggestion(str(text), topics[name].values), f"{key} '{name}'")
            continue
        found[name] = text
    return found
