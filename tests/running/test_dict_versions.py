"""What a module or class holds is compared exactly when its dict has been changed."""

import sys
import types

import pytest

from autograder.running.inside.versions import Numbered, dict_of

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
    vars(MODULE).clear()
    MODULE.__dict__.__ior__({"name": value})


WAYS = [by_global, by_attribute, by_class_attribute, by_removal, by_merging, by_emptying]


@pytest.mark.parametrize("change", WAYS)
def test_each_change_shows_also_when_python_has_made_the_store_quicker(change):
    found = dict_of(Changed) if change is by_class_attribute else vars(MODULE)
    for turn in range(200):
        numbered = Numbered()
        numbered.add("it", found)
        change(turn % 2)
        assert [*numbered.make_changed()()] == ["it"]


def test_what_has_changed_is_given_once_and_again_after_another_change():
    numbered = Numbered()
    numbered.add("it", vars(MODULE))
    changed = numbered.make_changed()
    for value in ("one", "two"):
        MODULE.name = value
        assert [[*changed()], [*changed()]] == [["it"], []]


def test_looking_at_a_name_is_no_change():
    MODULE.name = 1
    numbered = Numbered()
    numbered.add("it", vars(MODULE))
    for _ in range(200):
        assert MODULE.name == 1
    assert [*numbered.make_changed()()] == []
