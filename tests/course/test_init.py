"""A course from nothing, and what students receive of it."""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from course_builder import ASSIGNMENT, RIGHT, hand_in, source_notebooks, write
from traitlets.config.loader import PyFileConfigLoader

from autograder.authoring.generate import generate
from autograder.cli import main
from autograder.course.course import CourseError, open_course
from autograder.course.handout import needed
from autograder.course.init import init_course
from autograder.lms.roster import read_roster
from autograder.marking.class_run import grade_class

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A course made by `init` from a folder of solutions, and generated."""
    solutions = tmp_path_factory.mktemp("solutions")
    notebooks = source_notebooks()
    notebooks["1_sizes"]["cells"][1]["source"] += "\nfrom stridewise import output_size"
    write(solutions / ASSIGNMENT, notebooks)
    root = tmp_path_factory.mktemp("courses") / "cnn 2026"
    done = CliRunner().invoke(main, ["init", str(root), "--solutions", str(solutions)])
    assert done.exit_code == 0, done.output
    generate(open_course(root), ASSIGNMENT)
    return root


def test_a_new_course_has_settings_a_roster_and_its_assignments(made):
    course = open_course(made)
    assert course.course_id == "cnn_2026"
    assert course.config.Autograde.exporter_class.endswith("EngineExporter")
    assert sorted(p.name for p in course.source(ASSIGNMENT).iterdir()) == [
        "1_sizes.ipynb",
        "2_total.ipynb",
    ]
    roster = read_roster(made / "roster_example.csv")
    assert roster.left_out == ()
    assert roster.people[1].extra_hours == 24


def test_a_new_course_marks_as_the_repository_does(made, tmp_path):
    root = shutil.copytree(made, tmp_path / "course")
    hand_in(root, "adam", RIGHT)
    assert grade_class(open_course(root), ASSIGNMENT, processes=1).graded == 1


def test_the_settings_of_a_new_course_are_the_repositorys(made):
    def settings(folder):
        config = PyFileConfigLoader("nbgrader_config.py", path=str(folder)).load_config()
        config.CourseDirectory.pop("course_id")
        return config

    assert settings(made) == settings(REPOSITORY)


def test_nothing_is_overwritten(made):
    with pytest.raises(CourseError, match=r"already has nbgrader_config\.py, "):
        init_course(made)


def test_without_solutions_the_course_says_where_to_put_notebooks(tmp_path):
    done = CliRunner().invoke(main, ["init", str(tmp_path / "c")])
    assert done.exit_code == 0
    assert "No assignment yet. The lessons' solutions are not installed." in done.output
    course = open_course(tmp_path / "c")
    assert course.source("x").parent.is_dir()
    assert course.config.ClearSolutions.code_stub == {"python": "# YOUR CODE HERE\n..."}


@pytest.fixture(scope="module")
def handed_out(made, tmp_path_factory):
    """The hand-out, unpacked as a student does."""
    home = tmp_path_factory.mktemp("student")
    done = CliRunner().invoke(
        main, ["--course", str(made), "handout", ASSIGNMENT, str(home / "h.zip")]
    )
    assert done.exit_code == 0, done.output
    assert "2 notebooks, START_HERE.ipynb and the package stridewise." in done.output
    with zipfile.ZipFile(home / "h.zip") as archive:
        archive.extractall(home)
    return home / ASSIGNMENT


def test_a_hand_out_holds_the_lessons_and_what_they_import_and_nothing_else(handed_out):
    names = {p.relative_to(handed_out).parts[0] for p in handed_out.rglob("*")}
    assert names == {"1_sizes.ipynb", "2_total.ipynb", "START_HERE.ipynb", "stridewise"}
    text = "".join(p.read_text() for p in handed_out.glob("*.ipynb"))
    for secret in ("HIDDEN TESTS", "BEGIN SOLUTION", "autograder"):
        assert secret not in text


def test_the_package_of_a_hand_out_is_imported_where_nothing_is_installed(handed_out):
    """`-S` hides every installed package: the calculating part of stridewise needs none."""
    script = "import stridewise; print(stridewise.output_size(28, 3), stridewise.__file__)"
    done = subprocess.run(
        [sys.executable, "-S", "-c", script],
        cwd=handed_out,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["26", str(handed_out / "stridewise" / "__init__.py")]


def test_the_first_notebook_names_what_is_missing_and_says_when_nothing_is(handed_out):
    start = json.loads((handed_out / "START_HERE.ipynb").read_text())["cells"][1]["source"]
    assert {"tensorflow", "anywidget", "numpy", "matplotlib"} <= needed().keys()
    ast.parse(start)
    done = subprocess.run(
        [sys.executable, "-c", start], cwd=handed_out, capture_output=True, text=True, check=True
    )
    assert done.stdout == "Everything is here. Open the first lesson.\n"


def test_without_a_network_the_first_notebook_says_what_to_do(handed_out):
    """`PIP_NO_INDEX` is what pip knows of a computer that is not online: no package anywhere."""
    start = json.loads((handed_out / "START_HERE.ipynb").read_text())["cells"][1]["source"]
    start = start.replace("packages = {", 'packages = {"no_such_module": "no-such-module",', 1)
    done = subprocess.run(
        [sys.executable, "-c", start],
        env={**os.environ, "PIP_NO_INDEX": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "pip says: ERROR: No matching distribution found for no-such-module" in done.stdout
    assert "Is this computer online?" in done.stdout


def test_lessons_that_do_not_import_the_package_are_handed_out_alone(made, tmp_path):
    folder = made / "lessons" / "other"
    (folder / "data").mkdir(parents=True)
    (made / "solutions" / "other").mkdir()
    (folder / "1_plain.ipynb").write_text("{}")
    (folder / "data" / "trees.csv").write_text("height\n3\n")
    target = str(tmp_path / "h.zip")
    done = CliRunner().invoke(main, ["--course", str(made), "handout", "other", target])
    assert done.output == f"{target}: 1 notebook and 1 other file.\n"
    with zipfile.ZipFile(target) as archive:
        assert sorted(archive.namelist()) == ["other/1_plain.ipynb", "other/data/trees.csv"]


def test_an_assignment_without_lessons_is_not_handed_out(made, tmp_path):
    root = shutil.copytree(made, tmp_path / "course", ignore=shutil.ignore_patterns("lessons"))
    done = CliRunner().invoke(main, ["--course", str(root), "handout", ASSIGNMENT, "h.zip"])
    assert done.exit_code == 2
    assert f"hint: run `autograder generate {ASSIGNMENT}` first" in done.output


def test_the_instructors_wheel_holds_the_solutions_and_is_refused_by_every_index(tmp_path):
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path]
    subprocess.run(command, cwd=REPOSITORY / "solutions_wheel", check=True, capture_output=True)
    with zipfile.ZipFile(*tmp_path.glob("*.whl")) as wheel:
        names = wheel.namelist()
        metadata = wheel.read(next(n for n in names if n.endswith("METADATA"))).decode()
    assert "stridewise_solutions/padding_and_stride/1_padding.ipynb" in names
    assert "Classifier: Private :: Do Not Upload" in metadata
