"""All faults of a file at once, in its order, and none that only follows from another."""

from __future__ import annotations

import pytest

from tests.helpers import (
    SMALL,
    case_of,
    edited,
    faults_of,
    marked,
    plain,
)
from tests.trips import (
    EXCHANGE,
    GRANT,
    HERDERS,
    QUOTA,
    SPOILER,
    TABLE,
)
from winset.errors import CaseError

MANY = edited(
    SMALL,
    ("title: A well", "titel: A well"),
    ("  - {what: There is one pump., date: 2026-04-01, source: minutes}",
     "  - {what: One., source: minutes}\n  - {wat: Two.}\n  - {what: Three., source: minuts}\n  - 4\n"
     "  - {what: Five., date: 2027-01-01}"),
    ("weight: 4, walk_out: 30", "weight: four, walk_out: 30"),
    ("weights: {hours: 70, fee: 30}", "weights: {hours: 70, fees: 30}"),
    ("forbid: hours == half and fee == free", "forbid: hours == half and fee = free"),
    ("{for: lower, when", "{for: lowr, when"),
    (TABLE, "on_the_table: june"),
)  # fmt: skip
MANY_FAULTS = [
    (1, 1, "", "`title` is missing; add `title:`"),
    (2, 1, "titel", "unknown key 'titel'; did you mean 'title'?"),
    (9, 5, "facts.1", "`what` is missing; add `what:`"),
    (9, 6, "facts.1.wat", "unknown key 'wat'; did you mean 'what'?"),
    (10, 20, "facts.2.source", "there is no source 'minuts'; did you mean 'minutes'?"),
    (11, 5, "facts.3", "expects keys with values, has 4; write `key: value` lines below it"),
    (12, 19, "facts.4.date", "2027-01-01 is later than the case's `as_of` 2026-05-01; leave it out, or move `as_of`"),
    (18, 32, "parties.upper.factions.herders.weight",
     "expects a weight of 0 or more, has four; write a number, [low, mode, high], "
     "or {low, mode, high, shape, source, by, note}"),
    (50, 5, "preferences.lower.weights", "no weight for 'fee'; add `fee: 0` if it does not matter to lower"),
    (50, 26, "preferences.lower.weights.fees", "there is no issue 'fees'; did you mean 'fee'?"),
    (55, 24, "constraints.0.forbid", "'hours == half and fee = free' is not a condition; "
     "write it like `hours == half and fee in [free, low]`"),
    (57, 6, "joint.0.for", "there is no faction 'lowr'; did you mean 'lower'?"),
    (63, 1, "on_the_table", "there is no text 'june'; known: april, may"),
]  # fmt: skip


def test_all_faults_of_a_file_are_reported_at_once_in_its_order():
    found = [(f.line, f.column, f.key, f"{f.message}; {f.way_out}") for f in faults_of(MANY)]
    assert found == MANY_FAULTS


def test_a_case_error_reads_as_a_list_of_places():
    with pytest.raises(CaseError) as caught:
        case_of(MANY)
    lines = str(caught.value).splitlines()
    assert lines[1] == "case.yaml:2:1 titel: unknown key 'titel'; did you mean 'title'?"
    assert len(lines) == len(MANY_FAULTS)


PREFERENCE = SMALL[SMALL.index("    walk_away: 32") : SMALL.index("constraints:")]
FACTIONS = SMALL[SMALL.index("    factions:") : SMALL.index("    speaks_for")]
OPTIONS = "    options: {none: No access, dawn: At dawn, half: Half the day}"
ONCE = [
    # Each change breaks one thing; nothing that only follows from it is reported beside it.
    ("an option", [("half: Half the day}", "half: [Half]}")], "issues.hours.options.half"),
    ("all options", [(OPTIONS, "    options: none")], "issues.hours.options"),
    ("no options", [(OPTIONS + "\n", "")], "issues.hours"),
    ("an issue", [("  fee:\n    title: Yearly fee\n    options: {free: Free, low: 100, high: 400}", "  fee: 7")], "issues.fee"),
    ("a tier", [("    title: Yearly fee", "    title: Fee\n    tier: extend")], "issues.fee.tier"),
    ("a party", [("  lower:\n    name: Lower village", "  lower: Lower village")], "parties.lower"),
    ("a party's role", [("    name: Lower village", "    name: L\n    role: observr")], "parties.lower.role"),
    ("the role of one without preferences", [("mediators:", "  third: {name: T, role: observr}\nmediators:")],
     "parties.third.role"),
    ("the factions", [(FACTIONS, "    factions: 2\n")], "parties.upper.factions"),
    ("a faction", [(HERDERS, "herders: Herders")], "parties.upper.factions.herders"),
    ("every faction", [("council: {name: Council, weight: 5}", "council: {name: 5, wight: 4}"), (HERDERS, "herders: 4")],
     "parties.upper.factions.council.wight parties.upper.factions.herders"),
    ("a faction's weight", [("council: {name: Council, weight: 5}", "council: {name: Council, weight: -1}"),
     (QUOTA, "ratification: {quota: {at_least: 5}}")], "parties.upper.factions.council.weight"),
    ("who speaks", [("speaks_for: council", "speaks_for: [council]")], "parties.upper.speaks_for"),
    ("a mediator", [("district: {name: District officer}", "district: District officer")], "mediators.district"),
    ("a mediator at the table", [("district: {name: District officer}", "district: District officer"),
     (TABLE, f"{TABLE}\ntable_rule: {{all_of: [{{party: upper}}, {{party: district}}]}}")], "mediators.district"),
    ("a source", [("minutes: {title: Minutes, date: 2026-04-20}", "minutes: Minutes")], "sources.minutes"),
    ("a preference", [(PREFERENCE, "    5\n")], "preferences.lower"),
    ("no walk-away", [("    walk_away: 45\n", "")], "preferences.upper.herders"),
    ("a walk-away", [("    walk_away: 45", "    walk_away: 4 5")], "preferences.upper.herders.walk_away"),
    ("no weights", [("    weights: {hours: 70, fee: 30}\n", "")], "preferences.lower"),
    ("the weights", [("weights: {hours: 70, fee: 30}", "weights: 70")], "preferences.lower.weights"),
    ("a weight", [("weights: {hours: 70, fee: 30}", "weights: {hours: 70, fee: x}")], "preferences.lower.weights.fee"),
    ("the only weight above 0", [("weights: {hours: 70, fee: 30}", "weights: {hours: 70 points, fee: 0}")],
     "preferences.lower.weights.hours"),
    ("an order", [("weights: {order: [hours, fee]}", "weights: {order: hours}")], "preferences.upper.herders.weights.order"),
    ("a rank", [("weights: {order: [hours, fee]}", "weights: {order: [hours, 2]}")],
     "preferences.upper.herders.weights.order.1"),
    ("an empty rank", [("{order: [none, dawn, half]}", "{order: [none, [], dawn, half]}")],
     "preferences.upper.herders.scores.hours.order.1"),
    ("no scores", [(PREFERENCE, PREFERENCE[: PREFERENCE.index("    scores")])], "preferences.lower"),
    ("the scores of an issue", [("hours: {none: 0, dawn: 40, half: 100}", "hours: 40")], "preferences.lower.scores.hours"),
    ("a score", [("hours: {none: 0, dawn: 40, half: 100}", "hours: {none: 0, dawn: 400, half: 100}")],
     "preferences.lower.scores.hours.dawn"),
    ("a rule", [(QUOTA, "ratification: {at_least: 2, of: [{faction: council}, {fction: herders}]}")],
     "parties.upper.ratification.of.1"),
    ("a weight in a rule", [(TABLE, f"{TABLE}\ntable_rule: {{quota: {{at_least: 3, weights: {{upper: 2, lower: -1}}}}}}")],
     "table_rule.quota.weights.lower"),
    ("the size of a group", [(QUOTA, "ratification: {referendum: {groups: [{faction: council, size: x}], threshold: 0.5}}")],
     "parties.upper.ratification.referendum.groups.0.size"),
    ("the table rule", [("    name: Upper village", "    name: U\n    role: observer"),
     ("    name: Lower village", "    name: L\n    role: observer"), (TABLE, f"{TABLE}\ntable_rule: upper")], "table_rule"),
    ("an objective", [(TABLE, f"{TABLE}\nobjective: 5\ntable_rule: {{any_of: [{{party: upper}}, {{party: lower}}]}}")],
     "objective"),
    ("a text", [("may: {date: 2026-05-01, package: {hours: dawn, fee: low}}", "may: {hours: dawn}")], "texts.may"),
    ("no package", [("may: {date: 2026-05-01, package: {hours: dawn, fee: low}}", "may: {date: 2026-05-01}")], "texts.may"),
    ("a spoiler's faction", [(TABLE, f"{TABLE}\n{SPOILER.format('type: limited, faction: [lower]')}")],
     "spoilers.band.faction"),
    ("a spoiler's trigger", [(TABLE, f"{TABLE}\n{SPOILER.format('type: greedy, trigger: hours')}")],
     "spoilers.band.trigger"),
    ("a spoiler's faction with its greed", [(TABLE, f"{TABLE}\n{SPOILER.format('type: greedy, faction: 7, greed: 3')}")],
     "spoilers.band.faction"),
    ("a spoiler's type", [(TABLE, f"{TABLE}\n{SPOILER.format('type: gready, greed: 3')}")], "spoilers.band.type"),
    ("a spoiler whose faction is broken", [(HERDERS, "herders: Herders"),
     (TABLE, f"{TABLE}\n{SPOILER.format('type: greedy, faction: upper.herders')}")], "parties.upper.factions.herders"),
    ("the date of the case", [("as_of: 2026-05-01", "as_of: May 2026")], "as_of"),
    ("the version", [("winset: 1", "winset: 2")], "winset"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "key"), [row[1:] for row in ONCE], ids=[row[0] for row in ONCE])
def test_what_only_follows_from_a_fault_is_not_reported(changes, key):
    found = faults_of(edited(SMALL, *changes))
    if key == "texts.may":  # what stands there instead is named too
        found = tuple(f for f in found if f.message != "unknown key 'hours'")
    assert [fault.key for fault in found] == key.split(" "), found
    assert {fault.check for fault in found} == {""}


def test_the_bearers_of_a_broken_id_are_not_called_unknown():
    found = faults_of(SMALL.replace("dawn", "Dawn").replace("lower:", "Lower:").replace("lower", "Lower"))
    assert [fault.key for fault in found] == ["parties.Lower", "issues.hours.options.Dawn"]
    assert found[0].message == "'Lower' is not an id"
    assert found[0].way_out == "use small letters, digits and _, a letter first"


def test_what_does_not_follow_is_reported_beside_it():
    text = edited(
        SMALL, ("half: Half the day}", "half: [Half]}"), ("{hours.half: 0.4}", "{hours.hlf: 0.4, fee.x: 1}")
    )
    assert [f.message for f in faults_of(text)] == [
        "expects a text, has ['Half']",
        "'hours' has no option 'hlf'",
        "'fee' has no option 'x'",
    ]


def test_items_after_a_broken_one_keep_their_line():
    text, place = marked(
        edited(
            SMALL,
            ("joint:\n", "joint:\n  - 1\n  - {for: lower}\n"),
            ("{for: lower, when", "{«for: lowr, when"),
        )
    )
    broken, half, found = (
        f for f in faults_of(text) if f.key.startswith("joint") and f.message != "`add` is missing"
    )
    assert (broken.key, half.key, found.key) == ("joint.0", "joint.1", "joint.2.for")
    assert (found.line, found.column) == place


def test_levers_are_not_tried_on_a_case_that_is_broken():
    text = edited(
        SMALL, (GRANT, "set: {preferences.nobody.walk_away: 1}"), ("title: A well", "title: [A well]")
    )
    assert [fault.key for fault in faults_of(text)] == ["title"]


TEXTS = [
    ("~", None, ""),
    ("''", "is an empty text", "write something or leave the key out"),
    ("' '", "is an empty text", "write something or leave the key out"),
    ("yes", None, ""),
    ("true", "expects a text, has True", "put the text in quotes"),
    ("[a]", "expects a text, has ['a']", "put the text in quotes"),
    ("{a: 1}", "expects a text, has {'a': 1}", "put the text in quotes"),
    (r'"\e[31mred"', "holds control characters, which could steer a terminal", "remove them"),
    (r'"a\0b"', "holds control characters, which could steer a terminal", "remove them"),
    (r'"a\tb\nc"', None, ""),
]


@pytest.mark.parametrize(("written", "message", "way_out"), TEXTS, ids=[row[0] for row in TEXTS])
def test_what_is_no_text_is_refused(written, message, way_out):
    text = edited(SMALL, ("status_quo: The well stays locked.", f"status_quo: {written}"))
    if message is None:
        assert case_of(text).status_quo == plain(f"k: {written}")["k"]
        return
    (fault,) = faults_of(text)
    assert (fault.key, fault.message, fault.way_out) == ("status_quo", message, way_out)


def test_a_text_that_must_be_there_may_not_be_empty():
    (fault,) = faults_of(edited(SMALL, ("title: A well", "title:")))
    assert (fault.key, fault.line, fault.message) == ("title", 2, "has no text")
    assert fault.way_out == "write a text, in quotes if it is special"


DATES = [
    ("2026-02-29", "'2026-02-29' is not a date: day is out of range for month"),
    ("2026-2-9", "'2026-2-9' is not a date"),
    ("1 May 2026", "'1 May 2026' is not a date"),
    ("20260501", "'20260501' is not a date"),
    ("2026", "'2026' is not a date"),
    ("2026-05-01T00:00:00", "'2026-05-01T00:00:00' is not a date"),
    ("\u0662\u0660\u0662\u0666-05-01", "is not a date"),
    ("[2026]", "'[2026]' is not a date"),
]


@pytest.mark.parametrize(("written", "message"), DATES, ids=[ascii(row[0]) for row in DATES])
def test_what_is_no_date_is_refused(written, message):
    (fault,) = faults_of(edited(SMALL, ("as_of: 2026-05-01", f"as_of: {written}")))
    assert (fault.key, fault.way_out) == ("as_of", "write it as YYYY-MM-DD")
    assert message in fault.message


IDS = [
    "Fee",
    "fee-2",
    "2fee",
    "_fee",
    "fée",
    "fee.low",
    "fee 2",
    "",
    "order",
    "and",
    "or",
    "not",
    "in",
    "judgement",
]


@pytest.mark.parametrize("name", IDS)
def test_what_is_no_id_is_refused(name):
    text = edited(SMALL, ("sources:\n", f"sources:\n  '{name}': {{title: T}}\n"))
    (fault,) = faults_of(text)
    assert fault.key == f"sources.{name}"
    reserved = name.isalpha() and name.isascii() and name.islower()
    assert fault.message == (f"'{name}' is a reserved word" if reserved else f"'{name}' is not an id")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("lots: 2, worth", "lots: four, worth", "lots"),
        ("lots: 2, worth", "lots: 1000000000, worth", "lots"),
        ("after: [pump]", "after: [{obligation: pump, lots: 2}], lots: 0", "lots"),
        ("day: 0, by: upper", "day: 7.5, by: upper", "day"),
        ("  schedules:", "  grace: 1000000000\n  schedules:", "grace"),
        ("day: 3, by: lower, does: {tea: 1}", "day: 1000000000000, by: lower, does: {tea: 1}", "day"),
    ],
)
def test_a_broken_number_of_an_exchange_is_one_fault(old: str, new: str, says: str):
    """What a default in its place would not fit is not told as well."""
    text = edited(SMALL, (TABLE, edited(EXCHANGE, (old, new)).rstrip("\n")))
    [fault] = faults_of(text)
    assert fault.key.endswith(says)
