"""A student's notebook on her page: the lesson's cells are folded, her own are open."""

from __future__ import annotations

import html
import json
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from autograder.feedback.code import highlighted
from autograder.feedback.lesson import GivenCell, Lesson, pictures_of
from autograder.feedback.markdown import rendered
from autograder.feedback.markup import Markup, tag
from autograder.feedback.outputs import Budget, marked_outputs, saved_outputs
from autograder.feedback.student import NotebookPage, Question
from autograder.feedback.words import points_of

_MOST_HEADINGS = 3  # named on a fold
_LONGEST_OWN = 40_000  # characters of one cell of hers


@dataclass(frozen=True, slots=True)
class SavedOutputs:
    """The outputs of a submitted file's code cells, by label and by text."""

    labelled: Mapping[str, Any] = field(default_factory=dict)
    by_text: Mapping[str, deque[Any]] = field(default_factory=dict)

    def of(self, grade_id: str, source: str) -> Any:
        """Return the outputs of a cell; several cells with the same text are taken in order."""
        if grade_id:
            return self.labelled.get(grade_id)
        waiting = self.by_text.get(source)
        return waiting.popleft() if waiting else None


def outputs_in(data: bytes | None) -> SavedOutputs:
    """Read the outputs in a submitted notebook; none where the file is not a notebook."""
    try:
        notebook = json.loads(data or b"{}")
        cells = [c for c in notebook["cells"] if isinstance(c, dict)]
    except (ValueError, KeyError, TypeError, RecursionError, MemoryError):
        return SavedOutputs()
    labelled: dict[str, Any] = {}
    by_text: defaultdict[str, deque[Any]] = defaultdict(deque)
    for cell in cells:
        grade_id = _label(cell)
        if grade_id:
            labelled[grade_id] = cell.get("outputs")
        elif cell.get("cell_type") == "code":
            by_text[_text(cell.get("source"))].append(cell.get("outputs"))
    return SavedOutputs(labelled, by_text)


@dataclass(slots=True)
class _Fold:
    """Successive cells of the lesson that are folded together; `number` is part of its anchor."""

    number: int
    parts: list[object] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)

    @property
    def markup(self) -> Markup:
        named = " · ".join(self.headings[:_MOST_HEADINGS])
        more = " · …" if len(self.headings) > _MOST_HEADINGS else ""
        title = f"Lesson: {named}{more}" if named else "Lesson: text and code"
        inner = tag("div", *self.parts, class_="inside")
        return tag("details", tag("summary", title), inner, id=f"f{self.number}", class_="fold")


@dataclass(frozen=True, slots=True)
class NotebookPart:
    """The notebook as markup, and for each heading of the lesson the anchor of its fold."""

    markup: Markup
    folds: Mapping[str, str]


def notebook_part(
    lesson: Lesson, marked: Mapping[str, Any], saved: SavedOutputs, page: NotebookPage
) -> NotebookPart:
    """Return a marked notebook as it is shown to the student."""
    budget, blocks, folds = Budget(), list[object](), dict[str, str]()
    questions = {question.key[1]: question for question in page.questions}
    fold = _Fold(0)
    for cell in marked["cells"]:
        flags = cell["metadata"].get("nbgrader", {})
        label = flags.get("grade_id", "")
        given = lesson.labelled.get(label) or lesson.cells.get((cell["cell_type"], cell["source"]))
        own = list(_own(cell, flags, given, questions, saved, budget))
        if not own and given and _is_given(cell, flags, given):
            fold.parts.append(given.markup)
            fold.parts += _outputs(cell, "", saved, budget, quiet=True)
            fold.headings += given.headings
            folds |= dict.fromkeys(given.headings, f"f{fold.number}")
        elif own:
            blocks += [fold.markup] if fold.parts else []
            fold = _Fold(fold.number + 1)
            blocks += own
    blocks += [fold.markup] if fold.parts else []
    return NotebookPart(tag("section", *blocks, class_="notebook"), folds)


def _own(
    cell: Mapping[str, Any],
    flags: Mapping[str, Any],
    given: GivenCell | None,
    questions: Mapping[str, Question],
    saved: SavedOutputs,
    budget: Budget,
) -> Iterator[Markup]:
    """Yield what is not folded: her answers, her own cells, and cells with a mark.

    A task is shown as it was released: the marked notebook holds its mark scheme too.
    """
    grade_id = str(flags.get("grade_id", ""))
    question = questions.get(grade_id)
    if flags.get("grade") and not flags.get("solution"):
        if question:
            yield _mark_line(question)
        return
    if given and _is_given(cell, flags, given):
        return
    task, answer = bool(flags.get("task")), bool(flags.get("solution"))
    same = given is not None and given.source == cell["source"]
    title = "Task" if task else "Your answer" if answer else "Added or changed by you"
    note = tag("p", "This is as you received it.", class_="quiet") if same and answer else None
    yield tag(
        "article",
        tag("h3", title, *([" ", tag("code", grade_id)] if grade_id.isidentifier() else [])),
        note,
        _source(cell) if not task else given.markup if given else None,
        *_outputs(cell, grade_id, saved, budget),
        _words(question),
        class_="own",
        id=f"c-{question.number}" if question else None,
    )


def _is_given(cell: Mapping[str, Any], flags: Mapping[str, Any], given: GivenCell) -> bool:
    hers = flags.get("solution") or flags.get("task")
    return not hers and given.source == cell["source"] and given.cell_type == cell["cell_type"]


def _source(cell: Mapping[str, Any]) -> Markup:
    """Return her cell as text or as code."""
    source = cell["source"][:_LONGEST_OWN]
    if cell["cell_type"] == "markdown":
        return tag("div", rendered(source, pictures_of(cell.get("attachments"))), class_="text")
    # `notebooks.marked` has escaped raw text already, so that is undone before it is escaped here.
    inner = highlighted(source) if cell["cell_type"] == "code" else html.unescape(source)
    return tag("pre", inner, class_="code", tabindex="0")


def _outputs(
    cell: Mapping[str, Any],
    grade_id: str,
    saved: SavedOutputs,
    budget: Budget,
    *,
    quiet: bool = False,
) -> list[Markup]:
    if cell["cell_type"] != "code":
        return []
    hers = saved.of(grade_id, cell["source"])
    if cell.get("outputs"):
        return marked_outputs(cell["outputs"], budget)
    return saved_outputs(hers, budget, quiet=quiet)


def _words(question: Question | None) -> Markup | None:
    """Return the points of an answer marked by hand, and the grader's comment."""
    if question is None:
        return None
    by_person = question.comment and question.comment.by_person
    words = question.comment.words if question.comment and by_person else None
    comment = tag("blockquote", words, class_="comment") if words else None
    return tag("div", _mark_line(question), comment)


def _mark_line(question: Question) -> Markup:
    """Return the points, with a link to the explanation above, where there is one."""
    words = f"{question.title}: {points_of(question)}"
    if question.has_more:
        return tag("p", tag("a", words, href=f"#{question.anchor}"), class_="marked")
    return tag("p", words, class_="marked", id=question.anchor)


def _label(cell: Mapping[str, Any]) -> str:
    metadata = cell.get("metadata")
    flags = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = flags.get("grade_id") if isinstance(flags, dict) else ""
    return grade_id if isinstance(grade_id, str) else ""


def _text(source: Any) -> str:
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        return "".join(source)
    return source if isinstance(source, str) else ""
