"""The answers of the levers analysis, as they are given back."""

from __future__ import annotations

from dataclasses import dataclass

from winset.analyses.result import Result
from winset.analyses.shares import Change, Share


@dataclass(frozen=True, slots=True)
class LeverEffect:
    """What levers pulled together change: in what share of draws there is a zone, and in what share the text
    on the table is acceptable (None without a text that can be gone through).

    `names` has one lever or two, `by` those who hold them, `what` what each is in words.
    """

    names: tuple[str, ...]
    by: tuple[str, ...]
    what: tuple[str, ...]
    zone: Change
    text: Change | None


@dataclass(frozen=True, kw_only=True)
class LeversResult(Result):
    """Levers alone and in pairs, what changes most first; `zone` and `text` are the shares as it is.

    `unpaired` are pairs that set the same thing or leave no package together.
    """

    zone: Share
    text: Share | None
    alone: tuple[LeverEffect, ...]
    pairs: tuple[LeverEffect, ...]
    unpaired: tuple[tuple[str, str], ...]
