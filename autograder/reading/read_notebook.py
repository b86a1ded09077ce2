"""A notebook, read from top to bottom."""

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
    touched,
    touched_by_ours,
    unreadable_function,
)
from .lookups import moments
from .plain_answers import as_answer
from .source import Parsed, parse, parse_trusted
from .statements import call_body, carry_out

_FIRST_WORD = re.compile(r"([^\W\d]\w*)\s*(.?)")
_MOST_CHARACTERS = 200_000
"""Characters in all the cells of a student's; parsing costs about 2 microseconds for each."""
_STEPS_OF_OURS = 5_000
"""Steps for one statement of the instructor's: what takes more is stepped over, not evaluated."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read: `values` for certain; `unread` names what must be run, and says why.

    `stopped` are the cells that stop with an error, by their place, and the error in words.
    """

    values: Mapping[str, Answer]
    unread: Mapping[str, str]
    stopped: Mapping[int, str] = field(default_factory=dict)


def read_answers(submission: Submission, names: frozenset[str]) -> Reading:
    """Read the answers of a submission without running any of it.

    What is read is just what the notebook would hold, run from top to bottom, when the cell that
    checks it comes. All else is left unread, with the reason.

    >>> cell = SubmittedCell("q", "code", "sizes = [28 - 2 * i for i in range(3)]", trusted=False)
    >>> read_answers(Submission("ada", "a", "n", (cell,)), frozenset({"sizes"})).values
    {'sizes': [28, 26, 24]}
    """
    due = moments(submission.cells, names)
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
    """Where reading has come to. Once there is a `doubt`, nothing after it is read."""

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
        """Tell whether an answer has been looked at."""
        return wanted in self.values or wanted in self.unread

    def look(self, wanted: str, *, last: bool) -> None:
        """Take down an answer as it is now, if it is there yet."""
        name = Wanted.parse(wanted).name
        if self.doubt:
            self.unread[wanted] = self.doubt
        elif name in self.scope.names:
            try:
                self.values[wanted] = as_answer(self.scope.names[name])
            except (Unreadable, RecursionError) as problem:
                self.unread[wanted] = _sentence(problem)
        elif last:
            self.values[wanted] = Unavailable(why_unanswered(name, self.cells, self.troubles))

    def read(self, index: int) -> None:
        """Read one cell more."""
        cell = self.cells[index]
        if self.doubt or cell.cell_type != "code":
            return
        try:
            parsed = parse_trusted(cell.source) if cell.trusted else self._parsed(cell.source)
        except Unreadable as problem:
            self._leave_unread(cell, problem)
            return
        if not cell.trusted and _may_be_magic(cell.source, self.scope.names):
            self._leave_unread(cell, Unreadable("it may be a command of IPython's"))
            return
        if parsed.mistake:
            self.troubles[index] = parsed.mistake
        self.evaluator.doubtful = False
        for statement in parsed.statements:
            try:
                self._carry_out(statement, trusted=cell.trusted)
            except Raised as raised:
                error = f"{type(raised.error).__name__}: {raised}"[:LONGEST_WORDS]
                self.troubles[index] = f"{error} (line {statement.lineno})"
                return  # as in the notebook: the cell ends here, and the next one begins
            except (Unreadable, RecursionError) as problem:
                self._leave_unread(cell, problem)
                return

    def _parsed(self, source: str) -> Parsed:
        """Parse a cell of the student's, as long as there are not too many of them."""
        self.characters += len(source)
        if self.characters > _MOST_CHARACTERS:
            raise Unreadable("the notebook is longer than reading allows")
        return parse(source)

    def _carry_out(self, statement: ast.stmt, *, trusted: bool) -> None:
        """Carry out one statement of a cell."""
        if not trusted:
            self.students.update(touched(statement))
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
        # It may fail over what the student left, so that the rest of its cell does not happen.
        self.evaluator.doubtful = doubtful or (bool(theirs) and self.evaluator.doubtful)
        if theirs:
            self.students.update(touched_by_ours(statement))

    def _step_over(self, statement: ast.stmt, theirs: frozenset[str]) -> None:
        """Trust a statement of the instructor's that cannot be evaluated.

        Only a function of the student's that it may call is not trusted, unless it can be read.
        """
        culprit = unreadable_function(theirs, self.scope.names)
        if culprit:
            raise Unreadable(f"it calls {culprit}(), of which not all can be read")
        step_over(statement, self.scope)

    def _leave_unread(self, cell: SubmittedCell, problem: Exception) -> None:
        where = f"The cell {cell.grade_id}" if cell.grade_id else "A cell without a name"
        self.doubt = f"{where} cannot be read for certain: {problem}"


def _may_be_magic(source: str, names: Mapping[str, Any]) -> bool:
    """Tell whether IPython may take a cell of one line for a command: `reset -f` is one.

    It does so when the line begins with a name that holds nothing and is not given a value there:
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
