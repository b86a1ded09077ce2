"""The packages of `autograder` and the order in which they may import each other."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "autograder"
ORDER = [
    "records",
    "course",
    "notebooks",
    "reading",
    "running",
    "exam",
    "gradebook",
    "marking",
    "lms",
    "feedback",
    "report",
    "authoring",
    "site",
    "nbgrader_plugin",
    "cli",
]
"""Each may import those before it, and none after it."""
# Hidden tests write `from autograder import grade`; the command is also `python -m autograder`.
TOP = {"__init__", "__main__", "records", "cli", "nbgrader_plugin"}


def imports(tree: ast.AST) -> set[str]:
    """Name what a module imports of `autograder`: the second part of each dotted name."""
    dotted = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            dotted.append(node.module)
        elif isinstance(node, ast.Import):
            dotted += [alias.name for alias in node.names]
    parts = [name.split(".") for name in dotted]
    return {part[1] for part in parts if part[0] == "autograder" and len(part) > 1}


def step(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@pytest.mark.parametrize("package", ORDER)
def test_a_package_imports_only_packages_before_it(package):
    allowed = set(ORDER[: ORDER.index(package) + 1])
    for path in PACKAGE.rglob("*.py"):
        if step(path) == package:
            assert imports(ast.parse(path.read_text())) <= allowed, path.name


def test_an_import_inside_a_function_counts():
    assert imports(ast.parse("def f():\n    from autograder.lms.roster import x")) == {"lms"}


def test_every_module_is_in_the_package_of_its_step():
    assert {path.stem for path in PACKAGE.glob("*.py")} == TOP
    folders = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").is_file()}
    assert folders == set(ORDER) - TOP


def test_the_library_of_the_lessons_imports_nothing_of_the_autograder():
    for path in (PACKAGE.parent / "lessons/stridewise").rglob("*.py"):
        assert "autograder" not in path.read_text().replace("`autograder", ""), path.name


def test_the_files_that_run_first_are_there():
    from long_files import LONG, TESTS

    assert [name for name in LONG if not (TESTS / name).is_file()] == []


MOST_LINES = 300  # of a module
LONGEST = 35  # lines of a function below its docstring; aim at 30
STILL_LONG = {"serve"}
"""Functions of `running/inside/course.py`, which runs beside student code: frames are watched."""


def own_modules() -> list[Path]:
    return [*PACKAGE.rglob("*.py"), *(PACKAGE.parent / "lessons/stridewise").rglob("*.py")]


def lines_of(function: ast.FunctionDef) -> int:
    """The lines of a function below its docstring."""
    first = function.body[1:2] if ast.get_docstring(function) else function.body[:1]
    return (function.end_lineno or 0) - first[0].lineno + 1 if first else 0


def test_a_module_holds_one_idea():
    long = {str(path): path.read_text().count("\n") for path in own_modules()}
    assert {name: lines for name, lines in long.items() if lines > MOST_LINES} == {}


def test_a_function_does_one_thing():
    nodes = (node for path in own_modules() for node in ast.walk(ast.parse(path.read_text())))
    functions = [node for node in nodes if isinstance(node, ast.FunctionDef)]
    assert {node.name for node in functions if lines_of(node) > LONGEST} == STILL_LONG
