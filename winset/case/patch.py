"""A lever: a named change to a case, giving a new case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from winset.case.amend import amend
from winset.case.model import Case
from winset.case.read import recheck
from winset.errors import UnknownName


def patch(case: Case, changes: Mapping[str, Any]) -> Case:
    """The case with the value at each path replaced; None removes an entry.

    A path is dotted (`preferences.upper.council.walk_away`); entries of lists go by their id
    (`constraints.no_free_half`). The last key may be new where the format allows one. The case itself
    is not changed. Raises UnknownName for a path that leads nowhere, and CaseError for a value that
    cannot stand there or leaves the case unsound.
    """
    amended = amend(case, changes)
    recheck(amended)
    return amended


def pull(case: Case, *lever_ids: str) -> Case:
    """The case after the named levers of its own, in the order given; UnknownName for one it lacks."""
    levers = {lever.id: lever for lever in case.levers}
    for name in lever_ids:
        if name not in levers:
            raise UnknownName("lever", name, levers)
        case = patch(case, levers[name].set)
    return case
