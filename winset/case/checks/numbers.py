"""Checks on weights, scores, ranks, thresholds and dates."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise

from winset.case.checks.finding import ANYTHING, Finding
from winset.case.model import Case, Preference, Ranking
from winset.case.yaml12 import Path


def too_few_options(case: Case) -> Iterator[Finding]:
    """An issue has at least two options."""
    for name, issue in case.issues.items():
        if len(issue.options) < 2:
            has = len(issue.options)
            way_out = "add the other way to settle it, or move it to `facts`"
            path: Path = ("issues", name, "options")
            yield Finding(path, f"needs at least 2 options, has {has}", way_out, ((*path, ANYTHING),))


def nothing_in_play(case: Case) -> Iterator[Finding]:
    """Some issue is in play without being asked for."""
    if case.issues and all(issue.tier == "extended" for issue in case.issues.values()):
        message, about = "every issue is `extended`, so none is in play", (("issues", ANYTHING),)
        yield Finding(("issues",), message, "give at least one `tier: core`", about)


def missing_weights(case: Case) -> Iterator[Finding]:
    """Every issue has a weight for every faction; 0 says that it does not matter."""
    for ref, preference in case.preferences.items():
        path: Path = ("preferences", ref, "weights")
        if isinstance(preference.weights, Ranking):
            yield from _incomplete(preference.weights, case.issues, path, "issue")
            continue
        for issue in case.issues:
            if issue not in preference.weights:
                way_out = f"add `{issue}: 0` if it does not matter to {ref}"
                about = ((*path, issue), (*path, "order"))
                yield Finding(path, f"no weight for '{issue}'", way_out, about)


def missing_scores(case: Case) -> Iterator[Finding]:
    """Every option of an issue that matters has a score."""
    for ref, preference in case.preferences.items():
        for name, issue in case.issues.items():
            path: Path = ("preferences", ref, "scores")
            scores = preference.scores.get(name)
            if scores is None:
                if _matters(preference, name):
                    way_out = f"add `{name}:` with a score for each option, or their order"
                    yield Finding(path, f"no scores for '{name}'", way_out, ((*path, name),))
            elif isinstance(scores, Ranking):
                yield from _incomplete(scores, issue.options, (*path, name), "option")
            else:
                for option in issue.options:
                    if option not in scores:
                        where = (*path, name)
                        message = f"no score for the option '{option}'"
                        about = ((*where, option), (*where, "order"))
                        yield Finding(where, message, f"add `{option}: 0 to 100`", about)


def _matters(preference: Preference, issue: str) -> bool:
    if isinstance(preference.weights, Ranking):
        return True
    weight = preference.weights.get(issue)
    return weight is not None and weight.high > 0


def _incomplete(ranking: Ranking, known: Iterable[str], path: Path, kind: str) -> Iterator[Finding]:
    ranked = Counter(name for level in ranking.levels for name in level)
    for name in known:
        if name not in ranked:
            message, about = f"the order leaves out the {kind} '{name}'", ((*path, "order", ANYTHING),)
            yield Finding(path, message, "add it where it belongs", about)
    for name in sorted(name for name, times in ranked.items() if times > 1):
        yield Finding(path, f"the order has '{name}' twice", "keep one of the two")


def weights_that_vanish(case: Case) -> Iterator[Finding]:
    """Some issue in play matters to every faction."""
    for ref, preference in case.preferences.items():
        weights = preference.weights
        if isinstance(weights, Ranking):
            continue
        core = [name for name, issue in case.issues.items() if issue.tier == "core"]
        if core and not any(weights[name].point > 0 for name in core if name in weights):
            if any(name not in weights for name in core):
                continue
            message = "all weights of the core issues are 0, so nothing matters to this faction"
            path: Path = ("preferences", ref, "weights")
            about: tuple[Path, ...] = ((*path, ANYTHING), ("issues", ANYTHING))
            yield Finding(path, message, "give the issues weights above 0", about)


def thresholds_out_of_order(case: Case) -> Iterator[Finding]:
    """A faction topples below where it walks out, and walks out below its walk-away."""
    for side, party in case.parties.items():
        for name, faction in party.factions.items():
            preference = case.preferences.get(f"{side}.{name}")
            path: Path = ("parties", side, "factions", name)
            ladder = [
                ("topple", faction.topple),
                ("walk_out", faction.walk_out),
                ("walk_away", preference.walk_away if preference else None),
            ]
            given = [(key, number.point) for key, number in ladder if number is not None]
            for (lower, below), (upper, above) in pairwise(given):
                if below > above:
                    message = f"{lower} {below:g} lies above {upper} {above:g}"
                    way_out = "topple <= walk_out <= walk_away (at the mode)"
                    about = (("preferences", f"{side}.{name}", "walk_away"),)
                    yield Finding((*path, lower), message, way_out, about)


def negative_noise(case: Case) -> Iterator[Finding]:
    """Noise is 0 or more."""
    for ref, preference in case.preferences.items():
        if preference.noise is not None and preference.noise.low < 0:
            path: Path = ("preferences", ref, "noise")
            yield Finding(path, f"{preference.noise.low:g} is less than 0", "write 0 or more points")


def later_than_as_of(case: Case) -> Iterator[Finding]:
    """Sources, texts and facts are not later than the case's date."""
    if case.as_of is None:
        return
    dated: list[tuple[Path, dt.date | None]] = [
        (("sources", name, "date"), source.date) for name, source in case.sources.items()
    ]
    dated += [(("texts", name, "date"), text.date) for name, text in case.texts.items()]
    dated += [(("facts", i, "date"), fact.date) for i, fact in enumerate(case.facts)]
    for path, date in dated:
        if date is not None and date > case.as_of:
            message = f"{date} is later than the case's `as_of` {case.as_of}"
            yield Finding(path, message, "leave it out, or move `as_of`")


def backward_spans(case: Case) -> Iterator[Finding]:
    """An event ends no earlier than it starts."""
    for i, event in enumerate(case.calendar):
        if event.until is not None and event.until < event.date:
            path: Path = ("calendar", i, "until")
            yield Finding(path, f"{event.until} is before {event.date}", "swap the dates")
