"""The zeros that "same" adds and where they go: the rule, and wrong rules that people use.

Sizes are in pixels, along one side.
"""

from __future__ import annotations

from typing import cast

from stridewise.shapes import Padding, output_size, pad_widths
from stridewise.size_questions import SizeQuestion

from .ideas import SmallIdea


def right_zeros(item: SizeQuestion) -> tuple[int, int]:
    """Return the zeros before and after.

    >>> right_zeros(SizeQuestion(28, 3, 2, "same"))
    (0, 1)
    """
    size, kernel_size, strides, padding, dilation_rate = item
    asked = cast("Padding", padding)
    return (*pad_widths(size, kernel_size, strides, asked, dilation_rate),)


def zeros_working(item: SizeQuestion) -> str:
    """Return how many zeros there are, and where they go, worked in one line.

    >>> zeros_working(SizeQuestion(28, 3, 2, "same"))
    '(14 - 1) · 2 + 3 - 28 = 1, the odd one after'
    """
    size, kernel_size, strides, padding, dilation_rate = item
    asked, (before, after) = cast("Padding", padding), right_zeros(item)
    windows = output_size(size, kernel_size, strides, asked, dilation_rate)
    where = ", the odd one after" if before != after else ", half of them at each end"
    reach = item.window.span
    needed = (windows - 1) * strides + reach - size
    if needed <= 0:
        return "no window goes past the end: none"
    return f"({windows} - 1) · {strides} + {reach} - {size} = {needed}{where}"


def _unstrided(item: SizeQuestion) -> tuple[int, int]:
    return right_zeros(item._replace(strides=1))


def _all_zeros(item: SizeQuestion) -> int:
    return sum(right_zeros(item))


def _reach_less_one(item: SizeQuestion) -> int:
    return item.window.span - 1 if item.padding == "same" else 0


ZERO_IDEAS: tuple[SmallIdea[SizeQuestion], ...] = (
    SmallIdea(
        id="odd_zero_before",
        name="The odd zero goes before the pixels.",
        leaves_out="TensorFlow puts it after: at the right, and at the bottom.",
        question="Past which end does the last window go?",
        evidence="T",
        answer=lambda item: right_zeros(item)[::-1],
    ),
    SmallIdea(
        id="zeros_of_stride_one",
        name="There are as many zeros as a stride of 1 needs.",
        leaves_out="With a larger stride, the last window may need fewer zeros.",
        question="Where does the last window start, and how many pixels past the end does it go?",
        evidence="LT",
        answer=_unstrided,
    ),
    SmallIdea(
        id="zeros_evenly",
        name="There are as many zeros before as after: an odd one is made two.",
        leaves_out="Only the zeros that the last window needs are added. Their number may be odd.",
        question="What would Keras do with a second zero that no window needs?",
        evidence="T",
        answer=lambda item: (-(-_all_zeros(item) // 2),) * 2,
    ),
    SmallIdea(
        id="odd_zero_left_out",
        name="There are as many zeros before as after: an odd one is left out.",
        leaves_out="The last window needs every zero, the odd one too.",
        question="Without that zero, could the last window still be read to its end?",
        evidence="C",
        answer=lambda item: (_all_zeros(item) // 2,) * 2,
    ),
    SmallIdea(
        id="no_zeros",
        name="No zeros are added.",
        leaves_out='"same" adds the zeros that the last window needs past the end.',
        question="Where does the last window start, and where does it end?",
        evidence="LT",
        answer=lambda _: (0, 0),
    ),
    SmallIdea(
        id="zeros_all_after",
        name="All the zeros go after the pixels.",
        leaves_out="Share them between the two ends. Only an odd one goes after.",
        question="Must the first window start on the first pixel?",
        evidence="C",
        answer=lambda item: (0, _all_zeros(item)),
    ),
    SmallIdea(
        id="all_zeros_each_side",
        name="Each end gets all the zeros that are needed.",
        leaves_out="Share the zeros between the two ends.",
        question="How long is the line of pixels with its zeros, and how long must it be?",
        evidence="TC",
        answer=lambda item: (_all_zeros(item),) * 2,
    ),
    SmallIdea(
        id="a_kernel_each_side",
        name="Each end gets kernel - 1 zeros.",
        leaves_out="Share them between the two ends; a stride may need fewer.",
        question="How long is the line of pixels with its zeros, and how long must it be?",
        evidence="TC",
        answer=lambda item: (_reach_less_one(item),) * 2,
    ),
)
