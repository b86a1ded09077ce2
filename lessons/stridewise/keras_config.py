"""Keras's configs, as `get_config()` and `to_json()` give them, read into a graph of layers."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from .graph import Graph, Member, Tensor
from .layers import Layer, UnsupportedLayer, is_operation, layer_of, merges

FUNCTIONAL = ("Functional", "Model")


def graph_of(config: Mapping[str, Any] | str) -> Graph:
    """Return the graph of a model, from its config or its JSON.

    Raises:
        ValueError: If this is no model's config.
        UnsupportedLayer: If a layer in it, or an argument of one, is not known.
    """
    data = json.loads(config) if isinstance(config, str) else config
    if not isinstance(data, Mapping):
        raise ValueError(f"a model's config is a dict, got {type(data).__name__}")
    body = data["config"] if "class_name" in data and "config" in data else data
    if not isinstance(body, Mapping) or not isinstance(body.get("layers"), (list, tuple)):
        raise ValueError("this is no model's config: it holds no list of layers")
    return _functional(body) if "input_layers" in body else _sequential(body)


def chain(name: str, links: Sequence[tuple[Layer, Graph | None]], *, trainable: bool) -> Graph:
    """Return the graph of layers that follow one another, with or without an input to begin with.

    Raises:
        ValueError: If two layers have the same name, or an input stands elsewhere.
    """
    reads = first = Tensor("", 0, 0)  # what the first layer reads, unless there is an InputLayer
    members: list[Member] = []
    for link, inner in links:
        is_input = link.type == "InputLayer"
        if is_input and members:
            raise ValueError(f"model {name!r}: an input stands after {members[-1].layer.name!r}")
        if merges(link):
            raise ValueError(f"model {name!r}: {link.name!r} merges, so it cannot stand in a row")
        if link.name in {member.layer.name for member in members}:
            raise ValueError(f"model {name!r}: two layers have the name {link.name!r}")
        members.append(Member(link, () if is_input else ((reads,),), inner, shown=not is_input))
        reads = Tensor(link.name, 0, 0)
        first = reads if is_input else first
    return Graph(name, tuple(members), (first,), (reads,), trainable)


def _sequential(config: Mapping[str, Any]) -> Graph:
    links = [_link(entry) for entry in config["layers"]]
    return chain(config.get("name", "sequential"), links, trainable=config.get("trainable", True))


def _functional(config: Mapping[str, Any]) -> Graph:
    entries = config["layers"]
    links = [_link(entry) for entry in entries]
    # A functional model's own making counts as its first call, in Keras's configs.
    made = {link.name for link, _ in links if link.type in FUNCTIONAL}

    def counted(found: Iterable[Tensor]) -> tuple[Tensor, ...]:
        return tuple(
            tensor._replace(call=tensor.call - 1) if tensor.layer in made else tensor
            for tensor in found
        )

    members = tuple(
        Member(
            link,
            tuple(counted(_tensors(node)) for node in _calls(entry, link)),
            inner,
            shown=not is_operation(link),  # as in Keras's `model.layers`
        )
        for entry, (link, inner) in zip(entries, links, strict=True)
    )
    inputs, outputs = (counted(_ends(config[key])) for key in ("input_layers", "output_layers"))
    return Graph(config["name"], members, inputs, outputs, config.get("trainable", True))


def _link(entry: Mapping[str, Any]) -> tuple[Layer, Graph | None]:
    """Read one layer of a model, which may be a model itself."""
    type_, config = entry["class_name"], entry["config"]
    if type_ in (*FUNCTIONAL, "Sequential"):
        return Layer(type_, config, config["name"]), graph_of(config)
    try:
        return layer_of(type_, config, entry.get("module")), None
    except TypeError as problem:  # an argument is missing
        raise ValueError(f"layer {config.get('name')!r}: {problem}") from None
    except ValueError as problem:
        raise type(problem)(f"layer {config.get('name')!r}: {problem}") from None


def _calls(entry: Mapping[str, Any], link: Layer) -> list[Any]:
    """Return the calls of a layer; an operation may be given numbers too, but no arrays."""
    calls = entry["inbound_nodes"]
    if is_operation(link):
        for value in (
            value for call in calls for value in (*call["args"], *call["kwargs"].values())
        ):
            if not isinstance(value, (int, float, type(None))) and not any(_tensors(value)):
                raise UnsupportedLayer(f"operation {link.name!r} on {value!r} is not supported")
    return list(calls)


def _tensors(node: Any) -> Iterator[Tensor]:
    """Find the tensors that one call of a layer is given, in order."""
    if isinstance(node, Mapping):
        if node.get("class_name") == "__keras_tensor__":
            yield Tensor(*node["config"]["keras_history"])
        else:
            for value in node.values():
                yield from _tensors(value)
    elif isinstance(node, (list, tuple)):
        for value in node:
            yield from _tensors(value)


def _ends(struct: Any) -> Iterator[Tensor]:
    """Find the tensors that a model takes or gives: one, a list, or a dict of them."""
    if isinstance(struct, Mapping):
        for key in sorted(struct):
            yield from _ends(struct[key])
    elif len(struct) == 3 and isinstance(struct[0], str):
        yield Tensor(*struct)
    else:
        for part in struct:
            yield from _ends(part)
