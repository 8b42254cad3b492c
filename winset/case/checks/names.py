"""Checks that every name in a case is borne by something."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping

from pydantic import BaseModel

from winset.case import conditions
from winset.case.base import JUDGEMENT
from winset.case.checks.finding import Finding, unknown
from winset.case.model import Case, Ranking
from winset.case.table import faction_refs, local_ids, sides
from winset.case.yaml12 import Path
from winset.errors import clip, suggestion


def unknown_sources(case: Case) -> Iterator[Finding]:
    """`source:` names entries of `sources`, or `judgement`."""
    for path, names in _sources_used(case, ()):
        for name in names:
            if name != JUDGEMENT and name not in case.sources:
                yield unknown(path, "source", name, (*case.sources, JUDGEMENT), ("sources", name))


def _sources_used(part: object, path: Path) -> Iterator[tuple[Path, tuple[str, ...]]]:
    if isinstance(part, BaseModel):
        for name, info in type(part).model_fields.items():
            value = getattr(part, name)
            if name == "source" and value:
                yield (*path, "source"), value
            elif isinstance(value, BaseModel | dict | tuple):
                yield from _sources_used(value, (*path, info.alias or name))
    elif isinstance(part, dict):
        for key, value in part.items():
            yield from _sources_used(value, (*path, key))
    elif isinstance(part, tuple):
        for index, value in enumerate(part):
            yield from _sources_used(value, (*path, index))


def unreadable_red_lines(case: Case) -> Iterator[Finding]:
    """A red line's key is `issue.option` or a condition."""
    for ref, preference in case.preferences.items():
        for key in preference.red_lines:
            try:
                conditions.red_line(key)
            except conditions.ConditionFault as error:
                path: Path = ("preferences", ref, "red_lines", key)
                yield Finding(path, error.message, f"write `issue.option`, or a condition: {error.way_out}")


def unknown_in_conditions(case: Case) -> Iterator[Finding]:
    """Conditions and red lines name issues and options that exist."""
    for path, condition in _conditions(case):
        for issue, option in dict.fromkeys(conditions.mentions(condition)):
            yield from _option(case, path, issue, option)


def _conditions(case: Case) -> Iterator[tuple[Path, conditions.Condition]]:
    for i, constraint in enumerate(case.constraints):
        yield ("constraints", i, "forbid"), conditions.parse(constraint.forbid)
    for i, joint in enumerate(case.joint):
        yield ("joint", i, "when"), conditions.parse(joint.when)
    for i, caution in enumerate(case.cautions):
        yield ("cautions", i, "when"), conditions.parse(caution.when)
    for name, spoiler in case.spoilers.items():
        if spoiler.trigger is not None:
            yield ("spoilers", name, "trigger"), conditions.parse(spoiler.trigger)
    for ref, preference in case.preferences.items():
        for key in preference.red_lines:
            with contextlib.suppress(conditions.ConditionFault):  # unreadable_red_lines reports it
                yield ("preferences", ref, "red_lines", key), conditions.red_line(key)


def _option(case: Case, path: Path, issue: str, option: str) -> Iterator[Finding]:
    if issue not in case.issues:
        yield unknown(path, "issue", issue, case.issues, ("issues", issue))
    elif option not in case.issues[issue].options:
        known = case.issues[issue].options
        message = f"'{issue}' has no option '{clip(option)}'"
        yield Finding(path, message, suggestion(option, known), (("issues", issue, "options", option),))


def unknown_in_preferences(case: Case) -> Iterator[Finding]:
    """Preferences belong to factions that exist and speak of issues and options that exist."""
    refs = faction_refs(case)
    for ref, preference in case.preferences.items():
        path: Path = ("preferences", ref)
        if ref not in refs:
            yield _unknown_ref(case, path, ref)
        named = [("weights", name) for name in _keys(preference.weights)]
        named += [(key, name) for key in ("scores", "because") for name in getattr(preference, key)]
        for key, name in named:
            if name not in case.issues:
                yield unknown((*path, key, name), "issue", name, case.issues, ("issues", name))
        for issue, scores in preference.scores.items():
            if issue in case.issues:
                for option in _keys(scores):
                    yield from _option(case, (*path, "scores", issue, option), issue, option)


def _keys(numbers_or_ranks: Ranking | Mapping[str, object]) -> tuple[str, ...]:
    if isinstance(numbers_or_ranks, Ranking):
        return tuple(name for level in numbers_or_ranks.levels for name in level)
    return tuple(numbers_or_ranks)


def _unknown_ref(case: Case, path: Path, ref: str) -> Finding:
    side, _, faction = ref.partition(".")
    if side in case.parties and case.parties[side].factions and not faction:
        message = f"'{side}' has several factions, so '{side}' alone is nobody's"
        return Finding(path, message, f"write '{side}.{next(iter(case.parties[side].factions))}', say")
    return unknown(path, "faction", ref, faction_refs(case), *_where(ref))


def unknown_factions(case: Case) -> Iterator[Finding]:
    """`for:`, `speaks_for:`, `survival` and spoilers name factions that exist."""
    refs = faction_refs(case)
    for i, joint in enumerate(case.joint):
        if joint.for_ not in refs:
            yield _unknown_ref(case, ("joint", i, "for"), joint.for_)
    for name, spoiler in case.spoilers.items():
        if spoiler.faction is not None and spoiler.faction not in refs:
            yield _unknown_ref(case, ("spoilers", name, "faction"), spoiler.faction)
    for side, party in case.parties.items():
        known, path = local_ids(side, party), ("parties", side)
        about = (*path, "factions")
        if party.speaks_for is not None and party.speaks_for not in known:
            yield unknown(
                (*path, "speaks_for"), "faction", party.speaks_for, known, (*about, party.speaks_for)
            )
        if party.survival is not None:
            for key in ("seats", "safety_net"):
                for name in getattr(party.survival, key) or ():
                    if name not in known:
                        where = (*path, "survival", key, name)
                        yield unknown(where, "faction", name, known, (*about, name))


def unknown_in_texts(case: Case) -> Iterator[Finding]:
    """Texts settle issues and options that exist, and the one on the table exists."""
    for name, text in case.texts.items():
        for issue, option in text.package.items():
            yield from _option(case, ("texts", name, "package", issue), issue, option)
    if case.on_the_table is not None and case.on_the_table not in case.texts:
        name = case.on_the_table
        yield unknown(("on_the_table",), "text", name, case.texts, ("texts", name))


def unknown_people(case: Case) -> Iterator[Finding]:
    """Calendar, levers and objective name parties, mediators or factions that exist."""
    everybody = tuple(dict.fromkeys((*sides(case), *faction_refs(case))))
    used: list[tuple[Path, tuple[str, ...]]] = []
    for i, event in enumerate(case.calendar):
        used += [(("calendar", i, "by"), event.by), (("calendar", i, "presses"), event.presses)]
    used += [(("levers", i, "by"), lever.by) for i, lever in enumerate(case.levers)]
    for path, names in used:
        for name in names:
            if name not in everybody:
                yield unknown(path, "party, mediator or faction", name, everybody, *_where(name))
    for name in case.objective or ():
        if name not in (*sides(case),):
            yield unknown(("objective",), "party", name, sides(case), *_where(name))


def _where(name: str) -> tuple[Path, ...]:
    side, _, faction = name.partition(".")
    if faction:
        return (("parties", side, "factions", faction),)
    return ("parties", side), ("mediators", side)


def clashing_ids(case: Case) -> Iterator[Finding]:
    """No two things of a kind share an id; parties and mediators share one set."""
    for name in case.mediators:
        if name in case.parties:
            yield Finding(("mediators", name), f"'{name}' is a party as well", "give one another id")
    for section in ("constraints", "levers", "cautions"):
        seen: set[str] = set()
        for i, entry in enumerate(getattr(case, section)):
            if entry.id is not None and entry.id in seen:
                path: Path = (section, i, "id")
                yield Finding(path, f"the id '{clip(entry.id)}' stands twice", "give one another id")
            seen.add(entry.id)
