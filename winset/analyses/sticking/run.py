"""The sticking analysis in point mode: by enumeration, or by search where packages are too many."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from importlib import import_module

from winset.analyses import wording
from winset.analyses.result import CaseStamp, Result
from winset.analyses.sampling import Sampling
from winset.analyses.sticking.answers import StickingResult, Subject
from winset.analyses.sticking.moves import MAX_LOOKS, count_looks, moves
from winset.analyses.sticking.refusers import refusers
from winset.analyses.sticking.repair import Tariff, mending
from winset.analyses.sticking.scene import Ground, Scene, scene_of
from winset.analyses.sticking.ways import Gone, Ways
from winset.analyses.subjects import Named, refuse_extended, subjects
from winset.case import table
from winset.case.model import Case
from winset.space.build import build_space
from winset.space.consent import check_size, chosen_method
from winset.space.formula import formula_of
from winset.space.package import open_issues, readable

ARITHMETIC = "A next move, a blocker or a repair is arithmetic on judged numbers, not advice to any side."


def run(
    case: Case,
    *,
    given: Mapping[str, Result],
    extended: bool = False,
    package: Mapping[str, str] | None = None,
    per_point: float = 1.0,
    per_line: float = 10.0,
    method: str | None = None,
    sampling: Sampling | None = None,
) -> StickingResult:
    """What stands in the way of the text on the table, the answers of `agreement`, and `package`.

    `given` holds the result of `agreement`. A `package` that leaves issues open stands for all its
    completions. A repair costs `per_point` for each point that a walk-away comes down and `per_line`
    for each red line lifted, each from 0.01 to 100. `method` is as in `agreement`. Raises OutOfRange for
    other prices, UnknownName for names that are not in play, and NotApplicable, CaseError and LimitExceeded
    as `agreement` does. With `sampling`, the answers over draws stand beside those at the mode.
    """
    tariff = Tariff(per_point, per_line)
    refuse_extended(case, package, extended=extended)
    space = build_space(case, extended=extended)
    method = chosen_method(space, method)
    ground = Ground(space, formula_of(space))
    ways = _ways(ground, method)
    asked = list(subjects(space.case, given["agreement"], package, every_text=False))
    unread = [a.id for a in asked if a.text and method == "search" and not readable(space, a.package)]
    scenes = {a.id: scene_of(ground, a.package) for a in asked if a.id not in unread}
    result = StickingResult(
        analysis="sticking",
        case=CaseStamp.of(case),
        method=method,
        parameters={
            "extended": extended,
            "package": dict(package) if package else None,
            "per_point": per_point,
            "per_line": per_line,
        },
        caveats=(
            wording.likely_or_not(ways.zone),
            wording.AT_THE_MODE,
            ARITHMETIC,
            *map(wording.too_open, unread),
        ),
        zone=ways.zone,
        say=ground.say,
        subjects={a.id: _subject(scenes[a.id], a, tariff, ways) for a in asked if a.id in scenes},
        blockers=ways.blockers() if ways.zone is False else None,
        repair=ways.repair(tariff) if ways.zone is False else None,
    )
    if sampling is None:
        return result
    # Drawing loads scipy and compiled code: only who asks for draws waits for it.
    over_draws = import_module("winset.analyses.sticking.draws").over_draws
    return replace(
        result,
        parameters={**result.parameters, **sampling.parameters},
        draws=over_draws(case, sampling, scenes, extended=extended),
    )


def _ways(ground: Ground, method: str) -> Ways:
    if method == "search":
        # Compiled code takes a moment to load: only who needs it waits for it.
        found: Ways = import_module("winset.analyses.sticking.seek").Sought(ground)
        return found
    check_size(ground.space)
    return Gone(ground)


def _subject(scene: Scene, asked: Named, tariff: Tariff, ways: Ways) -> Subject:
    looks = count_looks(scene)
    too_open = looks > MAX_LOOKS
    forbidden_by = tuple(c.id for c in table.broken_by(scene.space.case, scene.settled))
    return Subject(
        title=asked.title,
        candidate=asked.candidate,
        package=scene.settled,
        open=open_issues(scene.space, scene.settled),
        completions=len(scene.completions),
        forbidden_by=forbidden_by,
        in_zone=0 if forbidden_by else int(scene.consent.zone.sum()),
        refusers=refusers(scene),
        nearest=ways.nearest(scene),
        moves=None if too_open else moves(scene),
        mending=None if forbidden_by else mending(scene, tariff),
        not_asked=f"next moves: {looks:,} combinations are too many to look at" if too_open else None,
    )
