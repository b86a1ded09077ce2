"""Pictures that carry their own description, for those who do not see them."""

from __future__ import annotations

import base64
import html
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG image with its alternative text.

    It shows itself as HTML, for JupyterLab draws a bare PNG without alternative text.
    """

    png: bytes
    alt: str

    def __repr__(self) -> str:
        return f"Picture: {self.alt}"

    def _repr_html_(self) -> str:
        data = base64.b64encode(self.png).decode("ascii")
        return f'<img src="data:image/png;base64,{data}" alt="{html.escape(self.alt)}">'


def picture(figure: Figure, alt: str) -> Picture:
    """Draw a Matplotlib figure with the alternative text `alt`.

    Raises:
        ValueError: when `alt` is empty.
    """
    if not alt.strip():
        raise ValueError("a picture needs alternative text: say in `alt` what there is to see")
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", bbox_inches="tight", facecolor="white")
    return Picture(buffer.getvalue(), alt)
