"""A layer as an author writes it, one line of Keras: read as data, and never run."""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stridewise.layers import Layer, layer, without_inputs
from stridewise.network import Network
from stridewise.single_layer import keras_line


@dataclass(frozen=True, slots=True)
class LayerLine:
    """A class of Keras's layers with the arguments as they were written.

    >>> read_layer("keras.layers.Conv2D(8, 3, padding='same')").keras
    'Conv2D(8, 3, padding="same")'
    """

    type: str
    arguments: tuple[Any, ...]
    keywords: Mapping[str, Any]

    @property
    def keras(self) -> str:
        """The line that makes the layer in Keras."""
        return f"{self.type}({self._written})"

    @property
    def data(self) -> str:
        """The line that makes the same layer as data, without Keras (`one_layer` is `layer`)."""
        return f'one_layer("{self.type}"{", " * bool(self._written)}{self._written})'

    def layer(self) -> Layer:
        """Return the layer, as data.

        Raises:
            TypeError: when an argument is missing or of the wrong type.
            ValueError: when a value is impossible, or the class or an argument is not known.
        """
        return layer(self.type, *self.arguments, **self.keywords)

    @property
    def _written(self) -> str:
        named = (f"{key}={_literal(value)}" for key, value in self.keywords.items())
        return ", ".join([*map(_literal, self.arguments), *named])


def read_layer(text: str) -> LayerLine:
    """Read one line, such as "Conv2D(32, 3, padding='same')": a call with literal arguments.

    Raises:
        ValueError: when it is not such a call, or Keras would refuse it.

    >>> read_layer("Dense(10)")
    LayerLine(type='Dense', arguments=(10,), keywords={})
    """
    try:
        line = _read(ast.parse(text.strip(), mode="eval").body)
        line.layer()
    except (SyntaxError, TypeError, ValueError, RecursionError, MemoryError) as problem:
        raise ValueError(
            f"{text!r} is not one layer: {_words(problem)}; "
            "write it as in Keras, such as Conv2D(32, 3, padding='same')"
        ) from problem
    return line


def layer_lines(network: Network) -> list[LayerLine]:
    """Return the lines of Keras that make a network's layers.

    Arguments that are the default are left out; so are names and what only training uses.

    Raises:
        ValueError: when the layers do not follow one another.

    >>> from stridewise.lesson_models import lesson_network
    >>> [line.keras for line in layer_lines(lesson_network("valid"))][-1]
    'Dense(10, activation="softmax")'
    """
    layers = without_inputs(network.layers)
    try:
        lines = [_plain(each, read_layer(keras_line(each))) for each in layers]
        again = Network.sequential([x.layer() for x in lines], network.input_shape[1:])
    except (KeyError, ValueError) as problem:
        raise ValueError(f"network {network.name!r} is not a chain of plain layers") from problem
    rows = without_inputs(network.rows)
    if [(r.type, r.output_shape, r.parameters) for r in again.rows] != [
        (r.type, r.output_shape, r.parameters) for r in rows
    ]:
        raise ValueError(f"network {network.name!r} is not a chain of plain layers")
    return lines


def _plain(layer_: Layer, line: LayerLine) -> LayerLine:
    """Leave out arguments that are only in the config of a Keras model."""
    config = layer_.config
    kept = {
        key: value
        for key, value in line.keywords.items()
        if key != "name"
        and not isinstance(value, dict)  # an initializer, say
        and (key, value) != ("activation", "linear")
        and not (key == "strides" and value == config.get("pool_size"))
    }
    return LayerLine(line.type, line.arguments, kept)


def _read(node: ast.expr) -> LayerLine:
    """Read a call; its class counts, whatever module it comes from."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, (ast.Attribute, ast.Name)):
        raise TypeError("it is not a call of a class")
    named = {keyword.arg: ast.literal_eval(keyword.value) for keyword in node.keywords}
    keywords = {name: value for name, value in named.items() if name is not None}
    if len(keywords) < len(node.keywords):
        raise TypeError("it unpacks a dict")
    class_name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
    return LayerLine(class_name, tuple(map(ast.literal_eval, node.args)), keywords)


def _literal(value: object) -> str:
    """Write a value as the lessons do: text in double quotes."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


def _words(problem: Exception) -> str:
    """Return what is wrong, without the parser's own node."""
    text = problem.msg if isinstance(problem, SyntaxError) else str(problem)
    return "an argument is not a literal" if text.startswith("malformed node") else text
