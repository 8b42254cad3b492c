"""The spoilers of the packages looked at: who opposes each at the mode, and what turns them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from importlib import import_module

from winset.analyses.result import CaseStamp, Result
from winset.analyses.sampling import Sampling
from winset.analyses.spoilers.answers import SpoilersResult
from winset.analyses.spoilers.asked import asked, rows
from winset.analyses.spoilers.candidates import candidate, open_text, profile
from winset.analyses.spoilers.opposing import view
from winset.analyses.subjects import refuse_extended, subjects
from winset.case import tiers
from winset.case.model import Case
from winset.errors import NotApplicable
from winset.space.build import Space, build_space

NOT_A_CHANCE = (
    "What a spoiler can do is the case's own estimate. How far a deal would withstand its spoilers says "
    "nothing of whether one is reached, signed and ratified."
)
ON_THEIR_OWN = (
    "The chances of several spoilers are multiplied as if each acted on its own; where they act together, or "
    "one provokes another, the figures mislead."
)
JUDGED = (
    "Who counts as a spoiler, and of which type, is judged by whoever wrote the case; the word, taken from "
    "the literature, does not say who is in the right."
)
AT_THE_MODE = (
    "Who opposes what is judged with every number at its single most plausible value; ranges beside figures "
    "are those of the estimates of what spoilers can do."
)


def applies(case: Case) -> bool:
    """Whether the case has spoilers that are in play without being asked for."""
    return bool(tiers.core_of(case).spoilers)


def run(
    case: Case,
    *,
    given: Mapping[str, Result],
    extended: bool = False,
    package: Mapping[str, str] | None = None,
    sampling: Sampling | None = None,
) -> SpoilersResult:
    """Who could wreck a deal on `package`, on the texts of the case, and on the answers of `agreement`.

    `given` holds the result of `agreement`. What leaves issues open is judged over its completions, where
    they are no more than 10,000. Raises NotApplicable where the case has no spoilers in play, UnknownName for
    names that are not in play, and CaseError and LimitExceeded as `agreement` does. With `sampling`, the
    answers over draws stand beside those at the mode.
    """
    _refuse_without(case, extended=extended)
    refuse_extended(case, package, extended=extended)
    space = build_space(case, extended=extended)
    whole, texts = asked(space, subjects(space.case, given["agreement"], package, every_text=True))
    seen = view(space, rows(space, whole))
    result = SpoilersResult(
        analysis="spoilers",
        case=CaseStamp.of(case),
        method="at the mode",
        parameters={"extended": extended, "package": dict(package) if package else None},
        caveats=(NOT_A_CHANCE, ON_THEIR_OWN, JUDGED, AT_THE_MODE, *_narrowed(case, space)),
        spoilers={name: profile(space, name) for name in space.case.spoilers},
        candidates=tuple(candidate(seen, place, one.titles) for place, one in enumerate(whole)),
        open_texts=tuple(open_text(space, one) for one in texts),
        left_out=tuple(name for name in case.spoilers if name not in space.case.spoilers),
    )
    if sampling is None:
        return result
    # Drawing loads scipy and compiled code: only who asks for draws waits for it.
    over_draws = import_module("winset.analyses.spoilers.draws").over_draws
    return replace(
        result,
        parameters={**result.parameters, **sampling.parameters},
        draws=over_draws(case, sampling, seen.choices, extended=extended),
    )


def _refuse_without(case: Case, *, extended: bool) -> None:
    """NotApplicable without spoilers in play."""
    if not case.spoilers:
        raise NotApplicable("the case has no `spoilers`; add those who could wreck a deal")
    if not extended and not applies(case):
        raise NotApplicable(
            "every spoiler of the case is about extended issues; take those into play with --extended"
        )


def _narrowed(case: Case, space: Space) -> Iterator[str]:
    """What extended issues that are out of play take from the spoilers."""
    for name, spoiler in case.spoilers.items():
        kept = space.case.spoilers.get(name)
        if kept is None:
            yield f"{spoiler.name} is left out: it is only about extended issues, which are out of play."
        elif kept.trigger != spoiler.trigger:
            yield f"{spoiler.name} is judged without its trigger: that is about extended issues out of play."
