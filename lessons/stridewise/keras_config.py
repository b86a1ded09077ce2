"""Reading Keras's configs, from `get_config()` and `to_json()`, into a graph of layers.

Those of Keras 2 are read too: they may have no module, and refer to a tensor by a list.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .graph import Graph, Member, Tensor
from .layers import Layer, UnsupportedLayer, is_operation, layer, layer_of, merges

FUNCTIONAL = ("Functional", "Model")
_MALFORMED = (AttributeError, IndexError, KeyError, RecursionError, TypeError)


def graph_of(config: Mapping[str, Any] | str) -> Graph:
    """Return the graph of a model, from its config or its JSON.

    Raises:
        ValueError: If this is not a model's config, or a layer does not fit its input.
        UnsupportedLayer: If a layer in it, or an argument of one, is not known.
    """
    try:
        return _model(json.loads(config) if isinstance(config, str) else config)
    except json.JSONDecodeError as problem:
        raise ValueError("this is text, not a model") from problem
    except _MALFORMED as problem:
        wrong = f"{type(problem).__name__}: {problem}"
        raise ValueError(f"this is not the config of a Keras model ({wrong})") from problem


def chain(name: str, links: Sequence[tuple[Layer, Graph | None]], *, trainable: bool) -> Graph:
    """Return the model of layers that follow one another, with or without an input layer.

    Raises:
        ValueError: If there is no layer, a layer takes several inputs, or an input comes late.
    """
    if not links:
        raise ValueError(f"model {name!r} has no layers")
    reads = first = Tensor("", 0, 0)  # what the first layer reads, unless it is an InputLayer
    members: list[Member] = []
    for link, inner in links:
        is_input = link.type == "InputLayer"
        if is_input and members:
            raise ValueError(f"model {name!r}: an input comes after {members[-1].layer.name!r}")
        if merges(link):
            raise ValueError(f"model {name!r}: {link.name!r} takes several inputs, not one")
        members.append(Member(link, () if is_input else ((reads,),), inner, shown=not is_input))
        reads = Tensor(link.name, 0, 0)
        first = reads if is_input else first
    return Graph("Sequential", name, tuple(members), (first,), (reads,), trainable)


def _model(data: Mapping[str, Any]) -> Graph:
    """Read a model's config, bare or wrapped with its class name."""
    config = data["config"] if "class_name" in data else data
    if isinstance(config, list):  # as early versions of Keras 2 wrote a Sequential
        config = {"name": "sequential", "layers": config}
    if "layers" not in config:
        raise UnsupportedLayer(
            f"model {config.get('name')!r} does not list its layers; build it with "
            "keras.Sequential([...]) or keras.Model(inputs, outputs), not as a class of its own"
        )
    if "input_layers" in config:
        return _functional(config)
    links = _with_input([_link(entry) for entry in config["layers"]])
    return chain(config["name"], links, trainable=config.get("trainable", True))


def _with_input(links: list[tuple[Layer, Graph | None]]) -> list[tuple[Layer, Graph | None]]:
    """Put an input before the first layer where that layer gives the input shape."""
    first = links[0][0] if links else None
    if first is None or first.type == "InputLayer" or first.config.get("input_shape") is None:
        return links
    return [(layer("InputLayer", first.config["input_shape"]), None), *links]


def _functional(config: Mapping[str, Any]) -> Graph:
    entries = config["layers"]
    links = [_link(entry) for entry in entries]
    begun = {link.name for link, inner in links if inner is not None and inner.own is not None}
    members = tuple(
        Member(
            link,
            tuple(_reads(call, begun) for call in _calls(entry, link)),
            inner,
            shown=not is_operation(link),  # as in Keras's `model.layers`
        )
        for entry, (link, inner) in zip(entries, links, strict=True)
    )
    # Here, but not in the calls, Keras 3 counts the making of an inner model as its first call:
    # https://github.com/keras-team/keras/blob/master/keras/src/models/functional.py
    made = {link.name for link, _ in links if link.type in FUNCTIONAL}
    made = (
        begun
        if any(_is_old(call) for entry in entries for call in entry["inbound_nodes"])
        else made
    )
    inputs, outputs = (
        tuple(
            tensor._replace(call=tensor.call - 1) if tensor.layer in made else tensor
            for tensor in _ends(config[key])
        )
        for key in ("input_layers", "output_layers")
    )
    trainable = config.get("trainable", True)
    return Graph("Functional", config["name"], members, inputs, outputs, trainable)


def _link(entry: Mapping[str, Any]) -> tuple[Layer, Graph | None]:
    """Read one layer of a model, which may be a model itself."""
    type_, config = entry["class_name"], entry["config"]
    home = entry.get("module", "keras.layers")  # Keras 2 names none; None is a class of one's own
    if type_ in (*FUNCTIONAL, "Sequential") and str(home).partition(".")[0] == "keras":
        return Layer(type_, config, config["name"]), _model(config)
    try:
        return layer_of(type_, config, home), None
    except (TypeError, ValueError) as problem:
        kind = UnsupportedLayer if isinstance(problem, UnsupportedLayer) else ValueError
        raise kind(f"layer {config.get('name')!r}: {problem}") from None


def _calls(entry: Mapping[str, Any], link: Layer) -> list[Mapping[str, Any]]:
    """Return the calls of a layer; an operation may be given numbers too, but no arrays."""
    calls = list(entry["inbound_nodes"])
    if is_operation(link):
        given = [value for call in calls for value in (*call["args"], *call["kwargs"].values())]
        for value in given:
            if not isinstance(value, (int, float, type(None))) and not any(_tensors(value)):
                raise UnsupportedLayer(f"operation {link.name!r} on {value!r} is not supported")
    return calls


def _reads(call: object, begun: set[str]) -> tuple[Tensor, ...]:
    """Return the input tensors of one call of a layer.

    Keras 2 counts the making of an inner model as its first call, here too.
    """
    tensors = tuple(_tensors(call))
    if not _is_old(call):
        return tensors
    return tuple(t._replace(call=t.call - 1) if t.layer in begun else t for t in tensors)


def _is_old(call: object) -> bool:
    """Return whether Keras 2 wrote this call: a list of tensors, not a mapping of arguments."""
    return isinstance(call, (list, tuple))


def _tensors(node: object) -> Iterator[Tensor]:
    """Yield the input tensors of one call of a layer, in order."""
    if isinstance(node, Mapping):
        if node.get("class_name") == "__keras_tensor__":
            yield Tensor(*node["config"]["keras_history"])
        else:
            for value in node.values():
                yield from _tensors(value)
        return
    match node:
        case [str(name), int(call), int(output), *rest]:
            yield Tensor(name, call, output)
            yield from _tensors(rest)
        case [*parts]:
            for part in parts:
                yield from _tensors(part)


def _ends(struct: object) -> Iterator[Tensor]:
    """Yield the input or output tensors of a model: one, a list, or a dict of them."""
    match struct:
        case [str(name), int(call), int(output)]:
            yield Tensor(name, call, output)
        case [*parts]:
            for part in parts:
                yield from _ends(part)
        case {**named}:
            for key in sorted(map(str, named)):
                yield from _ends(named[key])
        case _:
            raise ValueError(f"{struct!r} is not an input or output of a model")
