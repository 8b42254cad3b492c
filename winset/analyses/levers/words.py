"""The levers result as a section: what each changes, who holds it, and which pairs do more."""

from __future__ import annotations

from winset.analyses import wording
from winset.analyses.levers.answers import LeverEffect, LeversResult
from winset.analyses.sections import Cell, Note, Part, Section, Table, Verdict
from winset.analyses.shares import Change
from winset.case import table
from winset.case.model import Case

PAIRS_SHOWN = 10

METHOD: tuple[Part, ...] = (
    Note(
        "A lever is a named change to the case. Each, and each pair of the twelve that change most, is "
        "judged on the same draws as the case as it is (common random numbers); a change is a difference "
        "between shares of these draws, its interval that of paired differences."
    ),
)


def sections(case: Case, result: LeversResult) -> tuple[Section, ...]:
    """What the result has to say about the case."""
    draws = int(result.parameters["draws"])
    zone = wording.in_draws(result.zone.share, result.zone.low, result.zone.high, draws)
    said = f"As it is there is a package to agree on {zone}"
    if result.text is not None:
        text = wording.in_draws(result.text.share, result.text.low, result.text.high, draws)
        said += f", and the text on the table is acceptable {text}"
    helping = [effect for effect in result.alone if _clear(effect)]
    verdict = _verdict(case, helping)
    heads = ("Lever", "Who holds it", "What", "Text acceptable", "A zone")
    parts: list[Part] = [Note(f"{said}."), verdict]
    parts.append(Table(heads, tuple(_row(case, effect) for effect in result.alone), "Levers alone"))
    more = [pair for pair in result.pairs if _clear(pair)][:PAIRS_SHOWN]
    if more:
        rows = tuple(_pair_row(case, pair) for pair in more)
        parts.append(Table(("Levers together", "Who holds them", "Text acceptable", "A zone"), rows, "Pairs"))
    if result.unpaired:
        parts.append(
            Note(f"Not paired, as they set the same: {wording.joined(map(' with '.join, result.unpaired))}.")
        )
    parts += [Note(caveat) for caveat in result.caveats]
    return (Section("What would move it", tuple(parts), (verdict,)),)


def _clear(effect: LeverEffect) -> bool:
    """Whether the change of either headline is upward beyond its interval."""
    return effect.zone.low > 0 or (effect.text is not None and effect.text.low > 0)


def _verdict(case: Case, helping: list[LeverEffect]) -> Verdict:
    if not helping:
        return Verdict("No lever alone makes acceptance clearly more frequent over the draws.", "no")
    named = [f"{effect.names[0]}{_held(case, effect)}" for effect in helping[:3]]
    more = f" ({len(helping)} levers do)" if len(helping) > 3 else ""
    return Verdict(f"Acceptance becomes more frequent most by {wording.joined(named)}{more}.", "part")


def _held(case: Case, effect: LeverEffect) -> str:
    return f" ({_holders(case, effect)})" if effect.by else ""


def _holders(case: Case, effect: LeverEffect) -> str:
    return wording.joined(table.name_of(case, side) for side in effect.by) or "whoever can"


def _row(case: Case, effect: LeverEffect) -> tuple[Cell, ...]:
    return (
        effect.names[0],
        _holders(case, effect),
        effect.what[0],
        _change(effect.text),
        _change(effect.zone),
    )


def _pair_row(case: Case, effect: LeverEffect) -> tuple[Cell, ...]:
    return (" with ".join(effect.names), _holders(case, effect), _change(effect.text), _change(effect.zone))


def _change(change: Change | None) -> str:
    if change is None:
        return "not asked"
    return wording.more_draws(change.change, change.low, change.high)
