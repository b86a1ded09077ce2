"""Evidence for the way to a mark: the instructor's own solution, marked once before a class.

A test that does not give its own solution full points by the values of the answers would take
points from right answers, so it is run beside the student's cells for everybody. What was found is
kept in the gradebook, and found again when the assignment, the settings or this package change.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from autograder.course.settings import Settings
from autograder.gradebook.gradebook import Gradebook
from autograder.marking.runs import Runs
from autograder.marking.solution import mark_answers, not_full, solutions_of
from autograder.marking.version import engine_version
from autograder.notebooks.master import Template

_WHY = "the instructor's own solution does not get full points by its values"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What marking the solution of a notebook showed.

    Attributes:
        live: the tests that have to be run beside the student's cells, and why.
        unsure: the tests that give the solution less than full points in every way, and why.
    """

    live: Mapping[str, str]
    unsure: Mapping[str, str]


def with_evidence(
    templates: Mapping[str, Template],
    sources: Path,
    gradebook: Gradebook,
    runner: Callable[[], Runs | str],
    settings: Settings,
) -> tuple[dict[str, Template], dict[str, str]]:
    """Return the templates with the tests that have to be run beside, and what to tell aloud.

    Args:
        templates: the assignment's notebooks.
        sources: the folder of the instructor's notebooks; without one there is no evidence.
        gradebook: keeps the evidence.
        runner: gives what runs cells, or says why nothing can be run here: then nothing is kept.
        settings: what the instructor decided about marks.
    """
    known: dict[str, Template] = {}
    unsure: dict[str, str] = {}
    for name, template in templates.items():
        path = sources / f"{name}.ipynb"
        found = Evidence({}, {})
        if path.is_file() and _has_tests_of_its_own(template):
            found = _evidence(template, path, gradebook, runner, settings)
        known[name] = replace(template, live=found.live)
        unsure |= {f"{name}/{grade_id}": why for grade_id, why in found.unsure.items()}
    return known, unsure


def _has_tests_of_its_own(template: Template) -> bool:
    """Tell whether a notebook has tests that our own checks do not make."""
    from autograder.exam.plan import plans

    return any(not plan.ours for plan in plans(template.master))


def _evidence(
    template: Template,
    source: Path,
    gradebook: Gradebook,
    runner: Callable[[], Runs | str],
    settings: Settings,
) -> Evidence:
    """Return what is kept of a notebook's solution, or mark it."""
    parts = (template.digest, engine_version(), repr(settings))
    key = hashlib.sha256(source.read_bytes() + "\n".join(parts).encode()).hexdigest()
    kept: dict[str, Any] | None = gradebook.evidence(key)
    if kept is not None:
        return Evidence(kept["live"], kept["unsure"])
    if isinstance(runner(), str):
        return Evidence({}, {})
    try:
        answers = solutions_of(source)
    except (KeyError, TypeError, ValueError):  # no notebook: the released one is what counts
        return Evidence({}, {})
    found = examined(template, answers, runner, settings)
    gradebook.keep_evidence(key, {"live": dict(found.live), "unsure": dict(found.unsure)})
    return found


def examined(
    template: Template,
    answers: Mapping[str, str],
    runner: Callable[[], Runs | str],
    settings: Settings,
) -> Evidence:
    """Mark a solution; again, beside its cells, the tests that did not give it full points."""
    marked = mark_answers(template, answers, runner, settings)
    ways = {mark.grade_id: mark.way for mark in marked.marks}
    lost = not_full(marked)
    live = {grade_id: _WHY for grade_id in lost if ways[grade_id] in ("read", "apart")}
    if live:
        lost = not_full(mark_answers(replace(template, live=live), answers, runner, settings))
    return Evidence(live, lost)
