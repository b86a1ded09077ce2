"""Jinja environments for the pages that are made from templates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import jinja2


def environment(
    folder: Path | None = None, filters: Mapping[str, Callable[..., Any]] | None = None
) -> jinja2.Environment:
    """Return an environment for the templates of a folder, with further filters.

    Text is escaped in templates whose name ends in `.html`. An unknown name is an error, and does
    not become an empty text.

    >>> environment().from_string("{{ name }}").render()
    Traceback (most recent call last):
    jinja2.exceptions.UndefinedError: 'name' is undefined
    """
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder) if folder else None,
        autoescape=jinja2.select_autoescape(("html",), default_for_string=True),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters.update(filters or {})
    return made
