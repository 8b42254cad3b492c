"""What a case must fulfil: for every check a case that trips it, at its place and with the way out."""

from __future__ import annotations

import copy
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from pydantic import BaseModel

from tests.helpers import (
    FULL,
    SMALL,
    VILLAGES,
    as_yaml,
    assert_presentable,
    case_of,
    edited,
    faults_of,
    marked,
    plain,
)
from winset.case import checks, faults, reference
from winset.case.checks import CHECKS, LEVER_CHECK
from winset.case.model import SECTIONS_TO_COME, Case
from winset.case.read import recheck, warnings
from winset.errors import CaseError

EVERY_CHECK = (*CHECKS, LEVER_CHECK)
HERDERS = "herders: {name: Herders, weight: 4, walk_out: 30, topple: 15}"
QUOTA = "ratification: {quota: {more_than: 1/2}}"
GOVERNMENT = "survival: {majority: 5, seats: {council: 5, herders: 4}}"
TABLE = "on_the_table: may"
GRANT = "set: {preferences.upper.council.walk_away: [30, 40, 50]}"
SPOILER = "spoilers:\n  band: {{name: B, position: outside, capability: 0.3, {}}}"
EXCHANGE = f"""{TABLE}
exchange:
  obligations:
    pump: {{by: upper, what: Opens the pump, lots: 2, worth: {{upper: -5, lower: 10}}, latest: 5}}
    money: {{by: lower, what: Pays, worth: {{lower: -4, upper: 9}}, earliest: 1, after: [pump]}}
    tea: {{by: lower, what: Brings tea, worth: {{upper: 1}}}}
  schedules:
    plain: {{steps: [{{day: 0, by: upper, does: {{pump: 2}}}}, {{day: 3, by: lower, does: {{money: 1}}}},
      {{day: 3, by: lower, does: {{tea: 1}}}}]}}
"""
NOBODY = "the table can do without every single party, so it is unclear whose gains count"


@dataclass(frozen=True)
class Trip:
    """Changes to the small case after which exactly one check finds one thing, where `«` stands."""

    check: str
    changes: tuple[tuple[str, str], ...]
    key: str
    message: str
    way_out: str

    def __str__(self) -> str:
        return f"{self.check}: {self.message[:40]}"


def trip(
    check: str, old: str, new: str, key: str, message: str, way_out: str, *more: tuple[str, str]
) -> Trip:
    return Trip(check, ((old, new), *more), key, message, way_out)


# Changes to a small exchange, where `«` stands.
EXCHANGES = [
    (
        "unknown_in_exchange",
        ("pump: {by: upper,", "pump: {«by: uper,"),
        "obligations.pump.by",
        "there is no party or mediator 'uper'",
        "did you mean 'upper'?",
    ),
    (
        "unknown_in_exchange",
        ("after: [pump]", "after: [«pumps]"),
        "obligations.money.after.0",
        "there is no obligation 'pumps'",
        "did you mean 'pump'?",
    ),
    (
        "unknown_in_exchange",
        ("does: {money: 1}", "does: {«monney: 1}"),
        "schedules.plain.steps.1.does.monney",
        "there is no obligation 'monney'",
        "did you mean 'money'?",
    ),
    (
        "unknown_in_exchange",
        ("  schedules:", "  package: {«fee: hgh}\n  schedules:"),
        "package.fee",
        "there is no option of 'fee' 'hgh'",
        "did you mean 'high'?",
    ),
    (
        "amounts_by_unknown_options",
        ("lower: 10}", "«lower: {by: fee, free: 1, low: 2}}"),
        "obligations.pump.worth.lower",
        "no points for the option 'high' of 'fee'",
        "add `high: points`",
    ),
    (
        "amounts_by_unknown_options",
        ("lower: 10}", "lower: {by: fee, free: 1, low: 2, high: 3, «hihg: 4}}"),
        "obligations.pump.worth.lower.hihg",
        "there is no option of 'fee' 'hihg'",
        "did you mean 'high'?",
    ),
    (
        "amounts_by_unknown_options",
        ("lower: 10}", "lower: {«by: fees, free: 1}}"),
        "obligations.pump.worth.lower.by",
        "there is no issue 'fees'",
        "did you mean 'fee'?",
    ),
    (
        "worth_of_other_lots",
        ("lower: 10}", "lower: {«cumulative: [3, 6, 9]}}"),
        "obligations.pump.worth.lower.cumulative",
        "gives the worth of 3 lots where there are 2",
        "give one number for each lot, summed up",
    ),
    (
        "prerequisites_in_a_circle",
        ("latest: 5}", "latest: 5, «after: [{obligation: money, as_read_by: [lower]}]}"),
        "obligations.pump.after",
        "waits for itself as 'lower' reads it: pump after money after pump",
        "take one of these prerequisites out",
    ),
    (
        "exchange_numbers_out_of_range",
        ("latest: 5}", "earliest: 7, «latest: 5}"),
        "obligations.pump.latest",
        "the last day 5 is before the first, 7",
        "swap the days",
    ),
    (
        "exchange_numbers_out_of_range",
        ("after: [pump]", "after: [«{obligation: pump, lots: 3}]"),
        "obligations.money.after.0",
        "asks for 3 lots of 'pump', which has 2",
        "write at most 2",
    ),
    (
        "exchange_numbers_out_of_range",
        ("  schedules:", "  guarantees: {upper: {«points: [-1, 2, 3]}}\n  schedules:"),
        "guarantees.upper.points",
        "-1 is less than 0",
        "write 0 or more points",
    ),
    (
        "exchange_numbers_out_of_range",
        ("  schedules:", "  «noise: 0\n  schedules:"),
        "noise",
        "0 is not above 0",
        "write more than 0 points",
    ),
    (
        "exchange_numbers_out_of_range",
        ("  schedules:", "  hazard: [{from: 4, rate: 0.1}, {«from: 4, rate: 0.2}]\n  schedules:"),
        "hazard.1.from",
        "day 4 does not come after day 4",
        "order the rates by their first day",
    ),
    (
        "schedules_that_cannot_be",
        ("{day: 3, by: lower, does: {tea: 1}}", "{«day: 2, by: lower, does: {tea: 1}}"),
        "schedules.plain.steps.2.day",
        "day 2 is before the step above, day 3",
        "order the steps by day",
    ),
    (
        "schedules_that_cannot_be",
        ("{day: 3, by: lower, does: {money: 1}}", "{day: 3, «by: upper, does: {money: 1}}"),
        "schedules.plain.steps.1.by",
        "'lower' owes 'money', and upper acts here",
        "name 'lower', or take 'money' out of the step",
    ),
    (
        "schedules_that_cannot_be",
        ("{steps: [{day: 0, by: upper, does: {pump: 2}}", "{«steps: [{day: 0, by: upper, does: {pump: 3}}"),
        "schedules.plain.steps",
        "delivers 3 lots of 'pump', of which there are 2",
        "deliver each lot once",
    ),
    (
        "schedules_that_cannot_be",
        (
            "{steps: [{day: 0, by: upper, does: {pump: 2}}, {day: 3, by: lower, does: {money: 1}},\n"
            "      {day: 3, by: lower, does: {tea: 1}}]}",
            "{«steps: [{day: 0, by: upper, does: {pump: 2}}, {day: 3, by: lower, does: {money: 1}}]}",
        ),
        "schedules.plain.steps",
        "delivers 0 of the 1 lots of 'tea'",
        "add a step, or say `partial: true`",
    ),
    (
        "schedules_that_cannot_be",
        ("{day: 3, by: lower, does: {money", "{day: 0, by: lower, does: {«money"),
        "schedules.plain.steps.1.does.money",
        "comes on day 0, before its first day 1",
        "move the step, or `earliest`",
    ),
    (
        "schedules_that_cannot_be",
        (
            "{day: 3, by: lower, does: {money: 1}}",
            "{day: 3, «by: [lower, upper], kind: escrow, does: {money: 1}}",
        ),
        "schedules.plain.steps.1.by",
        "'upper' delivers nothing here",
        "take 'upper' out of the step",
    ),
]
TRIPS = [
    trip("unknown_sources", "date: 2026-04-01, source: minutes", "date: 2026-04-01, «source: minuts",
         "facts.0.source", "there is no source 'minuts'", "did you mean 'minutes'?"),
    trip("unknown_sources", "    walk_away: 45", "    walk_away: 45\n    because: {fee: {text: T, «source: [judgement, loan]}}",
         "preferences.upper.herders.because.fee.source", "there is no source 'loan'", "known: minutes, judgement"),
    trip("unreadable_red_lines", "{hours.half: 0.4}", "{«hours half: 0.4}",
         "preferences.upper.council.red_lines.hours half", "'hours half' is not a condition",
         "write `issue.option`, or a condition: write it like `hours == half and fee in [free, low]`"),
    trip("unknown_in_conditions", "forbid: hours == half and fee == free", "«forbid: hours == half and fees == free",
         "constraints.0.forbid", "there is no issue 'fees'", "did you mean 'fee'?"),
    trip("unknown_in_conditions", "when: hours == half and fee == low", "«when: hours == hlf and fee == low",
         "joint.0.when", "'hours' has no option 'hlf'", "did you mean 'half'?"),
    trip("unknown_in_conditions", "when: hours == half, because", '«when: "hours in [noon]", because',
         "cautions.0.when", "'hours' has no option 'noon'", "did you mean 'none'?"),
    trip("unknown_in_conditions", "{hours.half: 0.4}", "{«hours.most: 0.4}",
         "preferences.upper.council.red_lines.hours.most", "'hours' has no option 'most'", "known: none, dawn, half"),
    trip("unknown_in_conditions", "{hours.half: 0.4}", "{«not fee == hgh: 0.4}",
         "preferences.upper.council.red_lines.not fee == hgh", "'fee' has no option 'hgh'", "did you mean 'high'?"),
    trip("unknown_in_preferences", "weights: {hours: 70, fee: 30}", "weights: {hours: 70, fee: 30, «pump: 3}",
         "preferences.lower.weights.pump", "there is no issue 'pump'", "known: hours, fee"),
    trip("unknown_in_preferences", "{none: 0, dawn: 40, half: 100}", "{none: 0, dawn: 40, half: 100, «dusk: 50}",
         "preferences.lower.scores.hours.dusk", "'hours' has no option 'dusk'", "known: none, dawn, half"),
    trip("unknown_in_preferences", "  lower:\n    walk_away: 32", "  «upper.elders: {walk_away: 1, weights: {hours: 1, "
         "fee: 0}, scores: {hours: {none: 1, dawn: 2, half: 3}}}\n  lower:\n    walk_away: 32",
         "preferences.upper.elders", "there is no faction 'upper.elders'", "did you mean 'upper.herders'?"),
    trip("unknown_in_preferences", "  lower:\n    walk_away: 32", "  «upper: {walk_away: 1, weights: {hours: 1, "
         "fee: 0}, scores: {hours: {none: 1, dawn: 2, half: 3}}}\n  lower:\n    walk_away: 32",
         "preferences.upper", "'upper' has several factions, so 'upper' alone is nobody's",
         "write 'upper.council', say"),
    trip("unknown_factions", "{for: lower, when", "{«for: lowr, when",
         "joint.0.for", "there is no faction 'lowr'", "did you mean 'lower'?"),
    trip("unknown_factions", "    speaks_for: council", "    «speaks_for: concil",
         "parties.upper.speaks_for", "there is no faction 'concil'", "did you mean 'council'?"),
    trip("unknown_factions", "seats: {council: 5, herders: 4}", "seats: {council: 5, «herder: 4}",
         "parties.upper.survival.seats.herder", "there is no faction 'herder'", "did you mean 'herders'?"),
    trip("unknown_in_texts", "package: {hours: dawn, fee: low}", "package: {hours: dawn, «fee: lo}",
         "texts.may.package.fee", "'fee' has no option 'lo'", "did you mean 'low'?"),
    trip("unknown_in_texts", TABLE, "«on_the_table: june",
         "on_the_table", "there is no text 'june'", "known: april, may"),
    trip("unknown_people", "presses: [lower]", "«presses: [lower, upper.elders]",
         "calendar.0.presses", "there is no party, mediator or faction 'upper.elders'", "did you mean 'upper.herders'?"),
    trip("unknown_people", "by: district, what: A grant", "«by: districts, what: A grant",
         "levers.0.by", "there is no party, mediator or faction 'districts'", "did you mean 'district'?"),
    trip("unknown_people", TABLE, f"{TABLE}\n«objective: [upper.council, lower]",
         "objective", "there is no party 'upper.council'", "did you mean 'upper'?"),
    trip("clashing_ids", "  district: {name: District officer}", "  district: {name: D}\n  «lower: {name: E}",
         "mediators.lower", "'lower' is a party as well", "give one another id"),
    trip("clashing_ids", "forbid: hours == half and fee == free}",
         "forbid: hours == half and fee == free}\n  - {«id: no_free_half, forbid: hours == dawn and fee == free}",
         "constraints.1.id", "the id 'no_free_half' stands twice", "give one another id"),
    trip("too_few_options", "options: {free: Free, low: 100, high: 400}", "«options: {free: Free}",
         "issues.fee.options", "needs at least 2 options, has 1",
         "add the other way to settle it, or move it to `facts`",
         ("package: {hours: dawn, fee: low}", "package: {hours: dawn, fee: free}"),
         ("fee: {free: 0, low: 50, high: 100}", "fee: {free: 0}"), ("{order: [high, low, free]}", "{free: 0}"),
         ("fee: {free: 100, low: 80, high: 20}", "fee: {free: 100}"),
         ("when: hours == half and fee == low", "when: hours == half")),
    trip("nothing_in_play", "issues:\n", "«issues:\n", "issues", "every issue is `extended`, so none is in play",
         "give at least one `tier: core`",
         ("    title: Hours of access", "    title: Hours\n    tier: extended"),
         ("    title: Yearly fee", "    title: Fee\n    tier: extended")),
    trip("missing_weights", "weights: {hours: 70, fee: 30}", "«weights: {hours: 70}",
         "preferences.lower.weights", "no weight for 'fee'", "add `fee: 0` if it does not matter to lower"),
    trip("missing_weights", "weights: {order: [hours, fee]}", "«weights: {order: [fee]}",
         "preferences.upper.herders.weights", "the order leaves out the issue 'hours'", "add it where it belongs"),
    trip("missing_weights", "weights: {order: [hours, fee]}", "«weights: {order: [fee, [hours, fee]]}",
         "preferences.upper.herders.weights", "the order has 'fee' twice", "keep one of the two"),
    trip("missing_scores", "      fee: {free: 100, low: 80, high: 20}\n", "", "preferences.lower.scores",
         "no scores for 'fee'", "add `fee:` with a score for each option, or their order",
         ("    scores:\n      hours: {none: 0, dawn", "    «scores:\n      hours: {none: 0, dawn")),
    trip("missing_scores", "hours: {none: 0, dawn: 40, half: 100}", "«hours: {none: 0, half: 100}",
         "preferences.lower.scores.hours", "no score for the option 'dawn'", "add `dawn: 0 to 100`"),
    trip("missing_scores", "fee: {order: [high, low, free]}", "«fee: {order: [high, [free]]}",
         "preferences.upper.herders.scores.fee", "the order leaves out the option 'low'", "add it where it belongs"),
    trip("weights_that_vanish", "weights: {hours: 70, fee: 30}", "«weights: {hours: 0, fee: 30}",
         "preferences.lower.weights", "all weights of the core issues are 0, so nothing matters to this faction",
         "give the issues weights above 0", ("    title: Yearly fee", "    title: Fee\n    tier: extended")),
    trip("thresholds_out_of_order", "walk_out: 30, topple: 15", "walk_out: 30, «topple: 31",
         "parties.upper.factions.herders.topple", "topple 31 lies above walk_out 30",
         "topple <= walk_out <= walk_away (at the mode)"),
    trip("thresholds_out_of_order", "walk_out: 30, topple: 15", "«walk_out: [45, 46, 47], topple: 15",
         "parties.upper.factions.herders.walk_out", "walk_out 46 lies above walk_away 45",
         "topple <= walk_out <= walk_away (at the mode)"),
    trip("thresholds_out_of_order", "walk_out: 30, topple: 15", "«topple: 45.5",
         "parties.upper.factions.herders.topple", "topple 45.5 lies above walk_away 45",
         "topple <= walk_out <= walk_away (at the mode)"),
    trip("negative_noise", "    noise: 4", "    «noise: [-2, 4, 6]",
         "preferences.lower.noise", "-2 is less than 0", "write 0 or more points"),
    trip("later_than_as_of", "title: Minutes, date: 2026-04-20", "title: Minutes, «date: 2026-05-02",
         "sources.minutes.date", "2026-05-02 is later than the case's `as_of` 2026-05-01",
         "leave it out, or move `as_of`"),
    trip("later_than_as_of", "may: {date: 2026-05-01", "may: {«date: 2027-05-01",
         "texts.may.date", "2027-05-01 is later than the case's `as_of` 2026-05-01", "leave it out, or move `as_of`"),
    trip("later_than_as_of", "{what: There is one pump., date: 2026-04-01", "{what: There is one pump., «date: 2026-12-31",
         "facts.0.date", "2026-12-31 is later than the case's `as_of` 2026-05-01", "leave it out, or move `as_of`"),
    trip("backward_spans", "until: 2026-07-01", "«until: 2026-05-31",
         "calendar.0.until", "2026-05-31 is before 2026-06-01", "swap the dates"),
    trip("unknown_members", QUOTA, "ratification: {all_of: [{faction: council}, {«faction: elders}]}",
         "parties.upper.ratification.all_of.1.faction", "there is no faction 'elders'", "did you mean 'herders'?"),
    trip("unknown_members", QUOTA, "ratification: {at_least: 1, of: [{faction: council}, {«party: upper}]}",
         "parties.upper.ratification.of.1.party", "`party:` cannot stand here", "write `faction:`"),
    trip("unknown_members", QUOTA, "ratification: {quota: {share: 1, weights: {council: 1, «concil: 1}}}",
         "parties.upper.ratification.quota.weights.concil", "there is no faction 'concil'", "did you mean 'council'?"),
    trip("unknown_members", QUOTA, "ratification: {quota: {share: 1, present: {«concil: 1}}}",
         "parties.upper.ratification.quota.present.concil", "there is no faction 'concil'", "did you mean 'council'?"),
    trip("unknown_members", QUOTA, "ratification: {not_blocked_by: {referendum: {threshold: 0.5, groups: "
         "[{faction: council, size: 5}, {«faction: upper, size: 5}]}}}",
         "parties.upper.ratification.not_blocked_by.referendum.groups.1.faction", "there is no faction 'upper'",
         "known: council, herders"),
    trip("unknown_members", TABLE, f"{TABLE}\ntable_rule: {{all_of: [{{party: upper}}, {{party: lower}}, {{«party: distrct}}]}}",
         "table_rule.all_of.2.party", "there is no party 'distrct'", "did you mean 'district'?"),
    trip("unknown_members", TABLE, f"{TABLE}\ntable_rule: {{all_of: [{{party: upper}}, {{«faction: council}}]}}",
         "table_rule.all_of.1.faction", "`faction:` cannot stand here", "write `party:`"),
    trip("members_twice", QUOTA, "ratification: {any_of: [{«all_of: [{faction: council}, {faction: council}]}]}",
         "parties.upper.ratification.any_of.0", "'council' stands twice in one list", "keep it once; use weights",
         ("any_of: [{«all_of", "any_of: [«{all_of")),
    trip("members_twice", TABLE, f"{TABLE}\n«objective: [lower, upper, lower]",
         "objective", "'lower' stands twice in one list", "keep it once; `power` makes a party count more"),
    trip("members_twice", QUOTA, "ratification: {referendum: {«groups: [{faction: council, size: 5}, "
         "{faction: herders, size: 2}, {faction: council, size: 1}], threshold: 1/2}}",
         "parties.upper.ratification.referendum.groups", "'council' stands twice in one list", "make one group of them"),
    trip("governments_that_cannot_be", GOVERNMENT, "survival: {majority: 5, «seats: {council: 0, herders: 0}}",
         "parties.upper.survival.seats", "a government that has no seats", "give those who carry it seats"),
    trip("governments_that_cannot_be", GOVERNMENT,
         "survival: {majority: 5, «seats: {council: 0}, safety_net: {herders: 6}}",
         "parties.upper.survival.seats", "a safety net steps in for a government that has no seats",
         "give those who carry it seats"),
    trip("governments_that_cannot_be", GOVERNMENT, "survival: {«majority: 10, seats: {council: 5, herders: 4}}",
         "parties.upper.survival.majority", "asks for 10 seats where all together have 9", "write at most 9"),
    trip("governments_that_cannot_be", GOVERNMENT, "survival: {«majority: 0, seats: {council: 5, herders: 4}}",
         "parties.upper.survival.majority", "a government that needs no seats cannot fall", "write 1 or more"),
    trip("governments_that_cannot_be", GOVERNMENT,
         "survival: {majority: 5, seats: {council: 5, herders: 4}, safety_net: {«herders: 2}}",
         "parties.upper.survival.safety_net.herders", "'herders' carries the government and steps in for it",
         "keep it in one of `seats` and `safety_net`"),
    trip("governments_that_cannot_be", GOVERNMENT,
         "survival: {majority: 5, seats: {council: 5}, safety_net: {«herders: 0}}",
         "parties.upper.survival.safety_net.herders", "'herders' steps in without a seat",
         "give it seats, or leave it out"),
    *(
        trip(check, TABLE, edited(EXCHANGE, change).rstrip("\n"), f"exchange.{key}", message, way_out)
        for check, change, key, message, way_out in EXCHANGES
    ),
    trip("out_of_reach", QUOTA, "ratification: {«at_least: 3, of: [{faction: council}, {faction: herders}]}",
         "parties.upper.ratification.at_least", "asks for 3 of 2 rules", "write at most 2"),
    trip("out_of_reach", QUOTA, "ratification: {quota: {«at_least: 9.5}}",
         "parties.upper.ratification.quota.at_least", "asks for 9.5 where all together have 9", "write at most 9"),
    trip("out_of_reach", QUOTA, "ratification: {quota: {«more_than: 1}}",
         "parties.upper.ratification.quota.more_than", "nothing is more than the whole", "write `share: 1` for everybody"),
    trip("out_of_reach", QUOTA, "ratification: {any_of: [{«quota: {share: 1/2, weights: {council: 0}}}]}",
         "parties.upper.ratification.any_of.0.quota", "all weights are 0", "give the members weights above 0"),
    trip("out_of_reach", TABLE, f"{TABLE}\ntable_rule: {{quota: {{«at_least: 3}}}}\nobjective: [lower]",
         "table_rule.quota.at_least", "asks for 3 where all together have 2", "write at most 2"),
    trip("out_of_reach", QUOTA, "ratification: {referendum: {groups: [{faction: council, size: 9}], «threshold: 1}}",
         "parties.upper.ratification.referendum.threshold", "nothing is more than the whole",
         "write a threshold below 1"),
    trip("out_of_reach", QUOTA, "ratification: {referendum: {«groups: [{faction: council, size: 0}], threshold: 0.5}}",
         "parties.upper.ratification.referendum.groups", "nobody has a vote", "give the groups sizes above 0"),
    trip("too_many_digits", QUOTA, "«ratification: {quota: {share: 2/3, weights: {council: 123456.12345678, herders: 0.12345678901234}}}",
         "parties.upper.ratification", "these numbers have too many digits for an exact count",
         "round the weights, sizes and shares"),
    trip("too_many_digits", TABLE, f"{TABLE}\ntable_rule: {{any_of: [«{{quota: {{share: 2/3, weights: "
         "{upper: 123456.12345678, lower: 0.12345678901234}}}]}",
         "table_rule.any_of.0", "these numbers have too many digits for an exact count",
         "round the weights, sizes and shares"),
    trip("too_many_digits", HERDERS, "herders: {name: Herders, weight: 123456.12345678}",
         "parties.upper.ratification", "these numbers have too many digits for an exact count",
         "round the weights, sizes and shares", (QUOTA, "«ratification: {quota: {share: 2/3}}"),
         ("council: {name: Council, weight: 5}", "council: {name: Council, weight: 0.12345678901234}")),
    trip("nobody_negotiates", "    name: Upper village", "    name: Upper village\n    role: observer",
         "", "nobody at the table must consent", "list the parties that negotiate, or give `table_rule`",
         ("    name: Lower village", "    name: Lower village\n    role: observer"), ("winset: 1", "«winset: 1")),
    trip("nobody_signs", "    speaks_for: council\n", "", "parties.upper", "has 2 factions and none signs for it",
         "add `speaks_for: council`, say", ("  upper:\n    name", "  «upper:\n    name")),
    trip("voices_without_preferences", "mediators:", "  «third: {name: Third}\nmediators:",
         "parties.third", "'third' signs but has no preferences", "add `third:` to `preferences`"),
    trip("voices_without_preferences", "{name: District officer}", "{name: District officer, consent: required}",
         "mediators.district", "'district' must consent but has no preferences", "add `district:` to `preferences`",
         ("  district: {", "  «district: {")),
    trip("voices_without_preferences", HERDERS, f"{HERDERS}\n      elders: {{name: Elders}}",
         "parties.upper.ratification", "'upper.elders' has a say at home but has no preferences",
         "add `upper.elders:` to `preferences`", (QUOTA, f"«{QUOTA}")),
    trip("voices_without_preferences", TABLE, f"{TABLE}\n«table_rule: {{all_of: [{{party: upper}}, {{party: district}}]}}",
         "table_rule", "'district' has a say at the table but has no preferences", "add `district:` to `preferences`"),
    trip("voices_without_preferences", "{for: lower, when", "{«for: district, when",
         "joint.0.for", "'district' is given joint points but has no preferences", "add `district:` to `preferences`"),
    trip("voices_without_preferences", TABLE, f"{TABLE}\n«objective: [upper, district]",
         "objective", "'district' counts by `objective` but has no preferences", "add `district:` to `preferences`"),
    trip("observers_that_decide", TABLE, f"{TABLE}\n«table_rule: {{all_of: [{{party: upper}}, {{party: lower}}]}}",
         "table_rule", "'lower' is an observer and has no say at the table",
         "leave it out, or make 'lower' a negotiator",
         ("    name: Lower village", "    name: Lower village\n    role: observer")),
    trip("unknown_in_conditions", TABLE, f"{TABLE}\n{SPOILER.format('type: limited, «trigger: hours == noon')}",
         "spoilers.band.trigger", "'hours' has no option 'noon'", "did you mean 'none'?"),
    trip("unknown_in_conditions", TABLE, f"{TABLE}\n{SPOILER.format('type: total, «trigger: not fees == free')}",
         "spoilers.band.trigger", "there is no issue 'fees'", "did you mean 'fee'?"),
    trip("unknown_factions", TABLE, f"{TABLE}\n{SPOILER.format('type: greedy, «faction: upper.herdsmen')}",
         "spoilers.band.faction", "there is no faction 'upper.herdsmen'", "did you mean 'upper.herders'?"),
    trip("unknown_factions", TABLE, f"{TABLE}\n{SPOILER.format('type: limited, «faction: upper')}",
         "spoilers.band.faction", "'upper' has several factions, so 'upper' alone is nobody's",
         "write 'upper.council', say"),
    trip("voices_without_preferences", TABLE, f"{TABLE}\n{SPOILER.format('type: total, «faction: district')}",
         "spoilers.band.faction", "'district' gives the spoiler 'band' its wants but has no preferences",
         "add `district:` to `preferences`"),
    trip("silent_spoilers", TABLE, f"{TABLE}\n{SPOILER.format('type: limited').replace('band', '«band')}",
         "spoilers.band", "is limited and says nothing of when it opposes",
         "add the `faction` whose wants it has, or a `trigger`"),
    trip("silent_spoilers", TABLE, f"{TABLE}\n{SPOILER.format('type: greedy').replace('band', '«band')}",
         "spoilers.band", "is greedy and says nothing of when it opposes",
         "add the `faction` whose wants it has, or a `trigger`"),
    trip("greed_out_of_place", TABLE, f"{TABLE}\n{SPOILER.format('type: limited, faction: lower, «greed: 5')}",
         "spoilers.band.greed", "a limited spoiler has no greed", "leave it out, or write `type: greedy`"),
    trip("greed_out_of_place", TABLE, f"{TABLE}\n{SPOILER.format('type: total, «greed: 0')}",
         "spoilers.band.greed", "a total spoiler has no greed", "leave it out, or write `type: greedy`"),
    trip("greed_out_of_place", TABLE, f"{TABLE}\n{SPOILER.format('type: greedy, trigger: fee == free, «greed: 5')}",
         "spoilers.band.greed", "counts above a walk-away, and there is no faction",
         "add the `faction` whose points they are, or leave it out"),
    trip("greed_out_of_place", TABLE, f"{TABLE}\n{SPOILER.format('type: greedy, faction: lower, «greed: [-1, 0, 4]')}",
         "spoilers.band.greed", "-1 is less than 0", "write 0 or more points"),
    trip("nobody_indispensable", TABLE, f"{TABLE}\n«table_rule: {{any_of: [{{party: upper}}, {{party: lower}}]}}",
         "table_rule", NOBODY, "add `objective: [ids]`"),
    trip("nobody_indispensable", TABLE, f"{TABLE}\n«objective: []",
         "objective", "names nobody, so nobody's gains count", "name parties, or remove it"),
    trip("no_date", "as_of: 2026-05-01\n", "", "", "the case has no `as_of` date", "add `as_of: YYYY-MM-DD`",
         ("winset: 1", "«winset: 1")),
    trip("labels_twice", "options: {free: Free, low: 100, high: 400}", "«options: {free: 100, low: 100, high: 400}",
         "issues.fee.options", "two options are labelled '100'", "tell them apart"),
    trip("texts_that_cannot_be", "package: {hours: dawn, fee: low}", "«package: {hours: half, fee: free}",
         "texts.may.package", "the text is forbidden by the constraint 'no_free_half'",
         "check the text or the constraint"),
    trip("labels_twice", "options: {free: Free, low: 100, high: 400}", '«options: {free: "Very\\n free", low: "Very\\n free", high: 400}',
         "issues.fee.options", "two options are labelled 'Very free'", "tell them apart"),
    trip("walk_away_out_of_reach", "walk_away: 32", "«walk_away: 99.7", "preferences.lower.walk_away",
         "no package can reach the walk-away 99.7; the best has 99.64", "check the walk-away and the scores",
         ("half: 100}\n      fee: {free: 100, low: 80", "half: 99.4}\n      fee: {free: 100, low: 80.2"),
         ("weights: {hours: 70, fee: 30}", "weights: {hours: 60, fee: 40}"),
         ("  - {for: lower, when: hours == half and fee == low, add: [5, 10, 15]}", "  - {for: upper.council, when: hours == half and fee == low, add: 1}")),
    trip("walk_away_out_of_reach", "walk_away: [40, 50, 60]", "«walk_away: [40, 100.5, 120]",
         "preferences.upper.council.walk_away", "no package can reach the walk-away 100.5; the best has 100",
         "check the walk-away and the scores"),
    trip("levers_that_fail", GRANT, "«set: {preferences.uper.council.walk_away: [30, 40, 50]}", "levers.0.set",
         "there is no entry below 'preferences' for 'uper.council.walk_away'; did you mean 'upper.council'?",
         "a lever changes what the case holds"),
    trip("levers_that_fail", GRANT, "«set: {preferences.upper.council.walk_away: [50, 40, 30]}", "levers.0.set",
         "preferences.upper.council.walk_away: [50, 40, 30] does not rise", "write low <= mode <= high"),
    trip("levers_that_fail", GRANT, "«set: {on_the_table: june}", "levers.0.set",
         "on_the_table: there is no text 'june'", "known: april, may"),
    trip("levers_that_fail", GRANT, "«set: {title: null}", "levers.0.set", "`title` is missing", "add `title:`"),
    trip("levers_that_fail", GRANT, "«set: {winset: 2}", "levers.0.set",
         "winset: format version 2 is not one that this winset reads", "write `winset: 1`"),
]  # fmt: skip


@pytest.mark.parametrize("tripped", TRIPS, ids=str)
def test_each_check_is_tripped_by_its_case_at_the_right_place(tripped):
    text, place = marked(edited(SMALL, *tripped.changes))
    check = next(check for check in EVERY_CHECK if check.id == tripped.check)
    if check.severity == "error":
        found = faults_of(text)
    else:
        found = tuple(warnings(case_of(text)))
        assert_presentable(CaseError(found), text)
    assert [(f.check, f.severity) for f in found] == [(check.id, check.severity)], found
    (fault,) = found
    assert (fault.line, fault.column) == place
    assert (fault.key, fault.message, fault.way_out) == (tripped.key, tripped.message, tripped.way_out)


def test_every_check_has_a_case_that_trips_it():
    assert {tripped.check for tripped in TRIPS} == {check.id for check in EVERY_CHECK}
    assert len({check.id for check in EVERY_CHECK}) == len(EVERY_CHECK)


@pytest.mark.parametrize("text", [VILLAGES, SMALL, FULL], ids=["two-villages", "small", "full"])
def test_no_check_finds_anything_in_a_sound_case(text):
    case = case_of(text)
    for check in EVERY_CHECK:
        assert list(check.find(case)) == [], check.id
    assert warnings(case) == []
    recheck(case)


def test_checks_promise_something():
    for check in EVERY_CHECK:
        assert check.promise.endswith("."), check.id
        assert check.id == check.find.__name__


def test_a_case_that_was_made_is_checked_as_one_that_was_read():
    for tripped in TRIPS:
        check = next(check for check in EVERY_CHECK if check.id == tripped.check)
        if check.severity == "error" and check is not LEVER_CHECK:
            made = Case.model_validate(plain(marked(edited(SMALL, *tripped.changes))[0]))
            with pytest.raises(CaseError) as caught:
                recheck(made)
            assert [f.message for f in caught.value.faults] == [tripped.message]


# --- all at once, and none that only follows from another

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


# --- keys


@pytest.mark.parametrize("section", SECTIONS_TO_COME)
def test_sections_to_come_are_named(section):
    text, place = marked(f"{SMALL}«{section}: {{a: 1}}\n")
    (fault,) = faults_of(text)
    assert (fault.line, fault.column) == place
    assert fault.message.startswith(
        f"the section `{section}` ({SECTIONS_TO_COME[section]}) is not read by this version"
    )
    assert fault.way_out == f"remove or comment out `{section}`, or use a version that has the analysis"


def test_another_format_version_is_refused():
    text, place = marked(edited(SMALL, ("winset: 1", "«winset: 2")))
    (fault,) = faults_of(text)
    assert (fault.line, fault.column, fault.key) == (*place, "winset")
    assert (fault.message, fault.way_out) == (
        "format version 2 is not one that this winset reads",
        "write `winset: 1`",
    )


def levels(
    part: Any, data: Any, path: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], BaseModel]]:
    """Every part of a case that is written with keys, with its path in the data."""
    if isinstance(part, BaseModel) and isinstance(data, dict):
        yield path, part
        for name, info in type(part).model_fields.items():
            key = info.alias or name
            if key in data:
                yield from levels(getattr(part, name), data[key], (*path, key))
    elif isinstance(part, dict):
        for key, inner in part.items():
            yield from levels(inner, data[key], (*path, key))
    elif isinstance(part, tuple) and isinstance(data, list):
        for i, inner in enumerate(part):
            yield from levels(inner, data[i], (*path, i))


LEVELS = list(levels(case_of(FULL), plain(FULL)))


def at(data: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        data = data[step]
    return data


def test_the_full_case_has_every_key_of_the_model():
    seen: dict[str, set[str]] = {}
    for path, part in LEVELS:
        seen.setdefault(type(part).__name__, set()).update(at(plain(FULL), path))
    definitions = {**reference.schema()["$defs"], "Case": reference.schema()}
    for name, definition in definitions.items():
        forms = [definition, *definition.get("anyOf", [])]
        keys = next(set(form["properties"]) for form in forms if "properties" in form)
        assert keys - seen.get(name, set()) == set(), name


@pytest.mark.parametrize(
    ("path", "kind"),
    list(
        {
            (type(part).__name__, tuple(at(plain(FULL), path))): (path, type(part)) for path, part in LEVELS
        }.values()
    ),
    ids=lambda value: ".".join(map(str, value)) or "case" if isinstance(value, tuple) else value.__name__,
)
def test_an_unknown_key_is_named_with_the_nearest_known_one_at_every_level(path, kind):
    data = plain(FULL)
    known = [info.alias or name for name, info in kind.model_fields.items()]
    added = [f"{key}x" for key in known]
    holder = at(data, path)
    holder.update(dict.fromkeys(added, 1))
    found = {fault.key: fault for fault in faults_of(as_yaml(data))}
    for key in known:
        fault = found[".".join(map(str, (*path, f"{key}x")))]
        if kind.__name__ == "Ranking":
            assert fault.message == "`order` stands alone, `orderx` stands beside it"
            assert fault.way_out == "give either an order or numbers"
        else:
            assert (fault.message, fault.way_out) == (f"unknown key '{key}x'", f"did you mean '{key}'?")
    assert len(found) == len(added)


def test_a_key_like_nothing_known_is_answered_with_what_is_known():
    (fault,) = faults_of(edited(SMALL, ("    noise: 4", "    qqqq: 4")))
    assert fault.way_out == "known: because, by, noise, note, red_lines, scores, source, walk_away, weights"


def test_names_of_python_fields_are_no_keys():
    found = faults_of(edited(SMALL, ("{for: lower, when", "{for_: lower, when")))
    assert [f.message for f in found] == ["`for` is missing", "unknown key 'for_'"]


def test_ids_that_bear_the_names_of_keys_lead_nobody_astray():
    """pydantic's locations mix keys with the names of union branches."""
    text = SMALL.replace("hours", "numbers").replace("fee", "ranks").replace("half", "low")
    text, place = marked(
        edited(text, ("weights: {numbers: 70, ranks: 30}", "weights: {numbers: 70, «ranks: x}"))
    )
    fault = next(f for f in faults_of(text) if f.message.startswith("expects"))
    assert (fault.key, fault.line, fault.column) == ("preferences.lower.weights.ranks", *place)


# --- the pieces that place faults


def test_known_keys_are_found_below_unions_and_lists():
    assert list(faults.keys_at(("parties", "a", "ratification", "<all_of>", "all_of", 3, "<quota>", "quota"))) == [
        "more_than", "share", "at_least", "weights", "of_present", "present",
    ]  # fmt: skip
    assert set(faults.keys_at(("levers", 0))) == {"id", "by", "what", "set", "because", "source"}
    assert list(faults.keys_at(("levers", 0, "set"))) == []
    assert "order" in faults.keys_at(("preferences", "a", "weights", "<ranks>"))


def test_checks_run_on_a_case_that_no_file_states():
    made = case_of(SMALL).model_copy(update={"on_the_table": "june"})
    found = checks.run(made.named("made"), made._document)
    assert [(f.key, f.message) for f in found] == [("on_the_table", "there is no text 'june'")]


def test_checks_take_no_square_of_a_long_list():
    order = ", ".join(f"i{n}" for n in range(10_000))
    twice = ", ".join(["{faction: council}"] * 5_000)
    text = edited(
        SMALL,
        ("{order: [hours, fee]}", f"{{order: [{order}]}}"),
        (QUOTA, f"ratification: {{any_of: [{twice}]}}"),
    )
    start = time.process_time()
    assert len(faults_of(text)) == 10_003
    assert time.process_time() - start < 6


def test_any_case_of_the_table_reads_the_same_as_json():
    for tripped in TRIPS:
        text, _ = marked(edited(SMALL, *tripped.changes))
        as_json = json.dumps(copy.deepcopy(plain(text)), indent=1)
        try:
            found = warnings(case_of(as_json, "c.json"))
        except CaseError as error:
            found = list(error.faults)
        assert [(f.key, f.message) for f in found] == [(tripped.key, tripped.message)]
