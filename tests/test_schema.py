"""The schema, the reference page and the model say the same."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import jsonschema
import pytest
from pydantic import BaseModel

from tests.helpers import CATALOGUE, FULL, SMALL, case_of, edited, plain
from tests.loaded import LOADED, parts
from winset.case import reference
from winset.case.model import SECTIONS_TO_COME, Case
from winset.errors import CaseError

VALIDATOR = jsonschema.Draft202012Validator(reference.schema())


def test_the_schema_is_a_json_schema():
    jsonschema.Draft202012Validator.check_schema(reference.schema())
    assert json.loads(json.dumps(reference.schema())) == reference.schema()
    assert reference.schema()["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize(
    "text", [*(path.read_text("utf-8") for path in CATALOGUE), SMALL, FULL], ids=[*LOADED, "small", "full"]
)
def test_the_schema_takes_sound_cases(text):
    assert [error.message for error in VALIDATOR.iter_errors(plain(text))] == []


FORMS = [
    ("status_quo: The well stays locked.", "status_quo: 12"),
    ("    walk_away: 32", "    walk_away: {low: 30, high: 34, shape: uniform}"),
    ("half: Half the day}", "half: {label: 0.5, position: 70}}"),
    ("more_than: 1/2", "more_than: 0.5"),
    ("{order: [none, dawn, half]}", "{order: [[none, dawn], half]}"),
    ("presses: [lower]", "presses: lower"),
    (
        "because: The pump runs dry in August",
        "because: {text: It runs dry, source: [minutes, judgement]}",
    ),
]


@pytest.mark.parametrize(("old", "new"), FORMS, ids=[new[:40] for _, new in FORMS])
def test_the_schema_takes_every_form_that_the_reader_takes(old, new):
    text = edited(SMALL, (old, new))
    assert case_of(text)
    assert list(VALIDATOR.iter_errors(plain(text))) == []


REJECTED = [
    ("winset: 1", "winset: one"),
    ("title: A well\n", ""),
    ("title: A well", "titel: A well"),
    ("title: A well", "title: [A well]"),
    ("    title: Yearly fee\n", ""),
    ("    title: Yearly fee", "    title: Yearly fee\n    tier: main"),
    ("options: {free: Free, low: 100, high: 400}", "options: [free, low, high]"),
    ("half: Half the day}", "half: {lable: Half the day}}"),
    ("half: Half the day}", "half: {label: Half, position: 120}}"),
    ("    walk_away: 32\n", ""),
    ("    walk_away: 32", "    walk_away: '32'"),
    ("    walk_away: 32", "    walk_away: [30, 32]"),
    ("    walk_away: 32", "    walk_away: {low: 30, mode: 32}"),
    ("    walk_away: 32", "    walk_away: {low: 30, mode: 32, high: 34, shape: normal}"),
    ("dawn: 40", "dawn: 101"),
    ("weights: {hours: 60, fee: 40}", "weights: {hours: -60, fee: 40}"),
    ("{hours.half: 0.4}", "{hours.half: 40}"),
    ("{order: [hours, fee]}", "{order: []}"),
    ("    name: Lower village", "    name: Lower village\n    role: mediator"),
    ("{quota: {more_than: 1/2}}", "{quotum: {more_than: 1/2}}"),
    ("{quota: {more_than: 1/2}}", "{faction: council, party: upper}"),
    ("{quota: {more_than: 1/2}}", "{all_of: []}"),
    ("{quota: {more_than: 1/2}}", "{quota: {more_than: a half}}"),
    ("{quota: {more_than: 1/2}}", "{quota: {more_than: 1.5}}"),
    ("{quota: {more_than: 1/2}}", "{at_least: 0, of: [{faction: council}]}"),
    ("  - {id: no_free_half, forbid: hours == half and fee == free}", "  - {id: no_free_half}"),
    ("{for: lower, when", "{for_: lower, when"),
    ("  may: {date: 2026-05-01, package: {hours: dawn, fee: low}}", "  may: [dawn, low]"),
    ("on_the_table: may", "exchange: {}"),
]


@pytest.mark.parametrize(("old", "new"), REJECTED, ids=[new.strip()[:44] or old for old, new in REJECTED])
def test_the_schema_rejects_what_the_reader_refuses(old, new):
    text = edited(SMALL, (old, new))
    assert list(VALIDATOR.iter_errors(plain(text)))
    with pytest.raises(CaseError):
        case_of(text)


def sections() -> dict[str, str]:
    """The sections of the reference page by their heading."""
    return dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", reference.page(), re.MULTILINE | re.DOTALL))


def models() -> Iterator[tuple[str, type[BaseModel]]]:
    seen = {type(part): part for part in parts(case_of(FULL)) if isinstance(part, BaseModel)}
    yield from (("The case" if kind is Case else kind.__name__, kind) for kind in seen)


def test_the_reference_page_has_every_key_of_the_model():
    found = sections()
    for heading, kind in models():
        keys = [info.alias or name for name, info in kind.model_fields.items()]
        text = found[heading]
        for key, info in zip(keys, kind.model_fields.values(), strict=True):
            if "| key |" not in text:  # an estimate: its three forms stand in a sentence
                assert key in re.findall(r"\w+", text), (heading, key)
                continue
            shown = f"| **{key}** |" if info.is_required() else f"| {key} |"
            assert shown in text, (heading, key)
            assert text.split(shown)[1].split("|")[0].strip(), (heading, key)


def test_the_reference_page_has_no_dead_links_and_names_what_is_to_come():
    page = reference.page()
    headings = {name.lower() for name in sections()}
    assert set(re.findall(r"\]\(#([^)]+)\)", page)) <= headings
    for name, what in SECTIONS_TO_COME.items():
        assert f"- `{name}`: {what}" in page
