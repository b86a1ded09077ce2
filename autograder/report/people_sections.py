"""The sections about students: the ideas that they follow, what to look at, and their papers."""

from __future__ import annotations

from autograder.feedback.markup import Markup, tag
from autograder.report.data import Report, RuleReport, StudentReport
from autograder.report.noticed import Case, Noticed
from autograder.report.parts import NOTHING, Link, given, people, points, separated, table, who
from autograder.report.plots import proportion

MOST_CASES = 40


def rules_section(report: Report, link: Link) -> object:
    """Return the wrong rules, those of the most students first."""
    rest = f"{report.unexplained} more wrong answers follow no rule that is known."
    intro = tag(
        "p", "Wrong rules that explain a student's whole answer about a network, all rows at once."
    )
    if not report.rules:
        return tag("p", "No wrong answer follows a rule that is known." if report.submitted else "")
    common = [rule_card(each, report, link) for each in report.rules if each.count > 1]
    single = [rule_card(each, report, link) for each in report.rules if each.count == 1]
    fold = tag("summary", f"{len(single)} more, in one paper each")
    return [
        intro,
        common,
        tag("details", fold, single) if single else None,
        tag("p", rest, class_="quiet") if report.unexplained else None,
    ]


def rule_card(each: RuleReport, report: Report, link: Link) -> Markup:
    """Return one wrong rule: how many, what it leaves out, what to ask, where to go back to."""
    label = f"{each.count} of {report.submitted} students"
    bar = [proportion(each.count, report.submitted, label), " ", tag("small", label)]
    several = len(each.names) > 1
    title = "One of these; the answers cannot tell which" if several else each.names[0]
    ideas = zip(each.names, each.leaves_out, each.asks, strict=True)
    where = f"Go back to {each.go_back_to}. Seen in {', '.join(each.questions)}."
    lines: list[object] = [
        tag("header", tag("h3", title), tag("span", bar, class_="bars")),
        *(
            tag("p", tag("b", f"{name} ") if several else None, f"{left_out} Ask: {asks}")
            for name, left_out, asks in ideas
        ),
        tag("p", tag("small", where)),
    ]
    if each.students:
        lines.append(tag("p", tag("small", people(each.students, each.notebook, link))))
    return tag("article", *lines, class_="card")


def noticed_section(report: Report, link: Link) -> object:
    """Return what a person may want to look at."""
    if not report.noticed:
        return tag("p", "Nothing was noticed.")
    intro = "Noticed by the machine. Most have an innocent reason; none is a verdict on anybody."
    return [tag("p", intro), *(noticed_card(each, link) for each in report.noticed)]


def noticed_card(each: Noticed, link: Link) -> Markup:
    """Return all cases of one kind, folded where there are many."""
    items = [case_line(case, link) for case in each.cases[:MOST_CASES]]
    if len(each.cases) > MOST_CASES:
        items.append(tag("li", f"and {len(each.cases) - MOST_CASES} more, in the JSON"))
    count = f"{len(each.cases)} from {len(each.students)} students"
    few = len(each.cases) <= 5  # noqa: PLR2004 - a list that needs no folding
    return tag(
        "article",
        tag("header", tag("h3", each.title), tag("small", count)),
        tag("p", each.words),
        tag("details", tag("summary", "Which"), tag("ul", *items), open="" if few else None),
        class_="card",
    )


def case_line(case: Case, link: Link) -> Markup:
    """Return one case."""
    where = f" {case.notebook}" + (f", {case.grade_id}: " if case.grade_id else ": ")
    return tag("li", people(case.students, case.notebook, link), where, case.message)


def students_section(report: Report, link: Link) -> object:
    """Return a line for each student, with the marks and reasons behind it."""
    header = [
        ("Student", ""),
        ("Points", "number"),
        ("Handed in", ""),
        ("Papers", ""),
        ("Marks", ""),
    ]
    return table(header, [student_row(person, report, link) for person in report.people])


def student_row(person: StudentReport, report: Report, link: Link) -> list[object]:
    """Return one student's line."""
    name = tag("span", who(person), id=f"s-{person.id}")
    if not person.submitted:
        return [name, NOTHING, "nothing yet", "", ""]
    late = f", {person.hours_late:.1f} h late" if person.hours_late else ""
    lost = f" (late: \N{MINUS SIGN}{person.penalty:g})" if person.penalty else ""
    missing = (
        [tag("br"), tag("small", f"without {', '.join(person.missing)}")]
        if person.missing
        else None
    )
    links = [
        tag("a", notebook, href=address)
        for notebook in report.handed_in
        if (address := link(person.id, notebook)) and notebook not in person.missing
    ]
    return [
        name,
        [points(person.total), lost],
        [person.handed_in_at or "time not known", late, missing],
        separated(links) if links else NOTHING,
        marks_of(person),
    ]


def marks_of(person: StudentReport) -> Markup:
    """Return a student's marks and reasons, folded."""
    lines = [
        tag(
            "li",
            tag("code", mark.grade_id),
            f" {given(mark.points, mark.possible)}",
            f": {' '.join(mark.reasons)}" if mark.reasons else "",
        )
        for mark in person.marks
    ]
    full = sum(m.points is not None and m.points >= m.possible for m in person.marks)
    summary = f"{full} of {len(person.marks)} in full"
    ideas = ", ".join(one.replace("_", " ") for one in person.rules)
    follows = tag("small", f"follows: {ideas}") if ideas else None
    look = tag("small", f"to look at: {'; '.join(person.noticed)}") if person.noticed else None
    lines_below = [tag("div", one) for one in (follows, look) if one]
    return tag("div", tag("details", tag("summary", summary), tag("ul", *lines)), *lines_below)
