"""Moodle's grading worksheet, in several languages, matched by what identifies a student.

The columns are those of `mod/assign/feedback/offline` with the names of Moodle's language packs.
"""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from collect_builder import PEOPLE

from autograder.gradebook.people import Person
from autograder.lms.tables import TableError
from autograder.lms.worksheet import read_worksheet

ENGLISH = (
    "\ufeffIdentifier,Full name,Email address,Status,Grade,Maximum Grade,"
    "Grade can be changed,Last modified (submission),Last modified (grade),Feedback comments\n"
    'Participant 5017,Ada Okafor,ada@example.org,Submitted,,100.00,Yes,"{}",-,\n'
    "Participant 5018,Ben O'Neil,ben@example.org,No submission,,100.00,Yes,-,-,\n"
)
GERMAN = (
    '\ufeffID,"Vollständiger Name",E-Mail-Adresse,Status,Bewertung,Bestwertung,"Bewertung kann '
    'geändert werden","Zuletzt geändert (Abgabe)","Zuletzt geändert (Bewertung)"\n'
    'Teilnehmer/in5017,"Ada Okafor",ada@example.org,Abgegeben,,"100,00",Ja,"{}",-\n'
    'Teilnehmer/in5018,"Ben O\'Neil",ben@example.org,"Keine Abgabe",,"100,00",Ja,-,-\n'
)
FINNISH = (  # none of these names is known: the cells tell
    "Tunniste,Koko nimi,Sähköpostiosoite,Tila,Arvosana,Paras arvosana,Muokattu\n"
    'Osallistuja 5017,Ada Okafor,ada@example.org,Palautettu,,"100,00","{}"\n'
    'Osallistuja 5018,Ben O\'Neil,ben@example.org,Ei palautusta,,"100,00",-\n'
)


def sheet_of(folder, text, people=PEOPLE):
    path = folder / "Grades.csv"
    path.write_text(text, encoding="utf-8")
    return read_worksheet(path, people)


@pytest.mark.parametrize(
    ("text", "time", "columns"),
    [
        pytest.param(
            ENGLISH, "Tuesday, 24 November 2026, 3:04\u202fPM", ("Grade", "Maximum Grade"), id="en"
        ),
        pytest.param(
            GERMAN, "Dienstag, 24. November 2026, 15:04", ("Bewertung", "Bestwertung"), id="de"
        ),
        pytest.param(FINNISH, "2026-11-24 15:04", ("Arvosana", "Paras arvosana"), id="fi"),
    ],
)
def test_a_worksheet_is_read_in_any_language(tmp_path, text, time, columns):
    sheet = sheet_of(tmp_path, text.format(time))
    assert sheet.owners == ("ada", "ben")
    assert sheet.numbers == {"5017": "ada", "5018": "ben"}
    assert sheet.times(ZoneInfo("Europe/Oslo")) == {
        "ada": datetime(2026, 11, 24, 14, 4, tzinfo=UTC)
    }
    assert (sheet.grade, sheet.maximum) == columns


def test_a_time_that_cannot_be_read_is_an_error_with_what_to_do(tmp_path):
    sheet = sheet_of(tmp_path, ENGLISH.format("soon"))
    with pytest.raises(TableError, match=r"soon.*in English"):
        sheet.times(UTC)


def test_another_assignments_numbers_do_not_matter(tmp_path):
    """The roster has 17 from the first assignment; this worksheet says 5017."""
    assert sheet_of(tmp_path, ENGLISH.format("-")).owners == ("ada", "ben")


def test_a_worksheet_of_another_course_is_refused(tmp_path):
    with pytest.raises(TableError, match="none of the 2 rows"):
        sheet_of(tmp_path, ENGLISH.format("-"), (Person("dov", "Dov", "Katz"),))


def test_a_row_that_leads_to_nobody_is_named(tmp_path):
    sheet = sheet_of(tmp_path, ENGLISH.format("-"), PEOPLE[:1])
    assert sheet.strangers == ["Ben O'Neil ben@example.org Participant 5018"]


def test_a_blind_worksheet_is_matched_by_its_numbers(tmp_path):
    text = "Identifier,Status,Grade,Maximum Grade\nParticipant 17,Submitted,,10\n"
    assert sheet_of(tmp_path, text).owners == ("ada",)


def test_what_is_no_worksheet_is_refused(tmp_path):
    with pytest.raises(TableError, match="not a grading worksheet"):
        sheet_of(tmp_path, "id,name\nada,Ada\n")
