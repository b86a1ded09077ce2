"""Choosing the way to each mark: the safest one that certainly gives stock nbgrader's mark.

    read       every answer was evaluated without running anything
    apart      the student's cells ran in the sandbox; the answers' values were sent here unchanged
    beside     the test ran in the sandbox, after the student's cells, on the student's own objects

A test takes the next way where its mark in the present one is not certain.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from autograder.course.settings import Settings
from autograder.exam.beside import after_answers_below, beside_test, mark_of, touched_by_student
from autograder.exam.examiner import Verdict, doubt_beforehand, judge
from autograder.exam.names_of_python import hidden_in
from autograder.exam.plan import Plan, plans
from autograder.exam.points import zero
from autograder.marking.lacking import NO_NETWORK
from autograder.marking.runs import Runs
from autograder.marking.stopped_cells import with_stopped_cells
from autograder.notebooks.master import Template
from autograder.notebooks.matching import TakenIn
from autograder.reading.read_notebook import read_answers
from autograder.records import (
    Answer,
    Answers,
    BesideTest,
    CellMark,
    MasterCell,
    Noticed,
    TestResult,
    Unavailable,
    Way,
)

_UNSURE = (
    "The instructor's own solution does not get full points from this test either. A person "
    "should look at this mark."
)

_NO_NUMBER = (
    "The test ends with a number for the instructor's own solution, and with something else here. "
    "nbgrader gives full points for that. A person should look at this mark."
)
_NO_NETWORK = f"{NO_NETWORK}, and the notebook asked for it. A person should look at this mark."
_FOR_NOTHING = "the values of the instructor's own answers are not enough for it"


@dataclass(slots=True)
class Marked:
    """The marks of a notebook's test cells, the answers, and the reasons of what was not marked."""

    marks: dict[str, CellMark] = field(default_factory=dict)
    answers: dict[str, Answer] = field(default_factory=dict)
    unmarked: dict[str, str] = field(default_factory=dict)


def mark_tests(
    template: Template,
    taken: TakenIn,
    runner: Callable[[], Runs | str],
    settings: Settings,
) -> Marked:
    """Mark every test cell of a notebook.

    Args:
        template: the master.
        taken: the submission, matched to the master.
        runner: returns what runs cells, or a text that says why nothing can be run here. It is
            called only when something has to be run.
        settings: what the instructor decided about marks.
    """
    work = _Work(template, taken, runner, settings)
    every = plans(template.master)
    why_beside = {plan.cell.grade_id: plan.why_beside for plan in every if plan.why_beside} | dict(
        template.why_beside
    )
    first = [plan for plan in every if plan.ours or plan.cell.grade_id not in why_beside]
    reasons = {p.cell.grade_id: why_beside[p.cell.grade_id] for p in every if p not in first}
    reasons |= work.read(first)
    reasons |= _changed_by_students(taken, [p for p in first if not p.ours], template.answers)
    work.beside([plan for plan in every if plan.cell.grade_id in reasons], reasons)
    work.marked.marks |= with_stopped_cells(
        work.marked.marks, every, taken.submission, work.noticed.stopped
    )
    if work.noticed.network < math.inf:
        places = {cell.grade_id: at for at, cell in enumerate(taken.submission.cells)}
        above = {name for name, place in places.items() if place < work.noticed.network}
        work.marked.marks |= _without_network(work.marked.marks, above)
    work.marked.marks |= _doubtful(work.marked.marks, template.unsure)
    work.marked.marks |= _without_number(work.marked.marks, template.numbers)
    return work.marked


def _without_network(marks: Mapping[str, CellMark], above: Collection[str]) -> dict[str, CellMark]:
    """Flag points lost in a notebook that asked for the network, unless nothing was run.

    `above` are the tests above the cell that asked: what they test was made before.
    """
    lost = (m for m in marks.values() if m.way in ("apart", "beside") and m.points != m.possible)
    return {
        mark.grade_id: replace(mark, reasons=(_NO_NETWORK, *mark.reasons), flagged=True)
        for mark in lost
        if mark.grade_id not in above and not any(NO_NETWORK in reason for reason in mark.reasons)
    }


def _doubtful(marks: Mapping[str, CellMark], unsure: Mapping[str, str]) -> dict[str, CellMark]:
    """Flag the points lost in tests that the instructor's own solution fails too."""
    lost = (mark for name, mark in marks.items() if name in unsure and mark.points != mark.possible)
    return {
        mark.grade_id: replace(mark, reasons=(*mark.reasons, _UNSURE), flagged=True)
        for mark in lost
    }


def _without_number(marks: Mapping[str, CellMark], numbers: frozenset[str]) -> dict[str, CellMark]:
    """Flag full points that stock gives since an answer made the test end with no number."""
    full = (mark for name, mark in marks.items() if name in numbers and not mark.from_number)
    return {
        mark.grade_id: replace(mark, reasons=(*mark.reasons, _NO_NUMBER), flagged=True)
        for mark in full
        if mark.points == mark.possible
    }


def _changed_by_students(
    taken: TakenIn, chosen: Sequence[Plan], known: frozenset[str] | None
) -> dict[str, str]:
    """Return the tests whose helpers, or Python's own, the student may have changed, with reasons.

    `known` are the names that the instructor's answers define; None where they are not known.
    """
    kept = {placed.master for placed in taken.placed if placed.cell.trusted}
    reasons = {}
    touched: frozenset[str] | None = None
    used = frozenset[str]().union(*(plan.python for plan in chosen))
    hidden = hidden_in(taken.submission, used, known)
    for plan in chosen:
        if not plan.given_cells <= kept:
            reasons[plan.cell.grade_id] = "a given cell was changed"
        elif plan.python & hidden:
            names = ", ".join(sorted(plan.python & hidden))
            reasons[plan.cell.grade_id] = f"the student's cells give another value to {names}"
        elif plan.borrows:
            touched = touched_by_student(taken.submission) if touched is None else touched
            if changed := plan.borrows & touched:
                reasons[plan.cell.grade_id] = f"the student's cells change {min(changed)}"
    return reasons


@dataclass(slots=True)
class _Work:
    """The marking of one notebook: what is marked so far, and how."""

    template: Template
    taken: TakenIn
    runner: Callable[[], Runs | str]
    settings: Settings
    marked: Marked = field(default_factory=Marked)
    noticed: Noticed = field(default_factory=Noticed)

    def read(self, chosen: Sequence[Plan]) -> dict[str, str]:
        """Mark what can be marked by values; return why the other tests are not certain."""
        names = frozenset().union(*(plan.answers.values() for plan in chosen))
        reading = read_answers(self.taken.submission, names)
        self.marked.answers |= reading.values
        self.noticed.stopped |= reading.stopped
        unread = dict(reading.unread)
        readable = [plan for plan in chosen if not unread.keys() & set(plan.answers.values())]
        doubts = self._judge(readable, self.marked.answers, "read")
        again = [plan for plan in readable if plan.ours and plan.cell.grade_id in doubts]
        for plan in again:
            why = doubts.pop(plan.cell.grade_id)
            unread |= dict.fromkeys(plan.answers.values(), f"The function cannot be read: {why}")
        rest = [plan for plan in chosen if plan not in readable] + again
        apart = [plan for plan in rest if plan.ours or plan.cell.grade_id not in self._for_nothing]
        doubts |= {plan.cell.grade_id: _FOR_NOTHING for plan in rest if plan not in apart}
        wanted = frozenset().union(*(plan.answers.values() for plan in apart))
        with self._run({name: why for name, why in unread.items() if name in wanted}) as ran:
            self.marked.answers |= ran
            for grade_id, doubt in self._judge(apart, self.marked.answers, "apart").items():
                doubts[grade_id] = doubt
        return doubts

    @property
    def _for_nothing(self) -> frozenset[str]:
        """The tests for which a run apart gave no certain mark of the instructor's solution.

        It is done nevertheless where a person would have to look at a mark of a run beside.
        """
        return self.template.beside if self.settings.run_beside == "mark" else frozenset()

    def _judge(self, chosen: Sequence[Plan], answers: Answers, way: Way) -> dict[str, str]:
        """Keep the marks that are certain; return why the others are not."""
        student = self.taken.submission.student
        beforehand = {p.cell.grade_id: doubt_beforehand(p, answers) for p in chosen}
        doubts = {grade_id: doubt for grade_id, doubt in beforehand.items() if doubt}
        chosen = [plan for plan in chosen if plan.cell.grade_id not in doubts]
        verdicts: Mapping[str, Verdict] = judge(
            self.template.master, chosen, answers, student, self.settings
        )
        ours = {plan.cell.grade_id for plan in chosen if plan.ours}
        self.marked.marks |= {k: replace(v.mark, way=way) for k, v in verdicts.items()}
        return doubts | {
            grade_id: verdict.doubt
            for grade_id, verdict in verdicts.items()
            if verdict.doubt and (way == "read" or grade_id not in ours)
        }

    @contextmanager
    def _run(self, unread: Mapping[str, str]) -> Iterator[Answers]:
        """Run the cells and yield the answers that could not be read."""
        runs = self.runner() if unread else ""
        if isinstance(runs, str):
            why = {
                name: f"{reason.rstrip('.')}, so it has to be run, and {runs}."
                for name, reason in sorted(unread.items())
            }
            self.marked.unmarked |= why
            yield {name: Unavailable(reason, flagged=True) for name, reason in why.items()}
            return
        submission = self.taken.submission
        with runs.answers(submission, frozenset(unread), noticed=self.noticed) as answers:
            yield answers

    def beside(self, chosen: Sequence[Plan], reasons: Mapping[str, str]) -> None:
        """Run tests beside the student's cells and keep their marks."""
        if not chosen:
            return
        never = self.settings.run_beside == "never"
        runs = "the setting run_beside forbids it" if never else self.runner()
        if isinstance(runs, str):
            for plan in chosen:
                why = (
                    f"This test has to be run beside the student's cells "
                    f"({reasons[plan.cell.grade_id]}), and {runs}."
                )
                self._leave(plan, why)
            return
        submission = self.taken.submission
        known = self.template.answers
        tests = [self._as_run(beside_test(p, submission, known, self._before(p))) for p in chosen]
        results = dict(runs.tests(submission, tests, noticed=self.noticed))
        results |= self._answered_below(runs, chosen, tests, results)
        for plan in chosen:
            result = results.get(plan.cell.grade_id)
            if result is None or result.ended == "not_run":
                why = result.message if result else "the test gave no result"
                self._leave(plan, f"This test could not be run: {why}.")
            else:
                mark = mark_of(plan.cell, result)
                flagged = mark.flagged or self.settings.run_beside == "flag"
                self.marked.marks[plan.cell.grade_id] = replace(mark, flagged=flagged)

    def _as_run(self, test: BesideTest) -> BesideTest:
        """Say whether a test is run a second time, and which files are the instructor's."""
        repeats, released = self.template.repeats, frozenset(self.template.files)
        again = "always" if repeats is None else repeats.get(test.grade_id, "changed")
        return replace(test, again=again, released=released)

    def _before(self, plan: Plan) -> list[MasterCell]:
        """Return the tests to run before a test that needs what they have changed."""
        every = plans(self.template.master) if plan.cell.grade_id in self.template.replayed else ()
        return [each.cell for each in every[: every.index(plan)] if not each.ours] if every else []

    def _answered_below(
        self,
        runs: Runs,
        chosen: Sequence[Plan],
        tests: Sequence[BesideTest],
        results: Mapping[str, TestResult],
    ) -> dict[str, TestResult]:
        """Run tests whose answers stand in cells below them once more, after these cells.

        An answer in a cell below its test counts, as where answers are read, but not in a cell of a
        later question. Return what passed.
        """
        submission = self.taken.submission
        late = [
            later
            for plan, test in zip(chosen, tests, strict=True)
            if (result := results.get(test.grade_id))
            and result.error == "NameError"
            and (later := after_answers_below(plan, test, submission))
        ]
        again = runs.tests(submission, late, noticed=Noticed()) if late else {}
        return {name: result for name, result in again.items() if result.ended == "passed"}

    def _leave(self, plan: Plan, why: str) -> None:
        """Give a test no points and flag it."""
        grade_id = plan.cell.grade_id
        self.marked.marks[grade_id] = zero(plan.cell, why, flagged=True)
        self.marked.unmarked[grade_id] = why
