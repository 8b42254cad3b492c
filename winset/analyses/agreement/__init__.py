"""What could they sign? The zone, the frontier, and the packages that are fair by some standard."""

from __future__ import annotations

from winset.analyses.agreement.concepts import CONCEPTS
from winset.analyses.agreement.method import METHOD
from winset.analyses.agreement.run import run
from winset.analyses.agreement.words import sections

__all__ = ["CONCEPTS", "METHOD", "run", "sections"]
