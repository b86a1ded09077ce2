"""The Python functions that the site's pages call; they run in the browser, and here in tests.

Requests and replies are JSON. It imports only `stridewise`, so Pyodide's core is enough.
"""

from __future__ import annotations

import ast
import json
import operator
from collections.abc import Callable, Mapping
from typing import Any

from stridewise.comparison import compare
from stridewise.keras_lines import read_network
from stridewise.lesson_models import lesson_network
from stridewise.misconceptions import RULES
from stridewise.misconceptions.chain import chain_of
from stridewise.misconceptions.misconception import work_through
from stridewise.network import Network
from stridewise.widgets.ideas import next_item, review, summary, valid_ideas, with_answer
from stridewise.widgets.stacks import network_of
from stridewise.widgets.tutor import Limits, advise

_MOST_WRONG = 4
_LARGEST = 10**12
_OPERATIONS: dict[type[ast.operator], Callable[[int, int], int]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
}


def reply(request: str) -> str:
    """Return the reply to one request of a page.

    Raises:
        KeyError: When the request is unknown.

    >>> reply('{"ask": "network", "text": "Conv2D(4, 3)", "input_shape": [6, 6, 1]}')[:40]
    '{"rows": [["conv2d", "Conv2D", "(None, 4'
    """
    asked = json.loads(request)
    return json.dumps(_REPLIES[asked["ask"]](asked))


def _advice(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return the rule that an answer in practice follows, and the next question."""
    number = asked["answers"][-1]["number"]
    limits = Limits(**asked["limits"])
    advice = advise(asked["answers"], limits)
    ideas = with_answer(valid_ideas(asked.get("ideas")), asked["answers"])
    again = review(ideas, asked["answers"], limits)
    return {
        "ideas": ideas,
        "shown": summary(ideas),
        "diagnosis": {
            "number": number,
            "text": advice.text,
            "question": advice.question,
            "workings": [list(each) for each in advice.workings],
        },
        "next_item": next_item(number + 1, advice, again),
    }


def _network(asked: Mapping[str, Any]) -> Network:
    """Return the network of a request: one of the lessons', or one in Keras lines.

    Raises:
        ValueError: When a line is not a layer, or a layer does not fit its input.
    """
    if "lesson" in asked:
        return lesson_network(asked["lesson"])
    return read_network(asked["text"], asked.get("input_shape"))


def _rows(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return the rows of a network, or the error in its lines."""
    try:
        network = _network(asked)
    except (TypeError, ValueError) as problem:
        return {"problem": str(problem)}
    rows = [[r.name, r.type, str(r.output_shape), r.parameters] for r in network.rows]
    return {"rows": rows, "total": network.total_parameters}


def _comparison(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Compare a prediction with Keras's numbers, in the table of the lessons."""
    try:
        network = _network(asked)
    except (TypeError, ValueError) as problem:
        return {"problem": str(problem)}
    shapes = [shape_typed(text) for text in asked["shapes"]]
    parameters = [number_typed(text) for text in asked["parameters"]]
    table = compare(network, shapes=shapes, parameters=parameters)
    return {"html": table._repr_html_(), "text": repr(table)}


def shape_typed(text: str) -> Any:
    """Read a shape that somebody typed: `...` for an empty text, the text itself if it is none.

    >>> shape_typed("26, 26, 32"), shape_typed("(None, 10)"), shape_typed("")
    ((None, 26, 26, 32), (None, 10), Ellipsis)
    """
    if not text.strip():
        return ...
    try:
        value = ast.literal_eval(text.strip())
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return text
    if isinstance(value, int):
        value = (value,)
    if isinstance(value, (tuple, list)) and all(type(size) is int for size in value):
        return (None, *value)
    return value


def number_typed(text: str) -> Any:
    """Read a count that somebody typed: a number, or arithmetic such as (3*3*1 + 1)*32.

    >>> number_typed("(3*3*1 + 1)*32"), number_typed("9,248"), number_typed("")
    (320, 9248, Ellipsis)
    """
    plain = text.strip().replace(",", "").replace("\u00b7", "*").replace("\u00d7", "*")
    if not plain:
        return ...
    try:
        return _worked(ast.parse(plain, mode="eval").body)
    except (ValueError, SyntaxError, RecursionError, MemoryError, ZeroDivisionError):
        return text


def _worked(node: ast.expr) -> int:
    """Compute sums and products of whole numbers, and nothing else."""
    if isinstance(node, ast.Constant) and type(node.value) is int:
        value = node.value
    elif isinstance(node, ast.BinOp) and type(node.op) in _OPERATIONS:
        value = _OPERATIONS[type(node.op)](_worked(node.left), _worked(node.right))
    else:
        raise ValueError("write only whole numbers with + - * //")
    if abs(value) > _LARGEST:
        raise ValueError("the number is too large")
    return value


def _wrong_answers(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return common wrong answers to a practice question, each with its idea."""
    question = asked["question"]
    network, right = network_of(question), [one["right"] for one in question["asks"]]
    chain = chain_of(network)
    if chain is None or question["topic"] == "zeros":
        return {"wrong": []}
    found: dict[tuple[Any, ...], str] = {}
    values: tuple[Any, ...]
    for rule in RULES:
        prediction = work_through(chain, rule)
        if question["topic"] == "parameters":
            values = tuple(prediction.parameters[: len(right)])
        else:
            shapes = prediction.shapes[: len(right)]
            values = tuple(shape[1] if shape else None for shape in shapes)
        usable = all(type(value) is int and value > 0 for value in values)
        if usable and list(values) != right and len(values) == len(right):
            found.setdefault(values, rule.name)
    pairs = list(found.items())[:_MOST_WRONG]
    return {"wrong": [{"answer": list(values), "idea": idea} for values, idea in pairs]}


_REPLIES: Mapping[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "advise": _advice,
    "network": _rows,
    "compare": _comparison,
    "wrong": _wrong_answers,
}
