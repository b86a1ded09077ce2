"""Tests that end with a value which is no number: nbgrader takes it as full points, whatever it is.

A test that ends with `triple(2) == 6` gives full points where that is False; so does one that ends
with a NumPy number, whose text is `np.float64(0.5)`. The author should know.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

from autograder.course.settings import Settings
from autograder.exam.plan import plans
from autograder.marking.runs import Runs
from autograder.marking.solution import mark_answers
from autograder.notebooks.master import Template
from autograder.records import Answers, BesideTest, Submission, TestResult

_TO_SEE_IT = "its last value is looked at"
_LONGEST = 60


def values_for_nothing(
    template: Template,
    answers: Mapping[str, str],
    runner: Callable[[], Runs | str],
    settings: Settings,
) -> dict[str, str]:
    """Return, for tests that end with a value other than a number, the text of that value.

    Args:
        template: the master.
        answers: the instructor's answers, by grade_id.
        runner: returns what runs cells; where nothing can be run, nothing is returned.
        settings: what the instructor decided about marks.
    """
    ends = {p.cell.grade_id: _TO_SEE_IT for p in plans(template.master) if p.last and not p.ours}
    if not ends:
        return {}
    texts: dict[str, str] = {}

    def noting() -> Runs | str:
        runs = runner()
        return runs if isinstance(runs, str) else _Noting(runs, texts)

    why_beside = {**template.why_beside, **ends}
    mark_answers(replace(template, why_beside=why_beside), answers, noting, settings)
    return {
        test: text[:_LONGEST]
        for test, text in texts.items()
        if test in ends and text and not _is_number(text)
    }


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


class _Noting:
    """Runs cells in a folder, and keeps the text of each test's last value in `texts`."""

    def __init__(self, runs: Any, texts: dict[str, str]) -> None:
        self._runs, self._texts = runs, texts
        self.outputs = runs.outputs

    def answers(
        self, submission: Submission, names: frozenset[str], **options: Any
    ) -> AbstractContextManager[Answers]:
        """Run the cells and return the answers."""
        found: AbstractContextManager[Answers] = self._runs.answers(submission, names, **options)
        return found

    def tests(
        self, submission: Submission, tests: Sequence[BesideTest], **options: Any
    ) -> Mapping[str, TestResult]:
        """Run the cells, then these tests beside them."""
        found: Mapping[str, TestResult] = self._runs.tests(submission, tests, **options)
        self._texts |= {name: result.text for name, result in found.items()}
        return found
