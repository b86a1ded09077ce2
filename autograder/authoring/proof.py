"""Checking an assignment before its release, by marking three kinds of submission.

The solution must earn every point, and the blank notebook none. The solution without one answer
must lose points in that question. Where it loses points in a question that does not seem to need
the answer, the author is told.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from autograder.authoring.blank_answers import paid_by_stock
from autograder.authoring.generate import draft
from autograder.authoring.last_values import values_for_nothing
from autograder.authoring.needed_answers import Needs, needed_by
from autograder.authoring.released_cells import not_python
from autograder.course.course import Course
from autograder.course.outcome import counted
from autograder.course.settings import DEFAULTS, Settings
from autograder.exam.points import sentences
from autograder.gradebook.gradebook import Gradebook
from autograder.marking.evidence import with_evidence
from autograder.marking.runs import Runs
from autograder.marking.solution import mark_answers, not_full, solutions_of
from autograder.marking.worker import LazyRunner
from autograder.notebooks.master import Template, files_of, templates
from autograder.reading.packages import missing_packages
from autograder.records import CellMark, MarkedNotebook

_NO_NUMBER = (
    "it ends with {}, which is no number to nbgrader: that gives full points whatever it is "
    "(end with a plain number for partial credit, or with assert)"
)


@dataclass(frozen=True, slots=True)
class Proved:
    """The result of the check for one hidden test.

    Attributes:
        notebook: the notebook's name.
        grade_id: the test's id.
        way: the way to the mark of the solution.
        earned: the points of the solution.
        possible: the points of the test.
        seconds: the time to mark the notebook.
        wrong: faults that prevent the release.
        warnings: what the author should know; none of it prevents the release.
    """

    notebook: str
    grade_id: str
    way: str
    earned: float
    possible: float
    seconds: float
    wrong: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proof:
    """The result of the check for an assignment: by test, and for the whole."""

    tests: tuple[Proved, ...]
    warnings: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether no test has a fault."""
        return not any(test.wrong for test in self.tests)


def prove(
    course: Course,
    assignment: str,
    *,
    sandbox: bool = True,
    each: Callable[[int, int], None] = lambda _done, _of: None,
) -> Proof:
    """Mark the solution, the blank notebook, and the solution without each answer.

    Nothing is released or recorded. `each` is called with the number of steps done and of all
    steps.

    Raises:
        CourseError: when nbgrader cannot generate the assignment.
    """
    done = total = 0

    def step() -> None:
        nonlocal done
        done += 1
        each(done, total)

    with ExitStack() as stack:
        runner = LazyRunner(stack, sandbox=sandbox, cell_seconds=course.cell_seconds)
        masters = _as_for_a_class(course, assignment, runner)
        answers = {
            name: solutions_of(course.source(assignment) / f"{name}.ipynb") for name in masters
        }
        total = sum(2 + len(found) for found in answers.values())
        each(0, total)
        tests = [
            test
            for name, template in masters.items()
            for test in prove_notebook(template, answers[name], runner, course.settings, step)
        ]
    return Proof(tuple(tests), (*_lacking(masters, answers), *not_python(masters, answers)))


def _as_for_a_class(
    course: Course, assignment: str, runner: Callable[[], Runs | str]
) -> Mapping[str, Template]:
    """Generate an assignment and choose how its tests are run, as `grade` does."""
    with draft(course, assignment), Gradebook(course, assignment) as gradebook:
        masters = templates(
            course.released(assignment),
            assignment,
            gradebook.sources(),
            files_of(course, assignment),
        )
        source = course.source(assignment)
        known, _ = with_evidence(
            masters, source, gradebook, runner, course.settings, course.cell_seconds
        )
    return known


def prove_notebook(
    template: Template,
    answers: Mapping[str, str],
    runner: Callable[[], Runs | str],
    settings: Settings = DEFAULTS,
    step: Callable[[], None] = lambda: None,
) -> Iterator[Proved]:
    """Check the hidden tests of one notebook; `answers` are the instructor's, by grade_id."""

    def marked(given: Mapping[str, str]) -> tuple[MarkedNotebook, float]:
        start = time.perf_counter()
        found = mark_answers(template, given, runner, settings)
        step()
        return found, time.perf_counter() - start

    solution, seconds = marked(answers)
    blank, _ = marked({})
    free = paid_by_stock(template, blank, runner, settings)
    ends = values_for_nothing(template, answers, runner, settings)
    whole = not_full(solution)
    lost = {}
    for one in answers:
        found, _ = marked({name: text for name, text in answers.items() if name != one})
        lost[one] = {cell for cell in not_full(found) if cell not in whole}
    needs = needed_by(template, answers)
    unnoticed = [test for test in needs if not any(test in tests for tests in lost.values())]
    together = _lost_together(
        {test: needs[test].all for test in unnoticed},
        lambda gone: mark_answers(
            template, {k: text for k, text in answers.items() if k not in gone}, runner, settings
        ),
    )
    paid = {mark.grade_id: mark.points or 0.0 for mark in blank.marks}
    for mark in solution.marks:
        if mark.points is not None and _is_test(template, mark):
            wrong, warnings = _faults(mark, whole, paid, lost, needs, together)
            if mark.grade_id in free:
                warnings.append(
                    f"stock nbgrader gives a blank {counted(free[mark.grade_id], 'point')}"
                )
            if mark.grade_id in ends:
                warnings.append(_NO_NUMBER.format(ends[mark.grade_id]))
            test = (template.master.notebook, mark.grade_id, mark.way, mark.points, mark.possible)
            yield Proved(*test, seconds, tuple(wrong), tuple(warnings))


def _is_test(template: Template, mark: CellMark) -> bool:
    kinds = {cell.grade_id: cell.kind for cell in template.master.cells}
    return kinds[mark.grade_id] == "test"


def _faults(
    mark: CellMark,
    whole: Mapping[str, str],
    paid: Mapping[str, float],
    lost: Mapping[str, set[str]],
    needs: Mapping[str, Needs],
    together: Collection[str],
) -> tuple[list[str], list[str]]:
    """Return the faults and the warnings of one test.

    A test may need an answer above it in a way that its text does not show, and stock nbgrader
    takes the same points; so this is a warning. It cannot need an answer below it.
    """
    test = mark.grade_id
    wrong: list[str] = []
    warnings: list[str] = []
    if test in whole:
        wrong.append(
            f"the solution earns {mark.points:g} of {mark.possible:g} points: {whole[test]}"
        )
    if paid[test]:
        wrong.append(f"the blank notebook earns {paid[test]:g} of {mark.possible:g} points")
    if mark.flagged:
        wrong.append(f"the solution is flagged: {sentences(mark.reasons)}")
    needed, above = needs[test].all, needs[test].above
    noticed = [answer for answer in lost if test in lost[answer]]
    named = ", ".join(sorted(needed))
    if needed and not wrong and mark.possible and not noticed:
        if test in together:
            warnings.append(f"it gives full points where any one of these is missing: {named}")
        else:
            wrong.append(f"it gives full points although an answer is missing ({named})")
    elif noticed and above and above not in noticed:
        warnings.append(f"the answer above it, {above}, does not affect its points")
    below, others = _not_needed(noticed, list(lost), needs[test])
    if below:
        wrong.append(f"it loses points where {' or '.join(below)} is missing, which is below it")
    if others:
        warnings.append(
            f"it loses points where {' or '.join(others)} is missing, and nothing in its text, nor "
            "in the cells that it uses, shows why"
        )
    return wrong, warnings


def _not_needed(
    noticed: Sequence[str], answers: Sequence[str], needs: Needs
) -> tuple[list[str], list[str]]:
    """Return, of the answers that a test notices, those below it, and others that it does not need.

    `answers` are all of them, in the notebook's order.
    """
    last = answers.index(needs.above) if needs.above else -1
    below = [answer for answer in noticed if answers.index(answer) > last]
    return below, sorted(set(noticed) - needs.all - set(below))


def _lost_together(
    needed: Mapping[str, frozenset[str]], mark_without: Callable[[Collection[str]], MarkedNotebook]
) -> set[str]:
    """Return the tests that lose points where all the answers that they need are missing.

    Those that need one answer are left out: it is known what they do without it.
    """
    found = set()
    for gone in {names for names in needed.values() if len(names) > 1}:
        lost = not_full(mark_without(gone))
        found |= {test for test in lost if needed.get(test) == gone}
    return found


def _lacking(
    masters: Mapping[str, Template], answers: Mapping[str, Mapping[str, str]]
) -> Iterator[str]:
    """Yield the packages that are not installed here, with the cells that import them."""
    cells = [
        (f"{name}/{cell.grade_id or 'a given cell'}", answers[name].get(cell.grade_id, cell.source))
        for name, template in masters.items()
        for cell in template.master.cells
        if cell.cell_type == "code"
    ]
    beside = {file for template in masters.values() for file in template.files}
    for package, places in missing_packages(cells, beside).items():
        yield (
            f"The package {package}, imported by {', '.join(places)}, is not installed here: "
            "install it where you grade."
        )
