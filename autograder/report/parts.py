"""The small parts that the sections of the page share."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from autograder.feedback.markup import Markup, tag, text_of
from autograder.report.data import StudentReport
from autograder.report.plots import scrolled

Link = Callable[[str, str], str]  # a student and a notebook -> where her paper is, or ""
NOTHING = "\N{EN DASH}"


def table(header: Sequence[tuple[str, str]], rows: Sequence[Sequence[object]]) -> Markup:
    """Return a table; each column has a title and the class of its cells."""
    top = tag("tr", *(tag("th", title, class_=kind or None, scope="col") for title, kind in header))
    lines = [
        tag(
            "tr",
            *(
                tag("td", cell, class_=kind or None)
                for cell, (_, kind) in zip(row, header, strict=True)
            ),
        )
        for row in rows
    ]
    label = ", ".join(title for title, _ in header if title)
    return scrolled(tag("table", tag("thead", top), tag("tbody", *lines)), f"Table: {label}")


def points(value: float | None) -> object:
    """Return points to one decimal, or a dash."""
    return NOTHING if value is None else f"{value:.1f}".removesuffix(".0")


def given(value: float | None, possible: float) -> str:
    """Return the points of one question in words."""
    return f"not marked yet, of {possible:g}" if value is None else f"{value:g} of {possible:g}"


def who(person: StudentReport) -> str:
    """Return a student's name and id."""
    return person.id if person.name == person.id else f"{person.name} ({person.id})"


def people(students: Sequence[str], notebook: str, link: Link) -> object:
    """Return students' ids, each with a link to her paper, or to her line on this page."""
    return separated([tag("a", one, href=link(one, notebook) or f"#s-{one}") for one in students])


def separated(parts: Sequence[Markup]) -> Markup:
    """Return parts with commas between them."""
    return Markup(", ".join(text_of(part) for part in parts))
