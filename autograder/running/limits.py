"""The limits of running one submission."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Self

from autograder.reading.missing_answer import LESS_TIME, TOOK_LONGER

MEBIBYTE = 2**20


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits on one submission; sizes are in bytes.

    A student's function has the time limit of a cell, since stock nbgrader calls it in one. After
    two cells or calls that took too long, the others of the notebook have 5 seconds each.
    `total_seconds` is the time limit of one run of all cells and tests.
    `processes` counts threads too. `memory` is the limit of each process, and of the memory that
    all of them really use together.
    """

    cell_seconds: float = 30
    total_seconds: float = 300
    call_seconds: float = 30
    memory: int = 2_560 * MEBIBYTE
    processes: int = 96
    file_size: int = 16 * MEBIBYTE
    home_size: int = 64 * MEBIBYTE
    result_size: int = 32 * MEBIBYTE

    @classmethod
    def for_cells(cls, seconds: float) -> Self:
        """Return limits with this timeout for each cell, as nbgrader's `Execute.timeout`.

        >>> Limits.for_cells(90).total_seconds
        900
        """
        total = max(cls().total_seconds, 10 * seconds)
        return cls(cell_seconds=seconds, call_seconds=seconds, total_seconds=total)

    def took_too_long(self, seconds: float) -> str:
        """Say that a cell was stopped by its time limit of so many seconds.

        >>> Limits().took_too_long(30)
        'took longer than 30 seconds.'
        """
        if seconds >= self.cell_seconds:
            return f"{TOOK_LONGER} than {seconds:g} seconds."
        why = f"{LESS_TIME}, since others took longer than {self.cell_seconds:g} seconds"
        return f"{TOOK_LONGER} than {seconds:g} seconds ({why})."

    def as_dict(self) -> dict[str, float]:
        """Return the limits as plain data."""
        return asdict(self)
