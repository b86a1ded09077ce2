"""Markdown as safe HTML, with formulas as MathML and with the cell's own pictures.

Everything is rendered first and made safe afterwards (`safe_html`). A numbered element takes the
place of each formula until then, and is replaced last. Such an element can only come from the
renderer, never from inside an attribute.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from mistune import HTMLRenderer, Markdown, create_markdown

from autograder.feedback.code import highlighted
from autograder.feedback.markup import Markup, tag
from autograder.feedback.mathml import formula
from autograder.notebooks.safe_html import Pictures, no_pictures, safe_html

_WAITING = re.compile(r'<span data-math="(\d+)"></span>')
_PARAGRAPH = re.compile(r'<p>(<span data-math="\d+"></span>)</p>')
MOST_FORMULAS = 300  # in one cell; the rest is shown as source


class _Renderer(HTMLRenderer):
    """Writes headings below those of the page, and stores formulas for later."""

    def __init__(self) -> None:
        super().__init__(escape=False, allow_harmful_protocols=True)
        self.formulas: list[Markup] = []

    def heading(self, text: str, level: int, **attrs: Any) -> str:
        """Write a heading below the page's own, with its level as a class."""
        del attrs
        return f'<h3 class="l{min(level, 6)}">{text}</h3>\n'

    def block_code(self, code: str, info: str | None = None) -> str:
        """Write a block of code, coloured where it is Python."""
        python = bool(info) and info.split()[0].lower() in {"python", "py", "python3", "ipython3"}  # type: ignore[union-attr] # `info` is text where it is true
        inner = highlighted(code.rstrip("\n")) if python else tag("span", code.rstrip("\n"))
        return f'<pre class="code">{inner}</pre>\n'

    def keep(self, latex: str, *, block: bool) -> str:
        """Store a formula and write the element that takes its place."""
        if len(self.formulas) >= MOST_FORMULAS:
            return tag("code", f"${latex}$")
        made = formula(latex.strip(), block=block)
        if block:  # a wide one is scrolled, by keyboard too
            made = tag(
                "span", made, class_="scroll", tabindex="0", role="group", aria_label="Formula"
            )
        self.formulas.append(made)
        return f'<span data-math="{len(self.formulas) - 1}"></span>'


@cache
def _markdown() -> tuple[Markdown, _Renderer]:
    renderer = _Renderer()
    markdown = create_markdown(renderer=renderer, plugins=["table", "strikethrough", "math", "url"])
    renderer.register("inline_math", lambda self, text: self.keep(text, block=False))
    renderer.register("block_math", lambda self, text: self.keep(text, block=True))
    return markdown, renderer


def rendered(source: str, pictures: Pictures = no_pictures) -> Markup:
    r"""Return a cell's Markdown as HTML that is safe to put on a page.

    >>> rendered("**Now** <script>x()</script> [a](javascript:x)")
    '<p><strong>Now</strong>  <a rel="noopener noreferrer">a</a></p>\n'
    """
    markdown, renderer = _markdown()
    renderer.formulas = []
    try:
        made = str(markdown(source))
    except RecursionError:  # thousands of quotes inside each other
        return tag("pre", source)
    made = _PARAGRAPH.sub(r"\1", made)
    safe = safe_html(made, pictures)
    kept = renderer.formulas
    return Markup(_WAITING.sub(lambda m: kept[int(m[1])] if int(m[1]) < len(kept) else "", safe))
