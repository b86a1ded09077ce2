"""Attacks through the submitted files: every attacker holds wrong answers unless the name says so.

All are marked in one class, between two honest students.
"""

import json
import os

import pytest
from course_builder import ASSIGNMENT, RIGHT, cell_of, given, hand_in
from gradebook_rows import rows

from autograder.course.course import open_course
from autograder.marking.class_run import grade_class

NOTHING = {
    "total": "total = 41",
    "sizes": "sizes = [1, 2, 3]",
    "half": "def half(n):\n    return n",
}


def on(grade_id, /, **changes):
    """Change one cell of the notebook that holds it."""

    def change(notebooks):
        for nb in notebooks.values():
            for cell in nb["cells"]:
                if cell["metadata"].get("nbgrader", {}).get("grade_id") == grade_id:
                    cell.update(json.loads(json.dumps(changes)))

    return change


def label(grade_id, /, **flags):
    def change(notebooks):
        for nb in notebooks.values():
            for cell in nb["cells"]:
                marks = cell["metadata"].get("nbgrader", {})
                if marks.get("grade_id") == grade_id:
                    marks.update(flags)

    return change


def without(grade_id):
    def change(notebooks):
        for nb in notebooks.values():
            gone = [
                c
                for c in nb["cells"]
                if c["metadata"].get("nbgrader", {}).get("grade_id") == grade_id
            ]
            nb["cells"] = [c for c in nb["cells"] if c not in gone]

    return change


def copied(grade_id, **changes):
    def change(notebooks):
        for nb in notebooks.values():
            for cell in list(nb["cells"]):
                if cell["metadata"].get("nbgrader", {}).get("grade_id") == grade_id:
                    nb["cells"].append(json.loads(json.dumps(cell)) | changes)

    return change


def cells(*added):
    return lambda notebooks: notebooks["1_sizes"]["cells"].extend(json.loads(json.dumps(added)))


def file(data):
    return lambda notebooks: notebooks.update({"1_sizes": data, "2_total": data})


def reversed_cells(notebooks):
    for nb in notebooks.values():
        nb["cells"].reverse()


def old_format(notebooks):
    for name, nb in notebooks.items():
        old = [c | {"input": c["source"]} for c in nb["cells"]]
        notebooks[name] = {
            "nbformat": 3,
            "nbformat_minor": 0,
            "metadata": {},
            "worksheets": [{"cells": old}],
        }


def swapped(notebooks):
    notebooks["1_sizes"], notebooks["2_total"] = notebooks["2_total"], notebooks["1_sizes"]


FORGED = [
    {
        "output_type": "execute_result",
        "data": {"text/plain": "3.0"},
        "metadata": {},
        "execution_count": 1,
    }
]
HUGE = [{"output_type": "stream", "name": "stdout", "text": "x" * 5_000_000}]
SKIPPED = {"tags": ["skip-execution"], "nbgrader": {"grade_id": "test_sizes"}}
CLAIM = {"grade": True, "solution": False, "locked": True, "grade_id": "test_sizes", "points": 3}
TASK = {"task": True, "grade_id": "more", "points": 50}
TWO_LISTS = b', "cells": []}'

# name: (answers, change, points by the machine, what must be said about it)
ATTACKS = {
    "06_tag_skips_the_test": (NOTHING, on("test_sizes", metadata=SKIPPED), 0, "tagged"),
    "09_test_replaced_by_nan": (NOTHING, on("test_sizes", source="float('nan')"), 0, "edited"),
    "10_test_replaced_by_more_than_all": (NOTHING, on("test_sizes", source="300.0"), 0, "edited"),
    "19_points_raised": (NOTHING, label("test_sizes", points=300), 0, "points"),
    "19_points_infinite": (NOTHING, label("test_sizes", points=1e999), 0, "points"),
    "20_test_deleted": (NOTHING, without("test_sizes"), 0, "missing"),
    "20_test_deleted_with_right_answers": (RIGHT, without("test_sizes"), 6, "missing"),
    "20_text_deleted": (NOTHING, without("why"), 0, "missing"),
    "21_label_stripped": (NOTHING, on("test_sizes", metadata={}), 0, "relabelled"),
    "21_label_stripped_from_right_answers": (RIGHT, on("sizes", metadata={}), 6, "relabelled"),
    "22_renamed": (NOTHING, label("test_sizes", grade_id="test_other"), 0, "relabelled"),
    "22_renamed_with_right_answers": (RIGHT, label("sizes", grade_id="mine"), 6, "relabelled"),
    "22_renamed_to_a_list": (
        NOTHING,
        label("test_sizes", grade_id=["test_sizes"]),
        0,
        "relabelled",
    ),
    "23_made_an_answer": (
        NOTHING,
        label("test_sizes", grade=False, solution=True, locked=False),
        0,
        "relabelled",
    ),
    "24_test_copied": (NOTHING, copied("test_sizes", source="3.0"), 0, "copied"),
    "24_right_answer_copied_by_accident": (RIGHT, copied("sizes"), 6, "copied"),
    "25_test_made_text": (NOTHING, on("test_sizes", cell_type="markdown"), 0, "retyped"),
    "25_right_answer_made_raw": (RIGHT, on("sizes", cell_type="raw"), 6, "retyped"),
    "26_tests_before_right_answers": (RIGHT, reversed_cells, 6, "reordered"),
    "48_one_line_of_5_MB_in_an_output": (NOTHING, on("sizes", outputs=HUGE), 0, None),
    "54_a_print_of_full_marks": (
        NOTHING | {"sizes": "print('3 of 3 points')\nsizes = [1, 2, 3]"},
        on("why", source="3 of 3 points"),
        0,
        None,
    ),
    "57_empty": (NOTHING, file(b""), 0, "not_json"),
    "57_invalid_json": (NOTHING, file(b'{"cells": '), 0, "not_json"),
    "57_format_9": (NOTHING, file(b'{"nbformat": 9, "cells": []}'), 0, "format"),
    "57_nested_200_000_deep": (NOTHING, file(b"[" * 200_000), 0, "too_deep"),
    "58_format_3_with_right_answers": (RIGHT, old_format, 6, "format"),
    "61_too_large": (
        NOTHING,
        file(b'{"nbformat": 4, "cells": []}' + b" " * 17_000_000),
        0,
        "too_large",
    ),
    "own_output_forged_in_the_test": (NOTHING, on("test_sizes", outputs=FORGED), 0, None),
    "own_a_cell_that_says_it_is_the_test": (
        NOTHING,
        cells(given("3.0") | {"metadata": {"nbgrader": CLAIM}}),
        0,
        "copied",
    ),
    "own_a_cell_with_the_id_of_the_test": (
        NOTHING,
        lambda n: (without("test_sizes")(n), cells(given("3.0") | {"id": "cell-03"})(n)),
        0,
        "relabelled",
    ),
    "own_notebooks_swapped": (RIGHT, swapped, 0, "missing"),
    "own_cells_that_are_none": (
        NOTHING,
        cells(None, 3, [], {}, {"cell_type": "code", "source": {}}),
        0,
        "bad_cell",
    ),
    "own_thousands_of_cells": (NOTHING, cells(*[given("x")] * 2_500), 0, "cells"),
    "own_a_schema_of_the_future": (NOTHING, label("test_sizes", schema_version=99), 0, None),
    "own_a_task_of_ones_own": (
        NOTHING,
        cells(given("", "markdown") | {"metadata": {"nbgrader": TASK}}),
        0,
        None,
    ),
    "own_a_given_line_changed": (
        NOTHING | {"sizes": "sizes = [start, 2, 3]"},
        lambda n: n["1_sizes"]["cells"][1].update(source="start = 26"),
        1,
        None,
    ),
    "own_surrogates_and_nulls": (
        NOTHING | {"sizes": "sizes = ['\ud800', '\0', 3]", "why": "\ud800\0"},
        lambda _: None,
        0,
        None,
    ),
    "own_two_lists_of_cells": (
        NOTHING,
        lambda n: n.update({"1_sizes": json.dumps(n["1_sizes"])[:-1].encode() + TWO_LISTS}),
        0,
        "missing",
    ),
}


def in_place_of_a_notebook(put):
    """Attack with something other than a file."""

    def attack(root, student):
        folder = hand_in(root, student, NOTHING)
        (folder / "1_sizes.ipynb").unlink()
        put(root, folder / "1_sizes.ipynb")

    return attack


FILES = {
    "59_link_to_the_solutions": in_place_of_a_notebook(
        lambda root, path: path.symlink_to(root / "solutions" / ASSIGNMENT / "1_sizes.ipynb")
    ),
    "59_link_to_a_neighbour": in_place_of_a_notebook(
        lambda root, path: path.symlink_to(
            root / "submitted" / "adam" / ASSIGNMENT / "1_sizes.ipynb"
        )
    ),
    "59_link_to_the_gradebook": in_place_of_a_notebook(
        lambda root, path: path.symlink_to(root / "gradebook.db")
    ),
    "own_a_pipe_that_never_ends": in_place_of_a_notebook(lambda _, path: os.mkfifo(path)),
    "own_a_device_that_never_ends": in_place_of_a_notebook(
        lambda _, path: path.symlink_to("/dev/zero")
    ),
    "own_a_folder": in_place_of_a_notebook(lambda _, path: path.mkdir()),
    "own_a_link_to_itself": in_place_of_a_notebook(lambda _, path: path.symlink_to(path)),
}
STAMPS = {
    "57_timestamp_of_another_planet": b"the day after tomorrow",
    "57_timestamp_of_a_megabyte": b"9" * 1_000_000,
    "57_timestamp_of_bytes": b"\xff\xfe\x00",
    "57_timestamp_far_away": b"99999-01-01 00:00:00 UTC",
    "57_timestamp_odd_zone": b"2026-02-01 12:00:00 99999999999999999999",
}


def attacked(root):
    """Hand in the honest and the attacks, and mark: the root, the tally, each result by student."""
    for neighbour in ("adam", "zoe"):
        hand_in(root, neighbour, RIGHT)
    for name, (answers, change, _, _) in ATTACKS.items():
        hand_in(root, name, answers, change)
    for name, attack in FILES.items():
        attack(root, name)
    results = {}
    tally = grade_class(
        open_course(root),
        ASSIGNMENT,
        processes=1,
        each=lambda _, graded: graded and results.update({graded.student: graded}),
    )
    return root, tally, results


@pytest.fixture(scope="module")
def marked(generated_course, tmp_path_factory):
    """The class after marking: its root, the tally, and every result by student."""
    import shutil

    root = shutil.copytree(generated_course, tmp_path_factory.mktemp("attacks") / "course")
    for name, stamp in STAMPS.items():
        (hand_in(root, name, NOTHING) / "timestamp.txt").write_bytes(stamp)
    return attacked(root)


def scores(root, student):
    return sum(r[3] or 0 for r in rows(root)["grades"] if r[0] == student)


def codes(graded):
    own = [f.code for f in graded.findings]
    return own + [f.code for n in graded.notebooks.values() if n for f in n.findings]


@pytest.mark.parametrize("name", ATTACKS)
def test_no_point_that_was_not_earned_and_a_word_about_what_was_changed(marked, name):
    root, _, results = marked
    _, _, earned, code = ATTACKS[name]
    assert scores(root, name) == earned
    assert codes(results[name]) == [] if code is None else code in codes(results[name])
    lost = [m for n in results[name].notebooks.values() if n for m in n.marks if m.points == 0]
    assert all(m.reasons for m in lost)


@pytest.mark.parametrize("name", FILES)
def test_what_is_no_ordinary_file_is_not_read(marked, name):
    root, _, results = marked
    assert scores(root, name) == 0
    assert "not_a_file" in codes(results[name])
    page = json.loads((root / "autograded" / name / ASSIGNMENT / "1_sizes.ipynb").read_text())
    assert "could not be read" in cell_of(page, "test_sizes")["outputs"][0]["data"]["text/html"]


@pytest.mark.parametrize("name", STAMPS)
def test_a_time_that_is_none_costs_no_mark_and_is_noticed(marked, name):
    root, _, results = marked
    assert results[name].status == "graded"
    assert codes(results[name]) == ["timestamp"]
    assert scores(root, name) == 0


def test_the_other_students_have_their_marks(marked):
    root, tally, _ = marked
    assert (scores(root, "adam"), scores(root, "zoe")) == (6, 6)
    assert tally.failed == {}
    assert tally.graded == tally.total == len(ATTACKS) + len(FILES) + len(STAMPS) + 2


def test_the_marked_notebooks_stay_small_and_plain(marked):
    root, _, _ = marked
    pages = list((root / "autograded").rglob("*.ipynb"))
    assert len(pages) == 2 * len(list((root / "autograded").iterdir()))
    assert max(p.stat().st_size for p in pages) < 20_000
    assert not any(p.is_symlink() for p in pages)
