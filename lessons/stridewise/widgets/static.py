"""Pictures and tables of a widget's state that need no script, as HTML. Sizes are in pixels.

A picture is an `img` with its drawing in it. From a notebook that is not trusted, JupyterLab takes
drawings out, and leaves their words behind; images it keeps.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Sequence
from html import escape
from itertools import product

from stridewise.shapes import (
    Padding,
    PadWidths,
    output_size,
    pad_widths,
    unread_pixels,
    window_starts,
)

_CELL = 12  # the side of a pixel in the picture
_STYLE = (
    "<style>.sw-static img{max-width:100%;height:auto;margin:0 1em 1em 0;vertical-align:top}"
    ".sw-static table{border-collapse:collapse}"
    ".sw-static th,.sw-static td{padding:.2em .7em;text-align:left;border:1px solid #767676}"
    "</style>"
)

Pair = tuple[int, int]
_Box = tuple[int, int, int, int]  # top, left, bottom, right; in cells


def convolution_html(
    name: str,
    *,
    input_size: Pair,
    kernel_size: Pair,
    strides: Pair,
    padding: Padding,
    dilation_rate: Pair,
    weights: Pair | None = None,
) -> str:
    """Return one layer: its input with the zeros and the first window, its output, a table.

    `weights` are the channels and filters of a convolution; pooling has none.

    >>> html = convolution_html(
    ...     "Conv2D", input_size=(5, 5), kernel_size=(3, 3), strides=(2, 2), padding="same",
    ...     dilation_rate=(1, 1), weights=(1, 8),
    ... )
    >>> "5 x 5" in html, ">80<" in html
    (True, True)
    """
    axes = list(zip(input_size, kernel_size, strides, dilation_rate, strict=True))
    outputs = [output_size(n, k, s, padding, d) for n, k, s, d in axes]
    zeros = [pad_widths(n, k, s, padding, d) for n, k, s, d in axes]
    unread = [unread_pixels(n, k, s, padding, d) for n, k, s, d in axes]
    starts = [window_starts(n, k, s, padding, d)[0] for n, k, s, d in axes]
    first = [
        [start + i * d for i in range(k)] for start, (_, k, _, d) in zip(starts, axes, strict=True)
    ]
    read = [n - len(missed) for (n, *_), missed in zip(axes, unread, strict=True)]
    (above, below), (left, right) = ((each.before, each.after) for each in zeros)
    height, width = input_size
    box = (-above, -left, height + below, width + right)
    added = "zeros" if weights else "padding"
    rows = [
        ("input", _by(input_size)),
        ("kernel_size" if weights else "pool_size", _by(kernel_size)),
        ("strides", _by(strides)),
        ("padding", padding),
        *([("dilation_rate", _by(dilation_rate))] if weights else []),
        (f"{added} above, below", f"{above}, {below}"),
        (f"{added} left, right", f"{left}, {right}"),
        ("output", _by(outputs)),
        ("pixels never read", height * width - read[0] * read[1]),
        ("parameters", f"{_parameters(kernel_size, weights):,}"),
    ]
    words = f"The input, {_by(input_size)}, with its first window. {_padding_words(zeros)}"
    inside = _squares(range(height), range(width), "#fff") + _dots(box, input_size)
    picture = _svg(box, inside + _crosses(unread, input_size) + _framed(*first), words)
    words = f"The output, {_by(outputs)}, with its first number."
    made = _svg((0, 0, outputs[0], outputs[1]), _framed([0], [0]), words)
    padded = any(pad.before + pad.after for pad in zeros)
    marks = _marks(padded=padded, unread=any(map(len, unread)))
    return _page(f"{picture} {made}{marks}", (name, "value"), rows)


def _padding_words(zeros: Sequence[PadWidths]) -> str:
    """Return the padding as a sentence."""
    (above, below), (left, right) = zeros
    if above + below + left + right == 0:
        return "No padding."
    return f"Padding: {above} above, {below} below, {left} left, {right} right."


def _marks(*, padded: bool, unread: bool) -> str:
    """Return what the marks in the pictures mean; only those that are there."""
    words = ["In the pictures, a thick frame is around the first window and its output."]
    words += ["Dots are padding."] * padded + ["Crosses are pixels that are never read."] * unread
    return f"<p>{' '.join(words)}</p>"


def _parameters(kernel_size: Pair, weights: Pair | None) -> int:
    """Return the weights of every kernel, and a bias for each filter; pooling has neither."""
    if weights is None:
        return 0
    channels, filters = weights
    return (kernel_size[0] * kernel_size[1] * channels + 1) * filters


def table_html(rows: Iterable[Sequence[object]], head: Sequence[str]) -> str:
    """Return rows under a head; the first cell of each names it."""
    return _page("", head, rows)


def _page(picture: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    def line(tag: str, cells: Sequence[object]) -> str:
        first, *rest = (escape(str(cell)) for cell in cells)
        others = "".join(f"<{tag}>{cell}</{tag}>" for cell in rest)
        return f"<tr><th>{first}</th>{others}</tr>"

    top = line("th", head) if any(head) else ""
    body = "".join(line("td", row) for row in rows)
    return f'<div class="sw-static">{_STYLE}{picture}<table>{top}{body}</table></div>'


def _svg(box: _Box, inside: str, words: str) -> str:
    """Return a drawing whose ground is zeros, with a line around every cell."""
    top, left, bottom, right = box
    across = "".join(f"M{left} {y}H{right}" for y in range(top, bottom + 1))
    down = "".join(f"M{x} {top}V{bottom}" for x in range(left, right + 1))
    width, height = right - left, bottom - top
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width * _CELL + 2}" '
        f'height="{height * _CELL + 2}" viewBox="{left - 0.1} {top - 0.1} {width + 0.2} '
        f'{height + 0.2}"><rect x="{left}" y="{top}" width="{width}" height="{height}" '
        f'fill="#c8d8e4"/>{inside}<path d="{across}{down}" fill="none" stroke="#666" '
        'stroke-width=".06"/></svg>'
    )
    source = f"data:image/svg+xml;base64,{b64encode(drawing.encode()).decode()}"
    return f'<img alt="{escape(words)}" src="{source}">'


def _squares(rows: Iterable[int], columns: Iterable[int], colour: str) -> str:
    columns = list(columns)
    path = "".join(f"M{x} {y}h1v1h-1z" for y in rows for x in columns)
    return f'<path d="{path}" fill="{colour}"/>' if path else ""


def _framed(rows: Sequence[int], columns: Sequence[int]) -> str:
    """Return the cells of a window in a thick frame."""
    height, width = rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1
    frame = f'<path d="M{columns[0]} {rows[0]}h{width}v{height}h-{width}z" fill="none"'
    return _squares(rows, columns, "#e69f00") + f'{frame} stroke="#1b1b1b" stroke-width=".25"/>'


def _dots(box: _Box, input_size: Pair) -> str:
    """Return a dot in every cell of the padding."""
    top, left, bottom, right = box
    cells = product(range(top, bottom), range(left, right))
    outside = [(y, x) for y, x in cells if not (0 <= y < input_size[0] and 0 <= x < input_size[1])]
    path = "".join(f"M{x + 0.5} {y + 0.5}h0" for y, x in outside)
    look = 'stroke="#1b1b1b" stroke-width=".3" stroke-linecap="round"'
    return f'<path d="{path}" {look}/>' if path else ""


def _crosses(unread: Sequence[Sequence[int]], input_size: Pair) -> str:
    """Return a cross over every pixel whose row or column is never read."""
    cells = product(range(input_size[0]), range(input_size[1]))
    missed = [(y, x) for y, x in cells if y in unread[0] or x in unread[1]]
    ground = "".join(f"M{x} {y}h1v1h-1z" for y, x in missed)
    cross = "".join(f"M{x + 0.2} {y + 0.2}l.6 .6m0 -.6l-.6 .6" for y, x in missed)
    if not missed:
        return ""
    return (
        f'<path d="{ground}" fill="#f0d9e6"/>'
        f'<path d="{cross}" fill="none" stroke="#1b1b1b" stroke-width=".1"/>'
    )


def _by(pair: Sequence[int]) -> str:
    return f"{pair[0]} x {pair[1]}"
