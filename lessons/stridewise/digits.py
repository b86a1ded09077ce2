"""The built-in digits: handwriting-like images that this package draws itself, with NumPy alone.

A digit is a few strokes. Each stroke is a line through control points in a unit square, x to the
right and y downwards. To draw one image the points are moved about a little, the whole is slanted,
turned, scaled and shifted, and every pixel is inked by its distance to the nearest stroke.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]
Split = tuple[Bytes, Bytes]
Stroke = tuple[tuple[float, float], ...]
Shape = tuple[Stroke, ...]

SIDE = 28
TRAIN_IMAGES = 3_000
TEST_IMAGES = 600
_SEED = 28_28
_SPECKS = 0.004  # the share of pixels that a dirty scanner lights up


def _arc(
    x: float, y: float, rx: float, ry: float, start: float, stop: float, *, steps: int = 12
) -> Stroke:
    """Return points on an ellipse about (x, y); angles in degrees, clockwise from the right.

    >>> [(round(px, 2), round(py, 2)) for px, py in _arc(0.5, 0.5, 0.5, 0.5, 0, 90, steps=1)]
    [(1.0, 0.5), (0.5, 1.0)]
    """
    angles = np.radians(np.linspace(start, stop, steps + 1))
    points = zip(x + rx * np.cos(angles), y + ry * np.sin(angles), strict=True)
    return tuple((float(px), float(py)) for px, py in points)


# Each digit in the ways people write it.
_SHAPES: tuple[tuple[Shape, ...], ...] = (
    (
        (_arc(0.5, 0.5, 0.34, 0.5, -90, 270, steps=16),),
        (_arc(0.5, 0.5, 0.42, 0.44, -60, 285, steps=16),),
        (_arc(0.5, 0.5, 0.26, 0.5, -110, 265, steps=16),),
    ),
    (
        (((0.5, 0.0), (0.5, 1.0)),),
        (((0.3, 0.22), (0.55, 0.0), (0.55, 1.0)),),
        (((0.3, 0.25), (0.52, 0.0), (0.52, 1.0)), ((0.3, 1.0), (0.75, 1.0))),
    ),
    (
        (
            (*_arc(0.48, 0.27, 0.34, 0.27, -170, 40), (0.15, 1.0)),
            ((0.15, 1.0), (0.85, 1.0)),
        ),
        (
            (*_arc(0.5, 0.28, 0.3, 0.28, -160, 60), (0.3, 0.86)),
            (*_arc(0.24, 0.88, 0.13, 0.11, 0, 360, steps=8), (0.5, 0.9), (0.86, 0.98)),
        ),
    ),
    (
        (_arc(0.45, 0.26, 0.32, 0.26, -150, 90), _arc(0.45, 0.75, 0.36, 0.25, -90, 150)),
        (
            ((0.15, 0.02), (0.8, 0.02), (0.42, 0.4)),
            _arc(0.43, 0.7, 0.37, 0.3, -90, 150),
        ),
    ),
    (
        (((0.66, 1.0), (0.66, 0.0), (0.1, 0.68), (0.9, 0.68)),),
        (((0.2, 0.0), (0.16, 0.5), (0.8, 0.5)), ((0.74, 0.05), (0.68, 1.0))),
        (((0.22, 0.05), (0.2, 0.42), (0.5, 0.52), (0.78, 0.44)), ((0.8, 0.0), (0.74, 1.0))),
    ),
    (
        (
            ((0.82, 0.0), (0.25, 0.0), (0.2, 0.44)),
            ((0.2, 0.44), *_arc(0.42, 0.7, 0.38, 0.3, -80, 140)),
        ),
        (((0.85, 0.04), (0.3, 0.04), (0.26, 0.4), *_arc(0.44, 0.69, 0.32, 0.31, -60, 160)),),
    ),
    (
        (
            ((0.72, 0.02), *_arc(0.56, 0.52, 0.42, 0.5, -110, -190, steps=6)),
            _arc(0.48, 0.71, 0.32, 0.29, -180, 180, steps=14),
        ),
        (((0.56, 0.0), (0.26, 0.5), *_arc(0.47, 0.72, 0.28, 0.27, -200, 150, steps=14)),),
    ),
    (
        (((0.12, 0.02), (0.86, 0.02), (0.4, 1.0)),),
        (((0.12, 0.16), (0.16, 0.02), (0.84, 0.04), (0.55, 0.5), (0.46, 1.0)),),
        (((0.12, 0.02), (0.86, 0.02), (0.4, 1.0)), ((0.32, 0.5), (0.8, 0.5))),
    ),
    (
        (
            _arc(0.5, 0.25, 0.26, 0.25, 90, 450, steps=14),
            _arc(0.5, 0.75, 0.33, 0.25, -90, 270, steps=14),
        ),
        (
            (
                *_arc(0.5, 0.23, 0.27, 0.23, -20, -250, steps=10),
                *_arc(0.5, 0.74, 0.3, 0.26, -60, 240, steps=12),
                (0.72, 0.16),
            ),
        ),
    ),
    (
        (
            _arc(0.48, 0.29, 0.3, 0.29, 0, 360, steps=14),
            ((0.78, 0.29), (0.74, 0.62), (0.62, 1.0)),
        ),
        (
            _arc(0.46, 0.28, 0.3, 0.28, -40, 320, steps=14),
            ((0.74, 0.1), (0.78, 0.5), *_arc(0.5, 0.74, 0.27, 0.26, 0, 140, steps=8)),
        ),
    ),
)


class _Segments(NamedTuple):
    """The straight pieces of many images of one shape; each array is (images, pieces)."""

    x: Floats
    y: Floats
    dx: Floats
    dy: Floats


def _spread(rng: np.random.Generator, low: float, high: float, *shape: int) -> Floats:
    return rng.uniform(low, high, shape).astype(np.float32)


def _segments(shape: Shape, images: int, rng: np.random.Generator) -> _Segments:
    """Place `shape` in pixels, differently in each image."""
    points = np.array([point for stroke in shape for point in stroke], dtype=np.float32)
    ends = np.cumsum([len(stroke) for stroke in shape])
    first = np.array([i for i in range(len(points) - 1) if i + 1 not in ends])

    # A slow wave along the strokes bends them; independent noise would only make them ragged.
    along = np.linspace(0, 2 * np.pi, len(points), dtype=np.float32)
    phase = _spread(rng, 0, 2 * np.pi, 2, images, 1)
    bend = _spread(rng, 0.0, 0.075, 2, images, 1) * np.sin(along + phase)
    wobble = _spread(rng, -0.025, 0.025, 2, images, len(points))
    moved = points.T[:, None] - 0.5 + bend + wobble  # (x or y, images, points)

    width, height = _spread(rng, 9.5, 17.0, images, 1), _spread(rng, 15.0, 20.5, images, 1)
    turn, slant = _spread(rng, -0.22, 0.22, images, 1), _spread(rng, -0.12, 0.42, images, 1)
    x, y = moved[0] * width, moved[1] * height
    x = x - slant * y
    centre = (SIDE - 1) / 2
    px = centre + x * np.cos(turn) - y * np.sin(turn) + _spread(rng, -2.5, 2.5, images, 1)
    py = centre + x * np.sin(turn) + y * np.cos(turn) + _spread(rng, -2.0, 2.0, images, 1)
    return _Segments(
        px[:, first], py[:, first], px[:, first + 1] - px[:, first], py[:, first + 1] - py[:, first]
    )


def _distance(segments: _Segments) -> Floats:
    """Return every pixel's distance to the nearest piece: (images, SIDE, SIDE)."""
    across = np.arange(SIDE, dtype=np.float32)[None, None, :]
    down = np.arange(SIDE, dtype=np.float32)[None, :, None]
    images, pieces = segments.x.shape
    nearest = np.full((images, SIDE, SIDE), np.inf, dtype=np.float32)
    for piece in range(pieces):
        x, y, dx, dy = (part[:, piece, None, None] for part in segments)
        length = dx * dx + dy * dy + np.float32(1e-6)
        from_x, from_y = across - x, down - y
        along = np.clip((from_x * dx + from_y * dy) / length, 0, 1)
        np.minimum(nearest, (from_x - along * dx) ** 2 + (from_y - along * dy) ** 2, out=nearest)
    return np.sqrt(nearest)


def _drawn(shape: Shape, images: int, rng: np.random.Generator) -> Bytes:
    """Draw `shape` many times: (images, SIDE, SIDE)."""
    distance = _distance(_segments(shape, images, rng))
    half_width = _spread(rng, 0.55, 1.75, images, 1, 1)
    softness = _spread(rng, 0.7, 1.3, images, 1, 1)
    ink = np.clip((half_width - distance) / softness + 0.5, 0, 1)
    ink = ink * _spread(rng, 0.72, 1.0, images, 1, 1)
    grain = rng.normal(0, 0.09, ink.shape).astype(np.float32) * (ink > 0)
    specks = rng.random(ink.shape) < _SPECKS
    ink = np.clip(ink + grain + specks * np.float32(0.55), 0, 1)
    pixels: Bytes = np.rint(ink * 255).astype(np.uint8)
    return pixels


def _split(images: int, rng: np.random.Generator) -> Split:
    """Draw `images` digits, every class and every way of writing it in turn, then shuffle."""
    pictures, labels = [], []
    for digit, shapes in enumerate(_SHAPES):
        each, over = divmod(images // len(_SHAPES), len(shapes))
        for way, shape in enumerate(shapes):
            count = each + (way < over)
            pictures.append(_drawn(shape, count, rng))
            labels.append(np.full(count, digit, dtype=np.uint8))
    order = rng.permutation(images)
    return np.concatenate(pictures)[order], np.concatenate(labels)[order]


@cache
def _digits() -> tuple[Split, Split]:
    rng = np.random.default_rng(_SEED)
    return _split(TRAIN_IMAGES, rng), _split(TEST_IMAGES, rng)


def load_digits() -> tuple[Split, Split]:
    """Return the built-in digits as Keras returns MNIST: `(x_train, y_train), (x_test, y_test)`.

    Images are `uint8`, 28 x 28, white ink on black; every call gives the same ones.

    >>> (x_train, y_train), (x_test, y_test) = load_digits()
    >>> x_train.shape, y_train.shape, x_test.shape, y_test.shape
    ((3000, 28, 28), (3000,), (600, 28, 28), (600,))
    """
    (x_train, y_train), (x_test, y_test) = _digits()
    return (x_train.copy(), y_train.copy()), (x_test.copy(), y_test.copy())
