"""The ledger beside a case: what was delivered after signing, who says so, and how sure it is."""

from __future__ import annotations

from winset.case.ledger.add import add_entry
from winset.case.ledger.due import Due, next_due
from winset.case.ledger.model import STATUS, Counting, Entry, Ledger, Standing, owed_in
from winset.case.ledger.read import read_ledger

__all__ = [
    "STATUS",
    "Counting",
    "Due",
    "Entry",
    "Ledger",
    "Standing",
    "add_entry",
    "next_due",
    "owed_in",
    "read_ledger",
]
