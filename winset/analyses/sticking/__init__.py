"""What stands in the way: who refuses what, the nearest acceptable package, moves, blockers, repair."""

from __future__ import annotations

from winset.analyses.sticking.method import METHOD
from winset.analyses.sticking.run import run
from winset.analyses.sticking.words import sections

__all__ = ["METHOD", "run", "sections"]
