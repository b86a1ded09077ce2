"""Comparing a prediction with Keras's values, row by row.

Keras's value is shown only where there is a prediction: predict first, then see. Where the numbers
follow a known wrong rule, its working is shown beside the right one, with the same numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stridewise.answer_form import form_problem, quote_error
from stridewise.comparison_table import (
    AGREES,
    DIFFERS,
    FOLLOWS,
    OPEN,
    Compared,
    ComparedRow,
    Comparison,
)
from stridewise.explanations import behind_counts, explain
from stridewise.first_slip import first_slip
from stridewise.layers import without_inputs
from stridewise.lesson_models import lesson_network
from stridewise.misconceptions.chain import chain_of
from stridewise.model_differences import model_differences
from stridewise.naming import Explanation
from stridewise.network import Network, Row
from stridewise.predictions import FormError, is_answered, items, number_in, quote, shape_in
from stridewise.row_counts import length_problem
from stridewise.row_marks import Kind, RowVerdict, row_marks

if TYPE_CHECKING:
    from collections.abc import Sequence

_ASKED = "The table is about the network that the lesson asks for. Correct your model."
_INPUT_ROW = "; the first is keras.Input: leave it out"
_KINDS: dict[str, Kind] = {"Shape": "output_shape", "Parameters": "parameters"}


def compare(
    model: object, shapes: object = None, parameters: object = None, asked: object = None
) -> Comparison:
    """Compare predicted output shapes and parameter counts with those of `model`.

    With `asked`, the model is first compared with the network that the lesson asks for. Then the
    prediction is judged for that network, so that a right one is never called wrong.

    Args:
        model: a Keras model, its config, a `Network`, or `...` while it is still to be built.
        shapes: a predicted shape for each layer; `...` where it is missing; None for no column.
        parameters: a predicted count for each layer, in the same way.
        asked: a `Network`, or the name of one in `lesson_network`; None where any model will do.

    >>> from stridewise.layers import layer
    >>> network = Network.sequential([layer("Conv2D", 4, 3)], input_shape=(6, 6, 1))
    >>> compare(network, parameters=[41])
    Layer   Parameters: yours  Parameters: Keras  Verdict
    conv2d  41                 40                 ✗ differs
    Parameters: 0 of 1 agree.
    <BLANKLINE>
    Parameters. Start with row 1 (Conv2D). By the rule: (3·3 · 1 + 1) · 4 = 40. You have 41.
    """
    built, notes = _network(model)
    network = built
    if built is not None and asked is not None:
        due = lesson_network(asked) if isinstance(asked, str) else Network.from_keras(asked)
        differences = model_differences(built, due)
        notes += [f"Your model: {each}" for each in differences]
        notes += [_ASKED] if differences else []
        network = due if differences else built
    predicted, problems = _columns(shapes, parameters)
    notes += problems
    if network is None:
        return Comparison(tuple(predicted), _unbuilt_rows(predicted), tuple(notes))
    notes += _surplus(predicted, network)
    verdicts = {
        name: row_marks(answer, network, _KINDS[name], predicted.get("Shape"))
        for name, answer in predicted.items()
    }
    rows = _rows(network.rows, predicted, verdicts) if predicted else ()
    asked_for = {name: rows[: len(network.rows)] for name, rows in predicted.items()}
    explanations = _explanations(network, asked_for, verdicts)
    return Comparison(tuple(predicted), rows, tuple(notes), tuple(explanations))


def _columns(shapes: object, parameters: object) -> tuple[dict[str, list[object]], list[str]]:
    """Return the rows of each column, and what is wrong with their form."""
    predicted: dict[str, list[object]] = {}
    notes: list[str] = []
    for name, answer in (("Shape", shapes), ("Parameters", parameters)):
        if answer is not None:
            predicted[name], note = _predicted(name, answer)
            notes += note
    return predicted, notes


def _without_input(network: Network) -> Network:
    """Return a chain without a row for its input, which no question asks for."""
    layers = without_inputs(network.layers)
    if not layers or len(layers) == len(network.layers) or chain_of(network) is None:
        return network
    return Network.sequential(layers, input_shape=network.input_shape[1:])


def _explanations(
    network: Network,
    predicted: dict[str, list[object]],
    verdicts: dict[str, tuple[RowVerdict, ...]],
) -> list[tuple[str, Explanation]]:
    """Return the idea that each column follows, where a row differs and does not follow.

    Where no idea is known, the right working of the first such row is given. A fraction has not the
    form of an answer, but it may follow an idea.
    """
    shapes, counts = predicted.get("Shape", ...), predicted.get("Parameters", ...)
    explained = []
    for name, column in verdicts.items():
        if all(each.follows for each in column):
            continue
        found = (
            explain(network, shapes) if name == "Shape" else behind_counts(network, counts, shapes)
        )
        explained.append((name, found or first_slip(network, _KINDS[name], column, shapes)))
    return [(name, each) for name, each in explained if each]


def _network(model: object) -> tuple[Network | None, list[str]]:
    """Return the model as a network, or None and the reason."""
    if not is_answered(model):
        return None, ["The model is not built yet."]
    try:
        return _without_input(Network.from_keras(model)), []
    except Exception as error:  # noqa: BLE001 - a learner may put anything in a model's place
        return None, [_notcompared(model, error)]


def _notcompared(model: object, error: Exception) -> str:
    """Return why a model cannot be read, in the words of the lesson's form check."""
    problem = form_problem(model, "model")
    return f"The model cannot be compared: {problem or quote_error(error)}."


def _predicted(name: str, answer: object) -> tuple[list[object], list[str]]:
    """Return the rows of a prediction, or none and the reason."""
    try:
        return items(answer), []
    except FormError as error:
        return [], [f"{name}: {error}."]


def _surplus(predicted: dict[str, list[object]], network: Network) -> list[str]:
    """Return notes on the columns that have more rows than the model has layers."""
    asked = len(network.rows)
    return [
        f"{name}: {length_problem(answer, asked)}{_input_row(answer, network)}."
        for name, answer in predicted.items()
        if len(answer) > asked
    ]


def _input_row(answer: Sequence[object], network: Network) -> str:
    """Return a hint where there is one row too many and the first is that of `keras.Input`."""
    first = answer[0]
    of_input = shape_in(first) == network.input_shape or number_in(first) == 0
    return _INPUT_ROW if of_input and len(answer) == len(network.rows) + 1 else ""


def _unbuilt_rows(predicted: dict[str, list[object]]) -> tuple[ComparedRow, ...]:
    """Return the rows of a prediction while there is no model to compare them with."""
    height = max(map(len, predicted.values()), default=0)
    return tuple(
        ComparedRow(
            f"row {row + 1}",
            tuple(
                Compared(quote(answer[row]), "", "not built")
                if row < len(answer) and is_answered(answer[row])
                else Compared("...", "", OPEN)
                for answer in predicted.values()
            ),
        )
        for row in range(height)
    )


def _rows(
    layers: Sequence[Row],
    predicted: dict[str, list[object]],
    verdicts: dict[str, tuple[RowVerdict, ...]],
) -> tuple[ComparedRow, ...]:
    """Return the verdicts on every row of every column."""
    rows = []
    for index, layer in enumerate(layers):
        real = {"Shape": layer.output_shape, "Parameters": layer.parameters}
        values = (
            compared(answer, verdicts[name][index], real[name])
            for name, answer in predicted.items()
        )
        rows.append(ComparedRow(layer.name, tuple(values)))
    return tuple(rows)


def compared(answer: Sequence[object], verdict: RowVerdict, real: object) -> Compared:
    """Return one verdict; Keras's value is shown only beside an answer."""
    if not verdict.answered:
        mine = answer[verdict.row] if verdict.row < len(answer) else ...
        if not is_answered(mine):
            return Compared("...", "", OPEN)
        return Compared(quote(mine), "", verdict.problem)
    said = AGREES if verdict.right else FOLLOWS if verdict.follows else DIFFERS
    return Compared(_show(verdict.value), _show(real), said)


def _show(value: object) -> str:
    """Return a count with commas, or a shape as Keras writes it."""
    return f"{value:,}" if isinstance(value, int) else str(value)
