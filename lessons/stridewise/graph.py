"""A model as a graph of layers, and the shapes that flow through it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from .layers import Layer, Shape, build
from .layers.core import input_shape_of


class Tensor(NamedTuple):
    """One output of one call of a layer, as Keras's configs point to it."""

    layer: str
    call: int
    output: int


@dataclass(frozen=True, slots=True)
class Member:
    """A layer of a model, or a model inside it (`inner`), and what each call of it reads."""

    layer: Layer
    calls: tuple[tuple[Tensor, ...], ...]
    inner: Graph | None = None
    shown: bool = True


@dataclass(frozen=True, slots=True)
class Graph:
    """A model: its members in Keras's order, what goes in and what comes out."""

    name: str
    members: tuple[Member, ...]
    inputs: tuple[Tensor, ...]
    outputs: tuple[Tensor, ...]
    trainable: bool = True

    @property
    def input_shapes(self) -> list[Shape]:
        """The shapes that the model's inputs declare; none for a Sequential without an input."""
        sources = {member.layer.name: member.layer for member in self.members}
        found = [sources[tensor.layer] for tensor in self.inputs if tensor.layer in sources]
        return [input_shape_of(source.config) for source in found]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a call makes: the shapes that come out, and the parameters that it uses."""

    shapes: tuple[Shape, ...]
    trainable: int = 0
    non_trainable: int = 0

    @property
    def parameters(self) -> int:
        """All parameters."""
        return self.trainable + self.non_trainable


@dataclass(slots=True)
class _Flow:
    """The shapes known so far, and the outcome of the first call of each member."""

    shapes: dict[Tensor, Shape] = field(default_factory=dict)
    first: dict[str, Outcome] = field(default_factory=dict)


def run(graph: Graph, input_shapes: Sequence[Shape] | None = None) -> tuple[Outcome, list[Outcome]]:
    """Return the outcome of a whole model, and that of each member's first call.

    Without `input_shapes` the model's own inputs count.

    Raises:
        ValueError: If a layer cannot take what reaches it, or the graph is not whole.
    """
    if input_shapes is None and not graph.input_shapes:
        raise ValueError(
            f"model {graph.name!r} has no input shape; begin it with keras.Input(shape=...)"
        )
    flow = _Flow()
    for position, tensor in enumerate(graph.inputs):
        if input_shapes is not None:
            flow.shapes[tensor] = input_shapes[position]
    waiting = [(member, call) for member in graph.members for call in range(_calls(member))]
    while waiting:
        still = [step for step in waiting if not _take(flow, *step)]
        if len(still) == len(waiting):
            raise ValueError(f"model {graph.name!r}: nothing leads to {still[0][0].layer.name!r}")
        waiting = still
    members = [flow.first[member.layer.name] for member in graph.members]
    trainable = sum(outcome.trainable for outcome in members) if graph.trainable else 0
    total = sum(outcome.parameters for outcome in members)
    shapes = tuple(_shape(flow, graph, tensor) for tensor in graph.outputs)
    return Outcome(shapes, trainable, total - trainable), members


def _shape(flow: _Flow, graph: Graph, tensor: Tensor) -> Shape:
    if tensor not in flow.shapes:
        raise ValueError(f"model {graph.name!r}: no layer makes its output {tuple(tensor)}")
    return flow.shapes[tensor]


def _calls(member: Member) -> int:
    return max(len(member.calls), 1)  # an input is "called" once, by nobody


def _take(flow: _Flow, member: Member, call: int) -> bool:
    """Take one call into the flow, if all that it reads is there; tell whether it was taken."""
    inputs = member.calls[call] if member.calls else ()
    if not all(tensor in flow.shapes for tensor in inputs):
        return False
    name = member.layer.name
    if member.layer.type == "InputLayer":
        shape = flow.shapes.setdefault(Tensor(name, 0, 0), input_shape_of(member.layer.config))
        flow.first[name] = Outcome((shape,))
        return True
    if not inputs:
        raise ValueError(f"layer {name!r} is never called")
    outcome = _call(member, [flow.shapes[tensor] for tensor in inputs])
    if flow.first.setdefault(name, outcome).parameters != outcome.parameters:
        raise ValueError(f"layer {name!r} is shared by inputs for which its weights do not fit")
    for position, shape in enumerate(outcome.shapes):
        flow.shapes[Tensor(name, call, position)] = shape
    return True


def _call(member: Member, shapes: list[Shape]) -> Outcome:
    """Return the outcome of one call of a layer, or of a model inside the model."""
    if member.inner is None:
        effect = build(member.layer, *shapes)
        return Outcome((effect.output_shape,), effect.trainable, effect.non_trainable)
    inner = member.inner
    declared = inner.input_shapes
    if not declared:  # a Sequential that takes its input shape from its first call
        return run(inner, shapes)[0]
    if len(shapes) != len(declared) or not all(map(_fits, shapes, declared)):
        raise ValueError(f"model {inner.name!r} takes {declared}, got {shapes}")
    own, _ = run(inner)
    return Outcome(run(inner, shapes)[0].shapes, own.trainable, own.non_trainable)


def _fits(shape: Shape, declared: Shape) -> bool:
    return len(shape) == len(declared) and all(
        None in (size, wanted) or size == wanted
        for size, wanted in zip(shape[1:], declared[1:], strict=True)
    )
