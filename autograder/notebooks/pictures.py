"""Pictures attached to a text cell: checked for type and size, and renamed where needed."""

from __future__ import annotations

import base64
import re
import unicodedata
from collections.abc import Mapping
from string import ascii_letters, digits
from typing import Any
from urllib.parse import unquote

MOST_PICTURES = 10  # in one cell
MOST_PICTURE = 2 * 2**20  # characters of one, as the file holds it
_LONGEST_NAME = 200
_KINDS = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif"}
PICTURE_TYPES = tuple(_KINDS)
"""Formats that every browser shows and that can carry no script."""
_FIRST_BYTES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
_FIRST_BYTES |= {b"GIF87a": "image/gif", b"GIF89a": "image/gif"}
_FIRST = 12  # characters of base64, in which 9 bytes stand
_PLAIN_NAME = re.compile(r"[\w.\-]{1,100}", re.ASCII)
_BASE64 = f"{ascii_letters}{digits}+/\n".encode()
# In a text: between angle brackets, or up to the end of the link.
_NAMED = re.compile(r"attachment:(?:(?P<whole>[^)\s>]+)|(?P<spaced>[^)\n]+))(?=\))", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"<attachment:(?P<whole>[^>\n]+)>", re.IGNORECASE)

Pictures = Mapping[str, Mapping[str, str]]
"""By name, the picture's type and its data in base 64."""


def pictures_of(attachments: Any) -> Pictures:
    """Return the pictures among a cell's attachments, by name."""
    if not isinstance(attachments, dict):
        return {}
    kept: dict[str, dict[str, str]] = {}
    for name, kinds in attachments.items():
        for kind, data in kinds.items() if isinstance(kinds, dict) else ():
            small = (
                isinstance(data, str) and len(data) <= MOST_PICTURE and len(kept) < MOST_PICTURES
            )
            if small and kind in _KINDS and _is_name(name) and picture_type(data):
                kept[name] = {kind: data}
    return kept


def picture_type(data: str) -> str:
    """Give the type that a picture's first bytes prove; "" where it is none, or no base64.

    >>> picture_type("iVBORw0KGgo=")
    'image/png'
    >>> picture_type("PHN2ZyBvbmxvYWQ9YWxlcnQoKT4=")  # <svg onload=alert()>
    ''
    """
    if not _is_base64(data):
        return ""
    try:
        first = base64.b64decode("".join(data[: 2 * _FIRST].split())[:_FIRST])
    except ValueError:
        return ""
    return next((kind for start, kind in _FIRST_BYTES.items() if first.startswith(start)), "")


def _is_base64(data: str) -> bool:
    """Return whether a text is base64, perhaps in lines; a regular expression takes three times."""
    whole = data.removesuffix("\n").removesuffix("=").removesuffix("=")
    return whole.isascii() and not whole.encode().translate(None, _BASE64)


def plainly_named(source: str, pictures: Pictures) -> tuple[str, Pictures]:
    """Return a text and its pictures, with names outside ASCII, or with spaces, replaced in both.

    nbconvert looks a picture up by the encoded name in the link, so it would not find these.

    >>> text, pictures = plainly_named("![](attachment:my%20plot.png)", {"my plot.png": {}})
    >>> text, list(pictures)
    ('![](attachment:picture-1.png)', ['picture-1.png'])
    """
    plain = {_key(name): name for name in pictures if _PLAIN_NAME.fullmatch(name)}
    for number, name in enumerate(pictures, 1):
        kind = next(iter(pictures[name]), "image/png")
        plain.setdefault(_key(name), f"picture-{number}.{_KINDS.get(kind, 'png')}")
    if all(plain[_key(name)] == name for name in pictures):
        return source, pictures

    def renamed(found: re.Match[str]) -> str:
        written = found["whole"] or found["spaced"].partition(' "')[0]
        name = plain.get(_key(unquote(written)))
        return f"attachment:{name}" if name else found[0]

    text = _NAMED.sub(renamed, _IN_BRACKETS.sub(renamed, source))
    return text, {plain[_key(name)]: data for name, data in pictures.items()}


def _key(name: str) -> str:
    """Return a name in a normal form: macOS writes a letter and its accent as two characters."""
    return unicodedata.normalize("NFC", name)


def _is_name(name: str) -> bool:
    return 0 < len(name) <= _LONGEST_NAME and name.isprintable()
