"""One package judged by all: the arithmetic behind every yes and no, in the open."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from winset.case import conditions
from winset.case.model import Constraint
from winset.errors import LimitExceeded, UnknownName
from winset.space import blocks, numbers
from winset.space.build import Block, Space, red_lines
from winset.space.consent import MAX_PACKAGES, Consent, ask, judges
from winset.space.worth import Choices

LARGEST_NUMBER = 2**62


@dataclass(frozen=True, slots=True)
class Term:
    """One summand of a utility: what it comes from, its share of the weight, score, and points."""

    what: str
    weight: float
    score: float
    points: float


@dataclass(frozen=True, slots=True)
class FactionVerdict:
    """What a faction makes of a package: its sum, its walk-away, the red lines crossed."""

    ref: str
    terms: tuple[Term, ...]
    utility: float
    walk_away: float
    crossed: tuple[str, ...]
    accepts: bool

    @property
    def short_by(self) -> float:
        """Points missing to the walk-away; 0 when it is reached."""
        return max(0.0, numbers.points(numbers.quantise(np.array(self.walk_away - self.utility)).item()))


@dataclass(frozen=True, slots=True)
class SideVerdict:
    """Whether a party or mediator signs, its home lets it, and it consents."""

    side: str
    signer: str
    signs: bool
    lets: bool
    consents: bool


@dataclass(frozen=True, slots=True)
class Judgement:
    """One package judged by everybody who has preferences."""

    package: dict[str, str]
    forbidden_by: tuple[Constraint, ...]
    factions: tuple[FactionVerdict, ...]
    sides: tuple[SideVerdict, ...]
    in_zone: bool


def read_package(space: Space, package: Mapping[str, str]) -> dict[str, str]:
    """The package in the order of the case; UnknownName for issues or options that are not in play."""
    for issue, option in package.items():
        if issue not in space.issues:
            raise UnknownName("issue", issue, space.issues)
        known = space.options[space.issues.index(issue)]
        if option not in known:
            raise UnknownName(f"option of '{issue}'", option, known)
    return {issue: package[issue] for issue in space.issues if issue in package}


def open_issues(space: Space, package: Mapping[str, str]) -> tuple[str, ...]:
    """The issues in play that the package leaves open."""
    return tuple(issue for issue in space.issues if issue not in package)


def row_of(space: Space, package: Mapping[str, str]) -> Choices:
    """A complete package by option numbers; shape (1, issues)."""
    row = [space.options[i].index(package[issue]) for i, issue in enumerate(space.issues)]
    return np.array([row], np.int16)


def choices_of(space: Space, settled: Mapping[str, str]) -> Choices:
    """A complete package by itself, feasible or not, or the feasible completions of an open one; shape
    (packages, issues)."""
    if open_issues(space, settled):
        return space.choices(completions(space, settled))
    return row_of(space, settled)


def judge(space: Space, package: Mapping[str, str]) -> Judgement:
    """A complete package judged by all; feasible or not.

    Raises UnknownName for names that are not in play and ValueError for an incomplete package.
    """
    chosen = read_package(space, package)
    missing = open_issues(space, chosen)
    if missing:
        raise ValueError(f"the package leaves open: {', '.join(missing)}")
    parsed = [(c, conditions.parse(c.forbid)) for c in space.case.constraints]
    forbidden = tuple(c for c, condition in parsed if conditions.holds(condition, chosen))
    verdicts = tuple(_faction(space, ref, chosen) for ref in space.factions)
    consent = _consent(space, verdicts)
    sides = tuple(
        SideVerdict(
            side,
            signer,
            bool(consent.signs[i, 0]),
            bool(consent.lets[i, 0]),
            bool(consent.consents[i, 0]),
        )
        for i, (side, signer) in enumerate(judges(space).items())
    )
    return Judgement(chosen, forbidden, verdicts, sides, bool(consent.zone[0]) and not forbidden)


def _faction(space: Space, ref: str, package: Mapping[str, str]) -> FactionVerdict:
    preference = space.case.preferences[ref]
    terms = []
    for issue, weight in zip(space.issues, numbers.weights(preference, space.issues), strict=True):
        place = space.options[space.issues.index(issue)].index(package[issue])
        score = numbers.scores(preference, issue, space.case.issues[issue])[place]
        terms.append(Term(issue, float(weight), float(score), float(weight * score)))
    for joint in space.case.joint:
        if joint.for_ == ref and conditions.holds(conditions.parse(joint.when), package):
            terms.append(Term(joint.when, 1.0, joint.add.point, joint.add.point))
    crossed = tuple(key for key, red in red_lines(preference).items() if conditions.holds(red, package))
    utility = sum(term.points for term in terms)
    walk_away = preference.walk_away.point
    reached = bool(numbers.quantise(np.array(utility)) >= numbers.quantise(np.array(walk_away)))
    return FactionVerdict(ref, tuple(terms), utility, walk_away, crossed, reached and not crossed)


def _consent(space: Space, verdicts: tuple[FactionVerdict, ...]) -> Consent:
    utilities = np.array([[verdict.utility] for verdict in verdicts])
    crosses = np.array([[bool(verdict.crossed)] for verdict in verdicts])
    return ask(space, utilities, crosses)


def completions(space: Space, package: Mapping[str, str]) -> NDArray[np.int64]:
    """Numbers of the feasible packages that agree with an open package; shape (packages,).

    Raises LimitExceeded where they are more than 10,000,000, or packages have no numbers of 64 bits.
    """
    settled = read_package(space, package)
    many = count_completions(space, settled)
    if many > MAX_PACKAGES or space.size > LARGEST_NUMBER:
        raise LimitExceeded(
            f"the text leaves {many:,} ways to settle what is open, too many to go through one by one "
            f"(up to {MAX_PACKAGES:,} are); settle more of it"
        )
    numbers_so_far = np.zeros(1, np.int64)
    for block in space.blocks:
        rows = fitting_rows(space, block, settled)
        numbers_so_far = (numbers_so_far[:, None] * len(block.rows) + rows).ravel()
    return numbers_so_far


def count_completions(space: Space, package: Mapping[str, str]) -> int:
    """The exact number of feasible packages that agree with an open package."""
    settled = read_package(space, package)
    return math.prod(len(fitting_rows(space, block, settled)) for block in space.blocks)


def readable(space: Space, package: Mapping[str, str]) -> bool:
    """Whether the completions of a text are few enough to be gone through."""
    return count_completions(space, package) <= MAX_PACKAGES and space.size <= LARGEST_NUMBER


def completing(space: Space, package: Mapping[str, str]) -> Space:
    """The packages of the space that agree with an open package, however many; some block may be empty."""
    settled = read_package(space, package)
    kept = []
    for block in space.blocks:
        rows = fitting_rows(space, block, settled)
        kept.append(
            replace(
                block,
                rows=block.rows[rows],
                utilities=block.utilities[:, rows],
                crosses=block.crosses[:, rows],
            )
        )
    return replace(space, blocks=tuple(kept))


def together(space: Space, found: Sequence[Choices]) -> Choices:
    """Packages by option numbers, each once, in the order of their numbers: by block, then by option."""
    by_block = [issue for block in space.blocks for issue in block.issues]
    every = np.concatenate([np.empty((0, len(by_block)), np.int16), *found])
    once: Choices = np.unique(every[:, by_block], axis=0)[:, np.argsort(by_block)]
    return once


def fitting_rows(space: Space, block: Block, settled: Mapping[str, str]) -> NDArray[np.int64]:
    """Positions of the rows of a block that agree with what is settled."""
    fits = np.ones(len(block.rows), bool)
    for column, place in enumerate(block.issues):
        issue = space.issues[place]
        if issue in settled:
            fits &= block.rows[:, column] == space.options[place].index(settled[issue])
    return np.flatnonzero(fits)


def crossed_by(space: Space, ref: str, settled: Mapping[str, str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """A faction's red lines that a text crosses however it is completed, and those that it may cross."""
    always, sometimes = [], []
    for key, condition in red_lines(space.case.preferences[ref]).items():
        crosses = _outcomes(space, condition, settled)
        if crosses == {True}:
            always.append(key)
        elif True in crosses:
            sometimes.append(key)
    return tuple(always), tuple(sometimes)


def _outcomes(space: Space, condition: conditions.Condition, settled: Mapping[str, str]) -> set[bool]:
    """Whether the condition holds, over the completions of the issues that hang together with its own."""
    named = conditions.issues_of(condition)
    if set(named) <= set(settled):
        return {conditions.holds(condition, settled)}
    block = next(b for b in space.blocks if space.issues.index(named[0]) in b.issues)
    rows = block.rows[fitting_rows(space, block, settled)]
    options = dict(zip(space.issues, space.options, strict=True))
    return set(blocks.mask(condition, rows, [space.issues[i] for i in block.issues], options).tolist())
