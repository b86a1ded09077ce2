"""Marked submissions of made-up students, each with one wrong rule: the submission names that rule.

The twelve of `autograder sample` are here, and one student for every other rule of the catalogue
that goes wrong somewhere in the assignment.
"""

import json
import shutil
from html import unescape
from pathlib import Path

import pytest

from autograder.authoring.generate import generate
from autograder.authoring.sample_class import ASSIGNMENT, CLASS, SampleStudent, answers_of, fill_in
from autograder.course.course import open_course
from autograder.marking.class_run import grade_class
from stridewise.lesson_models import lesson_network
from stridewise.misconceptions import RULES, rule
from stridewise.variants import your_network

REPO = Path(__file__).parents[2]
TAKEN = {student.rule for student in CLASS}


def networks(student):
    return [*map(lesson_network, ("valid", "same", "stride")), your_network(student)]


def goes_wrong(rule_id):
    """Whether the rule is ever wrong in this assignment: some speak of pooling or dilation."""
    predictions = [(rule(rule_id).predict(net), net) for net in networks(f"gen-{rule_id}")]
    return any(
        list(said.shapes) != net.shapes or list(said.parameters) != net.parameters
        for said, net in predictions
    )


GENERATED = [
    SampleStudent(f"gen-{each.id}", "Made", "Up", each.name, each.id)
    for each in RULES
    if each.id not in TAKEN and goes_wrong(each.id)
]


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """The course with everyone's submission marked."""
    root = tmp_path_factory.mktemp("course")
    shutil.copytree(REPO / "solutions" / ASSIGNMENT, root / "solutions" / ASSIGNMENT)
    shutil.copy(REPO / "nbgrader_config.py", root)
    opened = open_course(root)
    generate(opened, ASSIGNMENT)
    for student in (*CLASS, *GENERATED):
        answers = answers_of(student, opened.source(ASSIGNMENT))
        place = opened.submitted(student.student_id, ASSIGNMENT)
        fill_in(opened.released(ASSIGNMENT), place, answers)
    assert grade_class(opened, ASSIGNMENT).all_well
    return opened


def submission(course, student):
    """Return all that the marked notebooks say to a student."""
    folder = course.autograded(student, ASSIGNMENT)
    cells = [c for path in folder.glob("*.ipynb") for c in json.loads(path.read_text())["cells"]]
    outputs = [output for cell in cells for output in cell.get("outputs", ())]
    return unescape("\n".join(output["data"]["text/html"] for output in outputs))


def test_every_rule_has_a_submission_but_those_on_layers_that_the_lessons_do_not_ask_about():
    without = {
        *("even_kernel_shrinks", "ignores_dilation", "multiplies_by_dilation", "one_gap"),
        *("dilation_as_stride", "leaves_out_the_rate"),
        *("dilation_adds_parameters", "dilation_multiplies_parameters"),
        *(each.id for each in RULES if each.id.startswith("pooling_")),
        *("depthwise_as_convolution", "transposed_as_convolution", "zero_padding_keeps_size"),
    }
    made_up = {student.rule for student in GENERATED}
    assert {each.id for each in RULES} - TAKEN - made_up == without


@pytest.mark.parametrize(
    "student", [s for s in (*CLASS, *GENERATED) if s.rule], ids=lambda student: student.student_id
)
def test_the_submission_names_the_rule_and_asks_a_question(course, student):
    text = submission(course, student.student_id)
    assert rule(student.rule).name in text
    assert any(idea.question in text for idea in RULES if idea.name in text)


def test_submissions_that_follow_no_wrong_rule_name_none(course):
    for student in (s for s in CLASS if not s.rule):
        text = submission(course, student.student_id)
        assert not any(idea.name in text for idea in RULES), student.student_id


def test_a_blank_submission_and_a_crash_have_different_reasons(course):
    assert "Not answered." in submission(course, "cai")
    assert "Not answered." not in submission(course, "leo")
    assert "cell valid_shapes stopped with SyntaxError: invalid syntax" in submission(course, "leo")
