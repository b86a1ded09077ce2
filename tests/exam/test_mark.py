import math

import pytest

from autograder.exam.mark import Mark


def test_a_mark_reads_as_a_plain_number_to_stock_nbgrader():
    assert float(repr(Mark(2.5, 6, ["why"]))) == 2.5


@pytest.mark.parametrize("points", [-1, 7, math.nan, math.inf])
def test_points_outside_the_possible_are_refused(points):
    with pytest.raises(ValueError, match="outside"):
        Mark(points, 6)


def test_reasons_are_escaped_in_a_page():
    assert "<script>" not in Mark(0, 1, ["<script>alert(1)</script>"])._repr_html_()


def test_ipython_prints_a_mark_as_a_number():
    from IPython.core.formatters import PlainTextFormatter

    assert PlainTextFormatter()(Mark(3, 6)) == "3.0"


def test_rounding_noise_voids_no_mark():
    tenths = sum([0.1] * 3)
    assert tenths > 0.3
    assert Mark(tenths, 0.3) == 0.3
