import json
import shutil

import pytest
from course_builder import ASSIGNMENT, RIGHT, SLIP, WRONG, cell_of, configure, hand_in
from nbgrader_stock import autograde, rows

from autograder.course.course import open_course
from autograder.marking.class_run import grade_class

pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")
LINE = 'c.Autograde.exporter_class = "autograder.nbgrader_plugin.EngineExporter"\n'


@pytest.fixture
def plugged(course_root):
    """A course with the one line in its configuration."""
    with (course_root / "nbgrader_config.py").open("a") as config:
        config.write(LINE)
    return course_root


def test_nbgraders_own_command_gives_the_marks_of_the_engine(plugged, tmp_path):
    hand_in(plugged, "adam", RIGHT | {"why": "Less."})
    hand_in(plugged, "mia", WRONG, lambda notebooks: notebooks.pop("2_total"))
    other = shutil.copytree(plugged, tmp_path / "other")
    assert autograde(plugged)["success"]
    grade_class(open_course(other), ASSIGNMENT, processes=1)
    assert rows(plugged) == rows(other)
    for page in (other / "autograded").rglob("*.ipynb"):
        same = plugged / page.relative_to(other)
        assert json.loads(same.read_text()) == json.loads(page.read_text())


def test_nbgraders_own_command_marks_by_the_settings(plugged):
    configure(plugged, "c.Stridewise.follow_through = False")
    hand_in(plugged, "adam", SLIP)
    autograde(plugged)
    assert [row[3] for row in rows(plugged)["grades"] if row[2] == "test_sizes"] == [0.0]


def test_no_cell_of_a_submission_is_executed(plugged):
    marker = plugged / "ran"
    evil = f"open({str(marker)!r}, 'w')"
    hand_in(plugged, "eve", RIGHT | {"sizes": f"{RIGHT['sizes']}\n{evil}"})
    autograde(plugged)
    assert not marker.exists()


def test_a_damaged_file_is_marked_with_the_reason_and_the_batch_goes_on(plugged):
    hand_in(plugged, "eve", RIGHT, lambda notebooks: notebooks.update({"2_total": b"[" * 100_000}))
    hand_in(plugged, "zoe", RIGHT)
    assert autograde(plugged)["success"]
    scores = {(r[0], r[2]): r[3] for r in rows(plugged)["grades"]}
    assert (scores["eve", "test_sizes"], scores["eve", "test_total"]) == (3, 0)
    assert scores["zoe", "test_total"] == 1
    page = json.loads((plugged / "autograded" / "eve" / ASSIGNMENT / "2_total.ipynb").read_text())
    assert "too many nested" in cell_of(page, "test_total")["outputs"][0]["data"]["text/html"]


def test_a_link_in_place_of_a_notebook_earns_nothing(plugged):
    folder = hand_in(plugged, "eve", {})
    (folder / "1_sizes.ipynb").unlink()
    (folder / "1_sizes.ipynb").symlink_to(plugged / "solutions" / ASSIGNMENT / "1_sizes.ipynb")
    autograde(plugged)
    assert {r[3] for r in rows(plugged)["grades"] if r[2].startswith("test")} == {0}


def test_a_link_in_place_of_a_folder_is_that_students_failure(plugged):
    hand_in(plugged, "adam", RIGHT)
    (plugged / "submitted" / "eve").symlink_to("adam")
    done = autograde(plugged)
    assert not done["success"]
    assert "is a link, not a folder" in done["log"]
    assert {r[3] for r in rows(plugged)["grades"] if r[0] == "eve"} == {None}
    assert {r[3] for r in rows(plugged)["grades"] if r[0] == "adam"} == {0, 1, 2, 3}
