"""The pages that a student reads: no script, no network; for print, phones and dark mode."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from autograder.course.outcome import counted
from autograder.feedback.cells import NotebookPart
from autograder.feedback.markup import Markup, tag
from autograder.feedback.questions import overview, question_part, reason_for_all
from autograder.feedback.student import NotebookPage, Question, StudentPages
from autograder.feedback.words import late, number

# Nothing may be fetched and no script may run, whatever a student's text holds.
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; "
    "base-uri 'none'"
)


def index_page(pages: StudentPages, digest: str) -> str:
    """Return the page about the whole assignment."""
    parts = [_notebook_lines(pages)]
    for each in pages.notebooks:
        if each.handed_in and each.questions:
            link = f"{each.name}.html"
            parts.append(tag("section", tag("h2", each.title), overview(each.questions, link)))
    title = f"{pages.assignment}: your feedback"
    return _page(title, digest, _header(title, pages, pages), tag("main", *parts))


def notebook_page(
    pages: StudentPages, notebook: NotebookPage, part: NotebookPart, digest: str
) -> str:
    """Return the page about one notebook: marks, what was lost and why, then the notebook."""
    lost = sorted((q for q in notebook.questions if q.state == "lost"), key=lambda q: -q.lost)
    waiting = [q for q in notebook.questions if q.state == "waiting"]
    full = [q for q in notebook.questions if q.state == "full" and q.has_more]
    said = reason_for_all(notebook.questions)
    reason = tag("p", "For every question: ", said, class_="note") if said else None
    main = tag(
        "main",
        tag("section", tag("h2", "Points", id="points"), reason, overview(notebook.questions)),
        _group("What was lost, most first", lost, part, said),
        _group("Not marked yet", waiting, part, said),
        _group("Full points, with a remark", full, part, said),
        tag("h2", "Your notebook", id="notebook"),
        _unmarked(notebook),
        part.markup,
    )
    return _page(
        f"{notebook.title}: your feedback", digest, _notebook_header(pages, notebook), main
    )


def _group(title: str, questions: list[Question], part: NotebookPart, said: str) -> Markup | None:
    if not questions:
        return None
    shown = [question_part(question, part.folds, said=said) for question in questions]
    return tag("section", tag("h2", title), *shown)


def _notebook_header(pages: StudentPages, notebook: NotebookPage) -> Markup:
    """Return the header of a notebook's page; it ends with the points of the whole assignment."""
    whole = f"{number(pages.points)} of {number(pages.possible)} for the whole assignment"
    so_far = " so far" if pages.waiting else ""
    last = tag("p", f"{pages.assignment}: {whole}{so_far}.", class_="quiet")
    return _header(notebook.title, pages, notebook, last)


def _header(
    title: str, pages: StudentPages, part: StudentPages | NotebookPage, last: Markup | None = None
) -> Markup:
    """Return what the first screen starts with: the points of a part, and what they are of."""
    so_far = " so far" if part.waiting else ""
    points = tag("b", number(part.points)), f" of {number(part.possible)} points{so_far}"
    return tag(
        "header",
        tag("h1", title),
        tag("p", _who(pages), class_="quiet"),
        tag("p", *points, class_="total"),
        _lateness(pages, part.penalty),
        _waiting(part.waiting),
        last,
    )


def _who(pages: StudentPages) -> str:
    name = pages.student if pages.name == pages.student else f"{pages.name} ({pages.student})"
    return f"{name}. Handed in {pages.handed_in_at}." if pages.handed_in_at else f"{name}."


def _lateness(pages: StudentPages, penalty: float) -> Markup | None:
    if pages.excused:
        return tag("p", "You are excused from this assignment.", class_="note")
    if not penalty:
        return None
    when = f" ({late(pages.hours_late)})" if pages.hours_late else ""
    taken = "1 point was" if penalty == 1 else f"{number(penalty)} points were"
    return tag("p", f"{taken} taken off for lateness{when}.", class_="note")


def _waiting(questions: int) -> Markup | None:
    if not questions:
        return None
    words = counted(questions, "question is", "questions are")
    return tag("p", f"{words} not marked yet and can still add points.", class_="note")


def _notebook_lines(pages: StudentPages) -> Markup:
    """Return a line for each notebook, with a link to its page."""
    head = tag("tr", tag("th", "Notebook", scope="col"), tag("th", "Points", scope="col"))
    lines = []
    for each in pages.notebooks:
        name = tag("a", each.title, href=f"{each.name}.html") if each.handed_in else each.title
        points = f"{number(each.points)} of {number(each.possible)}"
        if not each.handed_in:
            points += ": not handed in"
        elif each.waiting:
            points += f" so far, {counted(each.waiting, 'question')} not marked yet"
        lines.append(tag("tr", tag("th", name, scope="row"), tag("td", points)))
    return tag("table", tag("thead", head), tag("tbody", *lines), class_="overview")


def _unmarked(notebook: NotebookPage) -> Markup | None:
    """Say what could not be marked by the machine, and why."""
    if not notebook.unmarked:
        return None
    items = [tag("li", tag("code", name), f": {why}") for name, why in notebook.unmarked.items()]
    return tag("ul", *items, class_="reasons")


def _page(title: str, digest: str, header: Markup, main: Markup) -> str:
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="autograder-digest", content=digest),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", http_equiv="Content-Security-Policy", content=POLICY),
        tag("meta", name="referrer", content="no-referrer"),
        tag("title", title),
        tag("style", Markup(_style())),
    )
    return "<!doctype html>\n" + tag("html", head, tag("body", header, main), lang="en") + "\n"


@cache
def _style() -> str:
    return Path(__file__).with_name("page.css").read_text(encoding="utf-8")
