"""The drivers result as a section: the ten things to ask about first."""

from __future__ import annotations

from winset.analyses import wording
from winset.analyses.drivers.answers import ZONE, Driver, DriversResult, Effect
from winset.analyses.sections import Note, Part, Section, Table, Verdict
from winset.case import table
from winset.case.model import Case

ASKED = 10
SMALL = 0.005

METHOD: tuple[Part, ...] = (
    Note(
        "Inputs are grouped: how tough each side is altogether; each faction's own walk-away, weights, "
        "scores and red lines. The total effect of a group is the share of an output's variance that would "
        "be left if all else were known (Sobol' 1993; Jansen 1999), on a Sobol' sequence; what finding it "
        "out would remove is its first-order effect (Saltelli et al. 2010)."
    ),
)

_KINDS = {
    "shock": "How tough {} is altogether",
    "power": "How much the power of {} counts",
    "walk_away": "Where the walk-away of {} lies",
    "weights": "How {} weighs the issues",
    "scores": "What {} makes of the options",
    "red_lines": "Which red lines of {} hold",
    "joint": "What combinations are worth to {}",
}


def sections(case: Case, result: DriversResult) -> tuple[Section, ...]:
    """What the result has to say about the case."""
    title = "What to ask about first"
    if result.by is None:
        none = Verdict("Nothing to ask: no doubt in the numbers of this case changes the answer.")
        return (Section(title, (none,), (none,)),)
    asked = [driver for driver in result.drivers if driver.effects[result.by].total > SMALL][:ASKED]
    what = "whether there is a package to agree on" if result.by == ZONE else _gain(case, result.by)
    first = wording.joined(_question(case, driver, capital=False) for driver in asked[:3])
    verdict = Verdict(f"What moves most {what}: {first}.", "part")
    rows = tuple(
        (
            f"{number}. {_question(case, driver)}",
            *_effect(driver.effects[result.by]),
            _most(case, driver, result),
        )
        for number, driver in enumerate(asked, 1)
    )
    heads = ("Ask", "Of the doubt it carries", "Knowing it would remove", "Moves most the gain of")
    said = (
        f"Shares of the doubt {what}; ranges are 95% intervals. A group carries doubt together with others, "
    )
    parts: tuple[Part, ...] = (
        verdict,
        Table(heads, rows, f"{wording.counted(len(rows), 'thing')} to ask about first"),
        Note(f"{said}so the shares may add up to more than all of it."),
        *(Note(caveat) for caveat in result.caveats),
    )
    return (Section(title, parts, (verdict,)),)


def _gain(case: Case, party: str) -> str:
    return f"what {table.name_of(case, party)} gains at the Nash package"


def _question(case: Case, driver: Driver, *, capital: bool = True) -> str:
    named = table.name_of if driver.kind in ("shock", "power") else wording.faction_name
    text = _KINDS[driver.kind].format(named(case, driver.of))
    return text if capital else text[0].lower() + text[1:]


def _effect(effect: Effect) -> tuple[str, str]:
    return _span(effect.total, effect.total_interval), _span(effect.removes, effect.removes_interval)


def _span(share: float, interval: tuple[float, float]) -> str:
    low, high = (wording.percent(min(max(end, 0.0), 1.0)) for end in interval)
    return f"{wording.percent(min(max(share, 0.0), 1.0))} ({low} to {high})"


def _most(case: Case, driver: Driver, result: DriversResult) -> str:
    """The party whose gain this group moves most, where it moves any."""
    gains = {name: effect.total for name, effect in driver.effects.items() if name != ZONE}
    best = max(gains, key=lambda name: gains[name], default=None)
    if best is None or gains[best] < 0.05:
        return "nobody"
    return f"{table.name_of(case, best)}: {wording.percent(min(gains[best], 1.0))}"
