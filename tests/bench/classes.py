"""Courses and classes for the benches, made anew each time: what students hand in, by the hundred.

`as_it_comes` hands in what a class does: every submission in its own words, run in Jupyter, with
outputs and pictures saved in it.
"""

from __future__ import annotations

import ast
import base64
import json
import random
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from autograder.authoring.generate import generate
from autograder.authoring.sample_class import CLASS, answers_of
from autograder.course.course import open_course

REPO = Path(__file__).parents[2]
ASSIGNMENT = "padding_and_stride"
NOTEBOOKS = 4  # of the assignment
HAS_TO_BE_RUN = "class Mine:\n    '''What reading does not follow: every answer has to be run.'''"
_PLAIN = "c.Autograde.exporter_class = 'nbconvert.exporters.NotebookExporter'\n"
_SIZES = (110_000, 170_000)  # bytes of a notebook
_TEXT = (
    "the window stops at edge so map shrinks by two with each layer while zeros keep size but "
    "then numbers made from nothing count most parameters sit in dense because flatten reads all"
)
_WORDS = _TEXT.split()


def lessons_course(root: Path) -> Path:
    """Make a course of this project's lessons, which stock nbgrader marks too."""
    root.mkdir(parents=True)
    shutil.copytree(REPO / "solutions", root / "solutions")
    shutil.copy(REPO / "nbgrader_config.py", root)
    with (root / "nbgrader_config.py").open("a") as config:
        config.write(_PLAIN)
    generate(open_course(root), ASSIGNMENT)
    return root


def copied(root: Path, name: str) -> Path:
    """Copy a course to a folder beside it."""
    return Path(shutil.copytree(root, root.with_name(name)))


def as_it_comes(root: Path, students: int, extra: str = "") -> None:
    """Hand in for a class: the sample's ways of going wrong, each submission in words of its own.

    Args:
        root: the course.
        students: how many; their ids are s00000, s00001 and so on.
        extra: the source of a cell that all have at the top.
    """
    course = open_course(root)
    released = {
        p.name: json.loads(p.read_text()) for p in course.released(ASSIGNMENT).glob("*.ipynb")
    }
    kinds = [student for student in CLASS if student.habit != "blank"]
    for number in range(students):
        chance = random.Random(number)  # noqa: S311 - not for secrets
        student = replace(kinds[number % len(kinds)], student_id=f"s{number:05}")
        answers = answers_of(student, course.source(ASSIGNMENT))
        folder = course.submitted(student.student_id, ASSIGNMENT)
        folder.mkdir(parents=True)
        for name, notebook in released.items():
            own = _submission(notebook, answers, chance, extra)
            (folder / name).write_text(json.dumps(own, indent=1, ensure_ascii=False) + "\n")


def _submission(
    released: Mapping[str, Any], answers: Mapping[str, str], chance: random.Random, extra: str
) -> dict[str, Any]:
    """Fill in a notebook as a student does, and save it as Jupyter does after a run."""
    cells = [_code("mine", extra)] if extra else []
    for cell in released["cells"]:
        info = cell["metadata"].get("nbgrader", {})
        if info.get("solution") and info["grade_id"] in answers:
            text = cell["cell_type"] == "markdown"
            source = answers[info["grade_id"]]
            cells.append({**cell, "source": _words(chance, 60) if text else _own(source, chance)})
        else:
            cells.append(dict(cell))
        if chance.random() < 0.05:
            cells.append(_code(f"{chance.getrandbits(32):08x}", _scratch(chance)))
    ran = [cell for cell in cells if cell["cell_type"] == "code"]
    for count, cell in enumerate(ran, 1):
        cell |= {"execution_count": count, "outputs": [_printed(chance)]}
    _add_pictures(cells, ran, chance)
    return {**released, "cells": [_in_lines(cell) for cell in cells]}


def _own(source: str, chance: random.Random) -> str:
    """Write an answer in another way: the same values, some of them as sums, and a remark."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return source
    written = ast.unparse(_Sums(chance).visit(tree))
    return f"# {_words(chance, 6)}\n{written}"


class _Sums(ast.NodeTransformer):
    """Writes whole numbers of a list or a tuple as sums, now and then."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance

    def visit_Call(self, node: ast.Call) -> ast.Call:
        """Leave the arguments of layers as they are."""
        return node

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        """Write one number."""
        if type(node.value) is not int or node.value < 20 or self._chance.random() < 0.6:
            return node
        part = self._chance.randrange(1, node.value)
        return ast.BinOp(ast.Constant(part), ast.Add(), ast.Constant(node.value - part))


def _scratch(chance: random.Random) -> str:
    """Write a cell in which a student tries something."""
    size, kernel = chance.randrange(10, 40), chance.randrange(2, 6)
    return (
        f"# {_words(chance, 4)}\nprint({size} - {kernel} + 1)\nmy_{size} = ({size} - {kernel}) / 2"
    )


def _words(chance: random.Random, count: int) -> str:
    return " ".join(chance.choice(_WORDS) for _ in range(count))


def _code(cell_id: str, source: str) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": cell_id,
        "metadata": {},
        "outputs": [],
        "source": source,
    }


def _printed(chance: random.Random) -> dict[str, Any]:
    lines = [f"{_words(chance, 8)} {chance.random()}\n" for _ in range(chance.randrange(1, 12))]
    return {"name": "stdout", "output_type": "stream", "text": lines}


def _add_pictures(
    cells: list[dict[str, Any]], ran: list[dict[str, Any]], chance: random.Random
) -> None:
    """Save pictures, or the tables that a widget shows, until the notebook is of its size."""
    size = chance.randrange(*_SIZES)
    left = size - len(json.dumps(cells, indent=1))
    while left > 0:
        length = min(left, chance.randrange(8_000, 40_000))
        picture = base64.b64encode(chance.randbytes(length * 3 // 4)).decode()
        data = {"image/png": picture, "text/plain": ["<Figure size 640x480 with 1 Axes>"]}
        shown = {"data": data, "metadata": {}, "output_type": "display_data"}
        chance.choice(ran)["outputs"].append(shown)
        left -= length


def _in_lines(cell: dict[str, Any]) -> dict[str, Any]:
    """Keep a cell's text as Jupyter does, in lines."""
    source = cell["source"]
    text = source if isinstance(source, str) else "".join(source)
    return {**cell, "source": text.splitlines(keepends=True)}
