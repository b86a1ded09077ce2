"""Layers that make one output of several inputs."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce

from .reading import anything, flag, number, positive, several, whole
from .rule import Argument, Config, Effect, Rule, Shape

_Shapes = tuple[Shape, ...]


def _elementwise(_config: Config, shapes: _Shapes) -> Effect:
    """Broadcast all shapes, without the batch; where a size varies, so does the output."""
    batches = {shape[0] for shape in shapes} - {None}
    if len(batches) > 1:
        raise ValueError(f"inputs {list(shapes)} have different batch sizes")
    body = reduce(_meet, (shape[1:] for shape in shapes))
    return Effect((batches.pop() if batches else None, *body))


def _meet(one: Shape, other: Shape) -> Shape:
    """Return the shape of a merge of two inputs (without batch); a size of 1 is broadcast."""
    longer, shorter = (one, other) if len(one) >= len(other) else (other, one)
    lead = len(longer) - len(shorter)
    met: list[int | None] = list(longer[:lead])
    for i, j in zip(longer[lead:], shorter, strict=True):
        if None in (i, j):
            met.append(None)
        elif 1 in (i, j) or i == j:
            met.append(j if i == 1 else i)
        else:
            raise ValueError(f"inputs of {one} and {other} do not fit together")
    return tuple(met)


def _two(shapes: _Shapes) -> tuple[Shape, Shape]:
    match shapes:
        case (left, right):
            return left, right
    raise ValueError(f"takes two inputs, got {len(shapes)}")


def _subtract(config: Config, shapes: _Shapes) -> Effect:
    return _elementwise(config, _two(shapes))


def _concatenate(config: Config, shapes: _Shapes) -> Effect:
    """Add up the sizes on one axis; the others must agree, and the first input gives them."""
    axis, first = config["axis"], shapes[0]
    ranks = {len(shape) for shape in shapes}
    if len(ranks) > 1 or not -len(first) <= axis < len(first):
        raise ValueError(f"axis={axis} does not join inputs of {list(shapes)}")
    axis %= len(first)
    for other, column in enumerate(zip(*shapes, strict=True)):
        if other != axis and len(set(column) - {None}) > 1:
            raise ValueError(f"inputs {list(shapes)} differ on axis {other}, not only on {axis}")
    total = 0
    for shape in shapes:
        size = shape[axis]
        if size is None:
            return Effect((*first[:axis], None, *first[axis + 1 :]))
        total += size
    return Effect((*first[:axis], total, *first[axis + 1 :]))


def _dot_axes(value: object) -> tuple[int, ...]:
    """Read the axis of each input that is summed over; one int means both."""
    return tuple(map(whole, (value, value) if isinstance(value, int) else several(value, 2)))


def _dot(config: Config, shapes: _Shapes) -> Effect:
    (left, right), (a, b) = _two(shapes), config["axes"]
    for axis, shape in ((a, left), (b, right)):
        if not -len(shape) < axis < len(shape) or axis == 0:
            raise ValueError(f"axes={config['axes']}: {axis} is not an axis of {shape} to sum over")
    if left[a] != right[b]:
        raise ValueError(f"axes={config['axes']} sum over {left[a]} and {right[b]} values")
    a, b = a % len(left), b % len(right)
    output = (*left[:a], *left[a + 1 :], *(right[:b] + right[b + 1 :])[1:])
    return Effect(output if len(output) > 1 else (*output, 1))


def broadcast(_config: Config, shapes: _Shapes) -> Effect:
    """Broadcast shapes as NumPy does, batch included."""
    return Effect(reduce(_broadcast_two, shapes))


def _broadcast_two(one: Shape, other: Shape) -> Shape:
    longer, shorter = (one, other) if len(one) >= len(other) else (other, one)
    padded = (1,) * (len(longer) - len(shorter)) + shorter
    met: list[int | None] = []
    for i, j in zip(longer, padded, strict=True):
        if i != j and None not in (i, j) and 1 not in (i, j):
            raise ValueError(f"inputs of {one} and {other} do not fit together")
        if 1 in (i, j):
            met.append(j if i == 1 else i)
        else:
            met.append(j if i is None else i)
    return tuple(met)


def _scaled(config: Config, shape: Shape) -> Effect:
    width = config["projection_dim"]
    return Effect(_broadcast_two(shape, (width,)), width)


def _merge(effect: Callable[[Config, _Shapes], Effect]) -> Rule:
    return Rule({}, effect, merges=True)


RULES = {
    "Add": _merge(_elementwise),
    "Multiply": _merge(_elementwise),
    "Average": _merge(_elementwise),
    "Maximum": _merge(_elementwise),
    "Minimum": _merge(_elementwise),
    "Subtract": _merge(_subtract),
    "Concatenate": Rule({"axis": Argument(whole, -1)}, _concatenate, merges=True),
    "Dot": Rule(
        {"axes": Argument(_dot_axes), "normalize": Argument(flag, default=False)},
        _dot,
        merges=True,
    ),
    "LayerScale": Rule(
        {"init_values": Argument(number), "projection_dim": Argument(positive)},
        _scaled,
        home="keras.src.applications.convnext",
    ),
    "CustomScaleLayer": Rule(
        {"scale": Argument(anything)},
        broadcast,
        merges=True,
        home="keras.src.applications.inception_resnet_v2",
    ),
}
