"""Convolution arithmetic on one axis: where the windows are, and what they read.

Sizes are in pixels, and the names are Keras's. `padding="same"` follows TensorFlow, which puts an
odd zero after: https://www.tensorflow.org/api_docs/python/tf/nn#notes_on_padding_2
"""

from __future__ import annotations

from operator import index
from typing import Literal, NamedTuple, SupportsIndex

Padding = Literal["valid", "same"]


class PadWidths(NamedTuple):
    """Zeros added on one axis."""

    before: int
    after: int


def output_size(
    size: int,
    kernel_size: int,
    strides: int = 1,
    padding: Padding = "valid",
    dilation_rate: int = 1,
) -> int:
    """Return how many windows fit: the steps that can be taken, and the first window.

    Raises:
        ValueError: If a value is impossible, or no window fits.

    >>> output_size(28, kernel_size=3, strides=2, padding="valid")
    13
    >>> output_size(28, kernel_size=3, strides=2, padding="same")
    14
    """
    return _slide(size, kernel_size, strides, padding, dilation_rate).windows


def pad_widths(
    size: int,
    kernel_size: int,
    strides: int = 1,
    padding: Padding = "valid",
    dilation_rate: int = 1,
) -> PadWidths:
    """Return the zeros that `padding` adds; an odd one goes after.

    Raises:
        ValueError: If a value is impossible, or no window fits.

    >>> pad_widths(28, kernel_size=3, strides=2, padding="same")
    PadWidths(before=0, after=1)
    >>> pad_widths(7, kernel_size=3, strides=2, padding="same")
    PadWidths(before=1, after=1)
    """
    return _slide(size, kernel_size, strides, padding, dilation_rate).zeros


def window_starts(
    size: int,
    kernel_size: int,
    strides: int = 1,
    padding: Padding = "valid",
    dilation_rate: int = 1,
) -> tuple[int, ...]:
    """Return the first pixel of each window; it is negative inside the zeros before.

    Raises:
        ValueError: If a value is impossible, or no window fits.

    >>> window_starts(7, kernel_size=3, strides=2, padding="same")
    (-1, 1, 3, 5)
    """
    slide = _slide(size, kernel_size, strides, padding, dilation_rate)
    first = -slide.zeros.before
    return tuple(range(first, first + slide.windows * slide.strides, slide.strides))


def read_counts(
    size: int,
    kernel_size: int,
    strides: int = 1,
    padding: Padding = "valid",
    dilation_rate: int = 1,
) -> tuple[int, ...]:
    """Return how many windows read each pixel of the input; zeros are not counted.

    Raises:
        ValueError: If a value is impossible, or no window fits.

    >>> read_counts(6, kernel_size=3)
    (1, 2, 3, 3, 2, 1)
    """
    starts = window_starts(size, kernel_size, strides, padding, dilation_rate)
    counts = [0] * size
    for start in starts:
        for pixel in range(start, start + kernel_size * dilation_rate, dilation_rate):
            if 0 <= pixel < size:
                counts[pixel] += 1
    return tuple(counts)


def unread_pixels(
    size: int,
    kernel_size: int,
    strides: int = 1,
    padding: Padding = "valid",
    dilation_rate: int = 1,
) -> tuple[int, ...]:
    """Return the pixels of the input, counted from 0, that no window reads.

    Raises:
        ValueError: If a value is impossible, or no window fits.

    >>> unread_pixels(28, kernel_size=3, strides=2)
    (27,)
    >>> unread_pixels(7, kernel_size=1, strides=3)
    (1, 2, 4, 5)
    """
    counts = read_counts(size, kernel_size, strides, padding, dilation_rate)
    return tuple(pixel for pixel, count in enumerate(counts) if count == 0)


class _Slide(NamedTuple):
    """How one kernel slides over one axis."""

    windows: int
    strides: int
    zeros: PadWidths


def _slide(
    size: SupportsIndex,
    kernel_size: SupportsIndex,
    strides: SupportsIndex,
    padding: str,
    dilation_rate: SupportsIndex,
) -> _Slide:
    """Check the five values, and place the windows."""
    size = _positive("size", size)
    kernel_size = _positive("kernel_size", kernel_size)
    strides = _positive("strides", strides)
    dilation_rate = _positive("dilation_rate", dilation_rate)
    span = (kernel_size - 1) * dilation_rate + 1
    if padding == "same":
        windows = -(-size // strides)  # rounds up
        zeros = max((windows - 1) * strides + span - size, 0)
        widths = PadWidths(zeros // 2, zeros - zeros // 2)
    elif padding == "valid":
        if span > size:
            raise ValueError(_too_wide(size, kernel_size, dilation_rate, span))
        windows = (size - span) // strides + 1
        widths = PadWidths(0, 0)
    else:
        raise ValueError(f"padding={padding!r} is not known; use 'valid' or 'same'")
    return _Slide(windows, strides, widths)


def _positive(name: str, value: SupportsIndex) -> int:
    """Return `value` as a plain int, if it is a whole number above zero."""
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        raise ValueError(f"{name}={value!r} is not a whole number; use an int such as 3")
    if index(value) < 1:
        raise ValueError(f"{name}={value!r} is too small; use 1 or more")
    return index(value)


def _too_wide(size: int, kernel_size: int, dilation_rate: int, span: int) -> str:
    spread = f" (spread over {span} pixels by dilation_rate={dilation_rate})"
    return (
        f"kernel_size={kernel_size}{spread if dilation_rate > 1 else ''} does not fit in "
        f"size={size}; use a smaller kernel or padding='same'"
    )
