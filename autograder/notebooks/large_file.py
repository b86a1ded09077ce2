"""Reading a submitted notebook's file; outputs are dropped where they are too large.

With a limit for the whole file, a student could lose all marks for one large picture.
"""

from __future__ import annotations

import os
import re
import unicodedata

from autograder.course.files import LARGEST, Folder, RefusedFileError

LARGEST_FILE = 128 * 2**20
"""The largest file that is read, in bytes."""
_LARGE_OUTPUTS = 64 * 2**10
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"(\s*+:)?|[\[\]{}]', re.DOTALL)
TOO_LARGE = "too_large"
"""The type of the output that replaces those that were dropped."""
_DROPPED = {
    (b"", b'"cells"', b"", b'"outputs"'): b'[{"output_type": "%s"}]' % TOO_LARGE.encode(),
    (b"", b'"metadata"', b'"widgets"'): b"{}",
}
"""The paths of outputs and widget state in the JSON, as keys from the outermost."""


def read_notebook(folder: Folder, name: str) -> bytes | None:
    """Return a notebook's bytes, or None where there is none of this name.

    macOS writes letters such as ö as two characters; both forms of a name are found.

    Raises:
        RefusedFileError: for what is not a regular file, or too large even without its outputs.
    """
    data = folder.read(_as_written(folder, f"{name}.ipynb"), LARGEST_FILE)
    if data is None or len(data) <= LARGEST:
        return data
    for longest in (_LARGE_OUTPUTS, 0):
        shorter = without_outputs(data, longest)
        if len(shorter) <= LARGEST:
            return shorter
    raise RefusedFileError(
        "too_large", f"{name}.ipynb is larger than {LARGEST // 2**20} MiB without its outputs"
    )


def without_outputs(data: bytes, longest: int = 0) -> bytes:
    r"""Drop the outputs of each cell, and the saved state of widgets, if over `longest` bytes.

    The file is scanned once and not parsed; a file that is not a notebook stays as it is.

    >>> without_outputs(b'{"cells": [{"outputs": ["a"], "source": "b"}]}')
    b'{"cells": [{"outputs": [{"output_type": "too_large"}], "source": "b"}]}'
    """
    kept: list[bytes] = []
    path: list[bytes] = []
    key, done, start, depth = b"", 0, 0, 0
    for token in _TOKEN.finditer(data):
        first = data[token.start()]
        if first == ord('"'):
            key = data[token.start() : token.end()].rstrip(b" \t\r\n:") if token[1] else b""
        elif first in b"[{":
            path.append(key)
            key = b""
            if not depth and tuple(path) in _DROPPED:
                start, depth = token.start(), len(path)
        elif path:
            if depth == len(path):
                if token.end() - start > max(longest, len("[]")):
                    kept += [data[done:start], _DROPPED[tuple(path)]]
                    done = token.end()
                depth = 0
            path.pop()
            key = b""
    return b"".join([*kept, data[done:]])


def _as_written(folder: Folder, name: str) -> str:
    """Return the name that a file has in a folder."""
    names = os.listdir(folder.descriptor)  # noqa: PTH208 - a Path has no open folder
    if name in names:
        return name
    wanted = unicodedata.normalize("NFC", name)
    same = (each for each in sorted(names) if unicodedata.normalize("NFC", each) == wanted)
    return next(same, name)
