"""A network: its layers, and for each its output shape and parameters, as Keras would say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

from .graph import Graph, Outcome, run
from .keras_config import chain, graph_of
from .layers import Layer, Shape, layer
from .layers.layer import default_name
from .receptive import receptive_field

__all__ = ["Network", "Row", "receptive_field"]


@dataclass(frozen=True, slots=True)
class Row:
    """A layer of a network: Keras's class name, and what the layer makes.

    `output_shape` has the batch first, as None. (Of a model inside the model that has several
    outputs, it holds the shape of each.)
    """

    name: str
    type: str
    output_shape: Shape
    parameters: int


@dataclass(frozen=True, slots=True)
class Network:
    """A network's layers and rows, in Keras's order: `layers[i]` is described by `rows[i]`.

    A Sequential model shows no input layer, a functional one does, as in Keras's `model.layers`.
    """

    name: str
    layers: list[Layer]
    rows: list[Row]
    input_shape: Shape
    total_parameters: int
    trainable_parameters: int
    graph: Graph

    @classmethod
    def from_keras(cls, model: Any) -> Network:
        """Return the network of a Keras model, or of its `get_config()` or `to_json()`.

        From a config, TensorFlow is not imported.

        Raises:
            ValueError: If a layer cannot take what reaches it, or there is no input shape.
            UnsupportedLayer: If a layer, or an argument of one, is not known.
        """
        if isinstance(model, Network):
            return model
        config = model if isinstance(model, (Mapping, str)) else _config_of(model)
        return _network(graph_of(config))

    @classmethod
    def sequential(
        cls,
        layers: Iterable[Layer],
        input_shape: Iterable[int | None] | None = None,
        name: str = "sequential",
    ) -> Network:
        """Return the network of layers that follow one another.

        `input_shape` has no batch; it may stand in the first layer instead, or be an `Input` layer.

        Raises:
            ValueError: If a layer cannot take what reaches it, or there is no input shape.

        >>> first = layer("Conv2D", 32, 3, strides=2, padding="same")
        >>> Network.sequential([first], input_shape=(28, 28, 1)).rows
        [Row(name='conv2d', type='Conv2D', output_shape=(None, 14, 14, 32), parameters=320)]
        """
        links = _with_input(list(layers), input_shape)
        named = [(link, None) for link in _numbered(links)]
        return _network(chain(name, named, trainable=True))

    @property
    def shapes(self) -> list[Shape]:
        """The output shape of each row."""
        return [row.output_shape for row in self.rows]

    @property
    def parameters(self) -> list[int]:
        """The parameters of each row."""
        return [row.parameters for row in self.rows]

    @property
    def output_shape(self) -> Shape:
        """The shape that the network gives (with several outputs, the shape of each)."""
        return _one(run(self.graph)[0].shapes)


def _config_of(model: Any) -> Any:
    """Ask a Keras model for its config."""
    if not hasattr(model, "get_config") or not hasattr(model, "layers"):
        raise TypeError(f"takes a Keras model, its get_config() or its to_json(), got {model!r}")
    return model.get_config()


def _network(graph: Graph) -> Network:
    """Let shapes flow through a graph, and write down what comes of it."""
    whole, outcomes = run(graph)
    shown = [
        (member.layer, outcome)
        for member, outcome in zip(graph.members, outcomes, strict=True)
        if member.shown
    ]
    return Network(
        graph.name,
        [link for link, _ in shown],
        [_row(link, outcome) for link, outcome in shown],
        _one(tuple(graph.input_shapes)),
        whole.parameters,
        whole.trainable,
        graph,
    )


def _row(link: Layer, outcome: Outcome) -> Row:
    return Row(link.name, link.type, _one(outcome.shapes), outcome.parameters)


def _one(shapes: tuple[Shape, ...]) -> Shape:
    """Return the only shape; of several, all of them, as Keras does."""
    return shapes[0] if len(shapes) == 1 else cast("Shape", shapes)


def _with_input(layers: list[Layer], input_shape: Iterable[int | None] | None) -> list[Layer]:
    """Put an input layer first, unless there is one."""
    if not layers:
        raise ValueError("a network needs at least one layer")
    if layers[0].type == "InputLayer":
        if input_shape is not None:
            raise ValueError("input_shape is given twice: here, and by the input layer")
        return layers
    own = layers[0].config.get("input_shape")
    if own is None and layers[0].config.get("input_dim") is not None:
        own = (layers[0].config["input_dim"],)
    shape = own if input_shape is None else tuple(input_shape)
    return layers if shape is None else [layer("InputLayer", shape), *layers]


def _numbered(layers: list[Layer]) -> list[Layer]:
    """Number the layers that were not named, as Keras does: conv2d, conv2d_1, conv2d_2."""
    seen: dict[str, int] = {}
    named = []
    for link in layers:
        if link.config.get("name"):
            named.append(link)
            continue
        base = default_name(link.type)
        number = seen.get(base, 0)
        seen[base] = number + 1
        named.append(replace(link, name=f"{base}_{number}" if number else base))
    return named
