"""A model as a graph of layers, and the shapes that flow through it."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from .layers import Layer, Shape, build, input_shape_of


class Tensor(NamedTuple):
    """One output of one call of a layer, as Keras's configs point to it."""

    layer: str
    call: int
    output: int


@dataclass(frozen=True, slots=True)
class CallResult:
    """The result of a call: the output shapes, and the parameters that it uses."""

    shapes: tuple[Shape, ...]
    trainable: int = 0
    non_trainable: int = 0

    @property
    def parameters(self) -> int:
        """All parameters."""
        return self.trainable + self.non_trainable


@dataclass(frozen=True, slots=True)
class Member:
    """A layer of a model, and what each call of it reads; `inner` if it is a model itself."""

    layer: Layer
    calls: tuple[tuple[Tensor, ...], ...]
    inner: Graph | None = None
    shown: bool = True


@dataclass(frozen=True, slots=True)
class Graph:
    """A model: its members in Keras's order, its inputs and its outputs.

    `own` is the result for its own inputs: None for a Sequential without an input, which takes the
    shape of the first tensor that it is called on.
    """

    type: str
    name: str
    members: tuple[Member, ...]
    inputs: tuple[Tensor, ...]
    outputs: tuple[Tensor, ...]
    trainable: bool
    input_shapes: tuple[Shape, ...] = field(init=False)
    own: CallResult | None = field(init=False)
    first_calls: tuple[CallResult, ...] = field(init=False)

    def __post_init__(self) -> None:
        sources = {member.layer.name: member.layer for member in self.members}
        if len(sources) < len(self.members):
            raise ValueError(f"model {self.name!r}: two layers have the same name")
        found = [sources[tensor.layer] for tensor in self.inputs if tensor.layer in sources]
        shapes = tuple(input_shape_of(source) for source in found)
        own, first_calls = run(self, shapes) if shapes else (None, ())
        object.__setattr__(self, "input_shapes", shapes)
        object.__setattr__(self, "own", own)
        object.__setattr__(self, "first_calls", first_calls)


class _Call(NamedTuple):
    """One call of a member."""

    member: Member
    call: int
    inputs: tuple[Tensor, ...]


def run(graph: Graph, input_shapes: Sequence[Shape]) -> tuple[CallResult, tuple[CallResult, ...]]:
    """Return the result of a model for inputs of these shapes, and of each member's first call.

    Raises:
        ValueError: If a layer does not fit its input, or the graph is incomplete.
    """
    shapes = dict(zip(graph.inputs, input_shapes, strict=True))
    outcomes = _flow(graph, shapes)
    missing = [tensor for tensor in graph.outputs if tensor not in shapes]
    if missing:
        raise ValueError(f"model {graph.name!r}: no layer makes its output {tuple(missing[0])}")
    trainable = sum(outcome.trainable for outcome in outcomes) if graph.trainable else 0
    total = sum(outcome.parameters for outcome in outcomes)
    given = tuple(shapes[tensor] for tensor in graph.outputs)
    return CallResult(given, trainable, total - trainable), outcomes


def _flow(graph: Graph, shapes: dict[Tensor, Shape]) -> tuple[CallResult, ...]:
    """Let shapes flow, adding each to `shapes`; return the outcome of each member's first call."""
    ready = deque(step for member in graph.members for step in _steps(member))
    blocked: dict[Tensor, list[_Call]] = {}
    first: dict[str, CallResult] = {}
    while ready:
        step = ready.popleft()
        missing = next((tensor for tensor in step.inputs if tensor not in shapes), None)
        if missing is not None:
            blocked.setdefault(missing, []).append(step)
            continue
        name = step.member.layer.name
        outcome = _call(step.member, [shapes[tensor] for tensor in step.inputs])
        _check_shared(name, outcome, first.get(name, outcome))
        if step.call == 0 or name not in first:
            first[name] = outcome
        for output, shape in enumerate(outcome.shapes):
            tensor = Tensor(name, step.call, output)
            shapes[tensor] = shape
            ready.extend(blocked.pop(tensor, ()))
    for tensor, steps in blocked.items():
        raise ValueError(
            f"model {graph.name!r}: layer {steps[0].member.layer.name!r} reads {tuple(tensor)}, "
            "which no layer makes"
        )
    return tuple(first[member.layer.name] for member in graph.members)


def _steps(member: Member) -> list[_Call]:
    """Return the calls of a member; an input layer is called once, on its own tensor."""
    if member.layer.type == "InputLayer":
        return [_Call(member, 0, (Tensor(member.layer.name, 0, 0),))]
    if not member.calls or not all(member.calls):
        raise ValueError(f"layer {member.layer.name!r} is never called on a tensor")
    return [_Call(member, call, inputs) for call, inputs in enumerate(member.calls)]


def _check_shared(name: str, outcome: CallResult, first: CallResult) -> None:
    if outcome.parameters != first.parameters:
        raise ValueError(
            f"layer {name!r} is called on inputs that need {first.parameters} and "
            f"{outcome.parameters} parameters; its weights fit only one of them"
        )


def _call(member: Member, shapes: list[Shape]) -> CallResult:
    """Return the result of one call of a layer, or of a model inside the model."""
    if member.inner is None:
        effect = build(member.layer, *shapes)
        return CallResult((effect.output_shape,), effect.trainable, effect.non_trainable)
    inner, own = member.inner, member.inner.own
    if own is None:
        return run(inner, shapes)[0]
    if len(shapes) != len(inner.inputs) or not all(map(_fits, shapes, inner.input_shapes)):
        raise ValueError(f"model {inner.name!r} takes {list(inner.input_shapes)}, got {shapes}")
    if tuple(shapes) == inner.input_shapes:
        return own
    return CallResult(run(inner, shapes)[0].shapes, own.trainable, own.non_trainable)


def _fits(shape: Shape, declared: Shape) -> bool:
    return len(shape) == len(declared) and all(
        None in (size, wanted) or size == wanted
        for size, wanted in zip(shape[1:], declared[1:], strict=True)
    )
