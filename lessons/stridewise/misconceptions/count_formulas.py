"""Wrong counts of a row's parameters; `shape` is the shape that the learner gave the row."""

from __future__ import annotations

from math import prod

from stridewise.windows import Window

from .chain import Answer, RowContext, whole
from .misconception import right_count, right_size

_COLOURS = 3


def no_bias(step: RowContext, _shape: Answer) -> int:
    """Count the weights only."""
    return step.weights()


def dense_no_bias(step: RowContext, _shape: Answer) -> int:
    """Count inputs times units only."""
    return step.channels * step.place.filters


def one_channel(step: RowContext, _shape: Answer) -> int:
    """Let a filter have one kernel, whatever it reads."""
    return step.weights(channels=1) + step.biases


def one_channel_no_bias(step: RowContext, _shape: Answer) -> int:
    """Let a filter have one kernel, and no bias."""
    return step.weights(channels=1)


def one_bias(step: RowContext, _shape: Answer) -> int:
    """Count one bias for the whole layer."""
    return step.weights() + 1


def bias_a_slice(step: RowContext, _shape: Answer) -> int:
    """Count a bias for each slice of each filter."""
    return step.weights() + step.channels * step.maps


def bias_twice(step: RowContext, _shape: Answer) -> int:
    """Count the biases twice."""
    return step.weights() + 2 * step.maps


def at_every_position(step: RowContext, shape: Answer) -> int:
    """Give every place of the window weights of its own."""
    return right_count(step) * prod(map(whole, shape[1:-1]))


def as_dense(step: RowContext, _shape: Answer) -> int:
    """Join every filter to every pixel."""
    pixels = prod(map(whole, step.spatial))
    return step.weights(area=pixels) + step.biases


def one_side_of_the_kernel(step: RowContext, _shape: Answer) -> int:
    """Count the kernel along one side."""
    side = step.place.windows[0].kernel_size
    return step.weights(area=side) + step.biases


def in_colour(step: RowContext, _shape: Answer) -> int:
    """Let the first convolution read three channels."""
    place = step.place
    if not place.first_conv:
        return right_count(step)
    return step.weights(channels=_COLOURS) + step.biases


def divided_by_stride(step: RowContext, _shape: Answer) -> int:
    """Divide by the stride."""
    return right_count(step) // step.place.windows[0].strides


def divided_by_strides(step: RowContext, _shape: Answer) -> int:
    """Divide by the stride of each side."""
    return right_count(step) // prod(window.strides for window in step.place.windows)


def padded_kernel(step: RowContext, _shape: Answer) -> int:
    """Let the kernel grow by the zeros."""
    area = prod(window.kernel_size + window.zeros for window in step.place.windows)
    return step.weights(area=area) + step.biases


def weights_in_the_gaps(step: RowContext, _shape: Answer) -> int:
    """Give the pixels that a dilated kernel leaves out weights, too."""
    area = prod(window.span for window in step.place.windows)
    return step.weights(area=area) + step.biases


def weights_of_the_multiple(step: RowContext, _shape: Answer) -> int:
    """Give a kernel of k pixels dilated by d as many weights as k times d pixels."""
    area = prod(window.kernel_size * window.dilation_rate for window in step.place.windows)
    return step.weights(area=area) + step.biases


def one_filter(step: RowContext, _shape: Answer) -> int:
    """Count one filter for the whole layer."""
    return step.place.area * step.channels + 1


def unmoved(step: RowContext, _shape: Answer) -> int:
    """Count the first Dense as if every convolution were "valid" with a stride of 1."""
    place = step.place
    flat = step.places[place.index - 1].kind == "flatten"
    if not flat or place.index - 1 == 0:
        return right_count(step)
    sizes = step.earlier[0][1:-1]
    for each in step.places[: place.index]:
        if each.windows:
            sizes = tuple(map(_plain, sizes, each.windows))
    channels = whole(step.earlier[place.index - 1][-1])
    return prod(map(whole, sizes)) * channels * place.filters + place.biases


def _plain(size: float | None, window: Window) -> float | None:
    return right_size(whole(size), Window(window.kernel_size, transposed=window.transposed))


def flatten_counts(step: RowContext, shape: Answer) -> int:
    """Give Flatten a parameter for each number."""
    return whole(shape[-1]) if step.place.kind == "flatten" else right_count(step)


def pooling_weighs(step: RowContext, _shape: Answer) -> int:
    """Give pooling a weight for each pixel of its window."""
    pools = step.place.kind == "pool"
    return step.place.area * step.channels if pools else right_count(step)


def pooling_weighs_and_shifts(step: RowContext, _shape: Answer) -> int:
    """Give pooling weights and a bias."""
    pools = step.place.kind == "pool"
    return (step.place.area + 1) * step.channels if pools else right_count(step)


def pooling_weighs_once(step: RowContext, _shape: Answer) -> int:
    """Give pooling one kernel of weights, whatever it reads."""
    return step.place.area if step.place.kind == "pool" else right_count(step)


def pooling_as_convolution(step: RowContext, _shape: Answer) -> int:
    """Count pooling like a convolution that gives as many maps as it reads."""
    pools = step.place.kind == "pool"
    return (step.place.area * step.channels + 1) * step.channels if pools else right_count(step)


def bias_an_input(step: RowContext, _shape: Answer) -> int:
    """Count a bias for each input."""
    return step.channels * step.place.filters + step.channels


def from_the_first_flat_row(step: RowContext, _shape: Answer) -> int:
    """Let every Dense layer read what Flatten gives."""
    flat = next((shape for shape in step.earlier if len(shape) == len(("batch", "numbers"))), None)
    inputs = step.channels if flat is None else whole(flat[-1])
    return inputs * step.place.filters + step.place.biases


def inputs_and_units(step: RowContext, _shape: Answer) -> int:
    """Add inputs and units."""
    return step.channels + step.place.filters


def as_plain_convolution(step: RowContext, _shape: Answer) -> int:
    """Count a depthwise or separable convolution as a plain one that gives as many maps."""
    return step.place.area * step.channels * step.maps + step.biases
