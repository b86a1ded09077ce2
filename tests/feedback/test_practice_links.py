"""Where lost points can be practised: in the lesson, and on the course's site where it has one."""

import pytest

from autograder.course.course import CourseError, open_course
from autograder.feedback.places import in_notebook, practice_link
from autograder.feedback.questions import _practise

SITE = "https://example.org/practice/"
LESSON = {
    "cells": [
        {"cell_type": "code", "source": 'Practice(topics=["zeros"], level=2)', "metadata": {}},
        {"cell_type": "code", "source": "1", "metadata": {"nbgrader": {"grade_id": "test_zeros"}}},
    ]
}


def place(site):
    return in_notebook("2_stride", LESSON, site)["2_stride", "test_zeros"]


def test_a_course_with_a_site_links_to_the_same_practice_there():
    words = "".join(map(str, _practise(place(SITE))))
    assert f'href="{SITE}#practice?topic=zeros&amp;level=2"' in words
    assert "open 2_stride.ipynb" in words


def test_a_course_without_one_names_the_lesson_alone():
    words = "".join(map(str, _practise(place(""))))
    assert "href" not in words
    assert "open 2_stride.ipynb" in words


def test_a_call_that_is_not_plain_leads_to_practice_as_it_begins():
    assert practice_link(SITE, "Practice(topics=TOPICS)") == f"{SITE}#practice"


def test_an_address_that_is_none_of_the_web_is_refused(course_root):
    with (course_root / "nbgrader_config.py").open("a") as config:
        config.write('c.PracticeSite.address = "javascript:alert(1)"\n')
    with pytest.raises(CourseError, match="not a web address"):
        _ = open_course(course_root).practice_site
