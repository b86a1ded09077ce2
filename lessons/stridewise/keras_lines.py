"""A whole network as lines of Keras that somebody typed or pasted: read as data, never run."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from stridewise.layer_lines import read_layer
from stridewise.layers import Layer
from stridewise.network import Network

MOST_CHARACTERS = 20_000
_MOST_LAYERS = 200


def read_network(text: str, input_shape: Sequence[int] | None = None) -> Network:
    r"""Return the network that the lines describe, as `Network.sequential` would build it.

    One layer on each line, a list of layers, `keras.Sequential([...])` and `model.add(...)` are all
    read. The input shape is taken from `keras.Input(shape=...)` or from the first layer where
    either is there, else from `input_shape` (height, width, channels, in pixels).

    Raises:
        ValueError: With the line's number, when something is not a layer or does not fit.

    >>> read_network("Conv2D(8, 3)\nFlatten()", (6, 6, 1)).total_parameters
    80
    """
    if len(text) > MOST_CHARACTERS:
        raise ValueError(f"the text has more than {MOST_CHARACTERS:,} characters")
    calls = list(_calls(_parsed(text)))
    if not calls:
        raise ValueError("there is no layer yet; write one on each line, such as Conv2D(32, 3)")
    if len(calls) > _MOST_LAYERS:
        raise ValueError(f"there are more than {_MOST_LAYERS} layers")
    layers: list[Layer] = []
    shape = None if input_shape is None else tuple(input_shape)
    for call in calls:
        if _name(call) in {"Input", "InputLayer"}:
            shape = _input_shape(call)
            continue
        layers.append(_layer(call))
    if not layers:
        raise ValueError("there is no layer after the input yet")
    own = layers[0].config.get("input_shape")
    return Network.sequential(layers, None if own is not None else shape)


def _parsed(text: str) -> ast.Module:
    """Parse the text; a list of layers may end its lines with commas and lack its brackets."""
    try:
        return ast.parse(text)
    except SyntaxError as first:
        try:
            return ast.parse(f"[\n{text}\n]")
        except SyntaxError:
            where = f"line {first.lineno}: " if first.lineno else ""
            raise ValueError(f"{where}this is not Python: {first.msg}") from None
    except (ValueError, RecursionError, MemoryError):
        raise ValueError("this cannot be read as Python") from None


def _calls(tree: ast.Module) -> Iterator[ast.Call]:
    """Yield the calls that make layers, in order; imports and empty lists are skipped."""
    for statement in tree.body:
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            continue
        value = getattr(statement, "value", None)
        if not isinstance(statement, (ast.Expr, ast.Assign)) or value is None:
            raise ValueError(
                f"line {statement.lineno}: this is not a layer; write one layer on each line"
            )
        yield from _layers_in(value)


def _layers_in(node: ast.expr) -> Iterator[ast.Call]:
    if isinstance(node, (ast.List, ast.Tuple)):
        for item in node.elts:
            yield from _layers_in(item)
    elif isinstance(node, ast.Call) and _name(node) == "Sequential":
        for argument in node.args:
            yield from _layers_in(argument)
    elif isinstance(node, ast.Call) and _name(node) == "add" and len(node.args) == 1:
        yield from _layers_in(node.args[0])
    elif isinstance(node, ast.Call) and _name(node) in {"summary", "compile", "build"}:
        return
    elif isinstance(node, ast.Call):
        yield node
    else:
        written = ast.unparse(node)[:60]
        raise ValueError(f"line {node.lineno}: {written} is not a layer; write one on each line")


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _layer(call: ast.Call) -> Layer:
    try:
        return read_layer(ast.unparse(call)).layer()
    except ValueError as problem:
        raise ValueError(f"line {call.lineno}: {problem}") from None


def _input_shape(call: ast.Call) -> tuple[int, ...]:
    """Return the shape of an `Input`, without the batch."""
    named = {keyword.arg: keyword.value for keyword in call.keywords}
    node = named.get("shape") or named.get("input_shape") or (call.args[0] if call.args else None)
    try:
        shape = tuple(ast.literal_eval(node)) if node is not None else ()
    except (ValueError, TypeError):
        shape = ()
    if not shape or not all(type(size) is int and size > 0 for size in shape):
        raise ValueError(
            f"line {call.lineno}: give the input's shape as whole numbers: "
            "keras.Input(shape=(28, 28, 1))"
        )
    return shape
