"""Packages that an assignment imports and this environment lacks."""

from __future__ import annotations

import ast
import importlib.util
from collections.abc import Collection, Iterable, Iterator

from autograder.reading.bounds import Unreadable
from autograder.reading.source import parse_trusted


def missing_packages(
    cells: Iterable[tuple[str, str]], beside: Collection[str] = ()
) -> dict[str, list[str]]:
    """Name the packages that cannot be imported here, with the cells that import them.

    Args:
        cells: (name, source) of each.
        beside: the files beside the notebook, for a module may be one of them.

    >>> missing_packages([("a", "import math, no_such_package.part")])
    {'no_such_package': ['a']}
    """
    own = {name.partition("/")[0].removesuffix(".py") for name in beside}
    found: dict[str, list[str]] = {}
    for name, source in cells:
        for package in dict.fromkeys(_imported(source)):
            if package not in own and not is_here(package):
                found.setdefault(package, []).append(name)
    return found


def is_here(package: str) -> bool:
    """Tell whether a package of this name can be imported where this runs."""
    try:
        return importlib.util.find_spec(package) is not None
    except (ImportError, ValueError):
        return False


def _imported(source: str) -> Iterator[str]:
    try:
        statements = parse_trusted(source).statements
    except Unreadable:
        return
    for node in (part for statement in statements for part in ast.walk(statement)):
        if isinstance(node, ast.Import):
            yield from (each.name.partition(".")[0] for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]
