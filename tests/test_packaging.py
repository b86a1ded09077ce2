"""What is handed out: the wheel, the sdist, and which package imports which."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from browser_fixtures import REPOSITORY

STRIDEWISE = REPOSITORY / "lessons" / "stridewise"
# Hosts of package registries, written so that this file does not hold them either.
REGISTRIES = ["pypi" + ".org", "python" + "hosted", "npm" + "js", "ana" + "conda.org"]
REGISTRIES += ["deb" + ".debian", "--index" + "-url", "--find" + "-links"]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The wheel and the sdist, each as a dict of file names to contents."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-t", "sdist"]
    subprocess.run([*command, "-d", folder], cwd=REPOSITORY, check=True, capture_output=True)
    with zipfile.ZipFile(*folder.glob("*.whl")) as wheel:
        files = {name: wheel.read(name) for name in wheel.namelist()}
    with tarfile.open(*folder.glob("*.tar.gz")) as sdist:
        members = [member for member in sdist.getmembers() if member.isfile()]
        sources = {m.name.partition("/")[2]: sdist.extractfile(m).read() for m in members}
    return {"wheel": files, "sdist": sources}


def tracked_files() -> list[Path]:
    listed = subprocess.check_output(["git", "ls-files", "-z"], cwd=REPOSITORY, text=True)
    return [REPOSITORY / name for name in listed.split("\0") if name]


def tracked_texts() -> dict[str, str]:
    """The tracked text files that are there, by their path in the repository."""
    files = [path for path in tracked_files() if path.is_file()]
    contents = {str(path.relative_to(REPOSITORY)): path.read_bytes() for path in files}
    return {name: raw.decode() for name, raw in contents.items() if b"\0" not in raw}


def imported_names(source: str) -> set[str]:
    """The top-level packages that a module imports, anywhere in it."""
    nodes = list(ast.walk(ast.parse(source)))
    names = {alias.name for n in nodes if isinstance(n, ast.Import) for alias in n.names}
    names |= {n.module or "" for n in nodes if isinstance(n, ast.ImportFrom) and not n.level}
    return {name.split(".")[0] for name in names}


@pytest.mark.parametrize("archive", ["wheel", "sdist"])
def test_no_archive_holds_a_solution(built, archive):
    notebooks = [name for name in built[archive] if name.endswith(".ipynb")]
    assert notebooks == []
    assert [name for name in built[archive] if "solutions" in Path(name).parts] == []
    assert [name for name in built[archive] if Path(name).parts[0] == "tests"] == []


def test_the_wheel_holds_both_packages_whole(built):
    folders = {"stridewise": STRIDEWISE, "autograder": REPOSITORY / "autograder"}
    tracked = set(tracked_files())
    for package, folder in folders.items():
        files = [path for path in folder.rglob("*") if path in tracked]
        expected = {f"{package}/{path.relative_to(folder)}" for path in files}
        assert {Path(name).suffix for name in expected} >= {".py"}
        assert expected <= built["wheel"].keys()


def test_the_sdist_builds_the_same_packages_as_the_repository(built):
    packages = ("stridewise/", "autograder/")
    in_wheel = {name for name in built["wheel"] if name.startswith(packages)}
    in_sdist = {name.removeprefix("lessons/") for name in built["sdist"]}
    assert in_wheel == {name for name in in_sdist if name.startswith(packages)}


def test_both_packages_say_that_they_are_typed(built):
    assert {"stridewise/py.typed", "autograder/py.typed"} <= built["wheel"].keys()


def test_stridewise_works_where_grading_is_not_installed():
    script = """
import sys
for name in ("autograder", "click", "distributed", "nbgrader"):
    sys.modules[name] = None  # an import of it now fails
import stridewise
for name in stridewise.__all__:
    getattr(stridewise, name)
assert "tensorflow" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", script], check=True)


def test_stridewise_never_imports_autograder():
    modules = sorted(STRIDEWISE.rglob("*.py"))
    assert [str(m) for m in modules if "autograder" in imported_names(m.read_text())] == []


def test_the_import_that_the_last_test_looks_for_would_be_seen():
    assert imported_names("def f():\n    from autograder.exam.checks import grade") == {
        "autograder"
    }
    assert imported_names("import os, autograder.cli") == {"os", "autograder"}
    assert imported_names("from .autograder import x") == set()


def test_no_tracked_file_names_a_package_registry():
    pattern = re.compile("|".join(map(re.escape, REGISTRIES)), re.IGNORECASE)
    found = {name: pattern.findall(text) for name, text in tracked_texts().items()}
    assert {name: hits for name, hits in found.items() if hits} == {}


def test_no_tracked_file_names_a_place_on_this_machine():
    here = {str(REPOSITORY), sys.prefix, sys.base_prefix, str(Path.home() / ".cache")}
    found = {name: [p for p in here if p in text] for name, text in tracked_texts().items()}
    assert {name: hits for name, hits in found.items() if hits} == {}


def test_no_stored_output_of_a_notebook_names_a_path():
    pattern = re.compile(r"ipykernel_\d+|site-packages/|File \\?\"/")
    notebooks = {n: text for n, text in tracked_texts().items() if n.endswith(".ipynb")}
    assert [name for name, text in notebooks.items() if pattern.search(text)] == []
