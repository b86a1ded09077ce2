"""A phone for browser tests: a narrow page, and a finger that draws."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    Place = tuple[float, float]

PHONE = {"viewport": {"width": 390, "height": 760}, "has_touch": True, "is_mobile": True}


def draw_a_line(page: Page, locator: Locator, begin: Place, end: Place) -> None:
    """Put a finger down on an element, move it, and lift it; places are shares of its box."""
    locator.scroll_into_view_if_needed()
    box = locator.bounding_box()
    places = [
        tuple(a + (b - a) * i / 12 for a, b in zip(begin, end, strict=True)) for i in range(13)
    ]
    points = [
        {"x": box["x"] + x * box["width"], "y": box["y"] + y * box["height"]} for x, y in places
    ]
    devtools = page.context.new_cdp_session(page)
    for kind, point in zip(["touchStart", *["touchMove"] * 12], points, strict=True):
        devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
    devtools.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
