"""A digest of the code that marks depend on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

_MARKING = (
    "records.py",
    "course/files.py",
    "course/outcome.py",
    "course/settings.py",
    "course/source_check.py",
    "notebooks",
    "reading",
    "running",
    "exam",
    "marking/engine.py",
    "marking/answer_texts.py",
    "marking/evidence.py",
    "marking/lacking.py",
    "marking/runs.py",
    "marking/second_look.py",
    "marking/solution.py",
    "marking/stopped_cells.py",
    "marking/ways.py",
    "marking/working_folder.py",
)
"""The packages of `autograder` that marks depend on."""
_DISPLAY = ("widgets",)
"""The parts of `stridewise` that marks do not depend on; hidden tests may call all others."""


@cache
def engine_version() -> str:
    """Return a digest of the code that marks depend on.

    Submissions are marked again when it changes, and a cluster's workers must have the same one. An
    edit to a report, an export or a widget does not change it.
    """
    digest = hashlib.sha256()
    for path in marking_files():
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def marking_files() -> Iterator[Path]:
    """Yield the files that marks depend on, in the same order on every machine."""
    import stridewise

    ours, library = Path(__file__).parents[1], Path(stridewise.__file__).parent
    for name in _MARKING:
        yield from sorted((ours / name).rglob("*.py")) if "." not in name else [ours / name]
    for path in sorted(library.rglob("*.py")):
        if path.relative_to(library).parts[0] not in _DISPLAY:
            yield path
