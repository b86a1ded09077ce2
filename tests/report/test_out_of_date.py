"""`status` names everything that is older than what it was made from, with the command to run."""

from __future__ import annotations

import json
import shutil

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from course_builder import (
    ASSIGNMENT,
    RIGHT,
    WRONG,
    answered,
    cell_of,
    configure,
    hand_in,
    released,
    source_notebooks,
    write,
)
from nbgrader.api import Gradebook
from needs import needs_sandbox

from autograder.authoring.generate import generate
from autograder.cli import main
from autograder.course.course import open_course
from autograder.gradebook.releases import note_release
from autograder.marking.class_run import grade_class


def run(root, *arguments):
    return CliRunner().invoke(main, ["--course", str(root), *map(str, arguments)])


@pytest.fixture(scope="module")
def finished_course(marked_course, tmp_path_factory):
    """Adam is marked and has pages; the marks are exported into two files. Nothing is left."""
    root = shutil.copytree(marked_course, tmp_path_factory.mktemp("done") / "course")
    note_release(open_course(root), ASSIGNMENT)
    run(root, "feedback", ASSIGNMENT)
    run(root, "export", ASSIGNMENT, "--canvas", root / "c.csv", "--moodle", root / "m.csv")
    return root


@pytest.fixture
def root(finished_course, tmp_path):
    return shutil.copytree(finished_course, tmp_path / "course")


def to_do(root) -> dict[str, str]:
    """What to do, each with what it is about."""
    said = json.loads(run(root, "status", ASSIGNMENT, "--json").output)
    return {thing["do"]: thing["what"] for thing in said["left"]}


def change_source(root, change) -> None:
    notebooks = source_notebooks()
    change(notebooks)
    write(root / "solutions" / ASSIGNMENT, notebooks)


def set_by_hand(root, points: float) -> None:
    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        gradebook.find_grade("test_total", "2_total", ASSIGNMENT, "adam").manual_score = points
        gradebook.db.commit()


def test_nothing_is_left_of_a_finished_assignment(root):
    assert to_do(root) == {}


def test_pages_and_exports_are_older_than_a_mark_that_a_person_changed(root):
    set_by_hand(root, 0.5)
    assert to_do(root) == {
        f"autograder feedback {ASSIGNMENT}": "adam",
        f"autograder export {ASSIGNMENT}, as before": "c.csv, m.csv",
    }
    assert "(older than the marks: adam)" in run(root, "status", ASSIGNMENT).output


def test_each_exported_file_is_held_to_the_marks(root):
    set_by_hand(root, 0.5)
    run(root, "feedback", ASSIGNMENT)
    run(root, "export", ASSIGNMENT, "--moodle", root / "m.csv")
    assert to_do(root) == {f"autograder export {ASSIGNMENT}, as before": "c.csv"}


@pytest.mark.parametrize(
    ("change", "file"),
    [
        (lambda n: n["1_sizes"]["cells"][0].update(source="# Other"), "1_sizes.ipynb"),
        (lambda n: n.update({"3_more": n["2_total"]}), "3_more.ipynb"),
        (
            lambda n: cell_of(n["2_total"], "test_total").update(source="assert total == 43"),
            "2_total.ipynb",
        ),
    ],
    ids=["text", "notebook", "hidden-test"],
)
def test_a_source_that_is_newer_than_what_students_have_is_named(root, change, file):
    change_source(root, change)
    assert to_do(root)[f"autograder generate {ASSIGNMENT}"] == file


def test_outputs_in_a_source_notebook_change_nothing(root):
    change_source(root, lambda n: n["1_sizes"]["cells"][1].update(execution_count=7))
    assert to_do(root) == {}


def test_of_a_release_that_nbgrader_itself_made_no_source_is_called_newer(root):
    change_source(root, lambda n: n["1_sizes"]["cells"][0].update(source="# Other"))
    generate(open_course(root), ASSIGNMENT)  # as nbgrader's own command: nothing is noted
    assert f"autograder generate {ASSIGNMENT}" not in to_do(root)


@pytest.mark.parametrize("what", ["test", "setting"])
def test_marks_by_an_older_test_or_setting_are_to_be_made_again(root, what):
    if what == "test":
        source = "assert total == 42\nassert True"
        change_source(root, lambda n: cell_of(n["2_total"], "test_total").update(source=source))
        generate(open_course(root), ASSIGNMENT)
    else:
        configure(root, "c.Stridewise.follow_through = False")
    assert to_do(root)[f"autograder grade {ASSIGNMENT}"] == "adam"


@needs_sandbox
def test_a_solution_that_was_never_marked_is_named(root):
    engine = sa.create_engine(open_course(root).db_url)
    with engine.begin() as db:
        db.execute(sa.text("delete from autograder_evidence"))
    engine.dispose()
    assert to_do(root) == {f"autograder grade {ASSIGNMENT}": "2_total"}


@pytest.mark.slow
def test_a_test_that_the_solution_fails_is_named_until_it_is_mended(root):
    change_source(
        root, lambda n: cell_of(n["2_total"], "test_total").update(source="assert total == 43")
    )
    generate(open_course(root), ASSIGNMENT)
    grade_class(open_course(root), ASSIGNMENT, processes=1)
    do = "correct the test or the solution, and generate again"
    assert to_do(root)[do] == "2_total/test_total"


def test_two_files_of_which_nobody_has_chosen_one_stay_listed(root):
    blank = released(root)
    for number, answers in enumerate((RIGHT, WRONG)):
        write(root / "download" / "ben" / str(number), answered(blank, answers))
    run(root, "collect", ASSIGNMENT, root / "download")
    (do,) = (do for do, what in to_do(root).items() if what == "ben: 2_total")
    target, _, files = do.partition(": ")
    assert target == f"copy the right one to submitted/ben/{ASSIGNMENT}/2_total.ipynb"
    stored = [each.partition(" is ")[0] for each in files.split(", ")]
    assert [(root / path).is_file() for path in stored] == [True, True]
    write(root / "submitted" / "ben" / ASSIGNMENT, answered(blank, RIGHT))
    assert to_do(root) == {f"autograder grade {ASSIGNMENT}": "ben"}


def test_a_folder_that_grade_would_refuse_says_so_before(root):
    hand_in(root, "ADAM", RIGHT)
    said = json.loads(run(root, "status", ASSIGNMENT, "--json").output)["left"]
    assert [(t["kind"], t["what"]) for t in said] == [("Submission not marked", "ADAM")]
