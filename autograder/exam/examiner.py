"""Hidden tests on plain values: marks out.

No code of a student's runs in this process. A test cell runs by itself, in a namespace that holds
the answers that it needs, and what the instructor's own lines above give it, so one question never
voids another. The marks are those that stock nbgrader would give: all points when the cell ends
without an error, the number that it ends with where there is one, and none when it fails.
"""

from __future__ import annotations

import contextlib
import copy
import hashlib
import io
import math
import warnings
from collections.abc import Iterator, Mapping
from functools import lru_cache
from numbers import Real
from types import EllipsisType
from typing import Any

from autograder.course.settings import DEFAULTS, Settings, in_force
from autograder.exam.checks import submitted_by
from autograder.exam.keras_views import view
from autograder.exam.mark import Mark, without_noise
from autograder.exam.plan import Plan, plans
from autograder.exam.time_limit import TimeUp, within
from autograder.reading.plain_answers import TooMuchWork
from autograder.records import (
    Answer,
    Answers,
    CellMark,
    KerasObject,
    Master,
    MasterCell,
    StudentFunction,
    Unavailable,
)

SECONDS = 10
"""How long one test cell may take, in seconds of the processor.

A student's function runs elsewhere, under limits of its own.
"""
_LONGEST_REASON = 400
_MOST_REASONS = 20
_NOT_ANSWERED = "Not answered."
_NEVER_ASKED = Unavailable("The answer was not asked for.", flagged=True)
_MOST_MARKS = 10_000
_MARKS: dict[tuple[Master, str, str, Settings, bytes], CellMark] = {}


class _SetUpError(Exception):
    """The instructor's own lines above a test fail."""


def needed_names(master: Master) -> Mapping[str, frozenset[str]]:
    """Return for each test cell the answers that it needs.

    An answer is asked for as `name@grade_id`: the value of the name when that cell comes.
    """
    return {plan.cell.grade_id: frozenset(plan.answers.values()) for plan in plans(master)}


def examine(
    master: Master, answers: Answers, student: str, settings: Settings = DEFAULTS
) -> tuple[CellMark, ...]:
    """Mark every graded cell of a notebook; a cell to be marked by hand gets no points yet."""
    by_id = {plan.cell.grade_id: plan for plan in plans(master)}
    with submitted_by(student), in_force(settings):
        return tuple(
            _mark(master, by_id[cell.grade_id], answers, student, settings)
            if cell.grade_id in by_id
            else CellMark(cell.grade_id, None, cell.points)
            for cell in master.cells
            if cell.kind in ("test", "manual")
        )


def _mark(
    master: Master, plan: Plan, answers: Answers, student: str, settings: Settings
) -> CellMark:
    """Mark one test cell; a class gives the same few answers, so its marks are kept by answer."""
    if plan.trouble:
        return _zero(plan.cell, plan.trouble, flagged=True)
    given: dict[str, Answer] = {
        name: answers.get(wanted, answers.get(name, _NEVER_ASKED))
        for name, wanted in plan.answers.items()
    }
    whose = student if _asks_who(master) else ""
    # Answers are of plain types exactly, so their text tells them apart; but not functions.
    text = repr(given)
    if "StudentFunction(" in text:
        return _examined(master, plan, given)
    # Of the text, only a digest is kept: a hostile class's answers may be long.
    key = (master, plan.cell.grade_id, whose, settings, hashlib.sha256(text.encode()).digest())
    if key not in _MARKS:
        mark = _examined(master, plan, given)
        if mark.flagged or len(_MARKS) >= _MOST_MARKS:
            return mark
        _MARKS[key] = mark
    return _MARKS[key]


@lru_cache(maxsize=64)
def _asks_who(master: Master) -> bool:
    """Whether any check of the notebook may look at whose it is."""
    return any("submitter" in cell.source for cell in master.cells)


def _examined(master: Master, plan: Plan, given: Mapping[str, Answer]) -> CellMark:
    """Run one test cell."""
    cell = plan.cell
    missing = {name: value for name, value in given.items() if isinstance(value, Unavailable)}
    asked = {name: value for name, value in given.items() if name not in plan.helping} or given
    lacking = [value for value in asked.values() if isinstance(value, Unavailable)]
    flagged = any(value.flagged for value in lacking)
    if asked and all(isinstance(value, (Unavailable, EllipsisType)) for value in asked.values()):
        reasons = [value.reason for value in lacking] or [_NOT_ANSWERED]
        return _zero(cell, *reasons, flagged=flagged)
    try:
        with _quietly(), within(SECONDS):
            namespace = _copied(_shared(master, cell.grade_id))
            namespace |= {name: _for_test(given[name]) for name in given.keys() - missing.keys()}
            value = _run(plan, namespace)
    except (Exception, SystemExit, TimeUp) as error:  # noqa: BLE001 - a test may fail in any way
        if isinstance(error, NameError) and error.name in missing:
            absent = missing[error.name]
            return _zero(cell, absent.reason, flagged=flagged or absent.flagged)
        return _zero(cell, _in_words(error), flagged=flagged or isinstance(error, _FOR_A_PERSON))
    return _points(cell, value)


_FOR_A_PERSON = (TooMuchWork, _SetUpError, TimeUp)
"""What says nothing about the answer: a person should look."""


def _in_words(error: BaseException) -> str:
    """Say why a test cell did not come to its end."""
    if isinstance(error, TimeUp):
        return f"The check needed more than {SECONDS} seconds."
    if isinstance(error, (TooMuchWork, _SetUpError)):
        return str(error)
    if isinstance(error, AssertionError):
        return str(error) or "The answer is not right."
    return f"The check stopped: {type(error).__name__}: {error}"


def _run(plan: Plan, namespace: dict[str, Any]) -> Any:
    """Run the set-up and the cell; return what it ends with.

    The instructor's own code: `exec` is what running it means.
    """
    for code in plan.own:
        exec(code, namespace)  # noqa: S102 - the instructor's line
    if plan.body is not None:
        exec(plan.body, namespace)  # noqa: S102 - the instructor's test
    return None if plan.last is None else eval(plan.last, namespace)  # noqa: S307 - as above


@lru_cache(maxsize=512)
def _shared(master: Master, grade_id: str) -> Mapping[str, Any]:
    """Run the set-up that depends on no answer, once for the whole class."""
    namespace: dict[str, Any] = {
        "__name__": "__main__",
        "display": lambda *_, **__: None,
        "get_ipython": _NoKernel,
    }
    (plan,) = (plan for plan in plans(master) if plan.cell.grade_id == grade_id)
    try:
        for code in plan.shared:
            exec(code, namespace)  # noqa: S102 - the instructor's line
    except Exception as error:
        words = f"The check could not be set up: {type(error).__name__}: {error}"
        raise _SetUpError(words) from error
    return namespace


class _NoKernel:
    """What a test finds instead of IPython: its magics do nothing here."""

    def run_line_magic(self, *_: Any, **__: Any) -> None:
        """Do nothing."""

    def run_cell_magic(self, *_: Any, **__: Any) -> None:
        """Refuse, for the cell would not be run.

        Raises:
            NotImplementedError: Always.
        """
        raise NotImplementedError("a hidden test cannot start with %%")


def _copied(namespace: Mapping[str, Any]) -> dict[str, Any]:
    """Copy the set-up, so that what one student's test does to a list reaches no other."""
    plain = (list, dict, set)
    return {
        name: copy.deepcopy(value) if isinstance(value, plain) and name != "__builtins__" else value
        for name, value in namespace.items()
    }


def _for_test(value: Answer) -> Any:
    """Return a fresh copy of an answer in the shape that tests expect."""
    if isinstance(value, KerasObject):
        return view(value)
    if isinstance(value, StudentFunction):
        return _Called(value)
    if isinstance(value, list):
        return [_for_test(item) for item in value]
    if isinstance(value, tuple):
        return tuple(_for_test(item) for item in value)
    if isinstance(value, dict):
        return {_for_test(key): _for_test(item) for key, item in value.items()}
    return value


class _Called:
    """A student's function, which tests call like any other."""

    def __init__(self, function: StudentFunction) -> None:
        self.__name__ = self.__qualname__ = function.name
        self._call = function.call

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the student's function; what it gives is plain."""
        return _for_test(self._call(*args, **kwargs))

    def __repr__(self) -> str:
        return f"<function {self.__name__}>"


def _points(cell: MasterCell, value: Any) -> CellMark:
    """Read the points that a test cell ended with, as stock nbgrader does."""
    if isinstance(value, bool) or not isinstance(value, Real):
        return CellMark(cell.grade_id, cell.points, cell.points)
    points = without_noise(float(value), cell.points)
    if not (math.isfinite(points) and 0 <= points <= cell.points):
        return _zero(cell, f"The check gave {points} of {cell.points} points.", flagged=True)
    reasons: tuple[str, ...] = value.reasons if isinstance(value, Mark) else ()
    if points < cell.points and not reasons:
        reasons = (f"The check gave {points:g} of {cell.points:g} points.",)
    return CellMark(cell.grade_id, points, cell.points, _bounded(reasons))


def _zero(cell: MasterCell, *reasons: str, flagged: bool = False) -> CellMark:
    return CellMark(cell.grade_id, 0.0, cell.points, _bounded(reasons), flagged)


def _bounded(reasons: tuple[str, ...]) -> tuple[str, ...]:
    """Keep reasons to what a page can hold and any file can store; they may quote a student."""
    shown = [_storable(reason[:_LONGEST_REASON]) for reason in reasons[:_MOST_REASONS]]
    if len(reasons) > _MOST_REASONS:
        shown.append(f"And {len(reasons) - _MOST_REASONS} more.")
    return tuple(shown)


def _storable(text: str) -> str:
    """Replace what no file or database takes: half characters, and control characters."""
    whole = text.encode("utf-8", "replace").decode()
    return "".join(each if each.isprintable() or each == "\n" else " " for each in whole)


class _Nowhere(io.TextIOBase):
    """Swallows what tests print."""

    def write(self, text: str) -> int:
        """Take any text."""
        return len(text)


@contextlib.contextmanager
def _quietly() -> Iterator[None]:
    """Let a test print and warn without anyone hearing: marks are never read from output."""
    nowhere = _Nowhere()
    with (
        contextlib.redirect_stdout(nowhere),
        contextlib.redirect_stderr(nowhere),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        yield
