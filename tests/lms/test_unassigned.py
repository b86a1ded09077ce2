"""Files of a download that belong to nobody stay listed until a person has decided."""

from __future__ import annotations

from collect_builder import (
    ANSWERED,
    PEOPLE,
    collected,
    notebook_file,
    submitted_files,
    submitted_to,
    zipped,
)

from autograder.gradebook.people import Person
from autograder.lms.open_files import unassigned
from autograder.lms.versions import undo

DORA = Person("dora", "Dora", "Maar", "dora@example.org", "99")
STRANGER = "maardora_99_905_1_padding.ipynb"


def still_open(course, people=PEOPLE):
    return unassigned(submitted_to(course, dry_run=True), people)


def kept_file(course):
    (path,) = (course / "collected" / "padding" / "_unassigned").glob("*.ipynb")
    return path


def test_a_strangers_file_is_kept_with_its_name_and_listed(tmp_path):
    done = collected(zipped(tmp_path / "c.zip", {STRANGER: ANSWERED}), tmp_path / "course")
    assert kept_file(tmp_path / "course").read_bytes() == ANSWERED
    (left,) = still_open(tmp_path / "course")
    assert (left.kind, left.what, left.why) == ("Stranger", STRANGER, done.problems[0].reason)
    place = kept_file(tmp_path / "course").relative_to(tmp_path / "course")
    assert f"or delete {place}, if it is nobody's work" in left.do


def test_it_is_listed_once_however_often_it_is_collected(tmp_path):
    source = zipped(tmp_path / "c.zip", {STRANGER: ANSWERED})
    collected(source, tmp_path / "course")
    collected(source, tmp_path / "course")
    assert len(still_open(tmp_path / "course")) == 1


def test_the_same_bytes_of_another_student_do_not_settle_it(tmp_path):
    files = {STRANGER: ANSWERED, "okaforada_17_906_1_padding.ipynb": ANSWERED}
    collected(zipped(tmp_path / "c.zip", files), tmp_path / "course")
    later = {"oneilben_18_907_1_padding.ipynb": ANSWERED}
    collected(zipped(tmp_path / "d.zip", later), tmp_path / "course")
    assert [left.what for left in still_open(tmp_path / "course")] == [STRANGER]


def test_it_is_dealt_with_once_it_is_collected_from_a_folder_with_an_id(tmp_path):
    collected(zipped(tmp_path / "c.zip", {STRANGER: ANSWERED}), tmp_path / "course")
    folder = tmp_path / "mine" / "ben"
    folder.mkdir(parents=True)
    (folder / "1_padding.ipynb").write_bytes(kept_file(tmp_path / "course").read_bytes())
    collected(tmp_path / "mine", tmp_path / "course")
    assert still_open(tmp_path / "course") == []


def test_it_is_dealt_with_once_its_student_is_on_the_roster(tmp_path):
    source = zipped(tmp_path / "c.zip", {STRANGER: ANSWERED})
    collected(source, tmp_path / "course")
    collected(source, tmp_path / "course", people=(*PEOPLE, DORA))
    assert still_open(tmp_path / "course") == []


def test_it_is_dealt_with_once_a_person_puts_it_into_a_students_folder(tmp_path):
    collected(zipped(tmp_path / "c.zip", {STRANGER: ANSWERED}), tmp_path / "course")
    folder = tmp_path / "course" / "submitted" / "ben" / "padding"
    folder.mkdir(parents=True)
    (folder / "1_padding.ipynb").write_bytes(kept_file(tmp_path / "course").read_bytes())
    assert still_open(tmp_path / "course") == []


def test_a_deleted_file_is_not_asked_about_again(tmp_path):
    source = zipped(tmp_path / "c.zip", {STRANGER: ANSWERED})
    collected(source, tmp_path / "course")
    kept_file(tmp_path / "course").unlink()
    assert still_open(tmp_path / "course") == []
    done = collected(source, tmp_path / "course")
    assert [p.kind for p in done.problems] == ["notice"]
    assert done.all_well


def test_a_file_that_is_no_notebook_of_the_assignment_is_kept_too(tmp_path):
    files = {"ada/pooling.ipynb": notebook_file("pooling", "x = 1"), "ada/work.rar": b"Rar!"}
    collected(zipped(tmp_path / "c.zip", files), tmp_path / "course")
    assert [left.kind for left in still_open(tmp_path / "course")] == ["Unknown", "Unknown"]


def test_undoing_a_collection_of_strangers_undoes_no_earlier_one(tmp_path):
    course = tmp_path / "course"
    collected(zipped(tmp_path / "a.zip", {"ada/1_padding.ipynb": ANSWERED}), course)
    collected(zipped(tmp_path / "b.zip", {STRANGER: notebook_file("1_padding", "2")}), course)
    back = undo(submitted_to(course).store)
    assert (back.versions, [file.path for file in back.unassigned]) == ({}, [STRANGER])
    assert still_open(course) == []
    assert list(submitted_files(course)) == ["ada/padding/1_padding.ipynb"]


def test_a_dry_run_keeps_nothing(tmp_path):
    collected(zipped(tmp_path / "c.zip", {STRANGER: ANSWERED}), tmp_path / "course", dry_run=True)
    assert still_open(tmp_path / "course") == []
