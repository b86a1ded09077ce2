"""The sections about the class as a whole: marks, questions, rows."""

from __future__ import annotations

from autograder.feedback.markup import tag
from autograder.report.data import QuestionReport, Report
from autograder.report.parts import NOTHING, table, who
from autograder.report.plots import distribution, legend, proportion, scatter, shares
from autograder.report.row_figures import RowFigures
from autograder.report.statistics import FEWEST, QuestionFigures

MOST_ROWS = 15
HOW = (
    "Difficulty is the mean share of the points that the papers were given: near 1 easy, near 0 "
    "hard. Discrimination is Pearson's correlation, over the same papers, of the points for the "
    "question with the points for all other questions: above about 0.3 the question tells stronger "
    "from weaker papers, below 0 it should be looked at. Below it stands its 95 % confidence "
    f"interval: with few papers it says little. It is given from {FEWEST} papers on, where both "
    "vary; papers without any answer are left out of it. Papers are those that hold the question's "
    "notebook. Neither is given while a paper waits for its mark by hand."
)


def marks_section(report: Report) -> object:
    """Return the distribution, what was handed in and who is missing."""
    if not report.submitted:
        return tag("p", "Nobody has handed in yet.")
    rows = [
        (
            name,
            f"{count} of {report.students}",
            proportion(count, report.students, f"{count} of {report.students}"),
        )
        for name, count in report.handed_in.items()
    ]
    absent = [person for person in report.people if not person.submitted]
    names = tag("ul", *(tag("li", who(person)) for person in absent), class_="people")
    return [
        distribution(report.totals, report.possible),
        waiting_note(report),
        table([("Notebook", ""), ("Handed in", "number"), ("", "bars")], rows),
        tag("details", tag("summary", f"Nothing from {len(absent)} students"), names)
        if absent
        else None,
    ]


def waiting_note(report: Report) -> object:
    """Say that marks by hand are missing from the figures, if they are."""
    if not report.waiting:
        return None
    words = (
        f"{report.waiting} marks are still to be given by hand and count 0 in the totals so far."
    )
    return tag("p", words, class_="note")


def questions_section(report: Report) -> object:
    """Return how each question went, and the plot of difficulty and discrimination."""
    placed = [
        (q.grade_id, q.figures.difficulty, q.figures.discrimination)
        for q in report.questions
        if q.figures.difficulty is not None and q.figures.discrimination is not None
    ]
    numbers = {name: number for number, (name, _, _) in enumerate(placed, 1)}
    plotted = [
        (name, easy, power)
        for name, easy, power in placed
        if easy is not None and power is not None
    ]
    header = [("", "number"), ("Question", ""), ("Points", "number"), ("Papers", "bars")]
    header += [("Difficulty", "number"), ("Discrimination", "number")]
    rows = [question_row(q, numbers.get(q.grade_id)) for q in report.questions]
    return [
        legend(),
        table(header, rows),
        scatter(plotted) if plotted else None,
        tag("p", tag("small", HOW)),
    ]


def question_row(question: QuestionReport, number: int | None) -> list[object]:
    """Return a question's line."""
    f = question.figures
    return [
        number or "",
        [tag("code", question.grade_id), tag("br"), tag("small", question.place)],
        f"{question.points:g}",
        shares(f.full, f.partial, f.none, f.waiting),
        NOTHING if f.difficulty is None else f"{f.difficulty:.2f}",
        NOTHING if f.discrimination is None else [f"{f.discrimination:.2f}", interval(f)],
    ]


def interval(f: QuestionFigures) -> object:
    """Return how far a discrimination may be off, in small print."""
    if f.interval is None:
        return None
    low, high = f.interval
    return [tag("br"), tag("small", f"{low:.2f} to {high:.2f}")]


def rows_section(report: Report) -> object:
    """Return the rows that most papers have wrong, and what was written there."""
    wrong = [
        (each.wrong / each.answered, each, question)
        for question in report.questions
        for each in question.rows
        if each.wrong
    ]
    wrong.sort(key=lambda entry: (-entry[0], -entry[1].wrong))
    if not wrong:
        return tag("p", "No row is wrong in any paper.")
    header = [("Question", ""), ("Row", ""), ("Right", ""), ("Wrong", "number"), ("", "bars")]
    header.append(("Most often written", ""))
    lines = [row_line(each, question) for _, each, question in wrong[:MOST_ROWS]]
    return [
        tag(
            "p",
            "Counted among the papers that have something in the row. A row that follows from the "
            "student's own rows before it, and so earned its points, is not counted as wrong.",
        ),
        table(header, lines),
    ]


def row_line(each: RowFigures, question: QuestionReport) -> list[object]:
    """Return one row's line."""
    label = f"{each.wrong} of {each.answered}"
    written = [
        tag("span", tag("code", value), f" \N{MULTIPLICATION SIGN} {count}", class_="item")
        for value, count in each.commonest
    ]
    return [
        tag("code", question.grade_id),
        f"{each.row} {each.label}".strip(),
        tag("code", each.right) if each.right else tag("small", "each student's own"),
        label,
        proportion(each.wrong, each.answered, label),
        written or tag("small", "something else each"),
    ]
