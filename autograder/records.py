"""The plain data that passes from one step of grading to the next.

    submitted file --intake--> Submission --reading or running--> answers --examiner--> CellMark

Every value here is frozen and made of built-in types, so any step can run in another process.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

Repeat: TypeAlias = Literal["changed", "always", "once", "never"]
CellKind = Literal["solution", "test", "manual", "given"]
"""In nbgrader: an answer; an autograded test (locked); an answer graded by hand; a given cell."""


@dataclass(frozen=True, slots=True)
class MasterCell:
    """One cell of the instructor's notebook, with its hidden tests.

    `released` is the text that students receive of it.
    """

    grade_id: str
    kind: CellKind
    cell_type: Literal["code", "markdown", "raw"]
    source: str
    points: float = 0.0
    released: str = ""


@dataclass(frozen=True, slots=True)
class Master:
    """The instructor's notebook, with which every submission is compared."""

    assignment: str
    notebook: str
    cells: tuple[MasterCell, ...]

    def __hash__(self) -> int:
        """Hash the names alone: it is a cache key for every mark, and its text is long."""
        return hash((self.assignment, self.notebook))


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a submission that a person may want to look at; it proves nothing."""

    code: str
    message: str
    grade_id: str = ""


@dataclass(frozen=True, slots=True)
class SubmittedCell:
    """One cell as it will be read or run: the student's answer, or the master's text.

    `grade_id` is empty for a cell that the student added. A `trusted` cell is the master's, exactly
    as released (so without hidden tests). `master` is its place there; None for an added cell.
    """

    grade_id: str
    cell_type: Literal["code", "markdown", "raw"]
    source: str
    trusted: bool
    master: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Submission:
    """A student's notebook, matched to the master: cells in order, restored, with findings."""

    student: str
    assignment: str
    notebook: str
    cells: tuple[SubmittedCell, ...]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class KerasObject:
    """A Keras model or layer as data: its class name and the result of `get_config()`."""

    kind: Literal["model", "layer"]
    class_name: str
    config: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StudentFunction:
    """A function that the student wrote; `call` has a timeout and returns plain values only.

    Attributes:
        name: Its name.
        call: Calls it.
        uses: The names outside itself that it, or a function that it calls, looks up.
        doubt: Why a call from another process may not show all of its effects, or "".
        doubts: A list to which each call adds what it could not show exactly.
    """

    name: str
    call: Callable[..., PlainValue] = field(compare=False)
    uses: frozenset[str] = field(default=frozenset(), compare=False, repr=False)
    doubt: str = field(default="", compare=False, repr=False)
    doubts: list[str] = field(default_factory=list, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Unavailable:
    """A missing answer, with the reason in words for the student.

    Attributes:
        reason: Why.
        flagged: Whether a person should look.
        cannot_cross: The notebook has a value, but it cannot be sent to another process unchanged.
        nearest: A plain value close to it, such as a tuple for a named tuple; `...` for none.
    """

    reason: str
    flagged: bool = False
    cannot_cross: bool = False
    nearest: Any = ...


@dataclass(frozen=True, slots=True)
class Saved:
    """A line of an earlier hidden test that gives names values which depend on the answers.

    The values are those of the end of the earlier test: a later cell may change what they were made
    from. `line` stands in `BesideTest.set_up`; `test`, `cell` and `source` are the earlier test's
    `grade_id`, its place in the notebook, and its whole source.
    """

    line: str
    names: tuple[str, ...]
    test: str
    cell: int
    source: str


@dataclass(frozen=True, slots=True)
class BesideTest:
    """A hidden test that is run beside the student's cells, after they have ended.

    Attributes:
        grade_id: The test cell's name.
        cell: Its index in `Submission.cells`.
        source: The whole source of the master's cell, hidden tests and magics included.
        set_up: Lines of earlier hidden tests that define names for this one.
        origins: For each of these lines, the earlier test and the number of the line in it.
        answers: The names that the instructor's own answers define; None where they are not known.
            Where a student redefines one of Python's functions that is not among them, such as
            `isinstance`, the test still gets Python's own.
        saved: The lines of `set_up` whose values are taken from the earlier test, where they can be
            written as Python's literals.
        again: When it is run again, with what was changed put back (see running/second_run.py).
        released: The files of the working folder that the instructor has released.
    """

    grade_id: str
    cell: int
    source: str
    set_up: tuple[str, ...] = ()
    answers: frozenset[str] | None = None
    origins: tuple[tuple[str, int], ...] = ()
    saved: tuple[Saved, ...] = ()
    again: Repeat = "changed"
    released: frozenset[str] = frozenset()


Second: TypeAlias = Literal["same", "other", "depends"]
TIMED_OUT = "CellTimeoutError"  # nbclient's name for the error of a test that took too long


@dataclass(frozen=True, slots=True)
class TestResult:
    """How a test cell ended, as in the kernel of stock nbgrader.

    Attributes:
        grade_id: The test cell's name.
        ended: Whether it completed, raised an error, or could not be run.
        text: The text/plain of the last expression, "" where there is none; partial credit.
        error: The class name of the error.
        message: The error's message, or why the test could not be run.
        printed: What the cell printed to stdout; its length is limited.
        stderr: What it wrote to stderr, limited too: stock gives no points where there is any.
        line: The line of the cell, from 1, at which it raised its error; 0 where it is not known.
            Student code may have forged it.
        flagged: Whether a person should look.
        changed: Whether something was restored before the test; a person looks at lost points.
        second: A second run's points: the same, others, or others because of what was put back.
    """

    __test__ = False  # for pytest: it is no test

    grade_id: str
    ended: Literal["passed", "raised", "not_run"]
    text: str = ""
    error: str = ""
    message: str = ""
    printed: str = ""
    stderr: str = ""
    line: int = 0
    flagged: bool = False
    changed: bool = False
    second: Second = "same"


@dataclass(slots=True)
class Noticed:
    """What is noticed while a notebook's cells are read or run; it is added to as they are.

    Attributes:
        stopped: The cells that stopped with an error, by place, and the error in words.
        network: The place of the cell by which it had asked for the network; infinity: never.
    """

    stopped: dict[int, str] = field(default_factory=dict)
    network: float = math.inf


@dataclass(frozen=True, slots=True)
class Wanted:
    """An answer that is asked for: a name, and the test cell before which it is looked at.

    Without a test cell, it is looked at where a cell of the instructor's first uses the name. Where
    answers are kept or sent, they are called by its text.

    >>> str(Wanted("model", "test_same")), Wanted.parse("model")
    ('model@test_same', Wanted(name='model', grade_id=''))
    """

    name: str
    grade_id: str = ""

    @classmethod
    def parse(cls, text: str) -> Wanted:
        """Read it from its text; names of Python's hold no `@`."""
        name, _, grade_id = text.partition("@")
        return cls(name, grade_id)

    def __str__(self) -> str:
        return f"{self.name}@{self.grade_id}" if self.grade_id else self.name


PlainValue: TypeAlias = Any
"""A value of one of the types that `running/inside/decoding.py` makes, or one of the two above."""
Answer: TypeAlias = PlainValue | Unavailable
Answers = Mapping[str, Answer]

Way = Literal["read", "apart", "beside", "none"]
"""The way to a mark: "read" (all answers were read), "apart" (the student's cells were run and the
answers' values were sent to the examiner), "beside" (the test was run beside the student's cells);
or "none" where no test gave it."""


@dataclass(frozen=True, slots=True)
class CellMark:
    """The mark of one graded cell.

    `points` is None for a cell that is marked by hand. `flagged` asks a person to look.
    `from_number` is true where the test ended with a number, or with a mark of our own checks;
    `second` tells what a second run of the test gave, as in `TestResult`.
    """

    grade_id: str
    points: float | None
    possible: float
    reasons: tuple[str, ...] = ()
    flagged: bool = False
    way: Way = "none"
    from_number: bool = field(default=False, compare=False)
    second: Second = field(default="same", compare=False)

    def __post_init__(self) -> None:
        """Refuse points outside 0..possible."""
        if self.points is not None and not 0 <= self.points <= self.possible:
            raise ValueError(f"{self.grade_id}: {self.points} points is outside 0..{self.possible}")


@dataclass(frozen=True, slots=True)
class MarkedNotebook:
    """What is recorded of one student's notebook.

    `unanswered` holds the cells with exactly the released text; `unmarked` the answers that could
    not be marked here, with reasons; `texts` a digest, by graded cell, of the text that its mark
    is about (empty where the notebook could not be read).
    """

    student: str
    notebook: str
    marks: tuple[CellMark, ...]
    findings: tuple[Finding, ...]
    unanswered: frozenset[str]
    answers: Mapping[str, Answer]
    unmarked: Mapping[str, str]
    texts: Mapping[str, str] = field(default_factory=dict)
