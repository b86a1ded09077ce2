"""The answers that a hidden test needs: by its own text, and by the cells above that this uses.

A test needs an answer through a given function that calls the answer's, through another answer, or
through an object that cells make and change one after the other. All this is found from the text of
the cells; what only a run would show is not found.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from autograder.exam.lines import Line, lines_of
from autograder.notebooks.master import Template
from autograder.reading.instructor_cells import touched

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_IMPORTS = (ast.Import, ast.ImportFrom)


@dataclass(frozen=True, slots=True)
class Needs:
    """The answers that a test needs, directly or through other cells, and the one above it."""

    all: frozenset[str]
    above: str


def needed_by(template: Template, answers: Mapping[str, str]) -> dict[str, Needs]:
    """Return, for each hidden test, the answers that it needs.

    Besides what its text leads to, it needs the answer directly above it, as nbgrader's tests do.
    `answers` are the instructor's, by grade_id.
    """
    cells = [
        replace(cell, source=answers.get(cell.grade_id, cell.source))
        for cell in template.master.cells
    ]
    lines = list(lines_of(cells))
    changed = list(zip(lines, _changes(lines), strict=True))
    found: dict[str, Needs] = {}
    above = ""
    for index, cell in enumerate(cells):
        if cell.grade_id in answers:
            above = cell.grade_id
        elif cell.kind == "test":
            earlier = [(line, names) for line, names in changed if line.cell < index]
            own = [line.uses for line in lines if line.cell == index]
            used = _cells_used(frozenset().union(*own), earlier)
            needed = {cells[place].grade_id for place in used} & answers.keys()
            found[cell.grade_id] = Needs(frozenset(needed | {above} - {""}), above)
    return found


def _cells_used(
    names: frozenset[str], earlier: Sequence[tuple[Line, frozenset[str]]]
) -> frozenset[int]:
    """Return the cells with lines that give these names a value or change it, and so on.

    A function is looked up when it is called, so the order of the cells does not count. A cell that
    stops at one line does not reach the next, so it uses all names that its lines use.
    """
    places = set[int]()
    while found := {line.cell for line, gives in earlier if gives & names} - places:
        places |= found
        names = names.union(*(line.uses for line, _ in earlier if line.cell in found))
    return frozenset(places)


def _changes(lines: Iterable[Line]) -> Iterator[frozenset[str]]:
    """Yield for each line the names that it gives a value, or whose value it may change.

    A line that calls something may change every object in it. That does not hold for modules,
    functions and classes, which every cell uses, nor for an assertion.
    """
    lines = list(lines)
    values = frozenset[str]().union(*(line.gives for line in lines if not _defines(line.node)))
    for line in lines:
        declared = (part.names for part in ast.walk(line.node) if isinstance(part, ast.Global))
        names = line.gives.union(*declared) | (frozenset(touched(line.node)) & line.uses)
        yield names | (line.uses & values) if _calls(line.node) else names


def _defines(node: ast.stmt) -> bool:
    return isinstance(node, (*_DEFINITIONS, *_IMPORTS))


def _calls(node: ast.stmt) -> bool:
    """Return whether a statement calls something when it is carried out."""
    if isinstance(node, _DEFINITIONS):
        return bool(node.decorator_list)
    return not isinstance(node, ast.Assert) and any(
        isinstance(part, ast.Call) for part in ast.walk(node)
    )
