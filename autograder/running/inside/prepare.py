"""Compiling a test's source before it is sent to the process of student code.

This runs in the supervisor, where student code cannot change IPython or the compiler. The names of
Python's own functions, and of what the instructor's cells import and define, are replaced by
placeholders, and these by the values when the test runs. So a notebook that redefines `isinstance`
does not change the test.
"""

from __future__ import annotations

import ast
import builtins
import marshal
import re
import warnings
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, cast

from .library_code import TEST_FILE

PLACEHOLDER = "\0python "
REACHED = "\0reached"
"""In the place of a name: what the code of a test calls at its end, with its last value."""
_CAPTURE = re.compile(r"\s*%%capture\b(.*)")
_PLAIN_CELL_MAGIC = re.compile(r"\s*%%(time|timeit|prun)\b.*")
_PATCHES = re.compile(
    r"patch|setattr|delattr|__dict__|vars\(|reload|\bdel +\w+\.|"
    r"\b(np|numpy|math|io|unittest|TestCase|testing|builtins|contextlib)\.[\w.]+ *=[^=]"
)
_BINDS_BY_TEXT = re.compile(r"\b(globals|locals|vars|user_ns|push)\b")
_IMPORTED = re.compile(r"\bimport +(\w+)|\bas +(\w+)")
_CLOSES_FIGURES = """
try:
    (lambda module, shell: [
        module.flush_figures()
        for each in (shell.events.callbacks["post_execute"] if module else ())
        if each is module.flush_figures
    ])(__import__("sys").modules.get("matplotlib_inline.backend_inline"), get_ipython())
except Exception:
    pass
"""
"""A kernel's inline backend does this; it leaves no name in the notebook."""
_FREE = frozenset(
    {"print", "input", "open", "exec", "eval", "compile", "globals", "locals", "vars", "dir"}
    | {"super", "help", "exit", "quit", "breakpoint", "copyright", "credits", "license"}
)
"""Functions that tests may replace themselves, or that inspect their caller."""
_FIXED = frozenset(
    name for name, value in vars(builtins).items() if callable(value) and name[0] != "_"
)


def names_given(source: str) -> set[str]:
    """Return the modules, functions and classes that an instructor's cell defines.

    >>> sorted(names_given("import numpy as np; x = 1; from math import pi"))
    ['np', 'pi']
    """
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return set()
    found: set[str] = set()
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            found |= {each.asname or each.name.partition(".")[0] for each in node.names}
    return found


def patches(source: str) -> bool:
    """Return whether a test itself may change what a module or class holds.

    >>> patches("with patch('math.sqrt'): f()"), patches("TestCase.maxDiff = None"), patches("f()")
    (True, True, False)
    >>> patches("import os.path as p; p.sep = '/'"), patches("import time; box.time = 3")
    (True, False)
    """
    if _PATCHES.search(source):
        return True
    imported = {name for names in _IMPORTED.findall(source) for name in names if name}
    return any(re.search(rf"(?<![\w.]){name}\.[\w.]+ *=[^=]", source) for name in imported)


def prepared(
    source: str, set_up: list[str], given: frozenset[str], *, first: bool = True
) -> tuple[list[bytes], bool, frozenset[str]]:
    """Return the code objects of a test, whether the last value is shown, and the names it binds.

    `given` are the names of modules, functions and classes that the instructor's cells define, and
    that no test in the process has bound. What `set_up` defines again has no value yet. `first` is
    whether no test has run in the process yet.

    Raises:
        SyntaxError: When it is not Python.
    """
    given -= frozenset[str]().union(*map(names_given, set_up))
    parts = [_codes(lines, given, shown=False) for lines in set_up]
    codes = [code for part in parts for code in part[0]]
    own, last, bound = _codes(source, given, shown=True)
    before = [] if first else [_ending_cell()]
    between = [_ending_cell()] if codes else []  # what is set up was in cells above
    bound = bound.union(*(part[2] for part in parts))
    return [marshal.dumps(code) for code in (*before, *codes, *between, *own)], last, bound


def _replaces_by_text(source: str) -> bool:
    """Return whether a test may replace functions whose names are in its texts.

    >>> _replaces_by_text("globals()['max'] = min"), _replaces_by_text("assert a['max'] == 1")
    (True, False)
    """
    return patches(source) or _BINDS_BY_TEXT.search(source) is not None


@cache
def _ending_cell() -> Any:
    """Return code that closes the figures of the cell above, as a kernel does after each cell.

    After a student's cell that is done (see notebook_shell.py), but not after a test.
    """
    return _compiled(ast.Module(list(_at(0, ast.parse(_CLOSES_FIGURES).body)), []), "exec")


def _codes(
    source: str, given: frozenset[str], *, shown: bool
) -> tuple[list[Any], bool, frozenset[str]]:
    from IPython.core.displayhook import DisplayHook

    captured = _CAPTURE.match(source)
    body = re.sub(r"\A\s*%%.*\n?", "", source) if _without_magic(source) else source
    lines_above = source.count("\n") - body.count("\n")
    statements, warned = _checked(body, lines_above)
    if not shown:
        statements = list(_at(0, statements))
    if captured:
        statements = list(_captured(captured[1].split(), statements))
    ends_with = cast("Any", DisplayHook).semicolon_at_end_of_expression
    quiet = ends_with(body) if body.strip() else True
    placeholders = _Placeholders(statements, given, by_text=_replaces_by_text(source))
    end = statements[-1] if statements else None
    last = end.value if isinstance(end, ast.Expr) else None
    if last is not None:
        statements.pop()
    codes = []
    if statements:
        codes.append(_compiled(placeholders.visit(ast.Module(statements, [])), "exec"))
    if last is not None:
        codes.append(_compiled(placeholders.visit(ast.Expression(last)), "eval"))
    if shown and not captured:
        codes[:0] = map(_issuing, warned)
    return codes, shown and last is not None and not quiet, placeholders.bound


def _checked(source: str, lines_above: int) -> tuple[list[ast.stmt], list[warnings.WarningMessage]]:
    """Return the statements of a cell, and what Python's compiler warns about in them."""
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("ignore")
        warnings.simplefilter("always", SyntaxWarning)
        statements = _statements(source, lines_above)
        _code_of(ast.Module(statements, []), "exec")
    return statements, found


def _issuing(warned: warnings.WarningMessage) -> Any:
    """Return code that issues a warning of the compiler, as a kernel does before a cell.

    It runs where the test runs, so that a notebook's filters for warnings apply.
    """
    where = f"SyntaxWarning, {TEST_FILE!r}, {warned.lineno}"
    line = f"__import__('warnings').warn_explicit({f'{warned.message}'!r}, {where})"
    return _compiled(ast.Module(list(_at(0, ast.parse(line).body)), []), "exec")


def _without_magic(source: str) -> bool:
    return bool(_CAPTURE.match(source) or _PLAIN_CELL_MAGIC.match(source))


def _statements(source: str, lines_above: int = 0) -> list[ast.stmt]:
    """Parse a cell as IPython does, with the numbers of its own lines: IPython drops empty ones."""
    from IPython.core.inputtransformer2 import TransformerManager

    text = cast("Any", TransformerManager)().transform_cell(source)
    lines_above += source[: len(source) - len(source.lstrip())].count("\n")
    tree = ast.parse("\n" * lines_above + text, TEST_FILE)
    return [each for node in tree.body for each in _timed(node)]


def _at(line: int, statements: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield statements with one line number for all; 0 is no line of the cell."""
    for statement in statements:
        for node in ast.walk(statement):
            if isinstance(node, (ast.stmt, ast.expr)):
                node.lineno = node.end_lineno = line
                node.col_offset = node.end_col_offset = 0  # else it may end before it begins
        yield statement


def _timed(node: ast.stmt) -> Iterator[ast.stmt]:
    """Replace `%time` by the statement that it times."""
    match node:
        case ast.Expr(
            ast.Call(
                ast.Attribute(ast.Call(ast.Name("get_ipython")), "run_line_magic"),
                [ast.Constant("time"), ast.Constant(str(line))],
            )
        ):
            yield from _at(node.lineno, _statements(line))
        case _:
            yield node


def _captured(words: list[str], statements: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Replace `%%capture` by the equivalent `with` statement."""
    names = [word for word in words if not word.startswith("-")]
    wanted = [str(f"--no-{kind}" not in words) for kind in ("stdout", "stderr", "display")]
    head = f"from IPython.utils.capture import capture_output as {_CAPTURING}"
    target = f" as {names[0]}" if names else ""
    text = f"{head}\nwith {_CAPTURING}({', '.join(wanted)}){target}:\n    pass"
    tree = ast.parse(text, TEST_FILE)
    block = tree.body[1]
    if isinstance(block, ast.With) and statements:
        block.body = statements
    yield from tree.body


_CAPTURING = "_capture_output"


def _compiled(tree: Any, mode: str) -> Any:
    """Compile a part of a test, which tells at its end that it has reached it."""
    value = ast.Constant(None) if mode == "exec" else tree.body
    end = ast.Call(ast.Constant(PLACEHOLDER + REACHED), [value], [])
    if mode == "exec":
        tree.body.append(ast.copy_location(ast.Expr(end), tree.body[-1]))
    else:
        tree.body = ast.copy_location(end, value)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the compiler warns of a placeholder that is called
        return _code_of(ast.fix_missing_locations(tree), mode)


def _code_of(tree: Any, mode: str) -> Any:
    return compile(tree, TEST_FILE, mode, ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)


class _Placeholders(ast.NodeTransformer):
    """Replaces the names that a notebook must not redefine for a test by placeholders.

    `by_text` is whether the test may replace what it names in its texts, as `patch("f")` does.
    """

    def __init__(self, statements: list[ast.stmt], given: frozenset[str], *, by_text: bool) -> None:
        nodes = [node for statement in statements for node in ast.walk(statement)]
        stored = {node.id for node in nodes if isinstance(node, ast.Name) and _stores(node)}
        named = {getattr(node, "name", None) for node in nodes}
        arguments = {node.arg for node in nodes if isinstance(node, ast.arg)}
        imported = {node.asname or node.name for node in nodes if isinstance(node, ast.alias)}
        texts = {node.value for node in nodes if isinstance(node, ast.Constant)}
        texts = texts if by_text else set()
        replaced = {name for name in _FIXED | given if any(_patches(text, name) for text in texts)}
        self.bound = frozenset(filter(None, stored | named | imported))
        self._fixed = (_FIXED | given) - _FREE - self.bound - arguments - replaced

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """Replace a name that is looked up."""
        if isinstance(node.ctx, ast.Load) and node.id in self._fixed:
            return ast.copy_location(ast.Constant(PLACEHOLDER + node.id), node)
        return node

    def visit_MatchClass(self, node: ast.MatchClass) -> ast.MatchClass:
        """Keep a class pattern, which needs a name."""
        return node


def _stores(node: ast.Name) -> bool:
    return not isinstance(node.ctx, ast.Load)


def _patches(text: Any, name: str) -> bool:
    """Return whether a text names one of Python's functions, as for `mock.patch`."""
    return isinstance(text, str) and (
        text == name or text.endswith((f"builtins.{name}", f"__main__.{name}"))
    )
