"""Checks on how the parts of a case fit together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from winset.case import conditions
from winset.case.checks.finding import ANYTHING, Finding
from winset.case.model import Case, Preference, Ranking
from winset.case.rules import Rule, members
from winset.case.table import objective, required, sides
from winset.case.yaml12 import Path
from winset.errors import LimitExceeded, clip


def texts_that_cannot_be(case: Case) -> Iterator[Finding]:
    """A text does not break a constraint by what it settles."""
    for name, text in case.texts.items():
        for constraint in case.constraints:
            forbidden = conditions.parse(constraint.forbid)
            settled = all(issue in text.package for issue in conditions.issues_of(forbidden))
            if settled and conditions.holds(forbidden, text.package):
                message = f"the text is forbidden by the constraint '{constraint.id}'"
                yield Finding(("texts", name, "package"), message, "check the text or the constraint")


def no_date(case: Case) -> Iterator[Finding]:
    """The case says as of when it stands."""
    if case.as_of is None:
        yield Finding((), "the case has no `as_of` date", "add `as_of: YYYY-MM-DD`")


def labels_twice(case: Case) -> Iterator[Finding]:
    """Two options of an issue do not bear one label."""
    for name, issue in case.issues.items():
        labels = Counter(option.label for option in issue.options.values())
        for label in sorted(label for label, times in labels.items() if times > 1):
            path: Path = ("issues", name, "options")
            yield Finding(path, f"two options are labelled '{clip(label)}'", "tell them apart")


def walk_away_out_of_reach(case: Case) -> Iterator[Finding]:
    """Some package could reach each faction's walk-away."""
    with_joint = {joint.for_ for joint in case.joint}
    for ref, preference in case.preferences.items():
        best = _best(case, preference)
        if ref not in with_joint and best is not None and best < preference.walk_away.point - 1e-9:
            message = (
                f"no package can reach the walk-away {preference.walk_away.point:g}; the best has {best:g}"
            )
            path: Path = ("preferences", ref, "walk_away")
            yield Finding(path, message, "check the walk-away and the scores")


def _best(case: Case, preference: Preference) -> float | None:
    """Points of each issue's best option, or None where ranks stand for numbers."""
    weights = preference.weights
    if isinstance(weights, Ranking) or any(isinstance(s, Ranking) for s in preference.scores.values()):
        return None
    inner = {name: w.point for name, w in weights.items() if name in case.issues}
    total = sum(inner.values())
    if total <= 0 or any(w > 0 and not preference.scores.get(name) for name, w in inner.items()):
        return None
    points = 0.0
    for name, weight in inner.items():
        scores = preference.scores.get(name)
        if scores is not None and not isinstance(scores, Ranking):
            points += weight / total * max(score.point for score in scores.values())
    return points


def nobody_indispensable(case: Case) -> Iterator[Finding]:
    """Fairness counts the parties that the table cannot do without; somebody must be among them."""
    if case.objective == ():
        yield Finding(("objective",), "names nobody, so nobody's gains count", "name parties, or remove it")
    elif case.table_rule is not None and case.objective is None and _nobody_counts(case, case.table_rule):
        message = "the table can do without every single party, so it is unclear whose gains count"
        about: tuple[Path, ...] = (("objective",), ("table_rule", ANYTHING), ("parties", ANYTHING))
        yield Finding(("table_rule",), message, "add `objective: [ids]`", about)
    elif case.table_rule is None and case.objective is None and _only_mediators(case):
        message = "only mediators must consent, so no party's gains count"
        way_out = "list a party that negotiates, or add `objective: [ids]`"
        yield Finding((), message, way_out, (("objective",), ("parties", ANYTHING)))


def _only_mediators(case: Case) -> bool:
    needed = required(case) if case.preferences else ()
    return bool(needed) and all(side in case.mediators for side in needed)


def _nobody_counts(case: Case, rule: Rule) -> bool:
    """Whether nobody is indispensable; False where other checks find that the rule cannot be judged."""
    if not set(members(rule, ())) <= {*sides(case)}:
        return False
    try:
        return not objective(case)
    except LimitExceeded:
        return False
