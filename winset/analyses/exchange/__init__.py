"""Will each side carry out its part, step by step (model.md 7)?"""

from __future__ import annotations

from winset.analyses.exchange import designing, drafts
from winset.analyses.exchange.run import applies, run
from winset.analyses.exchange.words import METHOD, sections

__all__ = ["METHOD", "applies", "designing", "drafts", "run", "sections"]
