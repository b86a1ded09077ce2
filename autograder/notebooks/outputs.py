"""The outputs that a student saved, made safe and limited in size, by an allow-list of types.

The grader opens the marked notebook in formgrader with her own rights, so nothing in it may run:
plain text, streams, errors, pictures whose first bytes prove their format, Markdown by `harmless`,
HTML by `safe_html`. Everything else is left out and named.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from autograder.notebooks.harmless import harmless, without_tex_links
from autograder.notebooks.large_file import TOO_LARGE
from autograder.notebooks.pictures import PICTURE_TYPES, picture_type
from autograder.notebooks.safe_html import safe_html

LONGEST_TEXT = 6_000  # characters of one output
LONGEST_HTML = 4 * LONGEST_TEXT
LONGEST_PICTURE = 3 * 2**20  # characters of one picture in base64
MOST_OUTPUTS = 100  # of one cell
_LOOKED_AT = 2**18  # characters of a text; progress bars write far more than they show
_TERMINAL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|[\x00-\x08\x0b-\x1f\x7f]")
_OBJECT = re.compile(r"\s*<[\w.]+ [^\n]*>\s*")
"""The text of an object without a useful text: `<IPython.core.display.HTML object>`."""
_TYPE = re.compile(r"[a-z]{1,20}/[a-z0-9.+\-]{1,60}")
_WIDGET = "application/vnd.jupyter.widget-view+json"
_UNSAFE = {
    _WIDGET: "widget",
    "image/svg+xml": "SVG picture",
    "application/javascript": "script",
    "text/javascript": "script",
}
_QUIET = frozenset({"text/plain", "text/html", "text/markdown", "text/latex", *PICTURE_TYPES})
_OLD_KEYS = {
    "text": "text/plain",
    "html": "text/html",
    "png": "image/png",
    "jpeg": "image/jpeg",
    "svg": "image/svg+xml",
    "javascript": "application/javascript",
}
"""The names of the types in nbformat 3."""

Kind = Literal["stdout", "stderr", "error", "text", "markdown", "html", "picture"]


@dataclass(slots=True)
class Budget:
    """The number of characters of outputs that may still be shown of one notebook."""

    text: int = 80_000
    pictures: int = 12 * 2**20


@dataclass(frozen=True, slots=True)
class Part:
    """One output that is safe to show; `text` is base64 for a picture, whose type is `type`."""

    kind: Kind
    text: str
    type: str = ""


@dataclass(slots=True)
class Shown:
    """The outputs of one cell that are shown, and the number of those left out, by name."""

    parts: list[Part] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)

    @property
    def left_out_words(self) -> str:
        """A note about what was left out, or "".

        >>> Shown(left_out=Counter({"widget": 1, "script": 2})).left_out_words
        'Left out here: script (2), widget.'
        """
        names = sorted(self.left_out.items())
        listed = ", ".join(f"{name} ({times})" if times > 1 else name for name, times in names)
        return f"Left out here: {listed}." if listed else ""


def safe_outputs(outputs: Any, budget: Budget, *, html: bool = True) -> Shown:
    r"""Return what may be shown of one cell's outputs, as a notebook's file holds them.

    Args:
        outputs: the cell's list of outputs; anything else gives nothing.
        budget: what may still be shown of the whole notebook; it is used up.
        html: whether HTML is shown, which takes long to make safe; its plain text is, where not.

    >>> shown = safe_outputs([{"output_type": "stream", "text": ["\x1b[31ma", "b"]}], Budget())
    >>> [(part.kind, part.text) for part in shown.parts]
    [('stdout', 'ab')]
    """
    shown = Shown()
    if not isinstance(outputs, list):
        return shown
    for output in outputs[:MOST_OUTPUTS]:
        if isinstance(output, Mapping):
            _show(output, budget, shown, html=html)
    if len(outputs) > MOST_OUTPUTS:
        shown.left_out["further output"] += len(outputs) - MOST_OUTPUTS
    return shown


def _show(output: Mapping[str, Any], budget: Budget, shown: Shown, *, html: bool) -> None:
    kind = joined(output.get("output_type"))
    if kind == "stream":
        name = output.get("name") or output.get("stream")
        _text("stderr" if name == "stderr" else "stdout", output.get("text"), budget, shown)
    elif kind in ("error", "pyerr"):
        words = f"{joined(output.get('ename'))}: {joined(output.get('evalue'))}"
        _text("error", words, budget, shown)
    elif kind == TOO_LARGE:
        shown.left_out["outputs, for the file is too large"] += 1
    else:
        _data(_types(output), budget, shown, html=html)


def _types(output: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return an output's forms by their MIME type, in nbformat 3 too."""
    data = output.get("data")
    if isinstance(data, Mapping):
        return data
    return {_OLD_KEYS[key]: output[key] for key in _OLD_KEYS.keys() & output.keys()}


def _data(data: Mapping[str, Any], budget: Budget, shown: Shown, *, html: bool) -> None:
    """Show the richest form of an output that is safe, and name the forms that are not."""
    shown.left_out.update(_unsafe(data, html=html))
    for kind in PICTURE_TYPES:
        if kind in data and _picture(data[kind], budget, shown):
            return
    markdown = joined(data.get("text/markdown"))
    if markdown.strip() and _fits(markdown, LONGEST_TEXT, "Markdown", budget, shown):
        shown.parts.append(Part("markdown", harmless(markdown)))
        return
    page = joined(data.get("text/html")) if html else ""
    if page.strip() and _fits(page, LONGEST_HTML, "HTML", budget, shown):
        safe = without_tex_links(safe_html(page))
        if safe.strip():
            shown.parts.append(Part("html", safe))
            return
        shown.left_out["HTML without a part that is safe to show"] += 1
    plain = joined(data.get("text/plain"))
    named = _OBJECT.fullmatch(plain[:LONGEST_TEXT]) or _WIDGET in data
    if not (named and len(data) > 1):
        _text("text", plain, budget, shown)


def _unsafe(data: Mapping[str, Any], *, html: bool) -> Iterator[str]:
    """Yield the names of an output's unsafe forms, unless it has a safe form too."""
    if any(kind in data for kind in PICTURE_TYPES):
        return
    for kind in data:
        if kind in _UNSAFE and (html or kind != _WIDGET):
            yield _UNSAFE[kind]
        elif kind not in _UNSAFE and kind not in _QUIET and data.keys() <= {kind, "text/plain"}:
            yield f"output of type {kind}" if _TYPE.fullmatch(kind) else "output of an odd type"


def _picture(data: Any, budget: Budget, shown: Shown) -> bool:
    text = "".join(joined(data).split())
    if len(text) > min(LONGEST_PICTURE, budget.pictures):
        shown.left_out["picture that is too large"] += 1
        return False
    kind = picture_type(text)
    if not kind:
        shown.left_out["picture that is not a PNG, JPEG or GIF"] += 1
        return False
    budget.pictures -= len(text)
    shown.parts.append(Part("picture", text, kind))
    return True


def _fits(text: str, longest: int, name: str, budget: Budget, shown: Shown) -> bool:
    """Return whether a text that cannot be cut may be shown, and subtract it from the budget."""
    if len(text) > min(longest, budget.text):
        shown.left_out[f"{name} that is too long"] += 1
        return False
    budget.text -= len(text)
    return True


def _text(kind: Kind, text: Any, budget: Budget, shown: Shown) -> None:
    plain = plain_text(joined(text))
    if not plain.strip():
        return
    longest = min(LONGEST_TEXT, budget.text)
    if longest <= 0:
        shown.left_out["further text"] += 1
        return
    if len(plain) > longest:
        plain = f"{plain[: max(longest - len(_CUT), 0)]}{_CUT}"
    budget.text -= len(plain)
    shown.parts.append(Part(kind, plain))


_CUT = "\n… (cut)"


def plain_text(text: str) -> str:
    r"""Return a text without a terminal's colours, and with the final state of each line.

    >>> plain_text("10 %\r20 %\rdone\n\x1b[31mred\x1b[0m")
    'done\nred'
    """
    cut = _CUT if len(text) > _LOOKED_AT else ""
    text = text[:_LOOKED_AT]
    if "\r" in text:
        lines = text.replace("\r\n", "\n").split("\n")
        text = "\n".join(line.rstrip("\r").rpartition("\r")[2] for line in lines)
    plain = text.replace("\n", "").isprintable()  # most texts are; this is quicker to find out
    return (text if plain else _TERMINAL.sub("", text)) + cut


def joined(text: Any) -> str:
    """Return text that the notebook format keeps as a string or as lines; "" for anything else."""
    if isinstance(text, list) and all(isinstance(line, str) for line in text):
        text = "".join(text)
    if not isinstance(text, str):
        return ""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
