"""Case -> Space: what is possible, as arrays, in point mode.

The space is the product of its blocks; a utility is a sum over blocks. Nothing beyond this room
knows what an issue is.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from winset.case import conditions, tiers
from winset.case.model import Case, Constraint, Preference
from winset.case.table import faction_refs
from winset.errors import CaseError, Fault, NotApplicable, UnknownName
from winset.space import blocks, numbers
from winset.space.blocks import Rows, Tie
from winset.space.numbers import Floats


@dataclass(frozen=True, eq=False, slots=True)
class Block:
    """Issues that depend on each other, with their feasible rows.

    `issues` are positions in the space's list; `rows` holds option numbers, shape (rows, issues);
    `utilities` are points, shape (factions, rows); `crosses` says where a faction's red line is
    crossed, shape (factions, rows).
    """

    issues: tuple[int, ...]
    rows: Rows
    utilities: Floats
    crosses: NDArray[np.bool_]


@dataclass(frozen=True, eq=False, slots=True)
class Space:
    """All packages of a case and what each is worth to every faction that has preferences.

    `case` is the case in play (without its extended issues unless asked for); `walk_away` has shape
    (factions,), in points.
    """

    case: Case
    issues: tuple[str, ...]
    options: tuple[tuple[str, ...], ...]
    factions: tuple[str, ...]
    walk_away: Floats
    blocks: tuple[Block, ...]

    @property
    def size(self) -> int:
        """The exact number of packages."""
        return math.prod(len(block.rows) for block in self.blocks)

    @property
    def combinations(self) -> int:
        """The number of packages before constraints."""
        return math.prod(len(options) for options in self.options)

    def choices(self, packages: NDArray[np.int64]) -> NDArray[np.int16]:
        """Option numbers of the packages with these numbers; shape (packages, issues)."""
        chosen = np.empty((len(packages), len(self.issues)), np.int16)
        for block, row in zip(self.blocks, self.rows_of(packages), strict=True):
            chosen[:, block.issues] = block.rows[row]
        return chosen

    def rows_of(self, packages: NDArray[np.int64]) -> tuple[NDArray[np.int64], ...]:
        """The row of each block that the packages take; the last block varies fastest."""
        found = []
        for block in reversed(self.blocks):
            packages, row = np.divmod(packages, len(block.rows))
            found.append(row)
        return tuple(reversed(found))

    def package(self, number: int) -> dict[str, str]:
        """The package with this number, option id by issue id."""
        return self.named(self.choices(np.array([number], np.int64))[0])

    def named(self, chosen: NDArray[np.int16]) -> dict[str, str]:
        """A package by option numbers, shape (issues,), as option id by issue id."""
        return {
            issue: options[o] for issue, options, o in zip(self.issues, self.options, chosen, strict=True)
        }

    def faction(self, ref: str) -> int:
        """The position of a faction; UnknownName when it has no preferences."""
        if ref not in self.factions:
            raise UnknownName("faction with preferences", ref, self.factions)
        return self.factions.index(ref)


def build_space(case: Case, *, extended: bool = False) -> Space:
    """The space of a case in point mode; `extended` takes its extended issues into play.

    Raises NotApplicable without issues or preferences, CaseError when constraints leave nothing,
    and LimitExceeded when issues that hang together have more than 2**20 combinations.
    """
    in_play = case if extended else tiers.core_of(case)
    for section in ("issues", "preferences"):
        if not getattr(in_play, section):
            raise NotApplicable(f"the case has no `{section}`, so there are no packages to judge; add them")
    factions = tuple(ref for ref in faction_refs(in_play) if ref in in_play.preferences)
    options = {name: tuple(issue.options) for name, issue in in_play.issues.items()}
    ties = list(_ties(in_play))
    built = tuple(
        _block(in_play, group, options, factions, ties) for group in blocks.components(tuple(options), ties)
    )
    for block in built:
        if not len(block.rows):
            raise _nothing_left(case, [tuple(options)[place] for place in block.issues])
    return Space(
        case=in_play,
        issues=tuple(options),
        options=tuple(options.values()),
        factions=factions,
        walk_away=np.array([in_play.preferences[ref].walk_away.point for ref in factions]),
        blocks=built,
    )


def _ties(case: Case) -> Iterator[Tie]:
    for constraint in case.constraints:
        issues = conditions.issues_of(conditions.parse(constraint.forbid))
        yield Tie(f"the constraint '{constraint.id}'", issues)
    for joint in case.joint:
        issues = conditions.issues_of(conditions.parse(joint.when))
        yield Tie(f"joint points of {joint.for_}", issues)
    for ref, preference in case.preferences.items():
        for key in preference.red_lines:
            yield Tie(f"a red line of {ref}", conditions.issues_of(conditions.red_line(key)))


def _block(
    case: Case,
    group: tuple[str, ...],
    options: dict[str, tuple[str, ...]],
    factions: tuple[str, ...],
    ties: Sequence[Tie],
) -> Block:
    forbidden = tuple(conditions.parse(constraint.forbid) for constraint in _within(case, group))
    rows = blocks.table(group, options, forbidden, ties)
    places = tuple(list(options).index(issue) for issue in group)
    utilities = np.zeros((len(factions), len(rows)))
    crosses = np.zeros((len(factions), len(rows)), bool)
    for f, ref in enumerate(factions):
        utilities[f] = _utility(case, ref, group, rows, options)
        crosses[f] = _crossed(case.preferences[ref], group, rows, options)
    return Block(places, rows, utilities, crosses)


def _within(case: Case, issues: Sequence[str]) -> list[Constraint]:
    """The constraints that name none but these issues."""
    return [c for c in case.constraints if _names_only(conditions.parse(c.forbid), issues)]


def _names_only(condition: conditions.Condition, issues: Sequence[str]) -> bool:
    return set(conditions.issues_of(condition)) <= set(issues)


def _utility(
    case: Case, ref: str, group: tuple[str, ...], rows: Rows, options: dict[str, tuple[str, ...]]
) -> Floats:
    preference = case.preferences[ref]
    weight = dict(zip(options, numbers.weights(preference, tuple(options)), strict=True))
    total = np.zeros(len(rows))
    for column, issue in enumerate(group):
        total += weight[issue] * numbers.scores(preference, issue, case.issues[issue])[rows[:, column]]
    for joint in case.joint:
        condition = conditions.parse(joint.when)
        if joint.for_ == ref and _names_only(condition, group):
            total += joint.add.point * blocks.mask(condition, rows, group, options)
    return total


def _crossed(
    preference: Preference, group: tuple[str, ...], rows: Rows, options: dict[str, tuple[str, ...]]
) -> NDArray[np.bool_]:
    crossed = np.zeros(len(rows), bool)
    for condition in red_lines(preference).values():
        if _names_only(condition, group):
            crossed |= blocks.mask(condition, rows, group, options)
    return crossed


def red_lines(preference: Preference) -> dict[str, conditions.Condition]:
    """The red lines that count in point mode, by their key."""
    return {key: conditions.red_line(key) for key, chance in preference.red_lines.items() if chance.counts}


def _nothing_left(case: Case, group: Sequence[str]) -> CaseError:
    """The fault that constraints leave no row of these issues; its place is the first constraint's."""
    guilty = [constraint.id for constraint in _within(case, group)]
    position = [constraint.id for constraint in case.constraints].index(guilty[0])
    file, line, column = case.place(("constraints", position))
    names = ", ".join(f"'{name}'" for name in guilty)
    way_out = "drop or narrow one of them"
    return CaseError([Fault(f"no package is left by {names}", way_out, "constraints", file, line, column)])


def merged(space: Space, most: int = 2**14) -> Space:
    """The same packages under the same numbers in fewer blocks, none merged past `most` rows."""
    found = [space.blocks[0]]
    for block in space.blocks[1:]:
        if len(found[-1].rows) * len(block.rows) <= most:
            found[-1] = _product(found[-1], block)
        else:
            found.append(block)
    return replace(space, blocks=tuple(found))


def _product(one: Block, other: Block) -> Block:
    """Every row of one block with every row of the other."""
    left = np.repeat(np.arange(len(one.rows)), len(other.rows))
    right = np.tile(np.arange(len(other.rows)), len(one.rows))
    return Block(
        (*one.issues, *other.issues),
        np.column_stack([one.rows[left], other.rows[right]]),
        one.utilities[:, left] + other.utilities[:, right],
        one.crosses[:, left] | other.crosses[:, right],
    )
