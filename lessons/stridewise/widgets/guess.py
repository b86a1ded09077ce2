"""Guess: a widget for one line that a student enters before the next cell shows the answer."""

from __future__ import annotations

from typing import Any

from traitlets import Unicode, observe

from stridewise.widgets.assets import module
from stridewise.widgets.base import Drawn
from stridewise.widgets.static import table_html

# The guesses in this kernel, so that a cell that is run again still has its guess.
_GUESSED: dict[str, tuple[str, str]] = {}


class Guess(Drawn):
    """A question, a field and a Commit button; the first guess is shown beside the latest.

    It is never graded, and no right answer is in it. The guess is kept in the output of the cell,
    in the saved notebook, and nowhere else.

    Args:
        question: What to guess.
        first: The first guess; "" before there is one.
        now: The latest guess after the first.

    >>> Guess("How many windows fit?")
    Guess(question='How many windows fit?')
    """

    script = "guess.js"
    _esm = module(script)
    shown = ("question",)

    question = Unicode().tag(sync=True)
    first = Unicode().tag(sync=True)
    now = Unicode().tag(sync=True)

    def __init__(self, question: str, **given: Any) -> None:
        first, now = _GUESSED.get(question, ("", ""))
        super().__init__(**{"question": question, "first": first, "now": now, **given})

    @observe("first", "now")
    def _remember(self, _change: Any) -> None:
        if self.first:
            _GUESSED[self.question] = (self.first, self.now)
        self._keep()

    def static_html(self) -> str:
        """Return the question and what was guessed."""
        rows = [("your first guess", self.first), ("now", self.now)]
        return table_html([row for row in rows if row[1]], (self.question, "you"))
