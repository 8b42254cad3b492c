"""What both sections of the spoilers say alike: chances, never without their range, and packages by name."""

from __future__ import annotations

from winset.analyses.spoilers.answers import Candidate, OpenText, Reckoned
from winset.analyses.wording import cases, percent, percents


def reckoned(chance: Reckoned) -> str:
    """A chance with its range where it has one: `42% (30% to 60%)`."""
    return f"{percent(chance.value)}{_range(chance)}"


def in_cases(chance: Reckoned) -> str:
    """The same in a sentence: `in about 4 of 10 cases (30% to 60%)`."""
    return f"{cases(chance.value)}{_range(chance)}"


def _range(chance: Reckoned) -> str:
    if percent(chance.low) == percent(chance.high):
        return ""
    return f" ({percents(chance.low, chance.high)})"


def titled(subject: Candidate | OpenText) -> str:
    """All that a package or text is called."""
    return ", ".join(subject.titles)


def leading(subject: Candidate | OpenText) -> str:
    """What a package or text is called first, as a sentence begins."""
    return f"{subject.titles[0][0].upper()}{subject.titles[0][1:]}"
