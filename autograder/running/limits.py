"""What running one submission may take."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Self

MEBIBYTE = 2**20


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits on one submission; sizes are in bytes.

    A function of the student's has as long as a cell: under stock nbgrader it is called in one.
    `processes` counts threads as well. `memory` holds for each process, and for all of them
    together as far as they really use it.
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
        """Return limits that give each cell this long, as nbgrader's `Execute.timeout` does.

        >>> Limits.for_cells(90).total_seconds
        360
        """
        total = max(cls().total_seconds, 4 * seconds)
        return cls(cell_seconds=seconds, call_seconds=seconds, total_seconds=total)

    def as_dict(self) -> dict[str, float]:
        """Return the limits as plain data."""
        return asdict(self)
