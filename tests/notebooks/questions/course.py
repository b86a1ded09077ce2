"""The questions as notebooks: what the instructor has, and what students hand in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from course_builder import checked, given, notebook, solution

from . import arrays, frames, functions, models, objects, surroundings, values
from .question import Question

PLAIN: Mapping[str, Sequence[Question]] = {
    "1_values": [*values.QUESTIONS, *arrays.QUESTIONS],
    "2_functions": [*functions.QUESTIONS, *objects.QUESTIONS],
    "3_surroundings": surroundings.QUESTIONS,
}
KERAS: Mapping[str, Sequence[Question]] = {"4_models": models.QUESTIONS}
PANDAS: Mapping[str, Sequence[Question]] = {"5_frames": frames.QUESTIONS}
COURSES = {"plain": PLAIN, "keras": KERAS, "pandas": PANDAS}
SUBMISSIONS = ("right", "other", "wrong", "blank")


def sources(course: Mapping[str, Sequence[Question]]) -> dict[str, dict[str, Any]]:
    """Give the instructor's notebooks."""
    return {
        name: notebook([cell for question in questions for cell in _cells(question)])
        for name, questions in course.items()
    }


def _cells(question: Question) -> list[dict[str, Any]]:
    stub = question.stub or f"{question.name} = ..."
    answered = solution(question.name, stub, question.right)
    test = checked(f"test_{question.name}", question.points, question.test)
    if question.test.startswith("%%"):
        test["source"] = question.test  # a cell magic has to be in the first line
    return [*([given(question.given)] if question.given else []), answered, test]


def answers(course: Mapping[str, Sequence[Question]], submission: str) -> dict[str, str]:
    """Give a submission's answers by grade_id; a blank submission has none."""
    if submission == "blank":
        return {}
    every = (question for questions in course.values() for question in questions)
    return {question.name: getattr(question, submission) for question in every}
