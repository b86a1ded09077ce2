"""Does in the fork server, once, what most notebooks do first: every fork starts with it done.

Nothing here may start a thread, for a fork has none of its parent's: TensorFlow's operations do, so
no model is built. What the course does not have is left out.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import pkgutil
import sys
import warnings
from collections.abc import Iterator, Sequence

_USED_BY_TESTS = (
    "ast", "asyncio", "bisect", "calendar", "cmath", "collections", "contextlib", "copy", "csv",
    "dataclasses", "datetime", "decimal", "difflib", "dis", "doctest", "enum", "fractions",
    "functools", "glob", "hashlib", "heapq", "inspect", "io", "itertools", "json", "logging",
    "math", "numpy.testing", "operator", "os", "pathlib", "pickle", "pprint", "queue", "random",
    "re", "shutil", "sqlite3", "statistics", "string", "subprocess", "sys", "tempfile", "textwrap",
    "threading", "time", "timeit", "tokenize", "traceback", "types", "typing", "unittest",
    "unittest.mock", "uuid", "warnings", "IPython.utils.capture", "matplotlib.testing.decorators",
)  # fmt: skip
"""What tests call: only a module that is imported before there is student code can be protected."""


def preload(imports: Sequence[str]) -> None:
    """Import `imports` and all of the lessons' library, and do what is slow the first time."""
    for name in (*imports, *_USED_BY_TESTS, *_modules_of("stridewise")):
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    for do in (_draw_a_network, _draw_the_digits, _draw_a_figure):
        with contextlib.suppress(ImportError):
            do()


def import_what_is_installed(names: Sequence[str]) -> None:
    """Import modules before student code does, so that they can be protected from it.

    The working folder is on no path yet. What cannot be imported is left to the cell that wants it.
    """
    for name in names:
        if name not in sys.modules:
            with contextlib.suppress(Exception), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                importlib.import_module(name)


def _modules_of(package: str) -> Iterator[str]:
    """Give the names of all modules of a package."""
    with contextlib.suppress(ImportError):
        path = importlib.import_module(package).__path__
        yield from (found.name for found in pkgutil.walk_packages(path, f"{package}."))


def _draw_a_network() -> None:
    from stridewise import your_network

    your_network("preload")


def _draw_the_digits() -> None:
    from stridewise.digits import load_digits

    load_digits()


def _draw_a_figure() -> None:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(1, 1))
    figure.subplots().imshow([[0, 1]])
    figure.savefig(io.BytesIO(), format="png", bbox_inches="tight")
