"""What a file is that should be a notebook and is not one.

A saved web page, a merge conflict and an empty file need different help.
"""

from __future__ import annotations

import json
import re

_LOOKED_AT = 2**16  # bytes at the beginning, enough to know a kind of file by
_CONFLICT = (b"\n<<<<<<< ", b"\n=======", b"\n>>>>>>> ")
_SIGN_IN = re.compile(r"password|sign[ -]?in|log[ -]?in|single sign|saml|shibboleth", re.IGNORECASE)
_BEGINNINGS = {
    b"PK\x03\x04": "a zip archive; unpack it and hand in the notebook that is in it",
    b"PK\x05\x06": "an empty zip archive",
    b"%PDF": "a PDF; hand in the notebook itself, the file that ends in .ipynb",
    b"\x1f\x8b": "a compressed archive (gzip); unpack it and hand in the notebook that is in it",
    b"Rar!": "a rar archive; unpack it and hand in the notebook that is in it",
    b"7z\xbc\xaf": "a 7-Zip archive; unpack it and hand in the notebook that is in it",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"\xd0\xcf\x11\xe0": "an Office document",
    b"{\\rtf": "an RTF text document",
    b"bplist": "a property list of macOS",
    b"version https://git-lfs": "a Git LFS pointer; the notebook itself is still on the server",
}


def what_is_this(data: bytes) -> str:
    """Return what `data` is, as words after "this is"; "" where it looks like a notebook.

    >>> what_is_this(b"")
    'an empty file'
    >>> what_is_this(b"<!DOCTYPE html><title>Sign in</title>")
    'a sign-in page that was saved in place of the notebook; sign in, then download it again'
    >>> what_is_this(b'{"nbformat": 4, "cells": []}')
    ''
    """
    if not data.strip(b"\0 \t\r\n"):
        return "a file of zero bytes only; it was not saved completely" if data else _EMPTY
    return _by_beginning(data) or _conflict(data) or _by_text(data)


_EMPTY = "an empty file"


def _by_beginning(data: bytes) -> str:
    found = (words for start, words in _BEGINNINGS.items() if data.startswith(start))
    return next(found, "")


def _conflict(data: bytes) -> str:
    """Recognise the three lines that Git writes; none of them is possible in valid JSON."""
    place = 0
    for line in _CONFLICT:
        place = data.find(line, place)
        if place < 0:
            return ""
    return "a notebook with an unresolved merge conflict, between lines of <<<<<<< and >>>>>>>"


def _by_text(data: bytes) -> str:
    try:
        text = data.decode(json.detect_encoding(data))
    except UnicodeDecodeError:
        return _other_encoding(data)
    start = text[:_LOOKED_AT].lstrip("\ufeff \t\r\n")
    if start.startswith("<"):
        return _page(start)
    if not start.startswith(("{", "[")):
        return "a text or a program, not a notebook"
    return _json(text)


def _page(start: str) -> str:
    if not re.match(r"<(!doctype html|html|head|!--|body)", start, re.IGNORECASE):
        return "an XML file"
    if _SIGN_IN.search(start):
        return (
            "a sign-in page that was saved in place of the notebook; sign in, then download it "
            "again"
        )
    if "github" in start.lower():
        return (
            "a web page of GitHub's that was saved in place of the notebook; download the file "
            "itself ('Download raw file')"
        )
    return "a web page that was saved in place of the notebook; download the notebook itself"


def _other_encoding(data: bytes) -> str:
    """Recognise a notebook in an encoding of Windows: only letters outside ASCII are wrong."""
    if data.lstrip().startswith(b"{"):
        try:
            json.loads(data.decode("latin-1"))
        except (ValueError, RecursionError):
            return "a damaged notebook: its text is not UTF-8"
        return (
            "a notebook whose text is not UTF-8 but another encoding, perhaps Windows-1252; "
            "save it again from Jupyter"
        )
    return "not a text file, so not a notebook"


def _json(text: str) -> str:
    try:
        found = json.loads(text)
    except RecursionError:
        return "a file with too many nested levels"
    except json.JSONDecodeError as error:
        return _broken(text, error)
    except (ValueError, MemoryError):  # a number of more than 4,300 digits, for one
        return "a notebook with a part that cannot be read"
    if not isinstance(found, dict) or "nbformat" not in found:
        return "JSON, but not a notebook: it does not say which notebook format it is in"
    return ""


def _broken(text: str, error: json.JSONDecodeError) -> str:
    if '"cells"' not in text and '"nbformat"' not in text:
        return f"not a notebook and not valid JSON (line {error.lineno})"
    if not text[error.pos :].strip() or error.msg.startswith("Unterminated string"):
        return "a notebook that is cut off: its end is missing"
    return f"a damaged notebook: line {error.lineno} is not valid JSON ({error.msg})"
