"""Functions for a lesson's own cells that accept any answer of a learner and never raise an error.

A lesson runs from top to bottom with any answers. Where an answer cannot be used, these functions
say so in a sentence, with the words of `check_form`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .answer_form import form_problem, quote_error
from .network import Network
from .predictions import is_answered, number_in, quote
from .single_layer import output_of
from .variants import your_network


def network_or_reason(model: object) -> Network | str:
    """Return a model as a network, or the reason why it is not one.

    >>> network_or_reason(...)
    'not built yet'
    """
    if not is_answered(model):
        return "not built yet"
    if problem := form_problem(model, "model"):
        return problem
    try:
        return Network.from_keras(model)
    except Exception as error:  # noqa: BLE001 - a learner may put anything in a model's place
        return quote_error(error)


def show_summary(model: Any, *answers: object) -> None:
    """Print Keras's own table of a model, once every answer is there.

    >>> show_summary(..., [26, 24, 22])
    The summary appears here after you build the model and fill in your predictions.
    """
    if not is_answered([model, *answers]):
        print(  # noqa: T201 - the learner reads it
            "The summary appears here after you build the model and fill in your predictions."
        )
    elif isinstance(network := network_or_reason(model), str):
        print(f"There is no summary: {network}.")  # noqa: T201 - as above
    else:
        model.summary()


def once_answered(name: str, answer: object, make: Callable[[], Any]) -> Any:
    """Return what `make` gives, once there is an answer; until then say what is missing.

    What would show the answer of a question comes after it, and is made by this function.

    >>> once_answered("fields", ..., lambda: "the picture")
    The picture appears here after you answer `fields`.
    """
    if is_answered(answer):
        return make()
    print(f"The picture appears here after you answer `{name}`.")  # noqa: T201 - the learner reads it
    return None


def largest_layer(model: object) -> str:
    """Return the layer of a model with the most parameters, and their share.

    >>> from .lesson_models import lesson_network
    >>> largest_layer(lesson_network("stride"))
    '85,770 parameters, 76.6% of them in dense'
    """
    network = network_or_reason(model)
    if isinstance(network, str):
        return network
    most = max(network.rows, key=lambda row: row.parameters)
    share = most.parameters / max(network.total_parameters, 1)
    return f"{network.total_parameters:,} parameters, {share:.1%} of them in {most.name}"


def what_it_makes(layer: object, input_shape: tuple[int, ...]) -> str:
    """Return the output shape of one layer as a sentence, for an input without its batch.

    >>> what_it_makes({"filters": 8, "kernel_size": 3}, (28, 28, 1))
    'your layer makes (None, 26, 26, 8)'
    """
    if not is_answered(layer):
        return "no layer yet"
    if problem := form_problem(layer, "layer"):
        return problem
    try:
        return f"your layer makes {output_of(layer, input_shape)}"
    except Exception as error:  # noqa: BLE001 - a learner may put anything in a layer's place
        return quote_error(error)


def call(function: Callable[..., Any], *arguments: object) -> str:
    """Return the result of a learner's function as text, a whole number as one; or its error.

    >>> call(lambda size: size / 2, 6), call(lambda size: size // 0, 7)
    ('3', 'ZeroDivisionError: integer division or modulo by zero')
    """
    try:
        value = function(*arguments)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a learner's function may raise anything
        return f"{type(error).__name__}: {quote_error(error)}"
    if not is_answered(value):
        return "not answered yet"
    number = number_in(value)
    return quote(value if number is None else number)


def network_for(student_id: object) -> Network | None:
    """Return the network that belongs to a student id; None where it is not an id.

    >>> network_for(20231234) is None, network_for("ada") == your_network("ada")
    (True, True)
    """
    if not isinstance(student_id, str) or form_problem(student_id, "student_id"):
        return None
    return your_network(student_id)
