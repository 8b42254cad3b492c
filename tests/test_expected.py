"""The catalogue answers what was accepted; a changed answer is shown beside the old one."""

from __future__ import annotations

import json

import pytest

from tests.expected import answers, differences, file_of, side_by_side
from winset.formats.catalogue import catalogue


@pytest.mark.parametrize("name", catalogue())
def test_the_catalogue_answers_as_accepted(name: str):
    file = file_of(name)
    assert file.exists(), f"nothing is accepted yet: look at the answers, then `make accept CASE={name}`"
    found = list(differences(json.loads(file.read_text("utf-8")), answers(name)))
    if found:
        pytest.fail(
            f"{name} answers differently in {len(found)} places:\n{side_by_side(found)}\n"
            f"If the new answers are right: make accept CASE={name}, and say why in the commit.",
            pytrace=False,
        )


def test_differences_are_found_and_named():
    old = {"a": [1, 2.0, {"b": "x"}], "c": True, "gone": 1}
    new = {"a": [1, 2.0 + 1e-12, {"b": "y"}], "c": True, "come": 2}
    found = {path: (a, b) for path, a, b in differences(old, new)}
    assert found == {"a[2].b": ("x", "y"), "gone": (1, None), "come": (None, 2)}
    assert list(differences({"a": [1, 2]}, {"a": [1]})) == [("a", [1, 2], [1])]
    assert not list(differences(old, old))
    text = side_by_side([("a.b", 1, 2)])
    assert "accepted: 1" in text
    assert "now:      2" in text
