"""The report's plots as shapes, which a template writes as SVG into the page.

Colours come from the page's style (`var(--…)`), so light, dark and print each have their own. No
colour is the only sign: every mark has a number or a tooltip.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

CLOSE = 20  # units of the drawing
BARS = 11  # bars of the distribution: tenths of the marks, and full marks by themselves
# What the four parts of a bar mean, by the class that gives each its colour.
PARTS: Mapping[str, str] = {
    "full": "with full points",
    "partial": "with some points",
    "none": "with no points",
    "waiting": "not marked yet",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the axes or the grid."""

    x1: float
    y1: float
    x2: float
    y2: float
    kind: str


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle; `title` is its tooltip."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """A text at a place; `anchor` says which end of it is there."""

    x: float
    y: float
    words: object
    anchor: str = "middle"
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Dot:
    """A dot with a label; `title` is its tooltip."""

    x: float
    y: float
    title: str
    label: Text


@dataclass(frozen=True, slots=True)
class Drawing:
    """Shapes, from the back to the front, and a text alternative."""

    width: float
    height: float
    label: str
    lines: Sequence[Line] = ()
    boxes: Sequence[Box] = ()
    dots: Sequence[Dot] = ()
    texts: Sequence[Text] = ()
    kind: str = "plot"


def bins(totals: Sequence[float], possible: float) -> list[int]:
    """Return the number of submissions in each tenth of the points, and with full points.

    >>> bins([0, 5, 9.9, 10, 100], 100)
    [3, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1]
    """
    counts = [0] * BARS
    for total in totals:
        share = total / possible if possible else 0.0
        counts[min(max(math.floor(share * (BARS - 1) + 1e-9), 0), BARS - 1)] += 1
    return counts


def distribution(totals: Sequence[float], possible: float) -> Drawing:
    """Return the marks of the class as bars."""
    counts = bins(totals, possible)
    width, height, left, base = 640.0, 230.0, 36.0, 190.0
    step, unit = (width - left) / BARS, 160 / max([*counts, 1])
    edges = [f"{possible * index / (BARS - 1):g}" for index in range(BARS)]
    names = [f"{low} to under {high}" for low, high in pairwise(edges)]
    boxes, texts = [], []
    for index, (count, name) in enumerate(zip(counts, [*names, "full marks"], strict=True)):
        x, top = left + index * step, base - count * unit
        title = f"{count} submissions: {name}"
        boxes.append(Box(x + 3, top, step - 6, count * unit, "bar", title))
        if count:
            texts.append(Text(x + step / 2, top - 6, count))
        # The last bar is a single value, so its label is below its middle.
        last = index == BARS - 1
        texts.append(Text(x + step / 2 * last, base + 18, "all" if last else edges[index]))
    texts.append(Text(left + (width - left) / 2, base + 37, "points", kind="quiet"))
    texts.append(Text(8, 100, "submissions", kind="quiet up"))
    axis = Line(left, base, width, base, "axis")
    label = f"Distribution of the points of {len(totals)} submissions"
    return Drawing(width, height, label, [axis], boxes, texts=texts)


def shares(full: int, partial: int, none: int, waiting: int) -> Drawing:
    """Return one question's submissions as a bar of four parts, with numbers where they fit."""
    counts = dict(zip(PARTS, (full, partial, none, waiting), strict=True))
    whole = max(sum(counts.values()), 1)
    boxes, texts = [], []
    x = 0.0
    for name, count in counts.items():
        wide = 240 * count / whole
        if count:
            boxes.append(Box(x, 0, wide, 18, f"part {name}", f"{count} {PARTS[name]}"))
        if wide > 16:  # noqa: PLR2004 - room for two digits
            texts.append(Text(x + wide / 2, 13.5, count, kind=f"on {name}"))
        x += wide
    label = ", ".join(f"{count} {PARTS[name]}" for name, count in counts.items())
    return Drawing(240, 18, label, boxes=boxes, texts=texts, kind="shares")


def proportion(count: int, whole: int, label: str) -> Drawing:
    """Return a single bar: `count` of `whole`."""
    wide = 120 * count / whole if whole else 0.0
    boxes = [Box(0, 0, 120, 12, "track"), Box(0, 0, wide, 12, "bar")]
    return Drawing(120, 12, label, boxes=boxes, kind="proportion")


def scatter(points: Sequence[tuple[str, float, float]]) -> Drawing:
    """Return questions by difficulty (across) and discrimination (up), with their numbers."""
    left, right, top, bottom = 46.0, 620.0, 14.0, 250.0
    low = math.floor(min([0.0, *(y for _, _, y in points)]) * 5)  # fifths below the axis, as < 0

    def across(x: float) -> float:
        return left + x * (right - left)

    def up(y: float) -> float:
        return bottom - (y - low / 5) / (1 - low / 5) * (bottom - top)

    lines = [Line(across(n / 5), top, across(n / 5), bottom, "grid") for n in range(6)]
    texts = [Text(across(n / 5), bottom + 16, f"{n / 5:g}") for n in range(6)]
    for n in range(low, 6):
        lines.append(Line(left, up(n / 5), right, up(n / 5), "grid" if n else "axis"))
        texts.append(Text(left - 6, up(n / 5) + 4, f"{n / 5:.1f}", "end"))
    below = "difficulty: share of the points given (further right is easier)"
    texts.append(Text((left + right) / 2, bottom + 34, below, kind="quiet"))
    texts.append(Text(12, (top + bottom) / 2, "discrimination", kind="quiet up"))
    dots = []
    for names, numbers, (x, y) in clusters([(n, (across(d), up(p))) for n, d, p in points]):
        place, anchor = (x - 8, "end") if x > right - 120 else (x + 8, "start")
        label = Text(place, y + 4, ", ".join(map(str, numbers)), anchor)
        dots.append(Dot(x, y, ", ".join(names), label))
    return Drawing(
        640, 290, "Questions by difficulty and discrimination", lines, dots=dots, texts=texts
    )


def clusters(
    points: Sequence[tuple[str, tuple[float, float]]],
) -> list[tuple[list[str], list[int], tuple[float, float]]]:
    """Group points that are too close for separate labels; a group is at their mean place.

    >>> clusters([("a", (0, 0)), ("b", (99, 0)), ("c", (2, 0))])
    [(['a', 'c'], [1, 3], (1.0, 0.0)), (['b'], [2], (99.0, 0.0))]
    """
    found: list[list[tuple[int, str, float, float]]] = []
    for number, (name, (x, y)) in enumerate(points, 1):
        near = (g for g in found if abs(g[0][2] - x) < CLOSE and abs(g[0][3] - y) < CLOSE)
        group = next(near, None)
        if group is None:
            found.append(group := [])
        group.append((number, name, x, y))
    return [
        (
            [name for _, name, _, _ in group],
            [number for number, _, _, _ in group],
            (sum(p[2] for p in group) / len(group), sum(p[3] for p in group) / len(group)),
        )
        for group in found
    ]
