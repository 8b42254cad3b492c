"""The ledger and its entries, and what they add up to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from winset.case.base import Date, Frozen, Text, fault
from winset.case.exchange import Obligation
from winset.case.model import Case
from winset.errors import NotApplicable, UnknownName

FORMAT_VERSION = 1
# The scale of the Peace Accords Matrix (Joshi, Quinn & Regan 2015): none, minimum, intermediate, full.
STATUS = ("not begun", "begun", "in part", "done")

Standing = Literal["alleged", "verified", "disputed"]
Counting = Literal["verified", "alleged"]
_COUNTED: Mapping[Counting, tuple[Standing, ...]] = {
    "verified": ("verified",),
    "alleged": ("verified", "alleged"),
}


def _check_version(version: int) -> int:
    if version != FORMAT_VERSION:
        message = f"ledger version {version} is not one that this winset reads"
        raise fault(message, f"write `ledger: {FORMAT_VERSION}`")
    return version


def _check_day(day: int) -> int:
    if day < 0:
        raise fault(f"day {day} is before the start", "count days from the signature, which is day 0")
    return day


def _check_status(status: int) -> int:
    if not 0 <= status < len(STATUS):
        known = ", ".join(f"{number} ({word})" for number, word in enumerate(STATUS))
        raise fault(f"there is no status {status}", f"write one of {known}")
    return status


def _read_entries(value: Any) -> Any:
    """Nothing after `entries:` is no entry yet."""
    return () if value is None else value


class Entry(Frozen):
    """A report on one obligation: so many of its lots were delivered on a day, or how it stands."""

    obligation: str
    lots: int | None = Field(None, ge=1, strict=True, description="lots delivered; left out where none was")
    day: Annotated[int, Field(strict=True), AfterValidator(_check_day)] | None = Field(
        None, description="days from the signature, as in the schedules"
    )
    date: Date | None = Field(None, description="the day as a date, in place of `day`")
    reported_by: str | None = Field(None, description="the side that says so")
    status: Annotated[int, Field(strict=True), AfterValidator(_check_status)] | None = Field(
        None, description="how the whole obligation stands then: 0 not begun, 1 begun, 2 in part, 3 done"
    )
    as_: Standing = Field("alleged", alias="as")
    settles: int | None = Field(
        None, ge=1, strict=True, description="number, from 1, of the entry whose lots are told anew here"
    )
    source: Text | None = Field(None, description="where it is known from: in words, or a source of the case")
    note: Text | None = None


class Ledger(Frozen):
    """What was delivered after signing, entry by entry as it was reported."""

    ledger: Annotated[int, AfterValidator(_check_version)] = Field(
        strict=True, description="version of the ledger's format: 1"
    )
    case: Text = Field(description="id of the case whose obligations these are")
    signed: Date | None = Field(None, description="the day of signature, day 0 of the schedules")
    entries: Annotated[tuple[Entry, ...], BeforeValidator(_read_entries)] = ()

    def day_of(self, entry: Entry) -> int:
        """Days from the signature; the entry has a day, or a date and the ledger its `signed`."""
        if entry.day is not None:
            return entry.day
        assert entry.date is not None
        assert self.signed is not None
        return (entry.date - self.signed).days

    def last_day(self, standing: Standing) -> int | None:
        """The latest day of the entries that stand so; None without any."""
        return max((self.day_of(entry) for entry in self.entries if entry.as_ == standing), default=None)

    def left(self) -> tuple[int, ...]:
        """Lots of each entry that no later entry settles; 0 or more."""
        left = [entry.lots or 0 for entry in self.entries]
        for entry in self.entries:
            if entry.settles is not None:
                left[entry.settles - 1] -= entry.lots or 0
        return tuple(left)

    def tally(self) -> Counter[tuple[str, Standing]]:
        """Lots by obligation and by how the reports on them stand."""
        found: Counter[tuple[str, Standing]] = Counter()
        for entry, lots in zip(self.entries, self.left(), strict=True):
            found[entry.obligation, entry.as_] += lots
        return found

    def delivered(self, case: Case, *, counting: Counting) -> dict[str, int]:
        """Lots delivered by obligation, from 0 to all there are, for every obligation of `case`.

        `verified` counts verified lots only, `alleged` what is alleged as well; what is disputed never
        counts. Raises NotApplicable where the case has no exchange, UnknownName where the ledger speaks
        of an obligation that it does not have.
        """
        owed, tally = owed_in(case), self.tally()
        for name, _ in tally:
            if name not in owed:
                raise UnknownName("obligation", name, owed)
        return {name: sum(tally[name, standing] for standing in _COUNTED[counting]) for name in owed}


def owed_in(case: Case) -> Mapping[str, Obligation]:
    """The obligations of a case; NotApplicable where it has no exchange."""
    if case.exchange is None:
        raise NotApplicable("the case has no `exchange`, so nothing is owed; add its obligations")
    return case.exchange.obligations
