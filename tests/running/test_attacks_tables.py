"""Attacks on what libraries keep: none pays unless a person is asked to look."""

from __future__ import annotations

import pytest
from needs import needs_sandbox
from notebooks import attacks_on_tables as tables
from running.test_attacks_beside import points
from running.test_attacks_frames import results

pytestmark = needs_sandbox


def found(runner, *cells):
    return results(runner, tables.SETUP, *cells, course=tables)


def test_tables_and_results_of_earlier_calls_are_restored(runner):
    marks = found(runner, tables.WRONG, *tables.RESTORED.values())
    assert [name for name, result in marks.items() if points(result)] == []


def test_points_that_depend_on_a_default_or_a_limit_are_flagged(runner):
    marks = found(runner, tables.WRONG, *tables.SETTINGS.values())
    paid = {name for name, result in marks.items() if points(result)}
    assert paid == tables.SETTINGS.keys()
    assert {name for name, result in marks.items() if result.flagged} == paid


@pytest.mark.parametrize("cells", [(tables.RIGHT,), (tables.RIGHT, tables.HONEST)])
def test_right_answers_earn_their_points_and_are_not_flagged(runner, cells):
    marks = found(runner, *cells)
    assert [name for name, result in marks.items() if not points(result)] == []
    assert [name for name, result in marks.items() if result.flagged] == []


def test_wrong_answers_earn_nothing_and_are_not_flagged(runner):
    marks = found(runner, tables.WRONG)
    assert [name for name, result in marks.items() if points(result) or result.flagged] == []
