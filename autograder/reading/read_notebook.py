"""Reading a notebook from top to bottom."""

from __future__ import annotations

import ast
import builtins
import keyword
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from autograder.reading.missing_answer import LONGEST_WORDS, why_unanswered
from autograder.records import Answer, Submission, SubmittedCell, Unavailable, Wanted

from .bounds import Fuel, Raised, Unreadable
from .evaluator import Evaluator, Scope
from .instructor_cells import (
    looked_up,
    reached,
    step_over,
    touched_by_ours,
    touched_in,
    unreadable_function,
)
from .lookups import lookup_points
from .plain_answers import as_answer
from .source import Parsed, parse, parse_trusted
from .statements import call_body, carry_out

_FIRST_WORD = re.compile(r"([^\W\d]\w*)\s*(.?)")
_MOST_CHARACTERS = 200_000
"""Characters in all cells of a student; parsing takes about 2 microseconds for each."""
_STEPS_OF_OURS = 5_000
"""Steps for one statement of the instructor; a longer one is skipped, not evaluated."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The result: `values` are certain; `unread` holds the names that must be run, with reasons.

    `stopped` are the cells that stop with an error, by their place, and the error in words.
    """

    values: Mapping[str, Answer]
    unread: Mapping[str, str]
    stopped: Mapping[int, str] = field(default_factory=dict)


def read_answers(submission: Submission, names: frozenset[str]) -> Reading:
    """Read the answers of a submission without running any of it.

    A value that is read is exactly the one that the notebook, run from top to bottom, would have
    before the cell that checks it. All others are left unread, with the reason.

    >>> cell = SubmittedCell("q", "code", "sizes = [28 - 2 * i for i in range(3)]", trusted=False)
    >>> read_answers(Submission("ada", "a", "n", (cell,)), frozenset({"sizes"})).values
    {'sizes': [28, 26, 24]}
    """
    due = lookup_points(submission.cells, names)
    walk = _Walk(submission.cells)
    for index in range(len(submission.cells) + 1):
        for wanted in [wanted for wanted, when in due.items() if index in when]:
            if not walk.has_settled(wanted):
                walk.look(wanted, last=index == due[wanted][-1])
        if len(walk.values) + len(walk.unread) == len(due):
            break
        walk.read(index)
    return Reading(walk.values, walk.unread, walk.troubles)


@dataclass(slots=True)
class _Walk:
    """The state of reading. Once there is a `doubt`, nothing after it is read."""

    cells: Sequence[SubmittedCell]
    scope: Scope = field(default_factory=lambda: Scope({}))
    evaluator: Evaluator = field(default_factory=lambda: Evaluator(Fuel(), call_body))
    students: set[str] = field(default_factory=set)
    characters: int = 0
    doubt: str = ""
    troubles: dict[int, str] = field(default_factory=dict)
    values: dict[str, Answer] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)

    def has_settled(self, wanted: str) -> bool:
        """Return whether an answer's value is recorded."""
        return wanted in self.values or wanted in self.unread

    def look(self, wanted: str, *, last: bool) -> None:
        """Record an answer's present value, if it has one."""
        name = Wanted.parse(wanted).name
        if self.doubt:
            self.unread[wanted] = self.doubt
        elif name in self.scope.names:
            try:
                self.values[wanted] = as_answer(self.scope.names[name])
            except Exception as problem:  # noqa: BLE001 - whatever it is, the cells can be run
                self.unread[wanted] = _sentence(problem)
        elif last:
            self.values[wanted] = Unavailable(why_unanswered(name, self.cells, self.troubles))

    def read(self, index: int) -> None:
        """Read one more cell."""
        cell = self.cells[index]
        if self.doubt or cell.cell_type != "code":
            return
        try:
            parsed = parse_trusted(cell.source) if cell.trusted else self._parsed(cell.source)
        except Unreadable as problem:
            self._leave_unread(cell, problem)
            return
        if not cell.trusted and _may_be_magic(cell.source, self.scope.names):
            self._leave_unread(cell, Unreadable("IPython may take it for a command"))
            return
        if parsed.mistake:
            self.troubles[index] = parsed.mistake
        self.evaluator.doubtful = False
        for statement, parts in zip(parsed.statements, parsed.parts, strict=True):
            try:
                self._carry_out(statement, parts, trusted=cell.trusted)
            except Raised as raised:
                error = f"{type(raised.error).__name__}: {raised}"[:LONGEST_WORDS]
                self.troubles[index] = f"{error} (line {statement.lineno})"
                return  # as in a notebook, the next cell is run
            except Exception as problem:  # noqa: BLE001 - whatever it is, the cells can be run
                self._leave_unread(cell, problem)
                return

    def _parsed(self, source: str) -> Parsed:
        """Parse a cell of the student, unless the cells are too long together."""
        self.characters += len(source)
        if self.characters > _MOST_CHARACTERS:
            raise Unreadable("the notebook is longer than reading allows")
        return parse(source)

    def _carry_out(self, statement: ast.stmt, parts: list[ast.AST], *, trusted: bool) -> None:
        """Execute one statement of a cell."""
        if not trusted:
            self.students.update(touched_in(parts))
            carry_out(self.evaluator, statement, self.scope)
            return
        theirs = reached(looked_up(statement), self.scope.names) & self.students
        own_fuel, self.evaluator.fuel = self.evaluator.fuel, Fuel(_STEPS_OF_OURS)
        doubtful = self.evaluator.doubtful
        try:
            carry_out(self.evaluator, statement, self.scope)
        except Unreadable:
            self._step_over(statement, theirs)
            self.evaluator.doubtful = True
        finally:
            self.evaluator.fuel = own_fuel
        # It may fail because of the student's values; the rest of its cell is then not executed.
        self.evaluator.doubtful = doubtful or (bool(theirs) and self.evaluator.doubtful)
        if theirs:
            self.students.update(touched_by_ours(statement))

    def _step_over(self, statement: ast.stmt, theirs: frozenset[str]) -> None:
        """Skip a statement of the instructor that cannot be evaluated.

        It is trusted, but a student's function that it may call is not, unless it can be read.
        """
        culprit = unreadable_function(theirs, self.scope.names)
        if culprit:
            raise Unreadable(f"it calls {culprit}(), which cannot be read completely")
        step_over(statement, self.scope)

    def _leave_unread(self, cell: SubmittedCell, problem: Exception) -> None:
        where = f"The cell {cell.grade_id}" if cell.grade_id else "A cell without a name"
        self.doubt = f"{where} cannot be read for certain: {problem}"


def _may_be_magic(source: str, names: Mapping[str, Any]) -> bool:
    """Return whether IPython may take a cell of one line for a command, such as `reset -f`.

    It does so when the line begins with a name that has no value and is not assigned to there:
    `IPython.core.prefilter.AutoMagicChecker`.
    """
    lines = source.strip().splitlines()
    first = _FIRST_WORD.match(lines[0]) if len(lines) == 1 else None
    if first is None:
        return False
    word, following = first.groups()
    known = word in names or keyword.iskeyword(word) or hasattr(builtins, word)
    return not known and following not in ("=", ",")


def _sentence(problem: Exception) -> str:
    return f"The answer cannot be read for certain: {problem}"
