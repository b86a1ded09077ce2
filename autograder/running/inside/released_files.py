"""Noticing files of the assignment that the notebook has changed, and putting them back.

A test reads them as they are, as in a kernel. Where one differs from what the instructor released,
the test is run again with that file (see running/second_run.py).
"""

from __future__ import annotations

from binascii import a2b_base64
from collections.abc import Collection, Mapping
from os import fsencode
from posix import (
    O_CREAT,
    O_EXCL,
    O_NOFOLLOW,
    O_NONBLOCK,
    O_RDONLY,
    O_WRONLY,
    getcwd,
    lstat,
    mkdir,
    rename,
    stat,
    unlink,
)
from posix import _exit as leave
from posix import close as close_file
from posix import open as open_file
from posix import read as read_file
from posix import write as write_file
from typing import Any

from .seal import hidden, sealed

_READ, _WRITE = O_RDONLY | O_NOFOLLOW | O_NONBLOCK, O_WRONLY | O_CREAT | O_EXCL
ONCE = 2**20  # bytes that are read at once
_KIND, _FOLDER = 0o170000, 0o040000  # of the mode of a file


def make_released(files: Mapping[str, str], names: Collection[str]) -> dict[str, Any]:
    """Return sealed functions, by their names: one names what has changed, one puts it back.

    Args:
        files: the contents, in base64, by relative path; they lie in the working folder now.
        names: those of them that the instructor has released.
    """
    found = [(f"the file {name}", fsencode(f"{getcwd()}/{name}"), files[name]) for name in names]
    values: dict[str, Any] = {"FILES": hidden(found), "READ": _READ, "WRITE": _WRITE}
    values["SIGNS"] = hidden([sign_of(path) for _, path, _ in found])
    values |= {"KIND": _KIND, "FOLDER": _FOLDER, "sign_of": sealed(sign_of)}
    for step in (content_of, clear_away, make_folders):
        values[step.__name__] = sealed(step, **values)
    return {step.__name__: sealed(step, **values) for step in (changed_files, put_back_files)}


# The functions below are sealed (see seal.py); these names get their values then.
FILES: list[tuple[str, bytes, str]] = []
SIGNS: list[Any] = []
READ = WRITE = KIND = FOLDER = 0


def sign_of(path: bytes) -> Any:
    """Return what changes with a file, or None where there is none; reading it changes nothing."""
    try:
        found = lstat(path)
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_ctime_ns, found.st_mode


def content_of(path: bytes) -> bytes | None:
    """Return what a file holds, None where it is none."""
    try:
        file = open_file(path, READ)
    except OSError:
        return None
    try:
        parts = []
        while len(part := read_file(file, ONCE)):
            parts.append(part)
    except (OSError, MemoryError):  # it is a folder, or very large
        return None
    finally:
        close_file(file)
    return b"".join(parts)


def changed_files() -> list[str]:
    """Name the files that differ from what was released."""
    return [
        name
        for (name, path, text), sign in zip(FILES, SIGNS)  # noqa: B905 - made together
        if sign_of(path) != sign and content_of(path) != a2b_base64(text)
    ]


def clear_away(path: bytes) -> None:
    """Delete the file at a path; a folder there gets another name, for it may hold others."""
    sign = sign_of(path)
    if sign is None:
        return
    if sign[3] & KIND == FOLDER:
        rename(path, path + b".before")
    else:
        unlink(path)


def make_folders(path: bytes) -> None:
    """Make the folders of a path that are missing, or at whose place something else lies."""
    for at in range(1, len(path)):
        if path[at : at + 1] != b"/":
            continue
        try:
            is_folder = stat(path[:at]).st_mode & KIND == FOLDER
        except OSError:
            is_folder = False
        if not is_folder:
            clear_away(path[:at])
            mkdir(path[:at])


def put_back_files(names: list[str]) -> None:
    """Write the files with these names again as they were released, or end the process."""
    for name, path, text in FILES:
        if name not in names:
            continue
        try:
            make_folders(path)
            clear_away(path)
            file = open_file(path, WRITE, 0o644)
            rest = a2b_base64(text)
            while len(rest):
                rest = rest[write_file(file, rest) :]
            close_file(file)
        except (OSError, MemoryError):
            leave(1)


SEALED = (sign_of, content_of, clear_away, make_folders, changed_files, put_back_files)
