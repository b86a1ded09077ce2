"""Practice: questions without end, answered before they are explained, and never graded."""

from __future__ import annotations

from traitlets import Dict, Enum, List

from stridewise.network import Network
from stridewise.widgets.assets import module, styles
from stridewise.widgets.base import Drawn
from stridewise.widgets.fields import Whole
from stridewise.widgets.stacks import network_of
from stridewise.widgets.static import table_html

_TOPICS = ("size", "zeros", "parameters", "stack")
_PADDINGS = ("valid", "same")
_MOST = 2**31 - 1


class Practice(Drawn):
    """Questions about one layer or three; the right answer shows once an answer is committed.

    The page draws the questions itself, and the same `seed` gives the same ones. After each commit
    it sends `last_answer`; it does not wait for a reply. Python may answer in its own time by
    setting `diagnosis` to `{"number": practice.last_answer["number"], "text": "…"}`, and the page
    shows the text as long as that question is open.

    Args:
        seed: Which questions; 0 to 2,147,483,647.
        level: 1 (easy) to 3 (hard); three right answers in a row raise it.
        topics: Some of "size", "zeros", "parameters", "stack" (three layers).
        paddings: "valid", "same" or both; zeros are asked about under "same" alone.
        max_strides: The largest strides asked about, 1 to 4.
        avoid_sizes: Sizes that no question uses, such as those of a graded question.
        number: The question shown, from 0.

    Raises:
        TraitError: If a value is out of range.

    >>> Practice(topics=["size"], paddings=["valid"], max_strides=1)
    Practice(seed=0, level=1, topics=['size'], paddings=['valid'], max_strides=1)
    """

    script = "practice.js"
    style_sheets = ("base.css", "practice.css")
    _esm = module(script)
    _css = styles(*style_sheets)
    shown = ("seed", "level", "topics", "paddings", "max_strides")

    seed = Whole(0, _MOST, default=0).tag(sync=True)
    level = Whole(1, 3, default=1).tag(sync=True)
    topics = List(Enum(_TOPICS), default_value=list(_TOPICS), minlen=1).tag(sync=True)
    paddings = List(Enum(_PADDINGS), default_value=list(_PADDINGS), minlen=1).tag(sync=True)
    max_strides = Whole(1, 4, default=3).tag(sync=True)
    avoid_sizes = List(Whole(1, 32, default=1), default_value=[7, 14, 21, 28]).tag(sync=True)
    number = Whole(0, _MOST, default=0).tag(sync=True)
    last_answer = Dict().tag(sync=True)
    diagnosis = Dict(default_value={"number": -1, "text": ""}).tag(sync=True)
    answered = Whole(0, _MOST, default=0).tag(sync=True)
    right = Whole(0, _MOST, default=0).tag(sync=True)
    streak = Whole(0, _MOST, default=0).tag(sync=True)

    @property
    def last_network(self) -> Network | None:
        """The network of the question answered last."""
        return network_of(self.last_answer) if self.last_answer else None

    def static_html(self) -> str:
        """Return what there is to practise, and how far the student has come."""
        rows = [
            ("topics", ", ".join(self.topics)),
            ("level", f"{self.level} of 3"),
            ("answered", f"{self.right} of {self.answered} right"),
        ]
        return table_html(rows, ("Practice", "Open this notebook in Jupyter to answer"))
