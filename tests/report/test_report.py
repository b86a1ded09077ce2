"""What a class got wrong, as a page: its figures, its words, and that nothing in it can run."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import random
import re
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder import grade
from autograder.course.settings import Settings, in_force
from autograder.feedback.asked import all_asked, asked_by
from autograder.feedback.markup import tag
from autograder.feedback.places import LessonPlace, in_notebook
from autograder.gradebook.class_marks import ClassMarks, GivenMark, GradedCell, StudentMarks
from autograder.gradebook.details import Details, NotebookDetails, notebooks_of
from autograder.gradebook.people import Person
from autograder.records import Finding
from autograder.report.anonymous import anonymous
from autograder.report.build import build_report
from autograder.report.files import as_csv, as_json
from autograder.report.html_page import page
from autograder.report.noticed import asking_answers
from autograder.report.plots import bins
from autograder.report.row_figures import row_figures
from autograder.report.statistics import correlation, figures, interval_of
from autograder.report.submissions import is_blank
from autograder.report.wrong_rules import Explained, by_network, ranked, settled
from stridewise import lesson_network
from stridewise.misconceptions import rule
from stridewise.variants import your_network

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
SHAPES, COUNTS, OWN, WHY = ("1", "shapes"), ("1", "counts"), ("2", "own"), ("1", "why")
QUESTIONS = (
    *(GradedCell("1", "shapes", 6, False), GradedCell("1", "counts", 6, False)),
    *(GradedCell("1", "why", 4, True), GradedCell("2", "own", 6, False)),
)
SOURCES = {
    SHAPES: "from stridewise import lesson_network\n"
    "grade(shapes, lesson_network('stride'), points=6, rows='output_shape')",
    COUNTS: "from stridewise import lesson_network\n"
    "grade(counts, lesson_network('stride'), points=6, rows='parameters')",
    OWN: "from autograder import submitter\nfrom stridewise import your_network\n"
    "grade(own, your_network(submitter('x')), points=6, rows='output_shape')",
}
NO_RESPONSE = {"why": ("No response.",)}
HOSTILE = "</style><script>alert(1)</script><img src=x onerror=alert(2)>\"'`${7*7}"


def as_json_keeps(value):
    return json.loads(json.dumps(value))


def student_marks(person, *points, **fields):
    marks = {q.key: GivenMark(p, p is None) for q, p in zip(QUESTIONS, points, strict=False)}
    return StudentMarks(person, True, marks=marks, notebook_ids={"1": "p1", "2": "p2"}, **fields)


def notebook(**fields):
    return NotebookDetails(**fields)


def a_class(names=("ada", "ben", "cai"), idea="same_keeps_size"):
    """One right, one following an idea, one with nothing; the ideas' answers are the rule's own."""
    wrong = rule(idea).predict(lesson_network("stride"))
    right = lesson_network("stride")
    people = [Person(name, name.title(), "Okafor") for name in names]
    students_marks = (
        student_marks(people[0], 6, 6, None, 6),
        student_marks(people[1], 3, 5, 2, 6),
        StudentMarks(people[2]),
    )
    answers = [
        {"shapes": right.shapes, "counts": right.parameters},
        {"shapes": list(wrong.shapes), "counts": list(wrong.parameters)},
    ]
    notebooks = {
        person.id: {
            "1": notebook(answers=as_json_keeps(given), reasons={"shapes": ("Row 1 is wrong.",)}),
            "2": notebook(answers=as_json_keeps({"own": your_network(person.id).shapes})),
        }
        for person, given in zip(people, answers, strict=False)
    }
    return ClassMarks("padding", None, QUESTIONS, students_marks), Details(notebooks, SOURCES)


def report_of(class_marks, details, folders=()):
    places = {SHAPES: LessonPlace("1", "Predict the shapes", "Explorer")}
    return build_report(class_marks, details, places, dict(folders), NOW)


@pytest.fixture(scope="module")
def report():
    return report_of(*a_class())


class Elements(HTMLParser):
    """Every element of a page with its attributes, and the text outside of styles."""

    def __init__(self, text):
        super().__init__()
        self.found, self.ids = [], []
        self.feed(text)

    def handle_starttag(self, name, attributes):
        self.found.append((name, dict(attributes)))
        self.ids += [value for key, value in attributes if key == "id"]


def test_the_counts_are_the_classes(report):
    assert (report.students, report.submitted) == (3, 2)
    assert report.totals == (16, 18)
    assert report.median == report.mean == 17
    assert report.waiting == 1
    assert [person.id for person in report.people if not person.submitted] == ["cai"]


def test_a_wrong_rule_is_named_with_who_and_where_to_go_back_to(report):
    (found,) = report.rules
    assert found.ids == ("same_keeps_size",)
    assert found.students == ("ben",)
    assert set(found.questions) == {"shapes", "counts"}
    assert found.go_back_to == "1, “Predict the shapes”, Explorer"


def test_rows_most_often_wrong_name_the_layer_and_the_right_value(report):
    first = report.questions[0].rows[0]
    assert (first.label, first.right) == ("Conv2D", "(None, 14, 14, 32)")
    assert (first.answered, first.wrong) == (2, 1)


def test_a_row_that_followed_and_was_paid_is_not_among_the_wrong_ones():
    asked = asked_by(
        "from autograder import Sizes, grade\ngrade(a, Sizes([(3,)] * 3, start=28), 3)"
    )
    question = GradedCell("1", "a", 3, False)
    for settings, wrong in ((Settings(), [1, 0, 0]), (Settings(follow_through=False), [1, 1, 1])):
        with in_force(settings):
            mark = grade([27, 25, 23], asked.expected("ada"), 3)
        assert mark == 3 - sum(wrong)
        kept = Details(
            {"ada": {"1": notebook(answers={"a": [27, 25, 23]}, reasons={"a": mark.reasons})}},
            {question.key: f"{asked.given}\n{asked.call}"},
        )
        students_marks = (
            StudentMarks(Person("ada"), True, marks={question.key: GivenMark(float(mark), False)}),
        )
        class_marks = ClassMarks("a", None, (question,), students_marks)
        report = build_report(class_marks, kept, {}, {}, NOW, settings)
        assert [row.wrong for row in report.questions[0].rows] == wrong


def test_the_most_frequent_reasons_of_a_question_without_rows_are_on_the_page():
    question = GradedCell("1", "even", 2, False)
    said = {"ada": "4 & 6 are even", "ben": "4 & 6 are even", "cai": "KeyError", "dan": "full"}
    students_marks = tuple(
        StudentMarks(Person(name), True, marks={question.key: GivenMark(points, False)})
        for name, points in zip(said, (0.0, 1.0, 0.0, 2.0), strict=True)
    )
    details = {name: {"1": notebook(reasons={"even": (why,)})} for name, why in said.items()}
    report = report_of(ClassMarks("a", None, (question,), students_marks), Details(details, {}))
    assert report.questions[0].reasons == (("4 & 6 are even", 2),)
    assert "4 &amp; 6 are even</td>" in page(report)
    assert "4 &amp; 6 are even" not in page(anonymous(report))


def test_an_answer_of_one_student_alone_is_in_no_row(report):
    assert not any(row.commonest for question in report.questions for row in question.rows)


def test_what_knows_its_right_answer_tells_the_report():
    made = asked_by(
        "from autograder import Sizes\ngrade(a, Sizes([(3, 2, 'same')] * 2, start=28), points=2)"
    )
    assert made.rows("ada") == (14, 7)
    total = "from autograder import Total\nfrom stridewise import lesson_network\n"
    assert asked_by(f"{total}grade(t, Total(lesson_network('valid')), 1)").rows("") == (2_002_698,)


def test_shapes_and_parameters_of_a_network_are_asked_for_in_the_same_words():
    found = []
    for path in (Path(__file__).parents[2] / "solutions").glob("*/*.ipynb"):
        cells = json.loads(path.read_text())["cells"]
        found += by_network(all_asked({(path.stem, c["id"]): "".join(c["source"]) for c in cells}))
    assert len(found) == 6
    assert all(about.shapes and about.parameters for about in found)


def test_a_common_wrong_answer_is_counted():
    asked = asked_by("grade(sizes, [14, 7], points=2)")
    (first, second) = row_figures(asked, [("a", [13, 7]), ("b", [13, 7]), ("c", [14])])
    assert first.commonest == (("13", 2),)
    assert (second.answered, second.wrong) == (2, 0)


def test_difficulty_is_the_mean_share_of_the_points():
    students_marks = [
        student_marks(Person(str(i)), points, 0, 0, 0) for i, points in enumerate([6, 3, 0])
    ]
    found = figures(
        ClassMarks("a", None, QUESTIONS, tuple(students_marks)), QUESTIONS[0], students_marks
    )
    assert found.difficulty == 0.5
    assert (found.full, found.partial, found.none) == (1, 1, 1)


def test_discrimination_leaves_the_question_itself_out():
    random.seed(0)
    students_marks = [student_marks(Person(str(i)), i % 7, i % 7, 4, 0) for i in range(12)]
    found = figures(
        ClassMarks("a", None, QUESTIONS, tuple(students_marks)), QUESTIONS[0], students_marks
    )
    assert found.discrimination == 1
    alone = figures(
        ClassMarks("a", None, QUESTIONS[:1], tuple(students_marks)), QUESTIONS[0], students_marks
    )
    assert alone.discrimination is None


def test_figures_wait_for_the_marks_by_hand():
    students_marks = [student_marks(Person(str(i)), 6, 6, None, 6) for i in range(12)]
    found = figures(
        ClassMarks("a", None, QUESTIONS, tuple(students_marks)), QUESTIONS[2], students_marks
    )
    assert (found.waiting, found.difficulty, found.discrimination) == (12, None, None)


def test_a_blank_submission_says_nothing_about_any_question():
    """Ten submissions without a pattern, and one with nothing: its zeros are no discrimination."""
    marks = [(1, 5), (2, 3), (3, 6), (4, 1), (5, 4), (6, 2), (1, 3), (2, 5), (5, 1), (6, 6)]
    students_marks = [student_marks(Person(str(i)), *pair, 4, 6) for i, pair in enumerate(marks)]
    blank = student_marks(Person("blank"), 0, 0, 0, 0)
    everyone = ClassMarks("a", None, QUESTIONS, (*students_marks, blank))
    details = Details(
        {"blank": {"1": notebook(answers={"shapes": "..."}, reasons=NO_RESPONSE)}}, {}
    )
    found = report_of(everyone, details).questions[0].figures
    without = figures(everyone, QUESTIONS[0], students_marks)
    assert found.discrimination == without.discrimination
    assert figures(everyone, QUESTIONS[0], [*students_marks, blank]).discrimination > 0.3
    assert abs(found.discrimination) < 0.3
    assert found.interval[0] < found.discrimination < found.interval[1]


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"answers": {"shapes": [1]}, "reasons": NO_RESPONSE}, id="a-wrong-answer"),
        pytest.param({"answers": {"shapes": "..."}, "reasons": {}}, id="an-essay-worth-nothing"),
    ],
)
def test_a_submission_with_anything_in_it_is_not_blank(fields):
    class_marks, _ = a_class()
    zero = student_marks(Person("ada"), 0, 0, 0, 0)
    assert not is_blank(zero, class_marks, Details({"ada": {"1": notebook(**fields)}}, {}))


def test_the_interval_of_a_correlation_is_fishers():
    """A worked example: r = 0.5 of 28 submissions; z = 0.5493, 1.96 / sqrt(25) = 0.392."""
    low, high = interval_of(0.5, 28)
    assert (low, high) == (pytest.approx(0.156, abs=1e-3), pytest.approx(0.736, abs=1e-3))
    assert interval_of(1.0, 28) is None
    assert interval_of(0.5, 3) is None


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=2, max_size=40))
def test_correlation_is_numpys(pairs):
    import numpy as np

    first, second = (list(side) for side in zip(*pairs, strict=True))
    found = correlation(first, second)
    if len(set(first)) > 1 and len(set(second)) > 1:
        assert found == pytest.approx(np.corrcoef(first, second)[0, 1], abs=1e-9)
    else:
        assert found is None


@given(st.lists(st.floats(0, 88), max_size=50))
def test_every_submission_is_in_one_bar(totals):
    assert sum(bins(totals, 88)) == len(totals)


def test_an_undecided_explanation_is_settled_by_the_students_other_answers():
    sure = Explained("ada", (SHAPES,), (("a",),))
    open_ = Explained("ada", (OWN,), (("b",), ("a",)))
    assert settled([sure, open_])[1].ideas == (("a",),)
    assert ranked(settled([sure, open_]))[0].rules == ("a",)


def test_rules_that_fit_equally_well_are_shown_together():
    (found,) = ranked([Explained("ada", (SHAPES,), (("b",), ("a",)))])
    assert found.rules == ("a", "b")


def test_the_same_wrong_answer_on_individual_networks_is_noticed():
    class_marks, details = a_class()
    for student in ("ada", "ben"):
        details.notebooks[student]["2"] = notebook(answers={"own": [[None, 9, 9, 9]]})
    found = {each.code: each for each in report_of(class_marks, details).noticed}
    assert found["alike"].cases[0].students == ("ada", "ben")


def test_an_answer_that_fits_another_students_network_is_noticed():
    class_marks, details = a_class()
    details.notebooks["ben"]["2"] = details.notebooks["ada"]["2"]
    found = {each.code: each for each in report_of(class_marks, details).noticed}
    assert found["anothers"].cases[0].message == "The answer is right for ada."


def test_a_prediction_that_asks_the_model_is_noticed(tmp_path):
    source = "shapes = [layer.output_shape for layer in model.layers]"
    cell = {"cell_type": "code", "source": source, "metadata": {"nbgrader": {"solution": True}}}
    (tmp_path / "1.ipynb").write_text(json.dumps({"cells": [cell]}))
    found = report_of(*a_class(), folders={"ada": tmp_path}.items()).noticed
    assert [(each.code, each.students) for each in found] == [("computed", ("ada",))]


@pytest.mark.parametrize(
    "source",
    [
        "shapes = [(None, 26, 26, 32)]",
        "n = 28 - 3 + 1\nshapes = [n]",
        "not python (",
        "x = 'layers'",
    ],
)
def test_a_prediction_that_was_made_is_not_noticed(source):
    assert list(asking_answers(source)) == []


def test_no_finding_is_worded_as_an_accusation():
    from autograder.report.noticed import KINDS

    words = " ".join(part for kind in KINDS.values() for part in kind).lower()
    for accusing in ("cheat", "plagiar", "dishonest", "suspicious", "guilty", "tamper", "fraud"):
        assert accusing not in words


def test_a_question_is_read_from_its_own_hidden_test():
    asked = asked_by(SOURCES[OWN])
    assert asked.individual
    assert asked.rows("ada") == tuple(your_network("ada").shapes)
    assert asked.rows("ada") != asked.rows("ben")


def test_what_is_expected_may_stand_in_an_earlier_cell():
    sources = {
        (
            "1",
            "first",
        ): "import math\nhalf = math.floor(7.5)\nexpected = [14, half]\ngrade(a, expected, 2)",
        ("1", "second"): "assert b\ngrade(b, expected, 2)",
        ("2", "other"): "expected = [1]",
        ("1", "third"): "grade(c, elsewhere, 2)",
    }
    asked = all_asked(sources)
    assert asked["1", "second"].rows("ada") == asked["1", "first"].rows("ada") == (14, 7)
    assert asked["1", "third"].rows("ada") == ()


def test_what_two_cells_define_is_not_guessed_at():
    sources = {("1", "x"): "e = [1]", ("1", "y"): "e = [2]", ("1", "z"): "grade(b, e, 2)"}
    assert all_asked(sources)["1", "z"].rows("ada") == ()


@pytest.mark.parametrize("source", ["assert x == 1", "grade()", "grade(1, 2)", "x = = 1", ""])
def test_a_test_without_grade_is_no_question_of_rows(source):
    assert asked_by(source) is None


def test_a_place_is_the_heading_and_the_explorer_before_it():
    cells = [
        {"cell_type": "markdown", "source": "# Padding\n\n## Same", "metadata": {}},
        {"cell_type": "code", "source": "Explorer(size=7)", "metadata": {}},
        {"cell_type": "code", "source": "", "metadata": {"nbgrader": {"grade_id": "q"}}},
    ]
    assert in_notebook("1", {"cells": cells}) == {("1", "q"): LessonPlace("1", "Same", "Explorer")}


def test_a_record_without_a_notebook_is_read():
    kept = {"marks": {"q": {"reasons": ["No."], "flagged": True}}, "findings": [], "answers": {}}
    notebooks = notebooks_of(json.dumps({"1": None, "2": kept | {"unmarked": {}}}))
    assert list(notebooks) == ["2"]
    assert notebooks["2"].flagged == {"q"}


def hostile_report():
    class_marks, details = a_class(names=(HOSTILE, "ben", "cai"))
    finding = Finding(HOSTILE, HOSTILE, HOSTILE)
    details.notebooks[HOSTILE]["1"] = notebook(
        reasons={"shapes": (HOSTILE,)},
        flagged=frozenset({"shapes"}),
        findings=(finding,),
        answers={"shapes": [HOSTILE, HOSTILE], "counts": HOSTILE},
        unmarked={HOSTILE: HOSTILE},
    )
    details.notebooks["ben"]["1"] = details.notebooks[HOSTILE]["1"]
    return report_of(class_marks, details)


def test_everything_of_a_students_is_escaped():
    report = hostile_report()
    elements = Elements(page(report, lambda student, notebook: f"{student}/{notebook}"))
    allowed = {"style", "meta", "svg", "a", "details", "summary", "article", "section"}
    assert not {name for name, _ in elements.found} & {"img", "iframe", "link", "object"}
    assert [name for name, _ in elements.found].count("script") == 1  # the page's own
    assert allowed <= {name for name, _ in elements.found}
    assert not [key for _, attributes in elements.found for key in attributes if key[:2] == "on"]


def test_the_page_may_fetch_nothing_and_run_nothing_but_its_own_script(report):
    text = page(report)
    policy = [a for name, a in Elements(text).found if name == "meta" and "content" in a][-1]
    script = text.partition("<script>")[2].partition("</script>")[0]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert policy["content"] == (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"
    )
    assert "url(" not in text
    assert "@import" not in text
    assert "http" not in text.replace("http-equiv", "")


def test_links_lead_to_the_submissions_or_within_the_page(report):
    text = page(report, lambda student, notebook: f"feedback/{student}/{notebook}.html")
    elements = Elements(text)
    links = [attributes["href"] for name, attributes in elements.found if name == "a"]
    assert "feedback/ben/1.html" in links
    within = {link[1:] for link in links if link.startswith("#")}
    assert within <= set(elements.ids)


def test_an_anonymous_report_names_nobody():
    report = anonymous(report_of(*a_class(names=("zebulon", "quetzal", "xanthe"))))
    for text in (page(report), as_json(report), as_csv(report)):
        for name in ("zebulon", "quetzal", "xanthe", "Okafor"):
            assert name.lower() not in text.lower()
    assert report.rules[0].count == 1


def test_an_anonymous_report_keeps_the_figures(report):
    hidden = anonymous(report)
    assert hidden.totals == report.totals
    assert [q.figures for q in hidden.questions] == [q.figures for q in report.questions]
    assert "nobody is named" in page(hidden)


def test_json_and_csv_hold_the_same_marks(report):
    data = json.loads(as_json(report))
    rows = list(csv.DictReader(io.StringIO(as_csv(report))))
    assert [row["id"] for row in rows] == [person["id"] for person in data["people"]]
    assert rows[1]["1: shapes"] == "3"
    assert rows[1]["rules"] == "same_keeps_size"
    assert rows[2]["total"] == ""


def test_the_csv_holds_no_formula():
    rows = csv.reader(io.StringIO(as_csv(report_of(*a_class(names=("=1+1", "@ben", "+cai"))))))
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "@", "+"))]


def test_times_are_those_of_this_machine_with_its_zone(monkeypatch):
    summer = datetime(2026, 7, 1, 22, 30)  # noqa: DTZ001 - nbgrader's columns hold naive UTC
    students_marks = (student_marks(Person("dan"), 6, 6, 4, 6, timestamp=summer),)
    monkeypatch.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
    time.tzset()
    try:
        report = report_of(ClassMarks("a", None, QUESTIONS, students_marks), Details({}, {}))
    finally:
        monkeypatch.undo()
        time.tzset()
    assert report.people[0].handed_in_at == "2026-07-02 00:30 CEST"
    assert report.made_at == "2026-11-24 13:00 CET"


def test_without_a_due_date_nothing_is_called_late(report):
    assert "late: no due date is set" in page(report)


@pytest.mark.parametrize("count", [0, 1])
def test_a_class_of_one_or_none_has_a_page(count):
    students_marks = tuple(StudentMarks(Person("ada")) for _ in range(count))
    text = page(report_of(ClassMarks("a", None, QUESTIONS, students_marks), Details({}, {})))
    assert "Nobody has handed in yet." in text


def test_submissions_that_stock_nbgrader_marked_are_reported_by_their_marks():
    class_marks, details = a_class()
    report = report_of(class_marks, Details({}, details.sources))
    assert report.totals == (16, 18)
    assert report.rules == ()
    assert report.handed_in == {"1": 2, "2": 2}


def test_lateness_is_shown_with_the_due_date():
    class_marks, details = a_class()
    due = datetime(2026, 11, 20)  # noqa: DTZ001 - nbgrader's columns hold naive UTC
    late = student_marks(
        Person("dan"), 6, 6, 4, 6, timestamp=due + timedelta(hours=5), seconds_late=18000
    )
    report = report_of(
        ClassMarks("padding", due, QUESTIONS, (*class_marks.students, late)), details
    )
    assert report.late == 1
    assert "5.0 h late" in page(report)


@given(st.text())
def test_no_text_becomes_markup(text):
    (element,) = Elements(tag("p", text, title=text)).found
    assert element[0] == "p"


def test_an_excused_student_is_in_no_figure_and_is_not_missing():
    class_marks, details = a_class()
    excused = StudentMarks(Person("dee", "Dee", "Moor"), excused=True)
    made = report_of(replace(class_marks, students=(*class_marks.students, excused)), details)
    assert (made.submitted, made.students) == (2, 3)
    text = page(made)
    assert "Nothing from 1 student<" in text
    assert re.search(r"Dee Moor \(dee\).*?<td>excused</td>", text, re.DOTALL)


def test_files_that_could_not_be_read_are_named_in_words():
    class_marks, details = a_class()
    finding = Finding("not_json", "The notebook could not be read: this is an empty file.")
    mine = details.notebooks["ada"] | {"1": notebook(findings=(finding,))}
    text = page(report_of(class_marks, Details(details.notebooks | {"ada": mine}, SOURCES)))
    assert "Files that could not be read" in text
    assert "Not json" not in text


def test_a_course_without_rows_has_no_sections_about_rows(report):
    plain = report_of(a_class()[0], Details({}, {}))
    for words in ("Rows most often wrong", "Wrong rules that answers follow"):
        assert words in page(report)
        assert words not in page(plain)
