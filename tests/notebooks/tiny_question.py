"""A tiny course to attack reading, running and the examiner, and the whole way to its marks."""

from __future__ import annotations

from collections.abc import Mapping

from autograder.reading.read_notebook import read_answers
from autograder.records import CellMark, Master, MasterCell, Submission, SubmittedCell
from autograder.running import Runner
from notebooks.examined import examine, needed_names

SETUP = "import math\nlimit = 5"
SHAPE_TEST = "assert predicted_shape == (None, 26, 26, 32)"
COUNT_TEST = "assert type(n_params) is int and n_params == 320"
FUNCTION_TEST = "score = 0\nfor n in (3, 5, 8):\n    score += triple(n) == 3 * n\nscore"
MASTER = Master(
    "tiny",
    "1_tiny",
    (
        MasterCell("", "given", "code", SETUP),
        MasterCell(
            "shape", "solution", "code", "predicted_shape = (None, 26, 26, 32)\nn_params = 320"
        ),
        MasterCell("test_shape", "test", "code", SHAPE_TEST, 1.0),
        MasterCell("test_count", "test", "code", COUNT_TEST, 1.0),
        MasterCell("triple", "solution", "code", "def triple(n):\n    return 3 * n"),
        MasterCell("test_triple", "test", "code", FUNCTION_TEST, 3.0),
    ),
)
RIGHT = ("predicted_shape = (None, 26, 26, 32)\nn_params = 320", "def triple(n):\n    return 3 * n")
WRONG = ("predicted_shape = (None, 28, 28, 32)\nn_params = 288", "def triple(n):\n    return n - 1")
RUN_IT = "import os\nhere = os.getcwd()"
"""A cell that cannot be read, so that the notebook is run."""


def notebook(
    shape: str = WRONG[0],
    triple: str = WRONG[1],
    first: str = "",
    between: str = "",
    last: str = "",
) -> Submission:
    """Make a submission, with cells of the student's own first, between the answers, and last."""
    cells = (
        SubmittedCell("", "code", first, trusted=False),
        SubmittedCell("", "code", SETUP, trusted=True),
        SubmittedCell("shape", "code", shape, trusted=False),
        SubmittedCell("", "code", between, trusted=False),
        SubmittedCell("test_shape", "code", "", trusted=True),
        SubmittedCell("test_count", "code", "", trusted=True),
        SubmittedCell("triple", "code", triple, trusted=False),
        SubmittedCell("test_triple", "code", "", trusted=True),
        SubmittedCell("", "code", last, trusted=False),
    )
    return Submission("mallory", "tiny", "1_tiny", cells)


def marks(runner: Runner, submission: Submission) -> Mapping[str, CellMark]:
    """Read, run what is left, and examine."""
    names = frozenset().union(*needed_names(MASTER).values())
    reading = read_answers(submission, names)
    with runner.answers(submission, frozenset(reading.unread)) as answers:
        found = examine(MASTER, {**reading.values, **answers}, submission.student)
    return {mark.grade_id: mark for mark in found}


def total(found: Mapping[str, CellMark]) -> float:
    """Add up the points."""
    return sum(mark.points or 0 for mark in found.values())
