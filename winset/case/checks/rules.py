"""Checks on ratification rules and the table rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from winset.case import rules
from winset.case.checks.finding import ANYTHING, Finding, unknown
from winset.case.model import Case
from winset.case.table import (
    faction_refs,
    home_weights,
    local_ids,
    required,
    sides,
    spokesman,
    table_weights,
)
from winset.case.yaml12 import Path
from winset.errors import LimitExceeded

Found = tuple[Path, rules.Rule, tuple[str, ...], str]
_VOTERS: tuple[Path, ...] = (("parties", ANYTHING), ("mediators", ANYTHING))


def rules_of(case: Case) -> Iterator[Found]:
    """Every rule with its path, the ids it may name, and what they are ('faction' or 'party')."""
    for side, party in case.parties.items():
        if party.ratification is not None:
            yield ("parties", side, "ratification"), party.ratification, local_ids(side, party), "faction"
    if case.table_rule is not None:
        yield ("table_rule",), case.table_rule, tuple(sides(case)), "party"


def unknown_members(case: Case) -> Iterator[Finding]:
    """Rules name members that exist: factions at home, parties at the table."""
    for path, rule, known, kind in rules_of(case):
        for inner, part in rules.walk(rule, path):
            yield from _unknown_here(inner, part, known, kind)


def _unknown_here(path: Path, part: rules.Rule, known: tuple[str, ...], kind: str) -> Iterator[Finding]:
    if isinstance(part, rules.OfParty if kind == "faction" else rules.OfFaction):
        wrong = "party" if kind == "faction" else "faction"
        yield Finding((*path, wrong), f"`{wrong}:` cannot stand here", f"write `{kind}:`")
        return
    named: list[tuple[Path, str]] = []
    if isinstance(part, rules.OfFaction | rules.OfParty):
        name = part.faction if isinstance(part, rules.OfFaction) else part.party
        named = [((*path, kind), name)]
    elif isinstance(part, rules.Quota):
        for key in ("weights", "present"):
            named += [((*path, "quota", key, name), name) for name in getattr(part.quota, key) or ()]
    elif isinstance(part, rules.Referendum):
        groups = part.referendum.groups
        named = [((*path, "referendum", "groups", i, "faction"), g.faction) for i, g in enumerate(groups)]
    for where, name in named:
        if name not in known:
            yield unknown(where, kind, name, known, *_about(path, kind, name))


def _about(path: Path, kind: str, name: str) -> tuple[Path, ...]:
    if kind == "faction":
        return ((*path[:2], "factions", name),)
    return ("parties", name), ("mediators", name)


def members_twice(case: Case) -> Iterator[Finding]:
    """Nobody stands twice in one body."""
    for path, rule, _, _ in rules_of(case):
        for inner, part in rules.walk(rule, path):
            names = [p.faction for _, p in rules.parts(part) if isinstance(p, rules.OfFaction)]
            names += [p.party for _, p in rules.parts(part) if isinstance(p, rules.OfParty)]
            yield from _twice(inner, names, "keep it once; use weights")
            if isinstance(part, rules.Referendum):
                voters = [group.faction for group in part.referendum.groups]
                yield from _twice((*inner, "referendum", "groups"), voters, "make one group of them")
    yield from _twice(("objective",), case.objective or (), "keep it once; `power` makes a party count more")


def _twice(path: Path, names: Sequence[str], way_out: str) -> Iterator[Finding]:
    for name in sorted(name for name, times in Counter(names).items() if times > 1):
        yield Finding(path, f"'{name}' stands twice in one list", way_out)


def out_of_reach(case: Case) -> Iterator[Finding]:
    """A count, quota or referendum can be reached when everybody accepts."""
    for path, rule, known, _ in rules_of(case):
        for inner, part in rules.walk(rule, path):
            if isinstance(part, rules.AtLeast) and part.at_least > len(part.of):
                message = f"asks for {part.at_least} of {len(part.of)} rules"
                about = ((*inner, "of", ANYTHING),)
                yield Finding((*inner, "at_least"), message, f"write at most {len(part.of)}", about)
            elif isinstance(part, rules.Quota):
                yield from _quota_out_of_reach(case, part, known, inner)
            elif isinstance(part, rules.Referendum):
                yield from _referendum_out_of_reach(part.referendum, (*inner, "referendum"))


def _quota_out_of_reach(
    case: Case, part: rules.Quota, known: tuple[str, ...], path: Path
) -> Iterator[Finding]:
    total = sum(weight for _, weight in body(case, part, known, path))
    terms = part.quota
    about: tuple[Path, ...] = (*_VOTERS, (*path, "quota", "weights", ANYTHING))
    if total <= 0:
        way_out = "give the members weights above 0"
        yield Finding((*path, "quota"), "all weights are 0", way_out, about)
    elif terms.at_least is not None and terms.at_least.point > total:
        message = f"asks for {terms.at_least.point:g} where all together have {total:g}"
        where = (*path, "quota", "at_least")
        yield Finding(where, message, f"write at most {total:g}", about)
    elif terms.more_than is not None and terms.more_than >= 1:
        way_out = "write `share: 1` for everybody"
        yield Finding((*path, "quota", "more_than"), "nothing is more than the whole", way_out)


def _referendum_out_of_reach(terms: rules.ReferendumTerms, path: Path) -> Iterator[Finding]:
    if terms.threshold >= 1:
        way_out = "write a threshold below 1"
        yield Finding((*path, "threshold"), "nothing is more than the whole", way_out)
    if all(group.size.point <= 0 for group in terms.groups):
        about = ((*path, "groups", ANYTHING),)
        yield Finding((*path, "groups"), "nobody has a vote", "give the groups sizes above 0", about)


def too_many_digits(case: Case) -> Iterator[Finding]:
    """Votes can be counted exactly."""
    for path, rule, _, _ in rules_of(case):
        weights = _default_weights(case, path)
        for inner, part in rules.walk(rule, path):
            if isinstance(part, rules.Quota | rules.Referendum) and not _countable(part, weights):
                message = "these numbers have too many digits for an exact count"
                yield Finding(inner, message, "round the weights, sizes and shares")


def _default_weights(case: Case, path: Path) -> Mapping[str, Fraction]:
    if path[0] == "parties":
        return home_weights(str(path[1]), case.parties[str(path[1])])
    return table_weights(case)


def _countable(part: rules.Rule, weights: Mapping[str, Fraction]) -> bool:
    try:
        rules.holds(part, dict.fromkeys(rules.members(part, tuple(weights)), 1), weights)
    except LimitExceeded:
        return False
    return True


def body(case: Case, part: rules.Quota, known: tuple[str, ...], path: Path) -> Iterator[tuple[str, float]]:
    """Who votes in a quota and with which weight at the mode."""
    if part.quota.weights is not None:
        yield from ((name, weight.point) for name, weight in part.quota.weights.items())
    elif path[0] == "parties":
        factions = case.parties[str(path[1])].factions
        yield from ((name, factions[name].weight.point if factions else 1.0) for name in known)
    else:
        yield from ((name, 1.0) for name in required(case))


def nobody_signs(case: Case) -> Iterator[Finding]:
    """It is said which faction signs for a party of several."""
    for side, party in case.parties.items():
        if spokesman(side, party) is None:
            message = f"has {len(party.factions)} factions and none signs for it"
            way_out = f"add `speaks_for: {next(iter(party.factions))}`, say"
            yield Finding(("parties", side), message, way_out, (("parties", side, "speaks_for"),))


def voices_without_preferences(case: Case) -> Iterator[Finding]:
    """Whoever signs, ratifies, decides or lends a spoiler its wants has preferences."""
    if not case.preferences:
        return
    sides_of = faction_refs(case)
    for ref, why, path in _needed(case):
        if ref in sides_of and ref not in case.preferences:
            message = f"'{ref}' {why} but has no preferences"
            side = ("parties", sides_of[ref])
            home = tuple((*side, key, ANYTHING) for key in ("role", "factions", "speaks_for"))
            yield Finding(path, message, f"add `{ref}:` to `preferences`", (("preferences", ref), *home))


def nobody_negotiates(case: Case) -> Iterator[Finding]:
    """Somebody's consent is needed for a deal."""
    if case.preferences and case.table_rule is None and not required(case):
        way_out = "list the parties that negotiate, or give `table_rule`"
        about = (*_VOTERS, ("table_rule", ANYTHING))
        yield Finding((), "nobody at the table must consent", way_out, about)


def _needed(case: Case) -> Iterator[tuple[str, str, Path]]:
    for side in required(case):
        if side in case.mediators:
            yield side, "must consent", ("mediators", side)
        else:
            yield _signer(case, side), "signs", ("parties", side)
    for path, rule, known, kind in rules_of(case):
        for name in rules.members(rule, known if kind == "faction" else required(case)):
            if kind == "faction":
                party = case.parties[str(path[1])]
                yield (f"{path[1]}.{name}" if party.factions else name), "has a say at home", path
            else:
                yield _signer(case, name), "has a say at the table", path
    for i, joint in enumerate(case.joint):
        yield joint.for_, "is given joint points", ("joint", i, "for")
    for name, spoiler in case.spoilers.items():
        if spoiler.faction is not None:
            yield spoiler.faction, f"gives the spoiler '{name}' its wants", ("spoilers", name, "faction")
    for name in case.objective or ():
        yield _signer(case, name), "counts by `objective`", ("objective",)


def _signer(case: Case, side: str) -> str:
    """Who signs for a side; '' when the case does not say."""
    return (spokesman(side, case.parties[side]) if side in case.parties else side) or ""


def observers_that_decide(case: Case) -> Iterator[Finding]:
    """An observer is never required."""
    if case.table_rule is None:
        return
    for name in rules.members(case.table_rule, required(case)):
        if name in case.parties and case.parties[name].role == "observer":
            message = f"'{name}' is an observer and has no say at the table"
            yield Finding(("table_rule",), message, f"leave it out, or make '{name}' a negotiator")
