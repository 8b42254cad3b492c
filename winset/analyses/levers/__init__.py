"""What would move it: levers alone and in pairs, on common draws."""

from __future__ import annotations

from winset.analyses.levers.run import applies, run
from winset.analyses.levers.words import METHOD, sections

__all__ = ["METHOD", "applies", "run", "sections"]
