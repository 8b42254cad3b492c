"""Whose doubt moves the answer: what to ask about first."""

from __future__ import annotations

from winset.analyses.drivers.run import run
from winset.analyses.drivers.words import METHOD, sections

__all__ = ["METHOD", "run", "sections"]
