"""Parsing the source of a cell as IPython does before it runs the cell."""

from __future__ import annotations

import ast
import re
import warnings
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from .bounds import Unreadable
from .syntax import parts_of, surely_compiles

MOST_CHARACTERS = 50_000
MOST_TO_TRANSFORM = 10_000  # IPython processes the whole cell again for each such line
MOST_MAGICS = 20
# What makes IPython change a cell before Python sees it: prompts, magics, help, shell commands.
_IPYTHON = re.compile(r"^\s*(?:>>>|\.\.\.|In \[|[%!?,;/])|\?\s*(?:#.*)?$", re.MULTILINE)
# Without one of these IPython changes nothing further down in a line either: `a = %time` does.
_FOR_IPYTHON = re.compile(r"[%!?]")
_ODD_LINE_ENDS = re.compile("[\0\r\v\f\x1c-\x1e\x85\u2028\u2029\ufeff]")


@dataclass(frozen=True, slots=True)
class Parsed:
    """The statements of a cell; or none, and the `mistake`, when it is not valid Python."""

    statements: tuple[ast.stmt, ...]
    mistake: str = ""
    parts: tuple[list[ast.AST], ...] = ()
    """Those of each statement."""

    @property
    def broken(self) -> bool:
        """Whether the cell is not valid Python."""
        return bool(self.mistake)


def parse(source: str) -> Parsed:
    """Return the statements of a cell.

    Raises:
        Unreadable: When it is too long, nested too deep, or has syntax that only IPython knows.

    >>> len(parse("a = 1; b = 2").statements)
    2
    >>> parse("a = (1,").mistake
    "SyntaxError: '(' was never closed (line 1)"
    """
    if len(source) > MOST_CHARACTERS:
        raise Unreadable("it is longer than reading allows")
    if _ODD_LINE_ENDS.search(source):
        raise Unreadable("it has unusual line ends")
    if not _IPYTHON.search(source) and not source[:1].isspace():
        parsed = _parse(source)
        if not (parsed.broken and _FOR_IPYTHON.search(source)):
            return parsed
    transformed = _transformed(source)
    return transformed if isinstance(transformed, Parsed) else _parse(transformed)


parse_trusted = lru_cache(maxsize=512)(parse)
"""`parse` with a cache, for the instructor's cells, which every submission has."""


def _parse(source: str) -> Parsed:
    """Parse and compile: Python finds some mistakes only when it compiles."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = ast.parse(source)
        except SyntaxError as error:
            return _broken(error)
        except (MemoryError, RecursionError, ValueError):
            raise Unreadable("it has too many nested levels") from None
        parts = tuple(parts_of(statement) for statement in tree.body)
        if surely_compiles(source, [*chain.from_iterable(parts)]):
            return Parsed(tuple(tree.body), parts=parts)
        try:
            compile(tree, "<cell>", "exec", dont_inherit=True)
        except SyntaxError:
            # IPython compiles statement by statement, so those before the mistake do run.
            raise Unreadable("Python finds a mistake in it only when it runs") from None
        except (MemoryError, RecursionError, ValueError):
            raise Unreadable("it has too many nested levels") from None
    return Parsed(tuple(tree.body), parts=parts)


def _broken(error: SyntaxError) -> Parsed:
    where = f" (line {error.lineno})" if error.lineno else ""
    return Parsed((), mistake=f"{type(error).__name__}: {error.msg}{where}")


def _transformed(source: str) -> str | Parsed:
    """Return the Python that IPython makes from a cell, or the mistake that it finds."""
    if len(source) > MOST_TO_TRANSFORM or len(_IPYTHON.findall(source)) > MOST_MAGICS:
        raise Unreadable("it has too many lines that only IPython understands")
    # Slow to import, and rarely needed.
    from IPython.core.inputtransformer2 import TransformerManager

    try:
        text = str(TransformerManager().transform_cell(source))  # type: ignore[no-untyped-call]  # IPython's
    except SyntaxError as error:
        return _broken(error)
    return "\n" * empty_lines(source) + text


def empty_lines(source: str) -> int:
    r"""Return how many empty lines a cell begins with; IPython drops them.

    >>> empty_lines("\n\n a = 1\n")
    2
    """
    return source[: len(source) - len(source.lstrip())].count("\n")
