"""A tiny course for the tests: two notebooks that need no TensorFlow, and ways to hand them in."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

ASSIGNMENT = "tiny"
Notebook = dict[str, Any]
RIGHT = {
    "sizes": "sizes = [26, 24, 22]",
    "total": "total = 6 * 7",
    "half": "def half(n):\n    return n // 2",
}
WRONG = {
    "sizes": "sizes = [26, 24, 23]",
    "total": "total = 41",
    "half": "def half(n):\n    return n",
}
SLIP = RIGHT | {"sizes": "sizes = [27, 25, 23]"}
"""One slip in the first size; the other two follow from it, and count as the settings say."""

CONFIG = """
c = get_config()
c.CourseDirectory.course_id = "tiny_course"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "lessons"
c.ClearSolutions.code_stub = {"python": ""}
c.Execute.timeout = 30
"""


def given(source: str, cell_type: str = "code") -> dict[str, Any]:
    cell: dict[str, Any] = {"cell_type": cell_type, "metadata": {}, "source": source}
    return cell | ({"execution_count": None, "outputs": []} if cell_type == "code" else {})


def graded(cell: dict[str, Any], grade_id: str, points: float = 0, **flags: bool) -> dict[str, Any]:
    marks: dict[str, Any] = {
        "grade": False,
        "solution": False,
        "locked": False,
        "task": False,
    } | flags
    marks |= {"grade_id": grade_id, "schema_version": 3} | ({"points": points} if points else {})
    return cell | {"metadata": {"nbgrader": marks}}


def solution(name: str, stub: str, answer: str) -> dict[str, Any]:
    body = f"{stub}\n### BEGIN SOLUTION\n{answer}\n### END SOLUTION" if stub else ""
    source = body or f"### BEGIN SOLUTION\n{answer}\n### END SOLUTION"
    return graded(given(source), name, solution=True)


def checked(name: str, points: float, hidden: str, shown: str = "") -> dict[str, Any]:
    source = f"{shown}\n### BEGIN HIDDEN TESTS\n{hidden}\n### END HIDDEN TESTS"
    return graded(given(source.lstrip("\n")), name, points, grade=True, locked=True)


def notebook(cells: list[dict[str, Any]]) -> Notebook:
    numbered = [cell | {"id": f"cell-{i:02}"} for i, cell in enumerate(cells)]
    spec = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": spec, "cells": numbered}


def source_notebooks() -> dict[str, Notebook]:
    text = graded(given("*Say it in a sentence.*", "markdown"), "why", 2, grade=True, solution=True)
    first = [
        given("# Sizes", "markdown"),
        given("start = 28"),
        solution("sizes", "sizes = ...", RIGHT["sizes"]),
        checked(
            "test_sizes",
            3,
            "from autograder import Sizes, grade\ngrade(sizes, Sizes([(3,)] * 3, start=28), 3)",
            "len('form')",
        ),
        text,
    ]
    second = [
        solution("total", "total = ...", RIGHT["total"]),
        checked("test_total", 1, "assert total == 42"),
        solution("half", "", RIGHT["half"]),
        checked("test_half", 2, "assert half(9) == 4\nassert half(4) == 2"),
    ]
    return {"1_sizes": notebook(first), "2_total": notebook(second)}


def write(folder: Path, notebooks: Mapping[str, Notebook | bytes]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, nb in notebooks.items():
        data = nb if isinstance(nb, bytes) else json.dumps(nb).encode()
        (folder / f"{name}.ipynb").write_bytes(data)
    return folder


def build_course(root: Path, extra_config: str = "") -> Path:
    root.mkdir(parents=True, exist_ok=True)
    (root / "nbgrader_config.py").write_text(CONFIG + extra_config)
    write(root / "solutions" / ASSIGNMENT, source_notebooks())
    return root


def configure(root: Path, line: str) -> None:
    """Add a line to a course's configuration."""
    with (root / "nbgrader_config.py").open("a") as config:
        config.write(f"{line}\n")


def released(root: Path) -> dict[str, Notebook]:
    return {
        p.stem: json.loads(p.read_bytes())
        for p in sorted((root / "lessons" / ASSIGNMENT).glob("*.ipynb"))
    }


def answered(notebooks: Mapping[str, Notebook], answers: Mapping[str, str]) -> dict[str, Notebook]:
    """Fill in the answers by grade_id, as a student would."""
    filled = copy.deepcopy(dict(notebooks))
    for nb in filled.values():
        for cell in nb["cells"]:
            name = cell["metadata"].get("nbgrader", {}).get("grade_id")
            if name in answers:
                cell["source"] = answers[name]
    return filled


def hand_in(
    root: Path,
    student: str,
    answers: Mapping[str, str],
    change: Callable[[dict[str, Notebook]], Any] = lambda _: None,
    timestamp: str = "2026-02-01 12:00:00 UTC",
) -> Path:
    notebooks = answered(released(root), answers)
    change(notebooks)
    folder = write(root / "submitted" / student / ASSIGNMENT, notebooks)
    (folder / "timestamp.txt").write_text(timestamp)
    return folder


def cell_of(nb: Notebook, grade_id: str) -> dict[str, Any]:
    cells = [
        c for c in nb["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == grade_id
    ]
    found: dict[str, Any] = cells[0]
    return found
