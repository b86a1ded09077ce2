"""Marks as Canvas and Moodle import them; the gradebook is nbgrader's own."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
import sys
import warnings
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbgrader.api import Gradebook
from sqlalchemy.exc import SAWarning

from autograder.gradebook.class_marks import NoMarksError
from autograder.gradebook.extensions import write_extension
from autograder.gradebook.left import left_in
from autograder.gradebook.new_tables import make_tables
from autograder.gradebook.read_marks import read_class_marks
from autograder.lms.export import (
    blackboard_csv,
    brightspace_csv,
    canvas_csv,
    columns,
    filled_worksheet,
    moodle_csv,
)
from autograder.lms.onto_column import onto_column
from autograder.lms.tables import TableError, guarded, table_text
from autograder.lms.worksheet import read_worksheet

DUE = datetime(2026, 11, 20, 12)  # noqa: DTZ001 - nbgrader's columns hold naive UTC


def rows_of(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


@contextmanager
def quiet():
    """nbgrader makes submissions in a way that SQLAlchemy warns about."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)
        yield


@pytest.fixture(scope="module")
def marked(tmp_path_factory):
    """Three students: one marked, one late and waiting for a person, one with nothing."""
    path = tmp_path_factory.mktemp("course") / "gradebook.db"
    make_tables(f"sqlite:///{path}")
    with quiet(), Gradebook(f"sqlite:///{path}", "c") as gradebook:
        gradebook.add_assignment("padding", duedate=DUE)
        for name in ("1_first", "2_second"):
            gradebook.add_notebook(name, "padding")
            gradebook.add_grade_cell("sizes", name, "padding", max_score=6, cell_type="code")
        gradebook.add_grade_cell("why", "1_first", "padding", max_score=4, cell_type="markdown")
        gradebook.add_solution_cell("why", "1_first", "padding")
        gradebook.add_student("ada", first_name="Ada", last_name="=Okafor", lms_user_id="17")
        gradebook.add_student("ben", first_name="Ben", last_name="O'Neil, PhD", lms_user_id="18")
        gradebook.add_student("cai", email="cai@example.org", lms_user_id="19")
        for student, timestamp in (("ada", DUE), ("ben", DUE + timedelta(hours=1))):
            gradebook.add_submission("padding", student, timestamp=timestamp)
            for name, points in (("1_first", 6), ("2_second", 4.5)):
                gradebook.find_grade("sizes", name, "padding", student).auto_score = points
                gradebook.find_grade("sizes", name, "padding", student).needs_manual_grade = False
        why = gradebook.find_grade("why", "1_first", "padding", "ada")
        why.manual_score, why.extra_credit, why.needs_manual_grade = 3, 0.5, False
        notebook = gradebook.find_submission_notebook("2_second", "padding", "ben")
        notebook.late_submission_penalty = 0.45
        gradebook.db.commit()
    return path


@pytest.fixture
def db_url(marked, tmp_path):
    shutil.copy(marked, tmp_path / "gradebook.db")
    return f"sqlite:///{tmp_path / 'gradebook.db'}"


@pytest.fixture
def class_marks(db_url):
    return read_class_marks(db_url, "padding")


def people(class_marks):
    return [s.person for s in class_marks.students]


def test_the_scores_are_nbgraders(class_marks, db_url):
    with Gradebook(db_url, "c") as gradebook:
        for student_marks in class_marks.students[:2]:
            submission = gradebook.find_submission("padding", student_marks.person.id)
            assert student_marks.score(class_marks.questions) == submission.score
            assert student_marks.penalty == submission.late_submission_penalty
            assert student_marks.seconds_late == submission.total_seconds_late
        assert class_marks.possible == gradebook.find_assignment("padding").max_score


def test_canvas_gets_its_own_columns_and_points_possible(class_marks):
    header, possible, *rows = rows_of(canvas_csv(people(class_marks), columns(class_marks)))
    assert header[:5] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
    assert header[5:8] == ["1_first: sizes", "1_first: why", "2_second: sizes"]
    assert possible[0].strip() == "Points Possible"
    assert possible[5:8] == ["6", "4", "6"]
    assert rows[1][:4] == ["O'Neil, PhD, Ben", "18", "", "ben"]


def test_what_is_not_marked_is_empty_and_not_zero(class_marks):
    _, _, ada, ben, cai = rows_of(canvas_csv(people(class_marks), columns(class_marks)))
    assert ada[5:8] == ["6", "3.5", "4.5"]
    assert ben[5:8] == ["6", "", "4.5"]
    assert cai[5:] == ["", "", "", ""]


def test_the_columns_add_up_to_nbgraders_score(class_marks):
    by_question = columns(class_marks, "question")
    assert by_question[-1].title == "padding: late penalty"
    (total,) = columns(class_marks, "assignment")
    assert sum(column.points["ada"] or 0 for column in by_question) == total.points["ada"] == 14
    assert by_question[-1].points["ben"] == -0.45


def test_by_notebook_lateness_is_taken_off(class_marks):
    _, second = columns(class_marks, "notebook")
    assert second.points == {"ada": 4.5, "ben": 4.05, "cai": None}


def test_a_total_waits_for_the_mark_by_hand(class_marks):
    (total,) = columns(class_marks, "assignment")
    assert total.points["ben"] is None


def test_moodle_gets_what_identifies_a_student(class_marks):
    header, *rows = rows_of(moodle_csv(people(class_marks), columns(class_marks)))
    assert header[:4] == ["First name", "Last name", "Username", "Email address"]
    assert rows[2][:4] == ["", "", "cai", "cai@example.org"]


def test_no_cell_is_a_formula(class_marks):
    for make in (canvas_csv, moodle_csv):
        text = make(people(class_marks), columns(class_marks))
        assert "'=Okafor" in text
        assert not [c for row in rows_of(text) for c in row if c.startswith(("=", "+", "@"))]


@given(st.text())
def test_a_guarded_cell_never_starts_a_formula(text):
    cell = guarded(text)
    assert not cell.lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))  # noqa: RUF001
    assert "\x00" not in cell


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1)))
def test_a_table_comes_back_as_it_went(cells):
    text = table_text(["first", *(f"c{i}" for i in range(len(cells)))], [["x", *cells]])
    (_, row) = csv.reader(io.StringIO(text, newline=""))
    assert row == ["x", *map(guarded, cells)]


# A second assignment's numbers, which no roster has: the rows are matched by e-mail and name.
WORKSHEET = (
    "\ufeffIdentifier,Full name,Email address,Status,Grade,Maximum Grade,Feedback comments\n"
    "Participant 5017,Ada =Okafor,,Submitted,-,16.00,\n"
    'Participant 5018,"Ben O\'Neil, PhD",,Submitted,,16.00,\n'
    "Participant 5019,C,cai@example.org,No submission,,16.00,\nParticipant 5099,X,,,,16.00,\n"
)
GERMAN = (
    '\ufeffID;"Vollständiger Name";Status;Bewertung;Bestwertung;"Feedback als Kommentar"\n'
    "Teilnehmer/in5017;Ada =Okafor;Abgegeben;;100,00;\n"
    "Teilnehmer/in5018;Ben O'Neil, PhD;Abgegeben;;100,00;\n"
)


def worksheet(folder: Path, class_marks, text: str = WORKSHEET):
    (folder / "Grades.csv").write_text(text, encoding="utf-8")
    return read_worksheet(folder / "Grades.csv", people(class_marks))


def test_moodles_worksheet_comes_back_filled_in(class_marks, tmp_path):
    sheet = worksheet(tmp_path, class_marks)
    text, filled = filled_worksheet(sheet, class_marks)
    header, ada, ben, *_ = rows_of(text)
    assert header[0] == "Identifier"
    assert ada == ["Participant 5017", "Ada =Okafor", "", "Submitted", "14", "16.00", ada[6]]
    assert ada[6] == "1_first: 9.5 of 10; 2_second: 4.5 of 6"
    assert ben[4] == ""
    assert filled == ["ada"]
    assert sheet.strangers == ["X Participant 5099"]


def test_every_other_cell_of_a_worksheet_stays_as_moodle_wrote_it(class_marks, tmp_path):
    """Moodle writes "-" for a time that there is not, and reads the times when it imports."""
    text = "Identifier,Full name,Grade,Maximum Grade,Last modified (grade)\n"
    text += "Participant 5017,Ada =Okafor,,16.00,-\n"
    _, ada = rows_of(filled_worksheet(worksheet(tmp_path, class_marks, text), class_marks)[0])
    assert ada == ["Participant 5017", "Ada =Okafor", "14", "16.00", "-"]


def test_a_german_worksheet_is_filled_in_with_decimal_commas(class_marks, tmp_path):
    text, _ = filled_worksheet(worksheet(tmp_path, class_marks, GERMAN), class_marks, scale=True)
    assert text.splitlines()[1] == (
        "Teilnehmer/in5017;Ada =Okafor;Abgegeben;87,5;100,00;"
        '"1_first: 9.5 of 10; 2_second: 4.5 of 6"'
    )


def test_a_worksheet_with_another_maximum_is_scaled_only_when_asked(class_marks, tmp_path):
    sheet = worksheet(tmp_path, class_marks, WORKSHEET.replace("16.00", "100.00"))
    with pytest.raises(TableError, match=r"maximum is 100 and the assignment's is 16"):
        filled_worksheet(sheet, class_marks)
    assert rows_of(filled_worksheet(sheet, class_marks, scale=True)[0])[1][4] == "87.5"


CANVAS = (  # Canvas, Grades, Export: `lib/gradebook_exporter.rb` names the columns
    "\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,Padding (90210),Other (90211),Final Score\n"
    "    Points Possible,,,,,16,5,(read only)\n"
    '"Okafor, Ada",17,,ada,Mon,,3,50\n"Student, Test",99,,f0,Mon,,,\n"Stranger, A",77,,str,Mon,,,\n'
)
BLACKBOARD = (
    '"Last Name"\t"First Name"\t"Username"\t"Student ID"\t"Padding [Total Pts: 16 Score] |664617"\n'
    '"Okafor"\t"Ada"\t"ada"\t"100"\t""\n'
)
BRIGHTSPACE = (
    "OrgDefinedId,Username,Padding Points Grade <Numeric MaxPoints:16 Weight:5>,"
    "Old Points Grade <Numeric MaxPoints:9>,End-of-Line Indicator\n#100,#ada,,7,#\n"
)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        pytest.param(
            CANVAS,
            [
                "Student,ID,SIS User ID,SIS Login ID,Section,Padding (90210)",
                "    Points Possible,,,,,16",
                '"Okafor, Ada",17,,ada,Mon,14',
                '"Stranger, A",77,,str,Mon,',
            ],
            id="canvas",
        ),
        pytest.param(
            BLACKBOARD,
            [
                (
                    "Last Name\tFirst Name\tUsername\tStudent ID\t"
                    "Padding [Total Pts: 16 Score] |664617"
                ),
                "Okafor\tAda\tada\t100\t14",
            ],
            id="blackboard",
        ),
        pytest.param(
            BRIGHTSPACE,
            [
                (
                    "OrgDefinedId,Username,Padding Points Grade <Numeric MaxPoints:16 Weight:5>,"
                    "End-of-Line Indicator"
                ),
                "#100,#ada,14,#",
            ],
            id="brightspace",
        ),
    ],
)
def test_the_total_goes_onto_the_column_that_is_there(class_marks, tmp_path, text, lines):
    """No other column is written, so that an import changes nothing else."""
    path = tmp_path / "gradebook.csv"
    path.write_text(text, encoding="utf-8")
    table = onto_column(path, "padding", class_marks)
    assert [line.rstrip() for line in table.text.splitlines()] == [x.rstrip() for x in lines]
    assert table.filled == ("ada",)
    assert table.without_row == ("ben",)


@pytest.mark.parametrize(
    ("text", "column", "said"),
    [
        pytest.param(CANVAS, "Stride", "no column named 'Stride'", id="no such column"),
        pytest.param(CANVAS, "Other", "maximum is 5 and the assignment's is 16", id="maximum"),
        pytest.param(
            CANVAS.replace("ada", "x").replace("17", "7"), "Padding", "none of the 2", id="who"
        ),
    ],
)
def test_nothing_is_never_filled_in_silently(class_marks, tmp_path, text, column, said):
    (tmp_path / "g.csv").write_text(text, encoding="utf-8")
    with pytest.raises(TableError, match=said):
        onto_column(tmp_path / "g.csv", column, class_marks)


def test_blackboard_and_brightspace_get_their_own_columns(class_marks):
    marks = columns(class_marks, "assignment")
    header, ada, *_ = rows_of(blackboard_csv(people(class_marks), marks))
    assert header == ["Last Name", "First Name", "Username", "padding [Total Pts: 16 Score]"]
    assert ada == ["'=Okafor", "Ada", "ada", "14"]
    header, ada, *_ = rows_of(brightspace_csv(people(class_marks), marks))
    assert header[2:] == ["padding Points Grade <Numeric MaxPoints:16>", "End-of-Line Indicator"]
    assert ada == ["#ada", "", "14", "#"]


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        pytest.param(
            {"auto_score": 3, "manual_score": None}, "flagged", id="the machine was not sure"
        ),
        pytest.param({"manual_score": 3}, "stale", id="the text has changed since"),
    ],
)
def test_uncertain_marks_are_left_empty_unless_included(db_url, change, kind):
    with Gradebook(db_url, "c") as gradebook:
        why = gradebook.find_grade("why", "1_first", "padding", "ada")
        for name, value in change.items():
            setattr(why, name, value)
        why.needs_manual_grade = True
        gradebook.db.commit()
    class_marks = read_class_marks(db_url, "padding")
    (total,) = columns(class_marks, "assignment")
    assert total.points["ada"] is None
    (total,) = columns(class_marks, "assignment", unsure=frozenset({kind}))
    assert total.points["ada"] == 14
    (left,) = left_in(class_marks, ["ada"])
    assert left.what == "ada: 1_first/why"


def test_an_excused_student_has_no_mark(db_url):
    write_extension(db_url, "padding", "ada", excused=True)
    (total,) = columns(read_class_marks(db_url, "padding"), "assignment")
    assert total.points["ada"] is None


def test_an_assignment_that_is_not_there_is_an_error(db_url):
    with pytest.raises(NoMarksError, match="run `autograder generate stride` first"):
        read_class_marks(db_url, "stride")


def test_asking_for_marks_makes_no_gradebook(tmp_path):
    with pytest.raises(NoMarksError, match="no gradebook yet"):
        read_class_marks(f"sqlite:///{tmp_path / 'gradebook.db'}", "padding")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "plugin",
    [pytest.param(f"{name}ExportPlugin", marks=pytest.mark.slow) for name in ("Canvas", "Moodle")],
)
def test_nbgrader_export_takes_the_plugin(db_url, tmp_path, plugin):
    command = [Path(sys.prefix, "bin", "nbgrader"), "export", f"--db={db_url}", "--to=out.csv"]
    command += [f"--exporter=autograder.lms.export.{plugin}"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert "1_first: why" in (tmp_path / "out.csv").read_text().splitlines()[0]
