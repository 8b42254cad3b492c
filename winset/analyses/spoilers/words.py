"""The spoilers result as a section: who opposes what, what turns them, how far a deal withstands them."""

from __future__ import annotations

from collections.abc import Iterator

from winset.analyses import wording
from winset.analyses.sections import Cell, Mark, Note, Part, Section, Table, Verdict
from winset.analyses.spoilers import over_draws
from winset.analyses.spoilers.answers import (
    Candidate,
    OpenText,
    Opposition,
    SpoilersResult,
    Turn,
)
from winset.analyses.spoilers.naming import in_cases, leading, reckoned, titled
from winset.case import conditions
from winset.case.model import Case, Spoiler

TURNS_SHOWN = 3

METHOD: tuple[Part, ...] = (
    Note(
        "Spoilers are those who would wreck a deal that others made, from inside or outside the process. "
        "What turns them depends on what they are after: limited ones pursue certain goals, greedy ones what "
        "they can get, total ones what no text can give (Stedman, International Security 22(2), 1997)."
    ),
    Note(
        "Here a limited spoiler opposes a package when its trigger holds or its faction refuses it; a greedy "
        "one also when the points stay below the faction's walk-away and what it holds out for on top; a "
        "total one always. What turns a spoiler is sought among all changes of one issue that constraints "
        "allow."
    ),
    Note(
        "How far a deal withstands its spoilers is the product, over those who oppose it, of 1 less the "
        "case's estimate of the chance that their opposition wrecks it. Over draws it is the mean of this "
        "product, with greed and these estimates drawn as well."
    ),
)


def sections(case: Case, result: SpoilersResult) -> tuple[Section, ...]:
    """What the result has to say about the case."""
    said = tuple(_lead(case, result))
    parts: list[Part] = [*said, _spoilers(case, result), _opposed(case, result)]
    parts += _turning(case, result)
    parts += _survival(result)
    parts += [Note(sentence) for sentence in (*_too_open(result), *result.caveats)]
    found = Section("Who could wreck it", tuple(parts), said[:2])
    return (found,) if result.draws is None else (found, over_draws.section(result, result.draws))


def _lead(case: Case, result: SpoilersResult) -> Iterator[Verdict]:
    """What is said first: of the package asked about or the text on the table, else of the first answer."""
    text = _first_open(case, result)
    if text is not None:
        yield _of_open(result, text)
    if result.candidates:
        yield from _of_complete(result, result.candidates[0])
    elif text is None:
        yield Verdict(
            "Every text leaves issues open: which spoilers would oppose it depends on these.", "part"
        )


def _first_open(case: Case, result: SpoilersResult) -> OpenText | None:
    """What leads where it leaves issues open and was gone through."""
    wanted = result.parameters["package"] or (
        case.texts[case.on_the_table].package if case.on_the_table is not None else None
    )
    first = next(iter(result.open_texts), None)
    return first if first is not None and first.opposes is not None and first.package == wanted else None


def _of_open(result: SpoilersResult, text: OpenText) -> Verdict:
    opposed = {name: many for name, many in (text.opposes or {}).items() if many}
    ways = wording.counted(text.completions, "completion")
    if not opposed:
        return Verdict(f"{leading(text)}: no spoiler would oppose any of its {ways}.", "yes")
    said = (
        f"{result.spoilers[name].name} {'all' if many == text.completions else f'{many:,}'}"
        for name, many in opposed.items()
    )
    return Verdict(f"{leading(text)}: of its {ways} are opposed, by {wording.joined(said)}.", "part")


def _of_complete(result: SpoilersResult, first: Candidate) -> Iterator[Verdict]:
    against = [name for name, opposition in first.oppositions.items() if opposition.opposes]
    if not against:
        yield Verdict(f"{leading(first)}: no spoiler would oppose a deal on it.", "yes")
        return
    named = wording.joined(result.spoilers[name].name for name in against)
    of = wording.counted(len(first.oppositions), "spoiler")
    yield Verdict(f"{leading(first)}: {named} would oppose a deal on it ({len(against)} of {of}).", "no")
    yield Verdict(
        f"Signed and ratified, it would withstand them {in_cases(first.survival)}, by the case's own "
        "estimates of what each can do; that does not say how likely a deal is.",
        "part",
    )


def _spoilers(case: Case, result: SpoilersResult) -> Table:
    heads = ["Spoiler", "Where it stands", "Type", "Opposes", "Could wreck a deal"]
    rows: list[list[Cell]] = [
        [
            profile.name,
            f"{profile.position} the process",
            profile.type,
            _when(case, case.spoilers[name]),
            f"the case's estimate, {wording.percents(profile.capability.low, profile.capability.high)}",
        ]
        for name, profile in result.spoilers.items()
    ]
    reasons = [case.spoilers[name].because for name in result.spoilers]
    if any(reasons):
        heads.append("Why")
        for row, reason in zip(rows, reasons, strict=True):
            row.append("" if reason is None else reason.text)
    return Table(tuple(heads), tuple(map(tuple, rows)), "The spoilers")


def _when(case: Case, spoiler: Spoiler) -> str:
    if spoiler.type == "total":
        return "every package"
    said = []
    if spoiler.trigger is not None:
        said.append(f"whatever has {wording.condition(conditions.parse(spoiler.trigger))}")
    if spoiler.faction is not None:
        name = wording.faction_name(case, spoiler.faction)
        said.append(f"what {name} refuses")
        if spoiler.greed is not None:
            more = wording.span_around(spoiler.greed.low, spoiler.greed.point, spoiler.greed.high)
            said.append(f"what is not worth {more} points more to it than its walk-away")
    return "; ".join(said)


def _opposed(case: Case, result: SpoilersResult) -> Table:
    whole, texts = result.candidates, result.open_texts
    heads = ("Spoiler", *map(titled, whole), *map(titled, texts))
    rows: list[tuple[Cell, ...]] = [
        (
            profile.name,
            *(_opposes(one.oppositions[name].opposes) for one in whole),
            *(_of_completions(name, text) for text in texts),
        )
        for name, profile in result.spoilers.items()
    ]
    good = wording.acceptable(case)
    rows.append((f"{good[0].upper()}{good[1:]}", *map(_acceptable, whole), *("open" for _ in texts)))
    return Table(heads, tuple(rows), "Who opposes what", frozenset({len(rows) - 1}))


def _opposes(opposes: bool) -> Mark:
    return Mark("opposes it", "no") if opposes else Mark("does not", "yes")


def _of_completions(name: str, text: OpenText) -> Cell:
    if text.opposes is None:
        return "not gone through"
    if not text.completions:
        return "cannot be"
    opposed = text.opposes[name]
    said = f"opposes {opposed:,} of {wording.counted(text.completions, 'completion')}"
    return Mark(said, "no" if opposed == text.completions else "part" if opposed else "yes")


def _acceptable(candidate: Candidate) -> Mark:
    if candidate.forbidden_by:
        return Mark("forbidden", "no")
    return Mark("yes", "yes") if candidate.acceptable else Mark("no", "no")


def _turning(case: Case, result: SpoilersResult) -> Iterator[Part]:
    rows = tuple(
        (titled(one), result.spoilers[name].name, _why(case, opposition), _turns(result, opposition))
        for one in result.candidates
        for name, opposition in one.oppositions.items()
        if opposition.opposes and result.spoilers[name].type != "total"
    )
    total = [profile.name for profile in result.spoilers.values() if profile.type == "total"]
    if total:
        yield Verdict(f"No text turns {wording.joined(total)}.", "no")
    if rows:
        heads = ("Package", "Spoiler", "Why it opposes", "What turns it: a change of one issue")
        yield Table(heads, rows, "Why they oppose, and what turns them")
        yield Note(
            f"Of each change it is said whether the package is then {wording.acceptable(case)}. Those that "
            f"are stand first; at most {TURNS_SHOWN} are shown."
        )


def _why(case: Case, opposition: Opposition) -> str:
    said = ["its trigger holds"] if opposition.trigger else []
    if opposition.short > 0:
        short = wording.span_of_points(opposition.short, opposition.short)
        said.append(f"{short} short of what it holds out for")
    said += [f"red line: {wording.red_line(case, key)}" for key in opposition.crossed]
    return "; ".join(said)


def _turns(result: SpoilersResult, opposition: Opposition) -> str:
    if not opposition.turns:
        return "no change of one issue does"
    shown = [_turn(result, turn) for turn in opposition.turns[:TURNS_SHOWN]]
    more = len(opposition.turns) - len(shown)
    return "; ".join([*shown, *([f"{more} more"] if more else [])])


def _turn(result: SpoilersResult, turn: Turn) -> str:
    [(issue, (old, new))] = turn.change.items()
    said = "acceptable" if turn.acceptable else "not acceptable"
    if turn.rouses:
        said += f", and rouses {wording.joined(result.spoilers[name].name for name in turn.rouses)}"
    return f"{issue}: {old} to {new} ({said})"


def _survival(result: SpoilersResult) -> Iterator[Part]:
    met = [n for n in result.spoilers if any(one.oppositions[n].opposes for one in result.candidates)]
    if not met:
        return
    heads = ("Package", "Against all", *(f"Without {result.spoilers[name].name}" for name in met))
    rows = tuple(
        (titled(one), reckoned(one.survival), *(reckoned(one.without[name]) for name in met))
        for one in result.candidates
    )
    yield Table(heads, rows, "How far a deal would withstand its spoilers, by the case's own estimates")
    yield Note(
        "That is a deal that was signed and ratified. In brackets: from one end of the ranges of what "
        "spoilers can do to the other."
    )


def _too_open(result: SpoilersResult) -> Iterator[str]:
    for text in result.open_texts:
        if text.opposes is None:
            ways = f"{text.completions:,} ways to settle what is open"
            yield f"{titled(text)} leaves {ways}, too many to go through one by one."
