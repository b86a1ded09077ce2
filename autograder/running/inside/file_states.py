"""The files of a run as they were at the places of its tests.

A test runs when the later cells have ended, in a fork that was made at its place. The fork keeps
the memory of its place. But files are the same for all, and a later cell may have deleted one or
written over it. So the supervisor keeps what the files held at each place, and puts it back.
"""

from __future__ import annotations

import errno
import os
import stat
import time
from collections.abc import Iterator
from contextlib import suppress
from io import BufferedWriter, FileIO
from posix import chmod, link, lstat, mkdir, mkfifo, readlink, rename, rmdir, symlink, unlink, utime
from posix import open as open_file
from typing import NamedTuple

MOST_FILES = 4_000
MOST_BYTES = 192 * 2**20
"""How much is kept for one run of the cells."""
MOST_LINKED = 8 * 2**20
"""How much has a second link: its space is not free again when a cell deletes the file."""
_KINDS = frozenset({stat.S_IFREG, stat.S_IFDIR, stat.S_IFLNK, stat.S_IFIFO})
"""Others, such as sockets, are left alone."""
_NEW = b".new"  # ends the name of a link until it is at its path
_INEXACT = 50_000_000  # nanoseconds
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
_WRITE = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_NONBLOCK


class TooMuch(Exception):  # noqa: N818 - says what was found
    """There are more files, or larger ones, than are kept; or one cannot become the same again."""


class Kept(NamedTuple):
    """A file, folder or link: what `lstat` says of it, its content or where it leads, and when."""

    status: os.stat_result
    data: bytes | None
    time: int

    @property
    def kind(self) -> int:
        """What it is, as `stat` has it."""
        return stat.S_IFMT(self.status.st_mode)

    def is_unchanged(self, status: os.stat_result) -> bool:
        """Return whether nothing has changed since, as far as that is sure.

        The time of a change is not exact: a change soon after may have the same time.
        """
        is_sure = self.status.st_ctime_ns < self.time - _INEXACT
        return is_sure and _sign(self.status) == _sign(status)


class FileStates:
    """The states of the files below some folders.

    Args:
        folders: the folders to which student code can write.
        links: the folder that gets a second link to each small file of the first of them. Then an
            open file stays the one at its path, also where a cell deletes it and it is put back.
            "" where there is no such folder.
    """

    def __init__(self, folders: tuple[str, ...], links: str = "") -> None:
        self._folders, self._links = tuple(map(os.fsencode, folders)), os.fsencode(links)
        self._linked = 0
        self._states: dict[int, dict[bytes, Kept]] = {}
        self._newest: dict[bytes, Kept] = {}
        self._open: dict[int, set[int]] = {}
        self._bytes = 0

    def keep(self, place: int, opened: set[int]) -> None:
        """Keep the state at a place, where files with these inodes are open.

        Raises:
            TooMuch: When there are too many files, or what all states hold is too large.
        """
        state: dict[bytes, Kept] = {}
        for path, status in self._entries():
            before = self._newest.get(path)
            kept = before if before and before.is_unchanged(status) else self._read(path, status)
            if kept is not None:
                state[path] = kept
        self._states[place] = self._newest = state
        self._open[place] = opened

    def put_back(self, place: int) -> None:
        """Put the files back as they were at a place; nothing where no state was kept.

        Raises:
            OSError: When a file cannot be written, as when there is no space.
            TooMuch: When there are too many files, or an open file cannot become the same.
        """
        if place not in self._states:
            return
        state, now = self._states[place], dict(self._entries())
        for path in sorted(now, reverse=True):  # what a folder holds, then the folder
            kept, kind = state.get(path), stat.S_IFMT(now[path].st_mode)
            if kind in _KINDS and (kept is None or kept.kind != kind):
                with suppress(OSError):  # a folder that may not be read stays
                    _remove(path, now.pop(path))
        for path in sorted(state):
            if path not in now or not state[path].is_unchanged(now[path]):
                self._put_one_back(path, state[path], now.get(path), self._open[place])
        for path in sorted(state, reverse=True):  # the time of a folder changes with what it holds
            status = state[path].status
            if stat.S_ISDIR(status.st_mode) and lstat(path).st_mtime_ns != status.st_mtime_ns:
                _set_times(path, status)

    def _link(self, path: bytes, status: os.stat_result) -> os.stat_result:
        """Make a second link to a small file; return what `lstat` says then."""
        if not self._links or self._linked + status.st_size > MOST_LINKED:
            return status
        with suppress(OSError):
            if not self._linked:
                mkdir(self._links)
            link(path, self._link_to(status), follow_symlinks=False)
            self._linked += status.st_size + 1
        return lstat(path)

    def _put_one_back(
        self, path: bytes, kept: Kept, now: os.stat_result | None, opened: set[int]
    ) -> None:
        """Put back what was at a path, where `now` is what is there; None where nothing is.

        A file that was open, or had two paths, must be the same one: it has a second link.
        """
        status = kept.status
        is_other = kept.kind == stat.S_IFREG and (now is None or now.st_ino != status.st_ino)
        if is_other and status.st_nlink > 1:
            with suppress(OSError):
                link(self._link_to(status), path + _NEW, follow_symlinks=False)
                rename(path + _NEW, path)
                now, is_other = status, False
        if is_other and (status.st_nlink > 1 or status.st_ino in opened):
            raise TooMuch("an open file, or one with two paths, cannot become the same file again")
        _restore(path, kept, there=now is not None)

    def _link_to(self, status: os.stat_result) -> bytes:
        return self._links + b"/%d" % status.st_ino

    def _entries(self) -> Iterator[tuple[bytes, os.stat_result]]:
        """Yield each path below the folders, and what `lstat` says of it."""
        waiting, count = list(self._folders), 0
        while waiting:
            try:
                with os.scandir(waiting.pop()) as entries:
                    listed = [(entry.path, entry.stat(follow_symlinks=False)) for entry in entries]
            except OSError as error:  # it was deleted meanwhile, or may not be read
                if error.errno == errno.ENAMETOOLONG:
                    raise TooMuch("its folders are too deep") from None
                continue
            listed = [each for each in listed if each[0] != self._links]
            count += len(listed)
            if count > MOST_FILES:
                raise TooMuch(f"it has more than {MOST_FILES:,} files")
            waiting += [path for path, status in listed if stat.S_ISDIR(status.st_mode)]
            yield from listed

    def _read(self, path: bytes, status: os.stat_result) -> Kept | None:
        """Read what is at a path; None if that is not possible."""
        try:
            data: bytes | None = None
            if stat.S_ISLNK(status.st_mode):
                data = readlink(path)
            elif stat.S_ISREG(status.st_mode):
                if self._bytes + status.st_size > MOST_BYTES:
                    raise TooMuch(f"it has written more than {MOST_BYTES >> 20} MiB to files")
                data = _content(path)
                before = self._newest.get(path)
                if before and before.data == data:
                    data = before.data  # it is in memory once
                else:
                    self._bytes += len(data)
                if not before or before.status.st_ino != status.st_ino:
                    status = self._link(path, status)
            return Kept(status, data, time.time_ns())
        except OSError:
            return None


def _sign(status: os.stat_result) -> tuple[int, ...]:
    return status.st_ino, status.st_size, status.st_ctime_ns, status.st_mode


def _content(path: bytes) -> bytes:
    with FileIO(open_file(path, _READ)) as file:
        return file.readall()


def _remove(path: bytes, status: os.stat_result) -> None:
    if stat.S_ISDIR(status.st_mode):
        rmdir(path)
    else:
        unlink(path)


def _restore(path: bytes, kept: Kept, *, there: bool) -> None:
    """Make a file, folder or link as it was; a file keeps its inode, since it may be open."""
    if kept.kind == stat.S_IFDIR:
        if not there:
            mkdir(path)
        chmod(path, stat.S_IMODE(kept.status.st_mode))
    elif kept.kind == stat.S_IFIFO and not there:
        mkfifo(path, stat.S_IMODE(kept.status.st_mode))
    elif kept.kind == stat.S_IFLNK:
        if there:
            unlink(path)
        symlink(kept.data or b"", path)
    elif kept.kind == stat.S_IFREG:
        if there:
            chmod(path, 0o600)
        if not there or _content(path) != kept.data:
            with BufferedWriter(FileIO(open_file(path, _WRITE, 0o600), "w")) as file:
                file.write(kept.data or b"")
        chmod(path, stat.S_IMODE(kept.status.st_mode))
        _set_times(path, kept.status)


def _set_times(path: bytes, status: os.stat_result) -> None:
    utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
