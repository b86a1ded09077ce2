"""Values that a hidden test gives to names, for a later hidden test that looks them up.

Under stock nbgrader all tests run in one kernel. Here each runs in a fork of its own, so the values
are read where the earlier test ran, and are given to the later one as Python's literals.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator, Mapping

from autograder.records import BesideTest, TestResult

_BETWEEN = "\0"  # no grade_id has it
_QUESTION = (
    "(lambda plain: repr({name}) if plain(plain, {name}, []) else '')(lambda again, it, seen:"
    " it is None or type(it) in (bool, int, float, complex, str, bytes)"
    " or type(it) in {kinds} and (type(it) is tuple or id(it) not in seen)"
    " and not seen.append(id(it)) and all(again(again, each, seen) for each in it)"
    " and (type(it) is not dict or all(again(again, each, seen) for each in it.values())))"
)
"""Asks for the text of a value that is the same when it is made again from its text.

One that holds a list twice would not be.
"""


def with_questions(tests: Iterable[BesideTest]) -> list[BesideTest]:
    """Return the tests, and for each value that one saves for a later one a question.

    A question is run after the earlier test, in its process. Where that test is not among `tests`,
    its cell is run for the first question.
    """
    tests = list(tests)
    ran = {test.grade_id for test in tests}
    return [*tests, *_questions(tests, ran)]


def _questions(tests: Iterable[BesideTest], ran: set[str]) -> Iterator[BesideTest]:
    asked: set[str] = set()
    for test in tests:
        for saved in test.saved:
            for name in saved.names:
                key = _key(saved.test, name)
                if key not in asked:
                    before = "" if saved.test in ran else f"{saved.source}\n"
                    kinds = "(tuple,)" if _is_alias(saved.line) else "(list, tuple, set, dict)"
                    question = before + _QUESTION.format(name=name, kinds=kinds)
                    yield BesideTest(key, saved.cell, question, answers=test.answers, again="never")
                asked.add(key)
                ran.add(saved.test)


def _is_alias(line: str) -> bool:
    """Tell whether a line gives another name to an object, which a later cell may change.

    >>> _is_alias("before = items"), _is_alias("before = len(items)")
    (True, False)
    """
    (node,) = ast.parse(line).body
    return isinstance(getattr(node, "value", None), (ast.Attribute, ast.Name, ast.Subscript))


def set_up_of(
    test: BesideTest, results: Mapping[str, TestResult], ran: Collection[BesideTest] = ()
) -> list[str]:
    r"""Return the lines to run before a test; saved values are in the place of the lines.

    A line is left out where it has run in the same process, in one of the tests `ran` or before it.
    A line that depends on an answer is left out, too, where the earlier test stopped before it.

    >>> from autograder.records import Saved
    >>> test = BesideTest("b", 3, "", ("n = f()",), saved=(Saved("n = f()", ("n",), "a", 1, ""),))
    >>> set_up_of(test, {"a\0n": TestResult("a\0n", "passed", text="'5'")})
    ['n = 5']
    >>> set_up_of(test, {"a\0n": TestResult("a\0n", "passed", text="''")})
    ['n = f()']
    """
    instead: dict[str, str] = {}
    for saved in test.saved:
        found = [_literal(results.get(_key(saved.test, name))) for name in saved.names]
        if all(found):
            pairs = zip(saved.names, found, strict=True)
            instead[saved.line] = "\n".join(f"{name} = {text}" for name, text in pairs)
    dependent = {saved.line for saved in test.saved}
    origins = test.origins or (("", 0),) * len(test.set_up)
    done = frozenset().union(*(_set_up_before(each, results) for each in ran))
    own = {each.grade_id for each in ran}
    lines = []
    for line, (origin, number) in zip(test.set_up, origins, strict=True):
        earlier = results.get(origin)
        again = (origin, number) in done or (origin in own and _has_reached(earlier, number))
        stopped = line in dependent and _has_stopped(earlier, number) and line not in instead
        if not again and not stopped:
            lines.append(instead.get(line, line))
    return lines


def _set_up_before(
    test: BesideTest, results: Mapping[str, TestResult]
) -> frozenset[tuple[str, int]]:
    """Return the origins of the lines that have run before a test; none where one has failed."""
    result = results.get(test.grade_id)
    has_begun = result is not None and (result.ended == "passed" or result.line > 0)
    return frozenset(test.origins) if has_begun else frozenset()


def _has_reached(result: TestResult | None, number: int) -> bool:
    """Return whether a test has run its line of this number, or has stopped in it."""
    return result is not None and (result.ended == "passed" or number <= result.line)


def _has_stopped(result: TestResult | None, number: int) -> bool:
    """Return whether a test has stopped before it ran its line of this number, or in it."""
    return result is not None and result.ended == "raised" and 0 < result.line <= number


def of_tests(results: Mapping[str, TestResult]) -> dict[str, TestResult]:
    """Return the results without those of the questions."""
    return {name: result for name, result in results.items() if _BETWEEN not in name}


def _key(test: str, name: str) -> str:
    return f"{test}{_BETWEEN}{name}"


def _literal(result: TestResult | None) -> str:
    """Return a value's text, where it is a literal; else ""."""
    if result is None or result.ended != "passed":
        return ""
    try:
        text = ast.literal_eval(result.text)
        ast.literal_eval(text)
    except (SyntaxError, TypeError, ValueError, RecursionError, MemoryError):
        return ""
    return str(text)
