"""A case as a folder of GENIUS XML: `domain.xml` and a profile for each party."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from winset.case.model import Case
from winset.errors import CaseError, Fault
from winset.formats.flatten import scenario_of
from winset.formats.losses import Losses
from winset.formats.markup import empty, opening
from winset.formats.outside import file_names, write_folder
from winset.formats.scenario import Profile, Scenario, Topic, even

_FITS = 1e-12
_TRIES = 3  # with no two scores between 0 and 1, one of the first steps is the whole slope
Line = tuple[float, float]


def save(case: Case, path: Path, *, lossy: bool = False) -> tuple[str, ...]:
    """Write the case as a folder; says what is lost, and unless `lossy` raises CaseError where it is."""
    scenario, losses = scenario_of(case)
    for profile in scenario.profiles:
        if profile.bid:
            losses.remarks.append(f"{profile.name}: the reservation bid is written as its utility alone")
    lines = [_lines(scenario, place) for place in range(len(scenario.topics))]
    stretched = [_stretched(profile, lines, losses) for profile in scenario.profiles]
    for topic, line in zip(scenario.topics, lines, strict=True):
        if topic.step is not None and line is None:
            losses.remarks.append(f"issue '{topic.name}': its numbers are written as names")
    said = losses.settle("GENIUS XML", case, lossy=lossy)
    names = [profile.name for profile in scenario.profiles]
    files = {f"{file_names(['domain'], names)[0]}.xml": _domain(scenario, lines)}
    for number, profile in enumerate(stretched):
        fits = [None if found is None else found[number] for found in lines]
        files[f"{profile.name}.xml"] = _profile(profile, scenario, fits)
    write_folder(path, files)
    return said


def _lines(scenario: Scenario, place: int) -> list[Line] | None:
    """Offset and slope for each party where an issue is written as an integer one; None where it is not.

    It is where it was read as one, and where a discrete one would not keep the scores: GENIUS divides
    those by the largest.
    """
    topic = scenario.topics[place]
    scores = [profile.scores[place] for profile in scenario.profiles]
    kept = all(max(given) in (0.0, 1.0) for given in scores)
    if (topic.step != "1" and kept) or not _whole(topic.values):
        return None
    fits = [_line(given) for given in scores]
    return None if any(fit is None for fit in fits) else [fit for fit in fits if fit is not None]


def _whole(values: Sequence[str]) -> bool:
    """Whether the values are whole numbers that follow one another."""
    try:
        first = int(values[0])
    except ValueError:
        return False
    return list(values) == [str(number) for number in range(first, first + len(values))]


def _line(scores: Sequence[float]) -> Line | None:
    """The line that gives the scores when it is kept within 0 and 1, where there is one."""
    inner = [place for place, score in enumerate(scores) if 0 < score < 1]
    steps = [place for place in range(1, len(scores)) if scores[place] != scores[place - 1]]
    tries = [(inner[0], inner[-1])] if len(inner) > 1 else [(place - 1, place) for place in steps]
    if not steps:
        return scores[0], 0.0
    for first, last in tries[:_TRIES]:
        slope = (scores[last] - scores[first]) / (last - first)
        offset = scores[first] - slope * first
        made = (min(max(offset + slope * place, 0.0), 1.0) for place in range(len(scores)))
        if all(abs(one - other) <= _FITS for one, other in zip(made, scores, strict=True)):
            return offset, slope
    return None


def _stretched(profile: Profile, lines: Sequence[list[Line] | None], losses: Losses) -> Profile:
    """The profile with every largest score of a discrete issue at 1, as GENIUS reads it.

    Weights and the reservation change with it, so that what is acceptable and what is better stays.
    """
    top = [max(scores) if line is None else 1.0 for scores, line in zip(profile.scores, lines, strict=True)]
    if all(largest in (0.0, 1.0) for largest in top):
        return profile
    weights = [weight * largest for weight, largest in zip(profile.weights, top, strict=True)]
    total = sum(weights)
    if not total:
        way_out = "give an option of an issue that matters a score above 0"
        raise CaseError([Fault("every package is worth 0 points to this party", way_out, profile.name)])
    what = "best scores of an issue below 100, as it reads the best option as 1"
    instead = "weights, scores and walk-away are stretched, and utilities with them"
    losses.add(what, profile.name, instead)
    return Profile(
        profile.name,
        even(weights),
        tuple(
            tuple(score / largest if largest else 0.0 for score in scores)
            for scores, largest in zip(profile.scores, top, strict=True)
        ),
        profile.reservation / total,
        profile.discount,
    )


def _domain(scenario: Scenario, lines: Sequence[list[Line] | None]) -> str:
    rows = ["<negotiation_template>", opening("utility_space", number_of_issues=len(scenario.topics))]
    rows.append(_objective(scenario.title))
    for index, (topic, line) in enumerate(zip(scenario.topics, lines, strict=True), 1):
        items = () if line is not None else _items(topic)
        rows += [_issue(index, topic, integer=line is not None), *items, "</issue>"]
    return _text([*rows, "</objective>", "</utility_space>", "</negotiation_template>"])


def _profile(profile: Profile, scenario: Scenario, fits: Sequence[Line | None]) -> str:
    rows = ["<utility_space>", _objective(scenario.title)]
    for index, (topic, scores, fit) in enumerate(zip(scenario.topics, profile.scores, fits, strict=True), 1):
        rows.append(_issue(index, topic, integer=fit is not None))
        if fit is None:
            rows += _items(topic, scores)
        else:
            rows.append(empty("evaluator", ftype="linear", offset=fit[0], slope=fit[1]))
        rows.append("</issue>")
    for index, weight in enumerate(profile.weights, 1):
        rows.append(empty("weight", index=index, value=weight))
    rows.append("</objective>")
    if profile.discount is not None:
        rows.append(empty("discount_factor", value=profile.discount))
    rows.append(empty("reservation", value=profile.reservation))
    return _text([*rows, "</utility_space>"])


def _objective(title: str) -> str:
    return opening("objective", index=0, name="root", description=title, type="objective", etype="objective")


def _issue(index: int, topic: Topic, *, integer: bool) -> str:
    kind = "integer" if integer else "discrete"
    kinds = {"vtype": kind, "type": kind, "etype": kind}
    ends = {"lowerbound": topic.values[0], "upperbound": topic.values[-1]} if integer else {}
    return opening("issue", index=index, name=topic.name, **kinds, **ends)


def _items(topic: Topic, scores: Sequence[float] | None = None) -> Iterator[str]:
    for place, value in enumerate(topic.values):
        evaluation = {} if scores is None else {"evaluation": scores[place]}
        yield empty("item", index=place + 1, value=value, **evaluation)


def _text(rows: Sequence[str]) -> str:
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', *rows, ""])
