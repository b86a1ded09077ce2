"""Feedback as nbgrader makes it of marked notebooks, opened in a browser."""

import shutil

import pytest
from browser_fixtures import all_pictures_tried
from course_builder import ASSIGNMENT, WRONG, cell_of, hand_in
from nbgrader_stock import api
from notebooks.scripts_in_pages import HTML, PAGES

from autograder.course.course import open_course
from autograder.marking.class_run import grade_class

pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")


@pytest.fixture(scope="module")
def hostile_page(generated_course, tmp_path_factory):
    """The feedback of one who put scripts wherever a notebook takes text."""
    root = shutil.copytree(generated_course, tmp_path_factory.mktemp("hostile") / "course")

    def everything(notebooks):
        notebooks["1_sizes"]["cells"] += PAGES.values()
        notebooks["1_sizes"]["metadata"]["title"] = HTML
        cell_of(notebooks["1_sizes"], "why")["source"] = HTML

    hand_in(root, "eve", WRONG | {"sizes": f"sizes = [{HTML!r}, 2, 3]"}, everything)
    grade_class(open_course(root), ASSIGNMENT, processes=1)
    assert api(root).generate_feedback(ASSIGNMENT, "eve")["success"]
    return root / "feedback" / "eve" / ASSIGNMENT / "1_sizes.html"


@pytest.mark.slow
def test_56_no_script_of_a_students_runs_in_feedback(hostile_page, page):
    said = []
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    page.goto(hostile_page.as_uri(), wait_until="load")
    page_scheme = "file:"  # as relative links have it, and those to a place in the page
    for link in page.locator("a[href]").all():
        assert not link.get_attribute("href").lower().startswith("file")
        assert link.evaluate("a => a.protocol") in ("http:", "https:", "mailto:", page_scheme)
    all_pictures_tried(page)
    assert page.get_by_text("alert('text')").count() > 3  # shown, as text
    assert said == []


@pytest.mark.slow
def test_no_script_hides_in_what_a_page_with_mathjax_would_draw(hostile_page, page):
    page.goto(hostile_page.as_uri())
    shown = page.locator(".text_cell_render, .jp-RenderedMarkdown").all_inner_texts()
    assert any("href" in text for text in shown)
    assert not any("javascript:" in text.lower() for text in shown)


@pytest.mark.slow
def test_a_picture_of_a_students_stays_one(hostile_page, page):
    page.goto(hostile_page.as_uri())
    sources = page.locator("img").evaluate_all("found => found.map(img => img.src)")
    assert sources == ["data:image/png;base64,iVBORw0KGgo="]
