"""What a test cell ended with, as points of that cell with their reasons."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from numbers import Real
from typing import Any

from autograder.exam.mark import Mark, without_noise
from autograder.records import CellMark, MasterCell

_NUMPY = re.compile(r"(?:np|numpy)\.\w+\((-?\d+(?:\.\d*)?(?:e[+-]?\d+)?)\)")
_LONGEST_REASON = 400
_MOST_REASONS = 20


def points_of(cell: MasterCell, value: Any) -> CellMark:
    """Return the points of a test cell from its last value's text, as stock nbgrader does."""
    if isinstance(value, Mark):
        return _given(cell, float(value), value.reasons)
    return points_from_text(cell, "" if value is None else _text_of(value))


def _text_of(value: Any) -> str:
    """Return a number's text; for anything else a text that is not a number."""
    try:
        return repr(value) if isinstance(value, Real) else ""
    except ValueError:  # Python writes no number of more than 4,300 digits
        return ""


def points_from_text(cell: MasterCell, text: str) -> CellMark:
    """Return the points for the text of a cell's last value.

    As stock nbgrader's `get_partial_grade`: a number is partial credit, and anything else is full
    credit. Only a number below zero, above the points possible or not finite gives none here.
    NumPy's text of full points, such as `np.float64(3.0)`, counts as a number.

    >>> cell = MasterCell("t", "test", "code", "", 3.0)
    >>> [points_from_text(cell, text).from_number for text in ("3", "np.float64(3.0)", "[0 0]")]
    [True, True, False]
    """
    try:
        points = float(text)
    except ValueError:
        numpy = _NUMPY.fullmatch(text)
        full = numpy is not None and float(numpy[1]) == cell.points
        return CellMark(cell.grade_id, cell.points, cell.points, from_number=full)
    return _given(cell, points, ())


def _given(cell: MasterCell, points: float, reasons: tuple[str, ...]) -> CellMark:
    """Return a mark with these points, or a flagged 0 where the cell cannot give them."""
    points = without_noise(points, cell.points)
    if not (math.isfinite(points) and 0 <= points <= cell.points):
        return zero(cell, f"The check gave {points} of {cell.points} points.", flagged=True)
    if points < cell.points and not reasons:
        reasons = (f"The check gave {points:g} of {cell.points:g} points.",)
    return CellMark(cell.grade_id, points, cell.points, _bounded(reasons), from_number=True)


def zero(cell: MasterCell, *reasons: str, flagged: bool = False) -> CellMark:
    """Return a mark of no points with these reasons."""
    return CellMark(cell.grade_id, 0.0, cell.points, _bounded(reasons), flagged)


def sentences(texts: Iterable[str]) -> str:
    """Join texts, each with a full stop where it has no end.

    >>> sentences(["The check stopped: NameError: a", "A person should look."])
    'The check stopped: NameError: a. A person should look.'
    """
    return " ".join(text if text.endswith((".", "!", "?")) else f"{text}." for text in texts)


def _bounded(reasons: tuple[str, ...]) -> tuple[str, ...]:
    """Shorten reasons for a page, and remove characters that no file can store."""
    shown = [_storable(reason[:_LONGEST_REASON]) for reason in reasons[:_MOST_REASONS]]
    if len(reasons) > _MOST_REASONS:
        shown.append(f"And {len(reasons) - _MOST_REASONS} more.")
    return tuple(shown)


def _storable(text: str) -> str:
    """Replace lone surrogates and control characters, which files and databases cannot store."""
    whole = text.encode("utf-8", "replace").decode()
    return "".join(each if each.isprintable() or each == "\n" else " " for each in whole)
