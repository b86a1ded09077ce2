"""Pages back to the platforms, under the names that their own downloads had.

The forms are read from the platforms' sources: Moodle's `mod/assign/feedback/file/importziplib.php`
(`is_valid_filename_for_import`), Canvas's `app/models/assignment.rb`
(`infer_comment_context_from_filename`).
"""

import json
import re
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from course_builder import ASSIGNMENT, RIGHT, answered, hand_in, released

from autograder.cli import main
from autograder.feedback.hand_back import for_canvas, for_moodle, write_folder, write_zip
from autograder.lms.versions import History, Store, Version

NOW = datetime(2026, 2, 1, tzinfo=UTC)


@pytest.fixture
def course(tmp_path):
    """A course with pages of three students, and no more of one than this module reads."""
    for student in ("ada", "ben", "cai"):
        folder = tmp_path / "feedback" / student / "ps"
        folder.mkdir(parents=True)
        for name in ("index", "1_pad"):
            (folder / f"{name}.html").write_text(f"{student} {name}")
    return SimpleNamespace(
        root=tmp_path, feedback=lambda student, ps: tmp_path / "feedback" / student / ps
    )


def collected(course, student, *sources, placed="d0", by_hand=False):
    versions = tuple(
        Version("1_pad", f"d{n}", source, NOW, by_hand=by_hand) for n, source in enumerate(sources)
    )
    history = History(versions, {"1_pad": placed})
    Store(course.root / "collected" / "ps").write(student, history)


def as_moodle_reads(path):
    """Do what Moodle's importer does with a path: the participant's number, and the file."""
    parts = path.split("/")
    while parts:
        info = parts.pop(0).split("_", 4)
        if len(info) >= 4 and info[1].isdigit():
            return int(info[1]), "/".join([*filter(None, info[4:]), *parts])
    return None


def as_canvas_reads(name):
    """Do what Canvas does with a file's name: the user's number, and the attachment's."""
    return [part for part in name.split("_") if re.fullmatch(r"\d+", part)][:2]


def test_moodle_finds_each_page_by_the_participants_number(course):
    collected(course, "ada", "w.zip: Ada Okafor_123_assignsubmission_file/1_pad.ipynb")
    collected(course, "ben", "w.zip: Ben_77_assignsubmission_file_/mine/1_pad.ipynb")
    collected(course, "cai", "w.zip: Cai Zhang_9_assignsubmission_file_1_pad.ipynb")
    files = for_moodle(course, "ps", ["ada", "ben", "cai"]).files
    read = {as_moodle_reads(name): page.read_text() for name, page in files.items()}
    assert read[123, "1_pad.html"] == "ada 1_pad"
    assert read[77, "index.html"] == "ben index"
    assert read[9, "1_pad.html"] == "cai 1_pad"


def test_canvas_finds_each_page_by_the_users_and_the_attachments_number(course):
    collected(course, "ada", "w.zip: okaforada_LATE_17_905_1_pad-2.ipynb")
    files = for_canvas(course, "ps", ["ada"]).files
    (name,) = files
    assert as_canvas_reads(name) == ["17", "905"]
    assert name.endswith("_1_pad.html")
    assert files[name].read_text() == "ada 1_pad"


def test_the_version_that_counts_gives_the_name(course):
    older, newer = "w.zip: a_17_905_1_pad.ipynb", "x.zip: a_17_906_1_pad.ipynb"
    collected(course, "ada", older, newer, placed="d1")
    assert as_canvas_reads(next(iter(for_canvas(course, "ps", ["ada"]).files))) == ["17", "906"]


def test_the_same_bytes_from_two_platforms_have_both_names(course):
    moodle = "m.zip: Ada Okafor_123_assignsubmission_file/1_pad.ipynb"
    version = Version("1_pad", "d0", "c.zip: okaforada_17_905_1_pad.ipynb", NOW, also=(moodle,))
    Store(course.root / "collected" / "ps").write("ada", History((version,), {"1_pad": "d0"}))
    assert {as_moodle_reads(name)[0] for name in for_moodle(course, "ps", ["ada"]).files} == {123}
    (name,) = for_canvas(course, "ps", ["ada"]).files
    assert as_canvas_reads(name) == ["17", "905"]


def test_the_newest_download_gives_the_name(course):
    older, newer = "v.zip: a_17_905_1_pad.ipynb", "w.zip: a_17_906_1_pad.ipynb"
    version = Version("1_pad", "d0", older, NOW, also=(newer,))
    Store(course.root / "collected" / "ps").write("ada", History((version,), {"1_pad": "d0"}))
    assert as_canvas_reads(next(iter(for_canvas(course, "ps", ["ada"]).files))) == ["17", "906"]


def test_a_members_page_never_goes_to_the_one_who_handed_in_for_the_group(course):
    collected(course, "ada", "w.zip: Ada_1_assignsubmission_file/1_pad.ipynb")
    version = Version("1_pad", "d0", "w.zip: Ada_1_assignsubmission_file/1_pad.ipynb", NOW)
    hers = History((replace(version, owner="ada"),), {"1_pad": "d0"})
    Store(course.root / "collected" / "ps").write("cai", hers)
    back = for_moodle(course, "ps", ["ada", "cai"])
    assert {page.read_text()[:3] for page in back.files.values()} == {"ada"}
    assert [left.what for left in back.left] == ["cai"]


def test_nobodys_name_is_guessed(course):
    collected(course, "ben", "by hand: 1_pad.ipynb", by_hand=True)
    back = for_moodle(course, "ps", ["ada", "ben"])
    assert back.files == {}
    assert [left.what for left in back.left] == ["ada", "ben"]
    assert [left.what for left in for_canvas(course, "ps", ["ada", "ben"]).left] == ["ada", "ben"]


def test_one_page_never_goes_to_two_participants(course):
    collected(course, "ada", "w.zip: Ada_1_assignsubmission_file/1_pad.ipynb")
    history = Store(course.root / "collected" / "ps").history("ada")
    other = Version("2_str", "e0", "w.zip: Ada_2_assignsubmission_file/2_str.ipynb", NOW)
    both = History((*history.versions, other), {"1_pad": "d0", "2_str": "e0"})
    Store(course.root / "collected" / "ps").write("ada", both)
    back = for_moodle(course, "ps", ["ada"])
    assert back.files == {}
    assert "2 names" in back.left[0].why


def test_the_same_pages_make_the_same_zip(course, tmp_path):
    collected(course, "ada", "w.zip: Ada Ö_123_assignsubmission_file/1_pad.ipynb")
    files = for_moodle(course, "ps", ["ada"]).files
    write_zip(tmp_path / "a.zip", files)
    write_zip(tmp_path / "b.zip", files)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert "Ada Ö_123_assignsubmission_file/index.html" in archive.namelist()
    assert not list(tmp_path.glob(".*"))


def test_a_folder_for_canvas_holds_the_pages(course, tmp_path):
    collected(course, "ada", "w.zip: okaforada_17_905_1_pad.ipynb")
    write_folder(tmp_path / "back", for_canvas(course, "ps", ["ada"]).files)
    assert [path.read_text() for path in (tmp_path / "back").iterdir()] == ["ada 1_pad"]


def run(root, *arguments):
    return CliRunner().invoke(main, ["--course", str(root), *map(str, arguments)])


@pytest.mark.slow
def test_pages_go_back_under_the_names_of_the_downloads_that_were_collected(course_root):
    """Ada's work comes from Canvas, ben's from Moodle; each platform gets back its own."""
    roster = "id,first_name,last_name,lms_user_id\nada,Ada,Okafor,17\nben,Ben,Larsen,18\n"
    (course_root / "roster.csv").write_text(roster)
    run(course_root, "roster", course_root / "roster.csv")
    forms = {"c": "okaforada_17_90{n}_{name}", "m": "Ben Larsen_18_assignsubmission_file/{name}"}
    notebooks = answered(released(course_root), RIGHT)
    for zip_, form in forms.items():
        with zipfile.ZipFile(course_root / f"{zip_}.zip", "w") as archive:
            for n, (name, notebook) in enumerate(notebooks.items()):
                archive.writestr(form.format(n=n, name=f"{name}.ipynb"), json.dumps(notebook))
        done = run(course_root, "collect", ASSIGNMENT, course_root / f"{zip_}.zip")
        assert done.exit_code == 0, done.output
    run(course_root, "grade", ASSIGNMENT, "--processes", "1")
    zip_, folder = course_root / "back.zip", course_root / "back"
    done = run(course_root, "feedback", ASSIGNMENT, "--moodle", zip_, "--canvas", folder)
    assert done.exit_code == 1
    assert "Not returned by Moodle (1):\n  ada: " in done.output
    assert "Not returned by Canvas (1):\n  ben: " in done.output
    with zipfile.ZipFile(zip_) as archive:
        read = {as_moodle_reads(name) for name in archive.namelist()}
    assert read == {(18, "index.html"), (18, "1_sizes.html"), (18, "2_total.html")}
    assert sorted(as_canvas_reads(path.name) for path in folder.iterdir()) == [
        ["17", "900"],
        ["17", "901"],
    ]


@pytest.mark.slow
def test_where_no_name_is_known_nothing_is_written(course_root):
    hand_in(course_root, "ada", RIGHT)
    run(course_root, "grade", ASSIGNMENT, "--processes", "1")
    done = run(course_root, "feedback", ASSIGNMENT, "--moodle", course_root / "back.zip")
    assert done.exit_code == 1
    assert "was not written" in done.output
    assert not (course_root / "back.zip").exists()
