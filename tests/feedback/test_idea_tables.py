"""The table under an idea: her rule beside the right one."""

import pytest

from autograder.feedback.questions import _idea
from autograder.feedback.rows import Row, Table
from stridewise.naming import Idea, Working


@pytest.mark.parametrize(("own", "columns"), [("14 - 3 = 11", 3), ("", 2)])
def test_an_idea_without_a_line_of_working_has_no_empty_column(own, columns):
    row = Row("Row 1", "11", "12", "wrong")
    idea = Idea("An idea.", "", "", (Working(0, own, "14 - 3 + 1 = 12"),))
    html = str(_idea(idea, Table((row,), (idea,), (), None, "Keras")))
    assert html.count('scope="col"') == columns
    assert ("This idea" in html) == bool(own)
