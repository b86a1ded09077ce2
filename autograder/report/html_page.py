"""The report as one HTML page, without network.

`templates/` has a file for each section; this module computes what they show.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path

import jinja2

from autograder.course.templates import environment
from autograder.report.data import MarkLine, QuestionReport, Report, StudentReport
from autograder.report.plots import PARTS, distribution, proportion, scatter, shares
from autograder.report.row_figures import RowFigures
from autograder.report.statistics import FEWEST

Link = Callable[[str, str], str]  # (student, notebook) -> address of the notebook, or ""
TEMPLATES = Path(__file__).with_name("templates")
SCRIPT = (TEMPLATES / "page.js").read_text(encoding="utf-8").strip()
"""Sorts and filters the tables; the page says everything without it."""
_DIGEST = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
# Nothing is fetched and no other script runs, even if a student's text contains one.
POLICY = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{_DIGEST}'"
MOST_ROWS = 15
MOST_CASES = 40
NOTHING = "\N{EN DASH}"


def page(report: Report, link: Link = lambda _student, _notebook: "") -> str:
    """Return the page; `link` returns the address of a submitted notebook, or ""."""
    placed = placed_questions(report)
    return _template().render(
        report=report,
        link=link,
        policy=POLICY,
        script=SCRIPT,
        sections=sorted({person.section for person in report.people} - {""}),
        ways=ways(report),
        fewest=FEWEST,
        most_cases=MOST_CASES,
        parts_of_a_bar=PARTS,
        placed=placed,
        by_rows=bool(report.rules) or any(question.rows for question in report.questions),
        numbers={name: number for number, (name, _, _) in enumerate(placed, 1)},
        wrong_rows=wrong_rows(report)[:MOST_ROWS],
        notebooks=lambda person: notebooks(person, report, link),
        distribution=distribution,
        proportion=proportion,
        scatter=scatter,
        shares=shares,
    )


@cache
def _template() -> jinja2.Template:
    filters: dict[str, Callable[..., str | int]] = {
        "decimals": decimals,
        "given": given,
        "in_full": in_full,
        "points": points,
        "who": who,
    }
    return environment(TEMPLATES, filters).get_template("page.html")


def ways(report: Report) -> dict[str, int]:
    """Count all marks by the way to them."""
    found: Counter[str] = Counter()
    for question in report.questions:
        found.update(question.ways)
    return dict(found)


def decimals(value: float | None) -> str:
    """Return a share or a correlation to two decimals, or a dash."""
    return NOTHING if value is None else f"{value:.2f}"


def points(value: float | None) -> str:
    """Return points to one decimal, or a dash."""
    return NOTHING if value is None else f"{value:.1f}".removesuffix(".0")


def given(mark: MarkLine) -> str:
    """Return the points of one question as text."""
    if mark.points is None:
        return f"not marked yet, of {mark.possible:g}"
    return f"{mark.points:g} of {mark.possible:g}"


def who(person: StudentReport) -> str:
    """Return a student's name and id."""
    return person.id if person.name == person.id else f"{person.name} ({person.id})"


def in_full(person: StudentReport) -> int:
    """Return the number of questions with full points."""
    return sum(m.points is not None and m.points >= m.possible for m in person.marks)


def notebooks(person: StudentReport, report: Report, link: Link) -> list[tuple[str, str]]:
    """Return the notebooks that a student handed in, with addresses, where there is one."""
    found = [(name, link(person.id, name)) for name in report.handed_in]
    return [(name, where) for name, where in found if where and name not in person.missing]


def placed_questions(report: Report) -> list[tuple[str, float, float]]:
    """Return the questions whose difficulty and discrimination are both known, with both."""
    return [
        (q.grade_id, q.figures.difficulty, q.figures.discrimination)
        for q in report.questions
        if q.figures.difficulty is not None and q.figures.discrimination is not None
    ]


def wrong_rows(report: Report) -> list[tuple[RowFigures, QuestionReport]]:
    """Return the rows that are wrong anywhere, by the share of submissions, the largest first."""
    wrong = [(row, question) for question in report.questions for row in question.rows if row.wrong]
    return sorted(wrong, key=lambda each: (-each[0].wrong / each[0].answered, -each[0].wrong))
