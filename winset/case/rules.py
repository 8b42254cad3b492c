"""Ratification rules: the trees that say whose consent carries a party, or a table of parties."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import lcm, prod
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator

from winset.case.base import Frozen, Map, Share, Short, Sources, Text, fault
from winset.case.estimate import Chance, Weight
from winset.errors import LimitExceeded, clip, suggestion

OPERATORS = ("faction", "party", "all_of", "any_of", "at_least", "quota", "not_blocked_by", "referendum")


class Reason(Short):
    """A sentence saying why, and where it comes from; a plain text stands for its `text`."""

    text: Text
    source: Sources | None = Field(None, description="ids of `sources`, or `judgement`")


class _Operator(Frozen):
    because: Reason | None = Field(None, description="why home decides this way")


class OfFaction(_Operator):
    """Holds when the faction accepts."""

    faction: str = Field(description="id of a faction of the party")


class OfParty(_Operator):
    """Holds when the party consents (in `table_rule`)."""

    party: str = Field(description="id of a party or mediator")


class AllOf(_Operator):
    """Holds when every rule in the list holds."""

    all_of: tuple[Rule, ...] = Field(min_length=1)


class AnyOf(_Operator):
    """Holds when at least one rule in the list holds."""

    any_of: tuple[Rule, ...] = Field(min_length=1)


class AtLeast(_Operator):
    """Holds when at least that many rules of the list hold."""

    at_least: int = Field(ge=1, strict=True, description="how many must hold")
    of: tuple[Rule, ...] = Field(min_length=1)


class QuotaTerms(Frozen):
    """The terms of a weighted vote; give exactly one of `more_than`, `share`, `at_least`."""

    more_than: Share | None = Field(None, description="yes weight above this share of the whole")
    share: Share | None = Field(None, description="yes weight of at least this share of the whole")
    at_least: Weight | None = Field(None, description="yes weight of at least this much")
    weights: Map[str, Weight] | None = Field(None, description="weight by member; default: the factions'")
    of_present: bool = Field(False, strict=True, description="the whole is what is present, not all members")
    present: Map[str, Chance] | None = Field(
        None, description="chance that a member is present; default 1; in point mode 0.5 or more is present"
    )

    @model_validator(mode="after")
    def _one_threshold(self) -> Self:
        given = [key for key in ("more_than", "share", "at_least") if getattr(self, key) is not None]
        if len(given) != 1:
            has = "has " + (" and ".join(given) if given else "none")
            raise fault(f"a quota needs one of more_than, share, at_least; {has}", "keep exactly one")
        return self


class Quota(_Operator):
    """Holds when the members who accept weigh enough."""

    quota: QuotaTerms


class NotBlockedBy(_Operator):
    """Holds unless the inner rule, which counts refusals, is reached."""

    not_blocked_by: Rule


class Group(Frozen):
    """A group of voters whose yes share is its faction's."""

    faction: str = Field(description="id of the faction it votes with")
    size: Weight = Field(description="voters, in any unit common to all groups")
    turnout: Chance = Field(Chance(low=1, mode=1, high=1), description="share that votes, 0 to 1")


class ReferendumTerms(Frozen):
    """The terms of a popular vote."""

    groups: tuple[Group, ...] = Field(min_length=1)
    threshold: Share = Field(description="the yes share of votes must be more than this")
    turnout_quorum: Share | None = Field(None, description="least share of voters that must take part")
    approval_quorum: Share | None = Field(None, description="least share of voters that must say yes")
    each_group: bool = Field(False, strict=True, description="every group must reach the threshold by itself")


class Referendum(_Operator):
    """Holds when the popular vote carries."""

    referendum: ReferendumTerms


def _check_operator(value: Any) -> Any:
    """The mapping as it is, when it states exactly one kind of rule."""
    if isinstance(value, _Operator):
        return value
    way_out = f"write one of {', '.join(OPERATORS)}"
    if not isinstance(value, dict):
        raise fault(f"expects a rule, has {clip(value)}", way_out)
    found = [key for key in OPERATORS if key in value]
    if len(found) > 1:
        raise fault(f"a rule does one thing, this one has {' and '.join(found)}", "nest them with all_of")
    if not value:
        raise fault("the rule is empty", way_out)
    if not found:
        strange = str(next(iter(value)))
        raise fault(f"'{clip(strange)}' is not a rule", suggestion(strange, OPERATORS))
    return value


def _operator(value: Any) -> str:
    """The tag of the kind of rule that a checked mapping states."""
    stated = type(value).model_fields if isinstance(value, _Operator) else value
    return f"<{next(key for key in OPERATORS if key in stated)}>"


# Tags stand among the keys in pydantic's locations; the brackets make sure that none is taken for a key.
Rule = Annotated[
    Annotated[OfFaction, Tag("<faction>")]
    | Annotated[OfParty, Tag("<party>")]
    | Annotated[AllOf, Tag("<all_of>")]
    | Annotated[AnyOf, Tag("<any_of>")]
    | Annotated[AtLeast, Tag("<at_least>")]
    | Annotated[Quota, Tag("<quota>")]
    | Annotated[NotBlockedBy, Tag("<not_blocked_by>")]
    | Annotated[Referendum, Tag("<referendum>")],
    Discriminator(_operator),
    BeforeValidator(_check_operator),
]
for _model in (AllOf, AnyOf, AtLeast, NotBlockedBy):
    _model.model_rebuild()


def parts(rule: Rule) -> tuple[tuple[tuple[str | int, ...], Rule], ...]:
    """The rules directly inside `rule`, each with its path from there."""
    match rule:
        case AllOf():
            return tuple((("all_of", i), part) for i, part in enumerate(rule.all_of))
        case AnyOf():
            return tuple((("any_of", i), part) for i, part in enumerate(rule.any_of))
        case AtLeast():
            return tuple((("of", i), part) for i, part in enumerate(rule.of))
        case NotBlockedBy():
            return ((("not_blocked_by",), rule.not_blocked_by),)
        case _:
            return ()


def walk(rule: Rule, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Rule]]:
    """`rule` and every rule inside it, each with its path."""
    yield path, rule
    for inner, part in parts(rule):
        yield from walk(part, (*path, *inner))


def members(rule: Rule, default: tuple[str, ...]) -> tuple[str, ...]:
    """The ids of everybody whose acceptance the rule asks about, each once.

    `default` are those who vote in a quota without `weights`.
    """
    found: dict[str, Literal[True]] = {}
    for _, part in walk(rule):
        if isinstance(part, OfFaction):
            found[part.faction] = True
        elif isinstance(part, OfParty):
            found[part.party] = True
        elif isinstance(part, Quota):
            found.update(dict.fromkeys(part.quota.weights or default, True))
        elif isinstance(part, Referendum):
            found.update((group.faction, True) for group in part.referendum.groups)
    return tuple(found)


# Zeros and ones, as Python ints or as numpy arrays: the rules below need only + - * and comparisons.
T = Any
_ONE: T = 1


def _int(truth: T) -> T:
    return 1 * truth


def holds(rule: Rule, yes: Mapping[str, T], weights: Mapping[str, Fraction]) -> T:
    """Whether the rule holds, given who accepts (1) and who does not (0), in point mode.

    `yes` maps every member to 0 or 1, as Python ints or numpy integer arrays of one shape; the answer
    has that form. `weights` are the exact weights of those who vote in a quota without its own.
    """
    match rule:
        case OfFaction():
            return yes[rule.faction]
        case OfParty():
            return yes[rule.party]
        case AllOf():
            return prod((holds(part, yes, weights) for part in rule.all_of), start=_ONE)
        case AnyOf():
            refused = prod((1 - holds(part, yes, weights) for part in rule.any_of), start=_ONE)
            return 1 - refused
        case AtLeast():
            return _int(sum(holds(part, yes, weights) for part in rule.of) >= rule.at_least)
        case NotBlockedBy():
            no = {name: 1 - value for name, value in yes.items()}
            return 1 - holds(rule.not_blocked_by, no, weights)
        case Quota():
            return _quota(rule.quota, yes, weights)
        case Referendum():
            return _referendum(rule.referendum, yes)


def exact(value: float) -> Fraction:
    """The decimal number that was written, as an exact fraction."""
    return Fraction(repr(value))


def _quota(terms: QuotaTerms, yes: Mapping[str, T], default: Mapping[str, Fraction]) -> T:
    weights, bar, strictly = quota_terms(terms, default)
    return _reach(weights, yes, bar, strictly=strictly)


def quota_terms(
    terms: QuotaTerms, default: Mapping[str, Fraction]
) -> tuple[dict[str, Fraction], Fraction, bool]:
    """Weights of those present, the weight that is needed, and whether it must be more than that.

    Where the whole is what is present and nothing is, the bar is out of reach: an empty meeting decides
    nothing.
    """
    own = terms.weights
    weights = default if own is None else {name: exact(weight.point) for name, weight in own.items()}
    there = {name: weight for name, weight in weights.items() if _present(terms, name)}
    whole = sum((there if terms.of_present else weights).values(), Fraction(0))
    if terms.at_least is not None:
        return there, exact(terms.at_least.point), False
    share = terms.more_than if terms.share is None else terms.share
    assert share is not None  # the model asks for exactly one threshold
    return there, share * whole if whole else Fraction(1), terms.share is None


def _present(terms: QuotaTerms, name: str) -> bool:
    return terms.present is None or name not in terms.present or terms.present[name].counts


def _referendum(terms: ReferendumTerms, yes: Mapping[str, T]) -> T:
    sizes = [exact(group.size.point) for group in terms.groups]
    votes = [size * exact(g.turnout.point) for size, g in zip(sizes, terms.groups, strict=True)]
    voters, cast = sum(sizes, Fraction(0)), sum(votes, Fraction(0))
    by_group = {str(i): yes[group.faction] for i, group in enumerate(terms.groups)}
    for_it = {str(i): vote for i, vote in enumerate(votes)}
    held = _reach(for_it, by_group, terms.threshold * cast, strictly=True)
    if terms.approval_quorum is not None:
        held = held * _reach(for_it, by_group, terms.approval_quorum * voters, strictly=False)
    if terms.turnout_quorum is not None:
        held = held * int(cast >= terms.turnout_quorum * voters)
    if terms.each_group:
        held = prod(by_group.values(), start=held) * int(terms.threshold < 1)
    return held


def _reach(weights: Mapping[str, Fraction], yes: Mapping[str, T], bar: Fraction, *, strictly: bool) -> T:
    """Whether the weight of those who accept reaches the bar, in whole numbers: exact."""
    scale = lcm(bar.denominator, *(weight.denominator for weight in weights.values()))
    whole = {name: int(weight * scale) for name, weight in weights.items()}
    if sum(whole.values()) >= 2**62 or bar * scale >= 2**62:
        raise LimitExceeded("the weights of a vote have too many digits to be compared exactly; round them")
    nobody = 0 * sum(yes.values())
    weight = sum((whole[name] * yes[name] for name in whole), start=nobody)
    return _int(weight > int(bar * scale) if strictly else weight >= int(bar * scale))
