"""The cells for answers as students receive them: they have to be Python before an answer is in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from autograder.notebooks.master import Template
from autograder.reading.bounds import Unreadable
from autograder.reading.source import parse_trusted


def not_python(
    masters: Mapping[str, Template], answers: Mapping[str, Mapping[str, str]]
) -> Iterator[str]:
    """Yield a warning for the cells that are Python with the instructor's answer only.

    Such a cell is a function without a body: the student's notebook stops there.
    """
    cells = [
        f"{name}/{cell.grade_id}"
        for name, template in masters.items()
        for cell in template.master.cells
        if cell.cell_type == "code" and cell.grade_id in answers[name]
        if is_python(answers[name][cell.grade_id]) and not is_python(cell.released)
    ]
    if cells:
        yield (
            f"What students receive of {', '.join(cells)} is not Python, such as a function "
            "without a body: write a line `...` above the solution, or set "
            "c.ClearSolutions.code_stub in nbgrader_config.py."
        )


def is_python(source: str) -> bool:
    r"""Return whether a cell can be compiled, as far as its magics allow to tell.

    >>> is_python("def half(n):\n    ..."), is_python("def half(n):\n    ")
    (True, False)
    """
    try:
        return not parse_trusted(source).broken
    except Unreadable:
        return True
