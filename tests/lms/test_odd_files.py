"""Files as people and their programs make them: nothing is lost, and nothing is silent."""

from __future__ import annotations

import json
import warnings
import zipfile
from dataclasses import replace

import pytest
from collect_builder import (
    ANSWERED,
    BLANK,
    RELEASED,
    collected,
    notebook_file,
    submitted_files,
    submitted_to,
    zipped,
)

from autograder.gradebook.people import Person
from autograder.lms.open_files import unlabelled

CANVAS = "okaforada_17_905_"
ADA = "ada/padding/1_padding.ipynb"
ZWNJ = "\u200c"  # the zero-width non-joiner of Persian names
ALIREZA = f"\u0639\u0644\u06cc{ZWNJ}\u0631\u0636\u0627"
OTHER = notebook_file("pooling", "sizes = 1")
TWINS = (Person("a1", "Ada", "Okafor"), Person("a2", "Ada", "Okafor"))
HEBREW = (Person("dana", "דנה", "כהן", lms_user_id="21"),)


def unlabelled_of_ada(course):
    submitted = submitted_to(course, dry_run=True)
    return unlabelled(submitted, "ada", submitted.known("ada"))


def with_changes(**changes) -> bytes:
    """The answered notebook's file with other values at the top."""
    return json.dumps(json.loads(ANSWERED) | changes).encode()


@pytest.mark.parametrize(
    ("file", "data"),
    [
        ("answers.pdf", b"%PDF-1.7"),
        ("answers.docx", b"PK\x03\x04"),
        ("photo.png", b"\x89PNG"),
        ("1_padding.py", b"sizes = [26]"),
        ("1_padding.gdoc", b'{"doc_id": "1"}'),
        ("1_padding.url", b"[InternetShortcut]"),
        ("~$1_padding.ipynb", b"\x05ada"),
        (".ipynb_checkpoints/1_padding-checkpoint.ipynb", ANSWERED),
    ],
)
def test_what_is_no_notebook_is_left_to_a_person_only_where_it_is_all(tmp_path, file, data):
    alone = collected(zipped(tmp_path / "1.zip", {f"ada/{file}": data}), tmp_path / "one")
    (problem,) = alone.problems
    assert (problem.kind, problem.do) == ("unknown", "ask ada for the .ipynb file")
    assert "ada has no notebook in this download" in problem.reason
    both = {f"ada/{file}": data, "ada/1_padding.ipynb": ANSWERED}
    assert collected(zipped(tmp_path / "2.zip", both), tmp_path / "two").all_well
    assert submitted_files(tmp_path / "two") == {ADA: ANSWERED}


@pytest.mark.parametrize(
    "file", [".~lock.1_padding.ipynb#", ".1_padding.ipynb.swp", "~$1_padding.ipynb"]
)
def test_what_a_program_writes_beside_an_open_file_is_no_notebook(tmp_path, file):
    files = {f"ada/{file}": b"open", "ada/1_padding.ipynb": ANSWERED}
    assert collected(zipped(tmp_path / "c.zip", files), tmp_path / "course").all_well


@pytest.mark.parametrize("name", ["work.rar", "work (1).rar", "w.7z.txt", "w.rar-1", "w.tar.gz"])
def test_an_archive_is_known_by_its_name_whatever_a_platform_added(tmp_path, name):
    done = collected(zipped(tmp_path / "c.zip", {f"ada/{name}": b"?"}), tmp_path / "course")
    assert [p.kind for p in done.problems] == ["unknown"]


def test_a_placeholder_of_icloud_says_what_it_is(tmp_path):
    files = {"ada/.1_padding.ipynb.icloud": b"bplist00"}
    (problem,) = collected(zipped(tmp_path / "c.zip", files), tmp_path / "course").problems
    assert problem.reason == "a placeholder of iCloud, without the file"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (OTHER, "this is a notebook of another assignment: no answer in it is 1_padding's"),
        (with_changes(cells=[]), "this is a notebook without any cell"),
        (with_changes(cells=None), "the notebook has no list of cells, or more than 2000"),
        (with_changes(nbformat=5), "the notebook's format is not known; save it in nbformat 4"),
    ],
    ids=["another-assignment", "no-cell", "no-list", "nbformat-5"],
)
def test_what_cannot_be_this_notebook_is_named_and_never_replaces_it(tmp_path, data, reason):
    files = {f"{CANVAS}1_padding.ipynb": ANSWERED, "okaforada_17_906_1_padding-1.ipynb": data}
    done = collected(zipped(tmp_path / "c.zip", files), tmp_path / "course")
    assert [(p.kind, p.reason) for p in done.problems] == [("unreadable", reason)]
    assert submitted_files(tmp_path / "course") == {ADA: ANSWERED}


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + ANSWERED,
        ANSWERED.replace(b", ", b",\r\n"),
        with_changes(metadata={"score": float("nan")}),
        pytest.param(with_changes(metadata={"big": "x" * 60 * 2**20}), marks=pytest.mark.slow),
    ],
    ids=["bom", "crlf", "nan", "60-mb"],
)
def test_an_odd_but_whole_notebook_is_taken(tmp_path, data):
    collected(zipped(tmp_path / "c.zip", {"ada/1_padding.ipynb": data}), tmp_path / "course")
    assert submitted_files(tmp_path / "course") == {ADA: data}


def test_a_notebook_without_any_label_is_asked_about_and_does_not_count(tmp_path):
    plain = ANSWERED.replace(b'"nbgrader"', b'"other"')
    done = collected(
        zipped(tmp_path / "c.zip", {"ada/1_padding.ipynb": plain}), tmp_path / "course"
    )
    (problem,) = done.problems
    assert (problem.kind, problem.what) == ("unlabelled", "ada/1_padding.ipynb")
    assert submitted_files(tmp_path / "course") == {}
    assert [left.what for left in unlabelled_of_ada(tmp_path / "course")] == ["ada: 1_padding"]


def test_a_person_can_have_a_notebook_without_labels_marked(tmp_path):
    plain = ANSWERED.replace(b'"nbgrader"', b'"other"')
    source = zipped(tmp_path / "c.zip", {"ada/1_padding.ipynb": plain})
    collected(source, tmp_path / "course")
    folder = tmp_path / "course" / "submitted" / "ada" / "padding"
    folder.mkdir(parents=True)
    (folder / "1_padding.ipynb").write_bytes(plain)
    assert unlabelled_of_ada(tmp_path / "course") == []
    assert collected(source, tmp_path / "course").all_well
    assert submitted_files(tmp_path / "course")[ADA] == plain


def test_a_notebook_without_labels_replaces_none_that_has_them(tmp_path):
    plain = ANSWERED.replace(b'"nbgrader"', b'"other"')
    collected(zipped(tmp_path / "1.zip", {"ada/1_padding.ipynb": ANSWERED}), tmp_path / "course")
    done = collected(
        zipped(tmp_path / "2.zip", {"ada/1_padding.ipynb": plain}), tmp_path / "course"
    )
    assert [p.kind for p in done.problems] == ["unlabelled"]
    assert submitted_files(tmp_path / "course") == {ADA: ANSWERED}


def test_the_ids_that_jupyter_gave_to_the_answer_cells_are_labels_enough(tmp_path):
    (cell,) = json.loads(ANSWERED)["cells"]
    plain = with_changes(cells=[cell | {"metadata": {}, "id": "c0ffee"}])
    with_ids = replace(RELEASED, cell_ids={"1_padding": frozenset({"c0ffee"})})
    source = zipped(tmp_path / "c.zip", {"ada/1_padding.ipynb": plain})
    assert collected(source, tmp_path / "course", released=with_ids).all_well
    assert submitted_files(tmp_path / "course") == {ADA: plain}


@pytest.mark.parametrize("name", [ALIREZA, ALIREZA.replace(ZWNJ, "")])
@pytest.mark.parametrize("on_roster", [ALIREZA, ALIREZA.replace(ZWNJ, "")])
def test_a_persian_name_is_found_with_and_without_its_joiner(tmp_path, name, on_roster):
    people = (Person("ali", on_roster, "\u0631\u0636\u0627\u06cc\u06cc"),)
    folder = f"{name} {people[0].last_name}_21_assignsubmission_file"
    source = zipped(tmp_path / "c.zip", {f"{folder}/1_padding.ipynb": ANSWERED})
    done = collected(source, tmp_path / "course", people=people)
    assert done.students == {"ali"}


@pytest.mark.parametrize(
    "folder", ["Ada Okafor", "Okafor, Ada", "Ada_Okafor", "Lab 1/Ada Okafor", "all.zip/Ada Okafor"]
)
def test_a_folder_may_have_the_students_name(tmp_path, folder):
    inner, _, outer = folder.rpartition(".zip/")
    data, name = ANSWERED, f"{folder}/1_padding.ipynb"
    if inner:
        data = zipped(tmp_path / "i.zip", {f"{outer}/1_padding.ipynb": ANSWERED}).read_bytes()
        name = f"{inner}.zip"
    done = collected(zipped(tmp_path / "c.zip", {name: data}), tmp_path / "course")
    assert submitted_files(tmp_path / "course") == {ADA: ANSWERED}
    assert done.all_well


def test_a_folder_with_another_students_name_hands_nothing_in_for_her(tmp_path):
    files = {"ben/Ada Okafor/1_padding.ipynb": ANSWERED}
    assert collected(zipped(tmp_path / "c.zip", files), tmp_path / "course").students == {"ben"}


@pytest.mark.parametrize(
    "name",
    [
        "Ada Okafor - 1_padding.ipynb",
        "Ada Okafor/1_padding.ipynb",
        "okaforada_99_1_1_padding.ipynb",
    ],
)
def test_two_students_with_one_name_are_both_named(tmp_path, name):
    source = zipped(tmp_path / "c.zip", {name: ANSWERED})
    (problem,) = collected(source, tmp_path / "course", people=TWINS).problems
    assert problem.reason == "it could be the work of a1 and a2"


@pytest.mark.parametrize("mark", ["\u200f", "\u202b", "\u2067", "\u200b"])
def test_marks_of_the_writing_direction_do_not_hide_a_student(tmp_path, mark):
    name = f"{mark}דנה כהן{mark}_21_assignsubmission_file/1_padding.ipynb"
    source = zipped(tmp_path / "c.zip", {name: ANSWERED})
    assert collected(source, tmp_path / "course", people=HEBREW).students == {"dana"}


def test_two_entries_of_one_name_are_both_kept_and_a_person_chooses(tmp_path):
    second = notebook_file("1_padding", "sizes = [2]")
    path = tmp_path / "c.zip"
    with warnings.catch_warnings(action="ignore"), zipfile.ZipFile(path, "w") as archive:
        for data in (ANSWERED, second, BLANK):
            archive.writestr(f"{CANVAS}1_padding.ipynb", data)
    done = collected(path, tmp_path / "course")
    assert [p.kind for p in done.problems] == ["conflict"]
    kept = (tmp_path / "course" / "collected" / "padding" / "ada" / "1_padding").glob("*.ipynb")
    assert {p.read_bytes() for p in kept} == {ANSWERED, second, BLANK}


def test_paths_out_of_the_zip_are_refused(tmp_path):
    files = {
        "/ada/1_padding.ipynb": ANSWERED,
        "C:/ada/1_padding.ipynb": ANSWERED,
        "../ada/1_padding.ipynb": ANSWERED,
    }
    done = collected(zipped(tmp_path / "c.zip", files), tmp_path / "course")
    assert [p.kind for p in done.problems] == ["refused"] * 3
    assert not done.students
