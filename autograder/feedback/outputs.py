"""What a student's cells showed, as markup for her page.

Everything is made safe by `notebooks.outputs`, which also says what is left out.
"""

from __future__ import annotations

from typing import Any

from autograder.feedback.markdown import rendered
from autograder.feedback.markup import Markup, tag
from autograder.notebooks.marked_outputs import NOTE
from autograder.notebooks.outputs import LONGEST_PICTURE, Budget, Part, joined, safe_outputs
from autograder.notebooks.pictures import picture_type

__all__ = ["Budget", "marked_outputs", "picture_address", "saved_outputs"]

_SAVED = "As saved in your notebook, not from a run here:"


def saved_outputs(outputs: Any, budget: Budget, *, quiet: bool = False) -> list[Markup]:
    """Return the outputs of one cell as a submitted file holds them.

    Where `quiet`, nothing is said of where they come from and of widgets that are left out.
    """
    shown = safe_outputs(outputs, budget)
    if quiet:
        del shown.left_out["widget"]
    before = [_quietly(_SAVED)] if shown.parts and not quiet else []
    after = [_quietly(shown.left_out_words)] if shown.left_out else []
    return [*before, *map(_markup, shown.parts), *after]


def marked_outputs(outputs: Any, budget: Budget) -> list[Markup]:
    """Return the outputs of one cell as a marked notebook holds them, with the words of ours."""
    made = []
    for output in outputs:
        note = output.get("metadata", {}).get(NOTE)
        if note:
            made.append(
                _quietly(_SAVED if note == "saved" else joined(output["data"]["text/plain"]))
            )
        else:
            made += map(_markup, safe_outputs([output], budget).parts)
    return made


def picture_address(kind: Any, data: Any) -> str:
    """Return a `data:` address for a picture, or "" where it is none that is shown.

    >>> picture_address("image/png", "iVBORw0KGgo=")
    'data:image/png;base64,iVBORw0KGgo='
    """
    text = "".join(joined(data).split())
    found = picture_type(text) if len(text) <= LONGEST_PICTURE else ""
    return f"data:{found};base64,{text}" if found and isinstance(kind, str) else ""


def _markup(part: Part) -> Markup:
    if part.kind == "picture":
        address = f"data:{part.type};base64,{part.text}"
        return tag("img", src=address, alt="A figure from this cell")
    if part.kind == "markdown":
        return tag("div", rendered(part.text), class_="text")
    if part.kind == "html":
        inner = Markup(part.text)
        return tag("div", inner, class_="scroll", tabindex="0", role="group", aria_label="Output")
    kind = "error" if part.kind == "error" else ""
    return tag("pre", part.text, class_=f"output {kind}".strip(), tabindex="0")


def _quietly(words: str) -> Markup:
    return tag("p", words, class_="quiet")
