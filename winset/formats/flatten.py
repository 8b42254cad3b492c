"""A `Case` as the scenario that other programs can hold, with all that this leaves behind noted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from winset.case import tiers
from winset.case.estimate import Estimate
from winset.case.model import Case, Issue, Preference, Ranking
from winset.case.ranks import centroids, spaced
from winset.case.table import refs_of_party, spokesman
from winset.errors import CaseError, Fault, clip
from winset.formats.losses import Losses, note_fields, note_sources
from winset.formats.outside import file_names, slugs, to_unit
from winset.formats.scenario import SOURCE, Profile, Scenario, Topic, even, remembered, step_of


def scenario_of(case: Case) -> tuple[Scenario, Losses]:
    """The scenario that a case states, and what of the case it does not hold.

    Raises CaseError where there is nothing to write: no issues, or no party with preferences.
    """
    losses = Losses()
    for name in tiers.extended_issues(case):
        losses.add("extended issues", f"issues.{name}")
    core = tiers.core_of(case)
    note_fields(case, losses)
    note_sources(case, losses)
    chosen = dict(_chosen(core, losses))
    if not (core.issues and chosen):
        what = "issues" if not core.issues else "party with preferences"
        raise CaseError([Fault(f"the case has no {what}, so there is no scenario to write", "add them")])
    topics = tuple(_topic(name, issue, losses) for name, issue in core.issues.items())
    titles = _each_once([topic.name for topic in topics], "issues.{}.title", tuple(core.issues), losses)
    parties = [core.parties[party] for party in chosen]
    names = file_names(party.name for party in parties)
    for party, name in zip(chosen, names, strict=True):
        if name != core.parties[party].name:
            losses.add("the name of a party", f"parties.{party}.name", f"the file is called '{name}'")
    if sorted(names) != names:
        losses.remarks.append("the parties are read back in the order of their files' names")
    profiles = [_profile(core, ref, name, losses) for ref, name in zip(chosen.values(), names, strict=True)]
    _note_ids(core, chosen, losses)
    topics = tuple(Topic(name, topic.values, topic.step) for name, topic in zip(titles, topics, strict=True))
    return Scenario(core.title, topics, tuple(profiles)), losses


def _chosen(case: Case, losses: Losses) -> Iterator[tuple[str, str]]:
    """Every party that is written, with the faction whose preferences stand for it."""
    used: set[str] = set()
    for name, party in case.parties.items():
        ref = spokesman(name, party) or ""
        if party.factions:
            instead = f"those of {ref} are written for the party"
            losses.add("factions", f"parties.{name}.factions", instead)
        if party.role == "observer" or ref not in case.preferences:
            losses.add("parties that do not decide or have no preferences", f"parties.{name}")
        else:
            yield name, ref
        used |= {*refs_of_party(name, party)}
    for ref in case.preferences:
        if ref not in used:
            losses.add("preferences of mediators", f"preferences.{ref}")


def _topic(name: str, issue: Issue, losses: Losses) -> Topic:
    step = step_of(issue.note)
    if issue.note and step is None:
        losses.add("notes on issues", f"issues.{name}.note")
    labels = [option.label for option in issue.options.values()]
    places = f"issues.{name}.options.{{}}.label"
    return Topic(issue.title, tuple(_each_once(labels, places, tuple(issue.options), losses)), step)


def _each_once(names: Sequence[str], place: str, ids: Sequence[str], losses: Losses) -> list[str]:
    """The names, each once: later ones get a number, which is a loss."""
    seen: set[str] = set()
    found = []
    for name, ref in zip(names, ids, strict=True):
        single, number = name, 1
        while single in seen:
            number += 1
            single = f"{name} ({number})"
        if single != name:
            losses.add(
                "two things of one name", place.format(ref), f"the later one is called '{clip(single)}'"
            )
        seen.add(single)
        found.append(single)
    return found


def _note_ids(case: Case, chosen: Mapping[str, str], losses: Losses) -> None:
    read = slugs((case.parties[party].name for party in chosen), "p")
    changed = read != list(chosen)
    changed |= slugs((issue.title for issue in case.issues.values()), "i") != list(case.issues)
    for issue in case.issues.values():
        changed |= slugs((o.label for o in issue.options.values()), "v") != list(issue.options)
    if changed:
        losses.remarks.append("ids are not written; those made from the names when the files are read differ")


def _profile(case: Case, ref: str, name: str, losses: Losses) -> Profile:
    preference, place = case.preferences[ref], f"preferences.{ref}"
    said = remembered(preference.note)
    if said.rest:
        losses.add("notes on preferences", f"{place}.note")
    if said.remarks:
        losses.remarks.append(f"{place}.note: what it says of oddities of the old file is left out")
    if preference.source not in (None, (SOURCE,)):
        losses.add("sources of preferences", f"{place}.source")
    walk_away = _number(preference.walk_away, f"{place}.walk_away", losses)
    if walk_away < 0:
        losses.add("walk-aways below 0", f"{place}.walk_away", "0 is written; no package is worth less")
    return Profile(
        name,
        even(_weights(preference, tuple(case.issues), place, losses)),
        tuple(_scores(preference, name, issue, place, losses) for name, issue in case.issues.items()),
        max(0.0, to_unit(walk_away)),
        said.discount,
        _bid(case, said.bid),
    )


def _bid(case: Case, said: Sequence[tuple[str, str]]) -> tuple[tuple[int, int], ...]:
    """The remembered bid by places; nothing where the case does not have it any more."""
    if any(issue not in case.issues or option not in case.issues[issue].options for issue, option in said):
        return ()
    issues = list(case.issues)
    return tuple((issues.index(i), list(case.issues[i].options).index(option)) for i, option in said)


def _number(estimate: Estimate, place: str, losses: Losses) -> float:
    if not estimate.is_point:
        losses.add("ranges of numbers", place, "the most likely value is written")
    if estimate.source or estimate.by or estimate.note:
        losses.add("sources of single numbers", place)
    return estimate.point


def _weights(preference: Preference, issues: Sequence[str], place: str, losses: Losses) -> list[float]:
    given = preference.weights
    if not isinstance(given, Ranking):
        return [_number(given[name], f"{place}.weights.{name}", losses) for name in issues]
    losses.add("orders in place of numbers", f"{place}.weights", "the numbers that winset takes are written")
    return [centroids(given)[name] for name in issues]


def _scores(preference: Preference, name: str, issue: Issue, place: str, losses: Losses) -> tuple[float, ...]:
    given, at = preference.scores.get(name), f"{place}.scores.{name}"
    if given is None:
        losses.add("issues without scores", at, "0 is written; their weight is 0")
        return (0.0,) * len(issue.options)
    if not isinstance(given, Ranking):
        return tuple(
            to_unit(_number(given[option], f"{at}.{option}", losses)) if option in given else 0.0
            for option in issue.options
        )
    losses.add("orders in place of numbers", at, "the numbers that winset takes are written")
    found = spaced(given)
    return tuple(to_unit(found[option]) for option in issue.options)
