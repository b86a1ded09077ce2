"""What the hidden tests of a notebook need: which answers, and which lines of the trusted cells.

A test cell is run by itself. A name that it looks up is an answer when the student's cells give it
its value; else it comes from the lines above in the instructor's own notebook, of which just those
are run that the name needs.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import CodeType
from typing import TypeVar

from autograder.exam.lines import Line, lines_of, names_at_once, statements_of
from autograder.exam.live_tests import imports_ours, why_live
from autograder.records import Master, MasterCell, Wanted

T = TypeVar("T")
_GIVEN_BY_PYTHON = frozenset({*dir(builtins), "get_ipython", "display", "__name__", "__file__"})


@dataclass(frozen=True, slots=True)
class Plan:
    """How one test cell is run.

    `answers` maps the names that it takes from the student to what to ask for (the text of a
    `Wanted`): the value of the name when this cell comes. `helping` are those that it can do
    without: it looks them up inside a `lambda` alone, or they hold what was given. `shared` is the
    set-up that no answer touches, `own` the set-up that one does; then come `body` and `last`, the
    value of which is the partial credit.
    """

    cell: MasterCell
    answers: Mapping[str, str]
    shared: tuple[CodeType, ...] = ()
    own: tuple[CodeType, ...] = ()
    body: CodeType | None = None
    last: CodeType | None = None
    helping: frozenset[str] = frozenset()
    trouble: str = ""
    """Why the cell cannot be run at all: then it gives no points."""
    ours: bool = False
    """Whether it calls our own checks, which are not in the sandbox."""
    live: str = ""
    """Why it has to be run where the student's own objects live; "" where it need not."""
    stores: frozenset[str] = frozenset()
    """What it gives a value, its own set-up included."""
    borrows: frozenset[str] = frozenset()
    """What its set-up gives a value: what student code calls by the same name is not used."""
    given_cells: frozenset[int] = frozenset()
    """The given cells that its set-up comes from, by their place in the master."""
    set_up: tuple[str, ...] = ()
    """The lines of earlier test cells that it needs."""


@lru_cache(maxsize=64)
def plans(master: Master) -> tuple[Plan, ...]:
    """Return a plan for each test cell of the notebook."""
    lines = tuple(lines_of(master.cells))
    return tuple(
        _plan(master.cells, index, lines)
        for index, cell in enumerate(master.cells)
        if cell.kind == "test" and cell.cell_type == "code"
    )


def _plan(cells: Sequence[MasterCell], index: int, lines: Sequence[Line]) -> Plan:
    """Work out what one test cell needs.

    Our own checks get the instructor's values, whatever a student did to them. Any other test gets
    what the notebook holds, as under stock nbgrader: only what it imports, and functions that are
    given, come from the instructor.
    """
    own = [line for line in lines if line.cell == index]
    needs = _Needs.of(cells, index, lines, _is_trusted)
    if not imports_ours(line.node for line in (*needs.chosen, *own)):
        needs = _Needs.of(cells, index, lines, _is_helper)
        return _made(cells[index], own, needs, ours=False)
    return _made(cells[index], own, needs, ours=True)


@dataclass(frozen=True, slots=True)
class _Needs:
    """What a test takes from above: lines of the instructor's, and names of the student's."""

    cells: Sequence[MasterCell]
    chosen: Sequence[Line]
    names: frozenset[str]
    given: frozenset[str]
    """Those of the names that no cell of the student's is there to give a value."""

    @classmethod
    def of(
        cls,
        cells: Sequence[MasterCell],
        index: int,
        lines: Sequence[Line],
        is_trusted: Callable[[MasterCell, Line], bool],
    ) -> _Needs:
        """Choose the lines and the names; only lines that are trusted are chosen."""
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
        """Return the chosen lines that stand in cells of these kinds."""
        return [line for line in self.chosen if self.cells[line.cell].kind in kinds]


def _made(cell: MasterCell, own: Sequence[Line], needs: _Needs, *, ours: bool) -> Plan:
    """Make the plan of one test cell."""
    found, trouble = statements_of(cell)
    statements = list(found)
    answers = {name: str(Wanted(name, cell.grade_id)) for name in sorted(needs.names)}
    dependent = _dependent(needs.chosen, frozenset(answers))
    last = statements.pop() if statements and isinstance(statements[-1], ast.Expr) else None
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
        live="" if ours else trouble or why_live(cell.source, found),
        stores=frozenset().union(*(line.gives for line in (*own, *needs.chosen))),
        borrows=frozenset().union(*(line.gives for line in needs.chosen)),
        given_cells=frozenset(line.cell for line in needs.lines_from("given")),
        set_up=tuple(ast.unparse(line.node) for line in needs.lines_from("test")),
    )


def _compiled(statements: list[ast.stmt]) -> CodeType:
    return compile(ast.Module(statements, []), "<test>", "exec", dont_inherit=True)


def _rebound_by_tests(cells: Sequence[MasterCell], earlier: Iterable[Line]) -> frozenset[str]:
    """Name what a test cell was the last to give a value."""
    last = {name: cells[line.cell].kind for line in earlier for name in line.gives}
    return frozenset(name for name, kind in last.items() if kind == "test")


def _is_trusted(cell: MasterCell, line: Line) -> bool:
    """Tell whether a line of the master's may be run: all but the answers themselves."""
    return cell.kind in ("given", "test") or isinstance(line.node, (ast.Import, ast.ImportFrom))


def _is_helper(cell: MasterCell, line: Line) -> bool:
    """Tell whether a line gives a test what it works with: an import or a function, but no data."""
    tools = (ast.Import, ast.ImportFrom, ast.FunctionDef)
    return cell.kind == "test" or (cell.kind == "given" and isinstance(line.node, tools))


def _free(lines: Sequence[Line], theirs: frozenset[str]) -> frozenset[str]:
    """Name what a cell looks up before it gives it a value itself."""
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
    """Choose the lines above that give the free names their values; the rest are answers."""
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
    """Choose the lines that an answer reaches."""
    reached = set(answers)
    dependent = []
    for line in chosen:
        if (line.uses | line.gives) & reached:
            dependent.append(line)
            reached |= line.gives
    return dependent


def by_name(found: Mapping[str, T]) -> dict[str, T]:
    """Return answers under their names alone; as asked for, where a name holds several.

    >>> by_name({"a@test_1": 1, "b@test_1": 2, "b@test_2": 3})
    {'a': 1, 'b@test_1': 2, 'b@test_2': 3}
    """
    several: dict[str, dict[str, T]] = {}
    for wanted, value in found.items():
        several.setdefault(Wanted.parse(wanted).name, {})[wanted] = value
    named: dict[str, T] = {}
    for name, values in several.items():
        alike = len({repr(value) for value in values.values()}) == 1
        named |= {name: next(iter(values.values()))} if alike else values
    return named
