"""One layer by itself: its output shape, and its line of Keras."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .layers import Layer, Shape, layer, layer_of
from .layers.registry import RULES
from .layers.rule import REQUIRED
from .network import Network
from .predictions import FormError, quote

if TYPE_CHECKING:
    from collections.abc import Iterable


def output_of(answer: Any, input_shape: Iterable[int | None]) -> Shape:
    """Return the output shape, batch first, of one layer on an input without its batch.

    `answer` is a Keras layer, anything with its `class_name` and `config`, or a dict of the
    arguments of Conv2D.

    Raises:
        FormError: If it is none of these, or does not fit the input.

    >>> output_of({"filters": 8, "kernel_size": 3}, (28, 28, 1))
    (None, 26, 26, 8)
    """
    try:
        network = Network.sequential([_one_layer(answer)], input_shape=input_shape)
    except (TypeError, ValueError) as error:
        raise FormError(str(error)) from error
    return network.rows[-1].output_shape


def keras_line(layer_: Layer) -> str:
    """Return the Keras call that makes a layer, with the arguments that are not the default.

    >>> keras_line(layer("Conv2D", 8, kernel_size=3, padding="same"))
    "Conv2D(8, kernel_size=(3, 3), padding='same')"
    """
    written: list[str] = []
    for key, argument in RULES[layer_.type].arguments.items():
        value = layer_.config[key]
        if argument.default is REQUIRED and not written:
            written.append(repr(value))
        elif argument.default is REQUIRED or value != argument.read(argument.default):
            written.append(f"{key}={value!r}")
    return f"{layer_.type}({', '.join(written)})"


def keras_lines(network: Network) -> str:
    """Return a sequential network as Keras lines: its input, then a line for each layer.

    Each ends in a comma, so that they can be copied into `keras.Sequential([...])`.

    >>> from stridewise import lesson_network
    >>> print(keras_lines(lesson_network("valid")).splitlines()[0])
    keras.Input(shape=(28, 28, 1)),
    """
    first = f"keras.Input(shape={network.input_shape[1:]!r})"
    return "\n".join(f"{line}," for line in [first, *map(keras_line, network.layers)])


def _one_layer(answer: Any) -> Layer:
    """Read an answer as a layer."""
    if isinstance(answer, Mapping):
        return layer("Conv2D", **answer)
    if hasattr(answer, "get_config") and not hasattr(answer, "layers"):
        return layer_of(type(answer).__name__, answer.get_config(), "keras.layers")
    if hasattr(answer, "class_name") and hasattr(answer, "config"):
        return layer_of(answer.class_name, answer.config, "keras.layers")
    raise FormError(f"{quote(answer)} is not one Keras layer")
