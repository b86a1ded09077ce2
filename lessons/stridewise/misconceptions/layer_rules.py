"""Wrong rules for the output size that only some layers call for.

They are about dilation, the pixels that a stride skips, pooling, transposed convolutions and layers
of zeros. The lines of working are as in `size_rules`.
"""

from __future__ import annotations

from collections.abc import Sequence

from stridewise.windows import Window

from . import size_formulas
from .misconception import Misconception
from .size_rules import strided


def dilated(windows: Sequence[Window]) -> bool:
    """Return whether a window leaves pixels out."""
    return any(window.dilation_rate > 1 for window in windows)


def _nothing(_before: int, _after: int) -> int:
    return 0


def _transposed(windows: Sequence[Window]) -> bool:
    return any(window.transposed for window in windows)


LAYER_RULES = (
    Misconception(
        id="ignores_dilation",
        name="A dilated kernel is worked as if its pixels touched.",
        leaves_out="Use its reach: (kernel_size - 1) · dilation_rate + 1.",
        question="From its first pixel to its last, how many pixels does the dilated kernel cover?",
        evidence="C",
        working="{undilated}",
        on_axis=size_formulas.ignores_dilation,
        needs=dilated,
    ),
    Misconception(
        id="multiplies_by_dilation",
        name="A kernel of k pixels dilated by d has a reach of k · d pixels.",
        leaves_out="There is no gap after the last pixel: the reach is (k - 1) · d + 1.",
        question="Three posts stand 2 metres apart. How long is the fence?",
        evidence="C",
        working="{stretched}",
        on_axis=size_formulas.multiplies_by_dilation,
        needs=dilated,
    ),
    Misconception(
        id="dilation_as_stride",
        name="Dilation divides the size, as a stride does.",
        leaves_out="Dilation pulls the pixels of a window apart. The window still moves by 1.",
        question="After the first window of a dilated kernel, where does the next one begin?",
        evidence="C",
        working="{divided}",
        on_axis=size_formulas.dilation_as_stride,
        needs=dilated,
    ),
    Misconception(
        id="leaves_out_the_rate",
        name="A dilation_rate of d leaves d pixels out between two that are read.",
        leaves_out="A dilation_rate of d leaves d - 1 pixels out.",
        question="At a rate of 1 the pixels touch. How many are left out at a rate of 2?",
        evidence="C",
        working="{wider}",
        on_axis=size_formulas.leaves_out_the_rate,
        needs=dilated,
    ),
    Misconception(
        id="one_gap",
        name="A dilated kernel has one gap, however many pixels it reads.",
        leaves_out="A kernel of k pixels has k - 1 gaps.",
        question="How many gaps are there between three posts?",
        evidence="C",
        working="{one_gap}",
        on_axis=size_formulas.one_gap,
        needs=dilated,
    ),
    Misconception(
        id="skips_the_stride",
        name="The stride is the number of pixels left out between two windows.",
        leaves_out="A stride of 2 moves the window by 2 pixels.",
        question="With stride 2 and a window at pixel 1, where does the next window begin?",
        evidence="C",
        working="{jumping}",
        on_axis=size_formulas.skips_the_stride,
        needs=strided,
    ),
    Misconception(
        id="pooling_steps_by_one",
        name="Pooling moves by one pixel where no strides are written.",
        leaves_out="Where strides are not written, pooling moves by its pool_size.",
        question="What is the default of strides in MaxPooling2D?",
        evidence="C",
        working="{by_one}",
        on_axis=size_formulas.leaves_the_stride_out,
        pooling="only",
    ),
    Misconception(
        id="pooling_halves",
        name="Pooling halves the size, whatever its window.",
        leaves_out="It halves only with a window of 2 and a stride of 2.",
        question="What would a pooling window of 3 do to a line of 9 pixels?",
        evidence="C",
        working="⌊{n} ÷ 2⌋",
        on_axis=size_formulas.pooling_halves,
        pooling="only",
    ),
    Misconception(
        id="pooling_keeps_size",
        name="Pooling keeps the size of a map.",
        leaves_out="Pooling gives one number for each window.",
        question="How many windows of 2 by 2 stand side by side in a map of 6 by 6?",
        evidence="C",
        working="{n}",
        on_axis=size_formulas.pooling_keeps_the_size,
        pooling="only",
    ),
    Misconception(
        id="transposed_as_convolution",
        name="A transposed convolution is worked like a convolution.",
        leaves_out="A transposed convolution multiplies by the stride; it does not divide.",
        question="Does a transposed convolution make an image larger, or smaller?",
        evidence="C",
        working="{as_convolution}",
        on_axis=size_formulas.as_convolution,
        transposed=True,
        needs=_transposed,
    ),
    Misconception(
        id="zero_padding_keeps_size",
        name="A ZeroPadding layer keeps the size.",
        leaves_out="Its zeros become part of the image for the next layer.",
        question="Draw the image with the zeros around it. How wide is it?",
        evidence="C",
        working="{n}",
        edge=_nothing,
    ),
)
