"""What each side wants, as sections: weights, scores with red lines, and reasons."""

from __future__ import annotations

from winset.analyses import wording
from winset.analyses.sections import Note, Part, Section, Table
from winset.case.base import JUDGEMENT
from winset.case.estimate import Estimate
from winset.case.model import Case, Preference, Ranking

_SCALE = "Numbers are low, most plausible and high where they are doubtful; `#1` is the first of an order."


def estimate(number: Estimate) -> str:
    """A number, with its range where it is doubtful."""
    if number.is_point:
        return f"{number.low:g}"
    return f"{number.point:g} ({number.low:g} to {number.high:g})"


def weights(case: Case) -> Section:
    """Walk-aways and weights by faction, with where they come from."""
    rows = tuple(
        (
            wording.faction_name(case, ref),
            estimate(preference.walk_away),
            *(_weight(preference, issue) for issue in case.issues),
            _whence(preference),
        )
        for ref, preference in case.preferences.items()
    )
    heads = ("Faction", "Walk-away", *case.issues, "Source")
    parts = (Table(heads, rows), Note(_SCALE)) if rows else ()
    return Section("Walk-aways and weights", parts)


def _weight(preference: Preference, issue: str) -> str:
    given = preference.weights
    if isinstance(given, Ranking):
        return _rank(given, issue)
    return estimate(given[issue]) if issue in given else ""


def _rank(ranking: Ranking, name: str) -> str:
    return f"#{rank(ranking, name)}"


def rank(ranking: Ranking, name: str) -> int:
    """The place of a name in an order, from 1; those level share one."""
    return next(place for place, level in enumerate(ranking.levels, 1) if name in level)


def cited(source: tuple[str, ...] | None) -> str:
    """The ids of what a statement rests on, in brackets."""
    return f" [{', '.join(source or (JUDGEMENT,))}]"


def _whence(preference: Preference) -> str:
    by = f", {preference.by}" if preference.by else ""
    return ", ".join(preference.source or (JUDGEMENT,)) + by


def scores(case: Case) -> Section:
    """Scores by issue and option, one column a faction; chances of red lines beside them."""
    heads = ("Issue", "Option", *(wording.faction_name(case, ref) for ref in case.preferences))
    rows: list[tuple[str, ...]] = []
    breaks = set()
    for name, issue in case.issues.items():
        breaks.add(len(rows))
        for option in issue.options:
            cells = (_score(p, name, option) for p in case.preferences.values())
            rows.append((name, option, *cells))
    others = [
        Note(f"Red line of {wording.faction_name(case, ref)} (chance {estimate(chance)}): {key}.")
        for ref, preference in case.preferences.items()
        for key, chance in preference.red_lines.items()
        if "==" in key or " in " in key or "!=" in key
    ]
    parts: tuple[Part, ...] = ()
    if case.preferences:
        parts = (Table(heads, tuple(rows), breaks=frozenset(breaks)), *others)
    return Section("Scores, and the chance that an option is a red line", parts)


def _score(preference: Preference, issue: str, option: str) -> str:
    given = preference.scores.get(issue)
    score = (
        ""
        if given is None
        else _rank(given, option)
        if isinstance(given, Ranking)
        else estimate(given[option])
    )
    chance = preference.red_lines.get(f"{issue}.{option}")
    return score if chance is None else f"{score}, red line {estimate(chance)}"


def reasons(case: Case) -> Section:
    """Why each faction wants what it wants, issue by issue."""
    rows = tuple(
        (issue, wording.faction_name(case, ref), reason.text, ", ".join(reason.source or (JUDGEMENT,)))
        for issue in case.issues
        for ref, preference in case.preferences.items()
        if (reason := preference.because.get(issue)) is not None
    )
    return Section("Reasons", (Table(("Issue", "Faction", "Why", "Source"), rows),) if rows else ())
