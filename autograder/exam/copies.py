"""The copies of answers that a hidden test gets, and recording what the test does with them.

A copy gives the same mark as the student's own value, unless the test changes it, uses more of a
function than its result, or depends on printed text or warnings. `Watch` records this. Then the
test has to run beside the student's own objects to give stock nbgrader's mark.
"""

from __future__ import annotations

import copy
import warnings
from collections.abc import Iterable, Mapping
from typing import Any

from autograder.exam.exact_text import exact_text
from autograder.exam.keras_views import view
from autograder.exam.plan import Plan
from autograder.records import Answer, KerasObject, StudentFunction, Unavailable
from autograder.running.protocol import functions_in

_CHANGEABLE = frozenset({list, tuple, dict, set, bytearray})


def doubt_about_answers(plan: Plan, given: Mapping[str, Answer]) -> str:
    """Return why a test's mark on these answers would not be certain, or ""."""
    for name, value in given.items():
        if isinstance(value, Unavailable):
            if value.cannot_cross:
                return value.reason
            continue
        if _holds_keras(value):
            return f"{name} holds a model or a layer"
        for function in functions_in(value):
            if function.doubt:
                return f"{function.name}(): {function.doubt}"
            if function.uses & plan.stores:
                return f"{function.name}() uses {min(function.uses & plan.stores)}"
    return ""


def _holds_keras(value: Any) -> bool:
    if type(value) in (list, tuple):
        return any(map(_holds_keras, value))
    if type(value) is dict:
        return any(map(_holds_keras, value.values()))
    return isinstance(value, KerasObject)


class Watch:
    """Records what makes a mark uncertain; `doubt` is the first such thing, in words."""

    def __init__(self, answers: Iterable[Answer]) -> None:
        self.doubts: list[str] = []
        self._errors: list[BaseException] = []
        self._functions = [each for answer in answers for each in functions_in(answer)]
        self._known = [len(function.doubts) for function in self._functions]
        self.warned: list[warnings.WarningMessage] = []
        self.wrote_errors = False

    @property
    def doubt(self) -> str:
        """The first thing recorded, or ""."""
        found = [*self._of_functions(), *self.doubts]
        if self.wrote_errors or self.warned:
            found.append("it shows a warning, for which stock nbgrader gives no points")
        return found[0] if found else ""

    def _of_functions(self) -> list[str]:
        pairs = zip(self._functions, self._known, strict=True)
        return [f"{f.name}(): {doubt}" for f, known in pairs for doubt in f.doubts[known:]]

    def could_not_follow(self) -> list[str]:
        """Return the calls that could not be evaluated to their end."""
        return [doubt for doubt in self._of_functions() if NOT_FOLLOWED in doubt]

    def look_at(self, handed: Mapping[str, Any]) -> str:
        """Record the answers that can be changed, before the test gets them."""
        return exact_text([each for each in handed.values() if _can_change(each)])

    def compare(self, before: str, handed: Mapping[str, Any]) -> None:
        """Record whether the test changed an answer."""
        if self.look_at(handed) != before:
            self.doubts.append("it changes an answer")

    def failed_in_call(self, error: BaseException) -> None:
        """Record an error that a student's function raised."""
        self._errors.append(error)

    def doubt_about(self, error: BaseException) -> str:
        """Return why a test with this error may end differently elsewhere; "" for an assert."""
        from_student = any(error is each for each in self._errors)
        if from_student and type(error) is NotImplementedError:
            return ""  # as it was released
        if isinstance(error, AssertionError) and not from_student:
            return ""
        return f"it stopped with {type(error).__name__}"


NOT_FOLLOWED = "could not be followed"


def for_test(value: Answer, watch: Watch) -> Any:
    """Return a new copy of an answer in the form that tests expect."""
    if isinstance(value, KerasObject):
        return view(value)
    if isinstance(value, StudentFunction):
        return called(value, watch)
    if type(value) is list:
        return [for_test(item, watch) for item in value]
    if type(value) is tuple:
        return tuple(for_test(item, watch) for item in value)
    if type(value) is dict:
        return {for_test(key, watch): for_test(item, watch) for key, item in value.items()}
    return copy.deepcopy(value) if _can_change(value) else value


def _can_change(value: Any) -> bool:
    """Return whether a value, or a part of it, can be changed."""
    return type(value) in _CHANGEABLE or type(value).__name__ == "ndarray"


def called(function: StudentFunction, watch: Watch) -> Any:
    """Return a callable for the student's function; `watch` records all uses but calls."""

    class _Called:
        def __call__(self, *args: Any, **kwargs: Any) -> Any:
            try:
                return for_test(function.call(*args, **kwargs), watch)
            except BaseException as error:
                watch.failed_in_call(error)
                raise

        def __getattribute__(self, name: str) -> Any:
            watch.doubts.append(f"it looks at {function.name}.{name}")
            if name in ("__name__", "__qualname__"):
                return function.name
            return object.__getattribute__(self, name)

        def __repr__(self) -> str:
            watch.doubts.append(f"it shows {function.name}")
            return f"<function {function.name}>"

        def __eq__(self, other: object) -> bool:
            watch.doubts.append(f"it compares {function.name}")
            return self is other

        def __hash__(self) -> int:
            watch.doubts.append(f"it looks up {function.name}")
            return id(self)

    return _Called()
