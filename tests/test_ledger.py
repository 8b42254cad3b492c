"""The ledger after signing: what it adds up to, what is due, and what it refuses and where."""

from __future__ import annotations

import random
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.helpers import SMALL, as_yaml, assert_presentable, case_of, marked, plain, small
from tests.ledgers import (
    EXCHANGE,
    HEAD,
    KEY,
    LEDGER,
    OWED,
    WELL,
    assert_only_added,
    ledger_of,
    of_entries,
    refusal,
    said_in,
)
from winset.case.exchange import Schedule
from winset.case.ledger import Counting, add_entry, next_due, read_ledger
from winset.case.ledger.read import parse_ledger
from winset.errors import CaseError, NotApplicable, UnknownName


def test_a_ledger_is_read_as_it_is_written():
    ledger = ledger_of(LEDGER)
    assert [entry.obligation for entry in ledger.entries] == ["key", "fees"]
    assert [ledger.day_of(entry) for entry in ledger.entries] == [0, 2]
    assert ledger.entries[1].note == "Paid in coins, it is said.\n"
    assert ledger.entries[1].as_ == "alleged"
    assert ledger.delivered(WELL, counting="verified") == {"key": 1, "water": 0, "fees": 0}
    assert ledger.delivered(WELL, counting="alleged") == {"key": 1, "water": 0, "fees": 2}


def test_what_nobody_said_is_alleged_and_disputed_lots_never_count():
    ledger = of_entries(
        {"obligation": "water", "lots": 2, "day": 1},
        {"obligation": "water", "lots": 3, "day": 2, "as": "disputed"},
        {"obligation": "fees", "day": 2, "status": 1, "as": "verified"},
    )
    assert ledger.delivered(WELL, counting="verified") == dict.fromkeys(OWED, 0)
    assert ledger.delivered(WELL, counting="alleged") == {"key": 0, "water": 2, "fees": 0}


def test_a_report_that_settles_another_takes_its_lots_over():
    alleged = {"obligation": "water", "lots": 5, "day": 1}
    verified = {"obligation": "water", "lots": 3, "day": 2, "as": "verified", "settles": 1}
    disputed = {"obligation": "water", "lots": 2, "day": 3, "as": "disputed", "settles": 1}
    after = [
        of_entries(*entries) for entries in ([alleged], [alleged, verified], [alleged, verified, disputed])
    ]
    assert [ledger.left() for ledger in after] == [(5,), (2, 3), (0, 3, 2)]
    assert [ledger.delivered(WELL, counting="verified")["water"] for ledger in after] == [0, 3, 3]
    assert [ledger.delivered(WELL, counting="alleged")["water"] for ledger in after] == [5, 5, 3]


def random_entries(dice: random.Random) -> list[dict[str, Any]]:
    """Entries that a sound ledger of the well could hold, settling each other now and then."""
    entries: list[dict[str, Any]] = []
    for _ in range(dice.randrange(12)):
        entry: dict[str, Any] = {"obligation": dice.choice(list(OWED)), "day": dice.randrange(9)}
        entry["as"] = dice.choice(["alleged", "verified", "disputed"])
        if dice.random() < 0.2:
            entry["status"] = dice.randrange(4)
        else:
            entry["lots"] = dice.randint(1, 3)
            same = [n for n, other in enumerate(entries, 1) if other["obligation"] == entry["obligation"]]
            if same and dice.random() < 0.6:
                entry["settles"] = dice.choice(same)
        if twin([*entries, entry]) is not None:
            entries.append(entry)
    return entries


def twin(entries: list[dict[str, Any]]) -> dict[str, dict[str, int]] | None:
    """What was delivered, lot by lot from the definition; None where the ledger cannot be.

    A lot is a token that lies with the last entry that tells of it.
    """
    lying: list[list[str]] = []
    for entry in entries:
        lots = entry.get("lots", 0)
        if lots and "settles" in entry:
            source = lying[entry["settles"] - 1]
            if len(source) < lots:
                return None
            tokens = [source.pop() for _ in range(lots)]
        else:
            tokens = [entry["obligation"]] * lots
        lying.append(tokens)
        undisputed = Counter(
            t for e, ts in zip(entries, lying, strict=False) if e["as"] != "disputed" for t in ts
        )
        if any(undisputed[name] > most for name, most in OWED.items()) or lots > OWED[entry["obligation"]]:
            return None
    counted: dict[str, dict[str, int]] = {
        "verified": dict.fromkeys(OWED, 0),
        "alleged": dict.fromkeys(OWED, 0),
    }
    for entry, tokens in zip(entries, lying, strict=True):
        for token in tokens:
            counted["verified"][token] += entry["as"] == "verified"
            counted["alleged"][token] += entry["as"] in ("verified", "alleged")
    return counted


@pytest.mark.parametrize("seed", range(200))
def test_delivered_is_what_the_lots_say_one_by_one(seed: int):
    entries = random_entries(random.Random(seed))
    expected = twin(entries)
    assert expected is not None
    ledger = of_entries(*entries)
    before = ledger.model_dump()
    countings: tuple[Counting, ...] = ("verified", "alleged")
    for counting in countings:
        found = ledger.delivered(WELL, counting=counting)
        assert found == expected[counting]
        found["key"] = 99  # what is handed out is the caller's own
        assert ledger.delivered(WELL, counting=counting) == expected[counting]
    assert ledger.model_dump() == before


@pytest.mark.parametrize("seed", range(200))
def test_what_cannot_be_is_refused(seed: int):
    """An entry after which the lots do not come out, one by one, is refused, and no other."""
    dice = random.Random(1_000 + seed)
    entries = random_entries(dice)
    entry: dict[str, Any] = {"obligation": dice.choice(list(OWED)), "lots": dice.randint(1, 7), "day": 1}
    entry["as"] = dice.choice(["alleged", "verified", "disputed"])
    same = [n for n, other in enumerate(entries, 1) if other["obligation"] == entry["obligation"]]
    if same and dice.random() < 0.5:
        entry["settles"] = dice.choice(same)
    text = as_yaml({"ledger": 1, "case": "well", "entries": [*entries, entry]})
    if twin([*entries, entry]) is None:
        assert all(f.key.startswith(f"entries.{len(entries)}.") for f in refusal(text).faults)
    else:
        ledger_of(text)


def test_delivered_needs_the_obligations_it_speaks_of():
    ledger = ledger_of(LEDGER)
    with pytest.raises(NotApplicable, match="no `exchange`"):
        ledger.delivered(small(), counting="verified")
    other = case_of((SMALL + EXCHANGE).replace("fees", "dues"))
    with pytest.raises(UnknownName, match="no obligation 'fees'"):
        ledger.delivered(other, counting="verified")


# --- what is due next


def first_open(schedule: Schedule, delivered: dict[str, int]) -> tuple[int, dict[str, int]] | None:
    """The first step with a slot left, when lots are put into the slots one at a time."""
    hands = Counter(delivered)
    for number, step in enumerate(schedule.steps, 1):
        lacking: Counter[str] = Counter()
        for name, slots in step.does.items():
            for _ in range(slots):
                if hands[name]:
                    hands[name] -= 1
                else:
                    lacking[name] += 1
        if lacking:
            return number, dict(lacking)
    return None


@pytest.mark.parametrize("name", ["written", "fees_first"])
def test_due_next_is_the_first_step_with_a_lot_missing(name: str):
    schedule = WELL.exchange.schedules[name]
    for key in range(2):
        for water in range(7):
            for fees in range(5):
                delivered = {"key": key, "water": water, "fees": fees}
                due = next_due(schedule, delivered)
                found = None if due is None else (due.step, dict(due.lacking))
                assert found == first_open(schedule, delivered)
                assert due is None or due.day == schedule.steps[due.step - 1].day


# --- what is refused, and where

BROKEN = [
    ("entries:\n  - {«obligation: kee, lots: 1, day: 0}", "there is no obligation 'kee'; did you mean 'key'?"),
    ("entries:\n  - {obligation: water, «lots: 7, day: 0}", "7 lots of 'water' are more than there are, 6; write at most 6"),
    ("entries:\n  - {obligation: water, lots: 4, day: 0}\n  - {obligation: water, «lots: 3, day: 1, as: verified}",
     "this brings 'water' to 7 lots delivered, of 6; mend the lots, or add `settles: 1` if entry 1 tells of the same lots"),
    ("entries:\n  - {obligation: key, lots: 1, «day: -1}", "day -1 is before the start; count days from the signature"),
    ("entries:\n  - {obligation: key, lots: 1, «date: 2026-04-30}", "2026-04-30 is before the signature on 2026-05-01"),
    ("entries:\n  - {obligation: key, lots: 1, «date: 2026-02-30}", "'2026-02-30' is not a date"),
    ("entries:\n  - {obligation: key, lots: 1, day: 0, «date: 2026-05-01}", "stands beside `day`"),
    ("entries:\n  - «{obligation: key, lots: 1}", "does not say on which day"),
    ("entries:\n  - {obligation: key, lots: 1, day: 0, «reported_by: uper}", "there is no party or mediator 'uper'; did you mean 'upper'?"),
    ("entries:\n  - {obligation: key, day: 0, «status: 4}", "there is no status 4; write one of 0 (not begun), 1 (begun)"),
    ("entries:\n  - {obligation: key, day: 0, «status: -1}", "there is no status -1"),
    ("entries:\n  - {obligation: key, day: 0, «status: done}", "expects a whole number, has done"),
    ("entries:\n  - {obligation: key, «lots: 0, day: 0}", "0 is less than 1; write 1 or more"),
    ("entries:\n  - {obligation: key, «lots: 0.5, day: 0}", "expects a whole number"),
    ("entries:\n  - «{obligation: key, day: 0}", "says neither how many lots were delivered nor how it stands"),
    ("entries:\n  - {obligation: key, lots: 1, day: 0, «status: 0}", "0 (not begun) does not go with lots"),
    ("entries:\n  - {obligation: key, lots: 1, day: 0, «as: sure}", "sure is not one of 'alleged', 'verified' or 'disputed'"),
    ("entries:\n  - «{lots: 1, day: 0}", "`obligation` is missing; add `obligation:`"),
    ("entries:\n  - {obligation: key, «lot: 1, lots: 1, day: 0}", "unknown key 'lot'; did you mean 'lots'?"),
    ("entries:\n  - {obligation: key, lots: 1, day: 0, «settles: 1}", "entry 1 does not stand above this one; take it out"),
    ("entries:\n  - {obligation: key, lots: 1, day: 0}\n  - {obligation: fees, lots: 1, day: 0, «settles: 1}",
     "entry 1 is about 'key', this one about 'fees'"),
    ("entries:\n  - {obligation: fees, lots: 1, day: 0}\n  - {obligation: fees, lots: 2, day: 0, «settles: 1}",
     "tells of 2 lots, and entry 1 has 1 left to settle"),
    ("entries:\n  - {obligation: fees, lots: 1, day: 0}\n  - {obligation: fees, status: 1, day: 0, «settles: 1}",
     "does not say how many lots of entry 1 it tells of"),
    ("entries:\n  - «key", "expects keys with values, has key"),
    ("«entries: {key: 1}", "expects a list"),
    ("«entry: []", "unknown key 'entry'; did you mean 'entries'?"),
    ("entries:\n  - {obligation: key, lots: 1, day: 0, «day: 1}", "the key 'day' stands twice"),
    ("entries:\n  - {obligation: key, lots: 1, day: 0, «note: ''}", "is an empty text"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "says"), BROKEN, ids=[says[:40] for _, says in BROKEN])
def test_a_broken_ledger_says_what_is_wrong_and_where(body: str, says: str):
    text, place = marked(HEAD + body + "\n")
    faults = refusal(text).faults
    assert len(faults) == 1
    assert says in str(faults[0])
    assert (faults[0].line, faults[0].column) == place


HEADS = [
    ("ledger: 1\n«case: wall\n", "is the ledger of 'wall', and this case is 'well'"),
    ("«ledger: 2\ncase: well\n", "ledger version 2 is not one that this winset reads"),
    ("«case: well\n", "`ledger` is missing"),
    ("«ledger: 1\n", "`case` is missing"),
    ("ledger: 1\ncase: well\n«signed: yesterday\n", "'yesterday' is not a date"),
    ("«- obligation: key\n", "the file holds a list, not a ledger"),
    ("«nothing\n", "the file holds a single value, not a ledger"),
]


@pytest.mark.parametrize(("head", "says"), HEADS)
def test_a_broken_head_says_what_is_wrong_and_where(head: str, says: str):
    text, place = marked(head)
    faults = refusal(text).faults
    assert [(f.line, f.column) for f in faults] == [place]
    assert says in str(faults[0])


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing yet\n", "\ufeff# nothing\r\n"])
def test_a_ledger_with_nothing_in_it_says_how_to_begin(text: str):
    assert "start with `ledger: 1` and `case: well`" in str(refusal(text))


def test_a_date_needs_the_day_of_signature():
    text, place = marked(
        "ledger: 1\ncase: well\nentries:\n  - {obligation: key, lots: 1, «date: 2026-05-01}\n"
    )
    (fault,) = refusal(text).faults
    assert (fault.line, fault.column) == place
    assert "add `signed: YYYY-MM-DD` to its head, or write `day:`" in str(fault)
    # A signature that cannot be read is told once, not again at every date.
    again = refusal(text.replace("case: well", "case: well\nsigned: 5 May"))
    assert [fault.key for fault in again.faults] == ["signed"]


def test_all_faults_are_told_at_once():
    text = """\
ledger: 1
case: well
opened: 2026-05-01
entries:
  - {obligation: kee, lots: 0, day: -3, reported_by: uper, status: 9, as: sure, lot: 1}
  - {lots: 1, reported_by: lowr}
  - {obligation: fees, lots: 3, day: 1}
  - 5
  - {obligation: water, lots: 9, date: 2026-05-05}
"""
    told = [str(fault) for fault in refusal(text).faults]
    for line, says in [
        (3, "unknown key 'opened'"), (5, "no obligation 'kee'"), (5, "0 is less than 1"), (5, "day -3"), (5, "'uper'"),
        (5, "status 9"), (5, "sure is not one of"), (5, "unknown key 'lot'"), (6, "`obligation` is missing"),
        (6, "does not say on which day"), (6, "'lowr'"), (8, "expects keys with values"), (9, "2026-05-05 cannot be counted"),
    ]:  # fmt: skip
        assert any(fault.startswith(f"ledger.yaml:{line}:") and says in fault for fault in told), (line, says)
    # Entries are held against each other once each of them can be read.
    mended = refusal(text.replace("  - 5\n", ""))
    assert "9 lots of 'water' are more than there are" in str(mended)


def test_what_is_broken_is_not_told_twice():
    """Lots that cannot be read may be fewer; a report that settles another, but cannot be read, is no second one."""
    first = {"obligation": "fees", "lots": 3, "day": 1}
    for key, broken in [("lots", "many"), ("as", "sure"), ("settles", "one")]:
        second = {"obligation": "fees", "lots": 3, "day": 1, "as": "verified", "settles": 1, key: broken}
        text = as_yaml({"ledger": 1, "case": "well", "entries": [first, second]})
        assert [fault.key for fault in refusal(text).faults] == [f"entries.1.{key}"]


def test_a_ledger_of_another_case_is_told_once():
    text = LEDGER.replace("case: well", "case: wall").replace("key", "gate").replace("upper", "top")
    (fault,) = refusal(text).faults
    assert fault.key == "case"
    assert "name its own case, or write `case: well`" in fault.way_out


def test_a_case_without_an_exchange_has_no_ledger(tmp_path: Path):
    with pytest.raises(NotApplicable, match="no `exchange`"):
        parse_ledger(LEDGER.encode(), small())
    with pytest.raises(NotApplicable, match="no `exchange`"):
        add_entry(tmp_path / "ledger.yaml", small(), KEY)
    assert list(tmp_path.iterdir()) == []


FEW = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
WORDS = ["null", "-1", "0", "1e999", "9" * 50, ".nan", "2026-02-30", "9999-12-31", "0001-01-01", "[]", "{}", "''", "x" * 3_000,
         "key", "water", "settles: 1", "entries", "&a", "*a", "true", "\u202e", "\U0001f600", "---", "...", "\t", "|", ">", "}", "]",
         "#", "\r", "\x00", "\ud800", "? ", "- ", ": ", "verified", "disputed"]  # fmt: skip


def spoilt(data: Any) -> str:
    """The ledger with a few words or lines replaced, doubled, moved or lost."""
    text: str = data.draw(st.sampled_from([LEDGER, as_yaml(plain(LEDGER)), HEAD, HEAD + "entries: []\n"]))
    for _ in range(data.draw(st.integers(1, 4))):
        if data.draw(st.booleans()):
            words = list(re.finditer(r"[\w\-]+|\S|\Z", text))
            word = data.draw(st.sampled_from(words))
            text = text[: word.start()] + data.draw(st.sampled_from(WORDS)) + text[word.end() :]
        else:
            lines = text.split("\n")
            here, there = (data.draw(st.integers(0, len(lines) - 1)) for _ in range(2))
            lines.insert(there, lines[here] if data.draw(st.booleans()) else lines.pop(here))
            text = "\n".join(lines)
    return text


@FEW
@given(data=st.data())
def test_whatever_is_done_to_a_ledger_it_is_read_or_refused_and_nothing_is_lost(
    tmp_path_factory: pytest.TempPathFactory, data: Any
):
    text = spoilt(data)
    raw = text.encode("utf-8", "surrogatepass")
    path = tmp_path_factory.mktemp("spoilt") / "ledger.yaml"
    path.write_bytes(raw)
    try:
        before = ledger_of(raw)
    except CaseError as error:
        assert_presentable(error, text, "ledger.yaml")
        before = None
    new = {"obligation": "water", "lots": 1, "day": 2}
    try:
        after = add_entry(path, WELL, new)
    except CaseError:
        assert path.read_bytes() == raw
        return
    assert_only_added(raw, path.read_bytes())
    assert read_ledger(path, WELL) == after
    assert said_in(after.entries[:-1]) == said_in(before.entries if before is not None else ())
    assert before is not None or all(line.strip()[:1] in ("", "#") for line in text.splitlines())
