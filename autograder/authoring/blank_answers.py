"""What the blank notebook would earn under stock nbgrader, where it earns nothing here.

A test such as `assert size is not None` passes on the placeholder `...`. An answer that was not
given earns nothing here; the author should know that the test itself does not ask for one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from autograder.course.settings import Settings
from autograder.marking.runs import Runs
from autograder.marking.solution import mark_answers
from autograder.notebooks.master import Template
from autograder.records import MarkedNotebook

_AS_STOCK = "it is run as stock nbgrader runs it"


def paid_by_stock(
    template: Template,
    blank: MarkedNotebook,
    runner: Callable[[], Runs | str],
    settings: Settings,
) -> dict[str, float]:
    """Return the points that tests give the blank notebook as stock runs them, where it has none.

    Args:
        template: the master.
        blank: the blank notebook as it is marked here.
        runner: returns what runs cells; where nothing can be run, nothing is returned.
        settings: what the instructor decided about marks.
    """
    lost = {m.grade_id: _AS_STOCK for m in blank.marks if m.points == 0 and m.way != "beside"}
    if not lost:
        return {}
    marked = mark_answers(
        replace(template, why_beside={**template.why_beside, **lost}), {}, runner, settings
    )
    return {
        mark.grade_id: mark.points
        for mark in marked.marks
        if mark.grade_id in lost and mark.way == "beside" and mark.points
    }
