"""What the parties could sign, counted out package by package: slow, obvious, written from model.md alone.

It works on the plain data of a case file, in exact fractions. Two values tie when they are equal after
rounding to 1e-9.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from types import CodeType
from typing import Any

Data = dict[str, Any]
Package = dict[str, str]
Key = tuple[str, ...]


def quantise(value: Fraction | float) -> int:
    """A value in whole 1e-9ths."""
    return round(value * 10**9)


@lru_cache(maxsize=1024)
def exact(number: Any) -> Fraction:
    """The decimal number as it is written."""
    return Fraction(str(number))


def point(estimate: Any) -> Fraction:
    """The mode of an estimate, the midpoint of a uniform one."""
    if isinstance(estimate, list):
        return exact(estimate[1])
    if isinstance(estimate, dict):
        if estimate.get("shape") == "uniform":
            return (exact(estimate["low"]) + exact(estimate["high"])) / 2
        return exact(estimate["mode"])
    return exact(estimate)


def levels(order: Iterable[Any]) -> list[list[str]]:
    """Ranks from the top, each with those level on it."""
    return [rank if isinstance(rank, list) else [rank] for rank in order]


def holds(condition: str, package: Package) -> bool:
    """Whether a condition holds: Python's own reading of it, with options standing for their names."""
    return bool(eval(_compiled(condition), {"__builtins__": {}}, _Names(package)))


@lru_cache(maxsize=1024)
def _compiled(condition: str) -> CodeType:
    return compile(condition, "condition", "eval")


class _Names(dict[str, str]):
    """An issue's id means the option it takes; any other word means itself."""

    def __missing__(self, word: str) -> str:
        return word


def issues_in(condition: str, issues: Iterable[str]) -> set[str]:
    """The issues that a condition names."""
    for sign in "()[],=!":
        condition = condition.replace(sign, " ")
    return set(condition.split()) & set(issues)


def core(data: Data) -> Data:
    """The case without its extended issues and all that hangs on them."""
    out = {name for name, issue in data["issues"].items() if issue.get("tier") == "extended"}

    def kept(condition: str) -> bool:
        return not issues_in(condition, out)

    def less(entries: Data) -> Data:
        return {key: value for key, value in entries.items() if key not in out}

    preferences = {}
    for ref, given in data["preferences"].items():
        weights = given["weights"]
        if "order" in weights:
            order = [[name for name in level if name not in out] for level in levels(weights["order"])]
            weights = {"order": [level for level in order if level]}
        red = {k: v for k, v in given.get("red_lines", {}).items() if kept(k.replace(".", " == "))}
        preferences[ref] = {
            **given,
            "weights": less(weights),
            "scores": less(given["scores"]),
            "red_lines": red,
        }
    return {
        **data,
        "issues": less(data["issues"]),
        "preferences": preferences,
        "constraints": [c for c in data.get("constraints", []) if kept(c["forbid"])],
        "joint": [j for j in data.get("joint", []) if kept(j["when"])],
        "texts": {
            name: {**text, "package": less(text["package"])} for name, text in data.get("texts", {}).items()
        },
    }


@dataclass
class Solution:
    """What a concept answers: all tied packages; None stands for a question that cannot be asked."""

    objective: float | None
    packages: list[Package]
    low: float | None = None
    high: float | None = None
    completions: int = 0
    with_answer: int = 0


@dataclass
class TextAnswer:
    """A text over its completions."""

    open: list[str]
    completions: list[Package]
    in_zone: int
    low: dict[str, Fraction] = field(default_factory=dict)
    high: dict[str, Fraction] = field(default_factory=dict)
    accepts: dict[str, int] = field(default_factory=dict)
    always: dict[str, set[str]] = field(default_factory=dict)
    sometimes: dict[str, set[str]] = field(default_factory=dict)
    signs: dict[str, int] = field(default_factory=dict)
    lets: dict[str, int] = field(default_factory=dict)
    consents: dict[str, int] = field(default_factory=dict)


class Twin:
    """A case in point mode. `extended` takes its extended issues into play; `judge` asks everybody."""

    def __init__(self, data: Data, *, extended: bool = False, judge: bool = True) -> None:
        self.data = data if extended else core(data)
        self.issues: dict[str, list[str]] = {
            name: list(issue["options"]) for name, issue in self.data["issues"].items()
        }
        self.preferences: Data = self.data["preferences"]
        self.parties: Data = self.data["parties"]
        self.mediators: Data = self.data.get("mediators", {})
        self.worths = {ref: self._worths(ref) for ref in self.preferences}
        self.packages = [x for x in self.combinations() if not self.forbidden(x)]
        self.judged = {self.key(x): self.judge(x) for x in self.packages} if judge else {}
        self.zone = [x for x in self.packages if judge and self.judged[self.key(x)].in_zone]

    # 2. the space

    def combinations(self) -> Iterator[Package]:
        """Every combination of options."""
        for options in itertools.product(*self.issues.values()):
            yield dict(zip(self.issues, options, strict=True))

    def key(self, package: Package) -> Key:
        return tuple(package[issue] for issue in self.issues)

    def forbidden(self, package: Package) -> bool:
        return any(self.forbidden_by(constraint, package) for constraint in self.data.get("constraints", []))

    def forbidden_by(self, constraint: Data, package: Package) -> bool:
        return holds(constraint["forbid"], package)

    # 1. preferences

    def weights(self, ref: str) -> dict[str, Fraction]:
        """Weights normalised to sum 1; for ranks the rank-order centroids."""
        given = self.preferences[ref]["weights"]
        if "order" in given:
            return self._centroids(levels(given["order"]))
        raw = {issue: point(given[issue]) for issue in self.issues}
        return {issue: weight / sum(raw.values()) for issue, weight in raw.items()}

    def _centroids(self, ranks: list[list[str]]) -> dict[str, Fraction]:
        """w_k = (1/n) sum_{j>=k} 1/j; level ranks share the mean."""
        n = sum(map(len, ranks))
        found, k = {}, 1
        for level in ranks:
            own = [
                Fraction(1, n) * sum(Fraction(1, j) for j in range(r, n + 1))
                for r in range(k, k + len(level))
            ]
            found.update({issue: sum(own, Fraction(0)) / len(level) for issue in level})
            k += len(level)
        return found

    def scores(self, ref: str, issue: str) -> dict[str, Fraction]:
        """Scores by option; ranks evenly spaced from 100 to 0, all level 100; 0 where none are given."""
        given = self.preferences[ref]["scores"].get(issue)
        if given is None:
            return dict.fromkeys(self.issues[issue], Fraction(0))
        if "order" not in given:
            return {option: point(given[option]) for option in self.issues[issue]}
        ranks = levels(given["order"])
        if len(ranks) == 1:
            return dict.fromkeys(ranks[0], Fraction(100))
        return {o: 100 - Fraction(100 * k, len(ranks) - 1) for k, level in enumerate(ranks) for o in level}

    def _worths(self, ref: str) -> dict[tuple[str, str], Fraction]:
        weights = self.weights(ref)
        return {
            (issue, option): weights[issue] * score
            for issue in self.issues
            for option, score in self.scores(ref, issue).items()
        }

    def utility(self, ref: str, package: Package) -> Fraction:
        """u_f(x) = sum_i w_fi v_fix plus the joint terms that hold."""
        terms = [j for j in self.data.get("joint", []) if j["for"] == ref and holds(j["when"], package)]
        additive = sum((self.worths[ref][choice] for choice in package.items()), Fraction(0))
        return additive + sum((point(term["add"]) for term in terms), Fraction(0))

    def walk_away(self, ref: str) -> Fraction:
        return point(self.preferences[ref]["walk_away"])

    def red_lines(self, ref: str) -> dict[str, str]:
        """The conditions that count (probability 0.5 or more), by key."""
        given = self.preferences[ref].get("red_lines", {})
        return {
            key: key.replace(".", " == ") for key, chance in given.items() if point(chance) >= Fraction(1, 2)
        }

    def accepts(self, ref: str, package: Package) -> bool:
        """u_f(x) >= r_f after quantising, and no red line crossed."""
        if any(holds(condition, package) for condition in self.red_lines(ref).values()):
            return False
        return quantise(self.utility(ref, package)) >= quantise(self.walk_away(ref))

    # 3. who says yes

    def refs(self, side: str) -> list[str]:
        """The factions of a side; one of its own name where none are listed."""
        factions = self.parties.get(side, {}).get("factions", {})
        return [f"{side}.{name}" for name in factions] or [side]

    def signer(self, side: str) -> str:
        if len(self.refs(side)) == 1:
            return self.refs(side)[0]
        return f"{side}.{self.parties[side]['speaks_for']}"

    def faction_weights(self, side: str) -> dict[str, Fraction]:
        """Weight at home by reference; default 1."""
        factions = self.parties.get(side, {}).get("factions", {})
        return {f"{side}.{name}": point(f.get("weight", 1)) for name, f in factions.items()} or {
            side: Fraction(1)
        }

    def everybody(self) -> list[str]:
        return [*self.parties, *self.mediators]

    def sides(self) -> list[str]:
        """Parties and mediators whose signer has preferences, so that they can be asked."""
        return [side for side in self.everybody() if self.signer(side) in self.preferences]

    def required(self) -> list[str]:
        negotiators = [
            s for s, party in self.parties.items() if party.get("role", "negotiator") == "negotiator"
        ]
        return negotiators + [s for s, who in self.mediators.items() if who.get("consent") == "required"]

    def lets(self, side: str, accepting: dict[str, bool]) -> bool:
        """Whether the ratification tree holds; default: true."""
        rule = self.parties.get(side, {}).get("ratification")
        if rule is None:
            return True
        weights = {ref.partition(".")[2] or ref: w for ref, w in self.faction_weights(side).items()}
        yes = {ref.partition(".")[2] or ref: accepting[ref] for ref in self.refs(side) if ref in accepting}
        return rule_holds(rule, yes, weights)

    def table_holds(self, yes: dict[str, bool]) -> bool:
        """The table rule over consent; default: all required parties."""
        if "table_rule" not in self.data:
            return all(yes[side] for side in self.required())
        return rule_holds(self.data["table_rule"], yes, dict.fromkeys(self.required(), Fraction(1)))

    def judge(self, package: Package) -> Judged:
        utilities = {ref: self.utility(ref, package) for ref in self.preferences}
        accepting = {ref: self.accepts(ref, package) for ref in self.preferences}
        signs = {side: accepting[self.signer(side)] for side in self.sides()}
        lets = {side: self.lets(side, accepting) for side in self.sides()}
        consents = {side: signs[side] and lets[side] for side in self.sides()}
        in_zone = self.table_holds(consents) and not self.forbidden(package)
        return Judged(utilities, accepting, signs, lets, consents, in_zone)

    # 4. answers at the table

    def counted(self) -> list[str]:
        """The parties whose gains count."""
        if "objective" in self.data:
            return list(self.data["objective"])
        everybody = dict.fromkeys(self.everybody(), True)
        return [
            side
            for side in self.required()
            if side in self.parties and not self.table_holds({**everybody, side: False})
        ]

    def power(self, side: str) -> Fraction:
        return point(self.parties.get(side, {}).get("power", 1))

    def u(self, package: Package) -> tuple[Fraction, ...]:
        """Utilities of the parties that count."""
        utilities = self.judged[self.key(package)].utilities
        return tuple(utilities[self.signer(side)] for side in self.counted())

    def gains(self, package: Package) -> tuple[Fraction, ...]:
        """g_p = u_p - r_p."""
        walk_aways = [self.walk_away(self.signer(side)) for side in self.counted()]
        return tuple(u - r for u, r in zip(self.u(package), walk_aways, strict=True))

    def vector(self, package: Package) -> tuple[int, ...]:
        """Quantised utilities of the parties that count."""
        return tuple(map(quantise, self.u(package)))

    def nash(self) -> Solution | None:
        """max prod g_p^power_p by logs; all of Z where every package has a zero factor."""
        powers = [float(self.power(side)) for side in self.counted()]

        def log(x: Package) -> float:
            factors = [(g, power) for g, power in zip(self.gains(x), powers, strict=True) if power > 0]
            if any(quantise(g) <= 0 for g, _ in factors):
                return -math.inf
            return sum(power * math.log(g) for g, power in factors)

        if not self.zone:
            return None
        logs = [log(x) for x in self.zone]
        if max(logs) == -math.inf:
            return Solution(0.0, self.zone)
        best = [
            x
            for x, value in zip(self.zone, logs, strict=True)
            if value > -math.inf and _ties(value, max(logs))
        ]
        return Solution(math.exp(max(logs)), best)

    def kalai_smorodinsky(self) -> Solution | None:
        """Lexicographic max-min of g_p / ideal_p, without those whose ideal is 0."""
        if not self.zone:
            return None
        ideal = [max(column) for column in zip(*map(self.gains, self.zone), strict=True)]
        hoping = [p for p, most in enumerate(ideal) if quantise(most) > 0]
        if not hoping:
            return Solution(0.0, self.zone)
        return self._max_min(self.zone, lambda x: [self.gains(x)[p] / ideal[p] for p in hoping])

    def egalitarian(self) -> Solution | None:
        """Lexicographic max-min of g_p."""
        return self._max_min(self.zone, self.gains) if self.zone else None

    def utilitarian(self) -> Solution | None:
        """max sum u_p."""
        if not self.zone:
            return None
        most = max(quantise(sum(self.u(x))) for x in self.zone)
        best = [x for x in self.zone if quantise(sum(self.u(x))) == most]
        return Solution(float(sum(self.u(best[0]))), best)

    def _max_min(self, among: Sequence[Package], worth: Any) -> Solution:
        ranked = [sorted(map(quantise, worth(x))) for x in among]
        best = [x for x, values in zip(among, ranked, strict=True) if values == max(ranked)]
        return Solution(float(min(worth(best[0]))), best)

    def compromise(self) -> Solution:
        """Per issue the options nearest the weighted mean position of the parties' best options."""
        choices = []
        for issue, options in self.issues.items():
            places = self.positions(issue)
            wanted, weights = [], []
            for side in self.counted():
                scores = self.scores(self.signer(side), issue)
                best = [places[o] for o in options if scores[o] == max(scores.values())]
                wanted.append(sum(best, Fraction(0)) / len(best))
                weights.append(self.weights(self.signer(side))[issue] * self.power(side))
            if sum(weights) == 0:
                weights = [Fraction(1)] * len(weights)
            mean = sum((w * x for w, x in zip(weights, wanted, strict=True)), Fraction(0)) / sum(weights)
            away = {o: quantise(abs(places[o] - mean)) for o in options}
            choices.append([o for o in options if away[o] == min(away.values())])
        tied = [dict(zip(self.issues, chosen, strict=True)) for chosen in itertools.product(*choices)]
        return Solution(None, tied)

    def positions(self, issue: str) -> dict[str, Fraction]:
        """`position`, or evenly spaced from 0 to 100 as listed."""
        options = self.data["issues"][issue]["options"]
        even = {o: Fraction(100 * k, len(options) - 1) for k, o in enumerate(options)}
        given = {o: v.get("position") if isinstance(v, dict) else None for o, v in options.items()}
        return {o: even[o] if given[o] is None else exact(given[o]) for o in options}

    def best_supported(self) -> Solution:
        """Over X: max mean over parties of the accepting share of faction weight, then max-min of u_f - r_f."""
        counted = self.counted()

        def support(x: Package) -> Fraction:
            accepting = self.judged[self.key(x)].accepting
            shares = []
            for side in counted:
                weights = {ref: w for ref, w in self.faction_weights(side).items() if ref in self.preferences}
                yes = sum((w for ref, w in weights.items() if accepting[ref]), Fraction(0))
                shares.append(yes / sum(weights.values()))
            return sum(shares, Fraction(0)) / len(shares)

        def slack(x: Package) -> list[Fraction]:
            utilities = self.judged[self.key(x)].utilities
            refs = [ref for side in counted for ref in self.refs(side) if ref in self.preferences]
            return [utilities[ref] - self.walk_away(ref) for ref in refs]

        most = max(quantise(support(x)) for x in self.packages)
        supported = [x for x in self.packages if quantise(support(x)) == most]
        found = self._max_min(supported, slack)
        return Solution(float(support(found.packages[0])), found.packages)

    def improved(self) -> Solution | None:
        """From the text on the table: max-min gain over it within Z, nobody worse off; all completions."""
        if "on_the_table" not in self.data or not self.zone:
            return None
        starts = self.completions(self.data["texts"][self.data["on_the_table"]]["package"])
        if not starts:
            return None
        least, best = [], {}
        for start in starts:
            base = self.u(start)

            def rise(x: Package, base: tuple[Fraction, ...] = base) -> list[Fraction]:
                return [a - b for a, b in zip(self.u(x), base, strict=True)]

            better = [x for x in self.zone if min(map(quantise, rise(x))) >= 0]
            if better:
                found = self._max_min(better, rise)
                least.append(float(found.objective or 0))
                best.update({self.key(x): x for x in found.packages})
        same = bool(least) and quantise(min(least)) == quantise(max(least))
        return Solution(
            min(least) if same else None,
            list(best.values()),
            min(least, default=None),
            max(least, default=None),
            len(starts),
            len(least),
        )

    def adjusted_winner(self) -> Fraction | None:
        """The points that both get, 100 each shared out by weights.

        Issues stand in a row from those that the first wants relatively most; the first takes from the
        left, the second the rest, and the cut lies where both have as much.
        """
        if len(self.counted()) != 2:
            return None
        a, b = (
            {issue: 100 * w for issue, w in self.weights(self.signer(side)).items()}
            for side in self.counted()
        )
        row = sorted(self.issues, key=lambda i: (b[i] > 0, -a[i] / b[i] if b[i] else 0))
        mine, theirs = Fraction(0), Fraction(100)
        for issue in row:
            if mine + a[issue] >= theirs - b[issue]:
                if a[issue] + b[issue] == 0:
                    return mine
                return mine + (theirs - mine) / (a[issue] + b[issue]) * a[issue]
            mine, theirs = mine + a[issue], theirs - b[issue]
        return mine

    def frontier(self) -> dict[tuple[int, ...], list[Package]]:
        """Utility vectors in Z that no other in Z dominates, with their packages."""
        found: dict[tuple[int, ...], list[Package]] = {}
        for x in self.zone:
            found.setdefault(self.vector(x), []).append(x)
        return {v: xs for v, xs in found.items() if not any(dominates(w, v) for w in found)}

    # texts

    def completions(self, settled: Package) -> list[Package]:
        """The feasible packages that agree with a text."""
        inner = {issue: option for issue, option in settled.items() if issue in self.issues}
        return [x for x in self.packages if all(x[issue] == option for issue, option in inner.items())]

    def text(self, settled: Package) -> TextAnswer:
        """What everybody makes of a text."""
        found = self.completions(settled)
        judged = [self.judged[self.key(x)] for x in found]
        answer = TextAnswer(
            [i for i in self.issues if i not in settled], found, sum(j.in_zone for j in judged)
        )
        for ref in self.preferences:
            answer.low[ref] = min((j.utilities[ref] for j in judged), default=Fraction(0))
            answer.high[ref] = max((j.utilities[ref] for j in judged), default=Fraction(0))
            answer.accepts[ref] = sum(j.accepting[ref] for j in judged)
            crossed = {k: [holds(c, x) for x in found] for k, c in self.red_lines(ref).items()}
            answer.always[ref] = {key for key, crosses in crossed.items() if found and all(crosses)}
            answer.sometimes[ref] = {
                key for key, crosses in crossed.items() if any(crosses) and not all(crosses)
            }
        for side in self.sides():
            answer.signs[side] = sum(j.signs[side] for j in judged)
            answer.lets[side] = sum(j.lets[side] for j in judged)
            answer.consents[side] = sum(j.consents[side] for j in judged)
        return answer


@dataclass
class Judged:
    """One package judged by all."""

    utilities: dict[str, Fraction]
    accepting: dict[str, bool]
    signs: dict[str, bool]
    lets: dict[str, bool]
    consents: dict[str, bool]
    in_zone: bool


def dominates(a: Sequence[int], b: Sequence[int]) -> bool:
    """No less anywhere and more somewhere."""
    return all(x >= y for x, y in zip(a, b, strict=True)) and tuple(a) != tuple(b)


def _ties(a: float, b: float) -> bool:
    return quantise(a) == quantise(b)


def rule_holds(rule: Data, yes: dict[str, bool], weights: dict[str, Fraction]) -> bool:
    """Whether a rule tree holds over acceptance."""
    if "faction" in rule or "party" in rule:
        return yes[rule.get("faction") or rule["party"]]
    if "all_of" in rule:
        return all(rule_holds(part, yes, weights) for part in rule["all_of"])
    if "any_of" in rule:
        return any(rule_holds(part, yes, weights) for part in rule["any_of"])
    if "at_least" in rule:
        return sum(rule_holds(part, yes, weights) for part in rule["of"]) >= rule["at_least"]
    if "not_blocked_by" in rule:
        refusals = {name: not accepted for name, accepted in yes.items()}
        return not rule_holds(rule["not_blocked_by"], refusals, weights)
    if "quota" in rule:
        return _quota(rule["quota"], yes, weights)
    return _referendum(rule["referendum"], yes)


def _quota(terms: Data, yes: dict[str, bool], default: dict[str, Fraction]) -> bool:
    weights = {name: point(w) for name, w in terms["weights"].items()} if "weights" in terms else default
    present = {
        n: w for n, w in weights.items() if point(terms.get("present", {}).get(n, 1)) >= Fraction(1, 2)
    }
    whole = sum((present if terms.get("of_present") else weights).values(), Fraction(0))
    won = sum((w for name, w in present.items() if yes[name]), Fraction(0))
    if not whole and "at_least" not in terms:
        return False  # an empty meeting decides nothing
    if "more_than" in terms:
        return won > exact(terms["more_than"]) * whole
    if "share" in terms:
        return won >= exact(terms["share"]) * whole
    return won >= point(terms["at_least"])


def _referendum(terms: Data, yes: dict[str, bool]) -> bool:
    groups = [(yes[g["faction"]], point(g["size"]), point(g.get("turnout", 1))) for g in terms["groups"]]
    voters = sum((size for _, size, _ in groups), Fraction(0))
    cast = sum((size * turnout for _, size, turnout in groups), Fraction(0))
    for_it = sum((size * turnout for said, size, turnout in groups if said), Fraction(0))
    threshold = exact(terms["threshold"])
    if terms.get("each_group") and not all(Fraction(said) > threshold for said, _, _ in groups):
        return False
    return (
        for_it > threshold * cast
        and cast >= exact(terms.get("turnout_quorum", 0)) * voters
        and for_it >= exact(terms.get("approval_quorum", 0)) * voters
    )
