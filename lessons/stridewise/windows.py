"""The windows of a layer on each axis of its input, for all kinds of convolution and pooling.

Receptive fields, wrong rules, drawn networks and practice all use this module.
Sizes are in pixels.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .layers import Layer

_CONVOLUTION = re.compile(r"(Depthwise|Separable)?Conv[123]D")
_TRANSPOSED = re.compile(r"Conv[123]DTranspose")
_POOL = re.compile(r"(Average|Max)Pooling[123]D")


class Window(NamedTuple):
    """What slides over one axis, in Keras's words."""

    kernel_size: int
    strides: int = 1
    padding: str = "valid"
    dilation_rate: int = 1
    transposed: bool = False

    @property
    def span(self) -> int:
        """The pixels from the first that one window reads to the last.

        >>> Window(3, dilation_rate=2).span
        5
        """
        return (self.kernel_size - 1) * self.dilation_rate + 1

    @property
    def zeros(self) -> int:
        """The zeros on both sides together in the formula that learners are given for "same".

        >>> Window(3, strides=2, padding="same").zeros, Window(3, strides=2).zeros
        (2, 0)
        """
        return self.span - 1 if self.padding == "same" else 0


def windows_of(layer: Layer) -> tuple[Window, ...]:
    """Return a layer's window on each spatial axis; () where it reads the input in another way.

    A transposed convolution has none: its windows are on the output.

    >>> from .layers import layer
    >>> windows_of(layer("MaxPooling2D", 2))
    (Window(kernel_size=2, strides=2, padding='valid', dilation_rate=1, transposed=False), \
Window(kernel_size=2, strides=2, padding='valid', dilation_rate=1, transposed=False))
    >>> windows_of(layer("Flatten"))
    ()
    """
    config = layer.config
    if _CONVOLUTION.fullmatch(layer.type):
        kernel, dilation = config["kernel_size"], config["dilation_rate"]
    elif _POOL.fullmatch(layer.type):
        kernel = config["pool_size"]
        dilation = (1,) * len(kernel)
    else:
        return ()
    return _on_each_axis(config, kernel, dilation)


def windows_that_grow(layer: Layer) -> tuple[Window, ...]:
    """Return the windows of a transposed convolution, which are on its output; () of other layers.

    With `output_padding` another rule applies; the result is then ().

    >>> from .layers import layer
    >>> windows_that_grow(layer("Conv1DTranspose", 4, 3, strides=2))[0].transposed
    True
    """
    config = layer.config
    if not _TRANSPOSED.fullmatch(layer.type) or config["output_padding"] is not None:
        return ()
    windows = _on_each_axis(config, config["kernel_size"], config["dilation_rate"])
    return tuple(window._replace(transposed=True) for window in windows)


def _on_each_axis(
    config: Mapping[str, Any], kernel: tuple[int, ...], dilation: tuple[int, ...]
) -> tuple[Window, ...]:
    axes = zip(kernel, config["strides"], dilation, strict=True)
    return tuple(Window(k, s, config["padding"], d) for k, s, d in axes)


def field_of(windows: Iterable[Window]) -> int:
    """Return how many pixels one number after these windows depends on, along one side.

    Each layer adds (span - 1) times the product of all earlier strides.

    >>> field_of([Window(3, strides=2)] * 3)
    15
    """
    field, step = 1, 1
    for window in windows:
        field += (window.span - 1) * step
        step *= window.strides
    return field
