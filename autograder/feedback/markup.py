"""Building HTML from parts; every text is escaped except the results of `tag`."""

from __future__ import annotations

import html
from collections.abc import Iterable

VOID = frozenset({"meta", "br", "hr", "img", "rect", "line", "circle", "path"})


class Markup(str):
    """Text that is HTML already; other text is escaped when it becomes part of a page."""

    __slots__ = ()


def text_of(part: object) -> str:
    """Return a part of a page as HTML; lists are joined, None is "".

    >>> text_of(["<b>", None, Markup("<i>")])
    '&lt;b&gt;<i>'
    """
    if part is None:
        return ""
    if isinstance(part, Markup):
        return str(part)
    if isinstance(part, Iterable) and not isinstance(part, str):
        return "".join(text_of(one) for one in part)
    return html.escape(str(part))


def tag(name: str, /, *parts: object, **attributes: object) -> Markup:
    r"""Return an element; `class_` and `aria_label` become `class` and `aria-label`.

    >>> tag("a", "x < y", href="?q=\"", class_="z", hidden=None)
    '<a href="?q=&quot;" class="z">x &lt; y</a>'
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{html.escape(str(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    if name in VOID:
        return Markup(
            f"<{name}{written}>" if name in {"meta", "br", "hr", "img"} else f"<{name}{written}/>"
        )
    return Markup(f"<{name}{written}>{text_of(parts)}</{name}>")
