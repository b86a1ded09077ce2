"""Reading files safely that other people wrote, and writing files atomically."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

LARGEST = 16 * 2**20  # bytes; a lesson with every output and picture stays far below


class RefusedFileError(Exception):
    """A file cannot be accepted; the message is written for the student."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


UNREADABLE = frozenset(
    ("not_json", "not_a_notebook", "not_a_file", "not_a_folder", "too_large", "too_deep", "cells")
)
"""The codes of files that are refused as a whole."""


@dataclass(frozen=True, slots=True)
class Folder:
    """An open folder; its files are reached through it and never through a link."""

    descriptor: int

    def read(self, name: str, largest: int = LARGEST) -> bytes | None:
        """Return the bytes of a regular file, or None where there is no such file.

        Raises:
            RefusedFileError: for a link, a device, a pipe, a folder, and a file that is too large.
        """
        # Without O_NONBLOCK, opening a named pipe would block until somebody writes to it.
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        try:
            descriptor = os.open(name, flags, dir_fd=self.descriptor)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise RefusedFileError(
                "not_a_file", f"{name} is a link or cannot be opened: {error.strerror}"
            ) from None
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise RefusedFileError("not_a_file", f"{name} is not a regular file")
            with os.fdopen(descriptor, "rb", closefd=False) as file:
                data = file.read(largest + 1) if status.st_size <= largest else b""
        finally:
            os.close(descriptor)
        if status.st_size > largest or len(data) > largest:
            raise RefusedFileError("too_large", f"{name} is larger than {largest // 2**20} MiB")
        return data


@contextmanager
def open_folder(path: Path) -> Iterator[Folder]:
    """Open a folder that is not a link.

    Raises:
        RefusedFileError: when it is a link, or not a folder.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError as error:
        raise RefusedFileError(
            "not_a_folder", f"{path.name} is not a folder that can be read: {error.strerror}"
        ) from None
    try:
        yield Folder(descriptor)
    finally:
        os.close(descriptor)


def write_whole(path: Path, data: bytes, mode: int = 0o444) -> None:
    """Write `data` to `path` atomically: a reader sees the old file or the new one."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.draft")
    draft.unlink(missing_ok=True)
    try:
        descriptor = _new_file(draft)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = _new_file(draft)
    with os.fdopen(descriptor, "wb", buffering=0) as file:
        os.fchmod(descriptor, mode)
        left = memoryview(data)
        while left:
            left = left[file.write(left) :]
    draft.replace(path)


def _new_file(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
