"""What everybody makes of a text, as a range over its completions."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from winset.analyses.agreement.answers import FactionOnText, SideOnText, TextAnswer
from winset.analyses.agreement.problem import Indices
from winset.space.build import Space, merged
from winset.space.consent import Consent, ask_packages, judges
from winset.space.numbers import points
from winset.space.package import completions, crossed_by, open_issues, read_package

BATCH = 2**17


def answer_text(space: Space, package: Mapping[str, str]) -> TextAnswer:
    """How many completions of the text each faction and side accepts, and what lies between."""
    settled = read_package(space, package)
    found = completions(space, settled)
    tally = _Tally(space)
    for start in range(0, len(found), BATCH):
        tally.take(found[start : start + BATCH])
    return TextAnswer(
        package=settled,
        open=open_issues(space, settled),
        completions=len(found),
        in_zone=tally.in_zone,
        factions={ref: tally.faction(i, settled) for i, ref in enumerate(space.factions)},
        sides={side: SideOnText(*map(int, tally.sides[i])) for i, side in enumerate(judges(space))},
    )


class _Tally:
    """Counts over batches of completions."""

    def __init__(self, space: Space) -> None:
        self.space, self._larger = space, merged(space)
        self.in_zone = 0
        self.sides = np.zeros((len(judges(space)), 3), np.int64)
        factions = len(space.factions)
        self._accepts = np.zeros(factions, np.int64)
        self._low = np.full(factions, np.iinfo(np.int64).max)
        self._high = np.full(factions, np.iinfo(np.int64).min)

    def take(self, packages: Indices) -> None:
        consent: Consent = ask_packages(self._larger, packages)
        self.in_zone += int(consent.zone.sum())
        rows = (consent.signs, consent.lets, consent.consents)
        self.sides += np.column_stack([row.sum(axis=1) for row in rows])
        self._accepts += consent.accepts.sum(axis=1)
        self._low = np.minimum(self._low, consent.utilities.min(axis=1))
        self._high = np.maximum(self._high, consent.utilities.max(axis=1))

    def faction(self, place: int, settled: dict[str, str]) -> FactionOnText:
        ref = self.space.factions[place]
        none = self._high[place] < self._low[place]  # no completion was met
        always, sometimes = crossed_by(self.space, ref, settled)
        return FactionOnText(
            low=0.0 if none else points(self._low[place]),
            high=0.0 if none else points(self._high[place]),
            walk_away=float(self.space.walk_away[place]),
            accepts=int(self._accepts[place]),
            always=always,
            sometimes=sometimes,
        )
