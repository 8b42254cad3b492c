"""A case as sections: who is at the table and at home, what is in dispute, pressure, levers, facts."""

from __future__ import annotations

from winset.analyses import wording
from winset.analyses.sections import Cell, Note, Part, Section, Table, Verdict
from winset.case import conditions, table
from winset.case.model import Case, Caution, Event
from winset.report import wants


def brief(case: Case) -> tuple[Section, ...]:
    """What a reader must know before any answer: the table, home, and what is in dispute."""
    return (_at_the_table(case), _in_dispute(case))


def setting(case: Case) -> tuple[Section, ...]:
    """Who sits where, what presses, and what is in dispute."""
    return (_at_the_table(case), _at_home(case), _calendar(case), _options(case))


def known(case: Case) -> tuple[Section, ...]:
    """What is known, and what has been written down."""
    return (_facts(case), _texts(case))


def full(case: Case) -> tuple[Section, ...]:
    """Everything the case says, section by section."""
    found = [_at_the_table(case), _at_home(case), _options(case)]
    optional = (
        wants.weights(case),
        wants.scores(case),
        wants.reasons(case),
        _constraints(case),
        _facts(case),
        _texts(case),
        _calendar(case),
        _cautions(case),
        _levers(case),
        _spoilers(case),
        _sources(case),
    )
    return (*found, *(section for section in optional if section.parts))


def heading(case: Case) -> str:
    """The case's title with its date."""
    return f"{case.title}, as of {case.as_of}" if case.as_of else case.title


def _at_the_table(case: Case) -> Section:
    rows: list[tuple[Cell, ...]] = []
    for side, party in case.parties.items():
        signer = table.spokesman(side, party)
        rule = party.ratification
        home = wording.rule_words(case, side, rule) if rule is not None else "nothing further"
        signs = table.name_of(case, signer) if signer else "not said"
        power = f", power {party.power.point:g}" if party.power.point != 1 else ""
        rows.append((party.name, _role(case, side) + power, ", ".join(party.delegation), signs, home))
    for side, mediator in case.mediators.items():
        rows.append((mediator.name, f"mediator, {_role(case, side)}", ", ".join(mediator.people), "", ""))
    heads = ("Side", "Role", "Who sits there", "Signs", "Home must")
    parts: list[Part] = [Table(heads, tuple(rows))]
    if case.status_quo:
        parts.append(Note(f"Without agreement: {case.status_quo}"))
    return Section("Who is at the table", tuple(parts))


def _role(case: Case, side: str) -> str:
    """What the side's consent means for a deal."""
    if side in case.parties and case.parties[side].role == "observer":
        return "observer"
    decides = bool(case.table_rule or table.required(case))
    if not decides or side not in table.deciders(case):
        return "advises" if side in case.mediators else "consent not asked"
    return "must consent" if table.indispensable(case, side) else "may be needed"


def _at_home(case: Case) -> Section:
    rows: list[tuple[Cell, ...]] = []
    for side, party in case.parties.items():
        for name, faction in party.factions.items():
            ref = f"{side}.{name}"
            known = case.preferences.get(ref)
            walk_away = "" if known is None else wording.whole(known.walk_away.point)
            rows.append((party.name, faction.name, name, walk_away, faction.role or ""))
    heads = ("Side", "Faction", "Id", "Walk-away", "Who they are, what they can do")
    reasons = [
        Note(f"{party.name}: {party.ratification.because.text}")
        for party in case.parties.values()
        if party.ratification is not None and party.ratification.because is not None
    ]
    shown: tuple[Part, ...] = (Table(heads, tuple(rows)),) if rows else (Note("No factions are told apart."),)
    return Section("Who is at home", (*shown, *reasons))


def _in_dispute(case: Case) -> Section:
    rows = tuple((name, issue.title, ", ".join(issue.options)) for name, issue in case.issues.items())
    note = Note("Options go by their ids here; `winset show` spells them out.")
    return Section("What is in dispute", (Table(("Issue", "What it is", "Options"), rows), note))


def _options(case: Case) -> Section:
    rows: list[tuple[Cell, ...]] = []
    breaks = set()
    for name, issue in case.issues.items():
        breaks.add(len(rows))
        rows.append((name, "", issue.title + (" (extended)" if issue.tier == "extended" else "")))
        rows += [("", option, given.label) for option, given in issue.options.items()]
    return Section(
        "What is in dispute",
        (Table(("Issue", "Option", "What it says"), tuple(rows), breaks=frozenset(breaks)),),
    )


def _constraints(case: Case) -> Section:
    rows = [(c.id, f"cannot be: {c.forbid}", c.because.text if c.because else "") for c in case.constraints]
    for joint in case.joint:
        effect = (
            f"{wording.faction_name(case, joint.for_)}: {wants.estimate(joint.add)} points when {joint.when}"
        )
        rows.append(("joint", effect, joint.because.text if joint.because else ""))
    table_of = (Table(("Id", "What", "Why"), tuple(rows)),) if rows else ()
    return Section("Constraints and interactions", table_of)


def _facts(case: Case) -> Section:
    notes = tuple(Note(f"{fact.what}{wants.cited(fact.source)}") for fact in case.facts)
    return Section("What is known and not bargained over", notes)


def _texts(case: Case) -> Section:
    parts: list[Part] = []
    for name, text in case.texts.items():
        on = " (on the table)" if name == case.on_the_table else ""
        left = [issue for issue in case.issues if issue not in text.package]
        settled = ", ".join(f"{issue} = {option}" for issue, option in text.package.items())
        dated = f" of {text.date}" if text.date else ""
        parts.append(Verdict(f"{text.title or name}{dated}{on}: {settled}."))
        if left:
            parts.append(Note(f"Leaves open: {', '.join(left)}."))
    return Section("Texts", tuple(parts))


def _calendar(case: Case) -> Section:
    rows = tuple((_when(event), event.what, _pressure(case, event)) for event in case.calendar)
    return Section("Calendar and pressure", (Table(("When", "What", "Presses"), rows),) if rows else ())


def _when(event: Event) -> str:
    return f"{event.date} to {event.until}" if event.until else str(event.date)


def _pressure(case: Case, event: Event) -> str:
    pressed = wording.joined(wording.faction_name(case, name) for name in event.presses)
    by = wording.joined(wording.faction_name(case, name) for name in event.by)
    return " ".join(part for part in (by and f"{by}:", pressed) if part)


def doubts(case: Case) -> Section:
    """What makes packages doubtful without forbidding them."""
    return Section("Cautions", tuple(Note(_doubt(caution)) for caution in case.cautions))


def _doubt(caution: Caution) -> str:
    when = wording.condition(conditions.parse(caution.when))
    return f"With {when}: {caution.because.text}{wants.cited(caution.because.source or caution.source)}"


def _cautions(case: Case) -> Section:
    notes = []
    for caution in case.cautions:
        chance = caution.chance
        odds = "" if chance is None else f" Judged chance to work out: {_percent(chance.low, chance.high)}."
        notes.append(Note(f"{_doubt(caution)}{odds}"))
    return Section("Cautions", tuple(notes))


def _percent(low: float, high: float) -> str:
    ends = [f"{100 * end:.0f}%" for end in (low, high)]
    return ends[0] if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"


def _levers(case: Case) -> Section:
    rows = tuple(
        (
            lever.id,
            wording.joined(wording.faction_name(case, name) for name in lever.by),
            lever.what,
            "; ".join(f"{path}: {value}" for path, value in lever.set.items()),
        )
        for lever in case.levers
    )
    return Section("Levers", (Table(("Lever", "Who holds it", "What", "Sets"), rows),) if rows else ())


def _spoilers(case: Case) -> Section:
    rows = tuple(
        (
            spoiler.name,
            spoiler.type,
            spoiler.faction or "",
            spoiler.trigger or "",
            wants.estimate(spoiler.capability),
        )
        for spoiler in case.spoilers.values()
    )
    heads = ("Spoiler", "Type", "Wants what this one wants", "Opposes when", "Chance to wreck a deal")
    return Section("Spoilers", (Table(heads, rows),) if rows else ())


def _sources(case: Case) -> Section:
    rows = tuple(
        (name, source.title, source.publisher or "", str(source.date or "undated"))
        for name, source in case.sources.items()
    )
    return Section("Sources", (Table(("Id", "Title", "Publisher", "Date"), rows),) if rows else ())
