"""Who is at the table and at home: views of a case that every room asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from winset.case import conditions, rules
from winset.case.model import Case, Caution, Constraint, Party


def faction_refs(case: Case) -> dict[str, str]:
    """Every faction's reference (`party.faction`, party or mediator id) and the id of its side."""
    found: dict[str, str] = {}
    for party_id, party in case.parties.items():
        for ref in refs_of_party(party_id, party):
            found[ref] = party_id
    found.update((mediator, mediator) for mediator in case.mediators)
    return found


def refs_of_party(party_id: str, party: Party) -> tuple[str, ...]:
    """References of a party's factions; a party without factions is one of its own name."""
    if not party.factions:
        return (party_id,)
    return tuple(f"{party_id}.{faction}" for faction in party.factions)


def refs_of_side(case: Case, side: str) -> tuple[str, ...]:
    """References of the factions of a party or mediator."""
    return refs_of_party(side, case.parties[side]) if side in case.parties else (side,)


def local_ids(party_id: str, party: Party) -> tuple[str, ...]:
    """The ids by which a party's own rules name its factions."""
    return tuple(party.factions) or (party_id,)


def spokesman(party_id: str, party: Party) -> str | None:
    """Reference of the faction that signs for the party, or None when the case does not say."""
    refs = refs_of_party(party_id, party)
    if party.speaks_for is not None:
        return f"{party_id}.{party.speaks_for}" if party.factions else party_id
    return refs[0] if len(refs) == 1 else None


def signer(case: Case, side: str) -> str:
    """The faction that signs for a party; a mediator signs itself."""
    return (spokesman(side, case.parties[side]) if side in case.parties else None) or side


def sides(case: Case) -> Iterator[str]:
    """Ids of all parties, then all mediators."""
    yield from case.parties
    yield from case.mediators


def required(case: Case) -> tuple[str, ...]:
    """The sides whose consent a deal needs when there is no `table_rule`."""
    negotiators = [side for side, party in case.parties.items() if party.role == "negotiator"]
    return (*negotiators, *(side for side, who in case.mediators.items() if who.consent == "required"))


def name_of(case: Case, ref: str) -> str:
    """The name to print for a side or a faction reference."""
    if ref in case.parties:
        return case.parties[ref].name
    if ref in case.mediators:
        return case.mediators[ref].name
    side, _, faction = ref.partition(".")
    return case.parties[side].factions[faction].name


def home_weights(party_id: str, party: Party) -> dict[str, Fraction]:
    """Exact weight at the mode of each faction, by the id the party's own rules use."""
    if not party.factions:
        return {party_id: Fraction(1)}
    return {name: rules.exact(faction.weight.point) for name, faction in party.factions.items()}


def table_rule(case: Case) -> rules.Rule:
    """The rule over the sides that makes a deal; by default all required sides consent."""
    if case.table_rule is not None:
        return case.table_rule
    return rules.AllOf(all_of=tuple(rules.OfParty(party=side) for side in required(case)))


def table_weights(case: Case) -> dict[str, Fraction]:
    """Those who vote in a quota of the table rule that has no weights: each required side once."""
    return dict.fromkeys(required(case), Fraction(1))


def objective(case: Case) -> tuple[str, ...]:
    """The parties whose gains fairness and the frontier count.

    Negotiators that the table rule cannot do without, unless `objective` names the parties.
    """
    if case.objective is not None:
        return case.objective
    rule, everybody = table_rule(case), dict.fromkeys(sides(case), 1)
    return tuple(
        side
        for side in required(case)
        if side in case.parties and not rules.holds(rule, {**everybody, side: 0}, table_weights(case))
    )


def power_of(case: Case, side: str) -> float:
    """How much a side's gains count at the mode; a mediator's 1."""
    return case.parties[side].power.point if side in case.parties else 1.0


def deciders(case: Case) -> tuple[str, ...]:
    """The sides whose consent the table rule asks about."""
    return rules.members(table_rule(case), required(case))


def indispensable(case: Case, side: str) -> bool:
    """Whether the table rule fails without the side, everybody else consenting."""
    yes = {**dict.fromkeys(sides(case), 1), side: 0}
    return not rules.holds(table_rule(case), yes, table_weights(case))


def broken_by(case: Case, package: Mapping[str, str]) -> Iterator[Constraint]:
    """The constraints that a package, open or complete, breaks by what it settles."""
    for constraint in case.constraints:
        if _settled(conditions.parse(constraint.forbid), package):
            yield constraint


def _settled(condition: conditions.Condition, package: Mapping[str, str]) -> bool:
    """Whether the condition holds whatever a package leaves open, as all it names is settled."""
    return set(conditions.issues_of(condition)) <= set(package) and conditions.holds(condition, package)


def cautions_in(case: Case, package: Mapping[str, str]) -> Iterator[Caution]:
    """The cautions that hold in a package, open or complete."""
    return (caution for caution in case.cautions if _settled(conditions.parse(caution.when), package))
