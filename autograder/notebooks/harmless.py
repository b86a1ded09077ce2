"""A student's Markdown made safe for a page that an instructor opens with her own rights.

The text looks the same. It cannot contain HTML, or a link to anything but the web, an e-mail
address, a place in the page, or a file beside it. Formgrader and nbgrader's feedback show what
nbconvert's renderer makes of the text. So that renderer is used to check every text with a link
that is not clearly one of these.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html.parser import HTMLParser
from types import MappingProxyType

SCHEMES = frozenset({"http", "https", "mailto"})
"""The allowed schemes of a link; one without a scheme is to the page itself or a file beside it."""

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
# Entities are decoded more than once before a page is shown, so escaping one is not enough.
_ENTITY = re.compile(r"(?i)&(?=#|amp|lt|gt|quot|\w+;)")
_SCRIPT_ADDRESS = re.compile(r"(?i)(j\s*a\s*v\s*a|v\s*b)(\s*s\s*c\s*r\s*i\s*p\s*t)[\s\\]*:")
_TEX_LINK = re.compile(r"\\(?=(?:href|url|require|style|class|cssId|data)(?![A-Za-z]))")
_DIAGRAM = re.compile(r"([`~]{3}[^\S\n]*)(?=mermaid)", re.IGNORECASE)
_ATTACHED = re.compile(r"attachment:([\w.\-]*)", re.ASCII | re.IGNORECASE)
# In every parser a link's address comes after one of these, inline or in a definition.
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
    r"""Return text that looks the same and has neither HTML nor an address of another kind.

    It also names no missing picture: nbgrader cannot make feedback of such a notebook.

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
    raise AssertionError("a block of code contains a link")  # impossible in Markdown


def without_tex_links(text: str) -> str:
    r"""Break the commands by which a formula makes a link; MathJax finds them in all text.

    >>> without_tex_links(r"$\href{javascript:x()}{x} + \frac12$")
    '$\\ href{javascript:x()}{x} + \\frac12$'
    """
    return _TEX_LINK.sub(r"\\ ", text)


def is_safe_address(address: str) -> bool:
    """Return whether an address is allowed: the web, e-mail, the page, or a file beside it.

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
    """Return the parts of an HTML page that could run, or link to an address not allowed."""
    looking = _Looking()
    looking.feed(page)
    looking.close()
    return looking.found


def _unchanged(text: str) -> str:
    return text


def _without_odd_links(text: str) -> str:
    """Turn each link that is not clearly allowed into text, by a space."""
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
"""Used in place of every picture, since its content does not matter for links."""


class _Looking(HTMLParser):
    """Collects what is not allowed in an HTML page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Check one element and its attributes."""
        if tag in _EXECUTED:
            self.found.append(tag)
        for name, value in attrs:
            picture = tag == "img" and name == "src" and _DATA_PICTURE.fullmatch(value or "")
            odd = name in _ADDRESSES and not picture and not is_safe_address(value or "")
            if odd or name.startswith("on") or (name == "class" and "mermaid" in (value or "")):
                self.found.append(f"{tag} {name}={value}")
