"""The answers of the exchange analysis, as they are given back. Points are each side's own; steps count from
1."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from winset.analyses.result import Result
from winset.analyses.shares import Share

Points = dict[str, float]  # by side


@dataclass(frozen=True, slots=True)
class Slack:
    """What carrying out a step is worth more to each actor than its best deviation: in `plan` when all later
    steps are kept, in `spe` when everybody does what is then best. 0 is a knife-edge."""

    plan: Points
    spe: Points


@dataclass(frozen=True, slots=True)
class StepAnswer:
    """A step. `over_default` is the slack of the plan against not delivering at all; `late` is there for
    actors whose best deviation in the plan is to be so many days late.

    `hold_up` is what each side would lose if it all ended just before the step. In `spe`, if the step is
    reached, `keep_back` lists who do not deliver, `days_late` is how late it comes.
    """

    day: int
    by: tuple[str, ...]
    kind: str
    does: dict[str, int]
    slack: Slack
    over_default: Points
    late: dict[str, int]
    hold_up: Points
    keep_back: tuple[str, ...]
    days_late: int


@dataclass(frozen=True, slots=True)
class Weakest:
    """The step and actor with the smallest slack as a share of what it all is worth to that side, less
    stopping at once; `share` is None where that is nothing."""

    step: int
    day: int
    party: str
    slack: float
    share: float | None


@dataclass(frozen=True, slots=True)
class Condition:
    """That an actor's step is worth more to it than being `late` by so many days, 0: than not delivering."""

    step: int
    late: int


@dataclass(frozen=True, slots=True)
class Clash:
    """Why no guarantee is enough: one condition that no guarantee mends, `never`, or one that asks for at
    least `least` and another that asks for at most `most`, as false alarms cost the guarantee too."""

    at_least: Condition | None = field(default=None, metadata={"extra": True})
    least: float | None = field(default=None, metadata={"extra": True})
    at_most: Condition | None = field(default=None, metadata={"extra": True})
    most: float | None = field(default=None, metadata={"extra": True})
    never: Condition | None = field(default=None, metadata={"extra": True})


@dataclass(frozen=True, slots=True)
class GuaranteeAnswer:
    """What a side loses by a default that is seen as one, `now` and `required` for its slacks to be at least
    0: from, to (None: however much), or None and the `clash`. `against_default`: the same if no side would
    ever be late, only not deliver. Points times the chance that the guarantor acts."""

    now: float
    required: tuple[float, float | None] | None
    against_default: tuple[float, float | None] | None
    clash: Clash | None = field(default=None, metadata={"extra": True})


@dataclass(frozen=True, slots=True)
class Carrying:
    """The sum behind a side's slack at its last step when the alternative is not to deliver; points.

    `delivery` is what its own delivery is worth to it. What carries it: `escrow`, what it gets only if it
    delivers too; `closing`, the closing value as it counts there; `to_come`, what else follows; `guarantee`,
    what default costs it on average; `claw_back`, what would be taken back from it; `fallback`, what stopping
    costs it apart from that; `false_alarms`, what these take away. `slack` is smaller than the sum where
    being late is the better alternative.
    """

    step: int
    slack: float
    delivery: float
    escrow: float
    closing: float
    to_come: float
    guarantee: float
    claw_back: float
    fallback: float
    false_alarms: float


@dataclass(frozen=True, slots=True)
class Slip:
    """A `step` slipped with all that depends on it: the first number of `days` at which a slack that was not
    negative turns so, and whose at which step; None where none does within a year. `overdue`: the first at
    which something comes after its last day."""

    step: int
    days: int | None
    weak_step: int | None
    party: str | None
    slack: float | None
    overdue: int | None


@dataclass(frozen=True, slots=True)
class BreakEven:
    """The nearest value, `at`, of a number at which the smallest slack is 0, all others as they are; None
    where there is none. `within`: it lies within the number's own range."""

    kind: str
    party: str | None
    about: str | None
    value: float
    at: float | None
    within: bool


@dataclass(frozen=True, slots=True)
class Stop:
    """The chances that it ends at a step: by an `incident` on the way to it, because somebody has
    `kept_back` its part, or by a `false_alarm` after it."""

    step: int
    day: int
    incident: float
    kept_back: float
    false_alarm: float


@dataclass(frozen=True, slots=True)
class StepDraws:
    """A step over draws: how often all its slacks are above 0, and how often it is the weakest."""

    holds: Share
    weakest: Share


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A number over draws: its mean and the 10% and 90% quantiles."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class ScheduleDraws:
    """A schedule over draws: how often it `enforces_itself`, all slacks being above 0; how often at least
    `nobody_keeps_back`, whatever delay brings; how often it is `carried_out` to the end when everybody does
    what is best; and the range of completion."""

    enforces_itself: Share
    nobody_keeps_back: Share
    carried_out: Share
    completion: Reckoned
    steps: tuple[StepDraws, ...]


@dataclass(frozen=True, slots=True)
class ScheduleAnswer:
    """A schedule, step by step, in point mode.

    `enforces_itself`: all slacks of the plan are above 0. `knife_edges` are steps and actors whose slack is
    exactly 0. `unravels_to`: the last step that is still carried out when everybody does what is best, 0 for
    none. `payoffs` and `spe_payoffs` are what it brings from the start, `stop_now` what stopping does.
    `leverage`: what stopping is worth to each side after 0, 1, ... steps. `completion` is the chance that
    it is completed when sides err a little, `stops` where it ends when not; `inability` the chance that
    something hard is late though its giver tries. `undelivered` are the lots that it leaves out, `supposes`
    options of issues that it takes for settled, whatever the text says.
    """

    title: str
    steps: tuple[StepAnswer, ...]
    enforces_itself: bool
    knife_edges: tuple[tuple[int, str], ...]
    weakest: Weakest
    unravels_to: int
    required_guarantee: dict[str, tuple[float, float | None] | None]
    guarantees: dict[str, GuaranteeAnswer]
    payoffs: Points
    spe_payoffs: Points
    stop_now: Points
    leverage: dict[str, tuple[float, ...]]
    last_steps: dict[str, Carrying]
    slips: tuple[Slip, ...]
    break_even: tuple[BreakEven, ...]
    completion: float
    stops: tuple[Stop, ...]
    inability: float
    undelivered: dict[str, int]
    supposes: dict[str, str] = field(default_factory=dict)
    draws: ScheduleDraws | None = field(default=None, metadata={"extra": True})


@dataclass(frozen=True, slots=True)
class Before:
    """That `first` must be delivered before `then`, as some sides read the text."""

    first: str
    then: str
    read_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Breach:
    """A step that delivers an obligation although so many `lots` of another were not delivered before, as
    some sides read the text."""

    step: int
    obligation: str
    needs: str
    lots: int
    read_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Readings:
    """Orders as each side reads them: a circle in them all together, if there is one, and by schedule what
    it breaks."""

    contradiction: tuple[Before, ...] | None
    broken: dict[str, tuple[Breach, ...]]


@dataclass(frozen=True, kw_only=True)
class ExchangeResult(Result):
    """Will each side carry out its part, step by step? By schedule, with the readings of the text.

    `settled` are the options that numbers of the exchange depend on.
    """

    parties: tuple[str, ...]
    settled: Mapping[str, str]
    schedules: Mapping[str, ScheduleAnswer]
    readings: Readings
