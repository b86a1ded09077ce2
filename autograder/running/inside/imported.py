"""Finding the modules imported since the last call, without reading all of `sys.modules`."""

from __future__ import annotations

import sys
from itertools import takewhile

_OWN = "inside"


class Imported:
    """The names of the modules that had been imported at the last call."""

    def __init__(self) -> None:
        self._names: set[str] = set()
        self._own: list[str] = []

    def newest(self) -> list[str]:
        """Return what was imported since the last call, except this package's own modules.

        Python keeps what is new at the end of `sys.modules`.
        """
        names = list(takewhile(lambda name: name not in self._names, reversed(sys.modules)))
        if len(names) + len(self._names) != len(sys.modules):
            names = [name for name in sys.modules if name not in self._names]
        self._names.update(names)
        own = [name for name in names if name.partition(".")[0] == _OWN]
        self._own += own
        return [name for name in names if name not in own and name != "__main__"]

    def hide(self) -> None:
        """Remove this package's own modules from those that `import` finds."""
        for name in self._own:
            del sys.modules[name]
