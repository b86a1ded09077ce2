"""Fixtures around the tiny course: generated once, copied for each test that changes it."""

import shutil

import pytest
from course_builder import ASSIGNMENT, build_course


@pytest.fixture(scope="session")
def generated_course(tmp_path_factory):
    """A tiny course with its lessons and gradebook; not to be changed."""
    from autograder.authoring.generate import generate
    from autograder.course.course import open_course

    root = build_course(tmp_path_factory.mktemp("tiny") / "course")
    generate(open_course(root), ASSIGNMENT)
    return root


@pytest.fixture
def course_root(generated_course, tmp_path):
    """A course of the test's own."""
    return shutil.copytree(generated_course, tmp_path / "course")


@pytest.fixture(scope="session")
def masters(generated_course):
    """The tiny course's notebooks as the engine sees them."""
    from autograder.course.course import open_course
    from autograder.gradebook.gradebook import Gradebook
    from autograder.notebooks.master import templates

    course = open_course(generated_course)
    with Gradebook(course, ASSIGNMENT) as gradebook:
        return templates(course.released(ASSIGNMENT), ASSIGNMENT, gradebook.sources())
