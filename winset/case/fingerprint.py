"""The content hash of a case: over its meaning, not its spelling."""

from __future__ import annotations

import hashlib
import json

from winset.case.amend import data_of
from winset.case.model import Case


def content_hash(case: Case) -> str:
    """SHA-256 (hex) over the case's content.

    Comments, layout, the file's name and the order of entries do not count, and neither does the
    spelling of a number (`50`, `50.0`, `[50, 50, 50]`). The order of options counts: it gives them
    their default positions. What is at its default does not count, so that a new key of a later
    version changes no hash.
    """
    data = data_of(case)
    for name, issue in data.get("issues", {}).items():
        data["issues"][name] = {**issue, "options": list(issue["options"].items())}
    canonical = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
