"""Widgets in one HTML file that opens without Jupyter, a kernel or a network."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path

from stridewise.widgets.assets import module, styles
from stridewise.widgets.base import Drawn
from stridewise.widgets.explorer import Explorer
from stridewise.widgets.practice import Practice
from stridewise.widgets.stack_explorer import StackExplorer

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
{css}
</style>
</head>
<body class="sw-page">
<main>
<h1>{title}</h1>
{places}
</main>
{scripts}
</body>
</html>
"""
_SCRIPT = """<script type="module">
{code}
const place = document.getElementById("widget-{number}");
place.replaceChildren();
widget.render({{ model: pageModel({state}), el: place }});
</script>"""


def save_page(path: str | Path, *widgets: Drawn, title: str = "Stridewise") -> Path:
    """Write `widgets` in their present state into one HTML file, and return its path.

    Without `widgets` it holds all three kinds as they begin. It is for a lecture, or for a page of
    a learning platform: it loads nothing, and its colours follow the reader's setting.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save_page(Path(folder, "lecture.html"), Explorer(strides=2)).name
    'lecture.html'
    """
    widgets = widgets or (Explorer(), StackExplorer(), Practice())
    places = "\n".join(
        f'<div id="widget-{number}">{widget.static_html()}</div>'
        for number, widget in enumerate(widgets)
    )
    scripts = "\n".join(_script(number, widget) for number, widget in enumerate(widgets))
    page = _PAGE.format(
        title=escape(title),
        css=styles("page.css"),
        places=places,
        scripts=scripts,
    )
    path = Path(path)
    path.write_text(page, encoding="utf-8")
    return path


def _script(number: int, widget: Drawn) -> str:
    code = module("page.js") + module(widget.script).replace("export default", "const widget =")
    return _SCRIPT.format(number=number, code=_quiet(code), state=_quiet(_state(widget)))


def _state(widget: Drawn) -> str:
    """Return the traits of the widget's own, as JSON."""
    return json.dumps(widget.own_traits())


def _quiet(text: str) -> str:
    """Escape `text` so that it cannot end the script element."""
    return text.replace("</", "<\\/")
