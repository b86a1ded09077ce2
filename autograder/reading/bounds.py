"""The limits of reading, and the two exceptions that stop it.

Reading gives exactly Python's value or none, and is cheap for every input. Sizes are counted in
items: an int, a character, or an element of a list is one item.
"""

from __future__ import annotations

from itertools import islice
from typing import Any

MOST_STEPS = 200_000
"""Steps for one notebook, and for one call of a function that was read."""
MOST_ITEMS = 10_000
"""Items in one value, with everything inside it."""
MOST_KEYS = 1_000
"""Keys in one dict: so few that keys with equal hashes cost little."""
MOST_BITS = 4_096
"""Bits in one int."""
DEEPEST = 120
"""Levels of nesting, of all kinds together: brackets, lists in lists, calls in calls."""
PLAIN = frozenset({type(None), bool, int, float, str, type(...), tuple, list, dict})
"""The types of plain values; compared with `type(x)`, so a subclass is not one."""


LAZY = frozenset(
    {range, zip, enumerate, reversed, type({}.keys()), type({}.values()), type({}.items())}
)
"""Plain too, but only to loop over."""
_ONE_ITEM = LAZY | (PLAIN - {int, str, list, tuple, dict})


class Unreadable(Exception):  # noqa: N818 - no error: the notebook is run instead
    """The value is not certain without running the notebook."""


class Raised(Exception):  # noqa: N818 - it carries another's error
    """Python would raise `error` here; the rest of the cell is not executed."""

    def __init__(self, error: Exception) -> None:
        super().__init__(error)
        self.error = error


class Fuel:
    """A limit on the steps of an evaluation: the steps that are left.

    >>> fuel = Fuel(10)
    >>> fuel.burn(4)
    >>> fuel.left
    6
    """

    __slots__ = ("left",)

    def __init__(self, steps: int = MOST_STEPS) -> None:
        self.left = steps

    def burn(self, steps: int = 1) -> None:
        """Use up `steps`.

        Raises:
            Unreadable: When fewer are left.
        """
        self.left -= steps
        if self.left < 0:
            raise Unreadable("it takes more steps than reading allows")


def weight(value: Any, level: int = 0) -> int:
    """Count the items of a value; a part that is in it twice counts twice.

    Raises:
        Unreadable: When there are more than reading allows, it contains itself, or it contains
            something other than plain values.

    >>> weight([1, (2, 3), "four"])
    10
    """
    kind = type(value)
    if kind is int:  # the most frequent kinds first: every value is counted many times
        refuse_above(MOST_BITS, value.bit_length())
        return 1
    if kind is str:
        refuse_above(MOST_ITEMS, len(value))
        return 1 + len(value)
    if kind in _ONE_ITEM:
        return 1
    if level > DEEPEST:
        raise Unreadable("it has too many levels of nested lists")
    if kind is list or kind is tuple:
        return _sum_of(value, level)
    if kind is dict:
        refuse_above(MOST_KEYS, len(value))
        return _sum_of([*value.keys(), *value.values()], level)
    raise Unreadable("it works on something other than numbers, text and lists")


def take(items: Any, fuel: Fuel) -> list[Any]:
    """Return the items of an iterator as a list, and use up a step for each.

    Raises:
        Unreadable: When there are more than reading allows.
    """
    taken = list(islice(items, MOST_ITEMS + 1))
    fuel.burn(len(taken))
    refuse_above(MOST_ITEMS, len(taken))
    return taken


def _sum_of(items: Any, level: int) -> int:
    """Count a container and its content; stop as soon as it is too much."""
    total = 1
    for item in items:
        total += weight(item, level + 1)
        refuse_above(MOST_ITEMS, total)
    return total


def refuse_above(most: int, size: int) -> None:
    """Refuse a size above `most`.

    Raises:
        Unreadable: When it is.
    """
    if size > most:
        raise Unreadable("it is larger than reading allows")
