"""Would home ratify it? Win-sets, votes with their doubts, pivots, governments (model.md 6)."""

from __future__ import annotations

from winset.analyses.ratification.run import applies, run
from winset.analyses.ratification.words import METHOD, sections

__all__ = ["METHOD", "applies", "run", "sections"]
