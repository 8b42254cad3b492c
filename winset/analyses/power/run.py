"""Who decides by the rules of a case: each rule a game of its own."""

from __future__ import annotations

from winset.analyses import wording
from winset.analyses.power.answers import PowerResult, RulePower, Settled
from winset.analyses.power.game import Game
from winset.analyses.power.stated import Stated, ranged, stated
from winset.analyses.result import CaseStamp
from winset.case.model import Case
from winset.errors import LimitExceeded

RULES_ALONE = (
    "Power by a rule counts every line-up of its members alike: it does not say how anybody will vote."
)


def applies(case: Case) -> bool:
    """Whether the case gives a rule, at home or at the table."""
    return any(stated(case))


def run(case: Case) -> PowerResult:
    """The power of every member of the homes' rules and of the table's; none where the case gives no rule.

    What is too large to be counted says so in its place.
    """
    given = tuple(stated(case))
    at_the_mode = any(ranged(case, rule) for rule in given)
    return PowerResult(
        analysis="power",
        case=CaseStamp.of(case),
        method="exact count",
        parameters={},
        caveats=(RULES_ALONE, *((wording.AT_THE_MODE,) if at_the_mode else ())),
        rules={rule.path: _power(case, rule) for rule in given},
    )


def _power(case: Case, given: Stated) -> RulePower:
    game = Game.of(case, given)
    words = wording.rule_words(case, given.side, given.rule)
    about = given.side, words, game.names, given.of_presence
    try:
        settled = _settled(game)
        if settled is not None:
            return RulePower(*about, settled=settled)
        return RulePower(*about, indices=game.indices())
    except LimitExceeded as limit:
        return RulePower(*about, declined=str(limit))


def _settled(game: Game) -> Settled | None:
    if game.holds(0):
        return "always"
    return None if game.holds(1) else "never"
