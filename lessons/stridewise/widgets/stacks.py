"""Networks as plain values with Keras's names, in the form that the page uses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stridewise.layers import Layer, layer, without_inputs
from stridewise.lesson_models import lesson_network
from stridewise.network import Network

# The arguments that the page needs of each type of layer.
_DRAWN = {
    "Conv2D": ("filters", "kernel_size", "strides", "padding", "dilation_rate", "use_bias"),
    "MaxPooling2D": ("pool_size", "strides", "padding"),
    "AveragePooling2D": ("pool_size", "strides", "padding"),
    "GlobalAveragePooling2D": (),
    "GlobalMaxPooling2D": (),
    "Flatten": (),
    "Dropout": ("rate",),
    "Dense": ("units", "use_bias"),
}
# What it does not draw, where it is not this.
_PLAIN = {"groups": 1, "data_format": "channels_last", "keepdims": False}
_LESSONS = ("valid", "same", "stride")
_IMAGE = 3  # height, width, channels

Stack = dict[str, Any]


def stack_of(network: Any) -> Stack:
    """Return a network in the page's form.

    Args:
        network: A `Network`, a Keras model or its config, or the name of a lesson's network.

    Raises:
        ValueError: If it does not take an image, branches, or has a layer that cannot be drawn.

    >>> stack_of("stride")["layers"][3]
    {'type': 'Flatten', 'name': 'flatten'}
    """
    named = isinstance(network, str) and network in _LESSONS
    found = lesson_network(network) if named else Network.from_keras(network)
    shape = found.input_shape[1:]
    if len(shape) != _IMAGE or None in shape:
        raise ValueError(f"input_shape={shape} is not an image; give (height, width, channels)")
    layers = [_drawn(one) for one in without_inputs(found.layers)]
    stack = {"name": network if named else found.name, "input_shape": list(shape), "layers": layers}
    if network_of(stack).total_parameters != found.total_parameters:
        raise ValueError(f"network {found.name!r} is not one chain of layers; give a Sequential")
    return stack


def network_of(stack: Mapping[str, Any]) -> Network:
    """Return the network of the page's form.

    Raises:
        ValueError: If a layer does not fit its input.

    >>> network_of(stack_of("stride")).total_parameters
    85770
    """
    layers = layers_of(stack)
    return Network.sequential(layers, stack["input_shape"], name=stack.get("name", "sequential"))


def layers_of(stack: Mapping[str, Any]) -> list[Layer]:
    """Return the layers of the page's form, whether or not they fit one another."""
    layers = []
    for values in stack["layers"]:
        arguments = {k: tuple(v) if isinstance(v, list) else v for k, v in values.items()}
        kind = arguments.pop("type")
        if kind not in _DRAWN:
            raise ValueError(f"{kind} is not drawn; use {', '.join(_DRAWN)}")
        layers.append(layer(kind, **arguments))
    return layers


def _drawn(one: Layer) -> dict[str, Any]:
    """Return the arguments of a layer that the page shows."""
    if one.type not in _DRAWN:
        known = ", ".join(_DRAWN)
        raise ValueError(f"layer {one.name!r} is a {one.type}, which is not drawn; use {known}")
    for argument, plain in _PLAIN.items():
        value = one.config.get(argument, plain)
        if value != plain:
            raise ValueError(f"layer {one.name!r} has {argument}={value!r}, which is not drawn")
    arguments = {name: one.config[name] for name in _DRAWN[one.type]}
    if "pool_size" in arguments:
        arguments["strides"] = arguments["strides"] or arguments["pool_size"]
    plain_values = {k: list(v) if isinstance(v, tuple) else v for k, v in arguments.items()}
    return {"type": one.type, "name": one.name, **plain_values}
