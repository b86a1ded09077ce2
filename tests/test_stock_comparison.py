"""The sample class, marked by the engine and by stock nbgrader: the same marks, cell by cell."""

import shutil
from pathlib import Path

import pytest
from gradebook_rows import differences
from nbgrader_stock import autograde_class

from autograder.authoring.generate import generate
from autograder.authoring.sample_class import CLASS, write_class
from autograder.course.course import open_course
from autograder.marking.class_run import grade_class

REPO = Path(__file__).parents[1]
ASSIGNMENT = "padding_and_stride"
STOCK = 'c.Autograde.exporter_class = "nbconvert.exporters.NotebookExporter"\n'


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")
def test_the_sample_class_is_marked_as_stock_marks_it(tmp_path):
    root = tmp_path / "course"
    shutil.copytree(REPO / "solutions", root / "solutions")
    (root / "nbgrader_config.py").write_text((REPO / "nbgrader_config.py").read_text() + STOCK)
    generate(open_course(root), ASSIGNMENT)
    write_class(open_course(root), ASSIGNMENT)
    stock = shutil.copytree(root, tmp_path / "stock")
    assert grade_class(open_course(root), ASSIGNMENT).graded == len(CLASS)
    autograde_class(stock, ASSIGNMENT)
    assert differences(root, stock) == {}
