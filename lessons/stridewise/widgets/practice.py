"""Practice: questions without end, answered before they are explained, and never graded."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from secrets import randbelow
from typing import Any

from traitlets import Dict, Enum, List, observe

from stridewise.widgets.assets import module
from stridewise.widgets.base import Drawn
from stridewise.widgets.fields import Whole
from stridewise.widgets.ideas import next_item, review, summary, with_answer
from stridewise.widgets.ideas_file import NAME, read_ideas, write_ideas
from stridewise.widgets.static import table_html
from stridewise.widgets.tutor import Advice, Limits, advise

_TOPICS = ("size", "zeros", "parameters", "stack")
_PADDINGS = ("valid", "same")
_MOST = 2**31 - 1
_REMEMBERED = 12  # answers: an idea held for longer shows again


class Practice(Drawn):
    """Questions about one layer or three: three tries at each, with more help after each.

    The page draws the questions itself, and the same `seed` gives the same ones. After a wrong
    answer it draws that answer, then gives a hint, then the working. An answer may be a sum, such
    as `(3*3*1+1)*4`. After the first try at a question the page sends `last_answer`; it does not
    wait for a reply. Python answers in its own time: it sets `diagnosis`, `{"number":
    practice.last_answer["number"], "text": "…"}`, which the page shows under that question, and
    `next_item`, which the page asks next. Where no kernel runs, the page says so. Three right
    answers in a row end the follow-ups.

    An idea that a wrong answer fits alone comes back after some other questions, and in the next
    lesson, until it is settled. Which are settled is kept in `stridewise-ideas.json` beside the
    notebook, written after an answer; it is never graded, and may be deleted.

    Args:
        seed: Which questions; 0 to 2,147,483,647. By default others each time.
        level: 1 (easy) to 3 (hard); three right answers in a row raise it.
        topics: Some of "size", "zeros", "parameters", "stack" (three layers).
        paddings: "valid", "same" or both; zeros are asked about under "same" alone.
        max_strides: The largest strides asked about, 1 to 4.
        max_dilation: The largest dilation_rate asked about, 1 to 3.
        avoid_sizes: Sizes that no question uses, such as those of a graded question.
        number: The question shown, from 0.

    Raises:
        TraitError: If a value is out of range.

    >>> Practice(topics=["size"], paddings=["valid"], max_strides=1)
    Practice(level=1, topics=['size'], paddings=['valid'], max_strides=1)
    """

    script = "practice.js"
    _esm = module(script)
    shown = ("level", "topics", "paddings", "max_strides")

    seed = Whole(0, _MOST, default=0).tag(sync=True)
    level = Whole(1, 3, default=1).tag(sync=True)
    topics = List(Enum(_TOPICS), default_value=list(_TOPICS), minlen=1).tag(sync=True)
    paddings = List(Enum(_PADDINGS), default_value=list(_PADDINGS), minlen=1).tag(sync=True)
    max_strides = Whole(1, 4, default=3).tag(sync=True)
    max_dilation = Whole(1, 3, default=1).tag(sync=True)
    avoid_sizes = List(Whole(1, 32, default=1), default_value=[7, 14, 21, 28]).tag(sync=True)
    number = Whole(0, _MOST, default=0).tag(sync=True)
    last_answer = Dict().tag(sync=True)
    diagnosis = Dict(default_value={"number": -1, "text": ""}).tag(sync=True)
    next_item = Dict().tag(sync=True)  # what Python proposes to ask next, as `number`
    item = Dict().tag(sync=True)  # the proposal that the page asks; drawn again from this
    ideas = Dict().tag(sync=True)  # names of ideas: {"open": […], "settled": […], "kept": "where"}
    answered = Whole(0, _MOST, default=0).tag(sync=True)
    right = Whole(0, _MOST, default=0).tag(sync=True)
    streak = Whole(0, _MOST, default=0).tag(sync=True)

    def __init__(self, **given: Any) -> None:
        self._answers: tuple[dict[str, Any], ...] = ()
        self._file = Path.cwd() / NAME
        super().__init__(**{"seed": randbelow(_MOST), **given})
        again = review(read_ideas(self._file), (), self._limits(), beginning=True)
        if again and not given.keys() & {"seed", "number", "item"}:
            self.item = {"number": self.number, "again": True, **again}

    def _limits(self) -> Limits:
        """Return what may be asked about now."""
        limits = (self.level, self.topics, self.paddings, self.max_strides, self.avoid_sizes)
        return Limits(*limits)

    @observe("last_answer")
    def _reply(self, change: Any) -> None:
        """Say what the new answer follows, and what to ask next."""
        answer = change["new"]
        if "number" not in answer:
            return
        self._answers = (*self._answers, answer)[-_REMEMBERED:]
        limits = self._limits()
        ideas = with_answer(read_ideas(self._file), self._answers)  # another cell may have written
        kept = write_ideas(self._file, ideas)
        self.ideas = {**summary(ideas), "kept": kept}
        again = review(ideas, self._answers, limits)
        self._set_advice(answer["number"], advise(self._answers, limits), again)

    def _set_advice(self, number: int, advice: Advice, again: Mapping[str, Any]) -> None:
        """Send the page what to show under question `number`, and what to ask after it.

        A question that tells ideas apart goes before one for an idea that comes back.
        """
        with self.hold_sync():  # one message, so that the page has both or neither
            self.diagnosis = {
                "number": number,
                "text": advice.text,
                "question": advice.question,
                "workings": [list(each) for each in advice.workings],
            }
            self.next_item = next_item(number + 1, advice, again)

    def static_html(self) -> str:
        """Return what there is to practise, and how far the student has come."""
        rows = [
            ("topics", ", ".join(self.topics)),
            ("level", f"{self.level} of 3"),
            ("answered", f"{self.right} of {self.answered} right"),
        ]
        return table_html(rows, ("Practice", "Open this notebook in Jupyter to answer"))
