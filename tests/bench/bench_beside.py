"""Marking by tests that run beside the student's cells, side by side with stock nbgrader.

    python tests/bench/bench_beside.py --help

Three courses of one notebook each, of which the tests need the student's live objects: one trains a
Keras model, one builds such models and counts, one is on classes, generators, files and printed
text, without TensorFlow. Prints how often the notebook that trains has to be run to be marked,
processor time a notebook beside stock's, and the memory of all processes. To look at the memory
slows down forks, so some notebooks are marked once more for that.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from measured import ENGINE, STOCK, Timed, at_least, at_most, header, row, timed

sys.path.insert(0, str(Path(__file__).parents[1]))

from course_builder import (
    ASSIGNMENT,
    CONFIG,
    Notebook,
    answered,
    checked,
    given,
    notebook,
    released,
    solution,
    write,
)

from autograder.authoring.generate import generate
from autograder.course.course import open_course
from autograder.gradebook.gradebook import Gradebook
from autograder.marking.engine import mark_notebook
from autograder.notebooks.master import templates
from autograder.records import Submission
from autograder.running import Runner
from autograder.running.fork_client import ForkClient

_NAME = "lab"
_MOST_MEMORY = 1_536  # MiB
_MEASURED = 40  # notebooks that are marked once more, for their memory


@dataclass(frozen=True, slots=True)
class Question:
    """An answer cell and its hidden test; `answer` has a field for a number of the student's."""

    name: str
    answer: str
    test: str


@dataclass(frozen=True, slots=True)
class Compared:
    """How many times stock's speed, in processor time and by the clock; most memory in MiB."""

    ratio: float
    by_clock: float
    memory: float


KERAS = (
    Question(
        "data",
        "rng = np.random.default_rng({n})\nx = rng.normal(size=(64, 8, 8, 1)).astype('float32')\n"
        "y = (x.mean(axis=(1, 2, 3)) > 0).astype('int32')",
        "assert x.shape == (64, 8, 8, 1) and x.dtype == np.float32 and set(y) == {0, 1}",
    ),
    Question(
        "model",
        "model = keras.Sequential([\n    keras.Input(shape=(8, 8, 1)),\n"
        "    keras.layers.Conv2D({n} % 4 + 4, 3, activation='relu', name='first'),\n"
        "    keras.layers.Flatten(),\n    keras.layers.Dense(2, activation='softmax'),\n])",
        "assert model.get_layer('first').activation.__name__ == 'relu'\n"
        "assert model.output_shape == (None, 2)",
    ),
    Question(
        "compiled",
        "model.compile(optimizer=keras.optimizers.SGD(0.05),\n"
        "    loss='sparse_categorical_crossentropy', metrics=['accuracy'])",
        "assert isinstance(model.optimizer, keras.optimizers.SGD)\n"
        "assert model.loss == 'sparse_categorical_crossentropy'",
    ),
    Question(
        "training",
        "history = model.fit(x, y, epochs=2, batch_size=32, verbose=0)",
        "assert len(history.history['loss']) == 2 and 'accuracy' in history.history",
    ),
    Question(
        "prediction",
        "guesses = model.predict(x[:5], verbose=0)",
        "np.testing.assert_allclose(guesses.sum(axis=1), np.ones(5), rtol=1e-4)\n"
        "assert model(x[:3]).shape == (3, 2)",
    ),
    Question(
        "count",
        "def parameters(network):\n    return sum(int(np.prod(w.shape)) for w in network.weights)",
        "assert parameters(model) == model.count_params()",
    ),
)
BUILT = (
    Question(
        "model",
        "model = keras.Sequential([\n    keras.Input(shape=(16, 16, 3)),\n"
        "    keras.layers.Conv2D({n} % 4 + 4, 3, strides=2, activation='relu', name='first'),\n"
        "    keras.layers.MaxPooling2D(),\n    keras.layers.Flatten(),\n"
        "    keras.layers.Dense(10, activation='softmax'),\n])",
        "assert model.get_layer('first').activation.__name__ == 'relu'\n"
        "assert model.output_shape == (None, 10)",
    ),
    Question(
        "shapes",
        "shapes = {layer.name: tuple(layer.output.shape) for layer in model.layers}",
        "assert all(shapes[layer.name] == layer.output.shape for layer in model.layers)",
    ),
    Question(
        "parameters",
        "def parameters(network):\n    return sum(int(np.prod(w.shape)) for w in network.weights)",
        "assert parameters(model) == model.count_params()",
    ),
    Question(
        "branches",
        "inputs = keras.Input(shape=(8, 8, 1))\n"
        "sides = [keras.layers.Conv2D(4, size, padding='same')(inputs) for size in (1, 3, 5)]\n"
        "branches = keras.Model(inputs, keras.layers.Concatenate()(sides))",
        "assert branches.output_shape == (None, 8, 8, 12)\n"
        "assert branches.count_params() == 4 * (1 + 9 + 25 + 3)",
    ),
    Question(
        "stack",
        "def stack(depth):\n    layers = [keras.layers.Conv2D(4, 3) for _ in range(depth)]\n"
        "    return keras.Sequential([keras.Input(shape=(32, 32, 1)), *layers])",
        "assert stack(3).output_shape == (None, 26, 26, 4)",
    ),
    Question(
        "frozen",
        "model.get_layer('first').trainable = False",
        "assert len(model.trainable_weights) == 2 and len(model.weights) == 4",
    ),
)
PLAIN = (
    Question(
        "stack",
        "class Stack:\n    def __init__(self):\n        self.items = [{n}]\n"
        "    def push(self, item):\n        self.items.append(item)\n"
        "    def pop(self):\n        return self.items.pop()\n"
        "    def __len__(self):\n        return len(self.items) - 1",
        "s = Stack()\ns.push(1)\ns.push('b')\nassert len(s) == 2 and s.pop() == 'b'",
    ),
    Question(
        "generator",
        "def evens(first={n}):\n    n = 0\n    while True:\n        yield n\n        n += 2",
        "from itertools import islice\nassert list(islice(evens(), 4)) == [0, 2, 4, 6]",
    ),
    Question(
        "printing",
        "def greet(name):\n    print('Hello,', name)  # {n}",
        "import contextlib, io\nwith contextlib.redirect_stdout(io.StringIO()) as out:\n"
        "    greet('Ada')\nassert out.getvalue() == 'Hello, Ada\\n'",
    ),
    Question(
        "file",
        "with open('numbers.txt', 'w') as file:\n    file.write('\\n'.join(map(str, range({n}))))",
        "assert open('numbers.txt').read().startswith('0\\n1\\n2')",
    ),
    Question(
        "context",
        "from contextlib import contextmanager\nevents = []\n"
        "@contextmanager\ndef noted(what={n}):\n"
        "    events.append('in')\n    yield\n    events.append('out')",
        "with noted():\n    assert events[-1] == 'in'\nassert events[-1] == 'out'",
    ),
    Question(
        "in_place",
        "def double(items):\n    for i in range(len(items)):\n        items[i] *= 2  # {n}",
        "some = [1, 2]\nassert double(some) is None and some == [2, 4]",
    ),
)
_WRONG = "raise NotImplementedError('I could not do {name}')"


def main() -> None:
    options = _options()
    header()
    with tempfile.TemporaryDirectory() as folder:
        keras = _course(Path(folder) / "keras", KERAS, "import keras\nimport numpy as np")
        built = _course(Path(folder) / "built", BUILT, "import keras\nimport numpy as np")
        plain = _course(Path(folder) / "plain", PLAIN, "import math")
        runs = _runs_needed(keras)
        trained = _beside_stock(keras, KERAS, options.keras, options.stock, "a model is trained")
        counted = _beside_stock(built, BUILT, options.built, options.stock, "models are built")
        others = _beside_stock(plain, PLAIN, options.plain, 3 * options.stock, "without Keras")
    most = max(each.memory for each in (trained, counted, others))
    print(f"\nruns of a notebook that trains, of {len(KERAS)} tests until all are marked: {runs}")
    names = ("a model is trained", "models are built", "without Keras")
    for name, times, found in zip(names, (25, 25, 5), (trained, counted, others), strict=True):
        at_least(f"{name}, times stock, processor time", times, found.ratio)
        at_least(f"{name}, times stock, by the clock", times, found.by_clock)
    at_most("most memory at once, MiB", _MOST_MEMORY, most)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--keras", type=int, default=60, help="students who train a model")
    parser.add_argument("--built", type=int, default=60, help="students who build models")
    parser.add_argument("--plain", type=int, default=150, help="students of the other course")
    parser.add_argument(
        "--stock", type=int, default=2, help="marked by stock, twice (plain: three times)"
    )
    return parser.parse_args()


def _course(root: Path, questions: tuple[Question, ...], imports: str) -> Path:
    cells = [given(imports)]
    for number, each in enumerate(questions):
        cells.append(given(f"## {each.name}", "markdown"))
        cells.append(solution(each.name, "", each.answer.replace("{n}", f"{7 + number}")))
        cells.append(checked(f"test_{each.name}", 2, each.test))
    write(root / "solutions" / ASSIGNMENT, {_NAME: notebook(cells)})
    (root / "nbgrader_config.py").write_text(CONFIG)
    generate(open_course(root), ASSIGNMENT)
    return root


def _answers(questions: tuple[Question, ...], number: int) -> dict[str, str]:
    """Answer as a student does: one in six questions not at all."""
    chance = random.Random(number)  # noqa: S311 - not for secrets
    own = str(5 + number)
    return {
        each.name: _WRONG.format(name=each.name)
        if each is not questions[0] and chance.random() < 1 / 6
        else each.answer.replace("{n}", own)
        for each in questions
    }


def _student(number: int) -> str:
    return f"s{number:05}"


def _hand_in(root: Path, questions: tuple[Question, ...], students: int) -> None:
    blank: Mapping[str, Notebook] = released(root)
    for number in range(students):
        folder = root / "submitted" / _student(number) / ASSIGNMENT
        write(folder, answered(blank, _answers(questions, number)))


def _beside_stock(
    root: Path, questions: tuple[Question, ...], students: int, stock: int, name: str
) -> Compared:
    """Mark a class, and some of it by stock before and after: a shared machine changes its pace."""
    _hand_in(root, questions, students)
    before = _stock(root, stock, f"{name}: nbgrader autograde")
    line = [*ENGINE, "grade", ASSIGNMENT, "--verbose"]
    ours = row(f"{name}: autograder grade", timed(line, root, students, odd=True))
    after = _stock(root, stock, f"{name}: nbgrader autograde")
    few = [f"--student={_student(number)}" for number in range(min(students, _MEASURED))]
    again = timed([*line, "--force", *few], root, len(few), memory=True, odd=True)
    row(f"{name}: grade, with memory", again)
    stocks = before + after  # over the same notebooks, so twice the time of each
    return Compared(stocks.cost / 2 / ours.cost, stocks.wait / 2 / ours.wait, again.memory)


def _stock(root: Path, students: int, name: str) -> Timed:
    some = "--student=s0000[" + "".join(map(str, range(min(students, 9)))) + "]"
    line = [*STOCK, "autograde", ASSIGNMENT, "--force", some]
    return row(name, timed(line, root, min(students, 9), odd=True))


def _runs_needed(root: Path) -> int:
    """Count the forks in which the solution's notebook is run to mark all its tests."""
    with ExitStack() as stack:
        course = open_course(root)
        gradebook = stack.enter_context(Gradebook(course, ASSIGNMENT))
        template = templates(course.released(ASSIGNMENT), ASSIGNMENT, gradebook.sources())[_NAME]
        runner = stack.enter_context(_Counting())
        filled = answered(released(root), _answers(KERAS, 0))[_NAME]
        mark_notebook(template, json.dumps(filled).encode(), "ada", lambda: runner)
        return runner.forks


class _Counting(Runner):
    """Counts the forks that it asks for."""

    forks = 0

    def _client_for(self, submission: Submission) -> ForkClient:
        self.forks += 1
        return super()._client_for(submission)


if __name__ == "__main__":
    main()
