"""Running hidden tests on the values of answers.

No student's code runs in this process. Each test cell runs alone, in a namespace with the answers
that it needs and the results of the instructor's own lines above it. So one question never affects
another. The marks are those of stock nbgrader: full points when the cell ends without an error,
partial credit where it ends with a number, and none when it fails.
"""

from __future__ import annotations

import contextlib
import copy
import hashlib
import io
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import EllipsisType
from typing import Any

from autograder.course.settings import DEFAULTS, Settings, in_force
from autograder.exam.checks import submitted_by
from autograder.exam.copies import Watch, doubt_about_answers, for_test
from autograder.exam.exact_text import exact_text
from autograder.exam.failed_line import failed_line, line_number, not_right
from autograder.exam.plan import Plan, plans
from autograder.exam.points import points_of, zero
from autograder.exam.reasons import quote
from autograder.exam.time_limit import TimeUp, within
from autograder.reading.plain_answers import TooMuchWork
from autograder.records import (
    Answer,
    Answers,
    CellMark,
    Master,
    Unavailable,
)
from autograder.running.protocol import functions_in

SECONDS = 10
"""The time limit of one test cell, in seconds of processor time.

A student's function runs in another process, with its own limits.
"""
_NOT_ANSWERED = "Not answered."
_NEVER_ASKED = Unavailable("The answer was not asked for.", flagged=True)
_MOST_MARKS = 10_000
_MARKS: dict[tuple[Master, str, str, Settings, bytes], Verdict] = {}


class _SetUpError(Exception):
    """The instructor's own lines above a test have failed."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The mark of a test cell, and why it is not certain ("" where it is certain).

    An uncertain mark is the best one that values alone can give.
    """

    mark: CellMark
    doubt: str = ""


def judge(
    master: Master,
    chosen: Iterable[Plan],
    answers: Answers,
    student: str,
    settings: Settings = DEFAULTS,
) -> dict[str, Verdict]:
    """Run test cells on answers; return a verdict for each by its grade_id."""
    with submitted_by(student), in_force(settings):
        return {
            plan.cell.grade_id: _alone(master, plan, answers, student, settings) for plan in chosen
        }


def _alone(
    master: Master, plan: Plan, answers: Answers, student: str, settings: Settings
) -> Verdict:
    """Judge one test cell; a fault in it costs no other test its mark."""
    try:
        return _verdict(master, plan, answers, student, settings)
    except Exception as error:  # noqa: BLE001 - such as a number that Python does not write
        reason = f"This could not be marked: {type(error).__name__}: {quote(error)}"
        return Verdict(zero(plan.cell, reason, flagged=True), doubt=reason)


def doubt_beforehand(plan: Plan, answers: Answers) -> str:
    """Return why the mark of a test would not be certain, as far as its answers show it, or "".

    Such a test need not be run on them. Its set-up may import TensorFlow, which takes seconds.
    """
    return "" if plan.ours else doubt_about_answers(plan, _given(plan, answers))


def _given(plan: Plan, answers: Answers) -> dict[str, Answer]:
    return {
        name: answers.get(wanted, answers.get(name, _NEVER_ASKED))
        for name, wanted in plan.answers.items()
    }


def _verdict(
    master: Master, plan: Plan, answers: Answers, student: str, settings: Settings
) -> Verdict:
    """Judge one test cell; verdicts are cached, since many students give the same answer."""
    if plan.trouble:
        return Verdict(zero(plan.cell, plan.trouble, flagged=True), plan.why_beside)
    given = _given(plan, answers)
    whose = student if _asks_who(master) else ""
    if any(True for value in given.values() for _ in functions_in(value)):
        return _examined(master, plan, given)
    text = exact_text(given)
    # The cache key is a digest, since hostile answers may be long.
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
    key = (master, plan.cell.grade_id, whose, settings, digest)
    if key not in _MARKS:
        verdict = _examined(master, plan, given)
        if verdict.mark.flagged or len(_MARKS) >= _MOST_MARKS:
            return verdict
        _MARKS[key] = verdict
    return _MARKS[key]


@lru_cache(maxsize=64)
def _asks_who(master: Master) -> bool:
    """Return whether any check of the notebook may ask who the student is."""
    return any("submitter" in cell.source for cell in master.cells)


def _examined(master: Master, plan: Plan, given: Mapping[str, Answer]) -> Verdict:
    """Run one test cell."""
    given = {name: _nearest(value) for name, value in given.items()} if plan.ours else given
    cell = plan.cell
    missing = {name: value for name, value in given.items() if isinstance(value, Unavailable)}
    asked = {name: value for name, value in given.items() if name not in plan.helping} or given
    lacking = [value for value in asked.values() if isinstance(value, Unavailable)]
    flagged = any(value.flagged for value in lacking)
    doubt = "" if plan.ours else plan.why_beside or doubt_about_answers(plan, given)
    if asked and all(isinstance(value, (Unavailable, EllipsisType)) for value in asked.values()):
        reasons = [value.reason for value in lacking] or [_NOT_ANSWERED]
        there = any(value.cannot_cross for value in lacking)
        return Verdict(zero(cell, *reasons, flagged=flagged), doubt if there else "")
    watch = Watch(given.values())
    try:
        with _quietly(watch), within(SECONDS):
            namespace = _copied(_shared(master, cell.grade_id))
            handed = {name: for_test(given[name], watch) for name in given.keys() - missing.keys()}
            before = watch.look_at(handed)
            try:
                value = _run(plan, namespace | handed)
            finally:
                watch.compare(before, handed)
    except (Exception, SystemExit, TimeUp) as error:  # noqa: BLE001 - a test may fail in any way
        absent = missing.get(error.name or "") if isinstance(error, NameError) else None
        if absent is not None:
            mark = zero(cell, absent.reason, flagged=flagged or absent.flagged)
        else:
            for_a_person = flagged or isinstance(error, _FOR_A_PERSON)
            mark = zero(cell, _in_words(error, plan), flagged=for_a_person)
            doubt = doubt or watch.doubt_about(error)
    else:
        mark = points_of(cell, value)
    if plan.ours:
        return Verdict(mark, "; ".join(watch.could_not_follow()))
    return Verdict(mark, doubt or watch.doubt)


def _nearest(value: Answer) -> Answer:
    """Return the plain value close to an answer: our own checks accept such forms."""
    return value.nearest if isinstance(value, Unavailable) and value.nearest is not ... else value


_FOR_A_PERSON = (TooMuchWork, _SetUpError, TimeUp)
"""Errors that say nothing about the answer: a person should look."""


def _in_words(error: BaseException, plan: Plan) -> str:
    """Return why a test cell did not end normally."""
    if isinstance(error, TimeUp):
        return f"The check needed more than {SECONDS} seconds."
    if isinstance(error, (TooMuchWork, _SetUpError)):
        return str(error)
    if isinstance(error, AssertionError):
        line = failed_line(plan.cell, line_number(error, plan.body))
        return str(error) or not_right(line)
    return f"The check stopped: {type(error).__name__}: {error}"


def _run(plan: Plan, namespace: dict[str, Any]) -> Any:
    """Run the set-up and the cell; return the value of its last expression.

    This is the instructor's own code, so `exec` is intended.
    """
    for code in plan.own:
        exec(code, namespace)  # noqa: S102 - the instructor's line
    if plan.body is not None:
        exec(plan.body, namespace)  # noqa: S102 - the instructor's test
    return None if plan.last is None else eval(plan.last, namespace)  # noqa: S307 - as above


@lru_cache(maxsize=512)
def _shared(master: Master, grade_id: str) -> Mapping[str, Any]:
    """Run the set-up that depends on no answer, once for a class."""
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
    """Takes IPython's place for a test: line magics do nothing here."""

    def run_line_magic(self, *_: Any, **__: Any) -> None:
        """Do nothing."""

    def run_cell_magic(self, *_: Any, **__: Any) -> None:
        """Refuse, since the cell would not be run.

        Raises:
            NotImplementedError: Always.
        """
        raise NotImplementedError("a hidden test cannot start with %%")


def _copied(namespace: Mapping[str, Any]) -> dict[str, Any]:
    """Copy the set-up's values, so that a test cannot change them for the next student."""
    plain = (list, dict, set)
    return {
        name: copy.deepcopy(value) if isinstance(value, plain) and name != "__builtins__" else value
        for name, value in namespace.items()
    }


class _Nowhere(io.TextIOBase):
    """Drops what tests print, and records that there was something."""

    wrote = False

    def write(self, text: str) -> int:
        """Drop a text."""
        self.wrote = True
        return len(text)


@contextlib.contextmanager
def _quietly(watch: Watch) -> Iterator[None]:
    """Discard what a test prints, and catch its warnings: marks are never read from output."""
    errors = _Nowhere()
    with (
        contextlib.redirect_stdout(_Nowhere()),
        contextlib.redirect_stderr(errors),
        warnings.catch_warnings(record=True) as warned,
    ):
        warnings.simplefilter("always")
        try:
            yield
        finally:
            watch.wrote_errors = errors.wrote
            watch.warned = list(warned)
