"""The JavaScript and CSS of the widgets, put together without a build step.

The files here are ordinary ES modules that import one another by relative path, so an editor, Node
and a browser can load them unchanged. Jupyter and an exported page need one module without imports.
So `module` joins the files, each after those that it imports, without `import` and `export`. Two
files must not use one top-level name: the browser refuses the module then, and the tests see it.
"""

from __future__ import annotations

import re
from pathlib import Path

_HERE = Path(__file__).parent
_SHEETS = ("base.css", "explorer.css", "stack.css", "practice.css", "digit.css")
_IMPORT = re.compile(r'^import\s*\{[^}]*\}\s*from "\./(?P<name>\w+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?!default)", re.MULTILINE)


def module(entry: str) -> str:
    """Return `entry` and all that it imports as one module.

    >>> "import {" in module("explorer.js"), module("explorer.js").count("export ")
    (False, 1)
    """
    return "\n".join(_EXPORT.sub("", _IMPORT.sub("", _read(name))) for name in _in_order(entry))


def styles(*more: str) -> str:
    """Return the style sheets of all widgets as one, and then those named.

    Every widget brings all of them. JupyterLab adds a widget's sheet when it first shows one of its
    kind: if the sheets were different, `base.css` of a later kind would stand behind the own rules
    of an earlier one, and win against them.

    >>> styles("page.css").startswith(styles())
    True
    """
    return "\n".join(_read(name) for name in (*_SHEETS, *more))


def _in_order(entry: str) -> list[str]:
    """Return the files that `entry` needs, each behind those that it imports itself."""
    found: dict[str, None] = {}

    def visit(name: str) -> None:
        for match in _IMPORT.finditer(_read(name)):
            if match["name"] not in found:
                visit(match["name"])
        found[name] = None

    visit(entry)
    return list(found)


def _read(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")
