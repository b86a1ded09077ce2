"""The course that `nbgrader quickstart` writes: each mark is stock nbgrader's.

The two submissions that nbgrader's own guide hands in are marked with it, and ten of ours.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import nbgrader
import pytest
from nbgrader_stock import autograde, rows
from needs import needs_sandbox

from autograder.authoring.generate import generate
from autograder.course.course import open_course
from autograder.marking.class_run import grade_class

GUIDE = Path(nbgrader.__file__).parent / "docs" / "source" / "user_guide" / "submitted"
CHECKED = "    if n < 1:\n        raise ValueError(n)\n"
RIGHT = f"def squares(n):\n{CHECKED}    return [i * i for i in range(1, n + 1)]"
SUM = "def sum_of_squares(n):\n    return sum(squares(n))"
ANSWERS = {
    "other_right": (
        (
            f"import itertools\nimport math\ndef squares(n):\n{CHECKED}"
            "    return list(itertools.accumulate(range(1, 2 * n, 2)))"
        ),
        (
            "def sum_of_squares(n):\n    total = 0\n    for each in squares(n):\n"
            "        total += each\n    return total"
        ),
    ),
    "array": (
        f"import numpy as np\ndef squares(n):\n{CHECKED}    return np.arange(1, n + 1)**2",
        SUM,
    ),
    "recursive": (
        RIGHT,
        "def sum_of_squares(n):\n    return n and squares(n)[-1] + sum_of_squares(n - 1)",
    ),
    "wrong": ("def squares(n):\n    return [n]", "def sum_of_squares(n):\n    return n"),
    "no_error_for_bad_input": ("def squares(n):\n    return [i**2 for i in range(1, n + 1)]", SUM),
    "formula": (RIGHT, "def sum_of_squares(n):\n    return n * (n + 1) * (2 * n + 1) // 6"),
    "crash": ("def squares(n):\n    return undefined", SUM),
    "unfinished": ("def squares(n):\n    return [", SUM),
    "prints": ("def squares(n):\n    print([i**2 for i in range(1, n + 1)])", SUM),
    "swallows": (
        (
            "def squares(n):\n    try:\n        assert n > 0\n        return [i**2 for i in "
            "range(1, n + 1)]\n    except AssertionError:\n        return None"
        ),
        f"total = 0\n{SUM}",
    ),
}
"""What stands in the cells of `squares` and `sum_of_squares`."""
ENDS_ITSELF = "ends_its_process"
"""A submission of which stock nbgrader marks nothing."""


def hand_in(root: Path, student: str, answers: tuple[str, str]) -> None:
    """Hand in the release with these answers."""
    folder = root / "submitted" / student / "ps1"
    shutil.copytree(root / "release" / "ps1", folder)
    path = folder / "problem1.ipynb"
    notebook = json.loads(path.read_text())
    filled = dict(zip(("squares", "sum_of_squares"), answers, strict=True))
    for cell in notebook["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        cell["source"] = filled.get(name, cell["source"])
    path.write_text(json.dumps(notebook))


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """The course's folder, and a copy of it that stock nbgrader has marked."""
    from nbgrader.apps import QuickStartApp

    folder = tmp_path_factory.mktemp("quickstart")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        QuickStartApp.clear_instance()
        app = QuickStartApp()
        app.initialize(["course"])
        app.start()
    root = folder / "course"
    generate(open_course(root), "ps1")
    for where, student in (("source", "ada"), ("release", "blank")):
        shutil.copytree(root / where / "ps1", root / "submitted" / student / "ps1")
    for student in ("bitdiddle", "hacker"):
        if (GUIDE / student).is_dir():
            place = root / "submitted" / student
            shutil.copytree(GUIDE / student, place, dirs_exist_ok=True)
    handed_in = ANSWERS | {ENDS_ITSELF: ("import os\nos._exit(3)", SUM)}
    for student, answers in handed_in.items():
        hand_in(root, student, answers)
    stock = shutil.copytree(root, folder / "stock")
    autograde(stock, "ps1")
    done = grade_class(open_course(root), "ps1")
    assert done.graded == len(list((root / "submitted").iterdir()))
    return root, stock


def marks(place: Path, student: str) -> list[tuple[object, ...]]:
    return [row for row in rows(place)["grades"] if row[0] == student]


WAITS = ("bitdiddle", "sum_of_squares_application")
"""Unanswered, while a text stands in a new cell: stock gives 0, here a person has to look."""
pytestmark = [pytest.mark.slow, needs_sandbox, pytest.mark.filterwarnings("ignore")]


@pytest.mark.parametrize("student", ["ada", "blank", "bitdiddle", "hacker", *ANSWERS])
def test_each_submission_is_marked_as_stock_marks_it(graded, student):
    ours, theirs = ({row[2]: row for row in marks(place, student)} for place in graded)
    assert ours.keys() == theirs.keys()
    differ = {(student, cell) for cell in ours if ours[cell] != theirs[cell]}
    assert differ == ({WAITS} if student == WAITS[0] else set())


def test_a_cell_that_ends_its_process_costs_the_others_nothing(graded):
    ours, theirs = (
        {cell: auto for _, _, cell, auto, *_ in marks(place, ENDS_ITSELF)} for place in graded
    )
    assert set(theirs.values()) == {None}
    assert ours["correct_squares"] == 0.0


def test_the_solution_gets_full_marks_from_a_test_that_deletes_a_name(graded):
    full = {(cell, auto) for _, _, cell, auto, *_ in marks(graded[0], "ada")}
    assert ("sum_of_squares_uses_squares", 0.5) in full
