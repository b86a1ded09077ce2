"""What running one submission may take."""

from __future__ import annotations

from dataclasses import asdict, dataclass

MEBIBYTE = 2**20


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits on one submission; sizes are in bytes.

    `processes` counts threads as well. `memory` holds for each process, and for all of them
    together as far as they really use it.
    """

    cell_seconds: float = 30
    total_seconds: float = 120
    call_seconds: float = 2
    memory: int = 2_560 * MEBIBYTE
    processes: int = 96
    file_size: int = 16 * MEBIBYTE
    home_size: int = 64 * MEBIBYTE
    result_size: int = 32 * MEBIBYTE

    def as_dict(self) -> dict[str, float]:
        """Return the limits as plain data."""
        return asdict(self)
