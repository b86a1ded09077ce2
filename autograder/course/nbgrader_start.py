"""What nbgrader needs around it: a quicker import, and its tools on the path."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def lighter_start() -> Iterator[None]:
    """Import nbgrader without a grammar of internationalised addresses: half of its start-up.

    jsonschema compiles it where it is installed, for a check that no notebook's schema asks for.
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
    """Let nbgrader find `alembic`, which it calls by name, in an environment not activated."""
    before = os.environ.get("PATH", os.defpath)
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), before])
    try:
        yield
    finally:
        os.environ["PATH"] = before
