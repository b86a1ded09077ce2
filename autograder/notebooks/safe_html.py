"""Sanitising HTML of students and lessons with an allow-list, by `nh3` (the ammonia sanitiser).

It is applied to rendered HTML, so it does not matter how the text was written. The result has no
script, no style, no form, no frame, and loads nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import nh3

Pictures = Callable[[str], str]
"""From the address of a picture to a `data:` address, or "" where there is no such picture."""

_ELEMENTS = (
    "a abbr b blockquote br caption code col colgroup dd del details div dl dt em figcaption "
    "figure h3 hr i img ins kbd li mark ol p pre q s samp small span strong sub summary sup table "
    "tbody td tfoot th thead tr u ul var"
)
_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "ol": {"start"},
    "h3": {"class"},
    "pre": {"class"},
    "span": {"class", "data-math"},
}
_CLASSES = frozenset({"l1", "l2", "l3", "l4", "l5", "l6", "code", "k", "s", "c", "m"})
_IMAGE = re.compile(r"<img\b([^>]*)>")  # in an attribute, nh3 writes < and > as entities
_EMPTY_HEADER = re.compile(r"<th[^>]*>\s*</th>")  # pandas writes one above the index
_LINKS = ("http://", "https://", "mailto:")


def no_pictures(address: str) -> str:
    """Return "" for every picture."""
    del address
    return ""


def safe_html(text: str, pictures: Pictures = no_pictures) -> str:
    """Return HTML with only its harmless parts; links are to web pages and e-mail only.

    >>> safe_html('<p onclick="x()">a <a href="javascript:x()">b</a><script>x()</script></p>')
    '<p>a <a rel="noopener noreferrer">b</a></p>'
    """

    def kept(element: str, name: str, value: str) -> str | None:
        if name == "href":
            return value if value.lower().startswith(_LINKS) else None
        if name == "src":
            return pictures(value) or None
        if name == "class":
            return value if value in _CLASSES else None
        if name in {"width", "height"}:
            return value if value.isascii() and value.isdigit() and len(value) < 5 else None  # noqa: PLR2004 - pixels
        del element
        return value

    cleaned: str = nh3.clean(
        text,
        tags=set(_ELEMENTS.split()),
        attributes={name: set(names) for name, names in _ATTRIBUTES.items()},
        attribute_filter=kept,
        url_schemes={"http", "https", "mailto", "data", "attachment"},
        link_rel="noopener noreferrer",
    )
    return _EMPTY_HEADER.sub("<td></td>", _IMAGE.sub(_named, cleaned))


def _named(image: re.Match[str]) -> str:
    """Return a picture with a text alternative; a note in place of one that is not shown."""
    attributes = image[1]
    if ' src="' not in attributes:
        return "[a picture that is not shown]"
    return image[0] if ' alt="' in attributes else f'<img{attributes} alt="Picture">'
