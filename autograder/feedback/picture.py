"""A picture of a row of pixels with the student's own number of windows on it.

Sizes are in pixels. Where windows overlap, they are drawn in several lines below each other, so
that each can be seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from autograder.course.settings import Settings
from autograder.exam.expected import Sizes
from autograder.feedback.markup import Markup, tag
from stridewise.misconceptions.chain import chain_of
from stridewise.network import Network
from stridewise.row_marks import rows_to_follow
from stridewise.shapes import Padding, pad_widths, window_starts
from stridewise.windows import Window

MOST_PIXELS = 40
_CELL, _LINE, _TOP = 16, 8, 22  # units of the drawing: a pixel, a line of windows, space for text
_MOST_LINES = 8


@dataclass(frozen=True, slots=True)
class WindowRow:
    """One axis of one layer, with the number of windows that the student's answer means.

    `right` is None where the right number is not to be shown.
    """

    row: int
    size: int
    window: Window
    mine: int
    right: int | None
    before: int
    after: int

    @property
    def words(self) -> str:
        """The text alternative of the picture."""
        w = self.window
        gaps = f", its pixels {w.dilation_rate} apart" if w.dilation_rate > 1 else ""
        scene = f"{self.size} pixels, a window of {w.kernel_size}{gaps} that moves by {w.strides}"
        zeros = (
            f", zeros: {self.before} before and {self.after} after" if w.padding == "same" else ""
        )
        return f"{scene}{zeros}. {self._count}"

    @property
    def _count(self) -> str:
        if self.right is None:
            return f"These are your {self.mine} windows. Look at the right end."
        more = self.right - self.mine
        if more > 0:
            return f"Your {self.mine} windows; {more} more would fit (dashed)."
        past = "the last one" if more == -1 else f"the last {-more}"
        return f"Your {self.mine} windows: {past} (dashed) would be past the end."


def window_row(
    expected: Any, column: str | None, mine: Sequence[Any], lost: Sequence[int], settings: Settings
) -> WindowRow | None:
    """Return the picture of the first lost row whose size is wrong and can be drawn."""
    for row in lost:
        found = _axis(expected, column, mine, row)
        if found is None:
            continue
        size, window, given = found
        made = _placed(row, size, window, given, settings)
        if made is not None:
            return made
    return None


def drawn(row: WindowRow) -> Markup:
    """Return the picture as SVG, with its text alternative as label."""
    w = row.window
    shown = max(row.mine, row.right or 0)
    lines = min(-(-w.span // w.strides), _MOST_LINES)
    last = max(row.size + row.after, (shown - 1) * w.strides - row.before + w.span)
    width, height = (row.before + last) * _CELL + 2, _TOP + _CELL + 6 + lines * _LINE
    parts = [_pixel(index, row) for index in range(-row.before, row.size + row.after)]
    parts += [_window(index, lines, row) for index in range(shown)]
    ends = [_number(0, row, "0"), _number(row.size - 1, row, str(row.size - 1))]
    return tag(
        "svg",
        *parts,
        *ends,
        role="img",
        aria_label=row.words,
        viewBox=f"-1 0 {width} {height}",
        width=width,
        height=height,
        class_="windows",
    )


def _axis(
    expected: Any, column: str | None, mine: Sequence[Any], row: int
) -> tuple[int, Window, Any] | None:
    """Return the input size of a row, its window, and the output size that she wrote."""
    if isinstance(expected, Sizes) and row < len(expected.layers):
        layer = expected.layers[row]
        if expected.start is None:
            return layer[0], Window(*layer[1:]), mine[row]
        return (mine[row - 1] if row else expected.start), Window(*layer), mine[row]
    if not isinstance(expected, Network) or column != "output_shape":
        return None
    chain = chain_of(expected)
    if chain is None or row >= len(chain.places) or not chain.places[row].windows:
        return None
    known = rows_to_follow(expected, [None if each == "..." else each for each in mine])
    size = chain.step(row, known).spatial[0]
    own = _size_in(mine[row], expected.rows[row].output_shape)
    return (int(size), chain.places[row].windows[0], own) if isinstance(size, int) else None


def _size_in(shape: Any, right: Sequence[Any]) -> Any:
    """Return the first size in her shape; None where something other than a size is wrong."""
    if not isinstance(shape, list) or len(shape) != len(right):
        return None
    return shape[1] if (shape[0], shape[-1]) == (right[0], right[-1]) else None


def _placed(row: int, size: Any, w: Window, mine: Any, settings: Settings) -> WindowRow | None:
    """Return the windows in their places, or None where a picture would not help."""
    if type(size) is not int or type(mine) is not int or not 0 < size <= MOST_PIXELS:
        return None
    try:
        padding = cast("Padding", w.padding)
        starts = window_starts(size, w.kernel_size, w.strides, padding, w.dilation_rate)
        zeros = pad_widths(size, w.kernel_size, w.strides, padding, w.dilation_rate)
    except ValueError:
        return None
    if mine == len(starts) or not 0 < mine <= 2 * MOST_PIXELS or (mine - 1) * w.strides > 2 * size:
        return None
    right = len(starts) if settings.show_right_numbers else None
    return WindowRow(row, size, w, mine, right, *zeros)


def _pixel(index: int, row: WindowRow) -> Markup:
    zero = not 0 <= index < row.size
    x = (index + row.before) * _CELL
    kind = "zero" if zero else "pixel"
    return tag("rect", x=x, y=_TOP - 4, width=_CELL, height=_CELL, class_=kind)


def _window(index: int, lines: int, row: WindowRow) -> Markup:
    w = row.window
    x = index * w.strides * _CELL + 2
    y = _TOP + _CELL + (index % lines) * _LINE
    past = row.right is not None and index >= min(row.mine, row.right)
    kind = "window doubtful" if past else "window"
    return tag("rect", x=x, y=y, width=w.span * _CELL - 4, height=_LINE - 3, class_=kind)


def _number(index: int, row: WindowRow, text: str) -> Markup:
    x = (index + row.before) * _CELL + _CELL / 2
    return tag("text", text, x=x, y=_TOP - 9, text_anchor="middle")
