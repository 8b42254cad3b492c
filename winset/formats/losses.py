"""What a case holds beyond the scenarios of other programs: listed in words, never dropped in silence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from winset.case.model import Case, Issue, Party, Preference
from winset.errors import CaseError, Fault, clip
from winset.formats.scenario import SOURCE

_SHOWN = 3
# Every field of the model is either held by the formats or named here in words; a test compares both.
HELD = {
    "Case": {"winset", "title", "sources", "parties", "issues", "preferences"},
    "Party": {"name", "factions", "speaks_for"},
    "Issue": {"title", "options", "tier", "note"},
    "Option": {"label"},
    "Preference": {"walk_away", "weights", "scores", "source", "note"},
}
LOST = {
    "Case": {
        "as_of": "the date of the case",
        "status_quo": "what happens without agreement",
        "facts": "facts",
        "mediators": "mediators",
        "constraints": "constraints",
        "joint": "joint terms",
        "cautions": "cautions",
        "texts": "texts",
        "on_the_table": "which text is on the table",
        "calendar": "the calendar",
        "exchange": "the exchange",
        "spoilers": "spoilers",
        "levers": "levers",
        "objective": "whom fairness counts",
        "table_rule": "the rule of the table",
    },
    "Party": {
        "role": "the role of an observer",
        "delegation": "delegations",
        "ratification": "ratification rules",
        "survival": "what brings a government down",
        "power": "the power of a party",
        "source": "sources of parties",
        "note": "notes on parties",
    },
    "Issue": {"because": "reasons for issues", "source": "sources of issues"},
    "Option": {
        "basis": "where options come from",
        "source": "sources of options",
        "position": "positions of options",
    },
    "Preference": {
        "noise": "noise",
        "red_lines": "red lines",
        "because": "reasons for preferences",
        "by": "who judged the numbers",
    },
}
_LEFT_OUT = "this is left out"


@dataclass(slots=True)
class Losses:
    """What a format cannot hold: by kind, the places and what is written instead; and mere remarks."""

    found: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)

    def add(self, what: str, place: str, instead: str = _LEFT_OUT) -> None:
        """Note a loss at a place of the case."""
        self.found.setdefault((what, instead), []).append(place)

    def settle(self, title: str, case: Case, *, lossy: bool) -> tuple[str, ...]:
        """What is lost, a sentence each; unless `lossy`, CaseError where anything is."""
        if self.found and not lossy:
            raise CaseError(self._faults(title, case))
        lost = [f"lost: {what} ({_places(at)}); {instead}" for (what, instead), at in self.found.items()]
        return (*lost, *self.remarks)

    def _faults(self, title: str, case: Case) -> Iterator[Fault]:
        for (what, instead), places in self.found.items():
            message = f"{title} cannot hold {what} ({_places(places)})"
            yield Fault(message, f"with --lossy {instead}", clip(places[0], 120), case.id)


def _places(places: Sequence[str]) -> str:
    shown = ", ".join(clip(place) for place in places[:_SHOWN])
    return shown + (f" and {len(places) - _SHOWN} more" if len(places) > _SHOWN else "")


def note_fields(case: Case, losses: Losses) -> None:
    parts: list[tuple[str, Case | Party | Issue | Preference]] = [("", case)]
    parts += [(f"parties.{name}.", party) for name, party in case.parties.items()]
    parts += [(f"issues.{name}.", issue) for name, issue in case.issues.items()]
    parts += [(f"preferences.{ref}.", preference) for ref, preference in case.preferences.items()]
    for place, part in parts:
        _note_part(place, part, losses)
    for name, issue in case.issues.items():
        for option_id, option in issue.options.items():
            for key, what in LOST["Option"].items():
                if getattr(option, key) is not None:
                    losses.add(what, f"issues.{name}.options.{option_id}.{key}")


def _note_part(place: str, part: Case | Party | Issue | Preference, losses: Losses) -> None:
    kind = type(part)
    for key, what in LOST[kind.__name__].items():
        if getattr(part, key) != kind.model_fields[key].get_default():
            losses.add(what, place + key)


def note_sources(case: Case, losses: Losses) -> None:
    for name, source in case.sources.items():
        plain = source.model_copy(update={"title": ""}).model_dump(exclude_none=True) == {"title": ""}
        if not (plain and name == SOURCE and len(case.sources) == 1):
            losses.add("sources", f"sources.{name}")


def note_title(case: Case, path: Path, losses: Losses) -> None:
    """A title that the format has no place for is read back as the name of the folder."""
    if case.title not in (path.name, case.id):
        losses.add("the title of a case", "title", f"'{clip(path.name)}' is read as the title")
