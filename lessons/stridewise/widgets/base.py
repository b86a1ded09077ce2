"""What every widget here has in common: files, a stable name, a picture without a script."""

from __future__ import annotations

from typing import Any, ClassVar

import anywidget


class Drawn(anywidget.AnyWidget):
    """A widget that also says what it shows as static HTML, for `nbconvert` and for nbval.

    A subclass names its files: `_esm` is the module made of `script` and what that imports, `_css`
    the sum of `style_sheets`. `save_page` puts the same files in a page.
    """

    script: ClassVar[str]
    style_sheets: ClassVar[tuple[str, ...]] = ("base.css",)
    shown: ClassVar[tuple[str, ...]] = ()  # the traits that the repr names

    def static_html(self) -> str:
        """Return the present state as a picture and a table that need no script."""
        raise NotImplementedError

    def own_traits(self) -> dict[str, Any]:
        """Return the present values of the synced traits that are not every widget's."""
        names = set(self.trait_names(sync=True)) - set(Drawn.class_trait_names(sync=True))
        names -= {"_esm", "_css", "_anywidget_id"}
        return {name: value for name, value in self.get_state().items() if name in names}

    def __repr__(self) -> str:
        values = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.shown)
        return f"{type(self).__name__}({values})"

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
        bundle = super()._repr_mimebundle_(**kwargs)
        if bundle is None:
            return None
        data, metadata = bundle
        return {**data, "text/plain": repr(self), "text/html": self.static_html()}, metadata
