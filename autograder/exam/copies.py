"""Answers as a hidden test gets them: copies, and a watch on what the test does with them.

A copy is as good as the student's own value until the test changes it, asks a function for more
than its result, or is shown something. The watch notices that, for then only a test that runs where
the student's own objects live gives the mark that stock nbgrader would give.
"""

from __future__ import annotations

import copy
import json
import warnings
from collections.abc import Iterable, Mapping
from typing import Any

from autograder.exam.keras_views import view
from autograder.exam.plan import Plan
from autograder.records import Answer, KerasObject, StudentFunction, Unavailable
from autograder.running.inside.encoding import Encoder
from autograder.running.protocol import functions_in

_CHANGEABLE = frozenset({list, tuple, dict, set, bytearray})


def fingerprint(value: Any) -> str:
    """Return a text that is the same for the same values only.

    >>> fingerprint([1, 2.0]) == fingerprint([1, 2])
    False
    """
    text = repr(value)
    # NumPy leaves out most of a long array, and its memory order.
    return json.dumps(Encoder().encode(value)) if "array(" in text else text


def doubt_about_answers(plan: Plan, given: Mapping[str, Answer]) -> str:
    """Say why a test cannot be marked for certain on these answers; "" where it can."""
    for name, value in given.items():
        if isinstance(value, Unavailable):
            if value.live:
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
    """Notices what makes a mark uncertain; `doubt` is the first such thing, in words."""

    def __init__(self, answers: Iterable[Answer]) -> None:
        self.doubts: list[str] = []
        self._errors: list[BaseException] = []
        self._functions = [each for answer in answers for each in functions_in(answer)]
        self._known = [len(function.doubts) for function in self._functions]
        self.warned: list[warnings.WarningMessage] = []
        self.wrote_errors = False

    @property
    def doubt(self) -> str:
        """The first thing noticed; "" where there is none."""
        found = [*self._of_functions(), *self.doubts]
        if self.wrote_errors or self.warned:
            found.append("it shows a warning, for which stock nbgrader takes all points")
        return found[0] if found else ""

    def _of_functions(self) -> list[str]:
        pairs = zip(self._functions, self._known, strict=True)
        return [f"{f.name}(): {doubt}" for f, known in pairs for doubt in f.doubts[known:]]

    def could_not_follow(self) -> list[str]:
        """Say which calls came to nothing that Python would have come to."""
        return [doubt for doubt in self._of_functions() if NOT_FOLLOWED in doubt]

    def look_at(self, handed: Mapping[str, Any]) -> str:
        """Remember the answers that can be changed, before the test has them."""
        return fingerprint([each for each in handed.values() if _can_change(each)])

    def compare(self, before: str, handed: Mapping[str, Any]) -> None:
        """Note whether the test changed an answer."""
        if self.look_at(handed) != before:
            self.doubts.append("it changes an answer")

    def failed_in_call(self, error: BaseException) -> None:
        """Note an error that a student's function raised."""
        self._errors.append(error)

    def doubt_about(self, error: BaseException) -> str:
        """Say why a test that ended so may end otherwise elsewhere; "" for its own assertion."""
        from_student = any(error is each for each in self._errors)
        if from_student and type(error) is NotImplementedError:
            return ""  # as it was released
        if isinstance(error, AssertionError) and not from_student:
            return ""
        return f"it stopped with {type(error).__name__}"


NOT_FOLLOWED = "could not be followed"


def for_test(value: Answer, watch: Watch) -> Any:
    """Return a fresh copy of an answer in the shape that tests expect."""
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
    """Tell whether a test may change a value, or something that it holds."""
    return type(value) in _CHANGEABLE or type(value).__name__ == "ndarray"


def called(function: StudentFunction, watch: Watch) -> Any:
    """Return what tests call like the student's function; asked for more, it tells the watch."""

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
