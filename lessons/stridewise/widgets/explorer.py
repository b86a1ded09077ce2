"""Explorer: a widget that shows one convolution or pooling layer window by window."""

from __future__ import annotations

from typing import Any

import numpy as np
from traitlets import Bool, Dict, Enum, List, TraitError, Tuple, default, validate
from traitlets import Int as AnyInt

from stridewise.shapes import Padding, output_size
from stridewise.widgets.assets import module
from stridewise.widgets.base import Drawn
from stridewise.widgets.fields import Numbers, Pair, Whole
from stridewise.widgets.static import convolution_html

_LAYER = ("input_size", "kernel_size", "strides", "padding", "dilation_rate")
_LOCKABLE = (*_LAYER, "channels", "filters", "bias")
_POOLING = ("MaxPooling2D", "AveragePooling2D")
_SOUGHT = ("unread_pixels", "unread_columns", "output_size", "zeros_after")


class Explorer(Drawn):
    """One layer, by Keras's arguments: drawn, walked through and worked out in the browser.

    Sizes are in pixels. A single number is for height and width, as in Keras. The grids show
    small whole numbers: those of `picture`, the weights of `kernel`, and what comes out.

    Args:
        layer: "Conv2D", "MaxPooling2D" or "AveragePooling2D".
        input_size: 1 to 32.
        kernel_size: 1 to 11; for pooling, its pool_size.
        strides: 1 to 8; for pooling, the pool_size unless it is given, as in Keras.
        padding: "valid" or "same".
        dilation_rate: 1 to 4; 1 for pooling.
        channels: Channels of the input, 1 to 512; the numbers of the first four are drawn.
        filters: 1 to 512.
        bias: The bias of the filter that is drawn, -100 to 100.
        locked: Names of the arguments above that the page does not let change.
        picture: "edge", "ramp", "digit" or "own".
        image: Whole numbers from -99 to 255, up to 32 a side: the picture "own". Given alone, it
            sets `picture` and `input_size`.
        kernel: "edge", "sum", "outline" or "own".
        own_kernel: The weights of "own", from -100 to 100.
        channel, filter: Which of several is drawn, from 0.
        filled: Whether every output number shows, or those alone whose window was selected.
        goal: Something to find: one of `{"unread_pixels": 3}`, `{"unread_columns": 2}`,
            `{"output_size": 4}`, `{"zeros_after": 1}`. The page says when it is found, and for how
            many input sizes it would be.
        show_counts: Whether each pixel shows how many windows read it.
        pytorch: Whether PyTorch's equal zeros are laid beside Keras's.
        selected: ("output" or "input", row, column): whose window or outputs are marked.
        pinned: Whether the selection stays when the pointer moves on.

    Raises:
        TraitError: If a value is out of range, or Keras would not build the layer.

    >>> explorer = Explorer(input_size=9, kernel_size=3, strides=2, padding="same")
    >>> explorer.output_size
    (5, 5)
    """

    script = "explorer.js"
    _esm = module(script)
    shown = _LAYER

    layer = Enum(("Conv2D", *_POOLING), default_value="Conv2D").tag(sync=True)
    input_size = Pair(1, 32, default=10).tag(sync=True)
    kernel_size = Pair(1, 11, default=3).tag(sync=True)
    strides = Pair(1, 8, default=1).tag(sync=True)
    padding = Enum(("valid", "same"), default_value="valid").tag(sync=True)
    dilation_rate = Pair(1, 4, default=1).tag(sync=True)
    channels = Whole(1, 512, default=1).tag(sync=True)
    filters = Whole(1, 512, default=8).tag(sync=True)
    locked = List(Enum(_LOCKABLE)).tag(sync=True)
    rectangular = Bool(help="Whether height and width have controls of their own.").tag(sync=True)
    bias = Whole(-100, 100, default=0).tag(sync=True)
    picture = Enum(("edge", "ramp", "digit", "own"), default_value="edge").tag(sync=True)
    image = Numbers(-99, 255, (1, 32), [[0]], whole=True).tag(sync=True)
    kernel = Enum(("edge", "sum", "outline", "own"), default_value="edge").tag(sync=True)
    own_kernel = Numbers(-100, 100, (1, 11), [[1]]).tag(sync=True)
    channel = Whole(0, 511, default=0).tag(sync=True)
    filter = Whole(0, 511, default=0).tag(sync=True)
    filled = Bool().tag(sync=True)
    goal = Dict().tag(sync=True)
    show_counts = Bool().tag(sync=True)
    pytorch = Bool().tag(sync=True)
    selected = Tuple(
        Enum(("output", "input")), AnyInt(), AnyInt(), default_value=("output", 0, 0)
    ).tag(sync=True)
    pinned = Bool().tag(sync=True)

    def __init__(self, **given: Any) -> None:
        if "image" in given:
            given = {"picture": "own", **_sides("input_size", given["image"]), **given}
        if "own_kernel" in given:
            given = {"kernel": "own", **_sides("kernel_size", given["own_kernel"]), **given}
        if given.get("layer") in _POOLING:
            given.setdefault("strides", given.get("kernel_size", 3))
        super().__init__(**given)

    @property
    def output_size(self) -> tuple[int, int]:
        """Height and width of the output."""
        height, width = _output(self._layer())
        return height, width

    def static_html(self) -> str:
        """Return the layer as a picture and a table."""
        weights = None if self.layer in _POOLING else (self.channels, self.filters)
        return convolution_html(self.layer, **self._layer(), weights=weights)

    def _layer(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in _LAYER}

    @default("rectangular")
    def _axes_differ(self) -> bool:
        return any(len(set(value)) > 1 for value in self._layer().values() if value != self.padding)

    @validate("goal")
    def _can_be_sought(self, proposal: dict[str, Any]) -> dict[str, int]:
        """Refuse what the page does not know."""
        goal: dict[str, int] = proposal["value"]
        known = ", ".join(_SOUGHT)
        if len(goal) > 1 or not set(goal) <= set(_SOUGHT):
            raise TraitError(f"goal={goal!r}: give one of {known}")
        if any(isinstance(n, bool) or not isinstance(n, int) or n < 0 for n in goal.values()):
            raise TraitError(f"goal={goal!r}: give a whole number from 0")
        return goal

    @validate(*_LAYER)
    def _builds(self, proposal: dict[str, Any]) -> Any:
        """Refuse what Keras would not build."""
        _refuse({**self._layer(), proposal["trait"].name: proposal["value"]})
        return proposal["value"]


def _sides(name: str, grid: Any) -> dict[str, Any]:
    """Return the height and width of a grid of numbers, where it has them."""
    try:
        height, width = np.shape(grid)
    except ValueError:
        return {}  # its own trait refuses it in words
    return {name: (height, width)}


def _output(layer: dict[str, Any]) -> list[int]:
    padding: Padding = layer["padding"]
    others = ("input_size", "kernel_size", "strides")
    axes = zip(*(layer[name] for name in others), layer["dilation_rate"], strict=True)
    return [output_size(size, k, s, padding, rate) for size, k, s, rate in axes]


def _refuse(layer: dict[str, Any]) -> None:
    """Raise `TraitError` if Keras would not build `layer`."""
    strides, rate = layer["strides"], layer["dilation_rate"]
    if max(strides) > 1 and max(rate) > 1:
        raise TraitError(
            f"Keras refuses strides={strides} together with dilation_rate={rate}; "
            "set one of them back to 1"
        )
    try:
        _output(layer)
    except ValueError as error:
        raise TraitError(str(error)) from None
