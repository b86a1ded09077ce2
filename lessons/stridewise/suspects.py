"""Wrong rules behind answers to single items: one size, one window, one answer each.

An item is worth asking where it tells the rules apart that are still suspected.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from stridewise.predictions import Size

from .misconceptions import RULES, Misconception
from .misconceptions.idea import right_size
from .misconceptions.steps import Window


class Item(NamedTuple):
    """One question: the output size on one axis, in Keras's words. Sizes are in pixels.

    >>> Item(21, kernel_size=5, strides=2).answer
    9
    """

    size: int
    kernel_size: int
    strides: int = 1
    padding: str = "valid"
    dilation_rate: int = 1

    @property
    def window(self) -> Window:
        """What slides over the pixels."""
        return Window(*self[1:])

    @property
    def answer(self) -> Size:
        """The right output size."""
        return right_size(self.size, self.window)


ITEM_RULES = tuple(rule for rule in RULES if rule.on_axis and rule.pooling != "only")
"""The rules that speak of one axis and need no network around it."""


def predicted(rule: Misconception, item: Item) -> Size:
    """Return what a learner with this rule answers.

    >>> from .misconceptions import rule
    >>> predicted(rule("same_rounds_down"), Item(7, 3, 2, "same"))
    3
    """
    if rule.on_axis is None:
        raise ValueError(f"{rule.id} needs a whole network; use one of ITEM_RULES")
    return rule.on_axis(item.size, item.window)


def suspects(answers: Sequence[tuple[Item, Size]]) -> tuple[Misconception, ...]:
    """Return the rules that give every one of the answers; () where all are right, or none does.

    >>> [rule.id for rule in suspects([(Item(21, 5, 2), 8), (Item(28, 5, 2, "same"), 13)])]
    ['forgets_plus_one']
    """
    if all(given == item.answer for item, given in answers):
        return ()
    return tuple(
        rule
        for rule in ITEM_RULES
        if all(given == predicted(rule, item) for item, given in answers)
    )


def telling_item(rules: Iterable[Misconception], items: Iterable[Item]) -> Item | None:
    """Return the item that tells `rules` apart best, from each other and from the right answer.

    Of two that are as good the earlier is taken; None where no item tells anything.

    >>> from .misconceptions import rule
    >>> pair = rule("same_rounds_down"), rule("rounds_up")
    >>> telling_item(pair, [Item(28, 3), Item(28, 3, 2, "same"), Item(29, 3, 3, "same")])
    Item(size=29, kernel_size=3, strides=3, padding='same', dilation_rate=1)
    """
    suspected = tuple(rules)
    best, fewest = None, len(suspected) + 1
    for item in items:
        answers = Counter([item.answer, *(predicted(rule, item) for rule in suspected)])
        if max(answers.values()) < fewest:
            best, fewest = item, max(answers.values())
    return best
