"""What stands in the way over draws: which issue most, who says no first, which next move gains most."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from winset.analyses.ground import Ground
from winset.analyses.sampling import Sampling
from winset.analyses.shares import Change, Share
from winset.analyses.sticking.answers import DrawnMove, SaysNo, StickingDraws, SubjectDraws
from winset.analyses.sticking.moves import Change as Step
from winset.analyses.sticking.moves import changes
from winset.analyses.sticking.scene import Scene
from winset.case.model import Case
from winset.kernels.drawn import FOUND, NONE, OPEN
from winset.space.formula import ConsentFormula, formula_of, holds
from winset.space.package import completions, count_completions
from winset.space.worth import Choices

MOST_LOOKS = 2_000  # combinations by draw: completions times changes
LARGEST_SET = 4
SHOWN = 5

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Names = frozenset[str]


@dataclass(frozen=True, slots=True)
class Judged:
    """A subject, and its completions after each change, stacked; those of a change begin at its start."""

    id: str
    package: dict[str, str]
    steps: tuple[Step, ...]
    after: Choices
    starts: Ints


@dataclass(frozen=True, slots=True)
class Asked:
    """What a worker needs: the case, and the subjects."""

    ground: Ground
    subjects: tuple[Judged, ...]


@dataclass(slots=True)
class Counts:
    """Counts over draws. `relief` has shape (issues, 2): zones gained and lost without the issue."""

    relief: Ints
    without: int = 0
    blocking: Counter[Names] = field(default_factory=Counter)
    unsettled: int = 0
    refusing: dict[str, Counter[Names]] = field(default_factory=dict)
    moves: dict[str, Ints] = field(default_factory=dict)

    def add(self, other: Counts) -> None:
        """Add what was counted over other draws."""
        self.relief = self.relief + other.relief
        self.without += other.without
        self.unsettled += other.unsettled
        self.blocking.update(other.blocking)
        for name, refusing in other.refusing.items():
            self.refusing.setdefault(name, Counter()).update(refusing)
        for name, moves in other.moves.items():
            self.moves[name] = moves + self.moves.get(name, 0)


def over_draws(
    case: Case, sampling: Sampling, scenes: Mapping[str, Scene], *, extended: bool
) -> StickingDraws:
    """The same questions where every estimate and red line is drawn."""
    ground = Ground(case, extended, sampling.seed, sampling.rho)
    subjects = tuple(_judged(name, scene) for name, scene in scenes.items() if len(scene.completions))
    first, *rest = sampling.run(count, Asked(ground, subjects))
    for other in rest:
        first.add(other)
    n, formula = sampling.draws, formula_of(ground.space)
    without = first.without
    return StickingDraws(
        n=n,
        seed=sampling.seed,
        rho=sampling.rho,
        without_zone=without,
        relief={
            issue: Change.of(int(gained), int(lost), n)
            for issue, (gained, lost) in zip(ground.space.issues, first.relief, strict=True)
        },
        blocking=tuple(_says_no(formula, first.blocking, without)) if without else (),
        unsettled=first.unsettled,
        subjects={s.id: _subject(scenes[s.id], s, formula, first, n) for s in subjects},
    )


def _judged(name: str, scene: Scene) -> Judged:
    """A subject with its changes of one and two issues, or of one where these are too many.

    After a change the text is completed anew: what a constraint ruled out before may be possible then.
    """
    space = scene.space
    changed = {step: {**scene.settled, **_options(scene, step)} for step in changes(scene)}
    looks = {step: count_completions(space, package) for step, package in changed.items()}
    steps = [step for step, many in looks.items() if many]
    if sum(looks.values()) > MOST_LOOKS:
        steps = [step for step in steps if len(step) == 1]
    if sum(looks[step] for step in steps) > MOST_LOOKS:
        steps = []
    after = [space.choices(completions(space, changed[step])) for step in steps]
    starts = np.cumsum([0, *map(len, after)])[:-1]
    stacked = np.concatenate([np.empty((0, len(space.issues)), np.int16), *after])
    return Judged(name, scene.settled, tuple(steps), stacked, starts)


def _options(scene: Scene, step: Step) -> dict[str, str]:
    space = scene.space
    return {space.issues[place]: space.options[place][option] for place, option in step}


def count(asked: Asked, first: int, draws: int) -> Counts:
    """All counts over some draws."""
    ground = asked.ground
    sample, drawn = ground.sample(first, draws), ground.drawn
    known = drawn.exists(sample)
    zone, relieved = known == FOUND, drawn.relief(sample, known).zone
    relief = np.column_stack(
        [(relieved & ~zone[:, None]).sum(axis=0), (~relieved & zone[:, None]).sum(axis=0)]
    )
    counts = Counts(relief, int((known == NONE).sum()), unsettled=int((known == OPEN).sum()))
    for sets in drawn.blocking(sample, np.flatnonzero(known == NONE)):
        counts.blocking.update(sets.sets)
        counts.unsettled += not sets.complete
    formula = formula_of(ground.space)
    smallest = _Smallest(formula)
    places = [ground.space.factions.index(ref) for ref in formula.members]
    for subject in asked.subjects:
        passes, accepts = ground.completed(sample, subject.package)
        refuse = ~accepts[:, places]
        refusing: Counter[Names] = Counter()
        for row in refuse[~passes]:
            refusing.update(smallest.of(frozenset(itertools.compress(formula.members, row))))
        counts.refusing[subject.id] = refusing
        if subject.steps:
            consents = drawn.accept(sample, subject.after).consents
            counts.moves[subject.id] = _gained(consents, passes, subject)
    return counts


def _gained(consents: Bools, passes: Bools, subject: Judged) -> Ints:
    """By change, draws in which some completion passes only after it, and only before it; (changes, 2)."""
    after = np.logical_or.reduceat(consents, subject.starts, axis=1)
    gained, lost = after & ~passes[:, None], ~after & passes[:, None]
    return np.column_stack([gained.sum(axis=0), lost.sum(axis=0)])


class _Smallest:
    """The smallest sets within a set of refusers that stop a package by themselves."""

    def __init__(self, formula: ConsentFormula) -> None:
        self._formula, self._known = formula, dict[Names, tuple[Names, ...]]()

    def of(self, refusers: Names) -> tuple[Names, ...]:
        """Sets of up to four; an empty one where they stop it only in larger ones, or not by themselves."""
        if refusers not in self._known:
            self._known[refusers] = tuple(self._sought(refusers)) or (frozenset(),)
        return self._known[refusers]

    def _sought(self, refusers: Names) -> Iterator[Names]:
        found: list[Names] = []
        for size in range(1, min(LARGEST_SET, len(refusers)) + 1):
            for chosen in map(frozenset, itertools.combinations(sorted(refusers), size)):
                if not any(known <= chosen for known in found) and self._stops(chosen):
                    found.append(chosen)
                    yield chosen

    def _stops(self, chosen: Names) -> bool:
        yes = {ref: int(ref not in chosen) for ref in self._formula.members}
        return not holds(self._formula.root, yes)


def _subject(
    scene: Scene, subject: Judged, formula: ConsentFormula, counts: Counts, draws: int
) -> SubjectDraws:
    if not subject.steps:
        return SubjectDraws(tuple(_says_no(formula, counts.refusing[subject.id], draws)), 0, ())
    moves = counts.moves[subject.id]
    found = [
        DrawnMove(_named(scene, step), change)
        for step, (gained, lost) in zip(subject.steps, moves, strict=True)
        if (change := Change.of(int(gained), int(lost), draws)).low > 0
    ]
    found.sort(key=lambda move: (-move.all.change, len(move.changes)))
    return SubjectDraws(
        says_no=tuple(_says_no(formula, counts.refusing[subject.id], draws)),
        changed=max(map(len, subject.steps), default=0),
        moves=tuple(found[:SHOWN]),
    )


def _named(scene: Scene, step: Step) -> dict[str, tuple[str, str]]:
    return {issue: (scene.settled[issue], option) for issue, option in _options(scene, step).items()}


def _says_no(formula: ConsentFormula, counted: Mapping[Names, int], draws: int) -> Iterator[SaysNo]:
    """Sets of factions by the share of draws in which they stop it, the most frequent first."""
    order = formula.members.index
    named: Iterable[tuple[Sequence[str], int]] = (
        (sorted(chosen, key=order), times) for chosen, times in counted.items()
    )
    for chosen, times in sorted(named, key=lambda one: (-one[1], len(one[0]), [order(r) for r in one[0]])):
        yield SaysNo(tuple(chosen), Share.of(times, draws))
