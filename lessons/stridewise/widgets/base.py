"""The base class of the widgets: its files, a stable model name, a static picture."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import anywidget
from IPython import display

from stridewise.widgets.assets import styles

_VIEW = "application/vnd.jupyter.widget-view+json"
# Hides an output without a widget, which only says that its model is not found.
_KEPT_STYLE = (
    "<style>.jp-OutputArea:has(.sw-saved) .jp-OutputArea-child:has(.jupyter-widgets):not(:has(.sw))"
    "{display:none}</style>"
)

_show: Callable[..., Any] = display.display  # IPython gives no types


class Drawn(anywidget.AnyWidget):
    """A widget with a static HTML version, for `nbconvert` and for nbval.

    A subclass names its `script`: `_esm` is the module made of it and what it imports. `_css` is
    the same for all. `save_page` puts the same files in a page.
    """

    script: ClassVar[str]
    shown: ClassVar[tuple[str, ...]] = ()  # the traits that the repr names
    to_use_it: ClassVar[str] = "To use the widget, run this cell with Shift+Enter."

    _css = styles()
    _kept: Any = None  # the handle of the picture, once it is shown

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

    def _ipython_display_(self) -> None:
        """Show the picture that the notebook keeps, then the widget, which hides the picture.

        A notebook that is opened again has no widget, only an error in its place. Then only the
        picture is shown, and it says what to do.
        """
        bundle = super()._repr_mimebundle_()
        if bundle is None:
            return
        self._kept = _show(self._kept_bundle(), raw=True, display_id=True)
        view = {name: value for name, value in bundle[0].items() if name == _VIEW}
        _show({**view, "text/html": "<span hidden></span>", "text/plain": ""}, raw=True)

    def _keep(self) -> None:
        """Update the picture in the notebook."""
        if self._kept is not None:
            _show(self._kept_bundle(), raw=True, display_id=self._kept.display_id, update=True)

    def _kept_bundle(self) -> dict[str, str]:
        words = f"<p>This is kept from an earlier run. {self.to_use_it}</p>"
        html = f'<div class="sw-saved">{_KEPT_STYLE}{self.static_html()}{words}</div>'
        return {"text/html": html, "text/plain": repr(self)}

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
        bundle = super()._repr_mimebundle_(**kwargs)
        if bundle is None:
            return None
        data, metadata = bundle
        return {**data, "text/plain": repr(self), "text/html": self.static_html()}, metadata
