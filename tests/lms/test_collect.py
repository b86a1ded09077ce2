"""A download in, notebooks in `submitted/` out: matched to the roster and never guessed."""

from __future__ import annotations

import os
import re
import stat
import struct
import zipfile
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from autograder.gradebook.people import Person
from autograder.lms.collect import Collected, Lookup, collect
from autograder.lms.downloads import DownloadedFile, DownloadError, opened
from autograder.lms.file_names import claim_of, notebook_named
from autograder.lms.hand_in import Shelf, Timing, worksheet_times
from autograder.lms.tables import TableError

NOTEBOOKS = frozenset({"1_padding", "2_stride"})
PEOPLE = (
    Person("ada", "Ada", "Okafor", lms_user_id="17"),
    Person("ben", "Ben", "O'Neil", lms_user_id="18"),
    Person("cai", "Cai", "Žižek", lms_user_id="19"),
)
LOOKUP = Lookup(PEOPLE, NOTEBOOKS, "padding")


def shelf(root: Path, **options) -> Shelf:
    return Shelf(root, lambda student: root / "submitted" / student / "padding", **options)


def zipped(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def collected(source: Path, root: Path, **options) -> Collected:
    root.mkdir(exist_ok=True)
    with opened(source) as items:
        return collect(items, LOOKUP, shelf(root, **options))


def everything_under(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


CANVAS = {
    "okaforada_17_905_1_padding.ipynb": b"ada 1",
    "okaforada_17_906_2_stride-3.ipynb": b"ada 2",
    "oneilben_LATE_18_907_1_padding.ipynb": b"ben 1",
    "zizekcai_19_908_1_padding (1).ipynb": b"cai 1",
}
MOODLE = {
    "Ada Okafor_17_assignsubmission_file_/1_padding.ipynb": b"ada 1",
    "Ben O'Neil_18_assignsubmission_file_1_padding.ipynb": b"ben 1",
    "Cai Žižek_19_assignsubmission_file_/2_stride.ipynb": b"cai 2",
}


def test_canvas_names_lead_to_the_roster(tmp_path):
    done = collected(zipped(tmp_path / "submissions.zip", CANVAS), tmp_path / "course")
    files = everything_under(tmp_path / "course" / "submitted")
    assert files["ada/padding/2_stride.ipynb"] == b"ada 2"
    assert files["cai/padding/1_padding.ipynb"] == b"cai 1"
    assert len(files) == len(done.written) == 4


def test_moodle_names_with_and_without_folders_lead_to_the_roster(tmp_path):
    collected(zipped(tmp_path / "moodle.zip", MOODLE), tmp_path / "course")
    assert everything_under(tmp_path / "course" / "submitted") == {
        "ada/padding/1_padding.ipynb": b"ada 1",
        "ben/padding/1_padding.ipynb": b"ben 1",
        "cai/padding/2_stride.ipynb": b"cai 2",
    }


def test_a_folder_may_hold_the_zips_and_plain_folders_by_id(tmp_path):
    folder = tmp_path / "downloads"
    folder.mkdir()
    zipped(folder / "week1.zip", {"okaforada_17_905_1_padding.ipynb": b"ada 1"})
    (folder / "ben").mkdir()
    (folder / "ben" / "2_stride.ipynb").write_bytes(b"ben 2")
    (folder / ".DS_Store").write_bytes(b"")
    done = collected(folder, tmp_path / "course")
    assert done.written == [("ada", "1_padding"), ("ben", "2_stride")]
    assert done.problems == []


def test_collecting_again_changes_nothing(tmp_path):
    source = zipped(tmp_path / "c.zip", CANVAS)
    collected(source, tmp_path / "course")
    target = tmp_path / "course/submitted/ada/padding/1_padding.ipynb"
    before = target.stat().st_mtime_ns
    again = collected(source, tmp_path / "course")
    assert again.written == []
    assert len(again.unchanged) == 4
    assert target.stat().st_mtime_ns == before


def test_a_dry_run_writes_nothing(tmp_path):
    done = collected(zipped(tmp_path / "c.zip", CANVAS), tmp_path / "course", dry_run=True)
    assert len(done.written) == 4
    assert everything_under(tmp_path / "course") == {}


def test_strangers_are_reported_and_not_guessed(tmp_path):
    files = {"okaforada_99_905_1_padding.ipynb": b"?", "Ada's homework.ipynb": b"?"}
    done = collected(zipped(tmp_path / "c.zip", files), tmp_path / "course")
    assert [p.kind for p in done.problems] == ["stranger", "stranger"]
    assert "number 99" in done.problems[0].reason
    assert not done.all_well
    assert everything_under(tmp_path / "course") == {}


def test_two_different_files_for_one_place_are_a_conflict(tmp_path):
    files = {"o_17_905_1_padding.ipynb": b"one", "o_17_906_1_padding-1.ipynb": b"another"}
    done = collected(zipped(tmp_path / "c.zip", files), tmp_path / "course")
    assert [p.kind for p in done.problems] == ["conflict"]
    assert everything_under(tmp_path / "course") == {}


def test_the_same_file_twice_is_no_conflict(tmp_path):
    files = {"o_17_905_1_padding.ipynb": b"one", "o_17_906_1_padding-1.ipynb": b"one"}
    assert collected(zipped(tmp_path / "c.zip", files), tmp_path / "course").all_well


@pytest.mark.filterwarnings("ignore:Duplicate name:UserWarning")
def test_one_name_twice_in_a_zip_is_a_conflict(tmp_path):
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as archive:
        archive.writestr("o_17_905_1_padding.ipynb", b"one")
        archive.writestr("o_17_905_1_padding.ipynb", b"another")
    done = collected(tmp_path / "c.zip", tmp_path / "course")
    assert [p.kind for p in done.problems] == ["conflict"]


def test_other_files_are_named_and_do_no_harm(tmp_path):
    files = {**CANVAS, "okaforada_17_909_notes.pdf": b"%PDF", "okaforada_17_910_all.zip": b"PK"}
    done = collected(zipped(tmp_path / "c.zip", files), tmp_path / "course")
    assert [p.what for p in done.problems if p.kind == "other file"] == [
        "okaforada_17_909_notes.pdf",
        "okaforada_17_910_all.zip",
    ]


@pytest.mark.parametrize(
    "name",
    [
        "../okaforada_17_905_1_padding.ipynb",
        "/okaforada_17_905_1_padding.ipynb",
        "..\\okaforada_17_905_1_padding.ipynb",
        "C:/okaforada_17_905_1_padding.ipynb",
        "okaforada_17_905_\x1b[31m1_padding.ipynb",
        "ada/../../../padding/1_padding.ipynb",
    ],
)
def test_names_that_lead_out_of_a_zip_are_refused(tmp_path, name):
    done = collected(zipped(tmp_path / "c.zip", {name: b"x"}), tmp_path / "course")
    assert [p.kind for p in done.problems] == ["refused"]
    assert done.problems[0].what.isprintable()
    assert set(everything_under(tmp_path)) == {"c.zip"}


def test_a_notebook_under_another_name_is_reported(tmp_path):
    files = {"okaforada_17_905_my_answers.ipynb": b"x"}
    done = collected(zipped(tmp_path / "c.zip", files), tmp_path / "course")
    assert [p.kind for p in done.problems] == ["unknown"]
    assert "1_padding, 2_stride" in done.problems[0].reason


def test_a_zip_bomb_is_stopped_by_what_comes_out(tmp_path):
    source = zipped(tmp_path / "c.zip", {"o_17_905_1_padding.ipynb": b"\0" * 17_000_000})
    assert source.stat().st_size < 20_000
    done = collected(source, tmp_path / "course")
    assert "larger than" in done.problems[0].reason


def test_a_zip_bomb_that_lies_about_its_size_is_stopped_too(tmp_path):
    source = zipped(tmp_path / "c.zip", {"o_17_905_1_padding.ipynb": b"\0" * 17_000_000})
    data = source.read_bytes()
    source.write_bytes(data.replace(struct.pack("<I", 17_000_000), struct.pack("<I", 100)))
    done = collected(source, tmp_path / "course")
    assert [p.kind for p in done.problems] == ["refused"]
    assert everything_under(tmp_path / "course") == {}


def test_a_huge_file_in_a_folder_is_refused(tmp_path):
    folder = tmp_path / "downloads"
    folder.mkdir()
    with (folder / "o_17_905_1_padding.ipynb").open("wb") as file:
        file.truncate(17_000_000)
    done = collected(folder, tmp_path / "course")
    assert "larger than" in done.problems[0].reason
    assert everything_under(tmp_path / "course") == {}


def test_links_and_devices_in_a_zip_are_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as archive:
        link = zipfile.ZipInfo("o_17_905_1_padding.ipynb")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    done = collected(tmp_path / "c.zip", tmp_path / "course")
    assert done.problems[0].reason == "a link or a device, not a file"


def test_links_and_pipes_in_a_folder_are_refused(tmp_path):
    folder = tmp_path / "downloads"
    folder.mkdir()
    (folder / "o_17_905_1_padding.ipynb").symlink_to("/etc/hostname")
    os.mkfifo(folder / "o_18_906_1_padding.ipynb")
    (folder / "deep").symlink_to(tmp_path)
    done = collected(folder, tmp_path / "course")
    assert [p.kind for p in done.problems] == ["refused"] * 3


def test_a_link_in_the_course_is_not_written_through(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "course" / "submitted").mkdir(parents=True)
    (tmp_path / "course" / "submitted" / "ada").symlink_to(tmp_path / "elsewhere")
    done = collected(zipped(tmp_path / "c.zip", CANVAS), tmp_path / "course")
    assert {p.what for p in done.problems if p.kind == "refused"} == {
        "okaforada_17_905_1_padding.ipynb",
        "okaforada_17_906_2_stride-3.ipynb",
    }
    assert everything_under(tmp_path / "elsewhere") == {}


def test_an_encrypted_entry_is_refused(tmp_path):
    source = zipped(tmp_path / "c.zip", {"o_17_905_1_padding.ipynb": b"x"})
    data = bytearray(source.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1
    source.write_bytes(data)
    assert collected(source, tmp_path / "course").problems[0].reason == "it is encrypted"


def test_a_damaged_zip_is_an_error_with_its_name(tmp_path):
    (tmp_path / "c.zip").write_bytes(b"PK\x03\x04 and no more")
    with pytest.raises(DownloadError, match=r"c\.zip is not a zip that can be read"):
        collected(tmp_path / "c.zip", tmp_path / "course")


def test_a_damaged_entry_harms_no_other(tmp_path):
    source = zipped(tmp_path / "c.zip", {"o_17_9_1_padding.ipynb": os.urandom(999), **MOODLE})
    data = bytearray(source.read_bytes())
    data[200] ^= 0xFF
    source.write_bytes(data)
    done = collected(source, tmp_path / "course")
    assert ("ben", "1_padding") in done.written


def test_moodles_worksheet_gives_the_time_in_utc(tmp_path):
    sheet = tmp_path / "Grades.csv"
    sheet.write_text(
        "\ufeffIdentifier,Full name,Last modified (submission),Grade\n"
        'Participant 17,Ada Okafor,"Tuesday, 24 November 2026, 3:04\u202fPM",\n'
        'Participant 18,Ben,"24 November 2026, 09:00",\nParticipant 19,Cai,-,\n',
        encoding="utf-8",
    )
    times = worksheet_times(sheet, PEOPLE, timezone(timedelta(hours=1)))
    assert times == {
        "ada": datetime(2026, 11, 24, 14, 4, tzinfo=UTC),
        "ben": datetime(2026, 11, 24, 8, 0, tzinfo=UTC),
    }


def test_a_time_that_cannot_be_read_is_an_error(tmp_path):
    sheet = tmp_path / "Grades.csv"
    sheet.write_text("Identifier,Last modified (submission)\nParticipant 17,mardi 24 novembre\n")
    with pytest.raises(TableError, match="mardi"):
        worksheet_times(sheet, PEOPLE)


def test_the_platforms_time_is_what_nbgrader_reads(tmp_path):
    from nbgrader.utils import parse_utc

    time = datetime(2026, 11, 24, 14, 4, tzinfo=UTC)
    timing = Timing({"ada": time})
    collected(zipped(tmp_path / "c.zip", CANVAS), tmp_path / "course", timing=timing)
    text = (tmp_path / "course/submitted/ada/padding/timestamp.txt").read_text()
    assert parse_utc(text) == time.replace(tzinfo=None)


def test_an_older_download_does_not_undo_a_newer_one(tmp_path):
    new, old = (datetime(2026, 11, day, tzinfo=UTC) for day in (20, 10))
    name = "okaforada_17_905_1_padding.ipynb"
    first, second = (zipped(tmp_path / f"{d}.zip", {name: d}) for d in (b"new", b"old"))
    collected(first, tmp_path / "course", timing=Timing({"ada": new}))
    done = collected(second, tmp_path / "course", timing=Timing({"ada": old}))
    assert [p.kind for p in done.problems] == ["older"]
    assert (tmp_path / "course/submitted/ada/padding/1_padding.ipynb").read_bytes() == b"new"


def test_late_by_an_unknown_time_counts_as_one_second_and_is_said(tmp_path):
    due = datetime(2026, 11, 20, tzinfo=UTC)
    source = zipped(tmp_path / "c.zip", {**CANVAS, "o_LATE_18_909_2_stride.ipynb": b"ben 2"})
    done = collected(source, tmp_path / "course", timing=Timing(due=due))
    assert [(p.kind, p.what) for p in done.problems] == [("late", "ben")]
    stamp = (tmp_path / "course/submitted/ben/padding/timestamp.txt").read_text()
    assert stamp == "2026-11-20 00:00:01 UTC"


def test_a_students_own_timestamp_is_not_read(tmp_path):
    files = {"ada/1_padding.ipynb": b"x", "ada/timestamp.txt": b"2020-01-01 00:00:00 UTC"}
    done = collected(zipped(tmp_path / "c.zip", files), tmp_path / "course")
    assert [p.kind for p in done.problems] == ["other file"]
    assert set(everything_under(tmp_path / "course")) == {"submitted/ada/padding/1_padding.ipynb"}


@pytest.mark.parametrize(
    "name",
    [
        "oneilben_18_907_5_9_1_padding.ipynb",  # ben calls his file 5_9_1_padding.ipynb
        "x_1__18_907_17_9_1_padding.ipynb",
        "Ben_18_assignsubmission_file_x_17_assignsubmission_file_1_padding.ipynb",
        "Ben_17_assignsubmission_file_1_padding.ipynb_18_assignsubmission_file_1_padding.ipynb",
    ],
)
def test_no_chosen_name_hands_in_for_another(tmp_path, name):
    done = collected(zipped(tmp_path / "c.zip", {name: b"x"}), tmp_path / "course")
    assert "ada" not in done.students


@given(
    st.text(alphabet="_0179aLATE-. ()", max_size=30), st.text(alphabet="_0179a-. ()", max_size=20)
)
@example("", "0_")  # a name of which nothing is shown
def test_only_the_platforms_own_number_counts(name, file):
    """Whatever a student calls herself or her file, the work is hers or nobody's."""
    shown = re.sub(r"_(\d+)_", r"\1", name)  # Canvas removes numbers between underscores
    path = PurePosixPath(f"{shown}_18_907_{file}1_padding.ipynb".replace("/", ""))
    claim = claim_of(path, {"ada"}, "padding")
    if claim and notebook_named(claim.file, NOTEBOOKS):
        assert claim.number == "18"


def test_an_item_of_a_folder_is_read_as_it_is(tmp_path):
    (tmp_path / "x.ipynb").write_bytes(b"text")
    with opened(tmp_path) as items:
        (item,) = items
    assert isinstance(item, DownloadedFile)
    assert item.read() == b"text"
