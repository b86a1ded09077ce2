"""One table holds the browser's shape rules and Python's together."""

import random
from itertools import product

from stridewise.shapes import output_size, pad_widths, read_counts, unread_pixels, window_starts

AXES = list(product(range(1, 33), range(1, 8), range(1, 5), ("valid", "same"), range(1, 4)))
ANSWER = """(axes) => axes.map(([size, kernel_size, strides, padding, dilation_rate]) => {
  const axis = { size, kernel_size, strides, padding, dilation_rate };
  if (misfit(axis)) return null;
  const { before, after } = padWidths(axis);
  return [outputSize(axis), [before, after], windowStarts(axis), unreadPixels(axis),
    readCounts(axis)];
})"""


def by_python(axis):
    try:
        size = output_size(*axis)
    except ValueError:
        return None
    rules = (pad_widths, window_starts, unread_pixels, read_counts)
    return [size, *(list(rule(*axis)) for rule in rules)]


def test_browser_and_python_agree_on_every_axis(javascript):
    assert len(AXES) >= 5000
    found = javascript("shapes.js", ANSWER, AXES)
    wrong = [(axis, js) for axis, js in zip(AXES, found, strict=True) if by_python(axis) != js]
    assert wrong == []


def test_browser_and_python_agree_on_wide_windows(javascript):
    draw = random.Random(5)  # noqa: S311 - cases, not secrets
    axes = [
        [draw.randint(1, 32), draw.randint(1, 11), draw.randint(1, 8), padding, draw.randint(1, 4)]
        for padding in ("valid", "same")
        for _ in range(1000)
    ]
    assert javascript("shapes.js", ANSWER, axes) == [by_python(axis) for axis in axes]


def test_equal_zeros_keep_the_shape_of_odd_windows(javascript):
    axes = [axis for axis in AXES if axis[3] == "same" and axis[1] % 2 == 1]
    sizes = """(axes) => axes.map(([size, kernel_size, strides, padding, dilation_rate]) =>
      symmetricPlan({ size, kernel_size, strides, padding, dilation_rate }).output)"""
    assert javascript("shapes.js", sizes, axes) == [output_size(*axis) for axis in axes]
