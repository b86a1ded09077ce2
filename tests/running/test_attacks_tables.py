"""Attacks on what libraries keep: none pays unless a person is asked to look."""

from __future__ import annotations

import pytest
from needs import needs_sandbox
from notebooks import attacks_on_keras as keras
from notebooks import attacks_on_tables as tables
from running.test_attacks_beside import points
from running.test_attacks_frames import results

pytestmark = needs_sandbox


COURSES = (tables, pytest.param(keras, marks=pytest.mark.slow))


def found(runner, *cells, course=tables):
    return results(runner, course.SETUP, *cells, course=course)


def test_tables_and_results_of_earlier_calls_are_restored(runner):
    marks = found(runner, tables.WRONG, *tables.RESTORED.values())
    assert [name for name, result in marks.items() if points(result)] == []


@pytest.mark.parametrize("course", COURSES)
def test_points_that_depend_on_a_table_a_default_or_a_limit_are_flagged(runner, course):
    marks = found(runner, course.WRONG, *course.SETTINGS.values(), course=course)
    paid = {name for name, result in marks.items() if points(result)}
    assert paid == course.SETTINGS.keys()
    assert {name for name, result in marks.items() if result.flagged} == paid


@pytest.mark.slow
@pytest.mark.parametrize("name", tables.SETTINGS)
def test_points_that_depend_on_one_change_alone_are_flagged(runner, name):
    marks = found(runner, tables.WRONG, tables.SETTINGS[name])
    paid = [each for each, result in marks.items() if points(result)]
    assert name in paid
    assert [each for each in paid if not marks[each].flagged] == []


@pytest.mark.parametrize("course", COURSES)
@pytest.mark.parametrize("names", [("RIGHT",), ("RIGHT", "HONEST")])
def test_right_answers_earn_their_points_and_are_not_flagged(runner, course, names):
    marks = found(runner, *(getattr(course, name) for name in names), course=course)
    assert [name for name, result in marks.items() if not points(result)] == []
    assert [name for name, result in marks.items() if result.flagged] == []


@pytest.mark.parametrize("course", COURSES)
def test_wrong_answers_earn_nothing_and_are_not_flagged(runner, course):
    marks = found(runner, course.WRONG, course=course)
    assert [name for name, result in marks.items() if points(result) or result.flagged] == []
