"""A course whose plot, essay and task are marked by hand: formgrader, stock, the student's page."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest
from browser_fixtures import all_pictures_tried, running_server
from course_builder import cell_of, write
from gradebook_rows import notebook_ids
from nbgrader_stock import autograde
from needs import needs_sandbox
from notebooks.marked_by_hand import PLOT, SCHEME, source

from autograder.authoring.generate import generate
from autograder.course.course import open_course
from autograder.feedback.make import make_feedback
from autograder.marking.class_run import grade_class

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]
SQUARE = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
    "+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
"""A picture of one pixel."""
HOSTILE = {
    "text/html": "<script>alert('html')</script><img src=x onerror=alert('error')>",
    "image/svg+xml": "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'></svg>",
    "application/javascript": "alert('script')",
    "text/markdown": "[x](javascript\\:alert(1)) <script>alert('markdown')</script>",
    "image/png": "PHN2ZyBvbmxvYWQ9YWxlcnQoKT4=",
}
SHOWS = """
from IPython.display import HTML, SVG, Javascript, display
display(HTML("<script>alert('run')</script>"), Javascript("alert('js')"))
display(SVG("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'></svg>"))
"""


def display(**data):
    return {"output_type": "display_data", "metadata": {}, "data": data}


def hand_in(root, student, answers, outputs):
    handed = json.loads((root / "release/ps/squares.ipynb").read_text())
    for name, text in answers.items():
        cell_of(handed, name)["source"] = text
    cell_of(handed, "plot")["outputs"] = outputs
    write(root / f"submitted/{student}/ps", {"squares": handed})


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A plain course, marked, in which ada's notebook is read, and ben's has to be run."""
    root = tmp_path_factory.mktemp("by_hand") / "course"
    root.mkdir()
    (root / "nbgrader_config.py").write_text('get_config().CourseDirectory.course_id = "plain"\n')
    write(root / "source/ps", {"squares": source()})
    generate(open_course(root), "ps")
    outputs = [display(**{"image/png": SQUARE}), *(display(**{k: v}) for k, v in HOSTILE.items())]
    hand_in(root, "ada", {"plot": PLOT, "why": "Each is a square.", "total": "total = 14"}, outputs)
    run = {"plot": f"{PLOT}\n{SHOWS}", "total": "import os\ntotal = len(os.listdir()) + 14"}
    hand_in(root, "ben", run, outputs)
    shutil.copytree(root, root.with_name("stock"))
    assert grade_class(open_course(root), "ps", processes=1).graded == 2
    return root


def test_a_task_is_shown_to_the_grader_as_stock_shows_it(course):
    stock = course.with_name("stock")
    assert autograde(stock, "ps")["success"]
    texts = [
        cell_of(json.loads((root / "autograded/ada/ps/squares.ipynb").read_text()), "task")
        for root in (course, stock)
    ]
    assert texts[0]["source"] == "".join(texts[1]["source"])
    assert SCHEME in texts[0]["source"]


@pytest.fixture(scope="module")
def server(course, tmp_path_factory):
    command = [Path(sys.prefix, "bin", "jupyter"), "lab"]
    with running_server(command, course, tmp_path_factory.mktemp("home")) as made:
        yield made


@pytest.fixture
def opened(course, server, page):
    """Return a function that opens a student's notebook in formgrader, and what dialogs said."""
    said = []
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))

    def open_it(student):
        page.goto(server.lab(""))  # formgrader's own calls need the cookie that JupyterLab gives
        notebook = notebook_ids(course)[student, "squares"]
        page.goto(f"{server.address}/formgrader/submissions/{notebook}/?token={server.token}")
        page.locator("input.score#plot").wait_for()
        all_pictures_tried(page)
        return page, page.locator("body").inner_text(), said

    return open_it


@pytest.mark.browser
def test_formgrader_shows_a_saved_plot_and_the_scheme_and_runs_nothing(opened):
    page, text, said = opened("ada")
    figure = page.get_by_alt_text("A figure from this cell")
    assert figure.evaluate("picture => picture.naturalWidth") == 1
    for words in ("Saved by the student, not from a run here:", "Left out here:", "for a reason."):
        assert words in text
    links = page.locator("a[href]").evaluate_all("found => found.map(a => a.protocol)")
    assert "javascript:" not in links
    assert said == []


@needs_sandbox
@pytest.mark.browser
def test_formgrader_shows_the_plot_of_the_run_where_there_was_one(opened):
    page, text, said = opened("ben")
    figure = page.get_by_alt_text("A figure from this cell")
    assert figure.evaluate("picture => picture.naturalWidth") > 100
    assert "From a run here:" in text
    assert "safe to show, SVG picture, script." in text
    assert said == []


def test_the_student_sees_her_plot_and_no_mark_scheme(course):
    make_feedback(open_course(course), "ps")
    text = (course / "feedback/ada/ps/squares.html").read_text()
    assert SQUARE in text
    assert "alert('html')" not in text
    assert "for a reason" not in text
