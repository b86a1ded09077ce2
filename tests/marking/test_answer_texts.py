import json

from course_builder import RIGHT, answered, released

from autograder.marking.answer_texts import answer_texts
from autograder.notebooks.matching import take_in


def texts(masters, course, **answers):
    notebook = answered(released(course), RIGHT | answers)["1_sizes"]
    template = masters["1_sizes"]
    return answer_texts(template, take_in(json.dumps(notebook).encode(), template, "adam"))


def test_the_text_of_an_essay_is_its_own_cell(masters, generated_course):
    before = texts(masters, generated_course, why="Because.")
    assert (
        before["why"] == texts(masters, generated_course, why="Because.", sizes="sizes = 1")["why"]
    )
    assert before["why"] != texts(masters, generated_course, why="Because!")["why"]


def test_the_text_of_a_test_is_all_that_the_student_wrote(masters, generated_course):
    before = texts(masters, generated_course)["test_sizes"]
    assert before == texts(masters, generated_course)["test_sizes"]
    assert before != texts(masters, generated_course, sizes="sizes = 1")["test_sizes"]
