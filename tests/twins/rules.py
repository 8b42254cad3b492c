"""Rules as the format describes them, over plain data, member by member, in exact fractions."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

EVERYBODY = ("a", "b", "c", "d", "e", "f")


def number(written: Any) -> Fraction:
    """What is written, or the mode of an estimate."""
    return Fraction(str(written[1] if isinstance(written, list) else written))


def holds(rule: dict[str, Any], yes: set[str], weights: dict[str, Fraction]) -> bool:
    """Whether the rule holds when exactly those in `yes` accept; `weights` are the voters by default."""
    if "faction" in rule:
        return rule["faction"] in yes
    if "party" in rule:
        return rule["party"] in yes
    if "all_of" in rule:
        return False not in [holds(part, yes, weights) for part in rule["all_of"]]
    if "any_of" in rule:
        return True in [holds(part, yes, weights) for part in rule["any_of"]]
    if "at_least" in rule:
        return [holds(part, yes, weights) for part in rule["of"]].count(True) >= rule["at_least"]
    if "not_blocked_by" in rule:
        refusals = {member for member in EVERYBODY if member not in yes}
        reached = holds(rule["not_blocked_by"], refusals, weights)
        return not reached
    if "quota" in rule:
        return vote(rule["quota"], yes, weights)
    return referendum(rule["referendum"], yes)


def vote(terms: dict[str, Any], yes: set[str], default: dict[str, Fraction]) -> bool:
    voters = default
    if "weights" in terms:
        voters = {member: number(weight) for member, weight in terms["weights"].items()}
    present = []
    for member in voters:
        chance = number(terms.get("present", {}).get(member, 1))
        if chance >= Fraction(1, 2):
            present.append(member)
    weight_for = Fraction(0)
    for member in present:
        if member in yes:
            weight_for += voters[member]
    whole = Fraction(0)
    for member in present if terms.get("of_present") else voters:
        whole += voters[member]
    if whole == 0 and "at_least" not in terms:
        return False  # an empty meeting decides nothing
    if "more_than" in terms:
        return weight_for > number(terms["more_than"]) * whole
    if "share" in terms:
        return weight_for >= number(terms["share"]) * whole
    return weight_for >= number(terms["at_least"])


def referendum(terms: dict[str, Any], yes: set[str]) -> bool:
    electorate = cast = votes_for = Fraction(0)
    groups_for = []
    for group in terms["groups"]:
        votes = number(group["size"]) * number(group.get("turnout", 1))
        electorate += number(group["size"])
        cast += votes
        share = Fraction(0)  # a group votes as its faction does
        if group["faction"] in yes:
            votes_for += votes
            share = Fraction(1)
        groups_for.append(share > number(terms["threshold"]))
    carried = votes_for > number(terms["threshold"]) * cast
    if "turnout_quorum" in terms and cast < number(terms["turnout_quorum"]) * electorate:
        carried = False
    if "approval_quorum" in terms and votes_for < number(terms["approval_quorum"]) * electorate:
        carried = False
    if terms.get("each_group") and False in groups_for:
        carried = False
    return carried
