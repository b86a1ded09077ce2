"""Finding out whether objects have changed, by reading their references directly from memory.

When Python code uses an object, it writes to its reference count, and in a fork the first write to
a page of memory copies the page. To compare all objects that a test relies on copied 4,000 pages.
Here NumPy reads the references from memory, and nothing is written. Only where one differs does the
caller compare the objects themselves, and find out which has changed.

If objects have another layout in memory than is expected here, a change is always reported.
"""

from __future__ import annotations

from array import array
from ctypes import c_uint8, c_uint64
from functools import cache
from types import CellType, FunctionType
from typing import Any

import numpy as np

from .seal import sealed

WORD = 8
_WORDS_OF_CLASS = 50
_LOWEST = 2**13  # no object is below; a multiple of the size of a word
_COUNT = 2**44 - _LOWEST // WORD  # up to the highest address of a process
_OF_TYPE, _OF_CELL = 1, 2  # the word that holds an object's type, and a cell's content
_OF_SIZE, _OF_TABLE = 2, 4  # the words of a dict: its length, and the address of its table
_OF_ITEMS = 3  # the word of a list that holds the address of its items; its length is as a dict's
_OF_FILL, _OF_USED, _OF_MASK, _OF_SET_TABLE = 2, 3, 4, 5  # of a set: what it holds, its table
_TABLE_HEAD, _TABLE_LENGTH, _INDEX_SIZE, _KIND = 4, 3, 9, 10  # of a table: words, words, bytes
_GENERAL, _NAMES_ONLY = 0, 1  # kinds of tables: three words an entry, or two
take, as_bytes = np.ndarray.take, np.ndarray.tobytes


class Words:
    """Machine words in memory that should stay the same; their objects must not be freed."""

    def __init__(self) -> None:
        self._places = array("q")
        self._tables = array("q")  # the words of dicts that hold the addresses of their tables
        self._addresses = array("Q")
        self._entries = array("q")  # in tables: they can be read while the dicts have these tables
        self._known = layout_is_known()

    def add_type(self, item: Any) -> None:
        """Add the word that holds an object's type."""
        self._places.append(place_of(id(item)) + _OF_TYPE)

    def add_bases(self, made: type) -> None:
        """Take the bases of a class."""
        self._places.append(place_of(id(made)) + _word_of_bases())

    def add_cell(self, cell: CellType) -> None:
        """Add the word that holds the content of a closure's cell."""
        self._places.append(place_of(id(cell)) + _OF_CELL)

    def add_code(self, function: FunctionType) -> None:
        """Add the word that holds the code of a function."""
        self._places.append(place_of(id(function)) + _word_of_code())

    def add_word(self, address: int) -> None:
        """Add the word at an address."""
        self._places.append(place_of(address))

    def add_list(self, found: list[Any]) -> None:
        """Add the items of a list, and its length."""
        self._places.append(place_of(id(found)) + _OF_SIZE)
        self._add_table(id(found) + _OF_ITEMS * WORD, len(found))

    def add_set(self, address: int) -> None:
        """Add the entries of the set at an address, and their number."""
        for each in (_OF_FILL, _OF_USED, _OF_MASK):
            self.add_word(address + each * WORD)
        entries = 2 * (read_word(address + _OF_MASK * WORD) + 1)
        self._add_table(address + _OF_SET_TABLE * WORD, entries)

    def _add_table(self, address: int, count: int) -> None:
        """Add the first `count` words of the table whose own address is at `address`."""
        table = read_word(address)
        self._tables.append(place_of(address))
        self._addresses.append(table)
        self._entries.extend(range(place_of(table), place_of(table) + count))

    def add_dict(self, found: dict[Any, Any]) -> None:
        """Add the entries of a dict, and its length."""
        self._places.append(place_of(id(found)) + _OF_SIZE)
        self.add_entries(found)

    def add_entries(self, found: dict[Any, Any]) -> None:
        """Add the present entries of a dict; later entries do not count as a change."""
        if not self._known:
            return
        self._tables.append(place_of(id(found)) + _OF_TABLE)
        self._addresses.append(read_word(id(found) + _OF_TABLE * WORD))
        first, count = _entries(id(found))
        self._known = count > 0 or not found
        self._entries.extend(range(first, first + count))

    def make_same(self) -> Any:
        """Return a sealed function that returns whether all words are as they are now."""
        memory = memory_of_process()
        tables, entries = _array(self._tables), _array(self._entries)
        if not self._known or as_bytes(take(memory, tables)) != self._addresses.tobytes():
            return sealed(never)
        outer = np.sort(np.concatenate([tables, _array(self._places)]))
        entries.sort()
        values: dict[str, Any] = {"MEMORY": memory, "OUTER": outer, "INNER": entries}
        values["OUTER_BEFORE"] = as_bytes(take(memory, outer))
        values["INNER_BEFORE"] = as_bytes(take(memory, entries))
        return sealed(same, **values)


def make_same_entries(found: dict[Any, Any]) -> Any:
    """Return a sealed function that returns whether a dict still has its present entries."""
    words = Words()
    words.add_entries(found)
    return words.make_same()


class Numbers:
    """Machine words in memory that are read together, by the function that `make_read` makes."""

    def __init__(self) -> None:
        self._places = array("q")

    def add(self, address: int) -> int:
        """Add the word at an address; return its value."""
        self._places.append(place_of(address))
        return read_word(address)

    def make_read(self) -> Any:
        """Return a sealed function that gives the words as bytes."""
        return sealed(read, MEMORY=memory_of_process(), OUTER=_array(self._places))


def memory_of_process() -> Any:
    """Return the memory of this process as an array of words that cannot be written."""
    whole = memoryview((c_uint64 * _COUNT).from_address(_LOWEST))
    return np.frombuffer(whole.toreadonly(), np.uint64)


def _array(places: Any) -> Any:
    """Return a copy of the places: more may be added to them."""
    return np.array(places, np.int64)


def place_of(address: int) -> int:
    """Return which word of the memory is at an address."""
    return (address - _LOWEST) // WORD


def read_word(address: int) -> int:
    """Return the word at an address."""
    return int(c_uint64.from_address(address).value)


def _entries(address: int) -> tuple[int, int]:
    """Return where the entries of a dict begin in the memory, and how many words they are."""
    table = read_word(address + _OF_TABLE * WORD)
    kind, size = (c_uint8.from_address(table + at).value for at in (_KIND, _INDEX_SIZE))
    width = {_GENERAL: 3, _NAMES_ONLY: 2}.get(kind, 0)
    first = place_of(table + (1 << size)) + _TABLE_HEAD
    return first, width * read_word(table + _TABLE_LENGTH * WORD)


@cache
def _word_of_code() -> int:
    """Return the index of the word of a function that holds its code; 0 where it is not found."""
    size = FunctionType.__basicsize__ // WORD
    example = memory_of_process
    words = [read_word(id(example) + at * WORD) for at in range(size)]
    return words.index(id(example.__code__)) if id(example.__code__) in words else 0


@cache
def _word_of_bases() -> int:
    """Return which word of a class holds its bases; 0, which never changes, where none does."""
    words = [read_word(id(Words) + at * WORD) for at in range(_WORDS_OF_CLASS)]
    return words.index(id(Words.__bases__)) if id(Words.__bases__) in words else 0


@cache
def layout_is_known() -> bool:
    """Return whether objects have the layout in memory that is expected here."""

    def with_cell() -> object:
        return example

    example: dict[Any, Any] = {"a": object(), "b": object()}
    (cell,) = with_cell.__closure__ or ()
    right = [(cell, _OF_CELL, id(example)), (example, _OF_TYPE, id(dict))]
    if any(read_word(id(item) + at * WORD) != value for item, at, value in right):
        return False
    found = _word_of_code() != 0 and _word_of_bases() != 0
    listed, some = [example], {1}
    right = [(listed, _OF_SIZE, 1), (some, _OF_FILL, 1), (some, _OF_USED, 1), (some, _OF_MASK, 7)]
    found = found and all(read_word(id(item) + at * WORD) == value for item, at, value in right)
    found = found and read_word(read_word(id(listed) + _OF_ITEMS * WORD)) == id(example)
    return found and all(map(_entries_are_known, (example, {1: example, "c": 2})))


def _entries_are_known(found: dict[Any, Any]) -> bool:
    table = read_word(id(found) + _OF_TABLE * WORD)
    if read_word(id(found) + _OF_SIZE * WORD) != len(found) or read_word(table) != 1:
        return False
    first, count = _entries(id(found))
    words = take(memory_of_process(), np.arange(first, first + count)).tolist()
    wanted = [id(each) for pair in found.items() for each in pair]
    return [word for word in words if word in wanted] == wanted


# The functions below are sealed (see seal.py); these names get their values then.
MEMORY: Any = None
OUTER: Any = None
INNER: Any = None
OUTER_BEFORE = b""
INNER_BEFORE = b""


def same() -> bool:
    """Return whether the words are as they were; a dict's table is read only if it still exists."""
    return as_bytes(take(MEMORY, OUTER)) == OUTER_BEFORE and (
        as_bytes(take(MEMORY, INNER)) == INNER_BEFORE
    )


def never() -> bool:
    """Return that nothing is known to be the same."""
    return False


def read() -> bytes:
    """Return the words."""
    return as_bytes(take(MEMORY, OUTER))


SEALED = (same, never, read)
