"""What several tests share: the catalogue, a small sound case, and faults with the places they must name."""

from __future__ import annotations

import json
import math
import os
import re
import signal
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from winset.case.read import parse_case
from winset.case.yaml12 import read_document
from winset.errors import CaseError, Fault

CATALOGUE = sorted((Path(__file__).parent.parent / "cases").glob("*/case.yaml"))
VILLAGES = next(file for file in CATALOGUE if file.parent.name == "two-villages").read_text("utf-8")

# Sound, and small enough for a test to say what it changes.
SMALL = """\
winset: 1
title: A well
as_of: 2026-05-01
status_quo: The well stays locked.
sources:
  minutes: {title: Minutes, date: 2026-04-20}
facts:
  - {what: There is one pump., date: 2026-04-01, source: minutes}
parties:
  upper:
    name: Upper village
    factions:
      council: {name: Council, weight: 5}
      herders: {name: Herders, weight: 4, walk_out: 30, topple: 15}
    speaks_for: council
    ratification: {quota: {more_than: 1/2}}
    survival: {majority: 5, seats: {council: 5, herders: 4}}
  lower:
    name: Lower village
mediators:
  district: {name: District officer}
issues:
  hours:
    title: Hours of access
    options: {none: No access, dawn: At dawn, half: Half the day}
  fee:
    title: Yearly fee
    options: {free: Free, low: 100, high: 400}
preferences:
  upper.council:
    walk_away: [40, 50, 60]
    weights: {hours: 60, fee: 40}
    scores:
      hours: {none: 100, dawn: [60, 70, 80], half: 0}
      fee: {free: 0, low: 50, high: 100}
    red_lines: {hours.half: 0.4}
  upper.herders:
    walk_away: 45
    weights: {order: [hours, fee]}
    scores:
      hours: {order: [none, dawn, half]}
      fee: {order: [high, low, free]}
  lower:
    walk_away: 32
    noise: 4
    weights: {hours: 70, fee: 30}
    scores:
      hours: {none: 0, dawn: 40, half: 100}
      fee: {free: 100, low: 80, high: 20}
constraints:
  - {id: no_free_half, forbid: hours == half and fee == free}
joint:
  - {for: lower, when: hours == half and fee == low, add: [5, 10, 15]}
cautions:
  - {id: dry, when: hours == half, because: The pump runs dry in August, chance: 0.2}
texts:
  april: {date: 2026-04-20, package: {hours: dawn}}
  may: {date: 2026-05-01, package: {hours: dawn, fee: low}}
on_the_table: may
calendar:
  - {date: 2026-06-01, until: 2026-07-01, what: Dry season, presses: [lower]}
levers:
  - {id: grant, by: district, what: A grant, set: {preferences.upper.council.walk_away: [30, 40, 50]}}
"""

# Every key of every part of the format, long forms throughout, so that tests can walk the model.
FULL = """\
winset: 1
title: Every key once
as_of: 2026-05-01
status_quo: Nothing moves.
facts:
  - {what: A fact, date: 2026-04-01, source: paper}
sources:
  paper: {title: Paper, publisher: Press, date: 2026-04-01, url: "https://example.org", note: Read in a copy.}
parties:
  north:
    name: North
    role: negotiator
    delegation: [A. Envoy]
    factions:
      court: {name: Court, people: [B. Judge], role: Signs, weight: 3, walk_out: 20, topple: 10,
              source: paper, note: A note}
      camp: {name: Camp, weight: 2}
      fleet: {name: Fleet, weight: 1}
    speaks_for: court
    ratification:
      because: {text: The charter says so, source: paper}
      all_of:
        - {faction: court, because: {text: It reigns, source: paper}}
        - any_of:
            - at_least: 1
              of: [{faction: camp}, {not_blocked_by: {faction: fleet}, because: Custom}]
              because: Custom
          because: Custom
        - quota:
            share: 2/3
            weights: {court: 3, camp: {low: 1, mode: 2, high: 3, shape: pert, source: paper, by: AB, note: N}}
            of_present: true
            present: {camp: {low: 0.5, mode: 0.9, high: 1, shape: triangular, source: paper, by: AB, note: N}}
          because: Custom
        - referendum:
            groups:
              - {faction: fleet, size: 100, turnout: 0.6}
            threshold: 0.4
            turnout_quorum: 1/3
            approval_quorum: 0.2
            each_group: false
          because: Custom
        - {quota: {more_than: 1/3}}
        - {quota: {at_least: 2}}
    survival: {majority: 4, seats: {court: 3, camp: 2}, safety_net: {fleet: 1}, source: paper, note: A note}
    power: {low: 1, mode: 2, high: 3, shape: triangular, source: paper, by: AB, note: N}
    source: paper
    note: A note
  south:
    name: South
    role: negotiator
mediators:
  bishop: {name: Bishop, people: [C. Bishop], consent: required, source: paper, note: A note}
issues:
  land:
    title: Land
    options:
      all: {label: All, basis: offered, source: paper, position: 0}
      some: {label: Some, basis: asked for, source: paper, position: 62.5}
    because: {text: Both live there, source: paper}
    tier: core
    source: paper
    note: A note
  sea:
    title: Sea
    options: {open: Open, shut: Shut}
    tier: extended
preferences:
  north.court:
    walk_away: {low: 40, mode: 50, high: 60, shape: pert, source: paper, by: AB, note: N}
    noise: {low: 2, high: 4, shape: uniform, source: paper, by: AB, note: N}
    weights:
      land: {low: 60, mode: 70, high: 80, shape: pert, source: paper, by: AB, note: N}
      sea: 30
    scores:
      land: {all: {low: 80, mode: 90, high: 100, shape: pert, source: paper, by: AB, note: N}, some: 10}
      sea: {order: [open, shut]}
    red_lines:
      land.some: {low: 0.1, mode: 0.2, high: 0.3, shape: pert, source: paper, by: AB, note: N}
      "land == some and sea == shut": 0.4
    because:
      land: {text: It feeds them, source: paper}
    source: paper
    by: AB
    note: A note
  north.camp: {walk_away: 30, weights: {order: [land, sea]}, scores: {land: {order: [all, some]}, sea: {open: 9, shut: 3}}}
  north.fleet: {walk_away: 30, weights: {order: [[land, sea]]}, scores: {land: {all: 9, some: 1}, sea: {order: [[open, shut]]}}}
  south: {walk_away: 30, weights: {land: 1, sea: 1}, scores: {land: {all: 0, some: 80}, sea: {open: 20, shut: 70}}}
  bishop: {walk_away: 5, weights: {land: 1, sea: 0}, scores: {land: {all: 50, some: 60}}}
constraints:
  - {id: no_shut, forbid: land == all and sea == shut, because: {text: Boats, source: paper}}
joint:
  - for: south
    when: land == some and sea == open
    add: {low: 1, mode: 2, high: 3, shape: pert, source: paper, by: AB, note: N}
    because: {text: Trade, source: paper}
cautions:
  - id: storms
    when: sea == open
    because: {text: Storms, source: paper}
    chance: {low: 0.1, mode: 0.2, high: 0.3, shape: pert, source: paper, by: AB, note: N}
    source: paper
texts:
  first: {title: First draft, date: 2026-04-30, package: {land: some}, source: paper, note: A note}
on_the_table: first
calendar:
  - {date: 2026-06-01, until: 2026-07-01, what: Harvest, by: bishop, presses: [north, south], source: paper, note: A note}
exchange:
  obligations:
    pull: {by: north, what: Pulls back, lots: 2, unit: a hill, worth: {north: [-8, -5, -3], south: {cumulative: [4, 9]}},
           reversible: 0.8, earliest: 1, latest: 9, verifier: bishop, detection: 0.9, article: 3, hard: 0.1,
           because: {text: Agreed, source: paper}, source: paper, note: A note}
    pay:
      by: south
      what: Pays
      worth: {south: -4, north: {by: land, options: {all: 3, some: [5, 6, 7]}}}
      after: [{obligation: pull, lots: 1, as_read_by: [south]}]
  schedules:
    plain:
      title: As written
      steps:
        - {day: 1, by: north, does: {pull: 1}, kind: uni, note: A note}
        - {day: 4, by: [north, south], does: {pull: 1, pay: 1}, kind: escrow}
      partial: false
      package: {land: all}
      because: {text: Custom, source: paper}
      source: paper
      note: A note
  package: {land: some}
  fallbacks:
    north: {base: [0, 2, 4], moves: {pull: [-3, -2, -1]}, because: {text: Custom, source: paper}, source: paper}
  closing: {north: 3, south: [1, 2, 3]}
  guarantees:
    north: {points: 6, by: bishop, acts: [0.5, 0.7, 0.9], article: 7, because: {text: Custom, source: paper}, source: paper}
  monitoring: {detection: 0.8, false_alarm: 0.02, by: bishop, source: paper}
  hazard: [{from: 0, rate: 0.01, source: paper}, {from: 3, rate: [0.01, 0.02, 0.03]}]
  discount: {north: {low: 0.1, mode: 0.2, high: 0.3, shape: pert, source: paper, by: AB, note: N}}
  grace: 2
  stalling: {south: 0.1}
  noise: 4
  source: paper
  note: A note
spoilers:
  fishers:
    name: Fishers
    position: outside
    type: greedy
    faction: south
    trigger: land == all or sea == shut
    greed: {low: 2, mode: 5, high: 9, shape: pert, source: paper, by: AB, note: N}
    capability: {low: 0.1, mode: 0.3, high: 0.5, shape: pert, source: paper, by: AB, note: N}
    because: {text: They live off the sea, source: paper}
    source: paper
    note: A note
  pilots: {name: Pilots, position: inside, type: limited, trigger: sea == shut, capability: 0.2}
  raiders: {name: Raiders, position: outside, type: total, capability: [0.1, 0.4, 0.6]}
levers:
  - id: peace
    by: bishop
    what: A blessing
    set: {preferences.south.walk_away: 20, preferences.north.court.red_lines.land.some: null}
    because: {text: It soothes, source: paper}
    source: paper
objective: [north, south]
table_rule:
  because: {text: All sign, source: paper}
  all_of:
    - {party: north, because: {text: It must, source: paper}}
    - {party: south}
"""


def edited(text: str, *changes: tuple[str, str]) -> str:
    """`text` with each old piece, which must stand there exactly once, replaced by the new one."""
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
        text = text.replace(old, new)
    return text


def marked(text: str) -> tuple[str, tuple[int, int]]:
    """`text` without its one mark `«`, and the line and column where that stood."""
    assert text.count("«") == 1
    before, _, _ = text.partition("«")
    return text.replace("«", ""), (before.count("\n") + 1, len(before) - before.rfind("\n"))


def case_of(text: str | bytes, name: str = "case.yaml", id: str = "") -> Any:
    """The case that a sound text states; `Any`, as tests know which kind of rule or weights it holds."""
    return parse_case(text if isinstance(text, bytes) else text.encode(), name, id)


@cache
def small() -> Any:
    """The small case."""
    return case_of(SMALL, id="small")


def plain(text: str | bytes, name: str = "case.yaml") -> Any:
    """The data that a YAML text holds, as the reader sees it."""
    return read_document(text if isinstance(text, bytes) else text.encode(), name).data


def faults_of(text: str | bytes, name: str = "case.yaml") -> tuple[Fault, ...]:
    """The faults for which a text is refused, each of them fit to be shown."""
    with pytest.raises(CaseError) as caught:
        case_of(text, name)
    assert_presentable(caught.value, text, name)
    return caught.value.faults


def assert_presentable(error: CaseError, text: str | bytes, name: str = "case.yaml") -> None:
    """Every fault says what is wrong and the way out, on one line, at a place that the file has.

    To YAML, signs such as U+2028 end a line; to most editors they do not: either count will do.
    """
    assert error.faults
    text = text if isinstance(text, str) else text.decode("latin-1")
    ways = text.split("\n"), re.split(r"\r\n|[\r\n\x85\u2028\u2029]", text)
    for fault in error.faults:
        assert fault.message.strip(), fault
        assert fault.way_out.strip(), fault
        assert fault.file == name, fault
        assert "\n" not in str(fault), fault
        assert len(str(fault)) < 700, fault
        if fault.line == 0:
            assert "empty" in fault.message or "bytes" in fault.message, fault
        else:
            assert any(_lies_in(fault, lines) for lines in ways), fault


def _lies_in(fault: Fault, lines: list[str]) -> bool:
    width = len(lines[fault.line - 1]) if fault.line <= len(lines) else 0
    return 1 <= fault.line <= len(lines) + 1 and 1 <= fault.column <= width + 2


def as_yaml(data: Any) -> str:
    """Any plain data as YAML that reads back as the same, an entry a line; numbers beyond JSON's included."""
    if isinstance(data, dict):
        return "{" + ",\n".join(f"{json.dumps(key)}: {as_yaml(value)}" for key, value in data.items()) + "}"
    if isinstance(data, list):
        return "[" + ",\n".join(map(as_yaml, data)) + "]"
    if isinstance(data, float) and not math.isfinite(data):
        return ".nan" if math.isnan(data) else ".inf" if data > 0 else "-.inf"
    return json.dumps(data)


def hear_interrupts() -> None:
    """For `preexec_fn`: a process started from a shell's background would not hear Ctrl-C, nor would its own."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def in_a_process(code: str, **environment: str) -> str:
    """What `code` prints in a process of its own, started in the project's folder."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parent.parent,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
