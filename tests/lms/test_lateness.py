"""What late work costs: worked out from the marks as they are, by the configuration as it is."""

from __future__ import annotations

import math
import shutil

import pytest
from click.testing import CliRunner
from course_builder import ASSIGNMENT, CONFIG, RIGHT, WRONG, hand_in
from hypothesis import given
from hypothesis import strategies as st
from nbgrader.api import Gradebook
from nbgrader.preprocessors import AssignLatePenalties
from traitlets import TraitError
from traitlets.config import Config

from autograder.cli import main
from autograder.course.course import open_course
from autograder.course.late_policy import DAY, HOUR, LatePolicy
from autograder.gradebook.people import Person, import_roster
from autograder.gradebook.read_marks import class_marks_of
from autograder.lms.lateness import LatePenalty
from autograder.marking.class_run import grade_class

LATE = """
c.AssignLatePenalties.plugin_class = "autograder.lms.lateness.LatePenalty"
c.LatePenalty.per_day = 0.1
"""


def plugin(**settings) -> LatePenalty:
    config = Config()
    config.AssignLatePenalties.plugin_class = "autograder.lms.lateness.LatePenalty"
    for name, value in settings.items():
        config.LatePenalty[name] = value
    assigner = AssignLatePenalties(config=config)
    assigner.init_plugin()
    return assigner.plugin_inst


@pytest.mark.parametrize(
    ("late", "lost"),
    [
        pytest.param(0, 0, id="in-time"),
        pytest.param(1, 2, id="a-second-begins-a-day"),
        pytest.param(DAY, 2, id="one-day"),
        pytest.param(24.5 * HOUR, 4, id="the-second-day-begins"),
        pytest.param(90 * DAY, 20, id="never-more-than-all"),
    ],
)
def test_each_day_begun_costs_a_share(late, lost):
    assert LatePolicy(share=0.1).points(20, late) == pytest.approx(lost)


@pytest.mark.parametrize(
    ("policy", "late", "lost"),
    [
        pytest.param(LatePolicy(0.01, step=HOUR), 90 * 60, 0.4, id="two-hours-begun"),
        pytest.param(LatePolicy(0.1, at_most=0.3), 9 * DAY, 6, id="a-cap"),
        pytest.param(LatePolicy(0.1, grace=900), 900, 0, id="within-the-grace"),
        pytest.param(LatePolicy(0.1, grace=900), 901, 2, id="after-the-grace"),
        pytest.param(LatePolicy(0.1, nothing_after=2 * DAY), 2 * DAY + 1, 20, id="too-late"),
    ],
)
def test_steps_caps_and_graces(policy, late, lost):
    assert policy.points(20, late) == pytest.approx(lost)


@given(st.floats(0, 100), st.floats(0, 1e7), st.floats(0, 1), st.floats(0, 1e6), st.floats(0, 1))
def test_a_penalty_is_never_more_than_its_share_of_the_score(score, late, share, grace, at_most):
    lost = LatePolicy(share, grace=grace, at_most=at_most).points(score, late)
    assert 0 <= lost <= score * at_most + 1e-9


def test_nbgrader_takes_the_plugin_from_its_own_configuration():
    assert plugin(per_day=0.25).late_submission_penalty("ada", 20, HOUR) == 5
    assert plugin(per_hour=0.01).policy == LatePolicy(0.01, step=HOUR)
    assert plugin().policy.nothing_after == math.inf


@pytest.mark.parametrize("share", [-0.1, 10])
def test_a_share_outside_0_to_1_is_refused(share):
    with pytest.raises(TraitError, match="from 0 to 1"):
        plugin(per_day=share)


def test_the_old_setting_of_a_roster_is_refused_in_words():
    with pytest.raises(TraitError, match="run `autograder roster FILE`"):
        plugin(roster="roster.csv")


@pytest.fixture(scope="module")
def late_course(generated_course, tmp_path_factory):
    """Adam has 6 of 6 and Mia 2, both handed in 25 hours late, without the text."""
    root = shutil.copytree(generated_course, tmp_path_factory.mktemp("late") / "course")
    (root / "nbgrader_config.py").write_text(CONFIG + LATE)
    for student, answers in (("adam", RIGHT), ("mia", WRONG)):
        hand_in(root, student, answers, timestamp="2026-02-02 13:00:00 UTC")
    run(root, "due", ASSIGNMENT, "2026-02-01 12:00 UTC")
    grade_class(open_course(root), ASSIGNMENT, processes=1)
    return root


@pytest.fixture
def root(late_course, tmp_path):
    return shutil.copytree(late_course, tmp_path / "course")


def run(root, *arguments):
    return CliRunner().invoke(main, ["--course", str(root), *arguments])


def lost(root):
    students_marks = class_marks_of(open_course(root), ASSIGNMENT).students
    return {
        student_marks.person.id: round(student_marks.penalty, 10)
        for student_marks in students_marks
    }


def in_nbgrader(root):
    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        submissions = gradebook.assignment_submissions(ASSIGNMENT)
        return {s.student.id: round(s.late_submission_penalty or 0, 10) for s in submissions}


def test_the_configuration_counts_at_once(root):
    assert lost(root) == in_nbgrader(root) == {"adam": 1.2, "mia": 0.4}
    text = CONFIG + LATE + "c.LatePenalty.at_most = 0.1\n"
    (root / "nbgrader_config.py").write_text(text)
    assert lost(root) == {"adam": 0.6, "mia": 0.2}


def test_marks_shows_the_penalty_in_a_column_of_its_own(root):
    header, _, adam, _ = run(root, "marks", ASSIGNMENT).stdout.splitlines()[:4]
    assert header.split()[-2:] == ["late", "total"]
    assert adam.split() == ["adam", "3", "3", "-1.2", "4.8"]


def test_marks_by_hand_are_in_the_penalty_at_once(root):
    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        grade = gradebook.find_grade("why", "1_sizes", ASSIGNMENT, "adam")
        grade.manual_score, grade.needs_manual_grade = 2, False
        gradebook.db.commit()
    assert lost(root)["adam"] == 1.6  # two tenths of 8
    grade_class(open_course(root), ASSIGNMENT, processes=1)
    assert in_nbgrader(root)["adam"] == 1.6


def test_an_extension_counts_at_once_and_in_nbgrader_too(root):
    assert "she is 1 hour late" in run(root, "extend", "adam", ASSIGNMENT, "24h").output
    assert lost(root) == in_nbgrader(root) == {"adam": 0.6, "mia": 0.4}
    run(root, "extend", "adam", ASSIGNMENT, "2d")
    assert lost(root) == in_nbgrader(root) == {"adam": 0, "mia": 0.4}


def test_an_extension_may_be_given_before_anything_is_handed_in(root):
    import_roster(f"sqlite:///{root}/gradebook.db", [Person("ben")])
    assert run(root, "extend", "ben", ASSIGNMENT, "48h").exit_code == 0
    hand_in(root, "ben", RIGHT, timestamp="2026-02-03 13:00:00 UTC")
    grade_class(open_course(root), ASSIGNMENT, processes=1)
    assert lost(root)["ben"] == in_nbgrader(root)["ben"] == 0.6


def test_extra_hours_of_the_roster_are_subtracted_in_every_assignment(root):
    import_roster(f"sqlite:///{root}/gradebook.db", [Person("adam", extra_hours=24.0)])
    assert lost(root)["adam"] == 0.6


def test_a_time_that_is_taken_away_takes_its_penalty_away(root):
    (root / "submitted" / "adam" / ASSIGNMENT / "timestamp.txt").unlink()
    grade_class(open_course(root), ASSIGNMENT, processes=1)
    assert lost(root)["adam"] == 0


@pytest.mark.parametrize(
    ("stamp", "adams"), [("2026-02-01 1:00 PM UTC", 0.6), ("2026-02-01 12:00:00 PST", 0.0)]
)
def test_a_time_is_read_in_full_or_said_to_be_unknown(root, stamp, adams):
    (root / "submitted" / "adam" / ASSIGNMENT / "timestamp.txt").write_text(stamp)
    tally = grade_class(open_course(root), ASSIGNMENT, processes=1)
    assert lost(root)["adam"] == adams
    assert ("timestamp" in tally.findings) is ("PST" in stamp)


def test_an_excused_student_is_excused_and_may_be_called_back(root):
    assert run(root, "excuse", "mia", ASSIGNMENT).output == f"mia is excused from {ASSIGNMENT}.\n"
    students_marks = {
        s.person.id: s for s in class_marks_of(open_course(root), ASSIGNMENT).students
    }
    assert (students_marks["adam"].excused, students_marks["mia"].excused) == (False, True)
    run(root, "excuse", "mia", ASSIGNMENT, "--undo")
    students_marks = {
        s.person.id: s for s in class_marks_of(open_course(root), ASSIGNMENT).students
    }
    assert not students_marks["mia"].excused


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("extend", "nobody", ASSIGNMENT, "2h"), "There is no student 'nobody'"),
        (("extend", "adam", ASSIGNMENT, "two"), "not a length of time"),
        (("due", ASSIGNMENT, "2026-02-01 12:00 PST"), "is the name of several time zones"),
    ],
)
def test_what_cannot_be_meant_is_refused(root, arguments, said):
    done = run(root, *arguments)
    assert done.exit_code == 2
    assert said in done.output
