"""A case that was read cannot be changed."""

from __future__ import annotations

import copy
import datetime as dt
import pickle
from fractions import Fraction

import pytest
from pydantic import BaseModel, ValidationError

from tests.helpers import FULL, case_of, small
from tests.loaded import LOADED, parts
from winset.case.base import FrozenDict
from winset.case.fingerprint import content_hash


def test_nothing_in_a_case_can_be_assigned_or_added():
    for part in parts(case_of(FULL)):
        if isinstance(part, BaseModel):
            for name in type(part).model_fields:
                with pytest.raises(ValidationError, match="frozen"):
                    setattr(part, name, getattr(part, name))
                with pytest.raises(ValidationError, match="frozen"):
                    delattr(part, name)
        else:
            assert isinstance(part, FrozenDict | tuple | str | int | float | Fraction | dt.date | None), part


def test_a_frozen_mapping_refuses_every_change():
    frozen = FrozenDict({"a": 1})
    changes = [
        lambda: frozen.__setitem__("b", 2),
        lambda: frozen.__delitem__("a"),
        lambda: frozen.update(b=2),
        lambda: frozen.pop("a"),
        lambda: frozen.popitem(),
        lambda: frozen.setdefault("b", 2),
        lambda: frozen.clear(),
        lambda: frozen.__ior__({"b": 2}),
    ]
    for change in changes:
        with pytest.raises(TypeError, match="a case is frozen; make a new one with `patch`"):
            change()
    assert frozen == {"a": 1}
    assert frozen | {"b": 2} == {"a": 1, "b": 2}


@pytest.mark.parametrize("name", LOADED)
def test_a_case_can_be_pickled_and_copied(name):
    case = LOADED[name]
    for twin in (pickle.loads(pickle.dumps(case)), copy.deepcopy(case), copy.copy(case)):
        assert twin == case
        assert twin.id == case.id
        assert twin.place(("title",)) == case.place(("title",))
        assert content_hash(twin) == content_hash(case)
        assert isinstance(twin.issues, FrozenDict)


def test_naming_a_case_leaves_the_old_one_alone():
    other = small().named("other")
    assert (small().id, other.id) == ("small", "other")
    assert content_hash(other) == content_hash(small())
