"""A made-up class of twelve, to try grading: each student makes a named mistake.

The wrong answers are those that the rules of `stridewise.misconceptions` predict, so the reasons in
the marked submission can be compared with the rule.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.course.course import Course
from autograder.gradebook.people import Person
from stridewise.layers import layer
from stridewise.lesson_models import lesson_network
from stridewise.misconceptions import rule
from stridewise.network import Network
from stridewise.variants import your_network

ASSIGNMENT = "padding_and_stride"
MARKERS = ("### BEGIN SOLUTION", "### END SOLUTION")
MARK_SCHEME = re.compile(r"(?s)\n*### BEGIN MARK SCHEME.*?### END MARK SCHEME")
CHAINS = ("valid", "same", "stride")
PIVOTS = ((21, "valid"), (28, "same"))


@dataclass(frozen=True, slots=True)
class SampleStudent:
    """One made-up student: the rule that her numbers follow ("" for none), and a habit."""

    student_id: str
    first_name: str
    last_name: str
    story: str
    rule: str = ""
    habit: str = "answers"


CLASS: tuple[SampleStudent, ...] = (
    SampleStudent("ada", "Ada", "Okafor", "all right"),
    SampleStudent("ben", "Ben", "Larsen", "all right, written with lists and sums", habit="sums"),
    SampleStudent("cai", "Cai", "Zhang", "hands in a blank lesson", habit="blank"),
    SampleStudent(
        "dana", "Dana", "Petrov", "forgets the + 1 for the first window", "forgets_plus_one"
    ),
    SampleStudent(
        "eli", "Eli", "Moreau", "takes 'same' to keep the size at any stride", "same_keeps_size"
    ),
    SampleStudent("fay", "Fay", "Kimani", "rounds down under 'same'", "same_rounds_down"),
    SampleStudent(
        "gus",
        "Gus",
        "Novak",
        "uses the formula of 'valid' under 'same' too",
        "valid_formula_everywhere",
    ),
    SampleStudent("hana", "Hana", "Suzuki", "leaves out every bias", "no_biases"),
    SampleStudent("ivo", "Ivo", "Costa", "forgets the input channels", "forgets_input_channels"),
    SampleStudent(
        "joy",
        "Joy",
        "Mensah",
        "works every layer from the first image",
        "first_size_again",
    ),
    SampleStudent("kim", "Kim", "Dubois", "puts the channels first", "channels_first"),
    SampleStudent("leo", "Leo", "Haddad", "a cell that crashes, and answers as text", habit="text"),
)


def model_answers(solutions: Path, student: str) -> dict[str, str]:
    """Return the instructor's answer cells by grade_id, with the network of `student`."""
    answers = {}
    for path in sorted(solutions.glob("*.ipynb")):
        for cell in json.loads(path.read_text())["cells"]:
            info = cell["metadata"].get("nbgrader", {})
            if info.get("solution"):
                answers[info["grade_id"]] = _without_markers("".join(cell["source"]))
    return {**answers, **_own_network(student, your_network(student))}


def answers_of(student: SampleStudent, solutions: Path) -> dict[str, str]:
    """Return the cells that `student` fills in, by grade_id; none for a blank lesson."""
    if student.habit == "blank":
        return {}
    answers = model_answers(solutions, student.student_id)
    if student.rule:
        answers.update(_following(student))
    elif student.habit == "sums":
        answers.update(_written_as_sums())
    elif student.habit == "text":
        answers["valid_shapes"] = "valid_shapes = 26 +"
        answers["same_parameters"] = "same_parameters = '320, 9248, 9248, 0, 3211392, 1290'"
    return answers


def write_class(course: Course, assignment: str) -> None:
    """Write the submissions of the twelve students.

    Raises:
        FileExistsError: when there are submissions already; they are never mixed with samples.
    """
    if any(course.handed_in(assignment)):
        raise FileExistsError(f"{assignment} has submissions already")
    for student in CLASS:
        answers = answers_of(student, course.source(assignment))
        destination = course.submitted(student.student_id, assignment)
        fill_in(course.released(assignment), destination, answers)


def people() -> list[Person]:
    """Return the class as a roster."""
    return [Person(s.student_id, s.first_name, s.last_name) for s in CLASS]


def fill_in(lessons: Path, destination: Path, answers: Mapping[str, str]) -> None:
    """Copy the lessons of an assignment to `destination` with `answers` in their cells."""
    destination.mkdir(parents=True)
    for path in sorted(lessons.glob("*.ipynb")):
        notebook = json.loads(path.read_text())
        for cell in notebook["cells"]:
            grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id")
            if grade_id in answers and cell["metadata"]["nbgrader"]["solution"]:
                cell["source"] = answers[grade_id]
        (destination / path.name).write_text(json.dumps(notebook, indent=1) + "\n")


def _without_markers(source: str) -> str:
    """Remove the markers of solutions, and mark schemes, which are for graders only."""
    source = MARK_SCHEME.sub("", source)
    return "\n".join(line for line in source.splitlines() if line.strip() not in MARKERS)


def _own_network(student: str, network: Network) -> dict[str, str]:
    """Return right answers on the network drawn from the student's id."""
    return {
        "student_id": f"student_id = {student!r}",
        "your_shapes": _cell("your_shapes", network.shapes),
        "your_parameters": _cell("your_parameters", network.parameters),
        "your_total": _cell("your_total", network.total_parameters),
    }


def _following(student: SampleStudent) -> dict[str, str]:
    """Return the answers by the student's wrong rule, where it gives one."""
    wrong = rule(student.rule)
    networks = {name: lesson_network(name) for name in CHAINS}
    networks["your"] = your_network(student.student_id)
    answers = {}
    for name, network in networks.items():
        prediction = wrong.predict(network)
        answers[f"{name}_shapes"] = _cell(f"{name}_shapes", list(prediction.shapes))
        answers[f"{name}_parameters"] = _cell(f"{name}_parameters", list(prediction.parameters))
    answers["your_total"] = _cell("your_total", sum(n for n in prediction.parameters if n))
    if wrong.layout is not None:  # a wrong order of the axes says nothing about one side
        return answers
    pivots = [wrong.predict(_pivot(size, padding)).shapes[0] or () for size, padding in PIVOTS]
    sizes = [size for shape in pivots for size in shape[1:2]]
    answers["pivot_sizes"] = _cell("pivot_sizes", sizes)
    return answers


def _pivot(size: int, padding: str) -> Network:
    """Return the one-layer network of a pivot question: a 5 by 5 kernel with stride 2."""
    return Network.sequential([layer("Conv2D", 1, 5, strides=2, padding=padding)], (size, size, 1))


def _written_as_sums() -> dict[str, str]:
    """Return right answers as a careful student types them: sums, lists, a loop."""
    return {
        "valid_shapes": "rows = [[None, 28 - 2 * n, 28 - 2 * n, 32] for n in (1, 2, 3)]\n"
        "valid_shapes = rows + [[None, 22 * 22 * 32], [None, 128], [None, 10]]",
        "valid_parameters": "conv = (3 * 3 * 32 + 1) * 32\n"
        "valid_parameters = [(3 * 3 * 1 + 1) * 32, conv, conv, 0, (15488 + 1) * 128, 129 * 10]",
    }


def _cell(name: str, value: Any) -> str:
    return f"{name} = {value!r}"
