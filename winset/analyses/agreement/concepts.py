"""The concepts, in the order they are shown. A new one is a file in this folder and a line here."""

from __future__ import annotations

from winset.analyses.agreement import (
    adjusted_winner,
    best_supported,
    compromise,
    egalitarian,
    improved,
    kalai_smorodinsky,
    nash,
    utilitarian,
)
from winset.analyses.agreement.problem import Concept

CONCEPTS: tuple[Concept, ...] = (
    nash.CONCEPT,
    kalai_smorodinsky.CONCEPT,
    egalitarian.CONCEPT,
    utilitarian.CONCEPT,
    compromise.CONCEPT,
    best_supported.CONCEPT,
    improved.CONCEPT,
    adjusted_winner.CONCEPT,
)
