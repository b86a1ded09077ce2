"""Where a model differs from the network that was asked for: which layer, and which argument.

Only what changes a shape or a count of parameters is named: an activation does neither.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from .layers import Layer, without_inputs
from .single_layer import keras_line

if TYPE_CHECKING:
    from .network import Network

_MOST = 3
_SHAPING = (
    *("filters", "units", "kernel_size", "pool_size", "strides", "padding", "dilation_rate"),
    *("groups", "depth_multiplier", "use_bias", "output_padding", "size", "cropping"),
    *("target_shape", "dims", "n", "data_format"),
)


def model_differences(model: Network, asked: Network) -> list[str]:
    """Return what differs, in sentences, the first three; [] where every row is as asked for.

    >>> from .lesson_models import lesson_network
    >>> model_differences(lesson_network("same"), lesson_network("stride"))[0]
    'Layer 1 has strides=(1, 1); the lesson asks for strides=(2, 2).'
    """
    mine, wanted = without_inputs(model.layers), without_inputs(asked.layers)
    if _rows(model) == _rows(asked):
        return []
    found = list(_differences(mine, wanted))
    if model.input_shape[1:] != asked.input_shape[1:]:
        have, want = model.input_shape[1:], asked.input_shape[1:]
        found.insert(0, f"The model takes images of shape {have}; the lesson asks for {want}.")
    if not found:
        return ["The layers of the model are not joined as the lesson asks."]
    more = len(found) - _MOST
    others = "1 more differs." if more == 1 else f"{more} more differ."
    return found[:_MOST] + ([others] if more > 0 else [])


def _rows(network: Network) -> list[tuple[object, ...]]:
    rows = without_inputs(network.rows)
    return [(row.type, row.output_shape, row.parameters) for row in rows]


def _differences(mine: list[Layer], wanted: list[Layer]) -> Iterator[str]:
    """Yield the differences, from the first layer on."""
    types = [layer.type for layer in mine], [layer.type for layer in wanted]
    matcher = SequenceMatcher(None, *types, autojunk=False)
    for kind, start, end, first, last in matcher.get_opcodes():
        for place in range(start, max(end, start + last - first)):
            own = mine[place] if place < end else None
            other = first + place - start
            due = wanted[other] if other < last else None
            if kind == "equal" and own and due:
                yield from _arguments(place + 1, own, due)
            elif own and due:
                name = f"Layer {place + 1} is {own.type}"
                yield f"{name}; the lesson asks for {keras_line(due)}."
            elif own:
                yield f"Layer {place + 1}, {own.type}, is one that the lesson does not ask for."
            elif due:
                where = f"after layer {place}" if place else "at the beginning"
                yield f"The lesson asks for {keras_line(due)} {where}; the model has none there."


def _arguments(number: int, own: Layer, due: Layer) -> Iterator[str]:
    """Yield what differs between two layers of one type."""
    keys = [key for key in _SHAPING if own.config.get(key) != due.config.get(key)]
    if keys:
        has = ", ".join(f"{key}={own.config[key]!r}" for key in keys)
        asks = ", ".join(f"{key}={due.config[key]!r}" for key in keys)
        yield f"Layer {number} has {has}; the lesson asks for {asks}."
