"""Questions on a page: a line for each at the top, then explanations, the largest loss first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from autograder.feedback.markup import Markup, tag
from autograder.feedback.picture import drawn
from autograder.feedback.places import LessonPlace
from autograder.feedback.rows import Row, Table
from autograder.feedback.student import Question
from autograder.feedback.words import number, points_of
from stridewise.naming import Idea

_VERDICTS = {
    "right": "✓ right",
    "follows": "✓ follows from your rows, counts",
    "wrong": "✗ not right",
    "missing": "✗ missing",
    "surplus": "✗ not asked for",
}
NOTHING = "\N{EN DASH}"
_STATES = {"full": "✓", "lost": "", "waiting": "…"}


def overview(questions: Sequence[Question], page: str = "") -> Markup:
    """Return a line for each question; its name links to the explanation."""
    lines = []
    for each in questions:
        name = tag("a", each.title, href=f"{page}#{each.anchor}")
        code = [" ", tag("code", each.answer)] if each.answer else None
        marks = [points_of(each), " ", tag("span", _STATES[each.state], class_="state")]
        lines.append(
            tag("tr", tag("th", name, code, scope="row"), tag("td", marks), class_=each.state)
        )
    head = tag("tr", tag("th", "Question", scope="col"), tag("th", "Points", scope="col"))
    return tag("table", tag("thead", head), tag("tbody", *lines), class_="overview")


def reason_for_all(questions: Sequence[Question]) -> str:
    """Return the one reason that several questions all have, or "".

    Such a reason is a file that is not a notebook. One of several lines stays with each question.
    """
    found = {question.reasons for question in questions}
    reasons = found.pop() if len(questions) > 1 and len(found) == 1 else ()
    return reasons[0] if len(reasons) == 1 and "\n" not in reasons[0] else ""


def question_part(question: Question, folds: Mapping[str, str], *, said: str) -> Markup:
    """Return the part of the page about one question; `said` is a reason already given."""
    answer = [" ", tag("code", question.answer)] if question.answer else None
    cost = f"{number(question.lost)} lost" if question.lost else ""
    return tag(
        "article",
        tag("h3", question.title, answer),
        tag("p", points_of(question), f" ({cost})" if cost else None, class_="points"),
        *_from_a_person(question),
        *(_from_the_machine(question) if not said or question.table else ()),
        _ways_on(question, folds),
        class_=f"question {question.state}",
        id=question.anchor,
    )


def _from_a_person(question: Question) -> list[Markup]:
    """Return what people wrote or did about this mark, or still have to do."""
    said = []
    if question.points is None:
        said.append(tag("p", "A person marks this. It is not marked yet.", class_="note"))
    elif question.may_change:
        said.append(tag("p", "A person will look at this again; it may change.", class_="note"))
    if question.changed:
        said.append(tag("p", "A person set these points.", class_="note"))
    if question.comment and question.comment.by_person:
        said.append(tag("p", "Your grader wrote:"))
        said.append(tag("blockquote", question.comment.words, class_="comment"))
    elif question.comment and question.comment.words not in question.reasons:
        said.append(tag("p", question.comment.words))
    return said


def _from_the_machine(question: Question) -> list[object]:
    """Return the table and the ideas, or else the recorded reasons."""
    table = question.table
    if table is None:
        if question.state == "lost" and not question.reasons and not question.comment:
            hand = "Your grader wrote no comment." if question.by_hand else _NOTHING
            return [tag("p", hand)]
        return [_reasons(question.reasons)]
    parts: list[object] = [_rows(table)]
    parts += [tag("p", words) for words in table.others]
    parts += [_idea(idea, table) for idea in table.ideas]
    if table.picture:
        words = tag("figcaption", f"Row {table.picture.row + 1}: {table.picture.words}")
        wide = tag(
            "div",
            drawn(table.picture),
            class_="scroll",
            tabindex="0",
            role="group",
            aria_label="Picture of your windows",
        )
        parts.append(tag("figure", wide, words))
    return parts


_NOTHING = "The test for this question failed without a message."


def _reasons(reasons: Sequence[str]) -> Markup | None:
    """Return the reasons; one of several lines keeps its line breaks."""
    if not reasons:
        return None
    shown = [tag("pre", each, tabindex="0") if "\n" in each else each for each in reasons]
    return tag("ul", *(tag("li", each) for each in shown), class_="reasons")


def _rows(table: Table) -> Markup:
    """Return a table of the answer beside the right one, row by row."""
    with_right = any(row.right for row in table.rows)
    titles = ["Row", "You wrote", *([table.by] if with_right else []), "Verdict"]
    head = tag("tr", *(tag("th", title, scope="col") for title in titles))
    lines = [tag("tr", *_row(row, with_right), class_=row.verdict) for row in table.rows]
    return _scrolled(
        tag("table", tag("thead", head), tag("tbody", *lines)), "Your answer, row by row"
    )


def _row(row: Row, with_right: bool) -> list[Markup]:
    right = [tag("td", tag("code", row.right))] if with_right else []
    verdict = [_VERDICTS[row.verdict], f": {row.says}" if row.says else None]
    mine = tag("code", row.mine) if row.mine else NOTHING
    return [tag("th", row.label, scope="row"), tag("td", mine), *right, tag("td", *verdict)]


def _idea(idea: Idea, table: Table) -> Markup:
    """Return an idea: its name, her rule and the right one, what it leaves out, a question."""
    known = [w for w in idea.workings if w.row < len(table.rows)]
    with_right = any(row.right for row in table.rows)
    with_own = any(w.own for w in known)
    rule = "Keras's rule" if table.by.startswith("Keras") else "The rule"
    own_title = ["This idea"] if with_own else []
    titles = ["Row", *own_title, *([f"{rule}, starting from your numbers"] if with_right else [])]
    lines = [
        tag(
            "tr",
            tag("th", table.rows[w.row].label, scope="row"),
            tag("td", *_lines(w.own)) if with_own else None,
            tag("td", *_lines(w.right)) if with_right else None,
        )
        for w in known
        if with_own or with_right
    ]
    head = tag("tr", *(tag("th", title, scope="col") for title in titles))
    worked = tag("table", tag("thead", head), tag("tbody", *lines))
    return tag(
        "div",
        tag("p", tag("strong", idea.heading)),
        _scrolled(worked, "Both rules with your numbers") if lines else None,
        tag("p", idea.leaves_out) if idea.leaves_out else None,
        tag("p", idea.question, class_="ask") if idea.question else None,
        class_="idea",
    )


def _lines(text: str) -> list[object]:
    """Return a working; two that fit equally well have a line each."""
    first, *others = text.split("\n")
    return [first, *(part for line in others for part in (tag("br"), line))]


def _scrolled(table: Markup, label: str) -> Markup:
    return tag("div", table, class_="scroll", tabindex="0", role="group", aria_label=label)


def _practise(place: LessonPlace) -> list[object]:
    """Return where to practise: on the course's site where it has one, else in the lesson."""
    in_lesson = [f"open {place.notebook}.ipynb and run ", tag("code", place.practice), "."]
    if not place.practice_link:
        return ["Practise this: ", *in_lesson]
    return [tag("a", "Practise this", href=place.practice_link), " on the web, or ", *in_lesson]


def _ways_on(question: Question, folds: Mapping[str, str]) -> Markup | None:
    """Return what to read again and what to practise, for a question with lost points."""
    if question.state != "lost":
        return None
    place, items = question.place, []
    fold = folds.get(place.heading) if place.heading else None
    if fold:
        items.append(
            tag(
                "li",
                "Read again: ",
                tag("a", f"“{place.heading}”", href=f"#{fold}"),
                ", in your notebook below.",
            )
        )
    if place.practice:
        items.append(
            tag(
                "li",
                *_practise(place),
            )
        )
    return tag("ul", *items, class_="ways") if items else None
