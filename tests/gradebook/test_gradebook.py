import csv
import random
import shutil

import pytest
from course_builder import ASSIGNMENT, RIGHT, WRONG, hand_in
from gradebook_rows import asked, change, differences, opened, rows
from nbgrader_stock import api, autograde, autograde_class
from needs import needs_sandbox

from autograder.course.course import CourseError, open_course
from autograder.gradebook.gradebook import Gradebook, SubmissionRecord
from autograder.marking.class_run import grade_class
from autograder.marking.submission import recordable

# nbgrader's own sessions warn about objects that are not in them yet.
pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")

LATE = "2026-03-01 12:00:00 UTC"


def grade(root, **options):
    return grade_class(open_course(root), ASSIGNMENT, processes=1, **options)


def cell(root, student, name):
    (found,) = [r for r in rows(root)["grades"] if (r[0], r[2]) == (student, name)]
    return dict(zip(("auto", "manual", "extra", "look"), found[3:], strict=True))


def test_an_assignment_that_was_never_generated_is_named(course_root):
    shutil.copytree(course_root / "solutions" / ASSIGNMENT, course_root / "solutions" / "other")
    with pytest.raises(CourseError, match="no notebook of 'other'") as caught:
        Gradebook(open_course(course_root), "other")
    assert "autograder generate other" in caught.value.hint


def test_an_assignment_that_nbgrader_could_not_generate_is_named(course_root):
    (course_root / "solutions" / "other").mkdir()
    with api(course_root).gradebook as gradebook:
        gradebook.add_assignment("other")  # as nbgrader does before it makes the notebooks
    with pytest.raises(CourseError, match="no notebook of 'other'"):
        Gradebook(open_course(course_root), "other")


def test_a_missing_gradebook_is_not_made_by_looking_for_it(course_root):
    (course_root / "gradebook.db").unlink()
    with pytest.raises(CourseError, match="There is no gradebook"):
        Gradebook(open_course(course_root), ASSIGNMENT)
    assert not (course_root / "gradebook.db").exists()


def test_a_gradebook_of_another_kind_is_refused_in_one_line(course_root):
    (course_root / "gradebook.db").write_bytes(b"not a database at all" * 100)
    with pytest.raises(CourseError, match="cannot be opened") as caught:
        Gradebook(open_course(course_root), ASSIGNMENT)
    assert "\n" not in str(caught.value)


def test_nbgrader_adds_the_tables_that_an_older_gradebook_lacks(course_root):
    change(course_root, "DROP TABLE task_cells")
    Gradebook(open_course(course_root), ASSIGNMENT).close()
    assert asked(course_root, "SELECT count(*) FROM task_cells") == [(0,)]


def test_sources_hold_hidden_tests_and_points(generated_course):
    with Gradebook(open_course(generated_course), ASSIGNMENT) as gradebook:
        source = gradebook.sources()["1_sizes"]
    assert "Sizes([(3,)] * 3, start=28)" in source["test_sizes"].source
    assert {name: s.points for name, s in source.items()} == {"sizes": 0, "test_sizes": 3, "why": 2}


def test_a_score_and_a_comment_given_by_hand_are_never_lost(course_root):
    hand_in(course_root, "adam", WRONG | {"why": "Because."})
    grade(course_root)
    change(
        course_root, "update grade set manual_score = 1.5, extra_credit = 1, needs_manual_grade = 0"
    )
    change(course_root, "update comment set manual_comment = 'see me'")
    hand_in(course_root, "adam", RIGHT | {"why": "Because."})
    grade(course_root)
    assert cell(course_root, "adam", "test_sizes") == {
        "auto": 3,
        "manual": 1.5,
        "extra": 1,
        "look": 1,
    }
    assert cell(course_root, "adam", "why") == {"auto": None, "manual": 1.5, "extra": 1, "look": 0}
    assert {r[4] for r in rows(course_root)["comments"]} == {"see me"}


def test_a_grade_that_was_looked_at_stays_so_while_nothing_changes(course_root):
    hand_in(course_root, "adam", RIGHT | {"why": "Because."})
    grade(course_root)
    change(
        course_root,
        "update grade set manual_score = 2, needs_manual_grade = 0 where auto_score is null",
    )
    grade(course_root)
    assert cell(course_root, "adam", "why") == {"auto": None, "manual": 2, "extra": None, "look": 0}


def mark_by_hand(root, points):
    """Give every cell that waits for a person its points, as formgrader does."""
    change(
        root,
        "update grade set manual_score = ?, needs_manual_grade = 0 where needs_manual_grade = 1",
        points,
    )


def test_a_hand_mark_stays_done_when_its_text_is_marked_again_unchanged(course_root):
    hand_in(course_root, "adam", WRONG | {"why": "Because."})
    grade(course_root)
    mark_by_hand(course_root, 2)
    hand_in(course_root, "adam", RIGHT | {"why": "Because."})
    assert grade(course_root, force=True).graded == 1
    assert cell(course_root, "adam", "why") == {"auto": None, "manual": 2, "extra": None, "look": 0}
    assert cell(course_root, "adam", "test_total")["auto"] == 1


def test_a_hand_mark_waits_for_a_person_until_its_changed_text_is_marked(course_root):
    hand_in(course_root, "adam", RIGHT | {"why": "Because."})
    grade(course_root)
    mark_by_hand(course_root, 2)
    hand_in(course_root, "adam", RIGHT | {"why": "Something else."})
    for _ in range(2):
        grade(course_root, force=True)
        assert cell(course_root, "adam", "why")["look"] == 1
    assert cell(course_root, "adam", "why")["manual"] == 2
    mark_by_hand(course_root, 1)
    grade(course_root, force=True)
    assert cell(course_root, "adam", "why") == {"auto": None, "manual": 1, "extra": None, "look": 0}


def test_a_machines_mark_set_right_by_hand_waits_when_any_answer_has_changed(course_root):
    hand_in(course_root, "adam", WRONG)
    grade(course_root)
    change(course_root, "update grade set manual_score = 3 where auto_score = 2")
    grade(course_root, force=True)
    assert cell(course_root, "adam", "test_sizes")["look"] == 0
    hand_in(course_root, "adam", WRONG | {"sizes": "sizes = [1, 2, 3]"})
    grade(course_root)
    assert cell(course_root, "adam", "test_sizes") == {
        "auto": 0,
        "manual": 3,
        "extra": None,
        "look": 1,
    }


def test_a_hand_mark_for_a_notebook_taken_back_waits_for_a_person(course_root):
    folder = hand_in(course_root, "adam", RIGHT | {"why": "Because."})
    grade(course_root)
    mark_by_hand(course_root, 2)
    (folder / "1_sizes.ipynb").unlink()
    grade(course_root)
    assert cell(course_root, "adam", "why") == {"auto": 0, "manual": 2, "extra": None, "look": 1}


def test_a_hand_mark_of_stock_nbgraders_waits_since_its_text_is_not_known(course_root):
    hand_in(course_root, "adam", RIGHT | {"why": "Because."})
    autograde(course_root)
    mark_by_hand(course_root, 2)
    grade(course_root)
    assert cell(course_root, "adam", "why") == {"auto": None, "manual": 2, "extra": None, "look": 1}


def test_a_failure_half_way_leaves_nothing_of_the_submission(course_root, masters):
    from autograder.marking.engine import mark_notebook

    data = (course_root / "lessons" / ASSIGNMENT / "1_sizes.ipynb").read_bytes()
    marked = mark_notebook(masters["1_sizes"], data, "adam", lambda: "no").notebook
    object.__setattr__(marked, "answers", {"sizes": object()})  # no JSON can hold it
    before = rows(course_root)
    gradebook = Gradebook(open_course(course_root), ASSIGNMENT)
    with gradebook, pytest.raises(TypeError, match="JSON"):
        gradebook.record(SubmissionRecord("adam", None, {"1_sizes": marked}))
    assert rows(course_root) == before


def test_one_notebook_may_be_recorded_without_the_others(course_root, masters):
    from autograder.marking.engine import mark_notebook

    data = (course_root / "lessons" / ASSIGNMENT / "1_sizes.ipynb").read_bytes()
    marked = mark_notebook(masters["1_sizes"], data, "adam", lambda: "no").notebook
    with Gradebook(open_course(course_root), ASSIGNMENT) as gradebook:
        gradebook.record(SubmissionRecord("adam", None, {"1_sizes": recordable(marked)}))
    assert cell(course_root, "adam", "test_sizes")["auto"] == 0
    assert cell(course_root, "adam", "test_total") == {
        "auto": None,
        "manual": None,
        "extra": None,
        "look": 1,
    }


def test_formgrader_may_read_while_marks_are_written(course_root):
    hand_in(course_root, "adam", RIGHT)
    with opened(course_root, timeout=5) as reader:
        reader.execute("select count(*) from student").fetchone()
        grade(course_root)
        assert reader.execute("select count(*) from student").fetchone() == (1,)


def test_one_file_holds_every_mark_when_the_class_is_done(course_root):
    hand_in(course_root, "adam", RIGHT)
    grade(course_root)
    assert [p.name for p in course_root.glob("gradebook.db*")] == ["gradebook.db"]
    with opened(course_root) as db:
        assert db.execute("pragma journal_mode").fetchone() == ("delete",)


def test_late_work_costs_what_the_courses_own_rule_says(course_root):
    with (course_root / "nbgrader_config.py").open("a") as config:
        config.write("c.LateSubmissionPlugin.penalty_method = 'zero'\n")
    change(course_root, "update assignment set duedate = '2026-02-15 00:00:00.000000'")
    hand_in(course_root, "adam", RIGHT, timestamp=LATE)
    hand_in(course_root, "mia", RIGHT)
    grade(course_root)
    lost = {(r[0], r[1]): r[3] for r in rows(course_root)["notebooks"]}
    assert lost["adam", "1_sizes"] == 3
    assert lost["mia", "1_sizes"] is None


def test_an_extension_takes_the_penalty_away(course_root):
    with (course_root / "nbgrader_config.py").open("a") as config:
        config.write("c.LateSubmissionPlugin.penalty_method = 'zero'\n")
    change(course_root, "update assignment set duedate = '2026-02-15 00:00:00.000000'")
    hand_in(course_root, "adam", RIGHT, timestamp=LATE)
    grade(course_root)
    with api(course_root).gradebook as gradebook:
        gradebook.grant_extension(ASSIGNMENT, "adam", weeks=3)
    assert grade(course_root).unchanged == 1
    assert {r[3] for r in rows(course_root)["notebooks"]} == {None}


def test_feedback_and_export_go_on_from_here(course_root):
    hand_in(course_root, "adam", WRONG | {"why": "<script>alert(1)</script>"})
    grade(course_root)
    nbgrader = api(course_root)
    assert nbgrader.generate_feedback(ASSIGNMENT, "adam")["success"]
    page = (course_root / "feedback" / "adam" / ASSIGNMENT / "1_sizes.html").read_text()
    assert "2 of 3 points" in page
    assert "[26, 24, 22]" not in page
    assert "<script>alert" not in page
    exported = export(course_root)
    assert [(row["student_id"], float(row["score"])) for row in exported] == [("adam", 2.0)]


def export(root):
    from nbgrader.apps import ExportApp

    app = ExportApp.instance()
    try:
        app.initialize(
            [f"--CourseDirectory.root={root}", f"--to={root / 'grades.csv'}"], root=str(root)
        )
        app.start()
    finally:
        ExportApp.clear_instance()
    with (root / "grades.csv").open() as file:
        return list(csv.DictReader(file))


SIZES = [
    "sizes = [26, 24, 22]", "sizes = (26, 24, 22)", "sizes = [26, 24, 23]", "sizes = [28, 26, 24]",
    "sizes = [26.0, 24.0, 22.0]", "sizes = ['26', '24', '22']", "sizes = [26, 24]", "sizes = ...",
    "sizes = [True, 24, 22]", "sizes = None", "sizes = [start - 2 * i for i in (1, 2, 3)]",
    "a = 26\nb = a - 2\nsizes = [a, b, b - 2]", "sizes = [26, 24, 22", "sizes = 26 24 22",
    "sizes = []\nfor i in range(3):\n    sizes.append(26 - 2 * i)", "sizes = [26] * 3", "pass",
    "sizes = [1 / 0]", "print('working')\nsizes = [26, 24, 22]", "sizes = [int('26'), 24, 22]",
    "# I do not know\nsizes = [...]", "sizes = [26, ..., 22]", "sizes = list(range(26, 20, -2))",
]  # fmt: skip
TOTAL = [
    "total = 42", "total = 6 * 7", "total = 41", "total = 42.0", "total = '42'", "total = ...",
    "total = True", "total = sum([40, 2])", "total = 84 // 2", "total = 84 / 2", "total = -42",
    "total = int(84 / 2)", "x = 40\nx += 2\ntotal = x", "total = max(42, 3)", "total == 42",
    "Total = 42", "total = None", "total = len([0] * 42)", "total = 0b101010", "total = undefined",
]  # fmt: skip
HALF = [
    "def half(n):\n    return n // 2", "def half(n):\n    return n / 2", "half = lambda n: n >> 1",
    "def half(n):\n    print(n)\n    return n // 2", "def half(n):\n    return round(n / 2)", "",
    "def half(n):\n    if n < 2:\n        return 0\n    return 1 + half(n - 2)", "half = 4",
    "def half(n):\n    n // 2", "def half():\n    return 2", "def half(n, by=2): return n // by",
    "def half(n):\n    k = 0\n    while 2 * k + 2 <= n:\n        k += 1\n    return k",
    "def half(n):\n    raise NotImplementedError", "def half(n):\n    return int(n * 0.5)",
    "half = ...",
]  # fmt: skip
WHY = ["", "YOUR ANSWER HERE", "Because each convolution loses two pixels.", "a < b & **c**"]


def hand_in_generated(root, count, seed):
    """Hand in `count` honest submissions, each a mix of right, wrong, odd and missing answers."""
    for i in range(count):
        chance = random.Random(f"{seed}/{i}")  # noqa: S311 - not for secrets
        pools = {"sizes": SIZES, "total": TOTAL, "half": HALF, "why": WHY}
        answers = {
            name: chance.choice(pool) for name, pool in pools.items() if chance.random() < 0.9
        }
        lost = chance.choice(["1_sizes", "2_total", *[""] * 18])
        hand_in(root, f"s{i:03}", answers, lambda notebooks, lost=lost: notebooks.pop(lost, None))


@needs_sandbox
def test_the_rows_are_those_of_stock_autograde(course_root, tmp_path):
    hand_in_generated(course_root, 2, "quick")
    stock = shutil.copytree(course_root, tmp_path / "stock")
    grade(course_root)
    autograde_class(stock)
    assert differences(course_root, stock) == {}


@needs_sandbox
@pytest.mark.slow
def test_two_hundred_generated_submissions_are_marked_as_stock_marks_them(course_root, tmp_path):
    hand_in_generated(course_root, 200, "slow")
    stock = shutil.copytree(course_root, tmp_path / "stock")
    grade(course_root)
    autograde_class(stock)
    assert differences(course_root, stock) == {}
