"""Draws: a case's estimates and red lines sampled together (model.md 5).

The inputs in doubt are coordinates of a unit cube, so that plain draws and a Sobol sequence serve alike.
Ranks are drawn as SMAA-2 does (Lahdelma & Salminen 2001). Not drawn here: what belongs to the rules of
consent (weights at home, sizes, turnouts, presence), `noise`, and where factions walk out or topple.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from winset.case import conditions, table
from winset.case.estimate import Chance, Estimate
from winset.case.model import Ranking
from winset.errors import NotApplicable, OutOfRange
from winset.space import blocks, numbers
from winset.space.build import Block, Space
from winset.space.numbers import Floats
from winset.space.shapes import LEAST, Latents, Part, falling_scores, levels_of, ordered_simplex, stream

Bools = NDArray[np.bool_]
Kind = Literal["shock", "walk_away", "red_lines", "weights", "scores", "joint", "power"]

MAX_RHO = 0.99  # at 1 nothing would be a faction's own
MAX_SEED = 2**53 - 1  # a whole number that JSON keeps


@dataclass(frozen=True, slots=True)
class Group:
    """Inputs that are found out together: a side's `shock` or `power`, or a faction's own of one kind."""

    kind: Kind
    ref: str


@dataclass(frozen=True, slots=True)
class Coordinate:
    """One input in doubt; its name is the same in every case that has it, so patched cases share draws."""

    group: Group
    what: str = ""

    def __str__(self) -> str:
        return f"{self.group.kind} {self.group.ref} {self.what}".rstrip()


class _Ranks(NamedTuple):
    """Ranked names of a faction: the level of each by place, and the columns that the levels draw from."""

    faction: int
    levels: NDArray[np.int64]
    columns: list[int]


@dataclass(frozen=True, eq=False, slots=True)
class Sample:
    """A case's numbers in n draws.

    `walk_away` has shape (n, factions), in points; `weights` (n, factions, issues), summing to 1;
    `scores` for each issue (n, factions, options), in points; `lines` for each faction (n, red lines), in
    the order of its preference: whether the line holds; `joint` (n, joint terms), in points; `power` by
    side (n,), a mediator's being 1.
    """

    walk_away: Floats
    weights: Floats
    scores: tuple[Floats, ...]
    lines: tuple[Bools, ...]
    joint: Floats
    power: Mapping[str, Floats]

    def __len__(self) -> int:
        return len(self.walk_away)

    def utilities(self, space: Space) -> list[Floats]:
        """Points for each block of the space, shape (n, factions, rows).

        Terms are added in the order of `build_space`, so that without doubt the bits are the same.
        """
        worth = [self.weights[:, :, i, None] * scores for i, scores in enumerate(self.scores)]
        return [self._utilities(space, block, worth) for block in space.blocks]

    def _utilities(self, space: Space, block: Block, worth: list[Floats]) -> Floats:
        total = np.zeros((len(self), len(space.factions), len(block.rows)))
        for column, issue in enumerate(block.issues):
            total += np.take(worth[issue], block.rows[:, column], axis=2)
        for j, joint in enumerate(space.case.joint):
            held = _mask(space, block, conditions.parse(joint.when))
            if held is not None:
                total[:, space.faction(joint.for_)] += self.joint[:, j, None] * held
        return total

    def crosses(self, space: Space) -> list[Bools]:
        """Whether a red line is crossed, for each block of the space; shape (n, factions, rows)."""
        return [self._crosses(space, block) for block in space.blocks]

    def _crosses(self, space: Space, block: Block) -> Bools:
        crossed = np.zeros((len(self), len(space.factions), len(block.rows)), bool)
        for f, ref in enumerate(space.factions):
            for k, key in enumerate(space.case.preferences[ref].red_lines):
                reached = _mask(space, block, conditions.red_line(key))
                if reached is not None:
                    crossed[:, f] |= self.lines[f][:, k, None] & reached
        return crossed


def _mask(space: Space, block: Block, condition: conditions.Condition) -> Bools | None:
    """The rows of the block in which the condition holds; None where it is about another block."""
    names = [space.issues[place] for place in block.issues]
    if not set(conditions.issues_of(condition)) <= set(names):
        return None
    options = dict(zip(space.issues, space.options, strict=True))
    return blocks.mask(condition, block.rows, names, options)


class Inputs:
    """The inputs in doubt of a case in play, as coordinates of a unit cube.

    Walk-aways and red lines carry their side's shock with correlation `rho`, 0 to 0.99. Only what varies
    has a coordinate. `coordinates` names them, `dims` counts them; `groups` has the places of those that
    belong together, each place once.
    """

    def __init__(self, space: Space, rho: float = 0.5) -> None:
        if not 0 <= rho <= MAX_RHO:
            raise OutOfRange("rho", rho, 0, MAX_RHO)
        self.space, self.rho = space, rho
        self._places: dict[Coordinate, int] = {}
        self._preferences = {ref: space.case.preferences[ref] for ref in space.factions}
        self._add_walk_aways()
        self._add_red_lines()
        self._add_weights()
        self._scores = [self._add_scores(issue) for issue in space.issues]
        self._add_joint()
        self._add_power()
        self.coordinates = tuple(self._places)
        self.dims = len(self.coordinates)
        self.groups = _grouped(self.coordinates)

    def uniforms(self, seed: int, first: int, count: int) -> Floats:
        """Draws `first` to `first + count - 1` as points of the cube; shape (count, dims), in [0, 1).

        Each number depends on the seed, the draw and the coordinate's name alone. Seeds go from 0 to
        2**53 - 1.
        """
        if not 0 <= seed <= MAX_SEED:
            raise OutOfRange("seed", seed, 0, MAX_SEED)
        drawn = np.empty((count, self.dims))
        for place, coordinate in enumerate(self.coordinates):
            drawn[:, place] = stream(seed, str(coordinate), first, count)
        return drawn

    def sample(self, uniforms: Floats) -> Sample:
        """The numbers at these points of the cube, shape (n, dims), by inverse distribution functions.

        Raises NotApplicable where all weights of a faction come out as 0.
        """
        if uniforms.ndim != 2 or uniforms.shape[1] != self.dims:
            raise ValueError(f"the points have shape {uniforms.shape}, not (draws, {self.dims})")
        inside: Floats = np.clip(uniforms, LEAST, 1 - LEAST)
        toughness = self._latents.at(inside)
        return Sample(
            walk_away=self._walk_aways.at(ndtr(toughness)),
            weights=self._normalised(inside),
            scores=tuple(self._scores_at(i, inside) for i in range(len(self._scores))),
            lines=self._lines_at(toughness, inside),
            joint=self._joint.at(inside),
            power=dict(zip(table.sides(self.space.case), self._power.at(inside).T, strict=True)),
        )

    # what is in doubt

    def _place(self, kind: Kind, ref: str, what: str = "") -> int:
        """The place of a coordinate, new or met before."""
        return self._places.setdefault(Coordinate(Group(kind, ref), what), len(self._places))

    def _vary(
        self, part: Part, at: tuple[int, ...], estimate: Estimate, kind: Kind, ref: str, what: str = ""
    ) -> None:
        """Draw a number of a part from a coordinate of its own, unless it is known."""
        if not estimate.is_point:
            part.draw(at, estimate, self._place(kind, ref, what))

    def _latent(self, kind: Kind, ref: str, what: str = "") -> int:
        """The place, new or met before, of a latent that carries its side's shock."""
        name = Coordinate(Group(kind, ref), what)
        if name not in self._latent_places:
            side = table.faction_refs(self.space.case)[ref]
            shock = self._place("shock", side) if self.rho else None
            self._latent_places[name] = self._latents.add(shock, self._place(kind, ref, what))
        return self._latent_places[name]

    def _add_walk_aways(self) -> None:
        self._latents = Latents(self.rho)
        self._latent_places: dict[Coordinate, int] = {}
        self._walk_aways = Part([p.walk_away.point for p in self._preferences.values()])
        for f, (ref, preference) in enumerate(self._preferences.items()):
            if not preference.walk_away.is_point:
                self._walk_aways.draw((f,), preference.walk_away, self._latent("walk_away", ref))

    def _add_red_lines(self) -> None:
        """The chances of all lines in one row, and the latent each is held against; -1: it is certain."""
        lines = [(ref, key, c) for ref, p in self._preferences.items() for key, c in p.red_lines.items()]
        self._chances = Part([chance.point for _, _, chance in lines])
        self._held_against = [
            -1 if _certain(chance) else self._latent("red_lines", ref, topic(key))
            for ref, key, chance in lines
        ]
        for i, (ref, key, chance) in enumerate(lines):
            self._vary(self._chances, (i,), chance, "red_lines", ref, f"chance of {key}")

    def _add_weights(self) -> None:
        issues = self.space.issues
        self._weights = Part([numbers.weights_as_given(p, issues) for p in self._preferences.values()])
        self._ranked_weights: list[_Ranks] = []
        for f, (ref, preference) in enumerate(self._preferences.items()):
            weights = preference.weights
            if not isinstance(weights, Ranking):
                for i, issue in enumerate(issues):
                    self._vary(self._weights, (f, i), weights[issue], "weights", ref, issue)
            elif len(weights.levels) > 1:
                names = [f"rank {k}" for k in range(1, len(weights.levels) + 1)]
                columns = [self._place("weights", ref, name) for name in names]
                self._ranked_weights.append(_Ranks(f, levels_of(weights, issues), columns))

    def _add_scores(self, name: str) -> tuple[Part, list[_Ranks]]:
        issue = self.space.case.issues[name]
        part = Part([list(numbers.scores(p, name, issue)) for p in self._preferences.values()])
        ranked = []
        for f, (ref, preference) in enumerate(self._preferences.items()):
            scores = preference.scores.get(name, {})
            if not isinstance(scores, Ranking):
                for o, option in enumerate(issue.options if scores else ()):
                    self._vary(part, (f, o), scores[option], "scores", ref, f"{name}.{option}")
            elif len(scores.levels) > 2:
                between = [f"{name} rank {k}" for k in range(2, len(scores.levels))]
                columns = [self._place("scores", ref, what) for what in between]
                ranked.append(_Ranks(f, levels_of(scores, tuple(issue.options)), columns))
        return part, ranked

    def _add_joint(self) -> None:
        terms = self.space.case.joint
        self._joint = Part([joint.add.point for joint in terms])
        met: Counter[tuple[str, str]] = Counter()
        for j, joint in enumerate(terms):
            met[joint.for_, joint.when] += 1
            again = met[joint.for_, joint.when]
            what = joint.when if again == 1 else f"{joint.when} ({again})"
            self._vary(self._joint, (j,), joint.add, "joint", joint.for_, what)

    def _add_power(self) -> None:
        parties = self.space.case.parties
        self._power = Part(
            [*(p.power.point for p in parties.values()), *(1.0 for _ in self.space.case.mediators)]
        )
        for p, (side, party) in enumerate(parties.items()):
            self._vary(self._power, (p,), party.power, "power", side)

    # what comes of it

    def _normalised(self, uniforms: Floats) -> Floats:
        """Weights in proportion over the issues in play."""
        weights = self._weights.at(uniforms)
        for ranks in self._ranked_weights:
            by_level = ordered_simplex(np.bincount(ranks.levels), uniforms[:, ranks.columns])
            weights[:, ranks.faction] = by_level[:, ranks.levels]
        total = weights.sum(axis=2, keepdims=True)
        for f in np.flatnonzero((total[:, :, 0] == 0).any(axis=0)):
            raise NotApplicable(
                f"all weights of {self.space.factions[f]} can come out as 0; "
                "give some issue in play a weight whose low is above 0"
            )
        normalised: Floats = weights / total
        return normalised

    def _scores_at(self, issue: int, uniforms: Floats) -> Floats:
        part, ranked = self._scores[issue]
        scores = part.at(uniforms)
        for ranks in ranked:
            scores[:, ranks.faction] = falling_scores(uniforms[:, ranks.columns])[:, ranks.levels]
        return scores

    def _lines_at(self, toughness: Floats, uniforms: Floats) -> tuple[Bools, ...]:
        """Which red lines hold: those of a chance q whose latent is above the normal quantile of 1 - q."""
        certain = np.zeros((len(uniforms), 1))  # -inf < 0 < inf: whatever the latent
        latents = np.hstack([toughness, certain])[:, self._held_against]
        held = latents > -ndtri(self._chances.at(uniforms))
        ends = np.cumsum([len(p.red_lines) for p in self._preferences.values()])
        return tuple(np.split(held, ends[:-1], axis=1))


def _grouped(coordinates: Sequence[Coordinate]) -> dict[Group, tuple[int, ...]]:
    found: dict[Group, list[int]] = {}
    for place, coordinate in enumerate(coordinates):
        found.setdefault(coordinate.group, []).append(place)
    return {group: tuple(places) for group, places in found.items()}


def _certain(chance: Chance) -> bool:
    return chance.is_point and chance.point in (0, 1)


def topic(key: str) -> str:
    """What a red line is about: the issue of a single option, else its condition."""
    condition = conditions.red_line(key)
    alone = isinstance(condition, conditions.Is) and len(condition.options) == 1
    return conditions.issues_of(condition)[0] if alone else key
