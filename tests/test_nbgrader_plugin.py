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
def with_plugin(course_root):
    """A course with the one line in its configuration."""
    with (course_root / "nbgrader_config.py").open("a") as config:
        config.write(LINE)
    return course_root


def test_nbgraders_own_command_gives_the_marks_of_the_engine(with_plugin, tmp_path):
    hand_in(with_plugin, "adam", RIGHT | {"why": "Less."})
    hand_in(with_plugin, "mia", WRONG, lambda notebooks: notebooks.pop("2_total"))
    other = shutil.copytree(with_plugin, tmp_path / "other")
    assert autograde(with_plugin)["success"]
    grade_class(open_course(other), ASSIGNMENT, processes=1)
    assert rows(with_plugin) == rows(other)
    for page in (other / "autograded").rglob("*.ipynb"):
        same = with_plugin / page.relative_to(other)
        assert json.loads(same.read_text()) == json.loads(page.read_text())


def test_nbgraders_own_command_marks_by_the_settings(with_plugin):
    configure(with_plugin, "c.Stridewise.follow_through = False")
    hand_in(with_plugin, "adam", SLIP)
    autograde(with_plugin)
    assert [row[3] for row in rows(with_plugin)["grades"] if row[2] == "test_sizes"] == [0.0]


def test_no_cell_of_a_submission_is_executed(with_plugin):
    marker = with_plugin / "ran"
    evil = f"open({str(marker)!r}, 'w')"
    hand_in(with_plugin, "eve", RIGHT | {"sizes": f"{RIGHT['sizes']}\n{evil}"})
    autograde(with_plugin)
    assert not marker.exists()


def test_a_damaged_file_is_marked_with_the_reason_and_the_batch_goes_on(with_plugin):
    hand_in(
        with_plugin, "eve", RIGHT, lambda notebooks: notebooks.update({"2_total": b"[" * 100_000})
    )
    hand_in(with_plugin, "zoe", RIGHT)
    assert autograde(with_plugin)["success"]
    scores = {(r[0], r[2]): r[3] for r in rows(with_plugin)["grades"]}
    assert (scores["eve", "test_sizes"], scores["eve", "test_total"]) == (3, 0)
    assert scores["zoe", "test_total"] == 1
    page = json.loads(
        (with_plugin / "autograded" / "eve" / ASSIGNMENT / "2_total.ipynb").read_text()
    )
    assert "too many nested" in cell_of(page, "test_total")["outputs"][0]["data"]["text/html"]


def test_a_link_in_place_of_a_notebook_earns_nothing(with_plugin):
    folder = hand_in(with_plugin, "eve", {})
    (folder / "1_sizes.ipynb").unlink()
    (folder / "1_sizes.ipynb").symlink_to(with_plugin / "solutions" / ASSIGNMENT / "1_sizes.ipynb")
    autograde(with_plugin)
    assert {r[3] for r in rows(with_plugin)["grades"] if r[2].startswith("test")} == {0}


def test_a_link_in_place_of_a_folder_is_that_students_failure(with_plugin):
    hand_in(with_plugin, "adam", RIGHT)
    (with_plugin / "submitted" / "eve").symlink_to("adam")
    done = autograde(with_plugin)
    assert not done["success"]
    assert "is a link, not a folder" in done["log"]
    assert {r[3] for r in rows(with_plugin)["grades"] if r[0] == "eve"} == {None}
    assert {r[3] for r in rows(with_plugin)["grades"] if r[0] == "adam"} == {0, 1, 2, 3}
