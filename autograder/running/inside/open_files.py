"""Where a process is in its open files, and in which folder.

A fork shares the offsets of its open files with the process it was made from, which may read on. So
they are recorded when it is made, and set again before its tests.
"""

from __future__ import annotations

from posix import chdir, getcwdb, lseek

from .confine import MOST_OPEN

# The functions below are sealed (see seal.py).


def offsets_now() -> tuple[bytes, list[tuple[int, int]]]:
    """Return the working folder, and each open file's descriptor and offset."""
    found = []
    for descriptor in range(MOST_OPEN):
        try:
            found.append((descriptor, lseek(descriptor, 0, 1)))
        except OSError:  # it is not open, or no file
            continue
    try:
        return getcwdb(), found
    except OSError:  # the folder was deleted
        return b"", found


def set_offsets(recorded: tuple[bytes, list[tuple[int, int]]]) -> None:
    """Set the offsets and the working folder again; what was closed meanwhile stays closed."""
    folder, offsets = recorded
    for descriptor, offset in offsets:
        try:
            lseek(descriptor, offset, 0)
        except OSError:
            continue
    try:
        chdir(folder)
    except OSError:
        return


SEALED = (offsets_now, set_offsets)
