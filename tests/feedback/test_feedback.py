"""What `autograder feedback` writes, where, and when: on the tiny course, marked for real."""

import json
import re

import pytest
from click.testing import CliRunner
from course_builder import ASSIGNMENT, RIGHT, WRONG, cell_of, given, hand_in
from gradebook_rows import change, details
from hand_marks import mark_by_hand, set_due

from autograder.cli import main
from autograder.course.course import CourseError, open_course
from autograder.course.settings import DEFAULTS
from autograder.feedback.make import make_feedback
from autograder.feedback.student import ClassFacts
from autograder.feedback.write import class_digest
from autograder.gradebook.read_marks import read_class_marks
from autograder.marking.class_run import grade_class

pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")
PLOT = {"output_type": "display_data", "metadata": {}, "data": {"image/png": "iVBORw0KGgo="}}


def marked(root, **students):
    """Hand in and mark; answers by student."""
    for student, answers in students.items():
        change = answers.pop("change", lambda _: None)
        hand_in(root, student, answers, change)
    grade_class(open_course(root), ASSIGNMENT, processes=1)
    return open_course(root)


def pages(root, student):
    folder = root / "feedback" / student / ASSIGNMENT
    return {path.name: path.read_text() for path in folder.glob("*.html")}


def test_the_pages_have_nbgraders_own_names_and_one_is_about_everything(course_root):
    make_feedback(marked(course_root, ada=dict(RIGHT)), ASSIGNMENT)
    assert set(pages(course_root, "ada")) == {"index.html", "1_sizes.html", "2_total.html"}


def test_a_wrong_row_is_shown_beside_the_right_one_with_its_verdict(course_root):
    make_feedback(marked(course_root, ben=dict(WRONG)), ASSIGNMENT)
    page = pages(course_root, "ben")["1_sizes.html"]
    assert re.search(r"<code>23</code></td><td><code>22</code></td><td>✗ not right", page)
    assert page.count("✓ right") == 2


def test_right_numbers_stay_hidden_where_the_instructor_has_set_so(course_root):
    with (course_root / "nbgrader_config.py").open("a") as config:
        config.write("c.Stridewise.show_right_numbers = False\n")
    make_feedback(marked(course_root, ben=dict(WRONG)), ASSIGNMENT)
    page = pages(course_root, "ben")["1_sizes.html"]
    assert "<code>23</code>" in page
    assert "<code>22</code>" not in page
    assert "Right</th>" not in page


def test_no_class_has_the_digest_of_one_that_is_gone():
    digests = {class_digest(ClassFacts(f"{n}", (), {}, {}, DEFAULTS)) for n in range(20)}
    assert len(digests) == 20


def test_only_what_changed_is_made_again(course_root):
    course = marked(course_root, ada=dict(RIGHT), ben=dict(WRONG))
    assert make_feedback(course, ASSIGNMENT).made == 2
    assert make_feedback(course, ASSIGNMENT).unchanged == 2
    mark_by_hand(course_root, "ada", "1_sizes", "why", 2)
    again = make_feedback(course, ASSIGNMENT)
    assert (again.made, again.unchanged) == (1, 1)
    assert make_feedback(course, ASSIGNMENT, force=True).made == 2


def test_what_a_killed_run_left_is_finished_by_the_next(course_root):
    course = marked(course_root, ada=dict(RIGHT))
    make_feedback(course, ASSIGNMENT)
    folder = course_root / "feedback" / "ada" / ASSIGNMENT
    (folder / "index.html").unlink()
    (folder / ".1_sizes.html.123.draft").write_text("half a pa")
    assert make_feedback(course, ASSIGNMENT).made == 1
    assert not list(folder.glob(".*"))


def test_a_page_of_a_notebook_no_longer_handed_in_is_removed(course_root):
    course = marked(course_root, ada=dict(RIGHT))
    make_feedback(course, ASSIGNMENT)
    (course_root / "submitted" / "ada" / ASSIGNMENT / "2_total.ipynb").unlink()
    grade_class(course, ASSIGNMENT, processes=1)
    make_feedback(course, ASSIGNMENT)
    found = pages(course_root, "ada")
    assert set(found) == {"index.html", "1_sizes.html"}
    assert "not handed in" in found["index.html"]


def test_no_page_holds_a_hidden_test(course_root):
    make_feedback(marked(course_root, ada=dict(RIGHT), ben=dict(WRONG)), ASSIGNMENT)
    everything = "".join([*pages(course_root, "ada").values(), *pages(course_root, "ben").values()])
    for hidden in ("total == 42", "half(9)", "HIDDEN TESTS", "[26, 24, 22], 3"):
        assert hidden not in re.sub(r"<[^>]+>", "", everything)


def test_a_test_that_fails_shows_its_own_message(course_root):
    make_feedback(marked(course_root, ben=dict(WRONG)), ASSIGNMENT)
    page = pages(course_root, "ben")["2_total.html"]
    assert "0 of 1 point" in page
    assert "assert" not in re.sub(r"(?s)<style>.*?</style>", "", page).lower().replace(
        "assertionerror", ""
    )


def test_what_is_not_marked_yet_is_said_as_such(course_root):
    make_feedback(marked(course_root, ada=RIGHT | {"why": "Because."}), ASSIGNMENT)
    page = pages(course_root, "ada")["1_sizes.html"]
    assert "not marked yet, of 2" in page
    assert "3</b> of 5 points so far" in page


def test_a_graders_comment_and_points_are_beside_the_answer(course_root):
    written = RIGHT | {"why": "The edge has *no* neighbours."}
    course = marked(course_root, ada=written)
    mark_by_hand(course_root, "ada", "1_sizes", "why", 1.5, "Say what <b> reads there.")
    make_feedback(course, ASSIGNMENT)
    page = pages(course_root, "ada")["1_sizes.html"]
    answer = page[page.index("Your answer <code>why") :]
    assert "<em>no</em> neighbours" in answer
    assert "Say what &lt;b&gt; reads there." in answer
    assert "1.5 of 2 points" in answer


def test_points_that_a_person_changed_are_hers(course_root):
    course = marked(course_root, ben=dict(WRONG))
    mark_by_hand(course_root, "ben", "1_sizes", "test_sizes", 2.5)
    make_feedback(course, ASSIGNMENT)
    page = pages(course_root, "ben")["1_sizes.html"]
    assert "2.5 of 3 points" in page
    assert "A person set these points." in page


def test_the_total_is_that_of_the_gradebook_lateness_and_all(course_root):
    with (course_root / "nbgrader_config.py").open("a") as config:
        config.write("c.AssignLatePenalties.plugin_class = 'late_rule.Third'\n")
    (course_root / "late_rule.py").write_text(
        "from nbgrader.plugins import BasePlugin\n"
        "class Third(BasePlugin):\n"
        "    def late_submission_penalty(self, student_id, score, total_seconds_late):\n"
        "        return score / 3\n"
    )
    set_due(course_root, "2026-01-31 12:00:00")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(course_root))
        course = marked(course_root, ben=WRONG | {"total": RIGHT["total"]})
    make_feedback(course, ASSIGNMENT)
    student_marks = read_class_marks(course.db_url, ASSIGNMENT)
    total = next(each for each in student_marks.students if each.submitted).total(
        student_marks.questions
    )
    page = pages(course_root, "ben")["index.html"]
    assert total == pytest.approx(2.0)
    assert "<b>2</b> of 8 points" in page
    assert "1 point was taken off for lateness (24 hours late)" in page


def test_the_students_own_outputs_are_shown_and_bounded(course_root):
    def outputs(notebooks):
        cell_of(notebooks["1_sizes"], "sizes")["outputs"] = [
            PLOT,
            {"output_type": "stream", "name": "stdout", "text": "x" * 50_000},
        ]

    make_feedback(marked(course_root, ada=RIGHT | {"change": outputs}), ASSIGNMENT)
    page = pages(course_root, "ada")["1_sizes.html"]
    assert 'src="data:image/png;base64,iVBORw0KGgo="' in page
    assert "… (cut)" in page
    assert len(page) < 40_000


def test_a_page_full_of_text_stays_under_300_kilobytes(course_root):
    def long(notebooks):
        text = {"output_type": "stream", "name": "stdout", "text": "row of numbers\n" * 5_000}
        more = [given(f"print({n})") | {"outputs": [text]} for n in range(200)]
        notebooks["1_sizes"]["cells"] += more

    make_feedback(marked(course_root, ada=RIGHT | {"change": long}), ASSIGNMENT)
    assert len(pages(course_root, "ada")["1_sizes.html"].encode()) < 300_000


def test_where_the_record_says_other_words_they_are_shown_as_they_are(course_root):
    course = marked(course_root, ben=dict(WRONG))
    ((_, text),) = details(course_root)
    kept = json.loads(text)
    kept["1_sizes"]["marks"]["test_sizes"]["reasons"] = ["Row 3 was marked by older words."]
    change(course_root, "update autograder_record set details = ?", json.dumps(kept))
    make_feedback(course, ASSIGNMENT)
    page = pages(course_root, "ben")["1_sizes.html"]
    assert "Row 3 was marked by older words." in page
    assert "not right" not in page


def test_a_damaged_notebook_gets_a_page_that_says_the_reason_once_for_all_questions(course_root):
    folder = hand_in(course_root, "dan", RIGHT)
    (folder / "1_sizes.ipynb").write_text("{")
    course = marked(course_root)
    make_feedback(course, ASSIGNMENT)
    explained, _, notebook = pages(course_root, "dan")["1_sizes.html"].partition("Your notebook")
    assert explained.count("The notebook could not be read: this is not a notebook") == 1
    assert "could not be read" not in notebook


# nbgrader leaves files open and passes arguments that traitlets does not know.
@pytest.mark.filterwarnings("ignore:Passing unrecognized arguments:DeprecationWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_nbgrader_releases_these_pages(course_root, tmp_path):
    from nbgrader_stock import api

    exchange = tmp_path / "exchange"
    exchange.mkdir(mode=0o777)
    with (course_root / "nbgrader_config.py").open("a") as config:
        config.write(f"c.Exchange.root = {str(exchange)!r}\n")
    secret = hand_in(course_root, "ada", RIGHT) / "submission_secret.txt"
    secret.write_text("s3cret")
    make_feedback(marked(course_root), ASSIGNMENT)
    assert api(course_root).release_feedback(ASSIGNMENT)["success"]
    released = [p.read_text() for p in (exchange / "tiny_course" / "feedback").glob("*.html")]
    assert pages(course_root, "ada")["1_sizes.html"] in released


def test_the_command_says_what_it_did(course_root):
    marked(course_root, ada=RIGHT | {"why": "Because."})
    run = CliRunner().invoke(main, ["--course", str(course_root), "feedback", ASSIGNMENT])
    assert run.exit_code == 1, run.output
    assert "1 of 1 students: 2 pages made." in run.output
    assert "To be marked by hand (1):\n  ada: 1_sizes/why: no mark yet" in run.output


def test_nothing_marked_is_said_with_what_to_do(course_root):
    with pytest.raises(CourseError, match="Nothing is marked"):
        make_feedback(open_course(course_root), ASSIGNMENT)


@pytest.mark.slow
def test_workers_make_the_same_pages(course_root):
    students = {f"s{n}": dict(RIGHT if n % 2 else WRONG) for n in range(10)}
    course = marked(course_root, **students)
    make_feedback(course, ASSIGNMENT, processes=1)
    alone = pages(course_root, "s3"), pages(course_root, "s4")
    make_feedback(course, ASSIGNMENT, processes=2, force=True)
    assert alone == (pages(course_root, "s3"), pages(course_root, "s4"))


def test_a_lesson_without_ids_of_cells_is_still_known_as_the_lessons(course_root):
    for path in (course_root / "lessons" / ASSIGNMENT).glob("*.ipynb"):
        notebook = json.loads(path.read_text()) | {"nbformat_minor": 4}
        for cell in notebook["cells"]:
            del cell["id"]
        path.write_text(json.dumps(notebook))
    make_feedback(marked(course_root, ada=dict(RIGHT)), ASSIGNMENT)
    page = pages(course_root, "ada")["1_sizes.html"]
    assert "Added or changed by you" not in page
    assert "Lesson: Sizes" in page
    assert "<h1>Sizes</h1>" in page
