"""The names that platforms, browsers and people give to files, each leading to one student.

Sources: Canvas's `lib/content_zipper.rb`; Moodle's `mod/assign/locallib.php` (folders end in
`_assignsubmission_file_` until 4.0, without the last `_` since 4.1); Blackboard Learn's Assignment
File Download (`<assignment>_<user>_attempt_<time>_<file>`); folders of Brightspace's "Download all"
(`27236-46025 - 23304308 Angood - 05 March 2026 612 PM` and `100001-2000001 - astudent Avery
Student - Jul 30, 2026 1053 PM`, as public scripts that read them give them). Google Classroom: a
browser extension that reads the titles of its copies says that it "titles its copies Student Name -
Assignment title"; Drive's zips are `<folder>-20260904T145408Z-001.zip` and `...Z-3-001.zip`, of
several parts where they are large, as file names in public repositories have them.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime
from pathlib import PurePosixPath
from zoneinfo import ZoneInfo

import pytest
from collect_builder import (
    ANSWERED,
    BLANK,
    PEOPLE,
    collected,
    notebook_file,
    submitted_files,
    submitted_to,
    zipped,
)
from hypothesis import example, given
from hypothesis import strategies as st

from autograder.gradebook.people import Person
from autograder.lms.identify import Directory
from autograder.lms.notebook_names import notebook_named
from autograder.lms.platforms import claims_of

ADA = "ada/padding/1_padding.ipynb"
DIRECTORY = Directory(PEOPLE)


def owner_of(path: str, directory: Directory = DIRECTORY) -> str:
    """The one student that the outermost part of a path leads to."""
    for claims in claims_of(PurePosixPath(path), directory.by_account.keys()):
        students = frozenset().union(*(directory.students(claim) for claim in claims))
        if not students and all(claim.may_be_chance for claim in claims):
            continue
        return "".join(students) if len(students) == 1 else "?"
    return ""


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("okaforada_17_905_1_padding.ipynb", id="canvas"),
        pytest.param("okaforada_LATE_17_905_1_padding-1.ipynb", id="canvas-late-again"),
        pytest.param("group 3_17_905_1_padding.ipynb", id="canvas-group"),
        pytest.param("Ada Okafor_17_assignsubmission_file_/1_padding.ipynb", id="moodle-4.0"),
        pytest.param("Ada Okafor_17_assignsubmission_file/1_padding.ipynb", id="moodle-4.1"),
        pytest.param("Ada Okafor_17_assignsubmission_file_1_padding.ipynb", id="moodle-flat"),
        pytest.param("Gruppe 2-Ada Okafor_17_assignsubmission_file/1.ipynb", id="moodle-group"),
        pytest.param("Teilnehmer_in_17_assignsubmission_file/1.ipynb", id="moodle-blind-german"),
        pytest.param("Ada Okafor_17_assignsubmission_file/my/own/1.ipynb", id="moodle-subfolder"),
        pytest.param("Ada Okafor_4242_assignsubmission_file/1.ipynb", id="moodle-new-number"),
        pytest.param("Lab 1_ada_attempt_2026-11-20-23-10-05_1.ipynb", id="blackboard"),
        pytest.param("Lab_3_2026_ada_attempt_2026-11-20-23-10-05_1.ipynb", id="blackboard-digits"),
        pytest.param("27236-46025 - Ada Okafor - Nov 20, 2026 1110 PM/1.ipynb", id="brightspace"),
        pytest.param("27236-46025 - ada Okafor - 20 November 2026 612 PM/1.ipynb", id="d2l-login"),
        pytest.param("27236-46025 - Okafor, Ada - Nov 20, 2026 1110 PM - 1.ipynb", id="d2l-flat"),
        pytest.param("okaforada_17_905_1_padding - Ben O'Neil.ipynb", id="canvas-with-a-friend"),
        pytest.param("Ada Okafor - 1_padding.ipynb", id="classroom"),
        pytest.param("Lab 1/Ada Okafor - 1_padding(1).ipynb", id="classroom-folder"),
        pytest.param("Lab 1/Copy of Ada Okafor - 1_padding.ipynb", id="classroom-copied"),
        pytest.param("1_padding - Ada Okafor.ipynb", id="name-after-the-file"),
        pytest.param("1_padding - Ada Okafor (1).ipynb", id="name-after-the-file-again"),
        pytest.param("ada/1_padding.ipynb", id="folder"),
        pytest.param("ADA/padding/1_padding.ipynb", id="folder-other-case"),
        pytest.param("ada@example.org/deep/er/1_padding.ipynb", id="folder-email"),
        pytest.param("okaforada_17_905_all my work.zip/work/1_padding.ipynb", id="zip-in-canvas"),
    ],
)
def test_a_platforms_name_leads_to_its_student(path):
    assert owner_of(path) == "ada"


@pytest.mark.parametrize(
    "name",
    [
        "oneilben_18_907_5_9_1_padding.ipynb",  # ben calls his file 5_9_1_padding.ipynb
        "x_1__18_907_17_9_1_padding.ipynb",
        "oneilben_18_907_P_ada_attempt_2026-11-20-23-10-05_1_padding.ipynb",
        "Ben_18_assignsubmission_file_x_17_assignsubmission_file_1_padding.ipynb",
        "Ben_17_assignsubmission_file_1_padding.ipynb_18_assignsubmission_file_1_padding.ipynb",
        "oneilben_18_907_w.zip/ada/1_padding.ipynb",
        "oneilben_18_907_1_padding - Ada Okafor.ipynb",
        "oneilben_18_907_w.zip/okaforada_17_905_1_padding.ipynb",
        "ben/ada/1_padding.ipynb",
        "Ben O'Neil_17_assignsubmission_file/1_padding.ipynb",  # the number and the name disagree
    ],
)
def test_no_chosen_name_hands_in_for_another(tmp_path, name):
    source = zipped(tmp_path / "c.zip", {name: ANSWERED})
    nested = name.partition("/") if ".zip/" in name else None
    if nested:
        inner = zipped(tmp_path / "i.zip", {nested[2]: ANSWERED}).read_bytes()
        source = zipped(tmp_path / "c.zip", {nested[0]: inner})
    assert "ada" not in collected(source, tmp_path / "course").students


@given(
    st.text(alphabet="_0179aLATE-. ()", max_size=30), st.text(alphabet="_0179a-. ()", max_size=20)
)
@example("", "0_")  # a name of which nothing is shown
@example("_17", "")  # a name that ends like another student's number
def test_only_the_platforms_own_number_counts(name, file):
    """Whatever a student calls herself or her file, the work is hers or nobody's."""
    shown = re.sub(r"_(\d+)_", r"\1", name)  # Canvas removes numbers between underscores
    path = f"{shown}_18_907_{file}1_padding.ipynb".replace("/", "")
    assert owner_of(path) in {"ben", "?"}


@pytest.mark.parametrize(
    "file",
    [
        "1_padding.ipynb",
        "1_padding.IPYNB",
        "1_padding.ipynb.json",
        "1_padding.ipynb.txt",
        "1_padding.json",
        "1_padding.ipynb-1.json",
        "1_padding.ipynb.zip",
        "1_padding.ipynb (1).txt",
        "1_padding (2).ipynb",
        "1_padding-3.ipynb",
        "1_padding-Copy1.ipynb",
        "1_padding copy.ipynb",
        "1_padding copy 2.ipynb",
        "1_padding - Copy.ipynb",
        "1_padding - Kopie (2).ipynb",
        "Copy of 1_padding.ipynb",
        "Kopie von 1_padding.ipynb",
        "Copie de 1_padding.ipynb",
        "1 padding.ipynb",
        "1+padding.ipynb",
        "1_Padding.ipynb",
    ],
)
def test_what_a_browser_or_a_person_made_of_a_name_is_taken(tmp_path, file):
    done = collected(zipped(tmp_path / "c.zip", {f"ada/{file}": ANSWERED}), tmp_path / "course")
    assert submitted_files(tmp_path / "course") == {ADA: ANSWERED}
    assert done.all_well


def test_a_name_of_macos_is_composed_before_it_is_compared():
    macos = unicodedata.normalize("NFD", "1 Größe.ipynb")
    assert notebook_named(macos, {"1 Größe"}) == "1 Größe"


def test_two_notebooks_that_differ_in_their_gaps_are_not_mixed_up():
    assert notebook_named("1-a.ipynb", {"1_a", "1 a"}) == ""


def test_a_name_that_says_nothing_is_known_by_its_cells(tmp_path):
    source = zipped(tmp_path / "c.zip", {"ada/Untitled.ipynb": ANSWERED})
    collected(source, tmp_path / "course")
    assert submitted_files(tmp_path / "course") == {ADA: ANSWERED}


def test_a_notebook_saved_under_the_others_name_is_known_by_its_cells(tmp_path):
    second = notebook_file("2_stride", "steps = 2")
    files = {"ada/1_padding.ipynb": second, "ada/2_stride.ipynb": ANSWERED}
    collected(zipped(tmp_path / "c.zip", files), tmp_path / "course")
    assert submitted_files(tmp_path / "course") == {
        ADA: ANSWERED,
        "ada/padding/2_stride.ipynb": second,
    }


def test_a_notebook_of_another_assignment_is_named_with_the_status_1(tmp_path):
    files = {"okaforada_17_905_my_answers.ipynb": notebook_file("other", "x")}
    done = collected(zipped(tmp_path / "c.zip", files), tmp_path / "course")
    assert [p.kind for p in done.problems] == ["unknown"]
    assert "1_padding, 2_stride" in done.problems[0].reason


def test_a_zip_inside_a_zip_is_opened(tmp_path):
    inner = zipped(tmp_path / "w.zip", {"my work/1_padding.ipynb": ANSWERED}).read_bytes()
    middle = zipped(tmp_path / "m.zip", {"again.zip": inner}).read_bytes()
    done = collected(zipped(tmp_path / "c.zip", {"x_17_9_w.zip": middle}), tmp_path / "course")
    assert submitted_files(tmp_path / "course") == {ADA: ANSWERED}
    assert done.all_well


def test_zips_in_each_other_without_end_are_refused(tmp_path):
    data = ANSWERED
    for depth in range(6):
        data = zipped(tmp_path / f"{depth}.zip", {"ada.zip": data}).read_bytes()
    done = collected(zipped(tmp_path / "c.zip", {"ada.zip": data}), tmp_path / "course")
    assert "zips inside each other" in done.problems[0].reason


def test_a_zip_of_windows_with_backslashes_is_opened(tmp_path):
    """Windows PowerShell's Compress-Archive before .NET 4.6.1 wrote them so."""
    source = zipped(tmp_path / "c.zip", {"ada\\work\\1_padding.ipynb": ANSWERED})
    assert collected(source, tmp_path / "course").all_well
    assert submitted_files(tmp_path / "course") == {ADA: ANSWERED}


def test_an_archive_that_is_not_opened_is_named_with_what_to_do(tmp_path):
    source = zipped(tmp_path / "c.zip", {"okaforada_17_905_work.rar": b"Rar!"})
    (problem,) = collected(source, tmp_path / "course").problems
    assert problem.kind == "unknown"
    assert problem.do.startswith("unpack it here, or ask the student for a .zip")


def test_blackboards_attempts_are_versions_with_times(tmp_path):
    first, last = notebook_file("1_padding", "sizes = 1"), notebook_file("1_padding", "sizes = 2")
    files = {
        "Lab 1_ada_attempt_2026-11-20-10-00-00_1_padding.ipynb": last,
        "Lab 1_ada_attempt_2026-11-20-09-00-00_1_padding.ipynb": first,
        "Lab 1_ada_attempt_2026-11-20-10-00-00.txt": b"Name: Ada Okafor (ada)",
    }
    source = zipped(tmp_path / "c.zip", files)
    done = collected(source, tmp_path / "course", zone=ZoneInfo("Europe/Oslo"))
    assert done.all_well
    files = submitted_files(tmp_path / "course")
    assert files[ADA] == last
    assert files["ada/padding/timestamp.txt"] == b"2026-11-20 09:00:00 UTC"


def test_a_brightspace_folder_gives_the_time(tmp_path):
    name = "27236-46025 - ada Okafor - Nov 20, 2026 1110 PM/1_padding.ipynb"
    source = zipped(tmp_path / "c.zip", {name: ANSWERED, "index.html": b"<html>"})
    assert collected(source, tmp_path / "course").all_well
    stamp = submitted_files(tmp_path / "course")["ada/padding/timestamp.txt"]
    assert stamp == b"2026-11-20 23:10:00 UTC"


def test_a_group_hands_in_for_each_of_its_members(tmp_path):
    source = zipped(tmp_path / "c.zip", {"group 3_17_905_1_padding.ipynb": ANSWERED})
    members = {"ada": ("ada", "cai"), "cai": ("ada", "cai")}
    done = collected(source, tmp_path / "course", groups=members)
    assert done.students == {"ada", "cai"}
    store = submitted_to(tmp_path / "course").store
    assert [store.history(id_).versions[0].owner for id_ in ("ada", "cai")] == ["", "ada"]


def test_an_anonymous_name_leads_to_who_has_it_on_the_roster(tmp_path):
    people = (Person("ada", "Ada", "Okafor", lms_user_id="17;anon_x7Yk2"), *PEOPLE[1:])
    files = {
        "LATE_anon_x7Yk2_905_1_padding.ipynb": ANSWERED,
        "anon_zzzzz_9_2_stride.ipynb": ANSWERED,
    }
    done = collected(zipped(tmp_path / "c.zip", files), tmp_path / "course", people=people)
    assert done.students == {"ada"}
    (stranger,) = [p for p in done.problems if p.kind == "stranger"]
    assert stranger.do.startswith("show the students' names in Canvas and download again")


def test_moodles_new_numbers_lead_by_the_worksheet_of_the_same_assignment(tmp_path):
    """Participants' numbers are one assignment's own (`assign_user_mapping`)."""
    files = {"Participant_5005_assignsubmission_file/1_padding.ipynb": ANSWERED}
    source = zipped(tmp_path / "c.zip", files)
    (problem,) = collected(source, tmp_path / "one").problems
    assert problem.do.startswith("give the assignment's grading worksheet: --worksheet FILE")
    assert collected(source, tmp_path / "two", numbers={"5005": "ada"}).students == {"ada"}


def test_of_two_students_with_one_name_neither_is_guessed():
    twins = Directory((Person("a1", "Ada", "Okafor"), Person("a2", "Ada", "Okafor")))
    assert owner_of("Ada Okafor_4242_assignsubmission_file/1.ipynb", twins) == "?"


def test_a_folder_of_google_classroom_comes_in_several_zips(tmp_path):
    """A copy has its student's name; a file that a student uploaded has none, and is listed."""
    folder = tmp_path / "parts"
    folder.mkdir()
    name = "Lab 1-20261120T145408Z-3-00{}.zip"
    zipped(folder / name.format(1), {"Lab 1/Ada Okafor - 1_padding.ipynb": ANSWERED})
    second = {"Lab 1/Ben O'Neil - 1_padding.ipynb": ANSWERED, "Lab 1/1_padding.ipynb": BLANK}
    zipped(folder / name.format(2), second)
    done = collected(folder, tmp_path / "course")
    assert done.students == {"ada", "ben"}
    assert [(p.kind, p.what.rpartition("/")[2]) for p in done.problems] == [
        ("stranger", "1_padding.ipynb")
    ]


def test_a_name_before_and_another_after_the_file_is_for_a_person(tmp_path):
    files = {"Ada Okafor - 1_padding - Ben O'Neil.ipynb": ANSWERED}
    (problem,) = collected(zipped(tmp_path / "c.zip", files), tmp_path / "course").problems
    assert problem.reason == "it could be the work of ada and ben"


def test_an_instructors_zip_may_look_like_a_platforms(tmp_path):
    folder = tmp_path / "downloads"
    folder.mkdir()
    zipped(folder / "cs_101_2026_submissions.zip", {"okaforada_17_905_1_padding.ipynb": ANSWERED})
    assert collected(folder, tmp_path / "course").students == {"ada"}


def test_a_blank_copy_does_not_compete_with_the_answered_one(tmp_path):
    files = {"x_17_905_1_padding.ipynb": ANSWERED, "x_17_906_1_padding-1.ipynb": BLANK}
    done = collected(zipped(tmp_path / "c.zip", files), tmp_path / "course")
    assert done.all_well
    assert submitted_files(tmp_path / "course") == {ADA: ANSWERED}


def test_the_time_that_a_platform_gives_is_in_its_own_zone():
    path = PurePosixPath("Lab_ada_attempt_2026-11-20-23-10-05_1.ipynb")
    ((claim, *_),) = claims_of(path, {"ada"}, ZoneInfo("America/New_York"))
    assert claim.time == datetime(2026, 11, 21, 4, 10, 5, tzinfo=UTC)
