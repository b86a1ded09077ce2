"""The number in a dict shows every change of it, and no change takes it back."""

import sys
import types

import pytest

from autograder.running.inside.dict_versions import body, can_be_told, dict_of, view_of

pytestmark = pytest.mark.skipif(
    sys.version_info >= (3, 13), reason="dicts have no such number from Python 3.13"
)

MODULE = types.ModuleType("changed")


class Changed:
    """A class whose attributes are changed."""


def by_global(value):
    exec("name = value", {"value": value}, vars(MODULE))  # noqa: S102 - a store by name


def by_attribute(value):
    MODULE.name = value


def by_class_attribute(value):
    Changed.name = value


def by_removal(value):
    vars(MODULE).pop("name", None)
    MODULE.name = value


def by_merging(value):
    vars(MODULE).update(name=value)


def by_emptying(value):
    kept = dict(vars(MODULE))
    vars(MODULE).clear()
    kept["name"] = value
    MODULE.__dict__.__ior__(kept)


WAYS = [by_global, by_attribute, by_class_attribute, by_removal, by_merging, by_emptying]


@pytest.mark.parametrize("change", WAYS)
def test_each_change_shows_also_when_python_has_made_the_store_quicker(change):
    view = view_of(dict_of(Changed) if change is by_class_attribute else vars(MODULE))
    seen = set()
    for turn in range(200):
        change(turn % 2)
        seen.add(body(view))
    assert len(seen) == 200


def test_looking_at_a_name_is_no_change():
    MODULE.name = 1
    view = view_of(vars(MODULE))
    before = body(view)
    for _ in range(200):
        assert MODULE.name == 1
    assert body(view) == before


def test_this_python_has_the_number():
    assert can_be_told()
