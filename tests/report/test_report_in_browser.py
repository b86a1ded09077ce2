"""The report of a marked class in a real Chromium: its script, its looks, and no script at all."""

from __future__ import annotations

import re
import shutil

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser_fixtures import new_page, open_details
from click.testing import CliRunner
from course_builder import ASSIGNMENT, RIGHT, WRONG, hand_in
from playwright.sync_api import expect

from autograder.cli import main

pytestmark = pytest.mark.slow
ROSTER = "id,section\nada,Monday\nben,Monday\ncai,Tuesday\ndan,Tuesday\n"
HALF = RIGHT | {"half": "class Mine: pass\ndef half(n):\n    return n // 2"}


def run(root, *arguments):
    return CliRunner().invoke(main, ["--course", str(root), *map(str, arguments)])


@pytest.fixture(scope="module")
def course(generated_course, tmp_path_factory):
    """Two sections, two assignments; of the first three students have handed in."""
    root = shutil.copytree(generated_course, tmp_path_factory.mktemp("report") / "course")
    (root / "roster.csv").write_text(ROSTER)
    run(root, "roster", root / "roster.csv")
    for student, answers in (("ada", HALF), ("ben", WRONG), ("cai", RIGHT)):
        hand_in(root, student, answers)
    run(root, "grade", ASSIGNMENT, "--processes", "1")
    shutil.copytree(root / "solutions" / ASSIGNMENT, root / "solutions" / "again")
    run(root, "generate", "again")
    shutil.copytree(root / "submitted/ben" / ASSIGNMENT, root / "submitted/ben/again")
    run(root, "grade", "again", "--processes", "1")
    assert run(root, "report", ASSIGNMENT).exit_code in (0, 1)
    return root


@pytest.fixture
def shown(course, page):
    page.goto((course / "report.html").as_uri())
    return page


def expect_students(page, *names):
    """Wait until the table shows these students, in this order."""
    lines = page.locator("tr[data-section]:visible td:first-child span")
    expect(lines).to_have_text([re.compile(rf"^\s*{name}\b") for name in names])


def test_a_click_sorts_a_table_and_a_second_one_turns_it_round(shown):
    expect_students(shown, "ada", "ben", "cai", "dan")
    points = shown.locator("#students ~ div").get_by_role("button", name="Points")
    points.click()
    expect_students(shown, "ben", "ada", "cai", "dan")  # who has no points comes last, either way
    points.focus()
    shown.keyboard.press("Enter")
    expect_students(shown, "(ada|cai)", "(ada|cai)", "ben", "dan")
    expect(shown.locator("th[aria-sort=descending]")).to_have_count(1)


def test_one_section_and_one_question_are_shown_alone(shown):
    shown.locator("select[name=section]").select_option("Monday")
    expect_students(shown, "ada", "ben")
    expect(shown.get_by_role("status")).to_contain_text("2 of 4 students")
    shown.locator("select[name=question]").select_option("test_half")
    expect(shown.locator("li[data-question]:visible code")).to_have_text(["test_half"] * 2)
    shown.locator("select[name=section]").select_option("")
    expect_students(shown, "ada", "ben", "cai", "dan")


def test_without_a_script_everything_is_shown(course, chromium):
    with new_page(chromium, java_script_enabled=False) as page:
        page.goto((course / "report.html").as_uri())
        expect_students(page, "ada", "ben", "cai", "dan")
        expect(page.locator(".filters")).to_be_hidden()


def test_the_course_and_the_ways_to_the_marks_are_there(shown):
    names = shown.locator("#trend ~ div tbody td:first-child").all_inner_texts()
    assert names == ["again", f"{ASSIGNMENT} (this report)"]
    ways = shown.get_by_text("How the marks came about")
    expect(ways).to_contain_text("8 read")
    expect(ways).to_contain_text("1 run")


def test_the_report_of_one_section_has_its_own_figures(course, page):
    run(course, "report", ASSIGNMENT, "--section", "Tuesday", "--output", course / "t.html")
    page.goto((course / "t.html").as_uri())
    expect_students(page, "cai", "dan")
    expect(page.locator(".tiles")).to_contain_text("1 of 2")
    assert "ben" not in (course / "t.json").read_text()
    wrong = run(course, "report", ASSIGNMENT, "--section", "Sunday")
    assert wrong.exit_code == 2
    assert "sections here: Monday, Tuesday" in wrong.output


@pytest.mark.parametrize("width", [390, 800, 1400])
def test_the_report_fits_the_window(shown, width):
    shown.set_viewport_size({"width": width, "height": 900})
    assert shown.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("look", ["light", "dark", "forced"])
def test_axe_finds_nothing(course, chromium, look):
    scheme = "dark" if look == "dark" else "light"
    forced = "active" if look == "forced" else "none"
    # Axe is a script of its own, which the page's policy would rightly stop.
    text = (course / "report.html").read_text().replace("Content-Security-Policy", "X")
    with new_page(chromium, color_scheme=scheme, forced_colors=forced) as page:
        page.set_content(text)
        open_details(page)
        found = Axe().run(page).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"]) for v in found] == []
