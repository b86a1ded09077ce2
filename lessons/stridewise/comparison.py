"""A prediction laid beside what Keras says, row by row.

Keras's value shows only where a prediction stands: first commit, then see. Where the numbers follow
a wrong rule that is known, that rule is worked beside the right one, from the same numbers.
"""

from __future__ import annotations

import html
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING

from stridewise.explanations import Explanation, Working, explain
from stridewise.misconceptions.steps import chain_of
from stridewise.network import Network, Row
from stridewise.predictions import FormError, is_answered, items, one_shape, quote, whole_number
from stridewise.row_marks import row_marks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

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
        told = _told(self.explanations)
        ideas = [line for idea in told for line in _idea_lines(idea, self.rows)]
        return "\n".join([*texts, *self.summary, *ideas])

    def _repr_html_(self) -> str:
        """Show the table with the page's own colours, so that it reads in light and in dark."""
        summary = "".join(f"<p>{html.escape(sentence)}</p>" for sentence in self.summary)
        if not self.rows:
            return summary
        ideas = "".join(_idea_html(idea, self.rows) for idea in _told(self.explanations))
        return f"{_table_html(self.headings, self.lines, _UNBROKEN)}{summary}{ideas}"


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
    rows = tuple(_row(index, layers, predicted) for index in range(height if predicted else 0))
    if network is None:
        return Comparison(tuple(predicted), rows, tuple(notes))
    differing = _differing(tuple(predicted), rows)
    explanations, follow = _explanations(_without_input(network), predicted, differing)
    return Comparison(tuple(predicted), rows, (*notes, *follow), tuple(explanations))


def _without_input(network: Network) -> Network:
    """Give a chain without a row for its input, which no question asks for."""
    layers = [layer for layer in network.layers if layer.type != "InputLayer"]
    if not layers or len(layers) == len(network.layers) or chain_of(network) is None:
        return network
    return Network.sequential(layers, input_shape=network.input_shape[1:])


def _differing(columns: tuple[str, ...], rows: tuple[ComparedRow, ...]) -> dict[str, set[int]]:
    """Give the rows, from 0, in which each column differs from Keras."""
    return {
        name: {place for place, row in enumerate(rows) if row.values[column].verdict == DIFFERS}
        for column, name in enumerate(columns)
    }


def _explanations(
    network: Network, predicted: dict[str, list[object]], differing: dict[str, set[int]]
) -> tuple[list[tuple[str, Explanation]], list[str]]:
    """Give the idea that each column follows; or say that the counts follow from the shapes."""
    shapes, counts = predicted.get("Shape", []), predicted.get("Parameters", [])
    found = [("Shape", explain(network, shapes))]
    both = differing.get("Shape") and differing.get("Parameters")
    verdicts = row_marks(counts, network, "parameters", shapes) if both else ()
    if both and differing["Parameters"] <= {each.row for each in verdicts if each.follows}:
        note = ["Parameters: those that differ are right for your own shapes."]
    else:
        followed = explain(network, ..., counts, given=shapes) if both else None
        if not followed or not {each.row for each in followed.workings} <= differing["Parameters"]:
            followed = explain(network, ..., counts)  # nor is a row explained that agrees
        found, note = [*found, ("Parameters", followed)], []
    return [(name, each) for name, each in found if each], note


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


def _table_html(
    headings: tuple[str, ...], lines: Iterable[tuple[str, ...]], unbroken: int = 0
) -> str:
    """Write a table; a cell shorter than `unbroken` stays on one line, a line break is kept."""
    cells = (f'<th scope="col" style="{_CELL}">{html.escape(text)}</th>' for text in headings)
    body = "".join(f"<tr>{_html_line(line, unbroken)}</tr>" for line in lines)
    return f"<table><thead><tr>{''.join(cells)}</tr></thead><tbody>{body}</tbody></table>"


def _html_line(line: tuple[str, ...], unbroken: int) -> str:
    """Write one row: the layer heads it."""
    styles = (_CELL + (";white-space:nowrap" if len(text) < unbroken else "") for text in line)
    texts = (html.escape(text).replace("\n", "<br>") for text in line)
    first, *others = zip(styles, texts, strict=True)
    cells = "".join(f'<td style="{style}">{text}</td>' for style, text in others)
    return f'<th scope="row" style="{first[0]}">{first[1]}</th>{cells}'


@dataclass(frozen=True, slots=True)
class _Told:
    """One idea as it is shown: once, with the rows of every column that follows it."""

    heading: str
    thought: str
    tables: tuple[tuple[str, tuple[Working, ...]], ...]  # each with its column


def _told(explanations: tuple[tuple[str, Explanation], ...]) -> Iterator[_Told]:
    """Yield idea after idea; one that two columns share is said once."""
    shared: dict[str, list[tuple[str, Explanation]]] = {}
    for column, found in explanations:
        shared.setdefault(found.idea, []).append((column, found))
    for alike in shared.values():
        columns = " and ".join(column for column, _ in alike).capitalize()
        for place, idea in enumerate(alike[0][1].ideas):
            tables = ((column, found.ideas[place].workings) for column, found in alike)
            thought = f"{idea.leaves_out} {idea.question}"
            yield _Told(f"{columns}. {idea.heading}", thought, tuple(tables))


def _idea_lines(told: _Told, rows: tuple[ComparedRow, ...]) -> Iterator[str]:
    """Yield an idea as text: its name, the two workings row by row, and the question."""
    yield f"\n{told.heading}"
    for column, workings in told.tables:
        for each in workings:
            own, layer = each.own.replace("\n", " "), rows[each.row].layer
            yield f"  {layer}, {column.lower()}: by this idea {own}; by Keras's rule {each.right}"
    yield told.thought


def _idea_html(told: _Told, rows: tuple[ComparedRow, ...]) -> str:
    """Write an idea with a small table for each column: her rule worked beside the right one."""
    tables = "".join(
        _table_html(
            ("Layer", f"{column}: this idea", f"{column}: Keras, same numbers"),
            [(rows[each.row].layer, each.own, each.right) for each in workings],
        )
        for column, workings in told.tables
        if workings
    )
    heading, thought = html.escape(told.heading), html.escape(told.thought)
    return f"<p><strong>{heading}</strong></p>{tables}<p>{thought}</p>"
