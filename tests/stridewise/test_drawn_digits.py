"""A drawing, made into a picture as those of MNIST are."""

import numpy as np
import pytest

from stridewise.drawn_digits import BOX, MIDDLE, digit_picture

SEVEN = [[(10, 20), (30, 20), (16, 60)], [(14, 40), (26, 40)]]
WIDE = [[(0, 0), (50, 3)]]


def centre(picture):
    places = np.arange(28)
    return [(picture.sum(axis=axis) * places).sum() / picture.sum() for axis in (0, 1)]


@pytest.mark.parametrize("strokes", [SEVEN, WIDE, [[(5, 5)]]], ids=["seven", "wide", "dot"])
def test_the_centre_of_mass_is_in_the_middle(strokes):
    assert centre(digit_picture(strokes).astype(float)) == pytest.approx([MIDDLE] * 2, abs=0.1)


@pytest.mark.parametrize(("strokes", "axis"), [(SEVEN, 1), (WIDE, 0)], ids=["seven", "wide"])
def test_the_longer_side_has_twenty_pixels(strokes, axis):
    inked = np.flatnonzero((digit_picture(strokes) > 0).any(axis=axis))
    assert inked[-1] - inked[0] + 1 == pytest.approx(BOX, abs=1)  # the centre lies between pixels


def test_size_and_place_of_the_drawing_make_no_difference():
    moved = [[(3 * x + 100, 3 * y - 7) for x, y in stroke] for stroke in SEVEN]
    np.testing.assert_array_equal(digit_picture(moved), digit_picture(SEVEN))


def test_a_dot_stays_a_dot():
    assert 4 <= (digit_picture([[(9, 9)]]) > 0).sum() <= 16
    assert (digit_picture([[(9, 9), (9.1, 9)]]) > 0).sum() <= 20


def test_ink_far_to_one_side_stays_in_the_picture():
    heavy = [[(0, y), (6, y)] for y in range(7)]
    lopsided = digit_picture([*heavy, [(6, 3), (60, 3)]])
    whole = digit_picture([[(0, 0), (60, 0)]])
    inked = (lopsided > 0).any(axis=0).sum()
    assert inked == pytest.approx((whole > 0).any(axis=0).sum(), abs=1)


@pytest.mark.parametrize("strokes", [[], [[]]])
def test_nothing_drawn_is_no_picture(strokes):
    assert digit_picture(strokes) is None


@pytest.mark.parametrize("bad", [[[(1, 2, 3)]], [[("a", 2)]], [[(1, float("nan"))]], [[1, 2, 3]]])
def test_what_is_no_stroke_is_refused(bad):
    with pytest.raises(ValueError, match="point"):
        digit_picture(bad)
