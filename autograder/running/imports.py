"""The modules that cells import."""

from __future__ import annotations

import ast
import warnings
from functools import lru_cache


@lru_cache(maxsize=4_096)
def imported(source: str) -> frozenset[str]:
    """Name the modules that a cell imports.

    >>> sorted(imported("import os.path, numpy as np; from json import load"))
    ['json', 'numpy', 'os.path']
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse("\n".join(map(_without_magic, source.split("\n"))))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
    return frozenset(found - _DO_SOMETHING)


_DO_SOMETHING = {"this", "antigravity", "turtle", "__main__"}
"""Modules whose import itself prints or opens something."""


def _without_magic(line: str) -> str:
    """Replace a line that is IPython's and not Python's."""
    body = line.lstrip()
    return f"{line[: len(line) - len(body)]}pass" if body[:1] in ("%", "!", "?") else line
