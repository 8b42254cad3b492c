"""Who could wreck it? Spoilers of a deal that was signed and ratified: whom they oppose, what turns them."""

from __future__ import annotations

from winset.analyses.spoilers.run import applies, run
from winset.analyses.spoilers.words import METHOD, sections

__all__ = ["METHOD", "applies", "run", "sections"]
