"""The wrong rules for the output size, with their names and questions.

In a line of working, n is the size that is read, k the kernel, s the stride, p the zeros on one
side, z those on both; `steps` is (n - k + z) / s, `floored` the same rounded down. A line
of words continues the sentence "you wrote 26, which is".
"""

from __future__ import annotations

from collections.abc import Sequence

from stridewise.windows import Window

from . import size_formulas
from .misconception import Misconception


def strided(windows: Sequence[Window]) -> bool:
    """Return whether any window moves by more than one pixel."""
    return any(window.strides > 1 for window in windows)


def _of_both_paddings(windows: Sequence[Window]) -> bool:
    return {window.padding for window in windows} >= {"valid", "same"}


def _strided_in_both_paddings(windows: Sequence[Window]) -> bool:
    """Return whether this rule differs from those that name one padding."""
    return _of_both_paddings([window for window in windows if window.strides > 1])


def _before_only(before: int, _after: int) -> int:
    return before


SIZE_RULES = (
    Misconception(
        id="forgets_plus_one",
        name="The size is the number of steps.",
        leaves_out="Add 1 for the first window.",
        question="A window of 3 on a line of 3 pixels takes no step. How many outputs?",
        evidence="L",
        working="{floored}",
        on_axis=size_formulas.forgets_plus_one,
    ),
    Misconception(
        id="minus_one",
        name="The size is the number of steps, less one.",
        leaves_out="Add 1 for the first window; do not take 1 away.",
        question="A window of 3 on a line of 4 pixels can take one step. How many places is that?",
        evidence="T",
        working="{floored} - 1",
        on_axis=size_formulas.minus_one,
    ),
    Misconception(
        id="rounds_up",
        name="A part of a step counts as a whole step.",
        leaves_out="Round the steps down: a step past the end is not taken.",
        question="After the last whole step, is there still room for one more?",
        evidence="L",
        working="⌈{steps}⌉ + 1",
        on_axis=size_formulas.rounds_up,
    ),
    Misconception(
        id="same_rounds_down",
        name='With "same", the size is divided by the stride and rounded down.',
        leaves_out='With "same", round up: pixels left at the end still get a window.',
        question="With stride 2 on pixels 1 to 7, there are windows at 1, 3, 5 and where else?",
        evidence="LT",
        working="⌊{n} ÷ {s}⌋",
        on_axis=size_formulas.same_rounds_down,
    ),
    Misconception(
        id="calls_it_impossible",
        name="A layer is impossible if the division leaves a remainder.",
        leaves_out="Keras rounds down. The pixels that are left are not read.",
        question="What does the window do when the next step would take it past the end?",
        evidence="LT",
        working="no size, because {steps} + 1 = {exact}",
        on_axis=size_formulas.calls_it_impossible,
    ),
    Misconception(
        id="keeps_the_fraction",
        name="The fraction of the division is kept.",
        leaves_out="Round down: half a window gives no output.",
        question="What would half an output pixel be?",
        evidence="L",
        working="{steps} + 1",
        on_axis=size_formulas.keeps_the_fraction,
    ),
    Misconception(
        id="same_keeps_size",
        name='"same" keeps the size, whatever the stride.',
        leaves_out='"same" keeps the size only at stride 1. Divide by the stride.',
        question="If the window moves 2 pixels at a time, can there be an output for every pixel?",
        evidence="T",
        working="{n}",
        on_axis=size_formulas.same_keeps_the_size,
        transposed=True,
    ),
    Misconception(
        id="valid_formula_everywhere",
        name='"same" is worked as if no zeros were added.',
        leaves_out='"same" adds zeros at the edges, so more windows fit.',
        question="Which word in the layer says that zeros are added, and where do they go?",
        evidence="LT",
        working="⌊({n} - {k}) ÷ {s}⌋ + 1",
        on_axis=size_formulas.same_as_valid,
        transposed=True,
    ),
    Misconception(
        id="valid_and_same_exchanged",
        name='"valid" and "same" are exchanged.',
        leaves_out='"valid" adds no zeros; "same" adds zeros.',
        question="Which of the two words keeps the size at stride 1?",
        evidence="L",
        working="{exchanged}",
        on_axis=size_formulas.exchanged,
        transposed=True,
        needs=_of_both_paddings,
    ),
    Misconception(
        id="one_zero_each_side",
        name='"same" adds one zero on each side, whatever the kernel.',
        leaves_out="One zero on each side fits a kernel of 3. A wider kernel needs more.",
        question="How many zeros does a kernel of 5 need so that its middle can be on pixel 1?",
        evidence="T",
        working="⌊({n} - {k} + 2·1) ÷ {s}⌋ + 1",
        on_axis=size_formulas.one_zero_each_side,
    ),
    Misconception(
        id="even_kernel_shrinks",
        name='A kernel of even size cannot be "same": one pixel is lost.',
        leaves_out="TensorFlow then adds one zero more after than before.",
        question="Must there be as many zeros before as after?",
        evidence="TL",
        working="⌊({n} - {k} + 2·{p}) ÷ {s}⌋ + 1",
        on_axis=size_formulas.even_kernel_shrinks,
    ),
    Misconception(
        id="ignores_the_stride",
        name='Every layer is worked as "valid" with a stride of 1.',
        leaves_out="Use the layer's own padding and strides.",
        question="Which two arguments of the layer did you not use?",
        evidence="L",
        working="{n} - {k} + 1",
        on_axis=size_formulas.ignores_the_stride,
        transposed=True,
        needs=strided,
    ),
    Misconception(
        id="leaves_the_stride_out",
        name="Every layer is worked with a stride of 1.",
        leaves_out="Divide by the layer's own stride.",
        question="How many pixels does the window move at each step?",
        evidence="L",
        working="{by_one}",
        on_axis=size_formulas.leaves_the_stride_out,
        needs=_strided_in_both_paddings,
    ),
    Misconception(
        id="subtracts_the_stride",
        name="The stride is subtracted from the size.",
        leaves_out="Divide by the stride: a stride of 2 leaves out every second place.",
        question="In a street of 28 houses, you visit every second one. How many do you visit?",
        evidence="C",
        working="{n} - {s}",
        on_axis=size_formulas.subtracts_the_stride,
        needs=strided,
    ),
    Misconception(
        id="one_inside_the_floor",
        name="The one is added before dividing by the stride.",
        leaves_out="Divide first, then add 1 for the first window.",
        question="Is the 1 in the formula a pixel, or a window?",
        evidence="T",
        working="⌊({n} - {k}{plus_z} + 1) ÷ {s}⌋",
        on_axis=size_formulas.one_inside_the_floor,
    ),
    Misconception(
        id="pads_one_side",
        name="Only the zeros on one side are counted.",
        leaves_out="Count the zeros before and the zeros after.",
        question="Draw the line of pixels with its zeros. How long is it?",
        evidence="L",
        working="⌊({n} - {k} + {p}) ÷ {s}⌋ + 1",
        on_axis=size_formulas.pads_one_side,
        edge=_before_only,
    ),
    Misconception(
        id="pads_a_kernel_each_side",
        name="Each side gets kernel - 1 zeros.",
        leaves_out="Both sides together get that many zeros.",
        question='At stride 1, should "same" give more pixels than it was given?',
        evidence="TC",
        working="⌊({n} - {k} + 2·{z}) ÷ {s}⌋ + 1",
        on_axis=size_formulas.pads_a_kernel_each_side,
    ),
    Misconception(
        id="valid_loses_one",
        name='"valid" costs one pixel, whatever the kernel.',
        leaves_out="A kernel of k costs k - 1 pixels.",
        question="On a line of 28 pixels, where does the last window of 3 begin?",
        evidence="C",
        working="⌈({n} - 1) ÷ {s}⌉",
        on_axis=size_formulas.valid_loses_one,
    ),
    Misconception(
        id="valid_loses_the_kernel",
        name='"valid" costs as many pixels as the kernel is wide.',
        leaves_out="A kernel of k costs k - 1 pixels: the first window gives an output too.",
        question="How many windows of 3 fit on a line of 3 pixels: one, or none?",
        evidence="C",
        working="⌈({n} - {k}) ÷ {s}⌉",
        on_axis=size_formulas.valid_loses_the_kernel,
    ),
    Misconception(
        id="same_by_default",
        name='A "valid" layer is worked as if it were "same".',
        leaves_out='Keras adds no zeros unless padding="same" is written.',
        question="What does Keras do when padding is not written?",
        evidence="T",
        working="⌈{n} ÷ {s}⌉",
        on_axis=size_formulas.same_by_default,
        transposed=True,
    ),
    Misconception(
        id="first_size_again",
        name="Every layer is worked from the network's input.",
        leaves_out="A layer reads what the layer before it gives.",
        question="What does the second layer read: the image, or the output of the first layer?",
        evidence="C",
        working="{from_input}",
        on_step=size_formulas.formula_on_the_input,
    ),
    Misconception(
        id="stops_one_layer_early",
        name="The last convolution changes nothing.",
        leaves_out="Work out the last convolution like the others.",
        question="How many convolutions are there, and how many did you work out?",
        evidence="T",
        working="{n}",
        on_step=size_formulas.stops_one_layer_early,
    ),
    Misconception(
        id="volumes_for_widths",
        name="Areas, not sides, go into the formula.",
        leaves_out="The formula is for one side of the image and of the kernel.",
        question="Along one side, how many pixels has the image, and how many has the kernel?",
        evidence="LT",
        working="⌊({volume} - {reach2}{plus_z}) ÷ {s}⌋ + 1",
        on_step=size_formulas.volumes_for_widths,
    ),
)
