"""A case whose exchange is being carried out, ledgers of it, and what adding may change."""

from __future__ import annotations

from typing import Any

import pytest

from tests.helpers import SMALL, as_yaml, assert_presentable, case_of
from winset.case.ledger import Entry, Ledger
from winset.case.ledger.read import parse_ledger
from winset.errors import CaseError

EXCHANGE = """\
exchange:
  obligations:
    key: {by: upper, what: Hands over the key, worth: {lower: 5}}
    water: {by: upper, what: Lets water through, lots: 6, unit: a week, worth: {lower: 12, upper: -4}}
    fees: {by: lower, what: Pays the fee, lots: 4, worth: {upper: 8, lower: -6}}
  schedules:
    written:
      title: As written
      steps:
        - {day: 0, by: upper, does: {key: 1}}
        - {day: 2, by: lower, does: {fees: 2}}
        - {day: 5, by: [upper, lower], does: {water: 6, fees: 2}, kind: escrow}
    fees_first:
      steps:
        - {day: 1, by: lower, does: {fees: 4}}
        - {day: 9, by: upper, does: {key: 1, water: 6}}
"""
WELL: Any = case_of(SMALL + EXCHANGE, id="well")
OWED = {"key": 1, "water": 6, "fees": 4}

HEAD = "ledger: 1\ncase: well\nsigned: 2026-05-01\n"
LEDGER = f"""{HEAD}entries:
  - {{obligation: key, lots: 1, day: 0, reported_by: upper, as: verified}}   # at noon
  # The clerk was there.
  - obligation: fees
    lots: 2
    date: 2026-05-03
    reported_by: district
    status: 2
    as: alleged
    source: A letter
    note: >
      Paid in coins,
      it is said.

# To be gone on with.
"""
KEY = {"obligation": "key", "lots": 1, "day": 0}
WATER = {"obligation": "water", "lots": 2, "day": 6, "as": "verified", "note": "Two weeks: fine # so far"}


def ledger_of(text: str | bytes) -> Ledger:
    """The ledger of the well that a sound text states."""
    return parse_ledger(text if isinstance(text, bytes) else text.encode(), WELL)


def of_entries(*entries: dict[str, Any], **head: Any) -> Ledger:
    return ledger_of(as_yaml({"ledger": 1, "case": "well", **head, "entries": list(entries)}))


def refusal(text: str | bytes, case: Any = WELL) -> CaseError:
    """The error for which a text is refused, fit to be shown."""
    with pytest.raises(CaseError) as caught:
        parse_ledger(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"), case)
    assert_presentable(caught.value, text, "ledger.yaml")
    return caught.value


def assert_only_added(old: bytes, new: bytes) -> None:
    """The new bytes are the old ones with something put in at one place."""
    assert len(new) > len(old)
    assert common(old, new) + common(old[::-1], new[::-1]) >= len(old), (old, new)


def common(one: bytes, other: bytes) -> int:
    """How many bytes the two begin with alike."""
    return next(
        (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )


def said_in(entries: tuple[Entry, ...]) -> list[dict[str, Any]]:
    """The entries; a text at the very end of a file gains its line end when something comes below it."""
    return [{**dict(entry), "note": entry.note and entry.note.rstrip("\n")} for entry in entries]
