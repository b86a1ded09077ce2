"""One question: what is given, answers to it, and its hidden test."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Question:
    """`wrong` must lose points and `other` must not; `stub` is what a blank submission holds."""

    name: str
    right: str
    other: str
    wrong: str
    test: str
    given: str = ""
    stub: str = ""
    points: float = 2.0
