"""More or fewer rows than asked for, said in words."""

from __future__ import annotations

from collections.abc import Sequence

from .predictions import number_in

_THOUSAND = 1_000
_HUNDRED = 100


def length_problem(rows: Sequence[object], asked: int, things: str = "rows") -> str:
    """Return a sentence about too many or too few rows; "" where the number is right.

    A comma inside a number, as `summary()` prints it, makes two numbers in Python; it is named
    where it explains the extra rows.

    >>> length_problem([320, 9, 248, 0], 3)
    '4 rows, but 3 are asked for; 9,248 is two numbers in Python: write 9248'
    >>> length_problem([26], 3)
    '1 row, but 3 are asked for'
    """
    if len(rows) == asked:
        return ""
    counted = f"{len(rows)} {things.removesuffix('s') if len(rows) == 1 else things}"
    text = f"{counted}, but {asked} {'is' if asked == 1 else 'are'} asked for"
    comma = comma_problem(rows, asked)
    return f"{text}; {comma}" if comma else text


def comma_problem(rows: Sequence[object], asked: int) -> str:
    """Return which number was written with a comma, where that explains the extra rows; else "".

    >>> comma_problem([320, 9, 248, 0], 3)
    '9,248 is two numbers in Python: write 9248'
    """
    joined = _joined_at_commas(rows)
    split = next((each for each in joined if len(each) > 1), None)
    if split is None or len(joined) != asked:
        return ""
    written = ",".join(map(str, split))
    many = {2: "two", 3: "three"}.get(len(split), str(len(split)))
    return f"{written} is {many} numbers in Python: write {written.replace(',', '')}"


def _joined_at_commas(rows: Sequence[object]) -> list[list[int]]:
    """Group numbers that a comma between thousands may have split: [9, 248] for 9,248.

    A number of three digits begins no group: 320, 924 may well be two counts.
    """
    groups: list[list[int]] = []
    for row in map(number_in, rows):
        if not isinstance(row, int):
            return []
        if groups and 0 < groups[-1][0] < _HUNDRED <= row < _THOUSAND:
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups
