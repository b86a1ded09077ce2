"""Fixtures around the tiny course: generated once, copied for each test that changes it."""

import shutil

import pytest
from course_builder import ASSIGNMENT, RIGHT, build_course, hand_in


@pytest.fixture(scope="session")
def generated_course(tmp_path_factory):
    """A tiny course with its lessons and gradebook; not to be changed."""
    from autograder.authoring.generate import generate
    from autograder.course.course import open_course

    root = build_course(tmp_path_factory.mktemp("tiny") / "course")
    generate(open_course(root), ASSIGNMENT)
    return root


@pytest.fixture(scope="session")
def marked_course(generated_course, tmp_path_factory):
    """The tiny course with adam marked, while ben has handed in nothing; not to be changed."""
    from autograder.course.course import open_course
    from autograder.gradebook.people import Person, import_roster
    from autograder.marking.class_run import grade_class

    root = shutil.copytree(generated_course, tmp_path_factory.mktemp("marked") / "course")
    people = [Person("adam", "Adam", "Ek", "adam@x.org"), Person("ben", "Ben")]
    import_roster(f"sqlite:///{root}/gradebook.db", people)
    hand_in(root, "adam", RIGHT)
    grade_class(open_course(root), ASSIGNMENT, processes=1)
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
