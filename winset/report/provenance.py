"""What a case rests on, as a section: how much on sources, how much on judgement, and the list of both."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from winset.analyses import wording
from winset.analyses.sections import Cell, Note, Part, Section, Table, Verdict
from winset.case import table
from winset.case.base import JUDGEMENT
from winset.case.claims import Claim, claims
from winset.case.model import Case

_PARTS = {
    "parties": "Parties and their rules",
    "mediators": "Third parties",
    "issues": "Issues and options",
    "constraints": "What cannot be",
    "joint": "Interactions",
    "cautions": "Cautions",
    "texts": "Texts",
    "calendar": "Calendar",
    "levers": "Levers",
    "exchange": "The exchange",
    "spoilers": "Spoilers",
    "facts": "Facts",
    "table_rule": "The table's rule",
}


def section(case: Case, whole: Case) -> Section:
    """The tally in two sentences, then the sources with what rests on each, then what is judged.

    `case` is what is in play of the `whole` case.
    """
    found = list(claims(case))
    where = "the case" if case is whole else "play"
    numbers = _tally([claim for claim in found if claim.kind == "number"], "number", where)
    statements = _tally([claim for claim in found if claim.kind == "statement"], "statement", where)
    parts: list[Part] = [Verdict(sentence) for sentence in (*numbers, *statements)]
    if case.sources:
        parts.append(_sources(case, found))
    parts.append(_judged(case, found))
    by = dict.fromkeys(p.by for p in case.preferences.values() if p.by)
    if by:
        parts.append(Note(f"Preferences were judged by {wording.joined(by)}."))
    return Section("What this rests on: sources and judgement", tuple(parts), tuple(map(Verdict, numbers)))


def _tally(found: list[Claim], what: str, place: str) -> list[str]:
    if not found:
        return []
    both = sum(claim.sourced and claim.judged for claim in found)
    sourced = sum(claim.sourced for claim in found) - both
    alone = len(found) - sourced - both
    on = ((sourced, "sources"), (both, "a source and judgement"), (alone, "judgement alone"))
    if len(found) in (sourced, both, alone):
        where = next(where for count, where in on if count)
        return [f"All {len(found):,} {what}s in {place} rest on {where}."]
    shares = [f"{count:,} {'rests' if count == 1 else 'rest'} on {where}" for count, where in on if count]
    return [f"Of {wording.counted(len(found), what)} in {place}, {wording.joined(shares)}."]


def _sources(case: Case, found: Iterable[Claim]) -> Table:
    carried = Counter((source, claim.kind) for claim in found for source in claim.sources)
    rows: list[tuple[Cell, ...]] = []
    for name, source in case.sources.items():
        title = source.title + (f". {source.note}" if source.note else "")
        counts = [carried[name, "number"], carried[name, "statement"]]
        dated = str(source.date or "undated")
        rows.append((name, title, source.publisher or "", dated, *(f"{n:,}" if n else "" for n in counts)))
    heads = ("Source", "What it is", "Publisher", "Date", "Numbers", "Statements")
    return Table(heads, tuple(rows), "Sources, and how much rests on each")


def _judged(case: Case, found: Iterable[Claim]) -> Table:
    """Where judgement stands: by faction for preferences, else by part of the case."""
    counted: Counter[tuple[str, str]] = Counter()
    alone: Counter[tuple[str, str]] = Counter()
    for claim in found:
        key = (_where(case, claim), claim.kind)
        counted[key] += claim.judged
        alone[key] += claim.judged and not claim.sourced
    rows = tuple(
        (where, *(_share(counted[where, kind], alone[where, kind]) for kind in ("number", "statement")))
        for where in dict.fromkeys(place for place, _ in counted)
        if counted[where, "number"] or counted[where, "statement"]
    )
    return Table(("Where", "Numbers", "Statements"), rows, f"What rests on {JUDGEMENT}")


def _share(judged: int, alone: int) -> str:
    if not judged:
        return ""
    return f"{judged:,}" if alone == judged else f"{judged:,}, of them {judged - alone:,} beside a source"


def _where(case: Case, claim: Claim) -> str:
    first = str(claim.path[0])
    if first != "preferences":
        return _PARTS.get(first, first)
    ref = str(claim.path[1])
    known = ref in table.faction_refs(case)
    return f"Preferences: {wording.faction_name(case, ref)}" if known else "Preferences"
