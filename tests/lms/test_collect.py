"""A download in, notebooks in `submitted/` out: matched to the roster and never guessed."""

from __future__ import annotations

import os
import stat
import struct
import zipfile
from pathlib import Path

import pytest
from collect_builder import (
    ANSWERED,
    collected,
    everything_under,
    notebook_file,
    submitted_files,
    zipped,
)

from autograder.lms.downloads import LARGEST, DownloadedFile, opened

CANVAS = {
    "okaforada_17_905_1_padding.ipynb": notebook_file("1_padding", "ada 1"),
    "okaforada_17_906_2_stride-3.ipynb": notebook_file("2_stride", "ada 2"),
    "oneilben_LATE_18_907_1_padding.ipynb": notebook_file("1_padding", "ben 1"),
    "zizekcai_19_908_1_padding (1).ipynb": notebook_file("1_padding", "cai 1"),
}


def test_a_folder_may_hold_the_zips_and_plain_folders_by_id(tmp_path):
    folder = tmp_path / "downloads"
    folder.mkdir()
    zipped(folder / "week1.zip", {"okaforada_17_905_1_padding.ipynb": ANSWERED})
    (folder / "ben").mkdir()
    (folder / "ben" / "2_stride.ipynb").write_bytes(notebook_file("2_stride", "ben 2"))
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
    files = {"okaforada_99_905_1_padding.ipynb": ANSWERED, "homework.ipynb": ANSWERED}
    done = collected(zipped(tmp_path / "c.zip", files), tmp_path / "course")
    assert [p.kind for p in done.problems] == ["stranger", "stranger"]
    assert "number 99" in done.problems[0].reason
    assert not done.all_well
    assert submitted_files(tmp_path / "course") == {}


def test_two_different_files_for_one_place_are_a_conflict(tmp_path):
    files = {
        "o_17_905_1_padding.ipynb": notebook_file("1_padding", "one"),
        "o_17_906_1_padding-1.ipynb": notebook_file("1_padding", "another"),
    }
    done = collected(zipped(tmp_path / "c.zip", files), tmp_path / "course")
    assert [p.kind for p in done.problems] == ["conflict"]
    assert submitted_files(tmp_path / "course") == {}


def test_the_same_file_twice_is_no_conflict(tmp_path):
    files = {
        "o_17_905_1_padding.ipynb": notebook_file("1_padding", "one"),
        "o_17_906_1_padding-1.ipynb": notebook_file("1_padding", "one"),
    }
    assert collected(zipped(tmp_path / "c.zip", files), tmp_path / "course").all_well


@pytest.mark.filterwarnings("ignore:Duplicate name:UserWarning")
def test_one_name_twice_in_a_zip_is_a_conflict(tmp_path):
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as archive:
        archive.writestr("o_17_905_1_padding.ipynb", notebook_file("1_padding", "one"))
        archive.writestr("o_17_905_1_padding.ipynb", notebook_file("1_padding", "another"))
    done = collected(tmp_path / "c.zip", tmp_path / "course")
    assert [p.kind for p in done.problems] == ["conflict"]


def test_other_files_are_named_and_do_no_harm(tmp_path):
    files = {**CANVAS, "okaforada_17_909_notes.pdf": b"%PDF", "okaforada_17_910_data.txt": b"1, 2"}
    done = collected(zipped(tmp_path / "c.zip", files), tmp_path / "course")
    assert [p.what for p in done.problems if p.kind == "other file"] == [
        "okaforada_17_909_notes.pdf",
        "okaforada_17_910_data.txt",
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
    done = collected(zipped(tmp_path / "c.zip", {name: ANSWERED}), tmp_path / "course")
    assert [p.kind for p in done.problems] == ["refused"]
    assert done.problems[0].what.isprintable()
    assert set(everything_under(tmp_path)) == {"c.zip"}


def test_a_zip_bomb_is_stopped_by_what_comes_out(tmp_path):
    source = zipped(tmp_path / "c.zip", {"o_17_905_1_padding.ipynb": b"\0" * (LARGEST + 1)})
    assert source.stat().st_size < 200_000
    done = collected(source, tmp_path / "course")
    assert "larger than" in done.problems[0].reason


def test_a_zip_bomb_that_lies_about_its_size_is_stopped_too(tmp_path):
    source = zipped(tmp_path / "c.zip", {"o_17_905_1_padding.ipynb": b"\0" * (LARGEST + 1)})
    data = source.read_bytes()
    source.write_bytes(data.replace(struct.pack("<I", LARGEST + 1), struct.pack("<I", 100)))
    done = collected(source, tmp_path / "course")
    assert [p.kind for p in done.problems] == ["refused"]
    assert everything_under(tmp_path / "course") == {}


def test_a_huge_file_in_a_folder_is_refused(tmp_path):
    folder = tmp_path / "downloads"
    folder.mkdir()
    with (folder / "o_17_905_1_padding.ipynb").open("wb") as file:
        file.truncate(LARGEST + 1)
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


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        pytest.param("c.zip", b"", "not a zip that can be read", id="empty"),
        pytest.param("c.zip", b"<!DOCTYPE html><p>Log in", "a web page, not a zip", id="web-page"),
        pytest.param("c.rar", b"Rar!\x1a\x07", "not a folder and not a zip", id="another-kind"),
    ],
)
def test_a_download_that_cannot_be_read_is_named_with_what_to_do(tmp_path, name, data, reason):
    (tmp_path / name).write_bytes(data)
    (problem,) = collected(tmp_path / name, tmp_path / "course").problems
    assert (problem.kind, problem.what) == ("refused", name)
    assert problem.reason.startswith(reason)
    assert problem.do


def test_a_zip_cut_off_anywhere_is_refused_and_raises_no_error(tmp_path):
    whole = zipped(tmp_path / "whole.zip", {"ada/1_padding.ipynb": ANSWERED}).read_bytes()
    for length in range(0, len(whole), 7):
        (tmp_path / "c.zip").write_bytes(whole[:length])
        done = collected(tmp_path / "c.zip", tmp_path / "course")
        assert [p.kind for p in done.problems] == ["refused"]


def test_a_folder_that_cannot_be_opened_harms_no_other(tmp_path, monkeypatch):
    for student in ("ada", "ben"):
        (tmp_path / "d" / student).mkdir(parents=True)
        (tmp_path / "d" / student / "1_padding.ipynb").write_bytes(ANSWERED)
    opened_folder = os.scandir

    def refused_for_ada(folder):  # root may open every folder
        if Path(folder).name == "ada":
            raise PermissionError(13, "Permission denied")
        return opened_folder(folder)

    monkeypatch.setattr(os, "scandir", refused_for_ada)
    done = collected(tmp_path / "d", tmp_path / "course")
    assert done.written == [("ben", "1_padding")]
    assert [p.what for p in done.problems] == ["ada"]


def test_a_damaged_entry_harms_no_other(tmp_path):
    source = zipped(tmp_path / "c.zip", {"o_17_9_1_padding.ipynb": os.urandom(999), **CANVAS})
    data = bytearray(source.read_bytes())
    data[200] ^= 0xFF
    source.write_bytes(data)
    done = collected(source, tmp_path / "course")
    assert ("ben", "1_padding") in done.written
    assert ("ada", "1_padding") in done.written


def test_a_students_own_timestamp_is_not_read(tmp_path):
    files = {"ada/1_padding.ipynb": ANSWERED, "ada/timestamp.txt": b"2020-01-01 00:00:00 UTC"}
    done = collected(zipped(tmp_path / "c.zip", files), tmp_path / "course")
    assert [p.kind for p in done.problems] == ["other file"]
    assert set(submitted_files(tmp_path / "course")) == {"ada/padding/1_padding.ipynb"}


def test_an_item_of_a_folder_is_read_as_it_is(tmp_path):
    (tmp_path / "x.ipynb").write_bytes(b"text")
    with opened(tmp_path) as items:
        (item,) = items
    assert isinstance(item, DownloadedFile)
    assert item.read() == b"text"
