"""Files beside a student's notebook, read from a folder that may hold anything."""

import os

import pytest

from autograder.notebooks.assignment_files import can_run_in_a_page, digest_of, files_in


def test_data_is_found_in_folders_too_and_notebooks_are_not(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data/numbers.txt").write_text("1 2")
    (tmp_path / "1.ipynb").write_text("{}")
    (tmp_path / "timestamp.txt").write_text("now")
    (tmp_path / ".ipynb_checkpoints").mkdir()
    (tmp_path / ".ipynb_checkpoints/a.txt").write_text("old")
    found = files_in(tmp_path)
    assert (found.files, found.troubles) == ({"data/numbers.txt": b"1 2"}, ())


def test_no_link_is_followed(tmp_path):
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "key.txt").write_text("secret")
    folder = tmp_path / "handed"
    folder.mkdir()
    (folder / "file.txt").symlink_to(secret / "key.txt")
    (folder / "folder").symlink_to(secret)
    (folder / "hard.fifo").unlink(missing_ok=True)
    os.mkfifo(folder / "pipe")
    found = files_in(folder)
    assert found.files == {}
    assert len(found.troubles) == 3


def test_what_is_over_a_limit_is_named(tmp_path):
    for name in ("a", "b", "c"):
        (tmp_path / name).write_bytes(b"1234")
    few = files_in(tmp_path, most_files=2)
    assert (set(few.files), few.troubles) == (
        {"a", "b"},
        ("there are more than 2 files; the rest was left out",),
    )
    small = files_in(tmp_path, most_bytes=9)
    assert set(small.files) == {"a", "b"}
    assert "c is over the limit" in small.troubles[0]


def test_folders_within_folders_come_to_an_end(tmp_path):
    (tmp_path / "/".join("d" * 12)).mkdir(parents=True)
    assert "too many nested folders" in files_in(tmp_path).troubles[0]


def test_the_digest_depends_on_names_and_contents():
    folders = [{}, {"a": b"x"}, {"b": b"x"}, {"a": b"y"}, {"a": b"", "b": b"x"}]
    assert len({digest_of(files) for files in folders}) == len(folders)


@pytest.mark.parametrize("name", ["a.html", "A.HTM", "a.svg", "b/a.xhtml", "a.js", "a.xml"])
def test_what_a_browser_runs_is_known(name):
    assert can_run_in_a_page(name)
    assert not can_run_in_a_page(f"{name}.png")
