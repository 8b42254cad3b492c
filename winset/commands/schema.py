"""`winset schema`."""

from __future__ import annotations

import json
import sys

from winset.case import reference


def run(*, page: bool) -> None:
    """Print the JSON Schema of the case file, or its reference page."""
    sys.stdout.write(reference.page() if page else json.dumps(reference.schema(), indent=2) + "\n")
