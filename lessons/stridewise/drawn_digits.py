"""A digit drawn by hand, made into a picture as those of MNIST are.

MNIST's digits were scaled to fit a box of 20 by 20 pixels, and placed in 28 by 28 so that their
centre of mass is in the middle: http://yann.lecun.com/exdb/mnist. In its test images the longer
side has 20 pixels, and the centre of mass is pixel 14 of each axis, to half a pixel.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]

SIDE = 28
BOX = 20
MIDDLE = 14
"""The pixel, counted from 0, of the centre of mass."""

_HALF_WIDTH = 1.15  # of the pen, in pixels; strokes of MNIST are about twice as wide
_EDGE = 0.5  # over so many pixels more the ink fades
_LARGEST_SCALE = 6.0  # a dot stays a dot


def digit_picture(strokes: Sequence[Sequence[Sequence[float]]]) -> Bytes | None:
    """Return strokes as a picture of 28 by 28, white ink (255) on black (0); None without ink.

    A stroke is the points of one line of the pen, `(x, y)`, in any unit: x to the right, y down.
    The drawing is scaled and centred as MNIST is, and drawn with a pen of one width, whatever the
    size of the drawing was.

    Raises:
        ValueError: If a point is not two finite numbers.

    >>> one = digit_picture([[(3, 1), (3, 9)]])
    >>> one.shape, int((one > 0).any(axis=1).sum())
    ((28, 28), 19)
    >>> digit_picture([]) is None
    True
    """
    ends = _pieces(strokes)
    if len(ends) == 0:
        return None
    low, high = ends.min(axis=(0, 1)), ends.max(axis=(0, 1))
    longest = float((high - low).max())
    room = BOX - 2 * (_HALF_WIDTH + _EDGE)
    scale = min(room / longest, _LARGEST_SCALE) if longest else 1.0
    placed = (ends - (low + high) / 2) * scale + (SIDE - 1) / 2
    ink = _ink(placed)
    shift = MIDDLE - _centre(ink)
    edge = _HALF_WIDTH + _EDGE  # no ink leaves the picture
    lowest = edge - 0.5 - placed.min(axis=(0, 1))
    highest = SIDE - 0.5 - edge - placed.max(axis=(0, 1))
    moved: Bytes = np.rint(_ink(placed + np.clip(shift, lowest, highest)) * 255).astype(np.uint8)
    return moved


def _pieces(strokes: Sequence[Sequence[Sequence[float]]]) -> Floats:
    """Return the straight pieces: (pieces, 2 ends, x and y); a lone point is a piece."""
    pieces = []
    for stroke in strokes:
        try:
            points = np.asarray(stroke, dtype=float).reshape(len(stroke), 2)
        except (TypeError, ValueError):
            raise ValueError("a stroke is a list of points, each (x, y)") from None
        if not np.isfinite(points).all():
            raise ValueError("a point is two finite numbers")
        if len(points):
            following = points[1:] if len(points) > 1 else points
            pieces.append(np.stack([points[: len(following)], following], axis=1))
    return np.concatenate(pieces) if pieces else np.empty((0, 2, 2))


def _ink(pieces: Floats) -> Floats:
    """Return how much ink each pixel has, 0 to 1, by its distance to the nearest piece."""
    down, across = np.mgrid[:SIDE, :SIDE].astype(float)
    nearest = np.full((SIDE, SIDE), np.inf)
    for (x, y), (x_end, y_end) in pieces:
        dx, dy = x_end - x, y_end - y
        length = dx * dx + dy * dy
        along = ((across - x) * dx + (down - y) * dy) / length if length else 0.0
        along = np.clip(along, 0, 1)
        away = (across - x - along * dx) ** 2 + (down - y - along * dy) ** 2
        np.minimum(nearest, away, out=nearest)
    ink: Floats = np.clip((_HALF_WIDTH - np.sqrt(nearest)) / (2 * _EDGE) + 0.5, 0, 1)
    return ink


def _centre(ink: Floats) -> Floats:
    """Return the centre of mass, x and y."""
    places = np.arange(SIDE)
    sums = [(ink.sum(axis=axis) * places).sum() for axis in (0, 1)]
    centre: Floats = np.array(sums) / ink.sum()
    return centre
