"""The commands around marking, on a tiny course with nbgrader's own gradebook."""

from __future__ import annotations

import csv
import json
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from course_builder import ASSIGNMENT, released, write
from nbgrader.api import Gradebook

from autograder.cli import main
from autograder.course.course import open_course
from autograder.gradebook.people import gradebook_people

ROSTER = "id,first_name,last_name,lms_user_id\nada,Ada,Okafor,17\nben,Ben,Larsen,18\n"


@pytest.fixture
def course(course_root):
    (course_root / "roster.csv").write_text(ROSTER)
    return course_root


def run(course: Path, *arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [*map(str, arguments), "--course", str(course)])


def download(course: Path, numbers=(17, 18)) -> Path:
    path = course / "submissions.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in numbers:
            for name in released(course):
                data = (course / "lessons" / ASSIGNMENT / f"{name}.ipynb").read_bytes()
                archive.writestr(f"someone_{number}_9{number}_{name}.ipynb", data)
    return path


def test_a_roster_goes_into_the_gradebook_and_says_what_it_did(course):
    result = run(course, "roster", course / "roster.csv")
    assert result.exit_code == 0, result.output
    assert "2 students in roster.csv: 2 added, 0 changed." in result.output
    people = gradebook_people(open_course(course).db_url)
    assert [person.lms_user_id for person in people] == ["17", "18"]


def test_a_bad_row_is_named_with_the_status_1_and_the_others_are_taken(course):
    (course / "roster.csv").write_text("id\n../ada\nben\n")
    result = run(course, "roster", course / "roster.csv")
    assert result.exit_code == 1
    assert "row 2: '../ada'" in result.output
    assert "1 added" in result.output


def test_a_table_that_is_no_roster_is_a_line_and_not_a_traceback(course):
    (course / "roster.csv").write_text("colour,age\nred,3\n")
    result = run(course, "roster", course / "roster.csv")
    assert result.exit_code == 2
    assert "--id-column" in result.output
    assert "Traceback" not in result.output


def test_json_says_what_was_done_and_what_is_left(course):
    run(course, "roster", course / "roster.csv")
    result = run(course, "collect", ASSIGNMENT, download(course, numbers=[17, 99]), "--json")
    said = json.loads(result.output)
    assert said["status"] == result.exit_code == 1
    assert {left["kind"] for left in said["left"]} == {"Stranger"}
    assert said["left"][0]["do"].startswith("import the roster again")


def test_a_choice_for_late_work_is_asked_for_once_and_kept(course):
    run(course, "roster", course / "roster.csv")
    with Gradebook(open_course(course).db_url) as gradebook:
        gradebook.update_or_create_assignment(ASSIGNMENT, duedate="2026-11-20 12:00:00")
    data = (course / "lessons" / ASSIGNMENT / "1_sizes.ipynb").read_bytes()
    with zipfile.ZipFile(course / "c.zip", "w") as archive:
        archive.writestr("okaforada_LATE_17_905_1_sizes.ipynb", data)
    asked = run(course, "collect", ASSIGNMENT, course / "c.zip")
    assert asked.exit_code == 1
    assert "collect with --late-by 24h" in asked.output
    assert run(course, "collect", ASSIGNMENT, "--late-by", "24h").exit_code == 0
    stamp = course / "submitted" / "ada" / ASSIGNMENT / "timestamp.txt"
    assert stamp.read_text() == "2026-11-21 12:00:00 UTC"
    assert run(course, "collect", ASSIGNMENT, course / "c.zip").exit_code == 0


def test_the_last_collection_is_undone(course):
    run(course, "roster", course / "roster.csv")
    run(course, "collect", ASSIGNMENT, download(course))
    result = run(course, "collect", ASSIGNMENT, "--undo")
    assert result.exit_code == 0
    assert "Undone: 4 notebooks of 2 students, from submissions.zip." in result.output
    assert not list((course / "submitted").rglob("*.ipynb"))
    assert run(course, "collect", ASSIGNMENT, "--undo").exit_code == 2


def test_collecting_fills_submitted_and_names_who_is_missing(course):
    run(course, "roster", course / "roster.csv")
    result = run(course, "collect", ASSIGNMENT, download(course, numbers=[17]))
    assert result.exit_code == 0, result.output
    assert "2 notebooks handed in, 0 there already, from 1 student" in result.output
    assert "ben (Ben Larsen)" in result.output
    assert (course / "submitted" / "ada" / ASSIGNMENT / "1_sizes.ipynb").is_file()


def test_a_stranger_makes_the_exit_status_1(course):
    run(course, "roster", course / "roster.csv")
    result = run(course, "collect", ASSIGNMENT, download(course, numbers=[17, 99]))
    assert result.exit_code == 1
    assert "Stranger (2):" in result.output
    status = json.loads(run(course, "status", ASSIGNMENT, "--json").output)
    assert [thing["kind"] for thing in status["left"]].count("Stranger") == 2


def test_a_stranger_who_is_on_the_roster_now_is_taken_in_by_the_next_collection(course):
    run(course, "roster", course / "roster.csv")
    run(course, "collect", ASSIGNMENT, download(course, numbers=[99]))
    (course / "roster.csv").write_text(f"{ROSTER}dora,Dora,Maar,99\n")
    run(course, "roster", course / "roster.csv")
    result = run(course, "collect", ASSIGNMENT, download(course, numbers=[17]))
    assert result.exit_code == 0, result.output
    assert (course / "submitted" / "dora" / ASSIGNMENT / "1_sizes.ipynb").is_file()


def test_a_damaged_download_is_named_and_the_others_are_collected(course):
    run(course, "roster", course / "roster.csv")
    whole = download(course)
    half = course / "half.zip"
    half.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    page = course / "page.zip"
    page.write_bytes(b"<!DOCTYPE html>\n<title>Log in</title>")
    result = run(course, "collect", ASSIGNMENT, half, page, whole)
    assert result.exit_code == 1
    assert "Refused (2):\n  half.zip: not a zip that can be read" in result.output
    assert "page.zip: a web page, not a zip" in result.output
    assert "4 notebooks handed in" in result.output
    assert "Nothing from" not in result.output


def test_collecting_without_students_says_what_to_do_first(course):
    result = run(course, "collect", ASSIGNMENT, download(course))
    assert result.exit_code == 2
    assert "hint: run `autograder roster FILE` first" in result.output


def test_a_file_name_cannot_write_on_the_terminal(course):
    run(course, "roster", course / "roster.csv")
    folder = write(course / "downloads", {"\x1b[31mred": b"x"})
    result = run(course, "collect", ASSIGNMENT, folder)
    assert "\x1b" not in result.output
    assert r"\x1b[31mred.ipynb" in result.output


def test_export_writes_both_tables_in_the_order_of_the_notebooks(course):
    run(course, "roster", course / "roster.csv")
    result = run(
        course, "export", ASSIGNMENT, "--canvas", course / "c.csv", "--moodle", course / "m.csv"
    )
    assert result.exit_code == 0, result.output
    with (course / "c.csv").open(newline="") as file:
        header = next(csv.reader(file))
    assert header[5:] == [
        "1_sizes: test_sizes",
        "1_sizes: why",
        "2_total: test_total",
        "2_total: test_half",
    ]
    assert (course / "m.csv").read_text().startswith("First name,")


def test_export_needs_to_know_for_whom(course):
    result = run(course, "export", ASSIGNMENT)
    assert result.exit_code == 2
    assert "--canvas" in result.output


def test_a_damaged_gradebook_is_a_line_and_stays_as_it_is(course):
    (course / "gradebook.db").write_bytes(b"not a database at all" * 100)
    result = run(course, "export", ASSIGNMENT, "--canvas", course / "c.csv")
    assert result.exit_code == 2
    assert "file is not a database" in result.output
    assert not (course / "c.csv").exists()
    assert (course / "gradebook.db").read_bytes().startswith(b"not a database")


def test_report_writes_a_page_with_its_data_beside_it(course):
    run(course, "roster", course / "roster.csv")
    run(course, "collect", ASSIGNMENT, download(course))
    assert run(course, "grade", ASSIGNMENT, "--processes", "1").exit_code == 0
    result = run(course, "report", ASSIGNMENT, "--output", course / "out" / "r.html")
    assert result.exit_code == 0, result.output
    page = (course / "out" / "r.html").read_text()
    assert "2 of 2" in page
    assert f'href="../autograded/ada/{ASSIGNMENT}/1_sizes.ipynb"' in page
    assert (course / "out" / "r.json").is_file()
    assert (course / "out" / "r.csv").read_text().startswith("id,name,")


def test_an_anonymous_report_of_a_real_course_names_nobody(course):
    run(course, "roster", course / "roster.csv")
    run(course, "collect", ASSIGNMENT, download(course))
    run(course, "grade", ASSIGNMENT, "--processes", "1")
    run(course, "report", ASSIGNMENT, "--anonymous")
    text = "".join((course / f"report.{kind}").read_text() for kind in ("html", "json", "csv"))
    for name in ("Okafor", "Larsen", "autograded"):
        assert name not in text


def test_formgraders_address_must_be_an_address(course):
    result = run(course, "report", ASSIGNMENT, "--formgrader", "javascript:alert(1)")
    assert result.exit_code == 2
