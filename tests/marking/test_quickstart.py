"""The course that `nbgrader quickstart` writes: each mark is stock nbgrader's."""

from __future__ import annotations

import shutil

import pytest
from nbgrader_stock import autograde, rows

from autograder.course.course import open_course
from autograder.course.generate import generate
from autograder.marking.class_run import grade_class
from autograder.running import sandbox_available


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.skipif(sandbox_available() is not None, reason=f"no sandbox: {sandbox_available()}")
def test_the_example_of_nbgrader_is_marked_as_stock_marks_it(tmp_path, monkeypatch):
    from nbgrader.apps import QuickStartApp

    monkeypatch.chdir(tmp_path)
    QuickStartApp.clear_instance()
    app = QuickStartApp()
    app.initialize(["course"])
    app.start()
    root = tmp_path / "course"
    generate(open_course(root), "ps1")
    for folder, student in (("source", "ada"), ("release", "blank")):
        shutil.copytree(root / folder / "ps1", root / "submitted" / student / "ps1")
    stock = shutil.copytree(root, tmp_path / "stock")
    assert grade_class(open_course(root), "ps1").graded == len(list((root / "submitted").iterdir()))
    assert autograde(stock, "ps1")["success"]
    assert rows(root)["grades"] == rows(stock)["grades"]
    full = {(cell, auto) for student, _, cell, auto, *_ in rows(root)["grades"] if student == "ada"}
    assert ("sum_of_squares_uses_squares", 0.5) in full
