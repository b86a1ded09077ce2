"""A change to what objects refer to is noticed by reading memory."""

import types

import pytest

from autograder.running.inside.words import Words, layout_is_known

CELL = types.CellType(sum)
MODULE = types.ModuleType("watched")
NAMES = {"a": object(), "b": object()}
LISTED = [object(), object()]
KEPT_IN_A_SET = {"a", "b"}
ANY_KEYS = {1: object(), "b": object(), None: object()}


class OtherModule(types.ModuleType):
    """A class that a module may be given."""


def given(x):
    """A function whose code may be replaced."""
    return x


def words():
    made = Words()
    made.add_cell(CELL)
    made.add_type(MODULE)
    made.add_code(given)
    made.add_dict(NAMES)
    made.add_dict(ANY_KEYS)
    made.add_list(LISTED)
    made.add_set(id(KEPT_IN_A_SET))
    return made


def change_a_cell():
    CELL.cell_contents = len


def change_a_class():
    MODULE.__class__ = OtherModule if type(MODULE) is types.ModuleType else types.ModuleType


def change_code():
    given.__code__ = given.__code__.replace(co_name="another")


def replace_a_value():
    NAMES["a"] = object()


def replace_a_value_of_another_key():
    ANY_KEYS[None] = object()


def put_a_name_back_elsewhere():
    NAMES["a"] = NAMES.pop("a")


def fill_a_dict():
    NAMES.update({f"n{n}": n for n in range(len(NAMES), 1_000)})


def replace_an_item():
    LISTED[1] = object()


def add_an_item():
    LISTED.append(object())


def exchange_what_a_set_holds():
    KEPT_IN_A_SET.add(object())
    KEPT_IN_A_SET.remove("a")


CHANGES = [
    replace_an_item,
    add_an_item,
    exchange_what_a_set_holds,
    change_a_cell,
    change_a_class,
    change_code,
    replace_a_value,
    replace_a_value_of_another_key,
    put_a_name_back_elsewhere,
    fill_a_dict,
]


def test_objects_are_laid_out_as_they_are_read():
    assert layout_is_known()


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_noticed(change):
    same = words().make_same()
    assert same()
    change()
    assert not same()


def test_an_added_entry_is_a_change_only_where_the_length_is_compared():
    found = {"a": object()}
    found["b"] = object()  # now the table has room for more entries
    made, whole = Words(), Words()
    made.add_entries(found)
    whole.add_dict(found)
    same, wholly_the_same = made.make_same(), whole.make_same()
    found["c"] = object()
    assert same()
    assert not wholly_the_same()


def test_a_dict_whose_table_was_replaced_before_the_check_is_made_counts_as_changed():
    found = {"a": object()}
    made = Words()
    made.add_dict(found)
    found.update({f"n{n}": n for n in range(1_000)})
    assert not made.make_same()()


def test_without_words_nothing_has_changed():
    assert Words().make_same()()
