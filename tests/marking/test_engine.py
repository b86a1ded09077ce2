import json
import random
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest
from course_builder import (
    ASSIGNMENT,
    RIGHT,
    SLIP,
    WRONG,
    answered,
    cell_of,
    configure,
    given,
    hand_in,
    released,
)
from gradebook_rows import asked, change, is_whole
from gradebook_rows import points as points_in
from needs import needs_sandbox
from notebooks.damage import damaged

from autograder.course.course import open_course
from autograder.marking.class_run import grade_class
from autograder.marking.engine import mark_notebook
from autograder.marking.process_pool import Lost, Workers
from autograder.notebooks.marked import harmless, marked_page
from autograder.records import StudentFunction

NOWHERE = "no code is run here"
SORTED = "def half(n):\n    return sorted([n], key=lambda k: k)[0] // 2"
TO_BE_RUN = {"total": RIGHT["total"], "half": SORTED}


def marking(masters, notebooks, name, runner=lambda: NOWHERE):
    data = notebooks if isinstance(notebooks, bytes) else json.dumps(notebooks[name]).encode()
    return mark_notebook(masters[name], data, "adam", runner)


def page_of(masters, notebooks, name):
    marked = marking(masters, notebooks, name)
    return marked_page(masters[name], marked.notebook, marked.matched)


def mark(masters, notebooks, name, runner=lambda: NOWHERE):
    return marking(masters, notebooks, name, runner).notebook


def points(marked):
    return {m.grade_id: m.points for m in marked.marks}


def grade(root, **options):
    return grade_class(open_course(root), ASSIGNMENT, processes=1, **options)


def test_right_answers_earn_everything(masters, generated_course):
    notebooks = answered(released(generated_course), RIGHT)
    assert points(mark(masters, notebooks, "1_sizes")) == {"test_sizes": 3.0, "why": 0.0}
    assert points(mark(masters, notebooks, "2_total")) == {"test_total": 1.0, "test_half": 2.0}


def test_wrong_answers_earn_what_is_right_in_them(masters, generated_course):
    notebooks = answered(released(generated_course), WRONG)
    assert points(mark(masters, notebooks, "1_sizes"))["test_sizes"] == 2.0
    assert points(mark(masters, notebooks, "2_total")) == {"test_total": 0.0, "test_half": 0.0}


def test_a_blank_notebook_earns_nothing_and_says_why(masters, generated_course):
    for name in masters:
        marked = mark(masters, released(generated_course), name)
        assert set(points(marked).values()) == {0.0}
        assert all(m.reasons for m in marked.marks)
        assert not any(m.flagged for m in marked.marks)


def test_text_is_left_to_a_person_and_no_text_is_not(masters, generated_course):
    blank = mark(masters, released(generated_course), "1_sizes")
    written = mark(masters, answered(released(generated_course), {"why": "Less."}), "1_sizes")
    assert points(blank)["why"] == 0.0
    assert points(written)["why"] is None
    assert blank.unanswered == {"sizes", "why"}


def test_a_notebook_that_cannot_be_read_is_flagged_with_the_reason(masters):
    marked = mark(masters, b"garbage", "1_sizes")
    assert points(marked) == {"test_sizes": 0.0, "why": None}
    assert all(m.flagged and "could not be read" in m.reasons[0] for m in marked.marks)


def test_what_has_to_be_run_where_nothing_is_run_is_named(masters, generated_course):
    marked = mark(masters, answered(released(generated_course), TO_BE_RUN), "2_total")
    assert points(marked) == {"test_total": 1.0, "test_half": 0.0}
    assert NOWHERE in marked.unmarked["half"]
    assert [m.flagged for m in marked.marks] == [False, True]


class Runs:
    """Runs nothing: gives a right function, and keeps what it was asked for."""

    asked = ()

    @contextmanager
    def answers(self, _, names, **_more):
        self.asked = names
        yield {"half": StudentFunction("half", lambda n: n // 2)}


def test_what_runs_cells_is_asked_only_for_what_cannot_be_read(masters, generated_course):
    runs = Runs()
    notebooks = answered(released(generated_course), TO_BE_RUN)
    marked = mark(masters, notebooks, "2_total", lambda: runs)
    assert points(marked) == {"test_total": 1.0, "test_half": 2.0}
    assert runs.asked == {"half@test_half"}


def test_an_error_in_the_engine_costs_one_notebook_and_is_flagged(masters, generated_course):
    def broken():
        raise OSError("no more processes")

    notebooks = answered(released(generated_course), TO_BE_RUN)
    marked = mark(masters, notebooks, "2_total", broken)
    assert set(points(marked).values()) == {0.0}
    assert all(m.flagged and "no more processes" in m.reasons[0] for m in marked.marks)
    assert marked.unmarked


def test_marking_the_same_twice_gives_the_same(masters, generated_course):
    notebooks = answered(released(generated_course), WRONG)
    first, second = (mark(masters, notebooks, "2_total") for _ in range(2))
    assert first.marks == second.marks
    assert first.findings == second.findings


def test_no_damage_to_a_blank_notebook_earns_a_point(masters, generated_course):
    blank = released(generated_course)
    for seed in range(1500):
        chance = random.Random(seed)  # noqa: S311 - not for secrets
        name = chance.choice(list(masters))
        damaged_file = damaged(blank[name], chance)
        marked = mark(masters, damaged_file, name)
        assert not any(m.points for m in marked.marks), f"seed {seed}"
        assert all(m.reasons for m in marked.marks if m.points == 0), f"seed {seed}"
        json.loads(page_of(masters, damaged_file, name))


def test_the_marked_notebook_shows_points_and_reasons_and_no_hidden_test(masters, generated_course):
    answers = answered(released(generated_course), WRONG)
    page = json.loads(page_of(masters, answers, "1_sizes"))
    (output,) = cell_of(page, "test_sizes")["outputs"]
    assert output["data"]["text/html"].startswith("<p>2 of 3 points</p><ul><li>Row 3")
    assert float(output["data"]["text/plain"]) == 2.0
    assert "24, 22" not in json.dumps(page)


def test_the_marked_notebook_is_one_that_nbgrader_accepts(masters, generated_course):
    import nbformat
    from nbgrader.nbgraderformat import MetadataValidator

    changed = answered(released(generated_course), RIGHT)
    changed["1_sizes"]["cells"].insert(0, given("mine = 1"))
    for name in masters:
        page = page_of(masters, changed, name)
        notebook = nbformat.reads(page.decode(), as_version=4)
        nbformat.validate(notebook)
        MetadataValidator().validate_nb(notebook)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("a < b and b > c, 1<2", "a < b and b > c, 1<2"),
        ("`x = 3`, *good*, $a_1$", "`x = 3`, *good*, $a_1$"),
        ("<img src=x onerror=go()>", "&lt;img src=x onerror=go()>"),
        ("[x](JavaScript:go())", "[x](JavaScript :go())"),
        ("[x](java&#115;cript:go())", "[x](java& #115;cript:go())"),
        ("&lt;script>, R&D", "& lt;script>, R&D"),
    ],
)
def test_a_students_text_reads_the_same_and_carries_nothing(written, shown):
    assert harmless(written) == shown


def test_a_class_is_marked_and_points_in(course_root):
    hand_in(course_root, "adam", RIGHT)
    hand_in(course_root, "mia", WRONG)
    tally = grade(course_root)
    assert (tally.graded, tally.notebooks, tally.all_well) == (2, 4, True)
    assert points_in(course_root)["adam", "test_sizes"] == 3.0
    assert points_in(course_root)["mia", "test_sizes"] == 2.0
    assert (course_root / "autograded" / "mia" / ASSIGNMENT / "timestamp.txt").is_file()


def test_only_what_changed_is_marked_again(course_root):
    for student in ("adam", "mia", "zoe"):
        hand_in(course_root, student, WRONG)
    assert grade(course_root).graded == 3
    hand_in(course_root, "mia", RIGHT)
    (course_root / "autograded" / "zoe" / ASSIGNMENT / "2_total.ipynb").unlink()
    again = grade(course_root)
    assert (again.graded, again.unchanged) == (2, 1)
    assert points_in(course_root)["mia", "test_sizes"] == 3.0
    assert grade(course_root, force=True).graded == 3


def test_what_a_killed_run_left_half_written_is_removed(course_root):
    hand_in(course_root, "adam", RIGHT)
    folder = course_root / "autograded" / "adam" / ASSIGNMENT
    folder.mkdir(parents=True)
    (folder / ".1_sizes.ipynb.4711.draft").write_text("{")
    grade(course_root)
    left = sorted(p.name for p in folder.iterdir())
    assert left == ["1_sizes.ipynb", "2_total.ipynb", "timestamp.txt"]


def test_a_new_deadline_changes_no_mark_and_marks_nothing_again(course_root):
    hand_in(course_root, "adam", RIGHT)
    grade(course_root)
    change(course_root, "update assignment set duedate = '2026-01-31 00:00:00.000000'")
    assert grade(course_root).unchanged == 1


def test_another_setting_marks_again_by_it(course_root):
    hand_in(course_root, "adam", SLIP)
    points = []
    for follow_through in (True, False, True):
        configure(course_root, f"c.Stridewise.follow_through = {follow_through}")
        assert grade(course_root).graded == 1
        points.append(points_in(course_root)["adam", "test_sizes"])
    assert points == [2.0, 0.0, 2.0]


def test_another_limit_of_time_marks_again_by_it(course_root):
    hand_in(course_root, "adam", RIGHT)
    graded = []
    for seconds in (30, 5, 5):
        configure(course_root, f"c.Execute.timeout = {seconds}")
        graded.append(grade(course_root).graded)
    assert graded == [1, 1, 0]


def test_one_student_may_be_marked_alone(course_root):
    for student in ("adam", "mia"):
        hand_in(course_root, student, RIGHT)
    assert grade(course_root, students=frozenset({"mia"})).graded == 1
    assert {student for student, _ in points_in(course_root)} == {"mia"}


def serve_numbers(connection):
    while True:
        number = connection.recv()
        if number == 13:
            raise SystemExit
        if number == 99:
            time.sleep(60)
        connection.send(number * 2)


def test_workers_do_every_job_once():
    with Workers(serve_numbers, (), count=2) as workers:
        assert sorted(r for _, r in workers.run(range(12))) == [2 * n for n in range(12)]


def test_a_worker_that_dies_costs_its_own_job_alone():
    with Workers(serve_numbers, (), count=1) as workers:
        results = dict(workers.run(range(10, 16)))
    assert isinstance(results.pop(13), Lost)
    assert results == {n: 2 * n for n in (10, 11, 12, 14, 15)}


@pytest.mark.slow
def test_a_job_that_never_ends_is_given_up():
    with Workers(serve_numbers, (), count=1, patience=3) as workers:
        results = dict(workers.run([98, 99, 100]))
    assert "longer than 3 seconds" in results[99].reason
    assert results[100] == 200


class HangsAsItArrives:
    def __reduce__(self):
        return time.sleep, (60,)


@pytest.mark.slow
def test_a_worker_that_hangs_while_it_starts_is_given_up():
    with Workers(serve_numbers, (HangsAsItArrives(),), count=1, start_patience=1) as workers:
        results = dict(workers.run([1]))
    assert "did not start in time" in results[1].reason


def command(root, *arguments):
    line = [sys.executable, "-m", "autograder", "--course", str(root), *arguments]
    return subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def await_first_record(root, running):
    """Wait until something is recorded, reading as formgrader would."""
    while running.poll() is None:
        if asked(root, "select id from submitted_assignment"):
            return
        time.sleep(0.02)


def test_ctrl_c_keeps_what_is_recorded_and_the_next_run_finishes(course_root):
    for i in range(60):
        hand_in(course_root, f"s{i:02}", RIGHT)
    running = command(course_root, "grade", ASSIGNMENT)
    await_first_record(course_root, running)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=180)
    assert running.returncode in (0, 130), err
    assert "Traceback" not in err
    if running.returncode == 130:
        assert "run the command again for the rest" in out
    before = {student for student, _ in points_in(course_root)}
    tally = grade(course_root)
    assert tally.unchanged == len(before)
    assert tally.all_well
    assert sum(v or 0 for v in points_in(course_root).values()) == 60 * 6


@pytest.mark.slow
def test_killed_at_any_moment_the_gradebook_is_whole_and_the_next_run_finishes(course_root):
    students = 120
    for i in range(students):
        hand_in(course_root, f"s{i:03}", RIGHT)
    chance = random.Random(4)  # noqa: S311 - not for secrets
    for _ in range(6):
        running = command(course_root, "grade", ASSIGNMENT, "--processes", "2")
        await_first_record(course_root, running)
        time.sleep(chance.uniform(0, 0.3))
        running.kill()
        running.communicate()
        assert is_whole(course_root)
        cells = points_in(course_root)
        done = {student for student, _ in cells}
        assert len(cells) == 4 * len(done)  # a student's four cells, or none of them
        assert all(cells[s, "test_sizes"] == 3.0 and cells[s, "test_half"] == 2.0 for s in done)
    assert grade(course_root).all_well
    assert sum(v or 0 for v in points_in(course_root).values()) == students * 6
    assert not list(course_root.glob("gradebook.db-*"))


def test_a_worker_starts_without_what_only_the_gradebook_needs():
    # The command's own module is loaded in every worker that it starts.
    code = "import sys, autograder.cli, autograder.marking.worker\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"sqlalchemy", "nbgrader", "numpy", "anywidget"} & set(done.stdout.split())


@needs_sandbox
def test_two_workers_run_answers_side_by_side_and_give_what_reading_gives(course_root):
    for i in range(6):
        hand_in(course_root, f"read{i}", RIGHT)
        hand_in(course_root, f"run{i}", RIGHT | TO_BE_RUN)
    tally = grade_class(open_course(course_root), ASSIGNMENT, processes=2)
    assert tally.all_well
    marks = points_in(course_root)
    assert all(
        marks[f"run{i}", cell] == marks[f"read{i}", cell] == most
        for i in range(6)
        for cell, most in (("test_sizes", 3.0), ("test_half", 2.0))
    )
