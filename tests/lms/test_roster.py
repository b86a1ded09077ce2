"""Rosters as instructors have them, into nbgrader's gradebook, all or nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from autograder.gradebook.people import Person, RosterChange, gradebook_people, import_roster
from autograder.lms.roster import is_safe_id, read_roster
from autograder.lms.tables import TableError

CANVAS = (
    "\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,Lesson 1 (88)\n"
    ",,,,,Manual Posting\n"
    "    Points Possible,,,,,10\n"
    '"Okafor, Ada",17,s100,ada,Monday,9\n'
    '"O\'Neil, Ben",18,s101,ben,Monday,\n'
    '"Student, Test",99,,f00,Monday,\n'
)
MOODLE = (
    "Identifier,Full name,Email address,Status,Grade\n"
    "Participant 17,Ada Maria Okafor,ada@example.org,Submitted,\n"
    "Participant 18,Ben,ben@example.org,No submission,\n"
)


def written(folder: Path, text: str) -> Path:
    path = folder / "roster.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def empty_gradebook(tmp_path_factory):
    """nbgrader asks Alembic for a version when it makes a gradebook: once is enough."""
    path = tmp_path_factory.mktemp("gradebook") / "gradebook.db"
    import_roster(f"sqlite:///{path}", [])
    return path


@pytest.fixture
def db_url(tmp_path, empty_gradebook):
    shutil.copy(empty_gradebook, tmp_path / "gradebook.db")
    return f"sqlite:///{tmp_path / 'gradebook.db'}"


def test_a_roster_in_nbgraders_words(tmp_path):
    text = "id;first_name;last_name;lms_user_id;extra_hours\nada;Ada;Okafor;17;48\nben;;;;\n"
    assert read_roster(written(tmp_path, text)) == (
        Person("ada", "Ada", "Okafor", "", "17", 48.0),
        Person("ben"),
    )


def test_canvas_gradebook_is_a_roster_without_its_other_rows(tmp_path):
    assert read_roster(written(tmp_path, CANVAS)) == (
        Person("ada", "Ada", "Okafor", "", "17"),
        Person("ben", "Ben", "O'Neil", "", "18"),
    )


def test_another_column_can_be_the_id(tmp_path):
    people = read_roster(written(tmp_path, CANVAS), id_column="SIS User ID")
    assert [person.id for person in people] == ["s100", "s101"]


def test_moodles_worksheet_is_a_roster(tmp_path):
    assert read_roster(written(tmp_path, MOODLE)) == (
        Person("ada@example.org", "Ada Maria", "Okafor", "ada@example.org", "17"),
        Person("ben@example.org", "", "Ben", "ben@example.org", "18"),
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("name,age\nada,3\n", "a roster has an `id` column", id="other columns"),
        pytest.param("", "is empty", id="empty"),
        pytest.param("id\n../ada\n", "cannot name a folder", id="dots"),
        pytest.param("id\nada+cs\n", "cannot name a folder", id="plus, which nbgrader refuses"),
        pytest.param("id\nada\nADA\n", "stands in 2 rows", id="one folder on macOS"),
        pytest.param("id,lms_user_id\na,7\nb,7\n", "number 7 stands in 2 rows", id="one number"),
        pytest.param("id,extra_hours\na,nan\n", "give a number of hours", id="no hours"),
        pytest.param("id,id\na,b\n", "column 'id' twice", id="one column twice"),
    ],
)
def test_a_roster_that_would_be_ambiguous_is_refused(tmp_path, text, said):
    with pytest.raises(TableError, match=said):
        read_roster(written(tmp_path, text))


def test_a_spreadsheet_is_refused_with_what_to_do(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_bytes(b"PK\x03\x04\xff\xfe\x00")
    with pytest.raises(TableError, match="save it again as 'CSV UTF-8'"):
        read_roster(path)


@pytest.mark.parametrize(
    "student", ["", ".", "..", ".ada", "a/b", "a\\b", "a b", "é", "-x", "a" * 200]
)
def test_ids_that_cannot_name_a_folder_are_not_safe(student):
    assert not is_safe_id(student)


def test_an_import_adds_changes_and_names_who_is_no_longer_there(db_url):
    import_roster(db_url, [Person("ada", "Ada"), Person("ben", "Ben")])
    change = import_roster(db_url, [Person("ada", "Ada", "Okafor"), Person("cai")])
    assert change == RosterChange(added=("cai",), changed=("ada",), absent=("ben",))
    assert [(p.id, p.last_name) for p in gradebook_people(db_url)] == [
        ("ada", "Okafor"),
        ("ben", ""),
        ("cai", ""),
    ]


def test_an_empty_cell_erases_nothing(db_url):
    import_roster(db_url, [Person("ada", "Ada", email="ada@example.org", lms_user_id="17")])
    change = import_roster(db_url, [Person("ada", "Ada Maria")])
    (ada,) = gradebook_people(db_url)
    assert change.changed == ("ada",)
    assert (ada.first_name, ada.email, ada.lms_user_id) == ("Ada Maria", "ada@example.org", "17")


def test_the_same_roster_again_changes_nothing(db_url):
    people = [Person("ada", "Ada"), Person("ben")]
    import_roster(db_url, people)
    assert import_roster(db_url, people) == RosterChange((), (), ())


def test_asking_a_gradebook_that_is_not_there_does_not_make_one(tmp_path):
    assert gradebook_people(f"sqlite:///{tmp_path / 'gradebook.db'}") == ()
    assert list(tmp_path.iterdir()) == []
