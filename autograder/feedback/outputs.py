"""What a student's cells showed, as it stands in her file, made safe and bounded for a page.

Everything here is hostile data: each part is checked for its type before it is used. Pictures are
shown only in formats that cannot carry a script; HTML passes through `safe_html`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from autograder.feedback.markup import Markup, tag
from autograder.feedback.safe_html import safe_html

_PICTURES = ("image/png", "image/jpeg", "image/gif")
_BASE64 = re.compile(r"[A-Za-z0-9+/\s]+={0,2}\s*", re.ASCII)
_TERMINAL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|[\x00-\x08\x0b-\x1f\x7f]")
_WIDGET = "application/vnd.jupyter.widget-view+json"
LONGEST_TEXT = 6_000  # characters of one output
LONGEST_PICTURE = 3 * 2**20  # characters of one picture in base 64


@dataclass(slots=True)
class Budget:
    """How much of a student's outputs still fits on a page, in characters."""

    text: int = 80_000
    pictures: int = 12 * 2**20


def shown(outputs: Any, budget: Budget) -> list[Markup]:
    """Return the outputs of one cell for a page; what does not fit is said to be left out."""
    if not isinstance(outputs, list):
        return []
    made = [_one(each, budget) for each in outputs[:100] if isinstance(each, Mapping)]
    return [part for part in made if part is not None]


def picture_address(kind: Any, data: Any) -> str:
    """Return a `data:` address for a picture, or "" where it is none that is shown.

    >>> picture_address("image/png", "iVBORw0KGgo=")
    'data:image/png;base64,iVBORw0KGgo='
    """
    text = _joined(data)
    fits = kind in _PICTURES and len(text) <= LONGEST_PICTURE and _BASE64.fullmatch(text)
    return f"data:{kind};base64,{''.join(text.split())}" if fits else ""


def _one(output: Mapping[str, Any], budget: Budget) -> Markup | None:
    kind = _joined(output.get("output_type"))
    if kind in {"stream", "pyout_stream"}:
        return _text(_joined(output.get("text")), budget)
    if kind in {"error", "pyerr"}:
        name, words = _joined(output.get("ename")), _joined(output.get("evalue"))
        return _text(f"{name}: {words}", budget, "error")
    data = output.get("data")
    return _data(data, budget) if isinstance(data, Mapping) else None


def _data(data: Mapping[str, Any], budget: Budget) -> Markup | None:
    """Return the richest form of an output that is safe."""
    for kind in _PICTURES:
        if kind in data:
            return _picture(kind, data[kind], budget)
    if _WIDGET in data and "text/html" not in data:
        return None  # a widget's text is the name of its class
    html = _joined(data.get("text/html"))
    if html.strip():
        return _html(html, budget)
    return _text(_joined(data.get("text/plain")), budget)


def _picture(kind: str, data: Any, budget: Budget) -> Markup:
    address = picture_address(kind, data)
    if not address or len(address) > budget.pictures:
        return tag("p", "A picture was left out: it is too large or damaged.", class_="quiet")
    budget.pictures -= len(address)
    return tag("img", src=address, alt="A figure from this cell")


def _html(html: str, budget: Budget) -> Markup:
    safe = safe_html(html[: 4 * LONGEST_TEXT])
    if len(safe) > budget.text or len(safe) > 4 * LONGEST_TEXT:
        return tag("p", "A table was left out: it is too long for this page.", class_="quiet")
    budget.text -= len(safe)
    return tag(
        "div", Markup(safe), class_="scroll", tabindex="0", role="group", aria_label="Output"
    )


def _text(text: str, budget: Budget, kind: str = "") -> Markup | None:
    plain = _TERMINAL.sub("", text.replace("\r\n", "\n"))
    if not plain.strip():
        return None
    longest = min(LONGEST_TEXT, budget.text)
    cut = plain if len(plain) <= longest else f"{plain[:longest]}\n… (cut)"
    budget.text -= min(len(cut), budget.text)
    return tag("pre", cut, class_=f"output {kind}".strip(), tabindex="0")


def _joined(text: Any) -> str:
    """Return text that the notebook format keeps as a string or as lines; "" for anything else."""
    if isinstance(text, list) and all(isinstance(line, str) for line in text):
        text = "".join(text)
    return text.encode("utf-8", "replace").decode() if isinstance(text, str) else ""
