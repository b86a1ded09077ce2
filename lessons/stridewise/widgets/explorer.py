"""Explorer: one convolution to change, to walk through and to read."""

from __future__ import annotations

from typing import Any

from traitlets import Bool, Enum, List, TraitError, Tuple, default, validate
from traitlets import Int as AnyInt

from stridewise.digits import example_digit
from stridewise.shapes import Padding, output_size
from stridewise.widgets.assets import module, styles
from stridewise.widgets.base import Drawn
from stridewise.widgets.fields import Numbers, Pair, Whole
from stridewise.widgets.static import convolution_html

_LAYER = ("input_size", "kernel_size", "strides", "padding", "dilation_rate")
_LOCKABLE = (*_LAYER, "channels", "filters")
_SMALLEST_IMAGE = 9  # a 3 x 3 kernel at the largest dilation_rate reaches as far


class Explorer(Drawn):
    """One convolution, by Keras's arguments: drawn, walked through and worked out in the browser.

    Sizes are in pixels. A single number stands for height and width alike, as in Keras. In image
    mode (`mode="image"`) the size of `image` and a 3 x 3 kernel stand in for `input_size` and
    `kernel_size`.

    Args:
        input_size: 1 to 32.
        kernel_size: 1 to 11.
        strides: 1 to 8.
        padding: "valid" or "same".
        dilation_rate: 1 to 4.
        channels: Channels of the input, 1 to 512; they count for the parameters.
        filters: 1 to 512; they count for the parameters.
        locked: Names of the arguments above that the page shows but does not let change.
        mode: "sizes", or "image" to see what a kernel does to a digit.
        image: Numbers from 0 to 255, 9 to 32 a side.
        kernel: "edge", "blur", "sharpen" or "own".
        own_kernel: The 3 x 3 weights of "own".
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
    style_sheets = ("base.css", "explorer.css")
    _esm = module(script)
    _css = styles(*style_sheets)
    shown = _LAYER

    input_size = Pair(1, 32, default=10).tag(sync=True)
    kernel_size = Pair(1, 11, default=3).tag(sync=True)
    strides = Pair(1, 8, default=1).tag(sync=True)
    padding = Enum(("valid", "same"), default_value="valid").tag(sync=True)
    dilation_rate = Pair(1, 4, default=1).tag(sync=True)
    channels = Whole(1, 512, default=1).tag(sync=True)
    filters = Whole(1, 512, default=8).tag(sync=True)
    locked = List(Enum(_LOCKABLE)).tag(sync=True)
    rectangular = Bool(help="Whether height and width have controls of their own.").tag(sync=True)
    mode = Enum(("sizes", "image"), default_value="sizes").tag(sync=True)
    image = Numbers(0, 255, (_SMALLEST_IMAGE, 32), [], whole=True).tag(sync=True)
    kernel = Enum(("edge", "blur", "sharpen", "own"), default_value="edge").tag(sync=True)
    own_kernel = Numbers(-100, 100, (3, 3), [[0, 0, 0], [0, 1, 0], [0, 0, 0]]).tag(sync=True)
    show_counts = Bool().tag(sync=True)
    pytorch = Bool().tag(sync=True)
    selected = Tuple(
        Enum(("output", "input")), AnyInt(), AnyInt(), default_value=("output", 0, 0)
    ).tag(sync=True)
    pinned = Bool().tag(sync=True)

    @property
    def output_size(self) -> tuple[int, int]:
        """Height and width of the output."""
        height, width = _output(self._layer())
        return height, width

    def static_html(self) -> str:
        """Return the layer as a picture and a table."""
        return convolution_html(**self._layer(), channels=self.channels, filters=self.filters)

    def _layer(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in _LAYER}

    @default("image")
    def _digit(self) -> list[list[float]]:
        digit: list[list[float]] = example_digit()[5:25, 4:24].tolist()  # without its black rim
        return digit

    @default("rectangular")
    def _axes_differ(self) -> bool:
        return any(len(set(value)) > 1 for value in self._layer().values() if value != self.padding)

    @validate(*_LAYER)
    def _builds(self, proposal: dict[str, Any]) -> Any:
        """Refuse what Keras would not build."""
        _refuse({**self._layer(), proposal["trait"].name: proposal["value"]})
        return proposal["value"]


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
