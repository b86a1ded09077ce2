"""Proof of an assignment before it is released: marked by the engine as students will be.

The solution must earn every point and the blank notebook none. The solution with one answer left
out must lose points of that question, and of no question that does not need the answer.
"""

from __future__ import annotations

import ast
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from autograder.course.course import Course
from autograder.course.generate import draft
from autograder.course.settings import DEFAULTS, Settings
from autograder.gradebook.gradebook import Gradebook
from autograder.marking.evidence import with_evidence
from autograder.marking.runs import Runs
from autograder.marking.solution import mark_answers, not_full, solutions_of
from autograder.marking.worker import LazyRunner
from autograder.notebooks.master import Template, files_of, templates
from autograder.reading.bounds import Unreadable
from autograder.reading.packages import missing_packages
from autograder.reading.source import parse_trusted
from autograder.records import CellMark, MarkedNotebook


@dataclass(frozen=True, slots=True)
class Proved:
    """One hidden test as the proof found it.

    Attributes:
        notebook: the notebook's name.
        grade_id: the test's.
        way: how the mark of the solution came about.
        earned: what the solution earned.
        possible: what the test is worth.
        seconds: how long marking the notebook took.
        wrong: what keeps it from being released.
        warnings: what an author should know and may leave as it is.
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
    """What was found of an assignment: test by test, and of the whole."""

    tests: tuple[Proved, ...]
    warnings: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether the assignment marks rightly."""
        return not any(test.wrong for test in self.tests)

    @property
    def says_nothing(self) -> bool:
        """Whether there is nothing for the author to look at."""
        return self.holds and not (self.warnings or any(test.warnings for test in self.tests))


def prove(
    course: Course,
    assignment: str,
    *,
    sandbox: bool = True,
    each: Callable[[int, int], None] = lambda _done, _of: None,
) -> Proof:
    """Mark the solution of an assignment, its blank, and the solution without each answer.

    Nothing is released or recorded. `each` is called with the steps done, and how many there are.

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
    return Proof(tuple(tests), tuple(_lacking(masters, answers)))


def _as_for_a_class(
    course: Course, assignment: str, runner: Callable[[], Runs | str]
) -> Mapping[str, Template]:
    """Generate an assignment, and find out how its tests are to be run, as `grade` does."""
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
    """Prove the hidden tests of one notebook; `answers` are the instructor's, by grade_id."""

    def marked(given: Mapping[str, str]) -> tuple[MarkedNotebook, float]:
        start = time.perf_counter()
        found = mark_answers(template, given, runner, settings)
        step()
        return found, time.perf_counter() - start

    solution, seconds = marked(answers)
    blank, _ = marked({})
    whole = not_full(solution)
    lost = {}
    for left_out in answers:
        found, _ = marked({name: text for name, text in answers.items() if name != left_out})
        lost[left_out] = {cell for cell in not_full(found) if cell not in whole}
    needs = needed_by(template, answers)
    paid = {mark.grade_id: mark.points or 0.0 for mark in blank.marks}
    for mark in solution.marks:
        if mark.points is not None and _is_test(template, mark):
            wrong, warnings = _faults(mark, whole, paid, lost, needs)
            yield Proved(
                template.master.notebook,
                mark.grade_id,
                mark.way,
                mark.points,
                mark.possible,
                seconds,
                tuple(wrong),
                tuple(warnings),
            )


@dataclass(frozen=True, slots=True)
class Needs:
    """The answers that a test needs, itself or through others; and the one right above it."""

    all: frozenset[str]
    above: str


def needed_by(template: Template, answers: Mapping[str, str]) -> dict[str, Needs]:
    """Say, for each hidden test, which answers it needs.

    A cell needs an answer when it looks up a name that the answer gives a value, or stands right
    below it: nbgrader's tests follow what they test.
    """
    aboves: dict[str, str] = {}
    above = ""
    direct: dict[str, set[str]] = {}
    given: dict[str, set[str]] = {}
    for cell in template.master.cells:
        source = answers.get(cell.grade_id, cell.source)
        uses, gives = _names(source if cell.cell_type == "code" else "")
        needed = {answer for answer, names in given.items() if names & uses}
        if cell.grade_id in answers:
            above = cell.grade_id
            given[above] = gives
        elif cell.kind == "test" and above:
            needed.add(above)
        aboves[cell.grade_id] = above
        direct[cell.grade_id] = needed
    return {
        cell.grade_id: Needs(_reached(cell.grade_id, direct), aboves[cell.grade_id])
        for cell in template.master.cells
        if cell.kind == "test"
    }


def _reached(start: str, direct: Mapping[str, Iterable[str]]) -> frozenset[str]:
    found: set[str] = set()
    waiting = list(direct[start])
    while waiting:
        each = waiting.pop()
        if each not in found:
            found.add(each)
            waiting += direct.get(each, ())
    return frozenset(found)


def _names(source: str) -> tuple[set[str], set[str]]:
    """Give the names that a cell looks up, and those to which it gives a value."""
    uses: set[str] = set()
    gives: set[str] = set()
    try:
        statements: Sequence[ast.AST] = parse_trusted(source).statements
    except Unreadable:
        statements = ()
    for node in (part for statement in statements for part in ast.walk(statement)):
        if isinstance(node, ast.Name):
            (uses if isinstance(node.ctx, ast.Load) else gives).add(node.id)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            gives.add(node.name)
        elif isinstance(node, ast.alias):
            gives.add(node.asname or node.name.partition(".")[0])
    return uses, gives


def _is_test(template: Template, mark: CellMark) -> bool:
    kinds = {cell.grade_id: cell.kind for cell in template.master.cells}
    return kinds[mark.grade_id] == "test"


def _faults(
    mark: CellMark,
    whole: Mapping[str, str],
    paid: Mapping[str, float],
    lost: Mapping[str, set[str]],
    needs: Mapping[str, Needs],
) -> tuple[list[str], list[str]]:
    """Say what is wrong with one test, and what is only to be known."""
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
        wrong.append(f"the solution is flagged: {' '.join(mark.reasons)}")
    needed, above = needs[test].all, needs[test].above
    noticed = [answer for answer in lost if test in lost[answer]]
    if needed and not wrong and mark.possible and not noticed:
        named = ", ".join(sorted(needed))
        wrong.append(f"it still gives full points where an answer is left out ({named})")
    elif noticed and above and above not in noticed:
        warnings.append(f"the answer right above it, {above}, has no bearing on its points")
    strangers = sorted(set(noticed) - needed)
    if strangers:
        wrong.append(
            f"it loses points where {', '.join(strangers)} is left out, which it does not use"
        )
    return wrong, warnings


def _lacking(
    masters: Mapping[str, Template], answers: Mapping[str, Mapping[str, str]]
) -> Iterator[str]:
    """Name the packages that are not here, and the cells that import them."""
    cells = [
        (f"{name}/{cell.grade_id or 'a given cell'}", answers[name].get(cell.grade_id, cell.source))
        for name, template in masters.items()
        for cell in template.master.cells
        if cell.cell_type == "code"
    ]
    beside = {file for template in masters.values() for file in template.files}
    for package, places in missing_packages(cells, beside).items():
        yield (
            f"The package {package} is not installed here, and is imported by {', '.join(places)}: "
            "install it where you grade."
        )
