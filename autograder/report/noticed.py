"""Things that a person may want to look at; none of them is a verdict."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.course.files import UNREADABLE
from autograder.feedback.asked import Asked
from autograder.gradebook.class_marks import ClassMarks, Key
from autograder.gradebook.details import Details
from autograder.report.row_figures import alike, anothers, plain

# The title of each kind of finding, and what may be the cause.
KINDS: Mapping[str, tuple[str, str]] = {
    "flagged": (
        "Marks to check",
        "The machine was not sure: something timed out, crashed, or could not be read.",
    ),
    "stale": (
        "Marks given before the answer changed",
        "The answer has changed since a person marked it: read the new text in Formgrader.",
    ),
    "unmarked": (
        "Answers not marked here",
        "They would have had to be run, which was not possible.",
    ),
    "computed": (
        "Predictions that were computed",
        "The cell reads the answer from the model, so nothing was predicted.",
    ),
    "alike": (
        "The same wrong answer on individual networks",
        "Networks differ by student. Two students who worked together may have this.",
    ),
    "anothers": (
        "An answer that fits another student's network",
        "It is right for somebody else's network. A mistyped id can cause this.",
    ),
    "unreadable": ("Files that could not be read", "Ask the student for the notebook again."),
    "edited": ("Given cells that were edited", "They were restored before marking."),
    "earlier": (
        "Notebooks of an earlier release",
        "The assignment was generated again after they were handed out; they lose nothing by it.",
    ),
    "missing": ("Cells that were missing", "Answers were marked in whichever cell they were."),
    "copied": ("Cells that are there twice", "Often a mistake of copy and paste."),
    "retyped": ("Cells turned into another type", "They were turned back."),
    "relabelled": ("Labels that were changed", "They were restored."),
    "points": ("Points that were changed", "They were restored."),
    "tagged": ("Tests that were given tags", "The tags were removed; they have no effect."),
    "reordered": ("Cells in another order", "This does no harm by itself."),
    "command": ("Commands to a shell", "They are not run, and cost nothing by themselves."),
    "bad_cell": ("Cells that could not be read", "They were left out."),
    "format": ("Old notebook formats", "They were read without loss."),
    "timestamp": ("Times that cannot be read", "Lateness is not known for these."),
}
ASKS_THE_MODEL = {"output_shape", "count_params", "compute_output_shape", "summary", "layers"}
ASKS_THE_LIBRARY = {"lesson_network", "your_network", "from_keras", "compare", "output_size"}


@dataclass(frozen=True, slots=True)
class Case:
    """One case of a finding: the students, the place, and what was noticed."""

    students: tuple[str, ...]
    notebook: str
    grade_id: str
    message: str


@dataclass(frozen=True, slots=True)
class Noticed:
    """All cases of one kind."""

    code: str
    title: str
    words: str
    cases: tuple[Case, ...]

    @property
    def students(self) -> tuple[str, ...]:
        """The students of all cases, each once."""
        return tuple(sorted({student for case in self.cases for student in case.students}))


def noticed(
    class_marks: ClassMarks,
    details: Details,
    asked: Mapping[Key, Asked],
    folders: Mapping[str, Path],
) -> list[Noticed]:
    """Return everything that was noticed, in the order of `KINDS`; `folders` are autograded/."""
    found: dict[str, list[Case]] = {code: [] for code in KINDS}
    for student, notebooks in details.notebooks.items():
        for notebook, kept in notebooks.items():
            for finding in kept.findings:
                case = Case((student,), notebook, finding.grade_id, finding.message)
                code = "unreadable" if finding.code in UNREADABLE else finding.code
                found.setdefault(code, []).append(case)
            for cell in sorted(kept.flagged):
                words = " ".join(kept.reasons.get(cell, ()))
                found["flagged"].append(Case((student,), notebook, cell, words))
            for name, why in kept.unmarked.items():
                found["unmarked"].append(Case((student,), notebook, name, why))
    found["stale"] += [
        Case((student_marks.person.id,), notebook, cell, "The mark is for an earlier text.")
        for student_marks in class_marks.students
        for notebook, cell in sorted(student_marks.stale)
    ]
    found["computed"] += computed(class_marks, asked, folders)
    found["alike"] += same_answers(details, asked)
    found["anothers"] += swapped(details, asked)
    return [
        Noticed(code, *KINDS.get(code, (code.replace("_", " ").capitalize(), "")), tuple(cases))
        for code, cases in found.items()
        if cases
    ]


def individual(
    details: Details, asked: Mapping[Key, Asked]
) -> Iterable[tuple[Key, Asked, list[tuple[str, object]]]]:
    """Yield the questions whose right rows differ by student, with everyone's answers."""
    for key, each in asked.items():
        if each.individual and each.column:
            yield (
                key,
                each,
                [
                    (student, notebooks[key[0]].answers.get(each.answer))
                    for student, notebooks in details.notebooks.items()
                    if key[0] in notebooks
                ],
            )


def same_answers(details: Details, asked: Mapping[Key, Asked]) -> Iterable[Case]:
    """Yield the groups of students with the same wrong answer to an individual question."""
    for (notebook, cell), each, answers in individual(details, asked):
        rows = {student: plain(each.rows(student)) for student, _ in answers}
        for group in alike(answers, lambda who, mine, rows=rows: plain(mine) == rows[who]):  # type: ignore[misc] # a loop variable bound early
            yield Case(group, notebook, cell, f"{len(group)} students gave the same wrong answer.")


def swapped(details: Details, asked: Mapping[Key, Asked]) -> Iterable[Case]:
    """Yield the students whose wrong answer is right for another student."""
    for (notebook, cell), each, answers in individual(details, asked):
        for student, others in anothers(answers, each.rows):
            who = ", ".join(others[:3])
            yield Case((student,), notebook, cell, f"The answer is right for {who}.")


def computed(
    class_marks: ClassMarks, asked: Mapping[Key, Asked], folders: Mapping[str, Path]
) -> Iterable[Case]:
    """Yield the predictions whose cell reads them from a model or the library."""
    wanted = {(key[0], each.answer): key[1] for key, each in asked.items() if each.column}
    for student, folder in folders.items():
        for notebook in class_marks.notebooks:
            for name, words in asking_cells(folder / f"{notebook}.ipynb"):
                if cell := wanted.get((notebook, name)):
                    yield Case((student,), notebook, cell, f"The cell uses {words}.")


def asking_cells(path: Path) -> Iterable[tuple[str, str]]:
    """Yield each answer of a notebook that is read from a model or the library, and how."""
    try:
        cells = json.loads(path.read_bytes())["cells"]
    except (OSError, ValueError, KeyError, TypeError):
        return
    for cell in cells:
        if cell.get("cell_type") == "code" and cell["metadata"].get("nbgrader", {}).get("solution"):
            yield from asking_answers("".join(cell["source"]))


def asking_answers(source: str) -> Iterable[tuple[str, str]]:
    """Yield the names that a cell assigns from a model or the library, with what it reads.

    >>> list(asking_answers("a = [layer.output_shape for layer in model.layers]"))
    [('a', 'layers, output_shape')]
    >>> list(asking_answers("a = [(None, 26, 26, 32)]"))
    []
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    used = {n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute)} & ASKS_THE_MODEL
    used |= {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)} & ASKS_THE_LIBRARY
    targets = (n.targets for n in ast.walk(tree) if used and isinstance(n, ast.Assign))
    for target in (one for several in targets for one in several):
        if isinstance(target, ast.Name):
            yield target.id, ", ".join(sorted(used))
