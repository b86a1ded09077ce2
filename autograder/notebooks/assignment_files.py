"""The files of an assignment beside its notebooks: data, pictures, modules.

Stock nbgrader copies them into the folder in which a notebook is run: the student's first, then the
instructor's, which replace them. A student's folder is hostile: links are not followed, and there
are limits.
"""

from __future__ import annotations

import hashlib
import mimetypes
import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from autograder.course.files import Folder, RefusedFileError, open_folder

IGNORED = (".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback")
"""What nbgrader leaves out by default too."""
MOST_FILES = 500
MOST_BYTES = 32 * 2**20  # in one student's folder
_DEEPEST = 8
_NOT_OURS = ("*.ipynb", "timestamp.txt")
_ACTIVE = ("html", "xml", "svg", "script", "xsl")

Files = Mapping[str, bytes]
"""By relative path, with / between folders."""


@dataclass(frozen=True, slots=True)
class FoundFiles:
    """The files of a folder; `troubles` lists those that were left out, with reasons."""

    files: Files
    troubles: tuple[str, ...] = ()


def files_in(
    path: Path, *, most_files: int = MOST_FILES, most_bytes: int = MOST_BYTES
) -> FoundFiles:
    """Read the files beside the notebooks of a student's folder, and in its subfolders.

    Links, devices and files over the limits are left out and listed.
    """
    files: dict[str, bytes] = {}
    troubles: list[str] = []
    left = most_bytes
    for name, directory in _walk(path, troubles, 0, ""):
        if len(files) >= most_files:
            troubles.append(f"there are more than {most_files} files; the rest was left out")
            break
        try:
            data = directory.read(name.rpartition("/")[2], left)
        except RefusedFileError as refused:
            over = refused.code == "too_large"
            why = f"{name} is over the limit of {most_bytes // 2**20} MiB for all files together"
            troubles.append(why if over else str(refused))
            continue
        if data is not None:
            files[name] = data
            left -= len(data)
    return FoundFiles(files, tuple(troubles))


def is_left_out(parts: Sequence[str], ignored: Sequence[str]) -> bool:
    """Return whether a path is left out: a notebook, or a file that nbgrader ignores.

    >>> is_left_out(["data", "a.csv"], IGNORED), is_left_out(["__pycache__", "a"], IGNORED)
    (False, True)
    """
    return any(fnmatch(part, pattern) for part in parts for pattern in (*ignored, *_NOT_OURS))


def digest_of(files: Files) -> str:
    """Return a digest of names and contents, "" for no files."""
    if not files:
        return ""
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(f"{name}\0{len(files[name])}\0".encode("utf-8", "replace"))
        digest.update(files[name])
    return digest.hexdigest()


def can_run_in_a_page(name: str) -> bool:
    """Return whether a browser would run a file of this name.

    formgrader serves the files beside a marked notebook with an instructor's rights.

    >>> can_run_in_a_page("a/plot.SVG"), can_run_in_a_page("data.csv")
    (True, False)
    """
    kind = mimetypes.guess_type(name)[0] or ""
    return any(word in kind or name.lower().endswith(f".{word}") for word in _ACTIVE)


def _walk(path: Path, troubles: list[str], depth: int, inside: str) -> Iterator[tuple[str, Folder]]:
    """Yield the relative path of each file, and the open folder that it is in."""
    try:
        with open_folder(path) as opened:
            names = os.listdir(opened.descriptor)  # noqa: PTH208 - a Path has no open folder
            for name in sorted(names):
                if is_left_out([name], IGNORED):
                    continue
                mode = os.stat(name, dir_fd=opened.descriptor, follow_symlinks=False).st_mode
                if stat.S_ISDIR(mode) and depth < _DEEPEST:
                    within = f"{inside}{name}/"
                    yield from _walk(path / name, troubles, depth + 1, within)
                elif stat.S_ISDIR(mode):
                    troubles.append(
                        f"{inside}{name} is in too many nested folders and was left out"
                    )
                else:
                    yield f"{inside}{name}", opened
    except (RefusedFileError, FileNotFoundError) as error:
        troubles.append(f"{inside or path.name} could not be read: {error}")
