"""What a learning platform's download holds, read as hostile data and never unpacked.

A download is a zip, or a folder with files and zips in it. Each file is offered with a way to read
it that is bounded by what really comes out, whatever the zip claims; nothing is written here.
"""

from __future__ import annotations

import os
import re
import stat
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePosixPath

from autograder.course.files import LARGEST

LARGEST_DOWNLOAD = 20_000_000_000  # bytes read in all
MOST_FILES = 200_000
DEEPEST = 12  # folders in folders

# What operating systems leave in folders and zips.
LITTER = re.compile(
    r"__MACOSX|\.DS_Store|\._.*|Thumbs\.db|desktop\.ini|\.ipynb_checkpoints", re.IGNORECASE
)


class DownloadError(Exception):
    """A file, or a whole download, that is refused; the message is the reason."""


@dataclass(slots=True)
class Budget:
    """How many bytes may still be read from a download, so that no bomb fills the machine."""

    left: int = LARGEST_DOWNLOAD

    def spend(self, size: int) -> None:
        """Take `size` bytes off what is left, or refuse."""
        self.left -= size
        if self.left < 0:
            raise DownloadError(f"more than {LARGEST_DOWNLOAD:,} bytes in one download")


@dataclass(frozen=True, slots=True)
class DownloadedFile:
    """One regular file of a download; `read` gives its bytes or raises `DownloadError`."""

    path: PurePosixPath
    read: Callable[[], bytes] = field(compare=False)


@dataclass(frozen=True, slots=True)
class Refused:
    """Something in a download that is not read, and why."""

    path: str
    reason: str


@contextmanager
def opened(source: Path) -> Iterator[Iterator[DownloadedFile | Refused]]:
    """Give what is in a download, a zip or a folder, for as long as the block runs.

    Raises:
        DownloadError: when `source` is neither, or is a zip too damaged to list.
    """
    budget = Budget()
    with ExitStack() as stack:
        if source.is_dir():
            yield in_folder(source, PurePosixPath(), budget, stack)
        elif source.suffix.lower() == ".zip":
            yield in_zip(source, PurePosixPath(), budget, stack)
        else:
            raise DownloadError(f"{source} is neither a folder nor a .zip file")


def in_folder(
    folder: Path, inside: PurePosixPath, budget: Budget, stack: ExitStack
) -> Iterator[DownloadedFile | Refused]:
    """Walk a folder in the order of names; links are refused, zips are looked into."""
    if len(inside.parts) > DEEPEST:
        yield Refused(str(inside), f"more than {DEEPEST} folders deep")
        return
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        path, here = Path(entry.path), inside / entry.name
        if LITTER.fullmatch(entry.name):
            continue
        if entry.is_symlink():
            yield Refused(str(here), "a link to another place")
        elif entry.is_dir(follow_symlinks=False):
            yield from in_folder(path, here, budget, stack)
        elif not entry.is_file(follow_symlinks=False):
            yield Refused(str(here), "a device or a pipe, not a file")
        elif path.suffix.lower() == ".zip" and is_the_platforms(here):
            yield from zip_or_refusal(path, here, budget, stack)
        else:
            yield DownloadedFile(here, partial(read_file, path, budget))


def is_the_platforms(path: PurePosixPath) -> bool:
    """Tell a zip that the instructor downloaded (at the top) from one that a student handed in."""
    return len(path.parts) == 1


def zip_or_refusal(
    path: Path, inside: PurePosixPath, budget: Budget, stack: ExitStack
) -> Iterator[DownloadedFile | Refused]:
    """Look into one of several zips; a damaged one does not keep the others from being read."""
    try:
        yield from in_zip(path, inside, budget, stack)
    except DownloadError as error:
        yield Refused(str(inside), str(error))


def read_file(path: Path, budget: Budget) -> bytes:
    """Return a regular file's bytes; a link put in its place meanwhile is not followed."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise DownloadError("not a regular file")
            return bounded(file.read, budget)
    except OSError as error:
        raise DownloadError(f"it cannot be read: {error.strerror}") from error


def bounded(read: Callable[[int], bytes], budget: Budget) -> bytes:
    """Read to the end, up to the largest file, counting what really came."""
    data = read(LARGEST + 1)
    budget.spend(len(data))
    if len(data) > LARGEST:
        raise DownloadError(f"larger than {LARGEST:,} bytes")
    return data


def in_zip(
    source: Path, inside: PurePosixPath, budget: Budget, stack: ExitStack
) -> Iterator[DownloadedFile | Refused]:
    """List a zip in its own order; entries that could harm or mislead are refused."""
    try:
        archive = stack.enter_context(zipfile.ZipFile(source))
    except (OSError, zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise DownloadError(
            f"{source.name} is not a zip that can be read ({error}); download it again"
        ) from error
    entries = archive.infolist()
    if len(entries) > MOST_FILES:
        raise DownloadError(f"{source.name} lists more than {MOST_FILES:,} files")
    for info in entries:
        path = inside / info.filename.lstrip("/")
        if info.is_dir() or any(LITTER.fullmatch(part) for part in path.parts):
            continue
        if reason := refusal(info):
            yield Refused(str(inside / printable(info.filename)), reason)
        else:
            yield DownloadedFile(path, partial(read_entry, archive, info, budget))


def refusal(info: zipfile.ZipInfo) -> str:
    """Say why an entry of a zip is not read, or return the empty string."""
    name = info.filename
    kind = stat.S_IFMT(info.external_attr >> 16)
    if name != info.orig_filename or not name.isprintable() or "\\" in name:
        return "its name holds a backslash or a character that cannot be printed"
    if name.startswith("/") or ":" in name.split("/")[0][1:2] or ".." in name.split("/"):
        return "its name leads out of the zip"
    if kind not in {0, stat.S_IFREG}:
        return "a link or a device, not a file"
    if info.flag_bits & 1:
        return "it is encrypted"
    if info.file_size > LARGEST:
        return f"larger than {LARGEST:,} bytes"
    return ""


def read_entry(archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: Budget) -> bytes:
    """Return the bytes of one entry, as many as really come out of it."""
    try:
        with archive.open(info) as file:
            return bounded(file.read, budget)
    except DownloadError:
        raise
    except Exception as error:  # zlib, lzma, bz2 and zipfile raise a dozen kinds between them
        raise DownloadError(f"damaged in the zip: {error}") from error


def printable(name: str) -> str:
    """Return a name for a message, with what cannot be printed written out."""
    return name if name.isprintable() else ascii(name)[1:-1]
