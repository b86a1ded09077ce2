"""Why a row was lost, in words: the wrong rule that the numbers follow, where one is known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from stridewise.diagnosis import Diagnosis, diagnose
from stridewise.misconceptions import Prediction
from stridewise.network import Network
from stridewise.predictions import FormError
from stridewise.row_marks import Kind

_MOST_IDEAS = 2
_LONGEST_QUOTE = 80


def quote(value: object) -> str:
    """Show a student's value, shortened so that no answer can flood a page.

    >>> quote([26, 24])
    '[26, 24]'
    """
    text = str(value) if isinstance(value, Exception) else repr(value)
    return text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE]}…"


def row_reasons(
    answer: Sequence[Any], network: Network, kind: Kind, lost: Sequence[int], *, show_right: bool
) -> list[str]:
    """Return a reason for each of the `lost` rows (from 0), and what to think about.

    A row of `answer` that could not be read is the error that says why.

    With `show_right`, the right working stands beside the student's own; without it, only her own.
    """
    prediction = Prediction.read(answer) if kind == "output_shape" else Prediction.read((), answer)
    found = diagnose(prediction, network)
    ideas = [each for each in found if each.rank == 1]
    best = ideas[0] if ideas else None
    reasons = [_row_reason(answer, row, network, best, show_right=show_right) for row in lost]
    return [*reasons, *_idea_reasons(ideas)] if lost else []


def _row_reason(
    answer: Sequence[Any], row: int, network: Network, best: Diagnosis | None, *, show_right: bool
) -> str:
    """Say what row `row` holds, how it may have come about, and how Keras works it."""
    layer = f"Row {row + 1} ({network.rows[row].type})"
    if row >= len(answer):
        return f"{layer} is missing."
    if isinstance(answer[row], FormError):
        return f"{layer}: {answer[row]}."
    own = best.own_working(row) if best else ""
    right = best.right_working(row) if best and show_right else ""
    text = f"{layer}: you wrote {quote(answer[row])}"
    text += f", which is {own}" if own else ", which is not right"
    return f"{text}. Keras: {right}." if right else f"{text}."


def _idea_reasons(ideas: Sequence[Diagnosis]) -> list[str]:
    """Name the idea behind the numbers, or the few that cannot be told apart."""
    if not ideas:
        return []
    rules = [rule for idea in ideas[:_MOST_IDEAS] for rule in idea.rules]
    opening = (
        "Your numbers follow this idea" if len(ideas) == 1 else "Your numbers fit an idea like"
    )
    names = " Or: ".join(rule.name for rule in dict.fromkeys(rules))
    return [f"{opening}: {names} {rules[0].leaves_out} {rules[0].question}"]
