"""Notebooks as other programs save them, in the zips of Canvas and Moodle: collected and marked.

The programs are those of `notebooks/platforms.py`. Each of them is a student of either platform.
"""

from __future__ import annotations

import json
import shutil
import zipfile

import pytest
from click.testing import CliRunner
from course_builder import ASSIGNMENT, RIGHT, answered, released
from gradebook_rows import points
from notebooks.platforms import SAVED

from autograder.cli import main

CANVAS = {f"c.{form}": 100 + at for at, form in enumerate(SAVED)}
MOODLE = {f"m.{form}": 200 + at for at, form in enumerate(SAVED)}
EVERYBODY = CANVAS | MOODLE
TESTS = ("test_sizes", "test_total", "test_half")


def name_of(student):
    """Return a name for the roster: letters alone, as Moodle has it in a folder's name."""
    return "".join(letter for letter in student if letter.isalnum()).title(), "Okafor"


def in_a_zip(student, notebook):
    number, (first, last) = EVERYBODY[student], name_of(student)
    if student in CANVAS:
        return f"{(last + first).lower()}_{number}_9{number}{notebook[0]}_{notebook}.ipynb"
    return f"{first} {last}_{number}_assignsubmission_file/{notebook}.ipynb"


@pytest.fixture(scope="module")
def collected(generated_course, tmp_path_factory):
    """The course after `roster` and `collect`, and what `collect` said."""
    root = shutil.copytree(generated_course, tmp_path_factory.mktemp("forms") / "course")
    rows = [f"{id_},{','.join(name_of(id_))},{number}" for id_, number in EVERYBODY.items()]
    (root / "r.csv").write_text("\n".join(["id,first_name,last_name,lms_user_id", *rows]))
    for platform in (CANVAS, MOODLE):
        with zipfile.ZipFile(root / ("canvas.zip" if platform is CANVAS else "m.zip"), "w") as zip_:
            for student in platform:
                for name, notebook in answered(released(root), RIGHT).items():
                    SAVED[student[2:]](notebook)
                    zip_.writestr(in_a_zip(student, name), json.dumps(notebook, indent=1))
    run(root, "roster", root / "r.csv")
    return root, run(root, "collect", ASSIGNMENT, root / "canvas.zip", root / "m.zip")


@pytest.fixture(scope="module")
def marks(collected):
    """The points of everybody's tests."""
    run(collected[0], "grade", ASSIGNMENT)
    return points(collected[0])


def run(root, *arguments):
    done = CliRunner().invoke(main, [*map(str, arguments), "--course", str(root)])
    assert done.exit_code in (0, 1), done.output
    return done.output


def test_nothing_of_a_download_is_lost(collected):
    root, said = collected
    for download in ("canvas.zip", "m.zip"):
        line = f"{download}: {2 * len(SAVED)} notebooks handed in, 0 there already, from"
        assert f"{line} {len(SAVED)} students." in said
    assert "Nothing from" not in said
    kept = {p.parts[-3] for p in (root / "submitted").glob(f"*/{ASSIGNMENT}/2_total.ipynb")}
    assert kept == set(EVERYBODY)


@pytest.mark.slow
@pytest.mark.parametrize("student", EVERYBODY)
def test_a_right_notebook_has_its_points_whatever_saved_and_sent_it(marks, student):
    assert [marks[student, test] for test in TESTS] == [3, 1, 2]
