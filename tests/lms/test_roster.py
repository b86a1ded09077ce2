"""Rosters as instructors have them, into nbgrader's gradebook, all or nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from autograder.gradebook.people import Person, RosterChange, gradebook_people, import_roster
from autograder.lms.merge import merged
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
# The columns of a German Moodle 4's worksheet, as public readers of it name them.
GERMAN = (
    'ID,"Vollständiger Name",E-Mail-Adresse,Status,Bewertung,Bestwertung\n'
    'Teilnehmer/in1234567,"Ada Okafor",ada@example.org,"Zur Bewertung abgegeben","1,5","10,00"\n'
)
# Blackboard Learn, Work Offline, Download: UTF-16 with tabs, every cell in quotes.
BLACKBOARD = (
    '"Last Name"\t"First Name"\t"Username"\t"Student ID"\t"Lab 1 [Total Pts: 10 Score] |664617"\n'
    '"Okafor"\t"Ada"\t"ada"\t"100"\t""\n'
)
BRIGHTSPACE = (
    "OrgDefinedId,Username,Last Name,First Name,Email,"
    "Lab 1 Points Grade <Numeric MaxPoints:10>,End-of-Line Indicator\n"
    "#100,#ada,Okafor,Ada,ada@example.org,,#\n"
)
# Google Classroom, all grades of a class: names and address, then a column for each piece of work;
# the second row has the dates and the third the points (a public page that reads these files).
CLASSROOM = (
    "Last Name,First Name,Email Address,Lab 1\nDate,,,2026-11-20\nPoints,,,10\n"
    "Okafor,Ada,ada@example.org,\n"
)
# The grades of one piece of work, as a public converter to another gradebook names the columns.
CLASSROOM_ONE = (
    "Last Name,First Name,Email Address,Grade,Assignment State,Comments\n"
    "Okafor,Ada,ada@example.org,8,Turned in,\n"
)
FRENCH = "Prénom;Nom;Adresse de courriel;extra_hours\nAda;Okafor;ada@example.org;1,5\n"


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


def people_in(folder: Path, text: str, id_column: str = "") -> tuple[Person, ...]:
    roster = read_roster(written(folder, text), id_column)
    assert roster.left_out == ()
    return roster.people


def test_a_roster_in_nbgraders_words(tmp_path):
    text = (
        "id;first_name;last_name;lms_user_id;extra_hours;section\n"
        "ada;Ada;Okafor;17;48;Mon\nben;;;;;\n"
    )
    assert people_in(tmp_path, text) == (
        Person("ada", "Ada", "Okafor", "", "17", 48.0, "Mon"),
        Person("ben"),
    )


@pytest.mark.parametrize(
    ("text", "person"),
    [
        pytest.param(
            CANVAS, Person("ada", "Ada", "Okafor", "", "17", section="Monday"), id="canvas"
        ),
        pytest.param(
            MOODLE,
            Person("ada@example.org", "Ada Maria", "Okafor", "ada@example.org", "17"),
            id="moodle",
        ),
        pytest.param(
            GERMAN,
            Person("ada@example.org", "Ada", "Okafor", "ada@example.org", "1234567"),
            id="german-moodle",
        ),
        pytest.param(BLACKBOARD, Person("ada", "Ada", "Okafor"), id="blackboard"),
        pytest.param(
            BRIGHTSPACE, Person("ada", "Ada", "Okafor", "ada@example.org"), id="brightspace"
        ),
        pytest.param(
            CLASSROOM, Person("ada@example.org", "Ada", "Okafor", "ada@example.org"), id="classroom"
        ),
        pytest.param(
            CLASSROOM_ONE,
            Person("ada@example.org", "Ada", "Okafor", "ada@example.org"),
            id="classroom-one",
        ),
        pytest.param(
            FRENCH,
            Person("ada@example.org", "Ada", "Okafor", "ada@example.org", "", 1.5),
            id="french-participants-decimal-comma",
        ),
        pytest.param(
            "Deltager;Mail\nAda;ada@example.org\n",
            Person("ada@example.org", "", "", "ada@example.org"),
            id="unknown-names-known-by-their-cells",
        ),
    ],
)
def test_every_platforms_table_is_a_roster(tmp_path, text, person):
    assert people_in(tmp_path, text)[0] == person


def test_utf_16_is_read(tmp_path):
    path = tmp_path / "roster.xls"
    path.write_bytes(BLACKBOARD.encode("utf-16"))
    assert read_roster(path).people == (Person("ada", "Ada", "Okafor"),)


def test_canvas_gradebook_is_a_roster_without_its_other_rows(tmp_path):
    assert [person.id for person in people_in(tmp_path, CANVAS)] == ["ada", "ben"]


def test_another_column_can_be_the_id(tmp_path):
    people = people_in(tmp_path, CANVAS, id_column="SIS User ID")
    assert [person.id for person in people] == ["s100", "s101"]


def test_extra_hours_are_read_from_any_platforms_roster(tmp_path):
    text = CANVAS.replace("Section", "Section,extra_hours").replace("Monday", "Monday,24")
    assert people_in(tmp_path, text.replace("Monday,24,\n", "Monday,,\n"))[0].extra_hours == 24
    by_mail = people_in(tmp_path, "id,email,extra_hours\na1,ada@example.org,48\n", "email")
    assert by_mail == (Person("ada@example.org", "", "", "ada@example.org", "", 48.0),)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("id\nben\n../ada\n", "row 3: '../ada'", id="dots"),
        pytest.param(
            "id\nben\nada+cs\n", "cannot be a folder's name", id="plus, which nbgrader refuses"
        ),
        pytest.param("id\nben\nBEN\n", "has two rows", id="one folder on macOS"),
        pytest.param("id,first_name\nben,B\nben,Ada\n", "used, for B", id="one id twice"),
        pytest.param("id,extra_hours\nben,\nada,nan\n", "give a number of hours", id="no hours"),
        pytest.param("id,first_name\nben,\n,Ada\n", "Ada has no id", id="no id"),
    ],
)
def test_a_row_that_cannot_be_used_costs_that_row_alone(tmp_path, text, said):
    roster = read_roster(written(tmp_path, text))
    assert [person.id for person in roster.people] == ["ben"]
    assert said in roster.left_out[0]


def test_the_same_row_twice_is_one_student(tmp_path):
    """Canvas has a row for each section that a student is in."""
    text = CANVAS + '"Okafor, Ada",17,s100,ada,Tuesday,9\n'
    assert [person.id for person in people_in(tmp_path, text)] == ["ada", "ben"]


def test_a_number_that_two_rows_share_leads_to_neither(tmp_path):
    roster = read_roster(written(tmp_path, "id,lms_user_id\na,7\nb,7\n"))
    assert [(p.id, p.lms_user_id) for p in roster.people] == [("a", ""), ("b", "")]
    assert roster.left_out == ("the platform's number 7 is in two rows; it was left out",)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("colour,age\nred,3\n", "give one with --id-column", id="other columns"),
        pytest.param("", "is empty", id="empty"),
        pytest.param("id,id\na,b\n", "column 'id' twice", id="one column twice"),
    ],
)
def test_what_is_no_roster_is_refused(tmp_path, text, said):
    with pytest.raises(TableError, match=said):
        read_roster(written(tmp_path, text))


def test_a_spreadsheet_is_refused_with_what_to_do(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_bytes(b"PK\x03\x04\xff\xfe\x00")
    with pytest.raises(TableError, match="save it again as 'CSV UTF-8'"):
        read_roster(path)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(Person("ADA"), id="another case"),
        pytest.param(Person("\uff41\uff44\uff41"), id="full-width letters"),
        pytest.param(Person("ada@x.org", email="Ada@x.org"), id="by e-mail"),
    ],
)
def test_one_person_has_one_id(other):
    (person,), said = merged([other], [Person("ada", email="ada@x.org")])
    assert person.id == "ada"
    assert said == [f"{other.id} is ada, who is already in the gradebook"]


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


def test_sections_and_extra_hours_are_kept_and_an_empty_cell_erases_nothing(db_url):
    import_roster(db_url, [Person("ada", extra_hours=48.0, section="Mon", group="g1")])
    assert import_roster(db_url, [Person("ada")]).changed == ()
    (ada,) = gradebook_people(db_url)
    assert (ada.extra_hours, ada.section, ada.group) == (48.0, "Mon", "g1")
    assert import_roster(db_url, [Person("ada", extra_hours=0.0)]).changed == ("ada",)
    assert gradebook_people(db_url)[0].extra_hours == 0.0
