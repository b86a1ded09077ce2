"""What the version of the engine covers: all that marking imports, and nothing that shows marks."""

import ast
from functools import cache
from pathlib import Path

import pytest

import autograder
import stridewise
from autograder.marking.version import marking_files

PACKAGES = {
    "autograder": Path(autograder.__file__).parent,
    "stridewise": Path(stridewise.__file__).parent,
}
OURS = PACKAGES["autograder"]
ROOTS = (
    "autograder.exam.mark",  # what hidden tests import
    "autograder.marking.engine",
    "autograder.marking.evidence",
    "autograder.marking.working_folder",
    "autograder.notebooks.large_file",
    "autograder.notebooks.marked",  # what is written with the marks
    "autograder.running",
)
WITHOUT_A_SAY = {
    "course/course.py": "finds folders",
    "course/nbgrader_start.py": "finds folders",
    "marking/version.py": "names the version",
}
"""Modules that marking imports and no mark depends on; so is the gradebook, which keeps marks."""


def file_of(module):
    """Return the file of a module of ours, None for one of somebody else's."""
    package, *inside = module.split(".")
    if package not in PACKAGES:
        return None
    path = PACKAGES[package].joinpath(*inside)
    found = (path.with_suffix(".py"), path / "__init__.py")
    return next((each for each in found if each.is_file()), None)


def package_of(path):
    """Return the dotted name of the package that a file lies in."""
    name, root = next(each for each in PACKAGES.items() if path.is_relative_to(each[1]))
    return [name, *path.relative_to(root).parent.parts]


def imported(path):
    """Yield the files that one imports, inside functions too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            package = package_of(path)
            above = package[: len(package) - node.level + 1] if node.level else []
            start = ".".join([*above, *([node.module] if node.module else [])])
            names = [start, *(f"{start}.{alias.name}" for alias in node.names)]
        yield from filter(None, map(file_of, names))


@cache
def reached():
    """Return every file of ours that marking imports, with what it imports in turn."""
    waiting, found = [file_of(root) for root in ROOTS], set()
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            gradebook = path.is_relative_to(OURS / "gradebook")
            waiting += [] if gradebook else imported(path)
    return found


def not_covered(covered):
    """Name the files that marking imports and the version does not cover."""
    plumbing = {OURS / name for name in WITHOUT_A_SAY}
    left = reached() - set(covered) - plumbing
    return {path for path in left if not path.is_relative_to(OURS / "gradebook")}


def test_every_module_that_marking_imports_is_part_of_the_version():
    assert len(reached()) > 90
    assert not_covered(marking_files()) == set()


@pytest.mark.parametrize(
    "name",
    ["marking/ways.py", "notebooks/outputs.py", "running/runner.py", "course/source_check.py"],
)
def test_a_module_that_is_forgotten_would_be_named(name):
    rest = [path for path in marking_files() if path != OURS / name]
    assert not_covered(rest) == {OURS / name}


def test_what_only_shows_or_stores_marks_is_no_part_of_it():
    shows = [
        OURS / step for step in ("gradebook", "lms", "feedback", "report", "authoring", "site")
    ]
    for path in marking_files():
        assert not path.is_relative_to(PACKAGES["stridewise"] / "widgets")
        assert not any(path.is_relative_to(folder) for folder in shows)


def test_of_marking_and_the_course_only_what_marks_depend_on_is_part_of_it():
    chosen = {path for path in marking_files() if path.parent.name in ("marking", "course")}
    assert len(chosen) > 8
    assert chosen <= reached()


def test_every_file_of_the_version_is_there_once():
    files = list(marking_files())
    assert len(files) == len(set(files))
    assert all(path.is_file() for path in files)
