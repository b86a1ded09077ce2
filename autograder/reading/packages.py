"""Packages that an assignment imports and that are not installed here."""

from __future__ import annotations

import ast
import importlib.util
import re
from collections.abc import Collection, Iterable, Iterator
from importlib.machinery import PathFinder

from .bounds import Unreadable
from .source import parse_trusted

_IMPORT = re.compile(
    r"^[ \t]*(?:import|from)[ \t]+(\w[\w.]*)(?:[ \t]+import[ \t]+([^\n#]+)|[ \t]+as[ \t]+(\w+))?",
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
    found: dict[str, list[str]] = {}
    for name, source in cells:
        for module in dict.fromkeys(_imported(source)):
            if package := package_of(module, beside):
                places = found.setdefault(package, [])
                places += [] if name in places else [name]
    return found


def package_of(module: str, beside: Collection[str] = ()) -> str | None:
    """Return the package that a module needs and that is not installed here; else None.

    Nothing is imported. A module in the files `beside` the notebook is no package to install.
    Several packages may share one namespace, such as `google`; there the next part of the name
    counts too.

    >>> package_of("no_such_package.part")
    'no_such_package'
    >>> package_of("helper", ["helper.py"])
    >>> package_of("json.no_such_part")  # a mistake, and no missing package
    """
    top, _, rest = module.partition(".")
    if any(name.partition("/")[0].removesuffix(".py") == top for name in beside):
        return None
    try:
        found = importlib.util.find_spec(top)
    except (ImportError, ValueError):
        return top
    if found is None:
        return top
    folders = found.submodule_search_locations
    part = rest.partition(".")[0]
    if found.origin is not None or folders is None or not part:
        return None
    return None if PathFinder.find_spec(part, list(folders)) else f"{top}.{part}"


def names_of_missing(source: str, beside: Collection[str] = ()) -> dict[str, str]:
    """Return the names that a student's cell imports from packages that are missing here.

    `beside` are the files beside the notebook, since one of them may be a module.

    >>> names_of_missing("import no_such_package as gone, math")
    {'gone': 'no_such_package'}
    """
    found: dict[str, str] = {}
    for module, several, alias in _IMPORT.findall(source):
        if package := package_of(module, beside):
            own = alias or module.partition(".")[0]
            parts = several.strip("() ").split(",") if several else [own]
            found |= dict.fromkeys((part.split()[-1] for part in parts if part.split()), package)
    return found


def _imported(source: str) -> Iterator[str]:
    try:
        statements = parse_trusted(source).statements
    except Unreadable:
        return
    for node in (part for statement in statements for part in ast.walk(statement)):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
