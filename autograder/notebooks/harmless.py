"""A student's Markdown made safe for a page that an instructor opens with her own rights.

It reads the same, and can carry neither HTML nor a link to anything but the web, an e-mail address,
a place in the page, or a file beside it. What counts is what nbconvert's renderer makes of the
text, for formgrader and nbgrader's feedback show that; it is asked wherever a link is not plainly
one of these.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html.parser import HTMLParser
from types import MappingProxyType

SCHEMES = frozenset({"http", "https", "mailto"})
"""What a link may begin with; one without a scheme leads to the page itself or beside it."""

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
# Entities are decoded more than once on the way to a page, so escaping one is not enough.
_ENTITY = re.compile(r"(?i)&(?=#|amp|lt|gt|quot|\w+;)")
_SCRIPT_ADDRESS = re.compile(r"(?i)(j\s*a\s*v\s*a|v\s*b)(\s*s\s*c\s*r\s*i\s*p\s*t)[\s\\]*:")
_TEX_LINK = re.compile(r"\\(?=(?:href|url|require|style|class|cssId|data)(?![A-Za-z]))")
_DIAGRAM = re.compile(r"([`~]{3}[^\S\n]*)(?=mermaid)", re.IGNORECASE)
_ATTACHED = re.compile(r"attachment:([\w.\-]*)", re.ASCII | re.IGNORECASE)
# Every destination stands behind one of these, inline or in a definition, whatever the parser.
_LINK = re.compile(r"\](?=[(:])")
_PLAIN = re.compile(
    r"\]\((?:https?://|mailto:|attachment:|\#|[\w./\-]+(?=[)\s#?]))[\w./\-#?=%,;~@+]*[)\s]"
    r"|\]:[ \t](?:https?://|mailto:)?[\w./\-#?=%~@+]+\s"
)
_ADDRESSES = frozenset(
    {"action", "background", "cite", "data", "formaction", "href", "poster", "src", "srcset"}
    | {"xlink:href"}
)
_EXECUTED = frozenset(
    {"base", "embed", "form", "frame", "iframe", "link", "meta", "object", "script", "style", "svg"}
)
_DATA_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif);base64,[A-Za-z0-9+/=\s]*")


def harmless(source: str, pictures: Mapping[str, object] = MappingProxyType({})) -> str:
    r"""Give text that reads the same and can carry neither HTML nor an address of another kind.

    Nor can it name a picture that is not there: nbgrader makes no feedback of such a notebook.

    >>> harmless("2 < 3, <script>x</script>")
    '2 < 3, &lt;script>x&lt;/script>'
    >>> harmless("[a](https://a.org), [b](file\\:///etc/passwd)")
    '[a](https://a.org), [b] (file\\:///etc/passwd)'
    """
    text = _ENTITY.sub("& ", _CONTROL.sub("", source))
    text = _ATTACHED.sub(lambda m: m[0] if m[1] in pictures else f"attachment :{m[1]}", text)
    text = _SCRIPT_ADDRESS.sub(r"\1\2 :", _TAG.sub("&lt;", text))
    text = _DIAGRAM.sub(r"\1text ", without_tex_links(text))
    if all(_PLAIN.match(f"{text}\n", link.start()) for link in _LINK.finditer(text)):
        return text
    for change in (_unchanged, _without_odd_links, _without_links, _as_code):
        changed = change(text)
        if _renders_safely(changed, pictures):
            return changed
    raise AssertionError("a block of code holds a link")  # there is no such Markdown


def without_tex_links(text: str) -> str:
    r"""Break the commands by which a formula makes a link; MathJax finds them in all text.

    >>> without_tex_links(r"$\href{javascript:x()}{x} + \frac12$")
    '$\\ href{javascript:x()}{x} + \\frac12$'
    """
    return _TEX_LINK.sub(r"\\ ", text)


def is_safe_address(address: str) -> bool:
    """Tell whether a link may lead there: to the web, an e-mail, the page, or a file beside it.

    >>> is_safe_address("https://a.org"), is_safe_address("b.png"), is_safe_address("#c")
    (True, True, True)
    >>> is_safe_address("JavaScript:go()"), is_safe_address("data:text/html,x")
    (False, False)
    """
    plain = re.sub(r"[\x00-\x20]", "", address)  # browsers skip them
    before = re.split(r"[/?#]", plain, maxsplit=1)[0]
    scheme, colon, _ = before.partition(":")
    return not colon or scheme.lower() in SCHEMES


def unsafe_parts(page: str) -> list[str]:
    """Name whatever in a page of HTML could run, or leads where no link of a student's may."""
    looking = _Looking()
    looking.feed(page)
    looking.close()
    return looking.found


def _unchanged(text: str) -> str:
    return text


def _without_odd_links(text: str) -> str:
    """Break each link that is not plainly an allowed one; a space makes it text."""
    return _broken(text, lambda place: not _PLAIN.match(f"{text}\n", place))


def _without_links(text: str) -> str:
    return _broken(text, lambda _: True)


def _broken(text: str, is_odd: Callable[[int], bool]) -> str:
    return _LINK.sub(lambda m: "] " if is_odd(m.start()) else m[0], text)


def _as_code(text: str) -> str:
    return "".join(f"    {line}\n" for line in _without_links(text).splitlines())


def _renders_safely(text: str, pictures: Mapping[str, object]) -> bool:
    from nbconvert.filters.markdown_mistune import (
        InvalidNotebook,
        IPythonRenderer,
        MarkdownWithMath,
    )

    renderer = IPythonRenderer(escape=False, attachments=dict.fromkeys(pictures, _PICTURE))
    try:
        return not unsafe_parts(MarkdownWithMath(renderer=renderer).render(text))
    except (InvalidNotebook, RecursionError):
        return False


_PICTURE = {"image/png": ""}
"""Stands in for every picture: what it shows has no bearing on where links lead."""


class _Looking(HTMLParser):
    """Collects what is not allowed in a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at one element and its attributes."""
        if tag in _EXECUTED:
            self.found.append(tag)
        for name, value in attrs:
            picture = tag == "img" and name == "src" and _DATA_PICTURE.fullmatch(value or "")
            odd = name in _ADDRESSES and not picture and not is_safe_address(value or "")
            if odd or name.startswith("on") or (name == "class" and "mermaid" in (value or "")):
                self.found.append(f"{tag} {name}={value}")
