"""Flagging marks that lost points for a reason outside the answer.

Reasons: a package that is not installed, no network, a notebook in another language, an answer in
another cell than its own. A person has to look at these; none of them is a 0 without a flag.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace

from autograder.course.source_check import other_language
from autograder.marking.lacking import WAITS, lacking
from autograder.notebooks.master import Template
from autograder.notebooks.matching import TakenIn
from autograder.reading.missing_answer import cell_named
from autograder.reading.packages import names_of_missing, package_of
from autograder.records import CellMark, Finding, MarkedNotebook
from autograder.running.inside.shell_commands import installs

_COMMAND = re.compile(
    r"^[ \t]*((?:\w+[ \t]*=[ \t]*)?"
    r"(?:!(?!=)|%(?=pip|conda|mamba|micromamba|uv)|%(?:sx|system)\b)([^\n]+))",
    re.MULTILINE,
)
_NO_NETWORK = "this finds no network"
_NEEDS_NETWORK = re.compile(r"\s*(?:curl|gdown|git|kaggle|wget)\b")
_BADGE = re.compile(
    r"<a\b[^>]*\bhref=[\"']https://(?:colab\.research\.google|deepnote)\.com\b[^>]*>.*?</a>",
    re.DOTALL,
)
"""A link that Colab adds at the top, and Deepnote at the end."""
_LONGEST_COMMAND = 100
_MOST_NOTES = 5
_NOT_FOUND = re.compile(r"No module named '(\w[\w.]*)")
_NOT_DEFINED = re.compile(r"NameError: name '(\w+)' is not defined")


def second_look(template: Template, taken: TakenIn, marked: MarkedNotebook) -> MarkedNotebook:
    """Flag the marks of a notebook that lost points for a reason outside the answer."""
    if language := other_language(template.metadata):
        return _unmarked(
            marked, f"The notebook is written in {language}, which cannot be run here."
        )
    marked = _lacking_packages(template.files, taken, marked)
    marked = _with_commands(taken, marked)
    marked = _lacking_here(marked)
    marked = _answered_elsewhere(template, taken, marked)
    return _written_elsewhere(template, taken, marked)


def _unmarked(marked: MarkedNotebook, reason: str) -> MarkedNotebook:
    marks = tuple(
        replace(mark, points=0.0, reasons=(reason,), flagged=True)
        if mark.points is not None
        else mark
        for mark in marked.marks
    )
    return replace(marked, marks=marks, unmarked={"the whole notebook": reason})


def _lacking_packages(
    files: Collection[str], taken: TakenIn, marked: MarkedNotebook
) -> MarkedNotebook:
    """Flag the marks that were lost because a package is not installed here.

    A module among the assignment's `files` is none: it is there, and the student's cell failed.
    """
    lost = [mark for mark in marked.marks if mark.points is not None and _is_lost(mark)]
    if not any(
        pattern.search(_text(mark)) for mark in lost for pattern in (_NOT_FOUND, _NOT_DEFINED)
    ):
        return marked
    names: dict[str, str] = {}
    for cell in taken.submission.cells:
        if cell.cell_type == "code":
            names |= names_of_missing(cell.source, files)
    waiting = {mark.grade_id: package for mark in lost if (package := _package(mark, names, files))}
    reasons = {
        cell: f"This mark {WAITS}{name}, which is not installed here."
        for cell, name in waiting.items()
    }
    changed = _flagged(marked, reasons, keep=False)
    return replace(changed, unmarked={**marked.unmarked, **reasons})


def _with_commands(taken: TakenIn, marked: MarkedNotebook) -> MarkedNotebook:
    """Note the commands of a shell that do nothing here: there is no network, nothing to install.

    Other commands are run. Lost marks are flagged where a command needs the network: a file that
    it would have fetched is missing.
    """
    notes = []
    for index, cell in enumerate(taken.submission.cells):
        own = cell.cell_type == "code" and not cell.trusted
        if own and ("!" in cell.source or "%" in cell.source):
            where = cell_named(taken.submission.cells, index)
            found = (_why(text, whole) for whole, text in _COMMAND.findall(cell.source))
            notes += [
                Finding("command", f"In {where}, {why}", cell.grade_id) for why in found if why
            ]
    network = [note.message for note in notes if _NO_NETWORK in note.message]
    if network:
        marked = _flagged(marked, {m.grade_id: f"{network[0]}." for m in marked.marks}, keep=True)
    return replace(marked, findings=(*marked.findings, *notes[:_MOST_NOTES])) if notes else marked


def _lacking_here(marked: MarkedNotebook) -> MarkedNotebook:
    """Flag the marks that were lost where an error speaks of the network, or of other processes."""
    lost = [mark for mark in marked.marks if _is_lost(mark) and not mark.flagged]
    reasons = {mark.grade_id: f"{words}." for mark in lost if (words := lacking(_text(mark)))}
    return _flagged(marked, reasons, keep=True)


def _why(command: str, line: str) -> str:
    """Return what is said of a command that does nothing here, or ""."""
    shown = line.strip()[:_LONGEST_COMMAND]
    if installs(command):
        return f"this is not run: {shown}"
    return f"{_NO_NETWORK}: {shown}" if _NEEDS_NETWORK.match(command) else ""


def _package(mark: CellMark, names: Mapping[str, str], files: Collection[str]) -> str:
    """Return the missing package that is the reason of a lost mark, or ""."""
    text = _text(mark)
    for module in _NOT_FOUND.findall(text):
        if package := package_of(module, files):
            return package
    return next((names[name] for name in _NOT_DEFINED.findall(text) if name in names), "")


def _answered_elsewhere(
    template: Template, taken: TakenIn, marked: MarkedNotebook
) -> MarkedNotebook:
    """Flag a lost question whose answer is in a new cell, while its own cell is unchanged."""
    own = [p.cell.source for p in taken.placed if p.master is None and p.cell.cell_type == "code"]
    if not own or not marked.unanswered:
        return marked
    findings, reasons = [], {}
    for answer, test, names in _questions(template):
        found = [name for name in names if any(_gives(source, name) for source in own)]
        if answer in marked.unanswered and found:
            words = (
                f"{', '.join(found)} was answered in a new cell; the cell {answer} is unchanged."
            )
            findings.append(Finding("elsewhere", words, answer))
            reasons[test] = words[0].upper() + words[1:]
    return _flagged(replace(marked, findings=(*marked.findings, *findings)), reasons, keep=True)


def _questions(template: Template) -> list[tuple[str, str, frozenset[str]]]:
    """Return for each test the answer cell above it, and the names that the test needs."""
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
    """Flag an unchanged text answer where the student wrote text in another cell."""
    blank = {
        cell.grade_id
        for cell in template.master.cells
        if cell.kind == "manual" and cell.grade_id in marked.unanswered
    }
    if not blank or not _has_own_text(template, taken):
        return marked
    words = "Text was written in another cell. It may be the answer, so a person has to look."
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


def _has_own_text(template: Template, taken: TakenIn) -> bool:
    """Return whether a text cell that is no answer has text of the student's own."""
    return any(
        placed.cell.cell_type == "markdown"
        and not placed.cell.trusted
        and not placed.cell.grade_id
        and _BADGE.sub("", placed.cell.source).strip()
        and (placed.master is None or placed.cell.source != template.released[placed.master].source)
        for placed in taken.placed
    )


def _flagged(marked: MarkedNotebook, reasons: Mapping[str, str], *, keep: bool) -> MarkedNotebook:
    """Flag lost marks, each with its reason; `keep` keeps the reasons that it has."""
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
