"""What a mark does not show by itself: points that were lost for a reason outside the answer.

A package that is not installed, a notebook in another language, an answer that stands in a cell of
its own: a person looks, and nothing is a silent zero.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from autograder.course.source_check import other_language
from autograder.notebooks.master import Template
from autograder.notebooks.matching import TakenIn
from autograder.reading.packages import is_here, names_of_missing
from autograder.records import CellMark, Finding, MarkedNotebook

WAITS = "waits for the package "
"""What the reason of a mark says that waits for a package; the name follows."""
_NOT_FOUND = re.compile(r"No module named '(\w+)")
_NOT_DEFINED = re.compile(r"NameError: name '(\w+)' is not defined")


def second_look(template: Template, taken: TakenIn, marked: MarkedNotebook) -> MarkedNotebook:
    """Flag the marks of a notebook that were lost for a reason outside the answer."""
    if language := other_language(template.metadata):
        return _unmarked(marked, f"The notebook is written for {language}, which is not run here.")
    marked = _lacking_packages(taken, marked)
    marked = _answered_elsewhere(template, taken, marked)
    return _written_elsewhere(template, taken, marked)


def waits_for(marked: MarkedNotebook) -> dict[str, str]:
    """Name the cells that wait for a package, each with the package."""
    found = {cell: why.partition(WAITS)[2] for cell, why in marked.unmarked.items()}
    return {cell: rest.partition(",")[0] for cell, rest in found.items() if rest}


def _unmarked(marked: MarkedNotebook, reason: str) -> MarkedNotebook:
    marks = tuple(
        replace(mark, points=0.0, reasons=(reason,), flagged=True)
        if mark.points is not None
        else mark
        for mark in marked.marks
    )
    return replace(marked, marks=marks, unmarked={"the whole notebook": reason})


def _lacking_packages(taken: TakenIn, marked: MarkedNotebook) -> MarkedNotebook:
    """Let a mark wait that was lost because a package is not installed where this runs."""
    lost = [mark for mark in marked.marks if mark.points is not None and _is_lost(mark)]
    if not any(
        pattern.search(_text(mark)) for mark in lost for pattern in (_NOT_FOUND, _NOT_DEFINED)
    ):
        return marked
    names: dict[str, str] = {}
    for cell in taken.submission.cells:
        if cell.cell_type == "code":
            names |= names_of_missing(cell.source)
    waiting = {mark.grade_id: package for mark in lost if (package := _package(mark, names))}
    reasons = {
        cell: f"It {WAITS}{name}, which is not installed here." for cell, name in waiting.items()
    }
    changed = _flagged(marked, reasons, keep=False)
    return replace(changed, unmarked={**marked.unmarked, **reasons})


def _package(mark: CellMark, names: Mapping[str, str]) -> str:
    """Name the package for want of which a mark was lost, if that is why."""
    text = _text(mark)
    for package in _NOT_FOUND.findall(text):
        if not is_here(package):
            return str(package)
    return next((names[name] for name in _NOT_DEFINED.findall(text) if name in names), "")


def _answered_elsewhere(
    template: Template, taken: TakenIn, marked: MarkedNotebook
) -> MarkedNotebook:
    """Flag a lost question whose own cell is as it was given while a new one gives the answer."""
    own = [p.cell.source for p in taken.placed if p.master is None and p.cell.cell_type == "code"]
    if not own or not marked.unanswered:
        return marked
    findings, reasons = [], {}
    for answer, test, names in _questions(template):
        found = [name for name in names if any(_gives(source, name) for source in own)]
        if answer in marked.unanswered and found:
            words = f"{', '.join(found)} was answered in a cell of its own: {answer} is unchanged."
            findings.append(Finding("elsewhere", words, answer))
            reasons[test] = words[0].upper() + words[1:]
    return _flagged(replace(marked, findings=(*marked.findings, *findings)), reasons, keep=True)


def _questions(template: Template) -> list[tuple[str, str, frozenset[str]]]:
    """Give for each test the answer cell above it, and the names that the test needs."""
    from autograder.exam.plan import plans

    above, cells = "", {}
    for cell in template.master.cells:
        if cell.kind == "solution":
            above = cell.grade_id
        cells[cell.grade_id] = above
    return [
        (cells[plan.cell.grade_id], plan.cell.grade_id, frozenset(plan.answers))
        for plan in plans(template.master)
    ]


def _gives(source: str, name: str) -> bool:
    own = re.escape(name)
    return bool(
        re.search(
            rf"^{own}[ \t]*(?::[^=\n]*)?=(?!=)|^(?:def|class)[ \t]+{own}\b", source, re.MULTILINE
        )
    )


def _written_elsewhere(
    template: Template, taken: TakenIn, marked: MarkedNotebook
) -> MarkedNotebook:
    """Let a person see an answer in words that stands in another cell than its own."""
    given = {i: template.released[i].source for i in range(len(template.released))}
    texts = [
        placed.cell.source
        for placed in taken.placed
        if placed.cell.cell_type == "markdown"
        and not placed.cell.trusted
        and not placed.cell.grade_id
        and placed.cell.source.strip()
        and (placed.master is None or placed.cell.source != given[placed.master])
    ]
    blank = {
        cell.grade_id
        for cell in template.master.cells
        if cell.kind == "manual" and cell.grade_id in marked.unanswered
    }
    if not texts or not blank:
        return marked
    words = "Text was written in another cell; it may be the answer, so a person has to look."
    marks = tuple(
        replace(mark, points=None, reasons=(words,), flagged=True)
        if mark.grade_id in blank
        else mark
        for mark in marked.marks
    )
    noted = tuple(Finding("text_elsewhere", f"{cell}: {words}", cell) for cell in sorted(blank))
    return replace(
        marked,
        marks=marks,
        findings=(*marked.findings, *noted),
        unanswered=marked.unanswered - blank,
    )


def _flagged(marked: MarkedNotebook, reasons: Mapping[str, str], *, keep: bool) -> MarkedNotebook:
    """Flag lost marks, each with its reason, beside the reasons that it has or instead of them."""
    change: Callable[[CellMark], CellMark] = lambda mark: replace(  # noqa: E731 - used once, below
        mark,
        flagged=True,
        reasons=(reasons[mark.grade_id], *(mark.reasons if keep else ())),
    )
    marks = tuple(
        change(mark) if mark.grade_id in reasons and _is_lost(mark) else mark
        for mark in marked.marks
    )
    return replace(marked, marks=marks)


def _is_lost(mark: CellMark) -> bool:
    return mark.points is not None and mark.points < mark.possible


def _text(mark: CellMark) -> str:
    return " ".join(mark.reasons)
