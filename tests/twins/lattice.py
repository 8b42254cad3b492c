"""The best order of an exchange by going through all of them, from model.md 7: slow, obvious, in fractions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import product
from random import Random

State = tuple[int, ...]
Step = tuple[int, State]  # who acts, and the lots it delivers by obligation
Plan = tuple[Step, ...]


@dataclass
class Exchange:
    """Whole numbers and fractions: what everything is worth, and what the order must mind."""

    lots: State
    giver: State
    worth: list[list[list[Fraction]]]  # [obligation][party][lots delivered]
    reversible: list[Fraction]
    base: list[Fraction]
    moves: list[list[Fraction]]  # [party][obligation]
    closing: list[Fraction]
    guarantee: list[Fraction]
    detection: list[Fraction]
    needs: list[tuple[int, int, int]] = field(default_factory=list)  # obligation, of which, how many lots
    start: State = ()

    def __post_init__(self) -> None:
        self.start = self.start or (0,) * len(self.lots)

    def had(self, party: int, x: State) -> Fraction:
        """What a party has of all that was delivered."""
        return sum((self.worth[o][party][x[o]] for o in range(len(x))), Fraction(0))

    def stop(self, party: int, x: State) -> Fraction:
        """What it has, beyond what it had, if all stop here: its fallback, less what is taken back."""
        fallback = self.base[party] + sum(
            self.moves[party][o] * Fraction(x[o], self.lots[o]) for o in range(len(x))
        )
        return fallback - sum(self.reversible[o] * self.worth[o][party][x[o]] for o in range(len(x)))

    def value(self, party: int, x: State, plan: Plan) -> Fraction:
        """What carrying out a plan from here is worth, step by step."""
        if not plan:
            return self.closing[party]
        after = moved(x, plan[0][1])
        return self.had(party, after) - self.had(party, x) + self.value(party, after, plan[1:])

    def slack(self, x: State, plan: Plan) -> Fraction:
        """The slack of who acts first in the plan, as a share of what the whole exchange gains it."""
        actor, bundle = plan[0]
        seen = max(self.detection[o] for o in range(len(x)) if bundle[o])
        default = self.stop(actor, x) - seen * self.guarantee[actor]
        return (self.value(actor, x, plan) - default) / self.gain(actor)

    def gain(self, party: int) -> Fraction:
        """What the whole exchange gains a party."""
        everything = (0, tuple(full - x for full, x in zip(self.lots, self.start, strict=True)))
        return self.value(party, self.start, (everything,)) - self.stop(party, self.start)

    def smallest(self, plan: Plan) -> int:
        """The smallest slack share of a plan, in whole 1e-9ths."""
        x, shares = self.start, []
        for k in range(len(plan)):
            shares.append(self.slack(x, plan[k:]))
            x = moved(x, plan[k][1])
        assert x == self.lots
        return round(min(shares) * 10**9)

    def allowed(self, x: State, bundle: State) -> bool:
        """Whether all that a bundle waits for was delivered before it."""
        return all(x[of] >= lots for o, of, lots in self.needs if bundle[o])

    def orders(self, x: State) -> Iterator[Plan]:
        """All plans of single lots from here."""
        yield from self.plans(x, single=True)

    def plans(self, x: State, *, single: bool = False) -> Iterator[Plan]:
        """All plans from here."""
        if x == self.lots:
            yield ()
        for step in self.steps(x):
            if single and sum(step[1]) > 1:
                continue
            for rest in self.plans(moved(x, step[1]), single=single):
                yield (step, *rest)

    def steps(self, x: State) -> Iterator[Step]:
        """Everything that one party may deliver at once here."""
        for actor in sorted(set(self.giver)):
            most = [(self.lots[o] - x[o]) * (self.giver[o] == actor) for o in range(len(x))]
            for bundle in product(*(range(m + 1) for m in most)):
                if any(bundle) and self.allowed(x, bundle):
                    yield actor, bundle


def moved(x: State, bundle: State) -> State:
    """What was delivered once a bundle is."""
    return tuple(a + b for a, b in zip(x, bundle, strict=True))


def widest(game: Exchange, *, single: bool) -> int | None:
    """The largest smallest slack share over all plans, in whole 1e-9ths; None where there is no plan."""
    return max((game.smallest(plan) for plan in game.plans(game.start, single=single)), default=None)


def fewest(game: Exchange, margin: float) -> tuple[int, int] | None:
    """The smallest number of steps with which a margin is kept, and the largest smallest share of so many."""
    judged = [(len(plan), game.smallest(plan)) for plan in game.plans(game.start)]
    kept = [(steps, share) for steps, share in judged if share >= round(margin * 10**9)]
    return min(kept, key=lambda found: (found[0], -found[1])) if kept else None


def exchange(
    seed: int, lots: State = (2, 2, 2), *, parties: int = 2, needs: bool = False, started: bool = False
) -> Exchange:
    """A random exchange that gains every giver something; on purpose full of ties."""
    random = Random(seed)
    obligations = range(len(lots))
    giver = tuple([*range(parties), *(random.randrange(parties) for _ in lots)][: len(lots)])
    while True:
        game = Exchange(
            lots=lots,
            giver=giver,
            worth=[
                [_worth(random, lots[o], cost=giver[o] == party) for party in range(parties)]
                for o in obligations
            ],
            reversible=[Fraction(random.choice((0, 0, 1, 2)), 4) for _ in lots],
            base=[Fraction(random.randint(-2, 2)) for _ in range(parties)],
            moves=[[Fraction(random.randint(-3, 1)) for _ in lots] for _ in range(parties)],
            closing=[Fraction(random.randint(0, 4)) for _ in range(parties)],
            guarantee=[Fraction(random.choice((0, 2, 5))) for _ in range(parties)],
            detection=[Fraction(random.choice((2, 3, 4)), 4) for _ in lots],
        )
        if needs:
            game = replace(game, needs=_needs(random, lots))
        if started:
            game = replace(game, start=tuple(random.randint(0, 1) for _ in lots))
        if all(game.gain(party) > 0 for party in range(parties)):
            return game


def _worth(random: Random, lots: int, *, cost: bool) -> list[Fraction]:
    """Worth lot by lot: mostly a cost to the giver and a gain to others, even or uneven."""
    sign = -1 if cost else 1
    steps = [Fraction(sign * random.randint(0, 6)) for _ in range(lots)]
    if random.random() < 0.5:
        steps = [steps[0]] * lots
    return [sum(steps[:count], Fraction(0)) for count in range(lots + 1)]


def _needs(random: Random, lots: State) -> list[tuple[int, int, int]]:
    """One or two prerequisites, at times of the same giver, at times in a circle."""
    pairs = [random.sample(range(len(lots)), 2) for _ in range(random.randint(1, 2))]
    return [(o, of, random.randint(1, lots[of])) for o, of in pairs]
