"""Modules of Python that student code gets in no process whose tests run beside it.

A second interpreter has no audit hooks, and what Python is tested with writes to memory. So none of
these is imported beforehand (preload.py), and the audit hook refuses them later (audit.py).
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from typing import Any

REFUSED = frozenset(
    {"_xxsubinterpreters", "_xxinterpchannels", "_interpreters", "_interpchannels"}
    | {"_interpqueues", "_testcapi", "_testinternalcapi", "_testlimitedcapi", "_testclinic"}
    | {"_testclinic_limited", "_testbuffer", "_testexternalinspection", "_testimportmultiple"}
    | {"_testmultiphase", "_testsinglephase", "_ctypes_test", "_xxtestfuzz", "xxlimited"}
    | {"xxlimited_35", "xxsubtype"}
)


@contextlib.contextmanager
def refused_left_out() -> Iterator[None]:
    """Have imports in the block fail for what is refused, as where it is not installed."""
    names = REFUSED.difference(sys.modules)
    sys.modules.update(dict.fromkeys(names))  # type: ignore[arg-type]  # None: it is not there
    try:
        yield
    finally:
        for name in names:
            del sys.modules[name]


exact = str.__str__
"""Gives a plain text for one of a notebook's own class, whose `__eq__` may say anything."""


# The function below is sealed (see seal.py).


def is_refused(found: tuple[Any, ...]) -> bool:
    """Return whether an import is of such a module, by its name or by that of its file.

    A file is loaded under any dotted name with the right last part.
    """
    texts = [exact(each) for each in found[:2] if isinstance(each, str)]
    names = [text.rpartition(".")[2] for text in texts[:1]]
    names += [text.rpartition("/")[2].partition(".")[0] for text in texts]
    return [1 for name in names if name in REFUSED] != []


SEALED = (is_refused,)
