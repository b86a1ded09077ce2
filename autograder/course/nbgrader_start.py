"""A quicker import of nbgrader, and the PATH that it needs."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def lighter_start() -> Iterator[None]:
    """Import nbgrader without `rfc3987_syntax`, which takes half of the import time.

    jsonschema imports that package where it is installed, to check the format of addresses. No
    schema of a notebook asks for that check.
    """
    hidden = "rfc3987_syntax" not in sys.modules
    if hidden:
        sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]  # as if not installed
    try:
        yield
    finally:
        if hidden:
            del sys.modules["rfc3987_syntax"]


@contextmanager
def tools_on_path() -> Iterator[None]:
    """Add the environment's programs to PATH: nbgrader calls `alembic` by name."""
    before = os.environ.get("PATH", os.defpath)
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), before])
    try:
        yield
    finally:
        os.environ["PATH"] = before
