"""Points and reasons as HTML, for a page or a notebook."""

from __future__ import annotations

import html
from collections.abc import Sequence

from autograder.course.outcome import counted


def mark_html(points: float, possible: float, reasons: Sequence[str]) -> str:
    """Return points and reasons as HTML, escaped: reasons may quote what a student wrote.

    >>> mark_html(2, 3, ["Row 3: you wrote '<b>'."])
    '<p>2 of 3 points</p><ul><li>Row 3: you wrote &#x27;&lt;b&gt;&#x27;.</li></ul>'
    """
    items = "".join(f"<li>{html.escape(reason)}</li>" for reason in reasons)
    words = f"{points:g} of {counted(possible, 'point')}"
    return f"<p>{words}</p>" + (f"<ul>{items}</ul>" if items else "")


def note_html(words: str) -> str:
    """Show words of ours above or below what a student's cell showed.

    >>> note_html("Left out here: script.")
    '<p><em>Left out here: script.</em></p>'
    """
    return f"<p><em>{html.escape(words)}</em></p>"
