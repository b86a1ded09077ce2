"""The Python functions that the site's pages call; they run in the browser, and here in tests.

Requests and replies are JSON. It imports only `stridewise`, so Pyodide's core is enough.
"""

from __future__ import annotations

import ast
import json
import operator
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from stridewise.comparison import compare
from stridewise.keras_lines import read_network
from stridewise.lesson_models import lesson_network
from stridewise.misconceptions import RULES
from stridewise.misconceptions.chain import chain_of
from stridewise.misconceptions.misconception import work_through
from stridewise.network import Network
from stridewise.single_answers.zeros import ZERO_IDEAS
from stridewise.widgets.ideas import next_item, review, summary, valid_ideas, with_answer
from stridewise.widgets.stacks import network_of
from stridewise.widgets.tutor import Limits, advise, explanation_of, question_of

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
        "beginning": review(ideas, asked["answers"], limits, beginning=True),
        "diagnosis": {
            "number": number,
            "text": advice.text,
            "question": advice.question,
            "workings": [list(each) for each in advice.workings],
        },
        "next_item": next_item(number + 1, advice, again),
    }


def _ideas(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return which ideas are open and settled."""
    return {"shown": summary(valid_ideas(asked.get("ideas")))}


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
    due = [len(row.output_shape) for row in network.rows]
    shapes = list(map(shape_typed, asked["shapes"], due))
    parameters = [number_typed(text) for text in asked["parameters"]]
    table = compare(network, shapes=shapes, parameters=parameters)
    return {"html": table._repr_html_(), "text": repr(table)}


def shape_typed(text: str, numbers: int = 4) -> Any:
    """Read a shape that somebody typed: `...` for an empty text, the text itself if it is none.

    `numbers` is how many the right shape has, with its batch. The page lets one leave the batch
    out; it is not added where somebody wrote a number for it.

    >>> shape_typed("26, 26, 32"), shape_typed("(None, 10)"), shape_typed("")
    ((None, 26, 26, 32), (None, 10), Ellipsis)
    >>> shape_typed("14.5, 14.5, 32")  # no shape, but the comparison knows the idea behind it
    (None, 14.5, 14.5, 32)
    >>> shape_typed("1, 26, 26, 32")
    (1, 26, 26, 32)
    """
    if not text.strip():
        return ...
    try:
        value = ast.literal_eval(text.strip())
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return text
    if isinstance(value, int):
        value = (value,)
    if not isinstance(value, (tuple, list)) or not all(type(n) in {int, float} for n in value):
        return value
    return (None, *value) if len(value) < numbers else tuple(value)


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
    right = tuple(one["right"] for one in question["asks"])
    answered = {**question, "asks": [one["label"] for one in question["asks"]], "correct": False}
    wrong: list[dict[str, Any]] = []
    least = 0 if question["topic"] == "zeros" else 1
    for values in dict.fromkeys(_by_wrong_rules(question)):
        usable = all(type(value) is int and value >= least for value in values)
        if len(wrong) == _MOST_WRONG or not usable or values == right:
            continue
        found = explanation_of({**answered, "answer": list(values)})
        if found:  # the same words as in practice and in the lessons
            wrong.append({"answer": list(values), "idea": found.ideas[0].name})
    return {"wrong": wrong}


def _by_wrong_rules(question: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    """Yield the answers that wrong rules give to a practice question."""
    if question["topic"] == "zeros":
        yield from (idea.answer(question_of(question)) for idea in ZERO_IDEAS)
        return
    chain, asked = chain_of(network_of(question)), len(question["asks"])
    if chain is None:
        return
    for rule in RULES:
        prediction = work_through(chain, rule)
        if question["topic"] == "parameters":
            values = prediction.parameters[:asked]
        else:
            values = tuple(shape[1] if shape else None for shape in prediction.shapes[:asked])
        if len(values) == asked:
            yield values


_REPLIES: Mapping[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "advise": _advice,
    "ideas": _ideas,
    "network": _rows,
    "compare": _comparison,
    "wrong": _wrong_answers,
}
