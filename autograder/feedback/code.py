"""Python code as HTML with four colours: keywords, strings, comments and numbers."""

from __future__ import annotations

import html
from functools import cache, lru_cache
from typing import Any

from autograder.feedback.markup import Markup

LONGEST = 20_000  # characters that are coloured; longer code is shown plain
_KINDS = {"Keyword": "k", "String": "s", "Comment": "c", "Number": "m"}


@lru_cache(maxsize=4096)
def highlighted(source: str) -> Markup:
    """Return Python code as HTML, with its tokens coloured.

    >>> highlighted("return 1  # <")
    '<span class="k">return</span> <span class="m">1</span>  <span class="c"># &lt;</span>'
    """
    if len(source) > LONGEST:
        return Markup(html.escape(source))
    written: list[str] = []
    for kind, text in _lexer().get_tokens(source):
        words, mark = html.escape(text), _mark(kind)
        written.append(f'<span class="{mark}">{words}</span>' if mark else words)
    return Markup("".join(written).rstrip("\n"))


@cache
def _mark(kind: Any) -> str:
    names = str(kind).split(".")
    return next((mark for name, mark in _KINDS.items() if name in names), "")


@cache
def _lexer() -> Any:
    from pygments.lexers.python import PythonLexer

    return PythonLexer(stripnl=False, ensurenl=False)
