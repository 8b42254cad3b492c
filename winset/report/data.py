"""Results as JSON: the form that scripts read, versioned by each result."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.metadata import version

from winset.analyses.result import CaseStamp, Result, plain
from winset.case.model import Case


def to_json(case: Case, results: Sequence[Result]) -> str:
    """Version, the case's id, hash and date, and every result under its analysis' name."""
    data = {
        "winset": version("winset"),
        "case": plain(CaseStamp.of(case)),
        "results": {result.analysis: result.to_dict() for result in results},
    }
    return json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
