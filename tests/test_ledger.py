"""The ledger after signing: what it adds up to, what it refuses and where, and that adding changes nothing."""

from __future__ import annotations

import errno
import os
import random
import re
from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import pytest
import typer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.console import Console
from typer.testing import CliRunner

from tests.helpers import SMALL, as_yaml, assert_presentable, case_of, marked, plain, small
from winset.case.exchange import Schedule
from winset.case.ledger import STATUS, Counting, Entry, Ledger, add_entry, next_due, read_ledger
from winset.case.ledger.read import parse_ledger
from winset.commands import ledger as command
from winset.errors import CaseError, NotApplicable, UnknownName

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


# --- what it adds up to


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


# --- adding


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


STYLES = {
    "as people write it": LEDGER,
    "no line end": LEDGER.removesuffix("\n\n# To be gone on with.\n"),
    "flow": f"{HEAD}entries: [{{obligation: key, lots: 1, day: 0}}]  # all of it\n# end\n",
    "flow, a comma behind": f"{HEAD}entries: [\n  {{obligation: key, lots: 1, day: 0}},   # one\n]\n",
    "brackets": f"{HEAD}entries: []   # none yet\n",
    "nothing behind the colon": f"{HEAD}entries:\n",
    "nothing, not even a line end": f"{HEAD}entries:",
    "a comment behind the colon": f"{HEAD}entries:   # what came\n# and more\n",
    "blanks behind the colon": f"{HEAD}entries:   \n\n",
    "in the middle": "ledger: 1\nentries:\n- {obligation: key, lots: 1, day: 0}\n\n# who\ncase: well\n",
    "empty in the middle": "ledger: 1\nentries:\n\n# who\ncase: well\n",
    "no entries": f"# ours\n{HEAD}# end\n",
    "json": '{"ledger": 1, "case": "well", "entries": [{"obligation": "key", "lots": 1, "day": 0}]}',
    "only a comment": "# begun by hand",
    "empty": "",
    "deeper": f"{HEAD}entries:\n      -   obligation: key\n          lots: 1\n          day: 0\n          # noon\n",
    "anchors": f"{HEAD}entries:\n  - {{obligation: key, lots: 1, day: 0, note: &n Seen}}\n  - {{obligation: fees, lots: 1, day: 0, note: *n}}\n",
    "a document's end": f"%YAML 1.2\n---\n{HEAD}entries:\n  - {{obligation: key, lots: 1, day: 0}}\n...\n# after\n",
}  # fmt: skip


@pytest.mark.parametrize("foreign", [False, True], ids=["", "bom, crlf"])
@pytest.mark.parametrize("text", STYLES.values(), ids=STYLES)
def test_adding_keeps_every_byte(text: str, foreign: bool, tmp_path: Path):
    raw = ("\ufeff" + text.replace("\n", "\r\n") if foreign else text).encode()
    path = tmp_path / "ledger.yaml"
    path.write_bytes(raw)
    before = () if text.startswith("# begun") or not text else ledger_of(raw).entries
    first = add_entry(path, WELL, {"obligation": "fees", "lots": 1, "day": 3, "reported_by": "lower"})
    one = path.read_bytes()
    assert_only_added(raw, one)
    second = add_entry(path, WELL, WATER)
    assert_only_added(one, path.read_bytes())
    assert read_ledger(path, WELL) == second
    assert second.entries[:-1] == first.entries
    assert said_in(first.entries[:-1]) == said_in(before)
    assert second.entries[-1].note == WATER["note"]
    if foreign and b"\r\n" in raw:
        assert not re.search(rb"(?<!\r)\n", path.read_bytes())


def test_an_entry_comes_below_the_last_one_and_reads_like_a_line(tmp_path: Path):
    path = tmp_path / "ledger.yaml"
    path.write_text(LEDGER)
    add_entry(path, WELL, {"obligation": "water", "lots": 2, "day": 6, "as": "verified"})
    added = "  - {obligation: water, lots: 2, day: 6, as: verified}\n"
    assert path.read_text() == LEDGER.replace("      it is said.\n", "      it is said.\n" + added)


def test_a_new_ledger_says_whose_it_is(tmp_path: Path):
    path = tmp_path / "ledger.yaml"
    add_entry(path, WELL, {"obligation": "key", "lots": 1, "date": "2026-05-04"}, signed="2026-05-01")
    assert plain(path.read_text()) == {
        "ledger": 1,
        "case": "well",
        "signed": "2026-05-01",
        "entries": [{"obligation": "key", "lots": 1, "date": "2026-05-04"}],
    }
    assert path.read_text().startswith("# ")
    again = add_entry(path, WELL, WATER, signed="2026-05-01")
    assert [again.day_of(entry) for entry in again.entries] == [3, 6]
    with pytest.raises(
        CaseError, match=r"says `signed: 2026-05-01`; write `signed: 2026-06-01` there by hand"
    ):
        add_entry(path, WELL, WATER, signed="2026-06-01")


def test_faults_of_a_new_entry_name_its_keys_and_nothing_is_written(tmp_path: Path):
    path = tmp_path / "ledger.yaml"
    new = {
        "obligation": "kee",
        "lots": 0,
        "day": -1,
        "reported_by": "x",
        "status": 7,
        "as": "sure",
        "colour": "red",
    }
    with pytest.raises(CaseError) as caught:
        add_entry(path, WELL, new, signed="soon")
    assert {fault.key for fault in caught.value.faults} == {*new, "signed"}
    assert all(fault.line == 0 and not fault.file for fault in caught.value.faults)
    assert not path.exists()
    path.write_text(LEDGER)
    with pytest.raises(CaseError, match=r"^lots: this brings 'fees' to 5 lots delivered, of 4"):
        add_entry(path, WELL, {"obligation": "fees", "lots": 3, "day": 4})
    assert path.read_text() == LEDGER


@pytest.mark.parametrize(
    "body",
    [
        "entries: null\n",
        "entries: &all []\nnote_of: *all\n",
        "entries: 5\n",
        "entries: {a: b}\n",
        "entries: [\n",
        "entries:\n  - {obligation: key, lots: 9, day: 0}\n",
    ],
)
def test_what_cannot_be_added_to_is_left_alone(body: str, tmp_path: Path):
    path = tmp_path / "ledger.yaml"
    path.write_text(HEAD + body)
    with pytest.raises(CaseError) as caught:
        add_entry(path, WELL, KEY)
    assert all(fault.way_out and fault.file == "ledger.yaml" for fault in caught.value.faults)
    assert path.read_text() == HEAD + body
    assert [file.name for file in tmp_path.iterdir()] == ["ledger.yaml"]


def test_an_entry_that_must_be_added_by_hand_is_spelt_out(tmp_path: Path):
    path = tmp_path / "ledger.yaml"
    path.write_text(f"{HEAD}entries: null\n")
    with pytest.raises(CaseError, match=r"add it by hand to `entries`: \{obligation: key, lots: 1, day: 0\}"):
        add_entry(path, WELL, KEY)


@pytest.mark.parametrize("text", ["مرحبا", "שלום: #1", "a: [b] # c", "'q' \"q\"", "\U0001f600", "- x", "null", "1.50", "x" * 400,
                                  "two\nlines\n", "tab\there", "one\u2028two", "=", "@x", "%x", "`x`", " spaced "])  # fmt: skip
def test_notes_come_back_as_they_were_said(text: str, tmp_path: Path):
    path = tmp_path / "ledger.yaml"
    path.write_text(LEDGER)
    for _ in range(2):
        ledger = add_entry(
            path, WELL, {"obligation": "water", "lots": 1, "day": 1, "note": text, "source": text}
        )
    assert [entry.note for entry in read_ledger(path, WELL).entries[2:]] == [text, text]
    assert ledger.entries[-1].source == text
    assert_only_added(LEDGER.encode(), path.read_bytes())


@pytest.mark.parametrize("text", ["\udcff", "\x1b[2J", "\u202e", "", " "])
def test_notes_that_no_file_can_hold_are_refused(text: str, tmp_path: Path):
    path = tmp_path / "ledger.yaml"
    path.write_text(LEDGER)
    with pytest.raises(CaseError) as caught:
        add_entry(path, WELL, {**WATER, "note": text})
    assert [fault.key for fault in caught.value.faults] == ["note"]
    assert path.read_text() == LEDGER


def test_a_ledger_is_yaml(tmp_path: Path):
    path = tmp_path / "ledger.json"
    path.write_text("{}")
    with pytest.raises(CaseError, match=r"name a file that ends in \.yaml"):
        add_entry(path, WELL, KEY)
    assert path.read_text() == "{}"


def test_a_ledger_of_any_length_takes_one_more(tmp_path: Path):
    """The same line again and again is one report each."""
    path = tmp_path / "ledger.yaml"
    path.write_text(f"{HEAD}entries:\n" + "  - {obligation: key, day: 1, status: 1}\n" * 2_000)
    assert len(add_entry(path, WELL, KEY).entries) == 2_001
    assert path.read_text().endswith("status: 1}\n  - {obligation: key, lots: 1, day: 0}\n")


# --- the commands


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the case of the well, to work in."""
    (tmp_path / "well").mkdir()
    (tmp_path / "well" / "case.yaml").write_text(SMALL + EXCHANGE)
    (tmp_path / "pump.yaml").write_text(SMALL + EXCHANGE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def said(do: Any, *words: Any, width: int = 200) -> str:
    """What a command prints."""
    console = Console(width=width)
    with console.capture() as caught:
        do(*words[:1], console, *words[1:])
    return caught.get()


@pytest.mark.parametrize(
    ("name", "lies"),
    [
        ("well", "well/ledger.yaml"),
        ("well/case.yaml", "well/ledger.yaml"),
        ("pump.yaml", "pump.ledger.yaml"),
        ("./pump.yaml", "pump.ledger.yaml"),
    ],
)
def test_the_ledger_lies_beside_the_case(place: Path, name: str, lies: str):
    before = {file: file.read_bytes() for file in place.rglob("*.yaml")}
    assert f"Written: {lies}" in said(command.add, name, KEY)
    assert "1 verified" in said(command.add, name, {**WATER, "lots": 1, "reported_by": None})
    assert len(plain((place / lies).read_text())["entries"]) == 2
    assert {file: file.read_bytes() for file in before} == before
    assert "water" in said(command.show, name)


def test_a_ledger_may_lie_elsewhere(place: Path):
    said(command.add, "well", KEY, "kept.yaml")
    assert (place / "kept.yaml").exists()
    assert not (place / "well" / "ledger.yaml").exists()
    assert "0 as verified, 1 with what is alleged" in said(command.show, "well", "kept.yaml")
    with pytest.raises(FileNotFoundError):
        said(command.show, "well", "nowhere.yaml")
    with pytest.raises(FileNotFoundError):
        said(command.add, "well", KEY, "no/such/folder/ledger.yaml")
    with pytest.raises(IsADirectoryError):
        said(command.add, "well", KEY, "well")


def test_the_case_file_is_never_taken_for_a_ledger(place: Path):
    before = (place / "pump.yaml").read_bytes()
    with pytest.raises(CaseError, match="unknown key"):
        said(command.add, "pump.yaml", KEY, "pump.yaml")
    assert (place / "pump.yaml").read_bytes() == before


def test_the_ledger_of_one_case_is_refused_for_another(place: Path):
    said(command.add, "well", KEY)
    before = (place / "well" / "ledger.yaml").read_bytes()
    for do in (lambda: said(command.add, "pump.yaml", WATER, "well/ledger.yaml"), lambda: said(command.show, "pump.yaml", "well/ledger.yaml")):  # fmt: skip
        with pytest.raises(CaseError, match="is the ledger of 'well', and this case is 'pump'"):
            do()
    assert (place / "well" / "ledger.yaml").read_bytes() == before


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS, errno.EPERM])
def test_a_folder_that_is_read_only_says_the_way_out(
    place: Path, monkeypatch: pytest.MonkeyPatch, number: int
):
    def refuse(*_: Any, **__: Any) -> int:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("winset.case.files.os.open", refuse)
    with pytest.raises(command.Unwritable, match=r"copy the case first \(winset convert well well\.yaml\)"):
        command.add("well", Console(), KEY)
    with pytest.raises(command.Unwritable, match="name another file with --file"):
        command.add("well", Console(), KEY, "kept.yaml")
    assert sorted(file.name for file in place.rglob("*")) == ["case.yaml", "pump.yaml", "well"]


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only to root")
def test_a_folder_with_its_write_bit_off(place: Path):
    (place / "well").chmod(0o555)
    try:
        with pytest.raises(command.Unwritable):
            command.add("well", Console(), KEY)
    finally:
        (place / "well").chmod(0o755)


def test_no_ledger_goes_into_the_installed_package(place: Path, monkeypatch: pytest.MonkeyPatch):
    inside = place / "site" / "catalogue" / "spring"
    inside.mkdir(parents=True)
    (inside / "case.yaml").write_text(SMALL + EXCHANGE)
    monkeypatch.setattr(command, "PACKAGE", place / "site")
    monkeypatch.setattr(command, "catalogue", lambda: {"spring": inside})
    monkeypatch.setattr(command, "load_case", lambda name: case_of(SMALL + EXCHANGE, id=name))
    with pytest.raises(command.Unwritable, match=r"winset convert spring spring\.yaml"):
        command.add("spring", Console(), KEY)
    assert [file.name for file in inside.iterdir()] == ["case.yaml"]
    assert "nothing is reported" in said(command.show, "spring")
    said(command.add, "spring", KEY, "spring.ledger.yaml")
    assert "As written" in said(command.show, "spring", "spring.ledger.yaml")


def test_a_case_without_an_exchange_is_told_so(place: Path):
    (place / "dry.yaml").write_text(SMALL)
    for do in (lambda: said(command.show, "dry.yaml"), lambda: said(command.add, "dry.yaml", KEY)):
        with pytest.raises(NotApplicable, match="no `exchange`"):
            do()


def test_a_report_that_may_tell_of_the_same_lots_is_pointed_at(place: Path):
    said(command.add, "well", {"obligation": "water", "lots": 2, "day": 1})
    text = said(command.add, "well", {"obligation": "water", "lots": 2, "day": 2, "as": "verified"})
    assert "2 verified, 2 alleged" in text
    assert "add `settles: 1`" in text
    settling = {"obligation": "water", "lots": 1, "day": 2, "as": "disputed", "settles": 1}
    text = said(command.add, "well", settling)
    assert "2 verified, 1 alleged, 1 disputed" in text
    assert "add `settles" not in text


def rows_of(text: str, title: str) -> list[list[str]]:
    """The rows of the table under a title, cell by cell."""
    lines = text.split(title, 1)[1].split("\n\n", 1)[0].splitlines()
    below = next(i for i, line in enumerate(lines) if "───" in line) + 1
    return [re.split(r" {3,}", line.strip()) for line in lines[below:] if line.strip()]


def test_the_list_says_what_was_delivered_and_what_is_due(place: Path):
    (place / "well" / "ledger.yaml").write_text(
        LEDGER
        + "  - {obligation: water, lots: 4, day: 5, as: disputed, note: Half of it, reported_by: lower}\n"
    )
    text = said(command.show, "well")
    assert (
        "Delivered in full, of 3 obligations: 1 as verified, 1 with what is alleged. Reports on water are"
        in text
    )
    key, water, fees = rows_of(text, "What was delivered")
    assert key == [
        "key",
        "Hands over the key",
        "Upper village",
        "1",
        "1",
        "0",
        "0",
        "0 (2026-05-01)",
        "done, verified",
    ]
    assert water[3:] == ["6", "0", "0", "4", "5 (2026-05-06)", "disputed"]
    assert fees[3:] == ["4", "0", "2", "0", "2 (2026-05-03)", "in part, alleged"]
    due = rows_of(text, "What is due next")
    assert due[0] == ["As written", "verified", "2", "2 (2026-05-03)", "Lower village", "fees, 2 lots"]
    assert due[1] == ["As written", "alleged too", "3", "5 (2026-05-06)", "Upper village and Lower village", "water, 6 lots; fees, 2 lots"]  # fmt: skip
    assert due[2] == ["fees_first", "verified", "1", "1 (2026-05-02)", "Lower village", "fees, 4 lots"]
    assert due[3][-1] == "fees, 2 lots"
    assert rows_of(text, "Every report")[2] == ["3", "water", "4 lots", "5 (2026-05-06)", "Lower village", "disputed", "Half of it"]  # fmt: skip


def test_the_list_of_all_that_was_delivered(place: Path):
    for name, lots in OWED.items():
        said(command.add, "well", {"obligation": name, "lots": lots, "day": 3, "as": "verified"})
    text = said(command.show, "well")
    assert "3 as verified, 3 with what is alleged" in text
    assert [row[-1] for row in rows_of(text, "What is due next")[:2]] == [
        "nothing: every step is delivered"
    ] * 2


@pytest.mark.parametrize(
    ("entries", "status"),
    [
        ([], "nothing reported"),
        ([{"lots": 2, "as": "disputed"}], "disputed"),
        ([{"lots": 2}], "in part, alleged"),
        ([{"lots": 6}], "done, alleged"),
        ([{"lots": 2}, {"lots": 4, "as": "verified"}], "done, partly verified"),
        ([{"lots": 6}, {"lots": 6, "as": "verified", "settles": 1}], "done, verified"),
        ([{"lots": 6, "status": 3}, {"lots": 6, "as": "disputed", "settles": 1}], "disputed"),
        ([{"status": 1, "as": "verified"}], "begun, verified"),
        ([{"lots": 2}, {"status": 0, "day": 0}], "in part, alleged"),
        ([{"lots": 2}, {"status": 2, "day": 9, "as": "verified"}], "in part, verified"),
    ],
)
def test_the_status_is_the_last_report_that_nobody_disputes(place: Path, entries: list[dict], status: str):
    ledger = as_yaml(
        {"ledger": 1, "case": "well", "entries": [{"obligation": "water", "day": 3, **e} for e in entries]}
    )
    (place / "well" / "ledger.yaml").write_text(ledger)
    assert rows_of(said(command.show, "well"), "What was delivered")[1][-1] == status


@pytest.mark.parametrize(
    ("entry", "at_odds"),
    [
        ({"lots": 2, "status": 3}, True),
        ({"lots": 6, "status": 2}, True),
        ({"lots": 6, "status": 3}, False),
        ({"lots": 2, "status": 2}, False),
        ({"status": 3}, True),
        ({"status": 0}, False),
        ({"status": 1}, False),
        ({"lots": 6}, False),
    ],
)
def test_a_status_at_odds_with_the_lots_is_said(place: Path, entry: dict[str, int], at_odds: bool):
    said(command.add, "well", {"obligation": "water", "day": 1, **entry})
    text = said(command.show, "well")
    assert (
        f"'water' is reported as {STATUS[entry.get('status', 0)]}, and {entry.get('lots', 0)} of 6 lots"
        in text
    ) is at_odds


def test_days_beyond_any_calendar_are_listed(place: Path):
    said(command.add, "well", {"obligation": "key", "lots": 1, "day": 10**12}, None, "2026-05-01")
    assert "1000000000000" in said(command.show, "well")


@pytest.mark.parametrize("width", [60, 80, 110])
def test_the_list_fits_its_terminal(place: Path, width: int):
    (place / "well" / "ledger.yaml").write_text(LEDGER)
    text = said(command.show, "well", width=width)
    assert all(len(line.rstrip()) <= width for line in text.splitlines())
    assert "verified" in text


def test_a_broken_ledger_is_listed_as_its_faults(place: Path):
    (place / "well" / "ledger.yaml").write_text(LEDGER.replace("key", "kee"))
    with pytest.raises(
        CaseError, match=r"ledger\.yaml:5:6 entries\.0\.obligation: there is no obligation 'kee'"
    ):
        said(command.show, "well")


def test_the_words_of_the_command_line(place: Path):
    """`winset ledger CASE add` and `list` can be sub-commands of a group that takes the case."""
    app, ledger = typer.Typer(), typer.Typer()
    app.add_typer(ledger, name="ledger")
    app.command("other")(lambda: None)
    console = Console(width=200)

    @ledger.callback()
    def of(context: typer.Context, name: str) -> None:
        context.obj = name

    @ledger.command("add")
    def add(
        context: typer.Context,
        obligation: str,
        lots: Annotated[int | None, typer.Option()] = None,
        day: Annotated[int | None, typer.Option()] = None,
        reported_by: Annotated[str | None, typer.Option()] = None,
        standing: Annotated[str, typer.Option("--as")] = "alleged",
    ) -> None:
        entry = {
            "obligation": obligation,
            "lots": lots,
            "day": day,
            "reported_by": reported_by,
            "as": standing,
        }
        command.add(context.obj, console, entry)

    @ledger.command("list")
    def listed(context: typer.Context) -> None:
        command.show(context.obj, console)

    def run(words: str) -> Any:
        return CliRunner().invoke(app, words.split())

    assert run("ledger well add fees --lots 2 --day 2 --reported-by lower").exit_code == 0
    assert run("ledger well add --as verified --lots 1 --day 0 key").exit_code == 0
    assert isinstance(run("ledger well add fees --lots -1 --day 2").exception, CaseError)
    assert run("ledger well list").exit_code == 0
    assert run("ledger well add fees --lots two").exit_code == 2
    assert run("ledger well count").exit_code == 2
    assert [entry["obligation"] for entry in plain((place / "well/ledger.yaml").read_text())["entries"]] == [
        "fees",
        "key",
    ]
