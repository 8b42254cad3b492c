"""The ratification result as sections: words first, then who stands where, who turns it, what falls."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from winset.analyses import wording
from winset.analyses.ratification import figures, over_draws
from winset.analyses.ratification.answers import (
    CandidateAnswer,
    HomeAnswer,
    RatificationResult,
    Span,
    Stand,
    WinSet,
)
from winset.analyses.ratification.surviving import governments
from winset.analyses.ratification.turning import turning
from winset.analyses.sections import Cell, Mark, Note, Part, Section, Table, Tone, Verdict
from winset.case import table
from winset.case.model import Case

METHOD: tuple[Part, ...] = (
    Note(
        "A home's win-set is all packages that its rule lets pass (Putnam 1988). A faction's walk-away is "
        "in doubt by its `noise`, else by the spread of its range; it says yes with the chance that the "
        "walk-away lies below what the package is worth to it and that no red line holds. Factions of one "
        "side share part of that doubt (a common factor: Vasicek 1987). Votes are counted exactly by a "
        "dynamic programme over weights; the shared doubt is averaged until nothing changes by more than a "
        "millionth."
    ),
    Note(
        "In a referendum each group's yes share is its faction's chance; turnouts, sizes and the shared "
        "doubt are simulated. Who signs keeps to it: home is asked given that its signer has signed."
    ),
    Note(
        "Leaders who know this choose the package with the largest product of expected gains. That a home "
        "does not ratify what was signed in good faith is involuntary defection (Putnam 1988, Iida 1993)."
    ),
    Note(
        "A faction that walks out takes its seats from what carries the government; one that topples also "
        "votes against it. A safety net steps in where it says yes to the package itself."
    ),
)


SELDOM = 0.05
SURE = 0.995
ABREAST = 4


def sections(case: Case, result: RatificationResult) -> tuple[Section, ...]:
    """What the result has to say about the case."""
    found = [_homes(case, result), _stands(case, result)]
    found += [section for section in (turning(case, result), governments(case, result)) if section.parts]
    if result.draws is not None:
        found.append(over_draws.section(case, result.draws))
    return tuple(found)


def _homes(case: Case, result: RatificationResult) -> Section:
    verdicts = [*_winset_verdict(case, result), *_leaders(case, result), *_texts(case, result)]
    parts: list[Part] = [*verdicts, _ratifies(case, result)]
    if any(c.open for c in result.candidates):
        parts.append(Note("Ranges are over the ways to settle what a text leaves open."))
    parts += [Note(sentence) for sentence in _sampled(case, result)]
    parts += [figures.winsets(case, result), *_polls(case, result)]
    parts += [Note(caveat) for caveat in result.caveats]
    # What is nearly certain is no news: it stays out of the summary.
    lead = tuple(verdicts[:1]) + tuple(said for said in verdicts[1:] if said.tone != "plain")
    return Section("Would home ratify it?", tuple(parts), lead)


def _winset_verdict(case: Case, result: RatificationResult) -> Iterator[Verdict]:
    """How large each win-set is, in one sentence."""
    said = [f"{case.parties[side].name} {_share(result.homes[side].winset)}" for side in result.must]
    if said:
        whole = result.homes[result.must[0]].winset
        of = f"a sample of {whole.of:,} packages" if whole.sampled else f"{whole.of:,} packages"
        tone: Tone = "no" if any(result.homes[side].winset.lets == 0 for side in result.must) else "plain"
        yield Verdict(f"Of {of} home would let pass: {wording.joined(said)}.", tone)


def _share(winset: WinSet) -> str:
    return f"{winset.lets:,} ({wording.percent(winset.lets / winset.of)})" if winset.lets else "none"


def _leaders(case: Case, result: RatificationResult) -> Iterator[Verdict]:
    """What leaders choose who reckon with home, beside what they would choose for themselves."""
    chosen = result.leaders
    if chosen is None or not result.must:
        return
    tone: Tone = "yes" if chosen.ratified > 0.5 else "no"
    best = "" if chosen.proven else " (the best found)"
    nash = next((c for c in result.candidates if "nash" in c.ids and "leaders" not in c.ids), None)
    beside = ""
    if nash is not None and nash.all is not None:
        beside = f"; that of Nash, which does not look at home, {wording.cases(nash.all.high)}"
    yield Verdict(
        f"Leaders who reckon with their homes would choose a package{best} that, once signed, all homes "
        f"ratify {wording.cases(chosen.ratified)}{beside}.",
        tone,
    )


def _texts(case: Case, result: RatificationResult) -> Iterator[Verdict]:
    """The text on the table, home by home."""
    text = next((c for c in result.candidates if f"text {case.on_the_table}" in c.ids), None)
    if text is None:
        return
    draft = case.texts[str(case.on_the_table)]
    title = draft.title or case.on_the_table
    for side in result.must:
        said, signs = text.homes[side].ratifies, text.homes[side].signs
        name = case.parties[side].name
        if said is None or signs.high < SELDOM:
            yield Verdict(
                f"'{title}' would hardly ever be signed for {name}; home is not what stops it.", "no"
            )
        else:
            tone = "plain" if said.low > SURE else _tone(said)
            yield Verdict(f"Once {name} signs it, '{title}' passes at home {_cases(said)}.", tone)


def _cases(span: Span) -> str:
    if wording.cases(span.low) == wording.cases(span.high):
        return wording.cases(span.low)
    return f"{wording.cases(span.low)} at worst, {wording.cases(span.high)} at best"


def _tone(span: Span) -> Tone:
    return "yes" if span.low > 0.5 else "no" if span.high < 0.5 else "part"


def _ratifies(case: Case, result: RatificationResult) -> Table:
    """For each candidate who signs it and who ratifies it, side by side below each other."""
    heads = ("Package", "Whose home", "Signs", "Home ratifies", "In the win-set")
    rows: list[tuple[Cell, ...]] = []
    breaks = set()
    for candidate in result.candidates:
        breaks.add(len(rows))
        title = candidate.title
        if result.must:
            rows.append((title, "all", "", _chance(candidate.all), ""))
            title = ""
        for side, home in candidate.homes.items():
            signs = wording.percents(home.signs.low, home.signs.high)
            row = (case.parties[side].name, signs, _chance(home.ratifies), _inside(home, candidate))
            rows.append((title, *row))
            title = ""
    caption = "Once it is signed, how likely each home ratifies it"
    return Table(heads, tuple(rows), caption, frozenset(breaks))


def _chance(span: Span | None) -> Mark:
    if span is None:
        return Mark("hardly ever signed", "no")
    return Mark(wording.percents(span.low, span.high), _tone(span))


def _inside(home: HomeAnswer, candidate: CandidateAnswer) -> Mark:
    if candidate.looked_at == 1:
        return Mark("yes", "yes") if home.in_winset else Mark("no", "no")
    tone: Tone = "yes" if home.in_winset == candidate.looked_at else "part" if home.in_winset else "no"
    return Mark(f"{home.in_winset:,} of {candidate.looked_at:,}", tone)


def _sampled(case: Case, result: RatificationResult) -> Iterator[str]:
    for candidate in result.candidates:
        if candidate.looked_at < candidate.completions:
            yield (
                f"Of the {candidate.completions:,} ways to complete '{candidate.title}', "
                f"{candidate.looked_at:,} were looked at, evenly picked."
            )
    for side, home in result.homes.items():
        if home.simulated is not None:
            yield f"{case.parties[side].name}: {home.simulated}."


def _polls(case: Case, result: RatificationResult) -> Iterator[Part]:
    """Popular votes: yes shares and turnouts, with the chance to carry."""
    rows: list[tuple[Cell, ...]] = []
    for candidate in result.candidates:
        for side, home in candidate.homes.items():
            for poll in home.polls or ():
                low, middle, high = poll.yes
                least, turnout, most = poll.turnout
                rows.append(
                    (
                        candidate.title,
                        case.parties[side].name,
                        f"{wording.percent(middle)} ({wording.percents(low, high)})",
                        f"{wording.percent(turnout)} ({wording.percents(least, most)})",
                        wording.percent(poll.carries),
                    )
                )
    if rows:
        heads = ("Package", "Where", "Yes share (8 of 10 simulations)", "Turnout (8 of 10)", "Carries")
        yield Table(heads, tuple(rows), "Popular votes, once the package is signed")


def _stands(case: Case, result: RatificationResult) -> Section:
    """Who says yes, no, walks out or topples, candidate by candidate, no more of them than a page is wide."""
    shown = [c for c in result.candidates if not c.open or f"text {case.on_the_table}" in c.ids]
    note = Note(
        "First what each does when every number is at its most plausible value, then how likely it says yes."
    )
    tables = [_stand_of(case, result, shown[at : at + ABREAST]) for at in range(0, len(shown), ABREAST)]
    return Section("Where those at home stand", (note, *tables))


def _stand_of(case: Case, result: RatificationResult, shown: Sequence[CandidateAnswer]) -> Table:
    heads = ("Who", *(candidate.title for candidate in shown))
    rows: list[tuple[Cell, ...]] = []
    breaks = set()
    for side in result.homes:
        breaks.add(len(rows))
        refs = [ref for ref in table.refs_of_side(case, side) if ref in case.preferences]
        if len(refs) > 1:
            rows.append((f"{case.parties[side].name}:", *("" for _ in shown)))
        for ref in refs:
            name = table.name_of(case, ref)
            signs = " (signs)" if ref == result.homes[side].signer and len(refs) > 1 else ""
            rows.append((name + signs, *(_stand(c.homes[side].factions[ref]) for c in shown)))
    return Table(heads, tuple(rows), "Where each faction stands", frozenset(breaks))


def _stand(stand: Stand) -> Cell:
    tones: dict[str, Tone] = {"says yes": "yes", "says no": "no", "walks out": "no", "topples": "no"}
    tone = tones.get(stand.at_the_mode, "part")
    return Mark(f"{stand.at_the_mode} ({wording.percents(stand.yes.low, stand.yes.high)})", tone)
