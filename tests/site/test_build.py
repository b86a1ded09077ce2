"""The folder that the site is written into, and the packages that it holds."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import click
import pytest

from autograder.course.course import CourseError
from autograder.site.build import LIST, build_site
from autograder.site.npm_packages import PYODIDE, package_files

MEBIBYTE = 2**20


def test_the_site_fits_in_20_mib_and_names_no_other_address(built_site):
    files = [path for path in built_site.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 20 * MEBIBYTE
    ours = [p for p in files if p.suffix in {".html", ".js", ".css"} and "pyodide" not in p.parts]
    for path in ours:
        text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)  # comments name sources
        text = text.replace("http://www.w3.org/", "")
        assert "http://" not in text, path.name
        assert "https://" not in text, path.name


def test_the_service_worker_lists_every_file_there_is(built_site):
    worker = (built_site / "sw.js").read_text()
    listed = json.loads(worker.split("const FILES = ")[1].split(";\n")[0])
    there = {p.relative_to(built_site).as_posix() for p in built_site.rglob("*") if p.is_file()}
    assert set(listed) == there - {"sw.js", LIST} | {"./"}


def test_a_folder_with_other_things_in_it_is_refused(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(CourseError, match="not empty"):
        build_site(tmp_path, tmp_path / "npm")
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_building_again_removes_what_is_no_longer_part_of_it_and_nothing_else(built_site, tmp_path):
    site = shutil.copytree(built_site, tmp_path / "site")
    (site / "old.js").write_text("1")
    (site / "CNAME").write_text("example.org")
    names = json.loads((site / LIST).read_text())
    (site / LIST).write_text(json.dumps([*names, "old.js", "../outside.txt"]))
    (tmp_path / "outside.txt").write_text("stays")
    packages = tmp_path / "npm"
    packages.mkdir()
    _archives_into(packages)
    build_site(site, packages)
    assert not (site / "old.js").exists()
    assert (site / "CNAME").exists()
    assert (tmp_path / "outside.txt").exists()


def test_an_archive_with_other_bytes_is_refused(tmp_path):
    (tmp_path / PYODIDE.archive).write_bytes(b"something else")
    with pytest.raises(CourseError, match="not the archive"):
        package_files(PYODIDE, tmp_path)


def test_without_npm_the_error_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CourseError) as refused:
        package_files(PYODIDE, tmp_path / "none")
    assert "npm pack pyodide@" in refused.value.hint


def _archives_into(folder):
    for path in (Path(click.get_app_dir("stridewise")) / "npm").glob("*.tgz"):
        shutil.copy(path, folder)
