"""Putting the ideas that fit a wrong answer into words: in lessons, in Practice and in the marks.

One idea is named with its working. Two or three that fit equally well are named together. Where
more fit, none is named: it would be a guess.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

MOST = 3  # ideas that can be named together and still say something
_MANY = {2: "Two", 3: "Three"}
_OR = "\nor "


@dataclass(frozen=True, slots=True)
class Working:
    """One row by the learner's own rule, and by the right rule with the same numbers.

    Where several ideas fit equally well, `own` has a line for each; all but the first begin with
    "or".
    """

    row: int
    own: str
    right: str


@dataclass(frozen=True, slots=True)
class Idea:
    """One idea that an answer follows, or several that fit equally well.

    Attributes:
        heading: a sentence that names the idea.
        leaves_out: what the idea leaves out.
        question: something to think about.
        workings: the rows in which it makes a difference.
        name: the idea alone, or the several, without the learner's numbers.
    """

    heading: str
    leaves_out: str
    question: str
    workings: tuple[Working, ...]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """What an answer follows: one idea, or two that go together."""

    ideas: tuple[Idea, ...]

    @property
    def idea(self) -> str:
        """Every idea in words."""
        return " ".join(idea.heading for idea in self.ideas)

    @property
    def leaves_out(self) -> str:
        """What the last idea leaves out."""
        return self.ideas[-1].leaves_out

    @property
    def question(self) -> str:
        """What to think about."""
        return self.ideas[-1].question

    @property
    def workings(self) -> tuple[Working, ...]:
        """The rows in which an idea makes a difference, idea by idea."""
        return tuple(working for idea in self.ideas for working in idea.workings)

    def working(self, row: int) -> Working:
        """Return the working of a row in one line; an empty one where no idea changes it.

        Where several ideas fit, nobody knows which working was hers, so `own` is empty.
        """
        found = [each for each in self.workings if each.row == row]
        own = "; ".join(each.own for each in found if _OR not in each.own)
        return Working(row, own, "; ".join(each.right for each in found))


class Worded(Protocol):
    """What an idea is in words."""

    @property
    def name(self) -> str:
        """The idea in one sentence."""

    @property
    def leaves_out(self) -> str:
        """What the idea does not see."""

    @property
    def question(self) -> str:
        """A question that makes one think."""


W = TypeVar("W", bound=Worded)
Fitting = tuple[W, tuple[Working, ...]]
"""An idea that gives a whole answer, with the rows in which it makes a difference."""


def apart(fitting: Sequence[Fitting[W]]) -> list[Fitting[W]]:
    """Return the ideas that can be told apart: the first of those with the same arithmetic.

    The best attested stands first.
    """
    told: list[Fitting[W]] = []
    for each in fitting:
        alike = any(_lines(each) and _lines(each) == _lines(one) for one in told)
        if not alike:
            told.append(each)
    return told


def _lines(fitting: Fitting[W]) -> tuple[str, ...]:
    """Return the learner's lines of working; () where an idea has none."""
    lines = tuple(each.own for each in fitting[1])
    return lines if any(lines) else ()


def named(fitting: Sequence[Fitting[W]]) -> Explanation | None:
    """Put ideas that fit equally well into words; None where there is none, or more than three.

    >>> from stridewise.misconceptions import rule
    >>> worked = (Working(0, "28 - 3 = 25", "28 - 3 + 1 = 26"),)
    >>> named([(rule("forgets_plus_one"), worked)]).idea
    'You may have worked out 28 - 3 = 25. The idea: The size is the number of steps.'
    """
    ideas = apart(fitting)
    if not 0 < len(ideas) <= MOST:
        return None
    first, workings = ideas[0]
    if len(ideas) == 1:
        return Explanation((idea_of(first, workings, f"{worked_out(workings)} {first.name}"),))
    names = " Or: ".join(each.name for each, _ in ideas)
    heading = f"{_MANY[len(ideas)]} ideas fit your numbers. {names}"
    # What one of them leaves out would be a guess.
    return Explanation((Idea(heading, "", first.question, _together(ideas), names),))


def idea_of(rule: Worded, workings: Sequence[Working], heading: str) -> Idea:
    """Return one idea under a heading."""
    return Idea(heading, rule.leaves_out, rule.question, tuple(workings), rule.name)


def worked_out(workings: Sequence[Working]) -> str:
    """Return how an explanation begins: with the learner's own arithmetic, where there is any.

    One row alone may also be a typing mistake, so the words are cautious then.

    >>> worked_out([Working(0, "28 - 3 = 25", "28 - 3 + 1 = 26")])
    'You may have worked out 28 - 3 = 25. The idea:'
    """
    tentative = len(workings) == 1
    own = next((each.own for each in workings if " = " in each.own), "")
    if own:
        begin = "You may have worked out" if tentative else "It looks as if you worked out"
        return f"{begin} {own}. The idea:"
    return "Your answer may come from this idea:" if tentative else "Your numbers fit this idea:"


def _together(ideas: Sequence[Fitting[W]]) -> tuple[Working, ...]:
    """Return each row once, with a line of working for each idea that has one."""
    by_row: dict[int, list[Working]] = {}
    for _, workings in ideas:
        for each in workings:
            by_row.setdefault(each.row, []).append(each)
    return tuple(
        Working(row, _OR.join(dict.fromkeys(w.own for w in worked if w.own)), worked[0].right)
        for row, worked in sorted(by_row.items())
    )
