"""Weights, scores and thresholds as numbers in point mode."""

from __future__ import annotations

from collections.abc import Sequence
from typing import SupportsInt

import numpy as np
from numpy.typing import NDArray

from winset.case.model import Issue, Preference, Ranking
from winset.case.ranks import centroids, spaced

QUANTUM = 1e-9

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def quantise(values: Floats) -> Ints:
    """Values in whole 1e-9ths, so that equal means equal. What is compared is quantised once, and last."""
    return np.rint(np.asarray(values) / QUANTUM).astype(np.int64)


def points(quantised: SupportsInt) -> float:
    """A quantised value in points again."""
    return round(int(quantised) * QUANTUM, 9)


def weights(preference: Preference, issues: Sequence[str]) -> Floats:
    """Weights at the mode, normalised to sum 1; shape (issues,)."""
    raw: Floats = np.array(weights_as_given(preference, issues))
    normalised: Floats = raw / raw.sum()
    return normalised


def weights_as_given(preference: Preference, issues: Sequence[str]) -> list[float]:
    """Weights at the mode in the user's own scale; ranks give rank-order centroids."""
    given = preference.weights
    if isinstance(given, Ranking):
        found = centroids(given)
        return [found[issue] for issue in issues]
    return [given[issue].point for issue in issues]


def scores(preference: Preference, name: str, issue: Issue) -> Floats:
    """Scores at the mode of an issue's options, 0 to 100; shape (options,).

    Ranks are spaced evenly from 100 to 0, a level sharing one value; all level is 100. An issue
    without scores (allowed where its weight is 0) counts 0.
    """
    given = preference.scores.get(name)
    if given is None:
        return np.zeros(len(issue.options))
    if isinstance(given, Ranking):
        found = spaced(given)
        return np.array([found[option] for option in issue.options])
    return np.array([given[option].point for option in issue.options], float)


def positions(issue: Issue) -> Floats:
    """The options' places on a line, 0 to 100; evenly spaced as listed where not given."""
    even = np.linspace(0, 100, len(issue.options))
    given = [option.position for option in issue.options.values()]
    return np.array([e if g is None else g for e, g in zip(even, given, strict=True)])
