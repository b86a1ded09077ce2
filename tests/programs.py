"""Small random programs in the language that reading knows, and what Python makes of them."""

from __future__ import annotations

import contextlib
import itertools
import sys
import warnings
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

from hypothesis import strategies as st

from autograder.records import Submission, SubmittedCell

NAMES = "abcde"
_MOST_STEPS = 5_000
_LONGEST = 5_000
_LITERALS = [
    "0",
    "1",
    "2",
    "-3",
    "7",
    "26",
    "2.5",
    "True",
    "False",
    "None",
    "...",
    "'same'",
    "''",
    "'\uff12\uff16'",
]
_BINARY = ["+", "-", "*", "/", "//", "%", "<<", ">>", "&", "|", "^"]
_COMPARE = ["==", "!=", "<", "<=", ">", ">=", "in", "not in"]
_CALLS = [
    "abs",
    "bool",
    "float",
    "int",
    "len",
    "list",
    "max",
    "min",
    "round",
    "sorted",
    "str",
    "sum",
    "tuple",
]
_METHODS = [
    ".index(2)",
    ".count(1)",
    ".copy()",
    ".lower()",
    ".strip()",
    ".is_integer()",
    ".bit_length()",
]
_CHANGES = [
    ".append(1)",
    ".extend([2, 3])",
    ".pop()",
    ".reverse()",
    ".sort()",
    ".insert(0, 5)",
    ".clear()",
]


def _expressions() -> st.SearchStrategy[str]:
    leaf = st.sampled_from(
        [*_LITERALS, *NAMES, "x", "f(2)", "f(a)", "\uff42", "range(3)", "missing"]
    )

    def larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        def joined(form: str, *parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
            return st.tuples(*parts).map(lambda values: form.format(*values))

        return st.one_of(
            joined("({} {} {})", inner, st.sampled_from(_BINARY), inner),
            joined("({} {} {})", inner, st.sampled_from(_COMPARE), inner),
            joined("({} ** {})", inner, st.sampled_from(["0", "1", "2"])),
            joined("(-{})", inner),
            joined("(not {})", inner),
            joined("({} and {})", inner, inner),
            joined("({} or {})", inner, inner),
            joined("({} if {} else {})", inner, inner, inner),
            joined("[{}, {}]", inner, inner),
            joined("({}, {})", inner, inner),
            joined("{{1: {}, 'k': {}}}", inner, inner),
            joined("{}[{}]", inner, inner),
            joined("{}[{}:{}]", inner, inner, inner),
            joined("{}({})", st.sampled_from(_CALLS), inner),
            joined("({}){}", inner, st.sampled_from(_METHODS)),
            joined("[{} for x in {} if {}]", inner, inner, inner),
            joined("sum(x for x in {})", inner),
            joined("f'{{{}}} px'", st.sampled_from(NAMES)),
            joined("list(zip({}, {}))", inner, inner),
            joined("{} < {} <= {}", inner, inner, inner),
        )

    return st.recursive(leaf, larger, max_leaves=8)


def _indented(lines: list[str]) -> list[str]:
    return [f"    {line}" for line in lines]


def _statements(depth: int = 2) -> st.SearchStrategy[list[str]]:
    name, value = st.sampled_from(NAMES), _expressions()
    simple = st.one_of(
        st.tuples(name, value).map(lambda v: [f"{v[0]} = {v[1]}"]),
        st.tuples(name, st.sampled_from("+-*"), value).map(lambda v: [f"{v[0]} {v[1]}= {v[2]}"]),
        st.tuples(name, name, value, value).map(lambda v: [f"{v[0]}, {v[1]} = {v[2]}, {v[3]}"]),
        st.tuples(name, value, value).map(lambda v: [f"{v[0]}[{v[1]}] = {v[2]}"]),
        st.tuples(name, st.sampled_from(_CHANGES)).map(lambda v: [f"{v[0]}{v[1]}"]),
        st.tuples(name, name).map(lambda v: [f"{v[0]} = {v[1]}"]),
        st.tuples(value).map(lambda v: [f"print({v[0]})"]),
        st.tuples(value).map(lambda v: [f"assert {v[0]}"]),
    )
    if depth == 0:
        return simple
    block = st.lists(_statements(depth - 1), min_size=1, max_size=2).map(
        lambda parts: _indented([line for part in parts for line in part])
    )
    return st.one_of(
        simple,
        simple,
        st.tuples(value, block, block).map(lambda v: [f"if {v[0]}:", *v[1], "else:", *v[2]]),
        st.tuples(value, block).map(lambda v: [f"for x in {v[0]}:", *v[1]]),
        st.tuples(value, block).map(lambda v: ["while a:", *v[1], "    break"]),
    )


def _function() -> st.SearchStrategy[list[str]]:
    body = st.lists(_statements(1), max_size=2).map(
        lambda parts: [line for part in parts for line in part]
    )
    return st.tuples(body, _expressions()).map(
        lambda v: ["def f(x, b=2, *, c='same'):", *_indented([*v[0], f"return {v[1]}"])]
    )


def cells() -> st.SearchStrategy[list[str]]:
    """Give the cells of a small notebook, the first of which sets every name."""
    start = "a = 3\nb = [1, 2]\nc = 'same'\nd = (4, [5])\ne = {1: 2}"
    statement = st.one_of(_statements(), _statements(), _function())
    cell = st.lists(statement, min_size=1, max_size=3).map(
        lambda parts: "\n".join(line for part in parts for line in part)
    )
    first = _function().map(lambda lines: "\n".join([start, *lines]))
    return st.tuples(first, st.lists(cell, min_size=1, max_size=4)).map(lambda v: [v[0], *v[1]])


def submission(*sources: str, trusted: tuple[int, ...] = ()) -> Submission:
    """Make a submission of code cells."""
    made = (
        SubmittedCell("", "code", source, index in trusted) for index, source in enumerate(sources)
    )
    return Submission("ada", "tiny", "1_tiny", tuple(made))


class Endless(BaseException):
    """A program that would not end by itself, or not before memory does."""


@contextlib.contextmanager
def bounded() -> Iterator[None]:
    """End a program of many steps, or one that makes a long list: `for x in b: b += b`.

    Raises:
        Endless: for such a program.
    """
    before = sys.gettrace()
    sys.settrace(_bounded())
    try:
        yield
    finally:
        sys.settrace(before)


def run_by_python(sources: list[str]) -> dict[str, Any]:
    """Run the cells as a notebook does: each to its end, or to its first error.

    Raises:
        Endless: as `bounded` does.
    """
    names: dict[str, Any] = {"print": lambda *_: None}
    with bounded():
        for source in sources:
            with contextlib.suppress(Exception), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                exec(compile(source, "<cell>", "exec"), names)  # noqa: S102 - a program made above
    return names


def _bounded() -> Callable[[FrameType, str, Any], Any]:
    """Give a trace function that ends a program which takes too many steps or makes a long list."""
    steps = itertools.count()

    def trace(frame: FrameType, _event: str, _argument: Any) -> Any:
        values = [*frame.f_globals.values(), *frame.f_locals.values()]
        if next(steps) > _MOST_STEPS or any(
            isinstance(value, list) and len(value) > _LONGEST for value in values
        ):
            raise Endless
        return trace

    return trace
