"""The text of a cell, parsed as IPython would before it runs it."""

from __future__ import annotations

import ast
import re
import warnings
from dataclasses import dataclass
from functools import lru_cache

from .bounds import Unreadable

MOST_CHARACTERS = 50_000
MOST_TO_TRANSFORM = 10_000  # IPython goes over a cell again for each such line
MOST_MAGICS = 20
# What makes IPython change a cell before Python sees it: prompts, magics, help, shell commands.
_IPYTHON = re.compile(r"^\s*(?:>>>|\.\.\.|In \[|[%!?,;/])|\?\s*(?:#.*)?$", re.MULTILINE)
_ODD_LINE_ENDS = re.compile("[\0\r\v\f\x1c-\x1e\x85\u2028\u2029\ufeff]")


@dataclass(frozen=True, slots=True)
class Parsed:
    """The statements of a cell; none, and `broken`, when it is not Python and so never runs."""

    statements: tuple[ast.stmt, ...]
    broken: bool = False


def parse(source: str) -> Parsed:
    """Return the statements of a cell.

    Raises:
        Unreadable: When it is too long, nested too deep, or means something to IPython alone.

    >>> len(parse("a = 1; b = 2").statements)
    2
    >>> parse("a = (1,").broken
    True
    """
    if len(source) > MOST_CHARACTERS:
        raise Unreadable("it is longer than reading allows")
    if _ODD_LINE_ENDS.search(source):
        raise Unreadable("it has unusual line ends")
    if not _IPYTHON.search(source) and not source[:1].isspace():
        parsed = _parse(source)
        if not parsed.broken:
            return parsed
    transformed = _transformed(source)
    return Parsed((), broken=True) if transformed is None else _parse(transformed)


parse_trusted = lru_cache(maxsize=512)(parse)
"""The same, remembered: every submission holds the same cells of the instructor's."""


def _parse(source: str) -> Parsed:
    """Parse and compile: some mistakes show only when Python compiles."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = ast.parse(source)
        except SyntaxError:
            return Parsed((), broken=True)
        except (MemoryError, RecursionError, ValueError):
            raise Unreadable("it is nested too deep to read") from None
        try:
            compile(tree, "<cell>", "exec", dont_inherit=True)
        except SyntaxError:
            # IPython compiles statement by statement, so those before the mistake do run.
            raise Unreadable("Python finds a mistake in it only when it runs") from None
        except (MemoryError, RecursionError, ValueError):
            raise Unreadable("it is nested too deep to read") from None
    return Parsed(tuple(tree.body))


def _transformed(source: str) -> str | None:
    """Return the Python that IPython makes of a cell; None when it refuses to run it."""
    if len(source) > MOST_TO_TRANSFORM or len(_IPYTHON.findall(source)) > MOST_MAGICS:
        raise Unreadable("it has too many lines that only IPython understands")
    # Slow to import, and hardly ever needed.
    from IPython.core.inputtransformer2 import TransformerManager

    try:
        return str(TransformerManager().transform_cell(source))  # type: ignore[no-untyped-call]  # IPython's
    except SyntaxError:
        return None
