"""A network as a learner computes it: row by row, each from the learner's own numbers before it.

Sizes are in pixels. Shapes are channels-last, the batch first, as Keras shows them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from stridewise.layers import Layer, build
from stridewise.predictions import FormError, Size, items, number_in, shape_in
from stridewise.windows import Window, windows_of, windows_that_grow

if TYPE_CHECKING:
    from stridewise.graph import Graph
    from stridewise.network import Network

Answer = tuple[Size, ...]
Kind = Literal["conv", "depthwise", "separable", "pad", "pool", "flatten", "dense", "other"]
CONVOLUTIONS = frozenset({"conv", "depthwise", "separable"})
SLIDING = CONVOLUTIONS | {"pool"}

_CONV = frozenset(f"Conv{rank}D{kind}" for rank in (1, 2, 3) for kind in ("", "Transpose"))
_DEPTHWISE = frozenset({"DepthwiseConv1D", "DepthwiseConv2D"})
_SEPARABLE = frozenset({"SeparableConv1D", "SeparableConv2D"})
_POOL = frozenset(f"{kind}Pooling{rank}D" for kind in ("Max", "Average") for rank in (1, 2, 3))
_KINDS: dict[str, Kind] = {
    **dict.fromkeys(_CONV, "conv"),
    **dict.fromkeys(_DEPTHWISE, "depthwise"),
    **dict.fromkeys(_SEPARABLE, "separable"),
    **dict.fromkeys((f"ZeroPadding{rank}D" for rank in (1, 2, 3)), "pad"),
    **dict.fromkeys(_POOL, "pool"),
    "Flatten": "flatten",
    "Dense": "dense",
}


@dataclass(frozen=True)
class LayerRow:
    """A row's layer, and its place in the chain; the same for every learner."""

    layer: Layer
    kind: Kind
    windows: tuple[Window, ...]
    index: int
    first_conv: bool
    last_conv: bool

    @cached_property
    def area(self) -> int:
        """The weights of one kernel on one input channel.

        Of a 3 x 3 kernel: 9.
        """
        return prod(window.kernel_size for window in self.windows)

    @property
    def filters(self) -> int:
        """The filters of a convolution, or the units of a dense layer; not of a depthwise one."""
        config = self.layer.config
        return int(config["units"] if self.kind == "dense" else config["filters"])

    @property
    def depth(self) -> int:
        """The maps that a depthwise kernel makes of each channel."""
        return int(self.layer.config.get("depth_multiplier", 1))

    @property
    def has_bias(self) -> bool:
        """Whether a filter or unit has a bias."""
        return bool(self.layer.config.get("use_bias", True))

    @property
    def biases(self) -> int:
        """One a filter or unit, unless the layer has none."""
        return self.filters if self.has_bias else 0

    @cached_property
    def edges(self) -> tuple[tuple[int, int], ...]:
        """The zeros before and after on each axis, of a ZeroPadding layer."""
        padding = self.layer.config["padding"]
        return (tuple(padding),) if isinstance(padding[0], int) else tuple(map(tuple, padding))


@dataclass(frozen=True, slots=True)
class RowContext:
    """One row to be worked: its place, and all that the learner has written so far.

    `earlier` holds the input of the network, then the output of every row before this one;
    `places` all rows of the network.
    """

    place: LayerRow
    earlier: tuple[Answer, ...]
    places: tuple[LayerRow, ...]

    @property
    def before(self) -> Answer:
        """The shape that this row reads."""
        return self.earlier[-1]

    @property
    def spatial(self) -> Answer:
        """The sizes that this row reads, without batch and channels."""
        return self.before[1:-1]

    @property
    def channels(self) -> int:
        """The channels that each filter reads; for a dense layer, its inputs."""
        groups = self.place.layer.config.get("groups", 1) if self.place.kind == "conv" else 1
        return whole(self.before[-1]) // int(groups)

    @property
    def maps(self) -> int:
        """The maps that a convolution gives."""
        place = self.place
        return self.channels * place.depth if place.kind == "depthwise" else place.filters

    @property
    def biases(self) -> int:
        """One for each map or unit, unless the layer has none."""
        return self.maps if self.place.has_bias else 0

    def weights(self, area: int | None = None, channels: int | None = None) -> int:
        """Return the weights of a convolution, with another kernel or other channels if given."""
        place = self.place
        area = place.area if area is None else area
        channels = self.channels if channels is None else channels
        if place.kind == "conv":
            return area * channels * place.filters
        each = area * channels * place.depth
        return each if place.kind == "depthwise" else each + channels * place.depth * place.filters


@dataclass(frozen=True, slots=True)
class Work:
    """The result of a row: its output shape and its parameters."""

    shape: Answer
    parameters: int


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a learner answers, row by row; None is a row that is not answered.

    >>> Prediction.read(shapes=[(None, 26, 26, 32), ...], parameters=...)
    Prediction(shapes=((None, 26, 26, 32), None), parameters=())
    """

    shapes: tuple[Answer | None, ...] = ()
    parameters: tuple[Size, ...] = ()

    @classmethod
    def read(cls, shapes: Any = ..., parameters: Any = ...) -> Prediction:
        """Read what a learner typed; what is not a shape or a number counts as not answered.

        Numbers that are not whole stay: 14.5 may be what a wrong rule gives.
        """
        return cls(
            tuple(map(shape_in, _rows(shapes))),
            tuple(map(number_in, _rows(parameters))),
        )


class Chain(NamedTuple):
    """A network whose every row reads the row before it."""

    start: Answer
    places: tuple[LayerRow, ...]

    def step(self, index: int, shapes: Sequence[Answer]) -> RowContext:
        """Return the step of row `index`, after the rows in `shapes`."""
        return RowContext(self.places[index], (self.start, *shapes[:index]), self.places)


def chain_of(network: Network) -> Chain | None:
    """Return the network as a chain of rows; None where it is not one or a size is not fixed."""
    if not _one_after_the_other(network.graph) or None in network.input_shape[1:]:
        return None
    layers = network.layers
    convs = [index for index, layer in enumerate(layers) if _kind(layer) in CONVOLUTIONS]
    places = tuple(
        LayerRow(
            layer,
            _kind(layer),
            windows_of(layer) or windows_that_grow(layer) if _kind(layer) in SLIDING else (),
            index,
            first_conv=index == min(convs, default=-1),
            last_conv=index == max(convs, default=-1),
        )
        for index, layer in enumerate(layers)
    )
    return Chain(network.input_shape, places)


def right(step: RowContext) -> Work | None:
    """Return the right result of a row, given the rows before it; None where nothing fits.

    After a learner's earlier mistake, the layer may not fit its input.
    """
    if step.place.layer.type == "InputLayer":
        return Work(step.before, 0)
    if any(isinstance(size, float) for size in step.before):
        return None
    try:
        effect = build(step.place.layer, step.before)  # type: ignore[arg-type] # no floats here
    except ValueError:
        return None
    return Work(effect.output_shape, effect.trainable + effect.non_trainable)


def whole(size: Size) -> int:
    """Return a size as a whole number; none at all counts as nothing.

    >>> whole(7.5), whole(None)
    (7, 0)
    """
    return 0 if size is None else int(size)


def _one_after_the_other(graph: Graph) -> bool:
    """Return whether every layer reads the layer before it, once, and nothing else."""
    due: list[list[str]] = []  # the first is the input, which reads nothing
    for member in graph.members:
        reads = [[tensor.layer for tensor in call] for call in member.calls]
        if member.inner is not None or reads != due:
            return False
        due = [[member.layer.name]]
    return True


def _kind(layer: Layer) -> Kind:
    kind = _KINDS.get(layer.type, "other")
    config = layer.config
    unusual = config.get("data_format") == "channels_first" or config.get("padding") == "causal"
    if layer.type.endswith("Transpose") and not windows_that_grow(layer):
        return "other"  # its size follows `output_padding`
    return "other" if unusual and kind in SLIDING | {"pad"} else kind


def _rows(answer: Any) -> list[Any]:
    try:
        return items(answer)
    except FormError:
        return []
