"""The report's plots, as SVG inside the page: drawn by hand, so that nothing has to be fetched.

Colours come from the page's style (`var(--…)`), so light, dark and print each have their own. No
colour stands alone: every mark has its number, or a title to point at, beside it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from autograder.feedback.markup import Markup, tag

CLOSE = 20  # points of the drawing
BARS = 11  # bars of the distribution: tenths of the marks, and full marks by themselves


def svg(width: float, height: float, label: str, *parts: object, class_: str = "plot") -> Markup:
    """Return a drawing that scales with the page and says in words what it shows."""
    box = f"0 0 {width:g} {height:g}"
    drawing = tag("svg", *parts, viewBox=box, role="img", aria_label=label, class_=class_)
    return scrolled(drawing, label) if class_ == "plot" else drawing


def scrolled(wide: Markup, label: str) -> Markup:
    """Return something wide in a frame of its own, which scrolls, by keyboard too."""
    return tag("div", wide, class_="wide", tabindex=0, role="region", aria_label=label)


def text(x: float, y: float, words: object, anchor: str = "start", class_: str = "") -> Markup:
    """Return words in a drawing."""
    return tag("text", words, x=f"{x:g}", y=f"{y:g}", text_anchor=anchor, class_=class_ or None)


def box(x: float, y: float, width: float, height: float, class_: str, title: str = "") -> Markup:
    """Return a rectangle; `title` is shown when it is pointed at."""
    shape = tag(
        "rect",
        x=f"{x:.1f}",
        y=f"{y:.1f}",
        width=f"{width:.1f}",
        height=f"{height:.1f}",
        class_=class_,
    )
    return tag("g", tag("title", title), shape) if title else shape


def bins(totals: Sequence[float], possible: float) -> list[int]:
    """Return how many papers lie in each tenth of the marks, and how many have them all.

    >>> bins([0, 5, 9.9, 10, 100], 100)
    [3, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1]
    """
    counts = [0] * BARS
    for total in totals:
        share = total / possible if possible else 0.0
        counts[min(max(math.floor(share * (BARS - 1) + 1e-9), 0), BARS - 1)] += 1
    return counts


def distribution(totals: Sequence[float], possible: float) -> Markup:
    """Return the marks of the class as bars."""
    counts = bins(totals, possible)
    most = max([*counts, 1])
    width, height, left, base = 640.0, 230.0, 36.0, 190.0
    step = (width - left) / BARS
    parts: list[object] = [tag("line", x1=left, y1=base, x2=width, y2=base, class_="axis")]
    for index, count in enumerate(counts):
        x, tall = left + index * step, 160 * count / most
        edge = possible * index / (BARS - 1)
        last = index == BARS - 1
        name = "full marks" if last else f"{edge:g} to under {possible * (index + 1) / 10:g}"
        parts.append(box(x + 3, base - tall, step - 6, tall, "bar", f"{count} papers: {name}"))
        if count:
            parts.append(text(x + step / 2, base - tall - 6, count, "middle"))
        parts.append(
            text(x + (step / 2 if last else 0), base + 18, "all" if last else f"{edge:g}", "middle")
        )
    parts.append(text(left + (width - left) / 2, base + 37, "points", "middle", "quiet"))
    parts.append(text(8, 100, "papers", "middle", "quiet up"))
    return svg(width, height, f"Distribution of {len(totals)} papers' points", *parts)


def shares(full: int, partial: int, none: int, waiting: int) -> Markup:
    """Return one question's papers as a bar of four parts, each with its number where it fits."""
    whole = max(full + partial + none + waiting, 1)
    parts: list[object] = []
    x = 0.0
    counts = (("full", full), ("partial", partial), ("none", none), ("waiting", waiting))
    for name, count in counts:
        wide = 240 * count / whole
        if count:
            parts.append(box(x, 0, wide, 18, f"part {name}", f"{count} {NAMES[name]}"))
            if wide > 16:  # noqa: PLR2004 - room for two digits
                parts.append(text(x + wide / 2, 13.5, count, "middle", f"on {name}"))
        x += wide
    label = ", ".join(f"{count} {NAMES[name]}" for name, count in counts)
    return svg(240, 18, label, *parts, class_="shares")


NAMES = {
    "full": "with full points",
    "partial": "with some points",
    "none": "with no points",
    "waiting": "not marked yet",
}


def legend() -> Markup:
    """Return what the four parts of a bar mean."""
    parts = [
        tag("li", tag("span", class_=f"swatch {name}"), words) for name, words in NAMES.items()
    ]
    return tag("ul", *parts, class_="legend")


def proportion(count: int, whole: int, label: str) -> Markup:
    """Return a single bar: `count` of `whole`."""
    wide = 120 * count / whole if whole else 0.0
    parts = [box(0, 0, 120, 12, "track"), box(0, 0, wide, 12, "bar")]
    return svg(120, 12, label, *parts, class_="proportion")


def scatter(points: Sequence[tuple[str, float, float]]) -> Markup:
    """Return questions by difficulty (across) and discrimination (up), with their numbers."""
    left, right, top, bottom = 46.0, 620.0, 14.0, 250.0
    low = min([0.0, *(y for _, _, y in points)])
    low = math.floor(low * 5) / 5

    def at(x: float, y: float) -> tuple[float, float]:
        return left + x * (right - left), bottom - (y - low) / (1 - low) * (bottom - top)

    parts: list[object] = []
    for tick in (0, 0.2, 0.4, 0.6, 0.8, 1.0):
        x, _ = at(tick, 0)
        parts.append(tag("line", x1=f"{x:g}", y1=top, x2=f"{x:g}", y2=bottom, class_="grid"))
        parts.append(text(x, bottom + 16, f"{tick:g}", "middle"))
    ticks = round((1 - low) / 0.2)
    for index in range(ticks + 1):
        tick = low + index * 0.2
        _, y = at(0, tick)
        kind = "axis" if abs(tick) < 1e-9 else "grid"  # noqa: PLR2004 - rounding
        parts.append(tag("line", x1=left, y1=f"{y:g}", x2=right, y2=f"{y:g}", class_=kind))
        parts.append(text(left - 6, y + 4, f"{tick + 0:.1f}", "end"))
    for names, numbers, (x, y) in clusters([(n, at(d, p)) for n, d, p in points]):
        dot = tag("circle", cx=f"{x:.1f}", cy=f"{y:.1f}", r=5, class_="dot")
        title = tag("title", ", ".join(names))
        words = ", ".join(map(str, numbers))
        label = text(x - 8, y + 4, words, "end") if x > right - 120 else text(x + 8, y + 4, words)
        parts.append(tag("g", title, dot, label))
    parts.append(
        text(
            (left + right) / 2,
            bottom + 34,
            "difficulty: share of the points given (further right is easier)",
            "middle",
            "quiet",
        )
    )
    parts.append(text(12, (top + bottom) / 2, "discrimination", "middle", "quiet up"))
    return svg(640, 290, "Questions by difficulty and discrimination", *parts)


def clusters(
    points: Sequence[tuple[str, tuple[float, float]]],
) -> list[tuple[list[str], list[int], tuple[float, float]]]:
    """Return points that lie too close for labels of their own together, at their mean place.

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
