"""The words for points and times, the same on every page."""

from __future__ import annotations

from autograder.feedback.student import Question


def number(points: float) -> str:
    """Return points with at most two decimals, without trailing zeros.

    >>> number(3.0), number(2.5), number(1 / 3)
    ('3', '2.5', '0.33')
    """
    text = f"{points:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def points_of(question: Question) -> str:
    """Return a question's points as text."""
    if question.points is None:
        return f"not marked yet, of {number(question.possible)}"
    word = "point" if question.possible == 1 else "points"
    return f"{number(question.points)} of {number(question.possible)} {word}"


def late(hours: float) -> str:
    """Return how late a submission is.

    >>> late(1.5), late(50), late(0.2)
    ('1.5 hours late', '2.1 days late', '12 minutes late')
    """
    if hours < 1:
        return f"{max(round(hours * 60), 1)} minutes late"
    days = hours / 24
    return (
        f"{number(round(days, 1))} days late"
        if days > 1
        else f"{number(round(hours, 1))} hours late"
    )
