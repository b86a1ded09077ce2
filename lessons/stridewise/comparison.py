"""A prediction laid beside what Keras says, row by row.

Keras's value shows only where a prediction stands: first commit, then see. Where the numbers follow
a wrong rule that is known, that rule is worked beside the right one, from the same numbers.
"""

from __future__ import annotations

import html
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING

from stridewise.explanations import Explanation, explain
from stridewise.network import Network, Row
from stridewise.predictions import FormError, is_answered, items, one_shape, quote, whole_number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

AGREES, DIFFERS, OPEN = "✓ agrees", "✗ differs", "not answered yet"
_CELL = "text-align:left;padding:0.25em 0.5em"
_UNBROKEN = 25  # characters; a sentence in place of a verdict may run over several lines


@dataclass(frozen=True, slots=True)
class Compared:
    """One value: what was predicted, what Keras says, and the verdict in words."""

    predicted: str
    actual: str
    verdict: str


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """One layer, with a `Compared` for each column that was predicted."""

    layer: str
    values: tuple[Compared, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The table that a lesson shows after a model is built: as HTML, and as plain text."""

    columns: tuple[str, ...]
    rows: tuple[ComparedRow, ...]
    notes: tuple[str, ...] = ()
    explanations: tuple[tuple[str, Explanation], ...] = ()  # each with its column

    @property
    def headings(self) -> tuple[str, ...]:
        """The words over the columns."""
        triples = ((f"{name}: yours", f"{name}: Keras", "Verdict") for name in self.columns)
        return ("Layer", *(heading for triple in triples for heading in triple))

    @property
    def lines(self) -> tuple[tuple[str, ...], ...]:
        """The text of every cell, row by row."""
        return tuple(
            (row.layer, *(text for value in row.values for text in _texts(value)))
            for row in self.rows
        )

    @property
    def summary(self) -> tuple[str, ...]:
        """For each column that could be compared, how many rows agree; then the notes."""
        counts = []
        for index, name in enumerate(self.columns):
            verdicts = [row.values[index].verdict for row in self.rows]
            if {AGREES, DIFFERS} & set(verdicts):
                counts.append(f"{name}: {verdicts.count(AGREES)} of {len(verdicts)} agree.")
        return (*(counts if self.rows else ()), *self.notes)

    def __repr__(self) -> str:
        table = [self.headings, *self.lines] if self.rows else []
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        texts = ["  ".join(map(str.ljust, line, widths)).rstrip() for line in table]
        ideas = [line for found in self.explanations for line in _idea_lines(*found, self.rows)]
        return "\n".join([*texts, *self.summary, *ideas])

    def _repr_html_(self) -> str:
        """Show the table with the page's own colours, so that it reads in light and in dark."""
        summary = "".join(f"<p>{html.escape(sentence)}</p>" for sentence in self.summary)
        if not self.rows:
            return summary
        head = "".join(
            f'<th scope="col" style="{_CELL}">{html.escape(heading)}</th>'
            for heading in self.headings
        )
        body = "".join(f"<tr>{_html_line(line)}</tr>" for line in self.lines)
        ideas = "".join(_idea_html(*found, self.rows) for found in self.explanations)
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{summary}{ideas}"


def compare(model: object, shapes: object = None, parameters: object = None) -> Comparison:
    """Lay predicted output shapes and parameter counts beside those of `model`.

    Args:
        model: a Keras model, its config, a `Network`, or `...` while it is still to be built.
        shapes: a predicted shape a layer; `...` where it is still to come; None leaves it out.
        parameters: a predicted count a layer, likewise.

    >>> from stridewise.layers import layer
    >>> network = Network.sequential([layer("Conv2D", 4, 3)], input_shape=(6, 6, 1))
    >>> compare(network, parameters=[41])
    Layer   Parameters: yours  Parameters: Keras  Verdict
    conv2d  41                 40                 ✗ differs
    Parameters: 0 of 1 agree.
    """
    network, notes = _network(model)
    layers = [row for row in network.rows if row.type != "InputLayer"] if network else None
    predicted = {}
    for name, answer in (("Shape", shapes), ("Parameters", parameters)):
        if answer is not None:
            predicted[name], note = _predicted(name, answer)
            notes += note
    height = max([len(layers or ()), *map(len, predicted.values())])
    rows = (_row(index, layers, predicted) for index in range(height if predicted else 0))
    explanations = _explanations(network, predicted) if network else ()
    return Comparison(tuple(predicted), tuple(rows), tuple(notes), explanations)


def _explanations(
    network: Network, predicted: dict[str, list[object]]
) -> tuple[tuple[str, Explanation], ...]:
    """Give the idea that each predicted column follows; once, where both follow the same."""
    ideas: dict[str, tuple[str, Explanation]] = {}
    for name, answers in predicted.items():
        shapes, parameters = (answers, ...) if name == "Shape" else (..., answers)
        if not (found := explain(network, shapes, parameters)):
            continue
        if found.idea in ideas:  # a wrong size is carried into the counts
            column, first = ideas[found.idea]
            ideas[found.idea] = (f"{column} and {name.lower()}", first)
        else:
            ideas[found.idea] = (name, found)
    return tuple(ideas.values())


def _network(model: object) -> tuple[Network | None, list[str]]:
    """Give the model as a network, or None and the reason."""
    if not is_answered(model):
        return None, ["The model is not built yet."]
    try:
        return Network.from_keras(model), []
    except (TypeError, ValueError) as error:
        return None, [f"The model cannot be compared: {error}"]


def _predicted(name: str, answer: object) -> tuple[list[object], list[str]]:
    """Give the rows of a prediction, or none and the reason."""
    try:
        return items(answer), []
    except FormError as error:
        return [], [f"{name}: {error}."]


def _row(index: int, layers: list[Row] | None, predicted: dict[str, list[object]]) -> ComparedRow:
    """Compare every column of one row; a row may be missing on either side."""
    layer = layers[index] if layers and index < len(layers) else None
    missing = "not built" if layers is None else "no such layer"
    values = []
    for name, answers in predicted.items():
        read, value_of = _READ[name]
        mine = answers[index] if index < len(answers) else ...
        values.append(_compare(mine, read, missing if layer is None else value_of(layer)))
    return ComparedRow(layer.name if layer else f"row {index + 1}", tuple(values))


def _compare(mine: object, read: Callable[[object], object], theirs: object) -> Compared:
    """Compare one prediction with Keras's value; a text in its place says why there is none."""
    if not is_answered(mine):
        return Compared("...", "", OPEN)
    try:
        value = read(mine)
    except FormError as error:
        return Compared(quote(mine), "", str(error))
    if isinstance(theirs, str):
        return Compared(_show(value), "", theirs)
    return Compared(_show(value), _show(theirs), AGREES if value == theirs else DIFFERS)


_READ: dict[str, tuple[Callable[[object], object], Callable[[Row], object]]] = {
    "Shape": (one_shape, attrgetter("output_shape")),
    "Parameters": (whole_number, attrgetter("parameters")),
}


def _texts(value: Compared) -> tuple[str, str, str]:
    return value.predicted, value.actual, value.verdict


def _show(value: object) -> str:
    """Write a count with its thousands apart, a shape as Keras does."""
    return f"{value:,}" if isinstance(value, int) else str(value)


def _html_line(line: tuple[str, ...]) -> str:
    """Write one row: the layer heads it."""
    styles = (_CELL + (";white-space:nowrap" if len(text) < _UNBROKEN else "") for text in line)
    first, *others = zip(styles, map(html.escape, line), strict=True)
    cells = "".join(f'<td style="{style}">{text}</td>' for style, text in others)
    return f'<th scope="row" style="{first[0]}">{first[1]}</th>{cells}'


def _idea_lines(column: str, found: Explanation, rows: tuple[ComparedRow, ...]) -> Iterator[str]:
    """Yield an explanation as text: the idea, the two workings row by row, and the question."""
    yield f"\n{column}: {found.idea}"
    for working in found.workings:
        if working.own and working.own != working.right:
            layer = rows[working.row].layer
            yield f"  {layer}: by that idea {working.own}; by Keras's rule {working.right}"
    yield f"{found.leaves_out} {found.question}"


def _idea_html(column: str, found: Explanation, rows: tuple[ComparedRow, ...]) -> str:
    """Write an explanation as a small table: the learner's rule worked beside the right one."""
    head = "".join(
        f'<th scope="col" style="{_CELL}">{heading}</th>'
        for heading in ("Layer", "By that idea", "By Keras's rule, from the same numbers")
    )
    body = "".join(
        f"<tr>{_html_line((rows[each.row].layer, each.own, each.right))}</tr>"
        for each in found.workings
        if each.own and each.own != each.right
    )
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>" if body else ""
    thought = html.escape(f"{found.leaves_out} {found.question}")
    return (
        f"<p><strong>{html.escape(f'{column}: {found.idea}')}</strong></p>{table}<p>{thought}</p>"
    )
