"""The case as it is and under each lever and pair of levers, draw by draw."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from winset.analyses.ground import Ground
from winset.analyses.levers.answers import LeverEffect
from winset.analyses.sampling import Sampling
from winset.analyses.shares import Change, Share
from winset.case.model import Case
from winset.case.pulls import Pull
from winset.errors import CaseError, UnknownName
from winset.kernels.drawn import FOUND
from winset.space.package import count_completions

MOST_PAIRED = 12

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Found:
    """See `LeversResult`."""

    zone: Share
    text: Share | None
    alone: tuple[LeverEffect, ...]
    pairs: tuple[LeverEffect, ...]
    unpaired: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Variant:
    """A case, and its text on the table."""

    ground: Ground

    @property
    def text(self) -> Mapping[str, str] | None:
        """What the text on the table settles; None without one."""
        case = self.ground.space.case
        return None if case.on_the_table is None else case.texts[case.on_the_table].package

    def judged(self, first: int, count: int) -> Bools:
        """Whether there is a zone, and whether some completion of the text is in it; shape (draws, 2)."""
        sample = self.ground.sample(first, count)
        found = np.zeros((count, 2), bool)
        found[:, 0] = self.ground.drawn.exists(sample) == FOUND
        if self.text is not None and count_completions(self.ground.space, self.text):
            found[:, 1] = self.ground.completed(sample, self.text)[0]
        return found


@dataclass(frozen=True, slots=True)
class Asked:
    """What a worker needs: the case as it is, and every other."""

    base: Variant
    others: tuple[Variant, ...]


def found(case: Case, pulls: Sequence[Pull], sampling: Sampling, *, extended: bool) -> Found:
    """The levers alone; then pairs of the dozen that change most."""
    base = Variant(Ground(case, extended, sampling.seed, sampling.rho))
    alone = [_variant(base, (pull,)) for pull in pulls]
    counts = _counted(sampling, base, alone)
    effects = [_effect((pull,), base, count, sampling) for pull, count in zip(pulls, counts[1:], strict=True)]
    best = sorted(range(len(pulls)), key=lambda place: _order(effects[place]))[:MOST_PAIRED]
    paired, variants, unpaired = [], [], []
    for one, other in itertools.combinations([pulls[place] for place in sorted(best)], 2):
        variant = None if _same(one, other) else _together(base, one, other)
        if variant is None:
            unpaired.append((one.name, other.name))
        else:
            paired.append((one, other))
            variants.append(variant)
    second = _counted(sampling, base, variants) if variants else counts[:1]
    pairs = [_effect(pair, base, count, sampling) for pair, count in zip(paired, second[1:], strict=True)]
    zone, text = (Share.of(int(counts[0, headline, 0]), sampling.draws) for headline in (0, 1))
    return Found(
        zone,
        None if base.text is None else text,
        tuple(sorted(effects, key=_order)),
        tuple(sorted(pairs, key=_order)),
        tuple(unpaired),
    )


def _variant(base: Variant, pulls: Sequence[Pull]) -> Variant:
    ground = base.ground
    case = ground.case
    for pull in pulls:
        case = pull.change(case)
    variant = Variant(Ground(case, ground.extended, ground.seed, ground.rho))
    _ = variant.ground.space  # a lever that leaves no package is told at once
    return variant


def _same(one: Pull, other: Pull) -> bool:
    """Whether they set the same thing, or one a part of what the other sets."""
    return any(
        a == b or a.startswith(f"{b}.") or b.startswith(f"{a}.") for a in one.touches for b in other.touches
    )


def _together(base: Variant, one: Pull, other: Pull) -> Variant | None:
    """Both pulled; None where they cannot stand together."""
    try:
        return _variant(base, (one, other))
    except (CaseError, UnknownName):
        return None


def _counted(sampling: Sampling, base: Variant, others: Sequence[Variant]) -> Ints:
    """How often the headlines hold as it is, and gain and lose by each other: (1 + others, headlines, 2)."""
    counted: Ints = np.sum(sampling.run(count, Asked(base, tuple(others))), axis=0)
    return counted


def count(asked: Asked, first: int, draws: int) -> Ints:
    """The same over some draws."""
    before = asked.base.judged(first, draws)
    held = [np.column_stack([before.sum(axis=0), np.zeros(2, np.int64)])]
    for other in asked.others:
        after = other.judged(first, draws)
        held.append(np.column_stack([(after & ~before).sum(axis=0), (before & ~after).sum(axis=0)]))
    return np.array(held, np.int64)


def _effect(pulls: Sequence[Pull], base: Variant, counts: Ints, sampling: Sampling) -> LeverEffect:
    zone, text = (Change.of(int(gained), int(lost), sampling.draws) for gained, lost in counts)
    return LeverEffect(
        names=tuple(pull.name for pull in pulls),
        by=tuple(dict.fromkeys(side for pull in pulls for side in pull.by)),
        what=tuple(pull.what for pull in pulls),
        zone=zone,
        text=None if base.text is None else text,
    )


def _order(effect: LeverEffect) -> tuple[float, float]:
    """The text's change first, as a zone is seldom what is lacking; then the zone's."""
    return -(effect.text.change if effect.text else 0.0), -effect.zone.change
