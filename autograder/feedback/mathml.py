r"""Formulas as MathML, which browsers draw with no script and no network.

`latex2mathml` reads the formula. Only elements and attributes of an allow-list are written, since a
student's formula may contain links, styles or tags (`\href`, `\text`). A formula that cannot be
read is shown as its source.
"""

from __future__ import annotations

import html
from functools import lru_cache
from typing import TYPE_CHECKING

from autograder.feedback.markup import Markup, tag, text_of

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

LONGEST = 2_000  # characters of one formula; what is longer is cut
_DEEPEST = 60
_NAMESPACE = "http://www.w3.org/1998/Math/MathML"
_ELEMENT_NAMES = (
    "math mrow mi mn mo ms mtext mspace mfrac msqrt mroot mstyle mpadded mphantom msub msup "
    "msubsup munder mover munderover mmultiscripts mprescripts none mtable mtr mtd"
)
_ATTRIBUTE_NAMES = (
    "accent accentunder columnalign columnspacing depth display displaystyle fence form height "
    "linethickness lspace mathsize mathvariant maxsize minsize movablelimits rowspacing rspace "
    "scriptlevel separator stretchy symmetric voffset width xmlns"
)
_ELEMENTS = frozenset(_ELEMENT_NAMES.split())
_ATTRIBUTES = frozenset(_ATTRIBUTE_NAMES.split())


class _UnreadableError(ValueError):
    """A formula that is not shown as MathML."""


@lru_cache(maxsize=4096)
def formula(latex: str, *, block: bool = False) -> Markup:
    r"""Return a formula as MathML, or as its source where it cannot be read.

    >>> formula("x^2")[-53:]
    '<mrow><msup><mi>x</mi><mn>2</mn></msup></mrow></math>'
    >>> formula(r"\frac{")
    '<code>$\\frac{$</code>'
    """
    from latex2mathml.converter import convert_to_element

    mark = "$$" if block else "$"
    try:
        made = convert_to_element(latex[:LONGEST], display="block" if block else "inline")
        return _written(made, latex, 0)
    except Exception:  # noqa: BLE001 - latex2mathml raises many types of error
        return tag("code", f"{mark}{latex}{mark}")


def _written(element: Element, latex: str, depth: int) -> Markup:
    """Return an element and its content as HTML; all text is escaped here."""
    if element.tag not in _ELEMENTS or depth > _DEEPEST:
        raise _UnreadableError
    attributes = {key: value for key, value in element.attrib.items() if key in _ATTRIBUTES}
    if element.tag == "math":
        attributes |= {"xmlns": _NAMESPACE, "alttext": latex}
    inner = [html.unescape(element.text or "")]
    parts: list[object] = [*inner, *(_written(child, latex, depth + 1) for child in element)]
    return tag(element.tag, Markup(text_of(parts)), **attributes)
