"""The stderr of the cells, which notices what is written to it while a test runs.

A test has a stderr of its own. But student code may have kept the one of its cell, as a handler of
`logging` does; in a kernel both are the same, and stock nbgrader gives no points where a test
writes to it.
"""

from __future__ import annotations

import io
import sys

_STDERR = 2
_MOST_PARTS, _LONGEST_PART = 20, 500


class _Noting(io.RawIOBase):
    """Keeps the beginning of what is written."""

    def __init__(self, parts: list[bytes]) -> None:
        super().__init__()
        self.parts = parts

    def fileno(self) -> int:
        """Return the descriptor, for programs that the notebook starts."""
        return _STDERR

    def writable(self) -> bool:
        """Return that it can be written to."""
        return True

    def write(self, data: object) -> int:
        """Keep the beginning of the data; return how many bytes were taken, which is all."""
        found = bytes(data)  # type: ignore[call-overload]
        if len(self.parts) < _MOST_PARTS:
            self.parts.append(found[:_LONGEST_PART])
        return len(found)


def note_stderr(parts: list[bytes]) -> None:
    """Give this process another stderr; the list gets what is written to it."""
    noting = _Noting(parts)
    sys.stderr = io.TextIOWrapper(noting, "utf-8", "backslashreplace", write_through=True)
