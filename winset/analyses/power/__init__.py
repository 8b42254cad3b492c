"""Who decides by the rules alone: power indices of a weighted vote, and of the rules of a case."""

from __future__ import annotations

from winset.analyses.power.run import applies, run
from winset.analyses.power.words import METHOD, sections

__all__ = ["METHOD", "applies", "run", "sections"]
