"""The submitted files in a student's folder, and a fingerprint of each notebook.

Marking stores the fingerprints, so later commands can tell which work was handed in again after it
was marked.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from autograder.course.files import Folder, RefusedFileError, open_folder
from autograder.notebooks.large_file import read_notebook

Contents = bytes | RefusedFileError | None
"""A file's bytes, why it cannot be read, or None where there is none."""


def handed_in(folder: Path, names: Iterable[str]) -> tuple[dict[str, Contents], Contents]:
    """Read the notebooks of those names in a student's folder, and its timestamp.txt.

    Raises:
        RefusedFileError: when the folder itself cannot be read.
    """
    with open_folder(folder) as opened:
        files = {name: _or_refused(read_notebook, opened, name) for name in names}
        return files, _or_refused(Folder.read, opened, "timestamp.txt")


def fingerprints(files: Mapping[str, Contents], stamp: Contents) -> dict[str, str]:
    """Return a digest for each notebook that is there, with the time of handing in.

    >>> fingerprints({"1_pad": b"{}", "2_stride": None}, None)
    {'1_pad': '4d639d15adaf27c7'}
    """
    time = b"\0" + as_bytes(stamp)
    digests = {
        name: hashlib.sha256(as_bytes(data)) for name, data in files.items() if data is not None
    }
    for digest in digests.values():
        digest.update(time)  # not added to the data, which would copy them
    return {name: digest.hexdigest()[:16] for name, digest in digests.items()}


def as_bytes(data: Contents) -> bytes:
    """Return the bytes of a file, or other bytes that say why there are none, for a digest."""
    return data if isinstance(data, bytes) else repr(data).encode()


def _or_refused(read: Callable[[Folder, str], bytes | None], folder: Folder, name: str) -> Contents:
    try:
        return read(folder, name)
    except RefusedFileError as refused:
        return refused
