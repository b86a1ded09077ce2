"""Marking the instructor's own solution before the class, to choose the way to each mark.

A test that does not give the solution full points from the values of its answers would take points
from right answers. So it is run beside the student's cells for everybody. The result is stored in
the gradebook, and made again when the assignment, the settings or this package change.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from autograder.course.settings import Settings
from autograder.gradebook.gradebook import Gradebook
from autograder.marking.runs import Runs
from autograder.marking.solution import mark_answers, not_full, solutions_of
from autograder.marking.version import engine_version
from autograder.notebooks.master import Template
from autograder.records import MarkedNotebook, Repeat

_WHY = "the instructor's own solution does not get full points by its values"


@dataclass(frozen=True, slots=True)
class Evidence:
    """The result of marking a notebook's solution.

    Attributes:
        why_beside: the tests that have to be run beside the student's cells, with the reason.
        beside: the tests for which a run of the cells apart gave no certain mark. It would be a
            run for nothing for most students too.
        unsure: the tests that never give the solution full points, with the reason.
        numbers: the tests that end with a number for the solution.
        replayed: the tests that give it more points after the tests before them.
        repeats: "never" for the tests whose points depend on a setting or file that the solution
            itself changes; "once" for those that give it other points in a second run anyway.
    """

    why_beside: Mapping[str, str]
    beside: frozenset[str]
    unsure: Mapping[str, str]
    numbers: frozenset[str] = frozenset()
    replayed: frozenset[str] = frozenset()
    repeats: Mapping[str, Repeat] = field(default_factory=dict)


_NONE = Evidence({}, frozenset(), {})


def _from_stored(kept: Mapping[str, Any]) -> Evidence:
    names = ("beside", "numbers", "replayed")
    beside, numbers, replayed = (frozenset(kept[name]) for name in names)
    own = kept["why_beside"], beside, kept["unsure"]
    return Evidence(*own, numbers, replayed, kept["repeats"])


def with_evidence(
    templates: Mapping[str, Template],
    sources: Path,
    gradebook: Gradebook,
    runner: Callable[[], Runs | str],
    settings: Settings,
    cell_seconds: float = 30,
) -> tuple[dict[str, Template], dict[str, str]]:
    """Return the templates with the tests to be run beside, and the tests to report as unsure.

    Args:
        templates: the assignment's notebooks.
        sources: the folder of the instructor's notebooks; without it there is no evidence.
        gradebook: stores the evidence.
        runner: returns what runs cells, or why nothing can be run here; then nothing is stored.
        settings: what the instructor decided about marks.
        cell_seconds: how long one cell may run.
    """

    def find(template: Template, solved: Mapping[str, str], key: str) -> Evidence:
        kept = gradebook.evidence(key)
        if kept is not None:
            return _from_stored(kept)
        if isinstance(runner(), str):
            return _NONE
        found = examined(template, solved, runner, settings)
        kept = {"why_beside": dict(found.why_beside), "unsure": dict(found.unsure)}
        kept |= {"beside": sorted(found.beside), "numbers": sorted(found.numbers)}
        kept |= {"replayed": sorted(found.replayed), "repeats": dict(found.repeats)}
        gradebook.keep_evidence(key, kept)
        return found

    return _with(templates, sources, f"{settings}\n{cell_seconds:g}", find)


def with_stored_evidence(
    templates: Mapping[str, Template],
    sources: Path,
    stored: Mapping[str, Mapping[str, Any]],
    settings: Settings,
    cell_seconds: float = 30,
) -> tuple[dict[str, Template], dict[str, str], list[str]]:
    """Return what `with_evidence` does where nothing is marked; and the notebooks without evidence.

    `stored` has the evidence in the gradebook by its digest.
    """
    without = []

    def find(template: Template, _: Mapping[str, str], key: str) -> Evidence:
        if key not in stored:
            without.append(template.master.notebook)
            return _NONE
        return _from_stored(stored[key])

    known, unsure = _with(templates, sources, f"{settings}\n{cell_seconds:g}", find)
    return known, unsure, without


def _with(
    templates: Mapping[str, Template],
    sources: Path,
    rules: str,
    find: Callable[[Template, Mapping[str, str], str], Evidence],
) -> tuple[dict[str, Template], dict[str, str]]:
    """Return the templates with the evidence that `find` gives, and the tests to report."""
    known: dict[str, Template] = {}
    unsure: dict[str, str] = {}
    for name, template in templates.items():
        known[name] = template
        solved = _solutions(sources / f"{name}.ipynb") if _has_tests_of_its_own(template) else {}
        if not solved:
            continue
        answered = replace(template, answers=_defined(solved))
        found = find(answered, solved, _key(answered, solved, rules))
        known[name] = replace(
            answered,
            why_beside=found.why_beside,
            beside=found.beside,
            unsure=found.unsure,
            numbers=found.numbers,
            replayed=found.replayed,
            repeats=found.repeats,
        )
        unsure |= {f"{name}/{grade_id}": why for grade_id, why in found.unsure.items()}
    return known, unsure


def _has_tests_of_its_own(template: Template) -> bool:
    """Return whether a notebook has tests that do not use our own checks."""
    from autograder.exam.plan import plans

    return any(not plan.ours for plan in plans(template.master))


def _solutions(source: Path) -> dict[str, str]:
    """Return the answers in an instructor's notebook; none where the file is missing."""
    try:
        return solutions_of(source)
    except (OSError, KeyError, TypeError, ValueError):
        return {}


def _defined(solved: Mapping[str, str]) -> frozenset[str]:
    """Return the names that the answers define."""
    from autograder.exam.beside import touched_in

    return frozenset().union(*(touched_in(text) for text in solved.values()))


def _key(template: Template, solved: Mapping[str, str], rules: str) -> str:
    """Return the digest under which a notebook's evidence is stored."""
    parts = (template.digest, engine_version(), rules, repr(sorted(solved.items())))
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def examined(
    template: Template,
    answers: Mapping[str, str],
    runner: Callable[[], Runs | str],
    settings: Settings,
) -> Evidence:
    """Mark a solution; run the tests that did not give it full points again, beside its cells."""
    template = replace(template, repeats=None)
    marked = mark_answers(template, answers, runner, settings)
    ways = {mark.grade_id: mark.way for mark in marked.marks}
    lost = not_full(marked)
    why_beside = {grade_id: _WHY for grade_id in lost if ways[grade_id] in ("read", "apart")}
    if why_beside:
        marked = mark_answers(replace(template, why_beside=why_beside), answers, runner, settings)
        lost = not_full(marked)
    first, replayed, tried = marked, frozenset[str](), frozenset(lost)
    while tried != replayed:  # until all of them gain: the marks are those with just these
        replayed = tried
        again = replace(template, why_beside=why_beside, replayed=replayed)
        marked = mark_answers(again, answers, runner, settings) if replayed else first
        tried = replayed & _gained(first, marked)
    beside = frozenset(grade_id for grade_id, way in ways.items() if way == "beside")
    numbers = frozenset(mark.grade_id for mark in marked.marks if mark.from_number)
    return Evidence(why_beside, beside, not_full(marked), numbers, replayed, _repeats(marked))


def _gained(first: MarkedNotebook, second: MarkedNotebook) -> frozenset[str]:
    """Return the tests that gave more points the second time."""
    before = {mark.grade_id: mark.points or 0 for mark in first.marks}
    return frozenset(m.grade_id for m in second.marks if (m.points or 0) > before[m.grade_id])


def _repeats(marked: MarkedNotebook) -> dict[str, Repeat]:
    """Return the tests whose second run gave the solution other points; how to run them again."""
    found = {mark.grade_id: mark.second for mark in marked.marks if mark.second != "same"}
    return {key: "never" if second == "depends" else "once" for key, second in found.items()}
