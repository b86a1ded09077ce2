"""Reading a learning platform's download as hostile data, without unpacking it to disk.

A download is a zip, or a folder with files and zips; zips may contain zips. Each file comes with a
function that reads it, which counts the bytes that are really there and ignores the size that the
zip claims. Read a file before you ask for the next one. Nothing is written here.
"""

from __future__ import annotations

import os
import re
import stat
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import IO

from autograder.course.outcome import printable

LARGEST = 128 * 2**20  # bytes of one notebook, outputs included
LARGEST_ZIP = 256 * 2**20  # bytes of a zip inside another, which is held in memory

LARGEST_DOWNLOAD = 20_000_000_000  # bytes read in all
MOST_FILES = 200_000
DEEPEST = 12  # folders in folders
MOST_ZIPS = 3  # in each other
A_LINK = "a link or a device, not a file"

# Files that operating systems add to folders and zips.
LITTER = re.compile(r"__MACOSX|\.DS_Store|\._.*|Thumbs\.db|desktop\.ini", re.IGNORECASE)


class DownloadError(Exception):
    """A file, or a whole download, is refused; the message is the reason."""


@dataclass(slots=True)
class Budget:
    """The number of bytes that may still be read: a zip bomb must not fill the memory."""

    left: int = LARGEST_DOWNLOAD

    def spend(self, size: int) -> None:
        """Subtract `size` bytes, or refuse."""
        self.left -= size
        if self.left < 0:
            raise DownloadError(f"more than {LARGEST_DOWNLOAD:,} bytes in one download")


@dataclass(frozen=True, slots=True)
class DownloadedFile:
    """One regular file of a download; `read` returns its bytes or raises `DownloadError`."""

    path: PurePosixPath
    read: Callable[[], bytes] = field(compare=False)


@dataclass(frozen=True, slots=True)
class Refused:
    """Something in a download that is not read, with the reason and what to do."""

    path: str
    reason: str
    do: str = "ask for the file again"


@contextmanager
def opened(source: Path) -> Iterator[Iterator[DownloadedFile | Refused]]:
    """Open a download, a zip or a folder, and yield an iterator over its files.

    A download that is neither, or a zip too damaged to list, is one `Refused`.
    """
    budget = Budget()
    if source.is_dir():
        yield in_folder(source, PurePosixPath(), budget)
    else:
        yield whole_zip(source, budget)


def whole_zip(source: Path, budget: Budget) -> Iterator[DownloadedFile | Refused]:
    """Yield the files of a download that is a zip, or one `Refused` where it cannot be read."""
    try:
        yield from in_zip(source, PurePosixPath(), budget)
    except DownloadError as error:
        do = "download it again, and collect it again"
        if is_web_page(source):
            reason = "a web page, not a zip; perhaps the platform had ended your session"
            do = f"log in to the platform, {do}"
        elif source.suffix.lower() == ".zip":
            reason = str(error)
        else:
            reason, do = "not a folder and not a zip", "give the platform's zip, or a folder"
        yield Refused(source.name, reason, do)


def is_web_page(source: Path) -> bool:
    """Return whether a file starts as HTML does."""
    try:
        with source.open("rb") as file:
            start = file.read(512).lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    except OSError:
        return False
    return start.startswith((b"<!doctype html", b"<html"))


def in_folder(
    folder: Path, inside: PurePosixPath, budget: Budget
) -> Iterator[DownloadedFile | Refused]:
    """Walk a folder in the order of names; links are refused, zips are opened."""
    if len(inside.parts) > DEEPEST:
        yield Refused(str(inside), f"more than {DEEPEST} folders deep")
        return
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        name = str(inside) if inside.parts else folder.name
        yield Refused(name, f"it cannot be read: {error.strerror}")
        return
    for entry in entries:
        path, here = Path(entry.path), inside / visible(entry.name)
        if LITTER.fullmatch(entry.name):
            continue
        if entry.is_symlink():
            yield Refused(str(here), "a link, not a file", "")
        elif entry.is_dir(follow_symlinks=False):
            yield from in_folder(path, here, budget)
        elif not entry.is_file(follow_symlinks=False):
            yield Refused(str(here), "a device or a pipe, not a file")
        elif is_named_zip(entry.name) and zipfile.is_zipfile(path):
            yield from zip_or_refusal(path, here, budget, 1)
        elif path.suffix.lower() == ".zip":
            yield Refused(str(here), "not a zip that can be read", "download it again")
        else:
            yield DownloadedFile(here, partial(read_file, path, budget))


def is_named_zip(name: str) -> bool:
    """Return whether a name is that of a zip, also with what a browser adds after it.

    >>> is_named_zip("1_padding.ipynb.zip"), is_named_zip("work.zip (1)"), is_named_zip("zip.txt")
    (True, True, False)
    """
    return re.search(r"\.zip(?:[-_ ]?\(?\d+\)?)?$", name, re.IGNORECASE) is not None


def zip_or_refusal(
    source: Path | IO[bytes], inside: PurePosixPath, budget: Budget, depth: int
) -> Iterator[DownloadedFile | Refused]:
    """Read one zip; a damaged one is refused, and the others are still read."""
    if depth > MOST_ZIPS:
        yield Refused(str(inside), f"more than {MOST_ZIPS} zips inside each other")
        return
    try:
        yield from in_zip(source, inside, budget, depth)
    except DownloadError as error:
        yield Refused(str(inside), str(error))


def read_file(path: Path, budget: Budget) -> bytes:
    """Return a regular file's bytes; a link is never followed, even one put there just now."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise DownloadError("not a regular file")
            return bounded(file.read, budget)
    except OSError as error:
        raise DownloadError(f"it cannot be read: {error.strerror}") from error


def bounded(read: Callable[[int], bytes], budget: Budget, largest: int = LARGEST) -> bytes:
    """Read to the end, at most `largest` bytes, and count them."""
    data = read(largest + 1)
    budget.spend(len(data))
    if len(data) > largest:
        raise DownloadError(f"larger than {largest:,} bytes")
    return data


def in_zip(
    source: Path | IO[bytes], inside: PurePosixPath, budget: Budget, depth: int = 0
) -> Iterator[DownloadedFile | Refused]:
    """Yield a zip's entries in its own order; dangerous or misleading ones are refused."""
    try:
        archive = zipfile.ZipFile(source)
    except (OSError, zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise DownloadError(f"not a zip that can be read ({error})") from error
    with archive:
        entries = archive.infolist()
        if len(entries) > MOST_FILES:
            raise DownloadError(f"it lists more than {MOST_FILES:,} files")
        for info in entries:
            yield from entry_of(archive, info, inside, budget, depth)


def entry_of(
    archive: zipfile.ZipFile,
    info: zipfile.ZipInfo,
    inside: PurePosixPath,
    budget: Budget,
    depth: int,
) -> Iterator[DownloadedFile | Refused]:
    """Yield one entry of a zip, or its entries where it is a zip itself."""
    name = written_by_windows(info)
    path = inside / name.lstrip("/")
    if name.endswith("/") or any(LITTER.fullmatch(part) for part in path.parts):
        return
    if reason := refusal(info, name):
        do = "" if reason == A_LINK else "ask for the file again"
        yield Refused(str(inside / printable(name)), reason, do)
    elif is_named_zip(path.name):
        try:
            held = BytesIO(read_entry(archive, info, budget, LARGEST_ZIP))
        except DownloadError as error:
            yield Refused(str(path), str(error))
            return
        if zipfile.is_zipfile(held):
            yield from zip_or_refusal(held, path, budget, depth + 1)
        else:  # a notebook that a browser named .zip, or something unreadable
            yield DownloadedFile(path, held.getvalue)
    else:
        yield DownloadedFile(path, partial(read_entry, archive, info, budget))


def written_by_windows(info: zipfile.ZipInfo) -> str:
    """Return an entry's name with `/` between its parts, also where Windows wrote backslashes.

    The zip standard (4.4.17.1) allows only `/`, so Python on Linux keeps backslashes.
    """
    name = info.filename.replace("\\", "/") if "/" not in info.filename else info.filename
    return visible(name)


def visible(name: str) -> str:
    """Return a name without characters that show nothing, such as marks of the writing direction.

    Platforms put them around Hebrew and Arabic names.

    >>> visible("\u200fada\u200f")
    'ada'
    """
    return "".join(c for c in name if unicodedata.category(c) != "Cf")


def refusal(info: zipfile.ZipInfo, name: str) -> str:
    """Return why an entry of a zip is not read, or ""."""
    kind = stat.S_IFMT(info.external_attr >> 16)
    if info.filename != info.orig_filename or not name.isprintable() or "\\" in name:
        return "its name has a backslash or an unprintable character"
    if (
        name.startswith("/")
        or ":" in name.split("/", maxsplit=1)[0][1:2]
        or ".." in name.split("/")
    ):
        return "its name is a path out of the zip"
    if kind not in {0, stat.S_IFREG}:
        return A_LINK
    if info.flag_bits & 1:
        return "it is encrypted"
    largest = LARGEST_ZIP if is_named_zip(name) else LARGEST
    return f"larger than {largest:,} bytes" if info.file_size > largest else ""


def read_entry(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: Budget, largest: int = LARGEST
) -> bytes:
    """Return the bytes of one entry, counted as they are decompressed."""
    try:
        with archive.open(info) as file:
            return bounded(file.read, budget, largest)
    except DownloadError:
        raise
    except Exception as error:  # zlib, lzma, bz2 and zipfile raise many types of error
        raise DownloadError(f"damaged in the zip: {error}") from error
