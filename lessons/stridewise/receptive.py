"""How much of the input one value of a layer's output can see."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from .layers import UnsupportedLayer
from .windows import Window, field_of, windows_of

if TYPE_CHECKING:
    from .graph import Graph, Member
    from .layers import Layer
    from .network import Network

# Each output value of these comes from the one input value at its place.
_PLACE_BY_PLACE = re.compile(
    r"Activation|ActivityRegularization|BatchNormalization|ELU|Identity|InputLayer|LeakyReLU|PReLU"
    r"|ReLU|Rescaling|(Alpha|Gaussian|)Dropout|GaussianNoise|SpatialDropout[123]D"
    r"|(Cropping|ZeroPadding)[123]D"
)


def receptive_field(network: Network, layer: int | str) -> tuple[int, ...]:
    """Return, for each spatial axis, how many input pixels one output value of a layer can see.

    `layer` is a position in `network.layers`, or a name. Each layer adds (its
    window's span - 1) times the product of all earlier strides.

    Raises:
        ValueError: If there is no such layer.
        UnsupportedLayer: If a layer on the way is no convolution, pooling or pointwise layer.

    >>> from stridewise import lesson_network
    >>> receptive_field(lesson_network("stride"), 2)
    (15, 15)
    """
    axes = len(network.input_shape) - 2
    way = [_windows(link, axes) for link in _way_to(network.graph, _name(network, layer))]
    return tuple(field_of(windows[axis] for windows in way) for axis in range(axes))


def _name(network: Network, layer: int | str) -> str:
    names = [row.name for row in network.rows]
    if isinstance(layer, str):
        if layer not in names:
            raise ValueError(f"no layer has the name {layer!r}; there are {', '.join(names)}")
        return layer
    if not -len(names) <= layer < len(names):
        raise ValueError(f"there is no layer {layer}; there are {len(names)}, counted from 0")
    return names[layer]


def _way_to(graph: Graph, name: str) -> list[Layer]:
    """Return the chain of layers that leads from the input to the layer `name`, which ends it."""
    members = {member.layer.name: member for member in graph.members}
    backwards = list(_back(members, name))
    return backwards[::-1]


def _back(members: dict[str, Member], name: str) -> Iterator[Layer]:
    while name in members:
        member = members[name]
        yield member.layer
        reads = {tensor for call in member.calls for tensor in call}
        if len(reads) > 1:
            raise UnsupportedLayer(f"layer {name!r} has {len(reads)} inputs; this is no chain")
        name = reads.pop().layer if reads else ""


def _windows(link: Layer, axes: int) -> tuple[Window, ...]:
    """Return a layer's window on each axis."""
    windows = windows_of(link)
    if windows:
        return windows
    if _PLACE_BY_PLACE.fullmatch(link.type):
        return (Window(1),) * axes
    raise UnsupportedLayer(f"{link.type} {link.name!r} does not read the input window by window")
