"""Receptive fields: how many input pixels an output value depends on, and zeros of padding."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from .layers import UnsupportedLayer
from .shapes import Padding, window_starts
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
_CHANGES_THE_EDGE = re.compile(r"(Cropping|ZeroPadding)[123]D")


def receptive_field(network: Network, layer: int | str) -> tuple[int, ...]:
    """Return, for each spatial axis, how many input pixels an output value depends on.

    `layer` is a position in `network.layers`, or a name. Each layer adds (its
    window's span - 1) times the product of all earlier strides.

    Raises:
        ValueError: If there is no such layer.
        UnsupportedLayer: If a layer on the way is not a convolution, pooling or pointwise layer.

    >>> from stridewise import lesson_network
    >>> receptive_field(lesson_network("stride"), 2)
    (15, 15)
    """
    axes = len(network.input_shape) - 2
    way = [_windows(link, axes) for link in _way_to(network.graph, _name(network, layer))]
    return tuple(field_of(windows[axis] for windows in way) for axis in range(axes))


def sees_padding(network: Network, layer: int | str) -> tuple[tuple[bool, ...], ...]:
    """Return, for each spatial axis, which places along it depend on zeros of padding.

    Zeros that an earlier layer added count too. A value depends on zeros where its row or its
    column does. Pooling adds no zeros: it leaves out what is past the edge.

    Raises:
        ValueError: If there is no such layer, or a size is not known.
        UnsupportedLayer: If a layer on the way is not a convolution, pooling or pointwise layer, or
            adds or cuts pixels by itself.

    >>> from stridewise import lesson_network
    >>> sees_padding(lesson_network("stride"), 2)[0]
    (True, False, False, True)
    """
    sizes = network.input_shape[1:-1]
    way = list(_way_to(network.graph, _name(network, layer)))
    return tuple(_axis_sees_padding(way, axis, len(sizes), size) for axis, size in enumerate(sizes))


def pixels_read(network: Network, layer: int | str) -> tuple[tuple[tuple[int, ...], ...], ...]:
    """Return, for each spatial axis, the input pixels that each place along it depends on.

    Zeros of padding are left out, so a place at the edge has fewer pixels. A value depends on the
    pixels whose row and column are both named.

    Raises:
        ValueError, UnsupportedLayer: As `sees_padding` does.

    >>> from stridewise import lesson_network
    >>> pixels_read(lesson_network("same"), 0)[0][:2]
    ((0, 1), (0, 1, 2))
    """
    sizes = network.input_shape[1:-1]
    way = list(_way_to(network.graph, _name(network, layer)))
    return tuple(_axis_pixels(way, axis, len(sizes), size) for axis, size in enumerate(sizes))


def _axis_pixels(
    way: list[Layer], axis: int, axes: int, size: int | None
) -> tuple[tuple[int, ...], ...]:
    seen = [{pixel} for pixel in range(size or 0)]
    for _, windows in _places(way, axis, axes, size):
        inside = range(len(seen))
        seen = [
            set().union(*(seen[place] for place in window if place in inside)) for window in windows
        ]
    return tuple(tuple(sorted(each)) for each in seen)


def _axis_sees_padding(
    way: list[Layer], axis: int, axes: int, size: int | None
) -> tuple[bool, ...]:
    seen = (False,) * (size or 0)
    for link, windows in _places(way, axis, axes, size):
        zeros = not link.type.endswith(("Pooling1D", "Pooling2D", "Pooling3D"))
        seen = tuple(
            any(seen[place] if 0 <= place < len(seen) else zeros for place in window)
            for window in windows
        )
    return seen


def _places(
    way: list[Layer], axis: int, axes: int, size: int | None
) -> Iterator[tuple[Layer, list[range]]]:
    """Yield each layer with what each of its places reads of the layer before, zeros included."""
    if size is None:
        raise ValueError("the size of the input is not known; give it in keras.Input")
    for link in way:
        if _CHANGES_THE_EDGE.fullmatch(link.type):
            raise UnsupportedLayer(f"{link.type} {link.name!r} adds or cuts pixels by itself")
        window = _windows(link, axes)[axis]
        starts = window_starts(size, *_arguments(window))
        yield link, [range(one, one + window.span, window.dilation_rate) for one in starts]
        size = len(starts)


def _arguments(window: Window) -> tuple[int, int, Padding, int]:
    if window.padding not in {"valid", "same"}:
        raise UnsupportedLayer(f"padding={window.padding!r} is not a padding of maps")
    padding: Padding = "same" if window.padding == "same" else "valid"
    return window.kernel_size, window.strides, padding, window.dilation_rate


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
            raise UnsupportedLayer(f"layer {name!r} has {len(reads)} inputs; this is not a chain")
        name = reads.pop().layer if reads else ""


def _windows(link: Layer, axes: int) -> tuple[Window, ...]:
    """Return a layer's window on each axis."""
    windows = windows_of(link)
    if windows:
        return windows
    if _PLACE_BY_PLACE.fullmatch(link.type):
        return (Window(1),) * axes
    raise UnsupportedLayer(f"{link.type} {link.name!r} does not read the input window by window")
