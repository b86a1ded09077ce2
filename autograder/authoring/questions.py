"""Making a question with one call: its text, form check, hidden test and comparison.

A question is about a network (its shapes and parameters are predicted, then it is built), or asks
for plain numbers. These are pure functions that return notebook cells.
"""

from __future__ import annotations

import copy
import keyword
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.authoring.question_cells import (
    Cell,
    code,
    counted,
    filled,
    graded_test,
    listed,
    solution,
    text_cell,
)
from stridewise.answer_form import Form
from stridewise.layer_lines import LayerLine, layer_lines, read_layer
from stridewise.network import Network
from stridewise.predictions import FormError, int_list, pair_list, whole_number

Notebook = dict[str, Any]
_PLAIN_FORMS: dict[Form, Any] = {"number": whole_number, "sizes": int_list, "pairs": pair_list}
_SHOWN: dict[Form, str] = {
    "number": "Write a whole number.",
    "sizes": "Write {numbers}, in a list in square brackets.",
    "pairs": "Write {pairs}, each in round brackets, in a list in square brackets.",
}


@dataclass(frozen=True, slots=True)
class Question:
    """The cells of one question, and the layers that its notebook must import.

    Attributes:
        name: the beginning of its cells' names.
        title: its heading.
        cells: the cells, in order.
        layers: the Keras classes that its cells use.
    """

    name: str
    title: str
    cells: tuple[Cell, ...]
    layers: frozenset[str] = frozenset()


def network_question(
    name: str,
    layers: Network | Sequence[str],
    input_shape: Sequence[int] | None = None,
    *,
    title: str = "",
    points: float | None = None,
) -> Question:
    """Return the question about a network: predict its shapes and parameters, build it, compare.

    Args:
        name: the answers are called `<name>_shapes`, `<name>_parameters` and `<name>_model`.
        layers: a line of Keras for each layer, as "Conv2D(32, 3, padding='same')"; or a `Network`.
        input_shape: the input shape without the batch; not with a `Network`.
        title: the heading; made from the name where it is empty.
        points: for each of the three answers; by default one for each layer.

    Raises:
        ValueError: when the name cannot be used, a line is not a layer, or a layer does not fit.

    >>> small = network_question("small", ["Conv2D(4, 3)", "Flatten()", "Dense(5)"], (6, 6, 1))
    >>> [cell["id"] for cell in small.cells][1:4]
    ['small_shapes_md', 'small_shapes', 'test_small_shapes']
    """
    _check_name(name)
    lines = layer_lines(layers) if isinstance(layers, Network) else list(map(read_layer, layers))
    if isinstance(layers, Network):
        input_shape = _fixed(layers)
    elif input_shape is None:
        raise ValueError("give the input shape, without the batch, such as (28, 28, 1)")
    network = Network.sequential([line.layer() for line in lines], tuple(input_shape))
    asked = _AskedNetwork(name, title or _titled(name), tuple(lines), network, points)
    return Question(name, asked.title, tuple(asked.cells()), frozenset(x.type for x in lines))


def plain_question(
    name: str, answer: object, text: str, *, title: str = "", points: float | None = None
) -> Question:
    """Return a question whose answer is a whole number, or a list of numbers or of pairs.

    Args:
        name: the name of the answer.
        answer: the right answer; students have to give the same form.
        text: the question, in Markdown.
        title: the heading; made from the name where it is empty.
        points: by default one for each row.

    Raises:
        ValueError: when the name cannot be used, or the answer has none of these forms.

    >>> reach = plain_question("reach", [3, 7], "How far does each of the two layers see?")
    >>> print(reach.cells[1]["source"].splitlines()[0])
    reach = ...
    """
    _check_name(name)
    form, right = _form_of(answer)
    length = len(right) if isinstance(right, list) else None
    rows = length or 1
    worth = float(rows if points is None else points)
    numbers, pairs = counted(rows, "whole number"), counted(rows, "pair")
    shown = _SHOWN[form].format(numbers=numbers, pairs=pairs)
    heading = title or _titled(name)
    hidden = f"from autograder import grade\n\ngrade({name}, {right}, points={worth:g})"
    cells = (
        text_cell(f"{name}_md", f"## {heading}\n\n{text.strip()}\n\n{shown}"),
        solution(name, f"{name} = {right}"),
        graded_test(name, form, length, hidden, worth),
    )
    return Question(name, heading, cells)


def new_notebook(title: str) -> Notebook:
    """Return a notebook with a title, a table of contents and imports, without questions.

    >>> [cell["id"] for cell in new_notebook("Pooling")["cells"]]
    ['title', 'imports_md', 'imports']
    """
    imports = "import stridewise\n\nimport keras\n\nfrom stridewise import check_form, compare"
    cells = [
        text_cell("title", f"# {title}\n\n- [Imports](#Imports)"),
        text_cell("imports_md", "## Imports"),
        code("imports", imports, locked=True),
    ]
    spec = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    metadata = {"kernelspec": spec, "language_info": {"name": "python"}}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def with_question(notebook: Mapping[str, Any], question: Question) -> Notebook:
    """Return the notebook with a question added: at its end, in its contents, in its imports.

    Raises:
        ValueError: when a name of the question is already in the notebook.
    """
    if taken := sorted(names_of(notebook) & {cell["id"] for cell in question.cells}):
        raise ValueError(f"the notebook already has {', '.join(taken)}; choose another name")
    added = copy.deepcopy(dict(notebook))
    for cell in added["cells"]:
        if cell["id"] == "imports" and question.layers:
            cell["source"] = _importing(cell["source"], question.layers)
        if cell["id"] == "title" and cell["source"].splitlines()[-1].startswith("- ["):
            anchor = question.title.replace(" ", "-")
            cell["source"] += f"\n- [{question.title}](#{anchor})"
    added["cells"] += copy.deepcopy(list(question.cells))
    return added


def names_of(notebook: Mapping[str, Any]) -> frozenset[str]:
    """Return the names of a notebook's cells: cell ids and nbgrader ids."""
    labels = (cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in notebook["cells"])
    ids = (cell.get("id") for cell in notebook["cells"])
    return frozenset(filter(None, [*labels, *ids]))


@dataclass(frozen=True, slots=True)
class _AskedNetwork:
    """The network of a question: the author's lines, and the cells made from them."""

    name: str
    title: str
    lines: tuple[LayerLine, ...]
    network: Network
    points: float | None

    def cells(self) -> Iterator[Cell]:
        """Yield the cells: the network, three answers with their tests, the comparison."""
        name, length = self.name, len(self.lines)
        yield text_cell(f"{name}_md", self._described())
        shapes, counts = f"{name}_shapes", f"{name}_parameters"
        yield text_cell(f"{shapes}_md", self._shapes_wanted())
        yield solution(shapes, listed(shapes, self.network.shapes))
        yield self._test(shapes, "shapes", length, ', rows="output_shape"')
        yield text_cell(f"{counts}_md", self._parameters_wanted())
        yield solution(counts, listed(counts, self.network.parameters))
        follows = f', rows="parameters", shapes=lambda: {shapes}'
        yield self._test(counts, "parameters", length, follows)
        yield text_cell(f"{name}_model_md", self._model_wanted())
        yield solution(f"{name}_model", self._built([line.keras for line in self.lines]))
        yield self._test(f"{name}_model", "model", None, "")
        yield text_cell(f"{name}_compare_md", "### Compare")
        yield code(f"{name}_compare", self._compared(shapes, counts))

    def _compared(self, shapes: str, counts: str) -> str:
        """Write the call that holds the student's model to the network that is asked for."""
        calls = (line.data.replace("one_layer(", "stridewise.layer(", 1) for line in self.lines)
        layers = "\n".join(f"            {call}," for call in calls)
        return (
            f"compare(\n    {self.name}_model,\n    shapes={shapes},\n    parameters={counts},\n"
            f"    asked=stridewise.Network.sequential(\n        [\n{layers}\n        ],\n"
            f"        {self._input},\n    ),\n)"
        )

    def _described(self) -> str:
        rows = [f"| {number} | `{line.keras}` |" for number, line in enumerate(self.lines, 1)]
        table = "\n".join(["| Layer | What it is |", "| --- | --- |", *rows])
        return (
            f"## {self.title}\n\nThis network reads inputs of shape `{self._input}`:\n\n{table}\n\n"
            "An argument that is not written has Keras's default."
        )

    def _shapes_wanted(self) -> str:
        blanks = [f"({', '.join(['None', *['...'] * (len(s) - 1)])})," for s in self.network.shapes]
        block = f"{self.name}_shapes = [\n{filled(blanks)}\n]"
        return (
            f"### Predict the shapes\n\nWrite {counted(len(blanks), 'tuple')}, one a layer, with "
            "`None` for the batch. Copy this and fill in what is missing:\n\n"
            f"```python\n{block}\n```"
        )

    def _parameters_wanted(self) -> str:
        return (
            f"### Predict the parameters\n\nWrite {counted(len(self.lines), 'whole number')}, "
            "one a layer. You may leave the arithmetic to Python."
        )

    def _model_wanted(self) -> str:
        first = [line.keras for line in self.lines[:-1][:1]]  # of a single layer, nothing
        block = self._built([*first, "# the other layers" if first else "# your layer"])
        return (
            "### Build it\n\nThe first lines are given. Copy them, and put the rest where the "
            f"comment stands.\n\n```python\n{block}\n```"
        )

    def _built(self, layers: Sequence[str]) -> str:
        """Return the model in Keras; a comment in place of a layer has no comma."""
        lines = [f"keras.Input(shape={self._input})", *layers]
        body = (f"        {line}" + ("" if line.startswith("#") else ",") for line in lines)
        start = f"{self.name}_model = keras.Sequential("
        return "\n".join([start, "    [", *body, "    ]", ")"])

    def _test(self, answer: str, form: Form, length: int | None, column: str) -> Cell:
        """Return the test of one answer; its hidden part builds the network without Keras.

        `column` are the arguments that say what was predicted. Stock nbgrader runs it among the
        student's own names, so it takes none that she may use.
        """
        worth = float(len(self.lines) if self.points is None else self.points)
        calls = filled([f"{line.data}," for line in self.lines])
        hidden = (
            "from autograder import grade\nfrom stridewise import Network, layer as one_layer\n\n"
            f"expected = Network.sequential([\n{calls}\n], {self._input})\n"
            f"grade({answer}, expected, points={worth:g}{column})"
        )
        return graded_test(answer, form, length, hidden, worth)

    @property
    def _input(self) -> tuple[int | None, ...]:
        return self.network.input_shape[1:]


def _check_name(name: str) -> None:
    if not name.isidentifier() or keyword.iskeyword(name) or name.startswith("_"):
        raise ValueError(f"{name!r} cannot be the name of an answer; use letters, digits and _")


def _fixed(network: Network) -> tuple[int, ...]:
    """Return the input shape of a network, in which only the batch may be None."""
    sizes = [size for size in network.input_shape[1:] if size is not None]
    if len(sizes) < len(network.input_shape) - 1:
        raise ValueError(f"the input {network.input_shape} has a size of None; give a number")
    return tuple(sizes)


def _form_of(answer: object) -> tuple[Form, Any]:
    """Return the form of an answer, and the answer in that form."""
    for form, read in _PLAIN_FORMS.items():
        try:
            right = read(answer)
        except FormError:
            continue
        if right != []:
            return form, right
    raise ValueError(f"{answer!r} is not a whole number, or a list of whole numbers or of pairs")


def _titled(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _importing(source: str, layers: frozenset[str]) -> str:
    """Return the imports with these Keras classes added."""
    line = re.compile(r"^from keras\.layers import (\w+(?:, \w+)*)$", re.MULTILINE)
    found = line.search(source)
    known = set(found[1].split(", ")) if found else set()
    new = f"from keras.layers import {', '.join(sorted(known | layers))}"
    if found:
        return line.sub(new, source, count=1)
    return re.sub(r"^import keras$", f"import keras\n{new}", source, count=1, flags=re.MULTILINE)
