"""The axes of a shape: which are spatial, and which holds the channels."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from stridewise.shapes import Padding, output_size

from .rule import Shape


class Axes(NamedTuple):
    """A shape, taken apart."""

    batch: int | None
    spatial: Shape
    channels: int | None


def take_apart(shape: Shape, rank: int, data_format: str) -> Axes:
    """Return the batch, the `rank` spatial axes and the channels of `shape`.

    Raises:
        ValueError: If the shape has another number of axes.
    """
    if len(shape) != rank + 2:
        raise ValueError(f"takes an input of {rank + 2} axes, got {len(shape)}: {shape}")
    if data_format == "channels_first":
        return Axes(shape[0], shape[2:], shape[1])
    return Axes(shape[0], shape[1:-1], shape[-1])


def put_together(
    batch: int | None, spatial: Iterable[int | None], channels: int | None, data_format: str
) -> Shape:
    """Return the shape that has these axes."""
    if data_format == "channels_first":
        return (batch, channels, *spatial)
    return (batch, *spatial, channels)


def known(size: int | None, what: str) -> int:
    """Return `size`, which a layer must know before it can make its weights.

    Raises:
        ValueError: If it is None.
    """
    if size is None:
        raise ValueError(f"needs to know {what}, which is None here")
    return size


def known_axis(shape: Shape, axis: int) -> int:
    """Return the size of one axis of `shape`, counted from the end where `axis` is negative.

    Raises:
        ValueError: If there is no such axis, or its size varies.
    """
    if not -len(shape) <= axis < len(shape):
        raise ValueError(f"axis={axis} is not an axis of {shape}")
    return known(shape[axis], f"axis {axis} of {shape}")


def slide(
    size: int | None, kernel_size: int, strides: int, padding: str, dilation_rate: int = 1
) -> int | None:
    """Return the output size of one axis; where the input varies, so does the output."""
    if size is None:
        return None
    rule: Padding = "valid" if padding == "valid" else "same"  # "causal" pads as much as "same"
    return output_size(size, kernel_size, strides, rule, dilation_rate)
