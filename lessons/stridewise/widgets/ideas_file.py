"""The file beside the notebooks that keeps which ideas are settled, from one lesson to the next.

Deleting it loses nothing else. A damaged file is read as far as it is valid. Where nothing can be
written, the ideas are kept until the kernel ends.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from stridewise.widgets.ideas import Ideas, valid_ideas

NAME = "stridewise-ideas.json"
_LARGEST = 100_000  # bytes

_UNWRITTEN: dict[Path, Ideas] = {}


def read_ideas(path: Path) -> Ideas:
    """Return what is kept; nothing where there is no file, or it is no file of ours."""
    if path in _UNWRITTEN:
        return _UNWRITTEN[path]
    try:
        if path.stat().st_size > _LARGEST:
            return valid_ideas(None)
        return valid_ideas(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, RecursionError):
        return valid_ideas(None)


def write_ideas(path: Path, ideas: Ideas) -> str:
    """Keep `ideas`; return where, in words."""
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        partial.write_text(json.dumps(ideas, indent=1), encoding="utf-8")
        partial.replace(path)  # whole or not at all
    except OSError:
        partial.unlink(missing_ok=True)
        _UNWRITTEN[path] = ideas
        return "the memory of the kernel, until it ends; no file can be written here"
    _UNWRITTEN.pop(path, None)
    return f"the file {path.name}, beside this notebook. If you delete it, nothing else is lost"
