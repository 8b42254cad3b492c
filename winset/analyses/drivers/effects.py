"""From draws on a design to the effects of groups of inputs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from winset.analyses.drivers.answers import ZONE, Driver, Effect
from winset.analyses.ground import Ground
from winset.analyses.sampling import CHUNK, Sampling
from winset.case.model import Case
from winset.compute import run as compute
from winset.kernels.sensitivity import Design, Effects, effects
from winset.space.draws import Group

FEWEST, MOST = 64, 4_096
RARE = 0.02


@dataclass(frozen=True, slots=True)
class Found:
    """Effects, and how they were found: see `DriversResult`."""

    base: int
    outputs: dict[str, tuple[float, float]]
    by: str | None
    drivers: tuple[Driver, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a worker needs: the case, and the points at which to ask."""

    ground: Ground
    design: Design


def found(case: Case, sampling: Sampling, *, extended: bool) -> Found:
    """The effects of all groups of inputs of a case; none where nothing is in doubt."""
    ground = Ground(case, extended, sampling.seed, sampling.rho)
    groups = ground.inputs.groups
    base = _base(sampling.draws)
    names = (ZONE, *ground.parties)
    if not groups:
        return Found(base, {}, None, ())
    design = Design(ground.inputs.dims, base, tuple(groups.values()), sampling.seed)
    parts = compute(
        judge, Asked(ground, design), design.rows, sampling.where, chunk=CHUNK, progress=sampling.progress
    )
    measured = effects(np.concatenate(parts), len(groups), seed=sampling.seed)
    outputs = {
        name: (round(float(measured.mean[o]), 6), round(float(measured.variance[o]), 6))
        for o, name in enumerate(names)
    }
    by = _by(measured)
    order = range(len(groups)) if by is None else np.argsort(-measured.total.value[:, by], kind="stable")
    listed = list(groups)
    drivers = tuple(_driver(listed[g], g, names, measured) for g in order)
    return Found(base, outputs, None if by is None else names[by], drivers)


def judge(asked: Asked, first: int, count: int) -> NDArray[np.float64]:
    """Whether there is a zone (0 or 1), and each party's gain at the Nash package; shape (count, outputs)."""
    sample = asked.ground.inputs.sample(asked.design.block(first, count))
    drawn = asked.ground.drawn.outcomes(sample)
    gains = np.where(drawn.zone[:, None], drawn.gains, 0.0)
    return np.column_stack([drawn.zone.astype(float), gains])


def _by(measured: Effects) -> int | None:
    """The output to order by: whether there is a zone, unless nearly all draws agree; None: none varies.

    Of an event in a few draws the effects are noise; what a party gains then says more.
    """
    varying = [o for o, flat in enumerate(measured.flat) if not flat]
    rare = not RARE < measured.mean[0] < 1 - RARE
    return next((o for o in varying if o or not rare), varying[0] if varying else None)


def _base(draws: int) -> int:
    base = FEWEST
    while 2 * base <= min(draws, MOST):
        base *= 2
    return base


def _driver(group: Group, place: int, names: tuple[str, ...], measured: Effects) -> Driver:
    return Driver(group.kind, group.ref, dict(_effects(place, names, measured)))


def _effects(place: int, names: tuple[str, ...], measured: Effects) -> Iterator[tuple[str, Effect]]:
    for o, name in enumerate(names):
        if not measured.flat[o]:
            total, first = (
                [round(float(values[place, o]), 6) for values in share]
                for share in (measured.total, measured.first)
            )
            yield name, Effect(total[0], (total[1], total[2]), first[0], (first[1], first[2]))
