"""The notebook's inputs as a kernel lists them for its cells and tests: `In`, `_i`, `%rerun`.

A kernel lists a test like any cell. Here a test has no text in the lists: student code can read
them. As before each cell, what has been warned of is forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from typing import Any

from IPython.core.history import HistoryManager

# The functions below are sealed (see seal.py); these names get their values then.
HISTORIES: tuple[list[str], ...] = ()
"""What a kernel appends the text of each input to: as written, and as Python."""
NAMESPACE: dict[str, Any] = {}
KEPT: list[Any] = []
"""Removed values: deleting one may run student code."""


class InputHistory(HistoryManager):
    """The inputs of this notebook alone: there is no database."""

    def get_tail(
        self,
        n: int | None = 10,
        raw: bool = True,
        output: bool = False,
        include_latest: bool = False,
    ) -> Iterable[tuple[int, int, Any]]:
        """Return the last `n` inputs, without the present one unless `include_latest`."""
        found = list(self._inputs(raw=raw, output=output))
        found = found if include_latest else found[:-1]
        return found[max(0, len(found) - (10 if n is None else n)) :]

    def search(
        self,
        pattern: str = "*",
        raw: bool = True,
        search_raw: bool = True,
        output: bool = False,
        n: int | None = None,
        unique: bool = False,
    ) -> Iterable[tuple[int, int, Any]]:
        """Return the inputs that match a pattern, each once if `unique`; the last `n` of them."""
        texts = [text for _, _, text in self._inputs(raw=search_raw, output=False)]
        shown = list(self._inputs(raw=raw, output=output))
        pairs = zip(texts, shown, strict=True)
        found = [each for text, each in pairs if fnmatchcase(text, pattern)]
        if unique:
            found = list({each[2]: each for each in reversed(found)}.values())[::-1]
        return found if n is None else found[max(0, len(found) - n) :]

    def _inputs(self, *, raw: bool, output: bool) -> Iterator[tuple[int, int, Any]]:
        texts = self.input_hist_raw if raw else self.input_hist_parsed
        for line, text in enumerate(texts[1:], 1):
            outputs = self.output_hist_reprs.get(line)
            yield self.session_number, line, (text, outputs) if output else text


def shift_inputs(shell: Any) -> None:
    """Have `_i` be the last input and `_ii` the one before, as the next cell or test finds them.

    Where a cell follows, IPython sets them itself.
    """
    history = shell.history_manager
    shell.user_ns.update(_i=history._i00, _ii=history._i, _iii=history._ii)  # noqa: SLF001 - so named


def begin_test() -> None:
    """List a test among the inputs, without its text; a warning is shown again in it.

    A name of another class than `str` may run student code when another one is looked up.
    """
    for texts in HISTORIES:
        texts.append("")
    if not [1 for name in NAMESPACE if type(name) is not str]:
        KEPT.append(NAMESPACE.pop("__warningregistry__", None))


def end_test() -> None:
    """Have `_i` be the test that has ended, and `_ii` what `_i` was."""
    if not [1 for name in NAMESPACE if type(name) is not str]:
        *found, removed = [NAMESPACE.get(name) for name in ("_i", "_ii", "_iii")]
        KEPT.append(removed)
        NAMESPACE.update(zip(("_i", "_ii", "_iii"), ("", *found), strict=True))


SEALED = (begin_test, end_test)
