"""Making a question about a network with one call.

Its shapes and its parameters are predicted, then it is built, then the three are compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from autograder.authoring.question_cells import (
    Cell,
    code,
    filled,
    graded_test,
    in_words,
    listed,
    solution,
    text_cell,
)
from autograder.authoring.questions import Question, check_name, titled
from stridewise.answer_form import Form
from stridewise.layer_lines import LayerLine, layer_lines, read_layer
from stridewise.network import Network


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
    check_name(name)
    lines = layer_lines(layers) if isinstance(layers, Network) else list(map(read_layer, layers))
    if isinstance(layers, Network):
        input_shape = _fixed(layers)
    elif input_shape is None:
        raise ValueError("give the input shape, without the batch, such as (28, 28, 1)")
    network = Network.sequential([line.layer() for line in lines], tuple(input_shape))
    asked = _AskedNetwork(name, title or titled(name), tuple(lines), network, points)
    return Question(name, asked.title, tuple(asked.cells()), frozenset(x.type for x in lines))


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
            f"### Predict the shapes\n\nWrite {in_words(len(blanks), 'tuple')}, one a layer, with "
            "`None` for the batch. Copy this and fill in what is missing:\n\n"
            f"```python\n{block}\n```"
        )

    def _parameters_wanted(self) -> str:
        return (
            f"### Predict the parameters\n\nWrite {in_words(len(self.lines), 'whole number')}, "
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


def _fixed(network: Network) -> tuple[int, ...]:
    """Return the input shape of a network, in which only the batch may be None."""
    sizes = [size for size in network.input_shape[1:] if size is not None]
    if len(sizes) < len(network.input_shape) - 1:
        raise ValueError(f"the input {network.input_shape} has a size of None; give a number")
    return tuple(sizes)
