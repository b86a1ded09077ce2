"""nbgrader's formgrader, in a real Chromium, after `autograder grade`."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from browser_fixtures import running_server
from click.testing import CliRunner
from course_builder import ASSIGNMENT, RIGHT, WRONG, hand_in
from gradebook_rows import notebook_ids, rows
from playwright.sync_api import expect

from autograder.cli import main

pytestmark = [pytest.mark.slow, pytest.mark.browser]
WORDS = {"why": "Because a window of 3 takes two pixels off."}


def grade(course: Path) -> None:
    result = CliRunner().invoke(main, ["grade", ASSIGNMENT, "--course", str(course)])
    assert result.exit_code == 1, result.output  # texts wait for a person


@pytest.fixture(scope="module")
def course(generated_course, tmp_path_factory):
    root = shutil.copytree(generated_course, tmp_path_factory.mktemp("graded") / "course")
    hand_in(root, "ada", RIGHT | WORDS)
    hand_in(root, "ben", WRONG | WORDS | {"total": "total = 10 ** 10 ** 9"})
    grade(root)
    return root


@pytest.fixture(scope="module")
def formgrader(course, tmp_path_factory):
    command = [Path(sys.prefix, "bin", "jupyter"), "lab"]
    with running_server(command, course, tmp_path_factory.mktemp("home")) as server:
        yield server


def opened(page, server, path: str):
    page.goto(server.lab(""))  # formgrader's own calls need the cookie that JupyterLab gives
    page.goto(f"{server.address}/formgrader/{path}?token={server.token}")
    page.wait_for_load_state("networkidle")
    return page


def submission_id(course: Path, student: str) -> str:
    return notebook_ids(course)[student, "1_sizes"]


def mark_of(course: Path, student: str, cell: str) -> tuple:
    (found,) = [r for r in rows(course)["grades"] if r[:3] == (student, "1_sizes", cell)]
    return found[3:5]


def test_the_gradebook_shows_marks_and_what_a_person_must_mark(formgrader, page):
    opened(page, formgrader, f"gradebook/{ASSIGNMENT}/1_sizes")
    expect(page.locator("td", has_text="3 / 5")).not_to_have_count(0)  # ada: words to be marked
    expect(page.locator("td", has_text="2 / 5")).not_to_have_count(0)  # ben: one row wrong
    expect(page.locator("td[data-search='needs manual grade']")).to_have_count(2)


def test_a_marked_notebook_shows_the_reasons_and_the_points(course, formgrader, page):
    opened(page, formgrader, f"submissions/{submission_id(course, 'ben')}/")
    page.locator("input.score").first.wait_for()
    expect(page.locator("body")).to_contain_text("2 of 3 points")
    assert "BEGIN HIDDEN TESTS" not in page.content()


def test_a_mark_by_hand_survives_the_next_grade(course, formgrader, page):
    opened(page, formgrader, f"submissions/{submission_id(course, 'ada')}/")
    page.locator("input.score").first.wait_for()
    box = page.locator("input.score#why")
    box.fill("1.5")
    with page.expect_response(lambda answer: "/api/grade/" in answer.url and answer.ok):
        box.dispatch_event("change")
    assert mark_of(course, "ada", "why") == (None, 1.5)
    hand_in(course, "ada", WRONG | WORDS)
    grade(course)
    assert mark_of(course, "ada", "why") == (None, 1.5)
    assert mark_of(course, "ada", "test_sizes")[0] == 2
