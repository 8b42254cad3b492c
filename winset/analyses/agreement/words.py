"""The agreement result as sections: the verdict first, then packages side by side, then what is lacking."""

from __future__ import annotations

from collections.abc import Iterator

from winset.analyses import wording
from winset.analyses.agreement import figures, over_draws
from winset.analyses.agreement.answers import (
    AgreementResult,
    FactionOnText,
    Solution,
    TextAnswer,
)
from winset.analyses.agreement.columns import Column, columns
from winset.analyses.agreement.concepts import CONCEPTS
from winset.analyses.sections import Cell, Mark, Note, Part, Section, Table, Tone, Verdict
from winset.case import conditions, rules, table
from winset.case.model import Case, Ranking


def sections(case: Case, result: AgreementResult) -> tuple[Section, ...]:
    """What the result has to say about the case."""
    found = [_zone(case, result), _side_by_side(case, result)]
    if result.draws is not None:
        found.append(over_draws.section(case, result.draws, result.zone.exists))
    found += [_text(case, name, answer) for name, answer in _texts(result)]
    found += [_frontier(case, result), *_division(case, result)]
    return tuple(found)


def _texts(result: AgreementResult) -> Iterator[tuple[str, TextAnswer]]:
    """The text on the table first."""
    first = result.on_the_table
    if first is not None:
        yield first, result.texts[first]
    yield from ((name, answer) for name, answer in result.texts.items() if name != first)


def _zone(case: Case, result: AgreementResult) -> Section:
    zone = result.zone
    who = wording.rule_words(case, None, table.table_rule(case))
    kept = f" ({zone.combinations:,} before constraints)" if zone.combinations != zone.of else ""
    if zone.exists is None:
        text = (
            f"Not settled: of {zone.of:,} packages{kept} none acceptable was found before the search ended."
        )
        verdict = Verdict(text, "part")
    elif zone.packages is None:
        text = f"Yes: some of {zone.of:,} packages{kept} are {wording.acceptable(case)}; too many to count."
        verdict = Verdict(text, "yes")
    elif zone.exists:
        are = "package is" if zone.packages == 1 else "packages are"
        text = f"Yes: {zone.packages:,} {are} {wording.acceptable(case)}, of {zone.of:,}{kept}."
        verdict = Verdict(text, "yes")
    else:
        text = f"No: of {zone.of:,} packages{kept} none is {wording.acceptable(case)}."
        verdict = Verdict(text, "no")
    consent = Note(f"Consent needed: {who}. A party consents when it signs and its home lets it.")
    notes = tuple(Note(caveat) for caveat in result.caveats)
    said = (result.caveats[0], *wording.uncounted(case, result.parties))
    lead = (verdict, *map(Verdict, said))
    return Section("Is there a package to agree on?", (verdict, consent, *notes), lead)


def _side_by_side(case: Case, result: AgreementResult) -> Section:
    found = columns(result)
    text = result.texts.get(result.on_the_table or "")
    heads = ["Issue", *(["Text on the table"] if text else []), *(", ".join(c.titles) for c in found)]
    rows: list[tuple[Cell, ...]] = []
    issues = text.package | dict.fromkeys(text.open, "open") if text else {}
    for issue in found[0].package if found else issues:
        cells: list[Cell] = [issue]
        if text:
            cells.append(issues[issue])
        cells += [c.package[issue] for c in found]
        rows.append(tuple(cells))
    breaks = {len(rows)}
    for party, walk_away in result.parties.items():
        name = f"{table.name_of(case, party)}: points"
        cells = [f"{name} (walk-away {wording.whole(walk_away)})"]
        if text:
            ref = table.signer(case, party)
            cells.append(_points(text.factions[ref], text))
        rows.append(
            (*cells, *(wording.against(c.utilities[party], c.utilities[party], walk_away) for c in found))
        )
    breaks.add(len(rows))
    rows += _consent_rows(case, text, found, breaks)
    parts: list[Part] = [Table(tuple(heads), tuple(rows), "Packages side by side", frozenset(breaks))]
    parts += [Note(sentence) for sentence in _remarks(case, result, found)]
    return Section("The packages side by side: who signs, and who at home says no", tuple(parts))


def _consent_rows(
    case: Case, text: TextAnswer | None, columns: list[Column], breaks: set[int]
) -> list[tuple[Cell, ...]]:
    """Faction by faction and side by side; the last row is the table as a whole."""
    consents = [c.consent for c in columns if c.consent is not None]
    if not consents and text is None:
        return []
    first = max(breaks)
    rows: list[tuple[Cell, ...]] = []
    asked = text.factions if text else consents[0].factions
    for side in text.sides if text else consents[0].consents:
        refs = [ref for ref in table.refs_of_side(case, side) if ref in asked]
        signer = table.signer(case, side)
        for ref in refs:
            name = table.name_of(case, ref) + (" (signs)" if ref == signer and len(refs) > 1 else "")
            on_text = [_share(text.factions[ref].accepts, text.completions)] if text else []
            rows.append((name, *on_text, *(_yes(consent.factions[ref]) for consent in consents)))
        if len(refs) > 1:
            name = f"{table.name_of(case, side)}: consents"
            on_text = [_share(text.sides[side].consents, text.completions)] if text else []
            rows.append((name, *on_text, *(_yes(c.consents[side]) for c in consents)))
            breaks.add(first + len(rows))
    breaks.add(first + len(rows))
    on_text = [_share(text.in_zone, text.completions)] if text else []
    whole = "All who must consent" if case.table_rule is None else "The table's rule"
    rows.append((whole, *on_text, *(_yes(c.in_zone) for c in consents)))
    return rows


def _yes(said: bool) -> Mark:
    return Mark("yes", "yes") if said else Mark("no", "no")


def _share(accepted: int, completions: int) -> Mark:
    if completions == 0:
        return Mark("forbidden", "no")
    if completions == 1:
        return _yes(accepted == 1)
    tone: Tone = "yes" if accepted == completions else "no" if accepted == 0 else "part"
    return Mark(f"in {accepted:,} of {completions:,}", tone)


def _remarks(case: Case, result: AgreementResult, columns: list[Column]) -> Iterator[str]:
    text = result.texts.get(result.on_the_table or "")
    if text and text.completions > 1:
        yield f"The text on the table counts over its {text.completions:,} feasible completions."
    for column in columns:
        title = wording.joined(column.titles)
        if column.consent and column.consent.forbidden_by:
            ids = wording.joined(f"'{name}'" for name in column.consent.forbidden_by)
            yield f"{title}: this package is forbidden by {ids}; it settles each issue by itself."
        elif column.consent and not column.consent.in_zone:
            yield f"{title}: this package is not {wording.acceptable(case)}."
        for caution in table.cautions_in(case, column.package):
            yield f"{title}: doubtful. {caution.because.text}"
    for concept in CONCEPTS:
        solution = result.solutions[concept.id]
        yield from _ties(concept.title, solution)
        yield from _over_completions(concept.title, solution)
    yield from _unanswered(result)
    improved = result.solutions["improved"].vectors
    if text and not text.open and improved and improved[0].packages[0] == text.package:
        yield "Improved text: the text itself; nothing acceptable is better for one party and worse for none."


def _ties(title: str, solution: Solution) -> Iterator[str]:
    if solution.proof is not None and not solution.proof.proven:
        yield f"{title}: the best that was found within the limit of the search; a better one may exist."
    if solution.proof is not None and solution.proof.proven and not solution.proof.all_counted:
        yield f"{title}: at least {solution.tied:,} packages tie; the first is shown, the JSON has more."
    elif solution.tied > 1 and solution.over_completions is None:
        apart = f" with {solution.tied_vectors:,} different outcomes" if solution.tied_vectors > 1 else ""
        yield f"{title}: {solution.tied:,} packages tie{apart}; the first is shown, the JSON has more."


def _unanswered(result: AgreementResult) -> Iterator[str]:
    """The standards without an answer, those together that lack the same."""
    lacking: dict[str, list[str]] = {}
    for name, solution in result.solutions.items():
        if solution.not_asked is not None:
            textless = name == "improved" and result.on_the_table is None
            why = "there is no text on the table" if textless else solution.not_asked
            lacking.setdefault(why, []).append(solution.title)
    for why, titles in lacking.items():
        yield f"{wording.joined(titles)}: no answer; {why}."


def _over_completions(title: str, solution: Solution) -> Iterator[str]:
    spread = solution.over_completions
    if spread is not None and spread.with_answer == 0:
        however = "However its open issues are settled, every" if spread.completions > 1 else "Every"
        yield f"{title}: none. {however} acceptable package leaves some party worse off than the text."
    elif spread is not None and spread.better == 0:
        yield f"{title}: none; the text's own completions cannot be bettered for one without loss to another."
    elif spread is not None:
        yield (
            f"{title}: depends on how the open issues are settled. From {spread.better:,} of the "
            f"{spread.completions:,} completions some acceptable package betters a party and worsens none."
        )


def _text(case: Case, name: str, answer: TextAnswer) -> Section:
    draft = case.texts[name]
    title = draft.title or name
    dated = f" of {draft.date}" if draft.date else ""
    parts: list[Part] = [_text_verdict(case, answer)]
    counted = {ref: wording.faction_name(case, ref) for ref in answer.factions if _has_say(case, ref)}
    rows = tuple(_text_row(case, ref, answer) for ref in counted)
    heads = ("Who", "Accepts", "Points", "Walk-away", "What is missing")
    said = Table(heads, rows, "Those whose consent counts")
    parts.append(figures.text(answer, counted, said) if answer.completions and counted else said)
    others = [ref for ref in answer.factions if not _has_say(case, ref) and answer.factions[ref].accepts == 0]
    if others:
        names = wording.joined(wording.faction_name(case, ref) for ref in others)
        parts.append(Note(f"Without a formal say, but against it in every form: {names}."))
    return Section(f"Who accepts the text '{title}'{dated}, and what it lacks", tuple(parts))


def _has_say(case: Case, ref: str) -> bool:
    """Whether the faction signs, or its home's rule asks about it, for a side that must consent."""
    side, _, faction = ref.partition(".")
    if side not in table.deciders(case):
        return False
    party = case.parties.get(side)
    if party is None or ref == table.spokesman(side, party):
        return True
    known = table.local_ids(side, party)
    return party.ratification is not None and faction in rules.members(party.ratification, known)


def _text_verdict(case: Case, answer: TextAnswer) -> Verdict:
    good = wording.acceptable(case)
    if answer.completions == 0:
        return Verdict(f"No feasible package agrees with this text: {_barred(case, answer.package)}.", "no")
    if not answer.open:
        said = Verdict(f"The text is {good}.", "yes") if answer.in_zone else None
        return said or Verdict(f"The text is not {good}.", "no")
    left = (
        f"It leaves open {wording.joined(answer.open)}: {wording.counted(answer.completions, 'completion')}"
    )
    if answer.in_zone == 0:
        return Verdict(f"{left}, none of them {good}.", "no")
    if answer.in_zone == answer.completions:
        return Verdict(f"{left}, each of them {good}.", "yes")
    return Verdict(f"{left}, {answer.in_zone:,} of them {good}.", "part")


def _barred(case: Case, package: dict[str, str]) -> str:
    """Which constraints forbid what a text settles."""
    broken = [f"'{broken.id}' forbids {broken.forbid}" for broken in table.broken_by(case, package)]
    return wording.joined(broken) or "constraints leave no way to settle what is open"


def _text_row(case: Case, ref: str, answer: TextAnswer) -> tuple[Cell, ...]:
    found = answer.factions[ref]
    missing = [] if answer.completions else ["the text cannot be as it stands"]
    if answer.completions and found.high < found.walk_away:
        short = wording.span_of_points(found.walk_away - found.high, found.walk_away - found.high)
        missing.append(f"falls short by {short}" + (" at best" if answer.open else ""))
    elif answer.completions and found.low < found.walk_away:
        missing.append("falls short in some completions")
    missing += [f"red line: {wording.red_line(case, key)}" for key in found.always]
    if found.sometimes and found.accepts < answer.completions:
        missing.append(f"red line if {_few(case, found.sometimes)}")
    return (
        wording.faction_name(case, ref),
        _share(found.accepts, answer.completions),
        _points(found, answer),
        wording.whole(found.walk_away),
        "; ".join(missing) or "nothing",
    )


def _points(found: FactionOnText, answer: TextAnswer) -> str:
    return wording.against(found.low, found.high, found.walk_away) if answer.completions else "–"


def _few(case: Case, keys: tuple[str, ...], most: int = 4) -> str:
    more = len(keys) - most
    shown = [wording.condition(conditions.red_line(key)) for key in (keys if more <= 1 else keys[:most])]
    return wording.joined((*shown, *([f"{more} more"] if more > 1 else [])), "or")


def _frontier(case: Case, result: AgreementResult) -> Section:
    title = "The frontier: points that nobody can better without another losing"
    total, found = result.frontier.total, len(result.frontier.points)
    if total is None and not found:
        return Section(title, (Verdict(f"Not known: {result.frontier.open}.", "part"),))
    if total == 0:
        return Section(title, (Verdict("There is none, as no package is in the zone.", "no"),))
    said = f"{wording.counted(total or found, 'outcome')} that no other acceptable one beats"
    whole = Verdict(f"{said}.") if total else Verdict(f"{said}; {result.frontier.open}.", "part")
    parts: list[Part] = [whole, figures.frontier(case, result)]
    if (total or found) > figures.TABLED:
        parts.append(
            Note("Some points of the frontier are in the table, its ends among them; the JSON has all.")
        )
    text = result.texts.get(result.on_the_table or "")
    if text is not None and text.completions > 1:
        parts.append(Note("What the text gives is a range for each side: not every mix of them can be had."))
    return Section(title, tuple(parts))


def _division(case: Case, result: AgreementResult) -> Iterator[Section]:
    solution = result.solutions["adjusted_winner"]
    if solution.shares is None or solution.objective is None:
        return
    rows: list[tuple[Cell, ...]] = []
    for issue, shares in solution.shares.items():
        if _nobody_cares(case, issue, result):
            rows.append((issue, *("of no weight" for _ in shares)))
        else:
            rows.append((issue, *(f"{100 * share:.0f}%" if share else "" for share in shares.values())))
    names = [table.name_of(case, party) for party in result.parties]
    verdict = Verdict(f"By their own weights each side gets {solution.objective:.0f} of 100 points.")
    note = Note("Weights alone count here: no options, walk-aways, red lines or home (Brams & Taylor 1996).")
    parts = (verdict, Table(("Issue", *names), tuple(rows), "Who gets which issue"), note)
    yield Section("Adjusted Winner: dividing the issues", parts)


def _nobody_cares(case: Case, issue: str, result: AgreementResult) -> bool:
    """Whether the issue has no weight for either party."""
    weights = (case.preferences[table.signer(case, party)].weights for party in result.parties)
    return all(not isinstance(given, Ranking) and given[issue].point == 0 for given in weights)
