"""The report as one HTML page: no script, no network, readable dark, narrow and printed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from autograder.feedback.markup import Markup, tag
from autograder.report.class_sections import marks_section, questions_section, rows_section
from autograder.report.data import Report
from autograder.report.parts import NOTHING, Link, points
from autograder.report.people_sections import noticed_section, rules_section, students_section

# Nothing may be fetched and no script may run, whatever a student's text holds.
NO_DUE = ": no due date is set"
POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def page(report: Report, link: Link = lambda _student, _notebook: "") -> str:
    """Return the page; `link` gives the address of a paper, where there is one."""
    style = Path(__file__).with_name("page.css").read_text(encoding="utf-8")
    title = f"{report.assignment}: what the class did"
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", http_equiv="Content-Security-Policy", content=POLICY),
        tag("title", title),
        tag("style", Markup(style)),
    )
    sections = [
        *(
            ("marks", "Marks", marks_section(report)),
            ("questions", "Questions", questions_section(report)),
        ),
        ("rules", "Ideas that lead astray", rules_section(report, link)),
        ("rows", "Rows most often wrong", rows_section(report)),
    ]
    if not report.anonymous:
        sections.append(("look", "Worth a look", noticed_section(report, link)))
        sections.append(("students", "Students", students_section(report, link)))
    body = tag(
        "body",
        tag(
            "header", tag("h1", title), tag("p", about(report), class_="quiet"), contents(sections)
        ),
        tag("main", tiles(report), *(section(*each) for each in sections)),
    )
    return "<!doctype html>\n" + tag("html", head, body, lang="en") + "\n"


def about(report: Report) -> str:
    """Return the line under the title."""
    kind = " For showing in class: nobody is named." if report.anonymous else ""
    return f"Made on {report.made_at} from the gradebook.{kind}"


def contents(sections: Sequence[tuple[str, str, object]]) -> Markup:
    """Return links to the sections."""
    return tag("nav", *(tag("a", title, href=f"#{name}") for name, title, _ in sections))


def section(name: str, title: str, content: object) -> Markup:
    """Return a section with its heading."""
    return tag("section", tag("h2", title, id=name), content)


def tiles(report: Report) -> Markup:
    """Return the figures that come first."""
    figures = [
        (f"{report.submitted} of {report.students}", "handed in"),
        (points(report.median), f"median, of {report.possible:g} points"),
        (points(report.mean), "mean"),
        (NOTHING if report.late is None else report.late, "late" + NO_DUE * (report.late is None)),
        (report.waiting, "marks still to be given by hand"),
    ]
    if not report.anonymous:
        cases = sum(len(each.cases) for each in report.noticed)
        figures.append((cases, "things worth a look"))
    items = (tag("li", tag("b", figure), words) for figure, words in figures)
    return tag("ul", *items, class_="tiles")
