"""The questions as notebooks: what the instructor has, and what students hand in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from course_builder import checked, given, notebook, solution

from . import (
    arrays,
    asked_arrays,
    asked_classes,
    asked_files,
    asked_layers,
    asked_modern,
    asked_tables,
    asked_tensors,
    asked_tools,
    frames,
    functions,
    in_notebooks,
    models,
    objects,
    python_objects,
    python_values,
    surroundings,
    testing,
    values,
)
from .question import Question

PLAIN: Mapping[str, Sequence[Question]] = {
    "1_values": [*values.QUESTIONS, *arrays.QUESTIONS],
    "2_functions": [*functions.QUESTIONS, *objects.QUESTIONS],
    "3_surroundings": surroundings.QUESTIONS,
}
KERAS: Mapping[str, Sequence[Question]] = {"4_models": models.QUESTIONS}
PANDAS: Mapping[str, Sequence[Question]] = {"5_frames": frames.QUESTIONS}
LESS_COMMON: Mapping[str, Sequence[Question]] = {
    "6_values": python_values.QUESTIONS,
    "7_objects": python_objects.QUESTIONS,
    "8_notebooks": in_notebooks.QUESTIONS,
    "9_testing": testing.QUESTIONS,
}
ASKED: Mapping[str, Sequence[Question]] = {
    "10_files": asked_files.QUESTIONS,
    "11_classes": asked_classes.QUESTIONS,
    "12_arrays": asked_arrays.QUESTIONS,
    "16_modern": asked_modern.QUESTIONS,
    "17_tools": asked_tools.QUESTIONS,
}
ASKED_TABLES: Mapping[str, Sequence[Question]] = {"13_tables": asked_tables.QUESTIONS}
ASKED_KERAS: Mapping[str, Sequence[Question]] = {
    "14_layers": asked_layers.QUESTIONS,
    "15_tensors": asked_tensors.QUESTIONS,
}
COURSES = {
    "plain": PLAIN,
    "keras": KERAS,
    "pandas": PANDAS,
    "less common": LESS_COMMON,
    "asked": ASKED,
    "asked of pandas": ASKED_TABLES,
    "asked of keras": ASKED_KERAS,
}
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
