"""Sizes of the steps and guarantees for a given order of actors with dates: a linear programme.

Every V, every stop value and so every slack is linear in what was delivered by when and in the guarantees
together. Where lots are whole, or one obligation waits for another, some unknowns are whole numbers, found by
branch and bound.

A margin is one against default. Being a day late costs little and no guarantee is lost by it, so that there
it is only asked that being late does not pay; where it does whatever the sizes, that is let pass and said.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from winset.analyses.exchange.deliveries import Turn
from winset.analyses.exchange.forms import Forms, forms
from winset.analyses.exchange.solver import Asked, solved
from winset.analyses.exchange.stakes import Stakes, measure
from winset.errors import NotApplicable
from winset.space.numbers import Floats, Ints

_LEAST_GAIN = 1e-6  # of a party, as a share of what it gains where time costs nothing
_SETTLED = 1e-9  # slack shares that differ by less are the same
_FLAT = 1e-10  # slopes below this are rounding


@dataclass(frozen=True, eq=False, slots=True)
class Sizes:
    """What is delivered when, and what each slack then is.

    `lots` (K, O): delivered at each turn; `guarantee` (P,): points, times the chance that the guarantor acts;
    `shares` (K,): slack against default at each turn, as a share of V(1) - S(0) of the party that acts;
    `prompt`: the smallest slack against being late, as such a share, below 0 where being late pays; None
    where nobody might be late. `proven` says whether nothing better exists; else it is the best found.
    """

    lots: Floats
    guarantee: Floats
    shares: Floats
    prompt: float | None
    proven: bool

    @property
    def smallest(self) -> float:
        """The smallest slack share against default."""
        return float(self.shares.min())


def least_guarantee(
    stakes: Stakes,
    turns: Sequence[Turn],
    margin: float,
    *,
    weights: Floats | None = None,
    most: Floats | None = None,
    whole: bool = False,
) -> Sizes | None:
    """Sizes with which the smallest guarantees keep every slack at `margin`, a share of the party's gain.

    Guarantees, in points times the chance that the guarantor acts, are summed with `weights` (P,), by default
    1 each, and none is above `most` (P,). With `whole`, lots are delivered whole. None where no sizes and
    guarantees keep the margin and leave every giver something to gain. Raises NotApplicable where worth is
    not in proportion to lots (with `whole`: and there are more than 24 of them), where an obligation has no
    turn, or where a giver gains nothing even if time costs nothing; LimitExceeded where branch and bound
    found nothing within its limit.
    """
    programme = _Programme(stakes, tuple(turns), whole)
    found, high = programme.forms, _of(programme.forms, most, np.inf)
    cost = np.zeros(found.unknowns)
    cost[found.guarantees] = _of(found, weights, 1.0)

    def kept(held: Floats, prompt: Floats) -> Floats:
        return np.concatenate([held, held - margin * found.gain[found.whose], prompt])

    def sized(prompt: Floats) -> Sizes | None:
        whose = np.concatenate([found.whose, found.whose, found.stalling[: len(prompt)]])
        answer = programme.solve(cost, kept(found.held, prompt), whose, (np.zeros(len(high)), high))
        if answer is None:
            return None
        rows = kept(programme.seen(answer[0]), prompt)
        return programme.sizes(_lowered(found, rows, whose, answer[0], high), proven=answer[1])

    return _punctual(found, sized)


def widest_sizes(stakes: Stakes, turns: Sequence[Turn], *, whole: bool = False) -> Sizes:
    """Sizes with which, at the guarantees as stated, the smallest slack share is as large as it can be.

    Where time costs something, what slacks are shares of depends on the sizes too: programmes then close in
    on it one after the other (Crouzeix, Ferland & Schaible 1985). Raises as `least_guarantee` does, and
    NotApplicable where no sizes do.
    """
    programme = _Programme(stakes, tuple(turns), whole)
    sizes = _punctual(programme.forms, programme.widest)
    if sizes is None:
        raise NotApplicable(
            "no sizes of these steps deliver everything in an order that is allowed and leave each giver "
            "something to gain; change who acts when"
        )
    return sizes


def _punctual(found: Forms, sized: Callable[[Floats], Sizes | None]) -> Sizes | None:
    """Sizes with which being late does not pay; where there are none, with which it may."""
    sizes = sized(found.prompt)
    return sized(found.prompt[:0]) if sizes is None and len(found.prompt) else sizes


def _of(found: Forms, values: Floats | None, default: float) -> Floats:
    """Numbers by party as numbers by giver."""
    return np.full(len(found.givers), default) if values is None else np.asarray(values)[found.givers]


def _at(rows: Floats, values: Floats) -> Floats:
    """Forms where the unknowns have these values."""
    return np.asarray(rows[..., :-1] @ values + rows[..., -1])


def _lowered(found: Forms, rows: Floats, whose: Ints, values: Floats, high: Floats) -> Floats:
    """The values with each guarantee exactly as low as it can be; the programme knows it to a tolerance."""
    lowered = values.copy()
    for place, unknown in enumerate(range(*found.guarantees.indices(found.unknowns))):
        mine = rows[whose == place]
        slope = mine[:, unknown]
        lowered[unknown] = 0.0
        bare = _at(mine, lowered)
        least = max([0.0, *(-bare[slope > _FLAT] / slope[slope > _FLAT])])
        most = min([high[place], *(-bare[slope < -_FLAT] / slope[slope < -_FLAT])])
        lowered[unknown] = least if least <= most else values[unknown]
    return lowered


@dataclass(frozen=True)
class _Programme:
    """The forms of an exchange, and values for their unknowns."""

    stakes: Stakes
    turns: tuple[Turn, ...]
    whole: bool

    @cached_property
    def forms(self) -> Forms:
        return forms(self.stakes, self.turns, whole=self.whole)

    @cached_property
    def measure(self) -> Floats:
        """What each giver gains where time costs nothing."""
        givers = [int(giver) for giver in self.forms.givers]
        return measure(self.stakes, self.stakes.gain(), givers)[givers]

    @cached_property
    def integral(self) -> Ints:
        """Which unknowns are whole numbers."""
        found = self.forms
        kinds = (found.cuts, self.whole), (len(found.givers), False), (found.flags, True)
        return np.concatenate([np.full(many, int(whole), np.int64) for many, whole in kinds])

    def widest(self, prompt: Floats) -> Sizes | None:
        """The sizes with the largest smallest slack share, `prompt` being kept at 0; None: there are none."""
        found, given = self.forms, _of(self.forms, self.stakes.guarantee, 0.0)
        steady = not found.gain[:, :-1].any()
        share, gain = 0.0, found.gain[:, -1] if steady else self.measure
        whose = np.concatenate([found.whose, found.stalling[: len(prompt)]])
        cost, best = np.append(np.zeros(found.unknowns), -1.0), None
        while True:
            rows = np.concatenate([found.held - share * found.gain[found.whose], prompt])
            spread = np.append(gain[found.whose], np.zeros(len(prompt)))
            answer = self.solve(cost, np.insert(rows, -1, -spread, axis=1), whose, (given, given))
            if answer is None:
                return best
            sizes = self.sizes(answer[0], proven=answer[1])
            if steady:
                return sizes
            if best is not None and sizes.smallest <= best.smallest + _SETTLED:
                return replace(best, proven=answer[1] and found.exact)
            best, share, gain = sizes, sizes.smallest, _at(found.gain, answer[0])

    def solve(
        self, cost: Floats, rows: Floats, whose: Ints, guarantees: tuple[Floats, Floats]
    ) -> tuple[Floats, bool] | None:
        """Values of the unknowns at the smallest cost, and whether that is proven; None: there are none.

        `rows`, slacks of givers `whose`, are at least 0, as is all that is to be kept; guarantees lie between
        two bounds. A cost more than unknowns is that of one more, of any value, whose part in rows stands
        before the constant.
        """
        found, more = self.forms, len(cost) - self.forms.unknowns
        gains = found.gain / self.measure[:, None]
        gains[:, -1] -= _LEAST_GAIN
        others = np.concatenate([gains, found.kept])
        kept = np.concatenate(
            [rows / self.measure[whose][:, None], np.insert(others, [-1] * more, 0, axis=1)]
        )
        low, high = np.zeros(len(cost)), np.full(len(cost), np.inf)
        low[found.guarantees], high[found.guarantees] = guarantees
        high[found.unknowns - found.flags : found.unknowns] = 1.0
        low[found.unknowns :] = -np.inf
        integral = np.append(self.integral, np.zeros(more, np.int64))
        answer = solved(Asked(cost, kept, len(rows) + len(gains), low, high, integral))
        return None if answer is None else (answer[0][: found.unknowns], answer[1])

    def seen(self, values: Floats) -> Floats:
        """What actors have more than by default, (K, form), that being as visible as what they deliver."""
        found, held = self.forms, self.forms.held.copy()
        lots = np.diff(_at(found.levels, values), axis=0)
        for k, turn in enumerate(self.turns):
            chances = self.stakes.detection[[o for o in turn.may if lots[k, o] > _FLAT]]
            least = self.stakes.detection[list(turn.may)].min()
            held[k, found.cuts + found.whose[k]] += chances.max(initial=least) - least
        return held

    def sizes(self, values: Floats, *, proven: bool) -> Sizes:
        """What the values mean."""
        found = self.forms
        guarantee = np.zeros(len(self.stakes.parties))
        guarantee[found.givers] = values[found.guarantees]
        gain = _at(found.gain, values)
        late = _at(found.prompt, values) / gain[found.stalling]
        return Sizes(
            lots=np.diff(_at(found.levels, values), axis=0),
            guarantee=guarantee,
            shares=_at(self.seen(values), values) / gain[found.whose],
            prompt=float(late.min()) if late.size else None,
            proven=proven and found.exact,
        )
