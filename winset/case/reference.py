"""The JSON Schema of the case file and its reference page, generated from the model."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from winset.case.model import SECTIONS_TO_COME, Case

_INTRODUCTION = """# The case file: reference

Generated from the model by `winset schema --page`; do not edit. `winset schema` prints the JSON Schema
that editors use for completion.

One YAML 1.2 (or JSON) file states a case. Ids are `snake_case`; a thing inside another is named with a
dot (`israel.pm`, `hostages.all_72h`). Every key is listed with what it takes; keys in **bold** must be
there. `source:` names entries of `sources`, or `judgement`; a number without any source is shown as an
analyst's judgement.
"""


_FIRST_RULE = "OfFaction"
_RULES = (
    "Trees that say whose consent carries a party (`ratification`), or a table of parties (`table_rule`). "
    "A rule has one of the keys `faction`, `party`, `all_of`, `any_of`, `at_least` (with `of`), `quota`, "
    "`not_blocked_by`, `referendum`."
)
_TITLED = {"Ids": "an id or a list of ids", "Share": "a share such as 2/3 or 0.6"}
_COMMON = {
    "because": "why",
    "date": "the day",
    "id": "the id by which levers and answers name it",
    "name": "the name to print; each side's own",
    "note": "anything a reader should know",
    "people": "who they are",
    "source": "ids of `sources`, or `judgement`",
    "title": "the name to print",
    "until": "the last day",
    "what": "what it is, in a sentence",
}
_ESTIMATE = "a number, `[low, mode, high]`, or `{low, mode, high, shape, source, by, note}`"


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of the case file."""
    made = Case.model_json_schema(by_alias=True, mode="validation")
    made["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    made["title"] = "winset case file"
    return made


def page() -> str:
    """The reference page in Markdown: the case, then its parts in the order they are met."""
    made = schema()
    lines = [_INTRODUCTION, *_model("The case", made)]
    for name in _met(made, made["$defs"]):
        definition = made["$defs"][name]
        lines += ["## Rules", "", _RULES, ""] if name == _FIRST_RULE else []
        inner = _properties(definition)
        if inner is not None:
            lines += _model(name, {**inner, "description": definition.get("description", "")})
        else:
            lines += [f"## {name}", "", f"{definition['description'].capitalize()}: {_ESTIMATE}.", ""]
    lines += ["## Sections to come", ""]
    lines += [f"- `{name}`: {what}" for name, what in SECTIONS_TO_COME.items()]
    return "\n".join(lines) + "\n"


def _met(part: Any, definitions: dict[str, Any], seen: dict[str, None] | None = None) -> dict[str, None]:
    """Names of definitions in the order a reader of `part` meets them."""
    seen = {} if seen is None else seen
    if isinstance(part, dict):
        for key, value in part.items():
            if key == "$ref" and _name(value) not in seen:
                seen[_name(value)] = None
                _met(definitions[_name(value)], definitions, seen)
            elif key != "$defs":
                _met(value, definitions, seen)
    elif isinstance(part, list):
        for value in part:
            _met(value, definitions, seen)
    return seen


def _properties(definition: dict[str, Any]) -> dict[str, Any] | None:
    """The long form of a definition with keys; None for an estimate, which has three forms."""
    forms = [definition, *definition.get("anyOf", [])]
    if any(form.get("maxItems") == 3 for form in forms):
        return None
    found: dict[str, Any] = next(form for form in forms if "properties" in form)
    return found


def _model(name: str, definition: dict[str, Any]) -> Iterator[str]:
    yield f"## {name}"
    yield ""
    yield definition.get("description", "").split("\n")[0]
    yield ""
    yield "| key | takes | meaning |"
    yield "|---|---|---|"
    needed = definition.get("required", [])
    for key, takes in definition["properties"].items():
        shown = f"**{key}**" if key in needed else key
        meaning = takes.get("description") or _COMMON.get(key, "")
        yield f"| {shown} | {_takes(takes)}{_default(takes)} | {meaning} |"
    yield ""


def _default(takes: dict[str, Any]) -> str:
    value = takes.get("default")
    return "" if value in (None, {}, [], "") or isinstance(value, dict) else f"; default {value}"


def _takes(part: dict[str, Any]) -> str:
    """What may stand at a place, in a few words."""
    if part.get("title") in _TITLED:
        return _TITLED[part["title"]]
    if "$ref" in part:
        return f"[{_name(part['$ref'])}](#{_name(part['$ref']).lower()})"
    for union in ("anyOf", "oneOf"):
        if part.get(union, [{}])[0].get("$ref", "").endswith(f"/{_FIRST_RULE}"):
            return "a [rule](#rules)"
        if union in part:
            ways = dict.fromkeys(_takes(way) for way in part[union] if way.get("type") != "null")
            return " or ".join(ways)
    if "enum" in part:
        return " or ".join(f"`{value}`" for value in part["enum"])
    if "const" in part:
        return f"`{part['const']}`"
    if part.get("type") == "array":
        return f"list: {_takes(part['items'])}"
    if part.get("type") == "object":
        entries = part.get("additionalProperties")
        return f"by id: {_takes(entries)}" if isinstance(entries, dict) else "by path: any value"
    return _plain(part)


def _plain(part: dict[str, Any]) -> str:
    if part.get("type") == ["string", "number"]:
        return "text"
    kind = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false"}
    limits = f" {part['minimum']:g} to {part['maximum']:g}" if {"minimum", "maximum"} <= set(part) else ""
    if part.get("format") == "date":
        return "date (YYYY-MM-DD)"
    return kind.get(part.get("type", ""), "anything") + limits


def _name(reference: str) -> str:
    return reference.rsplit("/", 1)[-1]
