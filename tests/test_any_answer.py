"""No cell of a lesson ends in a traceback, whatever a student wrote: junk in every answer.

The cells run in this process, in a real IPython shell, as in a notebook's kernel. Cells that
mention no answer run once; those that do run again for each kind of junk.
"""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import nbformat
import pytest
from IPython.core.interactiveshell import InteractiveShell

ROOT = Path(__file__).parents[1]
LESSONS = sorted((ROOT / "lessons").glob("*/*.ipynb"))
TRAINS = re.compile(r"train_briefly\(|\btrained\b")

JUNK = """
None
True
0
7
-1
3.5
320.0
float("nan")
float("inf")
10**400
10**5000
1e308
1j
""
"5,000"
"valid"
"[(None, 26, 26, 32)]"
"<script>alert(1)</script>"
b"26"
()
[]
[...]
[[]]
[None]
[None] * 6
[...] * 6
[0] * 6
[-5] * 6
[1.5] * 6
["26"] * 6
[True] * 6
[10**400] * 6
[float("nan")] * 6
[(None, 26, 26, 32)]
[(None, 26, 26, 32)] * 6
[(None, 10**30, 10**30, 10**30)] * 6
[(None, 0, 0, 0)] * 6
[(None, -3, -3, 5)] * 6
[(None, 14.5, 14.5, 32)] * 6
[(26, 26, 32)] * 6
[(26, 26, 32), (24, 24, 32)]
[(26, 26, 32), ..., (22, 22)]
[(None, 26, 26), ..., (None, 22), ..., ...]
[(None, 26, 26, 32), (None,), ...]
[(None, 9), (None, 3, 3, 3), (), ..., 5]
[(None, None, None, None), ..., ...]
[(None, 1, 1, 1)] * 3
[..., ..., (None, 22, 22, 32), (None, 2.5)]
[..., 9248, "x", 0, 5]
[("a", "b")] * 6
[((None, 26), 26)] * 6
[None, (None,), ((None,),)]
[320, 9, 248, 9, 248, 0, 1, 982, 592, 1, 290]
list(range(100))
list(range(5000))
[[[[[[1]]]]]]
[(0, 1), (0, 1), (1, 1), (2, 2)]
[(0, 1, 2)] * 3
[1, (0, 1), "x"]
{}
{"filters": 3}
{"filters": 16, "kernel_size": 300}
{"filters": -1, "kernel_size": 3}
{1, 2}
range(6)
int
dict
len
print
lambda: 1
lambda *a: a
lambda *a: 1 / 0
lambda *a: None
lambda *a: 10**5000
lambda *a: exit()
object()
type("Odd", (), {"__repr__": lambda self: 1 / 0})()
type("Odd", (), {"__getattr__": lambda self, name: 1 / 0})()
type("Odd", (), {"layers": 3, "get_config": lambda self: 1 / 0, "name": 5})()
type("Odd", (), {"layers": [3], "built": True})()
type("Odd", (), {"tolist": lambda self: 1 / 0, "ndim": 0})()
type("Odd", (), {"__len__": lambda self: -1, "__iter__": lambda self: 1 / 0})()
(lambda rows: rows.append(rows) or rows)([1])
(each for each in [1, 2])
20231234
"A12345"
"\\u202e\\n"
NotImplemented
keras.Sequential
keras.Sequential([])
keras.Sequential([Flatten()])
keras.Sequential([keras.Input((28, 28, 1)), Flatten()])
keras.Sequential([keras.Input((28, 28, 3)), Conv2D(32, 3), Flatten(), Dense(10)])
keras.Sequential([Conv2D(32, 3), Flatten()])
keras.Sequential([keras.Input((None, None, 1)), Conv2D(32, 3)])
keras.Model(*[keras.Input((3,))] * 2)
keras.layers.LSTM(3)
keras.layers.Lambda(len)
Conv2D
Conv2D(16, 3)
Conv2D(16, 50)
Dense
keras
keras.ops.ones((6, 4))
__import__("numpy").zeros((2, 2, 2))
__import__("numpy").array([1, None, "x"], dtype=object)
__import__("numpy").int64(3)
__import__("decimal").Decimal("1.5")
__import__("fractions").Fraction(1, 3)
""".strip().splitlines()


def answers_of(notebook):
    """Return the name of each answer, and the source of its cell."""
    found = {}
    for cell in notebook.cells:
        info = cell.metadata.get("nbgrader", {})
        if info.get("solution") and cell.cell_type == "code":
            found[info["grade_id"]] = cell.source
    return found


def uses(source, names):
    return bool(
        {node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)} & names
    )


def failed(shell, source):
    """Return the error that a cell ends in; None where it ends in none."""
    result = shell.run_cell(source, silent=False, store_history=False)
    return result.error_before_exec or result.error_in_exec


def own_cells(notebook, names):
    """Return the lesson's own cells, apart from the training, that use an answer."""
    answers = set(answers_of(notebook).values())
    return [
        cell.source
        for cell in notebook.cells
        if cell.cell_type == "code" and cell.source not in answers and uses(cell.source, names)
    ]


@pytest.fixture
def shell(monkeypatch):
    monkeypatch.setenv("STRIDEWISE_DIGITS", "1")
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    # The shell puts a module of its own there, which processes started later could not load.
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    made = InteractiveShell()
    yield made
    made.reset(new_session=False)


def test_there_are_sixty_kinds_of_junk():
    assert len(set(JUNK)) == len(JUNK) >= 60


@pytest.mark.slow
@pytest.mark.parametrize("path", LESSONS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_no_own_cell_ends_in_a_traceback_whatever_an_answer_is(path, shell, capsys):
    notebook = nbformat.read(path, as_version=4)
    names = set(answers_of(notebook))
    for cell in notebook.cells:
        if cell.cell_type == "code" and not TRAINS.search(cell.source):
            assert failed(shell, cell.source) is None, cell.source
    cells = own_cells(notebook, names)
    assert cells
    stumbled = []
    for junk in JUNK:
        for name in names:  # each in turn, and what was written before stays
            assert failed(shell, f"{name} = {junk}") is None, junk
            stumbled += [
                (name, junk, source, repr(error)[:300])
                for source in cells
                if uses(source, {name}) and (error := failed(shell, source))
            ]
    capsys.readouterr()
    assert stumbled == []
