"""Planning the hidden tests of a notebook: the answers and the instructor's lines that they need.

A test cell is run alone. A name that it looks up is an answer where a student's cell assigns to it.
Else its value comes from the lines above in the instructor's notebook; only the lines that the name
needs are run.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import CodeType
from typing import TypeVar

from autograder.exam.exact_text import exact_text
from autograder.exam.lines import Line, lines_of, names_at_once, statements_of
from autograder.exam.names_of_python import PYTHONS
from autograder.exam.needs_beside import imports_ours, why_beside
from autograder.records import Master, MasterCell, Wanted

T = TypeVar("T")
Kept = tuple[str, tuple[str, ...], MasterCell]
_DEFINITIONS = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_GIVEN_BY_PYTHON = PYTHONS.union({"get_ipython", "display", "__name__", "__file__"})


@dataclass(frozen=True, slots=True)
class Plan:
    """How one test cell is run.

    `answers` maps the names that it takes from the student to the text of a `Wanted`: the value of
    the name before this cell. `helping` are those that it can do without: it looks them up only
    inside a `lambda`, or they are given values. `shared` is the set-up that depends on no answer,
    `own` the set-up that depends on one. Then `body` is run, and `last`, whose value is the partial
    credit.
    """

    cell: MasterCell
    answers: Mapping[str, str]
    shared: tuple[CodeType, ...] = ()
    own: tuple[CodeType, ...] = ()
    body: CodeType | None = None
    last: CodeType | None = None
    helping: frozenset[str] = frozenset()
    trouble: str = ""
    """Why the cell cannot be run at all, and so gives no points; or ""."""
    ours: bool = False
    """Whether it calls our own checks, which do not exist in the sandbox."""
    why_beside: str = ""
    """Why it has to be run beside the student's own objects; or ""."""
    stores: frozenset[str] = frozenset()
    """The names that it assigns to, its set-up included."""
    borrows: frozenset[str] = frozenset()
    """The names that its set-up assigns to; a student's value of the same name is not used."""
    python: frozenset[str] = frozenset()
    """The names of Python's own that it looks up, its set-up included."""
    given_cells: frozenset[int] = frozenset()
    """The given cells that its set-up comes from, by their index in the master."""
    set_up: tuple[str, ...] = ()
    """The lines of earlier test cells that it needs."""
    origins: tuple[tuple[str, int], ...] = ()
    """For each of these lines, its cell and its number in that cell."""
    saved: tuple[Kept, ...] = ()
    """Those lines that depend on an answer, the names that each assigns to, and its cell."""


@lru_cache(maxsize=64)
def plans(master: Master) -> tuple[Plan, ...]:
    """Return a plan for each test cell of the notebook."""
    lines = tuple(lines_of(master.cells))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the compiler's; `why_beside` records them
        return tuple(
            _plan(master.cells, index, lines)
            for index, cell in enumerate(master.cells)
            if cell.kind == "test" and cell.cell_type == "code"
        )


def _plan(cells: Sequence[MasterCell], index: int, lines: Sequence[Line]) -> Plan:
    """Plan one test cell.

    Our own checks get the instructor's values, even if a student changed them. Any other test gets
    the notebook's values, as in stock nbgrader; only its imports, and given functions, come from
    the instructor.
    """
    own = [line for line in lines if line.cell == index]
    needs = _Needs.of(cells, index, lines, _is_trusted)
    if not imports_ours(line.node for line in (*needs.chosen, *own)):
        needs = _Needs.of(cells, index, lines, _is_helper)
        return _made(cells[index], own, needs, ours=False)
    return _made(cells[index], own, needs, ours=True)


@dataclass(frozen=True, slots=True)
class _Needs:
    """What a test needs from the cells above: lines of the instructor, and names of the student."""

    cells: Sequence[MasterCell]
    chosen: Sequence[Line]
    names: frozenset[str]
    given: frozenset[str]
    """The names for which the student has no cell."""

    @classmethod
    def of(
        cls,
        cells: Sequence[MasterCell],
        index: int,
        lines: Sequence[Line],
        is_trusted: Callable[[MasterCell, Line], bool],
    ) -> _Needs:
        """Choose the lines and the names; only trusted lines are chosen."""
        own_lines = [line for line in lines if line.cell == index]
        kept = {line: is_trusted(cells[line.cell], line) for line in lines}
        theirs = frozenset().union(*(line.gives for line in lines if not kept[line]))
        if is_trusted is _is_helper:
            theirs -= _rebound_by_tests(cells, [line for line in lines if line.cell < index])
        earlier = [line for line in lines if line.cell < index and kept[line]]
        chosen, names = _slice(_free(own_lines, theirs), earlier, theirs)
        asked = frozenset().union(
            *(line.gives for line in lines if cells[line.cell].kind in ("solution", "manual"))
        )
        given = frozenset().union(
            *(line.gives for line in lines if cells[line.cell].kind == "given")
        )
        return cls(cells, chosen, frozenset(names), (given - asked) & names)

    def lines_from(self, *kinds: str) -> list[Line]:
        """Return the chosen lines that are in cells of these kinds."""
        return [line for line in self.chosen if self.cells[line.cell].kind in kinds]

    def origins(self) -> tuple[tuple[str, int], ...]:
        """Return for each chosen line of an earlier test its cell, and its number there."""
        lines = self.lines_from("test")
        return tuple((self.cells[line.cell].grade_id, line.node.lineno) for line in lines)


def _made(cell: MasterCell, own: Sequence[Line], needs: _Needs, *, ours: bool) -> Plan:
    """Make the plan of one test cell."""
    found, trouble = statements_of(cell)
    statements = list(found)
    answers = {name: str(Wanted(name, cell.grade_id)) for name in sorted(needs.names)}
    dependent = _dependent(needs.chosen, frozenset(answers))
    last = statements.pop() if statements and isinstance(statements[-1], ast.Expr) else None
    saved = _saved(needs, dependent)
    return Plan(
        cell,
        answers,
        tuple(_compiled([line.node]) for line in needs.chosen if line not in dependent),
        tuple(_compiled([line.node]) for line in needs.chosen if line in dependent),
        _compiled(statements),
        compile(ast.Expression(last.value), "<test>", "eval")
        if isinstance(last, ast.Expr)
        else None,
        helping=needs.given
        | frozenset(answers).difference(
            names_at_once(line.node for line in own), *(line.uses for line in needs.chosen)
        ),
        trouble=trouble,
        ours=ours,
        why_beside="" if ours else trouble or why_beside(cell.source, found) or _why_saved(saved),
        stores=frozenset().union(*(line.gives for line in (*own, *needs.chosen))),
        borrows=frozenset().union(*(line.gives for line in needs.chosen)),
        python=PYTHONS & frozenset().union(*(line.uses for line in (*own, *needs.chosen))),
        given_cells=frozenset(line.cell for line in needs.lines_from("given")),
        set_up=tuple(ast.unparse(line.node) for line in needs.lines_from("test")),
        origins=needs.origins(),
        saved=saved,
    )


def _saved(needs: _Needs, dependent: Sequence[Line]) -> tuple[Kept, ...]:
    """Return the lines of earlier tests that give names values which depend on an answer."""
    return tuple(
        (ast.unparse(line.node), tuple(sorted(line.gives)), needs.cells[line.cell])
        for line in needs.lines_from("test")
        if line in dependent and not isinstance(line.node, _DEFINITIONS)
    )


def _why_saved(saved: Sequence[Kept]) -> str:
    """Return why a test cannot be run apart: a cell after the earlier test may change the value."""
    return f"it uses {saved[0][1][0]}, which an earlier test made" if saved else ""


def _compiled(statements: list[ast.stmt]) -> CodeType:
    return compile(ast.Module(statements, []), "<test>", "exec", dont_inherit=True)


def _rebound_by_tests(cells: Sequence[MasterCell], earlier: Iterable[Line]) -> frozenset[str]:
    """Return the names to which a test cell assigned last."""
    last = {name: cells[line.cell].kind for line in earlier for name in line.gives}
    return frozenset(name for name, kind in last.items() if kind == "test")


def _is_trusted(cell: MasterCell, line: Line) -> bool:
    """Return whether a line of the master may be run: all but the answers themselves."""
    return cell.kind in ("given", "test") or isinstance(line.node, (ast.Import, ast.ImportFrom))


def _is_helper(cell: MasterCell, line: Line) -> bool:
    """Return whether a line is a helper for tests: an import or a function, but no data."""
    tools = (ast.Import, ast.ImportFrom, ast.FunctionDef)
    return cell.kind == "test" or (cell.kind == "given" and isinstance(line.node, tools))


def _free(lines: Sequence[Line], theirs: frozenset[str]) -> frozenset[str]:
    """Return the names that a cell looks up before it assigns to them."""
    given: set[str] = set()
    free: set[str] = set()
    for line in lines:
        loops = (
            line.gives if not isinstance(line.node, (ast.Assign, ast.AugAssign)) else frozenset()
        )
        free |= line.uses - given - (loops - theirs)
        given |= line.gives
    return frozenset(free) - _GIVEN_BY_PYTHON


def _slice(
    free: frozenset[str], earlier: Sequence[Line], theirs: frozenset[str]
) -> tuple[list[Line], set[str]]:
    """Choose the lines above that assign to the free names; the other names are answers."""
    needed = set(free & theirs)
    missing = set(free - theirs)
    chosen: list[Line] = []
    given: set[str] = set()
    for line in reversed(earlier):
        if line.gives & missing:
            chosen.insert(0, line)
            given |= line.gives
            inner = line.uses - _GIVEN_BY_PYTHON - line.gives
            needed |= inner & theirs
            missing |= inner - theirs
    return chosen, needed | (missing - given)


def _dependent(chosen: Sequence[Line], answers: frozenset[str]) -> list[Line]:
    """Choose the lines that depend on an answer."""
    reached = set(answers)
    dependent = []
    for line in chosen:
        if (line.uses | line.gives) & reached:
            dependent.append(line)
            reached |= line.gives
    return dependent


def by_name(found: Mapping[str, T]) -> dict[str, T]:
    """Return answers by their bare names; by `name@grade_id` where a name has several.

    >>> by_name({"a@test_1": 1, "b@test_1": 2, "b@test_2": 3})
    {'a': 1, 'b@test_1': 2, 'b@test_2': 3}
    """
    several: dict[str, dict[str, T]] = {}
    for wanted, value in found.items():
        several.setdefault(Wanted.parse(wanted).name, {})[wanted] = value
    named: dict[str, T] = {}
    for name, values in several.items():
        alike = len({exact_text(value) for value in values.values()}) == 1
        named |= {name: next(iter(values.values()))} if alike else values
    return named
