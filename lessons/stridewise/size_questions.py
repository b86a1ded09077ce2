"""Questions for one output size along one side, and the wrong rules behind answers to them.

A question is useful where the rules behind the answers so far give different sizes for it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from stridewise.predictions import Size
from stridewise.windows import Window

from .misconceptions import RULES, Misconception
from .misconceptions.misconception import right_size, shows_in


class SizeQuestion(NamedTuple):
    """One question: the output size on one axis, in Keras's words. Sizes are in pixels.

    >>> SizeQuestion(21, kernel_size=5, strides=2).answer
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


_ALL_KINDS = (Window(3, 2, "valid", 2), Window(3, 2, "same", 2))
SIZE_RULES_ALONE = tuple(
    rule for rule in RULES if rule.on_axis and rule.pooling != "only" and shows_in(rule, _ALL_KINDS)
)
"""The rules about one axis that need no network."""


def predicted(rule: Misconception, question: SizeQuestion) -> Size:
    """Return what a learner with this rule answers.

    >>> from .misconceptions import rule
    >>> predicted(rule("same_rounds_down"), SizeQuestion(7, 3, 2, "same"))
    3
    """
    if rule.on_axis is None:
        raise ValueError(f"{rule.id} needs a whole network; use one of SIZE_RULES_ALONE")
    return rule.on_axis(question.size, question.window)


def rules_behind(answers: Sequence[tuple[SizeQuestion, Size]]) -> tuple[Misconception, ...]:
    """Return the rules that give every one of the answers; () where all are right, or none does.

    >>> answers = [(SizeQuestion(21, 5, 2), 8), (SizeQuestion(28, 5, 2, "same"), 13)]
    >>> [rule.id for rule in rules_behind(answers)]
    ['forgets_plus_one']
    """
    if all(given == question.answer for question, given in answers):
        return ()
    windows = [question.window for question, _ in answers]
    return tuple(
        rule
        for rule in SIZE_RULES_ALONE
        if shows_in(rule, windows)
        and all(given == predicted(rule, question) for question, given in answers)
    )


def telling_question(
    rules: Iterable[Misconception], questions: Iterable[SizeQuestion]
) -> SizeQuestion | None:
    """Return the question that tells `rules` apart best, from each other and from the right answer.

    Of two that are as good the earlier is taken; None where no question tells anything.

    >>> from .misconceptions import rule
    >>> pair = rule("same_rounds_down"), rule("rounds_up")
    >>> asked = [(28, 3), (28, 3, 2, "same"), (29, 3, 3, "same")]
    >>> telling_question(pair, [SizeQuestion(*each) for each in asked])
    SizeQuestion(size=29, kernel_size=3, strides=3, padding='same', dilation_rate=1)
    """
    possible = tuple(rules)
    best, fewest = None, len(possible) + 1
    for question in questions:
        answers = Counter([question.answer, *(predicted(rule, question) for rule in possible)])
        if max(answers.values()) < fewest:
            best, fewest = question, max(answers.values())
    return best
