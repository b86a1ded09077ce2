"""The interface of what runs a student's cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from autograder.records import Answers, BesideTest, Noticed, Submission, TestResult


class Runs(Protocol):
    """Runs a student's cells where reading them is not enough."""

    def answers(
        self, submission: Submission, names: frozenset[str], *, noticed: Noticed
    ) -> AbstractContextManager[Answers]:
        """Run the cells and give the answers; functions among them work until the context ends.

        `noticed` takes the cells that stopped with an error, and whether the network was asked for.
        """

    def outputs(self, submission: Submission) -> Mapping[int, Sequence[Any]]:
        """Run all cells, and give by place what each shows, as a notebook's file holds it."""

    def tests(
        self, submission: Submission, tests: Sequence[BesideTest], *, noticed: Noticed
    ) -> Mapping[str, TestResult]:
        """Run the cells, then these tests beside them; return the results by grade_id.

        `noticed` as for `answers`.
        """
