"""A network: its layers, and the output shape and parameters of each, equal to Keras's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from math import prod
from typing import Any, cast

from .graph import CallResult, Graph
from .keras_config import chain, graph_of
from .layers import Layer, Shape, layer
from .layers.layer import default_name


@dataclass(frozen=True, slots=True)
class Row:
    """A layer of a network: its name, Keras's class name, output shape and parameters.

    `output_shape` has the batch first, as None. (For a model inside the model that has several
    outputs, it holds the shape of each.)
    """

    name: str
    type: str
    output_shape: Shape
    parameters: int


@dataclass(frozen=True, slots=True)
class Network:
    """A network's layers and rows, in Keras's order: `rows[i]` describes `layers[i]`.

    A Sequential model shows no input layer, a functional one does, as in Keras's `model.layers`.
    `input_shape` has the batch first. A layer that is used twice is counted once.
    """

    name: str
    layers: list[Layer] = field(repr=False)
    rows: list[Row]
    input_shape: Shape
    total_parameters: int
    trainable_parameters: int
    graph: Graph = field(repr=False)

    @classmethod
    def from_keras(cls, model: object) -> Network:
        """Return the network of a Keras model, or of its `get_config()` or `to_json()`.

        From a config, TensorFlow is not imported.

        Raises:
            TypeError: If `model` is none of these.
            ValueError: If a layer does not fit its input, or there is no input shape.
            UnsupportedLayer: If a layer, or an argument of one, is not known.
        """
        if isinstance(model, Network):
            return model
        network = _network(graph_of(_config_of(model)))
        return network if isinstance(model, (Mapping, str)) else _counted_once(network, model)

    @classmethod
    def sequential(
        cls,
        layers: Iterable[Layer | Network],
        input_shape: Iterable[int | None] | None = None,
        name: str = "sequential",
    ) -> Network:
        """Return the network of layers (or whole networks) that follow one another.

        `input_shape` has no batch. The first layer, or an `Input`, may have it instead.

        Raises:
            ValueError: If a layer cannot take what reaches it, or there is no input shape.

        >>> first = layer("Conv2D", 32, 3, strides=2, padding="same")
        >>> Network.sequential([first], input_shape=(28, 28, 1)).rows
        [Row(name='conv2d', type='Conv2D', output_shape=(None, 14, 14, 32), parameters=320)]
        """
        links = [_link(part) for part in layers]
        if len({id(link) for link, _ in links}) < len(links):
            raise ValueError("a layer is in the network twice; make one for each place")
        sources = _input(links[0][0], input_shape) if links else []
        return _network(chain(name, _numbered([*sources, *links]), trainable=True))

    @property
    def shapes(self) -> list[Shape]:
        """The output shape of each row."""
        return [row.output_shape for row in self.rows]

    @property
    def parameters(self) -> list[int]:
        """The parameters of each row."""
        return [row.parameters for row in self.rows]


def _config_of(model: Any) -> Mapping[str, Any] | str:
    """Return the config of a Keras model, or the config that this is."""
    if isinstance(model, (Mapping, str)):
        return model
    if not hasattr(model, "get_config") or not hasattr(model, "layers"):
        raise TypeError(
            f"takes a Keras model, its get_config() or its to_json(), got {type(model).__name__}"
        )
    try:
        return {"name": model.name, **model.get_config()}
    except NotImplementedError:  # a subclass that takes arguments of its own
        return {"name": model.name}


def _counted_once(network: Network, model: Any) -> Network:
    """Count the weights of a layer once that a Keras model has in several places.

    A config does not say that two layers are the same; from it, Keras itself makes two.
    """
    held = list(_held(model))
    again = [each for place, each in enumerate(held) if any(each is e for e in held[:place])]
    if not again:
        return network
    return replace(
        network,
        total_parameters=network.total_parameters - _weights(again, "weights"),
        trainable_parameters=network.trainable_parameters - _weights(again, "trainable_weights"),
    )


def _held(model: Any) -> Iterator[Any]:
    """Yield the layers of a model, and those of the models in it."""
    for each in model.layers:
        if hasattr(each, "layers"):
            yield from _held(each)
        else:
            yield each


def _weights(layers: Iterable[Any], kind: str) -> int:
    return sum(prod(weight.shape) for each in layers for weight in getattr(each, kind))


def _network(graph: Graph) -> Network:
    """Return the network of a graph."""
    if graph.own is None:
        raise ValueError(
            f"model {graph.name!r} has no input shape yet; begin it with keras.Input(shape=...)"
        )
    shown = [
        (member.layer, outcome)
        for member, outcome in zip(graph.members, graph.first_calls, strict=True)
        if member.shown
    ]
    return Network(
        graph.name,
        [link for link, _ in shown],
        [_row(link, outcome) for link, outcome in shown],
        _one(graph.input_shapes),
        graph.own.parameters,
        graph.own.trainable,
        graph,
    )


def _row(link: Layer, outcome: CallResult) -> Row:
    return Row(link.name, link.type, _one(outcome.shapes), outcome.parameters)


def _one(shapes: tuple[Shape, ...]) -> Shape:
    """Return the only shape; of several, all of them, as Keras does."""
    return shapes[0] if len(shapes) == 1 else cast("Shape", shapes)


def _link(part: Layer | Network) -> tuple[Layer, Graph | None]:
    """Return a layer, or a network that is used as one."""
    if isinstance(part, Layer):
        return part, None
    return Layer(part.graph.type, {"name": part.name}, part.name), part.graph


def _input(
    first: Layer, input_shape: Iterable[int | None] | None
) -> list[tuple[Layer, Graph | None]]:
    """Return the input layer to put before `first`, if there is to be one."""
    own = first.config.get("input_shape")
    shape = own if input_shape is None else tuple(input_shape)
    if first.type == "InputLayer" and shape is not None:
        raise ValueError(f"the input shape is given twice: {shape} and layer {first.name!r}")
    return [] if shape is None else [(layer("InputLayer", shape), None)]


def _numbered(links: list[tuple[Layer, Graph | None]]) -> list[tuple[Layer, Graph | None]]:
    """Number the layers that have no name, as Keras does: conv2d, conv2d_1, conv2d_2."""
    seen: dict[str, int] = {}
    named = []
    for link, inner in links:
        if link.config.get("name"):
            named.append((link, inner))
            continue
        base = default_name(link.type)
        number = seen.get(base, 0)
        seen[base] = number + 1
        named.append((replace(link, name=f"{base}_{number}" if number else base), inner))
    return named
