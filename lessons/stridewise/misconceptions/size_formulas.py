"""Wrong rules for the output size, on one axis. `n` is the input size, `w` what slides over it."""

from __future__ import annotations

from math import ceil, floor, prod

from stridewise.predictions import Size
from stridewise.windows import Window

from .chain import RowContext, whole
from .misconception import right_size


def forgets_plus_one(n: float, w: Window) -> Size:
    """Count the steps, and not the first window: 28 becomes 25 under a kernel of 3."""
    return floor((n - w.span + w.zeros) / w.strides)


def minus_one(n: float, w: Window) -> Size:
    """Take one away where one is added: 28 becomes 24 under a kernel of 3."""
    return floor((n - w.span + w.zeros) / w.strides) - 1


def rounds_up(n: float, w: Window) -> Size:
    """Round the steps up: 28 becomes 15 under a kernel of 3 at stride 2, "same"."""
    return ceil((n - w.span + w.zeros) / w.strides) + 1


def same_rounds_down(n: float, w: Window) -> Size:
    """Divide and round down under "same": 7 becomes 3 at stride 2."""
    return floor(n / w.strides) if w.padding == "same" else right_size(n, w)


def calls_it_impossible(n: float, w: Window) -> Size:
    """Give no size where the division leaves a remainder."""
    steps = (n - w.span + w.zeros) / w.strides
    return whole(steps) + 1 if steps.is_integer() else None


def keeps_the_fraction(n: float, w: Window) -> Size:
    """Keep the fraction of the division: 28 becomes 14.5 at stride 2."""
    size = (n - w.span + w.zeros) / w.strides + 1
    return int(size) if float(size).is_integer() else size


def same_keeps_the_size(n: float, w: Window) -> Size:
    """Keep the size under "same" whatever the stride: 28 stays 28."""
    return n if w.padding == "same" else right_size(n, w)


def same_as_valid(n: float, w: Window) -> Size:
    """Work "same" as if it were "valid"."""
    return right_size(n, w._replace(padding="valid"))


def exchanged(n: float, w: Window) -> Size:
    """Work "valid" as "same", and "same" as "valid"."""
    return right_size(n, w._replace(padding="valid" if w.padding == "same" else "same"))


def as_convolution(n: float, w: Window) -> Size:
    """Work a transposed convolution like a convolution."""
    return right_size(n, w._replace(transposed=False))


def one_zero_each_side(n: float, w: Window) -> Size:
    """Let "same" mean one zero each side, whatever the kernel: 32 becomes 14 (k=8, s=2)."""
    zeros = 2 if w.padding == "same" else 0
    return floor((n - w.span + zeros) / w.strides) + 1


def even_kernel_shrinks(n: float, w: Window) -> Size:
    """Put half of the kernel, rounded down, on each side: an even kernel loses a pixel."""
    zeros = 2 * ((w.span - 1) // 2) if w.padding == "same" else 0
    return floor((n - w.span + zeros) / w.strides) + 1


def ignores_the_stride(n: float, w: Window) -> Size:
    """Work every layer as if it were "valid" with a stride of 1."""
    return right_size(n, w._replace(strides=1, padding="valid"))


def leaves_the_stride_out(n: float, w: Window) -> Size:
    """Use the padding, but a stride of 1: "valid" makes 26 of 28, "same" 28."""
    return right_size(n, w._replace(strides=1))


def subtracts_the_stride(n: float, w: Window) -> Size:
    """Subtract the stride where one divides by it: 28 becomes 26 at stride 2."""
    return right_size(n, w) if w.strides == 1 else n - w.strides


def one_inside_the_floor(n: float, w: Window) -> Size:
    """Add the one before dividing: 7 becomes 3 at stride 2, "same"."""
    return floor((n - w.span + w.zeros + 1) / w.strides)


def pads_one_side(n: float, w: Window) -> Size:
    """Count only the zeros on one side: 28 becomes 27 under a kernel of 3, "same"."""
    return floor((n - w.span + w.zeros // 2) / w.strides) + 1


def pads_a_kernel_each_side(n: float, w: Window) -> Size:
    """Put k - 1 zeros on each side: 28 becomes 30 under a kernel of 3, "same"."""
    return floor((n - w.span + 2 * w.zeros) / w.strides) + 1


def valid_loses_one(n: float, w: Window) -> Size:
    """Let "valid" cost one pixel whatever the kernel: 28 becomes 27."""
    return right_size(n, w) if w.padding == "same" else floor((n - 2) / w.strides) + 1


def valid_loses_the_kernel(n: float, w: Window) -> Size:
    """Let "valid" cost as many pixels as the kernel has: 28 becomes 25."""
    if w.padding == "same":
        return right_size(n, w)
    return floor((n - w.span - 1) / w.strides) + 1


def same_by_default(n: float, w: Window) -> Size:
    """Take "valid", Keras's default, for "same": 28 stays 28."""
    return right_size(n, w._replace(padding="same"))


def ignores_dilation(n: float, w: Window) -> Size:
    """Work a dilated kernel as if its pixels touched."""
    return right_size(n, w._replace(dilation_rate=1))


def multiplies_by_dilation(n: float, w: Window) -> Size:
    """Let a kernel of k pixels dilated by d reach over k times d pixels."""
    return right_size(n, w._replace(kernel_size=w.kernel_size * w.dilation_rate, dilation_rate=1))


def dilation_as_stride(n: float, w: Window) -> Size:
    """Let dilation divide as a stride does: 26 becomes 12 under a kernel of 3 dilated by 2."""
    return right_size(n, w._replace(strides=w.strides * w.dilation_rate, dilation_rate=1))


def leaves_out_the_rate(n: float, w: Window) -> Size:
    """Let a rate of d leave d pixels out, not d - 1: a kernel of 3 dilated by 2 spans 7."""
    if w.dilation_rate == 1:
        return right_size(n, w)
    return right_size(n, w._replace(dilation_rate=w.dilation_rate + 1))


def one_gap(n: float, w: Window) -> Size:
    """Let a dilated kernel have one gap: a kernel of 3 dilated by 2 spans 4."""
    span = w.kernel_size + w.dilation_rate - 1
    return right_size(n, w._replace(kernel_size=span, dilation_rate=1))


def skips_the_stride(n: float, w: Window) -> Size:
    """Take the stride for the pixels jumped over, so that 2 moves the window by 3."""
    return right_size(n, w) if w.strides == 1 else right_size(n, w._replace(strides=w.strides + 1))


def pooling_halves(n: float, _w: Window) -> Size:
    """Let pooling halve the size, whatever its window."""
    return floor(n / 2)


def pooling_keeps_the_size(n: float, _w: Window) -> Size:
    """Let as many numbers come out of pooling as went in."""
    return n


def formula_on_the_input(step: RowContext, axis: int) -> Size:
    """Apply the rule to the network's input in every row: 26, 26, 26."""
    size = step.earlier[0][1 + axis]
    return None if size is None else right_size(size, step.place.windows[axis])


def stops_one_layer_early(step: RowContext, axis: int) -> Size:
    """Leave the last convolution out: its row repeats the one before."""
    size = step.spatial[axis]
    if size is None or step.place.last_conv:
        return size
    return right_size(size, step.place.windows[axis])


def volumes_for_widths(step: RowContext, axis: int) -> Size:
    """Put pixel counts into the formula of one side: 784 and 9 for 28 and 3."""
    size, window = step.spatial[axis], step.place.windows[axis]
    if step.place.index == 0:
        size = prod(map(whole, step.spatial))
    kernel = prod(each.span for each in step.place.windows)
    return floor((whole(size) - kernel + window.zeros) / window.strides) + 1


COMMON = (
    same_rounds_down,
    valid_loses_one,
    valid_loses_the_kernel,
    calls_it_impossible,
    rounds_up,
    one_inside_the_floor,
    pads_one_side,
    same_by_default,
    same_as_valid,
    pads_a_kernel_each_side,
    same_keeps_the_size,
    ignores_the_stride,
    forgets_plus_one,
    minus_one,
)
"""The fourteen size rules that a network drawn for a student tells apart; first the hardest to."""
