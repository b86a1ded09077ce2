"""Packages that an assignment imports and that are not installed here."""

from __future__ import annotations

import ast
import importlib.util
import re
from collections.abc import Collection, Iterable, Iterator

from .bounds import Unreadable
from .source import parse_trusted

_IMPORT = re.compile(
    r"^[ \t]*(?:import|from)[ \t]+(\w+)[\w.]*(?:[ \t]+import[ \t]+([^\n#]+)|[ \t]+as[ \t]+(\w+))?",
    re.MULTILINE,
)


def missing_packages(
    cells: Iterable[tuple[str, str]], beside: Collection[str] = ()
) -> dict[str, list[str]]:
    """Return the packages that cannot be imported here, with the cells that import them.

    Args:
        cells: the name and source of each cell.
        beside: the files beside the notebook, since one of them may be a module.

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
    """Return whether a package of this name can be imported here."""
    try:
        return importlib.util.find_spec(package) is not None
    except (ImportError, ValueError):
        return False


def names_of_missing(source: str) -> dict[str, str]:
    """Return the names that a student's cell imports from packages that are missing here.

    >>> names_of_missing("import no_such_package as gone, math")
    {'gone': 'no_such_package'}
    """
    found: dict[str, str] = {}
    for package, several, alias in _IMPORT.findall(source):
        if not is_here(package):
            parts = several.strip("() ").split(",") if several else [alias or package]
            found |= dict.fromkeys((part.split()[-1] for part in parts if part.split()), package)
    return found


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
