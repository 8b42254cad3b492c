"""Numbers and names as people say them: shared by all sections."""

from __future__ import annotations

import math
from collections.abc import Iterable

from winset.case import conditions, rules, table
from winset.case.model import Case


def joined(names: Iterable[str], last: str = "and") -> str:
    """`a, b and c`; `a and b; c` where a name has an `and` or a comma of its own."""
    listed = list(names)
    if len(listed) < 2:
        return "".join(listed)
    if any(f" {last} " in name or ", " in name for name in listed):
        return f"{'; '.join(listed[:-1])}; {last} {listed[-1]}"
    return f"{', '.join(listed[:-1])} {last} {listed[-1]}"


def counted(number: int, one: str, many: str = "") -> str:
    """`1 package`, `3 packages`, `no package`."""
    if number == 0:
        return f"no {one}"
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def whole(points: float) -> str:
    """Points rounded, halves up: figures after the point would be false precision."""
    return str(math.floor(points + 0.5)).replace("-", "−")


def span(low: float, high: float) -> str:
    """A range of points, rounded."""
    return whole(low) if whole(low) == whole(high) else f"{whole(low)} to {whole(high)}"


def span_around(low: float, middle: float, high: float) -> str:
    """A number of points, rounded, with its range where it has one: `50 (40–60)`, `−4 (−8 to 1)`."""
    if whole(low) == whole(high):
        return whole(middle)
    return f"{whole(middle)} ({whole(low)}{' to ' if low < 0 else '–'}{whole(high)})"


def span_of_points(low: float, high: float) -> str:
    """A range of points with the word after it; what is above 0 is never called 0."""
    if high > 0 and whole(high) == "0":
        return "less than a point"
    text = span(low, high)
    return f"{text} point" if text == "1" else f"{text} points"


def against(low: float, high: float, floor: float) -> str:
    """A range of points beside the walk-away it is held against: a miss is seen where rounding hides it."""
    if high < floor and whole(high) == whole(floor):
        return (
            f"just under {whole(floor)}"
            if whole(low) == whole(high)
            else f"{whole(low)} to just under {whole(floor)}"
        )
    return span(low, high)


def likely_or_not(zone: bool | None) -> str:
    """What must be said wherever it is said that acceptable packages exist, that none does, or neither."""
    if zone is None:
        return (
            "Whether any package is acceptable could not be settled; nothing here says that a deal is likely."
        )
    if zone:
        return (
            "That acceptable packages exist does not make a deal likely: they must be found, agreed and kept."
        )
    return "That no package is acceptable rests on judged numbers; it does not make a deal impossible."


def too_open(text: str) -> str:
    """That a text has more completions than can be gone through."""
    return f"The text '{text}' leaves too much open to be gone through."


def in_draws(share: float, low: float, high: float, draws: int) -> str:
    """A share of draws as people say it: `in 7 of 10 draws (66% to 74%)`."""
    return f"{_often(share, low, high, draws)} ({percents(low, high)})"


def _often(share: float, low: float, high: float, draws: int) -> str:
    """In tenths where these lie within the interval, else in hundredths."""
    if share in (0, 1):
        return f"in {'all' if share else 'none of'} {counted(draws, 'draw')}"
    if share > 0.99 or share < 0.01:
        return "in more than 99 of 100 draws" if share > 0.5 else "in fewer than 1 of 100 draws"
    tenths = math.floor(10 * share + 0.5)
    if 0.1 <= share <= 0.9 and low <= tenths / 10 <= high:
        return f"in {tenths} of 10 draws"
    return f"in {math.floor(100 * share + 0.5)} of 100 draws"


def more_draws(change: float, low: float, high: float) -> str:
    """A change of a share of draws with its interval: `+12 in 100 draws (+9 to +15)`."""
    middle, least, most = (math.floor(100 * value + 0.5) for value in (change, low, high))
    if change == 0:
        return "no change"
    if middle == 0:
        return f"{'up' if change > 0 else 'down'} by less than 1 in 100 draws"
    return f"{middle:+d} in 100 draws ({least:+d} to {most:+d})".replace("+0", "0").replace("-", "−")


def cases(chance: float) -> str:
    """A chance as people say it: `in about 7 of 10 cases`; what rounds to all or nothing is called so."""
    if chance > 0.995 or chance < 0.005:
        return "nearly always" if chance > 0.5 else "hardly ever"
    if 0.1 <= chance <= 0.9:
        return f"in about {math.floor(10 * chance + 0.5)} of 10 cases"
    return f"in about {math.floor(100 * chance + 0.5)} of 100 cases"


def percents(low: float, high: float) -> str:
    """A range of shares in whole percent."""
    ends = [percent(low), percent(high)]
    return ends[0] if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"


def percent(share: float) -> str:
    """A share in whole percent, never rounded to all or nothing."""
    if 0 < share < 0.01:
        return "under 1%"
    if 0.99 < share < 1:
        return "over 99%"
    return f"{math.floor(100 * share + 0.5)}%"


NOT_A_CHANCE = (
    "The share of draws with a zone is not the probability of a deal: it says how far the answer rests on "
    "the judged numbers, within the ranges given for them."
)
ORDERS_ONLY = (
    "Some preferences are known as orders only. Whether there is a package to agree on depends on numbers "
    "that the case does not give: the orders allow both answers."
)
AT_THE_MODE = "Every number is taken at its single most plausible value; ranges are not carried through here."


def uncounted(case: Case, parties: Iterable[str]) -> tuple[str, ...]:
    """The sentence that some negotiators' gains do not count, where that is so."""
    counting = tuple(parties)
    others = [side for side in table.required(case) if side in case.parties and side not in counting]
    if not others:
        return ()
    counted_names = joined(table.name_of(case, party) for party in counting) or "nobody"
    left = joined(case.parties[side].name for side in others)
    return (
        f"Only gains of {counted_names} count in the standards and on the frontier, not those of {left}.",
    )


def acceptable(case: Case) -> str:
    """What a package of the zone is, in words that fit the case's table rule."""
    return (
        "acceptable to all who must consent" if case.table_rule is None else "acceptable by the table's rule"
    )


def faction_name(case: Case, ref: str) -> str:
    """A faction's name, with its party's when it has one of several."""
    side, _, faction = ref.partition(".")
    if not faction:
        return table.name_of(case, ref)
    return f"{table.name_of(case, ref)} ({case.parties[side].name})"


def red_line(case: Case, key: str) -> str:
    """A red line in words: the option's issue and label, or the condition."""
    match conditions.red_line(key):
        case conditions.Is(issue, (option,)):
            return f"{issue} = {option} ({case.issues[issue].options[option].label})"
        case _:
            return f"`{key}`"


def condition(given: conditions.Condition) -> str:
    """A condition with the ids it names: `hours = half and (fee = free or low)`."""
    match given:
        case conditions.Is(issue, options):
            return f"{issue} = {joined(options, 'or')}"
        case conditions.Not(conditions.Is(issue, options)):
            return f"{issue} other than {joined(options, 'or')}"
        case conditions.Not(inner):
            return f"not ({condition(inner)})"
        case conditions.All(parts):
            return " and ".join(_bracketed(part) for part in parts)
        case conditions.Any(parts):
            return " or ".join(_bracketed(part) for part in parts)


def _bracketed(part: conditions.Condition) -> str:
    text = condition(part)
    return f"({text})" if isinstance(part, conditions.All | conditions.Any) else text


def rule_words(case: Case, side: str | None, rule: rules.Rule) -> str:
    """A rule in words; `side` is the party whose home it is, None for the table rule."""
    words = _Words(case, side)
    return words.of(rule)


class _Words:
    def __init__(self, case: Case, side: str | None) -> None:
        self.case, self.side = case, side

    def of(self, rule: rules.Rule) -> str:
        match rule:
            case rules.OfFaction():
                return self._name(rule.faction)
            case rules.OfParty():
                return self._name(rule.party)
            case rules.AllOf():
                return joined(self._inner(part) for part in rule.all_of)
            case rules.AnyOf():
                return joined((self._inner(part) for part in rule.any_of), "or")
            case rules.AtLeast():
                return f"at least {rule.at_least} of {joined(self._inner(part) for part in rule.of)}"
            case rules.Quota():
                return self._quota(rule.quota)
            case rules.NotBlockedBy():
                return f"unless blocked by {self.of(rule.not_blocked_by)}"
            case rules.Referendum():
                return f"a referendum with more than {rule.referendum.threshold} of the votes"

    def _inner(self, rule: rules.Rule) -> str:
        text = self.of(rule)
        return text if isinstance(rule, rules.OfFaction | rules.OfParty) else f"({text})"

    def _quota(self, terms: rules.QuotaTerms) -> str:
        if terms.at_least is not None:
            bar = f"at least {terms.at_least.point:g} votes"
        elif terms.more_than is not None:
            bar = f"more than {terms.more_than} of the weight"
        else:
            bar = f"at least {terms.share} of the weight"
        among = (
            "" if terms.weights is None else f" among {joined(self._name(name) for name in terms.weights)}"
        )
        return bar + (" present" if terms.of_present else "") + among

    def _name(self, name: str) -> str:
        if self.side is None:
            return table.name_of(self.case, name)
        factions = self.case.parties[self.side].factions
        return factions[name].name if name in factions else self.case.parties[self.side].name
