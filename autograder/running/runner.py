"""Running submissions in the sandbox, to get the answers that could not be read."""

from __future__ import annotations

import base64
import contextlib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Self

from autograder.reading.lookups import lookup_points
from autograder.records import (
    Answer,
    BesideTest,
    Noticed,
    StudentFunction,
    Submission,
    TestResult,
    Unavailable,
)
from autograder.running.beside_runs import run_tests
from autograder.running.fork_client import ForkClient, ForkClients, ForkServerLost
from autograder.running.fork_server import ForkServers
from autograder.running.limits import Limits
from autograder.running.sandbox import runs_here, sandbox_available
from autograder.running.session import Session

_MOST_DEATHS = 3  # cells that end their process, in one notebook
_MOST_LOST = 2  # fork servers
_NO_RESULT = "the notebook ended its process too often, or took too long as a whole"
_NEEDS_KERAS = re.compile(r"keras|tensorflow|load_mnist")


class Runner:
    """Runs submissions, each in its own process, confined and with limits.

    Processes are started on first use. With `sandbox=False`, only the limits apply: student code
    can read what this user can read.

    Use it as a context manager, which ends its processes.

    Args:
        sandbox: Run student code only in the sandbox.
        limits: The limits of running one submission.
        clients: Clients of fork servers with the same limits; it starts its own where None.
    """

    def __init__(
        self,
        *,
        sandbox: bool = True,
        limits: Limits = Limits(),  # noqa: B008
        clients: ForkClients | None = None,
    ) -> None:
        self._sandbox = sandbox
        self._limits = limits
        self._own = contextlib.ExitStack()
        self._clients = clients or self._own.enter_context(self._fork_servers()).clients

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the processes that it has started."""
        self._own.close()

    def _fork_servers(self) -> ForkServers:
        return ForkServers(sandbox=self._sandbox, limits=self._limits)

    @contextlib.contextmanager
    def answers(
        self,
        submission: Submission,
        names: frozenset[str],
        files: Mapping[str, bytes] = {},
        noticed: Noticed | None = None,
    ) -> Iterator[Mapping[str, Answer]]:
        """Run a submission and yield its answers; functions among them work inside the block.

        A missing answer is `Unavailable`, with the reason in words.

        Args:
            submission: The student's notebook.
            names: The answers to return, each as the text of a `Wanted`.
            files: The files of the working folder, by relative path.
            noticed: What is noticed on the way is added to it.

        Raises:
            ValueError: When a file is outside the folder, or they are too large together.
        """
        written = self._written(files)
        why_not = sandbox_available() if self._sandbox else runs_here()
        if why_not is not None:
            yield dict.fromkeys(names, _not_run(why_not))
            return
        with contextlib.ExitStack() as stack:
            try:
                answers = self._run(submission, names, stack, written, noticed or Noticed())
            except ForkServerLost as problem:
                answers = dict.fromkeys(names, _not_run(str(problem)))
            yield answers

    def tests(
        self,
        submission: Submission,
        tests: Sequence[BesideTest],
        files: Mapping[str, bytes] = {},
        noticed: Noticed | None = None,
    ) -> Mapping[str, TestResult]:
        """Run tests beside the student's cells; return each test's result by its grade_id.

        The cells run in order. At each test, the process forks; the test is sent to the fork after
        the cells have ended. Where a library's threads prevent a fork, the cells before the test
        are run again, and then the test.

        Args:
            submission: The student's notebook.
            tests: The tests, each with its place in the notebook.
            files: The files of the working folder, by relative path.
            noticed: What is noticed on the way is added to it.

        Raises:
            ValueError: When a file is outside the folder, or they are too large together.
        """
        written = self._written(files)
        why_not = sandbox_available() if self._sandbox else runs_here()
        results: dict[str, TestResult] = {}
        if why_not is None:
            try:
                client = self._client_for(submission)
                results = run_tests(
                    client, self._limits, submission, tests, written, noticed or Noticed()
                )
            except ForkServerLost as problem:
                why_not = str(problem)
        why = f"The test has to be run, which was not possible: {why_not or _NO_RESULT}"
        lost = {
            test.grade_id: TestResult(test.grade_id, "not_run", message=why, flagged=True)
            for test in tests
        }
        return lost | results

    def outputs(
        self, submission: Submission, files: Mapping[str, bytes] = {}
    ) -> Mapping[int, Sequence[Any]]:
        """Run all cells once more, and give by place what each shows, as a notebook's file has it.

        It is hostile data. Where nothing can be run, or the run ends early, cells are missing.

        Args:
            submission: The student's notebook.
            files: The files of the working folder, by relative path.

        Raises:
            ValueError: When a file is outside the folder, or they are too large together.
        """
        written = self._written(files)
        if (sandbox_available() if self._sandbox else runs_here()) is not None:
            return {}
        try:
            with self._client_for(submission).fork() as fork:
                return Session(fork.line, self._limits).show(submission.cells, written)
        except ForkServerLost:
            return {}

    def _written(self, files: Mapping[str, bytes]) -> dict[str, str]:
        """Return the files in base64, by relative path.

        Raises:
            ValueError: As `answers` and `tests` do.
        """
        outside = [name for name in files if name.startswith("/") or ".." in name.split("/")]
        if outside:
            raise ValueError(f"a file of the assignment is outside its folder: {outside[0]}")
        most = self._limits.home_size // 2
        if sum(map(len, files.values())) > most or max(map(len, files.values()), default=0) > (
            self._limits.file_size
        ):
            raise ValueError(f"the files of the assignment are larger than {most:,} bytes together")
        return {name: base64.b64encode(data).decode() for name, data in files.items()}

    def _run(
        self,
        submission: Submission,
        names: frozenset[str],
        stack: contextlib.ExitStack,
        files: Mapping[str, str],
        noticed: Noticed,
    ) -> dict[str, Answer]:
        """Run a submission in a fork that ends with `stack`.

        Run it again where the fork server was lost, and without a cell that ended the process or
        used too much memory, so that such a cell affects no other answer.

        Raises:
            ForkServerLost: When there is nothing to run it in.
        """
        due = lookup_points(submission.cells, names)
        had: dict[str, Answer] = {}
        left_out: dict[int, str] = {}
        lost = 0
        while True:
            fork = stack.enter_context(self._client_for(submission).fork())
            session = Session(fork.line, self._limits)
            left = {wanted: places for wanted, places in due.items() if wanted not in had}
            answers = session.run(submission.cells, left, files, left_out, noticed)
            if session.ended_early and fork.lost_its_parent():
                lost += 1
                if lost == _MOST_LOST:
                    raise ForkServerLost("the fork server ended twice while it ran")
            elif session.fatal is None or session.out_of_time or len(left_out) == _MOST_DEATHS:
                return had | answers
            else:
                had |= {name: value for name, value in answers.items() if _outlives(value)}
                left_out[session.fatal[0]] = session.fatal[1]

    def _client_for(self, submission: Submission) -> ForkClient:
        """Return the client of the fork server with Keras where a cell mentions Keras."""
        heavy = any(_NEEDS_KERAS.search(cell.source) for cell in submission.cells)
        return self._clients.heavy if heavy else self._clients.light


def _not_run(why: str) -> Unavailable:
    return Unavailable(f"It has to be run, which was not possible: {why}", flagged=True)


def _outlives(value: Answer) -> bool:
    """Return whether an answer is usable after its process has ended; a function is not."""
    if isinstance(value, (StudentFunction, Unavailable)):
        return False
    if isinstance(value, dict):
        return all(_outlives(each) for pair in value.items() for each in pair)
    if isinstance(value, (list, tuple)):
        return all(map(_outlives, value))
    return True
