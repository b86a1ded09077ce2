"""The worker process: it marks the submissions that it receives, without the gradebook."""

from __future__ import annotations

import gc
from collections.abc import Mapping
from contextlib import ExitStack
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

from autograder.marking.runs import Runs
from autograder.marking.submission import Graded, Job, grade_submission
from autograder.notebooks.master import Template

if TYPE_CHECKING:
    from autograder.running import ForkClients


def serve(
    connection: Connection,
    masters: Mapping[str, Template],
    sandbox: bool,
    clients: ForkClients,
    cell_seconds: float,
) -> None:
    """Mark each submission received on the connection, until it is closed."""
    # Reading makes many small objects that no cycle holds: looking for cycles among them, and in
    # all that was imported, took a tenth of the time.
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    with ExitStack() as stack:
        runner = LazyRunner(stack, sandbox=sandbox, clients=clients, cell_seconds=cell_seconds)
        while True:
            job: Job = connection.recv()
            connection.send(_graded(job, masters, runner))


def _graded(job: Job, masters: Mapping[str, Template], runner: LazyRunner) -> Graded:
    try:
        return grade_submission(job, masters, runner)
    except Exception as error:  # noqa: BLE001 - one student never stops the class
        return Graded(job.student, "failed", reason=f"{type(error).__name__}: {error}")


class LazyRunner:
    """Starts what runs students' code on first use: most classes never need it.

    Without `clients` it starts fork servers of its own.
    """

    def __init__(
        self,
        stack: ExitStack,
        *,
        sandbox: bool,
        clients: ForkClients | None = None,
        cell_seconds: float = 30,
    ) -> None:
        self._cell_seconds = cell_seconds
        self._stack, self._sandbox, self._clients = stack, sandbox, clients
        self._runs: Runs | str | None = None

    def __call__(self) -> Runs | str:
        """Return what runs cells, or a text that says why nothing can be run here."""
        if self._runs is None:
            self._runs = self._start()
        return self._runs

    def _start(self) -> Runs | str:
        from autograder.running import Limits, Runner, runs_here, sandbox_available

        nowhere = runs_here()
        if nowhere is not None:
            return f"students' code cannot be run here: {nowhere}"
        missing = sandbox_available() if self._sandbox else None
        if missing is not None:
            return (
                f"running it is not safe here: {missing} (`--no-sandbox` runs it without a sandbox)"
            )
        limits = Limits.for_cells(self._cell_seconds)
        made = Runner(sandbox=self._sandbox, clients=self._clients, limits=limits)
        runs: Runs = self._stack.enter_context(made)
        return runs
