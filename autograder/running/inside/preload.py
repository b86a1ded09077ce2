"""Imports and first calls in the fork server that most notebooks need, so that forks start fast.

Nothing here may start a thread, since a fork does not inherit threads. TensorFlow's operations
start some, so no model is built. Packages that are not installed are left out.
"""

from __future__ import annotations

import codecs
import contextlib
import gc
import importlib
import io
import pkgutil
import sys
import warnings
from collections.abc import Iterator, Sequence
from types import FunctionType

from .refused import refused_left_out

_USED_BY_TESTS = (
    "_strptime", "ast", "asyncio", "bisect", "calendar", "cmath", "collections", "colorsys",
    "contextlib", "copy", "csv", "dataclasses", "datetime", "decimal", "difflib", "dis", "doctest",
    "enum", "fractions", "functools", "glob", "hashlib", "heapq", "http", "inspect", "io",
    "itertools", "json", "logging", "math", "numpy.char", "numpy.ctypeslib", "numpy.fft",
    "numpy.ma", "numpy.polynomial", "numpy.random", "numpy.rec", "numpy.strings", "numpy.testing",
    "numpy.typing", "operator", "os", "pathlib", "pickle", "pprint", "queue", "random",
    "re", "shutil", "sqlite3", "statistics", "string", "subprocess", "sys", "tempfile", "textwrap",
    "threading", "time", "timeit", "tokenize", "traceback", "types", "typing", "unittest",
    "unittest._log", "unittest.async_case", "unittest.mock", "uuid", "warnings",
    "concurrent.futures", "multiprocessing.spawn", "IPython.utils.capture",
    "matplotlib.testing.decorators",
)  # fmt: skip
"""Modules that tests use: only one that is imported before student code runs can be protected."""


_ENCODINGS = (
    *("ascii", "latin_1", "iso8859_15", "cp1252", "cp437", "utf_7", "utf_8_sig", "utf_16"),
    *("utf_16_le", "utf_16_be", "utf_32", "idna", "punycode", "unicode_escape", "rot13", "hex"),
    *("base64", "zlib"),
)


def preload(imports: Sequence[str]) -> None:
    """Import `imports` and all of stridewise, and make the first calls that are slow."""
    for name in (*imports, *_USED_BY_TESTS, *_modules_of("stridewise")):
        with contextlib.suppress(ImportError), refused_left_out():
            importlib.import_module(name)
    for do in (_draw_a_network, _draw_the_digits, _draw_a_figure):
        with contextlib.suppress(ImportError):
            do()
    if "tensorflow" in sys.modules:
        with contextlib.suppress(Exception):  # another version may have other names for it
            look_up_operations()
    for name in _ENCODINGS:  # Python keeps what was found at the first use
        codecs.lookup(name)
    make_first_calls()


def import_what_is_installed(names: Sequence[str]) -> None:
    """Import modules before student code does, so that they can be protected from it.

    The working folder is on no path yet. What cannot be imported is left to the cell that wants it.
    """
    for name in names:
        if name not in sys.modules:
            with contextlib.suppress(Exception), warnings.catch_warnings(), refused_left_out():
                warnings.simplefilter("ignore")
                importlib.import_module(name)
    make_first_calls()


def make_first_calls() -> None:
    """Have libraries replace now what they replace in themselves at the first use.

    No library may do so under student code: it would look like tampering.
    """
    compile_lazy_functions()
    fill_tables()
    if "pydoc" in sys.modules:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(Exception):
            sys.modules["pydoc"].pager("")  # it chooses how `help()` shows its text
    if "tensorflow" in sys.modules:
        with contextlib.suppress(Exception):
            importlib.import_module("tensorflow.keras")  # until then, `tf.keras` is a placeholder


def fill_tables() -> None:
    """Have libraries fill now what they fill at the first use: then its change is noticed."""
    if "numpy" in sys.modules:  # its code in C keeps these functions of Python at their first use
        one = sys.modules["numpy"].ones(1)
        for name in ("all", "any", "max", "mean", "min", "prod", "std", "sum", "var"):
            getattr(one, name)()
        _ = one.clip(0, 1), str(one), repr(one), one.dumps()
    for each in "efdgFDG" if "numpy" in sys.modules else "":
        sys.modules["numpy"].finfo(each)
    if "mimetypes" in sys.modules and not sys.modules["mimetypes"].inited:
        sys.modules["mimetypes"].init()
    if "concurrent.futures" in sys.modules:
        futures = sys.modules["concurrent.futures"]
        _ = futures.ThreadPoolExecutor, futures.ProcessPoolExecutor


def compile_lazy_functions() -> None:
    """Let networkx compile its decorated functions now.

    At the first call it would replace their code, which no library may do under student code.
    """
    library = sys.modules.get("networkx.utils.decorators")
    if library is None:
        return
    for found in gc.get_objects():
        if type(found) is FunctionType and "__argmap__" in vars(found):
            code = found.__code__
            if (code.co_filename, code.co_name) == (library.__file__, "func"):
                with contextlib.suppress(Exception):  # another version may do it in another way
                    library.argmap._lazy_compile(found)  # noqa: SLF001 - it has no public name


def _modules_of(package: str) -> Iterator[str]:
    """Yield the names of all modules of a package."""
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


def look_up_operations() -> None:
    """Have TensorFlow look through its lists of operations and of kernels now.

    It copies the first one when it first meets a name that is not in it, as each notebook with a
    model has it do.
    """
    of_tensorflow = "tensorflow.python.framework"
    importlib.import_module(f"{of_tensorflow}.op_def_registry").get("no operation")
    importlib.import_module(f"{of_tensorflow}.kernels").get_registered_kernels_for_op("MatMul")
