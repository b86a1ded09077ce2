"""The assignment's whole life with stock nbgrader: from `solutions/` to an export.

The engine's plug-in is off here: this is the path of an instructor who uses nbgrader alone.
"""

import csv
import os
import pwd
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.authoring.sample_class import fill_in, model_answers

REPO = Path(__file__).parents[1]
RIGHT = pwd.getpwuid(os.getuid()).pw_name  # who submits through the exchange
BIN = Path(sys.executable).parent  # nbgrader calls alembic by its name
ASSIGNMENT = "padding_and_stride"
NOTEBOOKS = ["1_padding", "2_stride", "3_compare", "4_your_network"]
CONFIG = """
c = get_config()
load_subconfig({config!r}, path={repo!r})
c.Exchange.root = {exchange!r}
c.Autograde.exporter_class = "nbconvert.exporters.NotebookExporter"
c.Autograde.sanitize_preprocessors = {sanitize!r}
c.Autograde.autograde_preprocessors = {autograde!r}
"""
pytestmark = pytest.mark.slow


def nbgrader(folder: Path, *arguments: str) -> str:
    """Run one nbgrader command in `folder`."""
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=folder,
        env={**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def stock_preprocessors() -> tuple[list[str], list[str]]:
    """Return nbgrader's own lists, as dotted names."""
    from nbgrader.converters.autograde import Autograde

    def named(trait):
        return [f"{cls.__module__}.{cls.__name__}" for cls in trait.default_args[0]]

    return named(Autograde.sanitize_preprocessors), named(Autograde.autograde_preprocessors)


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course folder of its own, with an exchange beside it."""
    root = tmp_path_factory.mktemp("course")
    exchange = tmp_path_factory.mktemp("exchange")
    exchange.chmod(0o777)
    sanitize, autograde = stock_preprocessors()
    (root / "nbgrader_config.py").write_text(
        CONFIG.format(
            config="nbgrader_config.py",
            repo=str(REPO),
            exchange=str(exchange),
            sanitize=sanitize,
            autograde=autograde,
        )
    )
    shutil.copytree(REPO / "solutions", root / "solutions")
    nbgrader(root, "generate_assignment", ASSIGNMENT)
    nbgrader(root, "release_assignment", ASSIGNMENT)
    return root


def hand_in(course: Path, folder: Path, answers: dict[str, str]) -> None:
    """Fetch the lessons as a student does, answer, and submit through the exchange."""
    folder.mkdir()
    shutil.copy(course / "nbgrader_config.py", folder)
    nbgrader(folder, "fetch_assignment", ASSIGNMENT)
    fill_in(folder / ASSIGNMENT, folder / "answered", answers)
    shutil.rmtree(folder / ASSIGNMENT)
    (folder / "answered").rename(folder / ASSIGNMENT)
    nbgrader(folder, "submit", ASSIGNMENT)


@pytest.fixture(scope="module")
def graded(course, tmp_path_factory):
    """Three students through collect or copy, autograde, feedback and export."""
    solutions = course / "solutions" / ASSIGNMENT
    hand_in(course, tmp_path_factory.mktemp("homes") / "right", model_answers(solutions, RIGHT))
    nbgrader(course, "collect", ASSIGNMENT)
    slip = {
        **model_answers(solutions, "slip"),
        "valid_parameters": "valid_parameters = [320, 320, 320, 0, 1982592, 1290]",
        "stride_zeros": "stride_zeros = [(1, 1), (1, 1), (1, 1)]",
        "same_shapes": "same_shapes = [(None, 28, 28, 32)] * 3\n"
        "same_shapes += [(None, 25000), (None, 128), (None, 10)]",
        "same_parameters": "same_parameters = [320, 9248, 9248, 0, 25001 * 128, 1290]",
        "stride_shapes": "stride_shapes = 14 +",  # her counts are right without
        "your_total": "your_total = sum(your_parameters) + 1",
    }
    for student, answers in {"blank": {}, "slip": slip}.items():
        fill_in(
            course / "lessons" / ASSIGNMENT, course / "submitted" / student / ASSIGNMENT, answers
        )
    nbgrader(course, "autograde", ASSIGNMENT)
    nbgrader(course, "generate_feedback", ASSIGNMENT)
    nbgrader(course, "export", "--to", "grades.csv")
    return course


def scores(course: Path, student: str) -> dict[str, float]:
    """The marks of one student by the name of the graded cell, from the real gradebook."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        submission = gradebook.find_submission(ASSIGNMENT, student)
        return {
            grade.name: (grade.auto_score, grade.max_score)
            for notebook in submission.notebooks
            for grade in notebook.grades
            if grade.auto_score is not None
        }


def test_a_full_solution_scores_the_maximum(graded):
    lost = {name: mark for name, mark in scores(graded, RIGHT).items() if mark[0] != mark[1]}
    assert lost == {}


def test_a_blank_lesson_scores_nothing(graded):
    assert {mark[0] for mark in scores(graded, "blank").values()} == {0.0}


def test_named_slips_cost_their_own_rows_and_no_other(graded):
    lost = {n: m[1] - m[0] for n, m in scores(graded, "slip").items() if m[0] != m[1]}
    assert lost == {
        "test_valid_parameters": 2.0,
        "test_stride_zeros": 2.0,
        "test_same_shapes": 1.0,
        "test_stride_shapes": 6.0,
        "test_your_total": 1.0,
    }


def test_every_marked_notebook_is_without_hidden_tests(graded):
    for notebook in NOTEBOOKS:
        page = (graded / "feedback" / RIGHT / ASSIGNMENT / f"{notebook}.html").read_text()
        assert "from autograder import" not in page


def test_the_export_holds_the_three_totals(graded):
    with (graded / "grades.csv").open() as file:
        rows = {row["student_id"]: float(row["raw_score"]) for row in csv.DictReader(file)}
    assert rows["blank"] == 0
    assert rows[RIGHT] - rows["slip"] == 12
