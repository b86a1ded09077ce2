"""The limits of running one submission."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Self

MEBIBYTE = 2**20


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits on one submission; sizes are in bytes.

    A student's function has the time limit of a cell, since stock nbgrader calls it in one.
    `processes` counts threads too. `memory` is the limit of each process, and of the memory that
    all of them really use together.
    """

    cell_seconds: float = 30
    total_seconds: float = 120
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
        360
        """
        total = max(cls().total_seconds, 4 * seconds)
        return cls(cell_seconds=seconds, call_seconds=seconds, total_seconds=total)

    def as_dict(self) -> dict[str, float]:
        """Return the limits as plain data."""
        return asdict(self)
